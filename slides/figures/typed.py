"""Sentences typed and the faces drawn for them, and what one word does to one face."""

from __future__ import annotations

import textwrap

import torch

from gan_lib import checkpoints, figures, latent
from slides.figures import Drawing
from slides.figures.sketch import board, picture, shipped, words

TYPED = ("A smiling person with brown skin, short black hair, round glasses and a yellow shirt.",
         "Red hair and a beanie.")
FIRST = "A calm person with light skin, curly black hair and a green shirt."
CHANGED = {  # what stands below a face: what is written otherwise than in the first sentence
    "as written": {}, "blond": {"black": "blond"}, "long": {"curly": "long"},
    "smiling": {"calm": "smiling"}, "dark": {"light": "dark"}, "red shirt": {"green": "red"},
    "+ a beanie": {" and a green": ", a beanie and a green"},
    "+ glasses": {" and a green": ", round glasses and a green"}}
LOTS = 2  # with these lots, no answer that is left open changes along


def from_words() -> Drawing:
    figure, axes = board()
    for half, (sentence, fakes) in enumerate(zip(TYPED, typed_faces())):
        left = 0.06 + 6.05 * half
        words(axes, left, 4.62, "\n".join(textwrap.wrap(f"“{sentence}”", 46)), 16, ha="left",
              linespacing=1.25)
        for place, fake in enumerate(fakes):
            picture(axes, fake, left + 1.46 * place, 2.86, 1.4, figures.FAKE)
    words(axes, 0.06, 2.52, f"one noise vector, another word: “{FIRST}”", 16, ha="left")
    for place, (name, fake) in enumerate(zip(CHANGED, changed_faces())):
        picture(axes, fake, 0.06 + 1.49 * place, 0.85, 1.44, figures.FAKE, name)
    shares = checkpoints.card("faces_by_words")["scores"]["agreement_where_the_caption_says_it"]
    said = (f"what is asked for can be seen, says a classifier: {len(shares)} kinds of words, "
            f"{min(shares.values()):.0%} to {max(shares.values()):.0%} of the faces")
    words(axes, 6.0, 0.2, said, 16)
    return Drawing(figure, f"Four fakes for each of two sentences: {' '.join(TYPED)} Below, one "
                           f"noise vector with “{FIRST}” and with words changed or added: "
                           f"{', '.join(list(CHANGED)[1:])}; {said}.")


@torch.no_grad()
def typed_faces(count: int = 4) -> list[torch.Tensor]:
    """Return fakes for each sentence of TYPED: (count, 3, 32, 32) each."""
    network = shipped("faces_by_words")
    z = latent.draw(count, network.z_dim, seed=1)
    return [network(z, [sentence] * count, seed=1) for sentence in TYPED]


@torch.no_grad()
def changed_faces() -> torch.Tensor:
    """Return fakes of one noise vector for the first sentence, and with CHANGED words."""
    network = shipped("faces_by_words")
    z = latent.draw(1, network.z_dim, seed=1)
    return torch.cat([network(z, [sentence], seed=LOTS) for sentence in changed_sentences()])


def changed_sentences() -> list[str]:
    """Return the first sentence with the words of CHANGED."""
    found = []
    for changes in CHANGED.values():
        sentence = FIRST
        for old, new in changes.items():
            sentence = sentence.replace(old, new)
        found.append(sentence)
    return found


FIGURES = {"from_words": from_words}
