"""Pictures of a student's notebook, drawn anew: nothing of the file is left but its pixels."""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

FORMATS = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp"}  # Pillow's name, the type's
LARGEST = 1600  # pixels of the longer side
LARGEST_FILE = 25_000_000
MOST_PIXELS = 30_000_000  # of a picture as it comes: a small file can hold a huge one

TOO_LARGE = f"a picture has more than {MOST_PIXELS:,} pixels"


@dataclass(frozen=True)
class Picture:
    """A picture as an address that holds it, its size in pixels, and its alt text."""

    address: str
    width: int
    height: int
    alt: str

    @property
    def shape(self) -> float:
        """How many times as wide as high it is."""
        return self.width / self.height


def from_base64(text: str, alt: str) -> Picture:
    """Return the picture in a base64 text. Raises ValueError with a sentence if there is none."""
    try:
        content = base64.b64decode(text)
    except ValueError:
        raise ValueError("a picture is not written in base64") from None
    return drawn(content, alt)


def from_file(path: Path, folder: Path, alt: str) -> Picture:
    """Return the picture in a file inside `folder`. Raises ValueError if it is none, or outside."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve()) and path.is_file()
        content = path.read_bytes() if inside and path.stat().st_size < LARGEST_FILE else b""
    except OSError:
        content = b""
    if not content:
        raise ValueError(f"there is no picture {path.name} beside the notebook, or it is too large")
    return drawn(content, alt)


def drawn(content: bytes, alt: str) -> Picture:
    """Return a picture made from the pixels of an image file. Raises ValueError if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about strange notes in a file: they are not kept
            image = Image.open(io.BytesIO(content), formats=list(FORMATS))
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(TOO_LARGE)
            kind = "JPEG" if image.format == "JPEG" else "PNG"
            image = _upright(image)
    except Image.DecompressionBombError:
        raise ValueError(TOO_LARGE) from None
    except (OSError, SyntaxError, EOFError, OverflowError):  # Pillow's, for broken files
        raise ValueError("a picture is broken, or no PNG, JPEG, GIF or WebP") from None
    image.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, kind, **({"quality": 90} if kind == "JPEG" else {}))
    packed = base64.b64encode(file.getvalue()).decode()
    return Picture(f"data:image/{FORMATS[kind]};base64,{packed}", image.width, image.height, alt)


def _upright(image: Image.Image) -> Image.Image:
    """Return the first frame as the camera held it, in grey or in colours, without notes."""
    image = ImageOps.exif_transpose(image)
    clear = "A" in image.mode or "transparency" in image.info
    grey = image.mode in ("1", "L")
    image = image.convert("RGBA" if clear else "L" if grey else "RGB")
    if clear:  # on white, as in the notebook
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    image.info.clear()
    return image
