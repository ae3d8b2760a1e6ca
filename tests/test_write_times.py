"""The table of times in the README."""

import os

from tools import write_times
from tools.notebook_files import NOTEBOOKS, read, title


def readme():
    return write_times.README.read_text(encoding="utf-8")


def test_the_readme_lists_each_notebook_with_its_title_and_minutes():
    assert readme() == write_times.updated(readme(), {}), "run `make times`"
    rows = write_times.rows(readme())
    assert list(rows) == [path.name for path in NOTEBOOKS]
    for path in NOTEBOOKS:
        number, link, _, minutes, computing = rows[path.name]
        assert f"{number} · {link.partition(']')[0][1:]}" == title(read(path))
        assert minutes == f"{write_times.minutes(path)} min"
        assert computing.removesuffix(" s").isdigit() or computing == "?"


def test_new_times_are_written_and_words_and_other_times_kept():
    first, second = (path.name for path in NOTEBOOKS[:2])
    before, after = readme(), write_times.updated(readme(), {first: 12.6})
    old, new = write_times.rows(before), write_times.rows(after)
    assert new[first][4] == "13 s" and new[second] == old[second]
    assert new[first][:4] == old[first][:4]
    assert f"{os.cpu_count()} cores" in after
    assert after.partition(write_times.BEGIN)[0] == before.partition(write_times.BEGIN)[0]
    assert after.partition(write_times.END)[2] == before.partition(write_times.END)[2]


def test_a_new_notebook_gets_a_row(monkeypatch):
    monkeypatch.setattr(write_times, "NOTEBOOKS", NOTEBOOKS[:1])
    one = write_times.updated(readme(), {})
    monkeypatch.undo()
    rows = write_times.rows(write_times.updated(one, {}))
    assert list(rows) == [path.name for path in NOTEBOOKS]
    assert rows[NOTEBOOKS[-1].name][2] == "" and rows[NOTEBOOKS[-1].name][4] == "?"
