"""The yardstick of the bench, and the counting behind its figures. No speed is asserted here."""

import copy

import pytest
import torch
from torch import nn

from bench import textbook, throughput
from gan_lib import data, models, training


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", size=16, n=40, device="cpu")


def test_the_textbook_plays_steps_over_several_epochs_and_ends_its_workers(digits):
    with textbook.TextbookGame(digits, z_dim=8, width=4, batch_size=16) as game:
        before = [training.weights(network) for network in (game.D, game.G)]
        for _ in range(5):                       # an epoch has two whole batches
            game.step()
        assert game.steps == 5 and game.images_seen == 80
        assert all(training.change(old, new) > 0 for old, new in zip(before, (game.D, game.G)))
        assert game.cpu_seconds() > 0
        assert len(game.workers) == textbook.WORKERS
        judged = game.D(digits.scaled())
        assert judged.shape == (40,) and (judged > 0).all() and (judged < 1).all()
    assert not any(worker.is_running() for worker in game.workers)


def test_the_same_seed_gives_the_same_textbook(digits):
    ends = []
    for _ in range(2):
        with textbook.TextbookGame(digits, z_dim=8, width=4, batch_size=16, seed=3) as game:
            for _ in range(3):
                game.step()
            ends.append(training.weights(game.G))
    assert torch.equal(*ends)


def test_a_step_of_the_textbook_is_the_courses_two_half_steps(digits):
    """The same work: only the way to the same weights differs."""
    real = digits.scaled()[:16]
    with textbook.TextbookGame(digits, z_dim=8, width=4, batch_size=16) as book:
        D, G = copy.deepcopy(book.D[0]), copy.deepcopy(book.G)
        before = [training.weights(network) for network in (D, G)]
        book.batches = iter([(real,)])
        torch.manual_seed(1)
        book.step()
    torch.manual_seed(1)
    z = torch.randn(16, 8)
    optimizers = [torch.optim.Adam(network.parameters(), textbook.LR, textbook.BETAS)
                  for network in (D, G)]
    training.discriminator_step(D, G, real, z, optimizers[0])
    training.generator_step(D, G, z, optimizers[1])
    for old, own, theirs in zip(before, (D, G), (book.D, book.G)):
        moves = training.weights(own) - old, training.weights(theirs) - old
        assert torch.cosine_similarity(*moves, dim=0) > 0.99


def test_the_networks_at_32_px_have_the_textbooks_size():
    D, G = textbook.networks(32, 1, throughput.Z_DIM, throughput.WIDTH)
    assert round(models.parameters(G) / 1e6, 2) == 1.07
    assert round(models.parameters(D) / 1e6, 2) == 0.66
    for network in (D, G):
        layers = [layer for layer in network.modules() if hasattr(layer, "weight")]
        for layer, following in zip(layers, layers[1:]):
            assert (layer.bias is None) == isinstance(following, nn.BatchNorm2d)
        assert sum(layer.bias is None for layer in layers) >= 2 and layers[-1].bias is not None


def test_both_games_train_the_same_networks(digits):
    same = throughput.same_game(digits, batch_size=16)
    with throughput.textbook_game(digits, batch_size=16) as book:
        assert torch.equal(training.weights(same.G), training.weights(book.G))
        assert torch.equal(training.weights(same.D), training.weights(book.D))
        assert isinstance(book.D[-1], nn.Sigmoid)
    assert same.r1 == 0


def test_the_games_take_turns(digits, monkeypatch):
    monkeypatch.setattr(throughput, "TURN", 0.01)
    times = throughput.take_turns(digits, batch_size=16, rounds=2)
    assert list(times) == ["textbook", "same", "course"]
    assert all(len(seconds) == 2 and min(seconds) > 0 for seconds in times.values())
    assert throughput.ratios({"textbook": [2.0, 3.0], "same": [1.0, 6.0]}, "same") == [2.0, 0.5]


def test_a_turn_has_whole_cycles_of_r1():
    played = []
    throughput.timed_turn(played.append, throughput.CPU, cycle=4)()
    assert played[:2] == [4, 4] and played[2] % 4 == 0


def test_the_arithmetic_of_a_convolution_is_counted_there_and_back():
    train = throughput.convolution(3, 5, kernel=3, stride=1, side=4, dtype=torch.float32,
                                   layout=torch.channels_last)
    forward = 2 * 64 * 5 * 4 * 4 * 3 * 3 * 3
    assert throughput.flops(train) == 3 * forward  # the outputs, the weights', the inputs' gradient


@pytest.fixture
def cpu_as_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "a stand-in")
    monkeypatch.setattr(throughput, "GPU", throughput.CPU)


def test_where_there_is_a_gpu_its_ratios_are_measured_at_64_px_and_batch_128(
        cpu_as_gpu, monkeypatch):
    asked = []
    monkeypatch.setattr(throughput, "take_turns", lambda samples, batch_size, rounds: asked.append(
        (samples.size, batch_size)) or {"textbook": [6.0, 9.0, 8.0], "same": [3.0, 3.0, 2.0],
                                        "course": [1.0, 1.0, 2.0]})
    course, same = throughput.compare_on_gpu()
    assert asked == [(64, 128)]
    assert (course.key, course.value, course.at_least) == (throughput.GPU_KEYS[0], 6.0, 5.0)
    assert (same.key, same.value) == (throughput.GPU_KEYS[1], 3.0)
    assert course.note == "a stand-in"


def test_every_figure_has_a_key_of_its_own():
    assert len(set(throughput.KEYS)) == len(throughput.KEYS)
    assert {"throughput_same_ratio_32px", "throughput_course_ratio_32px", "conv_peak_share_32px",
            "throughput_gpu_ratio_64px_b128"} <= set(throughput.KEYS)
    skipped = throughput.not_measured(throughput.HEADLINE.keys, "why")
    assert all(figure.value is None and figure.note == "why" for figure in skipped)
