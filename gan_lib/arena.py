"""The arena: a GAN in the plane whose settings can change while it plays.

After GAN Lab (Kahng et al., 2018): the same networks and half-steps as in notebook 04, and what is
to be seen of them at any moment. The tool that draws it is `widgets.arena`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import torch
from torch import Tensor, nn

from gan_lib import checks, data, latent, lesson_codes, losses, metrics, models, plane, training
from gan_lib import wasserstein as wasserstein_game

RATES = (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5)
CHOICES = {
    "points": ("ring", "grid", "blobs", "moons", "spiral", "line"),
    "loss": ("non-saturating", "minimax", "Wasserstein"),
    "lr_D": RATES, "lr_G": RATES, "d_steps": (1, 2, 3, 5, 10),
    "r1": (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), "momentum": (0.0, 0.5, 0.9, 0.99),
    "layers": (1, 2, 3, 4), "width": (4, 8, 16, 32, 64, 128), "z_dim": (1, 2, 4, 8, 16),
    "noise": ("normal", "uniform", "heaps"), "seed": tuple(range(1000)),
}
SIZES = ("layers", "width", "z_dim", "seed")  # to change one of these, the game begins anew
DRAWN = "drawn"  # the name of points that somebody drew: no code can tell them
BATCH, SHOWN, NEAR, LIMIT = 64, 300, 0.3, 2.6
HEAP = 0.1       # how wide a heap of noise is
R1_EVERY = 8     # turns from one R1 penalty to the next, that much stronger: it takes time


@dataclass(frozen=True)
class Settings:
    """What can be chosen in the arena; each value is one of `CHOICES`.

    The defaults are those of `training.Game`, but for the noise: out of heaps G can make heaps.
    Raises ValueError for a value that is no choice.
    """

    points: str = "ring"
    loss: str = "non-saturating"
    lr_D: float = 2e-3
    lr_G: float = 2e-3
    d_steps: int = 1          # steps of D for each step of G
    r1: float = 1.0           # the Wasserstein loss has a penalty of its own in its place
    momentum: float = 0.0     # Adam's first beta
    layers: int = 2           # hidden ones, of each network
    width: int = 64           # neurons of each hidden layer
    z_dim: int = 4
    noise: str = "heaps"
    seed: int = 0

    def __post_init__(self):
        for name, possible in CHOICES.items():
            value = getattr(self, name)
            if isinstance(possible[0], float):
                checks.number(name, value, possible[0], possible[-1])
                if value not in possible:
                    raise ValueError(f"{name} must be one of {', '.join(map(str, possible))}, but "
                                     f"it is {value}.")
            elif (name, value) != ("points", DRAWN):
                checks.one_of(name, value, possible)

    @property
    def code(self) -> str:
        """The lesson code: who types it in plays the same game. ValueError for drawn points."""
        if self.points == DRAWN:
            raise ValueError("A drawing has no lesson code: choose one of the point sets.")
        return lesson_codes.encode(asdict(self), CHOICES)

    @staticmethod
    def from_code(code: str) -> Settings:
        """Return the settings of a lesson code. Raises ValueError for a code with a slip."""
        return Settings(**lesson_codes.decode(code, CHOICES))


def hidden_layers(inside: int, settings: Settings, outside: int) -> nn.Sequential:
    """Return `settings.layers` hidden layers of `settings.width` neurons, and the last one."""
    layers = []
    for _ in range(settings.layers):
        layers += [nn.Linear(inside, settings.width), nn.LeakyReLU(0.2)]
        inside = settings.width
    return nn.Sequential(*layers, nn.Linear(inside, outside))


class Game(training.Game):
    """The alternating game of `training`, with three kinds of noise and the Wasserstein loss.

    It shows G as it is, and keeps no average of it and no pictures: there is more time to play.
    """

    noise_kind, wasserstein = "normal", False

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

    def _move_D(self, D, G, real: Tensor, z: Tensor, r1: float) -> tuple[Tensor, Tensor, Tensor]:
        if self.wasserstein:
            return wasserstein_game.critic_step(D, G, real, z, self.optimizer_D,
                                                random=self.random)
        return super()._move_D(D, G, real, z, r1)


class Arena:
    """A game with `settings`; `points` (`data.points`) are what somebody drew, if anybody did.

    `change` gives new settings, and the game goes on; `reset` begins again with the same networks.
    """

    def __init__(self, settings: Settings | None = None, points: data.Points | None = None):
        self.drawn = points
        self.settings = settings or Settings()
        self.reset()

    def reset(self) -> None:
        """Begin again with the untrained networks of this seed."""
        s = self.settings
        with torch.random.fork_rng(), torch.device("cpu"):
            torch.manual_seed(s.seed)
            G = models.Generator(s.z_dim, hidden_layers(s.z_dim, s, 2))
            D = models.Discriminator((2,), hidden_layers(2, s, 1))
        self.game = Game(D, G, self._points(s), batch_size=BATCH, r1_every=R1_EVERY,
                         seed=s.seed)
        self._take(s)

    def change(self, **new) -> None:
        """Change settings while the game plays. New sizes or a new seed begin it anew.

        Raises ValueError for a value that is no choice; everything stays as it was then.
        """
        settings = replace(self.settings, **new)
        self._points(settings)
        anew = any(getattr(settings, name) != getattr(self.settings, name) for name in SIZES)
        self.settings = settings
        if anew:
            self.reset()
        else:
            self._take(settings)

    def draw(self, points: data.Points) -> None:
        """Play on with points that somebody drew. Raises ValueError for fewer than two."""
        before, self.drawn = self.drawn, points
        try:
            self.change(points=DRAWN)
        except ValueError:
            self.drawn = before
            raise

    def step(self, turns: int = 1) -> None:
        """Play `turns` turns: `d_steps` steps of D, then one of G. Raises LossNotFinite."""
        for _ in range(turns):
            self.game.step()
        self.game.read()

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

    # --- slow motion --------------------------------------------------------------------------

    def slowly(self, player: str) -> Iterator[tuple[str, str]]:
        """Take one half-step of "D" or of "G" in parts. Yields (part, what it gave in words)."""
        checks.one_of("player", player, ("D", "G"))
        game, other = self.game, "G" if player == "D" else "D"
        real, z, D, G = game._turn()
        yield "draw z", f"{len(z)} noise vectors of {z.shape[1]} numbers"
        yield "G", f"G makes {len(z)} fakes of them" + (", frozen" if player == "D" else "")
        logits = game.D(G.fake)
        judged = f"D(G(z)) is {logits.sigmoid().mean().item():.2f} on average"
        yield "D", judged + (", D is frozen" if player == "G" else
                             f", D(x) is {game.D(real).sigmoid().mean().item():.2f}")
        before = {name: training.weights(getattr(game, name)) for name in "DG"}
        if player == "D":
            loss, *_ = game._move_D(D, G, real, z, self.settings.r1)
        else:
            loss = game._move_G(D, G, z)
        yield "loss", f"{player}'s loss is {loss.item():.3f}"
        size = sum(weight.grad.square().sum() for weight in getattr(game, player).parameters())
        yield "gradient", f"its gradient is {size.sqrt().item():.3g} long"
        moved = {name: training.change(before[name], getattr(game, name)) for name in "DG"}
        yield "update", f"|Δ{player}| = {moved[player]:.4f}, |Δ{other}| = {moved[other]:.0f}"

    # --- inside -------------------------------------------------------------------------------

    def _points(self, settings: Settings) -> data.Points:
        if settings.points != DRAWN:
            return data.load(settings.points)
        if self.drawn is None or len(self.drawn) < 2:
            raise ValueError("Nothing is drawn yet: draw at least two points.")
        return self.drawn

    def _take(self, settings: Settings) -> None:
        """Give the settings, all but the sizes, to the game as it is."""
        game = self.game
        game.samples, game.noise_kind = self._points(settings), settings.noise
        others = game.samples.batch(len(self.real()), torch.Generator(game.device).manual_seed(1))
        self.floor = plane.energy_distance(self.real(), others)  # what two real samples are apart
        game.wasserstein = settings.loss == "Wasserstein"
        game.loss_function = (wasserstein_game.generator_loss if game.wasserstein
                              else losses.GENERATOR_LOSSES[settings.loss])
        game.r1, game.d_steps = settings.r1, settings.d_steps
        for optimizer, lr in ((game.optimizer_D, settings.lr_D), (game.optimizer_G, settings.lr_G)):
            optimizer.param_groups[0].update(lr=lr, betas=(settings.momentum, 0.99))
        self.shown_z = game.noise(SHOWN, torch.Generator(game.device).manual_seed(settings.seed))
