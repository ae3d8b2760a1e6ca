"""The numbers that the slides state, computed by `gan_lib` when the deck is built.

`{{name}}` in lecture.md becomes `CLAIMS[name]()`: the words that stand on the slide. Games run on
the CPU, with seeds of their own.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import torch

from gan_lib import checkpoints, data, failures, latent, losses, models
from gan_lib.data.face_attributes import ATTRIBUTES, is_class
from gan_lib.widgets.three_numbers import REAL_MEAN, START, ThreeNumberGAN
from slides.figures import game

SURE = -4.0  # the logit of a fake of which D is sure


# --- how numbers are written ----------------------------------------------------------------

def number(value: float, digits: int = 2) -> str:
    """Return a number as people read it: "1,024" or "−1.39"."""
    return f"{value:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def exact(value: float) -> str:
    """Return a length: "0" only where it is exactly 0."""
    return "0" if value == 0 else f"{value:.2g}"


# --- the networks ---------------------------------------------------------------------------

def made_with(name: str) -> dict:
    """Return the arguments of the shipped network `name`: z_dim, size, channels."""
    return checkpoints.card(name)["arguments"]


def outputs(name: str) -> int:
    """Return how many numbers one picture of the shipped generator `name` holds."""
    return made_with(name)["channels"] * made_with(name)["size"] ** 2


def score(name: str, of: str = "frechet_distance") -> float | dict[str, float]:
    """Return a score, or those of all questions, from the card of a shipped generator."""
    return checkpoints.card(name)["scores"][of]


def words_seen() -> float:
    """Return how many of 100 fakes show what the caption asks for, in the worst kind of words."""
    return 100 * min(score("faces_by_words", "agreement_where_the_caption_says_it").values())


def different_people() -> int:
    """Return how many drawn faces differ in what has classes, before any measure varies."""
    return math.prod(len(answers) for name, answers in ATTRIBUTES.items() if is_class(name))


def first_weights(D: models.Discriminator) -> int:
    """Return how many weights one neuron, or one kernel, of D's first layer has."""
    return next(layer for layer in D.layers if hasattr(layer, "weight")).weight[0].numel()


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
    for turn in range(31):
        fake = latent.look(G, torch.randn(32, G.z_dim, generator=random)).detach()
        mixed = torch.cat([fake, digits.batch(32, random)])
        if turn < 30:
            optimizer.zero_grad()
            losses.bce(D(mixed), y).backward()
            optimizer.step()
    return D.probability(mixed)[:32].mean().item(), D.probability(fake).mean().item()


# --- the losses -----------------------------------------------------------------------------

def surprise(p: float) -> float:
    """Return the cost of one card of whose truth D is sure with probability p."""
    return losses.surprise(torch.tensor(p, dtype=torch.float64)).item()


def blind_loss() -> float:
    """Return the loss of a D that always says 0.5: the most that G can force on the best D."""
    logits = torch.zeros(8, dtype=torch.float64)
    return losses.discriminator_loss(logits, logits).item()


def pull(loss: str) -> float:
    """Return how hard a fake of which D is sure is pulled: the gradient's size at its logit."""
    logit = torch.tensor(SURE, dtype=torch.float64, requires_grad=True)
    gradient, = torch.autograd.grad(losses.GENERATOR_LOSSES[loss](logit), logit)
    return gradient.abs().item()


# --- games ----------------------------------------------------------------------------------

@functools.cache
def three_numbers() -> list[float]:
    """Return theta at the start and after each of 200 turns of the three-number GAN."""
    return [START["theta"], *ThreeNumberGAN().play(200)]


def from_saddle(turns: str, penalty: float = 0.0) -> float:
    """Return how far from the saddle two numbers are 40 turns after they began at (1, 1)."""
    return math.hypot(*failures.TwoNumberGame(turns=turns, penalty=penalty).path(40)[-1])


# --- noise ----------------------------------------------------------------------------------

@functools.cache
def noise_lengths() -> tuple[float, float]:
    """Return the mean length of noise vectors, and of the middles of straight ways."""
    z = latent.draw(10_000, made_with("faces64")["z_dim"], device="cpu")
    a, b = z.chunk(2)
    return z.norm(dim=1).mean().item(), latent.lerp(a, b, 0.5).norm(dim=1).mean().item()


CLAIMS: dict[str, Callable[[], str]] = {
    "digits_z": lambda: number(made_with("digits")["z_dim"], 0),
    "digits_pixels": lambda: number(outputs("digits"), 0),
    "faces64_z": lambda: number(made_with("faces64")["z_dim"], 0),
    "faces64_numbers": lambda: number(outputs("faces64"), 0),
    "faces64_minutes": lambda: number(checkpoints.card("faces64")["cpu_seconds"] / 60, 0),
    "faces64_distance": lambda: number(score("faces64"), 0),
    "faces64_floor": lambda: number(score("faces64", "frechet_distance_of_two_real_halves"), 0),
    "words_seen": lambda: number(words_seen(), 0),
    "different_people": lambda: number(different_people(), 0),
    "mlp_weights": lambda: number(first_weights(models.FullyConnectedDiscriminator(size=32)), 0),
    "cnn_weights": lambda: number(first_weights(models.ConvDiscriminator(size=32)), 0),
    "norm_mixed": lambda: number(fakes_in_two_batches(True)[0]),
    "norm_alone": lambda: number(fakes_in_two_batches(True)[1]),
    "no_norm_mixed": lambda: number(fakes_in_two_batches(False)[0]),
    "no_norm_alone": lambda: number(fakes_in_two_batches(False)[1]),
    "surprise_right": lambda: number(surprise(0.99)),
    "surprise_half": lambda: number(surprise(0.5)),
    "surprise_wrong": lambda: number(surprise(0.01)),
    "blind_loss": lambda: number(blind_loss()),
    "value_of_the_game": lambda: number(-blind_loss()),
    "sure_D": lambda: number(torch.tensor(SURE).sigmoid().item()),
    "minimax_pull": lambda: number(pull("minimax")),
    "non_saturating_pull": lambda: number(pull("non-saturating")),
    "moved_D_by_step_D": lambda: exact(game.moved("D", in_step_of="D")),
    "moved_G_by_step_D": lambda: exact(game.moved("G", in_step_of="D")),
    "moved_D_by_step_G": lambda: exact(game.moved("D", in_step_of="G")),
    "moved_G_by_step_G": lambda: exact(game.moved("G", in_step_of="G")),
    "theta_start": lambda: number(START["theta"], 0),
    "theta_target": lambda: number(REAL_MEAN, 0),
    "theta_top": lambda: number(max(three_numbers()), 1),
    "theta_end": lambda: number(three_numbers()[-1]),
    "saddle_start": lambda: number(math.hypot(1, 1), 1),
    "saddle_simultaneous": lambda: number(from_saddle("simultaneous"), 1),
    "saddle_alternating": lambda: number(from_saddle("alternating"), 1),
    "saddle_penalty": lambda: number(from_saddle("alternating", penalty=0.5), 1),
    "modes_equal": lambda: number(game.modes("equal steps"), 0),
    "modes_D_ahead": lambda: number(game.modes("D far ahead"), 0),
    "noise_length": lambda: number(noise_lengths()[0], 1),
    "middle_length": lambda: number(noise_lengths()[1], 1),
}
