"""The training room: a game of pictures whose settings change while it plays.

The networks, the half-steps and the recipe are those of notebook 04.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn

from gan_lib import checkpoints, choices, data, latent, live_game, models, variety

CHOICES = {
    "samples": ("digits", "faces"), **choices.GAME,
    "width": (4, 8, 16, 32), "z_dim": (8, 16, 32, 64), "seed": choices.SEEDS,
}
SIZES = {"digits": 16, "faces": 32}    # of a picture, in px
JUDGES = {"digits": "digits16_classifier", "faces": "faces_classifier"}
FACES = 4000                           # that are drawn: as many as a lesson can wait for
METERED = 200                          # fakes that the collapse meter looks at
PICTURES_EVERY = 10                    # turns


@dataclass(frozen=True)
class Settings(choices.Chosen):
    """What can be chosen in the training room; each value is one of `CHOICES`.

    Raises ValueError for a value that is no choice.
    """

    CHOICES = CHOICES
    samples: str = "digits"
    width: int = 8            # feature maps of the layer next to the picture
    z_dim: int = 16
    seed: int = 0


class Room(live_game.LiveGame):
    """A game of pictures with `settings`; every `PICTURES_EVERY` turns it keeps the fakes of the
    fixed noise, in `game.history`.

    It computes in float32 everywhere, so that the same seed gives the same game.
    """

    SIZES = ("samples", "width", "z_dim", "seed")

    def __init__(self, settings: Settings | None = None):
        super().__init__(settings or Settings())

    def networks(self) -> tuple[nn.Module, nn.Module]:
        """Return an untrained D and an untrained G, of the width that is set."""
        s, samples = self.settings, real_pictures(self.settings.samples)
        channels, size = samples.channels, samples.size
        return (models.ConvDiscriminator(size, channels, s.width),
                models.ConvGenerator(s.z_dim, size, channels, s.width))

    def new_game(self, D: nn.Module, G: nn.Module) -> live_game.Game:
        """Return a new game on the real pictures that are set."""
        s = self.settings
        return live_game.Game(D, G, real_pictures(s.samples), bfloat16=False,
                              pictures_every=PICTURES_EVERY, seed=s.seed)

    def believed(self) -> Tensor:
        """Return D(x) of each of the 16 fakes that are shown: float32 (16,) in [0, 1]."""
        return self.game.D.probability(self.game.fakes())

    def numbers(self) -> dict[str, float]:
        """Return how things are: what D believes, and what the collapse meter reads."""
        game, real = self.game, meter(self.settings.samples).real
        z = latent.draw(METERED, game.G.z_dim, self.settings.seed, game.device)
        read = meter(self.settings.samples).read(game.fakes(z))
        some = game.samples.batch(METERED, torch.Generator(game.device).manual_seed(1))
        return {"D(real)": game.D.probability(some).mean().item(),
                "D(fake)": self.believed().mean().item(),
                "classes": read.classes, "of": read.of, "classes of real": real.classes,
                "apart": read.apart, "apart of real": real.apart}


@lru_cache
def real_pictures(name: str):
    """Return the real pictures of this name, read or drawn once."""
    return data.load(name, n=FACES if name == "faces" else None, size=SIZES[name])


@lru_cache
def meter(name: str) -> variety.Meter:
    """Return the collapse meter for pictures of this name."""
    samples = real_pictures(name)
    some = samples.batch(METERED, torch.Generator(samples.device).manual_seed(0))
    return variety.Meter(checkpoints.load(JUDGES[name]), some)
