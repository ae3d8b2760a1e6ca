"""Networks that are told a label y, and the game that they play."""

import pytest
import torch
from torch import nn

from gan_lib import checkpoints, data, labels, models, stand_ins, training

pytestmark = pytest.mark.usefixtures("one_thread")

NETWORKS = [
    (models.PointGenerator(z_dim=3, classes=8), models.PointDiscriminator(classes=8)),
    (models.FullyConnectedGenerator(3, 16, classes=8),
     models.FullyConnectedDiscriminator(16, classes=8)),
    (models.ConvGenerator(3, 16, width=4, classes=8),
     models.ConvDiscriminator(16, width=4, classes=8)),
    (models.ConvGenerator(3, 16, width=4, hidden=0, classes=8),
     models.ConvDiscriminator(16, width=4, hidden=0, spectral_norm=True, classes=8))]
for network in (network for pair in NETWORKS for network in pair):
    network.eval()  # spectral normalisation would go on at every call
every_pair = pytest.mark.parametrize("G, D", NETWORKS, ids=["points", "dense", "conv", "DCGAN"])
Y = torch.tensor([0, 7, 2, 2])


@every_pair
def test_the_label_matters_to_both_networks(G, D):
    z = torch.randn(4, 3)
    other = (Y + 1) % 8
    fake = G(z, Y)
    assert fake.shape == (4, *D.sample_shape) and not torch.equal(fake, G(z, other))
    assert D(fake, Y).shape == (4,) and not torch.equal(D(fake, Y), D(fake, other))
    assert torch.equal(D.probability(fake, Y), D(fake, Y).sigmoid())


@every_pair
def test_class_numbers_are_short_for_vectors_with_one_1(G, D):
    z, vectors = torch.randn(4, 3), torch.eye(8)[Y]
    assert torch.equal(G(z, Y), G(z, vectors))
    assert torch.equal(D(G(z, Y), Y), D(G(z, Y), vectors))


def test_G_sees_noise_and_label_side_by_side_and_D_projects():
    G, D = NETWORKS[0]
    z, y = torch.randn(4, 3), torch.eye(8)[Y]
    fake = G(z, Y)
    by_hand = G.layers(torch.cat([z, torch.where(y > 0, 1.5, -0.5)], 1))
    torch.testing.assert_close(fake, by_hand)
    h = D.layers[:-1](fake)                         # 64 neurons before the logit
    projected = torch.einsum("nh,nh->n", h, D.projection.weight[Y]) / 8
    torch.testing.assert_close(D(fake, Y), D.layers(fake).squeeze(1) + projected)


@pytest.mark.parametrize("y, says", [
    (None, "needs labels y"), (torch.tensor([0, 1, 2, 8]), "from 0 to 7, but .* to 8"),
    (torch.tensor([-1, 0, 0, 0]), "from 0 to 7"), (torch.tensor([0, 1]), "y must have the shape"),
    (torch.zeros(4, 7), "y must have the shape"), (Y.int(), "int64"), ([0, 1, 2, 3], "a tensor")])
def test_labels_that_do_not_fit_are_refused_with_a_sentence(y, says):
    G, D = NETWORKS[0]
    with pytest.raises((TypeError, ValueError), match=says):
        G(torch.zeros(4, 3), y)
    with pytest.raises((TypeError, ValueError), match=says):
        D(torch.zeros(4, 2), y)


def test_a_network_without_classes_takes_no_label():
    with pytest.raises(ValueError, match="no classes: call it without labels"):
        models.PointGenerator(3)(torch.zeros(4, 3), Y)
    plain = nn.Linear(2, 1)
    assert stand_ins.given(plain, None) is plain    # any network will do without a label


def test_classes_0_leaves_the_networks_as_they_were():
    torch.manual_seed(0)
    plain = models.ConvDiscriminator(16, width=4)
    torch.manual_seed(0)
    told = models.ConvDiscriminator(16, width=4, classes=3)
    assert set(told.state_dict()) - set(plain.state_dict()) == {"projection.weight"}
    assert all(torch.equal(value, told.state_dict()[name])
               for name, value in plain.state_dict().items())


def test_a_network_with_classes_is_saved_and_loaded(tmp_path):
    arguments = {"z_dim": 3, "size": 16, "width": 4, "classes": 8}
    G = models.ConvGenerator(**arguments).half().float()
    checkpoints.save("told", G, arguments, folder=tmp_path)
    z = torch.randn(4, 3)
    again = checkpoints.load("told", tmp_path)
    torch.testing.assert_close(again(z, Y), G(z, Y))


# ---- the game

@pytest.fixture
def ring():
    return data.load("ring", n=2000, device="cpu")


def labelled_game(ring, **arguments):
    torch.manual_seed(0)
    return training.Game(models.PointDiscriminator(32, classes=8), models.PointGenerator(
        4, 32, classes=8), ring, batch_size=64, **arguments)


def test_D_judges_real_samples_and_fakes_of_the_same_labels(ring, monkeypatch):
    game, told = labelled_game(ring), []
    vectors = labels.vectors
    monkeypatch.setattr(labels, "vectors", lambda y, *more: told.append(y) or vectors(y, *more))
    drawn = torch.Generator().manual_seed(0)
    torch.randn(16, 4, generator=drawn)             # the fixed noise
    game.step()
    x, y = ring.batch(64, generator=drawn, with_labels=True)
    told = [other for other in told if len(other) == 64]  # not those of the kept pictures
    assert len(told) >= 4 and all(torch.equal(other, y) for other in told)


def test_a_game_with_labels_learns_which_mode_is_which(ring):
    game = labelled_game(ring)
    game.play(steps=300, progress=False)
    y = game.labels(400)
    fakes = game.fakes(game.noise(400))
    closest = torch.cdist(fakes, ring.centres).argmin(1)
    assert (closest == y).float().mean() > 0.9      # by chance: 0.125


def test_pictures_of_the_fixed_noise_show_the_classes_in_turn(ring):
    game = labelled_game(ring)
    assert game.labels(10).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1]
    expected = game.average(game.fixed_z, game.labels(16))
    assert torch.equal(game.fakes(), expected)
    assert torch.equal(game.fakes(y=torch.zeros(16, dtype=torch.int64)),
                       game.average(game.fixed_z, torch.zeros(16, dtype=torch.int64)))


@pytest.mark.parametrize("classes_D, classes_G", [(8, 0), (0, 8), (9, 9), (8, 7)])
def test_networks_that_are_told_of_other_classes_are_refused(ring, classes_D, classes_G):
    with pytest.raises(ValueError, match="classes and G of .* the samples have 8"):
        training.Game(models.PointDiscriminator(classes=classes_D),
                      models.PointGenerator(classes=classes_G), ring)
