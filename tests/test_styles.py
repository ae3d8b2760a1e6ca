"""A generator with styles: what a style sets, what mixing keeps, what noise changes."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gan_lib import checkpoints, data, models, styles, training


@pytest.fixture
def G():
    torch.manual_seed(0)
    network = styles.StyleGenerator(z_dim=6, width=4, w_dim=8)
    for layer in network.layers:
        torch.nn.init.constant_(layer.strength, 0.5)  # else noise would not be heard yet
    return network.eval()


# --- modulate and mix --------------------------------------------------------------------------

def test_modulate_sets_mean_and_deviation_of_each_map():
    random = np.random.default_rng(0)
    x, scale, shift = (torch.tensor(random.normal(size=s)) for s in ((3, 4, 5, 6), (3, 4), (3, 4)))
    found = styles.modulate(7 * x + 2, scale, shift).numpy()
    np.testing.assert_allclose(found.mean((2, 3)), shift, atol=1e-4)
    np.testing.assert_allclose(found.std((2, 3)), scale.abs(), rtol=1e-4)


def test_modulate_is_instance_normalisation_with_a_style():
    x, scale, shift = torch.randn(2, 3, 8, 8), torch.randn(2, 3), torch.randn(2, 3)
    expected = F.instance_norm(x) * scale[..., None, None] + shift[..., None, None]
    torch.testing.assert_close(styles.modulate(x, scale, shift), expected, atol=1e-4, rtol=1e-4)


def test_a_flat_map_gets_the_shift_and_no_nan():
    found = styles.modulate(torch.full((1, 1, 2, 2), 3.0), torch.tensor([[2.0]]),
                            torch.tensor([[-1.0]]))
    assert torch.equal(found, torch.full((1, 1, 2, 2), -1.0))


@pytest.mark.parametrize("coarse", [1, 2, 3])
def test_mixed_styles_are_those_of_a_and_then_those_of_b(coarse):
    a, b = torch.randn(2, styles.LAYERS, 3), torch.randn(2, styles.LAYERS, 3)
    mix = styles.mix_styles(a, b, coarse)
    assert torch.equal(mix[:, :coarse], a[:, :coarse])
    assert torch.equal(mix[:, coarse:], b[:, coarse:])


# --- the generator -----------------------------------------------------------------------------

def test_pictures_of_z_are_those_of_its_styles(G):
    z = torch.randn(3, 6)
    assert G(z).shape == (3, 3, 32, 32) and G(z).abs().max() <= 1
    assert torch.equal(G(z), G.draw(G.styles(z)))
    assert G.styles(z).shape == (3, styles.LAYERS, 8)
    assert torch.equal(G.styles(z)[:, 0], G.styles(z)[:, -1])


def test_a_style_of_one_layer_changes_the_picture(G):
    a, b = G.styles(torch.randn(2, 6)).chunk(2)
    for layer in range(styles.LAYERS):
        other = a.clone()
        other[:, layer] = b[:, layer]
        assert not torch.allclose(G.draw(other), G.draw(a))


def test_noise_is_new_in_training_and_the_same_when_looked_at(G):
    z = torch.randn(2, 6)
    assert torch.equal(G(z), G(z))
    G.train()
    G.mixing = 0.0
    assert not torch.allclose(G(z), G(z))
    for layer in G.layers:
        torch.nn.init.zeros_(layer.strength)
    assert torch.equal(G(z), G(z))  # nothing but the noise


def test_in_training_some_pictures_have_the_late_styles_of_their_neighbour(G):
    own = torch.arange(400.0)[:, None, None].expand(-1, styles.LAYERS, 2)
    G.mixing = 0.5
    torch.manual_seed(0)
    mixed = G._mixed(own)
    other = (mixed != own).any(2)
    assert torch.equal(mixed[other], own.roll(1, 0)[other])
    assert not other[:, 0].any()
    assert (other[:, 1:].long().diff(dim=1) >= 0).all()  # once over, never back
    assert 0.4 < other.any(1).float().mean() < 0.6
    assert other[:, 1].any() and (other.sum(1) == 1).any()


def test_a_game_trains_every_part(G):
    D = models.ConvDiscriminator(size=32, channels=3, width=4)
    game = training.Game(D, G.train(), data.load("faces", n=20, device="cpu"), batch_size=4)
    before = {name: weight.clone() for name, weight in G.named_parameters()}
    game.step()
    game.read()
    assert all(not torch.equal(weight, before[name]) for name, weight in G.named_parameters())
    assert torch.equal(game.average.layers[0].noise, G.layers[0].noise)


def test_a_stored_generator_draws_the_same_faces(G, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))
    checkpoints.save("G", G, {"z_dim": 6, "width": 4, "w_dim": 8}, folder=tmp_path)
    z = torch.randn(2, 6)
    torch.testing.assert_close(checkpoints.load("G", tmp_path)(z), G(z), atol=2e-2, rtol=0)


@pytest.mark.parametrize(("call", "says"), [
    (lambda: styles.StyleGenerator(size=16), "size must be one of 32"),
    (lambda: styles.StyleGenerator(mixing=2), "mixing must be a finite number"),
    (lambda: styles.StyleGenerator(w_dim=0), "w_dim must be at least 1"),
    (lambda: styles.StyleGenerator(4, width=2)(torch.zeros(2, 5)), "z must have the shape"),
    (lambda: styles.StyleGenerator(4, width=2, w_dim=3).draw(torch.zeros(2, 3)),
     "styles must have the shape")])
def test_arguments_that_do_not_fit_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
