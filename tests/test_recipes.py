import functools
import json
from dataclasses import replace

import pytest
import torch

from gan_lib import checkpoints, conditioning, data, metrics, models, recipes, training
from gan_lib.recipes.classifiers import ClassifierRecipe
from gan_lib.recipes.generators import GeneratorRecipe


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to save in, and to load from, in place of the course's own."""
    monkeypatch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))
    for name in ("save", "load"):
        there = functools.partial(getattr(checkpoints, name), folder=tmp_path)
        monkeypatch.setattr(recipes.checkpoints, name, there)
    return tmp_path


def test_every_recipe_can_be_built_and_names_a_classifier_with_its_question():
    for name, recipe in recipes.RECIPES.items():
        if not isinstance(recipe, GeneratorRecipe):
            continue
        judge = recipes.RECIPES[recipe.classifier]
        assert isinstance(judge, ClassifierRecipe)
        assert judge.data == recipe.data and judge.size <= recipe.size  # larger ones are shrunk
        samples = data.load(recipe.data, recipe.size, n=10, device="cpu")
        assert recipe.question in conditioning.answers(samples)
        common = {"size": recipe.size, "channels": samples.channels}
        G = checkpoints.BUILDERS[f"{recipe.kind}Generator"](**recipe.generator, **common)
        kind_D = getattr(recipe, "kind_D", recipe.kind)
        D = checkpoints.BUILDERS[f"{kind_D}Discriminator"](**recipe.discriminator, **common)
        training.Game(D, G, samples, **recipe.game)
        names = list(recipes.RECIPES)
        assert names.index(recipe.classifier) < names.index(name)   # `all` makes it first


def test_an_unknown_recipe_is_refused(folder):
    for name in ("", "digit", None):
        with pytest.raises(ValueError, match="name must be one of 'digits_classifier', "):
            recipes.make(name)
    assert not list(folder.iterdir())


def test_two_tiny_recipes_from_data_to_card(folder, monkeypatch, capsys):
    tiny = {
        "digits_classifier": replace(recipes.RECIPES["digits_classifier"], size=16, width=4,
                                     steps=60, samples=400),
        "digits": replace(recipes.RECIPES["digits"], size=16, steps=3, samples=60,
                          generator={"z_dim": 4, "width": 4}, discriminator={"width": 4})}
    monkeypatch.setattr(recipes, "RECIPES", tiny)
    for name in tiny:
        recipes.make(name, seed=1)
    assert checkpoints.shipped() and sorted(path.name for path in folder.iterdir()) == [
        "digits.safetensors", "digits_classifier.safetensors"]
    for name, recipe in tiny.items():
        card = checkpoints.card(name, folder)
        assert (card["seed"], card["steps"]) == (1, recipe.steps)
        assert card["made_by"] == f"python -m gan_lib.recipes {name}"
        assert card["data"].startswith(f"digits: {recipe.samples} grey images of 16x16 px")
        assert {"scores", "wall_seconds", "cpu_seconds", "machine", "licence"} <= card.keys()
    found = checkpoints.card("digits", folder)
    assert found["discriminator"] == {"width": 4} and found["game"] == tiny["digits"].game
    assert {"frechet_distance", "precision", "recall", "confident_share", "smallest_class_share",
            "frechet_distance_of_two_real_halves"} == found["scores"].keys()
    assert "safetensors" in capsys.readouterr().out
    G = recipes.checkpoints.load("digits")
    assert G(torch.randn(2, 4)).shape == (2, 1, 16, 16)
    accuracy = checkpoints.card("digits_classifier", folder)["scores"]["held_out_accuracy"]
    assert 0.15 < accuracy["digit"] <= 1                # better than a guess


def test_a_recipe_after_a_paper_makes_its_kind_of_networks_and_says_so_on_the_card(monkeypatch):
    monkeypatch.setattr(GeneratorRecipe, "score", lambda *_: {})
    recipe = replace(recipes.RECIPES["faces_2014"], steps=2, samples=20,
                     generator={"z_dim": 4, "width": 4}, discriminator={"width": 4})
    G, card = recipe.make()
    assert type(G) is models.FullyConnectedGenerator
    assert card["after"].startswith("Goodfellow et al., 2014: a small version.")
    json.dumps(card)


def test_a_generator_of_larger_pictures_is_scored_at_the_classifiers_size(folder, monkeypatch):
    torch.manual_seed(0)
    judge = models.Classifier({"digit": 10}, 16, width=4).eval()
    checkpoints.save("judge", judge, {"questions": {"digit": 10}, "size": 16, "width": 4})
    samples = data.load("digits", 32, n=50, device="cpu")
    G = models.ConvGenerator(4, 32, width=4)
    recipe = replace(recipes.RECIPES["digits"], classifier="judge")
    seen = []
    monkeypatch.setattr(metrics, "scores", lambda _, real, fake, question: seen.append(
        (real, fake, question)) or {"frechet_distance": 1.0})
    found = recipe.score(G, samples)
    (real, fake, question), = seen
    smaller = torch.nn.functional.interpolate(samples.scaled(), size=(16, 16), mode="bilinear",
                                              antialias=True)
    torch.testing.assert_close(real, smaller)
    assert fake.shape == (50, 1, 16, 16) and question == "digit"
    assert found.keys() == {"frechet_distance", "frechet_distance_of_two_real_halves"}


def test_the_learning_rate_falls_to_0_at_the_end(folder, monkeypatch):
    rates = []
    step = training.Game.step

    def watched(game):
        rates.append((game.optimizer_D.param_groups[0]["lr"],
                      game.optimizer_G.param_groups[0]["lr"]))
        step(game)
    monkeypatch.setattr(training.Game, "step", watched)
    monkeypatch.setattr(GeneratorRecipe, "score", lambda *_: {})
    recipe = replace(recipes.RECIPES["digits"], size=16, steps=4, samples=30,
                     generator={"z_dim": 4, "width": 4}, discriminator={"width": 4},
                     game={"lr": 1e-3})
    recipe.make()
    assert [rate for rate, _ in rates] == pytest.approx([1e-3, 1e-3, 1e-3, 5e-4])
    assert all(first == second for first, second in rates)


def test_an_earlier_stage_is_the_beginning_of_a_later_one(folder, monkeypatch):
    monkeypatch.setattr(GeneratorRecipe, "score", lambda *_: {})
    step, seen = training.Game.step, {}

    def watched(game):
        step(game)
        seen[game.steps] = {key: value.clone() for key, value in game.average.state_dict().items()}
    monkeypatch.setattr(training.Game, "step", watched)
    tiny = replace(recipes.RECIPES["digits_stage_1"], size=16, samples=40,
                   generator={"z_dim": 4, "width": 4, "hidden": 8}, discriminator={"width": 4})
    replace(tiny, steps=5).make(seed=2)
    G, card = replace(tiny, steps=3).make(seed=2)
    assert all(torch.equal(value, seen[3][key]) for key, value in G.state_dict().items())
    assert not torch.equal(seen[3]["layers.0.weight"], seen[5]["layers.0.weight"])
    assert card["arguments"] == {**tiny.generator, "size": 16, "channels": 1}


def test_the_stages_differ_in_their_turns_alone_and_each_is_better_than_the_one_before():
    stages = [f"digits_stage_{number}" for number in (1, 2, 3, 4)]
    one, *others = (replace(recipes.RECIPES[name], steps=1) for name in stages)
    assert all(other == one for other in others)
    cards = [checkpoints.card(name) for name in stages]
    turns = [card["steps"] for card in cards]
    assert turns == sorted(set(turns))
    distances = [card["scores"]["frechet_distance"] for card in cards]
    assert all(later < earlier / 1.5 for earlier, later in zip(distances, distances[1:]))


def test_the_same_seed_makes_the_same_classifier(folder):
    recipe = replace(recipes.RECIPES["digits_classifier"], size=16, width=4, steps=5, samples=100)
    first, again, other = (recipe.make(seed)[0].state_dict()
                           for seed in (0, 0, 1))
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert not torch.equal(first["layers.0.weight"], other["layers.0.weight"])
