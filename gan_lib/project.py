"""A group's project: its headings, and what its notebook still lacks before it is presented."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

HEADINGS = ("Goal", "Data set", "Model", "Training", "Inference", "Going forward", "Learning")
WITH_PICTURE = ("Data set", "Training", "Inference")
EXAMPLE = "Example"       # an example's text begins so, in bold or italics, until it is replaced
FEWEST_WORDS = 15
LARGEST = 50_000_000      # bytes of a notebook's file
GROUP = re.compile(r"^\*\*Group:\*\*(.*)$", re.MULTILINE)
NOT_YET = ("", "your names")  # what stands behind it before somebody writes there
MARK = re.compile(rf"[*_]{{1,2}}{EXAMPLE}[.:]?[*_]{{1,2}}")


@dataclass
class Section:
    """What stands under one heading, without the cells that no slide shows."""

    words: str = ""
    pictures: int = 0
    errors: int = 0


def checklist(path: str | Path) -> None:
    """Print, heading by heading, what the notebook at `path` still lacks.

    It reads the file as it was saved last. A file that is none gets a sentence.
    """
    try:
        cells = read(path)
    except ValueError as problem:
        print(problem)
        return
    lacking = {"Title": _title(cells), **{name: _lack(name, section) for name, section
                                          in sections(cells).items()}}
    for name, sentence in lacking.items():
        print(f"{'–' if sentence else '✓'} {name:<14}{sentence}".rstrip())
    ready = sum(not sentence for sentence in lacking.values())
    print(f"{ready} of {len(lacking)} are ready. (Read from {path} as it was saved last.)")


def read(path: str | Path) -> list[dict]:
    """Return the cells of the notebook at `path`. Raises ValueError with a sentence."""
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"There is no notebook {str(path)!r} here ({path.absolute().parent}). "
                         "Save yours and give its name. On Colab: File, Download, then upload it "
                         "with the folder sign at the left.")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path} is larger than {LARGEST // 10**6} MB: clear large outputs first.")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [{"kind": str(cell["cell_type"]), "text": "".join(cell["source"]),
                 "slide": cell["metadata"].get("slideshow", {}).get("slide_type", "-"),
                 "outputs": [_kinds(output) for output in cell.get("outputs", [])]}
                for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{path} is not a notebook that can be read. Was it saved whole, and "
                         "does its name end in .ipynb?") from None


def _kinds(output: dict) -> list[str]:
    """Return as what an output can be shown: ["image/png", "text/plain"], or ["error"]."""
    return [*output.get("data", {}), *["error"] * (output["output_type"] == "error")]


def sections(cells: list[dict]) -> dict[str, Section | None]:
    """Return what stands under each of the seven headings; None where there is no such heading."""
    found: dict[str, Section | None] = dict.fromkeys(HEADINGS)
    here = None
    for cell in cells:
        text = cell["text"]
        if cell["kind"] == "markdown" and (head := re.match(r"##? +(.*)", text)):
            name = _plain(head[1])
            here = next((known for known in HEADINGS if _plain(known) == name), None)
            if here is not None:
                found[here] = found[here] or Section()
            text = text[head.end():]
        if here is not None and cell["slide"] not in ("skip", "notes"):
            _add(found[here], cell, text)
    return found


def _add(section: Section, cell: dict, text: str) -> None:
    if cell["kind"] == "markdown":
        section.words += f"{text}\n"
    for kinds in cell["outputs"]:
        section.pictures += any(kind.startswith("image/") for kind in kinds)
        section.errors += "error" in kinds


def _plain(heading: str) -> str:
    """Return a heading without its number, its minutes and capital letters."""
    without = re.sub(r"^\d+[.)]? |\(.*\)", "", heading)
    return without.strip(" #*:").lower()


def _title(cells: list[dict]) -> str:
    first = cells[0]["text"] if cells else ""
    names = GROUP.search(first)
    if "Your project" in first.partition("\n")[0]:
        return "write your own title into the first line."
    if not names or names[1].strip() in NOT_YET:
        return "write your names behind **Group:**."
    return ""


def _lack(name: str, section: Section | None) -> str:
    """Return a sentence that says what a section lacks; an empty one if it lacks nothing."""
    if section is None:
        return f"there is no heading ## {name}."
    if section.errors:
        return "a cell has ended with an error: run it again."
    if MARK.search(section.words):
        return "this is still the example's text: write your own."
    count = len(section.words.split())
    if count < FEWEST_WORDS:
        return f"{count} words are few: say it in two or three sentences."
    if name in WITH_PICTURE and not section.pictures:
        return "there is no picture: run the cells, and save the notebook."
    return ""
