"""What the tests and `make notebooks` share: reading, solving and running the notebooks."""

from __future__ import annotations

import copy
import re
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from traitlets import default

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
TIMES_FILE = ROOT / "tools" / "notebook_times.json"  # written by `make times`
# Far above the 60 s that a cell may take: a slow machine is not an error of the notebook.
CELL_TIMEOUT = 180


@dataclass
class Exercise:
    """One code exercise: the numbers of its three cells and the text of its solution."""

    stub: int
    check: int
    solution: int
    source: str


def read(path: Path) -> nbformat.NotebookNode:
    """Return the notebook at `path` in format 4."""
    return nbformat.read(path, as_version=4)


def title(nb) -> str:
    """Return the notebook's title: its first line, such as "02 · The generator"."""
    return nb.cells[0].source.partition("\n")[0].removeprefix("# ")


def project() -> dict:
    """Return pyproject.toml as a dictionary."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tags(cell) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.metadata.get("tags", []))


def code_cells(nb) -> list:
    """Return the code cells; their positions are the cell numbers of nbval."""
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def text_cells(nb) -> list:
    """Return the Markdown cells."""
    return [cell for cell in nb.cells if cell.cell_type == "markdown"]


def code_lines(source: str) -> list[str]:
    """Return the lines that are neither empty nor only a comment."""
    return [line for line in source.splitlines()
            if line.strip() and not line.strip().startswith("#")]


def stream(outputs, name: str) -> str:
    """Return all that the outputs wrote to the stream `name` ("stdout" or "stderr")."""
    return "".join(output["text"] for output in outputs
                   if output["output_type"] == "stream" and output["name"] == name)


def starts_a_line(outputs, start: str) -> bool:
    """Return whether a printed line begins with `start`."""
    return any(line.startswith(start) for line in stream(outputs, "stdout").splitlines())


def run_problem(cell, outputs, verdict: str) -> str | None:
    """Return what is wrong with a cell that has run without an error, or None.

    No cell may write to stderr, and a check has to print a line that begins with `verdict`.
    """
    if stream(outputs, "stderr"):
        return f"The cell wrote to stderr: {stream(outputs, 'stderr').strip()}"
    if "check" in tags(cell) and not starts_a_line(outputs, verdict):
        return f"The check did not print {verdict!r} but: {stream(outputs, 'stdout').strip()!r}"
    return None


def exercises(nb) -> list[Exercise]:
    """Return the code exercises. Raises ValueError if a stub, check or solution is missing."""
    found = []
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and "exercise" in tags(cell):
            found.append(_exercise(nb, number))
    for kind in ("check", "solution"):
        expected = [getattr(exercise, kind) for exercise in found]
        tagged = [number for number, cell in enumerate(nb.cells) if kind in tags(cell)]
        if tagged != expected:
            raise ValueError(f"Cells {tagged} carry the tag {kind!r}, but the exercises need it "
                             f"at {expected}. The order is: exercise, check, solution.")
    return found


def _exercise(nb, number: int) -> Exercise:
    if "..." not in nb.cells[number].source:
        raise ValueError(f"Cell {number} is an exercise, but it has no '...' to fill in.")
    cells = nb.cells[number + 1:number + 3]
    kinds = [("code", "check"), ("markdown", "solution")]
    if len(cells) < 2 or any(cell.cell_type != cell_type or tag not in tags(cell)
                             for cell, (cell_type, tag) in zip(cells, kinds)):
        raise ValueError(f"After the exercise in cell {number} come a code cell with the tag "
                         "'check' and a Markdown cell with the tag 'solution'.")
    if "exercises.check(" not in cells[0].source:
        raise ValueError(f"Cell {number + 1} has the tag 'check', but no exercises.check(...).")
    folded = re.search(r"<details>\s*<summary>Solution</summary>.*?```python\n(.*?)\n```"
                       r".*?</details>", cells[1].source, flags=re.DOTALL)
    if folded is None:
        raise ValueError(f"Cell {number + 2} needs <details><summary>Solution</summary>, "
                         "a ```python block and </details>.")
    return Exercise(number, number + 1, number + 2, folded.group(1))


def solved(nb):
    """Return a copy of the notebook with every reference solution in its stub's place."""
    answer = copy.deepcopy(nb)
    for exercise in exercises(nb):
        answer.cells[exercise.stub].source = exercise.source
    return answer


class ThisPython(AsyncKernelManager):
    """Starts kernels of the Python that runs, whatever kernels are installed for the user."""

    @default("kernel_spec_manager")
    def _only_the_native_kernel(self):
        return KernelSpecManager(kernel_dirs=[])


def run(nb, folder: Path, timeout: float = CELL_TIMEOUT,
        widgets: bool = False) -> tuple[float, list[float]]:
    """Run the notebook in place; return the seconds in all and of each code cell.

    `folder` is the kernel's working folder. `widgets` keeps the state of widgets in the notebook,
    which Output widgets need (those of `interact`, for example). Raises nbclient's errors at the
    first failing cell.
    """
    started = {}
    seconds = {}

    def begin(cell, cell_index):
        started[cell_index] = time.perf_counter()

    def end(cell, cell_index, execute_reply):
        seconds[cell_index] = time.perf_counter() - started[cell_index]

    client = NotebookClient(
        nb, timeout=timeout, kernel_name="python3", kernel_manager_class=ThisPython,
        resources={"metadata": {"path": str(folder)}}, record_timing=False,
        store_widget_state=widgets, coalesce_streams=True, on_cell_execute=begin,
        on_cell_executed=end,
        extra_arguments=["--log-level=ERROR"])  # every kernel would warn that it speaks over TCP
    start = time.perf_counter()
    client.execute()
    return time.perf_counter() - start, [seconds[index] for index in sorted(seconds)]
