"""Spotting fakes: hits and false alarms, what an alarm is worth, and a detector put to the test.

That a detector should be tested on generators that it never met: Wang et al., "CNN-Generated
Images Are Surprisingly Easy to Spot... for Now", 2020. Signal detection, with d′: Green and Swets,
"Signal Detection Theory and Psychophysics", 1966.
"""

from __future__ import annotations

import math
import re
from itertools import repeat
from statistics import NormalDist

import torch
from torch import Tensor

from gan_lib import checks, latent, losses, metrics, models
from gan_lib.stand_ins import given

FLAT = 6  # pixels: the side of the upper corners, where only background is drawn


def hits_and_false_alarms(says_fake: Tensor, is_fake: Tensor) -> tuple[float, float]:
    """Return the share of the fakes, and the share of the real pictures, that were called fake.

    Both (N,) and bool: what was said of each picture, and what is true. Raises ValueError where
    there is no fake or no real picture: a share of nothing is not known.
    """
    for name, value in (("says_fake", says_fake), ("is_fake", is_fake)):
        checks.shape(name, value, (None,) if name == "says_fake" else tuple(says_fake.shape))
        if value.dtype != torch.bool:
            raise TypeError(f"{name} must hold True and False, but it holds {value.dtype}.")
    if is_fake.all() or not is_fake.any():
        raise ValueError("There must be a fake and a real picture, but all are of one kind.")
    hits = says_fake[is_fake].float().mean().item()
    false_alarms = says_fake[~is_fake].float().mean().item()
    return hits, false_alarms


def d_prime(says_fake: Tensor, is_fake: Tensor) -> float:
    """Return d′, how far apart a judge's fakes and real pictures lie: z(hits) - z(false alarms).

    z turns a share into the place on the normal curve below which that share lies. 0: no better
    than a coin. Before that, 0.5 is added to both counts and 1 to both totals, so that d′ is finite
    where every answer is right (Hautus, "Corrections for extreme proportions", 1995). Arguments,
    and what is raised, are those of `hits_and_false_alarms`.
    """
    hits, false_alarms = hits_and_false_alarms(says_fake, is_fake)
    fakes, real = int(is_fake.sum()), int((~is_fake).sum())
    z = NormalDist().inv_cdf
    return z((hits * fakes + 0.5) / (fakes + 1)) - z((false_alarms * real + 0.5) / (real + 1))


def coin(cards: int) -> list[float]:
    """Return how likely a coin is to get 0, 1, ..., `cards` cards right: cards + 1 shares."""
    checks.whole_number("cards", cards)
    return [math.comb(cards, right) / 2**cards for right in range(cards + 1)]


def typed_scores(text: str, cards: int) -> list[int]:
    """Return the scores in a text such as "12, 15, 9": how many of `cards` cards each got right.

    Commas, semicolons and spaces stand between them; no text, no scores. Raises ValueError for
    what is no whole number from 0 to `cards`.
    """
    checks.whole_number("cards", cards)
    words = re.split(r"[,;\s]+", checks.kind("text", text, 'text such as "12, 15, 9"', "split"))
    for word in filter(None, words):
        if not re.fullmatch(r"[0-9]+", word) or int(word) > cards:
            raise ValueError(f"A score is a whole number from 0 to {cards}, but one is “{word}”. "
                             "Write commas between the scores.")
    return [int(word) for word in words if word]


def right_alarms(hits: float, false_alarms: float, fakes: float) -> float:
    """Return the share of all alarms that are right ("precision"), if a share `fakes` is fake.

    All are shares in [0, 1]. Raises ValueError if there is never an alarm.
    """
    for name, share in (("hits", hits), ("false_alarms", false_alarms), ("fakes", fakes)):
        checks.number(name, share, 0.0, 1.0)
    right = hits * fakes
    wrong = false_alarms * (1 - fakes)
    if right + wrong == 0:
        raise ValueError("There is never an alarm: nothing is called fake.")
    return right / (right + wrong)


def guesses(cards) -> tuple[Tensor, Tensor]:
    """Return (says_fake, is_fake), bool (N,), of the answered cards of a `BlindCards` tool."""
    checks.kind("cards", cards, "the cards of a BlindCards tool", "guesses", "y")
    says_fake = torch.tensor([said == "fake" for said in cards.guesses], dtype=torch.bool)
    return says_fake.cpu(), cards.y[:len(says_fake)].cpu() == 0


def unevenness(x: Tensor) -> Tensor:
    """Return how uneven the two upper corners of pictures x (N, C, H, W) are, in grey levels: (N,).

    It is the mean standard deviation inside a corner. There are 255 levels from black to white.
    """
    checks.samples("x", x)
    corners = torch.stack([x[..., :FLAT, :FLAT], x[..., :FLAT, -FLAT:]])
    return corners.flatten(3).std(3).mean((0, 2)) * 127.5


@torch.no_grad()
def fakes_of(G, n: int, seed: int = 0, size: int | None = None, y: Tensor | None = None) -> Tensor:
    """Return n fakes of G, shrunk to `size` px if that is given: float32 (n, C, size, size).

    y (n, ...) are their labels, for a G that is told one.
    """
    where = next(checks.generator("G", G).parameters()).device
    z = latent.draw(n, G.z_dim, seed, where)
    told = repeat(None) if y is None else y.to(where).split(metrics.CHUNK)
    x = torch.cat([latent.look(given(G, own), part)
                   for part, own in zip(z.split(metrics.CHUNK), told)])
    if size in (None, x.shape[-1]):
        return x
    return torch.nn.functional.interpolate(
        x, size=(checks.whole_number("size", size),) * 2, mode="bilinear", antialias=True)


def new_detector(x: Tensor, seed: int = 0) -> tuple[models.Discriminator, torch.optim.Optimizer]:
    """Return an untrained D for pictures like x (N, C, H, W), and its optimizer."""
    checks.samples("x", x)
    torch.manual_seed(checks.whole_number("seed", seed, low=0))
    D = models.ConvDiscriminator(x.shape[-1], x.shape[1], width=16, hidden=64).to(x.device)
    return D, torch.optim.Adam(D.parameters(), lr=1e-3)


def detector_step(D, real: Tensor, fake: Tensor, optimizer, n: int = 64) -> Tensor:
    """Move D one step: it judges n of the real pictures and n of the fakes, drawn at random.

    `real` (N, C, H, W) and `fake` (M, C, H, W). Returns the loss, a number. It is D's half of the
    game (`training.discriminator_step`), against fakes that never get better.
    """
    checks.learner("D", D, optimizer)
    some = [x[torch.randint(len(x), (n,), device=x.device)] for x in (real, fake)]
    loss = losses.discriminator_loss(*map(D, some))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


def says_fake(D, x: Tensor) -> Tensor:
    """Return where D says "fake" of pictures x (N, C, H, W): D(x) is below 0.5. bool (N,)."""
    return torch.cat([D.probability(part) for part in x.split(metrics.CHUNK)]) < 0.5
