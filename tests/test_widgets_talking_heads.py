"""The puppet, driven without a browser."""

import numpy as np
import pytest
import torch

from gan_lib import data, heads
from gan_lib.data import face_drawing
from gan_lib.widgets.puppet import Puppet
from widget_tools import buttons, undisturbed


@pytest.fixture(scope="module")
def crowd():
    return heads.people(4, poses=5, seed=2)


@pytest.fixture(scope="module")
def head():
    torch.manual_seed(0)
    return heads.TalkingHead(width=4).to(heads.device.best()).eval().requires_grad_(False)


@pytest.fixture
def puppet(head, crowd):
    tool = Puppet({"with D": head, "a copy": lambda pictures, y: pictures[:, 0]}, crowd, person=1)
    tool.show()
    return tool


def card_of(tool, row, column):
    """Return one card's picture, (32, 32, 3) int, from the tool's picture."""
    top, left = row * (32 + 264) + 32 + 4, column * 264 + 4
    return tool.array().astype(int)[top:top + 256:8, left:left + 256:8]


def test_it_shows_what_was_read_the_truth_and_the_fakes(puppet, head, crowd):
    puppet.place({"smile": 0.7, "turn": -0.5, "tilt": 9.0})
    attributes = {**crowd.person(1), **puppet.expression}
    truth = face_drawing.draw(attributes)[0].permute(1, 2, 0).numpy().astype(int)
    read = crowd.images[1, 0].permute(1, 2, 0).cpu().numpy().astype(int)
    assert np.array_equal(card_of(puppet, 0, 0), read)
    assert np.array_equal(card_of(puppet, 0, 1), truth)
    assert np.abs(card_of(puppet, 1, 1) - read).max() <= 1
    where = crowd.images.device
    fake = head(data.to_float(crowd.images[1:2, :1]), heads.pose(attributes).to(where))
    expected = data.to_uint8(fake)[0].permute(1, 2, 0).cpu().numpy().astype(int)
    assert np.abs(card_of(puppet, 1, 0) - expected).max() <= 1


def test_the_psnr_is_that_of_the_pictures_on_the_screen(puppet):
    puppet.place({"turn": 0.8, "mouth_open": 1.0})
    off = (card_of(puppet, 0, 0) - card_of(puppet, 0, 1)) / 127.5
    assert puppet.psnr["copy"] == pytest.approx(10 * np.log10(4 / np.square(off).mean()), abs=0.02)
    assert puppet.psnr["a copy"] == pytest.approx(puppet.psnr["copy"])
    assert f"copy {puppet.psnr['copy']:.1f}" in puppet.message.value
    assert undisturbed(puppet) and puppet.message.value in puppet.alt()


@pytest.mark.parametrize("name", heads.EXPRESSION)
def test_each_slider_changes_the_picture_and_the_words(puppet, name):
    before, said = puppet.array(), puppet.alt()
    puppet.sliders[name].value = face_drawing.ATTRIBUTES[name][1]
    assert (puppet.array() != before).any() and puppet.alt() != said and undisturbed(puppet)


def test_another_person_and_more_pictures(puppet):
    before = puppet.array()
    puppet.who.value = 3
    other = puppet.array()
    puppet.reads.value = 4
    assert (before != other).any() and (other != puppet.array()).any()
    assert puppet.pictures.shape == (1, 4, 3, 32, 32)
    assert puppet.reads.options == (1, 4)  # there are 5 pictures of each


def test_the_driver_moves_the_sliders_frame_by_frame(puppet):
    frames, before = heads.driver(), puppet.array()
    puppet.play.value = 20
    assert puppet.frame.value == 20 and (puppet.array() != before).any()
    for name, control in puppet.sliders.items():
        assert control.value == pytest.approx(frames[name][20].item(), abs=1e-5), name
    buttons(puppet)["Look ahead"].click()
    assert all(control.value == 0 for control in puppet.sliders.values())


def test_an_error_in_a_network_is_shown_and_not_swallowed(crowd):
    def gone(pictures, y):
        raise RuntimeError("the weights are <gone>")

    tool = Puppet({"broken": gone}, crowd)
    tool.sliders["turn"].value = 0.5
    assert "RuntimeError: the weights are &lt;gone&gt;" in tool.message.value


def test_a_pose_that_no_face_has_is_refused(puppet):
    with pytest.raises(ValueError, match="tilt must be a finite number from"):
        puppet.place({"tilt": 45.0})
    with pytest.raises(ValueError, match="a name must be one of 'smile'"):
        puppet.place({"nose": 1.0})
