"""Exercises of the notebook talking_heads: the pose, the mean embedding, the loss of E and G."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import heads, losses
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal, uniform

# --- pose_vector -----------------------------------------------------------------------------


def poses(n: int, numbers: int, points: int, seed: int, gradient: bool = False) -> tuple:
    """Return random (expression, landmarks, low, high); every number has a range of its own."""
    low = 4 * uniform(numbers, seed=seed) - 3
    high = low + 0.5 + 5 * uniform(numbers, seed=seed + 1)
    expression = low + (high - low) * uniform(n, numbers, seed=seed + 2)
    return (expression.requires_grad_(gradient), uniform(n, points, 2, seed=seed + 3), low, high)


POSE_CALL = "pose_vector(expression, landmarks, low, high)"
POSE_VECTOR = Exercise(
    heads.pose_vector,
    "Right: every number of the pose lies from 0 to 1, so none of them shouts.",
    cases=[
        Case("with expression = [[0.5, 5.0]], landmarks = [[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]], "
             f"low = [-1.0, 0.0], high = [1.0, 20.0]: {POSE_CALL}",
             lambda: (torch.tensor([[0.5, 5.0]]),
                      torch.tensor([[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]]),
                      torch.tensor([-1.0, 0.0]), torch.tensor([1.0, 20.0]))),
        *[Case(f"with {n} poses of {numbers} numbers and {points} landmarks: {POSE_CALL}",
               lambda n=n, numbers=numbers, points=points, seed=seed: poses(
                   n, numbers, points, seed, seed == 30))
          for n, numbers, points, seed in ((3, 8, 6, 10), (1, 8, 6, 20), (5, 4, 2, 30),
                                           (2, 3, 7, 40), (4, 4, 4, 50))],
    ],
    mistakes=[
        Mistake(lambda e, p, low, high: torch.cat([e, p.flatten(1)], 1),
                "The expression is as it was. Subtract low, then divide by high - low."),
        Mistake(lambda e, p, low, high: torch.cat([e - low, p.flatten(1)], 1),
                "The expression begins at 0 now. Divide by the length of the range, high - low."),
        Mistake(lambda e, p, low, high: torch.cat([e / (high - low), p.flatten(1)], 1),
                "Subtract low first, so that each range begins at 0."),
        Mistake(lambda e, p, low, high: torch.cat([(e - low) / high, p.flatten(1)], 1),
                "The range is high - low long. Divide by that, not by high."),
        Mistake(lambda e, p, low, high: torch.cat([e - low / (high - low), p.flatten(1)], 1),
                "Brackets: (expression - low) / (high - low). Division comes before minus."),
        Mistake(lambda e, p, low, high: torch.cat([(e - low) / high - low, p.flatten(1)], 1),
                "Brackets: (expression - low) / (high - low). Division comes before minus."),
        Mistake(lambda e, p, low, high: torch.cat([(high - e) / (high - low), p.flatten(1)], 1),
                "It is upside down: low should become 0, and high should become 1."),
        Mistake(lambda e, p, low, high: torch.cat(
            [2 * (e - low) / (high - low) - 1, p.flatten(1)], 1),
            "This is from -1 to 1. A pose lies from 0 to 1."),
        Mistake(lambda e, p, low, high: torch.cat([p.flatten(1), (e - low) / (high - low)], 1),
                "The expression comes first, then the landmarks."),
        Mistake(lambda e, p, low, high: (e - low) / (high - low),
                "The landmarks are missing: torch.cat([..., landmarks.flatten(1)], 1)."),
        Mistake(lambda e, p, low, high: p.flatten(1),
                "The expression is missing. It comes first."),
        Mistake(lambda e, p, low, high: torch.cat(
            [(e - low) / (high - low), p.transpose(1, 2).flatten(1)], 1),
            "You put all x first, then all y. landmarks.flatten(1) keeps x and y of a point "
            "together."),
        Mistake(lambda e, p, low, high: torch.cat(
            [(e - e.amin(0)) / (e.amax(0) - e.amin(0)), p.flatten(1)], 1),
            "The range is from low to high, not from the smallest to the largest that came."),
        Mistake(lambda e, p, low, high: torch.cat(
            [(e - low) / (high - low), 2 * p.flatten(1) - 1], 1),
            "The landmarks lie from 0 to 1 already. Leave them as they are."),
        Mistake(lambda e, p, low, high: torch.cat(
            [(e - low) / (high - low), p.flatten(1)], 1)[0],
            "This is the first pose only. Give back all."),
        Mistake(lambda e, p, low, high: torch.cat(
            [((e - low) / (high - low)).flatten(), p.flatten()]),
            "This is one long row. One row is one pose: landmarks.flatten(1), and torch.cat "
            "along axis 1."),
        Mistake(lambda e, p, low, high: torch.cat(
            [(e - low) / (high - low), p.mean(2)], 1),
            "Keep x and y of each landmark: .flatten(1) puts them side by side."),
    ])


# --- mean_embedding --------------------------------------------------------------------------


def toy_E(x: Tensor) -> Tensor:
    """Return a little embedding of pictures (N, 3, H, W), which is not linear: (N, 5)."""
    colours = x.mean((2, 3))
    return torch.cat([colours.square(), x.amax((2, 3))[:, :2]], 1)


def counts_E(x: Tensor) -> Tensor:
    """Return the mean of each picture alone: (N, 1)."""
    return x.mean((1, 2, 3))[:, None]


def grey(*values: list[float]) -> Tensor:
    """Return pictures of one grey each: (people, K, 3, 2, 2)."""
    return torch.tensor([list(row) for row in values])[:, :, None, None, None].expand(
        -1, -1, 3, 2, 2).clone()


MEAN_CALL = "mean_embedding(E, pictures)"
MEAN_EMBEDDING = Exercise(
    heads.mean_embedding,
    "Right: one embedding a person, whatever the number of pictures.",
    cases=[
        Case("with an E that gives the mean of a picture, and two people, whose three pictures "
             f"are grey, 0.0, 0.3, 0.6 and 0.1, 0.2, 0.9: {MEAN_CALL}",
             lambda: (counts_E, grey([0.0, 0.3, 0.6], [0.1, 0.2, 0.9]))),
        *[Case(f"with {n} people and {k} pictures of each, of {height} x {width} pixels: "
               f"{MEAN_CALL}",
               lambda n=n, k=k, height=height, width=width: (
                   toy_E, normal(n, k, 3, height, width, seed=n).requires_grad_(n == 4)))
          for n, k, height, width in ((2, 4, 5, 6), (1, 8, 4, 4), (3, 1, 6, 5), (4, 2, 3, 7),
                                      (5, 5, 4, 6))],
    ],
    mistakes=[
        Mistake(lambda E, x: E(x.flatten(0, 1)),
                "This is one embedding for each picture. Cut the rows into people, "
                ".unflatten(0, (n, k)), and take the mean over axis 1."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2]),
                "There are still k embeddings of each person. Take their mean: .mean(1)."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2]).mean(0),
                ".mean(0) is the mean over people. A person's pictures are on axis 1."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2]).mean(2),
                ".mean(2) is the mean of an embedding's numbers. The pictures are on axis 1."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2]).sum(1),
                "You add the embeddings up. Take their mean, or more pictures mean larger "
                "numbers."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2]).amax(1),
                "This is the largest of a person's embeddings. Take their mean."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2]).median(1).values,
                "This is the median of a person's embeddings. Take their mean."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2])[:, 0],
                "This is the first picture alone. Take the mean over all k."),
        Mistake(lambda E, x: E(x[:, 0]),
                "This is the first picture alone. Take the mean over all k."),
        Mistake(lambda E, x: E(x[:, -1]),
                "This is the last picture alone. Take the mean over all k."),
        Mistake(lambda E, x: E(x.mean(1)),
                "You take the mean of the pictures, which is a blur, and then embed it. Embed "
                "each picture first, then take the mean."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(
            0, (x.shape[1], x.shape[0])).mean(0),
            "The pictures of one person lie one after the other: .unflatten(0, (n, k)), not "
            "(k, n)."),
        Mistake(lambda E, x: E(x.transpose(0, 1).flatten(0, 1)).unflatten(
            0, x.shape[:2]).mean(1),
            "The people got mixed up. x.flatten(0, 1) keeps a person's pictures together."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).mean(0),
                "This is one embedding for everybody. Each person needs one."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).mean(0, keepdim=True),
                "This is one embedding for everybody. Each person needs one."),
        Mistake(lambda E, x: E(x.flatten(0, 1)).unflatten(0, x.shape[:2]).mean(1, keepdim=True),
                "There is an axis too many: leave out keepdim."),
        Mistake(lambda E, x: F.normalize(
            E(x.flatten(0, 1)).unflatten(0, x.shape[:2]).mean(1), dim=1),
            "You bring each embedding to length 1. Take the mean, and no more."),
    ])


# --- generator_loss --------------------------------------------------------------------------


def fakes(n: int, side: int, seed: int, weight: float, far: float = 1.0) -> tuple:
    """Return random (fake, truth, fake_logits, weight): fake and logits ask for a gradient."""
    return ((2 * uniform(n, 3, side, side + 1, seed=seed) - 1).requires_grad_(),
            2 * uniform(n, 3, side, side + 1, seed=seed + 1) - 1,
            (far * normal(n, seed=seed + 2)).requires_grad_(), weight)


def l1(fake: Tensor, truth: Tensor) -> Tensor:
    """Return the mean absolute difference."""
    return (fake - truth).abs().mean()


LOSS_CALL = "generator_loss(fake, truth, fake_logits, weight)"
GENERATOR_LOSS = Exercise(
    heads.generator_loss,
    "Right: L1 asks for the truth, the second part asks for what D takes for real.",
    cases=[
        Case("with a fake of 0.5 everywhere, a truth of 0.1 everywhere, fake_logits = [0.0, 0.0] "
             f"and weight = 0.1: {LOSS_CALL}",
             lambda: (torch.full((2, 3, 4, 4), 0.5), torch.full((2, 3, 4, 4), 0.1),
                      torch.zeros(2), 0.1)),
        *[Case(f"with {n} pictures and weight = {weight}: {LOSS_CALL}",
               lambda n=n, side=side, seed=seed, weight=weight, far=far: fakes(
                   n, side, seed, weight, far))
          for n, side, seed, weight, far in ((3, 4, 10, 0.1, 1.0), (1, 5, 20, 0.5, 2.0),
                                             (4, 3, 30, 0.0, 1.0), (2, 4, 40, 1.0, 5.0))],
        Case(f"where D is very sure (logits of -200 and 200), weight = 0.1: {LOSS_CALL}",
             lambda: (*fakes(2, 4, 50, 0.1)[:2], torch.tensor([-200.0, 200.0]).requires_grad_(),
                      0.1)),
    ],
    mistakes=[
        Mistake(lambda f, t, d, w: l1(f, t),
                "D plays no role yet. Add weight * non_saturating_loss(fake_logits)."),
        Mistake(lambda f, t, d, w: losses.non_saturating_loss(d),
                "The truth plays no role yet. Add the mean of |fake - truth|."),
        Mistake(lambda f, t, d, w: w * losses.non_saturating_loss(d),
                "The truth plays no role yet. Add the mean of |fake - truth|."),
        Mistake(lambda f, t, d, w: l1(f, t) + losses.non_saturating_loss(d),
                "The weight is missing: weight * non_saturating_loss(fake_logits)."),
        Mistake(lambda f, t, d, w: w * l1(f, t) + losses.non_saturating_loss(d),
                "The weight belongs to D's part, not to L1."),
        Mistake(lambda f, t, d, w: w * (l1(f, t) + losses.non_saturating_loss(d)),
                "The weight belongs to D's part alone."),
        Mistake(lambda f, t, d, w: (1 - w) * l1(f, t) + w * losses.non_saturating_loss(d),
                "Do not weigh L1 down: it counts in full."),
        Mistake(lambda f, t, d, w: l1(f, t) - w * losses.non_saturating_loss(d),
                "G descends both parts: plus, not minus."),
        Mistake(lambda f, t, d, w: l1(f, t) * w * losses.non_saturating_loss(d),
                "Add the two parts; do not multiply them."),
        Mistake(lambda f, t, d, w: l1(f, t) + w * losses.bce(d, 0),
                "This is D's view: fakes against the label 0. G wants the label 1: "
                "non_saturating_loss."),
        Mistake(lambda f, t, d, w: l1(f, t) + w * losses.minimax_loss(d),
                "This is the minimax loss. Take non_saturating_loss."),
        Mistake(lambda f, t, d, w: (f - t).square().mean() + w * losses.non_saturating_loss(d),
                "You square the differences. L1 is the mean of their absolute values: .abs()."),
        Mistake(lambda f, t, d, w: (f - t).mean() + w * losses.non_saturating_loss(d),
                "Differences above and below cancel each other. Take .abs() before the mean."),
        Mistake(lambda f, t, d, w: (f - t).mean().abs() + w * losses.non_saturating_loss(d),
                "Differences above and below cancel each other. Take .abs() before the mean."),
        Mistake(lambda f, t, d, w: (f - t).abs().sum() + w * losses.non_saturating_loss(d),
                "You add up all pixels. Take their mean."),
        Mistake(lambda f, t, d, w: (f - t).abs().sum((1, 2, 3)).mean()
                + w * losses.non_saturating_loss(d),
                "You add up a picture's pixels. Take their mean."),
        Mistake(lambda f, t, d, w: l1(f, t) + w * d.mean(),
                "Logits alone are no loss, and here the sign is wrong, too. Take "
                "non_saturating_loss(fake_logits)."),
        Mistake(lambda f, t, d, w: l1(f, t) - w * d.mean(),
                "Logits alone are no loss: they have no end. Take "
                "non_saturating_loss(fake_logits)."),
        Mistake(lambda f, t, d, w: l1(f, t) + w * (1 - d.sigmoid()).mean(),
                "This is 1 - D(x), not its logarithm. Take non_saturating_loss(fake_logits)."),
        Mistake(lambda f, t, d, w: (f - t).abs().mean((1, 2, 3))
                + w * losses.non_saturating_loss(d),
                "This is one number a picture. The loss is one number: .mean()."),
        Mistake(lambda f, t, d, w: l1(f, t) + w + losses.non_saturating_loss(d),
                "The weight is a factor: weight * non_saturating_loss(fake_logits)."),
        Mistake(lambda f, t, d, w: l1(f, t) + 0.1 * losses.non_saturating_loss(d),
                "Use the argument weight: it is not always 0.1."),
    ])


EXERCISES = [POSE_VECTOR, MEAN_EMBEDDING, GENERATOR_LOSS]
