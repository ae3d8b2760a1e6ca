"""The race of five kinds of GANs: how each contender is trained, and what its card says."""

import json
import statistics
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from gan_lib import checkpoints, data, growing, latent, metrics
from gan_lib.recipes import race

EXIF_ORIENTATION = 274
SMALL = {"race_2014": {"width": 4}, "race_2015": {"width": 4, "hidden": 0, "batch_norm": True},
         "race_2017": {"width": 2, "hidden": 8}, "race_2018": {"width": 2},
         "race_course": {"width": 4, "hidden": 8}}


def small(name, **changes):
    """Return the contender with small networks."""
    recipe, own = race.RECIPES[name], SMALL[name]
    return replace(recipe, generator={"z_dim": 4, **own}, discriminator={
        **recipe.discriminator, **{key: own[key] for key in ("width", "hidden") if key in own}},
        game={**recipe.game, "batch_size": 4}, **changes)


@pytest.fixture
def photographs(tmp_path):
    """A folder of JPEGs of several shapes, one of them turned by its EXIF entry."""
    random = np.random.default_rng(0)
    for number, shape in enumerate([(40, 50, 3), (64, 36, 3), (33, 33, 3), (48, 48, 3)]):
        picture = Image.fromarray(random.integers(0, 256, shape, np.uint8))
        exif = picture.getexif()
        exif[EXIF_ORIENTATION] = 6 if number == 1 else 1
        picture.save(tmp_path / f"{number}.jpg", exif=exif)
    return data.pictures(tmp_path, size=32, device="cpu")


def test_the_contenders_of_the_race_stand_in_the_order_of_their_years():
    assert list(race.CONTENDERS) == ["2014", "2015", "2017", "2018", "course"]
    assert [name for name, recipe in race.CONTENDERS.items() if recipe.grows] == ["2017"]


@pytest.mark.parametrize("name", SMALL)
def test_every_contender_plays_with_a_folder_of_photographs(name, photographs):
    contender = small(name)
    game = contender.begin(photographs)
    before = [weight.clone() for weight in game.G.parameters()]
    contender.turn(game, 1.0)
    game.read()
    assert game.steps == 1 and game.fakes().shape == (16, 3, 32, 32)
    assert any(not torch.equal(old, new) for old, new in zip(before, game.G.parameters()))


def test_one_contender_grows_with_the_share_of_its_training(photographs):
    contender = small("race_2017")
    game = contender.begin(photographs)
    for share in (0.0, 0.15, 1.0):
        contender.turn(game, share)
        assert game.G.grown == game.D.grown == growing.grown_at(share)


def test_the_same_seed_begins_with_the_same_networks(photographs):
    contender = small("race_2018")
    first, again, other = (contender.begin(photographs, seed).G.mapping[0].weight
                           for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_a_card_holds_the_scores_of_all_seeds_and_ships_the_first(monkeypatch, photographs):
    scores = iter([{"frechet_distance": value, "precision": 0.5, "recall": 0.1}
                   for value in (30.0, 10.0, 20.0)])
    judged = []
    monkeypatch.setattr(race.Contender, "judged",
                        lambda self, G, real: judged.append(G) or next(scores))
    monkeypatch.setattr(race.Contender, "real", lambda self, seed: photographs)
    G, card = small("race_course", steps=2, seeds=3).make(seed=5)
    assert G is judged[0] and len(judged) == 3
    assert [run["seed"] for run in card["runs"]] == [5, 6, 7]
    floor = card["scores"].pop("frechet_distance_of_two_real_halves")
    assert floor > 0 and card["scores"] == {
        "frechet_distance": 30.0, "precision": 0.5, "recall": 0.1,
        "frechet_distance_median": 20.0, "frechet_distance_worst": 30.0}
    json.dumps(card)


def test_fakes_are_judged_as_the_metrics_do():
    faces = data.load("faces", n=60, device="cpu")
    G = small("race_2017").begin(faces).average
    judge = checkpoints.load("faces_classifier")
    real = metrics.features(judge, faces.scaled())
    found = small("race_2017").judged(G, real)
    seen = metrics.features(judge, G(latent.draw(60, 4, seed=1)))
    assert found["frechet_distance"] == pytest.approx(metrics.frechet_distance(real, seen), 1e-3)
    assert (found["precision"], found["recall"]) == pytest.approx(
        metrics.precision_recall(real, seen), abs=1e-4)


@pytest.mark.parametrize("kind", race.CONTENDERS)
def test_the_card_of_a_contender_that_ships_holds_five_seeds(kind):
    card = checkpoints.card(f"race_{kind}")
    found = [run["frechet_distance"] for run in card["runs"]]
    assert [run["seed"] for run in card["runs"]] == [0, 1, 2, 3, 4]
    assert card["scores"]["frechet_distance"] == found[0]
    assert card["scores"]["frechet_distance_median"] == statistics.median(found)
    assert all(run["cpu_seconds"] > 0 for run in card["runs"])


@pytest.mark.parametrize("name", ["race_2017", "race_2018"])
def test_a_stored_network_is_as_good_as_its_card_says(name):
    faces = data.load("faces", n=1000, seed=1, device="cpu").scaled()
    real = metrics.features(checkpoints.load("faces_classifier"), faces)
    found = race.RECIPES[name].judged(checkpoints.load(name), real)["frechet_distance"]
    said = checkpoints.card(name)["scores"]["frechet_distance"]
    assert found == pytest.approx(said, rel=0.25)  # other samples, fewer of them
