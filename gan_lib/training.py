"""The two half-steps, the alternating game over them, and its history."""

from __future__ import annotations

import copy
import math
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from gan_lib import checks, fit, losses, states
from gan_lib.device import has_bfloat16
from gan_lib.progress import Progress, held, stop_button
from gan_lib.stand_ins import SameFakes, given


def discriminator_step(D, G, real: Tensor, z: Tensor, optimizer, smooth: float = 0.0,
                       r1: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
    """Freeze G and move D one step down its loss. Returns (loss, real logits, fake logits).

    `real` (N, ...) are real samples, `z` (N, z_dim) noise, `optimizer` holds D's weights.
    `smooth` in [0, 0.5] is one-sided label smoothing, `r1` >= 0 the weight of the R1 penalty.
    Raises TypeError or ValueError where D cannot learn: it is frozen, or no weight of it is in
    `optimizer`.
    """
    checks.learner("D", D, optimizer)
    checks.number("r1", r1, 0.0)
    with frozen(G), torch.no_grad():
        fake = G(z)
    real_logits, fake_logits = D(real), D(fake)
    loss = losses.discriminator_loss(real_logits, fake_logits, smooth)
    penalty = r1 / 2 * losses.r1_penalty(D, real) if r1 else 0.0
    optimizer.zero_grad()
    (loss + penalty).backward()
    optimizer.step()
    return loss.detach(), real_logits.detach(), fake_logits.detach()


def generator_step(D, G, z: Tensor, optimizer,
                   loss_function=losses.non_saturating_loss) -> tuple[Tensor, Tensor]:
    """Freeze D and move G one step down its loss. Returns (loss, fake logits).

    `z` (N, z_dim) is noise, `optimizer` holds G's weights, `loss_function` takes fake logits and
    gives one number. Raises TypeError or ValueError where G cannot learn.
    """
    checks.learner("G", G, optimizer)
    checks.loss("loss_function", loss_function)
    with frozen(D):
        fake_logits = D(G(z))
        loss = loss_function(fake_logits)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.detach(), fake_logits.detach()


@contextmanager
def frozen(network: nn.Module):
    """Keep `network` exactly as it is inside the `with`: no gradients, no moving statistics."""
    checks.kind("network", network, "a network", "parameters", "buffers")
    with held():  # an interrupt waits: no network is left half frozen
        trainable = [parameter for parameter in network.parameters() if parameter.requires_grad]
        buffers = [(buffer, buffer.clone()) for buffer in network.buffers()]
        network.requires_grad_(False)
        try:
            yield
        finally:
            for parameter in trainable:
                parameter.requires_grad_(True)
            for buffer, before in buffers:
                buffer.copy_(before)


def weights(network: nn.Module) -> Tensor:
    """Return a copy of all weights of `network` as one vector: float32 (parameters,)."""
    checks.kind("network", network, "a network", "parameters")
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


def change(before: Tensor, network: nn.Module) -> float:
    """Return how far the weights of `network` are from `before` (from `weights`): |Δ|."""
    now = weights(network)
    return (now - checks.floats("before", before, tuple(now.shape), now)).norm().item()


@dataclass(repr=False)  # of thousands of numbers
class History:
    """What happened in a game, one number a step; pictures of the same noise at intervals."""

    loss_D: list[float] = field(default_factory=list)
    loss_G: list[float] = field(default_factory=list)
    D_real: list[float] = field(default_factory=list)  # mean D(x) on real samples
    D_fake: list[float] = field(default_factory=list)  # mean D(G(z)) on fakes
    pictures: list[tuple[int, Tensor]] = field(default_factory=list)  # (step, samples on CPU)

    def __len__(self) -> int:
        return len(self.loss_D)

    def __repr__(self) -> str:
        return f"The history of {len(self)} turns, with {len(self.pictures)} sets of pictures"


class LossNotFinite(ArithmeticError):
    """A loss became infinite or not a number: the game cannot go on from here."""


class Game:
    """The alternating game: a step of D, a step of G, and so on.

    `samples` is anything with `batch(n, generator)` (see `data.load`). The defaults are the
    course's recipe: non-saturating loss, Adam without momentum (betas 0 and 0.99), R1, and an
    exponential moving average of G (`game.average`), whose pictures are steadier. Set
    `r1=0`, `smooth=0` or `decay=0` to play without. R1 is costly: it is taken every `r1_every`
    steps, that much stronger (Karras et al., 2020). `bfloat16` computes in half precision; None
    does so for pictures, where the device has instructions for it (elsewhere it is slower). Both
    half-steps of a turn judge the same fakes. Networks with `classes` are told the samples' labels:
    D judges real samples and fakes of the same labels. Raises ValueError if D, G and the samples
    do not fit together.
    """

    names = ("loss_D", "loss_G", "D_real", "D_fake")
    look_every = 25  # steps between two looks at the losses: looking at each would slow a GPU

    def __init__(self, D, G, samples, batch_size: int = 64, lr: float = 2e-3,
                 betas: tuple[float, float] = (0.0, 0.99), loss: str = "non-saturating",
                 r1: float = 1.0, r1_every: int = 4, smooth: float = 0.0, decay: float = 0.995,
                 d_steps: int = 1, bfloat16: bool | None = None, pictures_every: int = 100,
                 seed: int = 0):
        fit.kinds(D, G, samples)
        checks.counts(batch_size=batch_size, d_steps=d_steps, r1_every=r1_every,
                      pictures_every=pictures_every)
        self.batch_size, self.d_steps = batch_size, d_steps
        self.r1_every, self.pictures_every = r1_every, pictures_every
        self.r1 = checks.number("r1", r1, 0.0, 1000.0)
        self.smooth = checks.number("smooth", smooth, 0.0, 0.5)
        self.decay = checks.number("decay", decay, 0.0, 0.9999)
        self.loss_function = losses.GENERATOR_LOSSES[
            checks.one_of("loss", loss, losses.GENERATOR_LOSSES)]
        fit.adam(lr, betas)
        checks.one_of("bfloat16", bfloat16, (None, True, False))
        self.samples = samples
        self.device = samples.device
        self.classes = getattr(G, "classes", 0)
        self.D, self.G = (network.to(self.device, memory_format=torch.channels_last)
                          for network in (D, G))  # convolutions are faster so
        self.average = copy.deepcopy(self.G).requires_grad_(False).eval()
        self.optimizer_D = torch.optim.Adam(self.D.parameters(), lr, betas, fused=True)
        self.optimizer_G = torch.optim.Adam(self.G.parameters(), lr, betas, fused=True)
        for name in "DG":
            checks.learner(name, getattr(self, name), getattr(self, f"optimizer_{name}"))
        self.random = torch.Generator(self.device).manual_seed(
            checks.whole_number("seed", seed, low=0, high=2**63 - 1))
        real = samples.batch(batch_size, generator=torch.Generator(self.device).manual_seed(0))
        every = getattr(samples, "points", real)  # pictures at rest cannot hold NaN
        with frozen(self.G):
            fit.shapes(self.D, self.G, every, getattr(samples, "class_names", ()))
        is_picture = len(D.sample_shape) == 3
        self.bfloat16 = (is_picture and has_bfloat16(self.device) if bfloat16 is None
                         else bool(bfloat16))
        self.fixed_z = self.noise(16)
        self.history = History()
        self._unread: list[Tensor] = []

    @property
    def steps(self) -> int:
        """How many alternations were played."""
        return len(self.history) + len(self._unread)

    def noise(self, n: int) -> Tensor:
        """Return n fresh noise vectors: float32 (n, z_dim), standard normal."""
        checks.counts(n=n)
        return torch.randn(n, self.G.z_dim, generator=self.random, device=self.device)

    def labels(self, n: int) -> Tensor | None:
        """Return n labels in turn, 0, 1, 2, ...: int64 (n,); None without classes."""
        return torch.arange(n, device=self.device) % self.G.classes if self.classes else None

    @torch.no_grad()
    def fakes(self, z: Tensor | None = None, y: Tensor | None = None) -> Tensor:
        """Return what the averaged G makes of `z` and `y`, or of the 16 fixed noise vectors.

        If `y` is None, a G with classes gets `labels` in turn.
        """
        z = self.fixed_z if z is None else z
        return given(self.average, self.labels(len(z)) if y is None else y)(z)

    def step(self) -> None:
        """Play one alternation: `d_steps` steps of D, then one of G."""
        if self.steps % self.pictures_every == 0:
            self.history.pictures.append((self.steps, self.fakes().cpu()))
        r1 = self.r1 * self.r1_every if self.steps % self.r1_every == 0 else 0.0
        for _ in range(self.d_steps):
            real, z, D, G = self._turn()
            loss_D, real_logits, fake_logits = self._move_D(D, G, real, z, r1)
        loss_G = self._move_G(D, G, z)
        self._unread.append(torch.stack([
            loss_D, loss_G, real_logits.sigmoid().mean(), fake_logits.sigmoid().mean()]))

    def step_D(self) -> None:
        """Play D's half-step alone, with R1 at its own strength. The history stays as it is."""
        real, z, D, G = self._turn()
        self._move_D(D, G, real, z, self.r1)

    def step_G(self) -> None:
        """Play G's half-step alone. The history stays as it is."""
        _, z, D, G = self._turn()
        self._move_G(D, G, z)

    def _turn(self) -> tuple[Tensor, Tensor, nn.Module, nn.Module]:
        """Draw real samples and noise; return them, D, and a G that makes its fakes just once."""
        labelled = {"with_labels": True} if self.classes else {}
        batch = self.samples.batch(self.batch_size, generator=self.random, **labelled)
        real, y = batch if self.classes else (batch, None)
        z = self.noise(self.batch_size)
        with self._number_format():
            return real, z, given(self.D, y), SameFakes(given(self.G, y), z)

    def _move_D(self, D, G, real: Tensor, z: Tensor, r1: float) -> tuple[Tensor, Tensor, Tensor]:
        with self._number_format():
            return discriminator_step(D, G, real, z, self.optimizer_D, self.smooth, r1)

    def _move_G(self, D, G, z: Tensor) -> Tensor:
        with self._number_format():
            loss, _ = generator_step(D, G, z, self.optimizer_G, self.loss_function)
        self._average_weights()
        return loss

    def _number_format(self):
        # A new one for each half-step: it would keep the weights of the step before.
        return torch.autocast(self.device.type, torch.bfloat16) if self.bfloat16 else nullcontext()

    def play(self, steps: int | None = None, seconds: float | None = None, watch=None,
             progress: bool = True) -> History:
        """Play for a number of `steps` or of `seconds`; whichever ends first if both are given.

        `watch(game)` is called about once a second and at the end (see `widgets.live.Live`). The
        stop button ends the game after the current step, with everything kept; `play` goes on
        from there. Raises LossNotFinite with the step at which a loss stopped being finite.
        """
        if watch is not None:
            checks.kind("watch", watch, "a function of the game, as live.Live() is", "__call__")
        with stop_button() as stop:
            with Progress(steps, seconds, progress) as bar:
                while bar.goes_on() and not stop.is_set():
                    self.step()
                    if self.steps % self.look_every == 0:
                        self.read()
                    bar.update(lambda: watch is None or watch(self))
            self.read()
            if watch is not None:
                watch(self)
            if stop.is_set():
                print(f"Stopped after step {self.steps}. Everything is kept: play again to go on.")
        return self.history

    def read(self) -> None:
        """Bring the newest numbers from the device into `history`; check that they are finite."""
        if not self._unread:
            return
        rows = torch.stack(self._unread).tolist()
        self._unread = []
        for row in rows:
            for name, value in zip(self.names, row):
                if not math.isfinite(value):
                    raise LossNotFinite(
                        f"At step {len(self.history) + 1}, {name} became {value}: the weights have "
                        "grown without bound, and the game cannot go on from here. Make new "
                        "networks and try a smaller lr, or r1=1.")
            for name, value in zip(self.names, row):
                getattr(self.history, name).append(value)

    def state(self) -> dict:
        """Return all that is needed to go on later exactly as if there had been no pause."""
        self.read()
        return states.of(self)

    def load_state(self, state: dict) -> None:
        """Go back to a `state`; settings, such as lr, stay. Says what did not come over.

        Raises ValueError if it is of another game; nothing changes then.
        """
        states.check(self, state)
        with stop_button() as stop:  # an interrupt waits: nothing is left half done
            said = states.take(self, state)
            self._unread = []
        if stop.is_set():
            raise KeyboardInterrupt
        if said:
            print(*said, sep="\n")

    @torch.no_grad()
    def _average_weights(self) -> None:
        # A short memory at first: the earliest weights are noise.
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for kept, new in zip(self.average.parameters(), self.G.parameters()):
            kept.lerp_(new, 1 - decay)
        for kept, new in zip(self.average.buffers(), self.G.buffers()):
            kept.copy_(new)
