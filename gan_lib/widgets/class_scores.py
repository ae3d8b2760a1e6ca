"""The scores of a class, before and after, beside those of coins."""

from __future__ import annotations

import statistics

import ipywidgets
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gan_lib import checks, detecting, figures
from gan_lib.widgets.tool import LABEL, SLIDER, Tool

# Round by round: the look of its bars, and where they stand beside the middle of their place.
LOOKS = {"before": ({"color": "#BBBBBB", "edgecolor": figures.NEUTRAL, "hatch": "//"}, -0.2),
         "after": ({"color": figures.OTHER, "edgecolor": figures.NEUTRAL}, 0.2)}


class ClassScores(Tool):
    """Has the class got better, and is it better than coins? Type everybody's scores.

    A score is how many of `cards` cards somebody got right. `scores` holds those of each round,
    "before" and "after". What is no score is said in a sentence, and that round keeps its last
    good ones.
    """

    def __init__(self, cards: int = 20, before: str = "", after: str = ""):
        self.cards = checks.whole_number("cards", cards)
        self.scores = {"before": detecting.typed_scores(before, cards),
                       "after": detecting.typed_scores(after, cards)}
        self.wrong = ""
        self.before, self.after = (
            ipywidgets.Text(value=text, description=name, placeholder="12, 15, 9",
                            layout={"width": SLIDER}, style={"description_width": LABEL})
            for name, text in (("Before", before), ("After", after)))
        super().__init__([self.before, self.after])
        self.watch(self.before, self.after)

    def update(self) -> None:
        """Read the scores that were typed, or keep the last good ones and say what is wrong."""
        wrong = []
        for name, field in (("before", self.before), ("after", self.after)):
            try:
                self.scores[name] = detecting.typed_scores(field.value, self.cards)
            except ValueError as problem:
                wrong.append(f"{name.capitalize()}: {problem}")
        self.wrong = " ".join(wrong)

    def picture(self) -> Figure:
        """Draw how many got each score, and how many coins of as many would."""
        figure, axes = figures.new(width=11, height=4.6)
        for name, (look, aside) in LOOKS.items():
            counts = [self.scores[name].count(right) for right in range(self.cards + 1)]
            axes.bar([right + aside for right in range(self.cards + 1)], counts, width=0.4,
                     label=f"{name}: {len(self.scores[name])} scores", **look)
        people = max(1, *map(len, self.scores.values()))
        axes.plot([people * share for share in detecting.coin(self.cards)], color=figures.NEUTRAL,
                  linestyle="--", marker="o", markersize=5, label=f"{people} coins, on average")
        axes.set(xlabel=f"right of {self.cards}", ylabel="how many got it",
                 xlim=(-0.6, self.cards + 0.6))
        for axis in (axes.xaxis, axes.yaxis):  # people and cards come whole
            axis.set_major_locator(MaxNLocator("auto", integer=True))
        axes.set_ylim(top=1.25 * axes.get_ylim()[1])  # room for the legend
        axes.legend(loc="upper left", ncols=3)
        return figure

    def caption(self) -> str:
        """Say what is no score, or the medians."""
        return self.wrong or self._medians()

    def alt(self) -> str:
        """Say all scores and their medians."""
        said = "; ".join(f"{name}: {', '.join(map(str, sorted(scores))) or 'no scores yet'}"
                         for name, scores in self.scores.items())
        return (f"Histograms of the scores, right of {self.cards}, beside that of coins. {said}. "
                f"{self._medians()}")

    def _medians(self) -> str:
        medians = [f"{name} {statistics.median(scores):g}"
                   for name, scores in self.scores.items() if scores]
        return f"Medians: {', '.join([*medians, f'a coin {self.cards / 2:g}'])} of {self.cards}."
