"""What holds for the exercises of every notebook."""

import importlib
import inspect

import pytest

from exercise_tools import in_notebooks, verdict
from gan_lib import exercises

every_exercise = pytest.mark.parametrize("exercise", exercises.all_exercises(),
                                         ids=lambda exercise: exercise.name)


def test_each_notebook_has_a_file_with_its_exercises_in_its_order():
    listed = {name: [exercise.name for exercise in importlib.import_module(
        f"gan_lib.exercises.{name}").EXERCISES] for name in exercises.NOTEBOOKS}
    found = {name: [] for name in exercises.NOTEBOOKS}
    for name, (notebook, _, _) in in_notebooks().items():
        found[notebook].append(name)
    assert found == listed and all(len(names) >= 2 for names in listed.values())


@every_exercise
def test_the_librarys_answer_is_right_and_says_what_it_does(exercise):
    exercise.examine(exercise.reference)
    assert inspect.getdoc(exercise.reference) and exercise.why


@every_exercise
def test_the_folded_solution_is_right_and_the_stub_is_not_yet(exercise):
    _, stub, solution = in_notebooks()[exercise.name]
    assert verdict(solution, exercise.name).startswith("✓")
    said = verdict(stub, exercise.name)
    assert said.startswith("Not yet:") and "in place of the dots" in said
