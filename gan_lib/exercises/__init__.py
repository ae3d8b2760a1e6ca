"""Exercises: checks that say "✓" and why, or "Not yet:" with what was expected and a hint.

One file a notebook, or a folder, holds its exercises; this file is their door, and `examiner` what
they share.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gan_lib.exercises.examiner import Case, Mistake, NotYet, examine, guard, words

# A file here belongs to the notebook of its name: generator.py to notebooks/02_generator.ipynb.
NOTEBOOKS = tuple(module.name for module in pkgutil.iter_modules(__path__)
                  if module.name != "examiner")

SECONDS = 4.0  # that an answer may take
PRINTED = 5    # lines that are shown of what the student's function prints


@dataclass(frozen=True)
class Exercise:
    """One exercise: the function a student writes, and how an answer is examined."""

    reference: Callable  # the library's answer; its name is the exercise's
    why: str  # why a right answer is right
    cases: Sequence[Case] = ()
    mistakes: Sequence[Mistake] = ()
    further: Callable[[Callable], None] | None = None  # what no case can say; raises NotYet

    @property
    def name(self) -> str:
        return self.reference.__name__

    def examine(self, answer: Callable) -> None:
        """Raise NotYet unless `answer` solves the exercise."""
        if self.cases:
            examine(answer, self.reference, self.cases, self.mistakes)
        if self.further is not None:
            self.further(answer)


def check(answer: Callable, name: str | None = None) -> Callable:
    """Say whether `answer` solves the exercise `name`; return what to go on with.

    Without `name`, the exercise is found by the function's own name, or by the variable that
    holds it. Returns the answer if it is right, else the library's function, so that later cells
    work either way. It prints and never raises; what is no exercise's comes back as it is.
    """
    names = sys._getframe(1).f_globals  # the notebook's
    try:
        exercise = find(answer, name, names)
    except ValueError as problem:
        print(f"Not yet: {problem}")
        return answer
    if answer is exercise.reference:
        print("This is the library's version: run your own cell above first.")
        return answer
    in_notebook = any(value is answer for value in names.values())
    problem, printed = _problem(exercise, answer, names if in_notebook else words.space_of(answer))
    if problem is None:
        print(f"✓ {exercise.why}")
    else:
        print(f"Not yet: {problem}")
        print("(The next cells use the library's version until yours is right.)")
    _show(printed)
    return answer if problem is None else exercise.reference


def _problem(exercise: Exercise, answer: Callable, names: dict | None) -> tuple[str | None, str]:
    """Return why `answer` is not right yet (None if it is), and what it printed.

    What `names` hold stays as it is.
    """
    if not callable(answer):
        return (f"{exercise.name} should be a function, but it is {words.article(answer)}. "
                f"Begin with `def {exercise.name}(...):`."), ""
    printed, error = guard.call(lambda: exercise.examine(answer), names, SECONDS)
    if error is None or isinstance(error, NotYet):
        problem = error and str(error)
    elif isinstance(error, guard.TooLong):
        problem = (f"{exercise.name} had not ended after {SECONDS:.0f} seconds. Hint: does a loop "
                   "have no end? In a `while` loop, something must change.")
    elif isinstance(error, KeyboardInterrupt):
        problem = "the check was stopped."
    else:
        problem = f"{exercise.name} stopped. {words.of_error(error, answer)}"
    return problem, printed


def _show(printed: str) -> None:
    """Show the first lines of what the student's function printed while it was examined."""
    lines = printed.splitlines()
    if lines:
        print(f"Your function printed, in several calls ({len(lines)} lines):")
    for line in lines[:PRINTED]:
        print(f"  {line[:words.LONGEST]}")


def find(answer: Callable, name: str | None = None, names: dict | None = None) -> Exercise:
    """Return the exercise `name`, or the one that `answer` is named after.

    `names` are the variables of the cell: an answer without a name of its own, such as a lambda,
    has that of its variable.
    """
    known = {exercise.name: exercise for exercise in all_exercises()}
    if name is None:
        own = getattr(answer, "__name__", None)
        spaces = [names or {}, words.space_of(answer) or {}]
        variables = [variable for space in spaces for variable in known
                     if variable in space and space[variable] is answer]
        name = next((n for n in [own, *variables] if isinstance(n, str) and n in known), own)
    if isinstance(name, str) and name in known:
        return known[name]
    close = difflib.get_close_matches(str(name), known, n=1) or ["bce"]
    raise ValueError(f"check does not know which exercise {words.short(answer)} belongs to. Hand "
                     f'it in with the name, such as exercises.check(answer, "{close[0]}").')


def all_exercises() -> list[Exercise]:
    """Return the exercises of all notebooks; those of one notebook stand in its order."""
    modules = [importlib.import_module(f"gan_lib.exercises.{name}") for name in NOTEBOOKS]
    return [exercise for module in modules for exercise in module.EXERCISES]
