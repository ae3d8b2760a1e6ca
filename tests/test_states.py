"""A game goes back to a state to the bit, and nothing else comes in."""

import copy
import math
import signal

import pytest
import torch

from game_tools import WRONG, networks, point_game, same
from gan_lib import data, states, training

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def ring():
    return data.load("ring", n=500, device="cpu")


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", n=64, device="cpu")


# ---- going back

def test_a_state_can_be_gone_back_to_again_and_again(ring, capsys):
    game = point_game(ring, steps=3)
    state = game.state()
    kept = copy.deepcopy(state)
    ends = []
    for _ in range(2):
        game.load_state(state)
        assert game.steps == 3
        game.play(steps=3, progress=False)
        ends.append(game.state())
        for mine in (game.fixed_z, game.history.pictures[0][1], *game.D.parameters()):
            mine.data.zero_()                           # what is done to the game stays there
    assert same(ends[0], ends[1]) and same(state, kept)
    assert not same(ends[0]["tensors"], kept["tensors"]) and capsys.readouterr().out == ""


@pytest.mark.parametrize("steps", [0, 1])
def test_a_state_may_be_of_the_first_step_on(ring, steps):
    game, whole = point_game(ring, seed=3), point_game(ring, steps=steps + 4)
    game.play(steps=5, progress=False)                  # is forgotten
    game.load_state(point_game(ring, steps=steps).state())
    assert game.steps == steps
    game.play(steps=4, progress=False)
    assert same(game.state(), whole.state())
    assert game.history.loss_D == whole.history.loss_D
    assert [step for step, _ in game.history.pictures] == \
        [step for step, _ in whole.history.pictures]
    assert all(type(value) is float for value in game.history.loss_D)


def test_what_adam_remembers_lies_in_memory_as_the_weights_do(digits):
    # The fused Adam goes through both in the order of memory, without a look at the shapes.
    first = training.Game(*networks(), digits, batch_size=4, bfloat16=False)
    first.play(steps=2, progress=False)
    game = training.Game(*networks(seed=1), digits, batch_size=4, bfloat16=False)
    game.load_state(first.state())
    weight = game.D.layers[2].weight
    for network, kept in ((first, first.D.layers[2].weight), (game, weight)):
        for value in network.optimizer_D.state[kept].values():
            assert value.dim() == 0 or value.stride() == kept.stride() != kept.contiguous().stride()
    assert same(game.state(), first.state())


def test_a_game_that_broke_down_can_go_back(ring):
    game = point_game(ring, steps=2)
    kept = game.state()
    with torch.no_grad():
        game.D.layers[0].weight.fill_(math.nan)
    game.step()                                         # its loss, NaN, was not read yet
    game.load_state(kept)
    assert same(game.state(), kept)


def test_samples_of_ones_own_need_no_name_and_no_length():
    class Line:
        device = torch.device("cpu")

        def batch(self, n, generator=None):
            return torch.rand(n, 1, generator=generator).repeat(1, 2)
    state = point_game(Line(), steps=2).state()
    game = point_game(Line())
    game.load_state(state)
    assert same(game.state(), state) and state["about"]["samples"] == "Line"


# ---- settings and devices

def test_the_games_own_settings_are_kept_and_the_change_is_said(ring, capsys):
    state = point_game(ring, steps=2, lr=1e-3, r1=2.0, loss="minimax").state()
    game = point_game(ring, lr=5e-4)
    for optimizer in (game.optimizer_D, game.optimizer_G):
        optimizer.schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / 2)
    game.load_state(state)
    assert game.optimizer_D.param_groups[0]["lr"] == 2.5e-4 and game.r1 == 1.0
    assert capsys.readouterr().out.splitlines() == [
        "This game keeps its own r1, 1.0; the stored one had 2.0.",
        "This game keeps its own loss, non_saturating_loss; the stored one had minimax_loss.",
        "This game keeps its own lr of D, 0.00025; the stored one had 0.001.",
        "This game keeps its own lr of G, 0.00025; the stored one had 0.001."]
    game.play(steps=2, progress=False)


@pytest.mark.parametrize("length", [16, 5056, 44])      # of a GPU's random state: 16 bytes
def test_a_game_of_another_device_goes_on_with_new_random_numbers(ring, capsys, length):
    state = point_game(ring, steps=3, seed=4).state()
    state["about"]["device"] = "cuda"
    state["tensors"]["random"] = torch.ones(length, dtype=torch.uint8)
    game = point_game(ring)
    random = game.random.get_state()
    game.load_state(state)
    said = capsys.readouterr().out
    assert said == ("This game was stored on cuda and goes on on cpu: all came over but the random "
                    "numbers, which are new.\n")
    assert torch.equal(game.random.get_state(), random)
    now = game.state()
    for one in (now, state):
        del one["tensors"]["random"], one["about"]["device"]
    assert same(now, state)
    game.play(steps=2, progress=False)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_game_goes_from_the_gpu_to_the_cpu_and_back(capsys):
    games = {device: point_game(data.load("ring", n=500, device=device), steps=3)
             for device in ("cpu", "cuda")}
    for here, there in (("cpu", "cuda"), ("cuda", "cpu")):
        state = games[here].state()
        assert all(value.device.type == "cpu" for value in state["tensors"].values())
        fresh = point_game(data.load("ring", n=500, device=there))
        fresh.load_state(state)
        assert f"was stored on {here}" in capsys.readouterr().out
        now = fresh.state()["tensors"]
        assert all(torch.equal(now[name], value) for name, value in state["tensors"].items()
                   if name != "random")
        fresh.play(steps=2, progress=False)


# ---- what is refused

@pytest.mark.parametrize("change, sentence", WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_wrong_state_changes_nothing(ring, change, sentence):
    state = point_game(ring, steps=3, seed=1).state()
    change(state)
    game = point_game(ring, steps=2)
    before = game.state()
    with pytest.raises(ValueError) as caught:
        game.load_state(state)
    assert sentence in str(caught.value)
    assert same(game.state(), before)


@pytest.mark.parametrize("state", [None, [], {}, 3, {"about": 1, "tensors": 2}])
def test_what_is_no_state_is_refused(ring, state):
    with pytest.raises(ValueError, match="It is not the state of a game"):
        point_game(ring).load_state(state)


def test_the_state_of_larger_networks_is_refused(ring, digits):
    game = point_game(ring)
    with pytest.raises(ValueError, match="It was played on 'digits', but this game"):
        game.load_state(training.Game(*networks(), digits, batch_size=4).state())


def test_an_optimizer_of_ones_own_cannot_be_stored(ring):
    game = point_game(ring)
    game.optimizer_G = torch.optim.SGD(game.G.parameters(), 0.1, momentum=0.9)
    game.step()
    with pytest.raises(TypeError, match="are Adam, as it made them, but that of G is SGD"):
        game.state()


def test_an_interrupt_waits_until_all_has_come_over(ring, monkeypatch):
    state = point_game(ring, steps=3, seed=1).state()
    game = point_game(ring)
    load = type(game.D).load_state_dict

    def interrupted(self, values):
        signal.raise_signal(signal.SIGINT)
        return load(self, values)
    monkeypatch.setattr(type(game.D), "load_state_dict", interrupted)
    with pytest.raises(KeyboardInterrupt):
        game.load_state(state)
    assert same(game.state(), state)


def test_a_state_is_checked_without_a_change_to_the_game(ring):
    game = point_game(ring, steps=2)
    before = game.state()
    states.check(game, point_game(ring, steps=3, seed=1).state())
    assert same(game.state(), before)
