"""Points in the plane: how far two clouds are apart, and points that somebody draws or types."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from gan_lib import checks

SPRAY, SPREAD = 6, 0.06  # points for each place of a stroke, and how far they lie from it
MOST_POINTS = 5000       # of one drawing
NUMBER = r"[-+−]?(?:\d+\.?\d*|\.\d+)"


def square(side: int, limit: float) -> Tensor:
    """Return a square grid of points from -limit to limit: float32 (side * side, 2), on the CPU."""
    across = torch.linspace(-limit, limit, side, device="cpu")
    y, x = torch.meshgrid(across, across, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def energy_distance(a: Tensor, b: Tensor) -> float:
    """Return how far two clouds of points (N, 2) and (M, 2) are apart; 0 if they are the same.

    2 E|x - y| - E|x - x'| - E|y - y'| (Székely & Rizzo, "Energy statistics", 2013).
    """
    checks.floats("a", a, (None, 2))
    checks.floats("b", b, (None, 2))
    return (2 * torch.cdist(a, b).mean() - torch.cdist(a, a).mean()
            - torch.cdist(b, b).mean()).item()


def sprayed(path, limit: float, seed: int = 0) -> Tensor:
    """Return points around each place of a stroke: float32 (SPRAY * places, 2), on the CPU.

    `path` is an array-like (places, 2) of finite numbers. All lie within -limit and limit. Raises
    TypeError or ValueError for another path.
    """
    try:
        places = torch.tensor(path, dtype=torch.float32, device="cpu")
    except (TypeError, ValueError, RuntimeError):
        raise TypeError("A stroke is a list of places (x, y), but something else came.") from None
    checks.floats("A stroke", places, (None, 2))
    if not places.isfinite().all():
        raise ValueError("A stroke holds numbers that are NaN or infinite.")
    random = torch.Generator("cpu").manual_seed(seed)
    places = places.repeat_interleave(SPRAY, dim=0)
    moved = places + SPREAD * torch.randn(places.shape, generator=random, device="cpu")
    return moved.clamp(-limit, limit)


def typed(text: str, limit: float) -> Tensor:
    """Read points such as "0 0, 1 -0.5": float32 (N, 2), on the CPU.

    The two numbers of a point stand beside each other, a comma or a semicolon parts the points.
    Raises ValueError, with the point that cannot be read or lies beyond -limit or limit.
    """
    points = []
    for said in filter(None, (part.strip() for part in re.split("[,;\n]", text))):
        numbers = said.strip("()[]").split()
        if len(numbers) != 2 or not all(re.fullmatch(NUMBER, number) for number in numbers):
            raise ValueError(f"“{said[:30]}” is no point: write two numbers, such as 1 -0.5, and a "
                             "comma before the next point.")
        point = [float(number.replace("−", "-")) for number in numbers]
        if max(map(abs, point)) > limit:
            raise ValueError(f"The point {said[:30]} lies outside the picture: both numbers go "
                             f"from {-limit} to {limit}.")
        points.append(point)
    return checked(torch.tensor(points, dtype=torch.float32, device="cpu").view(-1, 2))


def checked(points: Tensor) -> Tensor:
    """Return points (N, 2) if a game can be played with them, else raise ValueError."""
    if len(points) < 2:
        raise ValueError("Draw at least two points.")
    if len(points) > MOST_POINTS:
        raise ValueError(f"A drawing has at most {MOST_POINTS:,} points. Clear it and begin anew.")
    return points
