"""What gets ✓ runs in the rest of the notebook: every right answer of the bank is put in.

The cells that call an answer are run again with each answer. ■ is pressed early in every loop, so
that training takes no time; `make test-answers` lets them run to their end, and also runs what
depends on those cells.
"""

import os
from itertools import zip_longest

import pytest

from exercise_tools import KNOWN, bank
from notebook_shell import Names, Shell, stop_pressed_at
from tools.notebook_files import NOTEBOOKS, code_cells, exercises, read

WHOLE_RUNS = bool(os.environ.get("WHOLE_RUNS"))
STOPPED_AT = None if WHOLE_RUNS else 2


def answers_of(nb) -> dict[str, list[str]]:
    """Return {exercise: its folded solution and all right answers of the bank}."""
    right, found = bank("RIGHT"), {}
    for exercise in exercises(nb):
        name = exercise.source.partition("def ")[2].partition("(")[0]
        found[name] = [exercise.source, *(source for (of, _), source in right.items()
                                          if of == name)]
    return found


def dependent(cells, names) -> list:
    """Return the cells that read one of `names`; not the stubs. In whole runs, also those that
    read what such a cell has bound.
    """
    tainted, found = set(names), []
    for cell in cells:
        if "exercise" in cell.metadata.get("tags", []):
            continue
        cell_names = Names(cell.source)
        if cell_names.outside & tainted:
            tainted |= cell_names.bound if WHOLE_RUNS else set()
            found.append(cell)
    return found


def run(shell, cell, with_answers: str) -> str:
    result = shell.run(cell)
    assert result.error is None, f"{cell.source}\n\nfailed after the answer\n{with_answers}"
    return result.shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_what_gets_a_tick_runs_in_the_rest_of_the_notebook(path):
    nb, shell = read(path), Shell()
    cells, answers = code_cells(nb), answers_of(nb)
    stubs = {name: nb.cells[exercise.stub] for name, exercise in zip(answers, exercises(nb))}
    shell.forget()
    shell.names.update(KNOWN)  # what a student would import for an answer
    with stop_pressed_at(STOPPED_AT):
        for number, sources in enumerate(zip_longest(*answers.values())):
            given = {name: source for name, source in zip(answers, sources) if source}
            for cell in cells if number == 0 else dependent(cells, given):
                for name, source in given.items():
                    if cell is stubs[name] or number and cell.source.strip() == (
                            f"{name} = exercises.check({name})"):
                        shell.names.pop(name, None)
                        assert shell._shell.run_cell(source, store_history=False).success
                if cell in stubs.values():
                    continue
                shown = run(shell, cell, "\n\n".join(given.values()))
                if "check" in cell.metadata.get("tags", []):
                    assert "✓" in shown, (shown, given)
