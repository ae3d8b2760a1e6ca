"""What the noise vector can do: fakes between fakes, and a class that D sees or does not see."""

from __future__ import annotations

import torch

from gan_lib import checkpoints, conditioning, data, figures, latent, models, training
from gan_lib.stand_ins import given
from slides.figures import Drawing
from slides.figures.sketch import arrow, board, network, picture, shipped, words

STOPS = 8
ENDS = {"digits": (0, 3), "faces64": (0, 7)}  # which of the noise vectors drawn are the ends
TURNS, LABELS = 200, 8
ORDERS = {  # words below a face: what is ordered otherwise than for the first one
    "a person": {}, "beanie": {"hat": "beanie"}, "glasses": {"glasses": "square"},
    "sad": {"smile": "sad", "mouth_open": "closed"},
    "red hair": {"hair_style": "long", "hair_colour": "red"}, "dark skin": {"skin": "dark"},
    "turned left": {"turn": "left"}, "yellow shirt": {"shirt": "yellow"}}


@torch.no_grad()
def interpolation() -> Drawing:
    figure, axes = board()
    told, bottom, side, step = [], 3.75, 1.06, 1.12
    for name, ends in ENDS.items():
        G = shipped(name)
        a, b = latent.draw(10, G.z_dim, seed=6)[list(ends)]
        for mix in latent.MIXES:
            way = latent.path(a, b, STOPS, mix)
            lengths = way.norm(dim=1)
            for number, fake in enumerate(G(way)):
                picture(axes, fake, 1.4 + 1.11 * number, bottom, side, figures.FAKE)
            words(axes, 1.3, bottom + side / 2, mix, 17, ha="right")
            words(axes, 10.4, bottom + side / 2,
                  f"|z| at the ends:\n{lengths[0]:.1f} and {lengths[-1]:.1f};\n"
                  f"shortest: {lengths.min():.1f}", 14, ha="left")
            told.append(f"{name}, {mix}: from {lengths[0]:.1f} to {lengths[-1]:.1f}, shortest "
                        f"{lengths.min():.1f}")
            bottom -= step + (0.18 if mix == "spherical" else 0)
    return Drawing(figure, f"{STOPS} fakes on the way from one noise vector to another, digits and "
                           "faces, along a straight line and along an arc. Length of z on the way: "
                           f"{'; '.join(told)}.")


def told_G(sees: bool):
    """Train a G that is told a label, against a D that sees the label or not; return G."""
    torch.manual_seed(0)
    ring = data.load("ring", n=4000, device="cpu")
    D = models.PointDiscriminator(classes=LABELS if sees else 0)
    G = models.PointGenerator(classes=LABELS)
    optimizer_D, optimizer_G = (torch.optim.Adam(network.parameters(), 4e-3, (0.0, 0.99))
                                for network in (D, G))
    for turn in range(TURNS):
        real, y = ring.batch(128, with_labels=True)
        z = latent.noise(128, G.z_dim)
        judge, maker = given(D, y if sees else None), given(G, y)
        r1 = 4.0 if turn % 4 == 0 else 0.0
        training.discriminator_step(judge, maker, real, z, optimizer_D, r1=r1)
        training.generator_step(judge, maker, z, optimizer_G)
    return G.eval()


@torch.no_grad()
def share_obeyed(G, centres: torch.Tensor, n: int = 1600) -> float:
    """Return the share of G's fakes that lie nearest to the mode that their label names."""
    y = torch.arange(n) % LABELS
    return (torch.cdist(G(latent.draw(n, G.z_dim, 1), y), centres).argmin(1) == y).float().mean(
        ).item()


def class_from_noise() -> Drawing:
    figure, axes = board()
    ring = data.load("ring", n=4000, device="cpu")
    told = []
    for left, sees in ((0.0, False), (6.0, True)):
        G = told_G(sees)
        share = share_obeyed(G, ring.centres)
        _networks(axes, left, sees)
        place = figure.add_axes((left / 12 + 0.02, 0.02, 0.29, 0.68))
        _labelled(place, G, ring.centres)
        says = "D sees\nthe label" if sees else "D never sees\nthe label"
        words(axes, left + 4.75, 2.4, says, 18, figures.NETWORK_D, linespacing=1.3)
        words(axes, left + 4.75, 1.2, f"right mode:\n{share:.0%}", 22, linespacing=1.3,
              weight="bold")
        told.append(f"{' '.join(says.split())}: {share:.0%} of the fakes lie at the mode that "
                    "their label names")
    return Drawing(figure, "G is told a label from 0 to 7 beside the noise, and trained on a ring "
                           f"of eight modes for {TURNS} turns. {'; '.join(told)}; guessing gives "
                           f"{1 / LABELS:.0%}.")


def _networks(axes, left: float, sees: bool) -> None:
    """Draw the way of noise and label through G and D in one line."""
    words(axes, left + 0.55, 4.4, "z, label y", 16)
    arrow(axes, (left + 1.15, 4.4), (left + 1.5, 4.4))
    network(axes, "G", left + 1.6, 4.05, 0.8, 0.7)
    arrow(axes, (left + 2.45, 4.4), (left + 2.8, 4.4))
    words(axes, left + 3.05, 4.4, "x", 20, figures.FAKE)
    arrow(axes, (left + 3.3, 4.4), (left + 3.65, 4.4))
    network(axes, "D", left + 3.75, 4.05, 0.8, 0.7)
    if sees:
        words(axes, left + 5.4, 4.4, "label y", 16)
        arrow(axes, (left + 4.97, 4.4), (left + 4.62, 4.4))
    else:
        words(axes, left + 5.25, 4.4, "no label", 16)


@torch.no_grad()
def _labelled(axes, G, centres: torch.Tensor) -> None:
    """Draw fakes as the label that G was told, and the real modes as circled labels outside."""
    y = torch.arange(10 * LABELS) % LABELS
    for (across, up), label in zip(G(latent.draw(len(y), G.z_dim, 2), y).tolist(), y.tolist()):
        axes.text(across, up, str(label), fontsize=14, color=figures.FAKE, ha="center",
                  va="center", alpha=0.8, clip_on=True)
    for label, (across, up) in enumerate((1.36 * centres).tolist()):
        axes.text(across, up, str(label), fontsize=17, color=figures.REAL, ha="center", va="center",
                  weight="bold", bbox={"boxstyle": "circle", "facecolor": "white",
                                       "edgecolor": figures.REAL, "linewidth": 2})
    axes.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal")
    axes.axis("off")


@torch.no_grad()
def to_order() -> Drawing:
    figure, axes = board()
    G, digits = shipped("digits_by_class"), torch.arange(10)
    for row, z in enumerate(latent.draw(2, G.z_dim, seed=3)):
        bottom = 4.0 - 1.02 * row
        words(axes, 1.5, bottom + 0.46, f"noise {'AB'[row]}", 18, ha="right")
        for place, fake in enumerate(G(z.expand(10, -1), digits)):
            picture(axes, fake, 1.65 + 1.02 * place, bottom, 0.92, figures.FAKE)
    for place, (name, fake) in enumerate(zip(ORDERS, ordered_faces())):
        picture(axes, fake, 0.06 + 1.49 * place, 1.05, 1.44, figures.FAKE, name)
    digit, face = (checkpoints.card(name)["scores"]["agreement"]
                   for name in ("digits_by_class", "faces_by_attributes"))
    said = (f"as ordered, a classifier says: digits {digit['digit']:.1%}; the twelve answers about "
            f"faces {min(face.values()):.0%} to {max(face.values()):.0%}")
    words(axes, 6.0, 0.25, said, 17)
    return Drawing(figure, "Fakes of generators that are told what to draw: the digits 0 to 9, for "
                           "two noise vectors, and one face of one noise vector, ordered as "
                           f"{', '.join(ORDERS)}; {said}.")


@torch.no_grad()
def ordered_faces() -> torch.Tensor:
    """Return fakes of one noise vector for all ORDERS: (n, 3, 32, 32)."""
    G, first = shipped("faces_by_attributes"), {
        "skin": "light", "hair_style": "short", "hair_colour": "brown", "glasses": "none",
        "hat": "none", "shirt": "blue", "background": "grey", "smile": "happy",
        "mouth_open": "open", "gaze_x": "ahead", "turn": "ahead", "tilt": "upright"}
    answers = {question: torch.zeros(1, dtype=torch.int64) for question in first}
    y = torch.cat([conditioning.description(conditioning.asked(answers, **{**first, **order}))
                   for order in ORDERS.values()])
    return G(latent.draw(1, G.z_dim, seed=3).expand(len(y), -1), y)


FIGURES = {make.__name__: make for make in (interpolation, class_from_noise, to_order)}
