"""Writes the notebooks without their answers, to print and hand out.

make print                                all notebooks, into build/print
make print ARGS="notebooks/04*.ipynb"     some of them
make print ARGS="--to html"               as HTML; formulas in it need a network

Solutions and folded answers are left out, and outputs that show a solution. PDF needs pandoc and
xelatex; where they are missing, HTML is written, to be printed from a browser.
"""

from __future__ import annotations

import argparse
import copy
import re
import shutil
from pathlib import Path

from nbconvert import HTMLExporter, PDFExporter

from tools.notebook_files import NOTEBOOKS, ROOT, code_cells, exercises, read, tags, text_cells

FOLDER = ROOT / "build" / "print"
FOLDED = re.compile(r"<details>.*?</details>\s*", flags=re.DOTALL)


def without_answers(nb):
    """Return a copy of the notebook without solutions, folded answers and verdicts of checks."""
    answers = solution_lines(nb)
    handout = copy.deepcopy(nb)
    for cell in text_cells(handout):
        cell.source = FOLDED.sub("", cell.source)
    for cell in code_cells(handout):
        shown = [output for output in cell.outputs if not answers & lines(output.get("text", ""))]
        cell.outputs = [] if "check" in tags(cell) else shown
    handout.cells = [cell for cell in handout.cells
                     if cell.source.strip() and "solution" not in tags(cell)]
    return handout


def solution_lines(nb) -> set[str]:
    """Return the lines of all solutions, but for those that their stubs give away."""
    return {line for exercise in exercises(nb)
            for line in lines(exercise.source) - lines(nb.cells[exercise.stub].source)}


def lines(text: str) -> set[str]:
    """Return the lines of `text` without white space around them; no empty ones."""
    return {line.strip() for line in text.splitlines()} - {""}


def write(path: Path, form: str, folder: Path = FOLDER) -> Path:
    """Write the handout of the notebook at `path` as "pdf" or "html"; return its file."""
    exporter = PDFExporter(latex_count=2) if form == "pdf" else HTMLExporter(embed_images=True)
    # nbconvert looks there for the badge.
    resources = {"metadata": {"name": path.stem, "path": str(path.parent)}}
    body, _ = exporter.from_notebook_node(without_answers(read(path)), resources=resources)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{path.stem}.{form}"
    file.write_bytes(body if isinstance(body, bytes) else body.encode())
    return file


def main() -> None:
    there = all(shutil.which(program) for program in ("pandoc", "xelatex"))
    parser = argparse.ArgumentParser(prog="make print", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path, default=NOTEBOOKS)
    parser.add_argument("--to", choices=("pdf", "html"), default="pdf" if there else "html")
    options = parser.parse_args()
    for path in options.notebooks:
        print(f"Written to {write(path, options.to)}", flush=True)


if __name__ == "__main__":
    main()
