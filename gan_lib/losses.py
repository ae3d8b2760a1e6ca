"""Binary cross entropy, and the losses of the game between G and D. All take logits.

A logit is the number before the sigmoid: D(x) = sigmoid(logit).
Source of the game: Goodfellow et al., "Generative Adversarial Nets", 2014.
"""

from __future__ import annotations

from numbers import Real

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import checks


def surprise(p: Tensor) -> Tensor:
    """Return how surprising an event of probability p in [0, 1] is: -log(p), in nats."""
    return 0.0 - torch.log(_probability(p))  # -log(1) would print as -0


def bce_from_probability(p: Tensor, y: Tensor | float) -> Tensor:
    """Return the binary cross entropy of each probability p in [0, 1] against its label y.

    `y` is a tensor of p's shape or one number in [0, 1]. Infinite where p is 0 or 1 and wrong:
    use `bce` in training.
    """
    p, y = _probability(p), _label(p, y)
    return torch.special.xlogy(y, p).neg() - torch.special.xlogy(1 - y, 1 - p)


def bce(logits: Tensor, y: Tensor | float) -> Tensor:
    """Return the mean binary cross entropy of `logits` (any shape) against labels y in [0, 1].

    The same as `bce_from_probability(sigmoid(logits), y).mean()`, but finite for every logit.
    """
    checks.floats("logits", logits, None)
    y = _label(logits, y)
    return (F.softplus(logits) - y * logits).mean()


def bce_gradient(logits: Tensor, y: Tensor | float) -> Tensor:
    """Return the gradient of each logit's binary cross entropy with respect to it: p - y.

    The result has the shape of `logits`; y is as in `bce`.
    """
    y = _label(logits, y)
    return torch.sigmoid(logits) - y


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor, smooth: float = 0.0) -> Tensor:
    """Return D's loss: BCE of real samples against 1, plus BCE of fakes against 0.

    `smooth` in [0, 0.5] lowers the label of real samples to 1 - smooth
    (one-sided label smoothing: Salimans et al., 2016).
    """
    checks.number("smooth", smooth, 0.0, 0.5)
    return bce(real_logits, 1 - smooth) + bce(fake_logits, 0)


def minimax_loss(fake_logits: Tensor) -> Tensor:
    """Return G's loss in the minimax game: G ascends the very BCE that D descends."""
    return -bce(fake_logits, 0)


def non_saturating_loss(fake_logits: Tensor) -> Tensor:
    """Return G's usual loss: BCE of the fakes against the label "real" (1).

    It has the same fixed point as `minimax_loss`, and a gradient where D is sure.
    """
    return bce(fake_logits, 1)


GENERATOR_LOSSES = {"non-saturating": non_saturating_loss, "minimax": minimax_loss}


def r1_penalty(D, real: Tensor) -> Tensor:
    """Return the mean squared length of D's gradient at real samples (N, ...): the R1 penalty.

    Source: Mescheder et al., "Which Training Methods for GANs do actually Converge?", 2018.
    """
    real = checks.floats("real", real, None).detach().requires_grad_(True)
    logits = D(real)
    if not logits.requires_grad:
        raise ValueError("D gives no gradient here: give D itself, outside of torch.no_grad.")
    gradient, = torch.autograd.grad(logits.sum(), real, create_graph=True)
    return gradient.square().flatten(1).sum(1).mean()


def _probability(p) -> Tensor:
    p = checks.floats("p", torch.tensor(float(p)) if isinstance(p, Real) else p, None)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p must hold probabilities from 0 to 1, but it reaches from "
                         f"{p.min().item():.3g} to {p.max().item():.3g}. "
                         "If these are logits, use losses.bce.")
    return p


def _label(of: Tensor, y) -> Tensor | float:
    if not isinstance(y, Tensor):  # compared here: a GPU need not be waited for
        return checks.number("y, from 0 (fake) to 1 (real),", y, 0.0, 1.0)
    y = torch.as_tensor(y, dtype=of.dtype, device=of.device)
    if y.shape not in (of.shape, torch.Size([])):
        raise ValueError(f"y must be one number or have the shape {tuple(of.shape)}, "
                         f"but its shape is {tuple(y.shape)}.")
    if not ((y >= 0) & (y <= 1)).all():
        raise ValueError("y must hold labels from 0 (fake) to 1 (real), but it reaches from "
                         f"{y.min().item():.3g} to {y.max().item():.3g}.")
    return y
