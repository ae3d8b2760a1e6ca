"""The bench's own machinery. Its figures are not tested: they differ between machines."""

import importlib
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bench import __main__ as bench
from bench import machine, notebooks, page, slider, start
from bench.report import Figure, Report, median
from tools.notebook_files import NOTEBOOKS, ROOT

# --- figures and the report -------------------------------------------------------------------

def test_a_median_has_a_range():
    figure = median("wait_ms", [3.0, 1.0, 10.0], unit="ms", note="of three")
    assert (figure.value, figure.low, figure.high) == (3.0, 1.0, 10.0)
    assert "3 ms" in figure.row() and "(1 to 10)" in figure.row() and "of three" in figure.row()


@pytest.mark.parametrize("value, goal, verdict", [
    (2.0, {"at_least": 2}, ">= 2 met"), (1.9, {"at_least": 2}, ">= 2 NOT MET"),
    (2.0, {"at_most": 2}, "<= 2 met"), (2.1, {"at_most": 2}, "<= 2 NOT MET"),
    (None, {"at_least": 2}, ">= 2"), (5.0, {}, "")])
def test_the_verdict_compares_with_the_goal(value, goal, verdict):
    figure = Figure("ratio", value, **goal)
    assert figure.verdict == verdict and verdict in figure.row()


def test_a_figure_that_was_not_measured_says_why():
    row = Figure("wait_ms", None, unit="ms", note="no browser").row()
    assert "not measured" in row and "no browser" in row


def test_the_file_holds_every_announced_key_and_the_ranges(tmp_path):
    report = Report()
    report.announce(("a", "b"))
    report.announce(("c",))
    report.add(median("b", [1, 2, 3]))
    report.add(Figure("c", True))
    report.write(tmp_path / "new" / "bench.json")
    assert json.loads((tmp_path / "new" / "bench.json").read_text()) == {
        "a": None, "b": 2, "b_low": 1, "b_high": 3, "c": True}


def test_a_figure_that_nobody_announced_and_a_key_announced_twice_are_refused():
    report = Report()
    report.announce(("a",))
    with pytest.raises(KeyError, match="no_such_key"):
        report.add(Figure("no_such_key", 1))
    for keys in (("a",), ("b", "b")):
        with pytest.raises(ValueError, match="announced twice"):
            report.announce(keys)


def test_a_report_that_cannot_be_written_leaves_the_last_one(tmp_path):
    path = tmp_path / "bench.json"
    path.write_text("the last one")
    report = Report(("a",))
    report.add(Figure("a", object()))  # JSON does not know it
    with pytest.raises(TypeError):
        report.write(path)
    assert path.read_text() == "the last one"


# --- running the parts ------------------------------------------------------------------------

def part(*keys, error=None):
    def measure(quick):
        for number, key in enumerate(keys):
            yield Figure(key, number)
        if error is not None:
            raise error
    return SimpleNamespace(TITLE=f"Part of {keys}", KEYS=keys, measure=measure)


@pytest.fixture
def main(monkeypatch, tmp_path):
    """Runs main() on these parts with these words; returns its exit status and the file."""
    def run(parts, *words):
        monkeypatch.setattr(bench, "PARTS", tuple(parts))
        monkeypatch.setattr(bench, "OUTPUT", tmp_path / "bench.json")
        monkeypatch.setattr(bench.importlib, "import_module",
                            lambda name: parts[name.removeprefix("bench.")])
        monkeypatch.setattr(sys, "argv", ["bench", *words])
        try:
            bench.main()
            status = 0
        except SystemExit as end:
            status = end.code
        return status, json.loads((tmp_path / "bench.json").read_text())
    return run


def test_all_parts_are_measured(main):
    assert main({"one": part("a", "b"), "two": part("c")}) == (
        0, {"bench_quick": False, "a": 0, "b": 1, "c": 0})


def test_a_part_that_fails_loses_neither_its_own_figures_nor_the_others(main, capsys):
    parts = {"one": part("a", error=OSError("the disk is full")), "two": part("c")}
    status, figures = main(parts)
    assert "one" in status and "two" not in status  # a sentence: Python exits with status 1
    assert figures == {"bench_quick": False, "a": 0, "c": 0}
    assert "the disk is full" in capsys.readouterr().err


def test_a_part_that_was_not_asked_for_is_null(main):
    assert main({"one": part("a"), "two": part("c")}, "--only", "two", "--quick") == (
        0, {"bench_quick": True, "a": None, "c": 0})


def test_the_real_parts_announce_different_keys_and_a_title():
    report = Report()
    for name in bench.PARTS:
        found = importlib.import_module(f"bench.{name}")
        report.announce(found.KEYS)
        assert found.TITLE and callable(found.measure)


def test_the_parts_that_measure_memory_and_answers_come_without_torch():
    # Memory that the bench shares with a kernel would not count as the kernel's.
    script = ("import sys; from bench import __main__, machine, notebooks, start, slider;"
              "print('torch' in sys.modules)")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    ran = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": paths},
                         check=True, text=True, capture_output=True)
    assert ran.stdout.strip() == "False"
    assert max(map(bench.PARTS.index, ("machine", "notebooks", "start"))) < min(
        map(bench.PARTS.index, ("throughput", "quality")))


# --- the cheap parts --------------------------------------------------------------------------

def test_the_machine_is_described():
    figures = {figure.key: figure for figure in machine.measure(quick=True)}
    assert tuple(figures) == machine.KEYS
    assert isinstance(figures["bfloat16_instructions"].value, bool)
    assert figures["machine_processor"].value and figures["machine_threads"].value >= 1


@pytest.mark.parametrize("load, warns", [(0.1, False), (1.7, True)])
def test_a_busy_machine_is_warned_of(monkeypatch, load, warns):
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0), raising=False)
    assert ("NOT QUIET" in machine.load_average().note) is warns


def test_a_system_that_does_not_tell_its_load(monkeypatch):
    monkeypatch.delattr(os, "getloadavg", raising=False)
    assert machine.load_average().value is None and machine.load_average().note


def notebook_figures(path):
    figures = {figure.key: figure for figure in notebooks.measure(quick=True, times_file=path)}
    assert tuple(figures) == notebooks.KEYS
    return figures


def test_the_notebooks_times_are_read(tmp_path):
    seconds = {path.name: {"a": 10.5, "b": number} for number, path in enumerate(NOTEBOOKS)}
    (tmp_path / "times.json").write_text(json.dumps({"machine": "mine", "seconds": seconds}))
    figures = notebook_figures(tmp_path / "times.json")
    assert figures["notebook_02_s"].value == 11.5 and figures["notebook_02_s"].note == "mine"
    assert figures["notebooks_total_s"].value == sum(
        sum(cells.values()) for cells in seconds.values())


def test_missing_times_are_null_and_say_what_to_do(tmp_path):
    seconds = {NOTEBOOKS[0].name: {"a": 5.0}}
    (tmp_path / "times.json").write_text(json.dumps({"machine": "mine", "seconds": seconds}))
    figures = notebook_figures(tmp_path / "times.json")
    assert figures["notebook_01_s"].value == 5.0 and figures["notebook_02_s"].value is None
    assert figures["notebooks_total_s"].value is None
    assert "make times" in figures["notebooks_total_s"].note


# --- start and slider, as far as they are cheap -------------------------------------------------

def test_memory_is_read_from_the_system_s_text():
    text = ("5581-7ffd ---p 00000000 00:00 0    [rollup]\nRss:   9000 kB\nPss:    4096 kB\n"
            "Pss_Anon:   1 kB\nPrivate_Clean:   1024 kB\nPrivate_Dirty:   512 kB\n")
    assert start.megabytes(text) == {"private": 1.5, "pss": 4.0}


def test_without_the_system_s_text_memory_is_null_and_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(start, "SMAPS", tmp_path / "no_such_file")
    monkeypatch.setattr(start, "seconds_of", lambda script: 1.0)
    figures = list(start.measure(quick=True))
    assert tuple(figure.key for figure in figures) == start.KEYS
    assert all((figure.value is None) is figure.key.startswith("kernel_") for figure in figures)
    assert all(figure.note for figure in figures if figure.value is None)


def test_the_time_of_a_script_that_fails_is_an_error_with_its_last_words():
    assert start.seconds_of("pass") > 0
    with pytest.raises(RuntimeError, match="no_such_name"):
        start.seconds_of("no_such_name")


def test_the_training_of_notebook_04_is_found_and_shortened():
    whole, shorter = start.training_cells(quick=False), start.training_cells(quick=True)
    assert start.TRAINING in whole[len(shorter) - 1]
    assert shorter[:-1] == whole[:len(shorter) - 1]
    assert "game.play(seconds=10," in shorter[-1]


def test_without_a_browser_the_screen_is_null_and_says_why(monkeypatch):
    monkeypatch.setattr(slider, "find_browser", lambda: None)
    monkeypatch.setattr(slider, "in_kernel", lambda count: ([1.0], [2.0]))
    figures = list(slider.measure(quick=True))
    assert tuple(figure.key for figure in figures) == slider.KEYS
    assert [figure.value for figure in figures[:2]] == [1.0, 2.0]
    assert all(figure.value is None and "no Chromium" in figure.note for figure in figures[2:])


def test_without_a_browser_the_page_is_null_and_says_why(monkeypatch):
    monkeypatch.setattr(page, "find_browser", lambda: None)
    figures = list(page.measure(quick=True))
    assert tuple(figure.key for figure in figures) == page.KEYS
    assert all(figure.value is None and "no Chromium" in figure.note for figure in figures)
