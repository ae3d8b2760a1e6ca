"""The teacher's path: cells of the notebooks with the tag `path`, and the slides that open them."""

import ast
import builtins
import copy

import pytest

from deck_text import SECTION, slides
from tools import prepare_notebooks
from tools.notebook_files import NOTEBOOKS, read, tags

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def sections(nb) -> list[tuple[str, list]]:
    """Return (heading, its cells) in their order; what stands before the first has ""."""
    found = [("", [])]
    for cell in nb.cells:
        heading = SECTION.match(cell.source) if cell.cell_type == "markdown" else None
        if heading:
            found.append((heading[1], []))
        found[-1][1].append(cell)
    return found


def on_path(cells) -> list:
    return [cell for cell in cells if "path" in tags(cell)]


def opened(number: str) -> set[str]:
    """Return the sections of a notebook that slides on the path of one hour open."""
    return {section for slide in slides() if slide.notes["path"]
            for notebook, section in slide.opens if notebook == number}


def names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell gives to itself or others, and those it takes from others."""
    given, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else given).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            given.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            given |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.arg):
            given.add(node.arg)
    return given, used - given - set(dir(builtins))


def test_the_name_finder_finds_what_a_cell_takes():
    assert names("import torch\ndef f(x):\n    return x + y\nz = torch.ones(2)") == (
        {"torch", "f", "x", "z"}, {"y"})


@every_notebook
def test_a_slide_on_the_path_opens_sections_with_cells_on_the_path_and_no_others(path):
    found = {heading: on_path(cells) for heading, cells in sections(read(path))}
    here = opened(path.name[:2])
    assert {heading for heading in here if not found[heading]} == set()
    taken = {name for heading in here for name in taken_by(found[heading])}
    for heading, cells in found.items():
        if cells and heading and heading not in here:  # it may prepare what others need
            assert taken & given_by(cells), heading


def given_by(cells) -> set[str]:
    return {name for cell in cells if cell.cell_type == "code" for name in names(cell.source)[0]}


def taken_by(cells) -> set[str]:
    return {name for cell in cells if cell.cell_type == "code" for name in names(cell.source)[1]}


@every_notebook
def test_the_cells_on_the_path_need_no_other_cells(path):
    if not opened(path.name[:2]):
        return
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert "path" in tags(next(cell for cell in cells if cell.id == "setup"))
    known = set()
    for cell in on_path(cells):
        given, used = names(cell.source)
        assert used <= known, f"{cell.source[:60]!r} needs {used - known}"
        known |= given


@every_notebook
def test_an_exercise_on_the_path_brings_its_check(path):
    cells = read(path).cells
    for cell, following in zip(cells, cells[1:]):
        if {"exercise", "path"} <= set(tags(cell)):
            assert {"check", "path"} <= set(tags(following))


@every_notebook
def test_make_notebooks_keeps_the_path_and_the_other_tags(path):
    nb = read(path)
    prepared = copy.deepcopy(nb)
    for cell in prepared.cells:
        cell.metadata["collapsed"] = True
    prepare_notebooks.prepare(prepared, path.name)
    assert [tags(cell) for cell in prepared.cells] == [tags(cell) for cell in nb.cells]
    assert all("collapsed" not in cell.metadata for cell in prepared.cells)
