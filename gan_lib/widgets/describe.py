"""A sentence to type, the faces it draws, and what one word of it does."""

from __future__ import annotations

import html
import textwrap

import ipywidgets
import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from gan_lib import checks, figures, latent, sentences, stand_ins, words
from gan_lib.widgets.tool import LABEL, Tool, choice, row, title

SCALE, GAP, LETTERS, LINE = 7, 4, 18, 24  # of a picture, its frame; of letters, of a line of them
KEEP = "(as written)"
# For readers of the screen alone: it says what is seen now, since a widget's image has no alt text.
SPOKEN = ('<span role="img" style="position: absolute; width: 1px; height: 1px; '
          'overflow: hidden" aria-label="{}"></span>')


class Describe(Tool):
    """What does a sentence draw, and what does one word of it do?

    `network` is a `words.FaceFromWords`, `classifier` looks at its faces: under each stands, in a
    sentence, what it sees there. With a word exchanged, the second row shows the same noise, and
    the third where the pictures differ, the darker the more. `sentence` is what to begin with.
    Raises what `sentences.numbers` raises for it.
    """

    def __init__(self, network, classifier, sentence: str = sentences.EXAMPLE, pictures: int = 4):
        checks.kind("network", network, "a words.FaceFromWords", "encoder", "G")
        checks.kind("classifier", classifier, "a classifier, as models.Classifier makes them",
                    "answers", "features")
        sentences.numbers([sentence], network.encoder.known)
        self.network, self.classifier = network, classifier
        self.pictures, self.seed = checks.whole_number("pictures", pictures, 1, 5), 0
        self.sentence = ipywidgets.Text(
            value=sentence, description="Sentence", continuous_update=False,
            layout={"width": "1000px"}, style={"description_width": LABEL})
        self.word, self.other = (choice(name, [KEEP], KEEP) for name in ("Change", "Into"))
        self.problem, self.spoken = "", ipywidgets.HTML(layout={"height": "0", "margin": "0"})
        super().__init__([self.sentence, self.word, self.other,
                          row(self.button("New noise", self.new_noise)), self.spoken])
        self.sentence.observe(self._read, names="value")
        self.word.observe(self._offer, names="value")
        self.watch(self.other)
        self._read()

    def new_noise(self) -> None:
        """Draw other noise, and other lots for what the sentence leaves open."""
        self.seed += 1
        self.refresh()

    def _read(self, change=None) -> None:
        """Take the sentence over if every word of it is known; else say which are not."""
        with self.quietly():
            try:
                sentences.numbers([self.sentence.value], self.network.encoder.known)
            except ValueError as error:
                self.problem = str(error)
                return
            self.problem, self.shown = "", self.sentence.value
            found = sentences.tokens(self.shown)
            self.possible = {f"{place + 1}: {found[place]}": (place, others)
                             for place, others in sentences.exchanges(found).items()}
            self.word.options = [KEEP, *self.possible]
            self._fill()

    def _offer(self, change=None) -> None:
        """Offer the words that can stand in the place of the chosen one."""
        if not self._quiet:
            with self.quietly():
                self._fill()

    def _fill(self) -> None:
        _, self.other.options = self.possible.get(self.word.value, (0, [KEEP]))

    @property
    def asked(self) -> list[str]:
        """Return the sentence and, if a word of it is exchanged, the other one."""
        if self.word.value not in self.possible:
            return [self.shown]
        place, _ = self.possible[self.word.value]
        return [self.shown, sentences.exchanged(self.shown, place, self.other.value)]

    @torch.no_grad()
    def update(self) -> None:
        """Draw the faces of each sentence, of the same noise, and look at them."""
        z = latent.draw(self.pictures, self.network.z_dim, self.seed,
                        next(self.network.parameters()).device)
        encoder, G = self.network.encoder, self.network.G
        y = [words.settled(encoder.read([sentence] * len(z)), self.seed)
             for sentence in self.asked]
        self.x = [latent.look(stand_ins.given(G, one), z) for one in y]
        self.seen = [words.describe(self.classifier, x) for x in self.x]
        self.spoken.value = SPOKEN.format(html.escape(self.alt()))

    def picture(self) -> np.ndarray:
        """Return one row of faces for each sentence, what is seen under each; the difference."""
        if len(self.x) == 1:
            return np.vstack([_faces(self.x[0]), _texts(self.seen[0], self.x[0].shape[-1])])
        first, second = self.x
        grey = 1 - (first - second).abs().mean(1, keepdim=True).clamp(max=1) * 2
        names = ["as written", f"“{self.other.value}” for “{self.word.value.split()[-1]}”",
                 "the difference: dark is much"]
        rows = [_faces(first), _faces(second), _faces(grey, figures.NEUTRAL)]
        return np.vstack([part for name, faces in zip(names, rows)
                          for part in (title(name, faces.shape[1]), faces)])

    def alt(self) -> str:
        """Say what was asked for and what is seen in each face."""
        parts = [f"{len(seen)} fakes of “{sentence}” The classifier sees: {' '.join(seen)}"
                 for sentence, seen in zip(self.asked, self.seen)]
        if len(self.x) == 2:
            share = ((self.x[0] - self.x[1]).abs().mean(1) > 0.1).float().mean()
            parts.append(f"The exchanged word changes {share:.0%} of the pixels.")
        return f"Noise {self.seed}: " + " ".join(parts)

    def caption(self) -> str:
        """Name the words that are not known; else say what was asked for."""
        return self.problem or f"Asked: {' → '.join(self.asked)}"


def _faces(x: Tensor, frame: str = figures.FAKE) -> np.ndarray:
    return figures.tile(x, columns=len(x), scale=max(1, SCALE * 32 // x.shape[-1]), gap=GAP,
                        frame=frame)


def _texts(sentences: list[str], size: int) -> np.ndarray:
    """Return the sentences beside each other, each as wide as the picture above it."""
    width = max(1, SCALE * 32 // size) * size + 2 * GAP
    lines = [textwrap.wrap(sentence, int(width / (0.58 * LETTERS))) for sentence in sentences]
    strip = Image.new("RGB", (width * len(lines), LINE * max(map(len, lines)) + 8), "white")
    for place, part in enumerate(lines):
        ImageDraw.Draw(strip).multiline_text(
            (place * width + GAP, 4), "\n".join(part), figures.NEUTRAL, figures.font(LETTERS),
            spacing=LINE - LETTERS)
    return np.asarray(strip)
