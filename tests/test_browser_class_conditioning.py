"""The tools of the notebook class_conditioning in the real JupyterLab, with mouse and keyboard."""

import pytest

from tools.browser_lab import HANDLE, LIVE, drag, opened, picture, write_notebook

SETUP = """
import sys
sys.path.insert(0, {tests!r})
from widget_tools import judge_of_digits, judge_of_faces, of_digits, of_faces
from gan_lib.widgets.asked_face import AskedFace
from gan_lib.widgets.class_slider import ClassSlider
from gan_lib.widgets.handwriting import Handwriting
"""
SLIDER, NUMBER, FACE, STATE = range(2, 6)


@pytest.fixture(scope="module")
def notebook(lab, browser, request):
    """A notebook with the three tools; their networks are untrained."""
    write_notebook(
        lab.folder / "classes.ipynb", SETUP.format(tests=str(request.path.parent)),
        "slider = ClassSlider(of_digits(), judge_of_digits())\nslider.show()",
        "number = Handwriting(of_digits())\nnumber.show()",
        "face = AskedFace(of_faces(), judge_of_faces())\nface.show()",
        "print(slider.way.value, number.text.value, face.buttons['hat'].value)")
    with opened(lab, browser, "classes.ipynb", "tools on classes") as notebook:
        notebook.run(last=FACE)
        yield notebook


def test_the_page_draws_the_way_from_class_to_class(notebook):
    tool = notebook.show(SLIDER)
    tool.locator(LIVE).wait_for(timeout=30_000)
    before = picture(tool)
    drag(notebook.page, tool.locator(HANDLE).first, to_the_right=80)
    picture(tool, other_than=before)
    assert tool.get_by_role("alert").count() == 0
    assert float(notebook.said(STATE).split()[0]) > 0.6


def test_a_number_is_typed_and_what_is_no_number_gets_a_sentence(notebook):
    tool = notebook.show(NUMBER)
    before = picture(tool)
    box = tool.locator("input[type=text]").first
    box.fill("1984")
    shown = picture(tool, other_than=before)
    box.fill("19a4")
    tool.get_by_text("but this one holds a").wait_for()
    assert picture(tool) == shown
    box.fill("31")
    picture(tool, other_than=shown)
    assert notebook.said(STATE).split()[1] == "31"


def test_a_button_of_the_face_is_pressed(notebook):
    tool = notebook.show(FACE)
    before = picture(tool)
    tool.get_by_role("button", name="beanie").click()
    picture(tool, other_than=before)
    assert notebook.said(STATE).split()[2] == "beanie"
    rows = tool.locator(".widget-toggle-buttons")
    assert rows.count() == 12
    for row in rows.all():  # every name has room
        for button in row.locator("button").all():
            assert button.evaluate("b => b.scrollWidth <= b.clientWidth"), button.inner_text()
