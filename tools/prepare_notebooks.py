"""Writes badge, set-up cell, links and slide types into the notebooks, runs and stores them.

make notebooks                               all notebooks
make notebooks ARGS="notebooks/04*.ipynb"    some of them
make notebooks ARGS=--no-execute             all that is written, but nothing is run
make notebooks ARGS=--check                  change nothing; fail if something would change

The repository's address stands in pyproject.toml and nowhere else.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from gan_lib import files
from tools.notebook_files import (
    NOTEBOOKS,
    code_cells,
    project,
    read,
    run,
    stream,
    text_cells,
    title,
)
from tools.presenting import slide_types

BADGE = "[![Open in Colab](open_in_colab.png)]"  # LaTeX cannot read an SVG
COLAB = "https://colab.research.google.com/github"
# Without file_extension and nbconvert_exporter, `nbconvert --to script` writes a .txt.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python",
                   "name": "python3"},
    "language_info": {"codemirror_mode": {"name": "ipython", "version": 3},
                      "file_extension": ".py", "mimetype": "text/x-python", "name": "python",
                      "nbconvert_exporter": "python", "pygments_lexer": "ipython3"},
}
NOT_THE_COURSES = ("This kernel is not the course's: choose the kernel of .venv in the course's "
                   "folder, or start with `make lab`.")
KEPT_CELL_METADATA = ("tags", "jupyter")
LIST = re.compile(r"^(\| \| notebook \|\n\|---\|---\|\n)(?:\|.*\|\n?)*", flags=re.MULTILINE)
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def address() -> str:
    """Return the repository's address from pyproject.toml."""
    return project()["project"]["urls"]["Repository"].rstrip("/")


def badge(name: str) -> str:
    """Return the Markdown line that opens the notebook `name` in Colab."""
    repository = address().removeprefix("https://github.com/")
    return f"{BADGE}({COLAB}/{repository}/blob/main/notebooks/{name})"


def setup_source() -> str:
    """Return the set-up cell, the same in every notebook.

    Where the course is missing, it is installed in Colab; elsewhere one sentence says what to do.
    So it does everywhere as long as pyproject.toml names no real address.
    """
    if "/OWNER/" in address():
        where, install = "", ["    # For Colab: write the course's address into pyproject.toml."]
    else:
        where = 'if "google.colab" not in sys.modules: '
        install = [f'    %pip install -q --no-deps "git+{address()}"']
    return "\n".join([
        "try: import sys; from gan_lib import device",
        "except ImportError:",  # "from None": IPython 7 stumbles over an exit with a cause
        f'    {where}raise SystemExit("{NOT_THE_COURSES}") from None',
        *install,
        "from gan_lib import device; device.start()",
    ])


def prepare(nb, name: str) -> None:
    """Write badge, set-up cell and links into the notebook and make its metadata plain."""
    _put_badge(nb, name)
    _put_setup(nb)
    _put_links(nb, name)
    nb.metadata = nbformat.from_dict({**METADATA, "title": title(nb)})  # of its page in HTML
    nb.nbformat, nb.nbformat_minor = 4, 5
    for cell in code_cells(nb):
        cell.outputs = [still for output in cell.outputs if (still := _still(output))]
    for cell, kind in zip(nb.cells, slide_types(nb.cells)):
        kept = {key: cell.metadata[key] for key in KEPT_CELL_METADATA if key in cell.metadata}
        cell.metadata = nbformat.from_dict({**kept, "slideshow": {"slide_type": kind}})


def _put_badge(nb, name: str) -> None:
    first = nb.cells[0]
    if first.cell_type != "markdown":
        raise ValueError(f"{name} must begin with a Markdown cell that holds its title.")
    lines = first.source.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith("[![Open in Colab]")]
    if places:
        lines[places[0]] = badge(name)
    else:
        lines[1:1] = ["", badge(name)]
    first.source = "\n".join(lines)


def _put_setup(nb) -> None:
    for cell in code_cells(nb):
        if cell.id == "setup":
            cell.id, cell.source = "setup", setup_source()
            return
    nb.cells.insert(1, nbformat.v4.new_code_cell(setup_source(), id="setup"))


def _put_links(nb, name: str) -> None:
    """Write the list of notebooks, where there is one, and the link to the next notebook."""
    names = [path.name for path in NOTEBOOKS]
    for cell in text_cells(nb):
        cell.source = LIST.sub(lambda head: head.group(1) + _list(name), cell.source)
    following = names[names.index(name) + 1:][:1] if name in names else []
    if following:
        line = f"Next: {_link(following[0])}"
        if nb.cells[-1].cell_type == "code":
            nb.cells.append(nbformat.v4.new_markdown_cell(line, id="next"))
        last = nb.cells[-1]
        last.source = re.sub(r"^Next: .*", line, last.source, flags=re.MULTILINE)
        if line not in last.source:
            last.source += f"\n\n{line}"


def _link(name: str) -> str:
    return f"[{title(read(NOTEBOOKS[0].parent / name))}]({name})"


def _list(here: str) -> str:
    rows = []
    for path in NOTEBOOKS:
        number, _, words = title(read(path)).partition(" · ")
        link = f"{words} (you are here)" if path.name == here else f"[{words}]({path.name})"
        rows.append(f"| {number} | {link} |")
    return "\n".join(rows)


def _still(output):
    """Drop the live view of a widget; a widget without a picture (a progress bar) goes whole.

    A tool's still picture loses the name of its living tool, which is another one in every run.
    """
    data = output.get("data", {})
    if data == {"text/html": ""}:  # a bar that has come to its end
        return None
    if "text/html" in data:
        data["text/html"] = re.sub(r" gan-still-\w+", "", data["text/html"])
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
    files.write_whole(path, text(nb).encode())


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
