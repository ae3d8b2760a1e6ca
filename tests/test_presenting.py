"""`make present`: which cells come together on a screen, and what JupyterLab is told."""

import json
import subprocess
import sys

import nbformat
import pytest

from tools import presenting
from tools.notebook_files import NOTEBOOKS, ROOT, read


def cell(source: str, kind="markdown", **more):
    make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    return make(source, **more)


def types(*cells) -> list[str]:
    return presenting.slide_types(list(cells))


def test_headings_begin_slides_and_what_fits_comes_below():
    assert types(cell("# Title"), cell("x = 1", "code"), cell("## One"), cell("words"),
                 cell("### More"), cell("x", "code"), cell("#### small")) == [
        "slide", "fragment", "slide", "fragment", "slide", "fragment", "fragment"]


def test_what_does_not_fit_on_the_screen_begins_a_slide():
    long = cell("\n".join(["x = 1"] * 25), "code")
    assert types(cell("## One"), long, long, cell("words")) == [
        "slide", "fragment", "slide", "fragment"]


def test_what_is_left_out_by_hand_stays_out_and_takes_no_room():
    long = cell("\n".join(["x = 1"] * 25), "code")
    skipped = cell("\n".join(["x = 1"] * 25), "code",
                   metadata={"slideshow": {"slide_type": "skip"}})
    assert types(cell("## One"), skipped, long, skipped, cell("words")) == [
        "slide", "skip", "fragment", "skip", "fragment"]


def test_folded_answers_take_one_line():
    question = "**Explain.** Why?"
    folded = f"{question}\n\n<details><summary>Answer</summary>{'words' * 900}</details>"
    assert presenting.cell_height(cell(folded)) < presenting.cell_height(cell(question)) + 80


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_carry_the_slides_in_their_metadata(path):
    cells = read(path).cells
    assert [part.metadata.slideshow.slide_type for part in cells] == presenting.slide_types(cells)


def test_settings_stay_in_their_folder(tmp_path):
    environment = presenting.write_settings(tmp_path)
    assert all(folder.startswith(str(tmp_path)) for folder in environment.values())
    deck = tmp_path / "settings/@deathbeds/jupyterlab-deck/plugin.jupyterlab-settings"
    assert json.loads(deck.read_text()) == {"active": True}


def test_a_notebook_that_is_not_there_is_named():
    done = subprocess.run([sys.executable, "-m", "tools.presenting", "notebooks/99.ipynb"],
                          cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "no notebook 'notebooks/99.ipynb'" in done.stderr
    assert "notebooks/04_alternating_training.ipynb" in done.stderr
