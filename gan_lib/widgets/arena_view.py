"""How the arena looks: the page draws it (page/arena.js), and the kernel for those without one."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from gan_lib import arena, figures, page
from gan_lib.widgets.playing import Listener
from gan_lib.widgets.tool import lay_out_once

PARTS = ("draw z", "G", "D", "loss", "gradient", "update")  # of a half-step, in this order
CURVE = 300       # turns whose losses are shown
LONGEST = 0.35    # of an arrow, in the plane's numbers
FROZEN = "#767676"  # of a frozen network
LAYERS = ("D's field", "G's grid", "Pushes")
BELIEF = LinearSegmentedColormap.from_list("belief", ["#ffffff", figures.NETWORK_D])
FROZEN_BELIEF = LinearSegmentedColormap.from_list("frozen", ["#ffffff", FROZEN])


class View(Listener):
    """The picture in the page. The kernel sends what is to be seen when the page asks for it."""

    _esm = page.script("arena.js")


def frame(played: arena.Arena, shown: set[str]) -> dict[str, np.ndarray]:
    """Return what the page draws, float32: points, and of `shown` the layers; the losses."""
    history, nothing = played.game.history, torch.empty(0)
    parts = {"real": played.real(), "fake": played.fakes(),
             "field": played.field() if LAYERS[0] in shown else nothing,
             "warp": played.warp() if LAYERS[1] in shown else nothing,
             "pushes": arrows(played.pushes()) if LAYERS[2] in shown else nothing,
             "loss_D": torch.tensor(history.loss_D[-CURVE:]),
             "loss_G": torch.tensor(history.loss_G[-CURVE:])}
    return {name: part.float().cpu().numpy() for name, part in parts.items()}


def arrows(pushes: torch.Tensor) -> torch.Tensor:
    """Return pushes (N, 2) as arrows (N, 2): their direction, and a length below LONGEST."""
    length = pushes.norm(dim=1, keepdim=True)
    return LONGEST * pushes / length.clamp(min=1e-12) * length.tanh()


class KernelPicture:
    """The arena as a matplotlib figure that is kept: only what has changed is drawn anew."""

    def __init__(self, played: arena.Arena, lines: list[str]):
        self.figure, (self.axes, self.side) = figures.new(columns=2, width=13, height=6.4)
        self.axes.get_gridspec().set_width_ratios((1.3, 1))
        limits = 2 * (-arena.LIMIT, arena.LIMIT)
        self.field = self.axes.imshow(np.zeros((2, 2)), origin="lower", cmap=BELIEF, vmin=0,
                                      vmax=1, alpha=0.6, extent=limits, interpolation="bilinear")
        self.grid = self.axes.add_collection(LineCollection([], linewidths=0.7, zorder=2))
        self.arrows = self.axes.add_collection(
            LineCollection([], linewidths=1.2, colors=figures.NETWORK_G, zorder=2))
        figures.draw_points(self.axes, played.real(), played.fakes(), limit=arena.LIMIT)
        self.real, self.fake = self.axes.collections[-2:]
        self.axes.set(xlabel="", ylabel="")
        self.curves = [self.side.plot([], [], color=colour, linestyle=line, label=name)[0]
                       for name, colour, line in (("loss of D", figures.NETWORK_D, "-"),
                                                  ("loss of G", figures.NETWORK_G, "--"))]
        self.side.set(xlabel="the last turns", ylabel="loss", ylim=(0, 2))
        self.side.legend(loc="upper right")
        self.side.set_title("\n".join(lines), loc="left")
        lay_out_once(self.figure)

    def draw(self, parts: dict[str, np.ndarray], lines: list[str], frozen: str) -> Figure:
        """Bring the figure to what `parts` (from `frame`) say; the `frozen` network is grey."""
        fake, grid = parts["fake"], parts["warp"]
        for points, places in ((self.real, parts["real"]), (self.fake, fake)):
            points.set_offsets(places)
        self.field.set_visible(len(parts["field"]) > 0)
        if self.field.get_visible():
            self.field.set_data(parts["field"])
            self.field.set_cmap(FROZEN_BELIEF if frozen == "D" else BELIEF)
        self.grid.set_segments([*grid, *np.swapaxes(grid, 0, 1)] if len(grid) else [])
        self.grid.set_color(FROZEN if frozen == "G" else figures.NETWORK_G)
        self.arrows.set_segments(np.stack([fake, fake + parts["pushes"]], axis=1)
                                 if len(parts["pushes"]) else [])
        for curve, name in zip(self.curves, ("loss_D", "loss_G")):
            curve.set_data(np.arange(len(parts[name])), parts[name])
        losses = np.concatenate([parts["loss_D"], parts["loss_G"], [0.0, 2.0]])
        self.side.set(xlim=(0, max(len(parts["loss_D"]) - 1, 1)),
                      ylim=(losses.min(), losses.max()))
        self.side.set_title("\n".join(lines), loc="left")
        return self.figure
