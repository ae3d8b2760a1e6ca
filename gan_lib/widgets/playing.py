"""A game that plays by itself, in a thread, while the kernel hears everything else."""

from __future__ import annotations

import contextvars
import threading
import time

import ipywidgets
from torch import Tensor

from gan_lib import page, training
from gan_lib.training import LossNotFinite
from gan_lib.widgets import page_part
from gan_lib.widgets.two_players import TwoPlayers

REST = 0.0005       # seconds in which others may have the game: whoever waits for it gets it
SILENCE = 60.0      # seconds after which nobody seems to look any more
KEEP_EVERY = 2.0    # seconds between two states to which a broken game can go back
PLAY, PAUSE = "Play", "Pause"
NOBODY = "Paused: for a minute nobody has looked. Press Play to go on."


class Listener(page_part.anywidget.AnyWidget if page_part.anywidget else ipywidgets.DOMWidget):
    """The tool's ear in the page: it says that somebody looks, and when the cell is closed."""

    _esm = page.script("looking.js")

    def __init__(self, tool: PlayingTool, **about):
        super().__init__(**about)
        self.on_msg(lambda _, content, buffers: tool.act(lambda: tool.hear(content)))


class Playing:
    """Lets a `PlayingTool` play from `start()` to `pause()`, with a picture now and then.

    The tool's lock `busy` is held while the game moves: whoever takes it can change the game
    between two turns.
    """

    def __init__(self, tool: PlayingTool):
        self.tool, self.thread, self._stop = tool, None, threading.Event()
        self.heard()

    @property
    def on(self) -> bool:
        """Whether the game plays."""
        return self.thread is not None and self.thread.is_alive() and not self._stop.is_set()

    def heard(self) -> None:
        """Somebody looks: the play goes on."""
        self._last_word = time.monotonic()

    def start(self) -> None:
        """Play, until `pause`; nothing happens if it plays already."""
        if self.on:
            return
        self.pause()
        self.heard()
        self._stop = threading.Event()
        # In the context of this message: ipykernel 7 sends nothing from a thread without one.
        self.thread = threading.Thread(target=contextvars.copy_context().run,
                                       args=(self._run, self._stop), daemon=True)
        self.thread.start()

    def pause(self) -> None:
        """Stop after the turn that is being played, and wait for it."""
        self._stop.set()
        if self.thread is not None and self.thread is not threading.current_thread():
            self.thread.join()

    def keep(self) -> None:
        """Keep the state of the game: here a broken one goes back to."""
        self._good, self._kept = self.tool.state(), time.monotonic()

    def safely(self, action) -> str:
        """Do `action()`. If a loss is not finite, go back to the last good state and say so."""
        try:
            action()
        except LossNotFinite as problem:
            self.tool.load_state(self._good)
            return f"{problem} The game went back to turn {self.tool.game.steps}."
        if time.monotonic() - self._kept > KEEP_EVERY:
            self.keep()
        return ""

    def _run(self, stop: threading.Event) -> None:
        why = ""
        try:
            while not stop.is_set() and not why:
                why = self._until_the_next_picture(stop)
                if not why:
                    self.tool.show_turns()
                    silent = time.monotonic() - self._last_word > SILENCE
                    why = NOBODY * (silent and self.tool.listener is not None)
        except Exception as error:  # a thread has no cell
            why = f"{type(error).__name__}: {error}"
        finally:
            stop.set()
            self.tool.ended(why)

    def _until_the_next_picture(self, stop: threading.Event) -> str:
        end = time.monotonic() + self.tool.picture_every
        while not stop.is_set() and time.monotonic() < end:
            with self.tool.busy:
                if why := self.safely(lambda: self.tool.turns(self.tool.at_once)):
                    return why
            time.sleep(REST)
        return ""


class PlayingTool(TwoPlayers):
    """A tool whose `game` plays by itself. A subclass has `game`, `turns(count)`, a button `play`,
    and `told`, the message; it makes `playing` after everything else.
    """

    playing: Playing
    listener: Listener | None = None  # without one nobody knows whether somebody looks
    dense = True
    at_once = 4           # turns between two moments in which others may have the game
    picture_every = 0.08  # seconds that are played between two pictures

    def listen(self) -> None:
        """Let the page say that somebody looks, and when the cell is closed."""
        if page_part.anywidget:
            self.listener = Listener(self, layout={"display": "none"})
            self.box.children += (self.listener,)

    def hear(self, content: dict) -> None:
        """The page says that somebody looks, or that the cell is closed."""
        self.playing.heard()
        if content.get("wants") == "nothing":
            self.pause()

    @property
    def plays(self) -> bool:
        """Whether the game plays by itself."""
        return self.playing.on

    def press_play(self) -> None:
        """Play, or pause if it plays."""
        self.pause() if self.plays else self.start()

    def start(self) -> None:
        """Play until `pause`. Other cells and controls work meanwhile."""
        self.forget_parts()
        self.play.description, self._before = PAUSE, self.weights()
        self.playing.start()

    def pause(self) -> None:
        """Stop after the turn that is being played."""
        self.playing.pause()

    def tick(self, seconds: float = 0.06) -> None:
        """Play for some seconds, at least one turn, and show it; without a thread."""
        end = time.monotonic() + seconds

        def turns():
            while self.played(lambda: self.turns(1)) and time.monotonic() < end:
                pass
        self.moves("some turns", turns)

    def state(self):
        """Return the state of the game: here it goes back to if it breaks."""
        return self.game.state()

    def load_state(self, state) -> None:
        """Go back to a state."""
        self.game.load_state(state)

    def weights(self) -> tuple[Tensor, Tensor]:
        """Return all weights of D and all of G: two vectors, float32."""
        return training.weights(self.game.D), training.weights(self.game.G)

    def moves(self, name: str, action) -> None:
        """Pause, do `action`, and show what it moved."""
        self.pause()
        self.forget_parts()
        self.move(name, action)

    def played(self, action) -> bool:
        """Do `action` and return True; if a loss is not finite, go back and return False."""
        self.told = self.playing.safely(action)
        return not self.told

    def show_turns(self) -> None:
        """Show what was played since the last picture."""
        now = self.weights()
        self.moved_D, self.moved_G = ((after - before).norm().item()
                                      for after, before in zip(now, self._before))
        self.last, self._before = "some turns", now
        self.refresh()

    def ended(self, why: str) -> None:
        """The play has ended: say why, if it was not the button."""
        self.play.description = PLAY
        self.told = why or self.told
        self.refresh()

    def begin_anew(self) -> None:
        """The game is another one, or has other settings: what was, is forgotten."""
        self.forget_parts()
        self.forget()
        self._before = self.weights()
        self.playing.keep()

    def forget_parts(self) -> None:
        """Leave no message."""
        self.told = ""

    def refresh(self, change: dict | None = None) -> None:
        """Draw the newest state. While the game plays, its own thread does so, in a moment."""
        if not self.plays or threading.current_thread() is self.playing.thread:
            super().refresh(change)
