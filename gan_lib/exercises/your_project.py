"""Exercises of the notebook your_project: a change that G learns through, and a test of copies."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_lib import augmenting
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal, uniform

# --- cutout ------------------------------------------------------------------------------------

# The corners of the squares: inside, at the edge, and partly outside.
CORNERS = [((1,), (2,)), ((0, 3, 2), (4, 0, 1)), ((-1, 5, 2), (1, -2, 6)), ((2, 2), (0, 0))]


def squares(shape: tuple[int, ...], corners: tuple, side: int, ask: bool = True) -> tuple:
    """Return random pictures, none of whose numbers is 0, and where their squares are."""
    x = 0.2 + uniform(*shape, seed=sum(shape))
    left, top = (torch.tensor(places) for places in corners)
    return x.requires_grad_(ask), left, top, side


def hidden(x: Tensor, left: Tensor, top: Tensor, side: int, low: int = 0, more: int = 0) -> Tensor:
    """Return where the squares are: bool (N, 1, H, W); `low` and `more` move their edges."""
    columns = torch.arange(x.shape[3], device=x.device) - left[:, None]
    rows = torch.arange(x.shape[2], device=x.device) - top[:, None]
    across = (columns >= low) & (columns < side + more)
    along = (rows >= low) & (rows < side + more)
    return along[:, None, :, None] & across[:, None, None, :]


def cross(x: Tensor, left: Tensor, top: Tensor, side: int) -> Tensor:
    """Return x with whole rows and whole columns hidden."""
    columns = torch.arange(x.shape[3]) - left[:, None]
    rows = torch.arange(x.shape[2]) - top[:, None]
    across = (columns >= 0) & (columns < side)
    along = (rows >= 0) & (rows < side)
    return x * ~(along[:, None, :, None] | across[:, None, None, :])


def first_channel(x: Tensor, left: Tensor, top: Tensor, side: int) -> Tensor:
    """Return x with the squares hidden in one channel only."""
    only = torch.arange(x.shape[1])[None, :, None, None] == 0
    return x * ~(hidden(x, left, top, side) & only)


def everywhere(left: Tensor) -> Tensor:
    """Return the first number in the place of each."""
    return left[:1].expand_as(left)


CUTOUT = Exercise(
    augmenting.cutout,
    "Right: a square is 0 in each picture, and everything around it passes on its gradient.",
    cases=[
        Case("with one picture of the shape (1, 1, 5, 7): cutout(x, left, top, 2)",
             lambda: squares((1, 1, 5, 7), CORNERS[0], 2)),
        Case("with three pictures of the shape (3, 6, 5), in colour: cutout(x, left, top, 2)",
             lambda: squares((3, 3, 6, 5), CORNERS[1], 2)),
        Case("with squares that are partly outside of the picture: cutout(x, left, top, 4)",
             lambda: squares((3, 1, 7, 8), CORNERS[2], 4)),
        Case("with a square of one pixel: cutout(x, left, top, 1)",
             lambda: squares((2, 2, 4, 6), CORNERS[3], 1)),
        Case("with pictures that ask for no gradient: cutout(x, left, top, 3)",
             lambda: squares((3, 1, 8, 6), CORNERS[1], 3, ask=False)),
        Case("with a square over the whole picture: cutout(x, left, top, 20)",
             lambda: squares((2, 1, 5, 5), ((-3, -2), (-1, -4)), 20)),
    ],
    mistakes=[
        Mistake(lambda x, left, top, side: augmenting.cutout(x, top, left, side),
                "left and top are swapped: left says in which column the square begins, the last "
                "axis of x."),
        Mistake(lambda x, left, top, side: x * hidden(x, left, top, side),
                "This keeps the square and hides all the rest: ~ turns True and False round."),
        Mistake(lambda x, left, top, side: torch.where(hidden(x, left, top, side), -1.0, x),
                "This makes the square -1, black. It should be 0, grey."),
        Mistake(lambda x, left, top, side: torch.where(hidden(x, left, top, side), 1.0, x),
                "This makes the square 1, white. It should be 0, grey."),
        Mistake(lambda x, left, top, side: x * ~hidden(x, left, top, side, more=1),
                "The squares are one pixel too large: from 0 to side - 1, so < and not <=."),
        Mistake(lambda x, left, top, side: x * ~hidden(x, left, top, side, low=1),
                "The first row and the first column of the square are missing: >= and not >."),
        Mistake(cross, "This hides whole rows and columns. A pixel is in the square if its column "
                       "and its row are: & and not |."),
        Mistake(lambda x, left, top, side: x * ~hidden(x, left, top, side, low=-99),
                "What lies left of the square and above it is hidden, too: ask for >= 0 as well."),
        Mistake(lambda x, left, top, side: augmenting.cutout(
            x, everywhere(left), everywhere(top), side),
                "All pictures have the square of the first one. Each has its own."),
        Mistake(first_channel, "In a picture with colours the square is hidden in one channel "
                               "only: x[:, :, ...] is all of them."),
        Mistake(lambda x, left, top, side: x - hidden(x, left, top, side).float(),
                "This makes the square darker by 1. Multiply by 0 to hide it."),
        Mistake(lambda x, left, top, side: x, "Nothing is hidden."),
    ])

# --- share_nearer ------------------------------------------------------------------------------


def four_distances() -> tuple:
    """Return two fakes and two strangers: of four pairs, the fake is nearer in three."""
    return torch.tensor([0.1, 0.3]), torch.tensor([0.2, 0.4])


def distances(n: int, m: int, nearer: float, seed: int, ask: bool = False) -> tuple:
    """Return distances of n fakes and m strangers; those of fakes are `nearer` times as large."""
    fakes = nearer * (0.2 + uniform(n, seed=seed))
    return fakes.requires_grad_(ask), 0.2 + uniform(m, seed=seed + 1)


def share(pairs: Tensor) -> float:
    """Return the share of True as a plain number."""
    return pairs.float().mean().item()


SHARE_NEARER = Exercise(
    augmenting.share_nearer,
    "Right: every fake meets every stranger. About 0.5 means as new as they are, near 1 copies.",
    cases=[
        Case("share_nearer([0.1, 0.3], [0.2, 0.4])", four_distances),
        *(Case(f"with {n} fakes and {m} strangers: share_nearer(fakes, strangers)",
               lambda n=n, m=m, nearer=nearer: distances(n, m, nearer, seed=n))
          for n, m, nearer in [(7, 5, 1.0), (40, 12, 0.6), (3, 30, 1.4), (1, 1, 0.5), (6, 6, 0.9)]),
        Case("with copies, at the distance 0: share_nearer(fakes, strangers)",
             lambda: (torch.zeros(4), 0.2 + uniform(3, seed=1))),
        Case("with fakes as far as strangers, [0.5, 0.5] and [0.5, 0.7]: "
             "share_nearer(fakes, strangers)",
             lambda: (torch.tensor([0.5, 0.5]), torch.tensor([0.5, 0.7]))),
        Case("with distances that ask for a gradient: share_nearer(fakes, strangers)",
             lambda: distances(5, 4, 1.0, seed=50, ask=True)),
        Case("with one stranger: share_nearer(fakes, strangers)",
             lambda: ((0.5 + 0.2 * normal(9, seed=3)).abs(), torch.tensor([0.5]))),
    ],
    mistakes=[
        Mistake(lambda f, s: share(f[:, None] > s),
                "This is the share of pairs in which the stranger is nearer: < and not >."),
        Mistake(lambda f, s: share(f[:, None] <= s),
                "Where both are equally far, the fake is not nearer: < and not <=."),
        Mistake(lambda f, s: share(f[:, None] < s) * len(f) * len(s),
                "This is the number of pairs. Divide it by the number of all pairs."),
        Mistake(lambda f, s: 100 * share(f[:, None] < s),
                "This is in per cent. Give a share from 0 to 1."),
        Mistake(lambda f, s: share(f < s.median()),
                "This compares with one stranger, the median. Compare with each of them."),
        Mistake(lambda f, s: share(f < s.mean()),
                "This compares with the mean of the strangers. Compare with each of them."),
        Mistake(lambda f, s: share(f < s.min()),
                "This compares with the nearest stranger only. Compare with each of them."),
        Mistake(lambda f, s: share(f < s.max()),
                "This compares with the farthest stranger only. Compare with each of them."),
        Mistake(lambda f, s: share(f < s), "This compares the first with the first, the second "
                "with the second, … fakes[:, None] stands against all strangers."),
        Mistake(lambda f, s: float(f.mean() < s.mean()),
                "This compares two means. Compare every fake with every stranger."),
        Mistake(lambda f, s: (s[None] - f[:, None]).mean().item(),
                "This is by how much they are nearer. In which share of the pairs are they?"),
        Mistake(lambda f, s: (f.mean() / s.mean()).item(),
                "This is how many times as far fakes are. In which share of the pairs is the fake "
                "nearer?"),
        Mistake(lambda f, s: float((f[:, None] < s).float().sum(1).mean()),
                "Divide by the number of strangers, too: the mean of all pairs."),
    ])

EXERCISES = [CUTOUT, SHARE_NEARER]
