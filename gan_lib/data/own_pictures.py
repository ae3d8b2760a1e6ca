"""Pictures of the students' own: files, arrays and other people's data sets, made alike."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from numbers import Integral
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch.nn import functional as F

from gan_lib import checks

SMALLEST, LARGEST = 8, 256  # sides in px
NAMED = 5  # so many of the pictures left out are named
DEEP_GREY = ("I", "I;16", "I;16B", "I;16L")  # 16 bits a pixel; Pillow would cut them off at 255
GREY = ("1", "L", "LA", *DEEP_GREY)
NOT_A_PICTURE = "not a picture that can be read"


def read(source, size: int, channels: int | None = None):
    """Read `source` as `data.pictures` says.

    Returns the pictures uint8 (N, channels, size, size), labels int64 (N,), class names and a name
    for the set, all on the CPU. Prints which pictures were left out, and why.
    """
    checks.whole_number("size", size, SMALLEST, LARGEST)
    checks.one_of("channels", channels, (None, 1, 3))
    if isinstance(source, (str, Path)):
        name, class_names, items = _folder(Path(source).expanduser())
    else:
        name, class_names, items = _sequence(source)
    squares, labels, left_out, all_grey = [], [], [], True
    for place, open_item in items:
        try:
            picture, label = open_item()
            squares.append(squared(picture, size))
        except (OSError, ValueError, TypeError, SyntaxError, Image.DecompressionBombError) as error:
            left_out.append(f"{place} ({_why(error)})")
        else:
            labels.append(label)
            all_grey &= picture.mode in GREY
    _tell(name, len(squares), left_out)
    images = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2)
    images = _grey(images) if channels == 1 or channels is None and all_grey else images
    return images.contiguous(), torch.tensor(labels), _names(class_names, labels, name), name


def squared(picture: Image.Image, size: int) -> np.ndarray:
    """Return the middle square of a picture, resized: uint8 (size, size, 3).

    It is turned as the camera noted (EXIF), and put on white where it is transparent.
    """
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in DEEP_GREY:
        picture = Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8))
    if picture.mode == "F":
        raise ValueError("its numbers have no known range; save it with whole numbers")
    if "A" in picture.mode or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.array(ImageOps.fit(picture.convert("RGB"), (size, size), Image.Resampling.BICUBIC))


def resized(images: torch.Tensor, size: int) -> torch.Tensor:
    """Return pictures with values in [0, 255] as uint8 (N, C, size, size), by bicubic resizing."""
    if images.shape[-2:] == (size, size):
        return images.to(torch.uint8)
    parts = [F.interpolate(part.float(), (size, size), mode="bicubic", antialias=True)
             .round().clamp(0, 255).to(torch.uint8)        # bicubic curves leave [0, 255]
             for part in images.split(4096)]               # in parts: floats take 4 times as much
    return torch.cat(parts)


def _folder(folder: Path):
    """Return a folder's name, its classes, and (file's name, how to open it) for each file."""
    if not folder.is_dir():
        raise ValueError(f"There is no folder {str(folder)!r} (looked for {folder.absolute()}). "
                         "Give the folder that holds the image files.")
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    files = [file for file in files if not any(part.startswith(".") for part in file.parts)]
    name = folder.resolve().name or "pictures"
    classes = [file.parts[0] if len(file.parts) > 1 else name for file in files]
    class_names = tuple(sorted(set(classes)))
    labels = [class_names.index(own) for own in classes]
    items = [(str(file), lambda path=folder / file, label=label: (_open(path), label))
             for file, label in zip(files, labels)]
    return name, class_names, items


def _open(path: Path | str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path) as picture:
            picture.draft(None, (2 * LARGEST, 2 * LARGEST))  # a large photograph opens faster so
            picture.load()
            return picture


def _sequence(source):
    """The same of a list of pictures, or of a data set that gives (picture, label)."""
    if isinstance(source, Mapping) or not (hasattr(source, "__len__")
                                           and hasattr(source, "__getitem__")):
        raise TypeError("source must be a folder, a list of arrays or a data set of torchvision, "
                        f"but it is {type(source).__name__}.")
    name = type(source).__name__.lower() if hasattr(source, "classes") else "pictures"
    items = ((f"number {i}", lambda i=i: _item(source[i])) for i in range(len(source)))
    return name, tuple(getattr(source, "classes", ())), items


def _item(item) -> tuple[Image.Image, int]:
    """Return the picture and its label; 0 if it has none, or one that is not a whole number."""
    picture, label = item if isinstance(item, tuple) and len(item) == 2 else (item, 0)
    return _image(picture), label if isinstance(label, Integral) else 0


def _image(picture) -> Image.Image:
    if isinstance(picture, (str, Path)):
        return _open(picture)
    if isinstance(picture, Image.Image):
        return picture
    if isinstance(picture, torch.Tensor):  # (C, H, W), as torchvision has it
        picture = picture.detach().cpu().numpy()
        array = picture.transpose(1, 2, 0) if picture.ndim == 3 else picture
    else:
        array = np.asarray(picture)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or array.ndim == 3 and array.shape[2] in (3, 4)) or not array.size:
        raise ValueError(f"its shape is {np.shape(picture)}")
    return Image.fromarray(_bytes(array))


def _bytes(array: np.ndarray) -> np.ndarray:
    """Return the values as uint8 in [0, 255]."""
    if array.dtype == bool:
        return array.astype(np.uint8) * 255
    if array.dtype.kind == "f":
        if not (array.min() >= 0 and array.max() <= 1):  # NaN fails, too
            raise ValueError("its floats are not all from 0 to 1")
        return (array * 255).round().astype(np.uint8)
    if array.dtype != np.uint8:
        raise ValueError(f"it holds {array.dtype}, not uint8 or floats from 0 to 1")
    return array


def _why(error: Exception) -> str:
    if isinstance(error, Image.DecompressionBombError):
        return "too large: make it smaller first"
    return NOT_A_PICTURE if isinstance(error, (OSError, SyntaxError)) else str(error)


def _tell(name: str, kept: int, left_out: list[str]) -> None:
    """Print what was left out, and why. Raises ValueError if nothing is kept."""
    more = f"; and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
    said = "; ".join(left_out[:NAMED]) + more
    if not kept:
        raise ValueError(f"There is no picture that can be read in {name!r}: "
                         f"{said or 'it is empty'}.")
    if left_out:
        print(f"Left out {len(left_out)} of {kept + len(left_out)}: {said}.")


def _grey(images: torch.Tensor) -> torch.Tensor:
    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)  # as bright as eyes see them
    return (images * weights).sum(1, keepdim=True).round().to(torch.uint8)


def _names(class_names: tuple[str, ...], labels: list[int], name: str) -> tuple[str, ...]:
    """Return one name for each label."""
    needed = max(labels) + 1
    if needed <= len(class_names):
        return class_names
    return (name,) if needed == 1 else tuple(f"class {i}" for i in range(needed))
