"""How the training room looks: drawn quickly, for it is drawn while the game plays."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

from gan_lib import figures
from gan_lib.widgets.arena_view import FROZEN
from gan_lib.widgets.tool import lay_out_once

WIDTH, HEIGHT = 1248, 330            # pixels: of the picture; of its lower half
COLUMNS, FAKE, GAP, UNDER = 8, 128, 8, 28  # of the fakes; the last one is the room for a number
LINE, BAR, NAMED = 27, 22, 150       # a line of words; a bar of the meter, the room for its name
COLOURS = {"D": figures.NETWORK_D, "G": figures.NETWORK_G}
METER = (("classes", "fakes", "classes", figures.FAKE),
         ("classes", "real", "classes of real", figures.REAL),
         ("apart", "fakes", "apart", figures.FAKE),
         ("apart", "real", "apart of real", figures.REAL))


class RoomView:
    """Draws the training room; the figure with the losses is kept."""

    def __init__(self):
        self.figure, self.axes = figures.new(width=WIDTH / 2 / figures.DPI,
                                             height=HEIGHT / figures.DPI)
        self.curves = {name: self.axes.plot([], [], color=COLOURS[name], linestyle=line,
                                            label=f"loss of {name}")[0]
                       for name, line in (("D", "-"), ("G", "--"))}
        self.axes.axhline(2 * math.log(2), color=figures.NEUTRAL, linewidth=1, linestyle=":",
                          label="D guesses: 2 log 2")
        self.axes.set(xlabel="turn", ylabel="loss", xlim=(0, 10_000), ylim=(0, 4))
        self.axes.legend(loc="upper right")
        lay_out_once(self.figure)

    def draw(self, fakes: Tensor, scores: list[float], history, frozen: str, lines: list[str],
             numbers: dict[str, float]) -> np.ndarray:
        """Return the picture: uint8 (H, WIDTH, 3). The `frozen` network ("D", "G", "") is grey."""
        beside = np.vstack([_words(lines), _meter(numbers)])
        return np.vstack([_scored(fakes, scores), np.hstack([self._losses(history, frozen),
                                                             _fitted(beside)])])

    def _losses(self, history, frozen: str) -> np.ndarray:
        for name, values in (("D", history.loss_D), ("G", history.loss_G)):
            self.curves[name].set_data(range(1, len(values) + 1), figures.smooth(values))
            self.curves[name].set_color(FROZEN if frozen == name else COLOURS[name])
        self.axes.set_xlim(0, max(100, len(history)))
        self.figure.canvas.draw()
        return np.asarray(self.figure.canvas.buffer_rgba())[..., :3]


def _scored(fakes: Tensor, scores: list[float]) -> np.ndarray:
    """Return two rows of fakes in their frames, D(x) under each."""
    sheet = figures.tile(fakes, COLUMNS, FAKE // fakes.shape[-1], GAP, frame=figures.FAKE)
    rows, width = np.split(sheet, 2), sheet.shape[1] / COLUMNS
    drawn = []
    for row, own in zip(rows, (scores[:COLUMNS], scores[COLUMNS:])):
        strip, pen = _strip(sheet.shape[1], UNDER)
        for i, score in enumerate(own):
            words = f"D(x) = {score:.2f}" if i == 0 else f"{score:.2f}"
            pen.text((width * (i + 0.5), UNDER / 2), words, figures.NEUTRAL, figures.font(18),
                     anchor="mm")
        drawn += [row, np.asarray(strip)]
    both = np.vstack(drawn)
    return np.pad(both, ((0, 0), (0, WIDTH - both.shape[1]), (0, 0)), constant_values=255)


def _words(lines: list[str]) -> np.ndarray:
    strip, pen = _strip(WIDTH // 2, LINE * len(lines))
    for i, line in enumerate(lines):
        pen.text((20, LINE * (i + 0.5)), line, figures.NEUTRAL, figures.font(18), anchor="lm")
    return np.asarray(strip)


def _meter(numbers: dict[str, float]) -> np.ndarray:
    """Return the collapse meter: a bar of the fakes over one of real pictures, twice."""
    strip, pen = _strip(WIDTH // 2, LINE + len(METER) * (BAR + 4))
    pen.text((20, LINE / 2), "collapse meter", figures.NEUTRAL, figures.font(18), anchor="lm")
    longest = WIDTH // 2 - NAMED - 40
    for i, (what, whose, name, colour) in enumerate(METER):
        top = LINE + i * (BAR + 4)
        share = numbers[name] / (numbers["of"] if what == "classes" else 1)
        pen.text((20, top + BAR / 2), f"{what}, {whose}", figures.NEUTRAL, figures.font(18),
                 anchor="lm")
        pen.rectangle((NAMED + 20, top, NAMED + 20 + longest, top + BAR), outline="#999999")
        pen.rectangle((NAMED + 20, top, NAMED + 20 + round(longest * min(share, 1)), top + BAR),
                      fill=colour)
    return np.asarray(strip)


def _fitted(array: np.ndarray) -> np.ndarray:
    """Return an array with white below it, as high as the lower half."""
    return np.pad(array, ((0, HEIGHT - len(array)), (0, 0), (0, 0)), constant_values=255)


def _strip(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    strip = Image.new("RGB", (width, height), "white")
    return strip, ImageDraw.Draw(strip)
