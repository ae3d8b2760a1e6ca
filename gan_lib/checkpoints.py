"""Saving and loading networks and games, and the trained networks that ship with the course.

Each is one file in the safetensors format. Its header holds the card, in JSON: how to build the
network, data, seed, steps, time, scores, and the command that made it. To read one without the
course: `safetensors.safe_open(path, "pt").metadata()["card"]`. Checksums tell a damaged file.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors import torch as safetensors
from torch import Tensor, nn

from gan_lib import checks, device, files, growing, heads, models, states, styles, words

SHIPPED = Path(__file__).parent / "trained"
BUILDERS = {cls.__name__: cls for cls in (
    models.ConvGenerator, models.FullyConnectedGenerator, models.ConvDiscriminator,
    models.FullyConnectedDiscriminator, models.Classifier, growing.GrowingGenerator,
    growing.GrowingDiscriminator, styles.StyleGenerator, words.FaceFromWords, heads.TalkingHead)}
LONGEST_HEADER = 10**7  # bytes


def shipped() -> list[str]:
    """Return the names of the trained networks that ship with the course."""
    return _names(SHIPPED)


def load(name: str, folder: str | Path = SHIPPED) -> nn.Module:
    """Return a trained network, ready to use, on the lesson's device: frozen, in eval mode.

    `name` is one of `shipped()`, or what was given to `save` with this `folder`. Raises
    FileNotFoundError that lists the names there are, PermissionError or OSError if the file cannot
    be read, ValueError for a bad name and for a file that is damaged or does not fit its card.
    """
    path, about, weights = _stored(name, folder)
    if not {"network", "arguments"} <= about.keys():
        raise ValueError(f"The card of {path} does not say how to build a network: it must hold "
                         "'network' and 'arguments'. Games are for load_game.")
    builder = BUILDERS[checks.one_of(f"the network on the card of {path}", about["network"],
                                     BUILDERS)]
    if _forms(weights) != _forms(_half(_blank(builder, about["arguments"]))):
        raise ValueError(f"The weights in {path} are not those of the network on its card: their "
                         "names, shapes or dtypes differ. Get the file again.")
    _refuse_infinite(weights, path)
    network = builder(**about["arguments"])
    network.load_state_dict({key: value.float() for key, value in weights.items()})
    return network.to(device.best()).eval().requires_grad_(False)


def card(name: str, folder: str | Path = SHIPPED) -> dict:
    """Return the card of a stored network; its weights are not read. Raises as `load` does."""
    return _stored(name, folder, whole=False)[1]


def save(name: str, network: nn.Module, arguments: dict, about: dict | None = None,
         folder: str | Path = SHIPPED) -> Path:
    """Store `network`, built with `arguments`, and its card `about`. Returns the file's path.

    Weights are stored in half precision. The file is written whole or not at all (see
    `files.write_whole`). Raises TypeError for a network that `load` could not build, ValueError if
    `arguments` do not fit it, the card is not JSON or a weight is not finite.
    """
    path = _path(name, folder)
    if type(network) not in BUILDERS.values():
        raise TypeError(f"network must be one of {', '.join(BUILDERS)}, but it is "
                        f"{type(network).__name__}.")
    half = _half(network.state_dict())
    if _forms(half) != _forms(_half(_blank(type(network), arguments))):
        raise ValueError(f"{arguments} do not build this {type(network).__name__}: "
                         "its weights have other names or shapes.")
    _refuse_infinite(half, path)
    return _write(path, half, {"network": type(network).__name__, "arguments": arguments},
                  about or {})


def save_game(game, path: str | Path) -> Path:
    """Store a whole `training.Game`, so that `load_game` goes on exactly from here.

    Returns the path. Raises as `save` does.
    """
    state = _game(game).state()
    states.check(game, state)  # what could not be loaded is not saved
    return _write(path, state["tensors"], {"game": state["about"]}, {})


def load_game(game, path: str | Path):
    """Bring a game, made with the same arguments, to where it was stored. Returns the game.

    On another device all comes over but the random state; settings (such as lr) stay as the game
    was made with. A sentence says so. Raises FileNotFoundError if there is no such file, ValueError
    if it is damaged or of another game; the game is then as it was before.
    """
    load_state, path = _game(game).load_state, Path(path)
    about, tensors = _read(path)
    try:
        load_state({"about": about.get("game"), "tensors": tensors})
    except ValueError as error:
        raise ValueError(f"{path} does not hold a game of these networks. {error}") from None
    return game


def _game(game):
    if not hasattr(game, "load_state"):
        raise TypeError("The game comes first, then the path, but the first is "
                        f"{type(game).__name__}.")
    return game


def _path(name: str, folder: str | Path) -> Path:
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w .-]{0,99}", name):
        raise ValueError("name must be a word or two, such as 'my_faces' (letters, digits, spaces "
                         f"and _ . - only), but it is {name!r}. The folder is an argument of its "
                         "own.")
    return Path(folder) / f"{name}.safetensors"


def _names(folder: str | Path) -> list[str]:
    return sorted(path.stem for path in Path(folder).glob("*.safetensors"))


def _blank(builder, arguments: dict) -> dict[str, Tensor]:
    """Return the network's weights without numbers: no memory, however large they would be."""
    try:
        with torch.device("meta"):
            return builder(**arguments).state_dict()
    except Exception as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ValueError(f"{arguments} do not build a {builder.__name__}: {reason}.") from None


def _half(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key: (value.half() if value.is_floating_point() else value).contiguous()
            for key, value in weights.items()}


def _forms(weights: dict[str, Tensor]) -> dict:
    return {key: (value.dtype, value.shape) for key, value in weights.items()}


def _refuse_infinite(weights: dict[str, Tensor], path: Path) -> None:
    for key, value in weights.items():
        if not value.isfinite().all():
            raise ValueError(f"{key} of {path} holds numbers that are NaN, infinite or, for half "
                             "precision, too large (above 65504): such a network is of no use.")


def _write(path: str | Path, tensors: dict[str, Tensor], built: dict, about: dict) -> Path:
    try:
        card = json.dumps({**built, **about, **built}, indent=2, ensure_ascii=False,
                          allow_nan=False)
        checksum = _checksum(card.encode())
    except (TypeError, ValueError) as error:
        raise ValueError("A card is a dict of text, finite numbers, lists and dicts, but: "
                         f"{error}.") from None
    tensors = {key: value.cpu() for key, value in tensors.items()}
    bare = safetensors.save(tensors)
    body = bare[8 + int.from_bytes(bare[:8], "little"):]
    return files.write_whole(path, safetensors.save(tensors, {
        "card": card, "card_checksum": checksum, "checksum": _checksum(body)}))


def _stored(name: str, folder: str | Path, whole: bool = True):
    path = _path(name, folder)
    try:
        return path, *_read(path, whole)
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no trained network {name!r} in {folder}. There are: "
                                f"{', '.join(_names(folder)) or 'none'}.") from None


def _read(path: Path, whole: bool = True) -> tuple[dict, dict[str, Tensor]]:
    """Return the card and, of the `whole` file, its tensors."""
    try:
        if path.exists() and not path.is_file():
            raise ValueError(f"{path} must be a file, but it is a folder or a device.")
        with open(path, "rb") as file:  # once: another writer may put a new one there meanwhile
            start = file.read(8)
            header = file.read(min(int.from_bytes(start, "little"), LONGEST_HEADER))
            body = file.read() if whole else b""
    except OSError as error:
        raise type(error)(f"{path} cannot be read: {error.strerror}.") from None
    try:
        texts = json.loads(header)["__metadata__"]
        _compare(texts["card"].encode(), texts["card_checksum"])
        about = json.loads(texts["card"])
        if not isinstance(about, dict):
            raise ValueError("The card is not a dict.")
        if not whole:
            return about, {}
        _compare(body, texts["checksum"])
        return about, safetensors.load(start + header + body)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, SafetensorError):
        raise ValueError(f"{path} is not a whole file of this course: it is damaged, of an older "
                         "version, or something else. Save it or get it again.") from None


def _compare(content: bytes, checksum: str) -> None:
    if _checksum(content) != checksum:
        raise ValueError("The checksum differs.")


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
