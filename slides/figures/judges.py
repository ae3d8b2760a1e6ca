"""Discriminators that are trained while the deck is built, and what they say of cards."""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from gan_lib import judging, latent, models, training
from slides.figures.sketch import real, shipped

STEPS, BATCH = 100, 32
FAKER = "digits_2014"  # a D learns within seconds what its fakes lack; of `digits` it does not
KINDS = {
    "CNN": lambda: models.ConvDiscriminator(size=32, width=8, hidden=32),
    "MLP": lambda: models.FullyConnectedDiscriminator(size=32, width=32)}


def digits():
    """Return real digits to train with, and real digits that are held out."""
    return real("digits", 32).split(0.8, seed=0)


@functools.cache
def judge(kind: str):
    """Return a small D, trained for STEPS half-steps on real digits and fakes of a frozen G."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        D, G, (train, _) = KINDS[kind](), shipped(FAKER), digits()
        optimizer = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.0, 0.99))
        for _ in range(STEPS):
            training.discriminator_step(D, G, train.batch(BATCH), latent.noise(BATCH, G.z_dim),
                                        optimizer)
    return D.eval().requires_grad_(False)


@functools.cache
def cards(n: int = 300) -> tuple[Tensor, Tensor]:
    """Return held-out real digits and fresh fakes, n of each, shuffled; and their labels."""
    _, held_out = digits()
    G = shipped(FAKER)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(1)
        return judging.random_feed(held_out.scaled(torch.arange(n)), G(latent.draw(n, G.z_dim, 7)))


def typical(kind: str) -> Tensor:
    """Return a real digit and a fake, of which this D says the median of what it says of such."""
    x, y = cards()
    said = judge(kind)(x)
    middle = [x[y == label][said[y == label].argsort()[(y == label).sum() // 2]]
              for label in (1, 0)]
    return torch.stack(middle)


def share_right(kind: str) -> float:
    """Return the share of the cards that this D judges rightly."""
    x, y = cards()
    table = judging.confusion(judge(kind).probability(x), y)
    return (table.diagonal().sum() / table.sum()).item()
