"""A box that moves over a face, and what the simple methods put into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from gan_lib import checks, figures, inpainting
from gan_lib.widgets.tool import (
    FRAME,
    TITLE,
    Tool,
    card,
    card_scale,
    choice,
    row,
    tick_box,
    whole_slider,
)

EMPTY = "Leave it empty"


class Occluder(Tool):
    """What can be guessed from the visible part? Four sliders move and size the box.

    In a living notebook the box can be taken in the picture: moved at its inside, sized at its
    corner below on the right.
    `x` (N, C, H, W) are the faces to choose from. `fills` maps a method's name to a function
    fill(x, hidden) that returns filled pictures; the box is left empty at first.
    """

    def __init__(self, x: Tensor, fills: Mapping[str, Callable[[Tensor, Tensor], Tensor]],
                 left: int = 6, top: int = 10, width: int = 20, height: int = 10):
        checks.samples("x", x)
        checks.kind("fills", fills, "a dict {method's name: fill(x, hidden)}", "keys")
        self.x, self.fills, self.filled, self.psnr = x, dict(fills), None, None
        size = x.shape[-1]
        self.left, self.top = (whole_slider(name, 0, size - 1, value)
                               for name, value in (("Left", left), ("Top", top)))
        self.width, self.height = (whole_slider(name, 1, size, value)
                                   for name, value in (("Width", width), ("Height", height)))
        self.face = whole_slider("Face", 0, len(x) - 1, 0)
        self.method = choice("Fill", [EMPTY, *self.fills], EMPTY)
        self.truth = tick_box("Show the truth")
        super().__init__([row(self.left, self.width), row(self.top, self.height),
                          row(self.face, self.method, self.truth)])
        self.watch(self.left, self.top, self.width, self.height, self.face, self.method, self.truth)
        self.live_in_page([self.left, self.top, self.width, self.height], [])

    @property
    def hidden(self) -> Tensor:
        """Return the mask of the box: bool (H, W), True where it covers the face."""
        return inpainting.box(self.x.shape[-1], self.left.value, self.top.value,
                              self.width.value, self.height.value, self.x.device)

    @property
    def chosen(self) -> Tensor:
        """Return the face that is shown: (1, C, H, W)."""
        return self.x[self.face.value:self.face.value + 1]

    @torch.no_grad()
    def update(self) -> None:
        """Fill the hole by the chosen method, and say how close that is to the truth."""
        self.filled = self.psnr = None
        if self.method.value != EMPTY:
            self.filled = self.fills[self.method.value](self.chosen, self.hidden)
            self.psnr = inpainting.psnr(self.filled, self.chosen, self.hidden).item()

    def picture(self) -> np.ndarray:
        """Return the covered face, the filled one, and the truth where it is wanted."""
        cards = [card(inpainting.occlude(self.chosen, self.hidden), "covered", figures.NEUTRAL)]
        if self.filled is not None:
            cards.append(card(self.filled, "filled", figures.FAKE))
        if self.truth.value:
            cards.append(card(self.chosen, "truth", figures.REAL))
        return np.hstack(cards)

    def plan(self) -> dict:
        """Say where the page holds the box; the kernel draws."""
        size = self.x.shape[-1]
        area = [FRAME, TITLE + FRAME, card_scale(size) * size]
        return {"pictures": [], "hold": {"kind": "box", "area": area, "cells": size}}

    def alt(self) -> str:
        """Say what is covered, and how close the filling is to the truth."""
        truth = " Beside it: the truth." if self.truth.value else ""
        return (f"{self.caption()} The box: {self.width.value} wide, {self.height.value} high, "
                f"{self.left.value} from the left, {self.top.value} from the top.{truth}")

    def caption(self) -> str:
        """Say how much is covered, and how close the filling is to the truth."""
        hidden = self.hidden
        said = f"Face {self.face.value}: {int(hidden.sum())} of {hidden.numel()} pixels hidden"
        if self.psnr is None:
            return said + "."
        return said + f"; filled by {self.method.value}, PSNR in the hole {self.psnr:.1f} dB."
