"""Bias with exact truth: thinning, learning on, coarse pictures and what is restored from them."""

from dataclasses import replace

import pytest
import torch

from gan_lib import bias, data, models
from gan_lib.recipes import RECIPES


@pytest.fixture
def G():
    torch.manual_seed(0)
    return models.ConvGenerator(z_dim=8, size=32, channels=3, width=4).eval().requires_grad_(False)


def test_of_the_kind_one_in_so_many_stays_and_all_others_do():
    torch.manual_seed(0)
    labels = torch.randint(6, (1000,))
    stay = bias.thinned(labels, 2, 50)
    counts = [(labels == kind).sum().item() for kind in range(6)]
    left = [(labels[stay] == kind).sum().item() for kind in range(6)]
    assert left[2] == -(-counts[2] // 50) and left[:2] + left[3:] == counts[:2] + counts[3:]
    assert (stay[1:] > stay[:-1]).all()
    first = (labels == 2).nonzero()[0].item()
    assert first in stay.tolist()


@pytest.mark.parametrize("labels, kind, one_in, says", [
    ([1, 2], 1, 2, "labels must be a tensor"), (torch.zeros(2, 2), 0, 2, "labels must have"),
    (torch.arange(3), 7, 2, "no sample of the kind 7"), (torch.arange(3), 1, 0, "one_in must be"),
    (torch.arange(3), 1, 2.5, "one_in must be a whole number")])
def test_what_cannot_be_thinned_is_refused(labels, kind, one_in, says):
    with pytest.raises((TypeError, ValueError), match=says):
        bias.thinned(labels, kind, one_in)


def test_a_pupil_learns_on_its_own_and_its_teacher_stays(G):
    faces = data.load("faces", n=40, device="cpu")
    before = {key: value.clone() for key, value in G.state_dict().items()}
    first, again, other = (bias.learn_on(G, faces, turns=2, ahead=2, seed=seed).state_dict()
                           for seed in (0, 0, 1))
    assert all(torch.equal(value, before[key]) for key, value in G.state_dict().items())
    assert all(torch.equal(value, first[key]) for key, value in again.items())
    assert not torch.equal(first["layers.0.weight"], before["layers.0.weight"])
    assert not torch.equal(first["layers.0.weight"], other["layers.0.weight"])
    with pytest.raises(TypeError, match="G must be a generator"):
        bias.learn_on("faces", faces)


def test_a_coarse_picture_holds_the_mean_colour_of_each_square():
    x = torch.rand(2, 3, 32, 32)
    small = bias.coarse(x, 4)
    assert small.shape == (2, 3, 4, 4)
    torch.testing.assert_close(small[1, 2, 3, 0], x[1, 2, 24:, :8].mean())


def test_what_is_restored_fits_the_coarse_picture_better_than_other_fakes(G):
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in G.parameters():
            weight *= 2  # else its fakes hardly differ
        x, others = G(torch.randn(4, 8)), G(torch.randn(4, 8))
    small = bias.coarse(x)
    back = bias.restored(G, small, steps=30, restarts=2)
    assert back.shape == x.shape and not back.requires_grad
    error, usual = ((bias.coarse(fakes) - small).square().mean() for fakes in (back, others))
    assert error < 0.3 * usual
    assert torch.equal(back, bias.restored(G, small, steps=30, restarts=2))
    with pytest.raises(ValueError, match="small must have the shape"):
        bias.restored(G, small[0])


def test_brighter_is_measured_in_the_middle_and_in_grey_levels():
    x = torch.zeros(2, 3, 32, 32)
    fake = x.clone()
    fake[0, :, :8] = 1.0  # not in the middle
    fake[1, :, 8:24, 8:24] = -0.2
    assert bias.brighter(fake, x).tolist() == pytest.approx([0.0, -25.5])
    with pytest.raises(ValueError, match="fake must have the shape"):
        bias.brighter(fake[:1], x)


def test_the_recipe_of_the_thinned_generator_ships_the_one_from_thin_data(monkeypatch):
    recipe = replace(RECIPES["faces_few_dark"], samples=120)
    made = []

    def learn_on(G, faces, turns, ahead, seed):
        made.append((len(faces), recipe.has_tone(faces.attributes["skin"]).sum().item(), seed))
        return f"G {len(made) - 1}"

    monkeypatch.setattr(bias, "learn_on", learn_on)
    monkeypatch.setattr(type(recipe), "measured", lambda self, pair: {"pair": list(pair)})
    G, card = recipe.make(3)
    assert G == "G 1" and [seed for *_, seed in made] == [3, 3, 4, 4, 5, 5, 6, 6, 7, 7]
    (size, dark, _), (thin, left, _) = made[:2]
    assert size == 120 and left == -(-dark // 50) and thin == size - dark + left
    assert [run["seed"] for run in card["five_seeds"]] == [3, 4, 5, 6, 7]
