"""Draws the badge "Open in Colab": `python -m tools.badge` writes notebooks/open_in_colab.png.

It is a PNG, since LaTeX cannot read an SVG: `nbconvert --to pdf` would stop at it.
"""

from __future__ import annotations

from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from gan_lib.figures import REAL
from tools.notebook_files import ROOT

FILE = ROOT / "notebooks" / "open_in_colab.png"
WIDTH, HEIGHT = 148, 28
FINER = 8  # drawn so many times larger and then reduced: smooth edges


def draw() -> Image.Image:
    """Return the badge: white words and a triangle on the course's blue."""
    picture = Image.new("RGBA", (WIDTH * FINER, HEIGHT * FINER))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 5 * FINER, fill=REAL)
    pen.polygon([(x * FINER, y * FINER) for x, y in ((13, 7), (24, 14), (13, 21))], fill="white")
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), round(14.5 * FINER))
    pen.text((32 * FINER, HEIGHT * FINER / 2), "Open in Colab", fill="white", font=font,
             anchor="lm")
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    draw().save(FILE, dpi=(96, 96), optimize=True)
