"""Sliders that move a noise vector, and the pictures that one or several generators make of it."""

from __future__ import annotations

import functools

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor, nn

from gan_lib import checks, figures, latent
from gan_lib.widgets.tool import Tool, slider

LIMIT = 3  # almost no standard normal number lies further from 0
WIDTH = 256  # pixels of the screen for one picture
CAPTION = 28


class LatentSliders(Tool):
    """What does G draw when one number of z moves? The same z for all generators, side by side.

    `generators` maps a caption to each generator. Without `directions`, the sliders are the first
    `sliders` numbers of z, cut to [-3, 3]. With `directions`, float (k, z_dim) of length 1 each,
    the first `sliders` of them get one slider each: how far to walk from z along it. `z` is the
    noise to begin with, (z_dim,) or (1, z_dim); drawn if None. A generator with a smaller z_dim
    takes the first z_dim numbers of z. `names` are the sliders' names. The generators are shown
    as they are when it draws: one that is trained meanwhile changes. Raises ValueError for sizes
    that do not fit.
    """

    def __init__(self, generators: dict[str, nn.Module], z: Tensor | None = None,
                 sliders: int = 6, names: list[str] | None = None,
                 directions: Tensor | None = None):
        self.generators = checks.generators("generators", generators)
        lengths = [G.z_dim for G in self.generators.values()]
        self.z_dim, self.seed = max(lengths), 0
        self.walks = directions is not None
        self.directions = self._directions(directions, sliders, min(lengths))
        names = names or [f"z[{i}]" if not self.walks else f"direction {i + 1}"
                          for i in range(len(self.directions))]
        if len(names) != len(self.directions):
            raise ValueError(f"names must hold one name for each of the {len(self.directions)} "
                             f"sliders, but it holds {len(names)}.")
        # Of this width, there is room for two pictures beside them.
        self.sliders = [slider(name, -LIMIT, LIMIT, 0.0, width="370px") for name in names]
        super().__init__([self.button("new z", self.new_z), *self.sliders], beside=True)
        self.watch(*self.sliders)
        self.place(latent.draw(1, self.z_dim, self.seed) if z is None else z)

    @property
    def z(self) -> Tensor:
        """Return the noise vector that is shown now: float32 (z_dim,), on the CPU."""
        steps = torch.tensor([control.value for control in self.sliders], device="cpu")
        return self._rest + steps @ self.directions

    def place(self, z: Tensor) -> None:
        """Go to another noise vector, (z_dim,) or (1, z_dim), and set the sliders to it."""
        z = checks.shape("z", z.detach().flatten(), (self.z_dim,)).cpu().float()
        count = len(self.sliders)
        values = [0.0] * count if self.walks else z[:count].clamp(-LIMIT, LIMIT).tolist()
        self._rest = z.clone()
        if not self.walks:
            self._rest[:count] = 0
        with self.quietly():
            for control, value in zip(self.sliders, values):
                control.value = value

    def new_z(self) -> None:
        """Draw another noise vector."""
        self.seed += 1
        self.place(latent.draw(1, self.z_dim, self.seed))

    @torch.no_grad()
    def picture(self) -> np.ndarray:
        """Return the fakes of all generators at z, side by side, each under its caption."""
        z = self.z
        return np.hstack([np.vstack([_caption(name), self._fake(G, z)])
                          for name, G in self.generators.items()])

    def alt(self) -> str:
        """Say which generators are shown and where the sliders stand."""
        places = ", ".join(f"{control.description} = {control.value:.2f}"
                           for control in self.sliders)
        return f"One fake of each generator ({', '.join(self.generators)}) at {places}."

    def _directions(self, directions: Tensor | None, sliders: int, shortest: int) -> Tensor:
        """Return one row for each slider: float32 (k, z_dim), on the CPU."""
        checks.whole_number("sliders", sliders, high=None if self.walks else shortest)
        if not self.walks:
            return torch.eye(self.z_dim, device="cpu")[:sliders]
        checks.shape("directions", directions, (None, self.z_dim))
        return directions.detach().cpu().float()[:sliders]

    @staticmethod
    def _fake(G: nn.Module, z: Tensor) -> np.ndarray:
        x = latent.look(G, z[:G.z_dim].unsqueeze(0))
        return figures.tile(x, scale=max(1, WIDTH // x.shape[-1]), gap=4, frame=figures.FAKE)


@functools.lru_cache
def _caption(name: str) -> np.ndarray:
    """Return the words `name`, drawn above one picture."""
    strip = Image.new("RGB", (WIDTH + 8, CAPTION), "white")
    ImageDraw.Draw(strip).text((4, 2), name, fill=figures.NEUTRAL, font=figures.font(18))
    return np.asarray(strip)
