"""What all interactive tools share: controls, a line for messages, one picture; their sizes."""

from __future__ import annotations

import functools
import html
import threading
from contextlib import contextmanager

import ipywidgets
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure
from PIL import Image, ImageDraw
from torch import Tensor, nn

from gan_lib import checks, device, figures
from gan_lib.widgets import page_part

WIDGET = "application/vnd.jupyter.widget-view+json"
# A saved notebook holds no living tools: JupyterLab shows an error in the place of each. This
# hides that place, an output without a tool that stands before a still picture.
NO_ERROR = ("<style>.jp-OutputArea-child:not(:has(.gan-tool)):has("
            "+ .jp-OutputArea-child .gan-still) { display: none }</style>")
# The controls' letters are as large as those in the pictures: to be read from a projector.
LETTERS = ("--jp-widgets-font-size: 18px; --jp-widgets-inline-height: 36px; "
           "--jp-widgets-inline-width-tiny: 90px")
STYLE = (f".gan-tool {{ {LETTERS} }} .gan-tool .widget-html-content "
         "{ font-size: 18px; line-height: 28px } "
         ".gan-tool td, .gan-tool th { padding: 2px 12px; text-align: center } "
         # Where the page knows no anywidget, the kernel's picture is enough: no error.
         ".gan-tool-picture ~ .jupyter-widgets:has(.jupyter-widgets-error-widget) "
         "{ display: none !important } "
         # The page's picture takes the place of the kernel's.
         ".gan-tool-alive .gan-tool-picture { display: none !important }")
LABEL, BUTTON, SLIDER = "150px", "175px", "520px"  # widths: every label finds room
# Pixels of the screen: the width of one picture among few, its frame, the strip with its name.
CARD, FRAME, TITLE = 256, 4, 32


class Tool:
    """A picture that answers to controls. A subclass says in `picture` what is drawn.

    Under the controls is the line of messages, under it the picture. A label of a control begins
    with a capital letter, unless it begins with a name from mathematics.

    `picture()` returns an array (H, W, 3), uint8, or a matplotlib Figure; `alt()` says in one
    sentence what it shows. Both only read; what they need to have worked out first is written by
    `update()`. `box` is the widget; `show()` puts it under the cell, and so does the tool's name
    on the last line of a cell. With `beside`, the picture stands at the right of the controls.
    """

    dense = False  # so many controls that they are narrower than in other tools

    def __init__(self, controls: list[ipywidgets.Widget], beside: bool = False):
        # Without flex-start, the box would stretch the picture to the notebook's width.
        self.image = ipywidgets.Image(
            format="png", layout=ipywidgets.Layout(align_self="flex-start", max_width="100%"))
        self.image.add_class("gan-tool-picture")
        # There is room for a message before it comes, so that the picture does not jump.
        self.message = ipywidgets.HTML(layout={"min_height": "36px"})
        parts = [*controls, self.message]
        if beside:
            self._around = row(ipywidgets.VBox(parts, layout={"width": "580px"}), self.image)
            self.box = ipywidgets.VBox([self._around])
        else:
            self._around = self.box = ipywidgets.VBox([*parts, self.image])
        self.page_part = None
        self.box.add_class("gan-tool")
        self.still = f"gan-still-{self.box.model_id}"
        # Where the living tool is to be seen, its still picture is not.
        self.box.children += (ipywidgets.HTML(
            f"<style>.{self.still} {{ display: none }} {STYLE}</style>",
            layout={"display": "none"}),)
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

    def still_picture(self) -> np.ndarray | Figure:
        """Return what is stored for those who open the notebook without a kernel."""
        return self.picture()

    def still_png(self) -> tuple[bytes, int]:
        """Return `still_picture` as a PNG file; so many pixels of it are for one of the screen."""
        picture = self.still_picture()
        if isinstance(picture, Figure):
            return figures.sharp_png(picture), 2
        return figures.png_of_array(picture), 1

    def still_alt(self) -> str:
        """Return what `still_picture` shows, in words."""
        return self.alt()

    def caption(self) -> str:
        """Return the message while nothing else is to be said."""
        return ""

    def plan(self) -> dict:
        """Return what the page must know to draw: see `noiseAt` and `drawFakes` in tool_page.js."""
        return {"pictures": []}

    def live_in_page(self, controls: list[ipywidgets.Widget], networks: list[nn.Module]) -> None:
        """Let `networks` draw in the page what `controls` change, and let the hand take hold."""
        self.page_part = page_part.made(self, controls, networks)
        if self.page_part is not None:
            self._around.children += (self.page_part,)

    def watch(self, *controls: ipywidgets.Widget) -> None:
        """Redraw whenever one of the controls gets a new value."""
        for control in controls:
            control.observe(self.refresh, names="value")

    def refresh(self, change: dict | None = None) -> None:
        """Draw the newest state. Of several wishes that come during a drawing, one is met."""
        if self._quiet or self.page_part is not None and self.page_part.hears(change):
            return
        self._wanted = True
        while self._wanted and self._lock.acquire(blocking=False):
            try:
                self._wanted = False
                self._draw()
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
        made = ipywidgets.Button(description=name, layout=ipywidgets.Layout(width=BUTTON))
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
        """Call `action()`; an error is shown as a message, for a callback has no cell."""
        try:
            action()
        except Exception as error:
            self.say(f"{type(error).__name__}: {error}")

    def say(self, text: str) -> None:
        """Show a message between the controls and the picture."""
        self.message.value = f"<b>{html.escape(text)}</b>" if text else ""

    def array(self) -> np.ndarray:
        """Return the picture that is shown now: uint8 (H, W, 3)."""
        fresh = self._drawn_in_page()
        return figures.array_of_png(self._png() if fresh else bytes(self.image.value))

    def show(self) -> None:
        """Draw, and put the tool under the cell, with a still picture as a second output.

        The still picture is what is seen wherever the tool does not live: in a notebook that is
        opened again, in exported files. Of two outputs each can be hidden; of two forms of one
        output, JupyterLab shows the widget, even if that is only an error.
        """
        self._draw(whole=True)
        if get_ipython() is not None:  # else there is nothing that could show a widget
            view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
            display({WIDGET: view}, raw=True)
        png, pixels = self.still_png()
        data, metadata = figures.bundle_of_png(png, self.still_alt(), pixels)
        data["text/html"] = (f'<div class="gan-still {self.still}">{NO_ERROR}'
                             f'{data["text/html"]}</div>')
        display(data, metadata=metadata, raw=True)

    def _ipython_display_(self) -> None:
        self.show()

    def _draw(self, whole: bool = False) -> None:
        """Draw what the page does not draw itself; all of it if `whole`."""
        self.update()
        if whole or not self._drawn_in_page():
            self.image.value = self._png()
        if self.page_part is not None and (whole or self.page_part.alive):
            self.page_part.follow()
        self.message.value = html.escape(self.caption())

    def _drawn_in_page(self) -> bool:
        return self.page_part is not None and self.page_part.draws

    def _png(self) -> bytes:
        with device.threads(1):
            picture = self.picture()
        if isinstance(picture, Figure):
            return figures.png_of_figure(picture)
        return figures.png_of_array(picture)


def row(*controls: ipywidgets.Widget) -> ipywidgets.HBox:
    """Return a box with the controls beside each other; those without room go below."""
    return ipywidgets.HBox(controls, layout={"flex_flow": "row wrap"})


def slider(name: str, low: float, high: float, value: float, step: float = 0.01,
           ) -> ipywidgets.FloatSlider:
    """Return a slider of the course's width, that answers while it is dragged."""
    return ipywidgets.FloatSlider(value=value, min=low, max=high, step=step, **_look(name))


def whole_slider(name: str, low: int, high: int, value: int) -> ipywidgets.IntSlider:
    """Return a slider of whole numbers. Raises TypeError or ValueError for another `value`."""
    checks.whole_number(name.lower(), value, low, high)
    return ipywidgets.IntSlider(value=value, min=low, max=high, **_look(name))


def choice(name: str, options: list, value) -> ipywidgets.Dropdown:
    """Return a list to choose from, as wide as a slider."""
    return ipywidgets.Dropdown(options=options, value=value, **_look(name))


def tick_box(name: str) -> ipywidgets.Checkbox:
    """Return a box to tick, with its name at the right."""
    return ipywidgets.Checkbox(value=False, description=name, indent=False,
                               layout={"width": BUTTON, "margin": "2px 2px 2px 20px"})


def player(name: str, last: int, milliseconds: int,
           ) -> tuple[ipywidgets.Play, ipywidgets.IntSlider]:
    """Return a player from 0 to `last` and a slider that goes with it, both ways."""
    play = ipywidgets.Play(min=0, max=last, interval=milliseconds)
    steps = whole_slider(name, 0, last, 0)
    ipywidgets.link((play, "value"), (steps, "value"))
    return play, steps


def named(play: ipywidgets.Play) -> ipywidgets.HBox:
    """Return a player with its name: its buttons bear signs alone."""
    return ipywidgets.HBox([ipywidgets.Label("Play"), play], layout={"margin": "0 0 0 20px"})


def card(x: Tensor, name: str, frame: str) -> np.ndarray:
    """Return one picture x (1, C, H, W), large, in a frame and under its name."""
    picture = figures.tile(x, scale=card_scale(x.shape[-1]), gap=FRAME, frame=frame)
    return np.vstack([title(name, picture.shape[1]), picture])


def card_scale(size: int) -> int:
    """Return how many pixels of the screen one pixel of a card is wide, in a picture of `size`."""
    return max(1, CARD // size)


@functools.lru_cache
def title(name: str, width: int) -> np.ndarray:
    """Return a white strip with `name` in it."""
    strip = Image.new("RGB", (width, TITLE), "white")
    ImageDraw.Draw(strip).text((4, TITLE // 2), name, figures.NEUTRAL, figures.font(figures.TEXT),
                               anchor="lm")
    return np.asarray(strip)


def _look(name: str) -> dict:
    return {"description": name, "layout": ipywidgets.Layout(width=SLIDER),
            "style": {"description_width": LABEL}}


def lay_out_once(figure: Figure) -> None:
    """Lay `figure` out as it is now, with its titles, and never again: drawing is faster."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
