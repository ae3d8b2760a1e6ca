"""What the live slides without a network show at their start."""

from __future__ import annotations

import base64

import numpy as np
import torch

from gan_lib import figures, losses
from gan_lib.up_convolution import up_convolve
from gan_lib.widgets.saddle import Saddle
from gan_lib.widgets.three_numbers import ThreeNumbers
from slides.figures import Drawing
from slides.live import simple

P = 0.7  # at which the BCE slide begins


def live_cards() -> Drawing:
    """Return the first six cards; what they are stays open."""
    cards = simple.cards()
    n, side = cards["cards"], cards["size"]
    pixels = np.frombuffer(base64.b64decode(cards["pixels"]), np.uint8).reshape(-1, side, side)
    figure, axes = figures.new(columns=n, width=12, height=2.7)
    for number, (place, picture) in enumerate(zip(axes, pixels), 1):
        place.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        place.set(title=f"card {number}", xticks=[], yticks=[], xlabel="real or fake?")
    return Drawing(figure, f"{n} pictures of digits, {side} x {side} pixels each: real ones and "
                           "fakes of G, mixed by a coin.")


def live_bce() -> Drawing:
    """Return both curves of the loss, and a point at p on each."""
    figure, axes = figures.new(width=11, height=5)
    grid = torch.linspace(0.005, 0.995, 199, dtype=torch.float64)
    found = {}
    for y, words, line, mark in ((1, "label real: −log p", "-", "o"),
                                 (0, "label fake: −log(1 − p)", "--", "s")):
        found[y] = losses.bce_from_probability(torch.tensor(P), y).item()
        axes.plot(grid, losses.bce_from_probability(grid, y), line, color=figures.NETWORK_D)
        axes.plot([P], [found[y]], mark, color=figures.NETWORK_D, markersize=12,
                  label=f"{words} = {found[y]:.2f}")
    axes.set(xlim=(0, 1), ylim=(0, 5), ylabel="loss", xlabel='p = D(x), the probability of "real"',
             title=f"p = {P:.2f}")
    axes.legend(loc="upper center")
    return Drawing(figure, f"At p = {P:.2f} the loss is {found[1]:.2f} if the label says real, and "
                           f"{found[0]:.2f} if it says fake.")


def live_three_numbers() -> Drawing:
    """Return the tool of notebook 01 before the first move."""
    tool = ThreeNumbers()
    return Drawing(tool.picture(), tool.alt())


def live_up_convolution() -> Drawing:
    """Return the first of four stamps: input, kernel, copy, output."""
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    kernel = torch.outer(torch.tensor([1.0, 2.0, 1.0]), torch.tensor([1.0, 2.0, 1.0]))
    output = up_convolve(x * torch.tensor([[1, 0], [0, 0]]), kernel, stride=2)
    figure, axes = figures.new(columns=4, width=12, height=4)
    for place, table in zip(axes, (("input", x, 1), ("kernel", kernel, 0),
                                   ("stamp 1: 1 × kernel", output, 3, True),
                                   ("output, 5 × 5", output, 3))):
        draw_numbers(place, *table)
    rows = ", ".join(" ".join(f"{value:g}" for value in line) for line in output.tolist())
    return Drawing(figure, "The first number of a 2 x 2 input, 1, stamps a 3 x 3 kernel into the "
                           f"left upper corner of the output. Rows of the output: {rows}.")


def draw_numbers(axes, title: str, values: torch.Tensor, stamp: int, only: bool = False) -> None:
    """Draw a table of numbers, with a frame round the first `stamp` rows and columns.

    With `only`, the cells outside the frame stay empty.
    """
    side = len(values)
    axes.imshow(values.numpy(), cmap="Greys", vmin=0, vmax=2.5 * values.max().item(),
                extent=(0, side, side, 0))
    for row, line in enumerate(values.tolist()):
        for column, value in enumerate(line):
            if not only or max(row, column) < stamp:
                axes.text(column + 0.5, row + 0.5, f"{value:g}", ha="center", va="center")
    axes.hlines(range(side + 1), 0, side, "#bbbbbb", linewidth=1)
    axes.vlines(range(side + 1), 0, side, "#bbbbbb", linewidth=1)
    axes.plot([0, stamp, stamp, 0, 0], [0, 0, stamp, stamp, 0], color=figures.OTHER, clip_on=False)
    axes.set(title=title, xticks=[], yticks=[], xlim=(0, 5), ylim=(5, 0), aspect="equal")
    axes.spines[:].set_visible(False)


def live_saddle() -> Drawing:
    """Return the tool of notebook 07 before the first step."""
    tool = Saddle()
    return Drawing(tool.picture(), tool.alt())


FIGURES = {make.__name__: make for make in (live_cards, live_bce, live_three_numbers,
                                            live_up_convolution, live_saddle)}
