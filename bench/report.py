"""The figures of a run: one number each, printed as a table and written to build/bench.json."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from gan_lib import files


@dataclass(frozen=True)
class Figure:
    """One measured figure. `value` is None if it was not measured; `note` then says why.

    `low` and `high` are the range of the repeated measurements behind a median. `at_least` or
    `at_most` is the goal, if there is one.
    """

    key: str
    value: float | int | str | bool | None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return the goal and whether it was met, or nothing if there is no goal."""
        if self.at_least is not None:
            return self._judged(f">= {self.at_least:g}", lambda: self.value >= self.at_least)
        if self.at_most is not None:
            return self._judged(f"<= {self.at_most:g}", lambda: self.value <= self.at_most)
        return ""

    def _judged(self, goal: str, met) -> str:
        return goal if self.value is None else f"{goal} {'met' if met() else 'NOT MET'}"

    def row(self) -> str:
        """Return the figure as a line of the table."""
        spread = "" if self.low is None else f"({_short(self.low)} to {_short(self.high)})"
        unit = "" if self.value is None else self.unit
        value = f"{_short(self.value)} {unit}".strip()
        return f"  {self.key:<46}{value:>16} {spread:<22}{self.verdict:<18}{self.note}".rstrip()


def median(key: str, values, **more) -> Figure:
    """Return the median of repeated measurements as a figure, with their range."""
    values = list(values)
    return Figure(key, statistics.median(values), low=min(values), high=max(values), **more)


@dataclass
class Report:
    """All figures of a run. Every announced key is in the file, null until it is measured."""

    keys: tuple[str, ...] = ()
    figures: dict[str, Figure] = field(default_factory=dict)

    def announce(self, keys: tuple[str, ...]) -> None:
        """Take in the keys of one more part. Raises ValueError for a key that is there already."""
        twice = sorted(key for key in set(keys) if (*self.keys, *keys).count(key) > 1)
        if twice:
            raise ValueError(f"The figures {', '.join(twice)} are announced twice.")
        self.keys += keys

    def add(self, figure: Figure) -> None:
        """Take a figure in and print it. Raises KeyError for a key that no part announced."""
        if figure.key not in self.keys:
            raise KeyError(f"No part of the bench announces the figure {figure.key!r} in its KEYS.")
        self.figures[figure.key] = figure
        print(figure.row(), flush=True)

    def flat(self) -> dict[str, float | int | str | bool | None]:
        """Return {key: value}, and key_low and key_high where there is a range."""
        found = dict.fromkeys(self.keys)
        for key, figure in self.figures.items():
            found[key] = figure.value
            if figure.low is not None:
                found[f"{key}_low"], found[f"{key}_high"] = figure.low, figure.high
        return found

    def write(self, path: Path) -> None:
        """Write the figures to `path`, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(path, (json.dumps(self.flat(), indent=2) + "\n").encode())


def _short(value) -> str:
    if value is None:
        return "not measured"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
