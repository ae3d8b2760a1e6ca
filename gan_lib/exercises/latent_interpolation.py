"""Exercises of the notebook latent_interpolation: two ways to mix noise, and a direction in it."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import latent
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal, uniform

# --- lerp ------------------------------------------------------------------------------------

A, B = torch.tensor([1.0, 0.0], device="cpu"), torch.tensor([0.0, 2.0], device="cpu")
IN_STEPS = torch.tensor([[0.0], [0.5], [1.0]], device="cpu")


def vectors(*shape: int, seed: int, ask: bool = False) -> tuple[Tensor, Tensor]:
    """Return two tensors of random numbers; with `ask`, they ask for a gradient."""
    return tuple(normal(*shape, seed=s).requires_grad_(ask) for s in (seed, seed + 1))


def mixing_cases(name: str) -> list[Case]:
    """Return the cases of every mix: many vectors, many t, pictures, gradients."""
    return [
        Case(f"with t of the shape (3, 1), one t for each of 3 mixes: {name}(a, b, t)",
             lambda: (A.clone(), A + B, IN_STEPS.clone())),
        Case(f"with 32 numbers in a and b, and t of the shape (8, 1): {name}(a, b, t)",
             lambda: (*vectors(32, seed=1), torch.linspace(0, 1, 8).unsqueeze(1))),
        Case(f"with 5 vectors in a and in b, of the shape (5, 4): {name}(a, b, 0.3)",
             lambda: (*vectors(5, 4, seed=3), 0.3)),
        Case(f"with 5 vectors in a and in b, and t of the shape (5, 1): {name}(a, b, t)",
             lambda: (*vectors(5, 4, seed=5), uniform(5, 1, seed=7))),
        Case(f"with one vector in a and in b, of the shape (1, 3): {name}(a, b, 0.5)",
             lambda: (*vectors(1, 3, seed=8), 0.5)),
        Case(f"with a tensor without an axis as t: {name}(a, b, torch.tensor(0.6))",
             lambda: (*vectors(6, seed=10), torch.tensor(0.6))),
        Case(f"with a and b of the shape (2, 3, 4): {name}(a, b, 0.8)",
             lambda: (*vectors(2, 3, 4, seed=12), 0.8)),
        Case(f"with a and b that ask for a gradient: {name}(a, b, 0.4)",
             lambda: (*vectors(3, 5, seed=14, ask=True), 0.4)),
    ]


LERP = Exercise(
    latent.lerp,
    "Right: the shares 1 - t and t add up to 1, so t = 0 is a, t = 1 is b, and between them the "
    "point moves on a straight line at constant speed.",
    cases=[
        Case("with a = [1, 0] and b = [0, 2]: lerp(a, b, 0.25)",
             lambda: (A.clone(), B.clone(), 0.25)),
        Case("with a = [1, 0] and b = [0, 2]: lerp(a, b, 0)", lambda: (A.clone(), B.clone(), 0)),
        Case("with a = [1, 0] and b = [0, 2]: lerp(a, b, 1)", lambda: (A.clone(), B.clone(), 1)),
        *mixing_cases("lerp"),
        Case("with pictures of the shape (3, 4, 5), and t of the shape (2, 1, 1, 1): "
             "lerp(a, b, t)", lambda: (*vectors(3, 4, 5, seed=16), uniform(2, 1, 1, 1, seed=18))),
    ],
    mistakes=[
        Mistake(lambda a, b, t: t * a + (1 - t) * b,
                "t is the wrong way round: t = 0 must give a, t = 1 gives b."),
        Mistake(lambda a, b, t: a + t * b, "All of a is still in it. How much of a is left at t?"),
        Mistake(lambda a, b, t: (1 - t) * a + b,
                "All of b is in it, whatever t is. How much of b is there at t?"),
        Mistake(lambda a, b, t: a + t * (a - b), "The step goes from a to b, so it is b - a."),
        Mistake(lambda a, b, t: t * (b - a), "This is only the step. It begins at a: add a."),
        Mistake(lambda a, b, t: b + t * (b - a), "The step begins at a, not at b."),
        Mistake(lambda a, b, t: (1 - t) * a - t * b, "The two parts are added, not subtracted."),
        Mistake(lambda a, b, t: (1 - t) * a * t * b, "The two parts are added, not multiplied."),
        Mistake(lambda a, b, t: (1 - t) * a, "The part of b is missing."),
        Mistake(lambda a, b, t: t * b, "The part of a is missing."),
        Mistake(lambda a, b, t: t * a + t * b, "a and b have the same share, t. How much is a's?"),
        Mistake(lambda a, b, t: 1 - t * a + t * b, "Brackets are missing: (1 - t) * a."),
        Mistake(lambda a, b, t: (t - 1) * a + t * b, "The share of a is 1 - t, not t - 1."),
        Mistake(lambda a, b, t: (a + b) / 2, "This is the middle for every t. Use t."),
        Mistake(lambda a, b, t: ((1 - t) * a + t * b) / 2,
                "The shares 1 - t and t already add up to 1: do not divide."),
        Mistake(lambda a, b, t: ((1 - t) * a + t * b).mean(),
                "This is one number, a mean. The mix has as many numbers as a and b."),
        Mistake(lambda a, b, t: ((1 - t) * a + t * b).sum(),
                "This is one number, a sum. The mix has as many numbers as a and b."),
        Mistake(lambda a, b, t: ((1 - t) * a + t * b).sum(-1),
                "The numbers of each vector were added up. The mix keeps them apart: no sum."),
        Mistake(lambda a, b, t: F.normalize((1 - t) * a + t * b, dim=-1),
                "The mix was made 1 long. Leave it as it is."),
        Mistake(latent.slerp, "This is the spherical mix. The straight one comes first."),
    ])


# --- slerp -----------------------------------------------------------------------------------

def turned(degrees: float, length: float = 1.0) -> Tensor:
    """Return the vector (2,) of this length that is turned by so many degrees."""
    # In float32, so that the cosine of 90 degrees is not 0 but that of arccos's rounded angle.
    angle = torch.tensor(math.radians(degrees))
    return length * torch.stack([torch.cos(angle), torch.sin(angle)])


def some_parallel() -> tuple[Tensor, Tensor]:
    """Return 3 vectors a and b, of which the second ones point the same way."""
    return (torch.tensor([[1.0, 0.0, 0.0], [1.0, 2.0, 2.0], [0.0, 3.0, 0.0]]),
            torch.tensor([[1.0, 1.0, 1.0], [2.0, 4.0, 4.0], [1.0, 1.0, 5.0]]))


def angle_between(a: Tensor, b: Tensor) -> Tensor:
    """Return the angle between a and b, as the stub has it."""
    return torch.arccos(F.cosine_similarity(a, b, dim=-1).unsqueeze(-1).clamp(-1, 1))


def mix_with(shares: Callable) -> Callable:
    """Return the mix that gives a and b the shares(t, angle); the spherical one has SHARES."""
    def mix(a, b, t):
        of_a, of_b = shares(torch.as_tensor(t), angle_between(a, b))
        return of_a * a + of_b * b
    return mix


def shares_of(angle: Tensor, t: Tensor, sine: Callable = torch.sin) -> tuple[Tensor, Tensor]:
    """Return the two numbers above the line of the formula."""
    return sine((1 - t) * angle), sine(t * angle)


def spherical(t: Tensor, angle: Tensor) -> tuple[Tensor, Tensor]:
    """Return the shares of the formula."""
    of_a, of_b = shares_of(angle, t)
    return of_a / torch.sin(angle), of_b / torch.sin(angle)


def chosen(mix: Callable, straight: Callable = latent.lerp) -> Callable:
    """Return the mix with the straight one where the angle is almost 0, as the text asks."""
    def whole(a, b, t):
        return torch.where(angle_between(a, b) < 1e-4, straight(a, b, t), mix(a, b, t))
    return whole


def over(divisor: Callable, sine: Callable = torch.sin) -> Callable:
    """Return the shares with another divisor, or another function above the line."""
    return lambda t, w: tuple(share / divisor(w) for share in shares_of(w, t, sine))


SIN, COS = torch.sin, torch.cos
WRONG_SHARES = [  # of a and of b, at t and the angle w
    (lambda t, w: spherical(t, w)[::-1],
     "t is the wrong way round: a gets torch.sin((1 - t) * angle)."),
    (over(SIN, COS), "These are cosines. Take torch.sin."),
    (over(torch.ones_like), "Divide by torch.sin(angle)."),
    (over(lambda w: w), "The divisor is the sine of the angle: torch.sin(angle)."),
    (over(COS), "The divisor is torch.sin(angle)."),
    (lambda t, w: spherical(t, torch.rad2deg(w)),
     "Your angle is in degrees. torch.sin wants radians, which is what torch.arccos gives."),
    (lambda t, w: spherical(t, COS(w)), "torch.sin wants the angle, not its cosine."),
    (lambda t, w: (SIN((1 - t) * w), SIN(t * w) / SIN(w)),
     "Only the part of b is divided. Put both parts into brackets."),
    (lambda t, w: (SIN((1 - t) * w) / SIN(w), -SIN(t * w) / SIN(w)),
     "The two parts are added, not subtracted."),
    (lambda t, w: (SIN(1 - t) * w / SIN(w), SIN(t) * w / SIN(w)),
     "The sine is that of the product: torch.sin(t * angle)."),
    (lambda t, w: (SIN((1 - t) * w) / SIN(w), 0 * w), "The part of b is missing."),
    (lambda t, w: (0 * w, SIN(t * w) / SIN(w)), "The part of a is missing."),
]
TEXT = "Where the angle is below 1e-4, the straight mix is wanted: lerp(a, b, t)"
MIX = mix_with(spherical)

SLERP = Exercise(
    latent.slerp,
    "Right: the mix turns from a to b at constant speed, and two vectors of the same length keep "
    "that length all the way.",
    cases=[
        Case("with a = [1, 0] and b = [0, 1], so at a right angle: slerp(a, b, 1/3)",
             lambda: (turned(0), turned(90), 1 / 3)),
        Case("with a and b of length 2 at an angle of 60 degrees: slerp(a, b, 0.25)",
             lambda: (turned(0, 2), turned(60, 2), 0.25)),
        Case("with a of length 3 and b of length 1 at an angle of 120 degrees: slerp(a, b, 0.4)",
             lambda: (turned(20, 3), turned(140), 0.4)),
        Case("with a and b at an angle of 4 degrees: slerp(a, b, 0.5)",
             lambda: (turned(30), turned(34), 0.5)),
        Case("with a = [1, 0] and b = [1, 2]: slerp(a, b, 0.0)", lambda: (A.clone(), A + B, 0.0)),
        Case("with a = [1, 0] and b = [1, 2]: slerp(a, b, 1.0)", lambda: (A.clone(), A + B, 1.0)),
        Case("with a = [3, 4]: slerp(a, a, 0.5)",
             lambda: (torch.tensor([3.0, 4.0]), torch.tensor([3.0, 4.0]), 0.5)),
        Case("with b = 2 * a, so the same direction: slerp(a, b, 0.25)",
             lambda: (torch.tensor([1.0, 2.0, 2.0]), torch.tensor([2.0, 4.0, 4.0]), 0.25)),
        Case("with 3 vectors, of which only the second ones have the same direction: "
             "slerp(a, b, 0.25)", lambda: (*some_parallel(), 0.25)),
        *mixing_cases("slerp"),
    ],
    mistakes=[
        Mistake(latent.lerp, "This is the straight mix. Multiply with torch.sin, as the formula "
                             "says."),
        *(Mistake(finish(mix_with(shares)), hint)
          for shares, hint in WRONG_SHARES for finish in (chosen, lambda mix: mix)),
        Mistake(chosen(lambda a, b, t: MIX(F.normalize(a, dim=-1), F.normalize(b, dim=-1), t)),
                "a and b were made 1 long. Mix them as they came."),
        Mistake(chosen(lambda a, b, t: F.normalize(MIX(a, b, t), dim=-1)),
                "The mix was made 1 long. Leave it as it is."),
        Mistake(chosen(lambda a, b, t: F.normalize(latent.lerp(a, b, t), dim=-1)
                       * a.norm(dim=-1, keepdim=True)),
                "This is the straight mix, made as long as a. A third of the way must be a third "
                "of the angle: mix with torch.sin."),
        Mistake(MIX, f"Where the angle is 0, the formula divides 0 by 0. {TEXT} (torch.where)."),
        Mistake(chosen(latent.lerp, MIX),
                "torch.where has its last two the wrong way round: torch.where(condition, this "
                "if true, this if not)."),
        Mistake(chosen(MIX, lambda a, b, t: a.expand_as(latent.lerp(a, b, t))), TEXT + ", not a."),
        Mistake(chosen(MIX, lambda a, b, t: b.expand_as(latent.lerp(a, b, t))), TEXT + ", not b."),
        Mistake(chosen(MIX, lambda a, b, t: torch.zeros_like(latent.lerp(a, b, t))),
                TEXT + ", not 0 (a small number below the line gives 0, too)."),
    ])


# --- attribute_direction -----------------------------------------------------------------------

def unit(vector: Tensor) -> Tensor:
    """Return the vector at length 1."""
    return vector / vector.norm()


def difference(z: Tensor, has: Tensor) -> Tensor:
    """Return the difference of the two means."""
    return z[has].mean(0) - z[~has].mean(0)


def drawn(n: int, z_dim: int, having: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return z (n, z_dim), away from 0, and has (n,) with `having` True, in a random order."""
    order = uniform(n, seed=seed).argsort()
    return normal(n, z_dim, seed=seed) + torch.linspace(-1, 2, z_dim), order < having


def not_the_length(length: Callable, hint: str) -> Mistake:
    """Return the mistake that divides by something else than the length."""
    return Mistake(lambda z, has: difference(z, has) / length(difference(z, has)), hint)


OF_THOSE = "This is the mean of those that have it. Take away the mean of those that lack it."

ATTRIBUTE_DIRECTION = Exercise(
    latent.attribute_direction,
    "Right: the difference of the two means points from the noise without the attribute to the "
    "noise with it, and its length is 1, so a step has a known size.",
    cases=[
        Case("with z[has] = [3, 1], [5, 3], [4, 2] and z[~has] = [0, -2]: "
             "attribute_direction(z, has)",
             lambda: (torch.tensor([[3.0, 1.0], [0.0, -2.0], [5.0, 3.0], [4.0, 2.0]]),
                      torch.tensor([True, False, True, True]))),
        *(Case(f"with {n} vectors of z_dim = {z_dim}, of which {having} have it: "
               "attribute_direction(z, has)",
               lambda numbers=(n, z_dim, having, n): drawn(*numbers))
          for n, z_dim, having in ((7, 3, 2), (6, 4, 5), (2, 5, 1), (2000, 32, 300), (4, 1, 2)))],
    mistakes=[
        Mistake(difference, "The direction is right. Now divide it by its length, "
                            "difference.norm()."),
        Mistake(lambda z, has: -unit(difference(z, has)),
                "It points the wrong way: from those that lack it to those that have it."),
        Mistake(lambda z, has: -difference(z, has),
                "It points the wrong way, and its length is not 1 yet."),
        Mistake(lambda z, has: unit(z[has].mean(0)), OF_THOSE),
        Mistake(lambda z, has: z[has].mean(0), OF_THOSE),
        Mistake(lambda z, has: unit(z[~has].mean(0)),
                "This is the mean of those that lack it. Take it away from the mean of those that "
                "have it."),
        Mistake(lambda z, has: unit(z.mean(0)),
                "This is the mean of all vectors. Take the two groups: z[has] and z[~has]."),
        Mistake(lambda z, has: unit(z[has].mean(0) + z[~has].mean(0)),
                "The two means are subtracted, not added."),
        Mistake(lambda z, has: unit(z[has].sum(0) - z[~has].sum(0)),
                "Take the mean of each group, not the sum: the groups differ in size."),
        Mistake(lambda z, has: unit(z[has].mean(1) - z[~has].mean(1)),
                "Take the mean over the vectors: .mean(0), not .mean(1)."),
        Mistake(lambda z, has: unit(z[has].mean() - z[~has].mean()),
                "This is one number, the mean of all. Take the mean over the vectors: .mean(0)."),
        Mistake(lambda z, has: unit(z[has].median(0).values - z[~has].median(0).values),
                "These are medians. Take means."),
        Mistake(lambda z, has: unit(unit(z[has].mean(0)) - unit(z[~has].mean(0))),
                "The means were made 1 long before they were subtracted. Only the difference is."),
        Mistake(lambda z, has: unit(z[has].mean(0)) - unit(z[~has].mean(0)),
                "The means were made 1 long. Only their difference should be."),
        not_the_length(lambda d: d.square().sum(), "This is divided by the squared length: a root "
                                                   "is missing. The length is .norm()."),
        not_the_length(lambda d: d.abs().sum(),
                       "The length is the root of the sum of the squares: .norm()."),
        not_the_length(torch.sum, "This is divided by the sum. The length is .norm()."),
        not_the_length(torch.max, "This is divided by the largest number. The length is .norm()."),
        not_the_length(torch.mean, "This is divided by the mean. The length is .norm()."),
        not_the_length(lambda d: d.square().mean().sqrt(),
                       "The length is the root of the *sum* of the squares, not of their mean."),
        not_the_length(len, "This is divided by z_dim. The length is .norm()."),
        not_the_length(torch.abs, "Each number has become 1 or -1. Divide all by the same length, "
                                  ".norm()."),
        not_the_length(lambda d: 1 / d.norm(), "Divide by the length, do not multiply."),
        Mistake(lambda z, has: difference(z, has).norm(),
                "This is the length. Divide the difference by it."),
        Mistake(lambda z, has: unit(difference(z, has)).unsqueeze(0),
                "There is an axis too many. Take .mean(0), without keepdim."),
    ])

EXERCISES = [LERP, SLERP, ATTRIBUTE_DIRECTION]
