"""Comparing what came with what was expected; what differs is said in words."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gan_lib.exercises.examiner.words import article, short

TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}
NO_GRADIENT = ("Hint: calculate with tensors from beginning to end, without .item(), .detach(), "
               ".numpy(), torch.tensor(...) or torch.no_grad().")


class NotYet(Exception):
    """An answer is not right yet; the message says what was expected, what came, and a hint."""


def expect(what: str, came: Any, expected: Any, hints: Sequence[tuple[Any, str]] = (),
           verbs: tuple[str, str] = ("give", "gave")) -> None:
    """Raise NotYet unless `came` has the type, shape, dtype and numbers of `expected`.

    `what` says what is compared, as the beginning of a sentence: "what should give …". `hints`
    are (wrong value, hint) pairs: the hint of the first wrong value that came is added.
    """
    expect_result(what, came)
    _expect_type(what, came, expected, verbs)
    if not same(came, expected):
        hint = next((f" Hint: {text}" for wrong, text in hints if same(came, wrong)), "")
        differs = _first_difference(came, expected)
        if short(came) == short(expected) and not differs:
            raise NotYet(f"{what} {verbs[1]} almost the right numbers, {short(expected)}, but they "
                         f"are not exact. Hint: calculate them, do not round.{hint}")
        raise NotYet(f"{what} should {verbs[0]} {short(expected)}, but it {verbs[1]} "
                     f"{short(came)}{differs}.{hint}")
    if isinstance(expected, Tensor) and came.dtype != expected.dtype:
        raise NotYet(f"{what} should {verbs[0]} numbers of the kind {_kind(expected)}, but it "
                     f"{verbs[1]} {_kind(came)}. {_how_to_turn(expected.dtype)}")


def expect_result(call: str, came: Any, parts: Sequence[str] = ()) -> None:
    """Raise NotYet if nothing was given back, or not as many things as `parts` names."""
    if came is None or came is ...:
        raise NotYet(f"{call} gave nothing back. Put your code in place of the dots, "
                     "and `return` the result.")
    if not parts:
        return
    listed = f"{len(parts)} things: {', '.join(parts)}"
    if not isinstance(came, (tuple, list)):
        raise NotYet(f"{call} should give back {listed}. It gave {article(came)}.")
    if len(came) != len(parts):
        raise NotYet(f"{call} should give back {listed}. It gave {len(came)}.")
    for name, part in zip(parts, came, strict=True):
        if part is None or part is ...:
            raise NotYet(f"{call} should give back {listed}, but {name} is {part}. Put your code "
                         "in place of the dots.")


def named(call: str, result: Any, parts: Sequence[str]) -> dict[str, Any]:
    """Return the result, or each of its parts, under the words that name it."""
    if not parts:
        return {call: result}
    if not isinstance(result, (tuple, list)) or len(result) != len(parts):
        return {call: result}
    return {f"{call}: {name}": part for name, part in zip(parts, result, strict=True)}


def something(result: Any, parts: int) -> bool:
    """Return whether `result` is there, with as many parts as are asked for."""
    if result is None or result is ...:
        return False
    return not parts or isinstance(result, (tuple, list)) and len(result) == parts


def gradients(result: Any, arguments: tuple) -> tuple[Tensor | None, ...]:
    """Return the gradient of a weighted sum of `result` for each argument that asks for one."""
    asking = [x for x in arguments if isinstance(x, Tensor) and x.requires_grad]
    if not asking or not isinstance(result, Tensor) or not result.requires_grad:
        return tuple(None for _ in asking)
    weights = 1 + torch.arange(result.numel(), dtype=result.dtype).reshape(result.shape)
    return torch.autograd.grad(result, asking, weights, allow_unused=True)


def expect_gradients(call: str, came: tuple, expected: tuple) -> None:
    """Raise NotYet unless the gradients are those that were expected."""
    for a, b in zip(came, expected, strict=True):
        if b is not None and (a is None or not a.any() and b.any()):
            raise NotYet(f"{call} gave the right numbers, but no gradient flows through them. "
                         f"{NO_GRADIENT}")
        if b is not None and not same(a, b):
            raise NotYet(f"{call} gave the right numbers, but their gradient should be "
                         f"{short(b)}, and it is {short(a)}.")


def expect_unchanged(call: str, came: tuple, before: tuple) -> None:
    """Raise NotYet if the call has changed one of its arguments in place."""
    for number, (a, b) in enumerate(zip(came, before, strict=True), start=1):
        if isinstance(b, nn.Module | torch.optim.Optimizer) or callable(b):
            continue
        if not same(a, b) or isinstance(b, Tensor) and (
                a.requires_grad != b.requires_grad or a.grad is not None):
            raise NotYet(f"{call} gave the right result, but it has changed its argument number "
                         f"{number}. Hint: make a new tensor; `+=`, `x[...] =` and functions "
                         "that end in _ change the old one, and x.clone() is a copy.")


def same(a: Any, b: Any) -> bool:
    """Return whether two results have the same shape and, almost, the same numbers."""
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    try:
        a = torch.as_tensor(a, dtype=torch.float64, device="cpu")
        b = torch.as_tensor(b, dtype=torch.float64, device="cpu")
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return False
    return a.shape == b.shape and torch.allclose(a, b, **TOLERANCE, equal_nan=True)


def _expect_type(what: str, came: Any, expected: Any, verbs: tuple[str, str]) -> None:
    if isinstance(expected, Tensor):
        fits, kind = isinstance(came, Tensor), "a tensor"
    elif isinstance(expected, bool):
        fits, kind = isinstance(came, bool), "True or False"
    elif isinstance(expected, int):
        fits, kind = _whole(came), "a plain whole number (int)"
    elif isinstance(expected, float):
        fits = isinstance(came, (int, float)) and not isinstance(came, bool)
        kind = "a plain number (float)"
    else:
        return
    if not fits:
        raise NotYet(f"{what} should {verbs[0]} {kind}, {short(expected)}, but it {verbs[1]} "
                     f"{article(came)}: {short(came)}.{_type_hint(came, expected)}")


def _first_difference(came: Any, expected: Any) -> str:
    """Name one number that differs, where the tensors are too long to be shown."""
    if not isinstance(expected, Tensor) or came.shape != expected.shape or came.numel() <= 12:
        return ""
    differs = ~torch.isclose(came.double(), expected.double(), **TOLERANCE, equal_nan=True)
    place = tuple(differs.nonzero()[0].tolist())
    return f": at {list(place)} it is {short(came[place])} and not {short(expected[place])}"


def _type_hint(came: Any, expected: Any) -> str:
    if isinstance(came, float) and isinstance(expected, int) and came % 1 == 0:
        return " Hint: `//` divides whole numbers, `/` gives a float."
    if isinstance(came, Tensor):
        return " Hint: .item() makes a plain number of a tensor with one number."
    if callable(came):
        return " Hint: call it, with (...) behind its name."
    if isinstance(expected, Tensor) and type(came).__name__ == "generator":
        return " Hint: `return`, not `yield`."
    if isinstance(expected, Tensor) and hasattr(came, "values") and hasattr(came, "indices"):
        return " Hint: min, max and sort give values and places: take .values."
    if isinstance(expected, Tensor) and isinstance(came, (list, tuple)):
        return " Hint: torch.stack makes one tensor of many."
    if isinstance(expected, Tensor):
        return " Hint: calculate with tensors from beginning to end, without .item() or .numpy()."
    return ""


def _whole(value: Any) -> bool:
    if isinstance(value, (bool, Tensor)):
        return False
    try:
        operator.index(value)
    except TypeError:
        return False
    return True


def _kind(x: Tensor) -> str:
    return str(x.dtype).removeprefix("torch.")


def _how_to_turn(dtype: torch.dtype) -> str:
    ways = {torch.float32: "x.float()", torch.int64: "x.long()", torch.bool: "x.bool()"}
    return f"Hint: {ways[dtype]} turns numbers into that kind." if dtype in ways else ""
