"""The game that the bench calls the course's own: its networks and its default recipe."""

from __future__ import annotations

import torch

from gan_lib import data, models, training

Z_DIM = {"digits": 16, "faces": 32}


def game(samples: data.Images, batch_size: int = 64, seed: int = 0) -> training.Game:
    """Return the game as the notebooks and the shipped generators play it.

    At 16 px half of the feature maps are enough; everything else is the library's default.
    """
    width = 16 if samples.size == 16 else 32
    torch.manual_seed(seed)
    D = models.ConvDiscriminator(samples.size, samples.channels, width)
    G = models.ConvGenerator(Z_DIM[samples.name], samples.size, samples.channels, width)
    return training.Game(D, G, samples, batch_size, seed=seed)
