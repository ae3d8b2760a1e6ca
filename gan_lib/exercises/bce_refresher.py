"""Exercises of the notebook bce_refresher: binary cross entropy, and its gradient."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import losses
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal, uniform


def labels(*shape: int, seed: int) -> Tensor:
    """Return random labels 0 and 1."""
    return uniform(*shape, seed=seed).round()


def asks(call: str):
    """Return what is looked at where no argument asks for a gradient: a figure can be drawn."""
    return lambda arguments, came: {f"whether the result of {call} asks for a gradient":
                                    getattr(came, "requires_grad", False)}


ASKS = "Leave out requires_grad and create_graph: the result asks only if an argument does."


# --- bce_from_probability ----------------------------------------------------------------------

def probabilities(*shape: int, seed: int) -> Tensor:
    """Return random probabilities between 0.05 and 0.95 that ask for a gradient."""
    return (0.05 + 0.9 * uniform(*shape, seed=seed)).requires_grad_()


SURE = "bce_from_probability(torch.tensor([1.0, 0.25]), 0)"


def look_at_sure(arguments: tuple, came) -> dict:
    """Return what is looked at where p is exactly 1 and wrong: infinity, or cut off, as in F."""
    if not isinstance(came, Tensor) or came.shape != (2,):
        return {SURE: came}
    return {f"the second number of {SURE}": came[1],
            f"whether the first number of {SURE} is above 10": bool(came[0] > 10)}


def mean_of_f(p, y):
    """Take F's function as it is: it gives the mean."""
    return F.binary_cross_entropy(p, torch.full_like(p, y) if isinstance(y, int) else y)


HALF = "You used only one half of the formula: label 1 needs log(p), label 0 needs log(1 - p)."
NATURAL = "Take the natural logarithm, torch.log."
SURPRISE = "BCE is the surprise, with torch.log."
EACH = "Give one loss for each number. The mean comes later."

BCE_FROM_PROBABILITY = Exercise(
    losses.bce_from_probability,
    "Right: the surprise of the label that is true, -log(p) or -log(1 - p).",
    cases=[
        Case("bce_from_probability(torch.tensor([0.9, 0.2, 0.6]), torch.tensor([1.0, 0.0, 0.0]))",
             lambda: (torch.tensor([0.9, 0.2, 0.6]), torch.tensor([1.0, 0.0, 0.0]))),
        Case("bce_from_probability(torch.tensor([0.75, 0.1]), 1)",
             lambda: (torch.tensor([0.75, 0.1]), 1)),
        Case("bce_from_probability(torch.tensor([0.75, 0.1]), 0)",
             lambda: (torch.tensor([0.75, 0.1]), 0)),
        Case("with five numbers: bce_from_probability(p, y)",
             lambda: (probabilities(5, seed=1), labels(5, seed=2))),
        Case("with one number: bce_from_probability(p, y)",
             lambda: (probabilities(1, seed=3), torch.ones(1))),
        Case("with p and y of the shape (2, 3): bce_from_probability(p, y)",
             lambda: (probabilities(2, 3, seed=4), labels(2, 3, seed=5))),
        Case("bce_from_probability(torch.tensor(0.8), 0)", lambda: (torch.tensor(0.8), 0)),
        Case("with five numbers that ask for a gradient: bce_from_probability(p, 0)",
             lambda: (probabilities(5, seed=6), 0)),
        Case(SURE, lambda: (torch.tensor([1.0, 0.25]), 0), look_at_sure),
    ],
    mistakes=[
        Mistake(lambda p, y: y * torch.log(p) + (1 - y) * torch.log(1 - p),
                "The log of a probability is negative. The loss has a minus sign in front."),
        Mistake(lambda p, y: -y * torch.log(p), HALF),
        Mistake(lambda p, y: -(1 - y) * torch.log(1 - p), HALF),
        Mistake(lambda p, y: -y * torch.log(p) + (1 - y) * torch.log(1 - p),
                "The minus sign stands in front of the whole: put brackets round the sum."),
        Mistake(lambda p, y: y * torch.log(p) - (1 - y) * torch.log(1 - p),
                "Both halves have a minus sign: put brackets round the sum."),
        Mistake(lambda p, y: losses.bce_from_probability(p, 1 - y),
                "The labels are swapped: y belongs to log(p), 1 - y to log(1 - p)."),
        Mistake(lambda p, y: losses.bce_from_probability(p, y).mean(), EACH),
        Mistake(mean_of_f, EACH),
        Mistake(F.binary_cross_entropy, f"{EACH} (reduction=\"none\")"),
        Mistake(lambda p, y: losses.bce_from_probability(p, y).sum(),
                "Give one loss for each number, do not add them up."),
        Mistake(lambda p, y: -(y * torch.log10(p) + (1 - y) * torch.log10(1 - p)), NATURAL),
        Mistake(lambda p, y: -(y * torch.log2(p) + (1 - y) * torch.log2(1 - p)), NATURAL),
        Mistake(lambda p, y: torch.abs(y - p), f"This is the distance |y - p|. {SURPRISE}"),
        Mistake(lambda p, y: (y - p) ** 2, f"This is the squared error. {SURPRISE}"),
        Mistake(lambda p, y: p - y, f"This is p - y. {SURPRISE}"),
        Mistake(lambda p, y: -(y * torch.log(p) + (1 - y) * (1 - torch.log(p))),
                "The second half is log(1 - p), not 1 - log(p)."),
        Mistake(lambda p, y: -(y * torch.log(p) + (1 - y) * torch.log(1 + p)),
                "The second half is log(1 - p): log1p(p) would be log(1 + p)."),
        Mistake(lambda p, y: -torch.log(p) + 0 * y,
                "The label must matter: log(p) for label 1, log(1 - p) for label 0."),
        Mistake(lambda p, y: -torch.log(p) - torch.log(1 - p),
                "The label must matter: it switches one half off. Multiply by y and by 1 - y."),
        Mistake(lambda p, y: -(p * torch.log(p) + (1 - p) * torch.log(1 - p)),
                "The label y must stand in front of the logs, not p."),
        Mistake(lambda p, y: -(y * torch.log(p) * (1 - y) * torch.log(1 - p)),
                "All losses are 0. Add the two halves: if you multiply them, one is always 0."),
        Mistake(lambda p, y: -(y * p + (1 - y) * (1 - p)),
                "The logs are missing: torch.log(p) and torch.log(1 - p)."),
        Mistake(lambda p, y: F.softplus(p) - y * p,
                "p is a probability already: no sigmoid is needed, only torch.log."),
    ])


# --- bce ---------------------------------------------------------------------------------------

def logits(*shape: int, seed: int) -> Tensor:
    """Return random logits that ask for a gradient."""
    return (3 * normal(*shape, seed=seed)).requires_grad_()


def through_p(cut):
    """Return bce computed from p = sigmoid(logits), which `cut` has changed."""
    return lambda s, y: losses.bce_from_probability(cut(torch.sigmoid(s)), y).mean()


def through_p_plus(small):
    """Return bce computed from p = sigmoid(logits), with a small number added inside the logs."""
    return lambda s, y: -(y * torch.log(torch.sigmoid(s) + small)
                          + (1 - y) * torch.log(1 - torch.sigmoid(s) + small)).mean()


NO_LABEL = "The label does not matter yet: subtract y * s"
NO_SIGMOID = "These are logits: softplus(logits) stands where the probability's log stood."
INFINITE = ("sigmoid(40) is exactly 1 in float32, so log(1 - p) is minus infinity. Do not compute "
            "p at all: use F.softplus.")
CLIPPED = "You cut p off near 1, and the loss with it. Use F.softplus instead."
TOO_LARGE = ("e to the power of 400 is too large for float32, so log(1 + e^s) is infinite. "
             "Use F.softplus, which avoids this.")
SMALL = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12)

BCE = Exercise(
    losses.bce,
    "Right: the mean BCE, and finite even where the sigmoid is exactly 1.",
    cases=[
        Case("bce(torch.tensor([0.0, 2.0, -1.0]), torch.tensor([1.0, 1.0, 0.0]))",
             lambda: (torch.tensor([0.0, 2.0, -1.0]), torch.tensor([1.0, 1.0, 0.0]))),
        Case("bce(torch.tensor([2.0, -1.0]), 1)", lambda: (torch.tensor([2.0, -1.0]), 1)),
        Case("bce(torch.tensor([2.0, -1.0]), 0)", lambda: (torch.tensor([2.0, -1.0]), 0)),
        Case("with five logits: bce(logits, y)",
             lambda: (logits(5, seed=1), labels(5, seed=2))),
        Case("with one logit: bce(logits, y)", lambda: (logits(1, seed=3), torch.zeros(1))),
        Case("with logits and y of the shape (2, 3): bce(logits, y)",
             lambda: (logits(2, 3, seed=4), labels(2, 3, seed=5))),
        Case("bce(torch.tensor(2.0), 0)", lambda: (torch.tensor(2.0, requires_grad=True), 0)),
        Case("bce(torch.tensor([40.0]), 0)",
             lambda: (torch.tensor([40.0], requires_grad=True), 0)),
        Case("bce(torch.tensor([400.0]), 0)", lambda: (torch.tensor([400.0]), 0)),
        Case("bce(torch.tensor([-200.0]), 1)", lambda: (torch.tensor([-200.0]), 1)),
        Case("bce(torch.tensor(1.5), 1)", lambda: (torch.tensor(1.5), 1),
             asks("bce(torch.tensor(1.5), 1)")),
        Case("with sure logits, right and wrong: bce(logits, y)",
             lambda: (torch.tensor([60.0, 60.0, -300.0, -300.0]),
                      torch.tensor([1.0, 0.0, 1.0, 0.0]))),
    ],
    mistakes=[
        Mistake(lambda s, y: F.softplus(s) - y * s,
                "This is one loss for each logit. Take the mean of them: .mean()"),
        Mistake(lambda s, y: (F.softplus(s) - y * s).sum(), "This is the sum. Take the mean."),
        Mistake(lambda s, y: (F.softplus(s) - y * s).sum() / 3,
                "Divide by the number of logits, whatever it is: .mean()"),
        Mistake(lambda s, y: (F.softplus(s) - y * s).sum() / len(s),
                "len counts the first axis only, and a single logit has none: take .mean()"),
        Mistake(lambda s, y: (F.softplus(s) - y * s).mean(0),
                "This is the mean of the first axis only: take .mean() of all logits."),
        Mistake(lambda s, y: F.softplus(s) - (y * s).mean(),
                "The mean is that of the whole difference: put brackets round it."),
        Mistake(lambda s, y: (y * s - F.softplus(s)).mean(),
                "The sign is turned round: softplus(s) - y * s."),
        Mistake(lambda s, y: (F.softplus(s) + y * s).mean(),
                "The sign is wrong in the middle: softplus(s) - y * s."),
        Mistake(lambda s, y: F.softplus(s).mean() + 0 * y, f"{NO_LABEL}."),
        Mistake(lambda s, y: F.softplus(s).mean(), f"{NO_LABEL}."),
        Mistake(lambda s, y: (F.softplus(s) - s).mean(), f"{NO_LABEL}, not s."),
        Mistake(lambda s, y: (F.softplus(s) - y).mean(), "Subtract y * s, not y."),
        Mistake(lambda s, y: (F.softplus(s) - (1 - y) * s).mean(),
                "The labels are swapped: subtract y * s."),
        Mistake(lambda s, y: (F.softplus(-s) - y * s).mean(), "softplus(s), without a minus."),
        Mistake(lambda s, y: (F.softplus(torch.sigmoid(s)) - y * torch.sigmoid(s)).mean(),
                "There is one sigmoid too many. " + NO_SIGMOID),
        Mistake(lambda s, y: -(y * torch.log(s) + (1 - y) * torch.log(1 - s)).mean(),
                "You took the log of a logit. " + NO_SIGMOID),
        Mistake(lambda s, y: (torch.sigmoid(s) - y).mean(),
                "This is p - y, the gradient. The loss is softplus(s) - y * s."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y).square().mean(),
                "This is the squared error. The loss is softplus(s) - y * s."),
        Mistake(lambda s, y: (torch.relu(s) - y * s).mean(),
                "relu is not softplus: near 0 they differ. Use F.softplus."),
        Mistake(lambda s, y: (F.softmax(s, dim=0) - y * s).mean(),
                "softmax is another function. Use F.softplus."),
        Mistake(through_p(lambda p: p), INFINITE),
        Mistake(lambda s, y: -(y * torch.log(torch.sigmoid(s))
                               + (1 - y) * torch.log(1 - torch.sigmoid(s))).mean(), INFINITE),
        Mistake(lambda s, y: F.binary_cross_entropy(torch.sigmoid(s), y + 0 * s), CLIPPED),
        Mistake(lambda s, y: F.binary_cross_entropy(torch.sigmoid(s), y * torch.ones_like(s)),
                CLIPPED),
        *(Mistake(through_p(lambda p, small=small: p.clamp(small, 1 - small)), CLIPPED)
          for small in SMALL),
        *(Mistake(through_p_plus(small), CLIPPED) for small in SMALL),
        Mistake(lambda s, y: losses.bce(s, y) + torch.zeros((), requires_grad=True), ASKS),
        Mistake(lambda s, y: (torch.log(1 + torch.exp(s)) - y * s).mean(), TOO_LARGE),
        Mistake(lambda s, y: (torch.log1p(torch.exp(s)) - y * s).mean(), TOO_LARGE),
    ])


# --- bce_gradient ------------------------------------------------------------------------------

def look_at_numbers(call: str):
    """Return what is looked at where the gradient of the gradient is nobody's business."""
    return lambda arguments, came: {call: came.detach() if isinstance(came, Tensor) else came}


ASKING = "with logits that ask for a gradient: bce_gradient(logits, y)"

BCE_GRADIENT = Exercise(
    losses.bce_gradient,
    "Right: p - y, the same as automatic differentiation of the loss.",
    cases=[
        Case("bce_gradient(torch.tensor([0.0, 2.0, -1.0]), torch.tensor([1.0, 1.0, 0.0]))",
             lambda: (torch.tensor([0.0, 2.0, -1.0]), torch.tensor([1.0, 1.0, 0.0]))),
        Case("bce_gradient(torch.tensor([2.0, -1.0]), 1)", lambda: (torch.tensor([2.0, -1.0]), 1)),
        Case("bce_gradient(torch.tensor([2.0, -1.0]), 0)", lambda: (torch.tensor([2.0, -1.0]), 0)),
        Case("with five logits: bce_gradient(logits, y)",
             lambda: (logits(5, seed=1).detach(), labels(5, seed=2))),
        Case("with one logit: bce_gradient(logits, y)",
             lambda: (logits(1, seed=3).detach(), torch.ones(1))),
        Case("with logits and y of the shape (2, 3): bce_gradient(logits, y)",
             lambda: (logits(2, 3, seed=4).detach(), labels(2, 3, seed=5))),
        Case("bce_gradient(torch.tensor([30.0, -30.0]), 0)",
             lambda: (torch.tensor([30.0, -30.0]), 0)),
        Case("bce_gradient(torch.tensor([1.5]), 0)", lambda: (torch.tensor([1.5]), 0),
             asks("bce_gradient(torch.tensor([1.5]), 0)")),
        Case(ASKING, lambda: (logits(4, seed=6), labels(4, seed=7)), look_at_numbers(ASKING)),
    ],
    mistakes=[
        Mistake(lambda s, y: y - torch.sigmoid(s), "This is y - p, the direction in which the "
                                                   "logit will move. The gradient is p - y."),
        Mistake(lambda s, y: s - y, "Turn the logits into probabilities first: "
                                    "torch.sigmoid(logits)."),
        Mistake(lambda s, y: torch.sigmoid(s), "Subtract the label: p - y."),
        Mistake(lambda s, y: torch.sigmoid(s) - (1 - y), "The labels are swapped: p - y."),
        Mistake(lambda s, y: torch.sigmoid(s) + y, "Subtract the label: p - y, not p + y."),
        Mistake(lambda s, y: torch.sigmoid(s) * y, "Subtract the label: p - y, not p * y."),
        Mistake(lambda s, y: torch.sigmoid(s) - 1, "This is right for label 1 only: subtract y."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y).mean(),
                "Give one gradient for each logit. The mean comes later."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y).sum(),
                "Give one gradient for each logit. Do not add them up."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y) / s.numel(),
                "This is the gradient of the mean of the losses. Each logit's own loss is asked "
                "for: do not divide."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y) / len(s),
                "This is divided by the number of logits. Each logit's own loss is asked for: do "
                "not divide."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y).abs(),
                "The sign matters: it says whether the logit must go up or down."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y).sign(),
                "This is only the sign. Its size says how wrong D is: p - y."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y).square(), "p - y, not its square."),
        Mistake(lambda s, y: 2 * (torch.sigmoid(s) - y), "p - y, without the 2."),
        Mistake(lambda s, y: torch.sigmoid(s) * (1 - torch.sigmoid(s)),
                "This is the slope of the sigmoid. The loss's own slope has to be multiplied in, "
                "and then only p - y is left."),
        Mistake(lambda s, y: (torch.sigmoid(s) - y) * torch.sigmoid(s) * (1 - torch.sigmoid(s)),
                "The slope of the sigmoid has cancelled: only p - y is left."),
        *(Mistake(function, "This is the gradient with respect to p. With respect to the logit "
                            "it is p - y.")
          for function in (
              lambda s, y: (torch.sigmoid(s) - y) / (torch.sigmoid(s) * (1 - torch.sigmoid(s))),
              lambda s, y: (1 - y) / (1 - torch.sigmoid(s)) - y / torch.sigmoid(s),
              lambda s, y: -(y / torch.sigmoid(s) - (1 - y) / (1 - torch.sigmoid(s))))),
        Mistake(lambda s, y: losses.bce_gradient(s, y) + torch.zeros((), requires_grad=True), ASKS),
        Mistake(lambda s, y: torch.sigmoid(s - y),
                "The label is subtracted after the sigmoid: torch.sigmoid(logits) - y."),
        Mistake(lambda s, y: torch.sigmoid(-s) - y, "p is torch.sigmoid(logits), without a minus."),
        Mistake(lambda s, y: torch.sigmoid(torch.sigmoid(s)) - y,
                "There is one sigmoid too many."),
        Mistake(lambda s, y: F.softmax(s, dim=0) - y,
                "softmax makes all numbers add up to 1. Each logit has its own sigmoid."),
        Mistake(lambda s, y: torch.tanh(s) - y, "tanh is not the sigmoid: torch.sigmoid."),
        Mistake(lambda s, y: torch.sigmoid(s).round() - y, "Do not round p: p - y."),
        Mistake(lambda s, y: F.softplus(s) - y * s,
                "These are the losses. Their gradient is p - y."),
    ])

EXERCISES = [BCE_FROM_PROBABILITY, BCE, BCE_GRADIENT]
