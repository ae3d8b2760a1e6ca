"""The recipe of the generator that is told a sentence, in small: from captions to the card."""

import functools
from dataclasses import replace

import pytest
import torch

from gan_lib import checkpoints, data, recipes, training, words
from gan_lib.recipes import words as recipe


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    monkeypatch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))
    monkeypatch.setattr(recipe, "SCORED", 40)
    recipe.real_faces.cache_clear()
    recipe.unseen.cache_clear()
    yield
    recipe.real_faces.cache_clear()
    recipe.unseen.cache_clear()


def tiny():
    return replace(recipes.RECIPES["faces_by_words"], steps=2, samples=80, encoder_steps=150,
                   generator={"z_dim": 4, "width": 4, "hidden": 16},
                   discriminator={"width": 4, "hidden": 16})


def test_a_tiny_recipe_from_captions_to_the_card(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "seconds_to_learn", lambda kind, seed: {"bag": 1.0}.get(kind, 2.0))
    monkeypatch.setattr(recipe, "lesson", lambda kind, seed: {"obeyed": {kind: seed}})
    monkeypatch.setattr(recipes, "RECIPES", {"faces_by_words": tiny()})
    save = checkpoints.save
    monkeypatch.setattr(recipes.checkpoints, "save", functools.partial(save, folder=tmp_path))
    recipes.make("faces_by_words", seed=3)
    card = checkpoints.card("faces_by_words", tmp_path)
    assert (card["seed"], card["steps"], card["encoder_steps"]) == (3, 2, 150)
    assert card["data"].startswith("faces: 80 ") and "Reed et al., 2016" in card["after"]
    assert card["seconds_until_every_answer_is_99_percent_right"] == {
        "bag": [1.0] * 5, "recurrent": [2.0] * 5}
    assert card["scores"]["agreement_where_the_caption_says_it"].keys() \
        == words.sentences.ANSWERS.keys()
    assert card["scored_by"].startswith("faces_classifier and gaze_classifier")
    assert card["pairs_for_D"] == {"steps": recipe.TURNS, **{
        kind: [{"obeyed": {kind: seed}} for seed in range(5)]
        for kind in ("mismatched", "no mismatched")}}
    network = checkpoints.load("faces_by_words", tmp_path)
    seen = words.understood(network.encoder.read(["A sad person with a blue shirt and a cap."])[0])
    assert (seen["shirt"], seen["hat"]) == ("blue", "cap")
    assert network(torch.randn(2, 4), ["a cap"] * 2).shape == (2, 3, 32, 32)


def test_the_encoder_is_taught_to_leave_open_what_a_short_sentence_does_not_say():
    faces = data.load("faces", n=400, seed=2, device="cpu")
    y = recipe.taught(faces, "bag", 600, seed=0).read(["A person with red hair.",
                                                       "A sad person with tan skin."])
    skin = y.split(words.COUNTS, 1)[0]
    assert skin[0].max() < 0.6 and skin[1].max() > 0.8
    assert y.split(words.COUNTS, 1)[2][0].argmax() == 2  # red


def test_fakes_are_asked_for_captions_that_no_training_saw():
    used, unseen = recipe.real_faces(32, 50, 1, 0).faces, recipe.unseen(32, 50, 1)
    assert not torch.isin(unseen.attributes["smile"], used.attributes["smile"]).any()


def test_the_lesson_s_games_differ_in_nothing_but_the_pairs(monkeypatch):
    monkeypatch.setattr(recipe, "TURNS", 2)
    played, play = {}, training.Game.read
    monkeypatch.setattr(training.Game, "read", lambda game: played.update(
        {type(game).__name__: game}) or play(game))
    found = {kind: recipe.lesson(kind, 3, width=4, samples=60) for kind in recipe.GAMES}
    assert set(played) == {"MatchingGame", "DescribedGame"}
    first, second = played.values()
    assert first.steps == second.steps == 2 and first.samples is second.samples
    assert (first.r1, first.batch_size) == (second.r1, second.batch_size)
    assert found["mismatched"] != found["no mismatched"]
    for scores in found.values():
        assert scores.keys() == {"obeyed", "heard"}
        assert all(shares.keys() == words.sentences.ANSWERS.keys() for shares in scores.values())
    assert recipe.lesson("mismatched", 3, width=4, samples=60) == found["mismatched"]


def test_a_tiny_judge_of_up_and_down_from_data_to_card():
    tiny = replace(recipes.RECIPES["gaze_classifier"], samples=300, steps=5, width=4)
    network, about = tiny.make(seed=2)
    assert about["arguments"]["questions"] == {"gaze_y": 3}
    faces = data.load("faces", n=300, seed=2, device="cpu")
    held_out = faces.split(0.9, 2)[1]
    seen = network(held_out.scaled())["gaze_y"].argmax(1)
    height = held_out.attributes["gaze_y"]
    share = (seen == (height > -0.3).long() + (height > 0.3)).float().mean().item()
    assert about["scores"]["held_out_accuracy"] == {"gaze_y": pytest.approx(share, abs=1e-3)}


@pytest.mark.parametrize("kind", words.ENCODERS)
def test_the_clock_stops_when_the_words_are_learnt(kind, monkeypatch):
    shares = iter([0.5, 0.98, 0.995])
    monkeypatch.setattr(words, "right_shares", lambda *_: {"skin": 1.0, "hat": next(shares)})
    assert recipe.seconds_to_learn(kind, 0) > 0
    with pytest.raises(StopIteration):
        next(shares)
    monkeypatch.setattr(words, "right_shares", lambda *_: {"skin": 0.5})
    monkeypatch.setattr(recipe, "LONGEST", 0.05)
    assert recipe.seconds_to_learn(kind, 0) is None
