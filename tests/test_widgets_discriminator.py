"""The tools of notebook 03, driven without a browser."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from gan_lib import data, detecting, figures, models
from gan_lib.judging import confusion
from gan_lib.widgets.against_d import AgainstD, boxed
from gan_lib.widgets.blind_cards import BlindCards
from gan_lib.widgets.class_scores import ClassScores
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


# --- you against D ----------------------------------------------------------------------------

class Clock:
    """A clock that stands still until it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Judge:
    """A stand-in for D: it says what it is told of the next pictures that it sees."""

    def __init__(self, says_fake):
        self.says_fake = torch.as_tensor(says_fake)

    def probability(self, x):
        assert len(x) == len(self.says_fake)
        return torch.where(self.says_fake, 0.2, 0.8).to(x.device)


def levels(*names):
    torch.manual_seed(0)
    return {name: models.ConvGenerator(8, width=4).to(DIGITS.device) for name in names}


def play(cards, says_fake):
    for fake in says_fake:
        cards.guess("fake" if fake else "real")


@pytest.fixture
def game():
    clock = Clock()
    first = BlindCards(DIGITS, levels("easy", "hard"), cards=4, seed=3, clock=clock)
    return AgainstD(first, Judge([True, False] * 4))


def test_each_level_holds_both_kinds_whatever_the_coin_says():
    for seed in range(12):
        y = BlindCards(DIGITS, levels("one", "two"), cards=2, seed=seed).y
        assert y.view(2, 2).sum(1).tolist() == [1, 1]


def test_yours_stands_beside_d_s_on_the_same_cards_once_all_are_played():
    made = BlindCards(DIGITS, levels("easy", "hard"), cards=4, seed=3, D=Judge([True] * 8))
    is_fake = (made.y == 0).cpu()
    play(made, is_fake[:7])
    assert made.results() == {} and "d′" not in made.table.value
    play(made, is_fake[7:])
    you, D = made.results().values()
    assert (you["hits"], you["false alarms"]) == (1, 0) and (D["hits"], D["false alarms"]) == (1, 1)
    assert you["d′"] == detecting.d_prime(is_fake, is_fake)
    assert D["d′"] == detecting.d_prime(torch.ones(8).bool(), is_fake)
    fakes = is_fake.view(2, 4).sum(1).tolist()
    assert D["right"] == {"easy": (fakes[0], 4), "hard": (fakes[1], 4)}
    for cell in ("<th>D</th>", f"<td>{you['d′']:.2f}</td>", "<th>right, easy</th>",
                 f"<td>{sum(fakes)} of 8</td>"):
        assert cell in made.table.value


def test_the_time_of_a_card_is_from_answer_to_answer(game):
    cards = game.before
    cards.clock.now = 1000.0  # how long the first card was looked at, nobody knows
    for seconds in (0, 2, 3, 90, 2, 2, 4, 2):
        cards.clock.now += seconds
        cards.guess("fake")
    assert cards.seconds == [2, 3, 90, 2, 2, 4, 2]
    assert cards.results()["you"]["seconds a card"] == 2
    assert "<td>2.0</td>" in cards.table.value
    cards.deal(4)
    assert cards.seconds == []


def test_a_single_card_has_no_shares_and_breaks_nothing():
    made = BlindCards(DIGITS, levels("one"), cards=1)
    made.guess("real")
    assert made.finished and made.results() == {} and "1 cards are played" in made.message.value


def test_first_you_look_then_you_judge(game):
    game.refresh()
    shown = {name: buttons(game)[name] for name in ("Next fake", "Real")}
    assert game.looking and (game._look.layout.display, game._answer.layout.display) == ("", "none")
    shown["Real"].click()
    assert game.guesses == [] and "First look at fakes" in game.message.value
    first, alt = game.array(), game.alt()
    shown["Next fake"].click()
    assert not np.array_equal(first, game.array()) and alt != game.alt()
    assert "hard" in game.alt() and "easy" in alt  # the stages come in turn
    buttons(game)["Judge again"].click()
    assert (game._look.layout.display, game._answer.layout.display) == ("none", "")
    assert game.message.value.startswith("Card 1 of 8")
    shown["Real"].click()
    assert game.guesses == ["real"]
    shown["Next fake"].click()
    assert "You are judging now" in game.message.value and not game.looking
    with pytest.raises(ValueError, match="'real', 'fake'"):
        game.guess("maybe")


def test_the_countdown_begins_with_the_first_fake_and_ends_nothing(game):
    clock = game.clock
    clock.now = 500.0
    game.refresh()
    assert game.seconds_left() == 300 and "they begin when you press" in game.message.value
    assert game.left.value == ""
    game.next_fake()
    clock.now += 100
    game.next_fake()
    assert game.seconds_left() == 200 and "3:20 left" in game.message.value
    assert "300s linear -100.0s" in game.left.value
    clock.now += 1000
    game.next_fake()
    assert game.looking and game.seconds_left() == 0 and "Time is over" in game.message.value


def test_the_new_cards_are_others_of_the_same_generators(game):
    assert game.levels == game.before.levels and game.generators == game.before.generators
    assert game.x.shape == game.before.x.shape and not torch.equal(game.x, game.before.x)


def test_at_the_end_stand_both_rounds_and_d_on_the_cards_of_each(game):
    game.judge_again()
    play(game.before, game.before.y == 1)  # all wrong
    play(game, game.y == 0)                # all right
    found = game.results()
    assert list(found) == ["you, before", "D, before", "you, after", "D, after"]
    assert (found["you, before"]["hits"], found["you, before"]["false alarms"]) == (0, 1)
    assert (found["you, after"]["hits"], found["you, after"]["false alarms"]) == (1, 0)
    says_fake = torch.tensor([True, False] * 4)
    for name, cards in (("D, before", game.before), ("D, after", game)):
        hits, false_alarms = detecting.hits_and_false_alarms(says_fake, cards.y.cpu() == 0)
        assert (found[name]["hits"], found[name]["false alarms"]) == (hits, false_alarms)
        assert "seconds a card" not in found[name]
    assert all(f"<th>{name}</th>" in game.table.value for name in found)
    assert game.table.layout.display == ""


def test_without_a_first_round_only_the_second_one_is_shown(game):
    game.judge_again()
    play(game, game.y == 0)
    assert list(game.results()) == ["you, after", "D, after"]
    assert game.message.value.endswith("The first round has no result yet.")


def test_the_box_lies_where_the_trace_is_largest(game):
    picture = game.picture()
    top, left = game.loudest()
    scale, side = 16, 4  # a picture of 16 px is drawn 256 px wide
    view = np.zeros((300, 264, 3), np.uint8)
    at = np.argwhere((boxed(view, top, left, side, scale) == rgb(figures.FAKE)).all(-1))
    low, high = at.min(0), at.max(0) + 1
    assert (low - [36, 4]).tolist() == [scale * top, scale * left]
    assert (high - low).tolist() == [scale * side] * 2
    for half in (picture[:, :264], picture[:, 264:]):
        assert (half[at[:, 0], at[:, 1]] == rgb(figures.FAKE)).all()
        inside = half[low[0] + 4:high[0] - 4, low[1] + 4:high[1] - 4]
        assert not shows(inside, figures.FAKE)


@pytest.mark.parametrize("make, says", [
    (lambda: BlindCards(DIGITS, levels("G"), D=3), "D must be a discriminator"),
    (lambda: BlindCards(DIGITS, levels("G"), clock=3), "clock must be a function"),
    (lambda: BlindCards(DIGITS, levels("G"), D=models.ConvDiscriminator(32).to(DIGITS.device)),
     "16"),
    (lambda: AgainstD(3, Judge([True])), "before must be the BlindCards tool of the first round"),
    (lambda: AgainstD(BlindCards(DIGITS, levels("G")), None), "D must be a discriminator"),
    (lambda: AgainstD(BlindCards(DIGITS, levels("G")), Judge([True] * 6), minutes=0),
     "minutes must be from 1 to 60"),
    (lambda: ClassScores(0), "cards must be at least 1"),
    (lambda: ClassScores(before="12, x"), "but one is “x”")])
def test_wrong_arguments_of_the_game_are_refused(make, says):
    with pytest.raises((TypeError, ValueError), match=says):
        make()


# --- the class --------------------------------------------------------------------------------

def test_a_class_types_its_scores_and_sees_both_histograms_beside_coins():
    tool = ClassScores(cards=4)
    tool.before.value, tool.after.value = "1, 2, 2", "3 4"
    assert tool.scores == {"before": [1, 2, 2], "after": [3, 4]}
    axes, = tool.picture().axes
    before, after = ([bar.get_height() for bar in bars] for bars in axes.containers)
    assert before == [0, 1, 2, 0, 0] and after == [0, 0, 0, 1, 1]
    assert axes.lines[0].get_ydata() == pytest.approx([3 * n / 16 for n in (1, 4, 6, 4, 1)])
    assert tool.message.value == "Medians: before 2, after 3.5, a coin 2 of 4."
    assert "before: 1, 2, 2; after: 3, 4" in tool.alt()


def test_what_is_no_score_is_said_and_the_last_good_ones_stay():
    tool = ClassScores(cards=20, before="12, 9")
    picture = tool.refresh() or tool.array()
    tool.before.value = "12, 9, 30"
    assert tool.scores["before"] == [12, 9] and np.array_equal(picture, tool.array())
    assert tool.message.value.startswith("Before: A score is a whole number from 0 to 20")
    tool.after.value = "14"  # the other field goes on
    assert tool.scores["after"] == [14] and tool.message.value.startswith("Before:")
    tool.before.value = "12, 9, 3"
    assert tool.scores["before"] == [12, 9, 3] and "A score" not in tool.message.value


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
