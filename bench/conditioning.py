"""Fakes of a wanted class after so many seconds of computing: as asked, and as good as others?

Every training is a process of its own with one thread, and its clock is CPU time, as in
`quality.py`. The digits play the three games of the notebook on classes; the faces are told all
that the face classifier is asked.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import torch

from bench.report import Figure, median
from gan_lib import checkpoints, conditioning, data, models, recipes
from gan_lib.recipes import class_lesson

TITLE = "Class: agreement, precision and distance after seconds of training with labels"
DIGIT_SECONDS, FACE_SECONDS = 20, 120
SEEDS, FACE_SEEDS, QUICK_SEEDS = 5, 3, 2
FACES = "faces_by_attributes"  # the recipe whose networks and R1 are played
FACE_BATCH = 32                # as in quality.py
KEYS = ("class_digits_agreement_20s_worst", "class_digits_precision_20s_worst",
        "class_digits_recall_20s_median", "class_digits_no_labels_precision_20s_median",
        "class_digits_no_labels_recall_20s_median", "class_digits_mark_agreement_20s_median",
        "class_digits_mark_purity_20s_median", "class_faces_fd_120s_median",
        "class_faces_agreement_120s_worst")


@dataclass(frozen=True)
class Run:
    """One training: a game of class_lesson.GAMES, or "faces"."""

    game: str
    seed: int
    seconds: float


def train(run: Run) -> dict:
    """Train and return the scores at the end."""
    torch.set_num_threads(1)
    return train_faces(run) if run.game == "faces" else train_digits(run)


def train_digits(run: Run) -> dict:
    """Play one of the lesson's games on digits."""
    samples = data.load("digits", size=16, device="cpu")
    played = class_lesson.new_game(run.game, samples, run.seed)
    play(played.step, run.seconds)
    played.read()
    classifier = checkpoints.load("digits16_classifier").cpu()
    return class_lesson.scores(run.game, played, classifier, samples.scaled())


def train_faces(run: Run) -> dict:
    """Play the game on faces that are described, with the library's defaults but for R1."""
    recipe = recipes.RECIPES[FACES]
    faces = data.load("faces", size=recipe.size, n=recipe.samples, seed=run.seed, device="cpu")
    samples = conditioning.described(faces)
    torch.manual_seed(run.seed)
    D = models.ConvDiscriminator(**recipe.discriminator, **recipe.shared(samples))
    G = models.ConvGenerator(**recipe.generator, **recipe.shared(samples))
    played = conditioning.DescribedGame(D, G, samples, FACE_BATCH, r1=recipe.game["r1"],
                                        seed=run.seed)
    play(played.step, run.seconds)
    played.read()
    return {**recipe.score(played.average, samples), "steps": played.steps}


def play(step: Callable[[], None], seconds: float,
         clock: Callable[[], float] = time.process_time) -> None:
    """Take steps until so many seconds of computing are over."""
    start = clock()
    while clock() - start < seconds:
        step()


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS. `quick`: two seeds of the digits, and no faces."""
    runs = [Run(kind, seed, DIGIT_SECONDS) for kind in class_lesson.GAMES
            for seed in range(QUICK_SEEDS if quick else SEEDS)]
    if not quick:
        runs = [Run("faces", seed, FACE_SECONDS) for seed in range(FACE_SEEDS)] + runs
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        found = dict(zip(runs, pool.map(train, runs)))
    measured = {figure.key: figure for figure in figures(found)}
    for name in KEYS:
        yield measured.get(name, Figure(name, None, note="left out by --quick"))


def figures(found: dict[Run, dict]) -> Iterator[Figure]:
    """Yield what is reported of the scores of all runs."""
    def of(game: str, score: str) -> list:
        return [scores[score] for run, scores in found.items() if run.game == game]

    note = f"{len(of('labels', 'recall'))} seeds"
    yield _worst(KEYS[0], of("labels", "agreement"), at_least=0.97, note=note)
    yield _worst(KEYS[1], of("labels", "precision"), at_least=0.85, note=note)
    yield median(KEYS[2], of("labels", "recall"), note=note)
    yield median(KEYS[3], of("no labels", "precision"), note=note)
    yield median(KEYS[4], of("no labels", "recall"), note=note)
    yield median(KEYS[5], of("mark", "agreement"), note=f"{note}; 0.1 by chance")
    yield median(KEYS[6], of("mark", "purity"), note=note)
    if of("faces", "agreement"):
        note = f"{len(of('faces', 'agreement'))} seeds"
        yield median(KEYS[7], of("faces", "frechet_distance"), at_most=80, note=note)
        answers = [(share, question) for scores in of("faces", "agreement")
                   for question, share in scores.items()]
        share, question = min(answers)
        yield Figure(KEYS[8], share, low=share, high=max(answers)[0], at_least=0.8,
                     note=f"{note}, 12 questions; the worst is {question}")


def _worst(key: str, values: list[float], **more) -> Figure:
    return Figure(key, min(values), low=min(values), high=max(values), **more)
