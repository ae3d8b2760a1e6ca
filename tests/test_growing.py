"""Networks that grow: what they show at each size, and that nothing jumps between."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gan_lib import checkpoints, data, growing, training


@pytest.fixture
def G():
    torch.manual_seed(0)
    return growing.GrowingGenerator(z_dim=6, width=4, hidden=16)


@pytest.fixture
def D():
    torch.manual_seed(1)
    return growing.GrowingDiscriminator(width=4, hidden=16)


def coarse(x, side):
    """Return x (N, C, 32, 32) in blocks of one colour, side x side of them."""
    return F.interpolate(F.avg_pool2d(x, 32 // side), scale_factor=32 // side)


# --- fade and deviation ------------------------------------------------------------------------

def test_fade_is_the_mix_of_repeated_and_large_pixels():
    random = np.random.default_rng(0)
    small, large = random.normal(size=(2, 3, 4, 5)), random.normal(size=(2, 3, 8, 10))
    expected = 0.7 * small.repeat(2, axis=2).repeat(2, axis=3) + 0.3 * large
    found = growing.fade(torch.tensor(small), torch.tensor(large), 0.3)
    np.testing.assert_allclose(found, expected)


def test_the_deviation_map_is_numpys():
    x = np.random.default_rng(0).normal(size=(5, 3, 4, 2))
    found = growing.minibatch_deviation(torch.tensor(x))
    assert found.shape == (5, 4, 4, 2)
    np.testing.assert_allclose(found[:, :3], x)
    np.testing.assert_allclose(found[:, 3], x.std(axis=0).mean())


def test_equal_samples_deviate_by_0_and_still_give_a_finite_gradient():
    x = torch.ones(3, 2, 4, 4, requires_grad=True)
    found = growing.minibatch_deviation(x)
    assert not found[:, 2].any()
    found.sum().backward()
    assert x.grad.isfinite().all()


# --- the networks ------------------------------------------------------------------------------

@pytest.mark.parametrize(("grown", "side"), [(0.0, 8), (1.0, 16), (2.0, 32)])
def test_a_generator_draws_as_many_pixels_as_it_has_grown_to(G, grown, side):
    G.grown = grown
    x = G(torch.randn(3, 6))
    assert x.shape == (3, 3, 32, 32)
    torch.testing.assert_close(x, coarse(x, side))
    assert side == 8 or not torch.allclose(x, coarse(x, side // 2))


def test_while_it_fades_g_mixes_what_it_drew_before_and_after(G):
    z, drawn = torch.randn(2, 6), {}
    for grown in (1.0, 1.25, 2.0):
        G.grown = grown
        drawn[grown] = G(z)
    torch.testing.assert_close(drawn[1.25], 0.75 * drawn[1.0] + 0.25 * drawn[2.0])


@pytest.mark.parametrize(("grown", "side"), [(0.0, 8), (1.0, 16)])
def test_a_discriminator_sees_no_more_pixels_than_it_has_grown_to(D, grown, side):
    x = torch.rand(4, 3, 32, 32)
    D.grown = grown
    torch.testing.assert_close(D(x), D(coarse(x, side)))
    D.grown = grown + 0.01
    assert not torch.equal(D(x), D(coarse(x, side)))


@pytest.mark.parametrize("border", [0.0, 1.0])
def test_a_new_layer_begins_without_a_jump(G, D, border):
    z, x = torch.randn(2, 6), torch.rand(2, 3, 32, 32)
    G.grown = D.grown = border
    before = G(z), D(x)
    G.grown = D.grown = border + 1e-6
    for old, new in zip(before, (G(z), D(x))):
        torch.testing.assert_close(new, old, atol=1e-4, rtol=1e-4)


def test_d_judges_a_batch_as_a_whole(D):
    x = torch.rand(4, 3, 32, 32)
    together = D(x)
    assert not torch.allclose(together[:1], D(x[:1].expand(4, -1, -1, -1))[:1])


def test_the_probability_is_the_sigmoid_of_the_logit(D):
    x = torch.rand(2, 3, 32, 32)
    torch.testing.assert_close(D.probability(x), 1 / (1 + torch.exp(-D(x))))


# --- the schedule and the game -----------------------------------------------------------------

def test_the_schedule_never_shrinks_and_ends_fully_grown():
    grown = [growing.grown_at(i / 100) for i in range(101)]
    assert grown == sorted(grown) and grown[0] == 0 and grown[-1] == growing.LAST
    (begin, end), _ = growing.FADES
    assert growing.grown_at((begin + end) / 2) == pytest.approx(0.5)
    assert 1.0 in grown  # it rests at 16 x 16


def test_a_game_grows_whole_and_only_layers_that_are_there_learn(G, D):
    game = training.Game(D, G, data.load("faces", n=20, device="cpu"), batch_size=4, r1=1.0)
    growing.grow(game, 0.0)
    new = {name: weight.clone() for name, weight in game.G.named_parameters()}
    game.step()
    moved = {name for name, weight in game.G.named_parameters()
             if not torch.equal(weight, new[name])}
    assert any(name.startswith("start") for name in moved)
    assert not any(name.startswith("larger") for name in moved)
    growing.grow(game, 1.5)
    assert game.G.grown == game.D.grown == game.average.grown == 1.5
    game.step()
    game.read()
    assert not torch.equal(game.G.larger[1][0].weight, new["larger.1.0.weight"])


def test_networks_that_grow_can_be_stored_and_come_back_fully_grown(G, D, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))
    G.grown = 0.5
    checkpoints.save("G", G, {"z_dim": 6, "width": 4, "hidden": 16}, folder=tmp_path)
    loaded = checkpoints.load("G", tmp_path)
    assert loaded.grown == growing.LAST
    checkpoints.save("D", D, {"width": 4, "hidden": 16}, folder=tmp_path)
    assert checkpoints.load("D", tmp_path)(loaded(torch.randn(2, 6))).shape == (2,)


@pytest.mark.parametrize(("call", "says"), [
    (lambda: growing.GrowingGenerator(size=64), "size must be one of 32"),
    (lambda: growing.GrowingGenerator(channels=2), "channels must be one of 1, 3"),
    (lambda: growing.GrowingDiscriminator(width=0), "width must be at least 1"),
    (lambda: growing.grown_at(1.5), "share must be a finite number from 0.0 to 1.0"),
    (lambda: setattr(growing.GrowingGenerator(4, width=2, hidden=2), "grown", 3),
     "grown must be a finite number"),
    (lambda: growing.GrowingGenerator(4, width=2, hidden=2)(torch.zeros(2, 5)),
     "z must have the shape"),
    (lambda: growing.GrowingDiscriminator(width=2, hidden=2)(torch.zeros(2, 3, 16, 16)),
     "x must have the shape")])
def test_arguments_that_do_not_fit_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
