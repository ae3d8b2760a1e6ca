"""Exercises of the notebook occlusion_inpainting."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan_lib import inpainting
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import NotYet, expect


def examine_paste(answer: Callable) -> None:
    """Check the paste on one grey picture of 2 x 2 pixels, then on two pictures in colour."""
    x, filling = _grey([1.0, 2.0], [3.0, 4.0]), _grey([5.0, 6.0], [7.0, 8.0])
    hidden = torch.tensor([[True, False], [False, False]])
    right = _grey([5.0, 2.0], [3.0, 4.0])
    given = ("with x = [1, 2], [3, 4], filling = [5, 6], [7, 8] and only the first pixel "
             "hidden: paste(x, filling, hidden)")
    before = x.clone()
    came = answer(x, filling, hidden)
    expect(given, came, right, hints=[
        (_grey([1.0, 6.0], [7.0, 8.0]), "It is the wrong way round: the filling goes where "
         "hidden is True, x stays elsewhere."),
        (filling, "This is the whole filling. Where x is visible, keep x."),
        (before, "This is x as it was. Where hidden is True, take the filling."),
        (_grey([6.0, 2.0], [3.0, 4.0]), "In the hole you add both. The filling takes the place "
         "of x."),
        (_grey([0.0, 2.0], [3.0, 4.0]), "The hole is still empty. Put the filling there."),
        (torch.tensor([5.0]), "This is only what is in the hole. Give back the whole picture: "
         "torch.where(condition, where_true, where_false).")])
    if not torch.equal(x, before):
        raise NotYet("paste(x, filling, hidden) gave the right picture, but it changed x itself. "
                     "Hint: torch.where makes a new tensor.")
    x, filling = torch.zeros(2, 3, 2, 2), torch.ones(2, 3, 2, 2)
    filling[1] = 5
    right = torch.zeros(2, 3, 2, 2)
    right[0, :, 0, 0], right[1, :, 0, 0] = 1, 5
    expect("with two pictures in colour: paste(x, filling, hidden)", answer(x, filling, hidden),
           right)


def examine_visible_error(answer: Callable) -> None:
    """Check the error on two pictures in colour of 2 x 3 pixels, the first pixel hidden."""
    x = torch.tensor([[[[5.0, 1.0, 0.0], [2.0, 0.0, 0.0]], [[5.0, 0.0, 0.0], [0.0, 2.0, 1.0]],
                       [[5.0, 3.0, 1.0], [0.0, 1.0, 3.0]]], torch.ones(3, 2, 3).tolist()])
    x[1, :, 0, 0] = 8.0
    fake = torch.zeros(2, 3, 2, 3, requires_grad=True)
    hidden = torch.tensor([[True, False, False], [False, False, False]])
    right = torch.tensor([2.0, 1.0])
    given = ("with fake = 0, the first pixel hidden, and in picture 0 visible squares that add up "
             "to 30 (5 pixels, 3 channels): visible_error(fake, x, hidden)")
    square, visible = x.square(), ~hidden
    came = answer(fake, x, hidden)
    expect(given, came, right, hints=[
        (torch.tensor([25.0, 64.0]), "This is the error in the hole. ~hidden is the visible "
         "part."),
        (square.mean((1, 2, 3)), "This is the error of the whole picture. Take the visible "
         "pixels only."),
        (3 * right, "You add up the channels. Take their mean: .mean(1)."),
        (square[:, 0, visible].mean(1), "This is the first channel only. Take the mean over all "
         "channels: .mean(1)."),
        (square.mean(1)[:, visible], "This is one number for each visible pixel. Now take the "
         "mean over the pixels."),
        (square[:, :, visible].mean(2), "This is one number for each channel. Take the mean over "
         "the channels, too."),
        (square[:, :, visible], "Now take the means, over the channels and over the pixels."),
        (square.mean(1)[:, visible].sum(1), "You add up the pixels. Take their mean."),
        (square[:, :, visible].sum((1, 2)), "You add up. Take the mean over channels and pixels."),
        ((square.mean(1) * visible).mean((1, 2)), "You set the hidden errors to 0, but still "
         "divide by all pixels. Pick the visible ones: difference[:, ~hidden]."),
        (torch.tensor(1.5), "This is the mean over the pictures. Each picture needs a number of "
         "its own."),
        (right.sqrt(), "No root here: the mean of the squares."),
        (x.abs().mean(1)[:, visible].mean(1), "Square the difference, do not take its absolute "
         "value."),
        ((-x).mean(1)[:, visible].mean(1), "Square the difference first. Without the square, "
         "plus and minus cancel.")])
    if not came.requires_grad:
        raise NotYet("visible_error(fake, x, hidden) gave the right numbers, but they have no "
                     "gradient. Hint: use tensors only, without .item(), .detach() or no_grad.")


def examine_psnr(answer: Callable) -> None:
    """Check the ratio on three pictures whose errors in the hole are 0.04, 0.4 and 4."""
    error = torch.tensor([0.04, 0.4, 4.0])
    truth = torch.zeros(3, 3, 2, 2)
    x = torch.ones(3, 3, 2, 2)
    x[:, 0, 0, 0], x[:, 1, 0, 0] = (1.5 * error).sqrt(), -(1.5 * error).sqrt()
    x[:, 2, 0, 0] = 0.0
    hidden = torch.tensor([[True, False], [False, False]])
    right = torch.tensor([20.0, 10.0, 0.0])
    given = ("with three pictures whose mean squared errors in the hole are 0.04, 0.4 and 4: "
             "psnr(filling, truth, hidden)")
    expect(given, answer(x, truth, hidden), right, hints=[
        (-right, "The sign is wrong: the error stands below the fraction line."),
        (error, "This is the mean squared error. Now put it into the formula."),
        (right / 10, "Multiply by 10: decibels are tenths."),
        (2 * right, "Use 10, not 20: the error is squared already."),
        (10 * torch.log(4 / error), "Use log10, the logarithm to the base 10."),
        (10 * torch.log2(4 / error), "Use log10, the logarithm to the base 10."),
        (10 * torch.log10(1 / error), "Pictures reach from -1 to 1, a range of 2: the 4 is 2²."),
        (10 * torch.log10(2 / error), "Square the range: 2² = 4."),
        (10 * torch.log10(255 ** 2 / error), "255 is the range of pixels at rest. Ours reach from "
         "-1 to 1: 2² = 4."),
        (10 * torch.log10(4 / (3 * error)), "You add up the channels. Take their mean: .mean(1)."),
        (10 * torch.log10(4 / torch.ones(3)), "This is the visible part. Measure in the hole."),
        (10 * torch.log10(4 / ((error + 3) / 4)), "This is the whole picture. Measure in the "
         "hole only."),
        (right.mean(), "Each picture needs a number of its own: no mean over the pictures."),
        (10 * torch.log10(4 / error.mean()), "Each picture needs a number of its own: no mean "
         "over the pictures."),
        (torch.full((3,), math.inf), "In the hole, x and truth differ in sign. Square the "
         "difference before the mean.")])


def _grey(*rows: list[float]) -> Tensor:
    return torch.tensor([[list(rows)]])


EXERCISES = [
    Exercise(inpainting.paste,
             "Right: every visible pixel is the picture's own, and only the hole is new.",
             further=examine_paste),
    Exercise(visible_error,
             "Right: the search may look at the visible part only. The hole plays no role.",
             further=examine_visible_error),
    Exercise(inpainting.psnr,
             "Right: an error ten times as small gives 10 dB more.",
             further=examine_psnr),
]
