"""The arena in the real JupyterLab: play, watch, change something, pause, other cells meanwhile."""

import re
import time

import pytest

from tools.browser_lab import LIVE, opened, picture, write_notebook

CELLS = ["from gan_lib import device\nfrom gan_lib.widgets.arena import ArenaTool\ndevice.start()",
         "made = []", "made.append(ArenaTool())\nmade[-1].show()", "print(made[0].game.steps)",
         "print([tool.plays for tool in made])"]


@pytest.fixture(scope="module")
def notebook(lab, browser):
    write_notebook(lab.folder / "arena.ipynb", *CELLS)
    with opened(lab, browser, "arena.ipynb", "arena") as notebook:
        notebook.run(last=notebook.cell("show()"))
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
    tool = notebook.show(notebook.cell("show()"))
    tool.locator(LIVE).wait_for()
    assert not tool.locator(".gan-tool-picture").first.is_visible()
    first, start = picture(tool), turn(tool)
    tool.get_by_role("button", name="Play").click()
    second = picture(tool, other_than=first)
    until(lambda: turn(tool) > start + 20)
    played = int(notebook.said(notebook.cell("game.steps")))  # another cell, while it plays
    assert played > 20
    tool.get_by_label("Loss").select_option("minimax")
    until(lambda: "minimax" in tool.get_by_label("Loss").locator("option:checked").inner_text())
    tool.get_by_role("button", name="Pause").click()
    time.sleep(1)
    last = picture(tool)
    assert last not in (first, second)
    time.sleep(1)
    assert picture(tool) == last
    assert notebook.said(notebook.cell("game.steps")) == notebook.said(notebook.cell("game.steps"))


def test_the_mouse_draws_real_points(notebook):
    tool = notebook.show(notebook.cell("show()"))
    tool.get_by_label("Draw points").check()
    canvas = tool.locator(LIVE)
    until(lambda: canvas.evaluate("canvas => canvas.style.cursor") == "crosshair")
    canvas.scroll_into_view_if_needed()
    box, mouse = canvas.bounding_box(), notebook.page.mouse
    mouse.move(box["x"] + 100, box["y"] + 100)
    mouse.down()
    mouse.move(box["x"] + 300, box["y"] + 200, steps=20)
    mouse.up()
    until(lambda: "real points (drawn)" in canvas.get_attribute("aria-label"))
    points = int(re.search(r"(\d+) real points", canvas.get_attribute("aria-label")).group(1))
    assert points % 6 == 0 and points > 60
    assert tool.get_by_label("Real points").locator("option:checked").inner_text() == "drawn"


def test_a_cell_that_is_run_again_ends_the_game_that_played_there(notebook):
    tool = notebook.show(notebook.cell("show()"))
    tool.get_by_role("button", name="Play").click()
    until(lambda: notebook.said(notebook.cell("plays")).strip() == "[True]")
    notebook.said(notebook.cell("show()"))
    until(lambda: notebook.said(notebook.cell("plays")).strip() == "[False, False]")
