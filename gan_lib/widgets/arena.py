"""The arena: G and D play in the plane, and everything can be changed while they do.

After GAN Lab (Kahng et al., 2018). The kernel plays, the page draws.
"""

from __future__ import annotations

import html

import ipywidgets
import torch
from matplotlib.figure import Figure

from gan_lib import arena, data, plane, training
from gan_lib.arena import CHOICES, Arena, Settings
from gan_lib.widgets import page_part
from gan_lib.widgets.arena_view import LAYERS, PARTS, KernelPicture, View, frame
from gan_lib.widgets.playing import PLAY, Playing, PlayingTool
from gan_lib.widgets.tool import row, tick_box

NAMES = {"points": "Real points", "loss": "Loss", "lr_D": "Rate of D", "lr_G": "Rate of G",
         "d_steps": "Steps of D", "r1": "R1", "momentum": "Momentum", "noise": "Noise",
         "layers": "Layers", "width": "Neurons", "z_dim": "Length of z"}
LABEL, LIST, LOSSES = "111px", "208px", "284px"  # widths: four lists stand in a row


class ArenaTool(PlayingTool):
    """Play the game of G and D in the plane: press Play, change anything, look what becomes of it.

    `settings` or a lesson `code` say with what it begins. Every control has a method: `start`,
    `pause`, `step`, `step_D`, `step_G`, `slowly`, `change`, `reset`, `new_seed`, `take_code`,
    `draw`, `type_points`, `clear`. `tick` plays for some time, without a thread.
    """

    def __init__(self, settings: Settings | None = None, code: str = ""):
        self.arena = Arena(Settings.from_code(code) if code else settings)
        self.alive, self.asked = False, False  # the page draws; it waits for a picture
        self.stroke_points = torch.empty(0, 2, device="cpu")
        self.kernel_picture: KernelPicture | None = None
        self.play = self.button(PLAY, self.press_play)
        now = self.arena.settings
        self.controls = {name: _list(words, CHOICES[name], getattr(now, name))
                         for name, words in NAMES.items()}
        self.controls["points"].options = [*CHOICES["points"], arena.DRAWN]
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self.act(
                lambda: self.choose(name, change["new"])), names="value")
        self.code = _field("Code", LOSSES, lambda: self.act(self.take_code))
        self.typed = _field("Type points", "270px", lambda: self.act(self.type_points),
                            "0 0, 1 -0.5, 2 1")
        self.shown = {name: tick_box(name) for name in LAYERS}
        self.drawing = tick_box("Draw points")
        for box in (*self.shown.values(), self.drawing):
            box.layout = {"width": "114px", "margin": "2px 0 2px 4px"}
        for box in self.shown.values():
            box.value = True
        self.watch(*self.shown.values(), self.drawing)
        self.view = View(self) if page_part.anywidget else None
        buttons = [self.play, self.button("Step both", self.step),
                   self.button("Step D", self.step_D), self.button("Step G", self.step_G),
                   self.button("Slow D", lambda: self.slowly("D")),
                   self.button("Slow G", lambda: self.slowly("G")),
                   self.button("Reset", self.reset), self.button("New seed", self.new_seed)]
        clear = self.button("Clear", self.clear)
        for button in (*buttons, clear):
            button.layout.width = "108px"
        clear.layout.width, self.drawing.layout.width = "80px", "140px"
        drawing = [self.drawing] * (self.view is not None)
        super().__init__([row(*buttons), row(*self.controls.values(), self.code),
                          row(self.typed, clear, *drawing, *self.shown.values())])
        self.playing = Playing(self)
        self.begin_anew()
        if self.view:
            self.box.children += (self.view,)
        self._show_code()

    # --- playing ------------------------------------------------------------------------------

    def step(self) -> None:
        """One step of D (or more, as is set), then one of G."""
        self.moves("step D, step G", lambda: self.played(self.arena.step))

    def step_D(self) -> None:
        """Freeze G and move D one step."""
        self.moves("step D, G frozen", lambda: self.played(self.game.step_D))

    def step_G(self) -> None:
        """Freeze D and move G one step."""
        self.moves("step G, D frozen", lambda: self.played(self.game.step_G))

    @property
    def game(self) -> training.Game:
        """The game that is played."""
        return self.arena.game

    def turns(self, count: int) -> None:
        """Play so many turns."""
        self.arena.step(count)

    def slowly(self, player: str) -> None:
        """Do the next part of a half-step of "D" or "G", and say what it gave."""
        self.pause()
        with self.busy:
            part = next(self.parts, None) if self.player == player else None
            if part is None:
                self.player, self.parts = player, self.arena.slowly(player)
                part = next(self.parts)
            self.part, said = part
            self.told = f"{self.part}: {said}"
        self.refresh()

    def reset(self) -> None:
        """Begin again with the same untrained networks."""
        with self.busy:
            self.arena.reset()
            self.begin_anew()
        self.refresh()

    def new_seed(self) -> None:
        """Begin again with other untrained networks."""
        self.change(seed=(self.arena.settings.seed + 1) % len(CHOICES["seed"]))

    # --- settings -----------------------------------------------------------------------------

    def change(self, **new) -> None:
        """Give new settings. Raises TypeError or ValueError for what is no choice; the game goes
        on as it was then.
        """
        with self.busy:
            self.arena.change(**new)
            self.begin_anew()
        self._show_settings()

    def choose(self, name: str, value) -> None:
        """Take what was chosen in a list, or say why not; the list shows what is set then."""
        if value != getattr(self.arena.settings, name):
            self._try(lambda: self.change(**{name: value}))

    def take_code(self) -> None:
        """Play the game of the lesson code that was typed in, or say what is wrong with it."""
        def take():
            settings = Settings.from_code(self.code.value)
            if settings != self.arena.settings:
                with self.busy:
                    self.arena.settings = settings
                    self.arena.reset()
                    self.begin_anew()
            self._show_settings()
        self._try(take, self.code)

    def draw(self, xy) -> None:
        """Play with real points of one's own: at least two, anything that `data.points` takes."""
        points = data.points(xy, name=arena.DRAWN, rescale=False)
        with self.busy:
            self.arena.draw(points)
            self.begin_anew()
        self._show_settings()

    def spray(self, path) -> None:
        """Add points around each place (x, y) of a stroke to those that were drawn so far."""
        fresh = plane.sprayed(path, arena.LIMIT, seed=len(self.stroke_points))
        together = plane.checked(torch.cat([self.stroke_points, fresh]))
        self.draw(together)
        self.stroke_points = together

    def type_points(self) -> None:
        """Play with the points that were typed, or say which one cannot be read."""
        if self.typed.value.strip():
            self._try(lambda: self.draw(plane.typed(self.typed.value, arena.LIMIT)), self.typed)

    def clear(self) -> None:
        """Take a new sheet: the next stroke begins a new drawing."""
        self.stroke_points = self.stroke_points[:0]
        self.typed.value = ""
        self.told = "The next points that you draw or type begin anew."
        self.refresh()

    # --- what is seen -------------------------------------------------------------------------

    def hear(self, content: dict) -> None:
        """The page asks for a picture, says that the last one is seen, sends a stroke, or ends."""
        self.playing.heard()
        if content.get("wants") == "nothing":
            return self.pause()
        if "stroke" in content:
            return self._try(lambda: self.spray(content["stroke"]))
        first, self.alive, self.asked = not self.alive, True, True
        if first or content.get("wants") == "picture" or self._late:
            self.refresh()

    def lines(self) -> list[str]:
        """Return what stands beside the picture: the turn, and how good both are."""
        numbers, game = self.arena.numbers(), self.arena.game
        lines = [f"turn {game.steps:,}",
                 f"D finds {numbers['hits']:.0%} of the fakes,",
                 f"   and calls {numbers['false alarms']:.0%} of the real points fake",
                 f"distance {numbers['distance']:.3f}  (real to real: {numbers['floor']:.3f})"]
        if "modes" in numbers:
            modes = len(game.samples.centres)
            lines.append(f"{numbers['modes']} of {modes} modes hit, "
                         f"{numbers['near a mode']:.0%} of the fakes near one")
        lines += [f"last move: {self.last}",
                  f"   |ΔD| = {self.moved_D:.3f}, |ΔG| = {self.moved_G:.3f}"]
        return lines

    def alt(self) -> str:
        """Say in one sentence how the game stands."""
        return self._told(self.lines())

    def caption(self) -> str:
        """Say what the last part of the slow motion gave."""
        return self.told

    def picture(self) -> Figure:
        """Return the kernel's own picture, for where the page does not draw."""
        lines = self.lines()
        self.kernel_picture = self.kernel_picture or KernelPicture(self.arena, lines)
        return self.kernel_picture.draw(frame(self.arena, self._layers()), lines, self.frozen)

    @property
    def frozen(self) -> str:
        """Which network the slow motion keeps frozen: "D", "G" or ""."""
        return {"D": "G", "G": "D"}[self.player] if self.part else ""

    # --- inside -------------------------------------------------------------------------------

    def _draw(self, whole: bool = False) -> None:
        with self.busy:  # the game stands still meanwhile
            if not self.alive or whole:
                return super()._draw(whole)
            self.message.value = html.escape(self.told)
            self._late = not self.asked
            if self.asked:
                self._send()

    def _send(self) -> None:
        self.asked, lines = False, self.lines()
        parts = frame(self.arena, self._layers())
        said = {"lines": lines, "alt": self._told(lines), "part": self.part, "parts": PARTS,
                "player": self.player, "frozen": self.frozen, "drawing": self.drawing.value}
        self.view.send(said, [part.tobytes() for part in parts.values()])

    def _drawn_in_page(self) -> bool:
        return self.alive

    def _layers(self) -> set[str]:
        return {name for name, box in self.shown.items() if box.value}

    def _told(self, lines: list[str]) -> str:
        told = " ".join(line.strip() for line in lines)
        shown = ", ".join(name for name in LAYERS if name in self._layers()) or "points alone"
        slow = f" Slow motion of {self.player}: {self.part}, {self.frozen} is frozen." * bool(
            self.part)
        return (f"The arena: {len(self.arena.real())} real points ({self.arena.settings.points}) "
                f"and {arena.SHOWN} fakes; {told}. Shown: {shown}.{slow} {self._code_in_words()}.")

    def _try(self, action, field: ipywidgets.Text | None = None) -> None:
        """Do `action`, or say why not; the controls, all but `field`, show what is set then."""
        try:
            action()
        except (TypeError, ValueError) as problem:
            self.told = str(problem)
            self._show_settings(field)

    def forget_parts(self) -> None:
        """A half-step that was begun slowly is not gone on with; no message is left."""
        self.parts, self.part, self.player, self.told = iter(()), "", "D", ""

    def _show_settings(self, field: ipywidgets.Text | None = None) -> None:
        """Let all controls, but for the `field` with a slip, show the settings as they are."""
        with self.quietly():
            for name, control in self.controls.items():
                control.value = getattr(self.arena.settings, name)
            if field is not self.code:
                self._show_code()

    def _show_code(self) -> None:
        self.code.value = self._code()

    def _code(self) -> str:
        drawn = self.arena.settings.points == arena.DRAWN
        return "" if drawn else self.arena.settings.code

    def _code_in_words(self) -> str:
        return f"Lesson code {self._code()}" if self._code() else "No lesson code"


def _list(name: str, options, value) -> ipywidgets.Dropdown:
    """Return a list to choose from, so narrow that four stand in a row."""
    return ipywidgets.Dropdown(options=list(options), value=value, description=name,
                               layout={"width": LOSSES if name == NAMES["loss"] else LIST},
                               style={"description_width": LABEL})


def _field(name: str, width: str, read, example: str = "") -> ipywidgets.Text:
    """Return a line to type in; `read()` is called after Enter."""
    made = ipywidgets.Text(description=name, placeholder=example, continuous_update=False,
                           layout={"width": width}, style={"description_width": LABEL})
    made.observe(lambda change: read(), names="value")
    return made
