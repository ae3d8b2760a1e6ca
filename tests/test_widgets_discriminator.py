"""The tools of notebook 03, driven without a browser."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from gan_lib import data, figures, models
from gan_lib.judging import confusion
from gan_lib.widgets.blind_cards import BlindCards
from gan_lib.widgets.threshold import Threshold
from widget_tools import buttons

DIGITS = data.load("digits", n=200)


@pytest.fixture
def cards():
    torch.manual_seed(0)
    levels = {name: models.ConvGenerator(8, width=4).to(DIGITS.device) for name in ("easy", "hard")}
    return BlindCards(DIGITS, levels, cards=4, seed=3)


def rgb(colour):
    return list(bytes.fromhex(colour[1:]))


def shows(picture, colour):
    return bool((picture == rgb(colour)).all(-1).any())


def test_real_cards_are_samples_and_fakes_are_not(cards):
    known = DIGITS.scaled().flatten(1)
    # Products of matrices would leave a distance of 0.006 between equal pictures.
    distance = torch.cdist(cards.x.flatten(1), known,
                           compute_mode="donot_use_mm_for_euclid_dist").amin(1)
    assert torch.equal(distance < 1e-3, cards.y == 1)
    assert 0 < cards.y.sum() < len(cards.y) == 8


def test_the_score_and_the_table_count_every_guess(cards):
    said = ["real", "real", "fake", "real", "fake", "fake", "real", "fake"]
    for guess in said:
        cards.guess(guess)
    truth = ["real" if label == 1 else "fake" for label in cards.y]
    expected = confusion_matrix(truth, said, labels=["real", "fake"])
    assert cards.counts() == expected.tolist()
    right = np.array(truth) == np.array(said)
    assert cards.right(said) == {"easy": (right[:4].sum(), 4), "hard": (right[4:].sum(), 4)}
    assert f"{right.sum()} right of 8" in cards.alt()
    assert all(f"<td>{number}</td>" in cards.table.value for number in expected.flat)


def test_half_a_game_counts_only_the_cards_that_were_played(cards):
    cards.guess("real")
    assert [total for _, total in cards.right(cards.guesses).values()] == [1, 0]


def test_the_open_card_has_no_colour_and_the_answered_one_has_its_own(cards):
    assert not shows(cards.array(), figures.REAL) and not shows(cards.array(), figures.FAKE)
    for label in cards.y:
        cards.guess("fake")
        right, wrong = ((figures.REAL, figures.FAKE) if label == 1
                        else (figures.FAKE, figures.REAL))
        assert shows(cards.array(), right) and not shows(cards.array(), wrong)
        word = "Wrong" if label == 1 else "Right"
        assert cards.message.value.startswith(f"{word}: that card was")


def test_a_button_guesses_and_the_picture_moves_on(cards):
    before = cards.array()
    buttons(cards)["Fake"].click()
    assert cards.guesses == ["fake"]
    assert not np.array_equal(before, cards.array())


def test_after_the_last_card_a_guess_changes_nothing(cards):
    for _ in range(8):
        cards.guess("real")
    cards.guess("real")
    assert cards.finished and len(cards.guesses) == 8
    assert "All cards are played" in cards.message.value


def test_new_cards_are_others_and_the_same_seed_gives_the_same(cards):
    first = cards.x.clone()
    cards.guess("real")
    buttons(cards)["New cards"].click()
    assert cards.guesses == [] and not torch.equal(first, cards.x)
    cards.deal(3)
    assert torch.equal(first, cards.x)


def test_another_word_is_refused(cards):
    with pytest.raises(ValueError, match="'real', 'fake'"):
        cards.guess("maybe")


def test_an_error_while_drawing_is_shown(cards):
    cards.picture = lambda: 1 / 0
    buttons(cards)["Real"].click()
    assert "ZeroDivisionError" in cards.message.value


@pytest.fixture
def threshold():
    torch.manual_seed(0)
    return Threshold(torch.rand(60), torch.randint(2, (60,)).float(), confusion)


@pytest.mark.parametrize("value", [0.0, 0.25, 0.8, 1.0])
def test_the_slider_moves_table_and_picture(threshold, value):
    threshold.refresh()
    before = threshold.array()
    threshold.threshold.value = value
    expected = confusion_matrix(threshold.y, threshold.probability >= value, labels=[1, 0])
    assert threshold.counts().tolist() == expected.tolist()
    assert not np.array_equal(before, threshold.array())
    assert f"{expected[0, 0]} real cards real" in threshold.alt()


def test_a_table_of_plain_lists_is_drawn_too(threshold):
    threshold.confusion = lambda *_: [[1.0, 2.0], [3.0, 4.0]]
    threshold.threshold.value = 0.3
    assert threshold.message.value == "" and threshold.counts().tolist() == [[1, 2], [3, 4]]


def test_an_error_in_the_students_function_is_shown(threshold):
    threshold.confusion = lambda *_: 1 / 0
    threshold.threshold.value = 0.3
    assert "ZeroDivisionError" in threshold.message.value


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="y must have the shape"):
        Threshold(torch.ones(3), torch.ones(2), confusion)
