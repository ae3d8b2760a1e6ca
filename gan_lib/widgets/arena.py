"""The arena: G and D play in the plane, and everything can be changed while they do.

After GAN Lab (Kahng et al., 2018). The kernel plays, the page draws.
"""

from __future__ import annotations

import time

import ipywidgets
import numpy as np
import torch
from matplotlib.figure import Figure

from gan_lib import arena, data, figures, page, training
from gan_lib.arena import CHOICES, Arena, Settings
from gan_lib.training import LossNotFinite
from gan_lib.widgets import page_part
from gan_lib.widgets.tool import choice, named, row, tick_box
from gan_lib.widgets.two_players import TwoPlayers

TICKS, REST = 10**6, 20    # of the player; milliseconds between the end of a tick and the next
WORK = 0.06                # seconds that a tick plays, so that the kernel hears other messages
KEEP_EVERY = 2.0           # seconds between two states to which a broken game can go back
CURVE = 300                # turns whose losses are shown
NAMES = {"points": "Real points", "loss": "Loss", "lr_D": "Rate of D", "lr_G": "Rate of G",
         "d_steps": "Steps of D", "r1": "R1", "momentum": "Momentum",
         "layers": "Hidden layers", "width": "Neurons each", "z_dim": "Length of z",
         "noise": "Noise"}


class View(page_part.anywidget.AnyWidget if page_part.anywidget else ipywidgets.DOMWidget):
    """The picture in the page. The kernel sends what is to be seen when the page asks for it."""

    _esm = page.script("arena.js")

    def __init__(self, tool):
        super().__init__()
        self.on_msg(lambda _, content, buffers: tool.act(lambda: tool.hear(content)))


class ArenaTool(TwoPlayers):
    """Play the game of G and D in the plane: press ▶, change anything, look what becomes of it.

    `settings` or a lesson `code` say with what it begins. Every control has a method: `tick`,
    `step`, `step_D`, `step_G`, `slowly`, `change`, `reset`, `take_code`, `draw`.
    """

    def __init__(self, settings: Settings | None = None, code: str = ""):
        self.arena = Arena(Settings.from_code(code) if code else settings)
        self.alive, self.asked = False, False  # the page draws; it waits for a picture
        self.parts, self.told = iter(()), ""
        self._keep()
        self.play = self.ticks(TICKS, REST, self.tick)
        now = self.arena.settings
        self.controls = {name: choice(words, list(CHOICES[name]), getattr(now, name))
                         for name, words in NAMES.items()}
        self.controls["points"].options = [*CHOICES["points"], arena.DRAWN]
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self.act(
                lambda: self.choose(name, change["new"])), names="value")
        self.code = ipywidgets.Text(description="Lesson code", continuous_update=False,
                                    layout={"width": "360px"}, style={"description_width": "150px"})
        self.code.observe(lambda change: self.act(self.take_code), names="value")
        self.shown = {name: tick_box(name) for name in ("D's field", "G's grid", "Pushes")}
        for box in self.shown.values():
            box.value = True
            box.observe(self.refresh, names="value")
        self.view = View(self) if page_part.anywidget else None
        super().__init__([
            row(named(self.play), self.button("Step both", self.step),
                self.button("Step D", self.step_D), self.button("Step G", self.step_G),
                self.button("Part of D's step", lambda: self.slowly("D")),
                self.button("Part of G's step", lambda: self.slowly("G")),
                self.button("Reset", self.reset), self.button("New seed", self.new_seed)),
            row(*self.controls.values()), row(self.code, *self.shown.values())])
        if self.view:
            self.box.children += (self.view,)
        self._show_code()

    # --- playing ------------------------------------------------------------------------------

    def tick(self, seconds: float = WORK) -> None:
        """Play for some seconds, at least one turn, and show it."""
        end = time.monotonic() + seconds

        def turns():
            while self._played(self.arena.step) and time.monotonic() < end:
                pass
        self.move("some turns", turns)

    def step(self) -> None:
        """One step of D (or more, as is set), then one of G."""
        self.move("step D, step G", lambda: self._played(self.arena.step))

    def step_D(self) -> None:
        """Freeze G and move D one step."""
        self.move("step D, G frozen", lambda: self._played(self.arena.game.step_D))

    def step_G(self) -> None:
        """Freeze D and move G one step."""
        self.move("step G, D frozen", lambda: self._played(self.arena.game.step_G))

    def weights(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return all weights of D and all of G: two vectors, float32."""
        return training.weights(self.arena.game.D), training.weights(self.arena.game.G)

    def slowly(self, player: str) -> None:
        """Do the next part of a half-step of "D" or "G", and say what it gave."""
        part = next(self.parts, None)
        if part is None or self.player != player:
            self.player, self.parts = player, self.arena.slowly(player)
            part = next(self.parts)
        self.told = f"{part[0]}: {part[1]}"
        self.refresh()

    def reset(self) -> None:
        """Begin again with the same untrained networks."""
        with self.busy:
            self.arena.reset()
            self._fresh()
        self.refresh()

    def new_seed(self) -> None:
        """Begin again with other untrained networks."""
        self.change(seed=(self.arena.settings.seed + 1) % len(CHOICES["seed"]))

    # --- settings -----------------------------------------------------------------------------

    def change(self, **new) -> None:
        """Give new settings; what is no choice is refused with a sentence."""
        with self.busy:
            self.arena.change(**new)
            self._fresh()
        self._show_settings()

    def choose(self, name: str, value) -> None:
        """Take what was chosen in a list, or say why not; the list shows what is set then."""
        if value == getattr(self.arena.settings, name):
            return
        try:
            self.change(**{name: value})
        except (TypeError, ValueError) as problem:
            self._show_settings()
            self.say(str(problem))

    def take_code(self) -> None:
        """Play the game of the lesson code that was typed in."""
        try:
            settings = Settings.from_code(self.code.value)
        except ValueError as problem:
            return self.say(str(problem))
        if settings != self.arena.settings:
            with self.busy:
                self.arena.settings = settings
                self.arena.reset()
                self._fresh()
        self._show_settings()

    def draw(self, xy) -> None:
        """Play with real points of one's own: anything that `data.points` takes."""
        with self.busy:
            self.arena.draw(data.points(xy, name=arena.DRAWN))
        self._show_settings()

    # --- what is seen -------------------------------------------------------------------------

    def hear(self, content: dict) -> None:
        """The page asks for a picture, or says that the last one is seen."""
        first, self.alive, self.asked = not self.alive, True, True
        if first or content.get("wants") == "picture":
            self._send()

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
        told = " ".join(line.strip() for line in self.lines())
        shown = ", ".join(name for name, box in self.shown.items() if box.value) or "points alone"
        return (f"The arena: {len(self.arena.real())} real points ({self.arena.settings.points}) "
                f"and {arena.SHOWN} fakes; {told}. Shown: {shown}. {self._code_in_words()}.")

    def caption(self) -> str:
        """Say what the last part of the slow motion gave."""
        return self.told

    def picture(self) -> Figure:
        """Return the kernel's own picture, for where the page does not draw."""
        figure, axes = figures.new(width=8, height=7)
        frame = self._frame()
        if len(frame["field"]):
            axes.imshow(frame["field"], origin="lower", cmap="Purples", vmin=0, vmax=1.5,
                        extent=2 * (-arena.LIMIT, arena.LIMIT), interpolation="bilinear")
        figures.draw_points(axes, self.arena.real(), self.arena.fakes(), limit=arena.LIMIT)
        if len(frame["warp"]):
            for line in [*frame["warp"], *np.swapaxes(frame["warp"], 0, 1)]:
                axes.plot(*line.T, color=figures.NETWORK_G, linewidth=0.7)
        if len(frame["pushes"]):
            axes.quiver(*frame["fake"].T, *frame["pushes"].T, color=figures.NETWORK_G, width=0.003)
        axes.set_title("\n".join(self.lines()), loc="left")
        return figure

    # --- inside -------------------------------------------------------------------------------

    def _frame(self) -> dict[str, np.ndarray]:
        history, nothing = self.arena.game.history, torch.empty(0)
        on = {name: box.value for name, box in self.shown.items()}
        parts = {"real": self.arena.real(), "fake": self.arena.fakes(),
                 "field": self.arena.field() if on["D's field"] else nothing,
                 "warp": self.arena.warp() if on["G's grid"] else nothing,
                 "pushes": self.arena.pushes() if on["Pushes"] else nothing,
                 "loss_D": torch.tensor(history.loss_D[-CURVE:]),
                 "loss_G": torch.tensor(history.loss_G[-CURVE:])}
        return {name: part.float().cpu().numpy() for name, part in parts.items()}

    def _send(self) -> None:
        self.asked = False
        self.view.send({"lines": self.lines(), "alt": self.alt()},
                       [np.ascontiguousarray(part).tobytes() for part in self._frame().values()])

    def _draw(self, whole: bool = False) -> None:
        if self.alive and not whole:
            self.message.value = self.caption()
            if self.asked:
                self._send()
        else:
            super()._draw(whole)

    def _drawn_in_page(self) -> bool:
        return self.alive

    def _played(self, action) -> bool:
        """Do `action` and return True; if a loss is not finite, go back, say so, return False."""
        try:
            action()
        except LossNotFinite as problem:
            self.play.value = 0
            self.arena.game.load_state(self._good)
            self.told = f"{problem} The arena went back to turn {self.arena.game.steps}."
            return False
        if time.monotonic() - self._kept > KEEP_EVERY:
            self._keep()
        return True

    def _keep(self) -> None:
        self._good, self._kept = self.arena.game.state(), time.monotonic()

    def _fresh(self) -> None:
        self.parts, self.told = iter(()), ""
        self.forget()
        self._keep()

    def _show_settings(self) -> None:
        """Let all controls show the settings as they are."""
        with self.quietly():
            for name, control in self.controls.items():
                control.value = getattr(self.arena.settings, name)
            self._show_code()

    def _show_code(self) -> None:
        self.code.value = self._code()

    def _code(self) -> str:
        drawn = self.arena.settings.points == arena.DRAWN
        return "" if drawn else self.arena.settings.code

    def _code_in_words(self) -> str:
        return f"Lesson code {self._code()}" if self._code() else "No lesson code"
