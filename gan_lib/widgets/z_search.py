"""The search for noise, to watch: a few gradient steps at every tick of the player."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from gan_lib import checks, device, figures, inpainting, latent
from gan_lib.widgets.tool import Tool, card, lay_out_once, named, row, tick_box

TICKS, MILLISECONDS = 60, 150


class ZSearch(Tool):
    """Which fake agrees with what is visible? The player moves z, the picture follows.

    `x` (N, C, H, W) are the faces, `hidden` (H, W) the hole. Each tick takes `steps` gradient
    steps on z, with the learning rate `lr`. `errors` holds the error in the visible part, one
    number a tick from the start on; `earlier` holds the errors of the starts before on this face.
    """

    def __init__(self, G: nn.Module, x: Tensor, hidden: Tensor, steps: int = 2, lr: float = 0.2,
                 seed: int = 0):
        inpainting.occlude(x, hidden)  # refuses pictures and a mask that do not fit
        self.G, self.x, self.hidden, self.lr = checks.generator("G", G), x, hidden, lr
        self.steps = checks.whole_number("steps", steps)
        self.seed, self.face = checks.whole_number("seed", seed, low=0), 0
        self.play = self.ticks(TICKS, MILLISECONDS, self.step)
        self.truth = tick_box("Show the truth")
        buttons = [self.button("Step", self.step), self.button("New start", self.restart),
                   self.button("Next face", self.next_face)]
        super().__init__([row(*buttons, named(self.play), self.truth)])
        self._begin(earlier=[])
        self._prepare_curves()
        self.watch(self.truth)

    def step(self) -> float:
        """Take the gradient steps of one tick, redraw, and return the error in the visible part."""
        with self.busy, device.threads(1):
            self.search.step(self.steps)
            self._measure()
        self.refresh()
        return self.errors[-1]

    def restart(self) -> None:
        """Start again on the same face from other noise; the old curve stays, thin."""
        self.seed += 1
        self._again(earlier=[*self.earlier, self.errors])

    def next_face(self) -> None:
        """Go on to the next face."""
        self.face = (self.face + 1) % len(self.x)
        self._again(earlier=[])

    @property
    def covered(self) -> Tensor:
        """Return the face under the hole: (1, C, H, W)."""
        return self.x[self.face:self.face + 1]

    @property
    def fake(self) -> Tensor:
        """Return G's picture of the z that the search is at: (1, C, H, W)."""
        return self.search.pictures()[:, 0]

    @torch.no_grad()
    def picture(self) -> np.ndarray:
        """Return the covered face (or the truth), G(z), the filled face and the error's curve."""
        filled = inpainting.paste(self.covered, self.fake, self.hidden)
        return np.hstack([self._first(), card(self.fake, "G(z)", figures.FAKE),
                          card(filled, "filled", figures.FAKE), self._curves()])

    def alt(self) -> str:
        """Say how far the search is and how well the visible part agrees."""
        first = "the truth" if self.truth.value else "the covered face"
        return f"{self.caption()} From left to right: {first}, G(z), filled, the error's curve."

    def caption(self) -> str:
        """Say how far the search is and how well the visible part agrees."""
        return (f"Face {self.face}, start {len(self.earlier) + 1}, after "
                f"{self.steps * (len(self.errors) - 1)} steps: error in the visible part "
                f"{self.errors[-1]:.4f}.")

    def _first(self) -> np.ndarray:
        if self.truth.value:
            return card(self.covered, "truth", figures.REAL)
        return card(inpainting.occlude(self.covered, self.hidden), "covered", figures.NEUTRAL)

    def _curves(self) -> np.ndarray:
        """Return the error's curve so far, and in grey those of the earlier starts."""
        old = [point for errors in self.earlier for point in [*enumerate(errors), (0, np.nan)]]
        for line, points in ((self._old, old), (self._new, list(enumerate(self.errors)))):
            ticks, errors = zip(*points) if points else ((), ())
            line.set_data(self.steps * np.array(ticks), errors)
        return figures.array_of_png(figures.png_of_figure(self._figure))

    def _prepare_curves(self) -> None:
        height = len(self._first())
        self._figure, axes = figures.new(width=4.4, height=height / figures.DPI)
        self._old, = axes.plot([], [], color="#aaaaaa", linewidth=1.2)
        self._new, = axes.plot([0], [1], color=figures.NEUTRAL, marker="o", markevery=[-1])
        axes.set(yscale="log", xlim=(0, self.steps * TICKS), ylim=(0.003, 1),
                 xlabel="step", ylabel="visible error")
        axes.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])  # the exponents would be small
        axes.minorticks_off()
        lay_out_once(self._figure)

    def _begin(self, earlier: list[list[float]]) -> None:
        self.search = latent.Search(self.G, self.covered, ~self.hidden, restarts=1, lr=self.lr,
                                    seed=self.seed)
        self.earlier, self.errors = earlier, []
        self._measure()

    @torch.no_grad()
    def _measure(self) -> None:
        self.errors.append(self.search.error(self.search.z).item())

    def _again(self, earlier: list[list[float]]) -> None:
        with self.busy, device.threads(1):
            self._begin(earlier)
        self.play.value = 0
        self.refresh()
