"""A number that is typed comes out as fakes of handwritten digits."""

from __future__ import annotations

import ipywidgets
import numpy as np
import torch
from torch import Tensor, nn

from gan_lib import checks, conditioning, figures, latent
from gan_lib.stand_ins import given
from gan_lib.widgets.class_slider import of_digits
from gan_lib.widgets.tool import CARD, FRAME, LABEL, SLIDER, Tool, row, tick_box

WIDEST = 1300  # pixels of the screen: the whole number


class Handwriting(Tool):
    """How does G write your number? Type a year or a phone number.

    Each digit has its own noise. With "One hand" all have the same. What cannot be written is said
    in a sentence, and the last number stays. `G` is a generator of digits with 10 classes.
    """

    def __init__(self, G: nn.Module, text: str = "2026", seed: int = 0):
        self.G = of_digits(G)
        self.y, self.wrong = conditioning.typed(text), ""
        self.seed = checks.whole_number("seed", seed, low=0)
        self.text = ipywidgets.Text(value=text, description="Your number",
                                    layout={"width": SLIDER},
                                    style={"description_width": LABEL})
        self.one_hand = tick_box("One hand")
        super().__init__([self.text, row(self.button("Write again", self.write_again),
                                         self.one_hand)])
        self.watch(self.text, self.one_hand)

    @property
    def z(self) -> Tensor:
        """Return the noise of each digit: float32 (n, z_dim)."""
        z = latent.draw(conditioning.LONGEST, self.G.z_dim, self.seed)[:len(self.y)]
        return z[:1].expand_as(z) if self.one_hand.value else z

    def write_again(self) -> None:
        """Draw other noise; the number stays."""
        self.seed += 1
        self.refresh()

    def update(self) -> None:
        """Read the number that was typed, or keep the last one and say what is wrong."""
        try:
            self.y, self.wrong = conditioning.typed(self.text.value), ""
        except ValueError as problem:
            self.wrong = str(problem)

    @torch.no_grad()
    def fakes(self) -> Tensor:
        """Return one fake for each digit: (n, 1, H, W)."""
        y = self.y.to(next(self.G.parameters()).device)
        return latent.look(given(self.G, y), self.z).float()

    def picture(self) -> np.ndarray:
        """Return the digits side by side, the larger the fewer they are."""
        x = self.fakes()
        size = x.shape[-1]
        scale = max(1, min(CARD // size, (WIDEST // len(x) - FRAME) // size))
        return figures.tile(x, columns=len(x), scale=scale, gap=FRAME // 2, frame=figures.FAKE)

    def caption(self) -> str:
        """Say what cannot be written."""
        return self.wrong

    def alt(self) -> str:
        """Say which number is shown, and from what noise."""
        number = "".join(map(str, self.y.tolist()))
        hands = ("the same noise for all" if self.one_hand.value else
                 "noise of its own for each digit")
        return f"The number {number} as {len(self.y)} fakes, {hands} (seed {self.seed})."
