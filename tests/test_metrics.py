import math

import numpy as np
import pytest
import torch
from scipy import linalg
from sklearn.neighbors import NearestNeighbors
from torch import nn
from torch.nn import functional as F

from gan_lib import data, metrics, models


def clouds(n=60, m=80, features=5, seed=0):
    random = torch.Generator().manual_seed(seed)
    mix = torch.randn(features, features, generator=random)
    return (torch.randn(n, features, generator=random),
            torch.randn(m, features, generator=random) @ mix + 0.5)


class Judge(nn.Module):
    """A classifier of pictures (N, 1, 1, 2) whose logits are the two pixels and 0."""

    def __init__(self):
        super().__init__()
        self.answers = nn.ModuleDict({"side": nn.Linear(2, 3)})
        self.seen = []

    def features(self, x):
        self.seen.append(len(x))
        return x.flatten(1)

    def forward(self, x):
        return {"side": torch.cat([x.flatten(1), torch.zeros(len(x), 1)], 1)}


def pictures(rows):
    return torch.tensor(rows).reshape(-1, 1, 1, 2)


# ---- Fréchet distance

@pytest.mark.parametrize("n, m, features", [(60, 80, 5), (200, 30, 3), (50, 50, 1)])
def test_frechet_distance_equals_the_formula_with_scipy(n, m, features):
    real, fake = clouds(n, m, features)
    a, b = np.atleast_2d(np.cov(real.double().T)), np.atleast_2d(np.cov(fake.double().T))
    difference = real.double().mean(0) - fake.double().mean(0)
    expected = difference @ difference + np.trace(a + b - 2 * linalg.sqrtm(a @ b).real)
    assert metrics.frechet_distance(real, fake) == pytest.approx(expected.item(), rel=1e-6)


def test_frechet_distance_of_two_gaussians_on_a_line():
    z = torch.randn(5000, 1, dtype=torch.float64)
    z = (z - z.mean()) / z.std()
    found = metrics.frechet_distance(2 * z + 1, 5 * z - 3)
    assert found == pytest.approx((1 + 3) ** 2 + (2 - 5) ** 2)


def test_frechet_distance_is_0_of_the_same_symmetric_and_moves_with_the_mean():
    real, fake = clouds()
    assert metrics.frechet_distance(real, real) == pytest.approx(0, abs=1e-9)
    assert metrics.frechet_distance(real, real.flip(0) + 3) == pytest.approx(9 * 5, rel=1e-5)
    assert metrics.frechet_distance(real, fake) == \
        pytest.approx(metrics.frechet_distance(fake, real))


def test_frechet_distance_with_fewer_samples_than_features():
    few = torch.randn(4, 30)
    assert metrics.frechet_distance(few, few) == pytest.approx(0, abs=1e-6)
    assert metrics.frechet_distance(few, torch.randn(3, 30)) > 1


# ---- precision and recall

def share_in_reach(of, centres, k):
    hits = 0
    for point in of:
        for i, centre in enumerate(centres):
            others = sorted(math.dist(centre, other) for j, other in enumerate(centres) if j != i)
            if math.dist(point, centre) <= others[k - 1]:
                hits += 1
                break
    return hits / len(of)


@pytest.mark.parametrize("k", [1, 3, 6])
def test_precision_and_recall_equal_brute_force(k):
    real, fake = clouds(25, 18, 2, seed=k)
    expected = (share_in_reach(fake.tolist(), real.tolist(), k),
                share_in_reach(real.tolist(), fake.tolist(), k))
    assert metrics.precision_recall(real, fake, k) == pytest.approx(expected)
    assert 0 < expected[0] < 1


def test_precision_and_recall_at_the_ends():
    real, _ = clouds()
    assert metrics.precision_recall(real, real) == (1, 1)
    assert metrics.precision_recall(real, real + 1000) == (0, 0)
    one_mode = real[:1] + 1e-3 * torch.randn(50, 5)     # all fakes are good, and all the same
    precision, recall = metrics.precision_recall(real, one_mode)
    assert precision == 1 and recall < 0.05


@pytest.mark.parametrize("score", [metrics.frechet_distance, metrics.precision_recall])
@pytest.mark.parametrize("real, fake, says", [
    (torch.zeros(0, 3), torch.zeros(5, 3), r"real must have the shape"),
    (torch.zeros(5, 3), torch.zeros(0, 3), r"fake must have the shape \(any, 3\)"),
    (torch.zeros(5, 3), torch.zeros(5, 2), r"fake must have the shape \(any, 3\)"),
    (torch.zeros(5), torch.zeros(5), "real must have the shape"),
    (torch.zeros(1, 3), torch.zeros(5, 3), "real must hold at least 2 samples, but it holds 1"),
    (torch.zeros(5, 3), torch.zeros(1, 3), "fake must hold at least 2 samples"),
    (torch.full((5, 3), math.nan), torch.zeros(5, 3), "real must hold finite numbers"),
    (torch.zeros(5, 3), torch.full((5, 3), math.inf), "fake must hold finite numbers")])
def test_clouds_that_cannot_be_compared_are_refused(score, real, fake, says):
    with pytest.raises(ValueError, match=says):
        score(real, fake)


@pytest.mark.parametrize("k", [0, 18])
def test_k_must_leave_a_neighbour(k):
    real, fake = clouds(25, 18, 2)
    with pytest.raises(ValueError, match="k must be from 1 to 17"):
        metrics.precision_recall(real, fake, k)


# ---- classes

def test_features_and_probabilities_look_at_chunks_and_keep_the_order(monkeypatch):
    monkeypatch.setattr(metrics, "CHUNK", 3)
    judge, x = Judge(), torch.randn(7, 1, 1, 2)
    torch.testing.assert_close(metrics.features(judge, x), x.flatten(1))
    assert judge.seen == [3, 3, 1]
    logits = torch.cat([x.flatten(1), torch.zeros(7, 1)], 1)
    torch.testing.assert_close(metrics.probabilities(judge, x, "side"),
                               logits.exp() / logits.exp().sum(1, keepdim=True))


def test_class_shares_and_confidence_counted_by_hand():
    x = pictures([[9.0, 0], [9, 0], [0, 9], [-1, -1], [1, 0.9]])
    assert metrics.class_shares(Judge(), x, "side").tolist() == pytest.approx([0.6, 0.2, 0.2])
    assert metrics.class_shares(Judge(), x[:2], "side").tolist() == [1, 0, 0]
    assert metrics.confidence(Judge(), x, "side") == pytest.approx(0.6)
    assert metrics.confidence(Judge(), x, "side", 0.5) == pytest.approx(0.8)
    assert metrics.confidence(Judge(), x, "side", 0.0) == 1


def test_scores_are_the_single_scores():
    torch.manual_seed(0)
    real, fake = torch.randn(40, 1, 1, 2), torch.randn(30, 1, 1, 2) + 1
    found = metrics.scores(Judge(), real, fake, "side")
    precision, recall = metrics.precision_recall(real.flatten(1), fake.flatten(1))
    shares = metrics.class_shares(Judge(), fake, "side")
    assert found == pytest.approx({
        "frechet_distance": metrics.frechet_distance(real.flatten(1), fake.flatten(1)),
        "precision": precision, "recall": recall, "smallest_class_share": min(shares.tolist()),
        "confident_share": metrics.confidence(Judge(), fake, "side")})


def test_an_unknown_question_or_threshold_is_refused():
    x = torch.zeros(2, 1, 1, 2)
    with pytest.raises(ValueError, match="question must be one of 'side', but it is 'hat'"):
        metrics.class_shares(Judge(), x, "hat")
    with pytest.raises(ValueError, match="threshold must be"):
        metrics.confidence(Judge(), x, "side", 1.5)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_pictures_with_numbers_that_are_not_finite_are_refused(bad):
    x = pictures([[9.0, 0], [0, bad]])                  # a classifier would still name a class
    for look in (lambda: metrics.features(Judge(), x),
                 lambda: metrics.class_shares(Judge(), x, "side"),
                 lambda: metrics.confidence(Judge(), x, "side"),
                 lambda: metrics.scores(Judge(), x[:1], x, "side"),
                 lambda: metrics.nearest(x, x[:1])):
        with pytest.raises(ValueError, match="x must hold finite numbers"):
            look()
    with pytest.raises(ValueError, match="among must hold finite numbers"):
        metrics.nearest(x[:1], x)


# ---- pictures of another size

def test_pictures_of_the_classifiers_size_are_left_alone():
    x = torch.randn(3, 1, 16, 16)
    assert metrics.fitted(models.Classifier({"digit": 10}, 16, width=4), x) is x


@pytest.mark.parametrize("size, wanted", [(32, 16), (64, 32), (16, 32), (28, 16)])
def test_pictures_of_another_size_are_resized_as_torch_does(size, wanted):
    x = torch.randn(3, 3, size, size)
    found = metrics.fitted(models.Classifier({"hat": 3}, wanted, 3, width=4), x)
    assert torch.equal(found, F.interpolate(x, size=(wanted, wanted), mode="bilinear",
                                            antialias=True))


def test_halving_a_picture_keeps_its_mean_and_a_flat_picture_flat():
    judge = models.Classifier({"digit": 10}, 16, width=4)
    x = torch.rand(4, 1, 32, 32)
    assert metrics.fitted(judge, x).mean() == pytest.approx(x.mean().item(), abs=0.01)
    torch.testing.assert_close(metrics.fitted(judge, torch.full((1, 1, 32, 32), 0.3)),
                               torch.full((1, 1, 16, 16), 0.3))


@pytest.mark.parametrize("shape", [(2, 3, 32, 32), (2, 1, 32, 16), (2, 1, 16, 32), (1, 32, 32),
                                   (0, 1, 32, 32)])
def test_what_cannot_be_fitted_is_refused(shape):
    with pytest.raises(ValueError, match=r"x must have the shape \(any, 1, "):
        metrics.fitted(models.Classifier({"digit": 10}, 16, width=4), torch.zeros(shape))


# ---- modes and copies

def test_modes_hit_counted_by_hand():
    centres = torch.tensor([[0.0, 0], [10, 0], [20, 0]])
    points = torch.tensor([[0.0, 0]] * 90 + [[10.0, 1]] * 5 + [[10.0, 1.1]] * 3 + [[20.0, 0]] * 2)
    assert metrics.modes_hit(points, centres, radius=1) == 3
    assert metrics.modes_hit(points, centres, radius=1, share=0.021) == 2
    assert metrics.modes_hit(points, centres, radius=1, share=0.06) == 1
    assert metrics.modes_hit(points, centres, radius=1.1, share=0.06) == 2
    assert metrics.modes_hit(points + 5, centres, radius=1) == 0


def test_points_that_are_not_finite_are_near_no_centre():
    centres = torch.tensor([[0.0, 0], [10, 0]])
    points = torch.tensor([[math.nan, 0]] * 5 + [[math.inf, 0]] * 5 + [[10.0, 0]] * 5)
    assert metrics.modes_hit(points, centres, radius=1) == 1
    assert metrics.modes_hit(points[:10], centres, radius=1) == 0


def test_real_points_hit_every_mode():
    for name, modes in (("ring", 8), ("grid", 25)):
        samples = data.load(name, n=2000, device="cpu")
        assert metrics.modes_hit(samples.points, samples.centres, radius=0.25) == modes
        only = samples.points[samples.labels < 3]
        assert metrics.modes_hit(only, samples.centres, radius=0.25) == 3


@pytest.mark.parametrize("points, centres, arguments, says", [
    (torch.zeros(0, 2), torch.zeros(3, 2), {"radius": 1.0}, "points must have the shape"),
    (torch.zeros(5, 3), torch.zeros(3, 2), {"radius": 1.0}, "points must have the shape"),
    (torch.zeros(5, 2), torch.zeros(3), {"radius": 1.0}, "centres must have the shape"),
    (torch.zeros(5, 2), torch.zeros(3, 2), {"radius": -1.0}, "radius must be"),
    (torch.zeros(5, 2), torch.zeros(3, 2), {"radius": 1.0, "share": 2.0}, "share must be")])
def test_modes_hit_refuses_other_arguments(points, centres, arguments, says):
    with pytest.raises(ValueError, match=says):
        metrics.modes_hit(points, centres, **arguments)


def test_nearest_equals_scikit_learn():
    torch.manual_seed(0)
    x, among = torch.randn(9, 3, 4, 4), torch.randn(40, 3, 4, 4)
    index, distance = metrics.nearest(x, among)
    search = NearestNeighbors(n_neighbors=1).fit(among.flatten(1).numpy())
    apart, expected = search.kneighbors(x.flatten(1).numpy())
    assert index.tolist() == expected[:, 0].tolist() and index.dtype == torch.int64
    assert distance.tolist() == pytest.approx((apart[:, 0] / 48 ** 0.5).tolist(), rel=1e-5)


def test_an_exact_copy_is_at_distance_0():
    torch.manual_seed(0)
    among = torch.randn(300, 3, 32, 32)
    index, distance = metrics.nearest(among[5:9].clone(), among)
    assert index.tolist() == [5, 6, 7, 8] and distance.tolist() == [0] * 4


@pytest.mark.parametrize("x, among", [
    (torch.zeros(2, 1, 4, 4), torch.zeros(3, 1, 4, 5)), (torch.zeros(2, 4), torch.zeros(0, 4)),
    (torch.zeros(0, 4), torch.zeros(2, 4))])
def test_nearest_refuses_other_shapes_and_empty_sets(x, among):
    with pytest.raises(ValueError, match="(x|among) must have the shape"):
        metrics.nearest(x, among)
