"""Saving and loading networks and games, and the trained networks that ship with the course.

A network is stored as NAME.safetensors (its weights) with NAME.json beside it: how to build it,
and its card (data, seed, steps, time, scores, and the command that made it).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from gan_lib import checks, device, models

SHIPPED = Path(__file__).parent / "trained"
BUILDERS = (models.ConvGenerator, models.FullyConnectedGenerator, models.ConvDiscriminator,
            models.FullyConnectedDiscriminator, models.Classifier)


def shipped() -> list[str]:
    """Return the names of the trained networks that ship with the course."""
    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def load(name: str, folder: str | Path = SHIPPED) -> nn.Module:
    """Return a trained network, ready to use, on the lesson's device: frozen, in eval mode.

    `name` is one of `shipped()`, or what was given to `save` with this `folder`. Raises
    FileNotFoundError that lists the names there are.
    """
    about = card(name, folder)
    builders = {cls.__name__: cls for cls in BUILDERS}
    builder = builders[checks.one_of(f"the network on the card of {name!r}",
                                     about.get("network"), builders)]
    network = builder(**about["arguments"])
    weights = load_file(Path(folder) / f"{name}.safetensors")
    network.load_state_dict({key: value.float() for key, value in weights.items()})
    return network.to(device.best()).eval().requires_grad_(False)


def card(name: str, folder: str | Path = SHIPPED) -> dict:
    """Return the card of a stored network as a dict (see `load` for `name` and `folder`)."""
    path = Path(folder) / f"{name}.json"
    if not path.is_file():
        names = ", ".join(sorted(other.stem for other in Path(folder).glob("*.json"))) or "none"
        raise FileNotFoundError(f"There is no trained network {name!r} in {folder}. "
                                f"There are: {names}.")
    return json.loads(path.read_text(encoding="utf-8"))


def save(name: str, network: nn.Module, arguments: dict, about: dict | None = None,
         folder: str | Path = SHIPPED) -> Path:
    """Store `network`, built with `arguments`, and its card `about`. Returns the weights' path.

    Weights are stored in half precision. Both files are written whole or not at all. Raises
    TypeError for a network that `load` could not build, ValueError if `arguments` do not fit it
    or a weight is not finite.
    """
    if type(network) not in BUILDERS:
        known = ", ".join(cls.__name__ for cls in BUILDERS)
        raise TypeError(f"network must be one of {known}, but it is {type(network).__name__}.")
    weights = network.state_dict()
    built = type(network)(**arguments).state_dict()
    if {k: v.shape for k, v in built.items()} != {k: v.shape for k, v in weights.items()}:
        raise ValueError(f"{arguments} do not build this {type(network).__name__}: "
                         "its weights have other names or shapes.")
    half = {key: (value.half() if value.is_floating_point() else value).cpu().contiguous()
            for key, value in weights.items()}
    if not all(value.isfinite().all() for value in half.values()):
        raise ValueError("The network holds weights that are NaN, infinite or, for half "
                         "precision, too large (above 65504): it is not saved.")
    text = json.dumps({"network": type(network).__name__, "arguments": arguments,
                       **(about or {})}, indent=2, ensure_ascii=False) + "\n"
    path = Path(folder) / f"{name}.safetensors"
    _write_whole({path: lambda file: save_file(half, file),
                  path.with_suffix(".json"): lambda file: file.write_text(text, encoding="utf-8")})
    return path


def save_game(game, path: str | Path) -> Path:
    """Store a whole `training.Game`, so that `load_game` goes on exactly from here."""
    path = Path(path)
    _write_whole({path: lambda file: torch.save(game.state(), file)})
    return path


def load_game(game, path: str | Path):
    """Bring a game, made with the same arguments, to where it was stored. Returns the game.

    Raises FileNotFoundError if there is no such file, ValueError if it is of another game; the
    game is then as it was before.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no saved game at {path}.")
    try:
        game.load_state(torch.load(path, map_location=game.device, weights_only=True))
    except Exception as error:
        raise ValueError(f"{path} does not hold a game of these networks: {error}") from error
    return game


def _write_whole(files: dict[Path, Callable[[Path], object]]) -> None:
    """Write every file beside its place first; only when all are whole, put them there."""
    parts = {path: path.with_name(f"{path.name}.part") for path in files}
    for path in files:
        if not path.parent.is_dir():
            raise FileNotFoundError(f"There is no folder {path.parent} to save in: make it first.")
    try:
        for path, write in files.items():
            write(parts[path])
        for path, part in parts.items():
            os.replace(part, path)
    except BaseException:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise
