"""Makes nbval stricter, keeps the tests off the network, lends them a browser, and writes the
notebooks' times.

It lies here and not in tests/, because the notebooks are collected from notebooks/.
"""

from __future__ import annotations

import os
from collections import defaultdict

import pytest
import torch
from nbval.plugin import IPyNbCell

from gan_lib import device
from tools.browser_lab import PROMPT_PICTURES, find_browser, running_browser, running_lab
from tools.notebook_files import run_problem

_times = defaultdict(lambda: defaultdict(float))  # notebook -> id of a cell -> seconds


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
    # As many threads as a lesson has, here and in what a test starts: two files are tested at a
    # time, and with all cores for each of them a small network was up to 35 times slower.
    torch.set_num_threads(device.lesson_threads())
    os.environ.setdefault("OMP_NUM_THREADS", str(device.lesson_threads()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    if isinstance(item, IPyNbCell):
        item.user_properties.append(("cell", item.cell.id))
    result = yield
    if isinstance(item, IPyNbCell):
        problem = run_problem(item.cell, item.test_outputs, verdict="Not yet")
        if problem:
            item.raise_cell_error(problem)
    return result


def pytest_runtest_logreport(report):
    path = report.nodeid.partition("::")[0]
    cell = dict(report.user_properties).get("cell")
    if cell:
        _times[path.rpartition("/")[2]][cell] += report.duration


def pytest_terminal_summary(terminalreporter):
    if not _times:
        return
    terminalreporter.section("notebooks: wall time")
    for name, cells in sorted(_times.items()):
        slowest = max(cells, key=cells.get)
        note = " (above 60 s)" if cells[slowest] > 60 else ""
        terminalreporter.line(f"{name}: {sum(cells.values()):.1f} s, slowest {slowest} with "
                              f"{cells[slowest]:.1f} s{note}")
    if os.environ.get("GAN_COURSE_TIMES") == "1":  # set by `make times`
        from tools import write_times  # needs what the deck is built with
        write_times.remember(_times)
