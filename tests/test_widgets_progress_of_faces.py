"""The tools of notebook progress_of_faces, driven without a browser."""

import numpy as np
import pytest
import torch

from gan_lib import figures, latent, styles
from gan_lib.widgets.growth import Growth
from gan_lib.widgets.style_mixer import StyleMixer
from gan_lib.widgets.tool import FRAME, TITLE
from widget_tools import buttons, style_generator

# --- growth -----------------------------------------------------------------------------------

@pytest.fixture
def frames():
    torch.manual_seed(0)
    return [(grown, torch.rand(3, 3, 32, 32) * 2 - 1) for grown in (0.0, 0.25, 1.0, 1.5, 2.0)]


@pytest.mark.parametrize("number", [0, 2, 4])
def test_each_frame_shows_its_fakes(frames, number):
    tool = Growth(frames)
    tool.frame.value = number
    expected = figures.tile(frames[number][1], columns=3, scale=4, frame=figures.FAKE)
    assert (tool.array()[TITLE:] == expected).all() if number else True
    assert (tool.picture()[TITLE:] == expected).all()


def test_playing_moves_the_frame(frames):
    tool = Growth(frames)
    tool.show()
    before = tool.array()
    tool.play.value = 3
    assert tool.frame.value == 3 and (tool.array() != before).any()
    assert tool.message.value == ""


@pytest.mark.parametrize(("number", "stage"), [
    (0, "8 x 8 px"), (1, "8 px fade into 16 px: alpha = 0.25"), (2, "16 x 16 px"),
    (3, "16 px fade into 32 px: alpha = 0.50"), (4, "32 x 32 px")])
def test_the_alt_text_says_what_g_is_doing(frames, number, stage):
    tool = Growth(frames)
    tool.frame.value = number
    x = frames[number][1].numpy()
    assert tool.stage() == stage
    assert stage in tool.alt() and f"Frame {number + 1} of 5" in tool.alt()
    assert f"{np.abs(np.diff(x, axis=3)).mean():.3f}" in tool.alt()


@pytest.mark.parametrize(("wrong", "says"), [
    ([], "at least one in it"), (None, "at least one in it"),
    ([(3.0, torch.zeros(1, 3, 32, 32))], "grown must be"),
    ([(0.0, torch.zeros(1, 3, 32, 32)), (1.0, torch.zeros(2, 3, 32, 32))],
     "the fakes of a frame must have the shape")])
def test_frames_that_do_not_fit_are_refused(wrong, says):
    with pytest.raises((TypeError, ValueError), match=says):
        Growth(wrong)


# --- mixing styles ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def G():
    return style_generator()


def shown(tool):
    """Return the three cards of the picture, without titles and frames."""
    side = (tool.picture().shape[1] - 6 * FRAME) // 3
    picture = tool.picture()[TITLE + FRAME:-FRAME]
    return [picture[:, FRAME + i * (side + 2 * FRAME):][:, :side] for i in range(3)]


@pytest.mark.parametrize(("coarse", "fine", "same"), [(0, 0, 0), (1, 1, 2)])
def test_at_the_ends_the_mix_is_one_of_the_two_faces(G, coarse, fine, same):
    tool = StyleMixer(G, seed=2)
    tool.coarse.value, tool.fine.value = coarse, fine
    cards = shown(tool)
    assert (cards[1] == cards[same]).all() and (cards[0] != cards[2]).any()


def test_the_mix_takes_coarse_and_fine_layers_where_the_sliders_stand(G):
    tool = StyleMixer(G, seed=2)
    tool.coarse.value, tool.fine.value, tool.border.value = 0.25, 0.75, 1
    a, b = G.mapping(latent.draw(2, G.z_dim, 2)).unsqueeze(1).split(1)
    first, late = 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b
    expected = G.draw(torch.cat([first, late, late, late], 1))
    torch.testing.assert_close(tool.faces()[1:2], expected)


@pytest.mark.parametrize("name", ["coarse", "fine"])
def test_each_slider_changes_the_mix(G, name):
    tool = StyleMixer(G)
    tool.show()
    before = tool.array()
    getattr(tool, name).value = 0.5
    assert (tool.array() != before).any() and tool.message.value == ""


def test_the_border_matters_where_coarse_and_fine_differ(G):
    tool = StyleMixer(G)
    before = tool.faces()
    tool.border.value = 3
    assert not torch.equal(tool.faces()[1], before[1])
    assert torch.equal(tool.faces()[[0, 2]], before[[0, 2]])


def test_new_faces_are_others(G):
    tool = StyleMixer(G)
    before = tool.faces()
    buttons(tool)["New faces"].click()
    assert not torch.isclose(tool.faces(), before).all(dim=(1, 2, 3)).any()


def test_the_alt_text_says_where_the_sliders_stand(G):
    tool = StyleMixer(G)
    tool.coarse.value, tool.fine.value = 0.2, 0.85
    a, mix, b = tool.faces()
    assert "20% of B's style in the first 2 layers, 85% in the other 2" in tool.alt()
    assert f"from A by {(mix - a).abs().mean():.2f}" in tool.alt()
    assert f"from B by {(mix - b).abs().mean():.2f}" in tool.alt()


def test_a_generator_that_learns_is_shown_without_new_noise_and_stays_in_train_mode(G):
    learning = style_generator().train()
    assert torch.equal(StyleMixer(learning).faces(), StyleMixer(G).faces())
    assert learning.training


@pytest.mark.parametrize(("wrong", "says"), [
    ((torch.nn.Linear(2, 2),), "G must be a generator with styles"),
    ((styles.StyleGenerator,), "G must be a generator with styles"),
    ((style_generator(), -1), "seed must be at least 0")])
def test_a_generator_without_styles_is_refused(wrong, says):
    with pytest.raises((TypeError, ValueError), match=says):
        StyleMixer(*wrong)
