"""People in several poses, the three networks, and their training."""

import copy
import math

import pytest
import torch
from torch.nn import functional as F

from gan_lib import checkpoints, data, heads, inpainting
from gan_lib.data import face_drawing
from gan_lib.recipes import heads as recipe


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    monkeypatch.setattr(heads.device, "best", lambda: torch.device("cpu"))
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def crowd():
    with torch.device("cpu"):
        return heads.people(6, poses=4, seed=3)


@pytest.fixture
def head():
    return heads.TalkingHead(width=4)


def weights(network):
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


# --- poses ------------------------------------------------------------------------------------

def test_a_pose_is_eight_numbers_of_expression_and_twelve_of_landmarks():
    attributes = face_drawing.sample(50, seed=1)
    y = heads.pose(attributes)
    assert y.shape == (50, 20) and y.dtype == torch.float32 and 0 <= y.min() and y.max() <= 1
    torch.testing.assert_close(y[:, 6], (attributes["tilt"] + 20) / 40)
    torch.testing.assert_close(y[:, 0], (attributes["smile"] + 0.6) / 1.6)
    torch.testing.assert_close(y[:, 8:].view(50, 6, 2), face_drawing.landmarks(attributes))


@pytest.mark.parametrize(("change", "says"), [
    ({"landmarks": torch.full((2, 6, 2), 1.2)}, "landmarks must lie on the picture, from 0 to 1"),
    ({"landmarks": torch.full((2, 6, 2), -0.1)}, "landmarks must lie on the picture"),
    ({"landmarks": torch.full((2, 6, 2), math.nan)}, "landmarks must lie on the picture"),
    ({"landmarks": torch.zeros(3, 6, 2)}, r"landmarks must have the shape \(2, any, 2\)"),
    ({"landmarks": None}, "landmarks must be a tensor, but it is None"),
    ({"expression": torch.zeros(8)}, "expression must have the shape"),
    ({"expression": torch.zeros(2, 8, dtype=torch.int64)}, "expression must hold floats"),
    ({"low": torch.zeros(7)}, r"low must have the shape \(8\)"),
])
def test_what_is_no_pose_gets_one_sentence(change, says):
    arguments = {"expression": torch.zeros(2, 8), "landmarks": torch.zeros(2, 6, 2),
                 "low": torch.zeros(8), "high": torch.ones(8), **change}
    with pytest.raises((TypeError, ValueError), match=says):
        heads.pose_vector(**arguments)


def test_people_keep_who_they_are_and_change_their_pose(crowd):
    assert crowd.images.shape == (6, 4, 3, 32, 32) and crowd.y.shape == (6, 4, 20)
    for name, value in crowd.attributes.items():
        same = (value == value[:, :1]).all()
        assert same != (name in heads.EXPRESSION), name
    one = {name: value[2, 1:2] for name, value in crowd.attributes.items()}
    assert torch.equal(face_drawing.draw(one)[0], crowd.images[2, 1])
    assert torch.equal(heads.pose(one)[0], crowd.y[2, 1])


def test_a_batch_holds_other_pictures_of_the_same_person_and_the_truth_in_the_pose(crowd):
    pictures, y, truth = crowd.batch(40, k=3, generator=torch.Generator().manual_seed(1))
    assert pictures.shape == (40, 3, 3, 32, 32)
    for own, pose, x in zip(pictures, y, truth):
        person, place = (crowd.y == pose).all(2).nonzero()[0].tolist()
        assert torch.equal(data.to_float(crowd.images[person, place]), x)
        others = {tuple(picture.flatten()[:600].tolist()) for picture in own}
        known = {tuple(data.to_float(crowd.images[person, other]).flatten()[:600].tolist())
                 for other in range(4) if other != place}
        assert others == known


@pytest.mark.parametrize(("call", "says"), [
    (lambda crowd: crowd.batch(2, k=4), "k must be from 1 to 3"),
    (lambda crowd: crowd.batch(2, k=0), "k must be from 1 to 3"),
    (lambda crowd: crowd.person(6), "i must be from 0 to 5"),
    (lambda crowd: heads.people(0), "n must be at least 1"),
    (lambda crowd: heads.driver(1), "frames must be at least 2"),
    (lambda crowd: heads.in_pose(crowd.person(0), {"smile": torch.zeros(3)}),
     "mouth_open must be a tensor"),
])
def test_wrong_numbers_of_people_and_pictures_get_one_sentence(crowd, call, says):
    with pytest.raises((TypeError, ValueError), match=says):
        call(crowd)


def test_the_driver_moves_smoothly_ends_where_it_begins_and_can_be_drawn(crowd):
    frames = heads.driver(96)
    assert set(frames) == set(heads.EXPRESSION)
    for name, curve in frames.items():
        low, high = face_drawing.ATTRIBUTES[name]
        assert low <= curve.min() and curve.max() <= high
        steps = torch.cat([curve, curve[:1]]).diff().abs()
        assert steps.max() < 0.25 * (high - low) and curve.std() > 0.1 * (high - low), name
    acted = heads.in_pose(crowd.person(1), frames)
    assert face_drawing.draw(acted).shape == (96, 3, 32, 32)
    assert len(acted["hat"].unique()) == 1 and torch.equal(acted["turn"], frames["turn"])


# --- networks ---------------------------------------------------------------------------------

def test_the_embedding_is_the_mean_over_the_pictures_in_any_order(head, crowd):
    x = data.to_float(crowd.images)
    one_by_one = torch.stack([torch.stack([head.E(x[i, j:j + 1])[0] for j in range(4)]).mean(0)
                              for i in range(6)])
    torch.testing.assert_close(heads.mean_embedding(head.E, x), one_by_one, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(heads.mean_embedding(head.E, x.flip(1)), one_by_one, atol=1e-5,
                               rtol=1e-4)


@pytest.mark.parametrize(("pictures", "says"), [
    (torch.zeros(2, 0, 3, 32, 32), "at least one picture of each person"),
    (torch.zeros(2, 3, 32, 32), "pictures must have the shape"),
    (torch.zeros(2, 1, 1, 32, 32), r"x must have the shape \(any, 3, 32, 32\)"),
    (torch.zeros(2, 1, 3, 16, 16), r"x must have the shape \(any, 3, 32, 32\)"),
    (torch.full((1, 1, 3, 32, 32), 200.0), r"x must hold pictures in \[-1, 1\]"),
    (torch.zeros(2, 1, 3, 32, 32, dtype=torch.uint8), "pictures must hold floats"),
    ([1, 2], "pictures must be a tensor"),
])
def test_what_are_no_pictures_of_a_person_gets_one_sentence(head, pictures, says):
    with pytest.raises((TypeError, ValueError), match=says):
        head(pictures, torch.zeros(len(pictures), 20))


def test_a_pose_of_another_shape_is_refused(head):
    with pytest.raises(ValueError, match=r"y must have the shape \(2, 20\)"):
        head(torch.zeros(2, 1, 3, 32, 32), torch.zeros(2, 12))


def test_the_fake_depends_on_who_and_on_how(head, crowd):
    x = data.to_float(crowd.images)
    fake = head(x[:, :2], crowd.y[:, 3])
    assert fake.shape == (6, 3, 32, 32) and fake.abs().max() <= 1
    assert not torch.allclose(head(x[:, :2].roll(1, 0), crowd.y[:, 3]), fake)
    assert not torch.allclose(head(x[:, :2], crowd.y[:, 2]), fake)


def test_D_looks_at_the_picture_the_person_and_the_pose(head, crowd):
    x, source, y = data.to_float(crowd.images[:, 0]), data.to_float(crowd.images[:, 1]), crowd.y
    logits = head.D.judge(x, source, y[:, 0])
    assert logits.shape == (6,)
    for other in (head.D.judge(x.roll(1, 0), source, y[:, 0]),
                  head.D.judge(x, source.roll(1, 0), y[:, 0]),
                  head.D.judge(x, source, y[:, 2])):
        assert not torch.allclose(other, logits)


def test_sharpness_is_the_mean_step_to_a_neighbour():
    stripes = torch.tensor([-1.0, 1.0]).repeat(8).expand(1, 3, 16, 16)
    assert heads.sharpness(stripes).item() == pytest.approx(1.0)  # 2 across, 0 down
    assert heads.sharpness(torch.full((2, 3, 8, 8), 0.3)).tolist() == [0.0, 0.0]
    blurred = F.avg_pool2d(stripes, 3, 1)
    assert heads.sharpness(blurred) < 0.5


# --- training ---------------------------------------------------------------------------------

def test_the_loss_is_L1_and_a_weight_times_the_non_saturating_loss():
    fake, truth, logits = torch.randn(3, 3, 4, 5), torch.randn(3, 3, 4, 5), torch.randn(3)
    expected = F.l1_loss(fake, truth) + 0.3 * F.binary_cross_entropy_with_logits(
        logits, torch.ones(3))
    torch.testing.assert_close(heads.generator_loss(fake, truth, logits, 0.3), expected)


def test_D_is_shown_fakes_and_a_few_real_pictures_of_another_person_or_in_another_pose():
    fake, truth, other = (torch.randn(32, 3, 4, 4) + mean for mean in (0, 10, 20))
    shown = heads.wrong(fake.requires_grad_(), truth, other)
    assert not shown.requires_grad and torch.equal(shown[:28], fake[:28])
    assert torch.equal(shown[28:30], truth[27:29]) and torch.equal(shown[30:], other[30:])
    half = heads.wrong(fake, truth, other, misfits=0.5)
    assert [(half.mean((1, 2, 3)) / 10).round().tolist().count(kind) for kind in range(3)] == [
        16, 8, 8]


def test_L1_moves_E_and_G_and_the_game_moves_all_three(head, crowd):
    practice = heads.Practice(head, crowd, batch_size=4)
    before = {name: weights(getattr(head, name)) for name in "EGD"}
    practice.step_l1()
    after = {name: weights(getattr(head, name)) for name in "EGD"}
    assert [torch.equal(before[name], after[name]) for name in "EGD"] == [False, False, True]
    practice.step()
    assert not any(torch.equal(weights(getattr(head, name)), after[name]) for name in "EGD")
    assert all(parameter.requires_grad for parameter in head.parameters())
    assert practice.steps == 2


def test_Ds_half_step_leaves_E_and_G_alone_and_Gs_half_step_leaves_D(head, crowd):
    practice = heads.Practice(head, crowd, batch_size=4)
    for frozen, optimizer in (("EG", practice.optimizer_G), ("D", practice.optimizer_D)):
        before = {name: weights(getattr(head, name)) for name in frozen}
        optimizer.step = lambda: None
        practice.step()
        assert all(torch.equal(weights(getattr(head, name)), before[name]) for name in frozen)


def test_training_brings_the_fakes_nearer_to_the_truth(head):
    practice = heads.Practice(head, heads.people(6, poses=6), batch_size=16, lr=5e-3)
    losses = [practice.step_l1().item() for _ in range(60)]
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])
    x, y = data.to_float(practice.samples.images), practice.samples.y
    with torch.no_grad():
        averaged = (practice.average(x[:, :1], y[:, 1]) - x[:, 1]).abs().mean()
    assert averaged < 0.7 * losses[0]


def test_a_head_without_a_judge_trains_with_L1_alone(crowd):
    head = heads.TalkingHead(width=4, judged=False)
    practice = heads.Practice(head, crowd, batch_size=4)
    practice.set_lr(1e-4)
    assert head.D is None and practice.step_l1() > 0
    assert practice.optimizer_l1.param_groups[0]["lr"] == 1e-4


def test_fine_tuning_begins_as_the_head_and_leaves_it_as_it_is(head, crowd):
    x, y = data.to_float(crowd.images), crowd.y
    kept = copy.deepcopy(head)
    own = heads.FineTuned(head, x[:1, :3])
    torch.testing.assert_close(own(None, y[0]), head(x[:1, :3].expand(4, -1, -1, -1, -1), y[0]))
    optimizer = torch.optim.Adam(own.parameters(), 1e-2)
    for _ in range(5):
        loss = (own(None, y[0]) - x[0]).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert (own(None, y[0]) - x[0]).abs().mean() < (head(x[:1, :3], y[:1, 0]) - x[0]).abs().mean()
    assert torch.equal(weights(kept), weights(head))
    with pytest.raises(ValueError, match="pictures must have the shape"):
        heads.FineTuned(head, x[:2, :3])


# --- the recipe -------------------------------------------------------------------------------

@pytest.mark.parametrize("game_steps", [0, 2])
def test_a_tiny_recipe_from_people_to_card(game_steps, tmp_path, monkeypatch):
    for name, value in (("UNSEEN", 3), ("SHOWN", (1, 2)), ("SCORED", 6)):
        monkeypatch.setattr(recipe, name, value)
    rates = []
    monkeypatch.setattr(heads.Practice, "set_lr", lambda _, lr: rates.append(lr))
    made = recipe.HeadsRecipe(l1_steps=4 - game_steps, game_steps=game_steps, people=8, lr=1e-3)
    network, about = made.make(seed=3)
    assert rates == pytest.approx([1e-3, 1e-3, 1e-3, 5e-4])  # a slow end
    assert made.steps == 4 and (network.D is None) == (game_steps == 0)
    assert set(about["scores"]) == {
        "copy", "K=1", "K=2", "frechet_distance", "frechet_distance_of_two_real_halves",
        "agreement"}
    checkpoints.save("tiny", network, about.pop("arguments"), about, tmp_path)
    x, y = torch.zeros(1, 1, 3, 32, 32), torch.zeros(1, 20)
    torch.testing.assert_close(checkpoints.load("tiny", tmp_path)(x, y), network(x, y), atol=0.02,
                               rtol=0.02)


# --- the networks that ship -------------------------------------------------------------------

@pytest.fixture(scope="module")
def unseen():
    with torch.device("cpu"):
        return heads.people(80, poses=9, seed=99)


def test_both_shipped_heads_draw_strangers_better_than_a_copy_and_D_makes_them_sharper(unseen):
    x = data.to_float(unseen.images)
    everywhere = torch.ones(32, 32, dtype=torch.bool)
    fakes = {name: checkpoints.load(name)(x[:, :1], unseen.y[:, 8])
             for name in ("heads", "heads_l1")}
    psnr = {name: inpainting.psnr(fake, x[:, 8], everywhere).mean()
            for name, fake in {**fakes, "copy": x[:, 0]}.items()}
    assert min(psnr["heads"], psnr["heads_l1"]) > psnr["copy"] + 7
    sharp = {name: heads.sharpness(fake).mean() / heads.sharpness(x[:, 8]).mean()
             for name, fake in fakes.items()}
    assert sharp["heads_l1"] < 0.95 < sharp["heads"] < 1.05


@pytest.mark.parametrize("name", ["heads", "heads_l1"])
def test_a_shipped_head_is_small_and_its_pictures_differ(name, unseen):
    assert (checkpoints.SHIPPED / f"{name}.safetensors").stat().st_size <= 6e6
    fakes = checkpoints.load(name)(data.to_float(unseen.images[:20, :1]), unseen.y[:20, 5])
    assert fakes.isfinite().all() and fakes.std(0).mean() > 0.05


def test_the_cards_say_how_one_went_on_from_the_other_and_what_D_added():
    with_D, l1 = checkpoints.card("heads"), checkpoints.card("heads_l1")
    assert with_D["start"] == "heads_l1" and l1["game_steps"] == 0 and with_D["l1_steps"] == 0
    distance = [card["scores"]["frechet_distance"] for card in (with_D, l1)]
    assert distance[0] < 0.7 * distance[1]
    runs = with_D["five_seeds"]["runs"]
    assert [run["seed"] for run in runs] == list(range(5))
    for run in runs:
        assert run["with_D"]["sharpness"] > run["l1"]["sharpness"]
        assert run["with_D"]["frechet_distance"] < run["l1"]["frechet_distance"]


def test_a_recipe_goes_on_from_the_head_that_it_names(monkeypatch, crowd):
    known = heads.TalkingHead(width=4, judged=False)
    monkeypatch.setattr(checkpoints, "load", lambda name: {"some": known}[name])
    made = recipe.HeadsRecipe(l1_steps=0, game_steps=1, start="some")
    fresh = heads.TalkingHead(width=4)
    practice = made.practice(fresh, crowd, seed=0)
    assert torch.equal(weights(practice.head.E), weights(known.E))
    assert torch.equal(weights(practice.average.G), weights(known.G))
