"""What Python hands to the live slides that need no network in the page."""

from __future__ import annotations

import base64
import functools

import torch
from torch import Tensor

from gan_lib import checkpoints, data, latent, losses, models
from gan_lib.widgets.three_numbers import LIMITS, START, ThreeNumberGAN

CARDS, ROUNDS = 6, 4
STEPS = 400
SEED = 0


@functools.cache
def cards() -> dict:
    """Return six cards for each of four rounds: pixels, the truth, and what a trained D says.

    A coin decides for each card. The real ones are none of those that D learned from, and neither
    are the fakes. `pixels` are uint8, one card after the other, as base64; `D` is D(x). `score` is
    how D does on all the real digits that it never saw, and as many new fakes.
    """
    samples, held_out = data.load("digits", size=32).split(0.8)
    G = checkpoints.load("digits")
    D = trained_discriminator(samples, fakes(G, 3000, SEED + 1))
    random = torch.Generator("cpu").manual_seed(SEED)
    n = ROUNDS * CARDS
    is_real = torch.randint(2, (n,), generator=random, device="cpu") == 1
    chosen = torch.randperm(len(held_out), generator=random, device="cpu")[:n]
    real = held_out.images[chosen.to(held_out.device)]
    x = torch.where(is_real.to(real.device).view(-1, 1, 1, 1), real,
                    data.to_uint8(fakes(G, n, SEED)))
    return {"size": x.shape[-1], "cards": CARDS,
            "pixels": base64.b64encode(x.cpu().numpy().tobytes()).decode(),
            "truth": ["real" if real else "fake" for real in is_real.tolist()],
            "D": [round(p, 3) for p in D.probability(data.to_float(x)).tolist()],
            "score": score(D, held_out.scaled(), fakes(G, len(held_out), SEED + 2))}


def score(D, real: Tensor, fake: Tensor) -> dict:
    """Return how many cards these are, and D's shares of hits (fakes called fake) and of false
    alarms (real ones called fake).
    """
    hits, false_alarms = ((D.probability(x) < 0.5).float().mean().item() for x in (fake, real))
    return {"cards": len(real) + len(fake), "hits": hits, "falseAlarms": false_alarms}


def fakes(G, n: int, seed: int) -> Tensor:
    """Return n fakes of G: float32 (n, 1, 32, 32)."""
    z = latent.draw(n, G.z_dim, seed)
    return torch.cat([latent.look(G, part) for part in z.split(250)])


def trained_discriminator(samples, fake: Tensor) -> models.ConvDiscriminator:
    """Return a D that learned for some seconds to tell the samples from the fakes (N, 1, 32, 32).

    G does not answer here: D is an ordinary classifier, trained with Adam's usual momentum.
    """
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        D = models.ConvDiscriminator(size=32, width=8, hidden=64).to(samples.device)
        optimizer = torch.optim.Adam(D.parameters(), 2e-3)
        slower = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, STEPS)
        for _ in range(STEPS):
            chosen = torch.randint(len(fake), (64,), device=fake.device)
            loss = losses.discriminator_loss(D(samples.batch(64)), D(fake[chosen]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            slower.step()
    return D.eval().requires_grad_(False)


def three_numbers() -> dict:
    """Return the game's real numbers, noise and settings, as the tool in notebook 01 has them."""
    gan = ThreeNumberGAN()
    return {"real": gan.real.tolist(), "z": gan.z.tolist(), "spread": gan.spread,
            "rate": gan.rate, "start": START, "limits": LIMITS}
