"""A GAN in the plane, one half-step at a time: who moves, and who is frozen?

After GAN Lab (Kahng et al., 2018): both networks in one picture, and slow motion.
"""

from __future__ import annotations

import torch
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from torch import Tensor

from gan_lib import checks, data, figures, latent, metrics, models, training
from gan_lib.widgets.tool import lay_out_once, named, row
from gan_lib.widgets.two_players import Bars, TwoPlayers

SHOWN = 300        # points of each kind
SIDE = 48          # of the background field, in points
LIMIT = 2.6        # of both axes
NEAR = 0.3         # a fake this close to the middle of a mode has hit it
TICKS = 1000       # length of the slow motion
BELIEF = LinearSegmentedColormap.from_list("belief", ["#ffffff", figures.NETWORK_D])


class HalfSteps(TwoPlayers):
    """What does one half-step change? Eight real modes in a ring, fakes, and D's judgement.

    `step_D()`, `step_G()`, `both(pairs)` and `reset()` are the buttons; each tick of `play` is
    one pair. `moved_D` and `moved_G` are |ΔD| and |ΔG| of the last move. Further arguments are
    those of `training.Game`, such as `r1=0` or `loss="minimax"`.
    """

    def __init__(self, batch_size: int = 128, seed: int = 0, **game):
        checks.whole_number("seed", seed, low=0)
        self._arguments = {"batch_size": batch_size, "seed": seed, **game}
        self.ring = data.load("ring")
        self._new_game()
        self.play = self.ticks(TICKS, 150, self.both)
        buttons = [self.button("Step D", self.step_D), self.button("Step G", self.step_G),
                   self.button("Both ×1", lambda: self.both(1)),
                   self.button("Both ×50", lambda: self.both(50)),
                   self.button("Reset", self.reset)]
        super().__init__([row(*buttons, named(self.play))])
        self._prepare()

    def step_D(self) -> None:
        """Freeze G and move D one step."""
        self.move("step D, G frozen", lambda: self.game.step_D())

    def step_G(self) -> None:
        """Freeze D and move G one step."""
        self.move("step G, D frozen", lambda: self.game.step_G())

    def both(self, pairs: int = 1) -> None:
        """Alternate: `pairs` times a step of D and a step of G."""
        self.move(f"{pairs} × (step D, step G)", lambda: self.game.play(pairs, progress=False))

    def reset(self) -> None:
        """Start again with the same untrained networks."""
        with self.busy:
            self._new_game()
            self.forget()
            self.play.value = 0
        self.refresh()

    def modes(self) -> int:
        """Return how many of the eight modes the fakes hit."""
        return metrics.modes_hit(self._fakes(), self.ring.centres, NEAR)

    def on_modes(self) -> float:
        """Return the share of the fakes that lie on a mode: a ring between them hits modes, too."""
        distances = torch.cdist(self._fakes(), self.ring.centres.to(self.game.device))
        return (distances.min(1).values <= NEAR).float().mean().item()

    def field(self) -> Tensor:
        """Return D(x) on a square grid of points x: float32 (SIDE, SIDE) in [0, 1], on the CPU."""
        return self.game.D.probability(self._grid.to(self.game.device)).reshape(SIDE, SIDE).cpu()

    def picture(self) -> Figure:
        """Return the figure: the points on D's judgement; how far each network just moved."""
        real_says, fake_says = self._judgement()
        self._background.set_data(self.field().numpy())
        self._fake_points.set_offsets(self._fakes().cpu().numpy())
        self._left.title.set_text(
            f"mean D(x) {real_says:.2f},  D(G(z)) {fake_says:.2f}\n"
            f"{self.modes()} of 8 modes hit, {self.on_modes():.0%} of fakes on modes")
        self._bars.draw(self)
        return self.figure

    def alt(self) -> str:
        """Return one sentence with D's judgement, the modes hit and the last move."""
        real_says, fake_says = self._judgement()
        return (f"Real points in a ring of 8 modes; the fakes hit {self.modes()} of them, "
                f"{self.on_modes():.0%} of the fakes lie on a mode. D's probability of real is "
                f"{real_says:.2f} on average for real points, {fake_says:.2f} for fakes; "
                f"{self.last_move()}.")

    def weights(self) -> tuple[Tensor, Tensor]:
        """Return all weights of D and all of G: two vectors, float32."""
        return training.weights(self.game.D), training.weights(self.game.G)

    def _new_game(self) -> None:
        with torch.random.fork_rng():  # the same networks at every reset
            torch.manual_seed(self._arguments["seed"])
            with torch.device("cpu"):  # torch's default device differs from thread to thread
                D, G = models.PointDiscriminator(), models.PointGenerator()
            self.game = training.Game(D, G, self.ring, **self._arguments)
        self._noise = self.game.noise(SHOWN)

    @torch.no_grad()
    def _fakes(self) -> Tensor:
        return latent.look(self.game.G, self._noise)

    def _judgement(self) -> tuple[float, float]:
        D = self.game.D
        return (D.probability(self.ring.scaled()[:SHOWN]).mean().item(),
                D.probability(self._fakes()).mean().item())

    def _prepare(self) -> None:
        across = torch.linspace(-LIMIT, LIMIT, SIDE, device="cpu")
        y, x = torch.meshgrid(across, across, indexing="ij")
        self._grid = torch.stack([x.flatten(), y.flatten()], dim=1)
        self.figure, (self._left, right) = figures.new(columns=2, width=12, height=5.4)
        self._left.get_gridspec().set_width_ratios((1.7, 1))
        self._background = self._left.imshow(
            self.field().numpy(), origin="lower", cmap=BELIEF,
            extent=(-LIMIT, LIMIT, -LIMIT, LIMIT), vmin=0, vmax=1, alpha=0.6,
            interpolation="bilinear")
        bar = self.figure.colorbar(self._background, ax=self._left, ticks=(0, 0.5, 1), shrink=0.7)
        bar.set_label("D(x)")
        figures.draw_points(self._left, self.ring.scaled()[:SHOWN], self._fakes(), limit=LIMIT)
        self._fake_points = self._left.collections[-1]
        self._bars = Bars(right, top=10)
        right.set_yscale("symlog", linthresh=0.01)
        right.set(ylim=(0, 20), yticks=(0, 0.01, 0.1, 1, 10),
                  yticklabels=("0", "0.01", "0.1", "1", "10"))
        self.picture()
        lay_out_once(self.figure)
