"""An extension of JupyterLab's server: a slider's pictures reach the browser without a wait.

jupyter_server leaves Nagle's algorithm switched on: a small message stays in the server until the
browser has confirmed the one before, which takes up to 40 ms. While a slider is dragged that is
most of the time. This extension switches it off (TCP_NODELAY) on each connection of a kernel.

ipywidgets 8 also lets a kernel send back each value that a slider has sent, for other pages that
may show the same slider. The page that is open has to read it while it draws: this is switched
off, too, as in ipywidgets 7.

`make lab` loads this extension by an option of its command; see PROMPT_PICTURES in the Makefile.
It imports neither torch nor any other part of the course.
"""

import os

CONNECTION_CLASS = "kernel_websocket_connection_class"  # jupyter_server's name for it


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "gan_lib.widgets.lab_server"}]


def _load_jupyter_server_extension(server) -> None:
    """Let all connections of kernels, from now on, send without a wait, and kernels no echo."""
    os.environ.setdefault("JUPYTER_WIDGETS_ECHO", "0")  # the kernels inherit it
    settings = server.web_app.settings
    found = settings.get(CONNECTION_CLASS)
    if hasattr(found, "connect"):
        settings[CONNECTION_CLASS] = prompt(found)
    else:
        server.log.warning(f"This version of jupyter_server has no {CONNECTION_CLASS} with "
                           "connect(): sliders work, but their pictures come later.")


def prompt(connection: type) -> type:
    """Return a subclass of a kernel's connection that sends each message at once."""

    class PromptConnection(connection):
        def connect(self):
            try:
                self.websocket_handler.set_nodelay(True)
            except Exception as problem:  # a slower slider is better than no kernel
                self.log.warning("Sliders work, but their pictures come later: TCP_NODELAY "
                                 f"could not be set ({type(problem).__name__}: {problem}).")
            return super().connect()

    return PromptConnection
