"""What the tools share in which D and G move: who moved last, and how far, as two bars."""

from __future__ import annotations

from torch import Tensor

from gan_lib import figures
from gan_lib.widgets.tool import Tool

WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # behind a number on a bar


class TwoPlayers(Tool):
    """A tool in which D and G move. `last` names the last move, `moved_D` and `moved_G` are its
    |ΔD| and |ΔG|. A subclass says in `weights` where both are.
    """

    last, moved_D, moved_G = "no move yet", 0.0, 0.0

    def weights(self) -> tuple[Tensor, Tensor]:
        """Return copies of all numbers of D and of all numbers of G: two vectors."""
        raise NotImplementedError

    def move(self, name: str, action) -> None:
        """Do `action`, measure what it changed, show it; an error is shown as a message."""
        with self.busy:
            try:
                before = self.weights()
                action()
            except Exception as error:  # a callback has no cell of its own
                return self.say(f"{type(error).__name__}: {error}")
            self.moved_D, self.moved_G = ((after - start).norm().item()
                                          for after, start in zip(self.weights(), before))
            self.last = name
            self.moved()
        self.refresh()

    def moved(self) -> None:
        """Do what follows a move, before it is drawn."""

    def forget(self) -> None:
        """Be as before the first move."""
        self.last, self.moved_D, self.moved_G = "no move yet", 0.0, 0.0

    def last_move(self) -> str:
        """Return the end of a sentence: the last move, |ΔD| and |ΔG|."""
        return f"last move: {self.last}, |ΔD| = {self.moved_D:.3f}, |ΔG| = {self.moved_G:.3f}"


class Bars:
    """Two bars in matplotlib `axes`: |ΔD| and |ΔG|, each with its number, not above `top`."""

    def __init__(self, axes, top: float):
        self.axes, self.top = axes, top
        self.bars = axes.bar(["|ΔD|", "|ΔG|"], [0, 0], width=0.6, hatch=["", "//"],
                             color=[figures.NETWORK_D, figures.NETWORK_G])
        self.numbers = [axes.annotate("", (x, 0), xytext=(0, 5), textcoords="offset points",
                                      ha="center", bbox=WHITE) for x in (0, 1)]
        axes.set_ylabel("how far it moved")

    def draw(self, tool: TwoPlayers) -> None:
        """Draw how far both players of `tool` just moved."""
        for bar, number, moved in zip(self.bars, self.numbers, (tool.moved_D, tool.moved_G)):
            bar.set_height(moved)
            number.set_text("0 exactly" if moved == 0 else f"{moved:.3f}")
            number.xy = (number.xy[0], min(moved, self.top))
        self.axes.title.set_text(f"last move:\n{tool.last}")
