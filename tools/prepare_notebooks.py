"""Writes the badge and the set-up cell into the notebooks, runs them and stores the outputs.

make notebooks                               all notebooks
make notebooks ARGS="notebooks/04*.ipynb"    some of them
make notebooks ARGS=--no-execute             the badge, the set-up cell and the metadata only
make notebooks ARGS=--check                  change nothing; fail if something would change

The repository's address stands in pyproject.toml and nowhere else.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools.notebook_files import NOTEBOOKS, code_cells, project, read, run, stream

BADGE = "[![Open in Colab](open_in_colab.svg)]"
COLAB = "https://colab.research.google.com/github"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python",
                   "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_CELL_METADATA = ("tags", "slideshow", "jupyter")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def address() -> str:
    """Return the repository's address from pyproject.toml."""
    return project()["project"]["urls"]["Repository"].rstrip("/")


def badge(name: str) -> str:
    """Return the Markdown line that opens the notebook `name` in Colab."""
    repository = address().removeprefix("https://github.com/")
    return f"{BADGE}({COLAB}/{repository}/blob/main/notebooks/{name})"


def setup_source() -> str:
    """Return the set-up cell, the same in every notebook."""
    return "\n".join([
        "try:",
        "    import gan_lib",
        "except ImportError:",
        f'    %pip install -q --no-deps "git+{address()}"',
        "from gan_lib import device; device.start()",
    ])


def prepare(nb, name: str) -> None:
    """Put the badge and the set-up cell into the notebook and make its metadata plain."""
    _put_badge(nb, name)
    _put_setup(nb)
    nb.metadata = nbformat.from_dict(METADATA)
    nb.nbformat, nb.nbformat_minor = 4, 5
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in KEPT_CELL_METADATA if key in cell.metadata})
    for cell in code_cells(nb):
        cell.outputs = [still for output in cell.outputs if (still := _still(output))]


def _put_badge(nb, name: str) -> None:
    first = nb.cells[0]
    if first.cell_type != "markdown":
        raise ValueError(f"{name} must begin with a Markdown cell that holds its title.")
    lines = first.source.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(BADGE)]
    if places:
        lines[places[0]] = badge(name)
    else:
        lines[1:1] = ["", badge(name)]
    first.source = "\n".join(lines)


def _put_setup(nb) -> None:
    for cell in code_cells(nb):
        if cell.id == "setup" or cell.source.startswith("try:\n    import gan_lib"):
            cell.id, cell.source = "setup", setup_source()
            return
    nb.cells.insert(1, nbformat.v4.new_code_cell(setup_source(), id="setup"))


def _still(output):
    """Drop the live view of a widget; a widget without a picture (a progress bar) goes whole."""
    data = output.get("data", {})
    if data == {"text/html": ""}:  # a bar that has come to its end
        return None
    if WIDGET_VIEW not in data:
        return output
    del data[WIDGET_VIEW]
    output.metadata.pop(WIDGET_VIEW, None)
    return output if "image/png" in data else None


def text(nb) -> str:
    """Return the notebook as the text of its file."""
    return nbformat.writes(nb).rstrip("\n") + "\n"


def changes(path: Path) -> bool:
    """Return whether `make notebooks` would change more in the file than outputs."""
    nb = read(path)
    prepare(nb, path.name)
    return text(nb) != path.read_text(encoding="utf-8")


def write(path: Path, execute: bool) -> None:
    """Prepare the notebook at `path`, run it if `execute`, and replace the file at once.

    Raises nbclient's errors if a cell fails and ValueError if one writes to stderr.
    """
    nb = read(path)
    prepare(nb, path.name)
    if execute:
        seconds, _ = run(nb, path.parent)
        print(f"{path.name}: {seconds:.0f} s")
        for number, cell in enumerate(code_cells(nb)):
            if stream(cell.outputs, "stderr"):
                raise ValueError(f"code cell {number} wrote to stderr:\n"
                                 + stream(cell.outputs, "stderr"))
        prepare(nb, path.name)
    unfinished = path.with_suffix(".ipynb.new")
    unfinished.write_text(text(nb), encoding="utf-8")
    os.replace(unfinished, path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Prepare, run and store the notebooks.")
    parser.add_argument("notebooks", nargs="*", type=Path, default=NOTEBOOKS)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--execute", action=argparse.BooleanOptionalAction, default=True)
    what.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        stale = [path.name for path in options.notebooks if changes(path)]
        sys.exit(f"Run `make notebooks`; it would change {', '.join(stale)}." if stale else 0)
    for path in options.notebooks:
        try:
            write(path, options.execute)
        except (CellExecutionError, CellTimeoutError, DeadKernelError, ValueError) as problem:
            sys.exit(f"{path} was left as it was: {problem}")


if __name__ == "__main__":
    main()
