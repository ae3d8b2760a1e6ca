"""A small up-convolution with its numbers: the input, the kernel, the stamped copies, the sum."""

from __future__ import annotations

import ipywidgets
import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from gan_lib import checks, figures
from gan_lib.widgets.tool import Tool, choice, row, whole_slider

SIZES = (3, 4)
PRESETS = {"All ones": {3: [1, 1, 1], 4: [1, 1, 1, 1]},
           "Corner": {3: [1, 0, 0], 4: [1, 0, 0, 0]},
           "Tent": {3: [1, 2, 1], 4: [1, 3, 3, 1]},
           "Plus and minus": {3: [1, -1, 1], 4: [1, -1, 1, -1]}}
CELL, TITLE = 42, 32  # pixels of the screen for one number, for the words above a table
COLUMN, ROW = 7 * CELL + 14, 7 * CELL + TITLE + 8  # the largest canvas is 7 x 7


class UpConvolution(Tool):
    """How does a small picture become a larger one? Each pixel stamps a copy of the kernel.

    The input is 2 x 2, the kernel 3 x 3 or 4 x 4; all their numbers can be changed, one by one or
    with a preset (each row is the preset times the row's own number). `stamps` is how many of the
    four copies are stamped so far. `output()` is the output, `canvas()` the sum before padding.
    """

    def __init__(self, size: int = 4, stride: int = 2, padding: int = 0, stamps: int = 4):
        checks.one_of("size", size, SIZES)
        self.size = choice("Kernel", [(f"{k} x {k}", k) for k in SIZES], size)
        self.stride = whole_slider("Stride", 1, 3, stride)
        self.padding = whole_slider("Padding", 0, 2, padding)
        self.stamps = whole_slider("Stamps", 0, 4, stamps)
        self.inputs = [_number(value) for value in (1, 2, 3, 4)]
        self.numbers = [_number(1) for _ in range(SIZES[-1] ** 2)]
        self.kernel_box = ipywidgets.VBox()
        presets = [self.button(name, lambda name=name: self.preset(name)) for name in PRESETS]
        sliders = ipywidgets.VBox([self.stride, self.padding, self.stamps, self.size])
        super().__init__([row(sliders, _titled("Input", _rows(self.inputs, 2)),
                              _titled("Kernel", self.kernel_box),
                              _titled("Ready-made kernels", ipywidgets.VBox(presets)))])
        self._fit_kernel_box()
        self.size.observe(self._fit_kernel_box, names="value")
        self.watch(self.size, self.stride, self.padding, self.stamps, *self.inputs, *self.numbers)

    @property
    def x(self) -> Tensor:
        """Return the input: float32 (2, 2)."""
        return _tensor(self.inputs, 2)

    @property
    def kernel(self) -> Tensor:
        """Return the kernel: float32 (k, k)."""
        return _tensor(self.numbers[:self.size.value ** 2], self.size.value)

    def preset(self, name: str) -> None:
        """Fill the kernel with the preset of this name. Raises ValueError for others."""
        checks.one_of("the preset", name, PRESETS)
        row = torch.tensor(PRESETS[name][self.size.value], device="cpu")
        with self.quietly():
            for control, value in zip(self.numbers, torch.outer(row, row).flatten().tolist()):
                control.value = value

    def copies(self) -> Tensor:
        """Return what each input pixel stamps, before padding: float32 (4, height, width)."""
        alone = torch.diag(self.x.flatten()).view(4, 1, 2, 2)  # one pixel each, the others 0
        kernel = self.kernel[None, None]
        stamped = torch.nn.functional.conv_transpose2d(alone, kernel, stride=self.stride.value)
        return stamped.squeeze(1)

    def canvas(self) -> Tensor:
        """Return the sum of the copies stamped so far, before padding: float32 (H, W)."""
        return self.copies()[:self.stamps.value].sum(0)

    def output(self) -> Tensor:
        """Return the canvas without `padding` cells at each border: the output so far.

        Raises ValueError if nothing is left.
        """
        canvas, p = self.canvas(), self.padding.value
        side = len(canvas) - 2 * p
        if side < 1:
            raise ValueError(f"padding {p} cuts {2 * p} cells from a side of {len(canvas)}: "
                             "nothing is left. Choose a smaller padding or a larger stride.")
        return canvas[p:p + side, p:p + side]

    def picture(self) -> np.ndarray:
        """Return the drawing: input, kernel and output above, the four copies below."""
        side, s, p, k = len(self.output()), self.stride.value, self.padding.value, self.size.value
        board = Board(4 * COLUMN, 2 * ROW)
        board.numbers(0, 0, self.x, "input")
        board.numbers(1, 0, self.kernel, "kernel")
        board.numbers(2, 0, self.canvas(), f"output, {side} x {side}", cut=p)
        for n, copy in enumerate(self.copies()[:self.stamps.value]):
            stamp = (n % 2 * s, n // 2 * s, k)
            board.numbers(n, 1, copy, f"{self.inputs[n].value} × kernel", cut=p, stamp=stamp)
        return np.asarray(board.image)

    def alt(self) -> str:
        """Say the sizes and the numbers of the output."""
        output, k = self.output(), self.size.value
        return (f"Input rows {_words(self.x)}; kernel rows {_words(self.kernel)}; "
                f"{self.stamps.value} of 4 copies of the {k} x {k} kernel, stamped with stride "
                f"{self.stride.value}, padding {self.padding.value}: output "
                f"{len(output)} x {len(output)}, rows {_words(output)}.")

    def _fit_kernel_box(self, *_) -> None:
        k = self.size.value
        self.kernel_box.children = _rows(self.numbers[:k * k], k).children


def _number(value: int) -> ipywidgets.BoundedIntText:
    return ipywidgets.BoundedIntText(value=value, min=-9, max=9, layout={"width": "72px"})


def _rows(controls: list, columns: int) -> ipywidgets.VBox:
    return ipywidgets.VBox([ipywidgets.HBox(controls[i:i + columns])
                            for i in range(0, len(controls), columns)])


def _words(values: Tensor) -> str:
    return ", ".join(" ".join(f"{value:g}" for value in line) for line in values.tolist())


def _titled(name: str, box: ipywidgets.Widget) -> ipywidgets.VBox:
    return ipywidgets.VBox([ipywidgets.HTML(f"<b>{name}</b>"), box],
                           layout={"margin": "0 0 0 24px"})


def _tensor(controls: list, columns: int) -> Tensor:
    values = [float(control.value) for control in controls]
    return torch.tensor(values, device="cpu").view(-1, columns)


class Board:
    """A white picture on which tables of numbers are drawn, in columns and two rows."""

    def __init__(self, width: int, height: int):
        self.image = Image.new("RGB", (width, height), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.font = figures.font(18)

    def numbers(self, column: int, row: int, values: Tensor, title: str, cut: int = 0,
                stamp: tuple[int, int, int] | None = None) -> None:
        """Draw a table: grey where padding cuts, empty outside the `stamp` (left, top, side)."""
        left, top, side = column * COLUMN + 4, row * ROW + TITLE, len(values)
        self.draw.text((left, top - TITLE + 4), title, "black", self.font)
        largest = max(1.0, values.abs().max().item())
        first, last = cut, side - cut
        for i, line in enumerate(values.tolist()):
            for j, value in enumerate(line):
                kept = first <= i < last and first <= j < last
                shade = round(255 - 90 * max(0.0, value) / largest) if kept else 255
                x, y = left + j * CELL, top + i * CELL
                self.draw.rectangle((x, y, x + CELL, y + CELL), (shade,) * 3, "#bbbbbb")
                if stamp is None or (0 <= j - stamp[0] < stamp[2] and 0 <= i - stamp[1] < stamp[2]):
                    self.draw.text((x + CELL / 2, y + CELL / 2), f"{value:g}",
                                   "black" if kept else "#777777", self.font, anchor="mm")
        if cut:
            self._frame(left, top, cut, cut, side - 2 * cut, figures.NEUTRAL)
        if stamp:
            self._frame(left, top, *stamp, figures.OTHER)

    def _frame(self, left: int, top: int, column: int, row: int, side: int, colour: str) -> None:
        x, y = left + column * CELL, top + row * CELL
        self.draw.rectangle((x, y, x + side * CELL, y + side * CELL), outline=colour, width=3)
