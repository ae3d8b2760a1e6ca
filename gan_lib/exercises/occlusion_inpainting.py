"""Exercises of the notebook occlusion_inpainting: the paste, the visible error, the PSNR."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_lib import inpainting
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, uniform


def pictures(*shape: int, seed: int) -> Tensor:
    """Return random pictures (N, C, H, W) in [-1, 1]."""
    return 2 * uniform(*shape, seed=seed) - 1


def mask(height: int, width: int, share: float, seed: int) -> Tensor:
    """Return a random mask (H, W): about this share is hidden; a first and a last pixel differ."""
    hidden = uniform(height, width, seed=seed) < share
    hidden[0, 0], hidden[-1, -1] = True, False
    return hidden


def grey(*rows: list[float]) -> Tensor:
    """Return one grey picture (1, 1, H, W)."""
    return torch.tensor([[list(rows)]])


def one_hidden() -> Tensor:
    """Return the mask of the small examples: of 2 x 3 pixels, the first is hidden."""
    return torch.tensor([[True, False, False], [False, False, False]])


# Shapes (N, C, H, W) that differ in every axis, one picture and many, square ones as in class.
SHAPES = [((2, 3, 4, 5), 0.4), ((1, 3, 6, 4), 0.7), ((5, 1, 3, 7), 0.3), ((4, 3, 8, 8), 0.5),
          ((3, 2, 5, 2), 0.5)]


def random_cases(call: str, seed: int, gradient: bool = False) -> list[Case]:
    """Return a case for each shape: two random pictures, and a mask."""
    cases = []
    for shape, share in SHAPES:
        seed += 1
        n, channels, height, width = shape
        cases.append(Case(
            f"with {n} x {channels} channels of {height} x {width} pixels: {call}",
            lambda shape=shape, share=share, seed=seed: (
                pictures(*shape, seed=seed).requires_grad_(gradient),
                pictures(*shape, seed=seed + 100), mask(*shape[2:], share, seed))))
    return cases


# --- paste -----------------------------------------------------------------------------------

WHERE = "torch.where(hidden, what_is_hidden, what_is_visible)."
PASTE = Exercise(
    inpainting.paste,
    "Right: every visible pixel is the picture's own, and only the hole is new.",
    cases=[
        Case("with x = [0.1, 0.2, 0.3], [0.4, 0.5, 0.6], filling = [-0.1, -0.2, -0.3], [-0.4, "
             "-0.5, -0.6] and only the first pixel hidden: paste(x, filling, hidden)",
             lambda: (grey([0.1, 0.2, 0.3], [0.4, 0.5, 0.6]),
                      grey([-0.1, -0.2, -0.3], [-0.4, -0.5, -0.6]), one_hidden())),
        *random_cases("paste(x, filling, hidden)", seed=10),
        Case("where all is hidden: paste(x, filling, hidden)",
             lambda: (pictures(2, 3, 4, 3, seed=3), pictures(2, 3, 4, 3, seed=4),
                      torch.ones(4, 3, dtype=torch.bool))),
        Case("with one filling for 3 pictures: paste(x, average.expand_as(x), hidden)",
             lambda: (pictures(3, 3, 4, 5, seed=5), pictures(1, 3, 4, 5, seed=6).expand(3, 3, 4, 5),
                      mask(4, 5, 0.5, 7))),
        Case("with 3 fillings for one picture: paste(x.expand_as(filling), filling, hidden)",
             lambda: (pictures(1, 3, 5, 4, seed=8).expand(3, 3, 5, 4), pictures(3, 3, 5, 4, seed=9),
                      mask(5, 4, 0.5, 8))),
    ],
    mistakes=[
        Mistake(lambda x, f, h: torch.where(h, x, f),
                "It is the wrong way round: the filling goes where hidden is True, x stays "
                "elsewhere."),
        Mistake(lambda x, f, h: f.clone(),
                "This is the whole filling. Where x is visible, keep x."),
        Mistake(lambda x, f, h: x.clone(),
                "This is x as it was. Where hidden is True, take the filling."),
        Mistake(lambda x, f, h: x + f * h,
                "In the hole you add both. The filling takes the place of x."),
        Mistake(lambda x, f, h: x + f,
                "You add both everywhere. Each pixel comes from one of the two."),
        Mistake(lambda x, f, h: (x + f) / 2,
                "You mix both everywhere. Each pixel comes from one of the two."),
        Mistake(lambda x, f, h: torch.where(h, (x + f) / 2, x),
                "In the hole you mix both. The filling takes the place of x."),
        Mistake(lambda x, f, h: x * ~h,
                "The hole is still empty. Put the filling there."),
        Mistake(lambda x, f, h: f * h,
                "Only the hole is there. Keep x where it is visible."),
        Mistake(lambda x, f, h: f * ~h,
                "Only the visible part of the filling is there. The filling goes into the hole, "
                "x stays elsewhere."),
        Mistake(lambda x, f, h: f[:, :, h],
                f"This is only what is in the hole. Give back the whole pictures: {WHERE}"),
        Mistake(lambda x, f, h: x[:, :, ~h],
                f"This is only what is visible. Give back the whole pictures: {WHERE}"),
        Mistake(lambda x, f, h: torch.where(h, f[:1], x),
                "Every picture got the first one's filling."),
        Mistake(lambda x, f, h: torch.where(h, f, x)[0],
                "This is the first picture only. Give back all."),
        Mistake(lambda x, f, h: torch.where(h, f[:, :1], x),
                "Every channel got the filling's first one."),
        Mistake(lambda x, f, h: torch.where(h.expand_as(x), 1.0, 0.0),
                "This is the mask. Take filling where it is True, and x elsewhere."),
    ])


# --- visible_error ---------------------------------------------------------------------------

def colours() -> Tensor:
    """Return two pictures of 2 x 3 pixels, with other errors in the hole than elsewhere."""
    x = torch.tensor([[[[0.5, 0.1, 0.0], [0.2, 0.0, 0.0]], [[0.5, 0.0, 0.0], [0.0, 0.2, 0.1]],
                       [[0.5, 0.3, 0.1], [0.0, 0.1, 0.3]]]]).repeat(2, 1, 1, 1)
    x[1] = 0.1
    x[1, :, 0, 0] = 0.8
    return x


VISIBLE_ERROR = Exercise(
    inpainting.visible_error,
    "Right: the search may look at the visible part only. The hole plays no role.",
    cases=[
        Case("with fake = 0, the first pixel hidden, and in picture 0 visible squares that add up "
             "to 0.3 (5 pixels, 3 channels): visible_error(fake, x, hidden)",
             lambda: (torch.zeros(2, 3, 2, 3, requires_grad=True), colours(), one_hidden())),
        *random_cases("visible_error(fake, x, hidden)", seed=20, gradient=True),
        Case("where only one pixel is visible: visible_error(fake, x, hidden)",
             lambda: (pictures(2, 3, 4, 5, seed=30).requires_grad_(),
                      pictures(2, 3, 4, 5, seed=31), torch.arange(20).view(4, 5) != 7)),
        Case("where the fake is x itself: visible_error(x, x, hidden)",
             lambda: (pictures(3, 3, 4, 5, seed=32), pictures(3, 3, 4, 5, seed=32),
                      mask(4, 5, 0.5, 32))),
        Case("with 4 fakes for one face: visible_error(fakes, face.expand_as(fakes), hidden)",
             lambda: (pictures(4, 3, 5, 4, seed=33),
                      pictures(1, 3, 5, 4, seed=34).expand(4, 3, 5, 4), mask(5, 4, 0.6, 33))),
        Case("where nothing is hidden: visible_error(fake, x, hidden)",
             lambda: (pictures(2, 3, 4, 3, seed=35), pictures(2, 3, 4, 3, seed=36),
                      torch.zeros(4, 3, dtype=torch.bool))),
    ],
    mistakes=[
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, h].mean(1),
                "This is the error in the hole. ~hidden is the visible part."),
        Mistake(lambda f, x, h: (f - x).square().mean((1, 2, 3)),
                "This is the error of the whole picture. Take the visible pixels only."),
        Mistake(lambda f, x, h: (f - x).square().mean(1),
                "This is one number for each pixel. Pick the visible ones, difference[:, "
                "~hidden], and take their mean."),
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, ~h],
                "This is one number for each visible pixel. Now take the mean over the pixels."),
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, ~h].mean(),
                "This is the mean over the pictures. Each picture needs a number of its own: "
                ".mean(1)."),
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, ~h].mean(0),
                ".mean(0) is the mean over the pictures. The pixels are on axis 1."),
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, ~h].sum(),
                "You add up pictures and pixels. Take the mean over the pixels: .mean(1)."),
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, ~h].sum(1),
                "You add up the pixels. Take their mean."),
        Mistake(lambda f, x, h: (f - x).square().sum(1)[:, ~h].mean(1),
                "You add up the channels. Take their mean: .mean(1)."),
        Mistake(lambda f, x, h: (f - x).square().sum(1)[:, ~h].sum(1),
                "You add up. Take the mean over channels and pixels."),
        Mistake(lambda f, x, h: (f - x).square()[:, 0][:, ~h].mean(1),
                "This is the first channel only. Take the mean over all channels: .mean(1)."),
        Mistake(lambda f, x, h: (f - x).square()[:, :, ~h].mean(2),
                "This is one number for each channel. Take the mean over the channels, too."),
        Mistake(lambda f, x, h: (f - x).square()[:, :, ~h],
                "Now take the means, over the channels and over the pixels."),
        Mistake(lambda f, x, h: ((f - x).square().mean(1) * ~h).mean((1, 2)),
                "You set the hidden errors to 0, but still divide by all pixels. Pick the "
                "visible ones: difference[:, ~hidden]."),
        Mistake(lambda f, x, h: ((f - x).square().mean(1) * h).mean((1, 2)),
                "You keep the hidden errors and set the visible ones to 0. Pick the visible "
                "ones: difference[:, ~hidden]."),
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, ~h].mean(1).sqrt(),
                "No root here: the mean of the squares."),
        Mistake(lambda f, x, h: (f - x).abs().mean(1)[:, ~h].mean(1),
                "Square the difference, do not take its absolute value."),
        Mistake(lambda f, x, h: (f - x).mean(1)[:, ~h].mean(1),
                "Square the difference first. Without the square, plus and minus cancel."),
        Mistake(lambda f, x, h: (f - x).mean(1).square()[:, ~h].mean(1),
                "Square before the mean over the channels: plus and minus cancel."),
        Mistake(lambda f, x, h: -(f - x).square().mean(1)[:, ~h].mean(1),
                "There is a minus too many: an error is never below 0."),
        Mistake(lambda f, x, h: (f - x).square().mean(1)[:, ~h].mean(1, keepdim=True),
                "The numbers are right, but each has an axis of its own. Leave keepdim out."),
    ])


# --- psnr ------------------------------------------------------------------------------------

def ladder() -> tuple[Tensor, Tensor, Tensor]:
    """Return filling, truth and hole of three pictures whose errors there are 0.04, 0.4 and 4."""
    filling, truth = 0.9 * torch.ones(3, 3, 2, 3), torch.zeros(3, 3, 2, 3)
    filling[:2, :, 0, 0] = torch.tensor([0.2, 0.4 ** 0.5])[:, None]
    truth[2, :, 0, 0] = torch.tensor([-1.0, 1.0, -1.0])
    filling[2, :, 0, 0] = -truth[2, :, 0, 0]
    return filling, truth, one_hidden()


def hole(filling: Tensor, truth: Tensor, hidden: Tensor) -> Tensor:
    """Return the mean squared error in the hole: (N,)."""
    return (filling - truth).square().mean(1)[:, hidden].mean(1)


def psnr_of(error: Tensor) -> Tensor:
    """Return the PSNR that belongs to a mean squared error."""
    return 10 * torch.log10(4 / error)


RANGE = "Pictures reach from -1 to 1, a range of 2: the 4 is 2²."
EACH = "Each picture needs a number of its own: no mean over the pictures."
PSNR = Exercise(
    inpainting.psnr,
    "Right: an error ten times as small gives 10 dB more.",
    cases=[
        Case("with three pictures whose mean squared errors in the hole are 0.04, 0.4 and 4: "
             "psnr(filling, truth, hidden)", ladder),
        *random_cases("psnr(filling, truth, hidden)", seed=40),
        Case("with small errors: psnr(filling, truth, hidden)",
             lambda: (0.99 * pictures(2, 3, 4, 5, seed=50), pictures(2, 3, 4, 5, seed=50),
                      mask(4, 5, 0.5, 50))),
        Case("where all is hidden: psnr(filling, truth, hidden)",
             lambda: (pictures(2, 3, 4, 3, seed=51), pictures(2, 3, 4, 3, seed=52),
                      torch.ones(4, 3, dtype=torch.bool))),
        Case("with one filling for 3 pictures: psnr(average.expand_as(truth), truth, hidden)",
             lambda: (pictures(1, 3, 4, 5, seed=53).expand(3, 3, 4, 5),
                      pictures(3, 3, 4, 5, seed=54), mask(4, 5, 0.5, 55))),
    ],
    mistakes=[
        Mistake(lambda f, t, h: 10 * torch.log10(hole(f, t, h) / 4),
                "The sign is wrong: the logarithm of 4 / error, and no minus."),
        Mistake(hole, "This is the mean squared error. Now put it into the formula."),
        Mistake(lambda f, t, h: 4 / hole(f, t, h), "Now 10 times the logarithm, torch.log10."),
        Mistake(lambda f, t, h: torch.log10(4 / hole(f, t, h)),
                "Multiply by 10: decibels are tenths."),
        Mistake(lambda f, t, h: 20 * torch.log10(4 / hole(f, t, h)),
                "Use 10, not 20: the error is squared already."),
        Mistake(lambda f, t, h: 10 * torch.log(4 / hole(f, t, h)),
                "Use log10, the logarithm to the base 10."),
        Mistake(lambda f, t, h: 10 * torch.log2(4 / hole(f, t, h)),
                "Use log10, the logarithm to the base 10."),
        Mistake(lambda f, t, h: 10 * torch.log10(1 / hole(f, t, h)), RANGE),
        Mistake(lambda f, t, h: -10 * torch.log10(hole(f, t, h)), RANGE),
        Mistake(lambda f, t, h: 10 * torch.log10(hole(f, t, h)),
                "The fraction is missing: 4 divided by the error."),
        Mistake(lambda f, t, h: 10 * torch.log10(2 / hole(f, t, h)), "Square the range: 2² = 4."),
        Mistake(lambda f, t, h: 10 * torch.log10(255 ** 2 / hole(f, t, h)),
                "255 is the range of pixels at rest. Ours reach from -1 to 1: 2² = 4."),
        Mistake(lambda f, t, h: 10 * torch.log10(4 / hole(f, t, h).square()),
                "The error is squared already: 10 * torch.log10(4 / error)."),
        Mistake(lambda f, t, h: 10 * torch.log10(2 / hole(f, t, h).sqrt()),
                "No root here, or 20 in place of 10: the formula has the squares."),
        Mistake(lambda f, t, h: 10 * torch.log10(4 / hole(f, t, h).sqrt()),
                "No root here: the formula has the mean squared error."),
        Mistake(lambda f, t, h: 10 * torch.log10(4 * hole(f, t, h)),
                "Divide by the error: it stands below the fraction line."),
        Mistake(lambda f, t, h: 10 * torch.log10(0 / hole(f, t, h)),
                "In Python, ^ is not a power: 2 ^ 2 is 0. Write 2 ** 2."),
        Mistake(lambda f, t, h: psnr_of((f - t).square().sum(1)[:, h].mean(1)),
                "You add up the channels. Take their mean: .mean(1)."),
        Mistake(lambda f, t, h: psnr_of((f - t).square().mean(1)[:, h].sum(1)),
                "You add up the pixels. Take their mean: .mean(1)."),
        Mistake(lambda f, t, h: psnr_of((f - t).square()[:, :, h].sum((1, 2))),
                "You add up channels and pixels. Take their mean."),
        Mistake(lambda f, t, h: psnr_of((f - t).square()[:, 0][:, h].mean(1)),
                "This is the first channel only. Take the mean over all channels: .mean(1)."),
        Mistake(lambda f, t, h: psnr_of((f - t).square()[:, :, h].mean(2)),
                "This is one number for each channel. Take the mean over the channels, too."),
        Mistake(lambda f, t, h: psnr_of((f - t).square().mean(1)[:, h]),
                "This is one number for each pixel. Take the mean error of the hole first."),
        Mistake(lambda f, t, h: psnr_of((f - t).square().mean(1)[:, h]).mean(1),
                "Take the mean of the errors first, then the logarithm."),
        Mistake(lambda f, t, h: psnr_of((f - t).square().mean(1)[:, ~h].mean(1)),
                "This is the visible part. Measure in the hole."),
        Mistake(lambda f, t, h: psnr_of((f - t).square().mean((1, 2, 3))),
                "This is the whole picture. Measure in the hole only."),
        Mistake(lambda f, t, h: psnr_of(((f - t).square().mean(1) * h).mean((1, 2))),
                "You set the visible errors to 0, but still divide by all pixels. Pick the "
                "hidden ones: [:, hidden]."),
        Mistake(lambda f, t, h: inpainting.psnr(f, t, h).mean(), EACH),
        Mistake(lambda f, t, h: psnr_of(hole(f, t, h).mean()), EACH),
        Mistake(lambda f, t, h: psnr_of((f - t).square().mean(1)[:, h].mean(0)),
                ".mean(0) is the mean over the pictures. The pixels are on axis 1."),
        Mistake(lambda f, t, h: psnr_of((f - t).abs().mean(1)[:, h].mean(1)),
                "Square the difference, do not take its absolute value."),
        Mistake(lambda f, t, h: psnr_of((f - t).mean(1).square()[:, h].mean(1)),
                "Square the difference before the mean: plus and minus cancel."),
        Mistake(lambda f, t, h: psnr_of((f - t).mean(1)[:, h].mean(1).square()),
                "Square the difference before the means: plus and minus cancel."),
    ])

EXERCISES = [PASTE, VISIBLE_ERROR, PSNR]
