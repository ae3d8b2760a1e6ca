"""What D is, and what it is fed: a CNN or an MLP; real samples and fakes in random order."""

from __future__ import annotations

import torch

from gan_lib import figures, losses, models
from slides.figures import Drawing
from slides.figures.judges import BATCH, STEPS, cards, judge, share_right
from slides.figures.sketch import arrow, board, network, picture, words

FIRST, SHOWN = 24, 9  # the cards shown of all that were shuffled


def _neurons(axes, left: float, bottom: float, top: float, count: int) -> list[float]:
    """Draw a layer of neurons, `count` shown; return their heights."""
    heights = torch.linspace(bottom, top, count).tolist()
    axes.scatter([left] * count, heights, s=170, facecolor="white", edgecolor=figures.NETWORK_D,
                 linewidth=2.5, zorder=4)
    return heights


def _mlp(axes, x: torch.Tensor, bottom: float) -> None:
    """Draw an MLP: one pixel after the other, layers of neurons that are all joined."""
    picture(axes, x, 0.3, bottom + 0.35, 1.2, figures.REAL)
    pixels = x.flatten()[488:498]
    for number, pixel in enumerate(pixels):
        picture(axes, pixel.view(1, 1, 1), 2.3, bottom + 1.76 - 0.2 * number, 0.18, line=1.5)
    words(axes, 2.4, bottom - 0.2, "1,024 pixels", 14)
    arrow(axes, (1.6, bottom + 0.95), (2.15, bottom + 0.95))
    layers = [(2.47, [bottom + 1.76 - 0.38 * number for number in range(5)])]
    for left, count in ((3.7, 5), (4.9, 4), (6.0, 1)):
        low = bottom + 0.15 if count > 1 else bottom + 0.95
        layers.append((left, _neurons(axes, left, low, bottom + 1.75, count)))
    layers[-1] = (6.0, [bottom + 0.95])
    for (x0, before), (x1, after) in zip(layers, layers[1:]):
        for start in before:
            for end in after:
                axes.plot([x0, x1], [start, end], color=figures.NETWORK_D, lw=1, alpha=0.5)


def _cnn(axes, x: torch.Tensor, bottom: float) -> None:
    """Draw a CNN: ever smaller maps, computed by the trained one."""
    picture(axes, x, 0.3, bottom + 0.35, 1.2, figures.REAL)
    arrow(axes, (1.6, bottom + 0.95), (2.15, bottom + 0.95))
    maps = {output.shape[2]: output[0] for _, output in models.stages(judge("CNN"), x[None])
            if output.dim() == 4}
    for side, left, height in ((16, 2.3, 1.0), (8, 3.85, 0.75), (4, 5.1, 0.5)):
        for number in (2, 1, 0):
            one = maps[side][number]
            grey = (one - one.min()) / (one.max() - one.min()).clamp(min=1e-6) * 2 - 1
            picture(axes, grey[None], left + 0.15 * number,
                    bottom + 0.95 - height / 2 + 0.15 * (number - 1), height)
    axes.scatter([6.4], [bottom + 0.95], s=170, facecolor="white", edgecolor=figures.NETWORK_D,
                 linewidth=2.5, zorder=4)
    arrow(axes, (5.98, bottom + 0.95), (6.28, bottom + 0.95))


def mlp_or_cnn() -> Drawing:
    x, y = cards()
    figure, axes = board()
    told = []
    rows = (("MLP", _mlp, 2.75, "each neuron sees every pixel"),
            ("CNN", _cnn, 0.2, "small kernels slide over the picture"))
    for kind, draw, bottom, how in rows:
        draw(axes, x[y == 1][0], bottom)
        share, size = share_right(kind), models.parameters(judge(kind))
        words(axes, 6.75, bottom + 1.6, f"{kind}: {how}", 18, figures.NETWORK_D, ha="left")
        words(axes, 6.75, bottom + 0.65,
              f"{size:,} weights\n{share:.0%} of {len(x)} new cards right\n"
              f"after {STEPS} steps of training", 18, ha="left", linespacing=1.5)
        told.append(f"the {kind}, where {how}, has {size:,} weights and judges {share:.0%} of "
                    f"{len(x)} new cards rightly")
    return Drawing(figure, "Two kinds of discriminator, each trained for "
                           f"{STEPS} steps of {BATCH} real digits and {BATCH} fakes: "
                           f"{'; '.join(told)}.")


def random_feed() -> Drawing:
    x, y = (part[FIRST:FIRST + SHOWN] for part in cards())
    p = judge("CNN").probability(x)
    each = losses.bce_from_probability(p, y)
    figure, axes = board()
    told = []
    for height, name in ((2.12, "label y"), (1.55, "D(x)"), (0.98, "BCE")):
        words(axes, 0.1, height, name, 18, ha="left",
              colour=figures.NETWORK_D if name == "D(x)" else None)
    for number, (card, label, says, cost) in enumerate(zip(x, y, p, each)):
        left = 1.35 + 1.18 * number
        name, colour = (("real", figures.REAL), ("fake", figures.FAKE))[int(label == 0)]
        picture(axes, card, left, 3.1, 1.0, colour, name)
        words(axes, left + 0.5, 2.12, f"{label:.0f}", 18, colour)
        words(axes, left + 0.5, 1.55, f"{says:.2f}", 18, figures.NETWORK_D)
        words(axes, left + 0.5, 0.98, f"{cost:.2f}", 18)
        told.append(f"{name} {says:.2f}")
    axes.plot([11.85, 0.6], [4.5, 4.5], color=figures.NEUTRAL)
    arrow(axes, (0.6, 4.5), (0.6, 4.12))
    words(axes, 6.5, 4.75, "to D, in random order; D does not see the frames", 16)
    mean = each.mean().item()
    words(axes, 6.5, 0.35, f"mean BCE of these {len(x)} cards: {mean:.2f}      "
                           "(a D that always says ½: 0.69)", 18)
    network(axes, "D", 0.15, 3.15, 0.9, 0.9)
    return Drawing(figure, f"{len(x)} cards in random order, real and fake, and D(x) for each: "
                           f"{', '.join(told)}. Their mean binary cross entropy is {mean:.2f}.")


FIGURES = {make.__name__: make for make in (mlp_or_cnn, random_feed)}
