"""Counts how long a lesson takes: words to say and to read, lines of code, seconds of computing.

`make times` writes these clocks into the teacher's guide, notebooks/README.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from slides import build, making, reading
from tools.notebook_files import NOTEBOOKS, code_lines, read, tags

ALOUD = 183  # words a minute, read aloud (Brysbaert, 2019: mean of 77 studies)
CODE = 500 / 60  # lines a minute; faster, a reader looks at nothing (Cohen, 2006: 2,500 reviews)
SECTION = re.compile(r"^## (?:\d+\. )?(.+?)(?: \((\d+) minutes[^()]*\))?$", flags=re.MULTILINE)
FOLDED = re.compile(r"<details>.*?</details>", flags=re.DOTALL)


@dataclass
class Work:
    """What cells ask of a class: words, lines of code, seconds of computing."""

    words: int = 0
    lines: int = 0
    seconds: float = 0.0

    @property
    def minutes(self) -> float:
        """How long it takes to read all of it aloud and to run it, with nothing else."""
        return self.words / ALOUD + self.lines / CODE + self.seconds / 60


def work(cells, seconds: dict[str, float]) -> Work:
    """Return the work in `cells`; `seconds` is {id of a cell: how long it runs}."""
    total = Work()
    for cell in cells:
        if cell.cell_type == "code":
            total.lines += len(code_lines(cell.source))
            total.seconds += seconds.get(cell.id, 0.0)
        elif "solution" not in tags(cell):
            total.words += len(re.findall(r"\w+", FOLDED.sub("", cell.source)))
    return total


def in_class(nb) -> list:
    """Return the cells of the lesson: all but those under "At home"."""
    cells, home = [], False
    for cell in nb.cells:
        heading = SECTION.match(cell.source) if cell.cell_type == "markdown" else None
        home = heading[1].startswith("At home") if heading else home
        if not home:
            cells.append(cell)
    return cells


def lesson_table(minutes, seconds: dict[str, dict[str, float]]) -> str:
    """Return a row for each notebook: what fills its minutes, and what is left for the class.

    `minutes` gives those that a notebook's opening names; `seconds` is {file: {cell: seconds}}.
    """
    lines = ["| | in class | words | lines of code | runs | reading all and running it "
             "| left for predicting, exercises, talk |", "|---|---|---|---|---|---|---|"]
    for path in NOTEBOOKS:
        done, named = work(in_class(read(path)), seconds.get(path.name, {})), minutes(path)
        lines.append(f"| {path.name[:2]} | {named} min | {done.words:,} | {done.lines} "
                     f"| {done.seconds:.0f} s | {done.minutes:.0f} min "
                     f"| {named - done.minutes:.0f} min |")
    return "\n".join(lines)


def hour_table(seconds: dict[str, dict[str, float]]) -> str:
    """Return the clock of the lecture's hour: slides on the path, and the cells they open."""
    lines = ["| from minute | slides | minutes | to say | notebook: section (cells on the path, "
             "their runs) |", "|---|---|---|---|---|"]
    path = [slide for slide in build.read(build.LECTURE, claim=making.known_claim)
            if slide.notes.path]
    start, opened = 0.0, set()
    for _, group in groupby(path, key=lambda slide: _notebook(slide)):
        slides = list(group)
        here = [place for slide in slides for place in slide.notes.open if place not in opened]
        opened.update(here)
        minutes = sum(slide.notes.minutes for slide in slides)
        words = sum(len(re.findall(r"\w+", reading.plain(part)))
                    for slide in slides for part in slide.notes.words)
        lines.append(f"| {start:g} | {'; '.join(reading.plain(slide.title) for slide in slides)} "
                     f"| {minutes:g} | {words} words, {words / ALOUD:.1f} min "
                     f"| {'; '.join(_cells(place, seconds) for place in dict.fromkeys(here))} |")
        start += minutes
    return "\n".join(lines)


def _notebook(slide) -> str:
    return slide.notes.open[0][:len("notebook 04")] if slide.notes.open else ""


def _cells(place: str, seconds: dict[str, dict[str, float]]) -> str:
    """Return "04: Freeze G, move D (3 cells, 2 s)" for "notebook 04, section 2: Freeze ..."."""
    number, _, name = place.removeprefix("notebook ").partition(", ")
    name = re.sub(r"^section \d+: ", "", name)
    path = next(path for path in NOTEBOOKS if path.name.startswith(number))
    found, here = [], False
    for cell in read(path).cells:
        heading = SECTION.match(cell.source) if cell.cell_type == "markdown" else None
        here = heading[1] == name if heading else here
        if here and cell.cell_type == "code" and "path" in tags(cell):
            found.append(cell)
    runs = sum(seconds.get(path.name, {}).get(cell.id, 0) for cell in found)
    cells = "1 cell" if len(found) == 1 else f"{len(found)} cells"
    return f"{number}: {name} ({cells}, {runs:.0f} s)"
