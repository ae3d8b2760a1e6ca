"""The course's figures: one visual language, real blue and fake vermillion, each with alt text."""

from __future__ import annotations

import base64
import html
import io
import math
import re

import numpy as np
import torch
from IPython.display import display
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from gan_lib import checks

REAL = "#0072B2"  # Okabe-Ito blue
FAKE = "#D55E00"  # Okabe-Ito vermillion
OTHER = "#009E73"  # Okabe-Ito green: what is neither real nor fake
NEUTRAL = "#444444"
NETWORK_D = "#AA4499"  # Tol's purple: what belongs to the network D (how far it moved)
NETWORK_G = "#117733"  # Tol's dark green: what belongs to the network G

# Once, for every figure: matplotlib looks at this also when lines and titles are added later.
rcParams.update({"font.size": 14, "axes.spines.top": False, "axes.spines.right": False,
                 "axes.titlesize": 15, "axes.labelsize": 14, "legend.frameon": False,
                 "lines.linewidth": 2.5, "lines.markersize": 7})


def new(columns: int = 1, rows: int = 1, width: float = 9, height: float = 3.6):
    """Return (figure, axes) in the course's style; `axes` is one Axes or an array of them.

    `width` and `height` are in inches, for the whole figure.
    """
    checks.counts(columns=columns, rows=rows)
    checks.number("width", width, 0.5, 100.0)
    checks.number("height", height, 0.5, 100.0)
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns)


def show(figure: Figure, alt: str) -> None:
    """Show the figure under the cell. `alt` says in one sentence, with numbers, what it shows."""
    _display(png_of_figure(figure), alt)


def png_of_figure(figure: Figure) -> bytes:
    """Return the figure as the bytes of a PNG file."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=80)
    return file.getvalue()


def png_of_array(array: np.ndarray) -> bytes:
    """Return an array (H, W) or (H, W, 3), uint8, as the bytes of a PNG file."""
    if not isinstance(array, np.ndarray) or array.dtype != np.uint8:
        raise TypeError("array must be a NumPy array of uint8 in [0, 255], but it is "
                        f"{getattr(array, 'dtype', type(array).__name__)}.")
    if not (array.ndim == 2 or array.ndim == 3 and array.shape[2] == 3) or not array.size:
        raise ValueError("array must have the shape (H, W) or (H, W, 3), but it has "
                         f"{array.shape}.")
    file = io.BytesIO()
    Image.fromarray(array).save(file, format="png", compress_level=1)
    return file.getvalue()


def array_of_png(png: bytes) -> np.ndarray:
    """Return the bytes of a PNG file as an array (H, W, 3), uint8."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def tile(x: Tensor, columns: int = 8, scale: int = 3, gap: int = 2,
         frame: str | None = None) -> np.ndarray:
    """Return pictures x (N, C, H, W) side by side as one RGB array (height, width, 3), uint8.

    x is float in [-1, 1] or uint8. Each pixel is drawn as `scale` x `scale`; `frame` is the
    colour between the pictures ("#0072B2", say), white if None.
    """
    at_rest = getattr(x, "dtype", None) == torch.uint8
    (checks.shape if at_rest else checks.samples)("x", x, (None,) * 4)
    checks.one_of("the number of channels of x", x.shape[1], (1, 3))
    checks.counts(columns=columns, scale=scale)
    columns = min(columns, len(x))
    checks.whole_number("gap", gap, low=0)
    pixels = _pixels(x).repeat(scale, axis=1).repeat(scale, axis=2)
    n, height, width, _ = pixels.shape
    rows = math.ceil(n / columns)
    sheet = np.empty((rows * (height + gap) + gap, columns * (width + gap) + gap, 3), np.uint8)
    sheet[:] = _rgb(frame or "#ffffff")
    for i, picture in enumerate(pixels):
        top, left = gap + i // columns * (height + gap), gap + i % columns * (width + gap)
        sheet[top:top + height, left:left + width] = picture
    return sheet


def show_images(x: Tensor, alt: str, columns: int = 8, scale: int = 3,
                frame: str | None = None) -> None:
    """Show pictures x (N, C, H, W), float in [-1, 1] or uint8, side by side (see `tile`)."""
    _display(png_of_array(tile(x, columns, scale, frame=frame)), alt)


def show_array(array: np.ndarray, alt: str) -> None:
    """Show an array (H, W, 3), uint8, such as `tile` returns."""
    _display(png_of_array(array), alt)


def draw_images(axes, x: Tensor, title: str = "", columns: int = 8,
                frame: str | None = None) -> None:
    """Draw pictures x (N, C, H, W) side by side into matplotlib `axes`."""
    axes.imshow(tile(x, columns, scale=1, gap=1, frame=frame), interpolation="nearest")
    axes.set_title(title)
    axes.set_axis_off()


def draw_losses(axes, history) -> None:
    """Draw both losses of a `training.History` step by step, with the level of a blind D."""
    axes.plot(smooth(history.loss_D), color=REAL, label="loss of D")
    axes.plot(smooth(history.loss_G), color=FAKE, linestyle="--", label="loss of G")
    axes.axhline(2 * math.log(2), color=NEUTRAL, linewidth=1, linestyle=":",
                 label="D guesses: 2 log 2")
    axes.set(xlabel="step", ylabel="loss", ylim=(0, 3))
    axes.legend(fontsize=11, loc="upper right")


def draw_judgement(axes, history) -> None:
    """Draw D's mean judgement of real samples and of fakes, step by step."""
    axes.plot(smooth(history.D_real), color=REAL, label="D(x), real")
    axes.plot(smooth(history.D_fake), color=FAKE, linestyle="--", label="D(G(z)), fake")
    axes.axhline(0.5, color=NEUTRAL, linewidth=1, linestyle=":")
    axes.set(xlabel="step", ylabel="probability of real", ylim=(0, 1))
    axes.legend(fontsize=11, loc="upper right")


def draw_points(axes, real: Tensor | None = None, fake: Tensor | None = None,
                limit: float = 2.5) -> None:
    """Draw real and fake points (N, 2) in the plane, on fixed axes from -limit to limit."""
    checks.number("limit", limit, 1e-6)
    for points, colour, marker, name in ((real, REAL, "o", "real"), (fake, FAKE, "x", "fake")):
        if points is not None:
            x, y = checks.samples(f"{name}, the points,", points, (None, 2)).detach().cpu().T
            axes.scatter(x, y, s=14, c=colour, marker=marker, alpha=0.6, linewidths=1.5 *
                         (marker == "x"), label=name)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
    axes.legend(fontsize=11, loc="upper right")


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
    show(figure, alt or _history_in_words(history))


class Live:
    """A picture of the game under the cell, redrawn while it is played: `watch=figures.Live()`.

    Fakes of the fixed noise, both losses, and D's judgement. The last picture stays.
    """

    def __init__(self):
        self._handle = None
        # One figure for all redrawings: a new one each time would pile up some 40 MB in 40 s.
        self._figure, self._axes = new(columns=3, width=13)

    def __call__(self, game) -> None:
        """Redraw for `game` (a `training.Game`)."""
        game.read()
        for axes in self._axes:
            axes.clear()
        left, middle, right = self._axes
        fakes = game.fakes()
        if fakes.dim() == 4:
            draw_images(left, fakes, f"fakes, step {game.steps}", columns=4, frame=FAKE)
        else:
            random = torch.Generator(game.device).manual_seed(0)  # the same points every time
            real = game.samples.batch(300, generator=random)
            noise = torch.randn(300, game.G.z_dim, generator=random, device=game.device)
            draw_points(left, real, game.fakes(noise))
            left.set_title(f"step {game.steps}")
        draw_losses(middle, game.history)
        draw_judgement(right, game.history)
        alt = f"After {game.steps} steps: fakes of the fixed noise. " \
            + _history_in_words(game.history)
        data, metadata = bundle_of_png(png_of_figure(self._figure), alt)
        if self._handle is None:
            self._handle = display(data, metadata=metadata, raw=True, display_id=True)
        else:
            self._handle.update(data, metadata=metadata, raw=True)


def bundle_of_png(png: bytes, alt: str) -> tuple[dict, dict]:
    """Return (data, metadata) of a display message: the PNG, and its alt text for any reader.

    The picture is there twice, since exported HTML keeps an alt text only inside of HTML.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("alt must say in one sentence what the picture shows, but it is "
                         f"{alt!r}.")
    source = base64.b64encode(png).decode()
    picture = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{source}">'
    return (Bundle({"image/png": source, "text/html": picture, "text/plain": alt}),
            {"image/png": {"alt": alt}})


class Bundle(dict):
    """A picture in several forms. `display` prints it in plain Python: there, the alt text."""

    def __repr__(self) -> str:
        return self["text/plain"]


def _display(png: bytes, alt: str) -> None:
    data, metadata = bundle_of_png(png, alt)
    display(data, metadata=metadata, raw=True)


def _history_in_words(history) -> str:
    last = {name: smooth(values)[-1] for name, values in vars(history).items()
            if name != "pictures" and values}
    if not last:
        return "No step was played yet."
    return (f"Loss of D {last['loss_D']:.2f}, loss of G {last['loss_G']:.2f}; D gives real samples "
            f"{last['D_real']:.2f} and fakes {last['D_fake']:.2f} (means of the last 25 steps).")


def _pixels(x: Tensor) -> np.ndarray:
    x = x.detach().cpu()
    if x.dtype != torch.uint8:
        x = ((x.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return x.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).numpy()


def _rgb(colour: str) -> tuple[int, ...]:
    if not re.fullmatch("#[0-9a-fA-F]{6}", str(colour)):
        raise ValueError(f"frame must be a colour such as '#0072B2', but it is {colour!r}.")
    return tuple(bytes.fromhex(colour.removeprefix("#")))
