"""How a recording looks: one side with its fakes, its curves and the turn; a film of it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

from gan_lib import figures
from gan_lib.recording import Recording

WIDTH, LINE, LINES = 620, 28, 5      # pixels of a side; of a line of words, and how many there are
COLUMNS, GAP, FAKE = 8, 4, 64        # of the fakes: a row, between them, a picture
FRAMES, FRAME, COLOURS = 40, 120, 64  # of the film: how many, milliseconds each, colours
INK = tuple(bytes.fromhex(figures.NEUTRAL[1:]))


class Side:
    """One side of the time machine: a recording, drawn quickly at any turn.

    The curves go up to turn `last`, so that two sides compare.
    """

    def __init__(self, recording: Recording, last: int):
        self.recording = recording
        figure, axes = figures.new(width=WIDTH / figures.DPI, height=2.9)
        figures.draw_losses(axes, recording.history)
        axes.set(xlabel="turn", xlim=(0, max(last, 1)))
        self.curves = figures.array_of_png(figures.png_of_figure(figure))
        height = len(self.curves)
        self._at = lambda turn: round(axes.transData.transform((turn, 0))[0])
        bottom, top = axes.transData.transform([(0, 0), (0, 4)])[:, 1]
        self._rows = slice(round(height - top), round(height - bottom))

    def draw(self, turn: int, lines: list[str]) -> np.ndarray:
        """Return the side as it was at `turn`, under at most `LINES` lines: uint8 (H, W, 3)."""
        curves = self.curves.copy()
        at = self._at(min(turn, self.recording.turns))
        curves[self._rows, at - 1:at + 1] = INK
        _, pictures = self.recording.pictures(turn)
        return np.vstack([words(lines, LINES), widened(fakes(pictures)), widened(curves)])


def fakes(pictures: Tensor) -> np.ndarray:
    """Return 16 fakes in their frames, in two rows."""
    return figures.tile(pictures, COLUMNS, FAKE // pictures.shape[-1], GAP, frame=figures.FAKE)


def film(recording: Recording) -> bytes:
    """Return the recording as a moving PNG that plays once, in five seconds.

    The early turns, in which most happens, get more of the time. Where nothing moves, on paper,
    the last fakes are seen.
    """
    moments = recording.history.pictures
    steps = np.linspace(0, 1, FRAMES) ** 2 * (len(moments) - 1)
    frames = []
    for turn, pictures in (moments[round(step)] for step in steps):
        named = np.vstack([words([f"turn {turn:,}"], 1), widened(fakes(pictures))])
        frames.append(Image.fromarray(named))
    # One palette for all frames: a third of the bytes.
    palette = frames[-1].quantize(COLOURS, dither=Image.Dither.NONE)
    plain = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    file = io.BytesIO()
    plain[-1].save(file, "png", save_all=True, append_images=plain, default_image=True,
                   duration=FRAME, loop=1, optimize=True)
    return file.getvalue()


def words(lines: list[str], room: int) -> np.ndarray:
    """Return lines of words on white, with room for so many."""
    strip = Image.new("RGB", (WIDTH, LINE * room + 4), "white")
    for i, line in enumerate(lines[:room]):
        ImageDraw.Draw(strip).text((GAP, LINE * (i + 0.5)), line, figures.NEUTRAL,
                                   figures.font(18), anchor="lm")
    return np.asarray(strip)


def widened(array: np.ndarray) -> np.ndarray:
    """Return an array (H, W, 3) with white at its right, `WIDTH` wide."""
    return np.pad(array, ((0, 0), (0, WIDTH - array.shape[1]), (0, 0)), constant_values=255)
