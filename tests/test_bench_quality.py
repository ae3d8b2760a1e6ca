"""The quality part of the bench: its clock, its comparisons, and that no figure is forgotten."""

import json
import math

import pytest
import torch

from bench import course, quality
from bench.quality import Run
from gan_lib import checkpoints, data, models, training
from tools import notebook_files

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def few_digits():
    return data.load("digits", size=16, n=100, device="cpu")


def test_the_clock_stands_still_while_the_fakes_are_scored():
    now = [100.0]

    def step():
        now[0] += 1
    looked_at = []
    for _ in quality.marks(Run("digits", 16, "course", 0, (3, 5)), step, lambda: now[0]):
        looked_at.append(now[0])
        now[0] += 50
    assert looked_at == [103, 155]                      # 3 seconds, 50 of scoring, 2 more


@pytest.mark.parametrize("recipe", quality.RECIPES)
def test_marks_by_images_count_pictures(recipe):
    steps = []
    run = Run("digits", 32, recipe, 0, (128, 300), by_images=True)
    reached = [len(steps) for _ in quality.marks(run, lambda: steps.append(1), lambda: 0.0)]
    assert reached == [2, 5]                            # 128 and 320 pictures, 64 a step


def test_the_factor_is_that_of_the_worst_answer_in_either_direction():
    real = torch.tensor([0.5, 0.25, 0.25])
    assert quality.factor(real, real) == pytest.approx(1)
    assert quality.factor(real, torch.tensor([0.25, 0.25, 0.5])) == pytest.approx(2)
    assert quality.factor(real, torch.tensor([0.65, 0.3, 0.05])) == pytest.approx(5)
    assert quality.factor(real, torch.tensor([0.5, 0.5, 0.0])) > 100


def test_copies_are_found_and_strangers_are_not(few_digits):
    shown, held_out = (part.scaled() for part in few_digits.split(0.8))
    copies = shown[torch.randint(len(shown), (50,))]    # of any that D was shown
    assert quality.copies(copies, shown, held_out) == {"share": 1, "ratio": 0}
    assert quality.copies(held_out, shown, held_out) == {"share": 0, "ratio": 1}
    others = data.load("digits", size=16, device="cpu").split(0.5, seed=1)[1].scaled()
    near = torch.cdist(others.flatten(1), few_digits.scaled().flatten(1)).min(1).values
    found = quality.copies(others[near > 0], shown, held_out)
    assert 0.7 < found["share"] < 0.9 and 0.8 < found["ratio"] < 1.2   # 80 of 100 were shown


@pytest.mark.parametrize("recipe", quality.RECIPES)
def test_a_training_gives_scores_at_every_mark(recipe, monkeypatch):
    monkeypatch.setattr(quality, "FAKES", 50)
    run = Run("digits", 16, recipe, 0, (64, 128), by_images=True)
    first, second = quality.train(run)
    assert set(quality.SCORES.values()) <= first.keys() and first["factors"].keys() == {"digit"}
    assert first["frechet_distance"] != second["frechet_distance"]


def invented(run):
    """Return scores that rise with the seed, to see which ones are reported."""
    score = {name: float(run.seed) for name in quality.SCORES.values()}
    questions = ("digit",) if run.data == "digits" else (*quality.MOUTH, "hat")
    return [{**score, "factors": dict.fromkeys(questions, 1.0 + run.seed), "histogram": [0.1] * 10,
             "copies": {"ratio": 1.0, "share": 0.5}} for _ in run.marks]


@pytest.mark.parametrize("quick", [True, False])
def test_every_figure_is_there_and_the_worst_seed_is_named(quick, monkeypatch):
    monkeypatch.setattr(quality, "train_all", lambda runs: {run: invented(run) for run in runs})
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    found = {figure.key: figure for figure in quality.measure(quick)}
    assert tuple(found) == quality.KEYS
    last = (quality.QUICK_SEEDS if quick else quality.SEEDS) - 1
    assert found["digits16_fd_20s_worst"].value == last
    assert found["digits16_precision_20s_worst"].value == 0
    assert found["digits16_fd_20s_textbook_median"].value == last / 2
    assert (found["faces32_fd_120s_median"].value is None) == quick
    assert found["faces32_mouth_factor_120s_worst"].value == (None if quick else 1 + last)
    assert (found["digits16_copy_share_median"].value is None) == quick
    assert found["digits16_seeds"].value == last + 1
    assert found["digits16_class_9_share_20s_textbook_median"].value == 0.1
    assert found["equal_images_32px_fd_ratio"].value == (None if quick else 1)
    assert found[quality.GPU_KEY].value is None and "GPU" in found[quality.GPU_KEY].note
    json.dumps([figure.value for figure in found.values()], allow_nan=False)


def test_the_time_to_a_distance_ends_when_it_is_reached(monkeypatch):
    monkeypatch.setattr(quality, "FAKES", 60)
    cpu = torch.device("cpu")
    samples = data.load("faces", n=80, device=cpu)
    monkeypatch.setattr(quality.data, "load", lambda *_, **__: samples)
    assert 0 < quality.seconds_to_reach(math.inf, cpu, seed=0, steps=1) < math.inf
    assert quality.seconds_to_reach(0.0, cpu, seed=0, steps=1, limit=0.01) is None


@pytest.mark.parametrize("seconds, value", [([4.0, 3.0, 8.0, 5.0, 6.0], 5.0),
                                            ([4.0, None, 8.0, 5.0, 6.0], None)])
def test_where_there_is_a_gpu_its_time_to_the_cpus_quality_is_the_figure(
        seconds, value, monkeypatch):
    run = Run("faces", 32, "course", 3, quality.FACE_SECONDS)
    asked = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(quality, "seconds_to_reach", lambda target, device, seed: asked.append(
        (target, device)) or seconds[seed])
    figure, = quality.gpu_figures({run: invented(run)})
    assert asked == [(3.0, quality.GPU)] * 5
    assert figure.value == value and (value is not None or "by 1 of 5 seeds" in figure.note)
    json.dumps(figure.value, allow_nan=False)


@pytest.mark.parametrize("kind, size, name", [
    ("digits", 32, "digits"), ("faces", 32, "faces"), ("faces", 64, "faces64")])
def test_the_bench_plays_the_game_of_the_generators_that_ship(kind, size, name):
    card = checkpoints.card(name)
    game = course.game(data.load(kind, size=size, n=20, device="cpu"))
    assert str(game.G) == str(models.ConvGenerator(**card["arguments"]))
    assert game.D.layers[0].out_channels == card["discriminator"].get("width", 32)
    assert game.r1 == card["game"].get("r1", 1)


def test_the_bench_plays_the_game_that_notebook_04_plays():
    notebook = notebook_files.read(notebook_files.ROOT / "notebooks/04_alternating_training.ipynb")
    cell, = (cell.source for cell in notebook.cells if "game.play(seconds=40" in cell.source)
    names = {"torch": torch, "data": data, "models": models, "training": training}
    exec(cell.partition("history = game.play")[0], names)
    of_notebook, of_bench = names["game"], course.game(names["digits"])
    for name in ("batch_size", "d_steps", "r1", "r1_every", "smooth", "decay", "bfloat16",
                 "loss_function"):
        assert getattr(of_notebook, name) == getattr(of_bench, name), name
    for name in ("optimizer_D", "optimizer_G"):
        assert getattr(of_notebook, name).defaults == getattr(of_bench, name).defaults, name
    for name in ("D", "G"):                             # the same layers with the same weights
        assert str(getattr(of_notebook, name)) == str(getattr(of_bench, name)), name
        assert torch.equal(training.weights(getattr(of_notebook, name)),
                           training.weights(getattr(of_bench, name))), name
