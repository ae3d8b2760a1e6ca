"""Exercises of the notebook latent_interpolation."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from gan_lib import latent
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import expect


def examine_lerp(answer: Callable) -> None:
    """Check the straight mix on two short vectors, then on several at once."""
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 2.0])
    given = "with a = [1, 0] and b = [0, 2]: lerp(a, b, 0.25)"
    expect(given, answer(a, b, 0.25), torch.tensor([0.75, 0.5]), hints=[
        (torch.tensor([0.25, 1.5]), "t is the wrong way round: t = 0 must give a, t = 1 gives b."),
        (torch.tensor([1.0, 0.5]), "All of a is still in it. How much of a is left at t?"),
        (torch.tensor([1.25, -0.5]), "The step goes from a to b, so it is b - a."),
        (torch.tensor([0.5, 1.0]), "This is the middle for every t. Use t."),
        (torch.tensor([math.cos(math.pi / 8), 2 * math.sin(math.pi / 8)]),
         "This is the spherical mix. The straight one comes first.")])
    expect("lerp(a, b, 0)", answer(a, b, 0.0), a)
    expect("lerp(a, b, 1)", answer(a, b, 1.0), b)
    t = torch.tensor([[0.0], [0.5], [1.0]])
    expect("lerp(a, b, t) with t of the shape (3, 1)", answer(a, b, t),
           torch.tensor([[1.0, 0.0], [0.5, 1.0], [0.0, 2.0]]))


def examine_slerp(answer: Callable) -> None:
    """Check the spherical mix: at a right angle, at 60 degrees, the ends, no angle, several."""
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    given = "with a = [1, 0] and b = [0, 1], so at a right angle: slerp(a, b, 1/3)"
    expect(given, answer(a, b, 1 / 3), _turned(30), hints=[
        (torch.tensor([2 / 3, 1 / 3]), "This is the straight mix: its length is 0.75, not 1. "
         "Is `angle` the arccos of the cosine, and do you mix with torch.sin?"),
        (_turned(60), "t is the wrong way round, or you mix with torch.cos: a gets "
         "torch.sin((1 - t) * angle)."),
        (torch.tensor([2.0, 1.0]) / 5 ** 0.5, "This is the straight mix, made as long as a. A "
         "third of the way must be a third of the angle: mix with torch.sin."),
        (_with_degrees(a, b, 1 / 3), "Your angle is in degrees. torch.sin wants radians, which "
         "is what torch.arccos gives.")])
    a, b = 2 * _turned(0), 2 * _turned(60)
    given = "with a and b of length 2 at an angle of 60 degrees: slerp(a, b, 0.25)"
    expect(given, answer(a, b, 0.25), 2 * _turned(15), hints=[
        (2 * _turned(15) * math.sin(math.pi / 3), "The way is right, but the result is too "
         "short. Divide by sin(angle)."),
        (_turned(15), "The result must be as long as a and b are, not 1: mix a and b as they "
         "came.")])
    expect("slerp(a, b, 0)", answer(a, b, 0.0), a)
    expect("slerp(a, b, 1)", answer(a, b, 1.0), b)
    a = torch.tensor([3.0, 4.0])
    expect("slerp(a, a, 0.5)", answer(a, a, 0.5), a, hints=[
        (a * math.nan, "Here the angle is 0, and you divide by sin(0) = 0. Where the angle is "
         "almost 0, hand back the straight mix.")])
    t = torch.tensor([[0.0], [0.5], [1.0]])
    expect("slerp(a, b, t) with t of the shape (3, 1)", answer(_turned(0), _turned(90), t),
           torch.stack([_turned(0), _turned(45), _turned(90)]))


def examine_attribute_direction(answer: Callable) -> None:
    """Check the direction on four noise vectors, of which three have the attribute."""
    z = torch.tensor([[3.0, 1.0], [5.0, 3.0], [4.0, 2.0], [0.0, -2.0]])
    has = torch.tensor([True, True, True, False])
    given = ("with z[has] = [3, 1], [5, 3], [4, 2] and z[~has] = [0, -2]: "
             "attribute_direction(z, has)")
    expect(given, answer(z, has), _turned(45), hints=[
        (torch.tensor([4.0, 4.0]), "The direction is right. Now divide it by its length, "
         "difference.norm()."),
        (-_turned(45), "It points the wrong way: from those that lack it to those that have it."),
        (_unit(4.0, 2.0), "This is the mean of those that have it. Take away the mean of those "
         "that lack it."),
        (_unit(12.0, 8.0), "Take the mean of each group, not the sum: the groups differ in size."),
        (_unit(3.0, 5.0, 4.0), "Take the mean over the vectors: .mean(0), not .mean(1).")])


def _turned(degrees: float) -> torch.Tensor:
    angle = math.radians(degrees)
    return torch.tensor([math.cos(angle), math.sin(angle)])


def _unit(*numbers: float) -> torch.Tensor:
    vector = torch.tensor(numbers)
    return vector / vector.norm()


def _with_degrees(a: torch.Tensor, b: torch.Tensor, t: float) -> torch.Tensor:
    wrong = 90.0
    return (math.sin((1 - t) * wrong) * a + math.sin(t * wrong) * b) / math.sin(wrong)


EXERCISES = [
    Exercise(latent.lerp,
             "Right: the shares 1 - t and t add up to 1, so t = 0 is a, t = 1 is b, and between "
             "them the point moves on a straight line at constant speed.",
             further=examine_lerp),
    Exercise(latent.slerp,
             "Right: the mix turns from a to b at constant speed, and two vectors of the same "
             "length keep that length all the way.",
             further=examine_slerp),
    Exercise(latent.attribute_direction,
             "Right: the difference of the two means points from the noise without the attribute "
             "to the noise with it, and its length is 1, so a step has a known size.",
             further=examine_attribute_direction),
]
