"""A whole GAN in three numbers, to play by hand: freeze one player, move the other.

Source of the idea: Simon Prince, "Understanding Deep Learning", 2023, notebook 15.1.
"""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor

from gan_lib import checks, figures, losses
from gan_lib.widgets.tool import lay_out_once, row, slider
from gan_lib.widgets.two_players import Bars, TwoPlayers

REAL_MEAN = 2.0
START = {"theta": -1.0, "a": 0.0, "b": 0.0}
LIMITS = {"theta": (-3.0, 5.0), "a": (-5.0, 5.0), "b": (-10.0, 10.0)}
LOW, HIGH = -4.0, 6.0  # of the axis


class ThreeNumberGAN:
    """G adds theta to noise; D is a logistic regression: D(x) = sigmoid(a x + b).

    The same `n` real numbers ~ N(2, spread) and `n` noise numbers are used at every step, so
    that the game repeats exactly. `rate` is the length of a step.
    """

    def __init__(self, spread: float = 0.5, rate: float = 0.3, n: int = 500, seed: int = 0):
        self.spread = checks.number("spread", spread, low=0.0)
        self.rate = checks.number("rate", rate, low=0.0)
        checks.whole_number("n", n)
        random = torch.Generator("cpu").manual_seed(checks.whole_number("seed", seed, low=0))
        self.real = REAL_MEAN + spread * torch.randn(n, generator=random, device="cpu")
        self.z = torch.randn(n, generator=random, device="cpu")
        self.theta, self.a, self.b = (
            torch.tensor(value, device="cpu", dtype=torch.float64, requires_grad=True)
            for value in START.values())

    def G(self, z: Tensor) -> Tensor:
        """Return the fakes made of the noise z (N,): float32 (N,)."""
        return self.theta + self.spread * z

    def D(self, x: Tensor) -> Tensor:
        """Return the logits of the numbers x (N,): float32 (N,)."""
        return self.a * x + self.b

    def loss_D(self) -> Tensor:
        """Return D's loss: BCE of the real numbers against 1 plus BCE of the fakes against 0."""
        return losses.discriminator_loss(self.D(self.real), self.D(self.G(self.z)))

    def loss_G(self) -> Tensor:
        """Return G's loss: BCE of the fakes against the label "real"."""
        return losses.non_saturating_loss(self.D(self.G(self.z)))

    def step_D(self) -> None:
        """Freeze G: a and b go one step down D's loss, theta stays."""
        self._descend(self.loss_D(), self.a, self.b)

    def step_G(self) -> None:
        """Freeze D: theta goes one step down G's loss, a and b stay."""
        self._descend(self.loss_G(), self.theta)

    def play(self, steps: int) -> list[float]:
        """Alternate: a step of D, a step of G, and so on. Returns theta after each pair."""
        seen = []
        for _ in range(checks.whole_number("steps", steps)):
            self.step_D()
            self.step_G()
            seen.append(self.theta.item())
        return seen

    def numbers(self) -> dict[str, float]:
        """Return the three numbers by name."""
        return {name: getattr(self, name).item() for name in START}

    def set(self, name: str, value: float) -> None:
        """Give one of the three numbers ("theta", "a", "b") a new value."""
        checks.one_of("name", name, START)
        with torch.no_grad():
            getattr(self, name).fill_(checks.number(name, value))

    def _descend(self, loss: Tensor, *moving: Tensor) -> None:
        gradients = torch.autograd.grad(loss, moving)
        with torch.no_grad():
            for number, gradient in zip(moving, gradients):
                number -= self.rate * gradient


class Scene:
    """Both kinds of numbers as histograms in one axes, and D's curve over them."""

    edges = torch.linspace(LOW, HIGH, 41, device="cpu")
    grid = torch.linspace(LOW, HIGH, 201, device="cpu")

    def __init__(self, axes):
        nothing = torch.zeros(len(self.edges) - 1, device="cpu")
        self.axes = axes
        self.real = axes.stairs(nothing, self.edges, fill=True, alpha=0.55, color=figures.REAL,
                                label="real")
        self.fake = axes.stairs(nothing, self.edges, color=figures.FAKE, linestyle="--",
                                linewidth=2.5, label="fake")
        self.curve, = axes.plot([], [], color=figures.NETWORK_D, label="D(x)")
        axes.axhline(0.5, color=figures.NEUTRAL, linewidth=1, linestyle=":")
        axes.set(xlabel="number x", ylabel="D(x); density", xlim=(LOW, HIGH), ylim=(0, 1.35),
                 yticks=(0, 0.5, 1))
        axes.legend(loc="upper left", ncols=3)

    @torch.no_grad()
    def draw(self, gan: ThreeNumberGAN) -> None:
        """Draw `gan` as it is now."""
        for steps, x in ((self.real, gan.real), (self.fake, gan.G(gan.z))):
            steps.set_data(torch.histogram(x, self.edges, density=True).hist)
        self.curve.set_data(self.grid, torch.sigmoid(gan.D(self.grid)))


class ThreeNumbers(TwoPlayers):
    """Plays the GAN in three numbers by slider and by step, and shows which player moved.

    `theta`, `a`, `b` are sliders; `step_D()`, `step_G()`, `both(pairs)` and `reset()` are the
    buttons. `moved_D` and `moved_G` are |ΔD| and |ΔG| of the last move.
    """

    def __init__(self):
        self.gan = ThreeNumberGAN()
        self.theta, self.a, self.b = (
            slider(label, *LIMITS[name], START[name])
            for name, label in (("theta", "G: θ"), ("a", "D: a"), ("b", "D: b")))
        self.sliders = {"theta": self.theta, "a": self.a, "b": self.b}
        buttons = [self.button("Step D", self.step_D), self.button("Step G", self.step_G),
                   self.button("Both ×10", self.both), self.button("Reset", self.reset)]
        super().__init__([*self.sliders.values(), row(*buttons)])
        for control in self.sliders.values():
            control.observe(self._by_hand, names="value")
        self._prepare()

    def step_D(self) -> None:
        """Freeze G and move D one step."""
        self.move("step D, G frozen", lambda: self.gan.step_D())

    def step_G(self) -> None:
        """Freeze D and move G one step."""
        self.move("step G, D frozen", lambda: self.gan.step_G())

    def both(self, pairs: int = 10) -> None:
        """Alternate: `pairs` times a step of D and a step of G."""
        self.move(f"{pairs} × (step D, step G)", lambda: self.gan.play(pairs))

    def reset(self) -> None:
        """Go back to the start."""
        self.move("reset", lambda: setattr(self, "gan", ThreeNumberGAN()))

    def picture(self) -> Figure:
        """Return the figure: the numbers and D's curve; how far each player just moved."""
        theta, a, b = self.gan.numbers().values()
        self._scene.draw(self.gan)
        self._scene.axes.title.set_text(
            f"θ = {theta:.2f},  a = {a:.2f},  b = {b:.2f}\n"
            f"loss of D {self._loss('D'):.2f},  loss of G {self._loss('G'):.2f}")
        self._bars.draw(self)
        return self.figure

    def alt(self) -> str:
        """Return one sentence with the three numbers, both losses and the last move."""
        theta, a, b = self.gan.numbers().values()
        return (f"Real numbers near {REAL_MEAN:g}, fakes near {theta:.2f}, and D's curve with "
                f"a = {a:.2f}, b = {b:.2f}; loss of D {self._loss('D'):.2f}, loss of G "
                f"{self._loss('G'):.2f}; {self.last_move()}.")

    def weights(self) -> tuple[Tensor, Tensor]:
        """Return D's two numbers and G's one: float64 (2,) and (1,)."""
        theta, a, b = torch.tensor(list(self.gan.numbers().values()), device="cpu",
                                   dtype=torch.float64)
        return torch.stack([a, b]), theta.unsqueeze(0)

    def moved(self) -> None:
        """Set the sliders to the numbers."""
        for name, control in self.sliders.items():
            control.value = self._on_slider(name)

    def _loss(self, player: str) -> float:
        return getattr(self.gan, f"loss_{player}")().item()

    def _by_hand(self, change) -> None:
        if self.busy.locked():  # a step has moved this slider
            return
        name = next(name for name, control in self.sliders.items() if control is change["owner"])
        if self._on_slider(name) == round(change["new"], 2):  # the browser rounds: no hand did it
            return
        frozen = "D" if name == "theta" else "G"
        self.move(f"by hand, {frozen} frozen", lambda: self.gan.set(name, change["new"]))

    def _on_slider(self, name: str) -> float:
        low, high = LIMITS[name]
        return round(min(max(self.gan.numbers()[name], low), high), 2)

    def _prepare(self) -> None:
        self.figure, (left, right) = figures.new(columns=2, width=12, height=4.2)
        left.get_gridspec().set_width_ratios((3, 1.3))
        self._scene = Scene(left)
        self._bars = Bars(right, top=1.0)
        right.set(ylim=(0, 1.15), yticks=(0, 0.5, 1))
        self.picture()
        lay_out_once(self.figure)
