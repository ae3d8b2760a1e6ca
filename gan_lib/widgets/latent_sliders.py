"""Sliders that move a noise vector, and the pictures that one or several generators make of it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from gan_lib import checks, figures, latent
from gan_lib.widgets.tool import FRAME, TITLE, Tool, card, card_scale, row, slider

LIMIT = 3  # almost no standard normal number lies further from 0


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
        names = names or [f"z[{i}]" if not self.walks else f"Direction {i + 1}"
                          for i in range(len(self.directions))]
        if len(names) != len(self.directions):
            raise ValueError(f"names must hold one name for each of the {len(self.directions)} "
                             f"sliders, but it holds {len(names)}.")
        if self.walks:  # in words, and not a name as z[0] is
            names = [name[:1].upper() + name[1:] for name in names]
        self.sliders = [slider(name, -LIMIT, LIMIT, 0.0) for name in names]
        super().__init__([*self.sliders, row(self.button("New z", self.new_z))], beside=True)
        self.watch(*self.sliders)
        self.live_in_page(self.sliders, list(self.generators.values()))
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
        return np.hstack([card(x, name, figures.FAKE)
                          for name, x in zip(self.generators, self._fakes())])

    @torch.no_grad()
    def alt(self) -> str:
        """Say which generators are shown, where the sliders stand, and how bright the fakes are."""
        places = ", ".join(f"{control.description} = {control.value:.2f}"
                           for control in self.sliders)
        bright = ", ".join(f"{name} {(x.mean().item() + 1) / 2:.1%}"
                           for name, x in zip(self.generators, self._fakes()))
        return (f"One fake of each generator, at {places}, |z| = {self.z.norm():.2f}; "
                f"brightness: {bright}.")

    @torch.no_grad()
    def plan(self) -> dict:
        """Say where the page draws each fake: z is `rest` and the steps along `directions`."""
        pictures, left = [], 0
        for number, x in enumerate(self._fakes()):
            scale = card_scale(x.shape[-1])
            pictures.append({"network": number, "left": left + FRAME, "top": TITLE + FRAME,
                             "scale": scale})
            left += scale * x.shape[-1] + 2 * FRAME
        return {"pictures": pictures, "rest": self._rest.tolist(),
                "directions": self.directions.tolist()}

    def _fakes(self) -> list[Tensor]:
        z = self.z
        return [latent.look(G, z[:G.z_dim].unsqueeze(0)) for G in self.generators.values()]

    def _directions(self, directions: Tensor | None, sliders: int, shortest: int) -> Tensor:
        """Return one row for each slider: float32 (k, z_dim), on the CPU."""
        checks.whole_number("sliders", sliders, high=None if self.walks else shortest)
        if not self.walks:
            return torch.eye(self.z_dim, device="cpu")[:sliders]
        checks.shape("directions", directions, (None, self.z_dim))
        return directions.detach().cpu().float()[:sliders]
