"""A closed walk through the noise, as an animation to play and to keep as a GIF."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from gan_lib import checks, figures, files, latent
from gan_lib.widgets.tool import Tool, named, player, row

MILLISECONDS = 80  # one frame
WIDTH = 160  # pixels of the screen for one picture


class Walk(Tool):
    """How do fakes turn into each other? Several walks through the noise, played side by side.

    Each of the `pictures` visits `stops` noise vectors and comes back, with `frames` steps
    between two. All frames are made here, so that playing is smooth. `folder` is where the GIF
    goes: `build` in the current folder if None.
    """

    def __init__(self, G: nn.Module, stops: int = 5, frames: int = 12, pictures: int = 4,
                 seed: int = 0, folder: str | Path | None = None):
        checks.generator("G", G)
        checks.whole_number("pictures", pictures)
        self.folder = Path("build" if folder is None else folder)
        self.z = self._walks(G, stops, frames, pictures, seed)
        self.frames = [self._frame(G, z) for z in self.z]
        last = len(self.frames) - 1
        self.play, self.frame = player("Frame", last, MILLISECONDS)
        super().__init__([self.frame, row(self.button("Save GIF", self.press_save),
                                          named(self.play))])
        self.watch(self.frame)

    def picture(self) -> np.ndarray:
        """Return the frame that the slider stands on."""
        return figures.array_of_png(self.frames[self.frame.value])

    def alt(self) -> str:
        """Say which frame is shown."""
        lengths = ", ".join(f"{z.norm():.2f}" for z in self.z[self.frame.value])
        return (f"Frame {self.frame.value + 1} of {len(self.frames)}: {self.z.shape[1]} fakes on "
                f"their walks through the noise; |z| = {lengths}.")

    def save_gif(self) -> Path:
        """Write the animation as `walk.gif`, whole or not at all. Returns its path."""
        self.folder.mkdir(parents=True, exist_ok=True)
        first, *others = [Image.open(io.BytesIO(png)) for png in self.frames]
        gif = io.BytesIO()
        first.save(gif, format="GIF", save_all=True, append_images=others,
                   duration=MILLISECONDS, loop=0)
        return files.write_whole((self.folder / "walk.gif").resolve(), gif.getvalue())

    def press_save(self) -> None:
        """Save the GIF and say where it is, or what went wrong."""
        try:
            path = self.save_gif()
        except OSError as error:  # shown as a message: a callback has no cell
            self.say(f"The GIF was not saved. {type(error).__name__}: {error}")
        else:
            self.say(f"Saved: {path} ({path.stat().st_size / 1000:.0f} kB)")

    def _png(self) -> bytes:
        return self.frames[self.frame.value]  # made before: a tick only sends it

    @staticmethod
    def _walks(G: nn.Module, stops: int, frames: int, pictures: int, seed: int) -> torch.Tensor:
        """Return the noise of every frame: (stops * frames, pictures, z_dim)."""
        z = latent.draw(pictures * stops, G.z_dim, seed).unflatten(0, (pictures, stops))
        return torch.stack([latent.walk(own, frames) for own in z], dim=1)

    @staticmethod
    @torch.no_grad()
    def _frame(G: nn.Module, z: torch.Tensor) -> bytes:
        x = latent.look(G, z)
        return figures.png_of_array(figures.tile(
            x, columns=len(x), scale=max(1, WIDTH // x.shape[-1]), frame=figures.FAKE))
