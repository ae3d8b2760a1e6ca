"""Checks of arguments: each says what was expected, what came, and what to do.

A public function asks once, at its door; what it calls inside does not ask again.
"""

from __future__ import annotations

import math
from numbers import Integral, Real

import torch
from torch import Tensor

FAR = 15.0  # pictures lie in [-1, 1]; noise and stretched contrasts lie below, 0..255 beyond


def whole_number(name: str, value, low: int = 1, high: int | None = None) -> int:
    """Return `value` as an int in [low, high]. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, but it is {_came(value)}.")
    if value < low or (high is not None and value > high):
        limits = f"at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} must be {limits}, but it is {value}.")
    return int(value)


def counts(**values) -> None:
    """Ask `whole_number` of each of the values."""
    for name, value in values.items():
        whole_number(name, value)


def number(name: str, value, low: float = -math.inf, high: float = math.inf) -> float:
    """Return `value` as a finite float in [low, high]. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, but it is {_came(value)}.")
    if not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{name} must be a finite number from {low} to {high}, but it is {value}.")
    return float(value)


def one_of(name: str, value, choices):
    """Return `value` if it is one of `choices` (names, whole numbers, None). Raises ValueError."""
    choices = list(choices)
    plain = value is None or isinstance(value, (str, Integral))  # a tensor cannot be compared so
    if not (plain and any(value == choice and isinstance(value, bool) == isinstance(choice, bool)
                          for choice in choices)):
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}, but it is {_came(value)}.")
    return value


def kind(name: str, value, words: str, *needs: str):
    """Return `value` if it is no class and has all it `needs`, as `words` say, else TypeError."""
    if isinstance(value, type) or not all(hasattr(value, need) for need in needs):
        raise TypeError(f"{name} must be {words}, but it is {_came(value)}.")
    return value


def shape(name: str, tensor, expected: tuple | None):
    """Return `tensor` if its shape fits `expected`, in which None stands for any size but 0.

    `expected=None` stands for any shape without a 0. Raises TypeError for what is not a tensor and
    ValueError for another shape.
    """
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a tensor, but it is {_came(tensor)}.")
    came = tuple(tensor.shape)
    expected = (None,) * len(came) if expected is None else expected
    fits = len(came) == len(expected) and all(
        size > 0 if want is None else size == want for size, want in zip(came, expected))
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in expected)
        raise ValueError(f"{name} must have the shape ({wanted}), but it has {came}.")
    return tensor


def floats(name: str, tensor, expected: tuple | None, like: Tensor | None = None) -> Tensor:
    """Ask as `shape` does, and for floats: with `like`, on its device and as exact. It is cheap."""
    if not shape(name, tensor, expected).is_floating_point():
        raise TypeError(f"{name} must hold floats, but it holds {tensor.dtype}.")
    like = tensor if like is None else like
    if tensor.device != like.device:
        raise ValueError(f"{name} is on the device {tensor.device}, and what it meets here on "
                         f"{like.device}: bring both to one, with .to(...).")
    if (tensor.dtype == torch.float64) != (like.dtype == torch.float64):
        raise TypeError(f"{name} holds {tensor.dtype}, and what it meets here {like.dtype}: bring "
                        "both to torch.float32, with .float().")
    return tensor


def samples(name: str, x, expected: tuple | None = (None,) * 4,
            like: Tensor | None = None) -> Tensor:
    """Ask as `floats` does, and for finite numbers; of pictures, for some that fit [-1, 1].

    It looks at every number, and a GPU waits for that: no question for inner loops.
    """
    low, high = floats(name, x, expected, like).detach().aminmax()
    if not (low.isfinite() and high.isfinite()):
        raise ValueError(f"{name} must hold finite numbers, but some are infinite or NaN: "
                         "find out where they come from.")
    if x.dim() == 4 and x.shape[1] not in (1, 3) and x.shape[3] in (1, 3):
        raise ValueError(f"{name} must have its channels first, (N, C, H, W), but its shape is "
                         f"{tuple(x.shape)}: use .permute(0, 3, 1, 2).")
    if x.dim() >= 3 and max(-low, high) > FAR:
        raise ValueError(f"{name} must hold pictures in [-1, 1], but it reaches from {low:.3g} to "
                         f"{high:.3g}. Pictures in [0, 255] get there by x / 127.5 - 1.")
    return x


def incoming(network, x: Tensor, expected: tuple) -> None:
    """Ask `floats` of what comes into a network each time, `samples` the first time only."""
    first = not getattr(network, "looked", False)
    (samples if first else floats)("x", x, expected, next(network.parameters(), x))
    if first:
        network.looked = True


def mask(name: str, value, x: Tensor) -> Tensor:
    """Return a mask on the device of the pictures x (N, C, H, W): bool (H, W), somewhere True."""
    if shape(name, value, tuple(x.shape[2:])).dtype != torch.bool or not value.any():
        raise ValueError(f"{name} must be a bool mask that is True somewhere.")
    return value.to(x.device)


def generator(name: str, value):
    """Return `value` if it is a generator: a network with a `z_dim`. Raises TypeError."""
    return kind(name, value, "a generator, a network with a z_dim", "z_dim", "parameters")


def generators(name: str, value) -> dict:
    """Return a dict {caption: generator}, at least one. Raises TypeError or ValueError."""
    for caption, G in kind(name, value, "a dict such as {'trained': G}", "items").items():
        generator(caption, G)
    if not value:
        raise ValueError(f"{name} must hold at least one, such as {{'trained': G}}.")
    return dict(value)


def learner(name: str, network, optimizer) -> None:
    """Ask whether a step of `optimizer` can move `network`. Raises TypeError or ValueError."""
    kind("optimizer", optimizer, "an optimizer, such as torch.optim.Adam(...)", "param_groups")
    if not torch.is_grad_enabled():
        raise ValueError("Gradients are switched off here (torch.no_grad): nothing can learn.")
    held = {id(weight) for group in optimizer.param_groups for weight in group["params"]}
    kind(name, network, "a network", "parameters")
    if any(weight.requires_grad and id(weight) in held for weight in network.parameters()):
        return  # at the first weight, as a rule: this is asked at every step
    own = list(network.parameters())
    if own and not any(weight.requires_grad for weight in own):  # stand-ins have no weights
        raise ValueError(f"{name} is frozen, as loaded networks are: {name}.requires_grad_(True) "
                         "lets it learn.")
    if own and held.isdisjoint(map(id, own)):
        raise ValueError(f"optimizer holds no weight of {name}: was it made with {name}.parameters"
                         "(), and are D and G in their places?")


def loss(name: str, function) -> None:
    """Ask whether `function` makes one number of logits, to descend. Else TypeError, ValueError."""
    kind(name, function, "a function of fake logits", "__call__")
    try:
        came = function(torch.zeros(2, requires_grad=True))
    except TypeError as error:
        raise TypeError(f"{name} must be a function of fake logits alone: {error}.") from None
    if not getattr(came, "requires_grad", False) or came.dim():
        raise ValueError(f"{name} must return one number with a way back to the logits.")


def _came(value) -> str:
    """Say in a few words what came."""
    if isinstance(value, type):
        return f"the class {value.__name__}, not an object of it"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}, not what it returns"
    short = isinstance(value, (str, bytes, Real, type(None))) and len(repr(value)) < 60
    return repr(value) if short else type(value).__name__
