"""Writes the notebooks' times into the README, and the clocks into the teacher's guide.

`make times` runs one notebook after the other with nothing beside it, remembers the seconds of each
cell in tools/notebook_times.json, and calls this. Minutes in class come from each notebook's
opening. What happens in a notebook is said by hand, in the README's table: those words are kept.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from gan_lib import device, files
from tools import clock
from tools.notebook_files import NOTEBOOKS, ROOT, TIMES_FILE, read, text_cells, title

README, GUIDE = ROOT / "README.md", ROOT / "notebooks" / "README.md"
BEGIN, END = "<!-- times: written by `make times` -->", "<!-- end of times -->"
HOUR = "<!-- the hour: written by `make times` -->", "<!-- end of the hour -->"
LESSONS = "<!-- lessons: written by `make times` -->", "<!-- end of lessons -->"
HEAD = ("| | notebook | what happens | in class | computing |\n"
        "|---|---|---|---|---|\n")


def remembered() -> dict:
    """Return {"machine": in words, "seconds": {file: {id of a cell: seconds}}} of `make times`."""
    return json.loads(TIMES_FILE.read_text(encoding="utf-8"))


def remember(seconds: dict[str, dict[str, float]]) -> None:
    """Keep the seconds of notebooks that were run; those of others stay as they were."""
    known = remembered()["seconds"]
    known.update({name: {cell: round(time, 1) for cell, time in cells.items()}
                  for name, cells in seconds.items()})
    machine = f"{os.cpu_count()} cores of {device.processor_name()}"
    text = json.dumps({"machine": machine, "seconds": known}, indent=1, sort_keys=True)
    files.write_whole(TIMES_FILE, f"{text}\n".encode())


def minutes(path: Path) -> int:
    """Return the minutes in class that the notebook's opening names."""
    opening = "\n".join(cell.source for cell in text_cells(read(path))[:3])
    return int(re.search(r"\b(\d+) minutes\b", opening).group(1))


def rows(table: str) -> dict[str, list[str]]:
    """Return {file of a notebook: the cells of its row} of a table in Markdown."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in table.splitlines() if line.startswith("|") and "](notebooks/" in line]
    return {re.search(r"\(notebooks/(.*?)\)", row[1]).group(1): row for row in cells}


def table(before: str, times: dict) -> str:
    """Return the table as Markdown; its words come from `before`, `times` from `remembered`."""
    known, lines = rows(before), []
    for path in NOTEBOOKS:
        number, _, name = title(read(path)).partition(" · ")
        words = known.get(path.name, ["", "", ""])[2]
        runs = sum(times["seconds"].get(path.name, {}).values())
        lines.append(f"| {number} | [{name}](notebooks/{path.name}) | {words} "
                     f"| {minutes(path)} min | {f'{runs:.0f} s' if runs else '?'} |\n")
    hours = f"{sum(map(minutes, NOTEBOOKS)) / 60:.0f} hours in class in all, without breaks.\n"
    return (f"{HEAD}{''.join(lines)}\n{hours}Computing: *Run All* as `make times` saw it, with "
            f"{times['machine']}, set-up included.\n")


def between(text: str, marks: tuple[str, str], put) -> str:
    """Return `text` with put(what stood there) between two marks."""
    start, before, end = re.split(f"({re.escape(marks[0])}.*?{re.escape(marks[1])})", text,
                                  flags=re.DOTALL)
    return f"{start}{marks[0]}\n{put(before)}{marks[1]}{end}"


def updated(readme: str, times: dict) -> str:
    """Return the README's text with a new table."""
    return between(readme, (BEGIN, END), lambda before: table(before, times))


def updated_guide(guide: str, times: dict) -> str:
    """Return the guide's text with new clocks."""
    guide = between(guide, HOUR, lambda _: clock.hour_table(times["seconds"]) + "\n")
    return between(guide, LESSONS,
                   lambda _: clock.lesson_table(minutes, times["seconds"]) + "\n")


def main() -> None:
    for path, write in ((README, updated), (GUIDE, updated_guide)):
        text = write(path.read_text(encoding="utf-8"), remembered())
        files.write_whole(path, text.encode())


if __name__ == "__main__":
    main()
