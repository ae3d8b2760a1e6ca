"""You against D in the real JupyterLab: a whole game with the mouse, and a class types scores."""

import pytest

from tools.browser_lab import opened, picture, write_notebook

CELLS = ["""import torch
from gan_lib import checkpoints, data, models
from gan_lib.widgets.against_d import AgainstD
from gan_lib.widgets.blind_cards import BlindCards
from gan_lib.widgets.class_scores import ClassScores
torch.manual_seed(0)
D = models.ConvDiscriminator(size=32, width=4)
stages = {"turn 100": checkpoints.load("digits_stage_1")}""",
         "cards = BlindCards(data.load('digits', size=32, n=50), stages, cards=3)\ncards.show()",
         "game = AgainstD(cards, D)\ngame.show()", "ClassScores()"]


@pytest.fixture(scope="module")
def notebook(lab, browser):
    write_notebook(lab.folder / "against_d.ipynb", *CELLS)
    with opened(lab, browser, "against_d.ipynb", "against D") as notebook:
        notebook.run()
        yield notebook


def button(tool, name):
    return tool.get_by_role("button", name=name, exact=True)


def test_a_whole_game_from_the_first_card_to_both_results(notebook):
    first = notebook.show(notebook.cell("cards.show()"))
    for answer in ("Real", "Fake", "Real"):
        button(first, answer).click()
    first.get_by_text("All 3 cards are played").wait_for()
    first.locator("th", has_text="seconds a card").wait_for()

    game = notebook.show(notebook.cell("game.show()"))
    assert not button(game, "Real").is_visible()
    before = picture(game)
    button(game, "Next fake").click()
    picture(game, other_than=before)
    bar = game.locator("[style*=gan-left]")
    width = bar.bounding_box()["width"]
    notebook.page.wait_for_timeout(2000)
    assert 0 < bar.bounding_box()["width"] < width  # the page moves it; the kernel waits
    button(game, "Judge again").click()
    button(game, "Real").wait_for()
    assert not button(game, "Next fake").is_visible() and not bar.is_visible()
    for _ in range(3):
        button(game, "Fake").click()
    game.get_by_text("All 3 cards are played").wait_for()
    for judge in ("you, before", "D, before", "you, after", "D, after"):
        game.locator("th", has_text=judge).wait_for()
    box, inside = game.locator("table").last.bounding_box(), game.bounding_box()
    assert box["x"] + box["width"] <= inside["x"] + 590  # the table leaves the picture its place


def test_a_class_types_its_scores(notebook):
    tool = notebook.show(notebook.cell("ClassScores()"))
    empty = picture(tool)
    field = tool.locator("input[type=text]").first
    field.fill("12, 9, 14")
    tool.get_by_text("Medians: before 12").wait_for()
    typed = picture(tool, other_than=empty)
    field.fill("12, 9, 140")
    tool.get_by_text("Before: A score is a whole number from 0 to 20").wait_for()
    assert picture(tool) == typed
