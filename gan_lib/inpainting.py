"""Occlusion: hiding a part of a picture, and ways of filling it in.

Everywhere, `hidden` is a bool tensor (H, W), True where the picture is covered.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_lib import checks, latent, metrics
from gan_lib.device import chosen


def box(size: int, left: int, top: int, width: int, height: int, device=None) -> Tensor:
    """Return a mask: True in a box of a picture of `size` x `size` pixels, cut at the edges."""
    checks.counts(size=size)
    for name, value in (("left", left), ("top", top)):
        checks.whole_number(name, value, 0, size - 1)
    for name, value in (("width", width), ("height", height)):
        checks.whole_number(name, value, 1, size)
    device = None if device is None else chosen(device)
    hidden = torch.zeros(size, size, dtype=torch.bool, device=device)
    hidden[top:top + height, left:left + width] = True
    return hidden


def occlude(x: Tensor, hidden: Tensor, value: float = 0.0) -> Tensor:
    """Return pictures x (N, C, H, W) with every hidden pixel set to `value`."""
    checks.number("value", value, -1.0, 1.0)
    hidden = _fit(x, hidden)
    return x.masked_fill(hidden, value)


def paste(x: Tensor, filling: Tensor, hidden: Tensor) -> Tensor:
    """Return x where it is visible and `filling` where it is hidden; both (N, C, H, W)."""
    hidden = _fit(x, hidden, filling=filling)
    return torch.where(hidden, filling, x)


def mean_fill(x: Tensor, hidden: Tensor, known: Tensor) -> Tensor:
    """Fill the hole with the mean of the known pictures (M, C, H, W)."""
    return torch.where(_fit(x, hidden, known=known), known.mean(0), x)


def nearest_fill(x: Tensor, hidden: Tensor, known: Tensor) -> Tensor:
    """Fill the hole from the known picture that agrees best with what is visible."""
    hidden = _fit(x, hidden, known=known)
    index, _ = metrics.nearest(x.masked_fill(hidden, 0), known.masked_fill(hidden, 0))
    return torch.where(hidden, known[index], x)


def search_fill(x: Tensor, hidden: Tensor, G, steps: int = 100, restarts: int = 4,
                seed: int = 0) -> Tensor:
    """Fill the hole with G's picture that agrees best with what is visible (`latent.Search`)."""
    hidden = _fit(x, hidden)
    search = latent.Search(G, x, ~hidden, restarts, seed=seed)
    search.step(steps)
    with torch.no_grad():
        return torch.where(hidden, G(search.best()), x)


def visible_error(fake: Tensor, x: Tensor, hidden: Tensor) -> Tensor:
    """Return the mean squared difference of fake and x where x is visible, one a picture: (N,).

    Both (N, C, H, W). Raises TypeError or ValueError for other shapes, and if all is hidden.
    """
    checks.floats("x", x, (None,) * 4)  # not `samples`: gradient descent asks at each step
    checks.floats("fake", fake, tuple(x.shape), x)
    if checks.shape("hidden", hidden, tuple(x.shape[2:])).dtype != torch.bool or hidden.all():
        raise ValueError("hidden must be a bool mask that is False somewhere: where x is visible.")
    difference = (fake - x).square().mean(1)
    return difference[:, ~hidden].mean(1)


def psnr(filling: Tensor, truth: Tensor, hidden: Tensor) -> Tensor:
    """Return the peak signal-to-noise ratio inside the hole, in decibels, one a picture: (N,).

    10 log10(2² / mean squared error), since pictures reach from -1 to 1. Higher is better.
    """
    hidden = _fit(truth, hidden, filling=filling)
    error = (filling - truth).square().mean(1)[:, hidden].mean(1)
    return 10 * torch.log10(4 / error)


class ContextEncoder(nn.Module):
    """A network that looks at the visible part and paints the whole picture in one pass.

    Source: Pathak et al., "Context Encoders: Feature Learning by Inpainting", 2016
    (here with the reconstruction loss only, without their adversarial one).
    """

    def __init__(self, channels: int = 3, width: int = 32):
        super().__init__()
        checks.one_of("channels", channels, (1, 3))
        w = checks.whole_number("width", width)
        self.channels = channels
        self.layers = nn.Sequential(
            nn.Conv2d(channels + 1, w, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(w, 2 * w, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(2 * w, 4 * w, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(4 * w, 2 * w, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(2 * w, w, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(w, channels, 4, 2, 1), nn.Tanh())

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        """Return pictures (N, C, H, W) in [-1, 1], from x and hidden: (H, W) or (N, H, W)."""
        checks.incoming(self, x, (None, self.channels, None, None))
        if x.shape[2] % 8 or x.shape[3] % 8:
            raise ValueError("x must have a height and width of 8, 16, 24, 32, ... pixels, but it "
                             f"has {x.shape[2]} and {x.shape[3]}.")
        each = getattr(hidden, "ndim", 2) == 3  # a mask for each picture
        checks.shape("hidden", hidden, tuple(x[:, 0].shape if each else x.shape[2:]))
        if hidden.dtype != torch.bool:
            raise ValueError(f"hidden must be a mask of bools, but it holds {hidden.dtype}.")
        hidden = hidden.to(x.device).expand(len(x), *x.shape[2:]).unsqueeze(1)
        visible = x.masked_fill(hidden, 0.0)
        return self.layers(torch.cat([visible, hidden.to(x.dtype)], 1))

    @torch.no_grad()
    def fill(self, x: Tensor, hidden: Tensor) -> Tensor:
        """Fill the hole in x (N, C, H, W) in one pass."""
        hidden = _fit(x, hidden)
        return torch.where(hidden, self(x, hidden), x)


def _fit(x: Tensor, hidden: Tensor, **others: Tensor) -> Tensor:
    """Ask for pictures x, a mask for them, and others like them. Returns the mask beside x."""
    checks.samples("x", x)
    for name, other in others.items():
        count = None if name == "known" else len(x)
        checks.samples(name, other, (count, *x.shape[1:]), x)
    return checks.mask("hidden", hidden, x)
