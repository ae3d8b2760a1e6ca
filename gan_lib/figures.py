"""The course's figures: one visual language, real blue and fake vermillion, each with alt text."""

from __future__ import annotations

import base64
import functools
import html
import io
import math

import numpy as np
import torch
from IPython.display import display
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gan_lib import checks

REAL = "#0072B2"  # Okabe-Ito blue
FAKE = "#D55E00"  # Okabe-Ito vermillion
OTHER = "#009E73"  # Okabe-Ito green: what is neither real nor fake
NEUTRAL = "#444444"
NETWORK_D = "#AA4499"  # Tol's purple: what belongs to the network D (its loss, its steps)
NETWORK_G = "#117733"  # Tol's dark green: what belongs to the network G
DPI = 96  # pixels of the screen for an inch of a figure; 13.5 points are 18 pixels
TEXT, FACE = 20, 96  # pixels: height of a row's name, width of a picture in a sheet

# Once, for every figure: matplotlib looks at this also when lines and titles are added later.
rcParams.update({"font.size": 14, "axes.spines.top": False, "axes.spines.right": False,
                 "axes.titlesize": 15, "axes.labelsize": 14, "legend.frameon": False,
                 "legend.handlelength": 1.5, "legend.handletextpad": 0.5,
                 "lines.linewidth": 2.5, "lines.markersize": 7})


def new(columns: int = 1, rows: int = 1, width: float = 9, height: float = 3.6):
    """Return (figure, axes) in the course's style; `axes` is one Axes or an array of them.

    `width` and `height` are in inches, for the whole figure: 10 are 960 pixels on the screen.
    """
    checks.counts(columns=columns, rows=rows)
    checks.number("width", width, 0.5, 100.0)
    checks.number("height", height, 0.5, 100.0)
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns)


def show(figure: Figure, alt: str) -> None:
    """Show the figure under the cell. `alt` says in one sentence, with numbers, what it shows."""
    _display(sharp_png(figure), alt, pixels=2)


def sharp_png(figure: Figure) -> bytes:
    """Return the figure as a PNG file to be stored: two pixels for each pixel of the screen."""
    sharp = Image.fromarray(array_of_png(png_of_figure(figure, 2 * DPI)))
    # 256 colours are enough for lines and letters, and a quarter of the bytes.
    return _png(sharp.quantize(dither=Image.Dither.NONE).save, optimize=True)


def png_of_figure(figure: Figure, dpi: int = DPI) -> bytes:
    """Return the figure as the bytes of a PNG file, with `dpi` pixels for an inch."""
    return _png(figure.savefig, dpi=dpi)


def png_of_array(array: np.ndarray, level: int = 1) -> bytes:
    """Return an array (H, W) or (H, W, 3), uint8, as a PNG file: 1 is quick, 9 is small."""
    if not isinstance(array, np.ndarray) or array.dtype != np.uint8:
        raise TypeError("array must be a NumPy array of uint8 in [0, 255], but it is "
                        f"{getattr(array, 'dtype', type(array).__name__)}.")
    if not (array.ndim == 2 or array.ndim == 3 and array.shape[2] == 3) or not array.size:
        raise ValueError("array must have the shape (H, W) or (H, W, 3), but it has "
                         f"{array.shape}.")
    return _png(Image.fromarray(array).save, compress_level=level)


def array_of_png(png: bytes) -> np.ndarray:
    """Return the bytes of a PNG file as an array (H, W, 3), uint8."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def tile(x: Tensor, columns: int = 8, scale: int | None = None, gap: int = 2,
         frame: str | list[str] | None = None, rows: list[str] | None = None) -> np.ndarray:
    """Return pictures x (N, C, H, W) side by side as one RGB array (height, width, 3), uint8.

    x is float in [-1, 1] or uint8. Each pixel is drawn as `scale` x `scale`; if None, a picture
    becomes 96 pixels wide, or a little more. `frame` is the colour of each picture's frame of
    `gap` pixels, such as "#0072B2" (white if None), or a list with one colour for each row.
    `rows` are the rows' names, which are written at the left.
    """
    at_rest = getattr(x, "dtype", None) == torch.uint8
    (checks.shape if at_rest else checks.samples)("x", x, (None,) * 4)
    checks.one_of("the number of channels of x", x.shape[1], (1, 3))
    scale = math.ceil(FACE / x.shape[3]) if scale is None else scale
    checks.counts(columns=columns, scale=scale)
    columns = min(columns, len(x))
    checks.whole_number("gap", gap, low=0)
    count = math.ceil(len(x) / columns)
    frames = frame if isinstance(frame, (list, tuple)) else [frame] * count
    for name, given in (("frame", frames), ("rows", rows or frames)):
        checks.one_of(f"the length of {name}, one for each row,", len(given), (count,))
    colours = np.array([to_rgb(colour or "white") for colour in frames]) * 255
    pixels = _pixels(x).repeat(scale, axis=1).repeat(scale, axis=2)
    n, height, width, _ = pixels.shape
    cells = np.full((count * columns, height + 2 * gap, width + 2 * gap, 3), 255, np.uint8)
    cells[:n] = colours.round().repeat(columns, axis=0)[:n, None, None]
    cells[:n, gap:gap + height, gap:gap + width] = pixels
    cells = cells.reshape(count, columns, *cells.shape[1:]).swapaxes(1, 2)
    sheet = cells.reshape(count * (height + 2 * gap), -1, 3)
    return sheet if rows is None else np.hstack([_names(rows, height + 2 * gap), sheet])


def show_images(x: Tensor, alt: str, columns: int = 8, scale: int | None = None,
                frame: str | list[str] | None = None, rows: list[str] | None = None) -> None:
    """Show pictures x (N, C, H, W), float in [-1, 1] or uint8, side by side (see `tile`)."""
    show_array(tile(x, columns, scale, frame=frame, rows=rows), alt)


def show_array(array: np.ndarray, alt: str) -> None:
    """Show an array (H, W, 3), uint8, such as `tile` returns."""
    _display(png_of_array(array, level=9), alt)


def draw_images(axes, x: Tensor, title: str = "", columns: int = 8,
                frame: str | list[str] | None = None, rows: list[str] | None = None) -> None:
    """Draw pictures x (N, C, H, W) side by side into matplotlib `axes` (see `tile`)."""
    sheet = tile(x, columns, gap=2, frame=frame)
    axes.imshow(sheet, interpolation="nearest")
    names = rows or []
    axes.set(title=title, xticks=[])
    axes.set_yticks((np.arange(len(names)) + 0.5) * len(sheet) / max(len(names), 1), names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def draw_losses(axes, history) -> None:
    """Draw both losses of a `training.History` step by step, with the level of a blind D."""
    axes.plot(smooth(history.loss_D), color=NETWORK_D, label="loss of D")
    axes.plot(smooth(history.loss_G), color=NETWORK_G, linestyle="--", label="loss of G")
    axes.axhline(2 * math.log(2), color=NEUTRAL, linewidth=1, linestyle=":",
                 label="D guesses: 2 log 2")
    axes.set(xlabel="step", ylabel="loss", ylim=(0, 4))  # with room for the legend
    axes.legend(loc="upper right")


def draw_judgement(axes, history) -> None:
    """Draw D's mean judgement of real samples and of fakes, step by step."""
    axes.plot(smooth(history.D_real), color=REAL, label="D(x), real")
    axes.plot(smooth(history.D_fake), color=FAKE, linestyle="--", label="D(G(z)), fake")
    axes.axhline(0.5, color=NEUTRAL, linewidth=1, linestyle=":")
    axes.set(xlabel="step", ylabel="probability of real", ylim=(0, 1.4),
             yticks=(0, 0.5, 1))
    axes.legend(loc="upper right")


def draw_points(axes, real: Tensor | None = None, fake: Tensor | None = None,
                limit: float = 2.5) -> None:
    """Draw real and fake points (N, 2) in the plane, on fixed axes from -limit to limit."""
    checks.number("limit", limit, 1e-6)
    for points, colour, marker, name in ((real, REAL, "o", "real"), (fake, FAKE, "x", "fake")):
        if points is not None:
            x, y = checks.samples(f"{name}, the points,", points, (None, 2)).detach().cpu().T
            axes.scatter(x, y, s=14, c=colour, marker=marker, alpha=0.6, linewidths=1.5 *
                         (marker == "x"), label=name)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal",
             xlabel="first number of x", ylabel="second number of x")
    axes.legend(loc="upper right", markerscale=1.5, borderaxespad=0, frameon=True, edgecolor="w")


def smooth(values: list[float], window: int = 25) -> np.ndarray:
    """Return the running mean of `values` over at most `window` steps, of the same length."""
    checks.counts(window=window)
    total = np.cumsum([0.0, *values])
    end = np.arange(1, len(values) + 1)
    start = np.maximum(end - window, 0)
    return (total[end] - total[start]) / (end - start)


def show_history(history, alt: str | None = None) -> None:
    """Show a game's losses and D's judgement beside each other."""
    figure, (left, right) = new(columns=2, width=11)
    draw_losses(left, history)
    draw_judgement(right, history)
    show(figure, alt or history_in_words(history))


def history_in_words(history) -> str:
    """Return one sentence with the last losses and judgements of a `training.History`."""
    last = {name: smooth(values)[-1] for name, values in vars(history).items()
            if name != "pictures" and values}
    if not last:
        return "No step was played yet."
    return (f"Loss of D {last['loss_D']:.2f}, loss of G {last['loss_G']:.2f}; D gives real samples "
            f"{last['D_real']:.2f} and fakes {last['D_fake']:.2f} (means of the last 25 steps).")


def bundle_of_png(png: bytes, alt: str, pixels: int = 1) -> tuple[dict, dict]:
    """Return (data, metadata) of a display message: the PNG, and its alt text for any reader.

    `pixels` of its width are for one of the screen. The picture is there twice: exported HTML
    keeps an alt text only inside of HTML; a PDF and GitHub's page take the PNG alone.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("alt must say in one sentence what the picture shows, but it is "
                         f"{alt!r}.")
    source = base64.b64encode(png).decode()
    width = Image.open(io.BytesIO(png)).width // pixels
    picture = (f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{source}" '
               f'width="{width}" style="max-width: 100%">')
    return (Bundle({"image/png": source, "text/html": picture, "text/plain": alt}),
            {"image/png": {"alt": alt, "width": width}})


class Bundle(dict):
    """A picture in several forms. `display` prints it in plain Python: there, the alt text."""

    def __repr__(self) -> str:
        return self["text/plain"]


def _png(save, **options) -> bytes:
    file = io.BytesIO()
    save(file, format="png", **options)
    return file.getvalue()


def _display(png: bytes, alt: str, pixels: int = 1) -> None:
    data, metadata = bundle_of_png(png, alt, pixels)
    display(data, metadata=metadata, raw=True)


def _pixels(x: Tensor) -> np.ndarray:
    x = x.detach().cpu()
    if x.dtype != torch.uint8:
        x = ((x.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return x.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).numpy()


def _names(names: list[str], height: int) -> np.ndarray:
    """Return the names of rows that are `height` high, one below the other, as an array."""
    letters = font(TEXT)
    width = max(letters.getlength(line) for name in names for line in name.split("\n"))
    strip = Image.new("RGB", (math.ceil(width) + 12, height * len(names)), "white")
    for row, name in enumerate(names):
        ImageDraw.Draw(strip).text((strip.width - 8, height * (row + 0.5)), name, NEUTRAL, letters,
                                   anchor="rm", align="right")
    return np.asarray(strip)


@functools.lru_cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the font of words that Pillow draws; matplotlib brings it along."""
    return ImageFont.truetype(findfont("DejaVu Sans"), size)
