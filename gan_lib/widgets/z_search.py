"""The search for noise, to watch: a few gradient steps at every tick of the player."""

from __future__ import annotations

import threading

import ipywidgets
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lib import checks, device, figures, inpainting, latent
from gan_lib.widgets.tool import Tool, button

TICKS, MILLISECONDS = 100, 150


class ZSearch(Tool):
    """Which fake agrees with what is visible? The player moves z, the picture follows.

    `x` (N, C, H, W) are the faces, `hidden` (H, W) the hole. Each tick takes `steps` gradient
    steps on z. `errors` holds the error in the visible part, one number a tick from the start on;
    `earlier` holds the curves of the starts before on the same face.
    """

    def __init__(self, G: nn.Module, x: Tensor, hidden: Tensor, steps: int = 3, seed: int = 0):
        checks.shape("x", x, (None, None, None, None))
        self.G, self.x, self.hidden = G, x, hidden
        self.steps = checks.whole_number("steps", steps)
        self.seed, self.face = checks.whole_number("seed", seed, low=0), 0
        self.play = ipywidgets.Play(min=0, max=TICKS, interval=MILLISECONDS)
        self.truth = ipywidgets.Checkbox(value=False, description="show the truth")
        super().__init__([ipywidgets.HBox([self.play, button("Step", self.press_step),
                                           button("Other start", self.restart),
                                           button("Next face", self.next_face), self.truth])])
        self._stepping = threading.Lock()
        self._begin(earlier=[])
        self.watch(self.truth)
        self.play.observe(self._tick, names="value")

    def step(self) -> float:
        """Take the gradient steps of one tick, redraw, and return the error in the visible part."""
        with self._stepping, device.one_thread():
            self.search.step(self.steps)
            self._measure()
        self.refresh()
        return self.errors[-1]

    def press_step(self) -> None:
        """Do one step and say what went wrong, if anything did."""
        try:
            self.step()
        except Exception as error:  # shown under the picture: a callback has no cell
            self.say(f"{type(error).__name__}: {error}")

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
    def picture(self) -> Figure:
        """Return the covered face, G(z), the filled face and the error's curve."""
        fake, hidden = self.fake, self.hidden
        cards = [("you see", inpainting.occlude(self.covered, hidden), figures.REAL),
                 ("G(z)", fake, figures.FAKE),
                 ("filled", inpainting.paste(self.covered, fake, hidden), figures.FAKE)]
        if self.truth.value:
            cards[0] = ("the truth", self.covered, figures.REAL)
        figure, axes = figures.new(columns=4, width=12, height=3.2)
        for place, (title, card, frame) in zip(axes, cards):
            figures.draw_images(place, card, title, frame=frame)
        self._draw_curves(axes[3])
        return figure

    def alt(self) -> str:
        """Say how far the search is and how well the visible part agrees."""
        return (f"Face {self.face}, start {len(self.earlier) + 1}, after "
                f"{self.steps * (len(self.errors) - 1)} steps: error in the visible part "
                f"{self.errors[-1]:.4f}.")

    def _draw_curves(self, axes) -> None:
        for errors in self.earlier:
            axes.semilogy(self._counts(errors), errors, color="#aaaaaa", linewidth=1.2)
        axes.semilogy(self._counts(self.errors), self.errors, color=figures.FAKE, marker="o",
                      markevery=[-1])
        axes.set(xlim=(0, self.steps * TICKS), ylim=(0.003, 1), xlabel="steps",
                 title=f"visible error {self.errors[-1]:.4f}")

    def _counts(self, errors: list[float]) -> range:
        return range(0, self.steps * len(errors), self.steps)

    def _begin(self, earlier: list[list[float]]) -> None:
        self.search = latent.Search(self.G, self.covered, ~self.hidden, restarts=1, seed=self.seed)
        self.earlier, self.errors = earlier, []
        self._measure()

    @torch.no_grad()
    def _measure(self) -> None:
        self.errors.append(self.search.error(self.search.z).item())

    def _again(self, earlier: list[list[float]]) -> None:
        try:
            with self._stepping, device.one_thread():
                self._begin(earlier)
        except Exception as error:  # shown under the picture: a callback has no cell
            return self.say(f"{type(error).__name__}: {error}")
        self.play.value = 0
        self.refresh()

    def _tick(self, change) -> None:
        if change["new"] > 0 and not self._stepping.locked():  # 0: the player was set back
            self.press_step()
