"""How good are the fakes? Distances, precision and recall, class shares, modes, copies."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import checks

CHUNK = 256  # pictures that a classifier sees at once


@torch.no_grad()
def features(classifier, x: Tensor) -> Tensor:
    """Return what a frozen `models.Classifier` sees in x (N, C, H, W): float32 (N, 64)."""
    _ask(classifier, x)
    return torch.cat([classifier.features(part) for part in x.split(CHUNK)])


def fitted(classifier, x: Tensor) -> Tensor:
    """Return square pictures x (N, C, H, W) at the size that the classifier looks at."""
    channels, _, size = classifier.sample_shape
    checks.samples("x", x, (None, channels, *getattr(x, "shape", (None,))[-1:] * 2))
    if x.shape[-1] == size:
        return x
    return F.interpolate(x, size=(size, size), mode="bilinear", antialias=True)


@torch.no_grad()
def probabilities(classifier, x: Tensor, question: str) -> Tensor:
    """Return the classifier's probability of each answer to `question`: (N, answers)."""
    _ask(classifier, x)  # it would put NaN into the first class
    checks.one_of("question", question, classifier.answers)
    return torch.cat([classifier(part)[question].softmax(1) for part in x.split(CHUNK)])


def frechet_distance(real: Tensor, fake: Tensor) -> float:
    """Return the Fréchet distance between two clouds of features (N, F) and (M, F), N, M >= 2.

    Both are taken as Gaussians: |μ - ν|² + tr(A + B - 2 (A B)^(1/2)), 0 or more; smaller is
    better. Source: Heusel et al., "GANs Trained by a Two Time-Scale Update Rule ...", 2017.
    """
    real, fake = _two_clouds(real, fake)
    root = _square_root(_covariance(real))
    middle = root @ _covariance(fake) @ root
    mixed = torch.linalg.eigvalsh(middle).clamp(min=0).sqrt().sum()
    spread = real.var(0).sum() + fake.var(0).sum() - 2 * mixed
    return ((real.mean(0) - fake.mean(0)).square().sum() + spread).clamp(min=0).item()


def precision_recall(real: Tensor, fake: Tensor, k: int = 3) -> tuple[float, float]:
    """Return (precision, recall) of fakes (M, F) against real samples (N, F), each in [0, 1].

    Precision: the share of fakes that lie within reach of a real sample; recall: the share of
    real samples within reach of a fake. A sample's reach is the distance to its k-th nearest
    neighbour of the same kind. Source: Kynkäänniemi et al., 2019.
    """
    real, fake = _two_clouds(real, fake)
    checks.whole_number("k", k, 1, min(len(real), len(fake)) - 1)
    return _share_in_reach(fake, real, k), _share_in_reach(real, fake, k)


def class_shares(classifier, x: Tensor, question: str) -> Tensor:
    """Return the share of the pictures x that the classifier puts in each class: (answers,)."""
    chosen = probabilities(classifier, x, question).argmax(1)
    count = torch.bincount(chosen, minlength=classifier.answers[question].out_features)
    return count / len(x)


def confidence(classifier, x: Tensor, question: str, threshold: float = 0.95) -> float:
    """Return the share of pictures whose most probable class has at least `threshold`."""
    checks.number("threshold", threshold, 0.0, 1.0)
    return (probabilities(classifier, x, question).amax(1) >= threshold).float().mean().item()


def modes_hit(points: Tensor, centres: Tensor, radius: float, share: float = 0.02) -> int:
    """Return how many centres (K, 2) have at least `share` of the points (N, 2) near them.

    A point is near its closest centre if it is at most `radius` away.
    """
    checks.floats("points", points, (None, 2))
    checks.samples("centres", centres, (None, 2))
    checks.number("radius", radius, 1e-6)
    checks.number("share", share, 0.0, 1.0)
    distance, closest = torch.cdist(points, centres.to(points)).min(1)
    count = torch.bincount(closest[distance <= radius], minlength=len(centres))
    return int((count >= share * len(points)).sum())


def nearest(x: Tensor, among: Tensor) -> tuple[Tensor, Tensor]:
    """Find, for each sample of x (N, ...), the nearest one in `among` (M, ...), pixel by pixel.

    Returns (index int64 (N,), distance float32 (N,)): the root mean squared difference.
    """
    checks.samples("x", x, (None, *getattr(x, "shape", ())[1:]))
    checks.samples("among", among, (None, *x.shape[1:]))
    among = among.to(x)
    parts = among.flatten(1).split(4096)  # all at once would double the memory
    index = torch.cat([torch.cdist(x.flatten(1), part) for part in parts], 1).argmin(1)
    # cdist is fast but rough: it would not give 0 for an exact copy.
    return index, (x - among[index]).flatten(1).square().mean(1).sqrt()


def scores(classifier, real: Tensor, fake: Tensor, question: str) -> dict[str, float]:
    """Return the course's scores of fakes against real pictures, both (N, C, H, W) in [-1, 1]."""
    real_features, fake_features = features(classifier, real), features(classifier, fake)
    precision, recall = precision_recall(real_features, fake_features)
    shares = class_shares(classifier, fake, question)
    return {"frechet_distance": frechet_distance(real_features, fake_features),
            "precision": precision, "recall": recall,
            "confident_share": confidence(classifier, fake, question),
            "smallest_class_share": shares.min().item()}


def _ask(classifier, x: Tensor) -> None:
    checks.kind("classifier", classifier, "a classifier, as models.Classifier makes them",
                "features", "answers")
    checks.samples("x", x)


def _two_clouds(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    checks.samples("real", real, (None, None))
    checks.samples("fake", fake, (None, real.shape[1]))
    for name, cloud in (("real", real), ("fake", fake)):
        if len(cloud) < 2:
            raise ValueError(f"{name} must hold at least 2 samples, but it holds {len(cloud)}.")
    return real.double(), fake.to(real.device).double()


def _covariance(cloud: Tensor) -> Tensor:
    return torch.atleast_2d(torch.cov(cloud.T))  # of one feature, torch gives a bare number


def _square_root(covariance: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values.clamp(min=0).sqrt() @ vectors.T


def _share_in_reach(of: Tensor, centres: Tensor, k: int) -> float:
    # The nearest "neighbour" of a sample in its own cloud is itself, hence k + 1.
    reach = torch.cdist(centres, centres).kthvalue(k + 1, dim=1).values
    return (torch.cdist(of, centres) <= reach).any(1).double().mean().item()
