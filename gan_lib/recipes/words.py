"""A generator that is told a sentence: how its encoder was taught, and then the generator."""

from __future__ import annotations

import functools
import random
import time
from dataclasses import dataclass

import torch

from gan_lib import checkpoints, conditioning, data, latent, metrics, models, sentences, words
from gan_lib.data import face_drawing
from gan_lib.recipes.classifiers import ClassifierRecipe
from gan_lib.recipes.generators import SCORED, GeneratorRecipe

LEARNING_RATES = {"bag": 0.03, "recurrent": 0.01}
SEEDS = 5          # behind the comparison of the encoders, and that of the pairs for D
LONGEST = 30.0     # seconds: after that an encoder counts as not having learnt the words
# The game of the lesson, with and without real pictures that come with another one's words.
GAMES = {"mismatched": words.MatchingGame, "no mismatched": conditioning.DescribedGame}
TURNS = 900        # of each of them: about what a lesson has time for


@dataclass(frozen=True)
class WordsRecipe(GeneratorRecipe):
    """How the encoder was taught on captions, and then the game of pictures and words played."""

    encoder_steps: int = 3000

    def make(self, seed: int = 0) -> tuple[words.FaceFromWords, dict]:
        """Teach an encoder, then train a generator; return both as one network, and its card."""
        G, about = super().make(seed)
        samples = self.real(seed)
        encoder = samples.encoder
        arguments = {"known": encoder.known, "encoder": "bag", "size": self.size, **self.generator}
        network = words.FaceFromWords(**arguments)
        network.G.load_state_dict(G.state_dict())
        network.encoder.load_state_dict(encoder.state_dict())
        return network.eval(), {**about, "data": repr(samples.faces), "arguments": arguments,
                                "scored_by": "faces_classifier and gaze_classifier, which look "
                                             "at 32 px",
                                "encoder_steps": self.encoder_steps,
                                "pairs_for_D": {"steps": TURNS, **{
                                    kind: [lesson(kind, seed) for seed in range(SEEDS)]
                                    for kind in GAMES}},
                                "seconds_until_every_answer_is_99_percent_right": {
                                    kind: [seconds_to_learn(kind, seed) for seed in range(SEEDS)]
                                    for kind in words.ENCODERS}}

    def real(self, seed: int) -> words.Captioned:
        """Return real faces with the conditions that the encoder makes of their captions."""
        return real_faces(self.size, self.samples, self.encoder_steps, seed)

    def shared(self, samples) -> dict:
        """Return the arguments that both networks get: with the length of a condition."""
        return {**super().shared(samples), "classes": words.CLASSES}

    def new_game(self, D, G, samples, seed: int) -> words.MatchingGame:
        """Return the game that trains G."""
        return words.MatchingGame(D, G, samples, seed=seed, **self.game)

    def score(self, G, samples: words.Captioned) -> dict[str, float | dict[str, float]]:
        """Return G's scores on captions that it never saw, and the agreement of each question."""
        held_out = unseen(self.size, SCORED, 1)
        fakes = drawn(G, samples.encoder, held_out.captions, seed=1)
        classifier = judges()
        return {**self.compared(classifier, metrics.fitted(classifier, fakes), samples.faces),
                "agreement_where_the_caption_says_it": {
                    question: round(share, 4) for question, share in
                    words.agreement(classifier, fakes, held_out).items()}}


def judges() -> words.Judges:
    """Return the classifiers that judge fakes: together they know every word of the captions."""
    return words.Judges(checkpoints.load("faces_classifier"), checkpoints.load("gaze_classifier"))


@functools.lru_cache(1)
def real_faces(size: int, n: int, steps: int, seed: int) -> words.Captioned:
    """Return n drawn faces with the conditions of an encoder that was taught on their captions."""
    faces = data.load("faces", size=size, n=n, seed=seed)
    return words.captioned(faces, taught(faces, "bag", steps, seed))


@functools.lru_cache(2)
def unseen(size: int, n: int, number: int) -> data.Faces:
    """Return faces, and with them captions, that no training has seen."""
    return data.load("faces", size=size, n=n, seed=10_000 + number)


def taught(faces: data.Faces, kind: str, steps: int, seed: int) -> words.Encoder:
    """Return an encoder after so many steps on the captions, of which half are shortened."""
    torch.manual_seed(seed)
    lot = random.Random(seed)
    captions = faces.captions + [sentences.shortened(caption, lot) for caption in faces.captions]
    known = sentences.vocabulary(faces.captions)
    rows = sentences.numbers(captions, known).to(faces.device)
    right = words.answers(faces.attributes)
    encoder = words.ENCODERS[kind](known).to(faces.device)
    optimizer = torch.optim.Adam(encoder.parameters(), LEARNING_RATES[kind])
    for _ in range(steps):
        chosen = torch.randint(len(rows), (128,), device=faces.device)
        words.encoder_step(encoder, rows[chosen],
                           {question: y[chosen % len(faces)] for question, y in right.items()},
                           optimizer)
    return encoder.eval().requires_grad_(False)


@torch.no_grad()
def drawn(G, encoder: words.Encoder, captions: list[str], seed: int) -> torch.Tensor:
    """Return a fake for each caption, what it leaves open decided by lot."""
    y = words.settled(encoder.read(captions), seed)
    z = latent.draw(len(y), G.z_dim, seed=seed, device=y.device)
    return torch.cat([G(*part) for part in zip(z.split(256), y.split(256))])


def lesson(kind: str, seed: int, width: int = 16, samples: int = 5000) -> dict:
    """Play the lesson's game for TURNS; return how often G obeys, and D hears, by question.

    `kind` is one of GAMES. Both are asked about captions that the game has not seen.
    """
    real, others = real_faces(32, samples, 1000, seed), unseen(32, 1000, 200 + seed)
    torch.manual_seed(seed)
    sizes = {"size": 32, "channels": 3, "width": width, "classes": words.CLASSES}
    played = GAMES[kind](models.ConvDiscriminator(**sizes),
                         models.ConvGenerator(z_dim=32, **sizes), real, batch_size=32, r1=2.0,
                         decay=0.99, seed=seed)
    for _ in range(TURNS):
        played.step()
    played.read()
    fakes = drawn(played.average, real.encoder, others.captions, seed)
    right = words.captioned(others, real.encoder).y
    found = {"obeyed": words.agreement(judges(), fakes, others),
             "heard": words.heard(played.D, others, right)}
    return {name: {question: round(share, 4) for question, share in shares.items()}
            for name, shares in found.items()}


def seconds_to_learn(kind: str, seed: int) -> float | None:
    """Return the CPU seconds until an encoder gives 99 % right answers to every question.

    It learns from 5,000 captions and is asked about 1,000 others, where they say something.
    None if `LONGEST` does not do.
    """
    people = face_drawing.sample(6000, seed)
    captions = face_drawing.captions(people)
    known = sentences.vocabulary(captions)
    rows, right = sentences.numbers(captions, known), words.answers(people)
    others = {name: value[5000:] for name, value in people.items()}
    torch.manual_seed(seed)
    encoder = words.ENCODERS[kind](known)
    optimizer = torch.optim.Adam(encoder.parameters(), LEARNING_RATES[kind])
    spent = 0.0
    while spent < LONGEST:
        start = time.process_time()
        for _ in range(10):
            chosen = torch.randint(5000, (64,))
            words.encoder_step(encoder, rows[chosen],
                               {question: y[chosen] for question, y in right.items()}, optimizer)
        spent += time.process_time() - start
        if min(words.right_shares(encoder, rows[5000:], others).values()) >= 0.99:
            return round(spent, 2)
    return None


@dataclass(frozen=True)
class GazeRecipe(ClassifierRecipe):
    """How the judge of "looking up" and "looking down" was trained: it answers nothing else."""

    def answers(self, samples: data.Faces) -> dict[str, torch.Tensor]:
        """Return whether the faces look up, ahead or down."""
        return words.gaze(samples)


RECIPES = {
    "gaze_classifier": GazeRecipe("faces", 32, width=24, steps=2500, samples=30_000),
    "faces_by_words": WordsRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=4_000, samples=12_000,
        generator={"z_dim": 32}, discriminator={},
        game={"batch_size": 64, "r1": 2.0, "decay": 0.998, "bfloat16": True},
        after="Reed et al., 2016 (matching and mismatching pairs for D), with the course's "
              "networks; the condition is what a small encoder understands of the caption."),
}
