"""The recipe behind the table of the notebook on classes: three games, several seeds, one card."""

import json
from dataclasses import replace

import pytest
import torch

from gan_lib import checkpoints, conditioning, latent, metrics, recipes
from gan_lib.recipes import class_lesson

pytestmark = pytest.mark.usefixtures("one_thread")
GAMES = (("labels", 2), ("no labels", 1), ("mark", 1))
ARGUMENTS = {"z_dim": 16, "width": 4}


@pytest.fixture(scope="module")
def recipe():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(class_lesson, "FAKES", 60)
        patch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))
        yield replace(recipes.RECIPES["digits16_by_class"], samples=80, seeds=2, games=GAMES,
                      generator=ARGUMENTS, discriminator={"width": 4})


@pytest.fixture(scope="module")
def made(recipe):
    return recipe.make(seed=5)


def test_the_card_holds_the_scores_of_every_game_on_every_seed(made):
    G, card = made
    assert card["seeds"] == [5, 6] and card["steps_of_games"] == dict(GAMES)
    assert card["games"].keys() == class_lesson.GAMES.keys()
    assert all(len(scores) == 2 for scores in card["games"].values())
    for kind, scores in card["games"].items():
        for score in scores:
            assert ("agreement" in score) == ("purity" in score) == (kind != "no labels")
    assert card["scores"] == card["games"]["labels"][0] != card["games"]["labels"][1]
    json.dumps(card, allow_nan=False)


def test_the_network_is_the_first_game_with_labels_and_can_be_stored(made, recipe, tmp_path):
    G, card = made
    checkpoints.save("made", G, card["arguments"], folder=tmp_path)
    assert checkpoints.load("made", tmp_path).classes == 10
    again, scores = recipe.play("labels", 2, recipe.real(5), 5)
    assert scores == card["scores"]
    assert all(torch.equal(a, b) for a, b in zip(G.parameters(), again.parameters()))


@pytest.mark.parametrize("kind", class_lesson.GAMES)
def test_fakes_are_scored_as_they_were_asked_for(kind, recipe, monkeypatch):
    monkeypatch.setattr(class_lesson, "FAKES", 60)
    samples = recipe.real(0)
    game = class_lesson.new_game(kind, samples, seed=1, width=4)
    judge = checkpoints.load("digits16_classifier")
    found = class_lesson.scores(kind, game, judge, samples.scaled())
    y = torch.arange(60) % 10
    z = latent.draw(60, game.G.z_dim, seed=1, device="cpu")
    if kind == "mark":
        z[:, :10] = 4 * torch.eye(10)[y]
    x = game.fakes(z, y) if kind == "labels" else game.fakes(z)
    expected = metrics.scores(judge, samples.scaled(), x, "digit")
    assert found["recall"] == round(expected["recall"], 4)
    assert found["frechet_distance"] == pytest.approx(expected["frechet_distance"], abs=1e-2)
    if kind != "no labels":
        agreement = conditioning.agreement(judge, x, {"digit": y})["digit"]
        assert found["agreement"] == round(agreement, 4)
    assert (game.classes == 10) == (kind == "labels")
    assert isinstance(game, conditioning.MarkedGame) == (kind == "mark")
