"""Exercises of the notebook generator."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_lib import checks, latent
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import NotYet, expect


def up_convolve(x: Tensor, kernel: Tensor, stride: int) -> Tensor:
    """Up-convolve one picture x (H, W) by hand: each pixel stamps a copy of the kernel (k, k).

    Returns ((H - 1) stride + k, (W - 1) stride + k), of x's type: a transposed convolution
    without padding. Raises ValueError for other shapes and a stride below 1.
    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.
    """
    checks.shape("x", x, (None, None))
    checks.shape("kernel", kernel, (len(kernel), len(kernel)))
    checks.whole_number("stride", stride)
    (height, width), k = x.shape, len(kernel)
    y = x.new_zeros((height - 1) * stride + k, (width - 1) * stride + k)
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j * stride
            y[top:top + k, left:left + k] += x[i, j] * kernel
    return y


def output_size(n: int, kernel: int, stride: int, padding: int) -> int:
    """Return the side of what an up-convolution makes of a picture with n x n pixels.

    `kernel` is the kernel's side; `padding` cells are cut off at each border. Raises ValueError
    if nothing is left.
    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.
    """
    for name, value, low in (("n", n, 1), ("kernel", kernel, 1), ("stride", stride, 1),
                             ("padding", padding, 0)):
        checks.whole_number(name, value, low)
    if 2 * padding >= (n - 1) * stride + kernel:
        raise ValueError(f"padding {padding} cuts everything off. Choose a smaller one.")
    return (n - 1) * stride - 2 * padding + kernel


def examine_noise(answer: Callable) -> None:
    """Check shape, mean, spread and form of many numbers, and that two calls differ."""
    with torch.random.fork_rng(devices=[]):  # a check must not move the notebook's random numbers
        torch.manual_seed(0)
        z, again = answer(2000, 8), answer(2000, 8)
    if not isinstance(z, Tensor):
        expect("noise(2000, 8)", z, torch.zeros(2000, 8))
    expect("noise(2000, 8).shape", tuple(z.shape), (2000, 8), hints=[
        ((8, 2000), "One row is one noise vector: n rows, z_dim columns."),
        ((2000,), "Each of the n vectors has z_dim numbers."),
        ((16000,), "Give back n rows of z_dim numbers, not one long row.")])
    z = z.double()
    call = "noise(2000, 8)"
    expect(f"the mean of {call}, rounded,", round(z.mean().item(), 1), 0.0, hints=[
        (0.5, "torch.rand draws between 0 and 1. Which function draws normal numbers?")])
    expect(f"the standard deviation of {call}, rounded,", round(z.std().item(), 1), 1.0, hints=[
        (0.0, "All numbers are the same. Draw them at random."),
        (0.6, "These numbers are uniform. Which function draws normal numbers?")])
    expect(f"the share of numbers between -1 and 1 in {call}, rounded,",
           round((z.abs() < 1).double().mean().item(), 1), 0.7, hints=[
        (0.6, "Mean and standard deviation are right, but the numbers are not normal.")])
    if (z == again).all():
        raise NotYet("Two calls of noise(2000, 8) should give different numbers, but they gave the "
                     "same. Hint: do not set a seed inside the function.")


def examine_up_convolve(answer: Callable) -> None:
    """Check three small inputs whose outputs fit on paper."""
    x, kernel = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    apart = torch.tensor([[1.0, 2, 2, 4], [3, 4, 6, 8]])
    given = "with x = [[1, 2]] and kernel = [[1, 2], [3, 4]]: up_convolve(x, kernel, 2)"
    expect(given, answer(x, kernel, 2), apart, hints=[
        (torch.zeros(2, 4), "Nothing was stamped. Put your code in place of the dots."),
        (torch.tensor([[1.0, 2, 1, 2], [3, 4, 3, 4]]), "Multiply the kernel by the pixel x[i, j]."),
        (torch.tensor([[4.0, 3, 8, 6], [2, 1, 4, 2]]), "Do not turn the kernel round."),
        (torch.tensor([[1.0, 3, 2, 6], [2, 4, 4, 8]]), "Rows and columns of the kernel have "
         "changed places."),
        (torch.tensor([[1.0, 4, 4, 0], [3, 10, 8, 0]]), "The copies lie 1 cell apart. They "
         "should lie `stride` cells apart."),
        (torch.tensor([[1.0, 2, 4, 0], [3, 6, 8, 0]]), "The copies lie 1 cell apart. They "
         "should lie `stride` cells apart."),
        (torch.tensor([[3.0, 6, 0, 0], [9, 12, 0, 0]]), "All copies lie in the top left corner. "
         "Where does the copy of x[i, j] begin?")])
    over = torch.tensor([[1.0, 4, 4], [3, 10, 8]])
    given = "with the same x and kernel: up_convolve(x, kernel, 1)"
    expect(given, answer(x, kernel, 1), over, hints=[
        (torch.tensor([[1.0, 2, 4], [3, 6, 8]]), "Where two copies overlap, add them: += and "
         "not =.")])
    given = "with x = [[1], [2]] and kernel = [[1, 2], [3, 4]]: up_convolve(x, kernel, 2)"
    expect(given, answer(x.T, kernel, 2), torch.tensor([[1.0, 2], [3, 4], [2, 4], [6, 8]]), hints=[
        (torch.tensor([[3.0, 6], [9, 12], [0, 0], [0, 0]]), "Row i of x begins at row i * stride "
         "of y.")])


def examine_output_size(answer: Callable) -> None:
    """Check one case in which every usual mistake gives another number, then the course's."""
    expect("output_size(5, 6, 3, 2)", answer(5, 6, 3, 2), 14, hints=[
        (17, "n pixels have only n - 1 steps between them."),
        (16, "Padding cuts cells off at both borders."),
        (18, "The padding is missing."),
        (22, "In an up-convolution padding cuts cells off. It does not add any."),
        (8, "The kernel is missing: the last copy is `kernel` cells wide."),
        (12, "The kernel is missing: the last copy is `kernel` cells wide."),
        (15, "This is true only if the kernel and the padding fit. Count the cells."),
        (2, "This is the size after a usual convolution, which makes pictures smaller.")])
    expect("output_size(4, 4, 2, 1)", answer(4, 4, 2, 1), 8)
    expect("output_size(1, 3, 2, 0)", answer(1, 3, 2, 0), 3)


EXERCISES = [
    Exercise(latent.noise,
             "Right: n rows of z_dim numbers, each from the standard normal distribution.",
             further=examine_noise),
    Exercise(up_convolve,
             "Right: each pixel stamps its copy of the kernel, and overlaps are added.",
             further=examine_up_convolve),
    Exercise(output_size,
             "Right: n - 1 steps of the stride, plus one kernel, minus the padding at both "
             "borders.",
             further=examine_output_size),
]
