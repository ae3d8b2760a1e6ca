"""From which D(x) on is a card called real? A slider, a histogram, and the table of counts."""

from __future__ import annotations

from collections.abc import Callable

import torch
from matplotlib.figure import Figure

from gan_lib import checks, figures
from gan_lib.widgets.tool import Tool, slider


class Threshold(Tool):
    """Where should D draw the line? A slider moves the threshold, the table of counts follows.

    `probability` (N,) is D(x), `y` (N,) is 1 for real and 0 for fake, and
    `confusion(probability, y, threshold)` gives the counts (2, 2).
    """

    def __init__(self, probability: torch.Tensor, y: torch.Tensor, confusion: Callable):
        self.probability = checks.shape("probability", probability, (None,))
        self.y = checks.shape("y", y, (len(probability),))
        self.confusion = confusion
        self.threshold = slider("Threshold", 0, 1, 0.5)
        super().__init__([self.threshold])
        self.watch(self.threshold)

    def counts(self) -> torch.Tensor:
        """Return the table at the slider's threshold: rows truly real, fake; columns said so."""
        counts = self.confusion(self.probability, self.y, self.threshold.value)
        return torch.as_tensor(counts, dtype=torch.int64)

    def picture(self) -> Figure:
        """Draw the histogram with the threshold as a line, and the table beside it."""
        figure, (left, right) = figures.new(columns=2, width=11)
        draw_histogram(left, self.probability, self.y)
        left.axvline(self.threshold.value, color=figures.NEUTRAL, linestyle="--")
        draw_confusion(right, self.counts(), f"threshold {self.threshold.value:.2f}")
        return figure

    def alt(self) -> str:
        """Say the threshold and the four counts."""
        (real_real, real_fake), (fake_real, fake_fake) = self.counts().tolist()
        return (f"With the threshold {self.threshold.value:.2f}, D calls {real_real} real cards "
                f"real and {real_fake} fake, and {fake_real} fakes real and {fake_fake} fake.")


def draw_histogram(axes, probability: torch.Tensor, y: torch.Tensor, title: str = "") -> None:
    """Draw how often D(x) takes which value, for real cards (filled) and fakes (outlined)."""
    real, fake = (probability[y == label].cpu().numpy() for label in (1, 0))
    axes.hist(real, bins=20, range=(0, 1), color=figures.REAL, alpha=0.6, label="real")
    axes.hist(fake, bins=20, range=(0, 1), histtype="step", linewidth=2.5, hatch="//",
              color=figures.FAKE, label="fake")
    axes.set(xlabel="D(x)", ylabel="number of cards", xlim=(0, 1), title=title)
    axes.set_ylim(top=1.4 * axes.get_ylim()[1])  # room for the legend
    axes.legend(loc="upper center", ncols=2)


def draw_confusion(axes, counts: torch.Tensor, title: str = "") -> None:
    """Draw a table of counts (2, 2): rows truly real, truly fake; columns said real, said fake."""
    counts = torch.as_tensor(counts, device="cpu")
    # Twice the largest row: the greys stay light enough for black numbers.
    largest = int(counts.sum(1).max())
    axes.imshow(counts.numpy(), cmap="Greys", vmin=0, vmax=2 * largest, aspect="auto")
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        axes.text(column, row, int(counts[row, column]), ha="center", va="center", fontsize=20)
    axes.set_xticks([0, 1], ["D says real", "D says fake"])
    axes.set_yticks([0, 1], ["truly real", "truly fake"])
    axes.set_title(title)
