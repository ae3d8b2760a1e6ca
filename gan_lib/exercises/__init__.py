"""Exercises: checks that say "✓" and why, or "Not yet:" with what was expected and a hint.

One file a notebook holds its exercises; this one holds what they share.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

# A file here belongs to the notebook of its name: generator.py to notebooks/02_generator.ipynb.
NOTEBOOKS = tuple(module.name for module in pkgutil.iter_modules(__path__))


class NotYet(Exception):
    """An answer is not right yet; the message says what was expected, what came, and a hint."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: the function a student writes, and how an answer is examined."""

    reference: Callable  # the library's answer; its name is the exercise's
    examine: Callable[[Callable], None]  # raises NotYet
    why: str  # why a right answer is right

    @property
    def name(self) -> str:
        return self.reference.__name__


def check(answer: Callable) -> Callable:
    """Say whether `answer` solves the exercise of its name; return what to go on with.

    Returns the answer if it is right, else the library's function, so that later cells work
    either way. It prints and never raises; what is no exercise's function comes back as it is.
    """
    try:
        exercise = find(answer)
    except ValueError as problem:
        print(f"Not yet: {problem}")
        return answer
    try:
        exercise.examine(answer)
    except NotYet as problem:
        print(f"Not yet: {problem}")
    except Exception as error:  # the student's code may raise anything
        print(f"Not yet: {exercise.name} stopped with {type(error).__name__}: {error}")
    else:
        print(f"✓ {exercise.why}")
        return answer
    print("(The next cells use the library's version until yours is right.)")
    return exercise.reference


def find(answer: Callable) -> Exercise:
    """Return the exercise that the function `answer` is named after."""
    name = getattr(answer, "__name__", None)
    known = {exercise.name: exercise for exercise in all_exercises()}
    if name not in known:
        raise ValueError("check needs one of the functions of an exercise, by name: "
                         f"{', '.join(known)}. It got {answer!r}.")
    return known[name]


def all_exercises() -> list[Exercise]:
    """Return the exercises of all notebooks; those of one notebook stand in its order."""
    modules = [importlib.import_module(f"gan_lib.exercises.{name}") for name in NOTEBOOKS]
    return [exercise for module in modules for exercise in module.EXERCISES]


def expect(call: str, came, expected, hints: Sequence[tuple[object, str]] = (),
           tolerance: float = 1e-4) -> None:
    """Raise NotYet unless `came` equals `expected` (numbers or tensors, within `tolerance`).

    `call` is the call as a student would write it. `hints` are (wrong value, hint) pairs: the
    hint of the first wrong value that came is added.
    """
    if came is None or came is ...:
        raise NotYet(f"{call} gave nothing back. Put your code in place of the dots, "
                     "and `return` the result.")
    if _same(came, expected, tolerance):
        return
    hint = next((f" Hint: {text}" for wrong, text in hints if _same(came, wrong, tolerance)), "")
    raise NotYet(f"{call} should give {_short(expected)}, but it gave {_short(came)}.{hint}")


def _same(a, b, tolerance: float) -> bool:
    try:
        a = torch.as_tensor(a, dtype=torch.float64, device="cpu")
        b = torch.as_tensor(b, dtype=torch.float64, device="cpu")
    except (TypeError, ValueError, RuntimeError):
        return False
    return a.shape == b.shape and torch.allclose(a, b, tolerance, tolerance, equal_nan=True)


def _short(value) -> str:
    if not isinstance(value, torch.Tensor):
        return f"{value:.4g}" if isinstance(value, float) else repr(value)
    if value.numel() == 1 and value.dim() == 0:
        return f"{value.item():.4g}"
    if value.numel() > 12:
        return f"a tensor of shape {tuple(value.shape)} ({value.float().mean():.4g} on average)"
    rounded = [round(number, 4) for number in value.detach().flatten().tolist()]
    return f"{rounded} in the shape {tuple(value.shape)}"
