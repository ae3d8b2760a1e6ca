"""What the live slides in which networks run or learn show at their start."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.patches import Rectangle
from torch import Tensor

from gan_lib import checkpoints, data, figures, inpainting, latent, metrics
from gan_lib.widgets.arena_view import BELIEF
from slides.figures import Drawing
from slides.live import trained

FRAME = 4  # pixels


def live_game() -> Drawing:
    """Return the ring's points, the fakes of an untrained G and the field of an untrained D."""
    start, (D, G) = trained.game(), trained.point_networks(2)
    ring, limit = data.load("ring"), start["limit"]
    fakes, side = G(torch.tensor(start["z"])).detach(), start["side"]
    across = limit * (2 * (torch.arange(side) + 0.5) / side - 1)
    y, x = torch.meshgrid(across, across, indexing="ij")
    field = D.probability(torch.stack([x, y], 2).flatten(0, 1)).view(side, side)
    figure, axes = figures.new(width=12, height=5.4)
    axes.imshow(field.numpy(), origin="lower", cmap=BELIEF, vmin=0, vmax=1, alpha=0.6,
                extent=(-limit, limit, -limit, limit))
    figures.draw_points(axes, ring.scaled()[:len(fakes)], fakes, limit=limit)
    axes.get_legend().set_loc("center left")
    axes.get_legend().set_bbox_to_anchor((1.02, 0.5))
    hits = metrics.modes_hit(fakes, ring.centres, start["near"])
    return Drawing(figure, "Real points in a ring of eight modes, and the fakes of an untrained G: "
                           f"they hit {hits} modes. D's probability of real, the background, lies "
                           f"between {field.min():.2f} and {field.max():.2f}.")


def live_scrub_digits() -> Drawing:
    """Return the digit of the first z, and its numbers as bars."""
    z = torch.tensor([trained.scrub_digits()["z"]])
    return _scrubbed("digits", z, "digit", [f"z[{i}]" for i in range(trained.SLIDERS)])


def live_scrub_faces() -> Drawing:
    """Return the face of the first z, and its numbers as bars."""
    start = trained.scrub_faces()
    return _scrubbed("faces64", torch.tensor([start["z"]]), "face", start["names"])


def _scrubbed(name: str, z: Tensor, what: str, sliders: list[str]) -> Drawing:
    x = _look(name, z)
    figure, (left, right) = figures.new(columns=2, width=12, height=4.8)
    figures.draw_images(left, x, columns=1, frame=figures.FAKE)
    right.bar(range(z.shape[1]), z[0].numpy(), color=figures.NEUTRAL)
    right.axhline(0, color=figures.NEUTRAL, linewidth=1)
    right.set(title=f"z: {z.shape[1]} numbers", xticks=[], xlabel="sliders: " + ", ".join(sliders))
    return Drawing(figure, f"A fake {what} of {x.shape[2]} by {x.shape[3]} pixels, and the "
                           f"{z.shape[1]} numbers of its z, from {z.min():.2f} to {z.max():.2f}. "
                           f"The sliders: {', '.join(sliders)}.")


def live_walk() -> Drawing:
    """Return the first faces of the four walks."""
    walks = torch.tensor(trained.walk()["walks"])
    x = _look("faces64", walks[:, 0])
    frames = trained.STEPS * trained.STOPS
    return Drawing(_row(x), f"{len(x)} fake faces of 64 by 64 pixels: the first of {frames} frames "
                            "of each face's walk through the noise.")


def live_growing() -> Drawing:
    """Return the first face of the walk in all sizes."""
    x = _look("faces64", torch.tensor(trained.growing()["stops"])[:1])
    pooled = [torch.nn.functional.avg_pool2d(x, 64 // size) for size in trained.SIZES]
    figure, axes = figures.new(columns=len(pooled), width=12, height=3.6)
    for place, picture in zip(axes, pooled):
        size = picture.shape[-1]
        place.imshow(figures.tile(picture, scale=256 // size, gap=FRAME, frame=figures.FAKE))
        place.set(xlabel=f"{size} × {size} pixels", xticks=[], yticks=[])
        place.spines[:].set_visible(False)
    return Drawing(figure, "The same fake face with 8, 16, 32 and 64 pixels a side: each but the "
                           "last is the mean of the next one's pixels.")


def live_corners() -> Drawing:
    """Return the four corners, and the face of the point in the middle."""
    z = torch.tensor(trained.corners()["corners"])
    corners = _look("faces64", z)
    middle = latent.slerp(latent.slerp(z[0], z[2], 0.5), latent.slerp(z[1], z[3], 0.5), 0.5)
    field = np.full((420, 420, 3), 255, np.uint8)
    for i, picture in enumerate(corners.split(1)):
        card = figures.tile(picture, scale=2, gap=FRAME, frame=figures.FAKE)
        row, column = (place * (420 - len(card)) for place in divmod(i, 2))
        field[row:row + len(card), column:column + len(card)] = card
    figure, (left, right) = figures.new(columns=2, width=12, height=5)
    left.imshow(field)
    left.plot([210], [210], "o", color="white", markeredgecolor="black", markersize=16,
              markeredgewidth=3)
    left.set_axis_off()
    figures.draw_images(right, _look("faces64", middle[None]), columns=1, frame=figures.FAKE)
    return Drawing(figure, "Four fake faces in the corners of a square, a point in its middle, "
                           "and beside it the fake face of the point: 50 % of the way to the right "
                           "and 50 % of the way down.")


def live_occluder() -> Drawing:
    """Return a covered real face, the fake of the first z, and the face filled with it."""
    start = trained.occluder()
    x, fake = data.to_float(trained.hidden_faces()[:1]), _look("faces", torch.tensor([start["z"]]))
    box = start["box"]
    hidden = inpainting.box(32, **box)
    error = inpainting.visible_error(fake, x, hidden).item()
    shown = ((inpainting.occlude(x, hidden), "real, covered", figures.REAL),
             (fake, "G(z), fake", figures.FAKE),
             (inpainting.paste(x, fake, hidden), "filled", figures.FAKE))
    figure, axes = figures.new(columns=3, width=12, height=4.8)
    for place, (picture, words, colour) in zip(axes, shown):
        place.imshow(figures.tile(picture, scale=8, gap=FRAME, frame=colour))
        place.set(xlabel=words, xticks=[], yticks=[])
        place.spines[:].set_visible(False)
    for place in (axes[0], axes[2]):
        place.add_patch(Rectangle((FRAME + 8 * box["left"], FRAME + 8 * box["top"]),
                                  8 * box["width"], 8 * box["height"], fill=False, linewidth=2,
                                  edgecolor="black", linestyle="--"))
    axes[1].set_title(f"visible error {error:.3f}")
    return Drawing(figure, f"A real face under a box of {box['width']} by {box['height']} pixels; "
                           f"the fake of a z drawn at random, with a visible error of {error:.3f}; "
                           "the face with the box filled from this fake.")


@torch.no_grad()
def _look(name: str, z: Tensor) -> Tensor:
    return latent.look(checkpoints.load(name), z).cpu()


def _row(x: Tensor) -> np.ndarray:
    """Return pictures side by side, with room between them."""
    space = np.full((256 + 2 * FRAME, 12, 3), 255, np.uint8)
    cards = [figures.tile(picture, scale=256 // x.shape[-1], gap=FRAME, frame=figures.FAKE)
             for picture in x.split(1)]
    return np.hstack([part for card in cards for part in (card, space)][:-1])


FIGURES = {function.__name__: function for function in (
    live_game, live_scrub_digits, live_scrub_faces, live_walk, live_growing, live_corners,
    live_occluder)}
