"""The table of times in the README, and the clocks in the teacher's guide."""

import json
import re

import nbformat
import pytest

from deck_text import SECTION
from tools import clock, write_times
from tools.notebook_files import NOTEBOOKS, read, title

PARTS = ["Goal", "What students get wrong, and what to say", "Skip if time is short",
         "Exit question", "Without GPU, without network"]


def readme():
    return write_times.README.read_text(encoding="utf-8")


def test_the_readme_lists_each_notebook_with_its_title_minutes_and_seconds():
    times = write_times.remembered()
    assert readme() == write_times.updated(readme(), times), "run `make times`"
    rows = write_times.rows(readme())
    assert list(rows) == [path.name for path in NOTEBOOKS]
    for path in NOTEBOOKS:
        number, link, words, minutes, computing = rows[path.name]
        assert f"{number} · {link.partition(']')[0][1:]}" == title(read(path))
        assert words and minutes == f"{write_times.minutes(path)} min"
        assert computing == f"{sum(times['seconds'][path.name].values()):.0f} s"


def test_the_guide_s_clocks_are_those_of_the_notebooks_and_of_the_deck():
    guide = write_times.GUIDE.read_text(encoding="utf-8")
    assert guide == write_times.updated_guide(guide, write_times.remembered()), "run `make times`"


def test_the_guide_tells_about_every_notebook_and_names_sections_that_are_there():
    guide = write_times.GUIDE.read_text(encoding="utf-8")
    told = re.split(r"^### (?=\d\d · )", guide.partition("## Marking")[0], flags=re.MULTILINE)[1:]
    assert [part.partition("\n")[0] for part in told] == [title(read(path)) for path in NOTEBOOKS]
    for part, path in zip(told, NOTEBOOKS):
        assert re.findall(r"^- \*\*(.+?)\*\*:", part, flags=re.MULTILINE)[:5] == PARTS, path.name
        headings = {heading[1] for cell in read(path).cells if cell.cell_type == "markdown"
                    for heading in SECTION.finditer(cell.source)}
        assert set(re.findall(r'\*\*"(.+?)"\*\*', part)) <= headings, path.name


def test_new_times_are_remembered_and_others_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(write_times, "TIMES_FILE", tmp_path / "times.json")
    (tmp_path / "times.json").write_text('{"machine": "old", "seconds": {"a": {"x": 1.0}}}')
    write_times.remember({"b": {"y": 2.04}})
    kept = json.loads((tmp_path / "times.json").read_text())
    assert kept["seconds"] == {"a": {"x": 1.0}, "b": {"y": 2.0}}
    assert " cores of " in kept["machine"]


def test_a_new_table_keeps_its_words_and_what_stands_around_it():
    first, second = (path.name for path in NOTEBOOKS[:2])
    times = {"machine": "3 cores of mine", "seconds": {first: {"a": 12.0, "b": 0.6}}}
    before, after = readme(), write_times.updated(readme(), times)
    old, new = write_times.rows(before), write_times.rows(after)
    assert new[first][4] == "13 s" and new[second][4] == "?"
    assert new[first][:4] == old[first][:4] and "3 cores of mine" in after
    assert after.partition(write_times.BEGIN)[0] == before.partition(write_times.BEGIN)[0]
    assert after.partition(write_times.END)[2] == before.partition(write_times.END)[2]


# --- the clock ----------------------------------------------------------------------------------

def cell(source: str, kind="markdown", **metadata):
    make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    return make(source, metadata=metadata)


def test_words_lines_and_seconds_are_counted_without_answers():
    run = cell("x = 1\n\n# why\ny = 2", "code")
    done = clock.work([cell("Three plain words"), run, cell("the solution", tags=["solution"]),
                       cell("One.<details>not this</details>")], {run.id: 30})
    assert (done.words, done.lines, done.seconds) == (4, 2, 30)
    assert done.minutes == pytest.approx(4 / 183 + 2 / (500 / 60) + 0.5)


def test_what_is_for_home_takes_no_minutes_in_class():
    nb = nbformat.v4.new_notebook(cells=[
        cell("# Title"), cell("## 1. One (5 minutes)"), cell("## At home: more (8 minutes more)"),
        cell("x", "code"), cell("## What you know now (2 minutes)"), cell("end")])
    assert [part.source[:8] for part in clock.in_class(nb)] == [
        "# Title", "## 1. On", "## What ", "end"]


def test_the_hour_has_sixty_minutes_and_names_every_slide_on_the_path():
    rows = [line.split(" | ") for line in clock.hour_table({}).splitlines()[2:]]
    starts = [float(row[0].removeprefix("| ")) for row in rows]
    lengths = [float(row[2]) for row in rows]
    assert starts == [sum(lengths[:number]) for number in range(len(rows))]
    assert sum(lengths) == 60
    assert "Watch them play" in " ".join(row[1] for row in rows)
    for row in rows:
        assert float(row[3].split(", ")[1].removesuffix(" min")) <= float(row[2]), row[1]
