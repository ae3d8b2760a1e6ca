"""The tool of notebook 07, driven without a browser."""

import math

import numpy as np
import pytest

from gan_lib.failures import TwoNumberGame, average
from gan_lib.widgets.saddle import STEPS, Saddle
from widget_tools import buttons


@pytest.fixture(scope="module")
def one_saddle():
    return Saddle()


@pytest.fixture
def saddle(one_saddle):
    one_saddle.reset()
    one_saddle.rate.value, one_saddle.penalty.value = 0.2, 0.0
    one_saddle.turns.value = "simultaneous"
    one_saddle.refresh()
    return one_saddle


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
