"""The notebooks in other forms: HTML, slides, scripts, PDF, and handouts without the answers.

`make test-exports` runs all notebooks as scripts; the suite runs two quick ones.
"""

import ast
import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter, PDFExporter, SlidesExporter
from PIL import Image

from tools import badge, handouts
from tools.notebook_files import (
    NOTEBOOKS,
    ROOT,
    code_cells,
    exercises,
    read,
    run,
    tags,
    text_cells,
    title,
)

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
no_latex = not (shutil.which("xelatex") and shutil.which("pandoc"))
needs_latex = pytest.mark.skipif(
    no_latex and os.environ.get("GAN_COURSE_REQUIRE_PDF") != "1",
    reason="xelatex or pandoc is not installed; GAN_COURSE_REQUIRE_PDF=1 makes this a failure")
QUICK = NOTEBOOKS[:2]
NARROW = {"Windows pipe": {"PYTHONIOENCODING": "cp1252"},
          "POSIX": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}}


def python(*words, **environment):
    """Run Python outside of a notebook and return what came of it; output as bytes."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run([sys.executable, *words], capture_output=True, cwd=ROOT / "notebooks",
                          env=dict(os.environ, PYTHONPATH=path, **environment))


def alts(path, slides=False):
    """Return the alt texts of the notebook's pictures; only of those that `slides` show."""
    return [output.metadata["image/png"]["alt"] for cell in code_cells(read(path))
            for output in cell.outputs if "image/png" in output.get("data", {})
            and not (slides and cell.metadata.get("slideshow", {}).get("slide_type") == "skip")]


# --- HTML, slides, the badge ------------------------------------------------------------------

@every_notebook
@pytest.mark.parametrize("exporter", [HTMLExporter, SlidesExporter])
def test_as_a_page_it_has_its_title_its_pictures_and_no_remains_of_widgets(path, exporter):
    page, _ = exporter().from_filename(path)
    assert f"<title>{title(read(path))}" in page
    for alt in alts(path, slides=exporter is SlidesExporter):
        assert f'<img alt="{alt}" src="data:image/png;base64,' in html.unescape(page)
    assert "No description has been provided" not in page
    assert "widget-view+json" not in page and "0%|" not in page


BAR = """
from gan_lib import progress
for _ in progress.bar(steps=3):
    pass
print("trained")
"""


def test_an_export_shows_no_bar_of_a_training_that_is_over():
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BAR)])
    run(nb, ROOT / "notebooks")
    assert "".join(output.get("text", "") for output in nb.cells[0].outputs) == "trained\n"
    page, _ = HTMLExporter().from_notebook_node(nb)
    assert "trained" in page and "<progress" not in page and "of 3 steps" not in page


def test_the_badge_is_a_small_png_and_its_code_draws_it():
    stored, drawn = Image.open(badge.FILE), badge.draw()
    assert (stored.format, stored.size, stored.mode) == ("PNG", drawn.size, drawn.mode)
    assert badge.FILE.stat().st_size < 10_000


# --- scripts ----------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """All notebooks as scripts, made by the command that a student would type."""
    folder = tmp_path_factory.mktemp("scripts")
    made = python("-m", "nbconvert", "--to", "script", "--output-dir", str(folder),
                  *map(str, NOTEBOOKS))
    assert made.returncode == 0, made.stderr.decode()
    return folder


@every_notebook
def test_as_a_script_it_is_python_and_needs_ipython_only_to_install_itself(path, scripts):
    tree = ast.parse((scripts / f"{path.stem}.py").read_text(encoding="utf-8"))
    for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)):
        handler.body = []
    assert "get_ipython" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@every_notebook
def test_the_script_runs_in_plain_python_whatever_the_output_can_hold(path, scripts, tmp_path):
    if path not in QUICK and os.environ.get("GAN_COURSE_ALL_SCRIPTS") != "1":
        pytest.skip("`make test-exports` runs all scripts")
    narrow = NARROW["Windows pipe" if path in NOTEBOOKS[::2] else "POSIX"]
    ran = python(str(scripts / f"{path.stem}.py"), **narrow)
    said = ran.stdout.decode("latin-1")
    assert ran.returncode == 0, ran.stderr.decode("latin-1")
    assert "Traceback" not in ran.stderr.decode("latin-1")
    assert alts(path)[0][:40] in said
    assert "iVBOR" not in said and "<img" not in said


@pytest.mark.parametrize("narrow", NARROW.values(), ids=NARROW)
def test_no_print_dies_for_a_letter_that_the_output_cannot_hold(narrow, tmp_path):
    (tmp_path / "own.py").write_text("import gan_lib; print('✓ |ΔD| → 2θ'); print('ok', 1/0)",
                                     encoding="utf-8")
    ran = python(str(tmp_path / "own.py"), **narrow)
    assert ran.stdout.decode("latin-1").strip() == "? |?D| ? 2?"
    assert b"ZeroDivisionError" in ran.stderr and b"Unicode" not in ran.stderr


# --- PDF --------------------------------------------------------------------------------------

class OncePDF(PDFExporter):
    """`nbconvert --to pdf`, but LaTeX runs once instead of three times; `tex_log` is its log."""

    latex_count = 1

    def run_latex(self, filename, *arguments, **options):
        result = super().run_latex(filename, *arguments, **options)
        self.tex_log = Path(filename).with_suffix(".log").read_text(encoding="utf-8",
                                                                    errors="replace")
        return result


@needs_latex
@every_notebook
def test_as_a_pdf_it_loses_no_letter(path, monkeypatch):
    monkeypatch.setenv("max_print_line", "1000")  # LaTeX would break lines of its log
    exporter = OncePDF()
    pdf, _ = exporter.from_filename(path)
    assert pdf.startswith(b"%PDF") and len(pdf) > 100_000
    lost = set(re.findall(r"Missing character: There is no (\S+)", exporter.tex_log))
    assert not lost, f"LaTeX's font lacks {lost}: write them as formulas, $\\theta$ for example"


# A list right under a line of text is a list in Jupyter, but not for pandoc.
LIST_WITHOUT_A_GAP = re.compile(r"^(?!\s|[-*|] |\d+\. )[^\n]+\n(?:[-*]|\d+\.) .*", re.MULTILINE)


@every_notebook
def test_its_text_means_the_same_to_pandoc(path):
    for cell in text_cells(read(path)):
        found = LIST_WITHOUT_A_GAP.search(cell.source)
        assert not found, f"put an empty line before the list: {found.group(0)!r}"
        for code in re.findall(r"```python\n(.*?)```", cell.source, flags=re.DOTALL):
            longest = max(code.splitlines(), key=len)
            assert len(longest) <= 93, f"the paper ends before this line does: {longest}"


# --- handouts ---------------------------------------------------------------------------------

@every_notebook
def test_a_handout_holds_no_line_of_a_solution_and_no_folded_answer(path):
    nb = read(path)
    handout = handouts.without_answers(nb)
    kept = set().union(*(handouts.lines(cell.source) for cell in handout.cells))
    for cell in code_cells(handout):
        for output in cell.outputs:
            kept |= handouts.lines(output.get("text", ""))
    assert handouts.solution_lines(nb) and not handouts.solution_lines(nb) & kept
    prose = "\n".join(cell.source for cell in text_cells(handout))
    assert "<details>" not in prose and "<summary>" not in prose
    answers = re.findall(r"<summary>Answer</summary>\s*(.*?)\s*</details>",
                         "\n".join(cell.source for cell in text_cells(nb)), flags=re.DOTALL)
    assert answers and not [answer for answer in answers if answer in prose]


@every_notebook
def test_a_handout_keeps_the_questions_the_stubs_and_the_pictures(path):
    nb, handout = read(path), handouts.without_answers(read(path))
    sources = [cell.source for cell in handout.cells]
    assert all(nb.cells[exercise.stub].source in sources for exercise in exercises(nb))
    assert re.search("exit question", "\n".join(sources), flags=re.IGNORECASE)
    pictures = [[output for cell in code_cells(book) if "check" not in tags(cell)
                 for output in cell.outputs if "data" in output] for book in (nb, handout)]
    assert pictures[0] == pictures[1]


def test_a_solution_that_a_cell_prints_is_left_out_too(tmp_path):
    new, solution = nbformat.v4, "def double(x):\n    return 2 * x"
    folded = f"<details><summary>Solution</summary>\n\n```python\n{solution}\n```\n\n</details>"
    shown = new.new_output("stream", name="stdout", text=f"{solution}\n")
    nb = new.new_notebook(cells=[
        new.new_code_cell("def double(x):\n    ...", metadata={"tags": ["exercise"]}),
        new.new_code_cell("double = exercises.check(double)", metadata={"tags": ["check"]}),
        new.new_markdown_cell(folded, metadata={"tags": ["solution"]}),
        new.new_code_cell("print(inspect.getsource(double))", outputs=[shown])])
    path = tmp_path / "07_x.ipynb"
    nbformat.write(nb, path)
    page = handouts.write(path, "html", tmp_path / "print").read_text(encoding="utf-8")
    assert "inspect.getsource" in re.sub("<.*?>", "", page)
    assert "2 * x" not in re.sub("<.*?>", "", page)


@needs_latex
def test_a_handout_is_written_as_a_pdf(tmp_path):
    file = handouts.write(NOTEBOOKS[0], "pdf", tmp_path)
    assert file.read_bytes().startswith(b"%PDF") and file.name == f"{NOTEBOOKS[0].stem}.pdf"
