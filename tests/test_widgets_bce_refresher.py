"""The tools of notebook 01, driven without a browser."""

import math

import numpy as np
import pytest
import torch

from gan_lib.widgets.bce_slider import BCESlider
from gan_lib.widgets.three_numbers import START, Scene, ThreeNumberGAN, ThreeNumbers
from widget_tools import buttons


@pytest.fixture(scope="module")
def tool():
    return ThreeNumbers()


@pytest.fixture
def game(tool):
    tool.reset()
    return tool


def differs(tool, action) -> bool:
    """Return whether `action` changes the picture."""
    before = bytes(tool.image.value)
    action()
    return bytes(tool.image.value) != before


def broken(*_):
    raise RuntimeError("the pen is empty")


# --- BCESlider ----------------------------------------------------------------------------------

@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.99])
def test_the_slider_shows_loss_and_gradient_of_both_labels(p):
    tool = BCESlider(p)
    assert tool.loss(1) == pytest.approx(-math.log(p))
    assert tool.loss(0) == pytest.approx(-math.log(1 - p))
    assert tool.slope(1) == pytest.approx(-1 / p)
    assert tool.slope(0) == pytest.approx(1 / (1 - p))


def test_moving_p_moves_the_point_the_tangent_and_the_words():
    tool = BCESlider(0.7)
    tool.refresh()
    assert differs(tool, lambda: setattr(tool.p, "value", 0.25))
    axes = tool.figure.axes[1]
    assert f"loss {-math.log(0.75):.2f}, gradient +{1 / 0.75:.2f}" in axes.get_title()
    _, tangent, point = axes.lines
    assert point.get_xydata().tolist() == [[0.25, pytest.approx(-math.log(0.75))]]
    (x0, y0), (x1, y1) = tangent.get_xydata()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(1 / 0.75)
    assert "At p = 0.25: against label 1 (real) the loss is 1.39" in tool.alt()


def test_an_error_while_drawing_is_shown_under_the_slider(monkeypatch):
    tool = BCESlider()
    monkeypatch.setattr(tool, "loss", broken)
    tool.p.value = 0.2
    assert "RuntimeError: the pen is empty" in tool.message.value


# --- the GAN in three numbers -------------------------------------------------------------------

def by_hand(real, z, theta, a, b, rate):
    """One step of D, then one of G, with the gradients p - y written out in numpy."""
    def sigmoid(s):
        return 1 / (1 + np.exp(-s))
    fake = theta + 0.5 * z
    wrong_real, wrong_fake = sigmoid(a * real + b) - 1, sigmoid(a * fake + b)
    a, b = (a - rate * ((wrong_real * real).mean() + (wrong_fake * fake).mean()),
            b - rate * (wrong_real.mean() + wrong_fake.mean()))
    theta -= rate * ((sigmoid(a * fake + b) - 1) * a).mean()
    return theta, a, b


def test_the_half_steps_are_gradient_steps_of_the_two_losses():
    gan = ThreeNumberGAN(rate=0.3)
    real, z = gan.real.double().numpy(), gan.z.double().numpy()
    numbers = tuple(START.values())
    for _ in range(20):
        numbers = by_hand(real, z, *numbers, rate=0.3)
        gan.play(1)
    assert list(gan.numbers().values()) == pytest.approx(numbers, abs=1e-4)


def test_at_the_start_d_is_blind_and_g_cannot_move():
    gan = ThreeNumberGAN()
    assert gan.loss_D().item() == pytest.approx(2 * math.log(2))
    assert gan.loss_G().item() == pytest.approx(math.log(2))
    gan.step_G()
    assert gan.numbers() == START


def test_theta_passes_the_real_mean_and_comes_back_to_it():
    path = ThreeNumberGAN().play(500)
    mean = ThreeNumberGAN().real.mean().item()
    assert max(path) > mean + 0.5
    assert path[-1] == pytest.approx(mean, abs=0.05)


def test_the_same_seed_gives_the_same_game_and_does_not_touch_the_global_one():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    assert ThreeNumberGAN(seed=3).play(5) == ThreeNumberGAN(seed=3).play(5)
    assert ThreeNumberGAN(seed=4).play(5) != ThreeNumberGAN(seed=3).play(5)
    assert torch.rand(1) == expected


@pytest.mark.parametrize("wrong", [{"spread": -1.0}, {"rate": math.nan}, {"n": 0}, {"seed": -1}])
def test_impossible_games_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ThreeNumberGAN(**wrong)


def test_only_the_three_numbers_can_be_set():
    with pytest.raises(ValueError, match="'theta', 'a', 'b'"):
        ThreeNumberGAN().set("c", 1.0)


# --- the tool that plays it ---------------------------------------------------------------------

def test_stepping_d_leaves_g_exactly_where_it_is(game):
    assert differs(game, buttons(game)["Step D"].click)
    numbers = game.gan.numbers()
    assert numbers["theta"] == START["theta"]
    assert game.moved_G == 0
    assert game.moved_D == pytest.approx(math.hypot(numbers["a"], numbers["b"]))
    assert game.moved_D > 0.1
    assert "G frozen" in game.alt()
    assert [text.get_text() for text in game._bars.numbers] == [f"{game.moved_D:.3f}", "0 exactly"]


def test_stepping_g_leaves_d_exactly_where_it_is(game):
    game.step_D()
    before = game.gan.numbers()
    assert differs(game, buttons(game)["Step G"].click)
    after = game.gan.numbers()
    assert (after["a"], after["b"]) == (before["a"], before["b"])
    assert game.moved_D == 0
    assert game.moved_G == pytest.approx(after["theta"] - before["theta"])
    assert game.moved_G > 0.01


def test_both_times_ten_is_ten_turns(game):
    assert differs(game, buttons(game)["Both ×10"].click)
    gan = ThreeNumberGAN()
    gan.play(10)
    assert game.gan.numbers() == gan.numbers()
    assert game.moved_D > 0 and game.moved_G > 0


def test_a_step_moves_the_sliders_and_each_slider_moves_one_player(game):
    game.step_D()
    assert game.a.value == round(game.gan.a.item(), 2) != 0
    assert differs(game, lambda: setattr(game.theta, "value", 0.1))
    assert game.gan.theta.item() == game.theta.value == 0.1
    assert (game.moved_G, game.moved_D) == (pytest.approx(1.1), 0)
    assert differs(game, lambda: setattr(game.b, "value", -1.5))
    assert (game.moved_G, game.moved_D) == (0, pytest.approx(1.5))
    assert game.last == "by hand, G frozen"


def test_the_numbers_in_the_title_are_those_of_the_game(game):
    game.both(3)
    real, z = game.gan.real.double().numpy(), game.gan.z.double().numpy()
    theta, a, b = game.gan.numbers().values()
    fake = theta + 0.5 * z
    loss_D = np.log1p(np.exp(-(a * real + b))).mean() + np.log1p(np.exp(a * fake + b)).mean()
    loss_G = np.log1p(np.exp(-(a * fake + b))).mean()
    title = game.figure.axes[0].get_title()
    assert f"θ = {theta:.2f},  a = {a:.2f},  b = {b:.2f}" in title
    assert f"loss of D {loss_D:.2f},  loss of G {loss_G:.2f}" in title


def test_a_browser_that_rounds_a_slider_does_not_move_a_player(game):
    game.step_D()
    before = game.gan.numbers()
    game.a.value += 1e-9
    game.theta.value -= 1e-9
    assert game.gan.numbers() == before
    assert game.last == "step D, G frozen"
    assert game.moved_G == 0


def test_reset_goes_back_to_the_start(game):
    first = game.array()[:, :600]
    game.both()
    buttons(game)["Reset"].click()
    assert game.gan.numbers() == START
    assert [control.value for control in game.sliders.values()] == list(START.values())
    assert game.last == "reset"
    assert (game.array()[:, :600] == first).all()  # without the bars at the right


def test_a_slider_at_its_end_does_not_hold_the_game_back(game):
    game.gan.set("theta", 30.0)
    game.step_D()
    assert game.gan.theta.item() == 30.0
    assert game.theta.value == game.theta.max


def test_an_error_in_a_button_or_a_slider_is_shown_and_the_tool_goes_on(game, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(game.gan, "step_D", broken)
        buttons(game)["Step D"].click()
        assert "RuntimeError: the pen is empty" in game.message.value
        patch.setattr(game.gan, "set", broken)
        game.message.value = ""
        game.theta.value = 0.3
        assert "RuntimeError: the pen is empty" in game.message.value
    game.step_D()
    assert game.message.value == ""
    assert game.moved_D > 0


def test_the_scene_draws_both_histograms_as_densities(game):
    gan = ThreeNumberGAN()
    for steps, x in ((game._scene.real, gan.real), (game._scene.fake, gan.z * 0.5 - 1)):
        expected, _ = np.histogram(x.numpy(), Scene.edges.numpy(), density=True)
        assert np.allclose(steps.get_data().values, expected, atol=0.02)
    curve = game._scene.curve.get_ydata()
    assert np.allclose(curve, 0.5)
