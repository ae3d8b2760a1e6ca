"""Checks of arguments: each says what was expected, what came, and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real

from torch import Tensor


def whole_number(name: str, value, low: int = 1, high: int | None = None) -> int:
    """Return `value` as an int in [low, high]. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, but it is {value!r}.")
    if value < low or (high is not None and value > high):
        limits = f"at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} must be {limits}, but it is {value}.")
    return int(value)


def number(name: str, value, low: float = -math.inf, high: float = math.inf) -> float:
    """Return `value` as a finite float in [low, high]. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, but it is {value!r}.")
    if not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{name} must be a finite number from {low} to {high}, but it is {value}.")
    return float(value)


def one_of(name: str, value, choices: Iterable):
    """Return `value` if it is one of `choices`. Raises ValueError that lists them."""
    choices = list(choices)
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}, but it is {value!r}.")
    return value


def shape(name: str, tensor, expected: tuple):
    """Return `tensor` if its shape fits `expected`, in which None stands for any size but 0.

    Raises TypeError for what is not a tensor and ValueError for another shape.
    """
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a tensor, but it is {type(tensor).__name__}.")
    came = tuple(tensor.shape)
    fits = len(came) == len(expected) and all(
        size > 0 if want is None else size == want for size, want in zip(came, expected))
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in expected)
        raise ValueError(f"{name} must have the shape ({wanted}), but it has {came}.")
    return tensor


def generator(name: str, value):
    """Return `value` if it is a generator: a network with a `z_dim`. Raises TypeError."""
    if not (hasattr(value, "z_dim") and hasattr(value, "parameters")):
        raise TypeError(f"{name} must be a generator, a network with a z_dim, but it is "
                        f"{type(value).__name__}.")
    return value
