"""The training room and the time machine in the real JupyterLab: play, pause, wind back, branch."""

import time

import pytest

from tools.browser_lab import HANDLE, opened, picture, write_notebook

CELLS = ["from gan_lib import device\nfrom gan_lib.room import Settings\n"
         "from gan_lib.widgets.time_machine import TimeMachine\n"
         "from gan_lib.widgets.training_room import TrainingRoom\ndevice.start()",
         "room = TrainingRoom(Settings(width=4))\nroom.show()",
         "print(room.game.steps, room.plays)",
         "machine = TimeMachine(room.recording())\nmachine.length.value = 100\nmachine.show()",
         "print(machine.turn.value, machine.branch and machine.branch.turns, machine.plays)"]


@pytest.fixture(scope="module")
def notebook(lab, browser):
    write_notebook(lab.folder / "room.ipynb", *CELLS)
    with opened(lab, browser, "room.ipynb", "room") as notebook:
        notebook.run(last=notebook.cell("room.show()"))
        yield notebook


def until(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def said(notebook, cell: str) -> list[str]:
    return notebook.said(notebook.cell(cell)).split()


def test_a_game_is_played_paused_wound_back_and_branched(notebook):
    tool = notebook.show(notebook.cell("room.show()"))
    first = picture(tool)
    tool.get_by_role("button", name="Play").click()
    second = picture(tool, other_than=first)
    tool.get_by_label("Rate of G").select_option("0.001")
    until(lambda: int(said(notebook, "room.game")[0]) > 30)  # another cell, while it plays
    tool.get_by_role("button", name="Pause").click()
    until(lambda: said(notebook, "room.game")[1] == "False")
    assert picture(tool) not in (first, second)
    turns = int(said(notebook, "room.game")[0])

    notebook.said(notebook.cell("machine.show()"))
    machine = notebook.show(notebook.cell("machine.show()"))
    end = picture(machine)
    machine.locator(HANDLE).first.focus()
    for _ in range(2):
        notebook.page.keyboard.press("ArrowLeft")  # the keyboard reaches the slider
    back = picture(machine, other_than=end)
    until(lambda: int(said(notebook, "machine.turn")[0]) < turns)
    begun = int(said(notebook, "machine.turn")[0])
    machine.get_by_role("button", name="Branch here").click()
    until(lambda: said(notebook, "machine.turn")[1:] == [str(begun + 100), "False"])
    assert picture(machine, other_than=back) != end
