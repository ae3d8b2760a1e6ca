"""The training room's game without its tool: settings that change, numbers, the recipe."""

import copy
import math

import pytest
import torch

from gan_lib import choices, models, room, training, wasserstein
from gan_lib.room import CHOICES, Room, Settings

SMALL = {"width": 4, "z_dim": 8}


def small(**settings) -> Room:
    return Room(Settings(**{**SMALL, **settings}))


def all_weights(game) -> torch.Tensor:
    return torch.cat([training.weights(game.D), training.weights(game.G)])


@pytest.mark.parametrize("name, value", [(name, value) for name in choices.GAME
                                         for value in CHOICES[name]])
def test_every_choice_can_be_made_midway_and_has_a_code(name, value):
    played = small()
    played.change(**{name: value})
    played.step()
    assert getattr(played.settings, name) == value and played.game.steps == 1
    assert torch.isfinite(all_weights(played.game)).all()
    assert Settings.from_code(played.settings.code) == played.settings
    assert len(played.settings.code) <= 12


@pytest.mark.parametrize("wrong", [
    {"lr_D": 0.0}, {"lr_G": -1.0}, {"lr_D": math.nan}, {"width": 0}, {"z_dim": 3},
    {"loss": "hinge"}, {"samples": "cats"}, {"seed": 1000}])
def test_what_is_no_choice_is_refused_and_the_game_goes_on(wrong):
    played = small()
    played.step()
    before = all_weights(played.game)
    with pytest.raises((TypeError, ValueError), match="must be"):
        played.change(**wrong)
    assert torch.equal(all_weights(played.game), before)
    played.step()
    assert played.game.steps == 2


def test_it_plays_the_course_s_game_in_float32():
    played = small()
    game = training.Game(copy.deepcopy(played.game.D), copy.deepcopy(played.game.G),
                         room.real_pictures("digits"), bfloat16=False)
    played.step(3)
    for _ in range(3):
        game.step()
    assert torch.equal(all_weights(played.game), all_weights(game))
    assert not played.game.bfloat16


def test_the_wasserstein_game_takes_its_own_loss():
    played = small()
    played.change(loss="Wasserstein")
    assert played.game.loss_function is wasserstein.generator_loss
    played.step()
    assert played.game.history.loss_D[0] != pytest.approx(2 * math.log(2), abs=0.2)
    played.change(loss="minimax")
    assert not played.game.wasserstein


def test_the_numbers_are_those_of_the_fakes_and_of_real_pictures():
    numbers = small().numbers()
    assert numbers["of"] == numbers["classes of real"] == 10
    assert numbers["classes"] <= 3  # an untrained G paints one grey
    assert numbers["apart"] < 0.2 < numbers["apart of real"]
    assert numbers["D(real)"] == pytest.approx(0.5, abs=0.1)
    assert tuple(small().believed().shape) == (16,)


def test_faces_are_played_with_colours_at_32_pixels():
    played = small(samples="faces")
    played.step()
    assert tuple(played.game.fakes().shape) == (16, 3, 32, 32)
    numbers = played.numbers()
    assert numbers["classes of real"] > 40 and numbers["of"] == 45


def test_another_size_begins_anew():
    played = small()
    played.step()
    played.change(width=8)
    assert played.game.steps == 0
    assert models.parameters(played.game.G) > models.parameters(small().game.G)
