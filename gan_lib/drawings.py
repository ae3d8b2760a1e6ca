"""Drawings as real samples: strokes become small pictures in a folder, the folder a data set."""

from __future__ import annotations

import io
import uuid
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from gan_lib import checks, data, files

FOLDER = "my_drawings"
SIDE, PEN = 64, 6  # pixels: of a kept drawing, and of the pen
FINE = 4           # a drawing is made so many times as large, and its edges are smooth
MOST_STROKES, MOST_POINTS = 200, 2000
LARGEST_FILE = 20_000_000  # bytes
FEWEST = 20        # pictures of which a GAN can learn at all, some of them held out

Stroke = list[tuple[float, float]]


def stroke(points) -> Stroke:
    """Return one stroke of the pen: points (right, down), each number in [0, 1].

    Raises TypeError or ValueError for anything else, and for more than MOST_POINTS points.
    """
    if not isinstance(points, (list, tuple)) or not 1 <= len(points) <= MOST_POINTS:
        raise ValueError(f"A stroke must be a list of 1 to {MOST_POINTS:,} points.")
    if not all(isinstance(point, (list, tuple)) and len(point) == 2 for point in points):
        raise ValueError("Each point of a stroke must be two numbers, right and down.")
    return [tuple(checks.number("a place in the drawing", place, 0.0, 1.0) for place in point)
            for point in points]


def picture(strokes: list[Stroke]) -> np.ndarray:
    """Return black strokes on white paper: uint8 (SIDE, SIDE)."""
    paper = Image.new("L", (SIDE * FINE, SIDE * FINE), "white")
    pen, width = ImageDraw.Draw(paper), PEN * FINE
    for points in strokes:
        places = [(right * paper.width, down * paper.height) for right, down in points]
        pen.line(places, fill="black", width=width)
        for right, down in places:  # round ends and corners
            pen.ellipse((right - width / 2, down - width / 2, right + width / 2, down + width / 2),
                        fill="black")
    return np.asarray(paper.resize((SIDE, SIDE), Image.Resampling.BOX))


def keep(drawn: np.ndarray, folder: str | Path = FOLDER) -> Path:
    """Write a picture (H, W) or (H, W, 3), uint8, as a small PNG into `folder`. Returns its path.

    The folder is made if need be. No two files of a class have the same name, so that all may be
    put together. Raises OSError, with a sentence, where nothing can be written.
    """
    folder = Path(folder)
    png = io.BytesIO()
    Image.fromarray(drawn).save(png, format="PNG")
    folder.mkdir(parents=True, exist_ok=True)
    name = f"drawing-{count(folder) + 1:03d}-{uuid.uuid4().hex[:8]}.png"
    return files.write_whole(folder / name, png.getvalue())


def take_in(content: bytes, folder: str | Path = FOLDER) -> Path:
    """Keep somebody's picture, the bytes of an image file, as `keep` does: its middle square.

    Raises ValueError, with a sentence, for what is no picture or too large.
    """
    if len(content) > LARGEST_FILE:
        raise ValueError(f"It has more than {LARGEST_FILE // 10**6} MB. Make it smaller first.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as opened:
                found = data.pictures([opened], SIDE, device="cpu").images[0]
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValueError("It has too many pixels. Make it smaller first.") from None
    except (OSError, SyntaxError):
        raise ValueError("It is not a picture that can be read.") from None
    square = found.permute(1, 2, 0).numpy()
    return keep(square[:, :, 0] if square.shape[2] == 1 else square, folder)


def count(folder: str | Path = FOLDER) -> int:
    """Return how many pictures of `keep` are in the folder."""
    return len(list(Path(folder).glob("drawing-*.png")))


def load(folder: str | Path, size: int, fewest: int = FEWEST,
         instead: data.Samples | None = None) -> data.Samples:
    """Return the pictures of `folder`, and of the folders in it, as one set: see `data.pictures`.

    Where there is no such folder, or fewer than `fewest` pictures that can be read, it says so in
    a sentence and returns `instead`; without `instead` it raises ValueError with that sentence.
    """
    checks.whole_number("size", size, 8, 256)
    try:
        return _enough(folder, size, checks.whole_number("fewest", fewest))
    except ValueError as problem:
        if instead is None:
            raise
        print(f"{problem}\nUntil then, the notebook goes on with another set.")
        return instead


def _enough(folder: str | Path, size: int, fewest: int) -> data.Samples:
    if not Path(folder).expanduser().is_dir():
        raise ValueError(f"There is no folder {str(folder)!r} yet. Draw and keep pictures above, "
                         "or make the folder and copy pictures into it.")
    found = data.pictures(folder, size)
    if len(found) < fewest:
        pictures = "1 picture" if len(found) == 1 else f"{len(found)} pictures"
        raise ValueError(f"The folder {str(folder)!r} holds {pictures}, and a GAN needs at least "
                         f"{fewest}. Draw more, or put the folders of your group into one.")
    return found
