"""What goes wrong in the game: modes that are missed, and two players who circle a saddle."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_lib import checks


def share_near(points: Tensor, centres: Tensor, radius: float) -> float:
    """Return the share of points that lie at most `radius` from the centre nearest to them.

    `points` (N, 2) and `centres` (K, 2) are float, `radius` is above 0; the share is a plain
    number in [0, 1]. Beside `metrics.modes_hit`: points all along a circle hit every mode.
    """
    checks.floats("points", points, (None, 2))
    checks.samples("centres", centres, (None, 2))
    checks.number("radius", radius, 1e-6)
    distance = torch.cdist(points, centres).min(1).values
    return (distance <= radius).float().mean().item()


def alternating_step(d: float, g: float, rate: float, penalty: float = 0.0) -> tuple[float, float]:
    """Move D down d g + penalty / 2 d², then G up d g, where it meets D's new number.

    Returns the new (d, g).
    """
    d = d - rate * (g + penalty * d)
    g = g + rate * d
    return d, g


def simultaneous_step(d: float, g: float, rate: float, penalty: float = 0.0) -> tuple[float, float]:
    """Move both as in `alternating_step`, but at the same time: G meets D's old number."""
    return d - rate * (g + penalty * d), g + rate * d


TURNS = {"simultaneous": simultaneous_step, "alternating": alternating_step}


class TwoNumberGame:
    """D has the number d and descends f(d, g) = d g; G has the number g and ascends it.

    Neither can gain alone at (0, 0): a saddle. `penalty` >= 0 adds penalty / 2 d² to what D
    descends, as R1 does. `rate` is the length of a step. Source: the Dirac-GAN of Mescheder et
    al., "Which Training Methods for GANs do actually Converge?", 2018, made linear.
    """

    def __init__(self, rate: float = 0.2, turns: str = "alternating", penalty: float = 0.0,
                 start: tuple[float, float] = (1.0, 1.0)):
        self.rate = checks.number("rate", rate, 0.0)
        self.turns = checks.one_of("turns", turns, TURNS)
        self.penalty = checks.number("penalty", penalty, 0.0)
        self.d, self.g = (checks.number("start", number) for number in start)

    def step(self) -> None:
        """Move D and G: one after the other if alternating, else both at the same time."""
        self.d, self.g = TURNS[self.turns](self.d, self.g, self.rate, self.penalty)

    def path(self, steps: int) -> list[tuple[float, float]]:
        """Play `steps` steps. Returns (d, g) at the start and after each step."""
        places = [(self.d, self.g)]
        for _ in range(checks.whole_number("steps", steps, low=0)):
            self.step()
            places.append((self.d, self.g))
        return places


def average(path: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of all places of a path."""
    d, g = zip(*path)
    return sum(d) / len(path), sum(g) / len(path)
