"""What all interactive tools share: controls, one picture, a line for messages."""

from __future__ import annotations

import html
import threading
from contextlib import contextmanager

import ipywidgets
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from gan_lib import checks, device, figures

WIDGET = "application/vnd.jupyter.widget-view+json"
# A saved notebook holds no living tools: JupyterLab shows an error in the place of each. This
# hides that place, an output without a tool that stands before a still picture.
NO_ERROR = ("<style>.jp-OutputArea-child:not(:has(.gan-tool)):has("
            "+ .jp-OutputArea-child .gan-still) { display: none }</style>")


class Tool:
    """A picture that answers to controls. A subclass says in `picture` what is drawn.

    `picture()` returns an array (H, W, 3), uint8, or a matplotlib Figure; `alt()` says in one
    sentence what it shows. Both only read; what they need to have worked out first is written by
    `update()`. `box` is the widget; `show()` puts it under the cell, and so does the tool's name
    on the last line of a cell. With `beside`, the picture stands at the right of the controls.
    """

    words: ipywidgets.HTML | None = None  # shows `caption()`, in a tool that has one

    def __init__(self, controls: list[ipywidgets.Widget], beside: bool = False):
        # Without flex-start, the box would stretch the picture to the notebook's width.
        self.image = ipywidgets.Image(
            format="png", layout=ipywidgets.Layout(align_self="flex-start", max_width="100%"))
        self.image.add_class("gan-tool-picture")
        self.message = ipywidgets.HTML()
        parts = [*controls, self.image]
        if beside:
            parts = [ipywidgets.HBox([ipywidgets.VBox(controls), self.image],
                                     layout={"flex_flow": "row wrap"})]
        self.box = ipywidgets.VBox([*parts, self.message])
        self.box.add_class("gan-tool")
        self.still = f"gan-still-{self.box.model_id}"
        # Where the living tool is to be seen, its still picture is not.
        self.box.children += (ipywidgets.HTML(
            f"<style>.{self.still} {{ display: none }}</style>", layout={"display": "none"}),)
        self.busy = threading.Lock()  # held while an action changes what is to be seen
        self._lock = threading.Lock()  # held while it is drawn
        self._wanted = self._quiet = False

    def update(self) -> None:
        """Work out from the controls what `picture` and `alt` read."""

    def picture(self) -> np.ndarray | Figure:
        """Return what is to be seen now."""
        raise NotImplementedError

    def alt(self) -> str:
        """Return one sentence that says what is to be seen now."""
        raise NotImplementedError

    def caption(self) -> str:
        """Return the text beside the controls, in a tool that has `words`."""
        return self.alt()

    def watch(self, *controls: ipywidgets.Widget) -> None:
        """Redraw whenever one of the controls gets a new value."""
        for control in controls:
            control.observe(self.refresh, names="value")

    def refresh(self, *_) -> None:
        """Draw the newest state. Of several wishes that come during a drawing, one is met."""
        if self._quiet:
            return
        self._wanted = True
        while self._wanted and self._lock.acquire(blocking=False):
            try:
                self._wanted = False
                self._draw()
                self.say("")
            except Exception as error:  # as in `act`
                self.say(f"{type(error).__name__}: {error}")
            finally:
                self._lock.release()

    @contextmanager
    def quietly(self):
        """Inside the `with`, controls get values without a redrawing; at its end comes one."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
        self.refresh()

    def button(self, name: str, action) -> ipywidgets.Button:
        """Return a button that calls `action()` when it is pressed."""
        made = ipywidgets.Button(description=name, layout=ipywidgets.Layout(width="auto"))
        made.on_click(lambda _: self.act(action))
        return made

    def ticks(self, count: int, milliseconds: int, action) -> ipywidgets.Play:
        """Return a player whose `count` ticks call `action()` each; late ones are dropped."""
        def tick(change):
            # 0: it was set back. A tick that comes while another is at work is dropped: the
            # motion stays smooth.
            if change["new"] > 0 and not self.busy.locked():
                self.act(action)

        play = ipywidgets.Play(min=0, max=count, interval=milliseconds)
        play.observe(tick, names="value")
        return play

    def act(self, action) -> None:
        """Call `action()`; an error is shown under the picture, for a callback has no cell."""
        try:
            action()
        except Exception as error:
            self.say(f"{type(error).__name__}: {error}")

    def say(self, text: str) -> None:
        """Show a line of text under the picture."""
        self.message.value = f"<b>{html.escape(text)}</b>" if text else ""

    def array(self) -> np.ndarray:
        """Return the picture that is shown now: uint8 (H, W, 3)."""
        return figures.array_of_png(bytes(self.image.value))

    def show(self) -> None:
        """Draw, and put the tool under the cell, with a still picture as a second output.

        The still picture is what is seen wherever the tool does not live: in a notebook that is
        opened again, in exported files. Of two outputs each can be hidden; of two forms of one
        output, JupyterLab shows the widget, even if that is only an error.
        """
        self._draw()
        if get_ipython() is not None:  # else there is nothing that could show a widget
            view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
            display({WIDGET: view}, raw=True)
        data, metadata = figures.bundle_of_png(bytes(self.image.value), self.alt())
        data["text/html"] = (f'<div class="gan-still {self.still}">{NO_ERROR}'
                             f'{data["text/html"]}</div>')
        display(data, metadata=metadata, raw=True)

    def _ipython_display_(self) -> None:
        self.show()

    def _draw(self) -> None:
        self.update()
        self.image.value = self._png()
        if self.words is not None:
            self.words.value = html.escape(self.caption())

    def _png(self) -> bytes:
        with device.threads(1):
            picture = self.picture()
        if isinstance(picture, Figure):
            return figures.png_of_figure(picture)
        return figures.png_of_array(picture)


def slider(name: str, low: float, high: float, value: float, step: float = 0.01,
           width: str = "440px") -> ipywidgets.FloatSlider:
    """Return a slider of the course's width, that answers while it is dragged."""
    return ipywidgets.FloatSlider(
        value=value, min=low, max=high, step=step, description=name, continuous_update=True,
        style={"description_width": "110px"}, layout=ipywidgets.Layout(width=width))


def whole_slider(name: str, low: int, high: int, value: int,
                 width: str = "320px") -> ipywidgets.IntSlider:
    """Return a slider of whole numbers. Raises TypeError or ValueError for another `value`."""
    checks.whole_number(name, value, low, high)
    return ipywidgets.IntSlider(value=value, min=low, max=high, description=name,
                                layout=ipywidgets.Layout(width=width))


def player(name: str, last: int, milliseconds: int,
           ) -> tuple[ipywidgets.Play, ipywidgets.IntSlider]:
    """Return a player from 0 to `last` and a slider that goes with it, both ways."""
    play = ipywidgets.Play(min=0, max=last, interval=milliseconds)
    steps = whole_slider(name, 0, last, 0, width="360px")
    ipywidgets.link((play, "value"), (steps, "value"))
    return play, steps


def lay_out_once(figure: Figure) -> None:
    """Lay `figure` out as it is now, with its titles, and never again: drawing is faster."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
