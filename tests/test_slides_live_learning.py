"""The slides in which the page learns: the hole that a search fills, the game of the plane."""

import re

import numpy as np
import pytest
import torch

from gan_lib import checkpoints, data, inpainting, latent, metrics, training
from live_tools import FRAME, difference, fakes, seen, shown_slides
from slides.live import trained


@pytest.fixture
def show(browser):
    with shown_slides(browser) as show:
        yield show


def error_shown(slide) -> float:
    return float(re.search(r"Visible error: ([\d.]+)", slide.text())[1])


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
        levels = difference(seen(slide, canvas, 32, 256), picture)
        assert levels[beside].max() <= 2 and levels[12:18, 8:24].max() <= 2
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
    assert difference(seen(slide, 0, 32, 256), hidden_face())[12:18, 8:24].max() <= 2
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
