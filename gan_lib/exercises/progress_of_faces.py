"""Exercises of the notebook progress_of_faces: fading in, D's look at a batch, and styles."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import growing, styles
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal


def drawn(*shape: int, seed: int = 0, ask: bool = False) -> Tensor:
    """Return random numbers that are spread round 0.5; with `ask`, they ask for a gradient."""
    return (1.5 * normal(*shape, seed=seed) + 0.5).requires_grad_(ask)


# --- fade ------------------------------------------------------------------------------------

def enlarge(x: Tensor) -> Tensor:
    """Return x with each pixel made 2 x 2."""
    return F.interpolate(x, scale_factor=2)


def smooth(x: Tensor) -> Tensor:
    """Return x twice as wide and high, with mixed pixels between."""
    return F.interpolate(x, scale_factor=2, mode="bilinear")


def wide_apart(x: Tensor) -> Tensor:
    """Return x with three zeros beside each pixel."""
    zeros = x.new_zeros(*x.shape[:2], 2 * x.shape[2], 2 * x.shape[3])
    zeros[..., ::2, ::2] = x
    return zeros


def two(n: int, c: int, h: int, w: int, seed: int, ask: bool = False) -> tuple[Tensor, Tensor]:
    """Return small pictures (n, c, h, w) and large ones, twice as wide and high."""
    return drawn(n, c, h, w, seed=seed, ask=ask), drawn(n, c, 2 * h, 2 * w, seed=seed + 1, ask=ask)


def plain(alpha: float) -> tuple[Tensor, Tensor, float]:
    """Return a small picture with the pixels 1 and -1, a large one of zeros, and alpha."""
    return torch.tensor([[[[1.0, -1.0]]]]), torch.zeros(1, 1, 2, 4), alpha


SIZE = "Each small pixel becomes 2 x 2 equal ones: F.interpolate(small, scale_factor=2)"

FADE = Exercise(
    growing.fade,
    "Right: at alpha = 0 the new layer is not heard at all, at alpha = 1 it is heard alone, and "
    "nothing jumps between.",
    cases=[
        Case("with one row of pixels, 1 and -1, and a large picture of zeros: "
             "fade(small, large, 0.25)", lambda: plain(0.25)),
        Case("with small pictures of the shape (2, 3, 4, 5): fade(small, large, 0.3)",
             lambda: (*two(2, 3, 4, 5, seed=1), 0.3)),
        Case("with small pictures of the shape (3, 1, 2, 3): fade(small, large, 0.0)",
             lambda: (*two(3, 1, 2, 3, seed=3), 0.0)),
        Case("with small pictures of the shape (1, 3, 8, 8): fade(small, large, 1.0)",
             lambda: (*two(1, 3, 8, 8, seed=5), 1.0)),
        Case("with pictures that ask for a gradient: fade(small, large, 0.7)",
             lambda: (*two(2, 3, 2, 3, seed=7, ask=True), 0.7)),
    ],
    mistakes=[
        Mistake(lambda s, b, a: a * enlarge(s) + (1 - a) * b,
                "alpha is the wrong way round: alpha = 1 must give the large picture alone."),
        Mistake(lambda s, b, a: enlarge(s) + a * b,
                "All of the small picture is still in it. Which share of it is left at alpha?"),
        Mistake(lambda s, b, a: (1 - a) * enlarge(s) + b,
                "All of the large picture is in it, whatever alpha is."),
        Mistake(lambda s, b, a: (1 - a) * enlarge(s) - a * b, "The two parts are added."),
        Mistake(lambda s, b, a: (1 - a) * enlarge(s) * a * b, "The two parts are added."),
        Mistake(lambda s, b, a: (enlarge(s) + b) / 2, "This is the middle for every alpha."),
        Mistake(lambda s, b, a: enlarge(s),
                "This is the small picture alone. Use alpha and large."),
        Mistake(lambda s, b, a: b + 0 * enlarge(s),
                "This is the large picture alone. Use alpha and small."),
        Mistake(lambda s, b, a: (1 - a) * enlarge(s), "The part of the large picture is missing."),
        Mistake(lambda s, b, a: a * b, "The part of the small picture is missing."),
        Mistake(lambda s, b, a: ((1 - a) * enlarge(s) + a * b) / 2,
                "The shares 1 - alpha and alpha already add up to 1: do not divide."),
        Mistake(lambda s, b, a: (1 - a) * smooth(s) + a * b,
                "This mixes the pixels between (bilinear). Leave `mode` out. " + SIZE + "."),
        Mistake(lambda s, b, a: (1 - a) * s.repeat(1, 1, 2, 2) + a * b,
                "This lays the whole picture four times side by side. " + SIZE + "."),
        Mistake(lambda s, b, a: (1 - a) * wide_apart(s) + a * b,
                "There are zeros between the small picture's pixels. " + SIZE + "."),
        Mistake(lambda s, b, a: (1 - a) * s + a * F.avg_pool2d(b, 2),
                "The large picture was shrunk. Enlarge the small one instead. " + SIZE + "."),
        Mistake(lambda s, b, a: 1 - a * enlarge(s) + a * b, "Brackets are missing: (1 - alpha)."),
        Mistake(lambda s, b, a: (a - 1) * enlarge(s) + a * b,
                "The share of the small picture is 1 - alpha, not alpha - 1."),
        Mistake(lambda s, b, a: b if a >= 0.5 else enlarge(s),
                "This switches from one to the other. Mix them with the shares 1 - alpha and "
                "alpha."),
        Mistake(lambda s, b, a: ((1 - a) * enlarge(s) + a * b).mean(),
                "This is one number, a mean. The mix is a picture as large as `large`."),
        Mistake(lambda s, b, a: torch.cat([(1 - a) * enlarge(s), a * b], 1),
                "The two parts lie behind each other, as channels. Add them: +."),
    ])


# --- minibatch_deviation -----------------------------------------------------------------------

def told(x: Tensor, spread: Tensor) -> Tensor:
    """Return x with one map more, of `spread`, which fits into (N, 1, H, W)."""
    return torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], 1)


def with_spread(of: Callable[[Tensor], Tensor], hint: str) -> Mistake:
    """Return the mistake that tells D another number than the mean deviation."""
    return Mistake(lambda x: told(x, of(x)), hint)


def root_of_squares(x: Tensor, dims=0) -> Tensor:
    """Return the standard deviation (divided by the count), also of a single number."""
    return x.std(dims, correction=0)


OVER_BATCH = "Compare the samples with each other: over the batch, .std(0, correction=0)"
MEAN = "D gets one number: the mean of all the deviations"

MINIBATCH_DEVIATION = Exercise(
    growing.minibatch_deviation,
    "Right: if all fakes of a batch look alike, the new map is near 0, and D can see that at once. "
    "No single picture could tell it.",
    cases=[
        Case("with two samples of one map, the pixels 0, 2 and 4, 2: minibatch_deviation(x)",
             lambda: (torch.tensor([[[[0.0, 2.0]]], [[[4.0, 2.0]]]]),)),
        *(Case(f"with x of the shape {shape}: minibatch_deviation(x)",
               lambda shape=shape: (drawn(*shape, seed=sum(shape)),))
          for shape in ((4, 3, 2, 5), (2, 5, 4, 3), (3, 1, 1, 2), (32, 8, 4, 4))),
        Case("with five times the same sample: minibatch_deviation(x)",
             lambda: (drawn(1, 2, 3, 4, seed=1).repeat(5, 1, 1, 1),)),
        Case("with an x that asks for a gradient: minibatch_deviation(x)",
             lambda: (drawn(4, 2, 3, 3, seed=2, ask=True),)),
    ],
    mistakes=[
        Mistake(lambda x: told(x, x.std(0).mean()),
                "This divides by N - 1, not by N: write .std(0, correction=0)."),
        with_spread(lambda x: x.std(correction=0), OVER_BATCH + ". This is the deviation of all "
                                                                "numbers from one mean."),
        with_spread(lambda x: x.std(), OVER_BATCH + ". This is the deviation of all numbers."),
        with_spread(lambda x: root_of_squares(x, (1, 2, 3)).mean(), OVER_BATCH + ". This looks at "
                    "each sample by itself."),
        with_spread(lambda x: root_of_squares(x, (1, 2, 3))[:, None, None, None],
                    OVER_BATCH + ". This looks at each sample by itself."),
        with_spread(lambda x: root_of_squares(x, 1).mean(), OVER_BATCH + ", not over the maps."),
        with_spread(lambda x: root_of_squares(x, (2, 3)).mean(),
                    OVER_BATCH + ", not over the places."),
        with_spread(lambda x: x.var(0, correction=0).mean(),
                    "This is the variance. The root is missing: .std."),
        with_spread(lambda x: x.var(0, correction=0).mean().sqrt(),
                    "The order is: first the root of each (.std), then the mean."),
        with_spread(lambda x: root_of_squares(x).sum(), MEAN + ", not the sum."),
        with_spread(lambda x: root_of_squares(x).max(), MEAN + ", not the largest one."),
        with_spread(lambda x: root_of_squares(x).median(), MEAN + ", not the median."),
        with_spread(lambda x: root_of_squares(x).mean(0), MEAN + ". This is one number for each "
                                                                 "place: the mean over all axes."),
        with_spread(lambda x: x.mean(), "This is the mean of x. Take the deviation over the batch "
                                        "first: x.std(0, correction=0)."),
        with_spread(lambda x: (x - x.mean(0)).abs().mean(),
                    "This is the mean distance. The standard deviation is the root of the mean "
                    "square: .std(0, correction=0)."),
        with_spread(lambda x: x.square().mean(0).sqrt().mean(),
                    "The batch's mean must be taken away first; .std does that."),
        with_spread(lambda x: (x.amax(0) - x.amin(0)).mean(),
                    "This is the range. Take .std(0, correction=0)."),
        Mistake(lambda x: root_of_squares(x).mean().expand(len(x), 1, *x.shape[2:]),
                "This is the new map alone. Put it behind the maps of x: torch.cat([x, ...], 1)."),
        Mistake(lambda x: root_of_squares(x).mean(),
                "This is the number. It must become a map behind those of x."),
        Mistake(lambda x: root_of_squares(x),
                "These are the deviations. Take their mean, and put it behind x as a new map."),
        Mistake(lambda x: torch.cat([root_of_squares(x).mean().expand(len(x), 1, *x.shape[2:]), x],
                                    1), "The new map comes behind those of x, not before."),
        Mistake(lambda x: torch.cat([x, root_of_squares(x).expand_as(x)], 1),
                MEAN + ", in one new map. This adds as many maps as x has."),
        Mistake(lambda x: torch.cat([x, root_of_squares(x).mean().expand_as(x)], 1),
                "One new map is enough. This adds as many maps as x has."),
        Mistake(lambda x: x + root_of_squares(x).mean(),
                "The number was added to x. It gets a map of its own: torch.cat([x, ...], 1)."),
    ])


# --- modulate --------------------------------------------------------------------------------

PLACES = (2, 3)


def normal_maps(x: Tensor, dims=PLACES, correction: int = 0) -> Tensor:
    """Return x with mean 0 and deviation 1 over the axes `dims`."""
    mean = x.mean(dims, keepdim=True)
    return (x - mean) / (x.std(dims, correction=correction, keepdim=True) + 1e-5)


def maps(y: Tensor) -> Tensor:
    """Return one number for each map, (N, C), in a form that fits (N, C, H, W)."""
    return y[:, :, None, None]


def styled(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Return the last line of the answer, for maps that may be normal or not."""
    return maps(scale) * x + maps(shift)


def normalised(how: Callable[[Tensor], Tensor], hint: str) -> Mistake:
    """Return the mistake that brings the maps to something else than mean 0, deviation 1."""
    return Mistake(lambda x, a, b: styled(how(x), a, b), hint)


def finished(how: Callable, hint: str) -> Mistake:
    """Return the mistake that does something else with the normal maps, the scale, the shift."""
    return Mistake(lambda x, a, b: how(normal_maps(x), maps(a), maps(b)), hint)


def three(n: int, c: int, h: int, w: int, seed: int, ask: bool = False):
    """Return maps (n, c, h, w), each with a mean and deviation of its own, scale and shift."""
    wide = 20 if ask else 1  # how 1e-5 is added must not be seen in the gradients
    random = wide * normal(n, c, h, w, seed=seed) * (1 + torch.arange(c)[:, None, None])
    x = random + 2 * normal(n, c, 1, 1, seed=seed + 1) + 1
    return (x.requires_grad_(ask), drawn(n, c, seed=seed + 2, ask=ask),
            drawn(n, c, seed=seed + 3, ask=ask))


EACH = "Each map of each sample is brought to 0 and 1 by itself: over the axes (2, 3)"

MODULATE = Exercise(
    styles.modulate,
    "Right: whatever came in, each map leaves with the mean and the deviation that the style asks "
    "for. What stays is where in the map the numbers are high.",
    cases=[
        Case("with one map, the pixels 1 and 5, scale 2 and shift 10: modulate(x, scale, shift)",
             lambda: (torch.tensor([[[[1.0, 5.0]]]]), torch.tensor([[2.0]]),
                      torch.tensor([[10.0]]))),
        *(Case(f"with x of the shape {shape}: modulate(x, scale, shift)",
               lambda shape=shape: three(*shape, seed=sum(shape)))
          for shape in ((2, 3, 4, 5), (3, 2, 3, 2), (2, 2, 8, 8), (1, 4, 2, 3))),
        Case("with a map that is 3 everywhere: modulate(x, scale, shift)",
             lambda: (torch.full((2, 1, 2, 2), 3.0), torch.tensor([[2.0], [0.5]]),
                      torch.tensor([[-1.0], [4.0]]))),
        Case("with tensors that ask for a gradient: modulate(x, scale, shift)",
             lambda: three(2, 3, 4, 4, seed=30, ask=True)),
    ],
    mistakes=[
        normalised(lambda x: x, "The maps were not brought to mean 0 and deviation 1 first."),
        normalised(lambda x: x - x.mean(PLACES, keepdim=True),
                   "The mean is gone. Now divide by the standard deviation, too."),
        normalised(lambda x: x / (x.std(PLACES, correction=0, keepdim=True) + 1e-5),
                   "The deviation is 1. But the mean was not taken away first."),
        normalised(lambda x: (x - x.mean(PLACES, keepdim=True))
                   / (x.var(PLACES, correction=0, keepdim=True) + 1e-5),
                   "This divides by the variance. The root is missing: .std."),
        Mistake(lambda x, a, b: styled(normal_maps(x, correction=1), a, b),
                "This divides by H W - 1: write .std(..., correction=0)."),
        normalised(lambda x: normal_maps(x, (0, 2, 3)),
                   EACH + ", without the batch's axis 0 (that is batch normalisation)."),
        normalised(lambda x: normal_maps(x, (1, 2, 3)), EACH + ", without the maps' axis 1."),
        normalised(lambda x: normal_maps(x, (0, 1, 2, 3)), EACH + "."),
        normalised(lambda x: normal_maps(x, 1), EACH + ", not over the maps."),
        normalised(lambda x: normal_maps(x, 0), EACH + ", not over the batch."),
        normalised(lambda x: normal_maps(x, 3), EACH + ", not row by row."),
        normalised(lambda x: normal_maps(x, 2), EACH + ", not column by column."),
        finished(lambda x, a, b: x, "The maps are normal. Now multiply by scale, and add shift."),
        finished(lambda x, a, b: a * x, "The shift is missing."),
        finished(lambda x, a, b: x + b, "The scale is missing."),
        finished(lambda x, a, b: b * x + a, "Scale and shift have changed places."),
        finished(lambda x, a, b: a * (x + b), "Scale first, then shift: no brackets."),
        finished(lambda x, a, b: a * x - b, "The shift is added, not subtracted."),
        finished(lambda x, a, b: x / a + b, "Multiply by the scale, do not divide."),
        finished(lambda x, a, b: (x - b) / a,
                 "This takes the style away. Multiply by scale, and add shift."),
        finished(lambda x, a, b: (1 + a) * x + b,
                 "The scale is used as it is: it is no change of 1."),
        finished(lambda x, a, b: a.abs() * x + b,
                 "The sign of the scale was lost: use it as it is."),
        finished(lambda x, a, b: (a * x + b).mean(PLACES),
                 "The places were averaged. The result is as large as x."),
        finished(lambda x, a, b: a.mean() * x + b.mean(),
                 "Each map has a scale and a shift of its own: [:, :, None, None]."),
    ])

EXERCISES = [FADE, MINIBATCH_DEVIATION, MODULATE]
