import errno
import json
import math

import pytest
import torch
from safetensors import safe_open
from torch import nn

from gan_lib import (
    checkpoints,
    conditioning,
    data,
    latent,
    metrics,
    models,
    recipes,
    sentences,
    words,
)
from gan_lib.recipes.classifiers import accuracies

ROUND_TRIPS = [
    (models.ConvGenerator, {"z_dim": 6, "size": 32, "channels": 3, "width": 4, "up": "resize"}),
    (models.ConvGenerator, {"z_dim": 6, "width": 4, "batch_norm": True}),
    (models.ConvGenerator, {"z_dim": 6, "width": 4, "hidden": 0}),
    (models.ConvDiscriminator, {"width": 4, "hidden": 10}),
    (models.FullyConnectedGenerator, {"z_dim": 6, "width": 8}),
    (models.ConvDiscriminator, {"size": 32, "width": 4, "spectral_norm": True}),
    (models.FullyConnectedDiscriminator, {"width": 8}),
    (models.Classifier, {"questions": {"digit": 10, "hat": 2}, "width": 4})]
NAMES = set(recipes.RECIPES)


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    monkeypatch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))


@pytest.fixture
def small():
    torch.manual_seed(0)
    arguments = {"z_dim": 6, "width": 4}
    return models.ConvGenerator(**arguments), arguments


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ---- networks

@pytest.mark.parametrize("build, arguments", ROUND_TRIPS)
def test_a_network_comes_back_within_half_precision(build, arguments, tmp_path):
    torch.manual_seed(0)
    network = build(**arguments)
    inputs = torch.randn(4, 6) if hasattr(network, "z_dim") else \
        torch.randn(4, *network.sample_shape)
    network(inputs)                                     # moves the statistics of a batch norm
    path = checkpoints.save("net", network, arguments, {"seed": 7}, tmp_path)
    assert path == tmp_path / "net.safetensors" and len(files(tmp_path)) == 1
    loaded = checkpoints.load("net", tmp_path)
    assert type(loaded) is build and not loaded.training
    for (name, value), stored in zip(network.state_dict().items(), loaded.state_dict().values()):
        assert stored.dtype == value.dtype
        torch.testing.assert_close(stored, value, atol=1e-7, rtol=2 ** -11, msg=name)
    assert not any(parameter.requires_grad for parameter in loaded.parameters())
    outputs = [net(inputs) for net in (network.eval(), loaded)]
    outputs = [out if isinstance(out, dict) else {"out": out} for out in outputs]
    assert outputs[0].keys() == outputs[1].keys()
    for name in outputs[0]:
        torch.testing.assert_close(outputs[1][name], outputs[0][name], atol=0.01, rtol=0.01)


def test_a_network_that_played_channels_last_is_stored_in_the_usual_order(tmp_path):
    arguments = {"z_dim": 6, "size": 32, "width": 4}
    G = models.ConvGenerator(**arguments)
    before = {key: value.clone() for key, value in G.state_dict().items()}
    G.to(memory_format=torch.channels_last)
    assert not all(value.is_contiguous() for value in G.parameters())
    checkpoints.save("net", G, arguments, folder=tmp_path)
    for key, value in checkpoints.load("net", tmp_path).state_dict().items():
        assert torch.equal(value, before[key].half().float()) and value.is_contiguous()


def test_the_card_says_how_to_build_and_what_was_said(small, tmp_path):
    about = {"seed": 7, "scores": {"fréchet": 1.5}}
    checkpoints.save("net", *small, about, tmp_path)
    assert checkpoints.card("net", tmp_path) == \
        {"network": "ConvGenerator", "arguments": small[1], **about}


def test_a_name_that_is_not_there_lists_those_that_are(small, tmp_path):
    checkpoints.save("one", *small, folder=tmp_path)
    checkpoints.save("two.v2", *small, folder=tmp_path)
    assert checkpoints.load("two.v2", tmp_path).z_dim == 6
    with pytest.raises(FileNotFoundError, match="no trained network 'three'.*one, two.v2"):
        checkpoints.load("three", tmp_path)
    with pytest.raises(FileNotFoundError, match="There are: none"):
        checkpoints.card("three", tmp_path / "nowhere")


def test_a_card_can_be_read_without_the_course_and_without_the_weights(small, tmp_path):
    path = checkpoints.save("net", *small, {"name": "Zoë"}, tmp_path)
    text = safe_open(path, "pt").metadata()["card"]
    assert json.loads(text) == checkpoints.card("net", tmp_path) and "Zoë" in text
    path.write_bytes(path.read_bytes()[:2000])          # the weights are cut off
    assert json.loads(text) == checkpoints.card("net", tmp_path)
    with pytest.raises(ValueError, match="is not a whole file of this course"):
        checkpoints.load("net", tmp_path)


def test_the_card_cannot_say_how_to_build_another_network(small, tmp_path):
    checkpoints.save("net", *small, {"network": "Classifier", "arguments": {}}, tmp_path)
    assert isinstance(checkpoints.load("net", tmp_path), models.ConvGenerator)


# ---- whole or not at all

@pytest.mark.parametrize("about", [{"seed": torch.tensor(2)}, {"seed": math.nan}, "a word", [1],
                                   {"name": "\ud800"}])
def test_when_the_card_cannot_be_written_the_old_file_stays(small, tmp_path, about):
    checkpoints.save("net", *small, {"seed": 1}, tmp_path)
    before = files(tmp_path)
    with pytest.raises(ValueError, match="A card is a dict of text, finite numbers, lists and dic"):
        checkpoints.save("net", models.ConvGenerator(**small[1]), small[1], about, tmp_path)
    assert files(tmp_path) == before


def test_what_stands_in_the_way_is_named_and_the_old_file_stays(small, tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="net.safetensors was not written: there is no"):
        checkpoints.save("net", *small, folder=tmp_path / "nowhere")
    (tmp_path / "folder.safetensors").mkdir()
    with pytest.raises(IsADirectoryError, match="a folder has this name"):
        checkpoints.save("folder", *small, folder=tmp_path)
    (tmp_path / "folder.safetensors").rmdir()
    checkpoints.save("net", *small, {"seed": 1}, tmp_path)
    before = files(tmp_path)

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(checkpoints.files.os, "fsync", full)
    with pytest.raises(OSError, match="there is no room left. Delete something"):
        checkpoints.save("net", *small, {"seed": 2}, tmp_path)
    assert files(tmp_path) == before


def test_saving_and_loading_a_card_leave_the_random_numbers_alone(small, tmp_path):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    checkpoints.save("net", *small, folder=tmp_path)
    checkpoints.card("net", tmp_path)
    assert torch.equal(torch.rand(3), expected)


# ---- wrong arguments

@pytest.mark.parametrize("arguments", [
    {"z_dim": 7, "width": 4}, {"z_dim": 6, "width": 5}, {"z_dim": 6, "width": 4, "up": "resize"},
    {"depth": 3}, {"z_dim": 6, "width": 4, "hidden": 0}, {"z_dim": 0}, None, [6, 4],
    {"z_dim": 10**12, "width": 4}])
def test_arguments_that_do_not_build_the_network_are_refused(small, tmp_path, arguments):
    with pytest.raises(ValueError, match="do(es)? not build (a|this) ConvGenerator"):
        checkpoints.save("net", small[0], arguments, folder=tmp_path)
    assert not files(tmp_path)


def test_another_kind_of_network_is_refused(tmp_path):
    with pytest.raises(TypeError, match="network must be one of ConvGenerator.*it is Linear"):
        checkpoints.save("net", nn.Linear(2, 2), {}, folder=tmp_path)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e6])
def test_weights_that_half_precision_cannot_hold_are_refused(small, tmp_path, value):
    with torch.no_grad():
        small[0].layers[0].weight[0, 0] = value
    with pytest.raises(ValueError, match="NaN, infinite or, for half"):
        checkpoints.save("net", *small, folder=tmp_path)
    assert not files(tmp_path)


# ---- what ships with the course

def test_the_shipped_names():
    assert set(checkpoints.shipped()) == NAMES
    stored = {path.stem for path in checkpoints.SHIPPED.glob("*.safetensors")}
    assert stored == set(checkpoints.shipped())
    assert len(list(checkpoints.SHIPPED.iterdir())) == len(stored)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_shipped_network_has_a_whole_card(name):
    card = checkpoints.card(name)
    assert card["made_by"] == f"python -m gan_lib.recipes {name}"
    recipe = recipes.RECIPES[name]
    assert card["steps"] == recipe.steps and isinstance(card["seed"], int)
    assert card["data"].startswith(f"{recipe.data}: ")
    assert card["wall_seconds"] > 0 and card["cpu_seconds"] > 0 and card["machine"]
    assert card["licence"]
    numbers = [value for score in card["scores"].values()
               for value in (score.values() if isinstance(score, dict) else [score])]
    assert numbers and all(math.isfinite(value) for value in numbers)


@pytest.mark.parametrize("name", sorted(NAMES - {"heads", "heads_l1"}))  # see test_heads.py
def test_a_shipped_network_is_small_and_gives_finite_answers(name):
    assert (checkpoints.SHIPPED / f"{name}.safetensors").stat().st_size <= 4e6
    network, recipe = checkpoints.load(name), recipes.RECIPES[name]
    channels = {"digits": 1, "faces": 3}[recipe.data]
    if isinstance(network, models.Classifier):
        answers = network(torch.zeros(2, channels, recipe.size, recipe.size))
        assert all(logits.isfinite().all() for logits in answers.values())
    else:
        if isinstance(network, words.FaceFromWords):
            told = [[sentences.EXAMPLE] * 8]
        else:
            told = [torch.arange(8) % network.classes] if network.classes else []
        x = network(latent.draw(8, network.z_dim), *told)
        assert x.shape == (8, channels, recipe.size, recipe.size)
        assert x.isfinite().all() and x.std(0).mean() > 0.05        # pictures, not one picture


@pytest.mark.parametrize("name, size", [("digits_classifier", 32), ("digits16_classifier", 16)])
def test_the_digits_classifiers_are_as_good_as_their_cards_say(name, size):
    claimed = checkpoints.card(name)["scores"]["held_out_accuracy"]["digit"]
    held_out = data.load("digits", size, device="cpu").split(0.9, 0)[1]   # as its recipe splits
    found = accuracies(checkpoints.load(name), held_out)
    assert found["digit"] >= claimed - 0.005 and claimed > 0.97


def test_the_faces_classifier_is_as_good_as_its_card_says_on_faces_it_never_saw():
    claimed = checkpoints.card("faces_classifier")["scores"]["held_out_accuracy"]
    fresh = data.load("faces", 32, n=500, seed=12345, device="cpu")
    found = accuracies(checkpoints.load("faces_classifier"), fresh)
    assert found.keys() == claimed.keys() == conditioning.ANSWERS.keys()
    for question, value in found.items():
        assert value >= claimed[question] - 0.05, question
    assert sum(found.values()) >= sum(claimed.values()) - 0.02 * len(claimed)


def test_the_judge_of_up_and_down_is_as_good_as_its_card_says():
    claimed = checkpoints.card("gaze_classifier")["scores"]["held_out_accuracy"]["gaze_y"]
    fresh = data.load("faces", 32, n=800, seed=54321, device="cpu")
    seen = checkpoints.load("gaze_classifier")(fresh.scaled())["gaze_y"].argmax(1)
    height = fresh.attributes["gaze_y"]      # what looks up has a number below 0
    assert (seen == (height > -0.3).long() + (height > 0.3)).float().mean() >= claimed - 0.03
    assert (seen[height < -0.5] == 0).float().mean() > 0.95 and claimed > 0.9
    assert (seen[height > 0.5] == 2).float().mean() > 0.95


def test_fakes_of_the_shipped_digits_show_all_ten_classes():
    G, classifier = checkpoints.load("digits"), checkpoints.load("digits_classifier")
    fakes = torch.cat([G(z) for z in latent.draw(600, G.z_dim, seed=5).split(100)])
    shares = metrics.class_shares(classifier, fakes, "digit")
    assert (shares > 0.02).all()
    card = checkpoints.card("digits")["scores"]
    assert metrics.confidence(classifier, fakes, "digit") >= card["confident_share"] - 0.06


@pytest.mark.parametrize("name", ["faces", "faces64"])
def test_no_attribute_of_the_shipped_faces_is_much_rarer_or_more_frequent_than_of_real_ones(name):
    G, classifier = checkpoints.load(name), checkpoints.load("faces_classifier")
    fakes = torch.cat([G(z) for z in latent.draw(2000, G.z_dim, seed=5).split(100)])
    fakes = metrics.fitted(classifier, fakes)
    real = data.load("faces", 32, n=2000, seed=3, device="cpu").scaled()
    for question in classifier.answers:
        wanted = metrics.class_shares(classifier, real, question)
        ratio = metrics.class_shares(classifier, fakes, question) / wanted
        assert ratio.min() > 1 / 2.5 and ratio.max() < 2.5, (question, ratio)
    card = checkpoints.card(name)["scores"]
    assert metrics.confidence(classifier, fakes, "hair_style") >= card["confident_share"] - 0.06


def test_fakes_of_captions_show_what_the_captions_say_as_often_as_the_card_says():
    network = checkpoints.load("faces_by_words")
    judge = words.Judges(*map(checkpoints.load, ("faces_classifier", "gaze_classifier")))
    scores = checkpoints.card("faces_by_words")["scores"]["agreement_where_the_caption_says_it"]
    faces = data.load("faces", n=600, seed=4321, device="cpu")
    z = latent.draw(600, network.z_dim, seed=5)
    fakes = torch.cat([network(z[i:i + 100], faces.captions[i:i + 100], seed=i)
                       for i in range(0, 600, 100)])
    found = words.agreement(judge, fakes, faces)
    assert found.keys() == scores.keys() == sentences.ANSWERS.keys()
    for question, share in found.items():
        assert scores[question] >= 0.85 and share >= scores[question] - 0.05, question
