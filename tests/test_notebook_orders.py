"""A student goes back to an earlier cell, runs one twice, presses ■: no cell may say what is false.

One random order a notebook here; `make test-orders` tries ten (ORDERS=10).
"""

import os
import random
from collections import defaultdict

import pytest

from notebook_shell import Names, Shell, stop_pressed_at, units, without_times
from tools.notebook_files import NOTEBOOKS, code_cells, read, solved

ORDERS = int(os.environ.get("ORDERS", 1))
# The step at which ■ is pressed in every loop, so that training takes little time.
STOPPED_AT = 10 if ORDERS == 1 else 40

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


# --- names: one meaning in a notebook -----------------------------------------------------------

def second_meanings(groups) -> dict[str, list[str]]:
    """Return the names that two units bind and another cell reads, with the cells that bind."""
    binders, read_elsewhere = defaultdict(list), set()
    for unit in groups:
        names = [Names(cell.source) for cell in unit]
        for name in set().union(*(part.bound for part in names)):
            binders[name].append(unit[0].id)
        read_elsewhere |= set().union(*(part.outside for part in names))
    return {name: cells for name, cells in binders.items()
            if len(cells) > 1 and name in read_elsewhere}


@every_notebook
def test_a_name_that_other_cells_read_means_one_thing(path):
    assert second_meanings(units(read(path))) == {}


@pytest.mark.parametrize("first, second, third, names", [
    ("y = 1", "y = 2", "print(y)", {"y"}),
    ("for y in [1]: pass", "def y(): pass", "[y for x in [1]]", {"y"}),
    ("import y", "y = y + 1", "1", {"y"}),
    ("y = 1", "y = 2", "f = lambda x: x + y", {"y"}),
    ("y = 1", "y = 2", "y = 3\ndef f(): return y", {"y"}),
    ("y = 1\nprint(y)", "y = 2\nprint(y)", "[y for y in [1]]", set()),
    ("y = 1", "z = 2", "print(y, z)", set()),
    ("y = 1", "y = 2", "def f(y): return y", set())])
def test_a_second_meaning_is_found(first, second, third, names):
    class Cell:
        def __init__(self, source):
            self.source, self.id = source, source
    assert set(second_meanings([[Cell(first)], [Cell(second)], [Cell(third)]])) == names


# --- cells run in other orders ------------------------------------------------------------------

@pytest.fixture(scope="module")
def shell():
    return Shell()


@pytest.fixture(autouse=True)
def in_the_notebooks_folder(monkeypatch):
    monkeypatch.chdir(NOTEBOOKS[0].parent)


def is_missing(error, names) -> bool:
    """Return whether a cell ended only because a cell that it needs has not run yet."""
    return (isinstance(error, NameError) and not isinstance(error, UnboundLocalError)
            and error.name in names)


def can_be_checked(unit, names) -> bool:
    """Return whether an exercise's check, if the unit has one, finds what it needs.

    Without its check a stub gives nothing back, and no other cell could go on with that.
    """
    own = set().union(*(Names(cell.source).bound for cell in unit))
    return len(unit) == 1 or Names(unit[1].source).outside - own <= set(names)


@every_notebook
@pytest.mark.parametrize("order", range(ORDERS))
def test_in_any_order_a_cell_works_or_misses_a_name(path, order, shell):
    """A random order, again and again, until every cell has found the names that it needs.

    Half of the orders take the notebook as it is, half of them with the solutions put in.
    """
    nb = solved(read(path)) if (order + NOTEBOOKS.index(path)) % 2 else read(path)
    waiting = units(nb)
    known = set().union(*(Names(cell.source).bound for unit in waiting for cell in unit))
    random.Random(order).shuffle(waiting)
    shell.forget()
    with stop_pressed_at(STOPPED_AT):
        while waiting:
            later = []
            for unit in waiting:
                if not can_be_checked(unit, shell.names):
                    later.append(unit)
                    continue
                for cell in unit:
                    error = shell.run(cell).error
                    assert error is None or is_missing(error, known), f"{cell.id}: {error!r}"
                if error is not None:
                    later.append(unit)
            assert len(later) < len(waiting), f"never ran: {[unit[0].id for unit in later]}"
            waiting = later


@every_notebook
def test_going_back_to_any_cell_shows_what_it_showed_before(path, shell):
    """From top to bottom, then all the way back: a cell's second run repeats its first one.

    ■ is pressed at the same step of every loop, and then the cells below run on with what there
    is. Measured seconds may differ, nothing else.
    """
    shell.forget()
    groups, problems = units(read(path)), []
    with stop_pressed_at(STOPPED_AT):
        first = {cell.id: shell.run(cell) for unit in groups for cell in unit}
        again = {cell.id: shell.run(cell) for unit in reversed(groups) for cell in unit}
    for id, before in first.items():
        then, now = without_times(before.shown), without_times(again[id].shown)
        if before.error or again[id].error:
            problems.append(f"{id}: {before.error!r}, then {again[id].error!r}")
        elif then != now and id not in GO_ON:
            problems.append(f"{id} showed\n{then}\nand then\n{now}")
    assert problems == []


# These cells play on from where a game is: they must say something else the second time.
GO_ON = {"3f25a620"}


def test_every_cell_that_goes_on_is_a_cell():
    assert GO_ON <= {cell.id for path in NOTEBOOKS for cell in code_cells(read(path))}

