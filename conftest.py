"""Makes nbval stricter, keeps the tests off the network, lends them a browser, and writes the
notebooks' times.

It lies here and not in tests/, because the notebooks are collected from notebooks/.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict

import pytest
from nbval.plugin import IPyNbCell

from gan_lib import device, files
from tools.browser_lab import PROMPT_PICTURES, find_browser, running_browser, running_lab
from tools.notebook_files import TIMES_FILE, run_problem

# notebook -> "unsolved" or "solved" -> seconds of each step
_times = defaultdict(lambda: defaultdict(list))


@pytest.fixture
def one_thread():
    """Compute on one thread, so that sums are added up in the same order each time."""
    with device.threads(1):
        yield


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; without one the test is skipped, or fails where one is required."""
    path = find_browser()
    if path is None:
        reason = "no Chromium or Chrome is installed"
        if os.environ.get("GAN_COURSE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with running_browser(path) as browser:
        yield browser


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab as `make lab` starts it."""
    with running_lab(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course"),
                     PROMPT_PICTURES) as lab:
        yield lab


def pytest_configure(config):
    # The course has to work offline: whatever asks the network during a test fails at once.
    for name in ("http_proxy", "https_proxy"):
        os.environ[name] = os.environ[name.upper()] = "http://127.0.0.1:9"
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1,localhost"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    if isinstance(item, IPyNbCell):
        problem = run_problem(item.cell, item.test_outputs, verdict="Not yet")
        if problem:
            item.raise_cell_error(problem)
    return result


def pytest_runtest_logreport(report):
    path, _, cell = report.nodeid.partition("::")
    if path.endswith(".ipynb") and cell.startswith("Cell "):
        name = path.rpartition("/")[2]
        _times[name]["unsolved"].append((cell, report.duration))
    elif report.when == "call":
        for name, value in report.user_properties:
            if name == "solved_run":
                _times[value["notebook"]]["solved"] = [tuple(step) for step in value["steps"]]


def _summary(steps: list) -> dict:
    cells = defaultdict(float)
    for cell, seconds in steps:
        cells[cell] += seconds
    slowest = max(cells, key=cells.get)
    return {"seconds": round(sum(cells.values()), 1), "slowest_cell": slowest,
            "slowest_cell_seconds": round(cells[slowest], 1)}


def pytest_terminal_summary(terminalreporter):
    if not _times:
        return
    TIMES_FILE.parent.mkdir(exist_ok=True)
    stored = json.loads(TIMES_FILE.read_text()) if TIMES_FILE.exists() else {}
    terminalreporter.section("notebooks: wall time")
    for name in sorted(_times):
        for kind, steps in sorted(_times[name].items(), reverse=True):
            row = _summary(steps)
            stored.setdefault(name, {})[kind] = row
            note = " (above 60 s)" if row["slowest_cell_seconds"] > 60 else ""
            terminalreporter.line(
                f"{name} {kind}: {row['seconds']} s, slowest {row['slowest_cell']} with "
                f"{row['slowest_cell_seconds']} s{note}")
    files.write_whole(TIMES_FILE, (json.dumps(stored, indent=2, sort_keys=True) + "\n").encode())
