"""Exercises of the notebook bce_refresher: binary cross entropy, and its gradient."""

from __future__ import annotations

import math

import torch

from gan_lib import losses
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import expect


def examine_bce_from_probability(answer) -> None:
    """Compare with the closed form for both labels, one by one and together."""
    p, y = torch.tensor([0.9, 0.2, 0.6]), torch.tensor([1.0, 0.0, 0.0])
    right = torch.tensor([-math.log(0.9), -math.log(0.8), -math.log(0.4)])
    half = "You used only one half of the formula: label 1 needs log(p), label 0 needs log(1 - p)."
    hints = [
        (-right, "log of a probability is negative. The loss has a minus sign in front."),
        (-y * torch.log(p), half),
        (-(1 - y) * torch.log(1 - p), half),
        (losses.bce_from_probability(p, 1 - y), "The labels are swapped: y belongs to log(p), "
                                                "1 - y to log(1 - p)."),
        (right.mean(), "Give one loss for each number. The mean comes later."),
        (right.sum(), "Give one loss for each number, do not add them up."),
        (right / math.log(10), "Take the natural logarithm, torch.log."),
        (right / math.log(2), "Take the natural logarithm, torch.log."),
        (torch.abs(y - p), "This is the distance |y - p|. BCE is the surprise, with torch.log."),
        ((y - p).square(), "This is the squared error. BCE is the surprise, with torch.log."),
    ]
    expect("bce_from_probability(torch.tensor([0.9, 0.2, 0.6]), torch.tensor([1.0, 0.0, 0.0]))",
           answer(p, y), right, hints)
    expect("bce_from_probability(torch.tensor([0.5]), 1)", answer(torch.tensor([0.5]), 1),
           torch.tensor([math.log(2)]))


def examine_bce(answer) -> None:
    """Compare with the closed form, then at a logit where the sigmoid is exactly 1."""
    logits, y = torch.tensor([0.0, 2.0, -1.0]), torch.tensor([1.0, 1.0, 0.0])
    each = torch.tensor([math.log(2), math.log(1 + math.exp(-2)), math.log(1 + math.exp(-1))])
    softplus = torch.nn.functional.softplus(logits)
    no_sigmoid = "These are logits: softplus(logits) stands where the probability's log stood."
    hints = [
        (each, "This is one loss for each logit. Take the mean of them: .mean()"),
        (each.sum(), "This is the sum. Take the mean: .mean()"),
        (-each.mean(), "The sign is turned round: softplus(s) - y * s."),
        ((softplus + y * logits).mean(), "The sign is wrong in the middle: softplus(s) - y * s."),
        (softplus.mean(), "The label does not matter yet: subtract y * s."),
        ((softplus - (1 - y) * logits).mean(), "The labels are swapped: subtract y * s."),
        (losses.bce(torch.sigmoid(logits), y), "There is one sigmoid too many. " + no_sigmoid),
        (torch.tensor(math.nan), "You took the log of a logit. " + no_sigmoid),
    ]
    expect("bce(torch.tensor([0.0, 2.0, -1.0]), torch.tensor([1.0, 1.0, 0.0]))",
           answer(logits, y), each.mean(), hints)
    infinite = ("sigmoid(40) is exactly 1 in float32, so log(1 - p) is minus infinity. "
                "Do not compute p at all: use F.softplus.")
    clipped = "You cut p off near 1, and the loss with it. Use F.softplus instead."
    expect("bce(torch.tensor([40.0]), 0)", answer(torch.tensor([40.0]), 0), torch.tensor(40.0),
           [(torch.tensor(math.inf), infinite), (torch.tensor(math.nan), infinite),
            (torch.tensor(100.0), clipped),  # torch.nn.functional.binary_cross_entropy
            *[(-torch.log(1 - torch.tensor(1 - gap)), clipped) for gap in (1e-7, 1e-6, 1e-5)],
            *[(torch.tensor(-math.log(gap)), clipped) for gap in (1e-8, 1e-7, 1e-6)]])
    overflow = ("e to the power of 400 is too large for float32, so log(1 + e^s) is infinite. "
                "Use F.softplus, which avoids this.")
    expect("bce(torch.tensor([400.0]), 0)", answer(torch.tensor([400.0]), 0),
           torch.tensor(400.0), [(torch.tensor(math.inf), overflow)])
    expect("bce(torch.tensor([-200.0]), 1)", answer(torch.tensor([-200.0]), 1),
           torch.tensor(200.0), [(torch.tensor(math.inf), infinite),
                                 (torch.tensor(math.nan), infinite)])


def examine_bce_gradient(answer) -> None:
    """Compare with automatic differentiation of the library's loss."""
    logits = torch.tensor([0.0, 2.0, -1.0], requires_grad=True)
    y = torch.tensor([1.0, 1.0, 0.0])
    right, = torch.autograd.grad(losses.bce(logits, y) * len(logits), logits)
    logits = logits.detach()
    p = torch.sigmoid(logits)
    hints = [
        (-right, "This is y - p, the direction in which the logit will move. The gradient is "
                 "p - y."),
        (logits - y, "Turn the logits into probabilities first: torch.sigmoid(logits)."),
        (p, "Subtract the label: p - y."),
        (right.mean(), "Give one gradient for each logit. The mean comes later."),
        (right.sum(), "Give one gradient for each logit. Do not add them up."),
        (right.abs(), "The sign matters: it says whether the logit must go up or down."),
        (p * (1 - p), "This is the slope of the sigmoid. The loss's own slope has to be "
                      "multiplied in, and then only p - y is left."),
        (right / (p * (1 - p)), "This is the gradient with respect to p. With respect to the "
                                "logit it is p - y."),
    ]
    expect("bce_gradient(torch.tensor([0.0, 2.0, -1.0]), torch.tensor([1.0, 1.0, 0.0]))",
           answer(logits, y), right, hints)
    expect("bce_gradient(torch.tensor([0.0]), 0)", answer(torch.tensor([0.0]), 0),
           torch.tensor([0.5]))


EXERCISES = [
    Exercise(losses.bce_from_probability,
             "Right: the surprise of the label that is true, -log(p) or -log(1 - p).",
             further=examine_bce_from_probability),
    Exercise(losses.bce,
             "Right: the mean BCE, and finite even where the sigmoid is exactly 1.",
             further=examine_bce),
    Exercise(losses.bce_gradient,
             "Right: p - y, the same as automatic differentiation of the loss.",
             further=examine_bce_gradient),
]
