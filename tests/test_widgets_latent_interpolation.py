"""The tools of notebook 05, driven without a browser."""

import errno
import math
import os

import numpy as np
import pytest
import torch
from PIL import Image

from gan_lib import figures, latent
from gan_lib.widgets.four_corners import FourCorners
from gan_lib.widgets.walk import MILLISECONDS, Walk
from widget_tools import BreaksAfter, buttons, small_generator


@pytest.fixture(scope="module")
def G():
    return small_generator()


def turned(a, b, t):
    """The spherical mix in numpy: an independent computation."""
    a, b = a.double().numpy(), b.double().numpy()
    angle = math.acos(a @ b / math.sqrt((a @ a) * (b @ b)))
    return (math.sin((1 - t) * angle) * a + math.sin(t * angle) * b) / math.sin(angle)


# --- four corners -----------------------------------------------------------------------------

@pytest.mark.parametrize(("right", "down", "corner"), [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 3)])
def test_at_a_corner_the_point_is_that_corner(G, right, down, corner):
    tool = FourCorners(G, seed=3)
    tool.right.value, tool.down.value = right, down
    expected = latent.draw(4, G.z_dim, 3)[corner]
    torch.testing.assert_close(tool.z, expected, atol=1e-5, rtol=1e-5)


def test_between_the_corners_the_point_is_the_mix_of_two_mixes(G):
    tool = FourCorners(G, seed=3)
    tool.right.value, tool.down.value = 0.25, 0.75
    c = latent.draw(4, G.z_dim, 3)
    left = torch.as_tensor(turned(c[0], c[2], 0.75))
    right = torch.as_tensor(turned(c[1], c[3], 0.75))
    np.testing.assert_allclose(tool.z, turned(left, right, 0.25), atol=1e-5)


def test_the_large_picture_is_the_fake_of_the_point(G):
    tool = FourCorners(G, seed=3)
    tool.right.value, tool.down.value = 0.3, 0.6
    fake = ((G(tool.z.unsqueeze(0))[0].clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    enlarged = fake.permute(1, 2, 0).numpy().repeat(16, 0).repeat(16, 1)
    picture = tool.array()
    middle = picture.shape[1] // 2
    shown = picture[4:-4, middle - 128:middle + 128]
    assert shown.shape == enlarged.shape
    assert np.abs(shown.astype(int) - enlarged).max() <= 1


@pytest.mark.parametrize("name", ["right", "down"])
def test_each_slider_changes_the_picture_of_the_four_corners(G, name):
    tool = FourCorners(G)
    tool.show()
    before = tool.array()
    getattr(tool, name).value = 0.9
    assert (tool.array() != before).any()
    assert tool.message.value == ""


def test_the_button_draws_new_corners_and_leaves_the_point(G):
    tool = FourCorners(G, seed=0)
    tool.right.value = 0.25
    before, corners = tool.array(), tool.corners
    buttons(tool)["New corners"].click()
    assert (tool.array() != before).any()
    assert not torch.isclose(tool.corners, corners).any()
    assert tool.right.value == 0.25


def test_the_alt_text_of_the_four_corners_says_where_the_point_is(G):
    tool = FourCorners(G)
    tool.right.value, tool.down.value = 0.2, 0.85
    assert "20%" in tool.alt() and "85%" in tool.alt()


def test_an_error_while_the_point_moves_is_shown(G):
    tool = FourCorners(BreaksAfter(G, times=1))
    tool.right.value = 0.1
    assert tool.message.value == ""
    tool.right.value = 0.2
    assert "RuntimeError: the weights are &lt;gone&gt;" in tool.message.value


# --- walk -------------------------------------------------------------------------------------

@pytest.fixture
def walk(G, tmp_path):
    return Walk(G, stops=3, frames=4, pictures=2, seed=5, folder=tmp_path / "build")


def test_every_frame_shows_the_fakes_of_its_noise(G, walk):
    assert walk.z.shape == (12, 2, G.z_dim)
    for number in (0, 7):
        expected = figures.tile(G(walk.z[number]), columns=2, scale=10, frame=figures.FAKE)
        assert (figures.array_of_png(walk.frames[number]) == expected).all()


def test_the_walks_pass_their_stops_and_go_back_to_the_first(G, walk):
    stops = latent.draw(6, G.z_dim, 5).unflatten(0, (2, 3))
    torch.testing.assert_close(walk.z[::4], stops.transpose(0, 1))
    np.testing.assert_allclose(walk.z[9, 1], turned(stops[1, 2], stops[1, 0], 0.25), atol=1e-5)


def test_playing_moves_the_slider_and_the_picture(walk):
    walk.show()
    before = walk.array()
    walk.play.value = 6
    assert walk.frame.value == 6
    assert (walk.array() == figures.array_of_png(walk.frames[6])).all()
    assert (walk.array() != before).any()
    assert "Frame 7 of 12" in walk.alt()


def test_moving_the_slider_takes_the_player_along(walk):
    walk.frame.value = 3
    assert walk.play.value == 3
    assert (walk.array() == figures.array_of_png(walk.frames[3])).all()


def test_a_tick_needs_no_generator(G, tmp_path):
    tool = Walk(BreaksAfter(G, times=12), stops=3, frames=4, pictures=2, folder=tmp_path)
    tool.play.value = 11
    assert tool.message.value == ""
    assert (tool.array() == figures.array_of_png(tool.frames[11])).all()


def test_the_gif_holds_every_frame_and_the_message_says_where_it_is(walk):
    buttons(walk)["Save GIF"].click()
    path = walk.folder / "walk.gif"
    assert str(path) in walk.message.value
    with Image.open(path) as gif:
        assert (gif.n_frames, gif.info["duration"], gif.info["loop"]) == (12, MILLISECONDS, 0)
        for number in (0, 7):
            gif.seek(number)
            shown = np.asarray(gif.convert("RGB")).astype(int)
            expected = figures.array_of_png(walk.frames[number]).astype(int)
            assert np.abs(shown - expected).mean() < 8  # a GIF has 256 colours
    assert [file.name for file in walk.folder.iterdir()] == ["walk.gif"]


def test_a_gif_that_cannot_be_written_leaves_the_old_one_and_is_said(walk, monkeypatch):
    old = walk.save_gif().read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "replace", full)
    buttons(walk)["Save GIF"].click()
    assert "walk.gif was not written: there is no room left" in walk.message.value
    assert [file.name for file in walk.folder.iterdir()] == ["walk.gif"]
    assert (walk.folder / "walk.gif").read_bytes() == old


def test_making_a_walk_writes_no_file(G, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tool = Walk(G, stops=2, frames=2, pictures=1)
    assert list(tmp_path.iterdir()) == []
    assert tool.save_gif() == tmp_path / "build" / "walk.gif"


@pytest.mark.parametrize("wrong", [{"stops": 1}, {"frames": 0}, {"pictures": 0}])
def test_a_walk_without_enough_to_show_is_refused(G, wrong):
    with pytest.raises(ValueError, match="must be at least"):
        Walk(G, **wrong)
