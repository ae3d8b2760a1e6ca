"""The arena in the real JupyterLab: play, watch, change something, pause, other cells meanwhile."""

import re
import time

import pytest

from tools.browser_lab import LIVE, opened, picture, write_notebook

TOOL, TURN, SLIDER = 1, 2, 3
CELLS = ["from gan_lib import device\nfrom gan_lib.widgets.arena import ArenaTool\ndevice.start()",
         "tool = ArenaTool()\ntool.show()", "print(tool.arena.game.steps)"]


@pytest.fixture(scope="module")
def notebook(lab, browser):
    write_notebook(lab.folder / "arena.ipynb", *CELLS)
    with opened(lab, browser, "arena.ipynb", "arena") as notebook:
        notebook.run(last=notebook.cell("tool.show()"))
        yield notebook


def turn(tool) -> int:
    """Return the turn that the page shows."""
    label = tool.locator(LIVE).get_attribute("aria-label")
    return int(re.search(r"turn ([\d,]+)", label).group(1).replace(",", ""))


def until(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_play_moves_picture_and_turns_while_other_cells_run_and_pause_ends_it(notebook):
    tool = notebook.show(notebook.cell("tool.show()"))
    tool.locator(LIVE).wait_for()
    assert not tool.locator(".gan-tool-picture").first.is_visible()
    first, start = picture(tool), turn(tool)
    tool.get_by_role("button", name="Play").click()
    second = picture(tool, other_than=first)
    until(lambda: turn(tool) > start + 20)
    played = int(notebook.said(notebook.cell("print(tool")))  # another cell, while it plays
    assert played > 20
    tool.get_by_label("Loss").select_option("minimax")
    until(lambda: "minimax" in tool.get_by_label("Loss").locator("option:checked").inner_text())
    tool.get_by_role("button", name="Pause").click()
    time.sleep(1)
    last = picture(tool)
    assert last not in (first, second)
    time.sleep(1)
    assert picture(tool) == last
    assert notebook.said(notebook.cell("print(tool")) == notebook.said(notebook.cell("print(tool"))
