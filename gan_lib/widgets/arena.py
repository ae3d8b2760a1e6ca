"""The arena: G and D play in the plane, and everything can be changed while they do.

After GAN Lab (Kahng et al., 2018). The kernel plays, the page draws.
"""

from __future__ import annotations

import html

import torch
from matplotlib.figure import Figure

from gan_lib import arena, data, plane
from gan_lib.arena import Arena, Settings
from gan_lib.widgets import game_tool, page_part
from gan_lib.widgets.arena_view import LAYERS, PARTS, KernelPicture, View, frame
from gan_lib.widgets.tool import row, tick_box

NAMES = {"points": "Real points", **game_tool.NAMES, "noise": "Noise",
         "layers": "Layers", "width": "Neurons", "z_dim": "Length of z"}


class ArenaTool(game_tool.GameTool):
    """Play the game of G and D in the plane: press Play, change anything, look what becomes of it.

    `settings` or a lesson `code` say with what it begins. Every control has a method: those of
    `GameTool`, and `draw`, `type_points`, `clear`.
    """

    def __init__(self, settings: Settings | None = None, code: str = ""):
        self.arena = Arena(Settings.from_code(code) if code else settings)
        self.alive, self.asked = False, False  # the page draws; it waits for a picture
        self.stroke_points = torch.empty(0, 2, device="cpu")
        self.kernel_picture: KernelPicture | None = None
        self.typed = game_tool.field("Type points", "270px", lambda: self.act(self.type_points),
                                     "0 0, 1 -0.5, 2 1")
        self.shown = {name: tick_box(name) for name in LAYERS}
        self.drawing = tick_box("Draw points")
        for box in (*self.shown.values(), self.drawing):
            box.layout = {"width": "114px", "margin": "2px 0 2px 4px"}
        for box in self.shown.values():
            box.value = True
        self.listener = View(self) if page_part.anywidget else None
        clear = self.button("Clear", self.clear)
        clear.layout.width, self.drawing.layout.width = "80px", "140px"
        drawing = [self.drawing] * (self.listener is not None)
        super().__init__(self.arena, NAMES,
                         [row(self.typed, clear, *drawing, *self.shown.values())])
        self.watch(*self.shown.values(), self.drawing)
        if self.listener:
            self.box.children += (self.listener,)

    # --- points of one's own ------------------------------------------------------------------

    def options(self, name: str) -> tuple:
        """Return what the list of this setting offers: to the points belongs the drawing."""
        return super().options(name) + (arena.DRAWN,) * (name == "points")

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
            self.attempt(lambda: self.draw(plane.typed(self.typed.value, arena.LIMIT)), self.typed)

    def clear(self) -> None:
        """Take a new sheet: the next stroke begins a new drawing."""
        self.stroke_points = self.stroke_points[:0]
        self.typed.value = ""
        self.told = "The next points that you draw or type begin anew."
        self.refresh()

    # --- what is seen -------------------------------------------------------------------------

    def hear(self, content: dict) -> None:
        """The page asks for a picture, says that the last one is seen, sends a stroke, or ends."""
        super().hear(content)
        if content.get("wants") == "nothing":
            return None
        if "stroke" in content:
            return self.attempt(lambda: self.spray(content["stroke"]))
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

    def picture(self) -> Figure:
        """Return the kernel's own picture, for where the page does not draw."""
        lines = self.lines()
        self.kernel_picture = self.kernel_picture or KernelPicture(self.arena, lines)
        return self.kernel_picture.draw(frame(self.arena, self._layers()), lines, self.frozen)

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
        self.listener.send(said, [part.tobytes() for part in parts.values()])

    def _drawn_in_page(self) -> bool:
        return self.alive

    def _layers(self) -> set[str]:
        return {name for name, box in self.shown.items() if box.value}

    def _told(self, lines: list[str]) -> str:
        told = " ".join(line.strip() for line in lines)
        shown = ", ".join(name for name in LAYERS if name in self._layers()) or "points alone"
        return (f"The arena: {len(self.arena.real())} real points ({self.arena.settings.points}) "
                f"and {arena.SHOWN} fakes; {told}. Shown: {shown}.{self.slow_in_words()} "
                f"{self.code_in_words()}.")

    def _code(self) -> str:
        return "" if self.arena.settings.points == arena.DRAWN else super()._code()
