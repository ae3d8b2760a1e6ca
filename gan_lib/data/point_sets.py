"""Point sets in the plane, drawn at random: the smallest data a GAN can learn."""

from __future__ import annotations

import math

import numpy as np
import torch

from gan_lib import checks

SPREAD = 0.05           # standard deviation of each mode of ring and grid, as of line and spiral
BLOB_SPREAD = 0.25


def draw(name: str, n: int, seed: int = 0):
    """Draw `n` points of the set `name`, all within about [-2, 2].

    Returns points float32 (n, 2), labels int64 (n,) with the index of each point's mode, and the
    modes' centres float32 (modes, 2), or None where the set has no centres. The same seed gives
    the same points. `data.load` has asked whether there is such a set.
    """
    generator = torch.Generator("cpu").manual_seed(seed)
    with torch.device("cpu"):
        return SHAPES[name](n, generator)


def ring(n: int, generator: torch.Generator):
    """Eight Gaussians on a circle of radius 2 (after Metz et al., Unrolled GANs, 2017)."""
    angle = torch.arange(8) * (2 * math.pi / 8)
    return around(2 * torch.stack([angle.cos(), angle.sin()], dim=1), SPREAD, n, generator)


def grid(n: int, generator: torch.Generator):
    """25 Gaussians on a square grid of 5 x 5 (after Srivastava et al., VEEGAN, 2017)."""
    steps = torch.arange(-2.0, 3.0)
    return around(torch.cartesian_prod(steps, steps), SPREAD, n, generator)


def blobs(n: int, generator: torch.Generator):
    """Two round Gaussians, far apart: data in two pieces."""
    return around(torch.tensor([[-1.25, 0.0], [1.25, 0.0]]), BLOB_SPREAD, n, generator)


def moons(n: int, generator: torch.Generator):
    """Two half circles of radius 1.2 that hook into each other."""
    labels = torch.randint(2, (n,), generator=generator)
    angle = math.pi * (torch.rand(n, generator=generator) + labels)      # the second: lower half
    points = 1.2 * torch.stack([angle.cos(), angle.sin()], dim=1)
    shift = torch.tensor([[-0.6, -0.3], [0.6, 0.3]])
    return jitter(points + shift[labels], generator), labels, None


def spiral(n: int, generator: torch.Generator):
    """A spiral of two turns, from near the middle out to radius 2."""
    part = torch.rand(n, generator=generator).sqrt()     # sqrt: as dense outside as inside
    angle = 4 * math.pi * part
    points = 2 * part[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    return jitter(points, generator), torch.zeros(n, dtype=torch.int64), None


def line(n: int, generator: torch.Generator):
    """A straight piece from (-2, -1) to (2, 1)."""
    along = 4 * torch.rand(n, generator=generator) - 2
    points = torch.stack([along, along / 2], dim=1)
    return jitter(points, generator), torch.zeros(n, dtype=torch.int64), None


def around(centres: torch.Tensor, spread: float, n: int, generator: torch.Generator):
    """Draw each point round one of the centres, all equally likely."""
    labels = torch.randint(len(centres), (n,), generator=generator)
    return jitter(centres[labels], generator, spread), labels, centres


def jitter(points: torch.Tensor, generator: torch.Generator, spread: float = SPREAD):
    """Move each point a little, at random."""
    return points + spread * torch.randn(points.shape, generator=generator)


def from_array(xy, rescale: bool = True) -> torch.Tensor:
    """Turn an array-like (N, 2) of finite numbers into a tensor, float32 (N, 2).

    `rescale` moves and scales the points so that they just fill [-2, 2]. Raises TypeError for
    what are not numbers, and ValueError for no points, another shape, NaN or infinity.
    """
    if isinstance(xy, torch.Tensor):
        xy = xy.detach().cpu().double().numpy()
    try:
        xy = torch.from_numpy(np.array(xy, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise TypeError("points must be rows of two numbers, such as [[0, 1], [2, 3]], but they "
                        f"cannot be read so: {error}.") from error
    if xy.numel() == 0:
        raise ValueError("points is empty: there must be at least one point (x, y).")
    checks.shape("points", xy, (None, 2))
    if not torch.isfinite(xy.float()).all():
        raise ValueError("points must be finite numbers, but there is NaN or infinity among them.")
    if rescale:
        low, high = xy.amin(dim=0), xy.amax(dim=0)
        side = (high - low).max()
        xy = (xy - (low + high) / 2) * (4 / side if side > 0 else 1)
    return xy.float()


SHAPES = {"ring": ring, "grid": grid, "moons": moons, "spiral": spiral, "line": line,
          "blobs": blobs}
CLASS_NAMES = {"ring": tuple(f"mode {i}" for i in range(8)),
               "grid": tuple(f"mode {i}" for i in range(25)),
               "moons": ("upper", "lower"), "spiral": ("spiral",), "line": ("line",),
               "blobs": ("left", "right")}
