"""Real samples, all in memory: one door for the sets that ship, the downloads and your own.

`load(name)` brings a set by its name, `points(xy)` makes one of points in the plane, and
`pictures(source, size)` one of photographs, drawings or any data set of torchvision.
"""

from __future__ import annotations

import torch

from gan_lib import checks
from gan_lib.data import digits, downloads, face_drawing, own_pictures, point_sets
from gan_lib.data.downloads import DownloadError
from gan_lib.data.samples import Faces, Images, Points, Samples, shuffled, to_float, to_uint8
from gan_lib.device import chosen

# The sizes in px that each set of pictures comes in; the first one is the default.
SIZES = {"digits": (16, 32), "faces": (32, 64), "mnist": (32, 16, 28),
         "fashion_mnist": (32, 16, 28), "cifar10": (32, 16), "celeba": (64, 32)}
NAMES = [*SIZES, *point_sets.SHAPES]
POINTS = 10_000                        # how many are drawn when n is not given
FACES = {32: 4_000, 64: 2_000}
CELEBA_PICTURES = 20_000
SMILE_CUTS = (-0.15, 0.35)           # below: sad; between: neutral; above: happy, as in captions

__all__ = ["DownloadError", "Faces", "Images", "NAMES", "Points", "SIZES", "Samples", "load",
           "pictures", "points", "shuffled", "to_float", "to_uint8"]


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
    size = _checked_size(name, size)
    seed = checks.whole_number("seed", seed, low=0, high=2**63 - 1)
    n = n if n is None else checks.whole_number(f"n for {name!r}", n)
    device = chosen(device)
    with torch.device("cpu"):          # the set is made there, whatever torch's default device is
        if name in point_sets.SHAPES:
            samples = _load_points(name, POINTS if n is None else n, seed)
        elif name == "faces":
            samples = _load_faces(size, FACES[size] if n is None else n, seed)
        else:
            samples = _load_pictures(name, size, n, seed)
    return samples.to(device)


def _checked_size(name: str, size: int | None) -> int | None:
    if name in SIZES:
        size = SIZES[name][0] if size is None else checks.whole_number("size", size)
        return checks.one_of(f"size for {name!r}", size, SIZES[name])
    if size is not None:
        raise ValueError(f"{name!r} is a set of points in the plane. It has no size: leave it out.")
    return None


def _load_points(name: str, n: int, seed: int) -> Points:
    xy, labels, centres = point_sets.draw(name, n, seed)
    return Points(name, labels, point_sets.CLASS_NAMES[name], xy, centres)


def _load_faces(size: int, n: int, seed: int) -> Faces:
    attributes = face_drawing.sample(n, seed)
    labels = torch.bucketize(attributes["smile"], torch.tensor(SMILE_CUTS))
    return Faces("faces", labels, ("sad", "neutral", "happy"), face_drawing.draw(attributes, size),
                 attributes, face_drawing.landmarks(attributes))


def _load_pictures(name: str, size: int, n: int | None, seed: int) -> Images:
    if name == "digits":
        images, labels = digits.read()
        chosen = _pick(name, len(images), n, seed)
        images, labels, class_names = images[chosen], labels[chosen], tuple("0123456789")
    else:
        dataset = downloads.fetch(name)
        if name == "celeba" and n is None and len(dataset) > CELEBA_PICTURES:
            n = CELEBA_PICTURES
        chosen = _pick(name, len(dataset), n, seed)
        images, labels, class_names = downloads.pictures(name, dataset, chosen, size)
    return Images(name, labels, class_names, own_pictures.resized(images, size))


def _pick(name: str, total: int, n: int | None, seed: int) -> torch.Tensor:
    """Return which samples to take: all in their order, or `n` different ones at random."""
    if n is None:
        return torch.arange(total)
    return shuffled(total, seed)[:checks.whole_number(f"n for {name!r}", n, high=total)]


def points(xy, name: str = "points", rescale: bool = True, device=None) -> Points:
    """Return your own points, an array-like (N, 2) of finite numbers, as one set.

    `rescale` moves and scales them so that they just fill [-2, 2]. All have the label 0. Raises
    TypeError for what are not numbers; ValueError for no points, another shape, NaN or infinity.
    """
    xy = point_sets.from_array(xy, rescale)
    device = chosen(device)
    labels = torch.zeros(len(xy), dtype=torch.int64, device=device)
    return Points(name, labels, (name,), xy.to(device))


def pictures(source, size: int, channels: int | None = None, name: str | None = None,
             device=None) -> Images:
    """Return your own pictures as one set: uint8 (N, channels, size, size).

    `source` is a folder of image files, whose subfolders, if there are any, are its classes; or a
    list of arrays or Pillow images; or a data set of torchvision, whose labels are kept. Arrays
    are (H, W), (H, W, 3) or (H, W, 4), tensors (C, H, W); uint8, or floats in [0, 1].

    Each picture is turned as its camera says, put on white where it is transparent, cut to its
    middle square and resized to `size` x `size` pixels. `channels` is 1 (grey) or 3 (colour); if
    None, 1 where every picture is grey, else 3. What cannot be read is named and left out. Raises
    TypeError or ValueError for another source or size, and where no picture can be read.
    """
    device = chosen(device)
    with torch.device("cpu"):
        images, labels, class_names, own_name = own_pictures.read(source, size, channels)
    return Images(name or own_name, labels, class_names, images).to(device)
