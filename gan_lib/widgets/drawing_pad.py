"""A pad to draw on: each drawing that is kept is a real sample of the students' own."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import ipywidgets
import numpy as np
import traitlets

from gan_lib import checks, data, drawings, figures, page
from gan_lib.widgets import page_part
from gan_lib.widgets.tool import BUTTON, FRAME, Tool, card, row

SHOWN = 4       # kept drawings that are seen
MOST_FILES = 200  # that are taken in at a time
HELP = "The mouse, a pen or a finger draws."
NO_PAPER = ("Drawing needs the package anywidget, which is not installed. Draw in any program, and "
            "take its image files in with “Add files”.")


class Paper(page_part.anywidget.AnyWidget if page_part.anywidget else ipywidgets.DOMWidget):
    """The sheet in the page. It shows `ink` and sends strokes; the pad has the last word."""

    _esm = page.script("drawing_pad.js")
    ink = traitlets.Dict().tag(sync=True)

    def __init__(self, pad):
        super().__init__(ink=pad.ink())
        self.on_msg(lambda _, content, buffers: pad.act(lambda: pad.receive(content)))


class DrawingPad(Tool):
    """What shall your GAN learn? Draw it, again and again; "Keep" puts each drawing into `folder`.

    At the right stands what the networks will see, at `size` x `size` pixels. Who does not draw
    chooses image files with "Add files".
    """

    def __init__(self, folder: str | Path = drawings.FOLDER, size: int = 16):
        checks.whole_number("size", size, 8, drawings.SIDE)
        self.folder, self.size = Path(folder), size
        self.strokes: list[drawings.Stroke] = []
        self.heard = 0  # strokes that came from the page
        self.kept: deque = deque(maxlen=SHOWN)
        self.paper = Paper(self) if page_part.anywidget else None
        self.upload = ipywidgets.FileUpload(accept="image/*", multiple=True,
                                            description="Add files", layout={"width": BUTTON})
        self.upload.observe(lambda change: self.act(self.add_files), names="value")
        super().__init__([
            self.paper or ipywidgets.HTML(NO_PAPER),
            row(self.button("Keep", self.press_keep), self.button("Undo", self.undo),
                self.button("Clear", self.clear), self.upload)], beside=True)

    # --- drawing ------------------------------------------------------------------------------

    def stroke(self, points: list[tuple[float, float]]) -> None:
        """Draw a line through points (right, down), each number in [0, 1]."""
        if len(self.strokes) == drawings.MOST_STROKES:
            raise ValueError(f"A drawing has at most {drawings.MOST_STROKES} strokes. Keep it, or "
                             "clear the paper.")
        self.strokes.append(drawings.stroke(points))
        self.refresh()

    def receive(self, content) -> None:
        """Draw the stroke that the page sends; what is no stroke is refused with a sentence."""
        content = content if isinstance(content, dict) else {}
        try:
            self.heard = checks.whole_number("the number of the stroke", content.get("number"))
            self.stroke(content.get("stroke"))
        finally:
            self.paper.ink = self.ink()  # the page forgets what was refused

    def undo(self) -> None:
        """Take the last stroke back."""
        self.strokes = self.strokes[:-1]
        self.refresh()

    def clear(self) -> None:
        """Take a new sheet."""
        self.strokes = []
        self.refresh()

    def keep(self) -> Path:
        """Put the drawing into the folder and take a new sheet. Returns the path of its file."""
        if not self.strokes:
            raise ValueError("The paper is empty. Draw something first.")
        drawn = drawings.picture(self.strokes)
        path = drawings.keep(drawn, self.folder)
        self.kept.append(drawn)
        self.clear()
        return path

    def press_keep(self) -> None:
        """Keep the drawing, or say why that does not work."""
        try:
            self.keep()
        except (ValueError, OSError) as problem:
            self.say(str(problem))

    # --- files --------------------------------------------------------------------------------

    def add_files(self) -> None:
        """Keep the pictures that were chosen, and say which files are none."""
        value = self.upload.value  # ipywidgets 7: a dict of names; 8: a tuple of dicts
        chosen = ([{"name": name, **file} for name, file in value.items()]
                  if isinstance(value, dict) else list(value))
        problems = [f"{len(chosen) - MOST_FILES} files more than {MOST_FILES} at a time"
                    ] if len(chosen) > MOST_FILES else []
        for file in chosen[:MOST_FILES]:
            try:
                drawings.take_in(bytes(file["content"]), self.folder)
            except (ValueError, OSError) as problem:
                problems.append(f"{file['name']}: {problem}")
        self.refresh()
        if problems:
            self.say("Left out: " + " ".join(problems[:3])
                     + (f" And {len(problems) - 3} more." if len(problems) > 3 else ""))

    # --- what is seen -------------------------------------------------------------------------

    def ink(self) -> dict:
        """Return what the page must know: the strokes, and how many of its own came."""
        return {"strokes": [list(map(list, points)) for points in self.strokes],
                "heard": self.heard, "pen": drawings.PEN / drawings.SIDE,
                "words": f"Your drawing, {self._strokes()}. {HELP}"}

    def update(self) -> None:
        """Show the page what is drawn."""
        if self.paper:
            self.paper.ink = self.ink()

    def picture(self) -> np.ndarray:
        """Return the drawing as the networks will see it, and under it the last ones kept."""
        size = self.size
        sheet = [drawings.picture(self.strokes), *reversed(self.kept)]
        x = data.pictures(sheet, size, channels=1, device="cpu").scaled()
        now = card(x[:1], f"{size} x {size} pixels", figures.NEUTRAL)
        scale = max(1, (now.shape[1] // SHOWN - FRAME) // size)
        small = np.full((size * scale + FRAME, now.shape[1], 3), 255, np.uint8)
        if len(x) > 1:
            row_of = figures.tile(x[1:], SHOWN, scale=scale, gap=FRAME // 2, frame=figures.REAL)
            small[:, :row_of.shape[1]] = row_of
        return np.vstack([now, small])

    def caption(self) -> str:
        """Say how many drawings are kept, and where."""
        number = drawings.count(self.folder)
        return f"{number} {'drawing is' if number == 1 else 'drawings are'} kept in {self.folder}."

    def alt(self) -> str:
        """Say what is on the paper, and how many drawings are kept."""
        inked = (drawings.picture(self.strokes) < 128).mean()
        return (f"A drawing of {self._strokes()} at {self.size} x {self.size} pixels, ink on "
                f"{inked:.1%} of the paper; below it the last {len(self.kept)} that were kept. "
                f"{self.caption()}")

    def _strokes(self) -> str:
        return "1 stroke" if len(self.strokes) == 1 else f"{len(self.strokes)} strokes"
