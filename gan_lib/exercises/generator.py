"""Exercises of the notebook generator: noise, up-convolution by hand, the size of its output."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from gan_lib import latent
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, NotYet, expect, normal
from gan_lib.exercises.examiner.compare import expect_result
from gan_lib.exercises.examiner.words import article
from gan_lib.up_convolution import output_size, up_convolve

# --- noise -----------------------------------------------------------------------------------

MANY = (2000, 8)
SHAPES = [MANY, (3, 5), (1, 4), (6, 1), (1, 1)]
CALL = f"noise{MANY}"


def examine_noise(answer: Callable) -> None:
    """Check kind and shape in several calls, then how many numbers are distributed.

    A right answer fails less than once in a million draws.
    """
    with torch.random.fork_rng(devices=[]):
        for seed in (torch.manual_seed, np.random.seed, random.seed):
            seed(0)
        z = [examined(answer, n, z_dim) for n, z_dim in SHAPES][0]
        expect_new(z, answer(*MANY))
        if torch.initial_seed() != 0:
            raise NotYet("the function sets a seed. Hint: leave it out: a seed is for all cells.")
        expect_normal(z.double())
        expect_independent(z.double())


def examined(answer: Callable, n: int, z_dim: int) -> Tensor:
    """Return answer(n, z_dim) if it is a tensor of that shape, float32, finite, no gradient."""
    call, z = f"noise({n}, {z_dim})", answer(n, z_dim)
    if not isinstance(z, Tensor):
        expect_result(call, z)
        raise NotYet(f"{call} should give a tensor of the shape ({n}, {z_dim}), but it gave "
                     f"{article(z)}. Hint: torch.tensor makes a tensor of numbers, torch.stack "
                     "one of many tensors.")
    hints = [] if n == z_dim or 1 in (n, z_dim) else [
        ((z_dim, n), "One row is one noise vector: n rows, z_dim columns."),
        ((n,), "Each of the n vectors has z_dim numbers."),
        ((z_dim,), "This is one vector. Give back n of them, one in each row."),
        ((n * z_dim,), "Give back n rows of z_dim numbers, not one long row.")]
    expect(f"{call}.shape", tuple(z.shape), (n, z_dim), hints, verbs=("be", "is"))
    if z.dtype != torch.float32:
        hint = " Hint: z.float() turns them." if z.is_floating_point() else ""
        raise NotYet(f"{call} should give numbers of the kind float32, but it gave "
                     f"{str(z.dtype).removeprefix('torch.')}.{hint}")
    if z.requires_grad or z.is_inference():
        raise NotYet(f"{call} should give plain numbers, " + (
            "but they ask for a gradient. Hint: leave out requires_grad." if z.requires_grad else
            "but none that a network can learn from. Hint: leave out torch.inference_mode."))
    if not z.isfinite().all():
        raise NotYet(f"{call} should give finite numbers, but it gave infinite ones or NaN.")
    return z


def expect_new(z: Tensor, again: Tensor) -> None:
    """Raise NotYet if numbers come twice: everywhere, in each row or column, or in each call."""
    for twice, problem in (
            (z == z[0, 0], f"all are {z[0, 0]:.4g}. Hint: draw them at random"),
            (z == z[0], "all rows are the same. Hint: draw new numbers for each row"),
            (z == z[:, :1], "in each row all are the same. Hint: draw new ones for each column")):
        if twice.all():
            raise NotYet(f"{CALL} should give different random numbers, but {problem}.")
    if torch.equal(z, again):
        raise NotYet(f"Two calls of {CALL} should give different numbers, but they gave the same. "
                     "Hint: do not set a seed inside the function, and draw anew in each call.")


def expect_normal(z: Tensor) -> None:
    """Raise NotYet unless all numbers together look standard normal."""
    form = f"the numbers of {CALL}"
    if z.min() >= 0:
        border = "between 0 and 1" if z.max() <= 1 else "at 0 or above"
        raise NotYet(f"{form} should be negative as often as positive, but all lie {border}. "
                     "Hint: which function draws standard normal numbers?")
    within = 5.2 / z.numel() ** 0.5  # 5.2 standard deviations: once in five million
    if z.mean().abs() > within:
        raise NotYet(f"the mean of {form} should be near 0, but it is {z.mean():.3g}.")
    if (z.std() - 1).abs() > within / 2 ** 0.5:
        raise NotYet(f"the standard deviation of {form} should be near 1, but it is "
                     f"{z.std():.3g}.{_uniform_hint(z)}")
    below = torch.special.ndtr(z.flatten().sort().values)
    distance = (below - torch.linspace(0, 1, z.numel(), dtype=z.dtype)).abs().max()
    tails = z.pow(4).mean() - 3  # 0 for normal numbers, -1.2 for uniform ones
    if distance > 2.8 / z.numel() ** 0.5 or z.abs().max() < 3.2 or not -0.25 < tails < 0.5:
        raise NotYet(f"{form} have mean 0 and standard deviation 1, but they are not normal: "
                     f"{(z.abs() < 1).double().mean():.0%} lie between -1 and 1 (should be 68 %), "
                     f"and the largest is {z.abs().max():.2f} (should be about 4)."
                     f"{_uniform_hint(z)}")


def _uniform_hint(z: Tensor) -> str:
    """Return a hint if the numbers are spread evenly between their smallest and largest."""
    even = torch.linspace(z.min().item(), z.max().item(), z.numel(), dtype=z.dtype)
    distance = (z.flatten().sort().values - even).abs().max() / (z.max() - z.min())
    if distance > 0.03:
        return ""
    return " Hint: these numbers are uniform. Which function draws normal numbers?"


def expect_independent(z: Tensor) -> None:
    """Raise NotYet if numbers side by side, or one below the other, depend on each other."""
    n, z_dim = z.shape
    lengths, means = z.norm(dim=1), z.mean(1)
    within = 5.8 / n ** 0.5
    related = torch.corrcoef(z.T) - torch.eye(z_dim, dtype=z.dtype)
    next_row = (z[1:] * z[:-1]).mean(0)
    if (related.abs().max() > within or next_row.abs().max() > within
            or z.mean(0).abs().max() > within or not 0.5 < lengths.std() < 0.9
            or not 0.25 < means.std() < 0.45 or len(z.unique(dim=0)) < n):
        raise NotYet(f"each number of {CALL} should be drawn for itself, but here they depend on "
                     "each other or on their place. Hint: no sorting, no copies, no scaling of "
                     "whole rows.")


NOISE = Exercise(
    latent.noise,
    "Right: n rows of z_dim numbers, each from the standard normal distribution.",
    further=examine_noise)


# --- up_convolve -----------------------------------------------------------------------------

def picture(height: int, width: int, k: int, stride: int, seed: int) -> Case:
    """Return a case with a random picture and a random kernel."""
    return Case(f"with {height} x {width} pixels and a kernel of {k} x {k}: "
                f"up_convolve(x, kernel, {stride})",
                lambda: (normal(height, width, seed=seed), normal(k, k, seed=seed + 100), stride))


def small(x: list, stride: int) -> Case:
    """Return a case that fits on paper."""
    return Case(f"with x = {x} and kernel = [[1, 2], [3, 4]]: up_convolve(x, kernel, {stride})",
                lambda: (torch.tensor(x).float(), torch.tensor([[1.0, 2.0], [3.0, 4.0]]), stride))


def stamped(copy: Callable = lambda x, kernel, i, j: x[i, j] * kernel,
            place: Callable = lambda i, j, k, s: (i * s, j * s), over: bool = False,
            end: Callable = lambda j, width: False) -> Callable:
    """Return an up-convolution that stamps copy(x, kernel, i, j) at place(i, j, k, stride).

    `over`: a copy takes the place of those below it. `end(j, width)`: return after this pixel.
    """
    def answer(x, kernel, stride):
        (height, width), k = x.shape, len(kernel)
        y = x.new_zeros((height - 1) * stride + k, (width - 1) * stride + k)
        for i in range(height):
            for j in range(width):
                top, left = place(i, j, k, stride)
                if over:
                    y[top:top + k, left:left + k] = copy(x, kernel, i, j)
                else:
                    y[top:top + k, left:left + k] += copy(x, kernel, i, j)
                if end(j, width):
                    return y
        return y
    return answer


def in_one_cell(x: Tensor, kernel: Tensor, stride: int) -> None:
    x.new_zeros(1)[0] += x[0, 0] * kernel


def only_corners(x: Tensor, kernel: Tensor, stride: int) -> Tensor:
    corner = torch.zeros_like(kernel)
    corner[0, 0] = 1
    return up_convolve(x, corner, stride)


COLUMN = "Column j of x begins at column j * stride of y."
NEXT = "The copies lie 1 cell apart. They should lie `stride` cells apart."

UP_CONVOLVE = Exercise(
    up_convolve,
    "Right: each pixel stamps its copy of the kernel, and overlaps are added.",
    cases=[
        small([[1, 2]], 2),
        small([[1, 2]], 1),
        small([[1], [2]], 2),
        Case("with x = [[1, 2], [3, 4]] and a kernel of 3 x 3 ones: up_convolve(x, kernel, 2)",
             lambda: (torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.ones(3, 3), 2)),
        picture(2, 3, 3, 2, seed=1),
        picture(2, 3, 3, 2, seed=8),
        picture(4, 2, 4, 3, seed=2),
        picture(3, 4, 5, 1, seed=3),
        picture(2, 3, 2, 3, seed=4),
        picture(1, 1, 1, 1, seed=5),
        picture(3, 1, 4, 2, seed=6),
        Case("with 5 x 5 ones and a kernel of 4 x 4 ones: up_convolve(x, kernel, 2)",
             lambda: (torch.ones(5, 5), torch.ones(4, 4), 2)),
        Case("with a 0 among the pixels: up_convolve(x, kernel, 1)",
             lambda: (torch.tensor([[0.0, -1.0], [2.0, 0.0]]), normal(2, 2, seed=7), 1)),
    ],
    mistakes=[
        Mistake(stamped(lambda x, kernel, i, j: 0 * kernel),
                "Nothing was stamped, y is still 0: in place of the dots, add each copy to a "
                "square of y with +=."),
        Mistake(stamped(over=True), "Where two copies overlap, add them: += and not =."),
        Mistake(stamped(lambda x, kernel, i, j: kernel),
                "Multiply the kernel by the pixel x[i, j]."),
        Mistake(stamped(lambda x, kernel, i, j: x[i, j]),
                "The pixel alone was stamped. Multiply the kernel by it."),
        Mistake(stamped(lambda x, kernel, i, j: x[i, j] + kernel),
                "The pixel was added to the kernel. Multiply the kernel by it."),
        Mistake(stamped(lambda x, kernel, i, j: -x[i, j] * kernel),
                "All signs are turned round: += and not -=."),
        Mistake(stamped(lambda x, kernel, i, j: x[i, j] * kernel.T),
                "Rows and columns of the kernel have changed places."),
        *(Mistake(stamped(lambda x, kernel, i, j, axes=axes: x[i, j] * kernel.flip(axes)),
                  "Do not turn the kernel round.") for axes in ([0, 1], [0], [1])),
        Mistake(stamped(lambda x, kernel, i, j: x[j, i] * kernel),
                "Rows and columns of x have changed places: the pixel is x[i, j]."),
        Mistake(stamped(lambda x, kernel, i, j: x * kernel),
                "x is the whole picture. Multiply the kernel by one pixel, x[i, j]."),
        Mistake(stamped(place=lambda i, j, k, s: (i, j)), NEXT),
        Mistake(stamped(place=lambda i, j, k, s: (i, j), over=True), NEXT),
        Mistake(stamped(place=lambda i, j, k, s: (i * k, j * k)),
                "The copies lie k cells apart. They should lie `stride` cells apart."),
        Mistake(stamped(place=lambda i, j, k, s: (j * s, i * s)),
                "Rows and columns of y have changed places: i belongs to the rows."),
        Mistake(stamped(place=lambda i, j, k, s: (0, 0)),
                "All copies lie in the top left corner. Where does the copy of x[i, j] begin?"),
        Mistake(stamped(place=lambda i, j, k, s: (0, j * s)),
                "Row i of x begins at row i * stride of y."),
        Mistake(stamped(place=lambda i, j, k, s: (i * s, 0)), COLUMN),
        Mistake(stamped(place=lambda i, j, k, s: (i * s, i * s)), COLUMN),
        Mistake(in_one_cell, "y[row, column] is one cell. A copy of the kernel needs a square: "
                             "y[top:top + k, left:left + k]."),
        Mistake(only_corners, "Only one cell was stamped. The whole kernel is."),
        Mistake(stamped(end=lambda j, width: True),
                "Only the first pixel was stamped. Does `return` stand inside a loop?"),
        Mistake(stamped(end=lambda j, width: j == width - 1),
                "Only the first row was stamped. Does `return` stand inside a loop?"),
    ])


# --- output_size -----------------------------------------------------------------------------

def size(*numbers: int) -> Case:
    return Case(f"output_size{numbers}", lambda: numbers)


STEPS = "n pixels have only n - 1 steps between them"
LAST = "The last copy is `kernel` cells wide"
KERNEL = "The kernel is missing: the last copy is `kernel` cells wide."

OUTPUT_SIZE = Exercise(
    output_size,
    "Right: n - 1 steps of the stride, plus one kernel, minus the padding at both borders.",
    cases=[size(5, 6, 3, 2), size(4, 4, 2, 1), size(1, 3, 2, 0), size(8, 3, 2, 1),
           size(7, 2, 4, 0), size(3, 9, 1, 4), size(16, 4, 2, 1), size(2, 3, 2, 0),
           size(8, 9, 3, 3), size(11, 5, 7, 1), size(8, 6, 2, 2)],
    mistakes=[
        Mistake(lambda n, k, s, p: n * s - 2 * p + k, f"{STEPS}."),
        Mistake(lambda n, k, s, p: n * s - p + k, f"{STEPS}, and padding cuts at both borders."),
        Mistake(lambda n, k, s, p: n * s + k, f"{STEPS}, and the padding is missing."),
        Mistake(lambda n, k, s, p: (n - 1) * s - p + k, "Padding cuts cells off at both borders."),
        Mistake(lambda n, k, s, p: (n - 1) * s + k, "The padding is missing."),
        Mistake(lambda n, k, s, p: (n - 1) * s + 2 * p + k,
                "In an up-convolution padding cuts cells off. It does not add any."),
        Mistake(lambda n, k, s, p: (n - 1) * s - 2 * p, KERNEL),
        Mistake(lambda n, k, s, p: (n - 1) * s, KERNEL),
        Mistake(lambda n, k, s, p: (n - 1) * s - 2 * p + k - 1,
                f"One cell is missing. {LAST}."),
        Mistake(lambda n, k, s, p: (n - 1) * s - 2 * p + k + 1,
                f"One cell too many. {LAST}."),
        Mistake(lambda n, k, s, p: (n - 1) * s - 2 * p + 1, f"{LAST}, not 1."),
        Mistake(lambda n, k, s, p: (n - 1) * k - 2 * p + s,
                "Kernel and stride have changed places: the copies lie `stride` cells apart."),
        Mistake(lambda n, k, s, p: n - 1 * s - 2 * p + k, "Brackets are missing: (n - 1) * s."),
        Mistake(lambda n, k, s, p: (n - 1) * (s - 2 * p) + k,
                "The padding is cut off once, at the end, not at each step."),
        Mistake(lambda n, k, s, p: (n - 1) * s - 2 * (p + k),
                "Brackets: only the padding is taken twice, and the kernel is added."),
        Mistake(lambda n, k, s, p: n * s,
                "This is true only if the kernel and the padding fit. Count the cells."),
        *(Mistake(lambda n, k, s, p, off=off: n * k - off * p,
                  "The copies may overlap: they lie `stride` cells apart.") for off in (0, 2)),
        Mistake(lambda n, k, s, p: (n + 2 * p - k) // s + 1,
                "This is the size after a usual convolution, which takes steps in the input."),
        Mistake(lambda n, k, s, p: ((n - 1) * s - 2 * p + k) ** 2,
                "This is the number of all cells. The side is asked for."),
    ])

EXERCISES = [NOISE, UP_CONVOLVE, OUTPUT_SIZE]
