"""The tools of the notebook on fakes and people, driven without a browser."""

import numpy as np
import pytest

from gan_lib import detecting
from gan_lib.questions import QUESTIONS
from gan_lib.widgets.alarms import Alarms
from gan_lib.widgets.quiz import Quiz
from widget_tools import undisturbed

RIGHT = "".join(question.right for question in QUESTIONS)


# --- the short test -----------------------------------------------------------------------------

def test_the_test_before_the_lesson_never_says_what_is_right():
    quiz = Quiz()
    quiz.letters = RIGHT
    assert quiz.finished and quiz.results() is None
    assert all(why.value == "" for why in quiz.whys)
    assert "right" not in quiz.alt().lower() and RIGHT in quiz.alt()


def test_right_and_wrong_answers_look_alike_before_the_lesson():
    quiz, pictures = Quiz(), []
    for letters in (RIGHT, RIGHT[:5] + ("A" if RIGHT[5] != "A" else "B")):
        quiz.letters = letters
        pictures.append(quiz.array())
    differs = (pictures[0] != pictures[1]).any(-1).any(0).nonzero()[0]
    assert len(differs) and differs.max() - differs.min() < 40  # the letter in one box alone


def test_choosing_an_answer_is_seen_at_once():
    quiz = Quiz()
    quiz.refresh()
    before = quiz.array()
    quiz.choices[2].value = "B"
    assert quiz.letters == "--B---" and not np.array_equal(before, quiz.array())
    assert "1 of 6 questions" in quiz.alt() and undisturbed(quiz)


def test_after_the_last_answer_both_scores_and_all_reasons_are_shown():
    first = Quiz()
    first.letters = RIGHT[:4] + "--"
    last = Quiz(first)
    last.letters = RIGHT[:5] + "-"
    assert last.results() is None and last.whys[0].value == ""
    last.choices[5].value = "B" if RIGHT[5] != "B" else "C"
    assert last.results() == {"before": 4, "after": 5}
    assert "Before: 4 of 6 right. After: 5 of 6 right." in last.alt()
    assert last.whys[0].value.startswith("Right.") and last.whys[5].value.startswith("Not right.")
    assert QUESTIONS[5].right in last.whys[5].value and undisturbed(last)


def test_the_second_test_follows_the_first_or_its_letters():
    first = Quiz()
    last, from_paper = Quiz(first), Quiz(RIGHT)
    last.letters = from_paper.letters = RIGHT
    assert last.results() == {"before": 0, "after": 6}
    assert from_paper.results() == {"before": 6, "after": 6}
    first.letters = RIGHT
    assert last.results() == {"before": 6, "after": 6}


def test_the_still_picture_holds_the_questions_and_tells_no_answer():
    quiz = Quiz()
    still = quiz.still_picture()
    assert len(still) > 10 * len(quiz.picture()) and still.shape[1] < 1200
    assert np.array_equal(still[-len(quiz.picture()):, :quiz.picture().shape[1]], quiz.picture())
    written = (still[:-len(quiz.picture())] < 128).any((1, 2))
    rows = (written[1:] & ~written[:-1]).sum()  # lines of letters, with white between them
    assert rows >= 4 * len(QUESTIONS)
    for question in QUESTIONS:
        assert question.asks in quiz.still_alt() and question.why not in quiz.still_alt()
        assert all(answer in quiz.still_alt() for answer in question.answers)


@pytest.mark.parametrize("before", ["ABC", "abcabc", 3])
def test_other_letters_of_the_first_test_are_refused(before):
    with pytest.raises(ValueError, match="as many letters of A, B, C"):
        Quiz(before)


def test_letters_that_are_none_change_nothing():
    quiz = Quiz()
    quiz.letters = "B-----"
    with pytest.raises(ValueError, match="as many letters"):
        quiz.letters = "BX----"
    assert quiz.letters == "B-----"


# --- alarms -------------------------------------------------------------------------------------

def test_the_thousand_pictures_are_all_there_and_the_title_is_the_library_s_share():
    tool = Alarms(detecting.right_alarms)
    assert tool.counts() == {"found": 9, "missed": 1, "wrong": 99, "calm": 891}
    assert tool.share() == pytest.approx(9 / 108)
    for hits, false_alarms, fakes in [(50, 50, 50), (100, 0, 3), (31, 46, 100), (0, 10, 0)]:
        tool.hits.value, tool.false_alarms.value, tool.fakes.value = hits, false_alarms, fakes
        assert sum(tool.counts().values()) == 1000
        assert min(tool.counts().values()) >= 0 and undisturbed(tool)


def test_the_figure_has_a_dot_for_each_picture():
    figure = Alarms(detecting.right_alarms).picture()
    dots = [len(group.get_offsets()) for group in figure.axes[0].collections]
    assert dots == [9, 1, 99, 891]
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels[2] == "real, false alarm: 99"


def test_a_slider_changes_picture_and_words():
    tool = Alarms(detecting.right_alarms)
    tool.refresh()
    before, said = tool.array(), tool.alt()
    tool.fakes.value = 50
    assert not np.array_equal(before, tool.array()) and tool.alt() != said
    assert "90% of the alarms are right" in tool.alt()


def test_without_any_alarm_there_is_a_sentence_and_no_error():
    tool = Alarms(detecting.right_alarms, hits=0, false_alarms=0)
    tool.refresh()
    assert tool.share() is None and "There is never an alarm." in tool.alt() and undisturbed(tool)
    none = Alarms(detecting.right_alarms, false_alarms=0, fakes=0)
    assert none.share() is None


def test_an_error_in_a_student_s_function_is_shown_under_the_sliders():
    tool = Alarms(lambda hits, false_alarms, fakes: hits / 0)
    tool.refresh()
    assert "ZeroDivisionError" in tool.message.value


@pytest.mark.parametrize("arguments, says", [
    ({"hits": 90}, "hits must be a finite number from 0"), ({"fakes": -1}, "fakes must be"),
    ({"false_alarms": None}, "false_alarms must be a number"),
    ({"right_alarms": 3}, "right_alarms must be a function")])
def test_wrong_arguments_are_refused(arguments, says):
    with pytest.raises((TypeError, ValueError), match=says):
        Alarms(**{"right_alarms": detecting.right_alarms, **arguments})
