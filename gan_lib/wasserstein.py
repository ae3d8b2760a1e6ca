"""The Wasserstein game: D's number is no probability; G and D play for its mean.

Sources: Arjovsky et al., "Wasserstein GAN", 2017; the penalty: Gulrajani et al., "Improved Training
of Wasserstein GANs", 2017.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gan_lib import checks, training

PENALTY = 10.0  # the weight that Gulrajani et al. took in all their experiments


def critic_loss(real_numbers: Tensor, fake_numbers: Tensor) -> Tensor:
    """Return D's loss: the mean of its numbers for fakes, less the mean for real samples."""
    return fake_numbers.mean() - real_numbers.mean()


def generator_loss(fake_numbers: Tensor) -> Tensor:
    """Return G's loss: the smaller, the higher D's numbers for its fakes."""
    return -fake_numbers.mean()


def gradient_penalty(D, real: Tensor, fake: Tensor,
                     random: torch.Generator | None = None) -> Tensor:
    """Return the mean of (|gradient of D| - 1)² between real samples and fakes, (N, ...) each.

    Each place lies at random on the straight line from one real sample to one fake.
    """
    part = torch.rand(len(real), *[1] * (real.dim() - 1), generator=random, device=real.device)
    between = (part * real + (1 - part) * fake.detach()).requires_grad_(True)
    gradient, = torch.autograd.grad(D(between).sum(), between, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).square().mean()


def critic_step(D, G, real: Tensor, z: Tensor, optimizer, penalty: float = PENALTY,
                random: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Freeze G and move D one step down its loss. Returns (loss, D of real, D of fakes).

    As `training.discriminator_step`, with the Wasserstein loss and its gradient penalty.
    """
    checks.learner("D", D, optimizer)
    with training.frozen(G), torch.no_grad():
        fake = G(z)
    real_numbers, fake_numbers = D(real), D(fake)
    loss = critic_loss(real_numbers, fake_numbers)
    optimizer.zero_grad()
    (loss + penalty * gradient_penalty(D, real, fake, random)).backward()
    optimizer.step()
    return loss.detach(), real_numbers.detach(), fake_numbers.detach()
