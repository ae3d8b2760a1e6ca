"""The drawing pad and the clock in the real JupyterLab, with mouse, finger and keyboard."""

import io
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tools.browser_lab import opened, picture, write_notebook

SETUP = """
import json
from gan_lib.widgets.drawing_pad import DrawingPad
from gan_lib.widgets.talk_timer import TalkTimer
"""
PAD, TIMER, STATE = range(2, 5)
SHEET = "canvas.gan-pad"
DARK = """sheet => {
    const { data } = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height);
    let dark = 0;
    for (let i = 3; i < data.length; i += 4) dark += data[i] > 128;
    return dark;
}"""


@pytest.fixture(scope="module")
def notebook(lab, browser):
    write_notebook(
        lab.folder / "project.ipynb", SETUP, "pad = DrawingPad('kept')\npad.show()",
        "timer = TalkTimer()\ntimer.show()",
        "print(json.dumps({'strokes': pad.strokes, 'words': pad.message.value, "
        "'seconds': timer.seconds.value}))")
    with opened(lab, browser, "project.ipynb", "pad and clock") as notebook:
        notebook.run(last=TIMER)
        yield notebook


@pytest.fixture
def pad(notebook):
    tool = notebook.show(PAD)
    tool.locator(SHEET).wait_for()
    tool.get_by_role("button", name="Clear").click()
    tool.locator(f"{SHEET}[aria-label*='0 strokes']").wait_for()
    return tool


def state(notebook):
    return json.loads(notebook.said(STATE))


def draw(page, sheet, way):
    """Draw with the mouse through places of the sheet, given in shares of its sides."""
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    places = [(box["x"] + box["width"] * right, box["y"] + box["height"] * down)
              for right, down in way]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def test_the_mouse_draws_a_stroke_and_keep_counts_it(notebook, pad, lab):
    before, sheet = picture(pad), pad.locator(SHEET)
    draw(notebook.page, sheet, [(0.2, 0.2), (0.8, 0.8)])
    shown = picture(pad, other_than=before)
    draw(notebook.page, sheet, [(0.8, 0.2), (0.2, 0.8)])
    picture(pad, other_than=shown)
    pad.locator(f"{SHEET}[aria-label*='2 strokes']").wait_for()
    inked = sheet.evaluate(DARK)
    (first, *_, last), _ = state(notebook)["strokes"]
    assert first == pytest.approx([0.2, 0.2], abs=0.02)
    assert last == pytest.approx([0.8, 0.8], abs=0.02)
    assert inked > 20_000
    pad.get_by_role("button", name="Undo").click()
    pad.locator(f"{SHEET}[aria-label*='1 stroke.']").wait_for()
    assert 0.4 * inked < sheet.evaluate(DARK) < 0.6 * inked
    pad.get_by_role("button", name="Keep").click()
    pad.get_by_text("1 drawing is kept in kept.").wait_for()
    assert sheet.evaluate(DARK) == 0
    file, = (lab.folder / "kept").iterdir()
    with Image.open(file) as kept:
        assert kept.size == (64, 64) and kept.getextrema() == (0, 255)


def test_a_finger_draws_and_a_second_one_does_not(notebook, pad):
    pad.locator(SHEET).evaluate("""sheet => {
        sheet.setPointerCapture = () => {};
        const box = sheet.getBoundingClientRect();
        const send = (kind, id, x, y) => sheet.dispatchEvent(new PointerEvent(kind, {
            pointerId: id, pointerType: "touch", isPrimary: id === 7, button: 0, bubbles: true,
            cancelable: true, clientX: box.left + x * box.width,
            clientY: box.top + y * box.height }));
        send("pointerdown", 7, 0.3, 0.5);
        send("pointermove", 7, 0.5, 0.5);
        send("pointerdown", 8, 0.9, 0.9);
        send("pointermove", 8, 0.8, 0.8);
        send("pointermove", 7, 0.7, 0.5);
        send("pointerup", 8, 0.8, 0.8);
        send("pointerup", 7, 0.7, 0.5);
    }""")
    pad.locator(f"{SHEET}[aria-label*='1 stroke.']").wait_for()
    (stroke,) = state(notebook)["strokes"]
    assert [point[0] for point in stroke] == pytest.approx([0.3, 0.5, 0.7], abs=0.02)
    assert pad.locator(SHEET).evaluate("sheet => getComputedStyle(sheet).touchAction") == "none"


def test_the_keyboard_reaches_the_buttons_and_files_are_added(notebook, pad):
    draw(notebook.page, pad.locator(SHEET), [(0.5, 0.2), (0.5, 0.8)])
    pad.locator(f"{SHEET}[aria-label*='1 stroke.']").wait_for()
    keep, keys = pad.get_by_role("button", name="Keep"), notebook.page.keyboard
    before = state(notebook)["words"]
    keep.focus()
    for name in ("Undo", "Clear", "Add files"):
        keys.press("Tab")
        focused = notebook.page.evaluate("document.activeElement.textContent")
        assert name in focused
    for _ in range(3):
        keys.press("Shift+Tab")
    keys.press("Enter")
    pad.locator(f"{SHEET}[aria-label*='0 strokes']").wait_for()
    assert state(notebook)["words"] != before
    count = int(state(notebook)["words"].split()[0])
    file = io.BytesIO()
    Image.new("L", (80, 50), 90).save(file, "png")
    for name, content, words in [
            ("photo.png", file.getvalue(), f"{count + 1} drawings are kept"),
            ("text.png", b"no picture", "Left out: text.png: It is not a picture")]:
        notebook.show(PAD)
        with notebook.page.expect_file_chooser() as chooser:
            pad.get_by_role("button", name="Add files").press("Enter")
        chooser.value.set_files([{"name": name, "mimeType": "image/png", "buffer": content}])
        pad.get_by_text(words).wait_for()


def test_axe_finds_nothing_in_the_sheet(notebook, pad):
    found = Axe().run(notebook.page, context={"include": [[SHEET]]})
    assert [(one["id"], [node["html"] for node in one["nodes"]])
            for one in found.response["violations"]] == []


def test_the_clock_runs_in_the_page(notebook):
    tool = notebook.show(TIMER)
    before = picture(tool)
    tool.locator("button").first.click()
    picture(tool, other_than=before)
    tool.get_by_text("0:02. Now: Goal.").wait_for()
    assert state(notebook)["seconds"] >= 2
