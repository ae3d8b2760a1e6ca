"""The same noise while the networks grow: a recording of a training to play and to scroll."""

from __future__ import annotations

import math

import numpy as np
from torch import Tensor

from gan_lib import checks, figures
from gan_lib.growing import LAST, SIDES
from gan_lib.widgets.tool import Tool, named, player, row, title

MILLISECONDS = 200  # one frame
WIDTH = 128  # pixels of the screen for one picture


class Growth(Tool):
    """How does a face get its details? Fakes of the same noise, from 8 x 8 to 32 x 32 pixels.

    `frames` is a list of (grown, x): how far G had grown, from 0 to 2, and its fakes (N, C, H, W)
    in [-1, 1], always of the same noise. Raises TypeError or ValueError for an empty list and for
    frames that do not fit.
    """

    def __init__(self, frames: list[tuple[float, Tensor]]):
        if not isinstance(frames, (list, tuple)) or not frames:
            raise ValueError("frames must be a list of (grown, fakes) with at least one in it: "
                             "was the training recorded?")
        first = frames[0][1]
        for grown, x in frames:
            checks.number("grown", grown, 0.0, LAST)
            checks.samples("the fakes of a frame", x, tuple(getattr(first, "shape", ())))
        self.frames = [(float(grown), x.detach().cpu()) for grown, x in frames]
        self.play, self.frame = player("Frame", len(self.frames) - 1, MILLISECONDS)
        super().__init__([self.frame, row(named(self.play))])
        self.watch(self.frame)

    @property
    def grown(self) -> float:
        """Return how far G had grown in the frame that is shown."""
        return self.frames[self.frame.value][0]

    def stage(self) -> str:
        """Say in a few words what G is doing in the frame that is shown."""
        low, alpha = math.floor(self.grown), self.grown % 1
        if not alpha:
            return f"{SIDES[low]} x {SIDES[low]} px"
        return f"{SIDES[low]} px fade into {SIDES[low + 1]} px: alpha = {alpha:.2f}"

    def picture(self) -> np.ndarray:
        """Return the fakes of the frame, under what G is doing."""
        x = self.frames[self.frame.value][1]
        fakes = figures.tile(x, columns=len(x), scale=max(1, WIDTH // x.shape[-1]),
                             frame=figures.FAKE)
        return np.vstack([title(self.stage(), fakes.shape[1]), fakes])

    def alt(self) -> str:
        """Say which frame is shown, and how much neighbouring pixels differ."""
        x = self.frames[self.frame.value][1]
        detail = (x[..., 1:] - x[..., :-1]).abs().mean()
        return (f"Frame {self.frame.value + 1} of {len(self.frames)}, {self.stage()}: {len(x)} "
                f"fakes of the same noise; neighbouring pixels differ by {detail:.3f}.")
