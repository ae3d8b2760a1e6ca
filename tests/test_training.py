import copy
import math
import signal
import threading

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import game_tools
from game_tools import networks, same
from gan_lib import data, losses, metrics, models, progress, stand_ins, training

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", n=64, device="cpu")


@pytest.fixture(scope="module")
def ring():
    return data.load("ring", n=500, device="cpu")


def point_game(ring, **arguments):
    return game_tools.point_game(ring, **{"pictures_every": 100, **arguments})


def copied(state):
    return copy.deepcopy(state)


def flags(network):
    return [parameter.requires_grad for parameter in network.parameters()]


# ---- the two half-steps

@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("r1", [0.0, 2.0])
def test_a_step_of_D_leaves_G_as_it_was(digits, norm, r1):
    D, G = networks(norm)
    before, kept = copied(D.state_dict()), copied(G.state_dict())
    training.discriminator_step(D, G, digits.batch(8), torch.randn(8, 8),
                                torch.optim.Adam(D.parameters()), r1=r1)
    assert same(G.state_dict(), kept) and not same(D.state_dict(), before)
    assert all(flags(D)) and all(flags(G))
    assert all(parameter.grad is None for parameter in G.parameters())


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("loss", losses.GENERATOR_LOSSES.values())
def test_a_step_of_G_leaves_D_as_it_was(norm, loss):
    D, G = networks(norm)
    before, kept = copied(G.state_dict()), copied(D.state_dict())
    training.generator_step(D, G, torch.randn(8, 8), torch.optim.Adam(G.parameters()), loss)
    assert same(D.state_dict(), kept) and not same(G.state_dict(), before)
    assert all(flags(D)) and all(flags(G))
    assert all(parameter.grad is None for parameter in D.parameters())


@pytest.mark.parametrize("smooth, r1", [(0.0, 0.0), (0.1, 3.0)])
def test_a_step_of_D_equals_the_textbook(digits, smooth, r1):
    D, G = networks()
    plain, real, z = copy.deepcopy(D), digits.batch(8), torch.randn(8, 8)
    loss, real_logits, fake_logits = training.discriminator_step(
        D, G, real, z, torch.optim.SGD(D.parameters(), 0.1), smooth, r1)

    x = real.clone().requires_grad_(True)
    on_real, on_fake = plain(x), plain(G(z).detach())
    expected = (F.binary_cross_entropy_with_logits(on_real, torch.full((8,), 1 - smooth))
                + F.binary_cross_entropy_with_logits(on_fake, torch.zeros(8)))
    slope, = torch.autograd.grad(on_real.sum(), x, create_graph=True)
    (expected + r1 / 2 * slope.pow(2).sum((1, 2, 3)).mean()).backward()
    with torch.no_grad():
        for parameter in plain.parameters():
            if parameter.grad is not None:
                parameter -= 0.1 * parameter.grad
    torch.testing.assert_close(training.weights(D), training.weights(plain))
    torch.testing.assert_close((loss, real_logits, fake_logits),
                               (expected.detach(), on_real.detach(), on_fake.detach()))


@pytest.mark.parametrize("name", losses.GENERATOR_LOSSES)
def test_a_step_of_G_equals_the_textbook(name):
    D, G = networks()
    plain, z = copy.deepcopy(G), torch.randn(8, 8)
    loss, fake_logits = training.generator_step(D, G, z, torch.optim.SGD(G.parameters(), 0.1),
                                                losses.GENERATOR_LOSSES[name])
    logits = D(plain(z))
    expected = (F.binary_cross_entropy_with_logits(logits, torch.ones(8))
                if name == "non-saturating" else torch.log(1 - torch.sigmoid(logits)).mean())
    expected.backward()
    with torch.no_grad():
        for parameter in plain.parameters():
            parameter -= 0.1 * parameter.grad
    torch.testing.assert_close(training.weights(G), training.weights(plain))
    torch.testing.assert_close((loss, fake_logits), (expected.detach(), logits.detach()))


@pytest.mark.parametrize("norm", [False, True])
def test_both_half_steps_judge_the_same_fakes_and_only_G_s_brings_G_a_gradient(digits, norm):
    D, G = networks(norm)
    z, made = torch.randn(8, 8), []
    G.register_forward_hook(lambda _, __, fake: made.append(fake))
    same_fakes = stand_ins.SameFakes(G, z)
    before_D, before_G = copied(D.state_dict()), copied(G.state_dict())

    _, _, fake_logits = training.discriminator_step(
        D, same_fakes, digits.batch(8), z, torch.optim.Adam(D.parameters()), r1=1.0)
    assert same(G.state_dict(), before_G)               # to the bit, batch norm included
    assert all(parameter.grad is None for parameter in G.parameters())
    assert not same(D.state_dict(), before_D)

    before_D = copied(D.state_dict())
    _, later_logits = training.generator_step(D, same_fakes, z, torch.optim.Adam(G.parameters()))
    assert same(D.state_dict(), before_D)
    assert all(parameter.grad.abs().sum() > 0 for parameter in G.parameters())
    assert not same(G.state_dict(), before_G)
    assert len(made) == 1                               # G drew once
    with torch.no_grad():
        assert torch.equal(same_fakes(z), made[0])
    assert not torch.equal(fake_logits, later_logits)   # D has moved in between


def test_same_fakes_have_a_way_back_to_G_only_where_a_gradient_is_wanted():
    G = models.PointGenerator(2, 8)
    z = torch.randn(4, 2)
    same_fakes = stand_ins.SameFakes(G, z)
    with torch.no_grad():
        assert not same_fakes(z).requires_grad
    assert same_fakes(z).requires_grad and torch.equal(same_fakes(z), G(z))
    assert not list(same_fakes.parameters())            # there is nothing in it to train or freeze


def test_frozen_restores_after_an_exception_and_keeps_what_was_frozen_before():
    G = models.ConvGenerator(8, width=4, batch_norm=True)
    G.layers[0].weight.requires_grad_(False)
    before, trainable = copied(G.state_dict()), flags(G)
    with pytest.raises(RuntimeError, match="inside"), training.frozen(G):
        assert not any(flags(G))
        G(torch.randn(4, 8))                            # moves the statistics of the batch norm
        assert not same(G.state_dict(), before)
        raise RuntimeError("inside")
    assert flags(G) == trainable and same(G.state_dict(), before)


def test_weights_are_a_copy_and_change_is_a_distance():
    layer = nn.Linear(3, 2)
    before = training.weights(layer)
    assert before.shape == (8,) and training.change(before, layer) == 0
    with torch.no_grad():
        layer.weight[0, 0] += 3
        layer.bias[1] -= 4
    assert training.change(before, layer) == pytest.approx(5)


def test_weights_come_in_the_same_order_however_they_lie_in_memory():
    D, _ = networks()
    before = training.weights(D)
    assert torch.equal(before, torch.cat([p.detach().reshape(-1) for p in D.parameters()]))
    D.to(memory_format=torch.channels_last)
    assert not D.layers[2].weight.is_contiguous() and torch.equal(training.weights(D), before)
    one = nn.Linear(3, 1, bias=False)
    kept = training.weights(one)
    nn.init.zeros_(one.weight)
    assert kept.abs().min() > 0 and not kept.requires_grad          # a copy, also of a single one


# ---- the game

def test_history_has_one_number_a_step_that_the_half_steps_give(ring):
    game = point_game(ring, r1=0)
    D, G = copy.deepcopy(game.D), copy.deepcopy(game.G)
    random = torch.Generator().manual_seed(0)
    random.set_state(game.random.get_state())
    game.play(steps=3, progress=False)
    assert game.steps == len(game.history) == 3
    assert [len(getattr(game.history, name)) for name in game.names] == [3] * 4

    real = ring.batch(16, generator=random)
    z = torch.randn(16, 2, generator=random)
    real_logits, fake_logits = D(real), D(G(z))
    assert game.history.loss_D[0] == pytest.approx(
        losses.discriminator_loss(real_logits, fake_logits).item(), abs=1e-6)
    assert game.history.D_real[0] == pytest.approx(real_logits.sigmoid().mean().item(), abs=1e-6)
    assert game.history.D_fake[0] == pytest.approx(fake_logits.sigmoid().mean().item(), abs=1e-6)


def test_a_game_is_the_half_steps_in_turn_on_the_same_fakes(digits):
    game = training.Game(*networks(), digits, batch_size=4, r1=2.0, r1_every=2, d_steps=2,
                         decay=0, smooth=0.1, loss="minimax", bfloat16=False, seed=5)
    D, G = networks()                                   # by hand, in plain torch
    adam_D = torch.optim.Adam(D.parameters(), 2e-3, (0.0, 0.99))
    adam_G = torch.optim.Adam(G.parameters(), 2e-3, (0.0, 0.99))
    random = torch.Generator().manual_seed(5)
    torch.randn(16, 8, generator=random)                # the fixed noise
    bce = F.binary_cross_entropy_with_logits
    for step in range(3):
        for _ in range(2):
            real = digits.batch(4, generator=random).requires_grad_(True)
            fake = G(torch.randn(4, 8, generator=random))
            on_real, on_fake = D(real), D(fake.detach())
            loss = bce(on_real, torch.full((4,), 0.9)) + bce(on_fake, torch.zeros(4))
            if step % 2 == 0:                           # R1 every 2 steps, twice as strong
                slope, = torch.autograd.grad(on_real.sum(), real, create_graph=True)
                loss = loss + 4.0 / 2 * slope.square().sum((1, 2, 3)).mean()
            adam_D.zero_grad()
            loss.backward()
            adam_D.step()
        adam_G.zero_grad()
        (-bce(D(fake), torch.zeros(4))).backward()
        adam_G.step()
    game.play(steps=3, progress=False)
    for own, by_hand in ((game.D, D), (game.G, G)):
        torch.testing.assert_close(training.weights(own), training.weights(by_hand),
                                   atol=1e-5, rtol=0)
    assert same(game.average.state_dict(), game.G.state_dict())     # decay=0: no memory


def test_the_average_is_an_exponential_moving_average(ring):
    game = point_game(ring, decay=0.3)
    expected = training.weights(game.G).double()
    for step in range(6):
        game.step()
        decay = min(0.3, (1 + step) / (10 + step))      # a short memory at first
        expected = decay * expected + (1 - decay) * training.weights(game.G).double()
        torch.testing.assert_close(training.weights(game.average).double(), expected,
                                   atol=1e-6, rtol=1e-5)
    assert not any(flags(game.average)) and training.change(training.weights(game.G), game.average)


def test_the_average_takes_over_the_buffers_of_G_and_draws_each_z_on_its_own(digits):
    game = training.Game(*networks(norm=True), digits, batch_size=8)
    game.play(steps=3, progress=False)
    for kept, new in zip(game.average.buffers(), game.G.buffers()):
        assert torch.equal(kept, new)
    before, z = copied(game.average.state_dict()), game.fixed_z
    torch.testing.assert_close(game.fakes(z[:3]), game.fakes(z)[:3], atol=1e-5, rtol=1e-4)
    assert same(game.average.state_dict(), before)


def test_pictures_of_the_fixed_noise_are_kept_at_intervals(ring):
    game = point_game(ring)
    game.pictures_every = 4
    game.play(steps=9, progress=False)
    assert [step for step, _ in game.history.pictures] == [0, 4, 8]
    for _, picture in game.history.pictures:
        assert picture.shape == (16, 2) and picture.device.type == "cpu"
        assert not picture.requires_grad
    torch.testing.assert_close(game.history.pictures[0][1], point_game(ring).fakes())
    assert not torch.equal(game.history.pictures[0][1], game.history.pictures[-1][1])


def test_the_same_seed_gives_the_same_game_to_the_bit(ring):
    games = [point_game(ring, seed=seed) for seed in (1, 1, 2)]
    for game in games:
        torch.rand(3)                                   # nothing hangs on torch's own generator
        game.play(steps=8, progress=False)
    first, again, other = (game.state() for game in games)
    assert same(first, again) and not same(
        first["tensors"]["history"], other["tensors"]["history"])


def test_bfloat16_uses_the_newest_weights_in_every_step_of_D(digits):
    game = training.Game(*networks(), digits, batch_size=4, d_steps=2, bfloat16=True, seed=1)
    D, G = networks()
    random = torch.Generator().manual_seed(1)
    torch.randn(16, 8, generator=random)
    adam = torch.optim.Adam(D.parameters(), 2e-3, (0.0, 0.99))
    for _ in range(2):
        real, z = digits.batch(4, generator=random), torch.randn(4, 8, generator=random)
        with torch.autocast("cpu", torch.bfloat16):
            training.discriminator_step(D, G, real, z, adam, r1=4.0)
    game.step()
    torch.testing.assert_close(training.weights(game.D), training.weights(D), atol=1e-7, rtol=0)
    game.read()
    assert all(math.isfinite(value) for value in game.history.loss_G)


# ---- stopping

def press_stop(game):
    signal.raise_signal(signal.SIGINT)


def test_the_stop_button_keeps_everything_and_the_game_goes_on(ring, capsys):
    game = point_game(ring)
    timer = threading.Timer(0.2, press_stop, [game])
    timer.start()
    history = game.play(steps=10**9, progress=False)
    timer.join()
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and said.startswith(f"Stopped after step {game.steps}.")
    assert 0 < game.steps == len(history) == len(history.loss_G) == len(history.D_fake)

    whole = point_game(ring)
    whole.play(steps=game.steps + 5, progress=False)
    game.play(steps=5, progress=False)
    assert same(game.D.state_dict(), whole.D.state_dict())
    assert game.history.loss_D == whole.history.loss_D and capsys.readouterr().out == ""


def test_a_stop_in_the_middle_of_a_step_lets_the_step_end(ring):
    game = point_game(ring)

    class Interrupted(torch.optim.SGD):
        def step(self, *args):
            signal.raise_signal(signal.SIGINT)
            return super().step(*args)

    game.optimizer_D = Interrupted(game.D.parameters(), 0.1)
    game.play(steps=50, progress=False)
    assert game.steps == 1 and all(flags(game.D)) and all(flags(game.G))


def test_watch_is_called_at_the_end_with_the_game(ring):
    game, seen = point_game(ring), []
    game.play(steps=3, watch=lambda game: seen.append((game.steps, len(game.history))),
              progress=False)
    assert seen[-1] == (3, 3)


def test_watch_is_called_about_once_a_second(ring, monkeypatch):
    now = iter(range(10**6))
    monkeypatch.setattr(progress.time, "perf_counter", lambda: next(now) / 10)
    game, seen = point_game(ring), []
    game.play(steps=60, watch=lambda game: seen.append(game.steps), progress=False)
    assert 60 * 0.1 / 1.5 <= len(seen) < 60 and seen == sorted(seen)


def test_an_error_in_watch_comes_through_and_restores_the_handler(ring):
    def broken(game):
        raise RuntimeError("in watch")
    game, handler = point_game(ring), signal.getsignal(signal.SIGINT)
    with pytest.raises(RuntimeError, match="in watch"):
        game.play(steps=2, watch=broken, progress=False)
    assert signal.getsignal(signal.SIGINT) is handler and len(game.history) == 2


def test_a_game_can_be_played_in_another_thread(ring):
    game = point_game(ring)
    thread = threading.Thread(target=lambda: game.play(steps=3, progress=False))
    thread.start()
    thread.join()
    assert len(game.history) == 3


def test_play_for_seconds_and_for_whichever_ends_first(ring):
    game = point_game(ring)
    game.play(seconds=0.1, progress=False)
    assert game.steps > 0
    before = game.steps
    game.play(steps=2, seconds=1000, progress=False)
    assert game.steps == before + 2
    game.play(steps=10**9, seconds=0.05, progress=False)
    assert game.steps > before + 2


@pytest.mark.parametrize("arguments, error, says", [
    ({}, ValueError, "Say how long"),
    ({"steps": 0}, ValueError, "steps must be at least 1, but it is 0"),
    ({"steps": 0, "seconds": 1}, ValueError, "steps must be at least 1"),
    ({"steps": -1}, ValueError, "steps must be at least 1"),
    ({"steps": 1.5}, TypeError, "steps must be a whole number"),
    ({"seconds": -1}, ValueError, "seconds must be a finite number from 0.0"),
    ({"seconds": math.nan}, ValueError, "seconds must be a finite number"),
    ({"seconds": "a"}, TypeError, "seconds must be a number")])
def test_play_refuses_another_length(ring, arguments, error, says):
    game = point_game(ring)
    with pytest.raises(error, match=says):
        game.play(**arguments, progress=False)
    assert game.steps == 0 and not game.history.pictures


@pytest.mark.parametrize("break_it", [
    lambda game: nn.init.constant_(game.D.layers[0].weight, math.nan),
    lambda game: [group.update(lr=1e30) for group in game.optimizer_D.param_groups]])
def test_a_loss_that_is_not_finite_ends_the_game_and_says_the_step(ring, break_it):
    game = point_game(ring)
    game.play(steps=5, progress=False)
    break_it(game)
    with pytest.raises(training.LossNotFinite) as error:
        game.play(steps=1000, progress=False)
    assert game.steps < 5 + 50                          # it was seen soon
    assert f"At step {len(game.history) + 1}, " in str(error.value)
    lengths = {len(getattr(game.history, name)) for name in game.names}
    assert lengths == {len(game.history)} and len(game.history) >= 5
    assert all(math.isfinite(value) for value in game.history.loss_D + game.history.loss_G)


# ---- arguments

@pytest.mark.parametrize("D, G", [
    (models.ConvDiscriminator(32, width=4), models.ConvGenerator(8, 16, width=4)),
    (models.ConvDiscriminator(16, width=4), models.ConvGenerator(8, 32, width=4)),
    (models.ConvDiscriminator(16, 3, width=4), models.ConvGenerator(8, 16, 1, width=4)),
    (models.ConvDiscriminator(16, width=4), models.ConvGenerator(8, 16, 3, width=4)),
    (models.PointDiscriminator(4), models.PointGenerator(4))])
def test_networks_and_samples_that_do_not_fit_are_refused(digits, D, G):
    with pytest.raises(ValueError, match="Make both with the same size and channels"):
        training.Game(D, G, digits)


def test_D_and_G_in_the_wrong_order_are_refused(digits):
    D, G = networks()
    with pytest.raises(TypeError, match="Game needs D, which has a sample_shape, then G"):
        training.Game(G, D, digits)


@pytest.mark.parametrize("arguments, error, says", [
    ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
    ({"d_steps": 0}, ValueError, "d_steps must be at least 1"),
    ({"lr": 0.0}, ValueError, "lr must be"), ({"lr": math.nan}, ValueError, "lr must be"),
    ({"loss": "hinge"}, ValueError, "loss must be one of 'non-saturating', 'minimax'"),
    ({"r1": -1}, ValueError, "r1 must be"), ({"r1_every": 0}, ValueError, "r1_every must be"),
    ({"smooth": 0.7}, ValueError, "smooth must be"), ({"decay": 1.0}, ValueError, "decay must be"),
    ({"seed": -1}, ValueError, "seed must be"), ({"lr": "fast"}, TypeError, "lr must be a number")])
def test_arguments_out_of_range_are_refused(ring, arguments, error, says):
    with pytest.raises(error, match=says):
        point_game(ring, **arguments)


def test_making_a_game_leaves_the_statistics_of_G_as_they_were(digits):
    D, G = networks(norm=True)
    before = copied(G.state_dict())
    training.Game(D, G, digits)
    assert same(G.state_dict(), before)


# ---- does it learn?

def test_the_r1_recipe_covers_the_ring():
    samples = data.load("ring", n=2000, device="cpu")
    torch.manual_seed(0)
    game = training.Game(models.PointDiscriminator(), models.PointGenerator(), samples,
                         batch_size=128)
    game.play(steps=500, progress=False)
    points = game.fakes(game.noise(2000))
    assert metrics.modes_hit(points, samples.centres, radius=0.4) >= 7


@pytest.mark.parametrize("samples", [None, 3, torch.zeros(4, 1, 16, 16)])
def test_samples_that_give_no_batch_are_refused(samples):
    with pytest.raises(TypeError, match="samples must be a set with batch"):
        training.Game(models.ConvDiscriminator(), models.ConvGenerator(), samples)
