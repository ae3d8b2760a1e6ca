"""The failure cards as a tool, without a browser: guess, mend, break again."""

import html

import numpy as np
import pytest

from gan_lib import failure_cards
from gan_lib.failure_cards import CARDS, EVERY, TURNS
from gan_lib.widgets.failure_cards import CAUSES, MEND, FailureCards
from gan_lib.widgets.playing import PAUSE
from widget_tools import buttons


@pytest.fixture
def tool():
    made = FailureCards("Wandering")
    yield made
    made.pause()


def said(tool) -> str:
    return html.unescape(tool.message.value)


def test_the_film_is_scrubbed_and_the_alt_text_says_what_is_seen(tool):
    end = tool.array()
    tool.turn.value = 0
    assert "turn 0:" in tool.alt() and not np.array_equal(tool.array(), end)
    tool.film.value = 3
    assert f"turn {3 * EVERY}:" in tool.alt()


@pytest.mark.parametrize("title", CARDS)
def test_only_the_right_cause_shows_the_line(tool, title):
    tool.which.value = title
    card = CARDS[title]
    for cause in CAUSES:
        tool.cause.value = cause
        buttons(tool)["Guess"].click()
        if cause == card.cause:
            assert said(tool) == f"Right. {card.why}" and "✗ wrong" in tool.code.value
            assert html.escape(card.right) in tool.code.value
        else:
            assert said(tool) == f"Not yet. {card.hint}" and "✗" not in tool.code.value


def test_before_the_cause_is_found_nothing_is_mended(tool):
    for name in ("Guess", MEND, "Break it again"):
        buttons(tool)[name].click()
        assert tool.game is None and "cause" in said(tool)


def test_the_mended_game_is_played_beside_the_broken_one_and_can_be_paused(tool):
    tool.cause.value = tool.card.cause
    tool.guess()
    buttons(tool)[MEND].click()
    assert tool.play.description == PAUSE
    while tool.game.steps < 6:
        pass
    tool.play.click()
    turn = tool.game.steps
    assert not tool.plays and tool.play.description == MEND and 6 <= turn < TURNS
    assert f"mended, turn {turn}:" in tool.alt()


def test_mended_it_heals_and_broken_again_it_fails_with_another_seed(tool):
    tool.heal()
    assert tool.game.steps == TURNS and failure_cards.quality(tool.game.fakes())[0] >= 7
    seed = tool.seed
    tool.heal(mended=False)
    assert tool.seed == seed + 1 and failure_cards.quality(tool.game.fakes())[0] <= 5
    assert "broken again" in tool.alt()


def test_another_card_begins_anew(tool):
    tool.cause.value = tool.card.cause
    tool.guess()
    tool._new_game(True)
    tool.which.value = "Nothing moves"
    assert (tool.found, tool.game, tool.cause.value, said(tool)) == (False, None, "", "")
    assert "✗" not in tool.code.value


def test_an_unknown_card_is_refused():
    with pytest.raises(ValueError, match="title of a card"):
        FailureCards("Everything")
