"""Four pictures in the corners, and a point that moves between them."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn

from gan_lib import checks, figures, latent
from gan_lib.widgets.tool import FRAME, Tool, card_scale, row, slider

CORNER_FRAME = 2  # pixels of the screen


class FourCorners(Tool):
    """What lies between four pictures? Two sliders move a point, a button draws new corners.

    Where the page draws, the point can be taken in the large picture.
    `corners` is (4, z_dim): top left, top right, bottom left, bottom right.
    """

    def __init__(self, G: nn.Module, seed: int = 0):
        self.G = checks.generator("G", G)
        self.seed = checks.whole_number("seed", seed, low=0)
        self.right = slider("To the right", 0, 1, 0.5)
        self.down = slider("Down", 0, 1, 0.5)
        super().__init__([self.right, self.down, row(self.button("New corners", self.new_corners))])
        self.watch(self.right, self.down)
        self.live_in_page([self.right, self.down], [self.G])

    @property
    def corners(self) -> torch.Tensor:
        """Return the noise vectors of the four corners: (4, z_dim)."""
        return latent.draw(4, self.G.z_dim, self.seed)

    @property
    def z(self) -> torch.Tensor:
        """Return the noise vector of the point: (z_dim,)."""
        top_left, top_right, bottom_left, bottom_right = self.corners
        left = latent.slerp(top_left, bottom_left, self.down.value)
        right = latent.slerp(top_right, bottom_right, self.down.value)
        return latent.slerp(left, right, self.right.value)

    def new_corners(self) -> None:
        """Draw four other noise vectors; the point stays where it is."""
        self.seed += 1
        self.refresh()

    @torch.no_grad()
    def picture(self) -> np.ndarray:
        """Return the point's picture, large, with the four corners beside it."""
        x = latent.look(self.G, torch.cat([self.z.unsqueeze(0), self.corners]))
        size = x.shape[-1]
        point = figures.tile(x[:1], scale=card_scale(size), gap=FRAME, frame=figures.FAKE)
        left, right = (figures.tile(x[i], columns=1, scale=_corner_scale(size), gap=CORNER_FRAME,
                                    frame=figures.FAKE) for i in ([1, 3], [2, 4]))
        return np.hstack([_spread(left, len(point)), point, _spread(right, len(point))])

    def alt(self) -> str:
        """Say where the point is."""
        return (f"Four fakes in the corners (noise of seed {self.seed}) and, large between them, "
                f"the fake at {self.right.value:.0%} of the way to the right and "
                f"{self.down.value:.0%} of the way down.")

    @torch.no_grad()
    def plan(self) -> dict:
        """Say where the page draws the point's picture and the corners, and holds the point."""
        size = latent.look(self.G, self.corners[:1]).shape[-1]
        large, small = card_scale(size), _corner_scale(size)
        corner, height = small * size + 2 * CORNER_FRAME, large * size + 2 * FRAME
        point = {"network": 0, "left": corner + FRAME, "top": FRAME, "scale": large}
        places = [(x, y) for y in (0, height - corner) for x in (0, corner + height)]
        corners = [{"network": 0, "z": z.tolist(), "left": x + CORNER_FRAME,
                    "top": y + CORNER_FRAME, "scale": small}
                   for z, (x, y) in zip(self.corners, places)]
        area = [point["left"], point["top"], large * size]
        return {"pictures": [point, *corners], "corners": self.corners.tolist(),
                "hold": {"kind": "point", "area": area, "cells": 1}}


def _corner_scale(size: int) -> int:
    return math.ceil(figures.FACE / size)


def _spread(column: np.ndarray, height: int) -> np.ndarray:
    """Move the two halves of `column` apart, so that it is `height` high."""
    white = np.full((height - len(column), *column.shape[1:]), 255, np.uint8)
    half = len(column) // 2
    return np.concatenate([column[:half], white, column[half:]])
