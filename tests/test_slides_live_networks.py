"""The live slides with networks, in the browser: what they answer, and that it is PyTorch's."""

import re

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch.nn import functional as F

from gan_lib import latent
from live_tools import FRAME, difference, fakes, seen, shown_slides
from slides.figures import FIGURES
from slides.live import LIVE, trained

NAMES = ("game", "scrub_digits", "scrub_faces", "walk", "corners", "occluder", "growing")


@pytest.fixture
def show(browser):
    with shown_slides(browser) as show:
        yield show


def is_shown(found, x: torch.Tensor) -> bool:
    """Tell whether the pixels found are the picture x (1, C, H, W), up to two grey levels."""
    return difference(found, x).max() <= 2


# --- all of them --------------------------------------------------------------------------------

@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [1280, 390])
def test_it_takes_the_place_of_the_still_and_fits(show, name, width):
    slide = show(name, viewport={"width": width, "height": 720})
    assert slide.tab.locator("#place img").count() == 0
    assert all(slide.alts())
    assert slide.tab.evaluate("() => document.documentElement.scrollWidth") <= width
    assert width < 1000 or slide.tab.locator("#place").bounding_box()["height"] <= 520


@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_name_and_is_reached_by_the_tabulator(show, name):
    slide = show(name)
    buttons = [button.inner_text() for button in slide.tab.get_by_role("button").all()]
    sliders = slide.tab.locator("input[type=range]").count()
    reached = []
    for _ in range(len(buttons) + sliders + 2):
        slide.tab.keyboard.press("Tab")
        reached.append(slide.tab.evaluate(
            "() => document.activeElement.labels?.[0]?.textContent"
            " || document.activeElement.textContent"))
    assert all(words in reached for words in buttons) and "" not in reached[:-2]
    assert slide.tab.get_by_role("slider").count() == sliders


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(show, name):
    found = Axe().run(show(name).tab, context="#place")
    assert [violation["id"] for violation in found.response["violations"]] == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_before_it_is_touched(show, name):
    slide = show(name)
    before = [slide.pixels(i) for i in range(slide.tab.locator("canvas").count())]
    slide.tab.wait_for_timeout(300)
    assert [slide.pixels(i) for i in range(len(before))] == before


@pytest.mark.parametrize("name", NAMES)
def test_its_still_tells_what_it_shows_at_its_start(show, name):
    slide, still = show(name), FIGURES[LIVE[name].still]()
    said = " ".join(slide.alts()) + slide.text()
    numbers = set(re.findall(r"-?\d\.\d+", still.alt)) - ({"0.53", "0.52"} if name == "game" else
                                                          set())
    if name == "game":
        assert "they hit 0 modes" in still.alt and "the fakes hit 0 of them" in said
    else:
        assert all(number.replace("-", "\u2212") in said for number in numbers)


# --- noise to scrub -----------------------------------------------------------------------------

def test_digits_are_pytorch_s_and_follow_slider_keys_and_new_z(show):
    slide = show("scrub_digits")
    z = torch.tensor(LIVE["scrub_digits"].data()["z"])
    z[:5] = (z[:5] * 100).round() / 100  # the sliders have two decimals
    assert is_shown(seen(slide, 0, 32, 448), fakes("digits", z))

    slide.slide_to("z[2]", -1.5)
    z[2] = -1.5
    assert is_shown(seen(slide, 0, 32, 448), fakes("digits", z))
    assert "z[2] \u22121.50" in slide.alts()[0] and "0.00 a pixel" not in slide.alts()[0]

    slide.tab.get_by_role("slider", name="z[4]").focus()
    slide.tab.keyboard.press("ArrowRight")
    z[4] += 0.01
    assert is_shown(seen(slide, 0, 32, 448), fakes("digits", z))

    before = slide.pixels(0)
    slide.press("New z")
    assert slide.pixels(0) != before and "differs by 0.00" in slide.alts()[0]
    assert f"z[2] {z[2]:.2f}".replace("-", "\u2212") not in slide.alts()[0]


def test_a_mouse_drags_a_slider(show):
    slide = show("scrub_digits")
    before = slide.alts()
    box = slide.tab.get_by_role("slider", name="z[0]").bounding_box()
    middle = box["y"] + box["height"] / 2
    slide.tab.mouse.move(box["x"] + box["width"] / 2, middle)
    slide.tab.mouse.down()
    slide.tab.mouse.move(box["x"] + box["width"], middle, steps=4)
    slide.tab.mouse.up()
    assert "z[0] 3.00" in slide.alts()[0] and slide.alts()[1] != before[1]


def test_faces_move_along_their_directions(show):
    slide, start = show("scrub_faces"), trained.scrub_faces()
    z, directions = torch.tensor(start["z"]), torch.tensor(start["directions"])
    assert is_shown(seen(slide, 0, 64, 448), fakes("faces64", z))
    slide.slide_to("glasses", 2.5)
    slide.slide_to("hat", -1)
    moved = z + 2.5 * directions[0] - directions[start["names"].index("hat")]
    assert is_shown(seen(slide, 0, 64, 448), fakes("faces64", moved))
    slide.press("New z")
    assert "glasses 0.00" in slide.alts()[0]


def test_each_direction_changes_what_it_is_named_after():
    start = trained.scrub_faces()
    counts = np.array(start["counts"])  # (direction, end, attribute)
    changes = counts[:, 1] - counts[:, 0]
    assert len(start["names"]) == trained.SLIDERS
    assert (np.diag(changes) > 0.5).all()
    assert (np.abs(changes).argmax(1) == np.arange(len(changes))).all()


def test_the_side_effect_that_is_named_is_the_largest(show):
    start = trained.scrub_faces()
    changes = np.diff(np.array(start["counts"]), axis=1)[:, 0]
    np.fill_diagonal(changes, 0)
    i, k = np.unravel_index(np.abs(changes).argmax(), changes.shape)
    assert f"along {start['names'][i]}, {start['names'][k]} " in show("scrub_faces").text()


# --- walks --------------------------------------------------------------------------------------

def test_the_walk_is_latent_s_walk(show):
    slide, start = show("walk"), trained.walk()
    slide.slide_to("Frame", 31)
    for canvas, stops in enumerate(torch.tensor(start["walks"])):
        z = latent.walk(stops, start["steps"])
        assert is_shown(seen(slide, canvas, 64, 256), fakes("faces64", z[31]))
    slide.slide_to("Frame", len(z) - 1)  # on the way from the last stop to the first
    assert is_shown(seen(slide, canvas, 64, 256), fakes("faces64", z[-1]))
    assert f"frame {len(z)} of {len(z)}" in slide.alts()[0]


@pytest.mark.parametrize("name", ["walk", "growing"])
def test_a_walk_plays_and_pauses(show, name):
    slide = show(name)
    slide.press("Play")
    slide.tab.wait_for_function("() => Number(document.querySelector('input').value) >= 3")
    slide.press("Pause")
    stopped = slide.alts()
    slide.tab.wait_for_timeout(200)
    assert slide.alts() == stopped and "frame 1 of" not in stopped[0]


def test_a_coarse_picture_holds_the_means_of_the_fine_one(show):
    slide, start = show("growing"), trained.growing()
    slide.slide_to("Frame", 10)
    x = fakes("faces64", latent.walk(torch.tensor(start["stops"]), start["steps"])[10])
    for canvas, size in enumerate(start["sizes"]):
        assert is_shown(seen(slide, canvas, size, 256), F.avg_pool2d(x, 64 // size))
    assert "Nothing grows here" in slide.text()


# --- corners ------------------------------------------------------------------------------------

def face_between(right: float, down: float) -> torch.Tensor:
    corners = torch.tensor(trained.corners()["corners"])
    left, other = (latent.slerp(corners[i], corners[i + 2], down) for i in (0, 1))
    return fakes("faces64", latent.slerp(left, other, right))


def test_corners_and_the_point_between_them(show):
    slide = show("corners")
    for corner, (right, down) in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)]):
        x, y = FRAME + 282 * right, FRAME + 282 * down
        if corner:  # from the first corner on they are asked for by sliders, too
            slide.slide_to("To the right", right)
            slide.slide_to("Down", down)
            assert is_shown(seen(slide, 1, 64, 384), face_between(right, down))
        slide.slide_to("To the right", 0.5)  # the point lies elsewhere
        slide.slide_to("Down", 0.5)
        assert is_shown(seen(slide, 0, 64, 128, x, y), face_between(right, down))
    before = slide.pixels(0)
    slide.press("New corners")
    assert slide.pixels(0) != before


def test_the_point_is_held_in_the_picture(show):
    slide = show("corners")
    box = slide.tab.locator("canvas").first.bounding_box()

    def at(right, down):
        return box["x"] + 69 + 282 * right, box["y"] + 69 + 282 * down

    slide.tab.mouse.move(*at(0.5, 0.5))
    slide.tab.mouse.down()
    slide.tab.mouse.move(*at(0.25, 0.75), steps=3)
    slide.tab.mouse.up()
    assert "25 % of the way to the right and 75 % of the way down" in slide.alts()[0]
    assert is_shown(seen(slide, 1, 64, 384), face_between(0.25, 0.75))
    slide.tab.mouse.move(*at(1, 1))  # nobody holds it any more
    assert "25 %" in slide.alts()[0]
    slide.tab.get_by_role("slider", name="Down").focus()
    slide.tab.keyboard.press("Home")
    assert is_shown(seen(slide, 1, 64, 384), face_between(0.25, 0))


def test_a_finger_moves_the_point_and_the_box(show):
    for name, words in (("corners", "100 % of the way to the right"),
                        ("occluder", "12 from the left")):
        slide = show(name, has_touch=True, viewport={"width": 390, "height": 844})
        box = slide.tab.locator("canvas").first.bounding_box()
        slide.tab.touchscreen.tap(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3)
        assert words in slide.alts()[0]
