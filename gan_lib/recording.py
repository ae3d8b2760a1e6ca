"""A game of the training room as a film that can be wound back, and played on in another way.

A recording holds the pictures of the fixed noise, the curves, all that was changed, and states of
the game at intervals. From a state, or from the seed, the game is played again exactly: that is
how a branch begins. A file is in the safetensors format; nothing in it is ever run.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors import torch as safetensors
from torch import Tensor

from gan_lib import checks, data, files, states
from gan_lib.room import SIZES, Room, Settings
from gan_lib.training import History

STATE_EVERY, MOST_STATES = 250, 16     # turns from state to state; beyond, every other one goes
MOST_MOMENTS = 200                     # sets of pictures; beyond, every other one goes
MOST_BYTES, MOST_TURNS = 20 * 10**6, 200_000  # of a file
MOST_FILES = 40                        # of a folder
SUFFIX = ".recording.safetensors"
NOT_ONE = "is not a whole recording of this course: it is damaged, or something else"


@dataclass(frozen=True, repr=False)
class Recording:
    """What was played. `start` are the first settings; `events` are (turn, what, value): after
    that turn the settings `value` were "change"d, or the player `value` took a "half-step".

    `history` is that of the game; its pictures are float32 in [-1, 1]. `states` {turn: state}.
    """

    start: Settings
    events: tuple[tuple[int, str, dict | str], ...]
    history: History
    states: dict[int, dict]

    @property
    def turns(self) -> int:
        """How many turns were played."""
        return len(self.history)

    def settings(self, turn: int) -> Settings:
        """Return the settings with which turn number `turn` was played."""
        changes = [value for at, what, value in self.events if what == "change" and at < turn]
        return replace(self.start, **dict(chain.from_iterable(c.items() for c in changes)))

    def pictures(self, turn: int) -> tuple[int, Tensor]:
        """Return the last set of pictures up to this turn: (its turn, (16, C, H, W))."""
        seen = [moment for moment in self.history.pictures if moment[0] <= turn]
        return seen[-1]

    def room(self, turn: int, watch=None) -> RecordedRoom:
        """Return the game as it stood when `turn` turns were played, to be played on.

        What was changed there is not changed yet. It is played again from the last state before,
        or from the seed: the same, bit by bit, on a processor that rounds in the same way.
        `watch(turn)` is called for each turn that is played again.
        """
        checks.whole_number("turn", turn, 0, self.turns)
        played = RecordedRoom(self.start)
        begin = max((at for at in self.states if at <= turn), default=0)
        if begin:
            played.resume(self, begin)
        for now in range(begin, turn):
            played.again(self.events, now)
            played.step()
            if watch is not None:
                watch(now + 1)
        return played

    def branch(self, turn: int, watch=None, **new) -> RecordedRoom:
        """Go back to `turn`, change settings, and return the game, to be played on.

        Raises TypeError or ValueError for a value that is no choice, and for a size: another size
        would begin another game.
        """
        for name in set(new) & set(Room.SIZES):
            raise ValueError(f"A branch keeps the networks, so {name} cannot change there. Begin a "
                             "new game with it.")
        replace(self.settings(turn), **new)  # refused before the game is played again
        played = self.room(turn, watch)
        played.change(**new)
        return played

    def parted(self, other: History) -> int | None:
        """Return the first turn in which another history differs; None if they go together."""
        numbers = (zip(h.loss_D, h.loss_G) for h in (self.history, other))
        return next((turn for turn, (own, its) in enumerate(zip(*numbers), 1) if own != its), None)

    def save(self, path: str | Path, most: int = MOST_BYTES) -> Path:
        """Write the recording to a file of `most` bytes; states that find no room stay out.

        Returns the path. Raises OSError as `files.write_whole` does.
        """
        kept = dict(self.states)
        while len(content := self._packed(kept)) > most and kept:
            kept = {turn: kept[turn] for turn in sorted(kept)[1::2]}
        return files.write_whole(path, content)

    def _packed(self, kept: dict[int, dict]) -> bytes:
        history = self.history
        numbers = list(zip(history.loss_D, history.loss_G, history.D_real, history.D_fake))
        tensors = {"history": torch.tensor(numbers, dtype=torch.float32, device="cpu").view(-1, 4),
                   "at": torch.tensor([turn for turn, _ in history.pictures], device="cpu"),
                   "pictures": data.to_uint8(torch.stack([x for _, x in history.pictures]).cpu())}
        for turn, state in kept.items():
            tensors |= {f"{turn}/{name}": value for name, value in state["tensors"].items()}
        about = {"start": asdict(self.start), "events": self.events,
                 "states": {turn: state["about"] for turn, state in kept.items()}}
        return safetensors.save(tensors, {"recording": json.dumps(about)})


class RecordedRoom(Room):
    """A training room that is recorded while it is played: `recording()` at any time."""

    def __init__(self, settings: Settings | None = None):
        self.slow: Iterator = iter(())
        super().__init__(settings)

    def reset(self) -> None:
        """Begin again, and begin a new recording."""
        self.slow = iter(())
        super().reset()
        self.start, self.events, self.states = self.settings, [], {}

    def recording(self) -> Recording:
        """Return what was played up to now."""
        self.game.read()
        history = self.game.history
        pictures = [*history.pictures, (self.game.steps, self.game.fakes().cpu())]
        return Recording(self.start, tuple(self.events), History(
            *(list(getattr(history, name)) for name in self.game.names), pictures),
            dict(self.states))

    def change(self, **new) -> None:
        """Change settings, and write it down. A change of sizes begins a new recording."""
        self._finish()
        game = self.game
        super().change(**new)
        if self.game is game:
            self.events.append((game.steps, "change", new))

    def half_step(self, player: str) -> None:
        """Take a half-step, and write it down."""
        self._finish()
        super().half_step(player)
        self.events.append((self.game.steps, "half-step", player))

    def slowly(self, player: str) -> Iterator[tuple[str, str]]:
        """Take a half-step in parts. If anything else is done meanwhile, it is finished first."""
        self._finish()
        self.slow = super().slowly(player)
        self.events.append((self.game.steps, "half-step", player))
        return self.slow

    def step(self, turns: int = 1) -> None:
        """Play `turns` turns. Raises LossNotFinite."""
        self._finish()
        for _ in range(turns):
            super().step()
            self._keep()

    def again(self, events, turn: int) -> None:
        """Do again what was done after `turn` turns."""
        for at, what, value in events:
            if at == turn:
                self.change(**value) if what == "change" else self.half_step(value)

    def resume(self, recording: Recording, turn: int) -> None:
        """Go to a state of `recording`. Raises ValueError if it is of another game."""
        state, whole = recording.states[turn], recording.history
        self.settings = recording.settings(turn)
        self.take(self.settings)
        states.check(self.game, state)
        self.game.pictures_every = state["about"]["settings"]["pictures_every"]
        self.game.load_state(state)
        self.game.history = History(*(getattr(whole, name)[:turn] for name in self.game.names),
                                    [moment for moment in whole.pictures if moment[0] < turn])
        self.events = [event for event in recording.events if event[0] < turn]
        self.states = {at: kept for at, kept in recording.states.items() if at <= turn}

    def state(self) -> tuple:
        """Return all that is needed to go back to this moment."""
        self._finish()
        return self.settings, self.game.state(), list(self.events), dict(self.states)

    def load_state(self, state: tuple) -> None:
        """Go back to the moment of a `state`."""
        self.settings, of_game, events, kept = state
        self.take(self.settings)
        self.game.load_state(of_game)
        self.events, self.states = list(events), dict(kept)

    def _finish(self) -> None:
        for _ in self.slow:
            pass

    def _keep(self) -> None:
        game, moments = self.game, self.game.history.pictures
        if len(moments) > MOST_MOMENTS:
            game.history.pictures, game.pictures_every = moments[::2], 2 * game.pictures_every
        if game.steps % STATE_EVERY == 0:
            self.states[game.steps] = _bare(game.state())
        if len(self.states) > MOST_STATES:
            self.states = {turn: self.states[turn] for turn in sorted(self.states)[1::2]}


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
    _demand(all(0 < turn <= turns for turn in kept), "its states are of turns not played")
    return Recording(start, events, history, kept)


def _demand(true, reason: str) -> None:
    if not true:
        raise ValueError(reason)


def _bare(state: dict) -> dict:
    """Return a state without its history: the recording has it."""
    bare = {name: state["tensors"][name][:0] for name in ("history", "pictures", "pictures_at")}
    return {"about": state["about"], "tensors": state["tensors"] | bare}
