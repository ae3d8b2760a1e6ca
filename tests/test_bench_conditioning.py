"""The part of the bench on classes: its clock, its worst seeds, and that no figure is forgotten."""

import contextlib
import json

import pytest
import torch

from bench import conditioning as bench
from bench.conditioning import Run
from gan_lib import conditioning, data
from gan_lib.recipes import class_lesson

pytestmark = pytest.mark.usefixtures("one_thread")


def test_steps_are_taken_until_the_seconds_are_over():
    now, steps = [100.0], []

    def step():
        steps.append(now[0])
        now[0] += 2
    bench.play(step, 5, clock=lambda: now[0])
    assert steps == [100, 102, 104]


def invented(run):
    """Return scores that rise with the seed, to see which ones are reported."""
    if run.game == "faces":
        return {"frechet_distance": 50.0 + run.seed,
                "agreement": {"hat": 0.99, "smile": 0.8 + run.seed / 100}}
    return {"agreement": 0.96 + run.seed / 100, "precision": 0.8 + run.seed / 100,
            "recall": 0.5 + run.seed / 100, "purity": 0.9}


@pytest.mark.parametrize("quick", [True, False])
def test_every_figure_is_there_and_the_worst_seed_is_named(quick, monkeypatch):
    class Pool(contextlib.nullcontext):
        def __init__(self, *_):
            super().__init__(self)

        def map(self, train, runs):
            return map(invented, runs)
    monkeypatch.setattr(bench, "ProcessPoolExecutor", Pool)
    found = {figure.key: figure for figure in bench.measure(quick)}
    assert tuple(found) == bench.KEYS
    agreement = found["class_digits_agreement_20s_worst"]
    assert agreement.value == 0.96 and agreement.verdict == ">= 0.97 NOT MET"
    assert agreement.high == pytest.approx(0.96 + (1 if quick else 4) / 100)
    assert found["class_digits_precision_20s_worst"].value == 0.8
    distance, share = (found[f"class_faces_{name}"] for name in ("fd_120s_median",
                                                                 "agreement_120s_worst"))
    if quick:
        assert distance.value is share.value is None and "--quick" in share.note
    else:
        assert distance.value == 51 and distance.verdict == "<= 80 met"
        assert share.value == 0.8 and share.note.endswith("the worst is smile")
    json.dumps([figure.value for figure in found.values()], allow_nan=False)


@pytest.mark.parametrize("game", class_lesson.GAMES)
def test_a_training_of_digits_gives_scores(game, monkeypatch):
    monkeypatch.setattr(class_lesson, "FAKES", 50)
    monkeypatch.setattr(bench, "play", lambda step, seconds: step())
    found = bench.train(Run(game, 0, 0.0))
    assert {"frechet_distance", "precision", "recall"} <= found.keys()
    assert ("agreement" in found) == ("purity" in found) == (game != "no labels")


def test_a_training_of_faces_plays_the_recipe_s_networks_with_descriptions(monkeypatch):
    few = data.load("faces", n=40, device="cpu")
    monkeypatch.setattr(bench.data, "load", lambda *_, **__: few)
    monkeypatch.setattr(bench, "FACE_BATCH", 8)
    monkeypatch.setattr(bench, "play", lambda step, seconds: step())
    found = bench.train(Run("faces", 0, 0.0))
    assert found["steps"] == 1 and found["agreement"].keys() == conditioning.ANSWERS.keys()
    assert torch.tensor(found["frechet_distance"]).isfinite()
