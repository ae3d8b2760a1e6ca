"""Games in files: they go on to the bit, and a damaged or crafted file changes nothing."""

import json
import os

import pytest
import torch
from safetensors import safe_open

from game_tools import WRONG, networks, point_game, same
from gan_lib import checkpoints, data, models, training

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def ring():
    return data.load("ring", n=500, device="cpu")


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", n=64, device="cpu")


def refused(game, path, sentence, error=ValueError):
    before = game.state()
    with pytest.raises(error) as caught:
        checkpoints.load_game(game, path)
    text = str(caught.value)
    assert sentence in text and str(path) in text, text
    assert "weights_only" not in text and caught.value.__cause__ is None
    assert same(game.state(), before)


def test_going_on_from_a_file_equals_an_uninterrupted_game(digits, tmp_path, capsys):
    def game(seed):
        return training.Game(*networks(norm=True, seed=seed), digits, batch_size=8, r1_every=3,
                             seed=seed)
    whole, first, fresh = game(1), game(1), game(2)
    whole.play(steps=8, progress=False)
    first.play(steps=4, progress=False)
    file = checkpoints.save_game(first, tmp_path / "game.pt")
    assert checkpoints.load_game(fresh, file) is fresh
    fresh.play(steps=4, progress=False)
    assert len(fresh.history) == 8 and same(fresh.state(), whole.state())
    assert [part.name for part in tmp_path.iterdir()] == ["game.pt"]
    assert capsys.readouterr().out == ""


def test_a_file_says_what_the_game_was_played_on_and_with(ring, tmp_path):
    path = checkpoints.save_game(point_game(ring, steps=2, r1=0.5), str(tmp_path / "game"))
    card = json.loads(safe_open(path, "pt").metadata()["card"])
    assert card["game"]["samples"] == "ring" and card["game"]["settings"]["r1"] == 0.5


@pytest.mark.parametrize("change, sentence", WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_crafted_file_changes_nothing(ring, tmp_path, change, sentence):
    state = point_game(ring, steps=3, seed=1).state()
    change(state)
    path = tmp_path / "game"
    tensors = {name: value.contiguous() for name, value in state["tensors"].items()}
    checkpoints._write(path, tensors, {"game": state["about"]}, {})
    refused(point_game(ring, steps=2), path, f"{path} does not hold a game of these networks. ")


def test_any_changed_byte_is_noticed(ring, tmp_path):
    path = checkpoints.save_game(point_game(ring, steps=2), tmp_path / "game")
    whole, game = path.read_bytes(), point_game(ring)
    for place in range(0, len(whole), 151):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        refused(game, path, "game")                     # a name may have changed, or a number
        path.write_bytes(whole[:place])
        refused(game, path, "is not a whole file of this course: it is damaged")


def test_a_game_on_other_samples_is_refused(ring, tmp_path):
    moons = data.load("moons", n=500, device="cpu")
    path = checkpoints.save_game(point_game(moons, steps=2), tmp_path / "game")
    refused(point_game(ring), path, "It was played on 'moons', but this game is played on 'ring'.")


def test_other_networks_are_refused(ring, tmp_path):
    path = checkpoints.save_game(point_game(ring), tmp_path / "game")
    other = training.Game(models.PointDiscriminator(16), models.PointGenerator(3, 16), ring)
    refused(other, path, "fixed_z must be float32 (16, 3), but it is float32 (16, 2).")


def test_something_else_is_refused(ring, tmp_path):
    game = point_game(ring)
    refused(game, tmp_path / "none", "cannot be read: No such file", FileNotFoundError)
    refused(game, tmp_path, "must be a file, but it is a folder or a device")
    (tmp_path / "text").write_text("no game")
    refused(game, tmp_path / "text", "is not a whole file of this course")
    torch.save({"D": {}, "code": os.system}, tmp_path / "old.pt")
    refused(game, tmp_path / "old.pt", "is damaged, of an older version, or something else")
    refused(game, checkpoints.SHIPPED / "digits16_classifier.safetensors",
            "It is not the state of a game")
    checkpoints.save_game(game, tmp_path / "game.safetensors")
    with pytest.raises(ValueError, match="'network' and 'arguments'. Games are for load_game"):
        checkpoints.load("game", tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(ring, tmp_path):
    os.mkfifo(tmp_path / "game")
    refused(point_game(ring), tmp_path / "game", "must be a file")


def test_what_could_not_be_loaded_is_not_saved(ring, tmp_path):
    game = point_game(ring)
    with torch.no_grad():
        game.average.layers[0].weight[0, 0] = float("nan")
    with pytest.raises(ValueError, match="average.layers.0.weight holds numbers that are NaN"):
        checkpoints.save_game(game, tmp_path / "game")
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_way_and_one_that_is_not_there_are_named(ring, tmp_path):
    with pytest.raises(IsADirectoryError, match="was not written: a folder has this name"):
        checkpoints.save_game(point_game(ring), tmp_path)
    with pytest.raises(FileNotFoundError, match="no such folder. Make it first"):
        checkpoints.save_game(point_game(ring), tmp_path / "nowhere" / "game")


def test_arguments_in_the_wrong_order_are_named(ring, tmp_path):
    path = checkpoints.save_game(point_game(ring), tmp_path / "game")
    for call in (checkpoints.save_game, checkpoints.load_game):
        with pytest.raises(TypeError, match="The game comes first, then the path"):
            call(path, point_game(ring))
