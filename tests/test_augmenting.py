"""Changes that D sees: what they do, that gradients pass, and that real and fake get the same."""

import numpy as np
import pytest
import torch
from torch import nn

from gan_lib import augmenting, checkpoints, data, models, training

RANDOM = pytest.mark.parametrize("change", augmenting.AUGMENTATIONS.values(),
                                 ids=augmenting.AUGMENTATIONS)


@pytest.fixture
def x():
    torch.manual_seed(0)
    return torch.rand(6, 3, 16, 16) + 0.1  # no number is 0


def small():
    """Return a small D and a small G for digits of 16 x 16 pixels."""
    torch.manual_seed(0)
    return (models.ConvDiscriminator(width=4, hidden=8),
            models.ConvGenerator(z_dim=4, width=4, hidden=8))


# --- the changes --------------------------------------------------------------------------------

def test_each_picture_gets_its_own_brightness(x):
    amount = torch.tensor([0.1, -0.2, 0.0, 0.5, -0.5, 0.3])
    for before, after, own in zip(x, augmenting.brightness(x, amount), amount):
        torch.testing.assert_close(after, before + own)


def test_a_shift_moves_each_picture_and_lets_0_come_in(x):
    right, down = torch.tensor([0, 3, -2, 16, 1, -1]), torch.tensor([0, 1, -4, 0, -16, 2])
    shifted = augmenting.shift(x, right, down)
    expected = np.zeros_like(x.numpy())
    for i, (r, d) in enumerate(zip(right.tolist(), down.tolist())):
        for row in range(16):
            for column in range(16):
                if 0 <= row - d < 16 and 0 <= column - r < 16:
                    expected[i, :, row, column] = x[i, :, row - d, column - r]
    np.testing.assert_array_equal(shifted, expected)


def test_a_square_is_cut_out_of_each_picture_also_partly_outside(x):
    left, top = torch.tensor([2, -3, 14, 0, 20, 5]), torch.tensor([1, 0, 15, -8, 3, 5])
    cut = augmenting.cutout(x, left, top, 4)
    for i in range(6):
        hidden = np.zeros((16, 16), bool)
        low, far = max(0, top[i]), max(0, left[i])
        hidden[low:max(0, top[i] + 4), far:max(0, left[i] + 4)] = True
        assert np.array_equal((cut[i] == 0).all(0), hidden)
        assert torch.equal(cut[i][:, ~torch.tensor(hidden)], x[i][:, ~torch.tensor(hidden)])


@RANDOM
def test_random_changes_differ_from_picture_to_picture_and_from_call_to_call(change):
    same = torch.rand(1, 1, 16, 16).expand(40, 1, 16, 16) + 0.1
    torch.manual_seed(1)
    first, second = change(same), change(same)
    assert len({tuple(picture.flatten().tolist()) for picture in first}) > 10
    assert not torch.equal(first, second) and first.shape == same.shape
    torch.manual_seed(1)
    assert torch.equal(change(same), first)


@RANDOM
def test_gradients_pass_every_change_and_the_input_stays(change, x):
    kept = x.clone()
    changed = change(x.requires_grad_(True))
    gradient, = torch.autograd.grad(changed.sum(), x)
    assert torch.equal(x, kept) and gradient.isfinite().all()
    assert (gradient == 1).float().mean() > 0.5  # of most pixels


# --- D and the game -----------------------------------------------------------------------------

def test_an_augmented_d_changes_real_and_fake_alike_and_judges_them_whole_outside():
    D, G = small()
    seen = []

    def note(x):
        seen.append(x)
        return 0.5 * x

    D.layers.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    augmented = augmenting.Augmented(D, [note])
    real, fake = torch.rand(3, 1, 16, 16), G(torch.randn(3, 4)).detach()
    for x in (real, fake):
        seen.clear()
        logits = augmented(x)
        assert torch.equal(seen[0], x) and torch.equal(seen[1], 0.5 * x)
        assert torch.equal(logits, D(0.5 * x))
        assert torch.equal(augmented.probability(x), D.probability(x))


def test_it_plays_a_game_in_the_place_of_d_and_both_networks_learn():
    D, G = small()
    game = training.Game(augmenting.Augmented(D), G, data.load("digits", n=40, device="cpu"),
                         batch_size=8)
    before = [training.weights(network) for network in (D, G)]
    game.play(steps=3, progress=False)
    assert all(training.change(old, network) > 0 for old, network in zip(before, (D, G)))
    other = training.Game(augmenting.Augmented(small()[0]), small()[1], game.samples, batch_size=8)
    other.load_state(game.state())
    assert torch.equal(training.weights(other.D), training.weights(game.D))


def test_a_generator_learns_through_the_changes_and_not_from_what_they_hide():
    D, G = small()
    hide = augmenting.Augmented(D, [lambda x: augmenting.cutout(
        x, torch.full((len(x),), -1), torch.full((len(x),), -1), 99)])
    optimizer = torch.optim.Adam(G.parameters())
    before = training.weights(G)
    training.generator_step(hide, G, torch.randn(4, 4), optimizer)
    assert training.change(before, G) == 0  # all is hidden
    training.generator_step(augmenting.Augmented(D), G, torch.randn(4, 4), optimizer)
    assert training.change(before, G) > 0


def test_labels_pass_through():
    torch.manual_seed(0)
    D = models.ConvDiscriminator(width=4, hidden=8, classes=10)
    augmented = augmenting.Augmented(D, [])
    x, y = torch.rand(5, 1, 16, 16), torch.arange(5)
    assert augmented.classes == 10 and torch.equal(augmented(x, y), D(x, y))
    assert torch.equal(augmented.probability(x, y), D.probability(x, y))


@pytest.mark.parametrize("make, says", [
    (lambda: augmenting.Augmented(3), "D must be a discriminator"),
    (lambda: augmenting.Augmented(models.PointDiscriminator()), r"pictures, \(C, H, W\)"),
    (lambda: augmenting.Augmented(small()[0], 3), "changes must be a list of functions"),
    (lambda: augmenting.Augmented(small()[0], ["shift"]), "each of changes must be a function"),
    (lambda: augmenting.Augmented(nn.Linear(2, 2)), "D must be a discriminator")])
def test_what_is_no_discriminator_or_no_change_is_refused(make, says):
    with pytest.raises((TypeError, ValueError), match=says):
        make()


# --- copies -------------------------------------------------------------------------------------

def test_neighbours_are_the_pictures_moved_by_one_pixel(x):
    found = augmenting.neighbours(x)
    assert found.shape == (54, 3, 16, 16)
    assert torch.equal(found[4 * 6:5 * 6], x)  # the middle one of nine
    assert torch.equal(found[:6, :, 1:, 1:], x[:, :, :-1, :-1])
    assert torch.equal(found[-6:, :, :-1, :-1], x[:, :, 1:, 1:])


def test_the_share_is_a_count_of_pairs():
    random = np.random.default_rng(0)
    fakes, strangers = random.random(30), random.random(12) + 0.1
    count = sum(f < s for f in fakes for s in strangers)
    found = augmenting.share_nearer(torch.tensor(fakes), torch.tensor(strangers))
    assert found == pytest.approx(count / 360) and 0 < found < 1


@pytest.mark.parametrize("name", ["few_shifted", "few_augmented"])
def test_what_ships_shows_the_benefit_in_each_of_three_games(name):
    plain, augmented = (checkpoints.card(one)["runs"] for one in ("few_plain", name))
    assert [run["seed"] for run in plain] == [run["seed"] for run in augmented] == [0, 1, 2]
    for without, with_ in zip(plain, augmented):
        assert with_["frechet_distance"] < without["frechet_distance"]
        assert with_["share_nearer"] < without["share_nearer"]
        by_heart = [run["D_train"] - run["D_held_out"] for run in (without, with_)]
        assert by_heart[0] > 0.1 and by_heart[1] < 0.5 * by_heart[0]
