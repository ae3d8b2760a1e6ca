"""The time machine: a recorded game is wound back, and played on in another way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import ipywidgets
import numpy as np

from gan_lib import checks, figures, room, training
from gan_lib.recording import RecordedRoom, Recording
from gan_lib.room import CHOICES
from gan_lib.widgets import film_view, game_tool
from gan_lib.widgets.playing import Playing, PlayingTool
from gan_lib.widgets.tool import choice, named, row, tick_box, whole_slider

NAMES = game_tool.NAMES              # of the settings that a branch can change
LENGTHS = (100, 200, 300, 500, 1000)  # turns that a branch is played on
MOMENT = 100                         # milliseconds from moment to moment
NARROW = "330px"
BRANCH, STOP = "Branch here", "Stop"


class TimeMachine(PlayingTool):
    """Wind a recorded game back and forth; go back to a turn, change a setting, and play on.

    `recordings` is a `Recording`, or {name: Recording}. `turn` is a slider (the button `film`
    plays it, `backwards` turns the direction), `which`, `setting`, `value` and `length` are lists.
    `start()` and `pause()` are the button of the branch; `branch_to_the_end()` plays it without a
    thread. `branch` is a `Recording`, None before the first.
    """

    at_once, picture_every = 1, 0.4

    def __init__(self, recordings: Recording | dict[str, Recording]):
        if isinstance(recordings, Recording):
            recordings = {"this game": recordings}
        checks.kind("recordings", recordings, "a recording, or a dict of them", "items")
        self.recordings, self.branch, self.told = recordings, None, ""
        self.which = choice("Recording", list(recordings), next(iter(recordings)))
        self.turn = whole_slider("Turn", 0, 1, 0)
        self.film = ipywidgets.Play(min=0, max=1, interval=MOMENT)
        self.backwards = tick_box("Backwards")
        self.setting = choice("Setting", [(words, name) for name, words in NAMES.items()], "lr_G")
        self.value = choice("New value", [0], 0)
        self.length = choice("Turns more", list(LENGTHS), LENGTHS[1])
        for control in (self.setting, self.value, self.length):
            control.layout.width = NARROW
        self.play = self.button(BRANCH, self.press_play)
        super().__init__([self.which, row(self.setting, self.value, self.length, self.play),
                          row(self.turn, named(self.film), self.backwards)])
        self.playing = Playing(self)
        self.listen()
        self.open()
        self.film.observe(lambda change: self.act(self._next_moment), names="value")
        self.which.observe(lambda change: self.act(self.open), names="value")
        self.setting.observe(lambda change: self._offer_values(), names="value")
        self.watch(self.turn)

    def open(self) -> None:
        """Show the recording that is chosen, at its end; without a branch."""
        self.pause()
        self.branch, self.told = None, ""
        with self.quietly():
            self._offer_turns(self.recording.turns)
            self._offer_values()

    # --- the branch ---------------------------------------------------------------------------

    @property
    def recording(self) -> Recording:
        """The recording that is seen."""
        return self.recordings[self.which.value]

    @property
    def game(self) -> training.Game:
        """The game of the branch."""
        return self.room.game

    def start(self) -> None:
        """Go back to the turn that is seen, change the setting, and play on, in a thread."""
        self._begin()
        self.play.description, self._before = STOP, self.weights()
        self.playing.start()

    def branch_to_the_end(self) -> Recording:
        """Go back and play on at once, without a thread. Returns the branch."""
        self._begin()
        while not self.over and self.played(lambda: self.turns(1)):
            pass
        self.ended(self.told)
        return self.branch

    def turns(self, count: int) -> None:
        """Play so many turns, those that are played again among them; pause after the last."""
        for played in islice(self.job, count):
            self.room = played
        self.over = self.room.game.steps >= self.end
        if self.over:
            self.playing.pause()

    def state(self) -> tuple:
        """Return the state of the branch."""
        return self.room.state()

    def load_state(self, state: tuple) -> None:
        """Go back to a state of the branch; it ends there."""
        self.room.load_state(state)

    def show_turns(self) -> None:
        """Say how far the branch has come."""
        self.told = f"Played up to turn {self.room.game.steps:,} of {self.end:,}."
        self.refresh()

    def ended(self, why: str) -> None:
        """The branch has ended: from now on it stands beside the recording."""
        self.play.description, self.told = BRANCH, why
        self.branch = self.room.recording()
        parted = self.recording.parted(self.branch.history)
        if parted is not None and parted <= self.begun:
            self.told += (" This processor rounds in another way than that of the recording: "
                          f"played again, it is another game from turn {parted} on.")
        self._draw_sides()
        with self.quietly():
            self._offer_turns(min(self.turn.value, self.begun))

    # --- what is seen -------------------------------------------------------------------------

    def caption(self) -> str:
        """Say how far the branch has come, or why it ended."""
        return self.told

    def lines(self, name: str) -> list[str]:
        """Return what stands over a side: the turn, its settings, and the collapse meter."""
        side = self.sides[name].recording
        turn, pictures = side.pictures(self.turn.value)
        read, real = room.meter(side.start.samples).read(pictures), _real(side.start.samples)
        said = [f"{name}: turn {turn:,} of {side.turns:,}",
                f"{read.classes} classes in 16 fakes (in 16 real: {real.classes})",
                f"two fakes are {read.apart:.2f} apart (real: {real.apart:.2f})"]
        changes = [f"after turn {at:,}: {in_words(value)}" for at, what, value in side.events
                   if what == "change"]
        return said + changes[-2:]  # more find no room

    def alt(self) -> str:
        """Say in one sentence what is seen on each side."""
        told = "; ".join(", ".join(self.lines(name)) for name in self.sides)
        return f"The time machine at turn {self.turn.value:,}. {told}."

    def picture(self) -> np.ndarray:
        """Return each side: 16 fakes of the same noise, and the losses with the turn marked."""
        return np.hstack([side.draw(self.turn.value, self.lines(name))
                          for name, side in self.sides.items()])

    def still_png(self) -> tuple[bytes, int]:
        """Return the recording as a film that needs no kernel."""
        return film_view.film(self.recording), 1

    def still_alt(self) -> str:
        """Say what the film shows."""
        changed = "".join(f", after turn {at:,} with {in_words(value)}" for at, what, value
                          in self.recording.events if what == "change")
        return (f"A film: 16 fakes of the same noise from turn 0 to turn "
                f"{self.recording.turns:,}{changed}. "
                + figures.history_in_words(self.recording.history))

    # --- inside -------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.pause()
        self.begun = min(self.turn.value, self.recording.turns)
        self.end = self.begun + self.length.value
        self.branch, self.told, self.over = None, "", False
        self.job = self._job({self.setting.value: self.value.value})
        self.room = next(self.job)
        self.playing.keep()

    def _job(self, new: dict) -> Iterator[RecordedRoom]:
        for played in self.recording.branching(self.begun, **new):
            yield played
        while played.game.steps < self.end:
            played.step()
            yield played

    def _next_moment(self) -> None:
        moments = self._moments()
        at = min(self.film.value, len(moments) - 1)
        self.turn.value = moments[-1 - at if self.backwards.value else at]

    def _moments(self) -> list[int]:
        """Return the turns of which one of the sides has pictures."""
        return sorted({turn for side in self.sides.values()
                       for turn, _ in side.recording.history.pictures})

    def _offer_turns(self, turn: int) -> None:
        """Let the slider go over all turns of both sides; it stands at `turn` then."""
        self._draw_sides()
        moments = self._moments()
        self.turn.max, self.film.max = max(moments[-1], 1), max(len(moments) - 1, 1)
        self.turn.step, self.turn.value = max(1, moments[-1] // 100), turn

    def _offer_values(self) -> None:
        """Offer the values of the setting that is chosen; another one than now, first."""
        name = self.setting.value
        now = getattr(self.recording.settings(self.recording.turns), name)
        self.value.options = CHOICES[name]
        self.value.value = next(value for value in CHOICES[name] if value != now)

    def _draw_sides(self) -> None:
        both = {"The recording": self.recording} | ({"The branch": self.branch}
                                                    if self.branch else {})
        last = max(one.turns for one in both.values())
        self.sides = {name: film_view.Side(one, last) for name, one in both.items()}


def in_words(value: dict) -> str:
    """Return changed settings as words: "Momentum 0.9, R1 0.0"."""
    return ", ".join(f"{NAMES[name]} {new}" for name, new in value.items())


@lru_cache
def _real(samples: str):
    """Return what the collapse meter reads on 16 real pictures."""
    return room.meter(samples).read(room.real_pictures(samples).scaled()[:16])
