"""The numbers that the slides state, computed by `gan_lib` when the deck is built.

`{{name}}` in lecture.md becomes `CLAIMS[name]()`. Games run on the CPU, with a seed of their own.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import torch

from gan_lib import checkpoints, data, failures, latent, losses, metrics, models, training
from gan_lib.data.face_attributes import ATTRIBUTES, is_class
from gan_lib.stand_ins import given
from gan_lib.widgets.three_numbers import REAL_MEAN, START, ThreeNumberGAN

CLAIMS: dict[str, Callable[[], str]] = {}
MINUS = "\N{MINUS SIGN}"


def claim(function: Callable[[], str]) -> Callable[[], str]:
    """Enter a function as the claim of its own name; it is computed once."""
    CLAIMS[function.__name__] = functools.cache(function)
    return CLAIMS[function.__name__]


def number(value: float, digits: int = 2) -> str:
    """Return a number as people read it: 1,024 or −1.39."""
    return f"{value:,.{digits}f}".replace("-", MINUS)


def surprise(p: float) -> float:
    return losses.surprise(torch.tensor(p, dtype=torch.float64)).item()


# --- the networks ---------------------------------------------------------------------------

def outputs(name: str) -> int:
    """Return how many numbers one picture of the shipped generator `name` holds."""
    about = checkpoints.card(name)["arguments"]
    return about["channels"] * about["size"] ** 2


@claim
def digits_z() -> str:
    return number(checkpoints.card("digits")["arguments"]["z_dim"], 0)


@claim
def digits_pixels() -> str:
    return number(outputs("digits"), 0)


@claim
def faces64_z() -> str:
    return number(checkpoints.card("faces64")["arguments"]["z_dim"], 0)


@claim
def faces64_numbers() -> str:
    return number(outputs("faces64"), 0)


@claim
def faces64_minutes() -> str:
    return number(checkpoints.card("faces64")["cpu_seconds"] / 60, 0)


@claim
def faces_distance() -> str:
    return number(checkpoints.card("faces")["scores"]["frechet_distance"], 0)


@claim
def faces_floor() -> str:
    return number(checkpoints.card("faces")["scores"]["frechet_distance_of_two_real_halves"], 0)


@claim
def drawn_people() -> str:
    """How many different faces the classes alone allow, before any measure varies."""
    return number(math.prod(len(answers) for name, answers in ATTRIBUTES.items()
                            if is_class(name)), 0)


@claim
def mlp_weights() -> str:
    """How many weights the first layer of an MLP has, for each neuron that sees a digit."""
    first = models.FullyConnectedDiscriminator(size=32, width=20).layers[1]
    return number(first.weight[0].numel(), 0)


@claim
def cnn_weights() -> str:
    """How many weights one kernel of a CNN's first layer has."""
    first = models.ConvDiscriminator(size=32, width=16, hidden=0).layers[0]
    return number(first.weight[0].numel(), 0)


@functools.cache
def fakes_in_two_batches(normalised: bool) -> tuple[float, float]:
    """Return the mean D(x) of the same fakes: beside real samples, and among fakes alone.

    D has learnt from 30 mixed batches, with or without batch normalisation; G is untrained.
    """
    digits, random = data.load("digits", size=16, device="cpu"), torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        G = models.ConvGenerator(z_dim=16, size=16, width=8)
        D = models.ConvDiscriminator(size=16, width=8, hidden=0, batch_norm=normalised)
    optimizer = torch.optim.Adam(D.parameters(), 2e-3, (0.0, 0.99))
    y = torch.cat([torch.zeros(32), torch.ones(32)])
    for _ in range(31):
        fake = latent.look(G, torch.randn(32, G.z_dim, generator=random)).detach()
        mixed = torch.cat([fake, digits.batch(32, random)])
        judged = D.probability(mixed)[:32].mean().item(), D.probability(fake).mean().item()
        optimizer.zero_grad()
        losses.bce(D(mixed), y).backward()
        optimizer.step()
    return judged


@claim
def norm_mixed() -> str:
    return number(fakes_in_two_batches(True)[0], 3)


@claim
def norm_alone() -> str:
    return number(fakes_in_two_batches(True)[1], 3)


@claim
def no_norm_mixed() -> str:
    return number(fakes_in_two_batches(False)[0], 3)


@claim
def no_norm_alone() -> str:
    return number(fakes_in_two_batches(False)[1], 3)


# --- the losses -----------------------------------------------------------------------------

@claim
def surprise_half() -> str:
    return number(surprise(0.5))


@claim
def surprise_right() -> str:
    return number(surprise(0.99))


@claim
def surprise_wrong() -> str:
    return number(surprise(0.01))


@claim
def blind_loss() -> str:
    """The loss of a D that always says 0.5: the largest one that G can force on the best D."""
    zeros = torch.zeros(8, dtype=torch.float64)
    return number(losses.discriminator_loss(zeros, zeros).item())


@claim
def value_of_the_game() -> str:
    return number(-losses.discriminator_loss(torch.zeros(8), torch.zeros(8)).item())


def pull(loss: str, p: float) -> float:
    """Return how hard a fake with D(G(z)) = p is pulled: the size of the gradient at its logit."""
    logit = torch.logit(torch.tensor(p, dtype=torch.float64)).requires_grad_(True)
    gradient, = torch.autograd.grad(losses.GENERATOR_LOSSES[loss](logit), logit)
    return gradient.abs().item()


@claim
def minimax_pull() -> str:
    return number(pull("minimax", 0.001), 3)


@claim
def non_saturating_pull() -> str:
    return number(pull("non-saturating", 0.001), 3)


# --- games ----------------------------------------------------------------------------------

@functools.cache
def half_steps() -> dict[str, float]:
    """Return how far each network moved in a half-step of D, then in one of G."""
    D, G, optimizers = players(seed=0)
    real = data.load("ring", device="cpu").batch(128, torch.Generator().manual_seed(0))
    z = latent.draw(128, G.z_dim, device="cpu")
    moved = {}
    for name, step in (
            ("D", lambda: training.discriminator_step(D, G, real, z, optimizers[0])),
            ("G", lambda: training.generator_step(D, G, z, optimizers[1]))):
        before_D, before_G = training.weights(D), training.weights(G)
        step()
        moved[f"{name}: D"] = training.change(before_D, D)
        moved[f"{name}: G"] = training.change(before_G, G)
    return moved


def exact(value: float) -> str:
    """Return a number; 0 only where it is exactly 0."""
    return "0" if value == 0 else f"{value:.2g}"


@claim
def moved_D_by_step_D() -> str:
    return exact(half_steps()["D: D"])


@claim
def moved_G_by_step_D() -> str:
    return exact(half_steps()["D: G"])


@claim
def moved_D_by_step_G() -> str:
    return exact(half_steps()["G: D"])


@claim
def moved_G_by_step_G() -> str:
    return exact(half_steps()["G: G"])


@functools.cache
def three_numbers() -> list[float]:
    """Return theta at the start and after each of 200 turns of the three-number GAN."""
    return [START["theta"], *ThreeNumberGAN().play(200)]


@claim
def theta_start() -> str:
    return number(START["theta"], 0)


@claim
def theta_target() -> str:
    return number(REAL_MEAN, 0)


@claim
def theta_top() -> str:
    return number(max(three_numbers()), 1)


@claim
def theta_end() -> str:
    return number(three_numbers()[-1], 2)


def saddle(turns: str, penalty: float = 0.0) -> str:
    """Return how far from the saddle two numbers are after 40 turns that began at (1, 1)."""
    d, g = failures.TwoNumberGame(turns=turns, penalty=penalty).path(40)[-1]
    return number(math.hypot(d, g), 1)


@claim
def saddle_start() -> str:
    return number(math.hypot(1, 1), 1)


@claim
def saddle_simultaneous() -> str:
    return saddle("simultaneous")


@claim
def saddle_alternating() -> str:
    return saddle("alternating")


@claim
def saddle_penalty() -> str:
    return saddle("alternating", penalty=0.5)


def players(seed: int, classes_D: int = 0, classes_G: int = 0, lr_D: float = 2e-3,
            lr_G: float = 2e-3):
    """Return a new D, a new G and the optimizer of each, for points in the plane."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        D = models.PointDiscriminator(classes=classes_D)
        G = models.PointGenerator(classes=classes_G)
    return D, G, (torch.optim.Adam(D.parameters(), lr_D, (0.0, 0.99)),
                  torch.optim.Adam(G.parameters(), lr_G, (0.0, 0.99)))


@functools.cache
def collapsed() -> int:
    """Return how many of the ring's modes are hit after 300 turns with a D that is far ahead."""
    ring, random = data.load("ring", device="cpu"), torch.Generator().manual_seed(0)
    D, G, (optimizer_D, optimizer_G) = players(seed=0, lr_D=5e-3, lr_G=1e-3)

    def noise(n: int = 128):
        return torch.randn(n, G.z_dim, generator=random)

    for _ in range(300):
        for _ in range(5):
            training.discriminator_step(D, G, ring.batch(128, random), noise(), optimizer_D)
        training.generator_step(D, G, noise(), optimizer_G)
    return metrics.modes_hit(latent.look(G, noise(300)), ring.centres, radius=0.3)


@claim
def collapsed_modes() -> str:
    return number(collapsed(), 0)


@functools.cache
def obeyed(told: bool) -> float:
    """Return the share of fakes that lie nearest to the mode that their label names.

    G always gets a label. D is told the labels, of real points and fakes, only if `told`.
    """
    ring, random = data.load("ring", device="cpu"), torch.Generator().manual_seed(0)
    classes = len(ring.class_names)
    D, G, (optimizer_D, optimizer_G) = players(0, classes if told else 0, classes)
    for _ in range(300):
        real, y = ring.batch(128, random, with_labels=True)
        z = torch.randn(128, G.z_dim, generator=random)
        judge, maker = given(D, y if told else None), given(G, y)
        training.discriminator_step(judge, maker, real, z, optimizer_D)
        training.generator_step(judge, maker, z, optimizer_G)
    y = torch.arange(800) % classes
    with torch.no_grad():
        fakes = G(torch.randn(800, G.z_dim, generator=random), y)
    return (torch.cdist(fakes, ring.centres).argmin(1) == y).double().mean().item()


@claim
def obeyed_if_D_knows() -> str:
    return f"{obeyed(True):.0%}"


@claim
def obeyed_if_not() -> str:
    return f"{obeyed(False):.0%}"


@claim
def obeyed_by_chance() -> str:
    return f"{1 / len(data.load('ring', n=8, device='cpu').class_names):.0%}"


# --- noise ----------------------------------------------------------------------------------

@functools.cache
def lengths() -> tuple[float, float]:
    """Return the mean length of noise vectors, and of the middles of the straight ways."""
    z = latent.draw(10_000, checkpoints.card("faces64")["arguments"]["z_dim"], device="cpu")
    a, b = z.chunk(2)
    return z.norm(dim=1).mean().item(), latent.lerp(a, b, 0.5).norm(dim=1).mean().item()


@claim
def noise_length() -> str:
    return number(lengths()[0], 1)


@claim
def middle_length() -> str:
    return number(lengths()[1], 1)
