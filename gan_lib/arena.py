"""The arena: a GAN in the plane whose settings can change while it plays.

After GAN Lab (Kahng et al., 2018): the same networks and half-steps as in notebook 04, and what is
to be seen of them at any moment. The tool that draws it is `widgets.arena`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan_lib import choices, data, latent, live_game, metrics, models, plane, training

CHOICES = {
    "points": ("ring", "grid", "blobs", "moons", "spiral", "line"), **choices.GAME,
    "layers": (1, 2, 3, 4), "width": (4, 8, 16, 32, 64, 128), "z_dim": (1, 2, 4, 8, 16),
    "noise": ("normal", "uniform", "heaps"), "seed": choices.SEEDS,
}
DRAWN = "drawn"  # the name of points that somebody drew: no code can tell them
BATCH, SHOWN, NEAR, LIMIT = 64, 300, 0.3, 2.6
HEAP = 0.1       # how wide a heap of noise is
R1_EVERY = 8     # turns from one R1 penalty to the next, that much stronger: it takes time


@dataclass(frozen=True)
class Settings(choices.Chosen):
    """What can be chosen in the arena; each value is one of `CHOICES`, or points are drawn.

    The defaults are those of `training.Game`, but for the noise: out of heaps G can make heaps.
    Raises ValueError for a value that is no choice.
    """

    CHOICES = CHOICES
    points: str = "ring"
    layers: int = 2           # hidden ones, of each network
    width: int = 64           # neurons of each hidden layer
    z_dim: int = 4
    noise: str = "heaps"
    seed: int = 0

    def beyond(self, name: str, value) -> bool:
        """Drawn points stand in no list."""
        return (name, value) == ("points", DRAWN)

    @property
    def code(self) -> str:
        """The lesson code: who types it in plays the same game. ValueError for drawn points."""
        if self.points == DRAWN:
            raise ValueError("A drawing has no lesson code: choose one of the point sets.")
        return super().code


def hidden_layers(inside: int, settings: Settings, outside: int) -> nn.Sequential:
    """Return `settings.layers` hidden layers of `settings.width` neurons, and the last one."""
    layers = []
    for _ in range(settings.layers):
        layers += [nn.Linear(inside, settings.width), nn.LeakyReLU(0.2)]
        inside = settings.width
    return nn.Sequential(*layers, nn.Linear(inside, outside))


class Game(live_game.Game):
    """The game that changes while it plays, with three kinds of noise.

    It shows G as it is, and keeps no average of it and no pictures: there is more time to play.
    """

    noise_kind = "normal"

    def __init__(self, D, G, samples, **settings):
        super().__init__(D, G, samples, decay=0, pictures_every=sys.maxsize, **settings)
        self.average = self.G

    def _average_weights(self) -> None:
        """There is no average of G here."""

    def noise(self, n: int, random: torch.Generator | None = None) -> Tensor:
        """Return n noise vectors, each number with the mean 0 and the variance 1.

        "normal": standard normal; "uniform": evenly spread over an interval; "heaps": near -1 or
        near 1, so that the noise has gaps, as real points in heaps have.
        """
        def drawn(how):
            return how(n, self.G.z_dim, generator=random or self.random, device=self.device)
        if self.noise_kind == "uniform":
            return (2 * drawn(torch.rand) - 1) * 3**0.5
        z = drawn(torch.randn)
        return z if self.noise_kind == "normal" else (
            (1 - HEAP**2)**0.5 * z.sign() + HEAP * drawn(torch.randn))


class Arena(live_game.LiveGame):
    """A game with `settings`; `points` (`data.points`) are what somebody drew, if anybody did.

    `change` gives new settings, and the game goes on; `reset` begins again with the same networks.
    """

    SIZES = ("layers", "width", "z_dim", "seed")

    def __init__(self, settings: Settings | None = None, points: data.Points | None = None):
        self.drawn = points
        super().__init__(settings or Settings())

    def networks(self) -> tuple[nn.Module, nn.Module]:
        """Return an untrained D and an untrained G, with as many layers and neurons as are set."""
        s = self.settings
        G = models.Generator(s.z_dim, hidden_layers(s.z_dim, s, 2))
        return models.Discriminator((2,), hidden_layers(2, s, 1)), G

    def new_game(self, D: nn.Module, G: nn.Module) -> Game:
        """Return a new game on the points that are set."""
        return Game(D, G, self.points(self.settings), batch_size=BATCH, r1_every=R1_EVERY,
                    seed=self.settings.seed)

    def points(self, settings: Settings) -> data.Points:
        """Return the real points of `settings`. Raises ValueError if none are drawn yet."""
        if settings.points != DRAWN:
            return data.load(settings.points)
        if self.drawn is None or len(self.drawn) < 2:
            raise ValueError("Nothing is drawn yet: draw at least two points.")
        return self.drawn

    def refuse(self, settings: Settings) -> None:
        """Raise ValueError if there are no points for `settings`."""
        self.points(settings)

    def take(self, settings: Settings) -> None:
        """Give the settings, all but the sizes, to the game as it is."""
        super().take(settings)
        game = self.game
        game.samples, game.noise_kind = self.points(settings), settings.noise
        others = game.samples.batch(len(self.real()), torch.Generator(game.device).manual_seed(1))
        self.floor = plane.energy_distance(self.real(), others)  # what two real samples are apart
        self.shown_z = game.noise(SHOWN, torch.Generator(game.device).manual_seed(settings.seed))

    def draw(self, points: data.Points) -> None:
        """Play on with points that somebody drew. Raises ValueError for fewer than two."""
        before, self.drawn = self.drawn, points
        try:
            self.change(points=DRAWN)
        except ValueError:
            self.drawn = before
            raise

    # --- what is to be seen -------------------------------------------------------------------

    def real(self) -> Tensor:
        """Return the real points that are shown: float32 (SHOWN, 2), or fewer if there are."""
        return self.game.samples.scaled()[:SHOWN]

    @torch.no_grad()
    def fakes(self) -> Tensor:
        """Return the fakes of the noise that is shown: float32 (SHOWN, 2)."""
        return latent.look(self.game.G, self.shown_z)

    @torch.no_grad()
    def field(self, side: int = 40) -> Tensor:
        """Return D(x) on a square grid of points x: float32 (side, side) in [0, 1], on the CPU.

        Row 0 is at the bottom. With the Wasserstein loss D's number is no probability; its sigmoid
        still says which of two places D likes better.
        """
        places = plane.square(side, LIMIT).to(self.game.device)
        return self.game.D.probability(places).view(side, side).cpu()

    @torch.no_grad()
    def warp(self, side: int = 15) -> Tensor:
        """Return where G puts a square grid of noise: float32 (side, side, 2), on the CPU.

        The grid spans the first two numbers of z from -2 to 2, the others are 0. With one number
        the rows are all the same.
        """
        z = torch.zeros(side * side, self.game.G.z_dim)
        z[:, :2] = plane.square(side, 2.0)[:, :self.game.G.z_dim]
        return latent.look(self.game.G, z.to(self.game.device)).view(side, side, 2).cpu()

    def pushes(self) -> Tensor:
        """Return for each shown fake the direction in which G's loss falls: float32 (SHOWN, 2)."""
        x = self.fakes().requires_grad_(True)
        with training.frozen(self.game.D):
            loss = self.game.loss_function(self.game.D(x)) * len(x)  # a mean has small shares
            gradient, = torch.autograd.grad(loss, x)
        return -gradient

    def numbers(self) -> dict[str, float]:
        """Return how things are: D's hits and false alarms, the distance of the fakes, modes."""
        real, fake = self.real(), self.fakes()
        found = {"hits": (self.game.D.probability(fake) < 0.5).float().mean().item(),
                 "false alarms": (self.game.D.probability(real) < 0.5).float().mean().item(),
                 "distance": plane.energy_distance(real, fake), "floor": self.floor}
        centres = self.game.samples.centres
        if centres is not None:
            nearest = torch.cdist(fake, centres.to(fake.device)).min(1).values
            found |= {"modes": metrics.modes_hit(fake, centres, NEAR),
                      "near a mode": (nearest <= NEAR).float().mean().item()}
        return found
