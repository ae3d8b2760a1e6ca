"""Two sliders mix the styles of two faces: one for the coarse layers, one for the fine ones."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import Tensor, nn

from gan_lib import checks, figures, latent, styles
from gan_lib.widgets.tool import Tool, card, row, slider, whole_slider


class StyleMixer(Tool):
    """What do the coarse styles decide, and what the fine ones? The mix of faces A and B.

    Each slider goes from the style of A, at 0, to that of B, at 1: `coarse` in the first layers,
    `fine` in the others. `border` says how many layers are coarse. G is a `StyleGenerator`; `seed`
    draws A and B.
    """

    def __init__(self, G: nn.Module, seed: int = 0):
        checks.kind("G", G, "a generator with styles, as styles.StyleGenerator makes them",
                    "z_dim", "styles", "draw")
        self.G = copy.deepcopy(G).eval()  # a game may go on with G
        self.seed = checks.whole_number("seed", seed, low=0)
        self.coarse = slider("Coarse: A to B", 0.0, 1.0, 0.0)
        self.fine = slider("Fine: A to B", 0.0, 1.0, 1.0)
        self.border = whole_slider("Coarse layers", 1, styles.LAYERS - 1, styles.COARSE)
        super().__init__([self.coarse, self.fine, self.border,
                          row(self.button("New faces", self.new_faces))], beside=True)
        self.watch(self.coarse, self.fine, self.border)

    def new_faces(self) -> None:
        """Draw two other faces."""
        self.seed += 1
        self.refresh()

    @torch.no_grad()
    def faces(self) -> Tensor:
        """Return A, the mix and B: float32 (3, C, H, W)."""
        z = latent.draw(2, self.G.z_dim, self.seed, self.G.start.device)
        a, b = self.G.styles(z).chunk(2)
        mix = styles.mix_styles(latent.lerp(a, b, self.coarse.value),
                                latent.lerp(a, b, self.fine.value), self.border.value)
        return self.G.draw(torch.cat([a, mix, b]))

    def picture(self) -> np.ndarray:
        """Return face A, the mix and face B side by side."""
        names = ("face A", "the mix", "face B")
        return np.hstack([card(x, name, figures.FAKE)
                          for name, x in zip(names, self.faces().split(1))])

    def alt(self) -> str:
        """Say where the sliders stand, and how far the mix is from A and from B."""
        a, mix, b = self.faces()
        return (f"Face A, the mix, face B of draw {self.seed}: {self.coarse.value:.0%} of B's "
                f"style in the first {self.border.value} layers, {self.fine.value:.0%} in the "
                f"other {styles.LAYERS - self.border.value}; the mix differs from A by "
                f"{(mix - a).abs().mean():.2f} a pixel, from B by {(mix - b).abs().mean():.2f}.")
