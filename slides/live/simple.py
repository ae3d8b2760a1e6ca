"""What Python hands to the live slides that run without a shipped network."""

from __future__ import annotations

import base64
import functools

import torch

from gan_lib import checkpoints, data, latent, models, training
from gan_lib.judging import SCAN
from gan_lib.widgets.three_numbers import LIMITS, START, ThreeNumberGAN

CARDS = 6


def three_numbers() -> dict:
    """Return the game's real numbers, noise and settings, as the tool in notebook 01 has them."""
    gan = ThreeNumberGAN()
    return {"real": gan.real.tolist(), "z": gan.z.tolist(), "spread": gan.spread,
            "rate": gan.rate, "start": START, "limits": LIMITS}
