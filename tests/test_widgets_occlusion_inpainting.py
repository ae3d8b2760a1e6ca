"""The tools of notebook 06, driven without a browser."""

import math

import numpy as np
import pytest
import torch

from gan_lib import inpainting, latent
from gan_lib.widgets.occluder import EMPTY, Occluder
from gan_lib.widgets.z_search import ZSearch
from widget_tools import BreaksAfter, buttons, small_generator, undisturbed


@pytest.fixture(scope="module")
def G():
    return small_generator()


@pytest.fixture(scope="module")
def x(G):
    return G(latent.draw(3, 8, seed=7))


@pytest.fixture
def hidden():
    return inpainting.box(16, 4, 5, 6, 7)


def pixels(x):
    """Return one picture (1, C, H, W) as uint8 (H, W, C), in numpy alone."""
    return np.round((x[0].permute(1, 2, 0).double().numpy() + 1) * 127.5).astype(int)


def cards(tool, size=16, scale=16, gap=4):
    """Cut the picture of an Occluder into its cards, at their own resolution: int (H, W, 3)."""
    card = size * scale + 2 * gap
    picture = tool.array().astype(int)[32:]  # without the names
    assert picture.shape[0] == card and picture.shape[1] % card == 0
    return [picture[gap:-gap, left + gap:left + card - gap][::scale, ::scale]
            for left in range(0, picture.shape[1], card)]


# --- occluder ---------------------------------------------------------------------------------

def white(x, hidden):
    """A filling method: white in the hole."""
    return torch.where(hidden, torch.ones_like(x), x)


@pytest.fixture
def occluder(x):
    tool = Occluder(x, {"white": white}, left=2, top=3, width=5, height=4)
    tool.show()
    return tool


def test_the_box_is_where_the_sliders_say(occluder, x):
    occluder.left.value, occluder.top.value = 6, 1
    occluder.width.value, occluder.height.value = 3, 9
    expected = pixels(x[:1])
    expected[1:10, 6:9] = 128  # 0 in [-1, 1]
    (shown,) = cards(occluder)
    assert np.abs(shown - expected).max() <= 1
    assert "27 of 256 pixels hidden" in occluder.message.value
    assert occluder.message.value in occluder.alt()


@pytest.mark.parametrize(("name", "value"), [
    ("left", 9), ("top", 9), ("width", 2), ("height", 9), ("face", 2), ("method", "white"),
    ("truth", True)])
def test_each_control_changes_the_picture(occluder, name, value):
    before = occluder.array()
    getattr(occluder, name).value = value
    after = occluder.array()
    assert before.shape != after.shape or (before != after).any()
    assert undisturbed(occluder)


def test_a_method_fills_the_hole_and_its_psnr_is_right(occluder, x):
    occluder.face.value, occluder.method.value, occluder.truth.value = 1, "white", True
    _, filled, truth = cards(occluder)
    expected = pixels(x[1:2])
    assert np.abs(truth - expected).max() <= 1
    expected[3:7, 2:7] = 255
    assert np.abs(filled - expected).max() <= 1
    error = np.mean((1 - x[1, :, 3:7, 2:7].double().numpy()) ** 2)
    assert f"filled by white, PSNR in the hole {10 * math.log10(4 / error):.1f} dB" \
        in occluder.message.value
    occluder.method.value = EMPTY
    assert "PSNR" not in occluder.message.value


@pytest.mark.parametrize(("left", "top", "width", "height", "count"), [
    (15, 15, 16, 16, 1), (0, 0, 16, 16, 256), (10, 0, 16, 2, 12)])
def test_a_box_is_cut_at_the_edges(occluder, left, top, width, height, count):
    for name, value in zip(("left", "top", "width", "height"), (left, top, width, height)):
        getattr(occluder, name).value = value
    occluder.method.value = "white"
    assert f"{count} of 256 pixels hidden" in occluder.message.value
    assert undisturbed(occluder)


def test_the_methods_of_the_library_can_be_chosen(x):
    fills = {name: lambda a, hidden, fill=fill: fill(a, hidden, x)
             for name, fill in (("mean", inpainting.mean_fill), ("near", inpainting.nearest_fill))}
    tool = Occluder(x, fills, left=2, top=3, width=5, height=4)
    tool.method.value = "near"  # x itself is among the known faces: the truth is found
    covered, filled = cards(tool)
    assert np.abs(filled - pixels(x[:1])).max() <= 1
    tool.method.value = "mean"
    assert np.abs(cards(tool)[1][3:7, 2:7] - pixels(x.mean(0, keepdim=True))[3:7, 2:7]).max() <= 1


def test_an_error_of_a_method_is_shown(x):
    def broken(x, hidden):
        raise RuntimeError("no <idea>")
    tool = Occluder(x, {"broken": broken}, left=2, top=3, width=5, height=4)
    tool.method.value = "broken"
    assert "RuntimeError: no &lt;idea&gt;" in tool.message.value
    tool.method.value = EMPTY
    assert undisturbed(tool)


def test_a_box_outside_the_picture_is_refused(x):
    with pytest.raises(ValueError, match="left must be from 0 to 15"):
        Occluder(x, {}, left=16, width=5)


# --- search -----------------------------------------------------------------------------------

def error_of(tool, fake):
    """The error in the visible part, by numpy."""
    difference = (fake - tool.covered).double().numpy()[0] ** 2
    return difference[:, ~tool.hidden.numpy()].mean()


def test_steps_lower_the_visible_error_and_the_numbers_are_right(G, x, hidden):
    tool = ZSearch(G, x, hidden, steps=10)
    assert tool.errors == [pytest.approx(error_of(tool, tool.fake), rel=1e-4)]
    for _ in range(9):
        last = tool.step()
    assert last == tool.errors[-1] == pytest.approx(error_of(tool, tool.fake), rel=1e-4)
    assert len(tool.errors) == 10
    assert tool.errors[-1] < 0.3 * tool.errors[0]
    assert "after 90 steps" in tool.alt() and f"{last:.4f}" in tool.alt()
    assert tool.message.value in tool.alt()


def test_the_three_cards_are_the_covered_face_the_fake_and_the_filled_face(G, x, hidden):
    tool = ZSearch(G, x, hidden)
    tool.step()
    fake, side = pixels(tool.fake), 16 * 16 + 8
    shown = [tool.array().astype(int)[36:-4, left:left + 256][::16, ::16]
             for left in (4, side + 4, 2 * side + 4)]
    mask = hidden.numpy()[..., None]
    expected = [np.where(mask, 128, pixels(x[:1])), fake, np.where(mask, fake, pixels(x[:1]))]
    for card, wanted in zip(shown, expected):
        assert np.abs(card - wanted).max() <= 1


def test_the_curve_shows_every_error_and_the_earlier_starts(G, x, hidden):
    tool = ZSearch(G, x, hidden, steps=4)
    for _ in range(3):
        tool.step()
    before = tool.errors
    tool.restart()
    tool.step()
    assert list(tool._new.get_xdata()) == [0, 4]
    assert list(tool._new.get_ydata()) == tool.errors
    assert list(tool._old.get_xdata())[:4] == [0, 4, 8, 12]
    assert list(tool._old.get_ydata())[:4] == before


def test_a_tick_is_so_many_steps_of_the_library_s_search(G, x, hidden):
    tool = ZSearch(G, x, hidden, steps=4, lr=0.3, seed=5)
    tool.step()
    search = latent.Search(G, x[:1], ~hidden, restarts=1, lr=0.3, seed=5)
    search.step(4)
    torch.testing.assert_close(tool.search.z, search.z)


def test_what_is_hidden_plays_no_role(G, x, hidden):
    other = torch.where(hidden, torch.ones_like(x), x)
    tools = [ZSearch(G, pictures, hidden) for pictures in (x, other)]
    assert tools[0].step() == tools[1].step()


def test_the_player_steps_and_redraws(G, x, hidden):
    tool = ZSearch(G, x, hidden)
    tool.show()
    before = tool.array()
    tool.play.value = 1
    tool.play.value = 2
    assert len(tool.errors) == 3
    assert (tool.array() != before).any()
    tool.play.value = 0  # the player's stop button: no step
    assert len(tool.errors) == 3


def test_the_step_button_does_one_tick(G, x, hidden):
    tool = ZSearch(G, x, hidden)
    buttons(tool)["Step"].click()
    assert len(tool.errors) == 2 and undisturbed(tool)


def test_another_start_keeps_the_face_and_the_old_curve(G, x, hidden):
    tool = ZSearch(G, x, hidden)
    tool.play.value = 3
    z, errors = tool.search.z.clone(), tool.errors
    before = tool.array()
    buttons(tool)["New start"].click()
    assert tool.play.value == 0 and tool.face == 0
    assert tool.earlier == [errors] and len(tool.errors) == 1
    assert not torch.isclose(tool.search.z, z).any()
    assert (tool.array() != before).any()
    assert "start 2" in tool.alt()


def test_the_next_face_comes_and_after_the_last_the_first(G, x, hidden):
    tool = ZSearch(G, x, hidden)
    for expected in (1, 2, 0):
        buttons(tool)["New start"].click()
        buttons(tool)["Next face"].click()
        assert tool.face == expected and tool.earlier == []
        assert torch.equal(tool.covered, x[expected:expected + 1])


def test_the_truth_is_shown_when_it_is_wanted(G, x, hidden):
    tool = ZSearch(G, x, hidden)
    tool.show()
    before = tool.array()
    tool.truth.value = True
    assert (tool.array() != before).any() and len(tool.errors) == 1


@pytest.mark.parametrize("press", ["Step", "New start", "Next face"])
def test_an_error_of_a_button_is_shown(G, x, hidden, press):
    broken = BreaksAfter(G, times=10**6)
    tool = ZSearch(broken, x, hidden)
    tool.show()
    broken.left[0] = 0
    buttons(tool)[press].click()
    assert "RuntimeError: the weights are &lt;gone&gt;" in tool.message.value
    broken.left[0] = 10**6
    buttons(tool)[press].click()
    assert undisturbed(tool)


def test_an_error_of_a_tick_is_shown(G, x, hidden):
    broken = BreaksAfter(G, times=10**6)
    tool = ZSearch(broken, x, hidden)
    broken.left[0] = 0
    tool.play.value = 1
    assert "RuntimeError: the weights are &lt;gone&gt;" in tool.message.value


def test_a_mask_that_shows_nothing_is_refused(G, x):
    with pytest.raises(ValueError, match="visible must be a bool mask"):
        ZSearch(G, x, torch.ones(16, 16, dtype=torch.bool))
