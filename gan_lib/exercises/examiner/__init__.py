"""How an answer is examined: the same calls as the library's function, the same results.

A `Case` is one call. What came is compared with what the library's function gives: type, shape,
dtype, numbers, gradients, and the arguments, which stay as they were. A `Mistake` is a wrong
answer that students give; its hint is shown only if what came equals it in every case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gan_lib.exercises.examiner import compare, words
from gan_lib.exercises.examiner.compare import NotYet, expect

__all__ = ["Case", "Mistake", "NotYet", "examine", "expect", "normal", "uniform"]


@dataclass(frozen=True)
class Case:
    """One call: `call` as a student would write it, `make()` its arguments, new each time.

    `look(arguments, result)` returns what is looked at after the call, {in words: value}; without
    it, the result is. `parts` names the things in a result that holds several.
    """

    call: str
    make: Callable[[], tuple]
    look: Callable[[tuple, Any], dict[str, Any]] | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give, as a function, and the hint that belongs to it."""

    function: Callable
    hint: str


@dataclass
class Outcome:
    """What one case gave: the error that ended it, or what was looked at, and the gradients."""

    arguments: tuple
    result: Any = None
    error: Exception | None = None
    seen: dict[str, Any] | None = None
    gradients: tuple[Tensor | None, ...] = ()


def examine(answer: Callable, reference: Callable, cases: Sequence[Case],
            mistakes: Sequence[Mistake] = ()) -> None:
    """Raise NotYet unless `answer` does in every case what `reference` does."""
    outcomes = []
    problem = None
    for case in [*cases, *cases[:1]]:  # the first again: nothing may be kept from call to call
        right, came = _outcome(reference, case), _outcome(answer, case)
        outcomes.append(came)
        problem = problem or _problem(case, right, came, answer)
    if problem is None:
        return
    hint = _hint(outcomes, cases, mistakes)
    raise NotYet(problem + (f" Hint: {hint}" if hint and "Hint:" not in problem else ""))


def normal(*shape: int, seed: int = 0) -> Tensor:
    """Return random numbers of the given shape, standard normal; the same in each call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def uniform(*shape: int, seed: int = 0) -> Tensor:
    """Return random numbers of the given shape, uniform in [0, 1); the same in each call."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def _outcome(function: Callable, case: Case) -> Outcome:
    outcome = Outcome(case.make())
    try:
        with torch.enable_grad():
            outcome.result = function(*outcome.arguments)
            left_on = torch.is_grad_enabled()
    except Exception as error:  # the student's code may raise anything
        outcome.error = error
        return outcome
    if not left_on:
        raise NotYet(f"{case.call} has switched gradients off for all that comes after it. "
                     "Hint: `with torch.no_grad():` switches them on again at its end.")
    if case.look is None:
        outcome.seen = compare.named(case.call, outcome.result, case.parts)
        outcome.gradients = compare.gradients(outcome.result, outcome.arguments)
    elif compare.something(outcome.result, len(case.parts)):
        outcome.seen = case.look(outcome.arguments, outcome.result)
    return outcome


def _problem(case: Case, right: Outcome, came: Outcome, answer: Callable) -> str | None:
    """Say what is not right yet in one case; None if all is."""
    if came.error is not None:
        return f"{case.call} stopped. {words.of_error(came.error, answer)}"
    try:
        compare.expect_result(case.call, came.result, case.parts)
        verbs = ("give", "gave") if case.look is None else ("be", "is")
        for name, expected in right.seen.items():
            compare.expect(name, came.seen.get(name), expected, verbs=verbs)
        compare.expect_unchanged(case.call, came.arguments, case.make())
        compare.expect_gradients(case.call, came.gradients, right.gradients)
    except NotYet as problem:
        return str(problem)
    return None


def _hint(outcomes: list[Outcome], cases: Sequence[Case],
          mistakes: Sequence[Mistake]) -> str | None:
    """Return the hint of the mistake that gives what came, in each of the cases."""
    for mistake in mistakes:
        if all(_alike(came, _outcome(mistake.function, case))
               for came, case in zip(outcomes, cases, strict=False)):
            return mistake.hint
    return None


def _alike(a: Outcome, b: Outcome) -> bool:
    if a.error is not None or b.error is not None:
        return type(a.error) is type(b.error) and str(a.error) == str(b.error)
    if a.seen is None or b.seen is None or a.seen.keys() != b.seen.keys():
        return False
    return all(compare.same(a.seen[name], b.seen[name]) for name in a.seen)
