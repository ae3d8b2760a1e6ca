"""Exercises of the notebook when_it_goes_wrong: the share near the modes, a step at the saddle."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_lib import failures
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal

# --- share_near --------------------------------------------------------------------------------


def four_points() -> tuple:
    """Return four points and two centres: three points are within 1, one exactly at 1."""
    points = torch.tensor([[0.0, 0.5], [0.0, 3.0], [5.0, 1.0], [5.2, 0.0]])
    return points, torch.tensor([[0.0, 0.0], [5.0, 0.0]]), 1.0


def cloud(n: int, k: int, radius: float, seed: int, ask: bool = False) -> tuple:
    """Return n random points round k random centres, and a radius."""
    points = 2 * normal(n, 2, seed=seed)
    return points.requires_grad_(ask), 2 * normal(k, 2, seed=seed + 1), radius


def distances(points: Tensor, centres: Tensor) -> Tensor:
    """Return the distance of each point from each centre: (N, K)."""
    return torch.cdist(points, centres)


SHARE_NEAR = Exercise(
    failures.share_near,
    "Right: each point looks at the centre nearest to it, and the share counts those in reach.",
    cases=[
        Case("with the points [0, 0.5], [0, 3], [5, 1], [5.2, 0] and the centres [0, 0], [5, 0]: "
             "share_near(points, centres, 1)", four_points),
        *(Case(f"with {n} random points, {k} centres and the radius {radius}: "
               "share_near(points, centres, radius)",
               lambda n=n, k=k, radius=radius: cloud(n, k, radius, seed=n))
          for n, k, radius in [(50, 8, 0.3), (7, 3, 1.5), (1, 5, 2.0), (300, 1, 1.0), (8, 8, 0.8),
                               (40, 2, 2.5)]),
        Case("with fakes that ask for a gradient: share_near(points, centres, 1.2)",
             lambda: cloud(20, 4, 1.2, seed=90, ask=True)),
        Case("with a radius that reaches every point: share_near(points, centres, 100)",
             lambda: cloud(9, 4, 100.0, seed=91)),
        Case("with a radius that reaches none: share_near(points, centres, 0.0001)",
             lambda: cloud(9, 4, 0.0001, seed=92)),
    ],
    mistakes=[
        Mistake(lambda p, c, r: (distances(p, c).min(1).values < r).float().mean().item(),
                "A point exactly at the radius counts, too: <= and not <."),
        Mistake(lambda p, c, r: (distances(p, c).min(1).values <= r).sum().item() * 1.0,
                "This is the number of points that are near. Divide it by the number of all."),
        Mistake(lambda p, c, r: (distances(p, c) <= r).float().mean().item(),
                "This is the share of all pairs of a point and a centre. Take each point's "
                "nearest centre first: .min(1).values"),
        Mistake(lambda p, c, r: (distances(p, c).min(0).values <= r).float().mean().item(),
                "This is the share of centres that have a point near them. Take the smallest "
                "distance of each point: .min(1)."),
        Mistake(lambda p, c, r: (distances(p, c).min(1).values > r).float().mean().item(),
                "This is the share of points that are far."),
        Mistake(lambda p, c, r: (distances(p, c).max(1).values <= r).float().mean().item(),
                "This asks the farthest centre. The nearest one counts: .min(1)."),
        Mistake(lambda p, c, r: (distances(p, c).mean(1) <= r).float().mean().item(),
                "This asks for the mean distance. The nearest centre counts: .min(1)."),
        Mistake(lambda p, c, r: (distances(p, c)[:, 0] <= r).float().mean().item(),
                "This asks the first centre only."),
        Mistake(lambda p, c, r: (distances(p, c).square().min(1).values <= r).float().mean().item(),
                "These are squared distances: take the root, or compare with radius ** 2."),
        Mistake(lambda p, c, r: distances(p, c).min(1).values.mean().item(),
                "This is the mean distance. How many of the distances are at most `radius`?"),
        Mistake(lambda p, c, r: (distances(p, c).min(1).values <= 0.3).float().mean().item(),
                "This uses 0.3 always. Use `radius`."),
        Mistake(lambda p, c, r: (distances(p, c).min(1).values <= 1).float().mean().item(),
                "This uses 1 always. Use `radius`."),
        Mistake(lambda p, c, r: 100 * (distances(p, c).min(1).values <= r).float().mean().item(),
                "This is in per cent. Give a share from 0 to 1."),
    ])

# --- alternating_step --------------------------------------------------------------------------

NUMBERS = [(1.0, 1.0, 0.2), (0.5, -1.5, 0.1), (-2.0, 0.3, 0.6), (0.0, 1.0, 0.5), (1.0, 0.0, 0.5),
           (3, 2, 1)]


def steps(down: float = -1.0, up: float = 1.0, new: bool = True, pull: float = 1.0):
    """Return a step with other signs; G meets D's `new` number or the old one."""
    def step(d, g, rate, penalty=0.0):
        moved = d + down * rate * (g + pull * penalty * d)
        return moved, g + up * rate * (moved if new else d)
    return step


ALTERNATING_STEP = Exercise(
    failures.alternating_step,
    "Right: D goes down first, and G goes up from where D is now.",
    cases=[
        *(Case(f"alternating_step({d}, {g}, {rate})", lambda d=d, g=g, rate=rate: (d, g, rate),
               parts=("d", "g")) for d, g, rate in NUMBERS),
        *(Case(f"alternating_step({d}, {g}, {rate}, {penalty})",
               lambda d=d, g=g, rate=rate, penalty=penalty: (d, g, rate, penalty),
               parts=("d", "g"))
          for d, g, rate, penalty in [(1.0, 1.0, 0.2, 0.5), (-0.7, 0.4, 0.3, 2.0),
                                      (2.0, -1.0, 0.1, 1.0)]),
    ],
    mistakes=[
        Mistake(steps(new=False), "G answered to D's old number: both moved at the same time. Use "
                                  "the new d for g."),
        Mistake(steps(down=1.0), "D goes down: d - rate * …"),
        Mistake(steps(up=-1.0), "G goes up: g + rate * …"),
        Mistake(steps(down=1.0, up=-1.0), "The roles are swapped: D goes down, G goes up."),
        Mistake(steps(pull=0.0), "The penalty is missing: D goes down d g + penalty / 2 d², whose "
                                 "slope in d is g + penalty * d."),
        Mistake(steps(pull=0.5), "The slope of penalty / 2 d² is penalty * d, without the half."),
        Mistake(steps(pull=-1.0), "The penalty pulls d towards 0: its sign is turned round."),
        Mistake(lambda d, g, rate, penalty=0.0: steps()(d, g, rate, penalty)[::-1],
                "d and g are swapped: give back d first."),
        Mistake(lambda d, g, rate, penalty=0.0: (d - rate * (d + penalty * d),
                                                 g + rate * g),
                "The slope of d g in d is g, and its slope in g is d."),
        Mistake(lambda d, g, rate, penalty=0.0: (
            d - rate * (g + penalty * d),
            g + rate * (d - rate * (g + penalty * d)) - rate * penalty * g),
                "Only D pays the penalty."),
        Mistake(lambda d, g, rate, penalty=0.0: (d - (g + penalty * d), g + d - (g + penalty * d)),
                "The step's length is missing: rate times the slope."),
    ])

EXERCISES = [SHARE_NEAR, ALTERNATING_STEP]
