"""The bank of answers: right ones in many styles pass, wrong ones get the hint that fits."""

import pytest

from exercise_tools import bank, verdict
from gan_lib import exercises

RIGHT, WRONG = bank("RIGHT"), bank("WRONG")
LINES = 20  # more than that hides the verdict


@pytest.mark.parametrize("exercise, name", RIGHT)
def test_a_right_answer_passes_in_every_style(exercise, name):
    said = verdict(RIGHT[exercise, name], exercise)
    assert said.startswith("✓") and len(said.splitlines()) < LINES


@pytest.mark.parametrize("exercise, name", WRONG)
def test_a_wrong_answer_is_caught_and_gets_the_words_that_fit(exercise, name):
    source, words = WRONG[exercise, name]
    said = verdict(source, exercise)
    assert said.startswith("Not yet:") and "✓" not in said
    assert words in said and len(said.splitlines()) < LINES


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda e: e.name)
def test_each_exercise_has_a_bank_of_answers(exercise):
    assert sum(name == exercise.name for name, _ in RIGHT) >= 8
    assert sum(name == exercise.name for name, _ in WRONG) >= 15


@pytest.mark.parametrize("exercise, mistake", [
    pytest.param(exercise, mistake, id=f"{exercise.name}-{mistake.hint[:40]}")
    for exercise in exercises.all_exercises() for mistake in exercise.mistakes])
def test_each_mistake_is_wrong_and_gets_its_own_hint(exercise, mistake):
    with pytest.raises(exercises.NotYet) as problem:
        exercise.examine(mistake.function)
    assert mistake.hint in str(problem.value)
