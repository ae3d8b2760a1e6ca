"""A game as plain tensors and back: what is stored, and what may come in.

A state is a dict: "tensors" holds every tensor of the game under a flat name, as a copy on the
CPU; "about" says in text and numbers what the game is played on and with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

SETTINGS = ("batch_size", "d_steps", "r1", "r1_every", "smooth", "decay", "bfloat16",
            "pictures_every")
ANY_LENGTH = ("history", "pictures", "pictures_at", "random")
NEVER_NEGATIVE = (".exp_avg_sq", ".step", ".running_var", "pictures_at")


def of(game) -> dict:
    """Return the state of `game`: a copy that stays when the game goes on."""
    return {"about": _about(game), "tensors": {
        name: value.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
        for name, value in _tensors(game).items()}}


def check(game, state: dict) -> None:
    """Raise ValueError if `state` is of another game or holds what no game can hold."""
    own, state = _about(game), state if isinstance(state, dict) else {}
    about, tensors = state.get("about"), state.get("tensors")
    if not (isinstance(tensors, dict) and isinstance(about, dict) and about.keys() == own.keys()
            and isinstance(about["settings"], dict)):
        raise ValueError("It is not the state of a game.")
    if about["samples"] != own["samples"]:
        raise ValueError(f"It was played on {about['samples']!r}, but this game is played on "
                         f"{own['samples']!r}.")
    expected = _tensors(game)
    for name in {**expected, **tensors}:
        wanted, came = (_form(name, where.get(name)) for where in (expected, tensors))
        if came != wanted:
            raise ValueError(f"{name} must be {wanted}, but it is {came}.")
        least = 0 if name.endswith(NEVER_NEGATIVE) else -math.inf
        if not (tensors[name].isfinite() & (tensors[name] >= least)).all():
            raise ValueError(f"{name} holds numbers that are NaN (not a number), infinite, or "
                             "negative where they cannot be.")
    probabilities, at = tensors["history"][:, 2:], tensors["pictures_at"]
    if ((probabilities < 0) | (probabilities > 1)).any():
        raise ValueError("Its history holds D(x) that are not from 0 to 1.")
    if len(at) != len(tensors["pictures"]) or (at > len(probabilities)).any():
        raise ValueError("Its history holds pictures of steps that were not played.")
    if about["device"] == own["device"]:
        try:
            torch.Generator(game.device).set_state(tensors["random"])
        except RuntimeError as error:
            raise ValueError(f"Its random numbers cannot go on: {error}") from None


def take(game, state: dict) -> list[str]:
    """Bring `game` to a `state` that passed `check`. Returns sentences: what did not come over."""
    about, tensors, own = state["about"], state["tensors"], _about(game)
    for part in ("D", "G", "average"):
        start = f"{part}."
        getattr(game, part).load_state_dict({name.removeprefix(start): value for name, value
                                             in tensors.items() if name.startswith(start)})
    for name, optimizer, parameter in _remembered(game):
        optimizer.state[parameter] = {key: like.copy_(tensors[f"{name}.{key}"])
                                      for key, like in _nothing_yet(parameter).items()}
    game.fixed_z = tensors["fixed_z"].to(game.device, copy=True)
    game.history = type(game.history)(*tensors["history"].T.tolist(), list(zip(
        tensors["pictures_at"].tolist(), tensors["pictures"].clone())))
    if about["device"] == own["device"]:
        game.random.set_state(tensors["random"])
        said = []
    else:
        said = [f"This game was stored on {about['device']} and goes on on {own['device']}: all "
                "came over but the random numbers, which are new."]
    before = about["settings"]
    return said + [f"This game keeps its own {name}, {value}; the stored one had "
                   f"{before.get(name)}." for name, value in own["settings"].items()
                   if before.get(name) != value]


def _about(game) -> dict:
    settings = {name: getattr(game, name) for name in SETTINGS}
    settings["loss"] = game.loss_function.__name__
    for part, optimizer in (("D", game.optimizer_D), ("G", game.optimizer_G)):
        if not isinstance(optimizer, torch.optim.Adam):
            raise TypeError("A game can be stored as long as its optimizers are Adam, as it made "
                            f"them, but that of {part} is {type(optimizer).__name__}.")
        group = optimizer.param_groups[0]
        settings |= {f"lr of {part}": group["lr"], f"betas of {part}": list(group["betas"])}
    return {"samples": getattr(game.samples, "name", type(game.samples).__name__),
            "device": game.device.type, "settings": settings}


def _tensors(game) -> dict[str, Tensor]:
    history = game.history
    numbers = list(zip(*(getattr(history, name) for name in game.names)))
    found = {"fixed_z": game.fixed_z, "random": game.random.get_state(),
             "history": torch.tensor(numbers, dtype=torch.float64, device="cpu").view(-1, 4),
             "pictures_at": torch.tensor([step for step, _ in history.pictures],
                                         dtype=torch.int64, device="cpu"),
             "pictures": torch.stack([x for _, x in history.pictures]) if history.pictures else
             torch.zeros(0, len(game.fixed_z), *game.D.sample_shape, device="cpu")}
    for part in ("D", "G", "average"):
        found |= {f"{part}.{name}": value
                  for name, value in getattr(game, part).state_dict().items()}
    for name, optimizer, parameter in _remembered(game):
        kept = optimizer.state.get(parameter) or _nothing_yet(parameter)
        found |= {f"{name}.{key}": value for key, value in kept.items()}
    return found


def _remembered(game) -> Iterator[tuple[str, torch.optim.Optimizer, Tensor]]:
    """Yield each parameter that an optimizer moves, with a name and its optimizer."""
    for part in ("optimizer_D", "optimizer_G"):
        optimizer = getattr(game, part)
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        yield from ((f"{part}.{i}", optimizer, p) for i, p in enumerate(parameters))


def _nothing_yet(parameter: Tensor) -> dict[str, Tensor]:
    """Return what Adam remembers of a parameter before its first step, as it lies in memory."""
    return {"step": torch.zeros((), device=parameter.device),
            "exp_avg": torch.zeros_like(parameter), "exp_avg_sq": torch.zeros_like(parameter)}


def _form(name: str, value: Tensor | None) -> str:
    if value is None:
        return "absent"
    shape = [str(size) for size in value.shape]
    if name in ANY_LENGTH and shape:
        shape[0] = "any"
    return f"{value.dtype} ({', '.join(shape)})".removeprefix("torch.")
