"""A clock for a talk of 8 to 10 minutes: how long have we talked, and what should be said now?"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from gan_lib import checks, figures, project
from gan_lib.widgets.tool import Tool, named, player

WIDTH, ABOVE, BAR = 980, 56, 44  # pixels: names in two rows, and the bar under them
SECOND = 1000  # milliseconds
PASSED, LEFT, EDGE = "#BBBBBB", "#EEEEEE", "#444444"


class TalkTimer(Tool):
    """Are we in time? Press play when the talk begins.

    The seven headings share the first `least` minutes; after `most` the talk should be over. The
    page counts the seconds, also while the kernel works; the slider sets them.
    """

    def __init__(self, least: int = 8, most: int = 10):
        checks.whole_number("most", most, 1, 120)
        checks.whole_number("least", least, 1, most)
        self.least, self.most = 60 * least, 60 * most
        play, self.seconds = player("Seconds", self.most + 60, SECOND)
        super().__init__([named(play), self.seconds])
        self.watch(self.seconds)

    def heading(self) -> str | None:
        """Return which heading should be spoken about now; None after the last one."""
        place = self.seconds.value * len(project.HEADINGS) // self.least
        return project.HEADINGS[place] if place < len(project.HEADINGS) else None

    def share(self) -> float:
        """Return which share of the longest time has passed."""
        return self.seconds.value / self.most

    def caption(self) -> str:
        """Say the time, and what it is time for."""
        passed = self.seconds.value
        clock = f"{passed // 60}:{passed % 60:02d}"
        if passed >= self.most:
            return f"{clock}. Time is over: one last sentence, and thank you."
        if self.heading() is None:
            left = -(-(self.most - passed) // 60)  # whole minutes, rounded up
            return f"{clock}. Come to an end: {left} minute{'s' * (left > 1)} at most."
        return f"{clock}. Now: {self.heading()}."

    def alt(self) -> str:
        """Say the time, and what it is time for."""
        return (f"A bar of {self.most // 60} minutes with {len(project.HEADINGS)} headings in the "
                f"first {self.least // 60}. {self.caption()}")

    def picture(self) -> np.ndarray:
        """Return the bar: what has passed is darker, the headings stand above it."""
        sheet = Image.new("RGB", (WIDTH, ABOVE + BAR), "white")
        pen, letters, right = ImageDraw.Draw(sheet), figures.font(18), WIDTH - 1
        for colour, width in ((LEFT, right), (PASSED, right * min(self.share(), 1.0))):
            pen.rectangle((0, ABOVE, width, ABOVE + BAR - 1), colour, EDGE, 2)
        marks = [*project.HEADINGS, f"{self.least // 60} to {self.most // 60} min"]
        for number, name in enumerate(marks):
            x = right * number / len(project.HEADINGS) * self.least / self.most
            low = 28 * (1 - number % 2)  # long names have room, one row up or down
            pen.line((x, low + 4, x, ABOVE + BAR - 1), EDGE, 2 if name in project.HEADINGS else 5)
            pen.text((x + 6, low + 14), name, EDGE, letters, anchor="lm")
        return np.asarray(sheet)
