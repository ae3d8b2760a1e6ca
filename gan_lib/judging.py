"""Judging: the cards that D is fed, how its answers are counted, and a trace that it goes by.

The digits are scans of 8x8 px, enlarged. An enlarged scan has few degrees of freedom: 64 numbers
say all about it. The trace of a picture is what no enlarged scan can explain. That upsampling
leaves traces in what a GAN makes is known from large ones, too (Frank et al., "Leveraging
Frequency Analysis for Deep Fake Image Recognition", 2020).
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import checks

SCAN = 8  # the side of a scan in px


def random_feed(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Shuffle real samples (N, ...) and fakes (M, ...) into one batch, with their labels.

    Returns x (N + M, ...) in random order, and y float32 (N + M,): 1 for real, 0 for fake.
    Raises ValueError if one sample of each does not have the same shape.
    """
    checks.shape("real", real, (None, *real.shape[1:]))
    checks.shape("fake", fake, (None, *real.shape[1:]))
    x = torch.cat([real, fake])
    y = torch.cat([torch.ones(len(real)), torch.zeros(len(fake))]).to(x.device)
    order = torch.randperm(len(x)).to(x.device)
    return x[order], y[order]


def confusion(probability: Tensor, y: Tensor, threshold: float = 0.5) -> Tensor:
    """Count what D says against what is true: int64 (2, 2).

    `probability` (N,) is D(x) and `y` (N,) the label, 1 for real and 0 for fake. D says "real"
    where D(x) is at least `threshold` in [0, 1]. Rows: truly real, truly fake; columns: said
    real, said fake. Raises ValueError for shapes that do not fit and labels that are not 0 or 1.
    """
    checks.shape("probability", probability, (None,))
    checks.shape("y", y, tuple(probability.shape))
    checks.number("threshold", threshold, 0.0, 1.0)
    _labels(y)
    says_real = probability >= threshold
    is_real = y == 1
    return torch.tensor([[(is_real & says_real).sum(), (is_real & ~says_real).sum()],
                         [(~is_real & says_real).sum(), (~is_real & ~says_real).sum()]])


def best_discriminator(p_data: Tensor, p_g: Tensor) -> Tensor:
    """Return D*(x), the best answer that any D can give where these are the densities.

    `p_data` and `p_g` (same shape, 0 or more, not both 0) are how often real samples and fakes
    come at each x. Raises ValueError for other densities.
    Source: Goodfellow et al., "Generative Adversarial Nets", 2014, proposition 1.
    """
    checks.shape("p_g", p_g, tuple(p_data.shape))
    if (p_data < 0).any() or (p_g < 0).any() or (p_data + p_g == 0).any():
        raise ValueError("p_data and p_g must be 0 or more, and not both 0 at the same place.")
    return p_data / (p_data + p_g)


def enlarged(scans: Tensor, size: int) -> Tensor:
    """Enlarge scans (N, 1, 8, 8) to (N, 1, size, size) by bicubic curves, as the digits are.

    Nothing is rounded and nothing is cut at black and white, so it is linear: the enlarged sum
    of two scans is the sum of the enlarged ones.
    """
    checks.floats("scans", scans, (None, 1, SCAN, SCAN))
    checks.whole_number("size", size, low=SCAN)
    return F.interpolate(scans, (size, size), mode="bicubic", antialias=True)


def closest_scan(x: Tensor) -> Tensor:
    """Return the scans (N, 1, 8, 8) whose enlargements come closest to pictures x (N, 1, H, H).

    Closest in the sum of the squared differences of all pixels. Its values may leave [-1, 1].
    """
    size = checks.samples("x", x, (None, 1, None, None)).shape[-1]
    checks.shape("x", x, (None, 1, size, size))
    return (x.flatten(1) @ _reader(size, x.dtype, x.device)).view(-1, 1, SCAN, SCAN)


def without_trace(x: Tensor) -> Tensor:
    """Return the enlarged scans that come closest to pictures x (N, 1, H, H): same shape."""
    return enlarged(closest_scan(x), x.shape[-1])


def trace(x: Tensor) -> Tensor:
    """Return what no enlarged scan explains of pictures x (N, 1, H, H): same shape."""
    return x - without_trace(x)


def trace_size(x: Tensor) -> Tensor:
    """Return how large the trace of each picture in x (N, 1, H, H) is: (N,), grey levels.

    It is the root of the mean square over all pixels; there are 255 levels from black to white.
    """
    return trace(x).flatten(1).square().mean(1).sqrt() * 127.5


def loudest(x: Tensor, side: int) -> Tensor:
    """Return where the trace of each picture in x (N, 1, H, H) is largest: int64 (N, 2).

    It is the upper left corner, row and column, of the square of `side` px with the largest sum
    of the squared trace. Raises ValueError for a square that is larger than the picture.
    """
    checks.whole_number("side", side, high=x.shape[-1])
    sums = F.avg_pool2d(trace(x).square(), side, stride=1)
    place = sums.flatten(1).argmax(1)
    return torch.stack([place // sums.shape[-1], place % sums.shape[-1]], dim=1)


def best_threshold(numbers: Tensor, y: Tensor) -> float:
    """Return the threshold t for which "real if the number is at most t" is right most often.

    `numbers` (N,) is one number for each card, `y` (N,) its label, 1 for real and 0 for fake. Of
    equally good ones it is the lowest, and it is one of the numbers.
    """
    checks.floats("numbers", numbers, (None,))
    _labels(checks.shape("y", y, tuple(numbers.shape)))
    numbers, order = numbers.sort()
    gained = (2 * y[order].double() - 1).cumsum(0)  # real cards below t, less the fakes below t
    last = torch.cat([numbers[1:] != numbers[:-1], torch.ones_like(y[:1], dtype=torch.bool)])
    return numbers[last][gained[last].argmax()].item()


@functools.cache
def _reader(size: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the matrix (size * size, 64) that reads the 64 numbers of a scan off a picture."""
    one_pixel = torch.eye(SCAN**2, dtype=dtype, device=device).view(-1, 1, SCAN, SCAN)
    return torch.linalg.pinv(enlarged(one_pixel, size).flatten(1))


def _labels(y: Tensor) -> None:
    if not ((y == 0) | (y == 1)).all():
        raise ValueError("y must hold only 0 (fake) and 1 (real), but it holds other numbers.")
