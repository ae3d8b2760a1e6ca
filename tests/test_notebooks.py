"""The notebooks as files, and run with every reference solution put in.

The run without solutions is nbval's: see the options of pytest in pyproject.toml.
"""

import ast
import base64
import html
import inspect
import os
import re
import textwrap
from collections import Counter
from pathlib import Path
from statistics import median

import nbformat
import pytest

from gan_lib.exercises import all_exercises as library_exercises
from tools import prepare_notebooks
from tools.notebook_files import (
    NOTEBOOKS,
    ROOT,
    code_cells,
    code_lines,
    exercises,
    read,
    run,
    run_problem,
    solved,
    stream,
    tags,
    text_cells,
)

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def first_words(cell) -> str:
    return repr(cell.source[:60])


def words_in(cell) -> int:
    """Count the words that a reader sees: not those in folded answers, badges and links."""
    shown = re.sub(r"<details>.*?</details>", "", cell.source, flags=re.DOTALL)
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", shown)
    return len(shown.split())


# --- the tests' own tools, on small examples --------------------------------------------------

def small_notebook(*, stub="def double(x):\n    ...", check="double = exercises.check(double)"):
    folded = ("<details><summary>Solution</summary>\n\n```python\ndef double(x):\n"
              "    return 2 * x\n```\n\n</details>")
    new = nbformat.v4
    return new.new_notebook(cells=[
        new.new_code_cell(stub, metadata={"tags": ["exercise"]}),
        new.new_code_cell(check, metadata={"tags": ["check"]}),
        new.new_markdown_cell(folded, metadata={"tags": ["solution"]})])


def test_a_solution_takes_the_place_of_its_stub_only():
    nb = small_notebook()
    answer = solved(nb)
    assert answer.cells[0].source == "def double(x):\n    return 2 * x"
    assert [cell.source for cell in answer.cells[1:]] == [cell.source for cell in nb.cells[1:]]
    assert "..." in nb.cells[0].source


@pytest.mark.parametrize("spoil", [
    lambda nb: nb.cells.pop(),
    lambda nb: nb.cells.pop(0),
    lambda nb: nb.cells.reverse(),
    lambda nb: nb.cells[0].update(source="def double(x): return 0"),
    lambda nb: nb.cells[1].update(source="double(2)"),
    lambda nb: nb.cells[2].update(source="Multiply by two."),
])
def test_an_exercise_without_its_parts_is_refused(spoil):
    nb = small_notebook()
    spoil(nb)
    with pytest.raises(ValueError):
        exercises(nb)


def test_a_run_with_stderr_or_without_the_verdict_is_a_problem():
    new = nbformat.v4
    printed = new.new_output("stream", name="stdout", text="Not yet: double it\n")
    warned = new.new_output("stream", name="stderr", text="a warning\n")
    check, plain = small_notebook().cells[1], new.new_code_cell("1")
    assert run_problem(check, [printed], verdict="Not yet") is None
    assert run_problem(plain, [], verdict="Not yet") is None
    assert "Not yet" in run_problem(check, [printed], verdict="✓")
    assert "a warning" in run_problem(plain, [warned], verdict="Not yet")


def test_the_still_picture_of_a_tool_is_stored_the_same_in_every_run():
    bits = ['<div class="gan-still gan-still-' + name + '"><img></div>' for name in ("a1", "b2")]
    stored = [prepare_notebooks._still(nbformat.v4.new_output(
        "display_data", {"image/png": "eA==", "text/html": bit})).data for bit in bits]
    assert stored[0] == stored[1]
    assert stored[0]["text/html"] == '<div class="gan-still"><img></div>'


def test_a_widget_is_stored_as_its_picture_and_a_progress_bar_not_at_all():
    nb = small_notebook()
    nb.cells.insert(0, nbformat.v4.new_markdown_cell("# Title"))
    png = base64.b64encode((ROOT / "notebooks" / "open_in_colab.png").read_bytes()).decode()
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "image/png": png}
    bar = {"application/vnd.jupyter.widget-view+json": {"model_id": "y"}, "text/plain": "0%"}
    ended = {"text/html": ""}  # what progress.bar leaves
    nb.cells[1].outputs = [nbformat.v4.new_output("display_data", data=shown)
                           for shown in (data, bar, ended)]
    prepare_notebooks.prepare(nb, "01_x.ipynb")
    assert [cell.id for cell in nb.cells].index("setup") == 1
    assert [output.data for output in nb.cells[2].outputs] == [{"image/png": png}]
    once = prepare_notebooks.text(nb)
    prepare_notebooks.prepare(nb, "01_x.ipynb")
    assert prepare_notebooks.text(nb) == once


# --- the notebooks as files -------------------------------------------------------------------

def test_the_notebooks_are_numbered_from_one_without_a_gap():
    numbers = [int(path.name[:2]) for path in NOTEBOOKS]
    assert numbers, "there is no notebook"
    assert numbers == list(range(1, len(numbers) + 1))


@every_notebook
def test_every_code_cell_is_stored_as_run_in_order(path):
    counts = [cell.execution_count for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_every_compared_cell_has_an_output_to_compare(path):
    # nbval passes a compared cell without a stored output.
    for cell in code_cells(read(path)):
        if "nbval-check-output" in tags(cell):
            assert cell.outputs, f"no output is stored under {first_words(cell)}"


@every_notebook
def test_no_cell_is_hidden_from_nbval(path):
    for cell in read(path).cells:
        assert not {"nbval-skip", "raises-exception", "nbval-raises-exception",
                    "nbval-ignore-output"} & set(tags(cell)), first_words(cell)
        assert "NBVAL" not in cell.source and "PYTEST_VALIDATE" not in cell.source


@every_notebook
def test_stored_outputs_show_neither_errors_nor_stderr_nor_memory_addresses(path):
    for cell in code_cells(read(path)):
        assert all(output.output_type != "error" for output in cell.outputs), first_words(cell)
        assert not stream(cell.outputs, "stderr"), first_words(cell)
        shown = stream(cell.outputs, "stdout") + "".join(
            output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        assert not re.search(r" at 0x[0-9a-f]{6,}", shown), first_words(cell)


@every_notebook
def test_every_stored_picture_has_an_alt_text_for_any_reader(path):
    pictures = [output for cell in code_cells(read(path)) for output in cell.outputs
                if "image/png" in output.get("data", {})]
    assert pictures
    for output in pictures:
        alt = output.metadata["image/png"]["alt"]
        assert len(alt.split()) >= 4 and output.data["text/plain"] == alt
        assert f'alt="{html.escape(alt)}"' in output.data["text/html"]


@every_notebook
def test_the_file_is_what_make_notebooks_would_write(path):
    assert not prepare_notebooks.changes(path), "run `make notebooks`"


@every_notebook
def test_the_file_is_below_three_megabytes(path):
    assert path.stat().st_size < 3_000_000


@every_notebook
def test_cell_ids_are_unique(path):
    repeated = [name for name, count in Counter(cell.id for cell in read(path).cells).items()
                if count > 1]
    assert not repeated


@every_notebook
def test_the_setup_cell_is_the_first_code_cell_and_short(path):
    first = code_cells(read(path))[0]
    assert first.id == "setup"
    assert first.source == prepare_notebooks.setup_source()
    assert len(first.source.splitlines()) <= 5


@every_notebook
def test_code_cells_are_short(path):
    lengths = [len(code_lines(cell.source)) for cell in code_cells(read(path))]
    assert max(lengths) <= 30
    assert median(lengths) <= 10


@every_notebook
def test_text_cells_are_short(path):
    assert median(words_in(cell) for cell in text_cells(read(path))) <= 120


@every_notebook
def test_the_notebook_opens_with_title_badge_minutes_and_three_objectives(path):
    nb = read(path)
    first = nb.cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# \S", first.source), "the first line is the title: # ..."
    assert prepare_notebooks.badge(path.name) in first.source.splitlines()
    before_setup = [cell.source for cell in nb.cells[:[c.id for c in nb.cells].index("setup")]]
    opening = "\n".join(before_setup)
    assert re.search(r"\b\d+ minutes\b", opening), "say how many minutes the notebook takes"
    _, found, after = opening.lower().partition("you will be able to")
    assert found, "name the objectives: you will be able to ..."
    assert len(re.findall(r"^\s*(?:[-*]|\d\.) ", after, flags=re.MULTILINE)) == 3


@every_notebook
def test_the_minutes_of_the_parts_add_up_to_those_of_the_opening(path):
    # "(8 minutes)" stands at a section, "(8 minutes more)" at what is for at home.
    texts = [cell.source for cell in text_cells(read(path))]
    whole = int(re.search(r"\b(\d+) minutes\b", texts[0]).group(1))
    parts = [int(found) for text in texts
             for found in re.findall(r"\((?:[^()]*: )?(\d+) minutes\)", text)]
    assert sum(parts) == whole, parts


@every_notebook
def test_the_notebook_has_two_exercises_one_of_them_code(path):
    nb = read(path)
    assert len([cell for cell in nb.cells if "exercise" in tags(cell)]) >= 2
    assert exercises(nb), "at least one exercise is code"


@every_notebook
def test_the_notebook_asks_to_predict_run_and_explain(path):
    prose = "\n".join(cell.source for cell in text_cells(read(path)))
    assert [word for word in ("Predict", "Run", "Explain") if not re.search(rf"\b{word}\b", prose)
            ] == []


@every_notebook
def test_the_notebook_closes_with_summary_exit_question_and_the_next_link(path):
    prose = "\n".join(cell.source for cell in text_cells(read(path)))
    _, found, closing = prose.partition("What you know now")
    assert found, "the summary is named: What you know now"
    assert re.search(r"exit question", closing, flags=re.IGNORECASE)
    assert re.search(r"<details>.+?</details>", closing, flags=re.DOTALL), "fold the answer"
    following = NOTEBOOKS[NOTEBOOKS.index(path) + 1:]
    if following:
        assert f"]({following[0].name})" in closing, f"link to {following[0].name}"


@every_notebook
def test_links_to_other_notebooks_bear_their_titles(path):
    titles = {other.name: read(other).cells[0].source.splitlines()[0].removeprefix("# ")
              for other in NOTEBOOKS}
    prose = "\n".join(cell.source for cell in text_cells(read(path)))
    for words, name in re.findall(r"\[([^\]]+)\]\((\d\d_\w+\.ipynb)\)", prose):
        assert words in (titles[name], titles[name].partition(" · ")[2])


def body(source):
    """Return the statements of a function as text, one each, without its docstring."""
    function, = ast.parse(source).body
    return [ast.unparse(part).replace("losses.", "") for part in function.body
            if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]


# The library's version differs from the lesson's: why.
LIBRARY_DIFFERS = {
    "bce_from_probability": "it gives 0, not NaN, for 0 log 0",
    "discriminator_step": "it offers label smoothing and R1",
}


@every_notebook
def test_the_solutions_stand_in_the_library_line_by_line(path):
    known = {exercise.name: exercise.reference for exercise in library_exercises()}
    for exercise in exercises(read(path)):
        name = ast.parse(exercise.source).body[0].name
        if name not in LIBRARY_DIFFERS:
            kept = body(textwrap.dedent(inspect.getsource(known[name])))
            missing = [line for line in body(exercise.source) if line not in kept]
            assert missing == [], f"{name} differs from the library"


# --- the notebooks solved -----------------------------------------------------------------------

# ■ is pressed in every loop: as they are, the notebooks run whole (nbval). `make test-answers`
# runs them whole with the solutions, too.
WHOLE_RUNS = bool(os.environ.get("WHOLE_RUNS"))
STOPPED = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from notebook_shell import stop_pressed_at
pressed = stop_pressed_at(40)
pressed.__enter__()
"""


@every_notebook
def test_with_every_solution_put_in_the_notebook_runs_and_each_check_says_yes(path):
    nb = solved(read(path))
    if not WHOLE_RUNS:
        nb.cells.insert(0, nbformat.v4.new_code_cell(STOPPED))
    run(nb, path.parent)
    problems = [f"cell {number}: {problem}" for number, cell in enumerate(code_cells(nb))
                if (problem := run_problem(cell, cell.outputs, verdict="✓"))]
    assert problems == []
