"""A game of the training room as a film that can be wound back, and played on in another way.

A recording holds the pictures of the fixed noise, the curves, all that was changed, and states of
the game at intervals. From a state, or from the seed, the game is played again exactly: that is
how a branch begins. `recording_files` stores recordings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from torch import Tensor

from gan_lib import checks, states
from gan_lib.room import Room, Settings
from gan_lib.training import History

STATE_EVERY, MOST_STATES = 250, 16     # turns from state to state; beyond, every other one goes
MOST_MOMENTS = 200                     # sets of pictures; beyond, every other one goes


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

    def again(self, turn: int) -> Iterator[RecordedRoom]:
        """Play again up to the moment when `turn` turns were played; yields the room every turn.

        It begins at the last state before, or at the seed, and is the same game, bit by bit, on a
        processor that rounds in the same way. What was changed after `turn` turns is left out.
        """
        checks.whole_number("turn", turn, 0, self.turns)
        played = RecordedRoom(self.start)
        begin = max((at for at in self.states if at <= turn), default=0)
        if begin:
            played.resume(self, begin)
        yield played
        for now in range(begin, turn):
            played.do(self.events, now)
            played.step()
            yield played

    def room(self, turn: int) -> RecordedRoom:
        """Return the game as it stood when `turn` turns were played (see `again`)."""
        *_, played = self.again(turn)
        return played

    def branching(self, turn: int, **new) -> Iterator[RecordedRoom]:
        """Go back to `turn` as `again` does, then change settings: from there, play on.

        Raises TypeError or ValueError for a value that is no choice, and for a size: another size
        would begin another game.
        """
        for name in set(new) & set(Room.SIZES):
            raise ValueError(f"A branch keeps the networks, so {name} cannot change there. Begin a "
                             "new game with it.")
        replace(self.settings(turn), **new)  # refused before anything is played again
        return self._branching(turn, new)

    def _branching(self, turn: int, new: dict) -> Iterator[RecordedRoom]:
        for played in self.again(turn):
            yield played
        played.change(**new)
        yield played

    def branch(self, turn: int, **new) -> RecordedRoom:
        """Return the game at `turn` with settings changed, to be played on. As `branching`."""
        *_, played = self.branching(turn, **new)
        return played

    def parted(self, other: History) -> int | None:
        """Return the first turn in which another history differs; None if they go together."""
        numbers = (zip(h.loss_D, h.loss_G) for h in (self.history, other))
        return next((turn for turn, (own, its) in enumerate(zip(*numbers), 1) if own != its), None)


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
        """Return what was played up to now, with the state of now: from there a branch is quick."""
        self.game.read()
        history, turn = self.game.history, self.game.steps
        changed = any(at == turn for at, *_ in self.events)  # that state is not the one of `turn`
        now = {} if changed else {turn: _bare(self.game.state())}
        pictures = [*history.pictures, (turn, self.game.fakes().cpu())]
        return Recording(self.start, tuple(self.events), History(
            *(list(getattr(history, name)) for name in self.game.names), pictures),
            self.states | now)

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

    def do(self, events, turn: int) -> None:
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


def _bare(state: dict) -> dict:
    """Return a state without its history: the recording has it."""
    bare = {name: state["tensors"][name][:0] for name in ("history", "pictures", "pictures_at")}
    return {"about": state["about"], "tensors": state["tensors"] | bare}
