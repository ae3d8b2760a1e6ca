"""The game as a whole: repeatable, every part can be switched off, odd input is met in words."""

import math

import pytest
import torch

from gan_lib import data, device, models, training

CPU = torch.device("cpu")
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", n=64, device="cpu")


def digit_game(samples, seed=0, D=None, G=None, **arguments):
    torch.manual_seed(seed)
    return training.Game(models.ConvDiscriminator(width=8, **(D or {})),
                         models.ConvGenerator(8, width=8, **(G or {})), samples, seed=seed,
                         **arguments)


def played(game, steps=5):
    return game.play(steps=steps, progress=False)


def numbers(history):
    return torch.tensor([getattr(history, name) for name in training.Game.names])


def largest_difference(history, other):
    return (numbers(history) - numbers(other)).abs().max().item()


# ---- the same again

def test_the_same_seed_gives_the_same_convolutional_history_to_the_bit(digits):
    games = [digit_game(digits, seed, bfloat16=False) for seed in (1, 1, 2)]
    first, again, other = (played(game, 12) for game in games)  # torch's own generator moves on
    assert torch.equal(numbers(first), numbers(again))
    for (step, picture), (_, other_picture) in zip(first.pictures, again.pictures):
        assert torch.equal(picture, other_picture), step
    assert largest_difference(first, other) > 0.01


def test_bfloat16_repeats_itself_and_stays_close_to_float32_at_first(digits):
    half, again = (played(digit_game(digits, 1, bfloat16=True)) for _ in range(2))
    whole = played(digit_game(digits, 1, bfloat16=False))
    assert largest_difference(half, again) < 1e-4
    # bfloat16 keeps 8 bits, so each number is right to about 1/256; over 5 steps that adds up.
    assert 0 < largest_difference(half, whole) < 0.02
    assert largest_difference(whole, played(digit_game(digits, 2, bfloat16=False))) > 0.02


# ---- every part can be switched off

@pytest.mark.parametrize("arguments", [
    {"r1": 0}, {"decay": 0}, {"bfloat16": not device.has_bfloat16(CPU)},
    {"G": {"hidden": 0}}, {"D": {"hidden": 0}},
    {"D": {"spectral_norm": True}}, {"D": {"batch_norm": True}}, {"G": {"batch_norm": True}},
    {"G": {"up": "resize"}}, {"loss": "minimax"}, {"smooth": 0.1}, {"d_steps": 2},
    {"betas": (0.5, 0.999)}])
def test_one_named_argument_changes_one_part_and_the_game_still_plays(digits, arguments):
    game, usual = digit_game(digits, **arguments), digit_game(digits)
    before_D, before_G = training.weights(game.D), training.weights(game.G)
    assert numbers(played(game)).isfinite().all()
    assert training.change(before_D, game.D) > 0 and training.change(before_G, game.G) > 0
    played(usual)
    ends, usual_ends = (torch.cat([training.weights(network) for network in (one.D, one.average)])
                        for one in (game, usual))
    assert ends.shape != usual_ends.shape or not torch.equal(ends, usual_ends)


def test_r1_0_takes_no_penalty(digits, monkeypatch):
    taken, penalty = [], training.losses.r1_penalty
    monkeypatch.setattr(training.losses, "r1_penalty",
                        lambda D, real: taken.append(len(real)) or penalty(D, real))
    played(digit_game(digits, batch_size=6))
    assert taken == [6, 6]                              # at steps 0 and 4
    played(digit_game(digits, r1=0))
    assert taken == [6, 6]


def test_decay_0_keeps_no_average(digits):
    for decay, apart in ((0, False), (0.995, True)):
        game = digit_game(digits, decay=decay)
        played(game)
        assert bool(training.change(training.weights(game.G), game.average)) == apart


@pytest.mark.parametrize("d_steps", [1, 3])
def test_G_draws_once_for_each_step_of_D_and_never_for_its_own(digits, d_steps):
    game = digit_game(digits, d_steps=d_steps, G={"batch_norm": True}, pictures_every=1000)
    game.step()                                         # draws the first picture as well
    drawn = []
    game.G.register_forward_hook(lambda *_: drawn.append(1))
    game.step()
    assert len(drawn) == d_steps
    norm, = (layer for layer in game.G.layers if isinstance(layer, torch.nn.BatchNorm2d))
    assert norm.num_batches_tracked == 2 * d_steps


# ---- half precision

@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("asked", [None, True, False])
def test_bfloat16_none_does_what_the_device_is_good_at(digits, monkeypatch, there, asked):
    asked_of = []
    monkeypatch.setattr(training, "has_bfloat16", lambda where: asked_of.append(where) or there)
    game = digit_game(digits, bfloat16=asked)
    seen = []
    game.G.register_forward_hook(lambda _, __, fake: seen.append(fake.dtype))
    game.step()
    wanted = there if asked is None else asked
    assert game.bfloat16 is wanted
    assert seen == [torch.bfloat16 if wanted else torch.float32]
    assert asked_of == ([digits.device] if asked is None else [])


def test_points_are_computed_in_float32_unless_bfloat16_is_asked_for(monkeypatch):
    monkeypatch.setattr(training, "has_bfloat16", lambda where: True)
    ring = data.load("ring", n=100, device="cpu")
    for asked, wanted in ((None, False), (True, True)):
        game = training.Game(models.PointDiscriminator(8), models.PointGenerator(2, 8), ring,
                             bfloat16=asked)
        assert game.bfloat16 is wanted


def test_the_networks_lie_channels_last_and_their_fakes_too(digits):
    game = digit_game(digits, bfloat16=False)
    for network in (game.D, game.G, game.average):
        maps = [value for value in network.parameters() if value.dim() == 4]
        assert maps and all(value.is_contiguous(memory_format=torch.channels_last)
                            for value in maps)
    played(game)
    moments = game.optimizer_D.state[game.D.layers[2].weight]["exp_avg_sq"]
    assert moments.is_contiguous(memory_format=torch.channels_last)


# ---- odd input

def test_a_batch_may_be_larger_than_the_set(digits):
    few = digits.take(torch.arange(3))
    x, labels = few.batch(50, with_labels=True)
    assert x.shape == (50, 1, 16, 16)                   # drawn with replacement
    assert set(labels.tolist()) == set(few.labels.tolist())
    assert numbers(played(digit_game(few, batch_size=50))).isfinite().all()


@pytest.mark.parametrize("norm", [False, True])
def test_a_set_of_one_picture_and_a_batch_of_one_can_be_played_with(digits, norm):
    one = digits.take(torch.tensor([7]))
    assert torch.equal(one.batch(4), digits.scaled()[7:8].expand(4, 1, 16, 16))
    for batch_size in (1, 4):
        game = digit_game(one, batch_size=batch_size, D={"batch_norm": norm},
                          G={"batch_norm": norm})
        assert numbers(played(game)).isfinite().all()


def test_a_set_of_one_class_can_be_played_with(digits):
    zeros = digits.take((digits.labels == 0).nonzero().flatten())
    _, labels = zeros.batch(20, with_labels=True)
    assert set(labels.tolist()) == {0}
    assert numbers(played(digit_game(zeros))).isfinite().all()


class Broken:
    """Samples of which one in every batch, the last, holds a number `bad`."""

    device = torch.device("cpu")

    def __init__(self, bad, shape=(1, 16, 16)):
        self.bad, self.shape = bad, shape

    def batch(self, n, generator=None):
        x = torch.zeros(n, *self.shape)
        x.flatten(1)[-1, 0] = self.bad
        return x


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_samples_with_numbers_that_are_not_finite_are_refused_before_training(bad):
    says = r"the samples must hold finite numbers.* find out where"
    with pytest.raises(ValueError, match=says):
        digit_game(Broken(bad))
    with pytest.raises(ValueError, match=says):
        training.Game(models.PointDiscriminator(8), models.PointGenerator(2, 8),
                      Broken(bad, shape=(2,)))
    assert played(digit_game(Broken(0.5)), 1).loss_D    # the same samples, mended


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_one_point_of_many_that_is_not_finite_is_refused(bad):
    xy = torch.zeros(1000, 2)
    xy[500, 1] = bad
    points = data.Points("mine", torch.zeros(1000, dtype=torch.int64), ("mine",), xy)
    with pytest.raises(ValueError, match="the samples must hold finite numbers"):
        training.Game(models.PointDiscriminator(8), models.PointGenerator(2, 8), points)


@pytest.mark.parametrize("argument, error, says", [
    ({"betas": (0.5,)}, TypeError, "betas must be two numbers"),
    ({"betas": "x"}, TypeError, "betas must be two numbers"),
    ({"betas": (0.5, 0.9, 0.9)}, TypeError, "betas must be two numbers"),
    ({"betas": (0.5, 1.0)}, ValueError, "each of betas must be a finite number from 0.0 to"),
    ({"bfloat16": "no"}, ValueError, "bfloat16 must be one of None, True, False"),
    ({"seed": 2**70}, ValueError, "seed must be from 0 to")])
def test_wrong_arguments_are_refused_with_a_sentence(digits, argument, error, says):
    with pytest.raises(error, match=says):
        training.Game(models.ConvDiscriminator(width=4), models.ConvGenerator(8, width=4), digits,
                      **argument)


def test_a_generator_that_has_broken_down_is_refused(digits):
    torch.manual_seed(0)
    D, G = models.ConvDiscriminator(width=4), models.ConvGenerator(8, width=4)
    torch.nn.init.constant_(G.layers[0].bias, math.nan)
    with pytest.raises(ValueError, match="G's fakes must hold finite numbers"):
        training.Game(D, G, digits)


def test_pictures_at_rest_cannot_hold_nan():
    with pytest.raises(TypeError, match="images must be uint8"):
        data.Images("mine", torch.zeros(2, dtype=torch.int64), ("mine",),
                    torch.full((2, 1, 16, 16), math.nan))
    for bad in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match="x must hold finite numbers"):
            data.to_uint8(torch.full((2, 1, 16, 16), bad))


# ---- one half-step alone

def same_weights(one, other) -> bool:
    return torch.equal(training.weights(one), training.weights(other))


@pytest.mark.parametrize("arguments", [
    {}, {"smooth": 0.2}, {"r1": 5.0}, {"r1": 0.0}, {"loss": "minimax"}, {"bfloat16": True}])
def test_the_half_steps_alone_are_those_of_a_turn(digits, arguments):
    whole, halves = (digit_game(digits, r1_every=1, **arguments) for _ in range(2))
    whole.step()
    halves.step_D()
    assert same_weights(halves.D, whole.D) and not same_weights(halves.G, whole.G)
    if {"smooth", "r1"} & set(arguments):
        plain = digit_game(digits, r1_every=1)
        plain.step_D()
        assert not same_weights(halves.D, plain.D)
    before = training.weights(halves.D)
    halves.step_G()
    assert training.change(before, halves.D) == 0.0
    assert not same_weights(halves.G, digit_game(digits).G)
    assert halves.steps == 0 and len(halves.history) == 0


def test_a_half_step_of_G_uses_the_games_loss_and_moves_the_average(digits):
    games = [digit_game(digits, loss=loss, decay=0.5) for loss in ("minimax", "non-saturating")]
    start = training.weights(games[0].average)
    for game in games:
        game.step_G()
    assert not same_weights(games[0].G, games[1].G)
    assert training.change(start, games[0].average) > 0
