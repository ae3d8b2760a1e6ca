"""The failure cards: each broken line breaks the game on five seeds, each right one mends it."""

import dataclasses
import math

import pytest
import torch

from gan_lib import failure_cards
from gan_lib.failure_cards import CARDS, EVERY, SHOWN, TURNS, quality, recorded
from gan_lib.training import LossNotFinite

# At most so many modes are hit by the broken game, with at most this share of fakes near one.
BROKEN = {"Nothing moves": (0, 0.05), "Half the ring": (6, 1.0), "Great leaps": (4, 1.0),
          "Too helpful": (5, 1.0), "A floor under the loss": (3, 0.3), "Wandering": (5, 0.4)}
every_card = pytest.mark.parametrize("title", CARDS)
every_seed = pytest.mark.parametrize("seed", range(5))


@every_seed
@every_card
def test_the_wrong_line_breaks_the_game_and_the_right_one_mends_it(title, seed):
    broken, mended = (CARDS[title].play(seed, mended) for mended in (False, True))
    for game in (broken, mended):
        game.step(TURNS)
    modes, share = quality(broken.fakes())
    assert modes <= BROKEN[title][0] and share <= BROKEN[title][1]
    modes, share = quality(mended.fakes())
    assert modes >= 7 and share >= 0.65
    if title == "A floor under the loss":  # -log σ(1) - log(1 - σ(0))
        floor = math.log(1 + math.exp(-1)) + math.log(2)
        assert min(loss_D for loss_D, _ in broken.losses) >= floor - 1e-4
        assert min(loss_D for loss_D, _ in mended.losses) < floor


@every_card
def test_exactly_one_line_differs_and_it_is_the_one_that_is_named(title):
    card = CARDS[title]
    broken, mended = (card.text(is_mended).splitlines() for is_mended in (False, True))
    assert len(broken) == len(mended)
    differ = [i for i, (wrong, right) in enumerate(zip(broken, mended)) if wrong != right]
    assert differ == [card.line]
    assert card.wrong in broken[card.line] and card.right in mended[card.line]


def test_each_card_has_its_own_cause_and_says_why():
    assert len(CARDS) == 6 == len({card.cause for card in CARDS.values()})
    for card in CARDS.values():
        assert card.hint.endswith("?") and card.why and card.cause not in card.hint


def test_the_text_that_is_shown_is_what_is_run():
    card = CARDS["Wandering"]
    changed = dataclasses.replace(card, code=card.code.replace("optimizer_D.step()",
                                                               "raise KeyError('here')"))
    with pytest.raises(KeyError, match="here"):
        changed.play().step()


def test_a_seed_gives_the_same_game_and_another_one_another():
    first, again, other = (CARDS["Wandering"].play(seed) for seed in (3, 3, 4))
    for game in (first, again, other):
        game.step(5)
    assert torch.equal(first.fakes(), again.fakes()) and first.losses == again.losses
    assert not torch.equal(first.fakes(), other.fakes())


def test_without_detach_g_gets_a_gradient_from_d_s_loss_and_with_it_none():
    from gan_lib import training
    for mended, moves in ((False, True), (True, False)):
        card = CARDS["Too helpful"]
        stopped = dataclasses.replace(card, code=card.code.replace(
            "    loss_G =", "    yield loss_D, loss_D\n    loss_G ="))
        game = stopped.play(mended=mended)
        before = training.weights(game.G)
        game.step()  # D's half-step alone
        assert (training.change(before, game.G) > 0) == moves


def test_a_loss_that_is_not_finite_is_said_with_its_turn():
    card = CARDS["Great leaps"]
    game = dataclasses.replace(card, wrong="float('inf')").play()
    with pytest.raises(LossNotFinite, match="At turn 1"):
        game.step(9)


@every_card
def test_the_film_is_that_of_the_broken_game(title):
    film, game = recorded(title), CARDS[title].play()
    assert film.fakes.shape == (TURNS // EVERY + 1, SHOWN, 2)
    assert film.losses.shape == (TURNS, 2) and film.judged.shape == (TURNS // EVERY + 1, 2)
    assert torch.allclose(film.fakes[0], game.fakes().cpu(), atol=2e-3)
    game.step(EVERY)
    assert torch.allclose(film.losses[:EVERY], torch.tensor(game.losses), rtol=0.02, atol=0.02)
    assert quality(film.fakes[-1])[0] <= BROKEN[title][0]


def test_the_films_are_small_and_another_title_is_refused():
    assert failure_cards.FILE.stat().st_size < 300_000
    with pytest.raises(ValueError, match="title of a card"):
        recorded("Everything")
