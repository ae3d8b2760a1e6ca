"""The recipe of a hundred digits: what it holds out, and what its card says."""

from dataclasses import replace

import pytest
import torch

from gan_lib import recipes
from gan_lib.recipes import few_pictures


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(few_pictures, "JUDGED", 30)
    monkeypatch.setattr(few_pictures, "SEEDS", 2)
    return replace(recipes.RECIPES["few_augmented"], steps=3, few=12, game={"batch_size": 4},
                   generator={"z_dim": 4, "width": 4}, discriminator={"width": 4})


def test_no_picture_is_in_both_parts_and_seeds_differ(tiny):
    train, rest = tiny.pictures(seed=1)
    assert len(train) == 12 and len(train) + len(rest) == 1797
    apart = torch.cdist(train.images.flatten(1).float(), rest.images.flatten(1).float())
    assert (apart > 0).all()
    assert not torch.equal(train.images, tiny.pictures(seed=2)[0].images)


def test_the_card_holds_the_scores_of_every_seed(tiny):
    G, card = tiny.make(seed=3)
    assert G.z_dim == 4 and [run["seed"] for run in card["runs"]] == [3, 4]
    assert card["kinds"] == ["shift", "cutout"] and "seed" not in card["scores"]
    for run in card["runs"]:
        assert all(0 <= run[name] <= 1 for name in ("precision", "share_nearer", "D_train",
                                                    "D_held_out", "D_fake"))


@pytest.mark.parametrize("name", ["few_shifted", "few_augmented"])
def test_those_that_ship_differ_in_nothing_but_the_changes(name):
    plain, augmented = (recipes.RECIPES[one] for one in ("few_plain", name))
    assert plain.kinds == () and augmented.kinds
    assert replace(plain, kinds=augmented.kinds, after=augmented.after) == augmented
