"""What all interactive tools share: controls, one picture, a line for messages."""

from __future__ import annotations

import html
import threading

import ipywidgets
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure

from gan_lib import device, figures

WIDGET = "application/vnd.jupyter.widget-view+json"


class Tool:
    """A picture that answers to controls. A subclass says in `picture` what is drawn.

    `picture()` returns an array (H, W, 3), uint8, or a matplotlib Figure; `alt()` says in one
    sentence what it shows. `box` is the widget; `show()` puts it under the cell, with a still
    picture for readers in which widgets do not render.
    """

    def __init__(self, controls: list[ipywidgets.Widget]):
        # Without flex-start, the box would stretch the picture to the notebook's width.
        self.image = ipywidgets.Image(
            format="png", layout=ipywidgets.Layout(align_self="flex-start", max_width="100%"))
        self.image.add_class("gan-tool-picture")
        self.message = ipywidgets.HTML()
        self.box = ipywidgets.VBox([*controls, self.image, self.message])
        self.box.add_class("gan-tool")
        self._lock = threading.Lock()
        self._wanted = False

    def picture(self) -> np.ndarray | Figure:
        """Return what is to be seen now."""
        raise NotImplementedError

    def alt(self) -> str:
        """Return one sentence that says what is to be seen now."""
        raise NotImplementedError

    def watch(self, *controls: ipywidgets.Widget) -> None:
        """Redraw whenever one of the controls gets a new value."""
        for control in controls:
            control.observe(self.refresh, names="value")

    def refresh(self, *_) -> None:
        """Draw the newest state. Of several wishes that come during a drawing, one is met."""
        self._wanted = True
        while self._wanted and self._lock.acquire(blocking=False):
            try:
                self._wanted = False
                self.image.value = self._png()
                self.say("")
            except Exception as error:  # as in `act`
                self.say(f"{type(error).__name__}: {error}")
            finally:
                self._lock.release()

    def button(self, name: str, action) -> ipywidgets.Button:
        """Return a button that calls `action()` when it is pressed."""
        made = ipywidgets.Button(description=name, layout=ipywidgets.Layout(width="auto"))
        made.on_click(lambda _: self.act(action))
        return made

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
        """Draw, and put the tool under the cell."""
        self.image.value = self._png()
        data, metadata = figures.bundle_of_png(bytes(self.image.value), self.alt())
        data[WIDGET] = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        display(data, metadata=metadata, raw=True)

    def _png(self) -> bytes:
        with device.threads(1):
            picture = self.picture()
        if isinstance(picture, Figure):
            return figures.png_of_figure(picture)
        return figures.png_of_array(picture)


def slider(name: str, low: float, high: float, value: float, step: float = 0.01,
           ) -> ipywidgets.FloatSlider:
    """Return a slider of the course's width, that answers while it is dragged."""
    return ipywidgets.FloatSlider(
        value=value, min=low, max=high, step=step, description=name, continuous_update=True,
        style={"description_width": "110px"}, layout=ipywidgets.Layout(width="440px"))
