"""A slider from one class of digits to another, for one noise vector."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from gan_lib import checks, conditioning, figures, latent, metrics, models
from gan_lib.stand_ins import given
from gan_lib.widgets.tool import FRAME, TITLE, Tool, card, card_scale, choice, row, slider

STOPS = 9  # small pictures on the way
SMALL = 80  # pixels of the screen: one of them, without its frame


class ClassSlider(Tool):
    """What lies between two classes? The label is mixed, the noise stays.

    `G` is a generator of digits with 10 classes; `classifier`, where there is one, says under the
    controls what it sees. `first` and `second` are classes from 0 to 9. Raises TypeError or
    ValueError for other ones.
    """

    def __init__(self, G: nn.Module, classifier: nn.Module | None = None, first: int = 3,
                 second: int = 8, seed: int = 0):
        self.G = of_digits(G)
        self.classifier = classifier
        for name, value in (("first", first), ("second", second)):
            checks.whole_number(f"the class {name}", value, 0, conditioning.DIGITS - 1)
        self.seed = checks.whole_number("seed", seed, low=0)
        classes = list(range(conditioning.DIGITS))
        self.first, self.second = (choice(name, classes, value)
                                   for name, value in (("From", first), ("To", second)))
        self.way = slider("Way", 0, 1, 0.5)
        super().__init__([self.first, self.second, self.way,
                          row(self.button("New z", self.new_z))])
        self.watch(self.first, self.second, self.way)
        # To the page, z and the label are one vector: it knows no labels.
        self.live_in_page([self.way], [models.Generator(G.z_dim + G.classes, G.layers)])

    @property
    def z(self) -> Tensor:
        """Return the noise vector: float32 (1, z_dim)."""
        return latent.draw(1, self.G.z_dim, self.seed)

    @property
    def y(self) -> Tensor:
        """Return the label at the slider's place: float32 (1, 10)."""
        return self.label(self.way.value)

    def label(self, t: float) -> Tensor:
        """Return the label at t, from 0 to 1: float32 (1, 10)."""
        return conditioning.mixed_label(self.first.value, self.second.value, t)

    def new_z(self) -> None:
        """Draw another noise vector; the slider stays."""
        self.seed += 1
        self.refresh()

    @torch.no_grad()
    def fakes(self, y: Tensor) -> Tensor:
        """Return the fakes of the labels y (N, 10), all from the same noise: (N, 1, H, W)."""
        y = y.to(next(self.G.parameters()).device)
        return latent.look(given(self.G, y), self.z.expand(len(y), -1)).float()

    def picture(self) -> np.ndarray:
        """Return the fake at the slider's place, large, and below it those on the way."""
        large = card(self.fakes(self.y), self._name(), figures.FAKE)
        stops = torch.cat([self.label(t) for t in torch.linspace(0, 1, STOPS).tolist()])
        small = figures.tile(self.fakes(stops), columns=STOPS, scale=self._small_scale(),
                             gap=FRAME, frame=figures.FAKE)
        sheet = np.full((large.shape[0] + FRAME + small.shape[0], small.shape[1], 3), 255, np.uint8)
        sheet[:large.shape[0], :large.shape[1]] = large
        sheet[-small.shape[0]:] = small
        return sheet

    def caption(self) -> str:
        """Say what the judge sees in the large picture."""
        return self._verdict() and f"The judge sees {self._verdict()}."

    def alt(self) -> str:
        """Say where the slider is, and what the judge sees there."""
        seen = self._verdict() and f"; the judge sees {self._verdict()}"
        return (f"A fake {self.way.value:.0%} of the way from the class {self.first.value} to the "
                f"class {self.second.value}, for the noise of seed {self.seed}{seen}; below, "
                f"{STOPS} fakes on this way.")

    @torch.no_grad()
    def plan(self) -> dict:
        """Say where the page draws: z and the label side by side move along one direction."""
        start, end = (2 * self.label(t)[0] - 0.5 for t in (0.0, 1.0))  # as G hears a label
        z = self.z[0]
        size = self.fakes(self.y).shape[-1]
        large = {"network": 0, "left": FRAME, "top": TITLE + FRAME, "scale": card_scale(size)}
        top = TITLE + large["scale"] * size + 4 * FRAME
        cell = self._small_scale() * size + 2 * FRAME
        stops = [{"network": 0, "left": number * cell + FRAME, "top": top,
                  "scale": self._small_scale(),
                  "z": torch.cat([z, torch.lerp(start, end, number / (STOPS - 1))]).tolist()}
                 for number in range(STOPS)]
        return {"pictures": [large, *stops], "rest": torch.cat([z, start]).tolist(),
                "directions": [torch.cat([torch.zeros_like(z), end - start]).tolist()]}

    def _name(self) -> str:
        return f"from {self.first.value} to {self.second.value}"

    def _small_scale(self) -> int:
        return max(1, SMALL // self.fakes(self.y).shape[-1])

    def _verdict(self) -> str:
        if self.classifier is None:
            return ""
        x = metrics.fitted(self.classifier, self.fakes(self.y).to(
            next(self.classifier.parameters())))
        sure, digit = metrics.probabilities(self.classifier, x, "digit")[0].max(0)
        return f"the digit {digit.item()} ({sure.item():.0%})"


def of_digits(G: nn.Module) -> nn.Module:
    """Return `G` if it is a generator with 10 classes. Raises TypeError or ValueError."""
    classes = getattr(checks.generator("G", G), "classes", 0)
    if classes != conditioning.DIGITS:
        raise ValueError("G must be a generator of digits, made with classes=10, but it has "
                         f"{classes or 'no'} classes.")
    return G
