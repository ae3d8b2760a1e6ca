"""A picture of a game that is redrawn while the game is played."""

from __future__ import annotations

import torch
from IPython.display import display

from gan_lib import figures


class Live:
    """A picture of the game under the cell, redrawn while it is played: `watch=Live()`.

    Fakes of the fixed noise, both losses, and D's judgement. The last picture stays.
    """

    def __init__(self):
        self._handle = None
        # One figure for all redrawings: a new one each time would pile up some 40 MB in 40 s.
        self._figure, self._axes = figures.new(columns=3, width=13, height=4)

    def __call__(self, game) -> None:
        """Redraw for `game` (a `training.Game`)."""
        game.read()
        for axes in self._axes:
            axes.clear()
        left, middle, right = self._axes
        fakes = game.fakes()
        if fakes.dim() == 4:
            figures.draw_images(left, fakes, f"fakes, step {game.steps}", columns=4,
                                frame=figures.FAKE)
        else:
            random = torch.Generator(game.device).manual_seed(0)  # the same points every time
            real = game.samples.batch(300, generator=random)
            noise = torch.randn(300, game.G.z_dim, generator=random, device=game.device)
            figures.draw_points(left, real, game.fakes(noise))
            left.set_title(f"step {game.steps}")
        figures.draw_losses(middle, game.history)
        figures.draw_judgement(right, game.history)
        alt = f"After {game.steps} steps: fakes of the fixed noise. " \
            + figures.history_in_words(game.history)
        data, metadata = figures.bundle_of_png(figures.png_of_figure(self._figure), alt)
        if self._handle is None:
            self._handle = display(data, metadata=metadata, raw=True, display_id=True)
        else:
            self._handle.update(data, metadata=metadata, raw=True)
