"""Networks that grow while they learn: pictures of 8 x 8, then 16 x 16, then 32 x 32 pixels.

A small version of Karras, Aila, Laine and Lehtinen, "Progressive Growing of GANs for Improved
Quality, Stability, and Variation", 2017 (ICLR 2018). As there: a new layer fades in, and D sees
how much the pictures of a batch differ. Other than there: the course's loss, R1 and Adam, hidden
layers that see the whole picture, no normalisation, and real pictures are not faded.

Both networks always speak of pictures of full size, so that `training.Game` needs no change: G
repeats the pixels of a coarse picture, and D looks at no more pixels than it has grown to.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_lib import checks, models

SIDES = (8, 16, 32)  # of the pictures, in pixels; step by step twice as wide
LAST = len(SIDES) - 1
# When a training of length 1 begins and ends to fade in the next size.
FADES = ((0.1, 0.2), (0.35, 0.5))


def fade(small: Tensor, large: Tensor, alpha: float) -> Tensor:
    """Return the mix of small pictures, each pixel made 2 x 2, and large ones.

    small: (N, C, H, W), large: (N, C, 2 H, 2 W), alpha in [0, 1]: 0 is the small one alone, 1 the
    large one alone. Source: Karras et al., 2017, figure 2.
    """
    enlarged = F.interpolate(small, scale_factor=2)
    return (1 - alpha) * enlarged + alpha * large


def minibatch_deviation(x: Tensor) -> Tensor:
    """Return x (N, C, H, W) with one map more, that says how much the N samples differ.

    The standard deviation over the batch (divided by N), of each number of a sample, then the mean
    of them all: one number, in every place of the new map. Source: Karras et al., 2017, section 3.
    """
    spread = x.std(0, correction=0).mean()
    return torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], 1)


def grown_at(share: float) -> float:
    """Return how far networks have grown after this `share`, in [0, 1], of their training.

    0 is 8 x 8 pixels, 1 is 16 x 16, 2 is 32 x 32; a fraction between is the alpha of a fade.
    """
    checks.number("share", share, 0.0, 1.0)
    return sum(min(max((share - begin) / (end - begin), 0.0), 1.0) for begin, end in FADES)


def grow(game, grown: float) -> None:
    """Let the networks of a `training.Game` be grown so far: a number from 0 to 2."""
    for network in (game.D, game.G, game.average):
        network.grown = grown


class Growing(nn.Module):
    """What both networks share: `grown`, from 0 (8 x 8 pixels) to 2 (32 x 32)."""

    classes = 0

    def __init__(self, size: int, channels: int, width: int):
        checks.one_of("size", size, SIDES[-1:])
        checks.one_of("channels", channels, models.CHANNELS)
        checks.counts(width=width)
        super().__init__()
        self.sample_shape = channels, size, size
        self.grown = float(LAST)

    @property
    def grown(self) -> float:
        return self._grown

    @grown.setter
    def grown(self, value: float) -> None:
        self._grown = checks.number("grown", value, 0.0, LAST)


class GrowingGenerator(Growing):
    """A generator that grows: z -> `hidden` -> 8 x 8 -> 16 x 16 -> 32 x 32.

    Each size has a layer of its own that makes a picture of the feature maps. `width` is the number
    of feature maps at 32 x 32; it doubles towards the noise.
    """

    def __init__(self, z_dim: int = 32, size: int = 32, channels: int = 3, width: int = 16,
                 hidden: int = 256):
        super().__init__(size, channels, width)
        checks.counts(z_dim=z_dim, hidden=hidden)
        self.z_dim = z_dim
        widths = [width * 2 ** (LAST - i) for i in range(len(SIDES))]
        self.start = nn.Sequential(
            nn.Linear(z_dim, hidden), nn.LeakyReLU(0.2),
            nn.Linear(hidden, widths[0] * SIDES[0] ** 2),
            models.FeatureMaps(widths[0], SIDES[0]), nn.LeakyReLU(0.2))
        self.larger = nn.ModuleList(
            nn.Sequential(models.up_convolution(inside, outside), nn.LeakyReLU(0.2))
            for inside, outside in zip(widths, widths[1:]))
        self.to_picture = nn.ModuleList(
            nn.Sequential(nn.Conv2d(inside, channels, 1), nn.Tanh()) for inside in widths)

    def forward(self, z: Tensor) -> Tensor:
        """Return pictures (N, C, 32, 32) of z (N, z_dim), as sharp as G has grown."""
        checks.floats("z", z, (None, self.z_dim), next(self.parameters()))
        maps = self.start(z)
        x = self.to_picture[0](maps)
        for step, (larger, to_picture) in enumerate(zip(self.larger, self.to_picture[1:])):
            if self.grown <= step:  # this layer is not there yet
                x = F.interpolate(x, scale_factor=2)
            else:
                maps = larger(maps)
                x = fade(x, to_picture(maps), min(self.grown - step, 1.0))
        return x


class GrowingDiscriminator(Growing):
    """A discriminator that grows: 32 x 32 -> 16 x 16 -> 8 x 8 -> 4 x 4 -> `hidden` -> one logit.

    It begins at the size to which it has grown. `width` is the number of feature maps at 32 x 32;
    it doubles at every halving.
    """

    def __init__(self, size: int = 32, channels: int = 3, width: int = 16, hidden: int = 256):
        super().__init__(size, channels, width)
        checks.counts(hidden=hidden)
        widths = [width * 2 ** (LAST - i) for i in range(len(SIDES))]
        self.from_picture = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels, outside, 1), nn.LeakyReLU(0.2))
            for outside in widths)
        self.smaller = nn.ModuleList(
            nn.Sequential(nn.Conv2d(inside, outside, 4, stride=2, padding=1), nn.LeakyReLU(0.2))
            for outside, inside in zip(widths, widths[1:]))
        self.last = nn.Sequential(
            nn.Conv2d(widths[0], 2 * widths[0], 4, stride=2, padding=1), nn.LeakyReLU(0.2))
        self.end = nn.Sequential(
            models.FlatMaps(), nn.Linear((2 * widths[0] + 1) * 16, hidden), nn.LeakyReLU(0.2),
            nn.Linear(hidden, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return one logit for each picture: x (N, C, 32, 32) -> (N,)."""
        checks.incoming(self, x, (None, *self.sample_shape))
        top = math.ceil(self.grown)
        x = F.avg_pool2d(x, SIDES[-1] // SIDES[top]) if top < LAST else x
        maps = self.from_picture[top](x)
        if top > 0:
            alpha = self.grown - (top - 1)
            maps = self.smaller[top - 1](maps)
            if alpha < 1:
                coarse = self.from_picture[top - 1](F.avg_pool2d(x, 2))
                maps = (1 - alpha) * coarse + alpha * maps
            for smaller in reversed(self.smaller[:top - 1]):
                maps = smaller(maps)
        return self.end(minibatch_deviation(self.last(maps))).squeeze(1).float()

    @torch.no_grad()
    def probability(self, x: Tensor) -> Tensor:
        """Return D(x), the probability of "real", in [0, 1]: x (N, C, 32, 32) -> (N,)."""
        return torch.sigmoid(self(x))
