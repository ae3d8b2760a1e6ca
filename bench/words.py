"""Text to image: how soon words are learnt, and how often the shipped network obeys them.

The sentences are captions of faces that no training has seen; each question is asked only where
the caption says something about it, and `faces_classifier` judges; `gaze_classifier` does whether
a face looks up or down.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from bench.report import Figure, median
from gan_lib import checkpoints, words
from gan_lib.recipes.words import drawn, judges, seconds_to_learn, unseen

TITLE = "Text to image: learning words, and obeying them"
SEEDS, QUICK_SEEDS = 5, 2
CAPTIONS, QUICK_CAPTIONS = 2000, 500
KEYS = ("words_agreement_worst", "words_agreement_median", "words_bag_s_median",
        "words_recurrent_s_median")


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS. `quick`: fewer captions and seeds."""
    torch.set_num_threads(1)
    seeds = range(QUICK_SEEDS if quick else SEEDS)
    found = [shares(QUICK_CAPTIONS if quick else CAPTIONS, seed) for seed in seeds]
    share, question, seed = min((share, question, seed) for seed, one in enumerate(found)
                                for question, share in one.items())
    note = f"{question}, set {seed} of {len(found)} sets of captions and noise"
    yield Figure(KEYS[0], share, at_least=0.85, note=note)
    yield median(KEYS[1], [share for one in found for share in one.values()],
                 note="of all questions and sets")
    for key, kind in zip(KEYS[2:], words.ENCODERS):
        seconds = [seconds_to_learn(kind, seed) for seed in seeds]
        if None in seconds:
            yield Figure(key, None, unit="s", note="not learnt in time by every seed")
        else:
            yield median(key, seconds, unit="s", note="CPU, until 99 % of every question")


def shares(captions: int, seed: int) -> dict[str, float]:
    """Return how often the shipped network's fakes show what captions say: {question: share}."""
    faces = unseen(32, captions, 100 + seed)
    network = checkpoints.load("faces_by_words")
    fakes = drawn(network.G, network.encoder, faces.captions, seed)
    return words.agreement(judges(), fakes, faces)
