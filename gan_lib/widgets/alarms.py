"""What is an alarm worth? A thousand pictures, of which few or many are fakes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from gan_lib import checks, figures
from gan_lib.widgets.tool import Tool, slider

PICTURES, COLUMNS = 1000, 50


class Alarms(Tool):
    """How many of the alarms are right? Three sliders, a thousand pictures.

    `right_alarms(hits, false_alarms, fakes)` gives the share of alarms that are right, from the
    share of the fakes that are found, the share of the real pictures that are called fake, and
    the share of all pictures that are fakes; each in [0, 1]. The sliders are in per cent.
    """

    def __init__(self, right_alarms: Callable, hits: float = 0.9, false_alarms: float = 0.1,
                 fakes: float = 0.01):
        self.right_alarms = checks.kind("right_alarms", right_alarms, "a function", "__call__")
        given = {"hits": hits, "false_alarms": false_alarms, "fakes": fakes}
        for name, share in given.items():
            checks.number(name, share, 0.0, 1.0)
        self.hits, self.false_alarms, self.fakes = (
            slider(name, 0, 100, 100 * share, step=0.1) for name, share in
            zip(("Hits, %", "False alarms, %", "Fakes, %"), given.values()))
        super().__init__([self.hits, self.false_alarms, self.fakes])
        self.watch(self.hits, self.false_alarms, self.fakes)

    def counts(self) -> dict[str, int]:
        """Return how many of 1,000 pictures are fakes found, fakes missed, and so on."""
        fakes = round(PICTURES * self.fakes.value / 100)
        found = round(fakes * self.hits.value / 100)
        wrong = round((PICTURES - fakes) * self.false_alarms.value / 100)
        return {"found": found, "missed": fakes - found, "wrong": wrong,
                "calm": PICTURES - fakes - wrong}

    def share(self) -> float | None:
        """Return the share of alarms that are right; None if there is never one."""
        if self.hits.value * self.fakes.value == 0 == (
                self.false_alarms.value * (100 - self.fakes.value)):
            return None
        return float(self.right_alarms(*(control.value / 100 for control in (
            self.hits, self.false_alarms, self.fakes))))

    def picture(self) -> Figure:
        """Draw each picture as a dot, in the colour of what it is; a ring is an alarm."""
        counts = self.counts()
        figure, axes = figures.new(width=11, height=4.6)
        first = 0
        for name, colour, marker, label in (
                ("found", figures.FAKE, "X", "fake, alarm"),
                ("missed", figures.FAKE, "x", "fake"),
                ("wrong", figures.REAL, "o", "real, false alarm"),
                ("calm", figures.REAL, ".", "real")):
            places = np.arange(first, first + counts[name])
            first += counts[name]
            # Alarms are large and have a dark edge; all others are small.
            loud = name in ("found", "wrong")
            look = {"edgecolors": figures.NEUTRAL} if loud else {}
            axes.scatter(places % COLUMNS, places // COLUMNS, marker=marker, c=colour,
                         s=110 if loud else 36, label=f"{label}: {counts[name]}", **look)
        axes.set(xlim=(-1, COLUMNS), ylim=(PICTURES // COLUMNS, -1), xticks=[], yticks=[],
                 title=self.verdict())
        axes.spines[:].set_visible(False)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=4)
        return figure

    def alt(self) -> str:
        """Say the four counts, and how many alarms are right."""
        counts = self.counts()
        return (f"Of {PICTURES:,} pictures, {counts['found']} are fakes with an alarm, "
                f"{counts['missed']} fakes without one, {counts['wrong']} real with a false alarm "
                f"and {counts['calm']} real without one. {self.verdict()}")

    def verdict(self) -> str:
        """Say which share of the alarms is right."""
        share = self.share()
        if share is None:
            return "There is never an alarm."
        return f"{share:.0%} of the alarms are right."
