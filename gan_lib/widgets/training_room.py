"""The training room: G and D play with pictures, and everything can be changed while they do."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from gan_lib import page, recording_files
from gan_lib.recording import RecordedRoom, Recording
from gan_lib.room import Settings
from gan_lib.widgets import game_tool
from gan_lib.widgets.room_view import RoomView
from gan_lib.widgets.tool import row

NAMES = {"samples": "Pictures", **game_tool.NAMES, "width": "Width", "z_dim": "Length of z"}
NAME = r"\w[\w -]{0,39}"


class TrainingRoom(game_tool.GameTool):
    """Press Play, change anything, and look at the fakes, at D's score under each, at the curves
    and at the collapse meter.

    Every control has a method: those of `GameTool`, and `save`. All is recorded: `recording()` is
    for a `TimeMachine`.
    """

    at_once = 1           # a turn takes some 15 ms
    picture_every = 0.4

    def __init__(self, settings: Settings | None = None, folder: str | Path = "build"):
        self.room, self.folder = RecordedRoom(settings), Path(folder)
        self.file = game_tool.field("Save as", "320px", lambda: self.act(self._save_typed),
                                    "my run")
        self.view = RoomView()
        super().__init__(self.room, NAMES, [row(self.file)])
        self.listen()

    def recording(self) -> Recording:
        """Return what was played up to now."""
        with self.busy:
            return self.room.recording()

    def save(self, name: str) -> tuple[Path, Path]:
        """Write the recording, and G as a page that needs no kernel, into the folder.

        Returns both paths. Raises ValueError for a name that is no word, OSError if a file cannot
        be written.
        """
        if not re.fullmatch(NAME, str(name)):
            raise ValueError("A recording's name is a word or two, of letters, digits, spaces, - "
                             f"and _, but it is “{str(name)[:40]}”.")
        self.folder.mkdir(parents=True, exist_ok=True)
        path, played = self.folder / f"{name}{recording_files.SUFFIX}", self.recording()
        about = {"title": str(name), "data": self.room.settings.samples, "steps": played.turns}
        return (recording_files.save(played, path),
                page.save(self.folder / f"{name}.html", self.room.game.average, about))

    def state(self) -> tuple:
        """Return the state of the game and of its recording."""
        return self.room.state()

    def load_state(self, state: tuple) -> None:
        """Go back to a state."""
        self.room.load_state(state)

    def update(self) -> None:
        """Read off what `picture` and `alt` show."""
        self.numbers, self.believed = self.room.numbers(), self.room.believed().tolist()

    def lines(self) -> list[str]:
        """Return what stands beside the picture: the turn, and how good both are."""
        n, game = self.numbers, self.room.game
        return [f"turn {game.steps:,}",
                f"D(x) is {n['D(real)']:.2f} for real pictures, {n['D(fake)']:.2f} for these fakes",
                f"fakes cover {n['classes']} of {n['of']} classes  (real: {n['classes of real']})",
                f"two fakes are {n['apart']:.2f} apart  (real: {n['apart of real']:.2f})",
                f"last move: {self.last}",
                f"   |ΔD| = {self.moved_D:.3f}, |ΔG| = {self.moved_G:.3f}"]

    def alt(self) -> str:
        """Say in one sentence how the game stands."""
        told = "; ".join(line.strip() for line in self.lines())
        scores = ", ".join(f"{score:.2f}" for score in self.believed)
        return (f"The training room, {self.room.settings.samples}: {told}. D's scores of the 16 "
                f"fakes: {scores}.{self.slow_in_words()} {self.code_in_words()}.")

    def picture(self) -> np.ndarray:
        """Return the fakes with D's scores, the losses, what is to be read, the collapse meter."""
        game = self.room.game
        return self.view.draw(game.fakes(), self.believed, game.history, self.frozen, self.lines(),
                              self.numbers)

    # --- inside -------------------------------------------------------------------------------

    def _save_typed(self) -> None:
        def save():
            if self.file.value.strip():
                self.told = "Saved: {} and {}".format(*self.save(self.file.value.strip()))
                self.refresh()
        self.attempt(save)
