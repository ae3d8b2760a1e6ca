"""The smallest game with a saddle: one number for D, one for G, and the path they take."""

from __future__ import annotations

import math

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from gan_lib import figures
from gan_lib.failures import TURNS, TwoNumberGame, average
from gan_lib.widgets.tool import BUTTON, Tool, lay_out_once, named, player, row, slider

STEPS = 200
LIMIT = 3.0  # of both axes


class Saddle(Tool):
    """Do the players reach the saddle, circle round it, or fly away?

    `rate` and `penalty` are sliders, `turns` is "simultaneous" or "alternating"; `steps` (with a
    `play` button) says how far the path is drawn. `step()`, `forward(steps)` and `reset()` are the
    buttons. `path()` and `average()` are what is drawn.
    """

    def __init__(self):
        self.rate = slider("Step length", 0.02, 0.6, 0.2, step=0.02)
        self.penalty = slider("Penalty", 0.0, 1.0, 0.0, step=0.05)
        self.turns = ipywidgets.ToggleButtons(
            options=[(turns.capitalize(), turns) for turns in TURNS], value="simultaneous",
            style={"button_width": BUTTON})
        self.play, self.steps = player("Steps", STEPS, milliseconds=100)
        buttons = [self.button("Step", self.step),
                   self.button("Step ×20", lambda: self.forward(20)),
                   self.button("Reset", self.reset)]
        super().__init__([self.turns, self.rate, self.penalty, self.steps,
                          row(*buttons, named(self.play))])
        self._prepare()
        self.watch(self.rate, self.penalty, self.turns, self.steps)

    def step(self) -> None:
        """Draw one step more."""
        self.forward(1)

    def forward(self, steps: int) -> None:
        """Draw `steps` steps more, at most 200 in all."""
        self.steps.value = min(self.steps.value + steps, STEPS)

    def reset(self) -> None:
        """Go back to the start."""
        self.steps.value = 0

    def path(self) -> list[tuple[float, float]]:
        """Return (d, g) at the start and after each step that is shown."""
        game = TwoNumberGame(self.rate.value, self.turns.value, self.penalty.value)
        return game.path(self.steps.value)

    def average(self) -> tuple[float, float]:
        """Return the mean of all places of the path that is shown."""
        return average(self.path())

    def picture(self) -> Figure:
        """Return the figure: the path over the contours of f; its distance from the saddle."""
        path, mean = self.path(), self.average()
        self._path.set_data(*zip(*path))
        self._now.set_data(*zip(path[-1]))
        self._mean.set_data(*zip(mean))
        self._distance.set_data(range(len(path)), [math.hypot(*place) for place in path])
        self._left.title.set_text(f"d = {path[-1][0]:.3g},  g = {path[-1][1]:.3g}")
        self._right.title.set_text(f"now {math.hypot(*path[-1]):.4g} from the saddle,\n"
                                   f"mean of the path {math.hypot(*mean):.4g}")
        return self.figure

    def alt(self) -> str:
        """Return one sentence with the settings, the last place and the mean of the path."""
        place, mean = self.path()[-1], self.average()
        return (f"After {self.steps.value} {self.turns.value} steps of length "
                f"{self.rate.value:.2f} with penalty {self.penalty.value:.2f}: d = {place[0]:.3g}, "
                f"g = {place[1]:.3g}, {math.hypot(*place):.4g} from the saddle; the mean of the "
                f"path is {math.hypot(*mean):.4g} from it.")

    def _prepare(self) -> None:
        self.figure, (self._left, self._right) = figures.new(columns=2, width=12, height=5.2)
        draw_saddle(self._left)
        self._path, = self._left.plot([], [], color=figures.NEUTRAL, linewidth=1.2, marker=".",
                                      label="path")
        self._now, = self._left.plot([], [], "o", color=figures.NEUTRAL, markersize=12,
                                     label="now")
        self._mean, = self._left.plot([], [], "D", color=figures.OTHER, markersize=10,
                                      label="mean of the path")
        self._distance, = self._right.plot([], [], color=figures.NEUTRAL)
        self._right.set(xlabel="step", ylabel="distance from the saddle", xlim=(0, STEPS),
                        ylim=(0, 4))
        self.figure.legend(*self._left.get_legend_handles_labels(), ncols=4,
                           loc="outside upper center")
        self.picture()
        lay_out_once(self.figure)


def draw_saddle(axes) -> None:
    """Draw the contours of f(d, g) = d g, and the saddle at (0, 0), into matplotlib `axes`."""
    across = np.linspace(-LIMIT, LIMIT, 61)
    contours = axes.contour(across, across, np.outer(across, across),
                            levels=range(-8, 9, 2), linewidths=1, colors="#999999")
    axes.clabel(contours, fontsize=14)
    axes.plot([0], [0], "+", color=figures.NEUTRAL, markersize=16, label="saddle")
    axes.set(xlabel="d, D's number (goes down)", ylabel="g, G's number (goes up)", aspect="equal",
             xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT))
