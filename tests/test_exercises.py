import types

import pytest
import torch

from gan_lib import exercises
from gan_lib.exercises import NotYet, expect


def double(x):
    """The library's answer."""
    return 2 * x


def examine(answer):
    expect("double(3)", answer(3), 6, hints=[(9, "that is the square."), (5, "that is x + 2.")])
    expect("double(z)", answer(torch.tensor([1.0, 2])), torch.tensor([2.0, 4]))


@pytest.fixture(autouse=True)
def one_exercise(monkeypatch):
    exercise = exercises.Exercise(double, examine, why="Twice as much.")
    modules = {f"gan_lib.exercises.{name}": types.SimpleNamespace(EXERCISES=[])
               for name in exercises.NOTEBOOKS}
    modules["gan_lib.exercises.generator"].EXERCISES = [exercise]
    monkeypatch.setattr(exercises.importlib, "import_module", modules.__getitem__)


def student(body):
    space = {"torch": torch}
    exec(f"def double(x):\n    {body}", space)
    return space["double"]


def test_a_right_answer_is_told_why_and_goes_on(capsys):
    answer = student("return x + x")
    assert exercises.check(answer) is answer
    assert capsys.readouterr().out == "✓ Twice as much.\n"


@pytest.mark.parametrize("body, says", [
    ("return 3 * x", "double(3) should give 6, but it gave 9. Hint: that is the square."),
    ("return x + 2", "double(3) should give 6, but it gave 5. Hint: that is x + 2."),
    ("return 7", "double(3) should give 6, but it gave 7."),
    ("return 6", "double(z) should give [2.0, 4.0] in the shape (2,), but it gave 6."),
    ("...", "double(3) gave nothing back. Put your code in place of the dots"),
    ("return 'six'", "double(3) should give 6, but it gave 'six'."),
    ("return 1 / 0", "double stopped with ZeroDivisionError: division by zero"),
    ("return double(x)", "double stopped with RecursionError")])
def test_a_wrong_answer_is_told_what_came_and_gets_the_library_s(capsys, body, says):
    assert exercises.check(student(body)) is double
    verdict, rest = capsys.readouterr().out.splitlines()
    assert verdict.startswith(f"Not yet: {says}") and "✓" not in verdict
    assert "the library's version until yours is right" in rest


def test_a_hint_is_given_only_for_its_own_mistake(capsys):
    exercises.check(student("return 7"))
    assert "Hint" not in capsys.readouterr().out


@pytest.mark.parametrize("thing", [lambda x: x, None, 3, exercises.check, "double"])
def test_what_is_no_exercise_comes_back_as_it_is(capsys, thing):
    assert exercises.check(thing) is thing
    said = capsys.readouterr().out
    assert said.startswith("Not yet: check needs one of the functions of an exercise, by name: ")
    assert "double" in said and "✓" not in said


def test_all_exercises_come_in_the_order_of_the_notebooks():
    assert [exercise.name for exercise in exercises.all_exercises()] == ["double"]
    assert exercises.find(double).reference is double


@pytest.mark.parametrize("came, expected", [
    (0.5, 0.5), (0.50004, 0.5), (torch.tensor(0.5), 0.5), ([1, 2], torch.tensor([1.0, 2])),
    (torch.tensor([1], dtype=torch.int32), torch.tensor([1.0])), ((3, 4), (3, 4)),
    (float("nan"), float("nan")), (torch.ones(2, requires_grad=True), torch.ones(2))])
def test_expect_lets_equal_numbers_pass(came, expected):
    expect("f()", came, expected)


@pytest.mark.parametrize("came, expected", [
    (0.501, 0.5), (torch.tensor([0.5]), 0.5), (torch.ones(2), torch.ones(2, 1)), ("0.5", 0.5),
    ([1, 2], [2, 1]), (float("nan"), 0.5), ({}, 0.5), (torch.nn.Linear(1, 1), 0.5),
    (torch.zeros(0), torch.zeros(1))])
def test_expect_refuses_the_rest(came, expected):
    with pytest.raises(NotYet, match=r"f\(\) should give .*, but it gave"):
        expect("f()", came, expected)


def test_expect_shortens_what_is_long():
    with pytest.raises(NotYet) as error:
        expect("f()", torch.full((4, 5), 0.25), torch.zeros(4, 5))
    assert "a tensor of shape (4, 5) (0.25 on average)" in str(error.value)
    with pytest.raises(NotYet, match=r"\[0.3333\] in the shape \(1,\)"):
        expect("f()", torch.tensor([1 / 3]), 0.5)


def test_every_hint_may_be_a_tensor():
    with pytest.raises(NotYet, match="Hint: a sum, not a mean."):
        expect("f()", torch.tensor(4.0), 2.0, [(torch.zeros(2), "no"), (4, "a sum, not a mean.")])
