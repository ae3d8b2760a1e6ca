"""One face drives three others, each known from one picture."""

from __future__ import annotations

import torch

from gan_lib import checkpoints, data, figures, heads
from gan_lib.data import face_drawing
from slides.figures import Drawing
from slides.figures.sketch import board, picture, shipped, words

MOMENTS, EVERY, FIRST = 8, 12, 4   # pictures of the film, frames between them, the first frame
DRIVER, DRIVEN = 12, (11, 14, 17)  # people, none of whom was trained on
SIDE, STEP = 1.0, 1.07             # inches: a picture, and from one to the next


@torch.no_grad()
def driven_heads() -> Drawing:
    """After Zakharov et al., "Few-Shot Adversarial Learning of Realistic Neural Talking Heads"."""
    figure, axes = board()
    head, card = shipped("heads"), checkpoints.card("heads")
    strangers = heads.people(20, poses=1, seed=card["seed"] + 1)
    frames = {name: curve[FIRST::EVERY] for name, curve in heads.driver(MOMENTS * EVERY).items()}
    acted = heads.in_pose(strangers.person(DRIVER), frames)
    known, y = data.to_float(strangers.images.cpu()), heads.pose(acted)
    rows = [("driver", known[DRIVER, 0], data.to_float(face_drawing.draw(acted)), figures.REAL)]
    rows += [(f"person {letter}", known[who, 0],
              head(known[who:who + 1].expand(MOMENTS, -1, -1, -1, -1), y), figures.FAKE)
             for letter, who in zip("ABC", DRIVEN)]
    for number, (name, source, film, frame) in enumerate(rows):
        bottom = 3.55 - STEP * number
        words(axes, 1.3, bottom + SIDE / 2, name, 17, ha="right")
        picture(axes, source, 1.45, bottom, SIDE, figures.REAL)
        for place, x in enumerate(film):
            picture(axes, x, 3.35 + STEP * place, bottom, SIDE, frame)
    words(axes, 1.95, 4.77, "one picture", 17)
    words(axes, 7.6, 4.77, "what the driver does; below, fakes that follow", 17)
    scores = card["scores"]
    said = (f"how close to the truth (PSNR): {scores['K=1']['psnr']:.1f} dB; "
            f"a copy of the one picture: {scores['copy']['psnr']:.1f} dB")
    words(axes, 7.6, 0.14, said, 15)
    return Drawing(figure, f"A drawn driver in {MOMENTS} poses, and {len(DRIVEN)} other people: "
                           "one picture of each, and fakes of it that follow the driver's pose, "
                           f"gaze and mouth; on people never seen, {said}.")


FIGURES = {"driven_heads": driven_heads}
