"""Real samples, all in memory: digits, faces, point sets in the plane, and four downloads."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from gan_lib import checks, downloads
from gan_lib import faces as face_drawing
from gan_lib import points as point_sets
from gan_lib.device import best
from gan_lib.downloads import DownloadError

# The sizes in px that each set of pictures comes in; the first one is the default.
SIZES = {"digits": (16, 32), "faces": (32, 64), "mnist": (32, 16, 28),
         "fashion_mnist": (32, 16, 28), "cifar10": (32, 16), "celeba": (64, 32)}
NAMES = [*SIZES, *point_sets.SHAPES]
POINTS = 10_000                        # how many are drawn when n is not given
FACES = {32: 4_000, 64: 2_000}
CELEBA_PICTURES = 20_000
SMILE_CUTS = (-0.15, 0.35)           # below: sad; between: neutral; above: happy, as in captions

__all__ = ["DownloadError", "Faces", "Images", "NAMES", "Points", "SIZES", "Samples", "load",
           "points", "to_float", "to_uint8"]


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
    """Pictures in memory: `images` is uint8 (N, C, H, W) with H = W. Yours may be made so too.

    Raises TypeError or ValueError for another shape or dtype.
    """

    images: torch.Tensor

    def __post_init__(self):
        checks.shape("images", self.images, (None, None, None, None))
        checks.shape("labels", self.labels, (len(self.images),))
        if self.images.dtype != torch.uint8:
            raise TypeError("images must be uint8 in [0, 255], but they are "
                            f"{self.images.dtype}. Floats in [-1, 1]: use data.to_uint8 first.")

    @property
    def size(self) -> int:
        return self.images.shape[-1]

    @property
    def channels(self) -> int:
        return self.images.shape[1]

    def scaled(self, indices=None) -> torch.Tensor:
        """Return all pictures, or those of the indices, as float32 (N, C, H, W) in [-1, 1]."""
        return to_float(self.images if indices is None else self.images[indices])

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

    def scaled(self, indices=None) -> torch.Tensor:
        """Return all points, or those of the indices: float32 (N, 2), within about [-2, 2]."""
        return self.points if indices is None else self.points[indices]

    def take(self, indices: torch.Tensor) -> Points:
        """Return the samples of the indices as a set of their own."""
        return replace(self, points=self.points[indices], labels=self.labels[indices])

    def __repr__(self) -> str:
        return self.describe("points in the plane", self.points)


def load(name: str, size: int | None = None, n: int | None = None, seed: int = 0,
         device: torch.device | str | None = None) -> Images | Points:
    """Return the data set `name` with all its samples in memory, on `device`.

    `size` is the side of a picture in px (SIZES; point sets have none). `n` is the number of
    samples: how many to draw of faces and point sets, and how many to pick at random of the others
    (all of them if None; of CelebA 20,000). `seed` decides what is drawn or picked. `device=None`
    takes the GPU if there is one. MNIST, Fashion-MNIST, CIFAR-10 and CelebA are downloaded once.
    Raises TypeError or ValueError for names, sizes and numbers that do not exist, and
    DownloadError if a download fails.
    """
    checks.one_of("the name of a data set", name, NAMES)
    size = checked_size(name, size)
    seed = checks.whole_number("seed", seed, low=0, high=2**63 - 1)
    n = n if n is None else checks.whole_number(f"n for {name!r}", n)
    device = best() if device is None else torch.device(device)
    with torch.device("cpu"):          # the set is made there, whatever torch's default device is
        if name in point_sets.SHAPES:
            samples = load_points(name, POINTS if n is None else n, seed)
        elif name == "faces":
            samples = load_faces(size, FACES[size] if n is None else n, seed)
        else:
            samples = load_pictures(name, size, n, seed)
    return samples.to(device)


def checked_size(name: str, size: int | None) -> int | None:
    if name in SIZES:
        size = SIZES[name][0] if size is None else checks.whole_number("size", size)
        return checks.one_of(f"size for {name!r}", size, SIZES[name])
    if size is not None:
        raise ValueError(f"{name!r} is a set of points in the plane. It has no size: leave it out.")
    return None


def load_points(name: str, n: int, seed: int) -> Points:
    xy, labels, centres = point_sets.draw(name, n, seed)
    return Points(name, labels, point_sets.CLASS_NAMES[name], xy, centres)


def load_faces(size: int, n: int, seed: int) -> Faces:
    attributes = face_drawing.sample(n, seed)
    labels = torch.bucketize(attributes["smile"], torch.tensor(SMILE_CUTS))
    return Faces("faces", labels, ("sad", "neutral", "happy"), face_drawing.draw(attributes, size),
                 attributes, face_drawing.landmarks(attributes))


def load_pictures(name: str, size: int, n: int | None, seed: int) -> Images:
    if name == "digits":
        images, labels = bundled_digits()
        chosen = pick(name, len(images), n, seed)
        images, labels, class_names = images[chosen], labels[chosen], tuple("0123456789")
    else:
        dataset = downloads.fetch(name)
        if name == "celeba" and n is None and len(dataset) > CELEBA_PICTURES:
            n = CELEBA_PICTURES
        chosen = pick(name, len(dataset), n, seed)
        images, labels, class_names = downloads.pictures(name, dataset, chosen, size)
    return Images(name, labels, class_names, resized(images, size))


def bundled_digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Read the 1,797 digits of 8x8 px that scikit-learn brings: float32 in [0, 255], labels."""
    package = find_spec("sklearn")
    if package is None:
        raise ImportError("'digits' needs scikit-learn. Install it with: pip install scikit-learn")
    # Reading the file takes 20 ms; `from sklearn.datasets import load_digits` more than 1 s.
    file = Path(package.submodule_search_locations[0]) / "datasets" / "data" / "digits.csv.gz"
    with gzip.open(file) as rows:
        table = torch.from_numpy(np.loadtxt(rows, delimiter=",", dtype=np.float32))
    return table[:, :64].reshape(-1, 1, 8, 8) * (255 / 16), table[:, 64].long()


def pick(name: str, total: int, n: int | None, seed: int) -> torch.Tensor:
    """Return which samples to take: all in their order, or `n` different ones at random."""
    if n is None:
        return torch.arange(total)
    return shuffled(total, seed)[:checks.whole_number(f"n for {name!r}", n, high=total)]


def shuffled(total: int, seed: int) -> torch.Tensor:
    generator = torch.Generator("cpu").manual_seed(checks.whole_number("seed", seed, low=0))
    return torch.randperm(total, generator=generator, device="cpu")


def resized(images: torch.Tensor, size: int) -> torch.Tensor:
    """Return pictures with values in [0, 255] as uint8 (N, C, size, size), by bicubic resizing."""
    if images.shape[-2:] == (size, size):
        return images.to(torch.uint8)
    parts = [F.interpolate(part.float(), (size, size), mode="bicubic", antialias=True)
             .round().clamp(0, 255).to(torch.uint8)        # bicubic curves leave [0, 255]
             for part in images.split(4096)]               # in parts: floats take 4 times as much
    return torch.cat(parts)


def points(xy, name: str = "points", rescale: bool = True, device=None) -> Points:
    """Return your own points, an array-like (N, 2) of finite numbers, as one set.

    `rescale` moves and scales them so that they just fill [-2, 2]. All have the label 0. Raises
    TypeError for what are not numbers; ValueError for no points, another shape, NaN or infinity.
    """
    xy = point_sets.from_array(xy, rescale)
    device = best() if device is None else torch.device(device)
    labels = torch.zeros(len(xy), dtype=torch.int64, device=device)
    return Points(name, labels, (name,), xy.to(device))


def to_float(images: torch.Tensor) -> torch.Tensor:
    """Turn pictures at rest, uint8 in [0, 255], into float32 in [-1, 1], same shape."""
    if images.dtype != torch.uint8:
        raise TypeError(f"images must be uint8 in [0, 255], but they are {images.dtype}.")
    return images.float() / 127.5 - 1


def to_uint8(x: torch.Tensor) -> torch.Tensor:
    """Turn pictures from a network, floats in [-1, 1], into uint8 in [0, 255], same shape.

    Values are rounded; those outside [-1, 1] are clamped. Raises TypeError if x is not floating
    point and ValueError if it holds NaN.
    """
    if not x.is_floating_point():
        raise TypeError(f"x must hold floats in [-1, 1], but it is {x.dtype}.")
    if x.isnan().any():
        raise ValueError("x holds NaN (not a number): the training has broken down. Start again "
                         "from new networks, with a lower learning rate.")
    return ((x.detach().float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
