"""What the arena and the training room share: buttons that play, a list for each setting."""

from __future__ import annotations

import ipywidgets

from gan_lib import training
from gan_lib.live_game import LiveGame
from gan_lib.widgets.playing import PLAY, Playing, PlayingTool
from gan_lib.widgets.tool import row

NAMES = {"loss": "Loss", "lr_D": "Rate of D", "lr_G": "Rate of G", "d_steps": "Steps of D",
         "r1": "R1", "momentum": "Momentum"}
LABEL, LIST, LOSSES = "111px", "208px", "284px"  # widths: four lists stand in a row
BUTTON = "108px"


class GameTool(PlayingTool):
    """A tool for a `live` game (`live_game.LiveGame`), whose settings `names` have lists.

    Every control has a method: `start`, `pause`, `step`, `step_D`, `step_G`, `slowly`, `change`,
    `reset`, `new_seed`, `take_code`. `tick` plays for some time, without a thread. `more` are
    further controls, below.
    """

    def __init__(self, live: LiveGame, names: dict[str, str],
                 more: list[ipywidgets.Widget] = ()):
        self.live = live
        self.play = self.button(PLAY, self.press_play)
        now = live.settings
        self.controls = {name: _list(words, self.options(name), getattr(now, name))
                         for name, words in names.items()}
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self.act(
                lambda: self.choose(name, change["new"])), names="value")
        self.code = field("Code", LOSSES, lambda: self.act(self.take_code))
        buttons = [self.play, self.button("Step both", self.step),
                   self.button("Step D", self.step_D), self.button("Step G", self.step_G),
                   self.button("Slow D", lambda: self.slowly("D")),
                   self.button("Slow G", lambda: self.slowly("G")),
                   self.button("Reset", self.reset), self.button("New seed", self.new_seed)]
        for button in buttons:
            button.layout.width = BUTTON
        super().__init__([row(*buttons), row(*self.controls.values(), self.code), *more])
        self.playing = Playing(self)
        self.begin_anew()
        self._show_code()

    # --- playing ------------------------------------------------------------------------------

    @property
    def game(self) -> training.Game:
        """The game that is played."""
        return self.live.game

    def turns(self, count: int) -> None:
        """Play so many turns."""
        self.live.step(count)

    def step(self) -> None:
        """One step of D (or more, as is set), then one of G."""
        self.moves("step D, step G", lambda: self.played(self.live.step))

    def step_D(self) -> None:
        """Freeze G and move D one step."""
        self.moves("step D, G frozen", lambda: self.played(lambda: self.live.half_step("D")))

    def step_G(self) -> None:
        """Freeze D and move G one step."""
        self.moves("step G, D frozen", lambda: self.played(lambda: self.live.half_step("G")))

    def slowly(self, player: str) -> None:
        """Do the next part of a half-step of "D" or "G", and say what it gave."""
        self.pause()
        with self.busy:
            part = next(self.parts, None) if self.player == player else None
            if part is None:
                self.player, self.parts = player, self.live.slowly(player)
                part = next(self.parts)
            self.part, said = part
            self.told = f"{self.part}: {said}"
        self.refresh()

    def reset(self) -> None:
        """Begin again with the same untrained networks."""
        with self.busy:
            self.live.reset()
            self.begin_anew()
        self.refresh()

    def new_seed(self) -> None:
        """Begin again with other untrained networks."""
        settings = self.live.settings
        self.change(seed=(settings.seed + 1) % len(settings.CHOICES["seed"]))

    # --- settings -----------------------------------------------------------------------------

    def options(self, name: str) -> tuple:
        """Return what the list of this setting offers."""
        return self.live.settings.CHOICES[name]

    def change(self, **new) -> None:
        """Give new settings. Raises TypeError or ValueError for what is no choice; the game goes
        on as it was then.
        """
        with self.busy:
            self.live.change(**new)
            self.begin_anew()
        self._show_settings()

    def choose(self, name: str, value) -> None:
        """Take what was chosen in a list, or say why not; the list shows what is set then."""
        if value != getattr(self.live.settings, name):
            self.attempt(lambda: self.change(**{name: value}))

    def take_code(self) -> None:
        """Play the game of the lesson code that was typed in, or say what is wrong with it."""
        def take():
            settings = type(self.live.settings).from_code(self.code.value)
            if settings != self.live.settings:
                with self.busy:
                    self.live.settings = settings
                    self.live.reset()
                    self.begin_anew()
            self._show_settings()
        self.attempt(take, self.code)

    def attempt(self, action, typed: ipywidgets.Text | None = None) -> None:
        """Do `action`, or say why not; the controls, all but the field in which something was
        `typed`, show what is set then.
        """
        try:
            action()
        except (TypeError, ValueError) as problem:
            self.told = str(problem)
            self._show_settings(typed)

    # --- what is seen -------------------------------------------------------------------------

    @property
    def frozen(self) -> str:
        """Which network the slow motion keeps frozen: "D", "G" or ""."""
        return {"D": "G", "G": "D"}[self.player] if self.part else ""

    def caption(self) -> str:
        """Say what the last part of the slow motion gave."""
        return self.told

    def forget_parts(self) -> None:
        """A half-step that was begun slowly is not gone on with; no message is left."""
        self.parts, self.part, self.player, self.told = iter(()), "", "D", ""

    def code_in_words(self) -> str:
        """Return a sentence's end with the lesson code, if these settings have one."""
        return f"Lesson code {self._code()}" if self._code() else "No lesson code"

    def slow_in_words(self) -> str:
        """Return a sentence on the slow motion, "" if there is none."""
        return (f" Slow motion of {self.player}: {self.part}, {self.frozen} is frozen."
                if self.part else "")

    # --- inside -------------------------------------------------------------------------------

    def _show_settings(self, typed: ipywidgets.Text | None = None) -> None:
        """Let all controls, but for the field with a slip, show the settings as they are."""
        with self.quietly():
            for name, control in self.controls.items():
                control.value = getattr(self.live.settings, name)
            if typed is not self.code:
                self._show_code()

    def _show_code(self) -> None:
        self.code.value = self._code()

    def _code(self) -> str:
        return self.live.settings.code


def field(name: str, width: str, read, example: str = "") -> ipywidgets.Text:
    """Return a line to type in; `read()` is called after Enter."""
    made = ipywidgets.Text(description=name, placeholder=example, continuous_update=False,
                           layout={"width": width}, style={"description_width": LABEL})
    made.observe(lambda change: read(), names="value")
    return made


def _list(name: str, options, value) -> ipywidgets.Dropdown:
    """Return a list to choose from, so narrow that four stand in a row."""
    return ipywidgets.Dropdown(options=list(options), value=value, description=name,
                               layout={"width": LOSSES if name == NAMES["loss"] else LIST},
                               style={"description_width": LABEL})
