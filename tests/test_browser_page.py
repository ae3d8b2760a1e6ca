"""The tools that draw in the page, and are held there, in the real JupyterLab."""

import base64
import io
import json
import time

import numpy as np
import pytest
from PIL import Image

from tools.browser_lab import HANDLE, LIVE, drag, opened, picture, running_lab, write_notebook

SETUP = """
import base64, ctypes, json
import torch
from gan_lib import checkpoints, figures, page
from gan_lib.widgets.four_corners import FourCorners
from gan_lib.widgets.latent_sliders import LatentSliders
from gan_lib.widgets.occluder import Occluder
packed, sent = page.packed, []
page.packed = lambda network: sent.append(network) or packed(network)
G = checkpoints.load("digits")
"""
SLIDERS, CORNERS, BOX, FREEZE, STATE, TRAIN, SECOND, BREAK = range(2, 10)
CELLS = [
    SETUP,
    "sliders = LatentSliders({'G': G}, z=torch.ones(1, G.z_dim))\nsliders.show()",
    "corners = FourCorners(G)\ncorners.show()",
    "box = Occluder(torch.linspace(-1, 1, 3 * 32 * 32).view(1, 3, 32, 32), {})\nbox.show()",
    "_ = ctypes.PyDLL(None).sleep(8)  # holds the lock of Python: nothing in the kernel moves",
    """print(json.dumps({
        "z": sliders.z.tolist(), "alive": sliders.page_part.alive, "sent": len(sent),
        "point": [corners.right.value, corners.down.value],
        "box": [control.value for control in (box.left, box.top, box.width, box.height)],
        "pictures": [base64.b64encode(figures.png_of_array(tool.array())).decode()
                     for tool in (sliders, corners)]}))""",
    "with torch.no_grad():\n    G.layers[-2].weight.mul_(-1)",
    "again = LatentSliders({'again': G, 'G': G})\nagain.show()",
    "sliders.page_part.plan = {'pictures': [{'network': 7}], 'keys': []}",
]


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """A notebook with one tool of each kind, all of them alive in the page."""
    write_notebook(lab.folder / "page.ipynb", *CELLS)
    with opened(lab, browser, "page.ipynb", "tools in the page") as notebook:
        notebook.run(last=BOX)
        for number in (SLIDERS, CORNERS, BOX):
            alive(notebook, number)
        yield notebook


def alive(notebook, number: int):
    """Scroll to the tool of a cell and return it, as soon as the page draws it."""
    tool = notebook.show(number)
    tool.locator(LIVE).wait_for(timeout=30_000)
    return tool


def until(notebook, fits) -> dict:
    """Ask the kernel how the tools are until it `fits`."""
    deadline = time.monotonic() + 20
    while not fits(state := json.loads(notebook.said(STATE))):
        assert time.monotonic() < deadline, {**state, "pictures": None}
    return state


def pixels(png: str) -> np.ndarray:
    """Return a PNG in base64, or in the address of its data, as numbers."""
    file = io.BytesIO(base64.b64decode(png.rpartition(",")[2]))
    return np.asarray(Image.open(file).convert("RGB")).astype(int)


def settled(notebook, tool) -> np.ndarray:
    notebook.page.wait_for_timeout(300)  # later than the next frame
    return pixels(picture(tool))


# --- drawing ----------------------------------------------------------------------------------

def test_the_page_s_picture_takes_the_place_of_the_kernel_s(notebook):
    for number in (SLIDERS, CORNERS, BOX):
        tool = alive(notebook, number)
        assert tool.locator(LIVE).count() == 1
        assert not tool.locator(".gan-tool-picture").first.is_visible()
        assert tool.get_by_role("alert").count() == 0


def test_keys_move_the_page_s_picture_and_the_kernel_s_z(notebook):
    tool = alive(notebook, SLIDERS)
    before, z = picture(tool), json.loads(notebook.said(STATE))["z"]
    tool.locator(HANDLE).first.focus()
    for _ in range(20):
        notebook.page.keyboard.press("ArrowLeft")
    picture(tool, other_than=before)
    state = until(notebook, lambda state: abs(state["z"][0] - z[0] + 0.2) < 1e-4)
    assert state["z"][1:] == z[1:]
    # The words follow when the hand rests.
    tool.locator(f"{LIVE}[aria-label*='z[0] = {state['z'][0]:.2f},']").wait_for(timeout=30_000)


@pytest.mark.parametrize(("number", "place"), [(SLIDERS, 0), (CORNERS, 1)])
def test_the_page_draws_what_the_kernel_would_draw(notebook, number, place):
    tool = alive(notebook, number)
    drag(notebook.page, tool.locator(HANDLE).first, to_the_right=60)
    shown = settled(notebook, tool)
    drawn = pixels(json.loads(notebook.said(STATE))["pictures"][place])
    assert shown.shape == drawn.shape
    far = np.abs(shown - drawn).max(axis=2) > 4  # half precision moves a pixel by one or two
    if number == CORNERS:
        y, x = np.argwhere(far).T
        assert np.ptp(x) < 24 and np.ptp(y) < 24  # the ring at the point
    else:
        assert not far.any()


def test_while_the_kernel_stands_still_the_picture_follows(notebook):
    for number in (SLIDERS, CORNERS):
        tool = alive(notebook, number)
        notebook.start(FREEZE)
        notebook.page.wait_for_timeout(1000)
        before = picture(tool)
        tool.locator(HANDLE).first.focus()
        notebook.page.keyboard.press("ArrowLeft")
        picture(tool, other_than=before)
        assert notebook.runs(FREEZE)
        while notebook.runs(FREEZE):
            notebook.page.wait_for_timeout(100)


@pytest.mark.parametrize(("number", "name"), [(SLIDERS, "New z"), (CORNERS, "New corners")])
def test_a_button_in_the_kernel_moves_the_page_s_picture(notebook, number, name):
    tool = alive(notebook, number)
    before = picture(tool)
    tool.get_by_role("button", name=name).click()
    picture(tool, other_than=before)
    shown = settled(notebook, tool)
    drawn = pixels(json.loads(notebook.said(STATE))["pictures"][number == CORNERS])
    assert (np.abs(shown - drawn).max(axis=2) > 4).sum() < 24 ** 2


# --- the hand ---------------------------------------------------------------------------------

class Mouse:
    def __init__(self, page):
        self.page = page

    def drag(self, start, end):
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=8)
        self.page.mouse.up()


class Finger:
    def __init__(self, page):
        self.devtools = page.context.new_cdp_session(page)

    def drag(self, start, end):
        for kind, place in (("touchStart", start),
                            *(("touchMove", tuple(a + (b - a) * step / 8 for a, b in
                                                  zip(start, end))) for step in range(1, 9))):
            self.devtools.send("Input.dispatchTouchEvent", {
                "type": kind, "touchPoints": [{"x": place[0], "y": place[1]}]})
        self.devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture(params=[Mouse, Finger])
def hand(request, notebook):
    return request.param(notebook.page)


def drag_in(notebook, number: int, hand, start, end) -> None:
    """Drag from `start` to `end`, in pixels of the tool's picture."""
    canvas = alive(notebook, number).locator(LIVE)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    hand.drag(*((box["x"] + x, box["y"] + y) for x, y in (start, end)))


def test_the_point_between_the_corners_is_taken_in_the_picture(notebook, hand):
    tool, end = alive(notebook, CORNERS), (104 + 0.75 * 256, 4 + 0.25 * 256)
    before = picture(tool)
    drag_in(notebook, CORNERS, hand, (150, 200), end)
    picture(tool, other_than=before)
    until(notebook, lambda state: np.allclose(state["point"], [0.75, 0.25], atol=0.02))
    drag_in(notebook, CORNERS, hand, end, (1, 400))  # beyond the edges
    until(notebook, lambda state: state["point"] == [0, 1])


def test_outside_of_the_large_picture_nothing_is_taken(notebook):
    point = json.loads(notebook.said(STATE))["point"]
    drag_in(notebook, CORNERS, Mouse(notebook.page), (50, 130), (220, 130))
    assert json.loads(notebook.said(STATE))["point"] == point


def test_the_box_is_moved_at_its_inside_and_sized_at_its_corner(notebook, hand):
    def at(x, y):  # the pixel of the screen where a pixel of the face begins
        return 4 + 8 * x, 36 + 8 * y

    left, top, width, height = json.loads(notebook.said(STATE))["box"]
    middle = left + width // 2, top + height // 2
    drag_in(notebook, BOX, hand, at(*middle), at(middle[0] - left + 3, middle[1] - top + 5))
    until(notebook, lambda state: state["box"] == [3, 5, width, height])
    drag_in(notebook, BOX, hand, at(3 + width, 5 + height), at(15, 21))
    until(notebook, lambda state: state["box"] == [3, 5, 12, 16])
    drag_in(notebook, BOX, hand, at(9, 13), at(40, 40))  # it stays in the picture
    until(notebook, lambda state: state["box"] == [20, 16, 12, 16])
    drag_in(notebook, BOX, hand, at(3, 3), at(9, 9))  # outside
    until(notebook, lambda state: state["box"] == [20, 16, 12, 16])
    drag_in(notebook, BOX, hand, at(32, 32), at(31, 30))
    until(notebook, lambda state: state["box"] == [20, 16, 11, 14])


def test_the_kernel_draws_the_covered_face_that_is_held(notebook):
    tool = alive(notebook, BOX)
    left, top, width, height = json.loads(notebook.said(STATE))["box"]
    drag_in(notebook, BOX, Mouse(notebook.page), (4 + 8 * (left + 3), 36 + 8 * (top + 3)),
            (4 + 8 * 5, 36 + 8 * 5))
    until(notebook, lambda state: state["box"] == [2, 2, width, height])
    shown = settled(notebook, tool)
    inside = shown[36 + 8 * 3:36 + 8 * 6, 4 + 8 * 3:4 + 8 * 6]
    assert (inside == inside[0, 0]).all()


# --- the weights --------------------------------------------------------------------------------

def networks(notebook) -> list[str]:
    return notebook.page.evaluate("() => [...globalThis.ganCourse.networks.keys()]")


def test_the_weights_travel_once_for_all_tools_of_a_network(notebook):
    assert json.loads(notebook.said(STATE))["sent"] == 1 == len(networks(notebook))
    notebook.said(SECOND)
    alive(notebook, SECOND)
    assert json.loads(notebook.said(STATE))["sent"] == 1 == len(networks(notebook))


def test_a_network_that_was_trained_is_shown_as_it_is_and_the_old_weights_go(notebook):
    old = networks(notebook)
    notebook.said(TRAIN)
    for number in (SECOND, CORNERS, SLIDERS):
        tool = alive(notebook, number)
        tool.locator(HANDLE).first.focus()
        notebook.page.keyboard.press("ArrowRight")
    state = until(notebook, lambda state: state["sent"] == 2)
    shown = settled(notebook, tool)
    assert np.abs(shown - pixels(state["pictures"][0])).max() <= 4
    assert len(networks(notebook)) == 1 and networks(notebook) != old


# --- where the page cannot, and later -------------------------------------------------------------

def test_an_error_in_the_page_is_said_and_the_kernel_draws(notebook):
    notebook.said(BREAK)
    tool = notebook.show(SLIDERS)
    line = tool.get_by_role("alert")
    line.wait_for()
    assert "the kernel does. TypeError" in line.inner_text()
    assert tool.locator(LIVE).count() == 0 and tool.locator(".gan-tool-picture").is_visible()
    until(notebook, lambda state: not state["alive"])
    before = picture(tool)
    tool.locator(HANDLE).first.focus()
    notebook.page.keyboard.press("ArrowLeft")
    picture(tool, other_than=before)


def seen(page) -> list[tuple]:
    """Return what is seen of each tool's output: (canvases, pictures of the kernel, stills)."""
    return page.evaluate("""() => {
        const count = (area, words) => [...area.querySelectorAll(words)].filter(
            element => element.getClientRects().length > 0).length;
        return [...document.querySelectorAll(".jp-CodeCell .jp-Cell-outputArea")].map(area => [
            count(area, "canvas.gan-tool-live"), count(area, "img.gan-tool-picture"),
            count(area, ".gan-still img")]);
    }""")


def test_the_saved_notebook_holds_no_weights_and_lives_again_while_its_kernel_does(lab, browser):
    write_notebook(lab.folder / "kept.ipynb", *CELLS[:3])
    with opened(lab, browser, "kept.ipynb", "1 alive") as notebook:
        notebook.run()
        for number in (SLIDERS, CORNERS):
            alive(notebook, number)
        assert seen(notebook.page) == [[0, 0, 0], [1, 0, 0], [1, 0, 0]]
        notebook.page.evaluate(
            "() => window.jupyterapp.commands.execute('docmanager:save')")
    assert (lab.folder / "kept.ipynb").stat().st_size < 200_000
    with opened(lab, browser, "kept.ipynb", "2 the same kernel") as notebook:
        for number in (SLIDERS, CORNERS):
            alive(notebook, number)
        before = picture(notebook.show(SLIDERS))
        drag(notebook.page, notebook.show(SLIDERS).locator(HANDLE).first, to_the_right=60)
        picture(notebook.show(SLIDERS), other_than=before)
        notebook.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    with opened(lab, browser, "kept.ipynb", "3 another kernel") as notebook:
        notebook.page.wait_for_function(
            "() => document.querySelectorAll('.gan-still').length === 2")
        notebook.page.wait_for_timeout(4000)  # an error comes when all widgets were asked for
        assert seen(notebook.page) == [[0, 0, 0], [0, 0, 1], [0, 0, 1]]


def test_where_the_page_knows_no_anywidget_the_kernel_draws(browser, tmp_path):
    home, course = tmp_path / "home", tmp_path / "course"
    (home / "config" / "labconfig").mkdir(parents=True)
    (home / "config" / "labconfig" / "page_config.json").write_text(
        json.dumps({"disabledExtensions": {"anywidget": True}}))
    course.mkdir()
    with running_lab(home, course) as lab:
        write_notebook(course / "without.ipynb", *CELLS[:3])
        with opened(lab, browser, "without.ipynb", "no anywidget") as notebook:
            notebook.run()
            tool = notebook.show(SLIDERS)
            before = picture(tool)
            drag(notebook.page, tool.locator(HANDLE).first, to_the_right=60)
            picture(tool, other_than=before)
            assert seen(notebook.page) == [[0, 0, 0], [0, 1, 0], [0, 1, 0]]
            errors = notebook.page.locator(".jupyter-widgets-error-widget")
            assert not any(one.is_visible() for one in errors.all())
