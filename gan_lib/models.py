"""Generators and discriminators, fully connected and convolutional.

Every generator turns noise vectors z (N, z_dim) into samples in [-1, 1]; every discriminator
turns samples into logits (N,): the sigmoid of a logit is D(x), the probability of "real".
With `classes` > 0, both are told a label y as well: G(z, y) and D(x, y).
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm as spectrally_normalised

from gan_lib import checks, labels

SIZES = (16, 32, 64)
CHANNELS = (1, 3)
UP_CONVOLUTIONS = ("transposed", "resize")


class Generator(nn.Module):
    """What all generators share: `layers`, and a check of the noise that comes in.

    With `classes` > 0 the layers get z and a label y side by side (Mirza & Osindero, 2014).
    """

    def __init__(self, z_dim: int, layers: nn.Sequential, classes: int = 0):
        super().__init__()
        self.z_dim = z_dim
        self.classes = classes
        self.layers = layers

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return the samples that the noise vectors z (N, z_dim) stand for, of the labels y.

        `y` is None without classes; else class numbers, int64 (N,), or float (N, classes).
        """
        checks.floats("z", z, (None, self.z_dim), next(self.parameters(), z))
        y = labels.vectors(y, self.classes, len(z))
        # 2y - 0.5 is about as large as noise: a label of 0 and 1 would hardly be heard.
        return self.layers(z if y is None else torch.cat([z, 2 * y - 0.5], 1))


class Discriminator(nn.Module):
    """What all discriminators share: `layers`, a check of what comes in, and logits (N,).

    With `classes` > 0, a label y adds to the logit how well the neurons before it fit y
    ("projection": Miyato & Koyama, 2018).
    """

    def __init__(self, sample_shape: tuple[int, ...], layers: nn.Sequential, classes: int = 0):
        super().__init__()
        self.sample_shape = sample_shape
        self.classes = classes
        self.layers = layers
        if classes:
            self.projection = nn.Linear(layers[-1].in_features, classes, bias=False)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return one logit for each sample: x (N, *sample_shape), y as in G -> (N,)."""
        checks.incoming(self, x, (None, *self.sample_shape))
        y = labels.vectors(y, self.classes, len(x))
        if y is None:
            return self.layers(x).squeeze(1).float()  # bfloat16 would keep three digits of a loss
        neurons = self.layers[:-1](x)
        fit = (self.projection(neurons) * y).sum(1) / neurons.shape[1] ** 0.5
        return (self.layers[-1](neurons).squeeze(1) + fit).float()

    @torch.no_grad()
    def probability(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return D(x), the probability of "real", in [0, 1]: x (N, *sample_shape) -> (N,)."""
        self.looked = False  # there is time to look at every number
        return torch.sigmoid(self(x, y))


class FullyConnectedGenerator(Generator):
    """A generator without convolutions: z -> `width` -> 2 `width` -> every pixel at once."""

    def __init__(self, z_dim: int = 64, size: int = 16, channels: int = 1, width: int = 128,
                 classes: int = 0):
        sizes = _image_arguments(z_dim, size, channels, width, classes)
        super().__init__(z_dim, nn.Sequential(
            nn.Linear(z_dim + classes, width), nn.LeakyReLU(0.2),
            nn.Linear(width, 2 * width), nn.LeakyReLU(0.2),
            nn.Linear(2 * width, channels * size * size), nn.Tanh(),
            nn.Unflatten(1, sizes)), classes)


class FullyConnectedDiscriminator(Discriminator):
    """A discriminator without convolutions: every pixel -> 2 `width` -> `width` -> one logit."""

    def __init__(self, size: int = 16, channels: int = 1, width: int = 128, classes: int = 0):
        sizes = _image_arguments(1, size, channels, width, classes)
        super().__init__(sizes, nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels * size * size, 2 * width), nn.LeakyReLU(0.2),
            nn.Linear(2 * width, width), nn.LeakyReLU(0.2),
            nn.Linear(width, 1)), classes)


class FeatureMaps(nn.Unflatten):
    """Cut a vector into feature maps: (N, width * side * side) -> (N, width, side, side).

    In memory the numbers of one point lie side by side ("channels last"): convolutions are
    faster so.
    """

    def __init__(self, width: int, side: int):
        super().__init__(1, (width, side, side))

    def forward(self, vector: Tensor) -> Tensor:
        return super().forward(vector).contiguous(memory_format=torch.channels_last)


class FlatMaps(nn.Flatten):
    """Put all feature maps into one vector, in the order in which they lie in memory."""

    def forward(self, maps: Tensor) -> Tensor:
        return super().forward(maps.permute(0, 2, 3, 1))


class ConvGenerator(Generator):
    """A generator that up-convolves: z -> `hidden` -> 8x8 -> 16x16 -> ... -> `size` x `size`.

    `hidden` neurons decide on the whole picture; with 0 there are none and the maps begin at
    4x4, as in DCGAN. `width` is the number of feature maps before the picture; it doubles towards
    the noise. `up` is "transposed" (one strided kernel; can leave a checkerboard: Odena et al.,
    2016) or "resize" (repeat each pixel, then convolve). Without normalisation, unless
    `batch_norm=True` (as in DCGAN: Radford et al., 2015).
    """

    def __init__(self, z_dim: int = 64, size: int = 16, channels: int = 1, width: int = 32,
                 hidden: int = 256, up: str = "transposed", batch_norm: bool = False,
                 classes: int = 0):
        _image_arguments(z_dim, size, channels, width, classes)
        checks.whole_number("hidden", hidden, low=0)
        checks.one_of("batch_norm", batch_norm, (True, False))
        side = 8 if hidden else 4
        widths = _widths(size, width, side)[::-1]
        inside = z_dim + classes
        layers = [nn.Linear(inside, hidden), nn.LeakyReLU(0.2)] if hidden else []
        layers += [nn.Linear(hidden or inside, widths[0] * side**2), FeatureMaps(widths[0], side),
                   *_activation(widths[0], batch_norm)]
        for inside, outside in zip(widths, widths[1:]):
            layers += [up_convolution(inside, outside, up), *_activation(outside, batch_norm)]
        layers += [up_convolution(widths[-1], channels, up), nn.Tanh()]
        super().__init__(z_dim, nn.Sequential(*layers), classes)


class ConvDiscriminator(Discriminator):
    """A convolutional discriminator: `size` x `size` -> ... -> 4x4 -> `hidden` -> one logit.

    `width` is the number of feature maps after the first layer; it doubles at every halving.
    `hidden` neurons see the whole picture before the logit; 0 leaves them out, as in DCGAN.
    `spectral_norm=True` divides each layer's weights by their largest singular value
    (Miyato et al., 2018). `batch_norm=True` is as in DCGAN (Radford et al., 2015).
    """

    def __init__(self, size: int = 16, channels: int = 1, width: int = 32, hidden: int = 256,
                 spectral_norm: bool = False, batch_norm: bool = False, classes: int = 0):
        sizes = _image_arguments(1, size, channels, width, classes)
        checks.whole_number("hidden", hidden, low=0)
        checks.one_of("spectral_norm", spectral_norm, (True, False))
        checks.one_of("batch_norm", batch_norm, (True, False))
        widths = _widths(size, width, side=4)
        layers = [nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        for inside, outside in zip(widths, widths[1:]):
            layers += [nn.Conv2d(inside, outside, 4, stride=2, padding=1),
                       *_activation(outside, batch_norm)]
        layers += [FlatMaps()]
        if hidden:
            layers += [nn.Linear(widths[-1] * 16, hidden), nn.LeakyReLU(0.2)]
        layers += [nn.Linear(hidden or widths[-1] * 16, 1)]
        if spectral_norm:
            layers = [spectrally_normalised(layer) if hasattr(layer, "weight") else layer
                      for layer in layers]
        super().__init__(sizes, nn.Sequential(*layers), classes)
        if spectral_norm and classes:
            spectrally_normalised(self.projection)


class PointGenerator(Generator):
    """A small generator of points in the plane: z -> two hidden layers -> (x, y)."""

    def __init__(self, z_dim: int = 8, width: int = 64, classes: int = 0):
        checks.whole_number("z_dim", z_dim)
        super().__init__(z_dim, _point_layers(z_dim, width, 2, classes), classes)


class PointDiscriminator(Discriminator):
    """A small discriminator of points in the plane: (x, y) -> two hidden layers -> one logit."""

    def __init__(self, width: int = 64, classes: int = 0):
        super().__init__((2,), _point_layers(2, width, 1), classes)


class Classifier(nn.Module):
    """A small CNN that answers one or several questions about a picture.

    `questions` maps each question to its number of answers, e.g. {"digit": 10}. `features`
    (N, 64) is the last layer before the answers; `metrics` measures distances there.
    """

    def __init__(self, questions: dict[str, int], size: int = 16, channels: int = 1,
                 width: int = 16):
        super().__init__()
        self.sample_shape = _image_arguments(1, size, channels, width)
        fit = isinstance(questions, dict) and [str(q) == q and "." not in q for q in questions]
        if not fit or not all(fit):
            raise ValueError("questions must hold at least one, such as {'digit': 10}; no dots.")
        for question, count in questions.items():
            checks.whole_number(f"the number of answers to {question!r}", count, low=2)
        widths = _widths(size, width, side=4)
        layers = []
        for inside, outside in zip([channels, *widths], widths):
            layers += [nn.Conv2d(inside, outside, 3, stride=2, padding=1),
                       nn.BatchNorm2d(outside), nn.ReLU()]
        layers += [nn.Flatten(), nn.Linear(widths[-1] * 16, 64), nn.ReLU()]
        self.layers = nn.Sequential(*layers)
        self.answers = nn.ModuleDict(
            {question: nn.Linear(64, count) for question, count in questions.items()})

    def features(self, x: Tensor) -> Tensor:
        """Return what the classifier sees in x (N, C, H, W): float32 (N, 64)."""
        checks.incoming(self, x, (None, *self.sample_shape))
        return self.layers(x)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return the logits of every answer to every question: {question: (N, answers)}."""
        seen = self.features(x)
        return {question: layer(seen) for question, layer in self.answers.items()}


def up_convolution(inside: int, outside: int, up: str = "transposed") -> nn.Module:
    """Return a layer that doubles height and width and maps `inside` to `outside` channels."""
    checks.counts(inside=inside, outside=outside)
    checks.one_of("up", up, UP_CONVOLUTIONS)
    if up == "transposed":
        return nn.ConvTranspose2d(inside, outside, 4, stride=2, padding=1)
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(inside, outside, 3, padding=1))


def parameters(network: nn.Module) -> int:
    """Return how many numbers training can change in `network`."""
    checks.kind("network", network, "a network", "parameters")
    return sum(parameter.numel() for parameter in network.parameters())


@torch.no_grad()
def stages(network: nn.Module, x: Tensor) -> list[tuple[str, Tensor]]:
    """Return (layer's name, output) for each layer that x passes in `network.layers`."""
    network = copy.deepcopy(network)  # looking must not move the statistics of a batch norm
    network(x)  # says what is wrong with x
    found = [("input", x)]
    for layer in network.layers:
        found.append((_layer_name(layer), layer(found[-1][1])))
    return found


def table(network: nn.Module, x: Tensor) -> str:
    """Return a table, one line a layer: its name, the shape it gives, and its parameters."""
    counts = [0, *(parameters(layer) for layer in network.layers)]
    lines = [f"{'layer':<22}{'output shape':<20}{'parameters':>12}"]
    for (name, output), count in zip(stages(network, x), counts):
        lines.append(f"{name:<22}{' x '.join(map(str, output.shape)):<20}{count:>12,}")
    lines.append(f"{'all layers':<42}{parameters(network):>12,}")
    return "\n".join(lines)


def _layer_name(layer: nn.Module) -> str:
    if isinstance(layer, nn.Sequential):
        return " + ".join(_layer_name(part) for part in layer)
    return type(layer).__name__.removeprefix("Parametrized")


def _image_arguments(z_dim: int, size: int, channels: int, width: int,
                     classes: int = 0) -> tuple[int, int, int]:
    checks.counts(z_dim=z_dim, width=width)
    checks.one_of("size", size, SIZES)
    checks.one_of("channels", channels, CHANNELS)
    checks.whole_number("classes", classes, low=0)
    return channels, size, size


def _widths(size: int, width: int, side: int) -> list[int]:
    halvings = (size // side).bit_length() - 1  # from pictures of `size` to maps of `side`
    return [width * 2 ** i for i in range(halvings)]


def _activation(width: int, batch_norm: bool) -> list[nn.Module]:
    return [nn.BatchNorm2d(width)] * batch_norm + [nn.LeakyReLU(0.2)]


def _point_layers(inside: int, width: int, outside: int, classes: int = 0) -> nn.Sequential:
    checks.whole_number("width", width)
    checks.whole_number("classes", classes, low=0)
    return nn.Sequential(nn.Linear(inside + classes, width), nn.ReLU(),
                         nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outside))
