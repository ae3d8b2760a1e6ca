"""The two networks as a teacher draws them on a board; every picture is computed by a network."""

from __future__ import annotations

import torch

from gan_lib import figures, latent, models
from slides.figures import Drawing
from slides.figures.judges import judge, typical
from slides.figures.sketch import (
    arrow,
    board,
    column,
    fakes,
    network,
    picture,
    shipped,
    words,
)

SEED = 11


@torch.no_grad()
def _stages() -> tuple[torch.Tensor, dict[int, torch.Tensor]]:
    """Return a noise vector and what G makes of it: {side in px: maps (C, side, side)}."""
    G = shipped("digits")
    z = latent.draw(1, G.z_dim, SEED)
    found = {}
    for _, output in models.stages(G, z):
        if output.dim() == 4:
            found[output.shape[2]] = output[0]
    return z[0], found


def _maps(axes, maps: torch.Tensor, left: float, bottom: float, side: float, shown: int = 4,
          shift: float = 0.17) -> None:
    """Draw the liveliest maps (C, H, W) as a stack of sheets, and how many there are."""
    order = maps.flatten(1).std(1).argsort(descending=True)[:shown]
    for number, one in reversed(list(enumerate(maps[order]))):
        grey = (one - one.min()) / (one.max() - one.min()).clamp(min=1e-6) * 2 - 1
        picture(axes, grey.unsqueeze(0), left + number * shift, bottom + number * shift, side)
    height = f"{len(maps)} maps\nof {maps.shape[1]} × {maps.shape[2]}"
    words(axes, left + (side + (shown - 1) * shift) / 2, bottom - 0.1, height, va="top")


def _bell(axes, z: torch.Tensor, left: float, bottom: float, width: float, height: float) -> None:
    """Draw the bell curve that the numbers of z come from, and each number as a tick on it."""
    at = torch.linspace(-3, 3, 121)
    axes.plot(left + (at + 3) / 6 * width, bottom + height * torch.exp(-at.square() / 2),
              color=figures.NEUTRAL)
    for number in z.clamp(-3, 3):
        place = left + (number + 3) / 6 * width
        axes.plot([place, place], [bottom - 0.14, bottom + 0.06], color=figures.NEUTRAL, lw=2)
    for number in (-3, 0, 3):
        words(axes, left + (number + 3) / 6 * width, bottom - 0.36,
              str(number).replace("-", "−"), 14)


def _noise(axes) -> tuple[torch.Tensor, dict[int, torch.Tensor], str]:
    z, maps = _stages()
    _bell(axes, z, 0.25, 2.45, 1.9, 1.1)
    words(axes, 1.2, 1.55, f"{len(z)} numbers,\ndrawn at random")
    arrow(axes, (2.25, 2.75), (2.75, 2.75))
    column(axes, z[:8].tolist(), 2.85, 4.45)
    words(axes, 3.32, 4.72, "z", 22)
    words(axes, 3.32, 0.42, "noise vector")
    listed = ", ".join(f"{value:.2f}" for value in z[:3])
    return z, maps, (f"A noise vector z of {len(z)} numbers, drawn at random from a bell curve, as "
                     f"a column: {listed} and so on.")


def _up_convolution(axes, maps: dict[int, torch.Tensor]) -> str:
    arrow(axes, (3.95, 2.75), (4.65, 2.75), figures.NETWORK_G)
    _maps(axes, maps[8], 4.8, 2.05, 0.95)
    arrow(axes, (6.4, 2.75), (7.0, 2.75), figures.NETWORK_G)
    _maps(axes, maps[16], 7.15, 1.75, 1.45)
    network(axes, "G", 4.4, 0.55, 4.95, 4.1, " ")
    words(axes, 4.75, 4.3, "G", 26, figures.NETWORK_G, weight="bold")
    words(axes, 7.2, 4.3, "up-convolve, with learnt kernels", 16, figures.NETWORK_G)
    return (f"The generator G, a dashed green box, turns it into {len(maps[8])} feature maps of "
            f"8 by 8, and up-convolves these into {len(maps[16])} maps of 16 by 16; four of each "
            "are shown.")


def board_noise() -> Drawing:
    figure, axes = board()
    *_, told = _noise(axes)
    return Drawing(figure, told)


def board_upconvolution() -> Drawing:
    figure, axes = board()
    _, maps, told = _noise(axes)
    return Drawing(figure, f"{told} {_up_convolution(axes, maps)}")


def board_picture() -> Drawing:
    figure, axes = board()
    _, maps, told = _noise(axes)
    told = f"{told} {_up_convolution(axes, maps)}"
    arrow(axes, (9.4, 2.75), (9.9, 2.75), figures.NETWORK_G)
    x = maps[32]
    picture(axes, x, 10.0, 2.0, 1.75, figures.FAKE, "fake x = G(z)\n32 × 32")
    words(axes, 10.87, 0.74, "new z, new fake", 14)
    for number, other in enumerate(fakes("digits", 3, seed=2)):
        picture(axes, other, 10.0 + 0.62 * number, 0.04, 0.5, figures.FAKE)
    return Drawing(figure, f"{told} The last step gives one picture of 32 by 32 pixels, a digit: "
                           "the fake x = G(z). Three other noise vectors give three other digits.")


def _sigmoid(axes, logits, left: float, bottom: float, width: float, height: float) -> None:
    """Draw the sigmoid from -6 to 6, and on it the logits of a real sample and of a fake."""
    at = torch.linspace(-6, 6, 121)

    def place(logit):
        return left + (logit + 6) / 12 * width, bottom + height * torch.sigmoid(logit)
    axes.plot([left, left + width], [bottom, bottom], color=figures.NEUTRAL, lw=1)
    axes.plot([left + width / 2] * 2, [bottom, bottom + height], color=figures.NEUTRAL, lw=1,
              linestyle=":")
    axes.plot(*place(at), color=figures.NETWORK_D)
    for logit, colour, marker in zip(logits, (figures.REAL, figures.FAKE), "oX"):
        axes.plot(*place(logit.clamp(-6, 6)), marker, color=colour, markersize=14, zorder=6)
    words(axes, left + width / 2, bottom + height + 0.28, "sigmoid", 16, figures.NETWORK_D)
    for number in (-6, 0, 6):
        words(axes, place(torch.tensor(float(number)))[0], bottom - 0.22,
              str(number).replace("-", "−"), 14)
    for level in (0, 1):
        words(axes, left - 0.1, bottom + height * level, str(level), 14, ha="right")


def board_discriminator() -> Drawing:
    D, pair = judge("CNN"), typical("CNN")
    with torch.no_grad():
        logits = D(pair)
    figure, axes = board()
    network(axes, "D", 1.95, 0.1, 4.2, 4.75, " ")
    words(axes, 2.3, 4.5, "D", 26, figures.NETWORK_D, weight="bold")
    words(axes, 4.3, 4.5, "a binary classifier, here a CNN", 16, figures.NETWORK_D)
    rows = zip(pair, logits, (2.62, 0.4), ("real", "fake"), (figures.REAL, figures.FAKE))
    told = []
    for one, logit, bottom, name, colour in rows:
        picture(axes, one, 0.2, bottom + 0.2, 1.25, colour, name)
        arrow(axes, (1.52, bottom + 0.8), (1.93, bottom + 0.8))
        maps = {output.shape[2]: output[0] for _, output in models.stages(D, one.unsqueeze(0))
                if output.dim() == 4}
        for side, left, height in ((16, 2.3, 0.9), (8, 3.75, 0.65), (4, 5.0, 0.42)):
            _maps(axes, maps[side], left, bottom + 0.5, height, 3, 0.1)
        arrow(axes, (6.2, bottom + 0.8), (6.65, bottom + 0.8))
        words(axes, 7.15, bottom + 0.8, f"{logit:+.1f}".replace("-", "−"), 22, colour)
        probability = torch.sigmoid(logit).item()
        words(axes, 10.98, bottom + 0.8, f"D(x) = {probability:.2f}", 22, colour)
        told.append(f"the {name} digit has the logit {logit:.1f}, so D(x) = {probability:.2f}")
    words(axes, 7.15, 2.25, "logit", 16)
    arrow(axes, (7.6, 2.25), (7.95, 2.25))
    _sigmoid(axes, logits, 8.2, 1.45, 1.55, 1.6)
    words(axes, 10.98, 2.25, "probability\nof “real”", 16)
    return Drawing(figure, "A discriminator D, a purple box, and a typical digit of each kind (the "
                           "median of what D says): convolutions make ever smaller maps "
                           "of a picture (16, 8, 4 pixels wide), then one number, the logit; the "
                           f"sigmoid turns it into a probability: {'; '.join(told)}.")


FIGURES = {make.__name__: make for make in (
    board_noise, board_upconvolution, board_picture, board_discriminator)}
