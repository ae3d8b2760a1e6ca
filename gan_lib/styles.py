"""A style-based generator in small: z becomes a style, and the style steers every layer.

After Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
Networks", 2018 (CVPR 2019). As there: a mapping network from z to w, a constant in the place where
other generators have z, a style for each layer (adaptive instance normalisation), noise for each
pixel, and training with mixed styles. Other than there: 3 layers in the mapping network in place of
8, 4 styled layers in place of 18, one size from the beginning, and the course's game.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_lib import checks, models

SIDES = (8, 8, 16, 32)  # of the maps in each styled layer, in pixels
LAYERS = len(SIDES)
COARSE = 2  # how many of the layers are at 8 x 8


def modulate(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Return feature maps x (N, C, H, W) with the mean `shift` and the deviation `scale`.

    scale, shift: (N, C), one number for each map of each sample. Each map is first brought to mean
    0 and standard deviation 1 (divided by H W; 1e-5 keeps it above 0). Source: Huang & Belongie,
    "Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization", 2017.
    """
    mean = x.mean((2, 3), keepdim=True)
    std = x.std((2, 3), correction=0, keepdim=True)
    x = (x - mean) / (std + 1e-5)
    return scale[:, :, None, None] * x + shift[:, :, None, None]


def mix_styles(a: Tensor, b: Tensor, coarse: int = COARSE) -> Tensor:
    """Return styles: the first `coarse` layers of a, the others of b; (N, layers, w_dim) each."""
    return torch.cat([a[:, :coarse], b[:, coarse:]], 1)


class StyledLayer(nn.Module):
    """Convolve, add noise to each pixel, bend, and let the style set each map's mean and deviation.

    `up` doubles height and width before. In train mode the noise is new each time; else it is the
    layer's own, so that the same z is the same picture.
    """

    def __init__(self, inside: int, outside: int, w_dim: int, side: int, up: bool):
        super().__init__()
        self.convolve = (models.up_convolution(inside, outside) if up
                         else nn.Conv2d(inside, outside, 3, padding=1))
        self.strength = nn.Parameter(torch.zeros(outside, 1, 1))  # of the noise, for each map
        self.style = nn.Linear(w_dim, 2 * outside)
        nn.init.normal_(self.style.weight, std=w_dim ** -0.5)  # as different as the w are
        with torch.no_grad():
            self.style.bias[:outside] = 1.0  # the scale begins at 1, the shift at 0
        self.register_buffer("noise", torch.randn(1, 1, side, side))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Return feature maps (N, outside, side, side) of x, in the style of w (N, w_dim)."""
        x = self.convolve(x)
        noise = torch.randn_like(x[:, :1]) if self.training else self.noise
        x = F.leaky_relu(x + self.strength * noise, 0.2)
        return modulate(x, *self.style(w).chunk(2, 1))


class StyleGenerator(nn.Module):
    """A generator with styles: z -> mapping network -> w -> one style for each of 4 layers.

    `width` is the number of feature maps at 32 x 32; it doubles towards 8 x 8. In train mode, the
    share `mixing` of the pictures has the styles of two noise vectors of the batch: 0.9 in the
    paper; here a tenth, since half of them left G further from the real faces after 1,000 turns.
    """

    classes = 0

    def __init__(self, z_dim: int = 32, size: int = 32, channels: int = 3, width: int = 16,
                 w_dim: int = 128, mixing: float = 0.1):
        checks.one_of("size", size, SIDES[-1:])
        checks.one_of("channels", channels, models.CHANNELS)
        checks.counts(z_dim=z_dim, width=width, w_dim=w_dim)
        self_mixing = checks.number("mixing", mixing, 0.0, 1.0)
        super().__init__()
        self.z_dim, self.w_dim, self.mixing = z_dim, w_dim, self_mixing
        widths = [4 * width, 4 * width, 2 * width, width]
        self.mapping = nn.Sequential(
            nn.Linear(z_dim, w_dim), nn.LeakyReLU(0.2), nn.Linear(w_dim, w_dim),
            nn.LeakyReLU(0.2), nn.Linear(w_dim, w_dim), nn.LeakyReLU(0.2))
        for layer in self.mapping[::2]:  # PyTorch's own start makes all w nearly the same
            nn.init.kaiming_normal_(layer.weight, 0.2)
        self.start = nn.Parameter(torch.randn(1, widths[0], SIDES[0], SIDES[0]))
        self.layers = nn.ModuleList(
            StyledLayer(inside, outside, w_dim, side, up=side > before)
            for inside, outside, before, side in zip(
                [widths[0], *widths], widths, [SIDES[0], *SIDES], SIDES))
        self.to_picture = nn.Sequential(nn.Conv2d(width, channels, 1), nn.Tanh())

    def forward(self, z: Tensor) -> Tensor:
        """Return pictures (N, C, 32, 32) in [-1, 1] of noise vectors z (N, z_dim)."""
        styles = self.styles(z)
        return self.draw(self._mixed(styles) if self.training and self.mixing else styles)

    def styles(self, z: Tensor) -> Tensor:
        """Return the styles that z (N, z_dim) stands for, all layers the same: (N, 4, w_dim)."""
        checks.floats("z", z, (None, self.z_dim), self.start)
        return self.mapping(z).unsqueeze(1).expand(-1, LAYERS, -1)

    def draw(self, styles: Tensor) -> Tensor:
        """Return pictures (N, C, 32, 32) of styles (N, 4, w_dim), one style for each layer."""
        checks.floats("styles", styles, (None, LAYERS, self.w_dim))
        x = self.start.expand(len(styles), -1, -1, -1)
        x = x.contiguous(memory_format=torch.channels_last)
        for layer, w in zip(self.layers, styles.unbind(1)):
            x = layer(x, w)
        return self.to_picture(x)

    def _mixed(self, styles: Tensor) -> Tensor:
        """Return styles of which some go over to those of another picture at a random layer."""
        n = len(styles)
        change = torch.randint(1, LAYERS, (n, 1), device=styles.device)
        change[torch.rand(n, device=styles.device) >= self.mixing] = LAYERS
        late = torch.arange(LAYERS, device=styles.device) >= change
        return torch.where(late.unsqueeze(2), styles.roll(1, 0), styles)
