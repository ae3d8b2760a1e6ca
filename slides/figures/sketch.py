"""Drawing as on a board: pictures, boxes, arrows and words, placed in inches."""

from __future__ import annotations

import functools

import torch
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from torch import Tensor

from gan_lib import checkpoints, data, figures, latent, metrics

WIDTH, HEIGHT = 12.0, 5.0  # of a board, in inches; (0, 0) is its lower left corner
LETTERS = 16  # points
NETWORKS = {"D": (figures.NETWORK_D, "-"), "G": (figures.NETWORK_G, "--")}


def board(width: float = WIDTH, height: float = HEIGHT):
    """Return (figure, axes) whose coordinates are inches, without frame and scales."""
    figure, axes = figures.new(width=width, height=height)
    figure.set_layout_engine("none")
    axes.set_position((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    axes.set_autoscale_on(False)
    return figure, axes


def picture(axes, x: Tensor, left: float, bottom: float, side: float, frame: str | None = None,
            name: str = "", line: float = 3) -> None:
    """Draw one picture x (C, H, W), `side` high, in a frame, with its name below."""
    pixels = figures.tile(x.unsqueeze(0), scale=1, gap=0)
    width = side * x.shape[2] / x.shape[1]
    layer = 3 + 0.01 * len(axes.images)  # a later picture, with its frame, covers earlier ones
    axes.imshow(pixels, extent=(left, left + width, bottom, bottom + side), aspect="auto",
                interpolation="nearest", zorder=layer)
    axes.add_patch(Rectangle((left, bottom), width, side, fill=False, linewidth=line, zorder=layer,
                             edgecolor=frame or figures.NEUTRAL))
    if name:
        words(axes, left + width / 2, bottom - 0.07, name, va="top", colour=frame)


def words(axes, x: float, y: float, text: str, size: float = LETTERS, colour: str | None = None,
          ha: str = "center", va: str = "center", **style):
    """Write words at (x, y)."""
    return axes.text(x, y, text, fontsize=size, color=colour or figures.NEUTRAL, ha=ha, va=va,
                     zorder=6, **style)


def network(axes, kind: str, left: float, bottom: float, width: float, height: float,
            text: str = "", size: float = 24) -> None:
    """Draw the network D (purple, solid) or G (green, dashed) as a box."""
    colour, line = NETWORKS[kind]
    box(axes, left, bottom, width, height, text or kind, colour, line, size)


def box(axes, left: float, bottom: float, width: float, height: float, text: str = "",
        colour: str = figures.NEUTRAL, line: str = "-", size: float = LETTERS,
        fill: str = "white") -> None:
    """Draw a box with words inside."""
    axes.add_patch(FancyBboxPatch((left, bottom), width, height, linewidth=3, linestyle=line,
                                  edgecolor=colour, facecolor=fill, zorder=2,
                                  boxstyle="round,pad=0,rounding_size=0.12"))
    words(axes, left + width / 2, bottom + height / 2, text, size, colour, linespacing=1.3)


def arrow(axes, start: tuple[float, float], end: tuple[float, float],
          colour: str = figures.NEUTRAL, line: str = "-", bend: float = 0.0) -> None:
    """Draw an arrow from `start` to `end`."""
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=24, linewidth=2.5,
                                   color=colour, linestyle=line, shrinkA=0, shrinkB=0, zorder=5,
                                   connectionstyle=f"arc3,rad={bend}"))


def column(axes, values, left: float, top: float, width: float = 0.95, step: float = 0.42,
           size: float = LETTERS, bottom_dots: bool = True) -> float:
    """Write numbers one below the other in square brackets; return where the column ends."""
    lines = [f"{value:+.2f}".replace("-", "−") for value in values] + ["⋮"] * bottom_dots
    end = top - step * len(lines)
    for number, line in enumerate(lines):
        words(axes, left + width / 2, top - step * (number + 0.5), line, size)
    for edge, inward in ((left, 0.12), (left + width, -0.12)):
        axes.plot([edge + inward, edge, edge, edge + inward], [top, top, end, end],
                  color=figures.NEUTRAL, linewidth=2.5)
    return end


@functools.cache
def shipped(name: str):
    """Return a network that ships with the course, on the CPU."""
    with torch.random.fork_rng(devices=[]):  # building it draws random weights
        return checkpoints.load(name).cpu()


@functools.cache
def real(name: str, size: int, n: int | None = None):
    """Return real samples in memory, on the CPU."""
    return data.load(name, size=size, n=n, device="cpu")


@torch.no_grad()
def fakes(name: str, n: int, seed: int = 0) -> Tensor:
    """Return n fakes of a shipped generator: (n, C, H, W)."""
    G = shipped(name)
    return torch.cat([G(z) for z in latent.draw(n, G.z_dim, seed).split(64)])


def nearest(x: Tensor, among: data.Images) -> tuple[Tensor, Tensor]:
    """Return the real pictures that are nearest to x (N, ...), and their distances (N,)."""
    index = torch.empty(len(x), dtype=torch.int64)
    best = torch.full((len(x),), torch.inf)
    for start in range(0, len(among), 4096):  # all at once, as floats, would fill the memory
        part = among.scaled(torch.arange(start, min(start + 4096, len(among))))
        found, distance = metrics.nearest(x, part)
        closer = distance < best
        index[closer], best[closer] = found[closer] + start, distance[closer]
    return among.scaled(index), best
