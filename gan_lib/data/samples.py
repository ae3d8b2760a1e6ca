"""Sets of real samples, all in memory: what every door of `data` hands out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import torch

from gan_lib import checks
from gan_lib.data import face_drawing
from gan_lib.device import chosen


@dataclass(frozen=True, eq=False, repr=False)
class Samples:
    """Real samples and their labels: what Images and Points have in common.

    `labels` is int64 (N,); label i has the name `class_names[i]`.
    """

    name: str
    labels: torch.Tensor
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def device(self) -> torch.device:
        return self.labels.device

    def batch(self, n: int, generator: torch.Generator | None = None, with_labels: bool = False):
        """Draw `n` samples at random, with replacement: float32 (n, ...), on the device.

        Pictures are scaled to [-1, 1]; points stay as they are. `generator=None` draws with
        torch's own (`torch.manual_seed`). With `with_labels`, returns (x, labels) instead, labels
        int64 (n,). Raises TypeError or ValueError if n is not a whole number of at least 1.
        """
        checks.whole_number("the batch size n", n)
        where = self.device if generator is None else generator.device
        index = torch.randint(len(self), (n,), generator=generator, device=where).to(self.device)
        x = self.scaled(index)
        return (x, self.labels[index]) if with_labels else x

    def split(self, fraction: float = 0.8, seed: int = 0) -> tuple[Samples, Samples]:
        """Cut at random into two: `fraction` of the samples to train with, the rest held out.

        Raises ValueError if the fraction is not between 0 and 1 or leaves one part empty.
        """
        first = round(checks.number("fraction", fraction, 0, 1) * len(self))
        if not 0 < first < len(self):
            raise ValueError(f"fraction must leave samples in both parts, but {fraction} of "
                             f"{len(self)} puts {first} into the first. Choose another one.")
        order = shuffled(len(self), seed).to(self.device)
        return self.take(order[:first]), self.take(order[first:])

    def to(self, device: torch.device | str) -> Samples:
        """Return the same set with all its tensors on `device`."""
        device = chosen(device)
        return replace(self, **{field.name: moved(getattr(self, field.name), device)
                                for field in fields(self)})

    def describe(self, what: str, values: torch.Tensor) -> str:
        classes = "1 class" if len(self.class_names) == 1 else f"{len(self.class_names)} classes"
        megabytes = values.numel() * values.element_size() / 1e6
        memory = f"{megabytes:,.1f} MB" if megabytes >= 0.1 else f"{1000 * megabytes:.1f} kB"
        return (f"{self.name}: {len(self):,} {what}, {classes}, {memory} in memory, "
                f"on {self.device}")


def moved(value, device):
    if isinstance(value, dict):
        return {key: moved(part, device) for key, part in value.items()}
    return value.to(device) if isinstance(value, torch.Tensor) else value


@dataclass(frozen=True, eq=False, repr=False)
class Images(Samples):
    """Pictures in memory: `images` is a uint8 tensor (N, C, H, W), H = W, C = 1 or 3.

    Yours may be made so too; `data.pictures` makes them from files and arrays. Raises TypeError or
    ValueError for anything else.
    """

    images: torch.Tensor

    def __post_init__(self):
        checks.shape("images", self.images, (None, None, None, None))
        self._check_pictures()
        checks.shape("labels", self.labels, (len(self.images),))
        if self.labels.dtype != torch.int64:
            raise TypeError("labels must be class numbers, int64, but they are "
                            f"{self.labels.dtype}. Use labels.long().")
        if self.labels.device != self.images.device:
            raise ValueError(f"images and labels must lie on one device, but they are on "
                             f"{self.images.device} and {self.labels.device}. Use .to(...).")

    def _check_pictures(self) -> None:
        if self.images.dtype != torch.uint8:
            raise TypeError("images must be uint8 in [0, 255], but they are "
                            f"{self.images.dtype}. Floats in [-1, 1]: use data.to_uint8 first.")
        _, channels, height, width = self.images.shape
        if channels in (1, 3) and height == width:
            return
        came = f"but their shape is {tuple(self.images.shape)}."
        if width in (1, 3) and channels not in (1, 3):
            raise ValueError(f"images must have their channels first, (N, C, H, W), {came} "
                             "Use images.permute(0, 3, 1, 2).")
        raise ValueError(f"images must be square, with 1 or 3 channels, {came} data.pictures "
                         "makes such a set of pictures of any shape.")

    @property
    def size(self) -> int:
        return self.images.shape[-1]

    @property
    def channels(self) -> int:
        return self.images.shape[1]

    def scaled(self, indices=None) -> torch.Tensor:
        """Return all pictures, or those of the indices, as float32 (N, C, H, W) in [-1, 1]."""
        return to_float(self.images if indices is None else self.images[torch.as_tensor(indices)])

    def take(self, indices: torch.Tensor) -> Images:
        """Return the samples of the indices as a set of their own."""
        return replace(self, images=self.images[indices], labels=self.labels[indices])

    def __repr__(self) -> str:
        colour = "grey" if self.channels == 1 else "colour"
        return self.describe(f"{colour} images of {self.size}x{self.size} px", self.images)


@dataclass(frozen=True, eq=False, repr=False)
class Faces(Images):
    """Drawn faces, with what they were drawn from.

    `attributes` is a dict of tensors with N rows, `landmarks` float32 (N, 6, 2), and `captions` a
    list of N sentences, written when first asked for.
    """

    attributes: dict[str, torch.Tensor]
    landmarks: torch.Tensor

    @cached_property
    def captions(self) -> list[str]:
        return face_drawing.captions(moved(self.attributes, "cpu"))

    def take(self, indices: torch.Tensor) -> Faces:
        return replace(super().take(indices), landmarks=self.landmarks[indices],
                       attributes={key: v[indices] for key, v in self.attributes.items()})


@dataclass(frozen=True, eq=False, repr=False)
class Points(Samples):
    """Points in the plane: `points` is float32 (N, 2).

    `centres` is float32 (modes, 2), row i the middle of label i, or None if there are none.
    """

    points: torch.Tensor
    centres: torch.Tensor | None = None

    def __post_init__(self):
        checks.floats("points", self.points, (None, 2))
        checks.shape("labels", self.labels, (len(self.points),))

    def scaled(self, indices=None) -> torch.Tensor:
        """Return all points, or those of the indices: float32 (N, 2), within about [-2, 2]."""
        return self.points if indices is None else self.points[torch.as_tensor(indices)]

    def take(self, indices: torch.Tensor) -> Points:
        """Return the samples of the indices as a set of their own."""
        return replace(self, points=self.points[indices], labels=self.labels[indices])

    def __repr__(self) -> str:
        return self.describe("points in the plane", self.points)


def shuffled(total: int, seed: int) -> torch.Tensor:
    generator = torch.Generator("cpu").manual_seed(checks.whole_number("seed", seed, low=0))
    return torch.randperm(total, generator=generator, device="cpu")


def to_float(images: torch.Tensor) -> torch.Tensor:
    """Turn pictures at rest, uint8 in [0, 255], into float32 in [-1, 1], same shape."""
    if not isinstance(images, torch.Tensor) or images.dtype != torch.uint8:
        raise TypeError("images must be a tensor of uint8 in [0, 255], but they are "
                        f"{getattr(images, 'dtype', type(images).__name__)}.")
    return images.float() / 127.5 - 1


def to_uint8(x: torch.Tensor) -> torch.Tensor:
    """Turn pictures from a network, floats in [-1, 1], into uint8 in [0, 255], same shape.

    Values are rounded; those a little outside are clamped. Raises TypeError if x is not floating
    point and ValueError for NaN, infinity and values far outside, such as 255.
    """
    checks.samples("x", x, None)
    return ((x.detach().float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
