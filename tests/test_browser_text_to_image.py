"""The tool of the notebook text_to_image in JupyterLab: a sentence typed, one word changed."""

import pytest

from tools.browser_lab import opened, picture, write_notebook

SETUP = """
import torch
from gan_lib import checkpoints, words
from gan_lib.widgets.describe import Describe
judges = words.Judges(*map(checkpoints.load, ("faces_classifier", "gaze_classifier")))
"""
TOOL, STATE = 2, 3


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """A notebook with the tool on the networks that ship."""
    write_notebook(
        lab.folder / "words.ipynb", SETUP,
        "tool = Describe(checkpoints.load('faces_by_words'), judges)\ntool.show()",
        "print(tool.shown, '|', ' '.join(tool.asked[1:]))")
    with opened(lab, browser, "words.ipynb", "tool on words") as notebook:
        notebook.run(last=TOOL)
        yield notebook


def test_a_typed_sentence_is_drawn_and_described(notebook):
    tool = notebook.show(TOOL)
    before = picture(tool)
    box = tool.locator("input[type=text]").first
    box.fill("A sad person with grey hair and a beanie.")
    box.press("Enter")
    picture(tool, other_than=before)
    assert notebook.said(STATE).startswith("A sad person with grey hair and a beanie.")
    tool.locator("[role=img][aria-label*='of “A sad person with grey hair and a beanie.” "
                 "The classifier sees: A ']").wait_for(state="attached")


@pytest.mark.parametrize("typed, answer", [
    ("A happy pirate", "The captions never had “happy” (near: smiling), “pirate”"),
    (" ", "There is no word here.")])
def test_what_is_not_understood_gets_a_sentence_and_the_picture_stays(notebook, typed, answer):
    tool = notebook.show(TOOL)
    before = picture(tool)
    box = tool.locator("input[type=text]").first
    box.fill(typed)
    box.press("Enter")
    tool.get_by_text(answer).wait_for()
    assert picture(tool) == before


def test_one_word_is_changed_and_the_difference_shown(notebook):
    tool = notebook.show(TOOL)
    box = tool.locator("input[type=text]").first
    box.fill("A calm person with red hair.")
    box.press("Enter")
    before = picture(tool)
    word, other = tool.locator("select").all()
    word.select_option("5: red")
    other.select_option("black")
    picture(tool, other_than=before)
    assert notebook.said(STATE).strip().endswith("| A calm person with black hair.")
