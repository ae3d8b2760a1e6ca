"""Faces: what varies in them, a sheet of fakes, and what fits into a hole."""

from __future__ import annotations

import math

import torch

from gan_lib import data, figures, inpainting
from gan_lib.data import face_attributes, face_drawing
from slides.figures import Drawing
from slides.figures.sketch import board, fakes, picture, shipped, words

VARIED = {  # name shown: attribute
    "skin": "skin", "hair": "hair_style", "hair colour": "hair_colour", "glasses": "glasses",
    "hat": "hat", "smile": "smile", "mouth": "mouth_open", "gaze": "gaze_x", "turn": "turn",
    "tilt": "tilt"}
SHOWN = 6  # values of each, at most


def _person(seed: int = 0) -> dict[str, torch.Tensor]:
    """Return the attributes of one person that can be seen well: no hat, no glasses."""
    person = face_drawing.sample(1, seed)
    plain = {"skin": 3, "hair_style": 1, "hair_colour": 0, "glasses": 0, "hat": 0,
             "background": 3, "shirt": 1, "smile": 0.6, "mouth_open": 0.2, "gaze_x": 0.0,
             "gaze_y": 0.0, "turn": 0.0, "nod": 0.0, "tilt": 0.0}
    return {name: torch.tensor([plain.get(name, value.item())], dtype=value.dtype)
            for name, value in person.items()}


def varied(attribute: str) -> torch.Tensor:
    """Return up to SHOWN pictures of one person in which only `attribute` changes: float."""
    values = face_attributes.ATTRIBUTES[attribute]
    if face_attributes.is_class(attribute):
        shown = torch.arange(len(values))
    else:
        shown = torch.linspace(*values, SHOWN)
    person = {name: value.expand(len(shown)).clone() for name, value in _person().items()}
    person[attribute] = shown
    return data.to_float(face_drawing.draw(person, 64))


def faces_hard() -> Drawing:
    figure, axes = board()
    for number, (name, attribute) in enumerate(VARIED.items()):
        left, bottom = 0.05 + 6.0 * (number // 5), 4.15 - 0.89 * (number % 5)
        words(axes, left + 1.1, bottom + 0.37, name.replace(" ", "\n"), 16, ha="right")
        for place, face in enumerate(varied(attribute)):
            picture(axes, face, left + 1.2 + 0.79 * place, bottom, 0.73, figures.REAL)
    attributes = face_attributes.ATTRIBUTES
    classes = [len(values) for name, values in attributes.items() if face_attributes.is_class(name)]
    words(axes, 6.0, 0.2, f"{math.prod(classes):,} kinds of face, each with "
                           f"{len(attributes) - len(classes)} numbers besides: all at once in 32 "
                           "× 32 pixels", 16)
    return Drawing(figure, f"Real (drawn) faces, one attribute varied in each row: "
                           f"{', '.join(VARIED)}. The {len(classes)} attributes with classes alone "
                           f"give {math.prod(classes):,} kinds of face; "
                           f"{len(attributes) - len(classes)} more are numbers.")


def faces_sheet() -> Drawing:
    rows, columns = 5, 12
    figure, axes = board()
    for number, fake in enumerate(fakes("faces64", rows * columns, seed=4)):
        row, place = divmod(number, columns)
        picture(axes, fake, 0.03 + 0.997 * place, 4.02 - 0.997 * row, 0.94, figures.FAKE)
    return Drawing(figure, f"{rows * columns} fakes of faces, 64 by 64 pixels, of {rows * columns} "
                           "random noise vectors, not selected: skin, hair, hats, glasses, mouths "
                           "and backgrounds differ.")


def occlusion() -> Drawing:
    people, fillings = 4, 3
    truth = data.load("faces", 32, n=people, seed=1001, device="cpu").scaled()
    hidden = inpainting.box(32, 9, 13, 14, 14)
    covered = inpainting.occlude(truth, hidden)
    shown, psnr = [], []
    for seed in range(fillings):
        filled = inpainting.search_fill(truth, hidden, shipped("faces"), 80, 2, seed).detach()
        shown.append(filled)
        psnr.append(inpainting.psnr(filled, truth, hidden))
    figure, axes = board()
    columns = [("covered", covered, figures.NEUTRAL),
               *((f"filling {number}", filled, figures.FAKE)
                 for number, filled in enumerate(shown, 1)), ("the truth", truth, figures.REAL)]
    side, step = 1.08, 1.13
    for place, (name, pictures, colour) in enumerate(columns):
        left = (0.9, 3.0, 4.3, 5.6, 7.7)[place]
        words(axes, left + side / 2, 4.78, name, 17, colour)
        for row, one in enumerate(pictures):
            picture(axes, one, left, 3.44 - step * row, side, colour)
    for row in range(people):
        each = " / ".join(f"{one[row]:.0f}" for one in psnr)
        words(axes, 9.15, 3.98 - step * row, f"PSNR in the hole:\n{each} dB", 16, ha="left")
    means = ", ".join(f"{one.mean():.1f}" for one in psnr)
    apart = torch.stack(shown).std(0)[:, :, hidden].mean().item()
    return Drawing(figure, f"{people} faces that no network was trained on, with a covered middle, "
                           f"{fillings} fillings found by searches for z from different starts, "
                           f"and the truth. Mean PSNR in the hole: {means} dB; the fillings of "
                           f"one face differ by {apart:.2f} (standard deviation, pictures reach "
                           "from -1 to 1).")


FIGURES = {make.__name__: make for make in (faces_hard, faces_sheet, occlusion)}
