"""Recordings as files in the safetensors format; nothing in them is ever run.

They come from students, so they are looked at before they are read, and while they are.
"""

from __future__ import annotations

import json
import stat
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors import torch as safetensors

from gan_lib import checks, data, files
from gan_lib.recording import Recording
from gan_lib.room import SIZES, Room, Settings
from gan_lib.training import History

MOST_BYTES, MOST_TURNS = 20 * 10**6, 200_000  # of a file
MOST_FILES = 40                        # of a folder
SUFFIX = ".recording.safetensors"
NOT_ONE = "is not a whole recording of this course: it is damaged, or something else"


def save(recording: Recording, path: str | Path, most: int = MOST_BYTES) -> Path:
    """Write a recording to a file of `most` bytes; states that find no room stay out.

    Returns the path. Raises OSError as `files.write_whole` does.
    """
    kept = dict(recording.states)
    while len(content := _packed(recording, kept)) > most and kept:
        kept = {turn: kept[turn] for turn in sorted(kept)[1::2]}
    return files.write_whole(path, content)


def load(path: str | Path) -> Recording:
    """Read a recording. Raises ValueError, with the file's name, if it is none; OSError."""
    path = Path(path)
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError(f"{path} must be a file, but it is a folder, a link or a device.")
    if about.st_size > MOST_BYTES:
        raise ValueError(f"{path} has {about.st_size:,} bytes, but a recording has at most "
                         f"{MOST_BYTES:,}. Record a shorter game.")
    try:
        return _unpacked(path.read_bytes())
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, SafetensorError,
            OverflowError, RuntimeError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ValueError(f"{path} {NOT_ONE} ({reason}). Record it again.") from None


def folder(path: str | Path) -> tuple[dict[str, Recording], list[str]]:
    """Read all recordings of a folder: {name: recording}, and a sentence on each left out."""
    found, left_out = {}, []
    every = sorted(Path(path).glob(f"*{SUFFIX}"))
    for file in every[:MOST_FILES]:
        try:
            found[file.name.removesuffix(SUFFIX)] = load(file)
        except (ValueError, OSError) as problem:
            left_out.append(f"Left out: {problem}")
    left_out += [f"Left out: {file.name}, for a folder has at most {MOST_FILES} recordings."
                 for file in every[MOST_FILES:]]
    return found, left_out


def _unpacked(content: bytes) -> Recording:
    header = json.loads(content[8:8 + int.from_bytes(content[:8], "little")])
    about = json.loads(header["__metadata__"]["recording"])
    tensors = safetensors.load(content)
    start = Settings(**about["start"])
    numbers, at, pictures = (tensors[name] for name in ("history", "at", "pictures"))
    size = SIZES[start.samples]
    turns = len(numbers)
    _demand(numbers.shape == (turns, 4) and turns <= MOST_TURNS and numbers.isfinite().all()
            and ((numbers[:, 2:] >= 0) & (numbers[:, 2:] <= 1)).all(), "its curves are broken")
    _demand(pictures.dtype == torch.uint8 and pictures.dim() == 5 and len(pictures) == len(at) > 0
            and pictures.shape[1:] == (16, 3 if start.samples == "faces" else 1, size, size)
            and at.tolist() == sorted(set(at.tolist())) and 0 == at[0] and at[-1] <= turns,
            "its pictures are broken")
    events = tuple((turn, what, value) for turn, what, value in about["events"])
    for turn, what, value in events:
        checks.whole_number("the turn of a change", turn, 0, turns)
        checks.one_of("what was done", what, ("change", "half-step"))
        if what == "half-step":
            checks.one_of("the player", value, ("D", "G"))
        else:
            _demand(not set(value) & set(Room.SIZES), "it changes the networks midway")
            replace(start, **value)
    _demand([event[0] for event in events] == sorted(event[0] for event in events),
            "its changes are out of order")
    history = History(*numbers.T.tolist(), list(zip(at.tolist(), data.to_float(pictures))))
    kept = {int(turn): {"about": its, "tensors": {
        name.partition("/")[2]: value for name, value in tensors.items()
        if name.partition("/")[0] == turn}} for turn, its in about["states"].items()}
    _demand(all(0 <= turn <= turns for turn in kept), "its states are of turns not played")
    return Recording(start, events, history, kept)


def _demand(true, reason: str) -> None:
    if not true:
        raise ValueError(reason)


def _packed(recording: Recording, kept: dict[int, dict]) -> bytes:
    history = recording.history
    numbers = list(zip(history.loss_D, history.loss_G, history.D_real, history.D_fake))
    tensors = {"history": torch.tensor(numbers, dtype=torch.float32, device="cpu").view(-1, 4),
               "at": torch.tensor([turn for turn, _ in history.pictures], device="cpu"),
               "pictures": data.to_uint8(torch.stack([x for _, x in history.pictures]).cpu())}
    for turn, state in kept.items():
        tensors |= {f"{turn}/{name}": value for name, value in state["tensors"].items()}
    about = {"start": asdict(recording.start), "events": recording.events,
             "states": {turn: state["about"] for turn, state in kept.items()}}
    return safetensors.save(tensors, {"recording": json.dumps(about)})
