"""The checklist reads a group's notebook, and says what is missing under each heading."""

import json

import nbformat
import pytest

from gan_lib import project
from tools.notebook_files import NOTEBOOKS, read

TEXT = "We write what we have done here, in two or three sentences of our own, so that all see it."
PICTURE = nbformat.v4.new_output("display_data", {"image/png": "eA==", "text/plain": "a picture"})


def notebook(first="# Stars\n\n**Group:** Ada, Bo", without=(), texts=None, pictures=True):
    """Return a notebook that lacks nothing, but for what the arguments say."""
    new = nbformat.v4
    cells = [new.new_markdown_cell(first)]
    for name in project.HEADINGS:
        if name not in without:
            cells += [new.new_markdown_cell(f"## {name}"),
                      new.new_markdown_cell((texts or {}).get(name, TEXT)),
                      new.new_code_cell("1", outputs=[PICTURE] if pictures else [])]
    return new.new_notebook(cells=cells)


def said(nb, tmp_path, capsys):
    """Return {heading: sentence} as the checklist prints it; a tick is an empty sentence."""
    nbformat.write(nb, tmp_path / "ours.ipynb")
    project.checklist(tmp_path / "ours.ipynb")
    lines = capsys.readouterr().out.splitlines()
    for line in lines[:-1]:
        assert line.startswith("✓") != bool(line[17:].strip()), line
    return {line[2:16].strip(): line[16:].strip() for line in lines[:-1]} | {"end": lines[-1]}


def test_a_notebook_that_lacks_nothing_gets_eight_ticks(tmp_path, capsys):
    found = said(notebook(), tmp_path, capsys)
    assert list(found) == ["Title", *project.HEADINGS, "end"]
    assert not any(found[name] for name in ["Title", *project.HEADINGS])
    assert found["end"].startswith("8 of 8 are ready.")


@pytest.mark.parametrize("heading", project.HEADINGS)
def test_each_heading_can_be_missing_empty_or_still_the_examples(heading, tmp_path, capsys):
    for change, says in [({"without": [heading]}, f"there is no heading ## {heading}."),
                         ({"texts": {heading: "Very good."}}, "2 words are few"),
                         ({"texts": {heading: f"**Example.** {TEXT}"}}, "still the example's")]:
        found = said(notebook(**change), tmp_path, capsys)
        assert says in found[heading] and found["end"].startswith("7 of 8")
        assert not any(found[name] for name in project.HEADINGS if name != heading)


def test_three_headings_need_a_picture(tmp_path, capsys):
    found = said(notebook(pictures=False), tmp_path, capsys)
    assert {name for name in project.HEADINGS if "no picture" in found[name]} == {
        "Data set", "Training", "Inference"}


@pytest.mark.parametrize("first, says", [
    ("# 12 · Your project\n\n**Group:** Ada", "title"), ("# Stars", "names"),
    ("# Stars\n\n**Group:** your names", "names"), ("# Stars\n\n**Group:** ", "names"),
    ("", "names")])
def test_the_first_cell_needs_a_title_and_names(first, says, tmp_path, capsys):
    assert says in said(notebook(first), tmp_path, capsys)["Title"]


@pytest.mark.parametrize("kind", ["skip", "notes"])
def test_what_no_slide_shows_does_not_count(kind, tmp_path, capsys):
    nb = notebook()
    for cell in nb.cells:
        if cell.source != "## Goal" and not cell.source.startswith("# "):
            cell.metadata["slideshow"] = {"slide_type": kind}
    found = said(nb, tmp_path, capsys)
    assert "0 words are few" in found["Goal"]


def test_headings_may_have_numbers_minutes_and_other_capitals(tmp_path, capsys):
    nb = notebook()
    for cell in nb.cells:
        cell.source = {"## Goal": "# 1. goal (2 minutes)", "## Data set": "## 2. Data Set\n\nOurs.",
                       "## Learning": "## LEARNING:"}.get(cell.source, cell.source)
    assert said(nb, tmp_path, capsys)["end"].startswith("8 of 8")


def test_a_cell_that_has_failed_is_named(tmp_path, capsys):
    nb = notebook()
    nb.cells[-1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]
    assert "ended with an error" in said(nb, tmp_path, capsys)["Learning"]


def test_the_example_is_told_apart_from_a_groups_own_text(tmp_path, capsys):
    path, = [path for path in NOTEBOOKS if path.name == "12_your_project.ipynb"]
    found = said(read(path), tmp_path, capsys)
    assert found["end"].startswith("0 of 8") and "title" in found["Title"]
    assert all("still the example's" in found[name] for name in project.HEADINGS)


@pytest.mark.parametrize("content", [
    b"", b"hello", b"[]", b"{}", b'{"cells": 3}', b'{"cells": [1]}', b'{"cells": [{}]}',
    b'{"cells": [{"cell_type": "code", "source": 3, "metadata": {}}]}',
    b'{"cells": [{"cell_type": "code", "source": "1", "metadata": {}, "outputs": [3]}]}',
    b'{"cells": [{"cell_type": "markdown", "source": "x", "metadata": []}]}',
    b"\xff\xfe", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_notebook_gets_a_sentence(content, tmp_path, capsys):
    (tmp_path / "ours.ipynb").write_bytes(content)
    project.checklist(tmp_path / "ours.ipynb")
    assert "is not a notebook that can be read" in capsys.readouterr().out


def test_a_missing_and_an_enormous_file_get_a_sentence(tmp_path, capsys, monkeypatch):
    project.checklist(tmp_path / "none.ipynb")
    assert "There is no notebook" in capsys.readouterr().out
    (tmp_path / "ours.ipynb").write_text(json.dumps(notebook()))
    monkeypatch.setattr(project, "LARGEST", 100)
    project.checklist(tmp_path / "ours.ipynb")
    assert "clear large outputs first" in capsys.readouterr().out
