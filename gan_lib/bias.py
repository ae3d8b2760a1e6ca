"""Bias with exact truth: thin out one kind of face in the data, and see what becomes of it.

The faces are drawn, so the truth is known of each, and no person is needed. That restored faces
look like the training data: the debate on Menon et al., "PULSE: Self-Supervised Photo Upsampling
via Latent Space Exploration of Generative Models", 2020, whose method is `restored`.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_lib import checks, latent, models, progress, training

AHEAD, TURNS = 40, 100  # steps that a new D gets ahead, and turns of the game after them
GAME = {"batch_size": 32, "lr": 1e-3, "r1": 2.0, "decay": 0.99}
COARSE = 8  # px: the side of the small pictures that are restored
STEPS, RESTARTS = 60, 4


def thinned(labels: Tensor, kind: int, one_in: int) -> Tensor:
    """Return the places of the samples that stay, in their order: int64 (M,).

    `labels` (N,) are class numbers. Of the samples with the label `kind`, the first of each
    `one_in` stays; all others stay. Raises ValueError if there is none of that kind.
    """
    checks.shape("labels", labels, (None,))
    checks.whole_number("one_in", one_in)
    of_kind = (labels == kind).nonzero().squeeze(1)
    others = (labels != kind).nonzero().squeeze(1)
    if not len(of_kind):
        raise ValueError(f"There is no sample of the kind {kind!r} among the labels.")
    return torch.cat([others, of_kind[::one_in]]).sort().values


def learn_on(G, samples, turns: int = TURNS, ahead: int = AHEAD, seed: int = 0):
    """Let a copy of a trained G learn on from other samples; return the averaged copy, frozen.

    A new D gets `ahead` steps alone, then both play `turns` turns. G stays as it is.
    """
    torch.manual_seed(checks.whole_number("seed", seed, low=0))
    pupil = copy.deepcopy(checks.generator("G", G)).requires_grad_(True).train()
    D = models.ConvDiscriminator(samples.size, samples.channels)
    game = training.Game(D, pupil, samples, **GAME, seed=seed)
    for _ in progress.bar(steps=ahead):
        game.step_D()
    game.play(steps=turns)
    return game.average


def coarse(x: Tensor, side: int = COARSE) -> Tensor:
    """Return pictures x (N, C, H, W) as `side` x `side` squares of one colour: (N, C, side, side).

    Each square has the mean colour of what it stands for.
    """
    return F.adaptive_avg_pool2d(x, side)


class CoarseGenerator(nn.Module):
    """G's pictures, made coarse: what a search must look at if the truth is known only so."""

    def __init__(self, G, side: int = COARSE):
        super().__init__()
        self.z_dim = checks.generator("G", G).z_dim
        self.G, self.side = G, checks.whole_number("side", side)

    def forward(self, z: Tensor) -> Tensor:
        return coarse(self.G(z), self.side)


def restored(G, small: Tensor, steps: int = STEPS, restarts: int = RESTARTS,
             seed: int = 0) -> Tensor:
    """Return, for each small picture (N, C, side, side), the fake of G that looks like it, large.

    The search goes through the noise z for a fake that is `small` when it is made coarse.
    """
    checks.samples("small", small)
    search = latent.Search(CoarseGenerator(G, small.shape[-1]), small, None, restarts, seed=seed)
    search.step(steps)
    return latent.look(G, search.best())


def brighter(fake: Tensor, x: Tensor) -> Tensor:
    """Return by how many grey levels each fake's middle is brighter than that of x: (N,).

    Both (N, C, H, W). The middle half of the width and height is nearly all face. There are 255
    levels from black to white; a negative number means darker.
    """
    checks.samples("fake", fake, tuple(checks.samples("x", x).shape), x)
    size = x.shape[-1]
    middle = slice(size // 4, size - size // 4)
    return (fake - x)[:, :, middle, middle].flatten(1).mean(1) * 127.5
