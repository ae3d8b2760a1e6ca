"""The six questions: letters, scores, and answers that can be shown."""

import re

import pytest

from gan_lib import detecting, questions
from gan_lib.questions import LETTERS, QUESTIONS
from tools.notebook_files import NOTEBOOKS, code_cells, read, text_cells


def test_there_are_six_questions_with_three_different_answers_and_a_reason():
    assert len(QUESTIONS) == 6
    for question in QUESTIONS:
        assert len(set(question.answers)) == len(LETTERS) == 3 and question.right in LETTERS
        assert question.asks.endswith("?") and question.why.endswith(".")


def test_no_letter_is_right_too_often():
    right = [question.right for question in QUESTIONS]
    assert all(right.count(letter) == 2 for letter in LETTERS)


def test_the_right_answer_is_not_given_away_by_its_length():
    rank = [sum(len(answer) > len(question.answers[LETTERS.index(question.right)])
                for answer in question.answers) for question in QUESTIONS]
    assert rank.count(0) <= 3


def test_the_numbers_in_the_answers_are_those_of_the_library():
    share = detecting.right_alarms(0.9, 0.1, 0.01)
    assert f"about {share:.0%}".replace("%", " %") in QUESTIONS[4].answers[2]
    assert share == pytest.approx(9 / 108) and "9 of 108" in QUESTIONS[4].why


def test_each_letter_is_compared_with_the_right_one():
    right = "".join(question.right for question in QUESTIONS)
    assert questions.right_ones(right) == [True] * 6
    assert questions.right_ones("------") == [False] * 6
    other = right[:3] + LETTERS[(LETTERS.index(right[3]) + 1) % 3] + right[4:]
    assert questions.right_ones(other) == [True] * 3 + [False] + [True] * 2


@pytest.mark.parametrize("letters", ["", "BCBAC", "BCBACAB", "bcbaca", "BCBACD", None, 3,
                                     ["B"] * 6])
def test_other_letters_are_refused_with_a_sentence(letters):
    with pytest.raises(ValueError, match="answers to 6 questions are as many letters of A, B, C"):
        questions.checked(letters)


def test_the_notebook_folds_the_same_answers_and_reasons():
    texts = ["\n".join(cell.source for cell in text_cells(nb)) for nb in map(read, NOTEBOOKS)
             if any("Quiz(" in cell.source for cell in code_cells(nb))]
    folded = "".join(re.findall(r"<details>.*?</details>", texts[0], flags=re.DOTALL))
    for number, question in enumerate(QUESTIONS, start=1):
        said = question.answers[LETTERS.index(question.right)]
        assert f"{number}. **{question.right}**: {said} {question.why}" in folded
