"""Writes the table of the notebooks into the README: `make times` runs them, then calls this.

Minutes in class come from each notebook's opening, seconds of computing from the run: one notebook
after the other, with nothing beside it. What happens in a notebook is said by hand, in the table
itself: those words are kept.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from gan_lib import device, files
from tools.notebook_files import NOTEBOOKS, ROOT, TIMES_FILE, read, text_cells, title

README = ROOT / "README.md"
BEGIN, END = "<!-- times: written by `make times` -->", "<!-- end of times -->"
HEAD = ("| | notebook | what happens | in class | computing |\n"
        "|---|---|---|---|---|\n")


def minutes(path: Path) -> int:
    """Return the minutes in class that the notebook's opening names."""
    opening = "\n".join(cell.source for cell in text_cells(read(path))[:3])
    return int(re.search(r"\b(\d+) minutes\b", opening).group(1))


def rows(table: str) -> dict[str, list[str]]:
    """Return {file of a notebook: the cells of its row} of a table in Markdown."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in table.splitlines() if line.startswith("|") and "](notebooks/" in line]
    return {re.search(r"\(notebooks/(.*?)\)", row[1]).group(1): row for row in cells}


def table(before: str, seconds: dict[str, float]) -> str:
    """Return the table as Markdown; words, and times not measured anew, come from `before`."""
    known, lines = rows(before), []
    for path in NOTEBOOKS:
        number, _, name = title(read(path)).partition(" · ")
        _, _, words, _, computing = known.get(path.name, ["", "", "", "", "?"])
        if path.name in seconds:
            computing = f"{seconds[path.name]:.0f} s"
        lines.append(f"| {number} | [{name}](notebooks/{path.name}) | {words} "
                     f"| {minutes(path)} min | {computing} |\n")
    hours = f"{sum(map(minutes, NOTEBOOKS)) / 60:.0f} hours in class in all, without breaks.\n"
    return f"{HEAD}{''.join(lines)}\n{hours}{_machine(before, bool(seconds))}\n"


def _machine(before: str, measured: bool) -> str:
    """Say where the times come from: this machine if they were `measured` now."""
    if measured:
        return (f"Computing: *Run All* as `make times` saw it, with {os.cpu_count()} cores of "
                f"{device.processor_name()}, set-up included.")
    return re.search(r"^Computing: .*", before, flags=re.MULTILINE).group(0)


def updated(readme: str, seconds: dict[str, float]) -> str:
    """Return the README's text with a new table between its two markers."""
    start, before, end = re.split(f"({re.escape(BEGIN)}.*?{re.escape(END)})", readme,
                                  flags=re.DOTALL)
    return f"{start}{BEGIN}\n{table(before, seconds)}{END}{end}"


def main() -> None:
    if TIMES_FILE.is_file():
        seconds = json.loads(TIMES_FILE.read_text(encoding="utf-8"))
    else:
        print(f"There is no {TIMES_FILE.name}: run `make times`. Seconds stay as they were.")
        seconds = {}
    text = updated(README.read_text(encoding="utf-8"), seconds)
    files.write_whole(README, text.encode())


if __name__ == "__main__":
    main()
