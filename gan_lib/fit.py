"""Do the parts of a game fit together? `training.Game` asks once, when it is made."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_lib import checks
from gan_lib.stand_ins import given

LARGEST_LR = 0.05  # the ring still learns at 0.02; at 0.1, nothing tried so far did


def kinds(D, G, samples) -> None:
    """Raise TypeError unless these are a discriminator, a generator and real samples."""
    if not (hasattr(D, "sample_shape") and hasattr(G, "z_dim")):
        raise TypeError("Game needs D, which has a sample_shape, then G, which has a z_dim.")
    checks.kind("samples", samples, "a set with batch(n, generator), as data.load returns them",
                "batch", "device")


def adam(lr: float, betas: tuple[float, float]) -> None:
    """Raise TypeError or ValueError for a learning rate or betas with which Adam cannot learn."""
    checks.number("lr", lr, 1e-8, LARGEST_LR)
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise TypeError(f"betas must be two numbers, such as (0.0, 0.99), but they are {betas!r}.")
    for beta in betas:
        checks.number("each of betas", beta, 0.0, 0.9999)


@torch.no_grad()
def shapes(D, G, real: Tensor, class_names: tuple[str, ...] = ()) -> None:
    """Raise ValueError unless D can judge `real` samples and the fakes of G, with their labels."""
    told_D, told_G, known = getattr(D, "classes", 0), getattr(G, "classes", 0), len(class_names)
    if not told_G == told_D <= known:
        raise ValueError(f"D is told of {told_D} classes and G of {told_G}, and the samples have "
                         f"{known}. Make both networks with classes={known}, or with classes=0 to "
                         "play without labels.")
    checks.samples("the samples", real, None)
    y = torch.zeros(2, dtype=torch.int64, device=real.device) if told_G else None
    fake = given(G, y)(torch.zeros(2, G.z_dim, device=real.device))
    for what, x in (("the samples", real), ("G's fakes", fake)):
        if tuple(x.shape[1:]) != tuple(D.sample_shape):
            raise ValueError(
                f"D judges samples of shape {tuple(D.sample_shape)}, but {what} have the shape "
                f"{tuple(x.shape[1:])}. Make both with the same size and channels.")
    checks.samples("G's fakes", fake, None)
