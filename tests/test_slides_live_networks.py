"""The live slides with networks, in the browser: what they answer, and that it is PyTorch's."""

import re

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gan_lib import checkpoints, data, inpainting, latent, metrics, training
from live_tools import live_page
from slides.figures import FIGURES
from slides.live import LIVE, trained

NAMES = ("game", "scrub_digits", "scrub_faces", "walk", "corners", "occluder", "growing")
FRAME = 5  # of pictures in the slides, in pixels
LOOK = """([canvas, size, side, x, y]) => {
    const pixels = document.querySelectorAll("canvas")[canvas].getContext("2d")
        .getImageData(2 * x, 2 * y, 2 * side, 2 * side).data, step = 2 * side / size, found = [];
    for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) {
        const middle = (Math.floor((row + 0.5) * step) * 2 * side
                        + Math.floor((column + 0.5) * step)) * 4;
        found.push(...pixels.slice(middle, middle + 3));
    }
    return found;
}"""
MEASURED = {"steps": 2000, "modes": [8, 7, 8], "shares": [0.8, 0.9, 0.85]}


@pytest.fixture
def show(browser, monkeypatch):
    """A function that shows a live slide as the deck does; each is closed at the end."""
    monkeypatch.setattr(trained, "measured", lambda: MEASURED)  # it takes its time
    opened = []

    def show(name: str, **options):
        live = LIVE[name]
        context = live_page(browser, name, live.data(), live.networks, **options)
        opened.append(context)
        return context.__enter__()

    yield show
    for context in opened:
        context.__exit__(None, None, None)


def seen(slide, canvas: int, size: int, side: int, x: float = FRAME, y: float = FRAME):
    """Return the picture that a canvas shows, `side` wide at (x, y): uint8 (size, size, 3)."""
    found = slide.tab.evaluate(LOOK, [canvas, size, side, x, y])
    return np.array(found).reshape(size, size, 3)


def is_shown(found, x: torch.Tensor) -> bool:
    """Tell whether the pixels found are the picture x (1, C, H, W), up to two grey levels."""
    right = (x.expand(-1, 3, -1, -1)[0].permute(1, 2, 0).numpy() + 1) * 127.5
    return np.abs(found - right).max() <= 2


def fakes(name: str, z) -> torch.Tensor:
    G = checkpoints.load(name)
    return latent.look(G, torch.as_tensor(z).view(-1, G.z_dim)).detach()


def error_shown(slide) -> float:
    return float(re.search(r"Visible error: ([\d.]+)", slide.text())[1])


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


# --- the hole that is filled --------------------------------------------------------------------

def hidden_face(n: int = 0) -> torch.Tensor:
    return data.to_float(trained.hidden_faces()[n:n + 1])


def test_the_first_pictures_of_the_occluder_are_pytorch_s(show):
    slide, start, x = show("occluder"), trained.occluder(), hidden_face()
    hidden, fake = inpainting.box(32, **start["box"]), fakes("faces", start["z"])
    wanted = [inpainting.occlude(x, hidden), fake, inpainting.paste(x, fake, hidden)]
    beside = torch.ones(32, 32, dtype=torch.bool)  # where no line of the box lies
    beside[9:21, 5:27] = False
    for canvas, picture in enumerate(wanted):
        found = seen(slide, canvas, 32, 256)
        right = (picture[0].permute(1, 2, 0).numpy() + 1) * 127.5
        assert np.abs(found - right)[beside].max() <= 2
        assert np.abs(found - right)[12:18, 8:24].max() <= 2
    assert error_shown(slide) == pytest.approx(
        inpainting.visible_error(fake, x, hidden).item(), abs=1e-3)


def test_the_page_searches_as_latent_does(show):
    slide, start, x = show("occluder"), trained.occluder(), hidden_face()
    G = checkpoints.load("faces")
    for weights in G.parameters():  # as they travel
        weights.data = weights.data.half().float()
    hidden = inpainting.box(32, **start["box"])
    right = latent.Search(G, x, ~hidden, restarts=1)
    with torch.no_grad():
        right.z.copy_(torch.tensor([start["z"]]))
    right.step(10)
    z, error = slide.call("""(x, visible, z) => {
        const search = new Search(networks.faces, Float32Array.from(x), visible,
                                  Float32Array.from(z));
        for (let i = 0; i < 10; i++) search.step();
        return [Array.from(search.z), search.error];
    }""", x[0].permute(1, 2, 0).flatten().tolist(), (~hidden).flatten().tolist(), start["z"])
    assert torch.allclose(torch.tensor(z), right.z[0], atol=2e-3)
    assert error == pytest.approx(right.error(right.z).item(), abs=1e-3)


def test_the_hole_is_filled_about_as_well_as_by_latent_s_search(show):
    slide, start = show("occluder"), trained.occluder()
    hidden = inpainting.box(32, **start["box"])
    search = latent.Search(checkpoints.load("faces"), hidden_face(), ~hidden, restarts=4)
    search.step(80)
    before, alts = error_shown(slide), slide.alts()
    slide.press("Fill")
    slide.tab.wait_for_function(
        "() => document.querySelector('#place').innerText.includes('Steps: 80 of 80')")
    found = inpainting.visible_error(*(torch.from_numpy(
        seen(slide, canvas, 32, 256).astype(np.float32)).permute(2, 0, 1)[None] / 127.5 - 1
        for canvas in (1, 0)), inpainting.box(32, 5, 9, 22, 12)).item()  # without the box's line
    bound = search.error(search.z).min().item()
    assert error_shown(slide) < before / 4 and error_shown(slide) < 1.5 * bound + 0.005
    assert found == pytest.approx(error_shown(slide), abs=0.005)  # it is the picture that is shown
    assert slide.alts()[1:] != alts[1:] and "z drawn: 64 of 64" in slide.text()
    slide.press("Fill")  # again, from another start
    slide.press("Pause")
    assert "Steps: 80 of 80" not in slide.text()


def test_the_box_is_held_in_the_picture_and_by_keys(show):
    slide = show("occluder")
    box = slide.tab.locator("canvas").first.bounding_box()
    slide.tab.mouse.move(box["x"] + FRAME + 8 * 16, box["y"] + FRAME + 8 * 15)
    slide.tab.mouse.down()
    slide.tab.mouse.move(box["x"] + FRAME + 8 * 14, box["y"] + FRAME + 8 * 21, steps=3)
    slide.tab.mouse.up()
    assert "20 by 10 pixels, 4 from the left, 16 from the top" in slide.alts()[0]
    hidden = inpainting.box(32, 4, 16, 20, 10)
    fake = fakes("faces", trained.occluder()["z"])
    assert error_shown(slide) == pytest.approx(
        inpainting.visible_error(fake, hidden_face(), hidden).item(), abs=1e-3)
    slide.tab.get_by_role("slider", name="Width").focus()
    slide.tab.keyboard.press("End")  # wider than there is room: it moves to the left
    assert "28 by 10 pixels, 4 from the left" in slide.alts()[0]
    slide.tab.get_by_role("slider", name="Left").focus()
    slide.tab.keyboard.press("End")
    assert "28 by 10 pixels, 4 from the left" in slide.alts()[0]


def test_other_faces_other_starts_and_the_truth(show):
    slide = show("occluder")
    covered, fake = slide.pixels(0), slide.pixels(1)
    slide.press("New start")
    assert slide.pixels(1) != fake and slide.pixels(0) == covered
    slide.press("Show the truth")
    assert slide.pixels(0) != covered and "real: the truth" in slide.text()
    found = seen(slide, 0, 32, 256)[12:18, 8:24]
    right = (hidden_face()[0].permute(1, 2, 0).numpy() + 1) * 127.5
    assert np.abs(found - right[12:18, 8:24]).max() <= 2
    slide.press("Show the truth")
    assert slide.pixels(0) == covered
    for _ in range(7):
        slide.press("Next face")
        assert slide.pixels(0) != covered
    slide.press("Next face")
    assert slide.pixels(0) == covered


# --- the game -----------------------------------------------------------------------------------

PLAY = """(data, seed, steps) => {
    const numbers = list => Float32Array.from(list.flat());
    const ring = new RingGame({ ...data, D: network(data.D), G: network(data.G), seed: 0,
                                real: numbers(data.real), z: numbers(data.z) }).another(seed);
    ring.both(steps);
    return { ...ring.modes(), fakes: Array.from(ring.fakes()), moved: ring.moved,
             steps: ring.steps };
}"""


@pytest.mark.parametrize("seed", [1, 2])
def test_the_game_reaches_the_modes(show, seed):
    slide, start = show("game"), trained.game()
    found = slide.call(PLAY, start, seed, 1200)
    fake, centres = torch.tensor(found["fakes"]).view(-1, 2), torch.tensor(start["centres"])
    assert found["hit"] >= 6 and found["onModes"] > 0.2 and found["steps"] == 1200
    assert found["hit"] == metrics.modes_hit(fake, centres, start["near"])
    near = torch.cdist(fake, centres).min(1).values <= start["near"]
    assert found["onModes"] == pytest.approx(near.float().mean().item(), abs=1e-6)


def test_one_player_moves_and_the_other_is_frozen_exactly(show):
    slide = show("game")
    start, alts = slide.pixels(0), slide.alts()
    slide.press("Step D")
    assert re.search(r"D 0\.0[1-9]\d, G 0 exactly", slide.alts()[1])
    assert slide.alts()[0] != alts[0] or slide.pixels(0) != start
    slide.tab.get_by_role("button", name="Step G").focus()
    slide.tab.keyboard.press("Enter")
    assert re.search(r"D 0 exactly, G 0\.0[1-9]\d", slide.alts()[1])
    assert "step G, D frozen" in slide.text()
    slide.press("Both ×50")
    assert re.search(r"D \d\.\d+, G \d\.\d+", slide.alts()[1]) and "50 steps" in slide.text()


def test_how_far_they_moved_is_training_s_change(show):
    found = show("game").call("""(data) => {
        const numbers = list => Float32Array.from(list.flat());
        const ring = new RingGame({ ...data, D: network(data.D), G: network(data.G), seed: 0,
                                    real: numbers(data.real), z: numbers(data.z) });
        const flat = () => ring.D.weights().flatMap(part => Array.from(part));
        const before = flat();
        ring.both(3);
        return [before, flat(), ring.moved.D];
    }""", trained.game())
    D, _ = trained.point_networks(2)
    assert torch.allclose(torch.tensor(found[0]), training.weights(D))
    assert found[2] == pytest.approx(training.change(torch.tensor(found[0]), D) + (
        torch.tensor(found[1]) - torch.tensor(found[0])).norm().item(), rel=1e-4)


def test_the_game_plays_pauses_and_begins_anew(show):
    slide = show("game")
    assert "0 steps" in slide.text() and "8, 7, 8 modes hit, 80 to 90" in slide.text()
    slide.press("Play")
    slide.tab.wait_for_function("""() => Number(document.querySelector('#place').innerText
        .match(/([\\d,]+) steps;/)[1].replace(",", "")) > 5""")
    slide.press("Pause")
    paused = slide.text()
    slide.tab.wait_for_timeout(200)
    assert slide.text() == paused
    slide.press("New game")
    assert "0 steps; last move: no move yet" in slide.text()


@pytest.mark.parametrize("change", ["minimax", "off"])
def test_loss_and_penalty_can_be_chosen(show, change):
    played = []
    for chosen in (None, change):
        slide = show("game")
        if chosen:
            slide.tab.get_by_label(chosen, exact=True).check()
        slide.press("New game")  # keeps what was chosen
        slide.press("Both ×50")
        played.append(slide.alts()[1])
    assert played[0] != played[1]


def test_the_slide_names_what_was_measured(monkeypatch):
    monkeypatch.setattr(trained, "GAMES", 2)
    monkeypatch.setattr(trained, "GAME_STEPS", 3)
    found = trained.measured.__wrapped__()
    assert found == {"steps": 3, "modes": [0, 0], "shares": [0.0, 0.0]}
