"""The door of the exercises: what `check` says, and that it changes and breaks nothing."""

import importlib
import random
import textwrap
import time
import types

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from gan_lib import exercises
from gan_lib.exercises import Case, Mistake, NotYet
from gan_lib.exercises.examiner import expect


def double(x):
    """The library's answer."""
    return x + x


CASES = [
    Case("double(3)", lambda: (3,)),
    Case("double(z)", lambda: (torch.tensor([1.0, 2.0], requires_grad=True),)),
    Case("double(z) with z of the shape (2, 3)", lambda: (torch.ones(2, 3),)),
]
MISTAKES = [Mistake(lambda x: x * x, "this is the square."),
            Mistake(lambda x: x + 2, "this is x + 2."),
            Mistake(lambda x: 3 * x, "this is three times as much.")]


@pytest.fixture(autouse=True)
def one_exercise(monkeypatch):
    exercise = exercises.Exercise(double, "Twice as much.", CASES, MISTAKES)
    modules = {f"gan_lib.exercises.{name}": types.SimpleNamespace(EXERCISES=[])
               for name in exercises.NOTEBOOKS}
    modules["gan_lib.exercises.generator"].EXERCISES = [exercise]
    usual = importlib.import_module
    monkeypatch.setattr(exercises.importlib, "import_module", lambda name, *rest, **named: (
        modules[name] if name in modules else usual(name, *rest, **named)))


def student(body, **names):
    space = {"torch": torch, **names}
    exec(f"def double(x):\n{textwrap.indent(body, '    ')}", space)
    return space["double"]


def said_about(answer, capsys):
    exercises.check(answer)
    return capsys.readouterr().out


# --- verdicts ---------------------------------------------------------------------------------

def test_a_right_answer_is_told_why_and_goes_on(capsys):
    answer = student("return 2 * x")
    assert exercises.check(answer) is answer
    assert capsys.readouterr().out == "✓ Twice as much.\n"


@pytest.mark.parametrize("body, says", [
    ("return 3 * x", "double(3) should give 6, but it gave 9. Hint: this is three times as much."),
    ("return x + 2", "double(3) should give 6, but it gave 5. Hint: this is x + 2."),
    ("return 7", "double(3) should give 6, but it gave 7."),
    ("return 6", "double(z) should give a tensor, [2.0, 4.0] in the shape (2,), but it gave an "
                 "int: 6."),
    ("return 6.0", "double(3) should give a plain whole number (int), 6, but it gave a float: 6."),
    ("...", "double(3) gave nothing back. Put your code in place of the dots"),
    ("return ...", "double(3) gave nothing back."),
    ("return 'six'", "double(3) should give a plain whole number (int), 6, but it gave a str"),
    ("return (2 * torch.as_tensor(x)).tolist()", "should give a tensor, [2.0, 4.0] in the shape "
     "(2,), but it gave a list"),
    ("return 2 * x if isinstance(x, int) else 2 * x.detach()", "no gradient flows"),
    ("return 2 * x if isinstance(x, int) else x + x.detach()", "their gradient should be"),
    ("return 2 * x if isinstance(x, int) else 2 * x.double()", "of the kind float32, but it gave "
     "float64. Hint: x.float()"),
    ("return 2 * x if isinstance(x, int) or x.dim() < 2 else x.mul_(2)", "changed its argument "
     "number 1"),
    ("return 2 * x if isinstance(x, int) else 2 * x.requires_grad_()", "changed its argument "
     "number 1"),
    ("return (2 * x if isinstance(x, int) else (2 * x).unsqueeze(0))", "in the shape (1, 2)"),
    ("if x is True:\n    pass\nreturn print", "but it gave a builtin_function_or_method"),
    ("yield 2 * x", "but it gave a generator"),
    ("double.calls = getattr(double, 'calls', 0) + 1\nreturn 2 * x if double.calls < 4 else 0",
     "double(3) should give 6, but it gave 0."),
    ("torch.set_grad_enabled(False)\nreturn 2 * x", "has switched gradients off"),
])
def test_a_wrong_answer_is_told_what_came_and_gets_the_library_s(capsys, body, says):
    assert exercises.check(student(body)) is double
    verdict, rest = capsys.readouterr().out.splitlines()
    assert verdict.startswith("Not yet: ") and says in verdict and "✓" not in verdict
    assert "the library's version until yours is right" in rest
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("body", ["return 7", "return 9", "return 9 if x is 3 else 4 * x",
                                  "return torch.as_tensor(x) * x if x is 3 else x * 5"])
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_hint_is_given_only_if_each_result_is_that_mistake_s(capsys, body):
    assert "Hint: this" not in said_about(student(body), capsys)


def test_the_librarys_own_function_is_recognised(capsys):
    for _ in range(2):
        assert exercises.check(double) is double
        assert capsys.readouterr().out == (
            "This is the library's version: run your own cell above first.\n")


def test_running_a_check_twice_does_not_make_a_wrong_answer_right(capsys):
    answer = exercises.check(exercises.check(student("return 7")))
    assert answer is double and "✓" not in capsys.readouterr().out


# --- how an answer is handed in ----------------------------------------------------------------

def decorated(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper


class Doubling:
    def __call__(self, x):
        return 2 * x


@pytest.mark.parametrize("answer", [
    lambda x: 2 * x, decorated(lambda x: x + x), Doubling(),
    types.MethodType(lambda _, x: 2 * x, 1)])
def test_an_answer_without_a_name_is_found_by_its_variable_or_handed_in_with_the_name(
        capsys, answer):
    space = {"exercises": exercises, "answer": answer}
    exec("double = answer\ndouble = exercises.check(double)", space)
    assert exercises.check(answer, "double") is answer is space["double"]
    assert capsys.readouterr().out == "✓ Twice as much.\n" * 2


@pytest.mark.parametrize("thing", [lambda x: x, None, 3, exercises.check, "double"])
def test_what_is_no_exercise_comes_back_as_it_is(capsys, thing):
    assert exercises.check(thing) is thing
    said = capsys.readouterr().out
    assert said.startswith("Not yet: check does not know which exercise") and "✓" not in said
    assert 'exercises.check(answer, "' in said and len(said.splitlines()) == 1
    assert " at 0x" not in said


def test_what_is_no_function_is_named(capsys):
    assert exercises.check(torch.ones(2), "double") is double
    assert "double should be a function, but it is a tensor." in capsys.readouterr().out


def test_all_exercises_come_in_the_order_of_the_notebooks():
    assert [exercise.name for exercise in exercises.all_exercises()] == ["double"]
    assert exercises.find(double).reference is double


# --- nothing breaks, nothing changes -------------------------------------------------------------

@pytest.mark.parametrize("body", [
    "while True:\n    pass",
    "while True:\n    try:\n        x + 1\n    except Exception:\n        pass",
    "import time\ntime.sleep(60)",
    "import time\nwhile True:\n    try:\n        time.sleep(0.01)\n    except BaseException:\n"
    "        if gone: raise",
])
def test_an_endless_answer_is_stopped(monkeypatch, capsys, body):
    monkeypatch.setattr(exercises, "SECONDS", 0.3)
    gone = []
    start = time.monotonic()
    said = said_about(student(body, gone=gone), capsys)
    gone.append(True)
    assert "had not ended" in said and "Hint: does a loop have no end?" in said
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("body", ["import sys\nsys.exit()", "exit()", "quit(0)", "raise SystemExit",
                                  "raise KeyboardInterrupt", "input('number? ')"])
def test_no_answer_gets_out_or_waits(monkeypatch, capsys, body):
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "ask_exit", lambda: pytest.fail("the kernel ends"), raising=False)
    said = said_about(student(body, exit=shell.user_ns["exit"], quit=shell.user_ns["quit"]), capsys)
    assert said.startswith("Not yet: ")


@pytest.mark.parametrize("body", [
    "for i in range(1000):\n    print('line', i)\nreturn 2 * x",
    "print('a' * 10 ** 6)\nreturn 'b\\n' * 10 ** 5",
    "import sys\nfor i in range(1000):\n    print(i, file=sys.stderr)\nreturn [[0] * 9] * 10 ** 4",
    "raise ValueError('c\\n' * 10 ** 5)",
    "class Bad:\n    def __repr__(self): raise RuntimeError('no')\nreturn Bad()",
    "return torch.zeros(1000, 1000)", "return torch.zeros(0)", "return torch.tensor([1j])",
    "import warnings\nwarnings.warn('old ' * 10 ** 4)\nreturn x"])
def test_what_is_said_stays_short(capfd, body):
    exercises.check(student(body))
    out, err = capfd.readouterr()
    assert len(out.splitlines()) < 20 and len(out) < 2000 and not err


def test_the_verdict_comes_before_what_the_function_printed(capsys):
    said = said_about(student("print('hello')\nreturn 2 * x"), capsys)
    assert said.splitlines() == ["✓ Twice as much.",
                                 "Your function printed, in several calls (4 lines):",
                                 *["  hello"] * 4]


def test_a_check_changes_nothing(capsys):
    network = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.Adam(network.parameters())
    network(torch.ones(3, 2)).sum().backward()
    kept, numbers, table = torch.arange(3.0), [1, [2]], np.ones(2)
    names = {"network": network, "optimizer": optimizer, "kept": kept, "numbers": numbers,
             "np": np, "random": random, "table": table, "other": 1}
    before = {name: value.clone() for name, value in network.state_dict().items()}
    gradient = network[0].bias.grad.clone()
    states = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()
    answer = student(
        "global other, new\n"
        "other, new = 2, 3\n"
        "torch.manual_seed(5), torch.rand(3), np.random.rand(3), random.random()\n"
        "optimizer.step(), optimizer.zero_grad()\n"
        "network(torch.ones(4, 2)).sum().backward()\n"
        "network.eval().requires_grad_(False)\n"
        "kept.add_(1), numbers.append(3), numbers[1].append(4), table.fill(7)\n"
        "torch.set_default_dtype(torch.float64)\n"
        "return 2 * x", **names)
    exercises.check(answer)
    assert capsys.readouterr().out.startswith(("✓", "Not yet"))
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert network.training and network[1].training
    assert all(weight.requires_grad for weight in network.parameters())
    assert torch.equal(network[0].bias.grad, gradient) and not optimizer.state
    assert kept.tolist() == [0, 1, 2] and numbers == [1, [2]] and table.tolist() == [1, 1]
    assert torch.get_default_dtype() == torch.float32
    assert answer.__globals__["other"] == 1 and "new" not in answer.__globals__
    assert torch.equal(states[0], torch.get_rng_state()) and states[2] == random.getstate()
    assert (states[1] == np.random.get_state()[1]).all()


def test_a_check_works_where_gradients_are_off_and_leaves_them_off(capsys):
    with torch.no_grad():
        said = said_about(student("return 2 * x"), capsys)
        assert said.startswith("✓") and not torch.is_grad_enabled()


# --- Python's errors in words ----------------------------------------------------------------

@pytest.mark.parametrize("body, says", [
    ("return x.size() * 2", "a plain number (int) came where the code wants a tensor"),
    ("return 1 / 0", "a number was divided by 0"),
    ("return double(x)", "calls itself without an end"),
    ("return torhc.add(x, x)", "the name `torhc` is not known here. Is `torch` meant?"),
    ("return torch.ad(x, x)", "torch has no `ad`."),
    ("return torch.ln(x)", "torch has no `ln`. Is `torch.log` meant?"),
    ("return sigmoid(x)", "the name `sigmoid` is not known here. Is `torch.sigmoid` meant?"),
    ("return torch.where(x == 1, torch.ones(2), torch.ones(2))", "a plain True or False"),
    ("return torch.where(x == 1, x, x)", "cannot take values of these kinds"),
    ("return [i for i in x]", "goes through a tensor or a list"),
    ("y = ...\nreturn x + y", "three dots are still there"),
    ("y = None\nreturn x + y", "something is None"),
    ("return 2(x)", "A * may be missing"),
    ("return x[0]", "which has no parts"),
    ("return torch.exp(x)", "wants a tensor"),
    ("import math\nreturn math.log(x - x)", "math.log"),
    ("a, b = (x,)\nreturn a", "not as many values as names"),
    ("return torch.ones(2) + torch.ones(3)", "the shapes do not fit: 2 and 3"),
    ("return torch.ones(2, 3) @ torch.ones(2, 3)", "do not fit together: 2x3 and 2x3"),
    ("return float(torch.ones(2))", "several numbers cannot become one"),
    ("if torch.ones(2):\n    return x", "need one truth value"),
    ("return [1, 2][5]", "is not there"),
    ("return {}['a']", "has no entry 'a'"),
    ("a = a + 1\nreturn a", "`a` is used before it has a value"),
    ("raise NotImplementedError", "not written yet"),
])
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_an_error_is_put_into_words_and_into_a_line(capsys, body, says):
    said = said_about(student(body), capsys)
    assert says in said and "Line " in said


def test_too_few_and_too_many_arguments_are_said(capsys):
    space = {}
    exec("def double(): return 1", space)
    assert "takes 0 arguments, but it is called with 1" in said_about(space["double"], capsys)
    exec("def double(x, y): return 1", space)
    assert "was called without 'y'" in said_about(space["double"], capsys)


# --- expect -------------------------------------------------------------------------------------

@pytest.mark.parametrize("came, expected", [
    (0.5, 0.5), (0.500004, 0.5), (1, 1.0), (np.int64(3), 3), ([3, 4], (3, 4)),
    (float("nan"), float("nan")), (torch.ones(2, requires_grad=True), torch.ones(2))])
def test_expect_lets_equal_numbers_pass(came, expected):
    expect("f()", came, expected)


@pytest.mark.parametrize("came, expected", [
    (0.501, 0.5), (torch.tensor(0.5), 0.5), (torch.ones(2), torch.ones(2, 1)), ("0.5", 0.5),
    ([1, 2], [2, 1]), (float("nan"), 0.5), ({}, 0.5), (torch.nn.Linear(1, 1), 0.5), (True, 1),
    (torch.zeros(0), torch.zeros(1)), (2.0, 2), (torch.tensor(2), 2), ([1.0], torch.ones(1)),
    (torch.ones(2, dtype=torch.int64), torch.ones(2)), (1, True)])
def test_expect_refuses_the_rest(came, expected):
    with pytest.raises(NotYet, match=r"f\(\) should give .*, but it gave"):
        expect("f()", came, expected)


def test_expect_shortens_what_is_long_and_names_one_difference():
    expected = torch.zeros(4, 5)
    expected[1, 2] = 5
    with pytest.raises(NotYet) as error:
        expect("f()", torch.full((4, 5), 0.25), expected)
    assert "a tensor of the shape (4, 5) (0.25 on average): at [0, 0] it is 0.25 and not 0" in str(
        error.value)


def test_rounded_numbers_are_called_so():
    with pytest.raises(NotYet, match="almost the right numbers.*do not round"):
        expect("f()", torch.tensor([0.1054]), torch.tensor([0.10536]))


def test_every_hint_may_be_a_tensor():
    with pytest.raises(NotYet, match="Hint: a sum, not a mean."):
        expect("f()", torch.tensor(4.0), torch.tensor(2.0),
               [(torch.zeros(2), "no"), (4, "a sum, not a mean.")])
