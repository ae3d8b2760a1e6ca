"""The tools of notebook 04, driven without a browser."""

import math

import numpy as np
import pytest
import torch

from gan_lib import training
from gan_lib.failures import TwoNumberGame, average
from gan_lib.widgets.half_steps import HalfSteps
from gan_lib.widgets.saddle import STEPS, Saddle
from widget_tools import buttons


@pytest.fixture(scope="module")
def one_half_steps():
    return HalfSteps(batch_size=16)


@pytest.fixture(scope="module")
def one_saddle():
    return Saddle()


@pytest.fixture
def tool(one_half_steps):
    one_half_steps.reset()
    return one_half_steps


@pytest.fixture
def saddle(one_saddle):
    one_saddle.reset()
    one_saddle.rate.value, one_saddle.penalty.value = 0.2, 0.0
    one_saddle.turns.value = "simultaneous"
    one_saddle.refresh()
    return one_saddle


def vector(network):
    """Return all weights of a network, copied without the library's help."""
    return np.concatenate([p.detach().cpu().numpy().ravel().copy() for p in network.parameters()])


# --- half-steps -------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "still", "moves"), [("Step D", "G", "D"), ("Step G", "D", "G")])
def test_a_half_step_moves_one_network_by_the_shown_length_and_the_other_not_at_all(
        tool, name, still, moves):
    before = {player: vector(getattr(tool.game, player)) for player in "DG"}
    seen = tool.array()
    buttons(tool)[name].click()
    assert (vector(getattr(tool.game, still)) == before[still]).all()
    assert getattr(tool, f"moved_{still}") == 0.0
    moved = np.linalg.norm(vector(getattr(tool.game, moves)) - before[moves])
    assert moved > 0
    assert getattr(tool, f"moved_{moves}") == pytest.approx(moved, rel=1e-4)
    assert f"|Δ{moves}| = {moved:.3f}" in tool.alt() and f"|Δ{still}| = 0.000" in tool.alt()
    assert (tool.array() != seen).any()
    assert tool.message.value == ""


@pytest.mark.parametrize("name", ["Step D", "Step G"])
def test_a_half_step_is_the_game_s_own_with_all_that_it_was_told(name):
    told = {"batch_size": 16, "smooth": 0.2, "loss": "minimax", "r1": 0.5}
    tool, other, plain = HalfSteps(**told), HalfSteps(**told), HalfSteps(batch_size=16)
    buttons(tool)[name].click()
    getattr(other.game, name.replace("Step ", "step_"))()
    buttons(plain)[name].click()
    moved = name[-1]
    assert (vector(getattr(tool.game, moved)) == vector(getattr(other.game, moved))).all()
    assert (vector(getattr(tool.game, moved)) != vector(getattr(plain.game, moved))).any()


def test_smooth_labels_count_in_d_s_half_step_as_in_a_whole_turn():
    smooth, hard = (HalfSteps(batch_size=16, smooth=value, r1=0) for value in (0.2, 0.0))
    for tool in (smooth, hard):
        tool.step_D()
    difference = np.abs(vector(smooth.game.D) - vector(hard.game.D)).max()
    for tool in (smooth, hard):
        tool.reset()
        tool.both(1)
    assert difference > 0
    assert difference == pytest.approx(np.abs(vector(smooth.game.D) - vector(hard.game.D)).max())


@pytest.mark.parametrize(("name", "turns"), [("Both ×1", 1), ("Both ×50", 50)])
def test_the_buttons_for_both_play_that_many_turns(tool, name, turns):
    buttons(tool)[name].click()
    assert len(tool.game.history) == turns
    assert tool.moved_D > 0 and tool.moved_G > 0


def test_a_tick_of_the_slow_motion_plays_one_turn(tool):
    before = tool.array()
    tool.play.value = 1
    tool.play.value = 2
    assert len(tool.game.history) == 2
    assert (tool.array() != before).any()


def test_a_tick_that_comes_during_a_move_is_dropped(tool):
    with tool.busy:
        tool.play.value = 1
    assert len(tool.game.history) == 0


def test_reset_brings_the_first_picture_back_and_leaves_torch_s_random_numbers_alone(tool):
    first, picture = vector(tool.game.G), tool.array()
    tool.both(3)
    torch.manual_seed(5)
    buttons(tool)["Reset"].click()
    assert torch.rand(1) == torch.rand(1, generator=torch.Generator().manual_seed(5))
    assert (vector(tool.game.G) == first).all()
    assert (tool.array() == picture).all()
    assert (tool.moved_D, tool.moved_G, tool.play.value) == (0.0, 0.0, 0)


def test_the_field_is_the_sigmoid_of_the_logits_with_rows_going_up(tool):
    tool.both(20)
    field = tool.field()
    for row, column in ((0, 0), (47, 0), (10, 40)):
        x, y = (-2.6 + 5.2 * place / 47 for place in (column, row))
        logit = tool.game.D(torch.tensor([[x, y]], device=tool.game.device)).item()
        assert field[row, column].item() == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-4)


def test_the_modes_are_counted_from_the_fakes_that_are_drawn(tool):
    tool.both(40)
    drawn = torch.tensor(np.asarray(tool._fake_points.get_offsets()), dtype=torch.float64)
    near = torch.cdist(drawn, tool.ring.centres.double().cpu()) < 0.3
    assert tool.modes() == int((near.float().mean(0) >= 0.02).sum())
    on = near.any(1).float().mean().item()
    assert tool.on_modes() == pytest.approx(on) and 0 < on < 1
    assert f"{tool.modes()} of 8 modes hit, {on:.0%} of" in tool._left.title.get_text()


def test_the_arguments_are_those_of_the_game_and_show_draws_the_start(capsys):
    tool = HalfSteps(batch_size=16, r1=0, loss="minimax")
    tool.show()
    assert tool.alt() in capsys.readouterr().out
    assert tool.array().shape[2] == 3
    assert (tool.game.r1, tool.game.loss_function.__name__) == (0, "minimax_loss")
    with pytest.raises(ValueError, match="loss must be one of"):
        HalfSteps(loss="maximal")


@pytest.mark.parametrize("name", ["Step D", "Step G", "Both ×1"])
def test_an_error_in_a_half_step_is_shown(tool, name, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the weights are <gone>")

    monkeypatch.setattr(training, "discriminator_step", broken)
    monkeypatch.setattr(training, "generator_step", broken)
    buttons(tool)[name].click()
    assert "RuntimeError: the weights are &lt;gone&gt;" in tool.message.value


# --- the saddle -------------------------------------------------------------------------------

def matrix(rate, turns, penalty):
    """Return the linear map of one step: an independent form of the game."""
    down = np.array([[1 - rate * penalty, -rate], [0, 1]])
    if turns == "alternating":
        return np.array([[1, 0], [rate, 1]]) @ down
    return np.array([[1 - rate * penalty, -rate], [rate, 1]])


@pytest.mark.parametrize("turns", ["simultaneous", "alternating"])
@pytest.mark.parametrize(("rate", "penalty"), [(0.1, 0.0), (0.3, 0.4)])
def test_the_path_is_that_of_the_linear_map(turns, rate, penalty):
    path = TwoNumberGame(rate, turns, penalty, start=(1.0, -0.5)).path(12)
    expected = [np.linalg.matrix_power(matrix(rate, turns, penalty), k) @ (1.0, -0.5)
                for k in range(13)]
    np.testing.assert_allclose(path, expected, atol=1e-9)


def test_simultaneous_steps_grow_by_pythagoras_and_alternating_ones_stay_bounded():
    far = [math.hypot(*place) for place in TwoNumberGame(0.2, "simultaneous").path(50)]
    assert far[-1] == pytest.approx(math.sqrt(2) * math.sqrt(1 + 0.2 ** 2) ** 50)
    far = [math.hypot(*place) for place in TwoNumberGame(0.2, "alternating").path(5000)]
    assert max(far) < 1.6 and min(far) > 1.2


def test_the_penalty_leads_to_the_saddle_and_the_average_comes_near():
    assert math.hypot(*TwoNumberGame(0.2, "alternating", 0.5).path(200)[-1]) < 1e-3
    path = TwoNumberGame(0.2, "alternating").path(200)
    assert average(path) == pytest.approx(tuple(np.mean(path, axis=0)))
    assert math.hypot(*average(path)) < 0.1


@pytest.mark.parametrize(("name", "value"), [("rate", 0.4), ("penalty", 0.5),
                                             ("turns", "alternating"), ("steps", 7)])
def test_every_control_of_the_saddle_changes_the_picture(saddle, name, value):
    saddle.forward(30)
    before = saddle.array()
    getattr(saddle, name).value = value
    assert (saddle.array() != before).any()
    assert saddle.message.value == ""


def test_buttons_and_play_move_along_the_path(saddle):
    buttons(saddle)["Step"].click()
    buttons(saddle)["Step ×20"].click()
    assert (saddle.steps.value, saddle.play.value, len(saddle.path())) == (21, 21, 22)
    saddle.play.value = 5
    assert saddle.steps.value == 5
    buttons(saddle)["Reset"].click()
    assert saddle.path() == [(1.0, 1.0)]
    saddle.forward(10 * STEPS)
    assert saddle.steps.value == STEPS


def test_the_alt_text_says_where_the_players_are(saddle):
    saddle.rate.value, saddle.turns.value, saddle.steps.value = 0.2, "alternating", 9
    d, g = np.linalg.matrix_power(matrix(0.2, "alternating", 0.0), 9) @ (1, 1)
    assert f"d = {d:.3g}, g = {g:.3g}, {math.hypot(d, g):.4g} from the saddle" in saddle.alt()
    assert f"d = {d:.3g},  g = {g:.3g}" in saddle._left.title.get_text()


def test_numbers_that_fly_far_away_are_still_drawn(saddle):
    saddle.rate.value, saddle.steps.value = 0.6, STEPS
    assert math.hypot(*saddle.path()[-1]) > 1e6
    assert saddle.message.value == ""


def test_an_error_in_the_saddle_is_shown(saddle, monkeypatch):
    monkeypatch.setattr(TwoNumberGame, "step", lambda self: 1 / 0)
    saddle.step()
    assert "ZeroDivisionError" in saddle.message.value


@pytest.mark.parametrize("wrong", [{"rate": -1}, {"penalty": -0.1}, {"turns": "random"}])
def test_a_game_without_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        TwoNumberGame(**wrong)
