"""Drawn explanations of three papers; the pictures are the course's own faces."""

from __future__ import annotations

import textwrap

import torch
from torch.nn import functional as F

from gan_lib import data, figures, latent
from gan_lib.data import face_drawing
from slides.figures import Drawing
from slides.figures.sketch import arrow, board, box, column, fakes, network, picture, words

WORDS = ("smiling", "sad", "glasses", "hat", "long", "red", "green")
SIZES = (8, 16, 32, 64)


def _after(axes, paper: str) -> None:
    words(axes, 11.95, 0.13, f"after {paper}", 14, ha="right")


def text_to_image() -> Drawing:
    """After Reed et al., "Generative Adversarial Text to Image Synthesis", 2016."""
    people = data.load("faces", 64, n=3, seed=12, device="cpu")
    right, wrong = people.captions[0], people.captions[1]
    said = {word: int(word in right.lower().replace(".", "").split()) for word in WORDS}
    figure, axes = board()
    words(axes, 1.65, 4.15, "\n".join(textwrap.wrap(f"“{right}”", 27)), 14, linespacing=1.3)
    arrow(axes, (1.65, 3.35), (1.65, 2.95))
    for number, (word, value) in enumerate(said.items()):
        words(axes, 1.7, 2.72 - 0.33 * number, word, ha="right")
        words(axes, 2.05, 2.72 - 0.33 * number, str(value), weight="bold" if value else "normal")
    words(axes, 2.05, 0.42, "⋮")
    words(axes, 2.95, 3.0, "z", 20)
    column(axes, latent.draw(1, 4, 3)[0].tolist(), 2.5, 2.8)
    arrow(axes, (3.55, 1.75), (4.0, 1.75), figures.NETWORK_G)
    network(axes, "G", 4.1, 1.15, 1.1, 1.2)
    arrow(axes, (5.25, 1.75), (5.65, 1.75), figures.NETWORK_G)
    picture(axes, people.scaled()[0], 5.7, 1.1, 1.3, figures.REAL, "wanted\n(drawn here)")
    words(axes, 4.65, 2.75, "words and noise in,\na picture out", 16, figures.NETWORK_G)
    _pairs(axes, people.scaled()[0], right, wrong)
    _after(axes, "Reed et al., 2016")
    return Drawing(figure, f"Drawn explanation of text to image. The sentence “{right}” becomes "
                           f"numbers ({', '.join(f'{w} {v}' for w, v in said.items())}); with a "
                           "noise vector they go into G, which paints a picture. D judges picture "
                           "and words together: a real picture with its own words should get 1, "
                           "the same with other words 0, a fake 0.")


def _pairs(axes, x: torch.Tensor, right: str, wrong: str) -> None:
    """Draw the three kinds of pairs that D is trained on, and the answers it should give."""
    network(axes, "D", 10.55, 0.55, 0.65, 4.2)
    rows = ((x, figures.REAL, right, "its own words", 1),
            (x, figures.REAL, wrong, "other words", 0),
            (fakes("faces64", 1, 9)[0], figures.FAKE, right, "fake", 0))
    for number, (one, colour, sentence, name, answer) in enumerate(rows):
        bottom = 3.55 - 1.5 * number
        picture(axes, one, 7.65, bottom, 1.1, colour)
        start = "\n".join(textwrap.wrap(sentence, 15)[:3]) + " …"
        words(axes, 8.85, bottom + 0.42, start, 14, ha="left")
        words(axes, 8.85, bottom + 1.02, name, 15, colour, ha="left", weight="bold")
        arrow(axes, (11.25, bottom + 0.55), (11.55, bottom + 0.55))
        words(axes, 11.75, bottom + 0.55, str(answer), 22, figures.NETWORK_D)


POSE = ("smile", "mouth_open", "gaze_x", "gaze_y", "turn", "nod", "tilt", "brow")


def _posed(n: int) -> dict[str, torch.Tensor]:
    """Return the attributes of one person in n poses."""
    person = {name: value[:1].expand(n).clone() for name, value in
              face_drawing.sample(1, seed=21).items()}
    other = face_drawing.sample(n, seed=5)
    return {**person, **{name: other[name] for name in POSE}}


def talking_heads() -> Drawing:
    """After Zakharov et al., "Few-Shot Adversarial Learning of Realistic Neural Talking Heads"."""
    attributes = _posed(4)
    x = data.to_float(face_drawing.draw(attributes, 64))
    points = face_drawing.landmarks(attributes)[3]
    figure, axes = board()
    words(axes, 1.95, 4.72, "3 pictures of one person", 16, figures.REAL)
    for number, one in enumerate(x[:3]):
        picture(axes, one, 0.15 + 1.22 * number, 3.3, 1.15, figures.REAL)
    arrow(axes, (3.85, 3.87), (4.25, 3.87))
    box(axes, 4.35, 3.4, 1.5, 0.95, "embedder", size=17)
    arrow(axes, (5.9, 3.87), (6.3, 3.87))
    box(axes, 6.4, 3.4, 1.25, 0.95, "a vector:\nwho", size=16)
    arrow(axes, (7.0, 3.3), (7.0, 2.45))
    words(axes, 1.95, 2.72, f"{len(points)} landmarks of a new pose", 16)
    _landmarks(axes, points, 1.15, 0.85, 1.6)
    arrow(axes, (3.0, 1.65), (6.15, 1.65))
    words(axes, 4.55, 1.3, "where eyes, nose,\nmouth and chin are", 14, va="top")
    network(axes, "G", 6.25, 0.95, 1.5, 1.4)
    arrow(axes, (7.85, 1.65), (8.3, 1.65), figures.NETWORK_G)
    picture(axes, x[3], 8.4, 0.85, 1.6, figures.REAL, "wanted: same person,\nnew pose (drawn here)")
    arrow(axes, (10.1, 1.65), (10.5, 1.65))
    network(axes, "D", 10.6, 0.95, 1.25, 1.4)
    words(axes, 10.2, 3.75, "D asks: real? this person?\nthis pose?", 16, figures.NETWORK_D)
    arrow(axes, (11.22, 3.35), (11.22, 2.45), figures.NETWORK_D)
    words(axes, 0.15, 0.13, "after Zakharov et al., 2019", 14, ha="left")
    places = "; ".join(f"{name.replace('_', ' ')} {px:.2f}, {py:.2f}" for name, (px, py) in
                       zip(face_drawing.LANDMARKS, points.tolist()))
    return Drawing(figure, "Drawn explanation of few-shot talking heads: an embedder turns 3 "
                           "pictures of one person into a vector that says who it is; G gets the "
                           f"vector and {len(points)} landmarks of a new pose ({places}), and "
                           "paints the same person in that pose; D asks whether the picture is "
                           "real, this person and this pose.")


def _landmarks(axes, points: torch.Tensor, left: float, bottom: float, side: float) -> None:
    """Draw landmarks (6, 2), fractions of a picture with y down, as points in a frame."""
    box(axes, left, bottom, side, side, "")
    across, down = points.T
    axes.scatter(left + side * across, bottom + side * (1 - down), s=90, color=figures.NEUTRAL,
                 zorder=5)
    ends = {name: number for number, name in enumerate(face_drawing.LANDMARKS)}
    for a, b in (("left_eye", "right_eye"), ("mouth_left", "mouth_right"), ("nose", "chin")):
        pair = [ends[a], ends[b]]
        axes.plot(left + side * across[pair], bottom + side * (1 - down[pair]), lw=1.5,
                  color=figures.NEUTRAL, linestyle=":")


def growing_explained() -> Drawing:
    """After Karras et al., "Progressive Growing of GANs", 2017."""
    face = data.load("faces", 64, n=8, seed=3, device="cpu").scaled()[4:5]
    figure, axes = board()
    for stage, size in enumerate(SIZES):
        left = 0.15 + 3.0 * stage
        small = F.interpolate(face, size=(size, size), mode="area")[0]
        picture(axes, small, left + 0.55, 3.05, 1.6, figures.REAL)
        words(axes, left + 1.35, 4.83, f"{size} × {size}", 18)
        words(axes, left + 0.6, 2.72, "G", 22, figures.NETWORK_G, weight="bold")
        words(axes, left + 2.1, 2.72, "D", 22, figures.NETWORK_D, weight="bold")
        for layer, side in enumerate(SIZES[:stage + 1]):
            new = stage > 0 and layer == stage
            for kind, start in (("G", left), ("D", left + 1.5)):
                colour, line = {"G": (figures.NETWORK_G, "--"), "D": (figures.NETWORK_D, "-")}[kind]
                box(axes, start, 0.42 + 0.53 * layer, 1.2, 0.45, f"{side} × {side}", colour, line,
                    14, "#E4E4E4" if new else "white")
        if stage < 3:
            arrow(axes, (left + 2.35, 3.85), (left + 3.35, 3.85))
    words(axes, 0.15, 0.13, "grey: new layers, faded in slowly", 14, ha="left")
    _after(axes, "Karras et al., 2017")
    return Drawing(figure, "Drawn explanation of progressive growing: one real (drawn) face, "
                           f"shrunk to {', '.join(f'{size} by {size}' for size in SIZES)} pixels. "
                           "G and D begin with one block of layers for 8 by 8 pixels; each stage "
                           f"adds one block to both, up to {len(SIZES)} blocks for 64 by 64.")


FIGURES = {make.__name__: make for make in (text_to_image, talking_heads, growing_explained)}
