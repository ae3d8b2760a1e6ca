"""A box that moves over a face, and what the simple methods put into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ipywidgets
import numpy as np
import torch
from torch import Tensor

from gan_lib import checks, figures, inpainting
from gan_lib.widgets.tool import Tool

EMPTY = "leave it empty"


class Occluder(Tool):
    """What can be guessed from the visible part? Four sliders move and size the box.

    `x` (N, C, H, W) are the faces to choose from. `fills` maps a method's name to a function
    fill(x, hidden) that returns filled pictures; the box is left empty at first.
    """

    def __init__(self, x: Tensor, fills: Mapping[str, Callable[[Tensor, Tensor], Tensor]],
                 left: int = 6, top: int = 10, width: int = 20, height: int = 10):
        checks.shape("x", x, (None, None, None, None))
        self.x, self.fills, self.psnr = x, dict(fills), None
        size = x.shape[-1]
        self.left, self.top = (_slider(name, 0, size - 1, value)
                               for name, value in (("left", left), ("top", top)))
        self.width, self.height = (_slider(name, 1, size, value)
                                   for name, value in (("width", width), ("height", height)))
        self.face = _slider("face", 0, len(x) - 1, 0)
        self.method = ipywidgets.Dropdown(options=[EMPTY, *self.fills], description="fill")
        self.truth = ipywidgets.Checkbox(value=False, description="show the truth")
        self.words = ipywidgets.HTML()
        super().__init__([ipywidgets.HBox([ipywidgets.VBox([self.left, self.top, self.face]),
                                           ipywidgets.VBox([self.width, self.height])]),
                          ipywidgets.HBox([self.method, self.truth]), self.words])
        self.watch(self.left, self.top, self.width, self.height, self.face, self.method, self.truth)

    @property
    def hidden(self) -> Tensor:
        """Return the mask of the box: bool (H, W), True where it covers the face."""
        return inpainting.box(self.x.shape[-1], self.left.value, self.top.value,
                              self.width.value, self.height.value, self.x.device)

    @torch.no_grad()
    def picture(self) -> np.ndarray:
        """Return the covered face, the filled one, and the truth where it is wanted."""
        x, hidden = self.x[self.face.value:self.face.value + 1], self.hidden
        cards = [(inpainting.occlude(x, hidden), figures.NEUTRAL)]
        self.psnr = None
        if self.method.value != EMPTY:
            filled = self.fills[self.method.value](x, hidden)
            self.psnr = inpainting.psnr(filled, x, hidden).item()
            cards.append((filled, figures.FAKE))
        if self.truth.value:
            cards.append((x, figures.REAL))
        self.words.value = self.alt()
        return np.hstack([figures.tile(card, scale=6, gap=4, frame=frame)
                          for card, frame in cards])

    def alt(self) -> str:
        """Say what is covered, and how close the filling is to the truth."""
        hidden = self.hidden
        said = f"Face {self.face.value}: {int(hidden.sum())} of {hidden.numel()} pixels hidden"
        if self.psnr is None:
            return said + "."
        return said + f"; filled by {self.method.value}, PSNR in the hole {self.psnr:.1f} dB."


def _slider(name: str, low: int, high: int, value: int) -> ipywidgets.IntSlider:
    checks.whole_number(name, value, low, high)
    return ipywidgets.IntSlider(value=value, min=low, max=high, description=name,
                                layout=ipywidgets.Layout(width="320px"))
