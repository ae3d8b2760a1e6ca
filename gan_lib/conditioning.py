"""Fakes of a wanted kind: what a picture shows as a label y, and whether a fake shows it.

G(z, y) and D(x, y) are told a label (Mirza & Osindero, "Conditional Generative Adversarial Nets",
2014); D by a projection (Miyato & Koyama, "cGANs with Projection Discriminator", 2018). A digit's
label is its class number. A face's label answers several questions at once: the answer to each is
a vector with a single 1, and they stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import checks, data, metrics, training
from gan_lib.data.face_attributes import ATTRIBUTES

# The questions about a face, which the face classifier answers; a range of numbers is cut.
CUTS = {"smile": (-0.15, 0.35), "mouth_open": (0.4,), "gaze_x": (-0.3, 0.3), "turn": (-0.3, 0.3),
        "tilt": (-5.0, 5.0)}
ANSWERS = {
    **{question: ATTRIBUTES[question] for question in (
        "skin", "hair_style", "hair_colour", "glasses", "hat", "shirt", "background")},
    "smile": ("sad", "calm", "happy"), "mouth_open": ("closed", "open"),
    "gaze_x": ("left", "ahead", "right"), "turn": ("left", "ahead", "right"),
    "tilt": ("left", "upright", "right")}


def answers(samples: data.Images) -> dict[str, Tensor]:
    """Return the right answers to the questions about each sample: {question: int64 (N,)}."""
    if not isinstance(samples, data.Faces):
        return {"digit": samples.labels}
    found = {}
    for question in ANSWERS:
        value = samples.attributes[question]
        found[question] = value if question not in CUTS else torch.bucketize(
            value, torch.tensor(CUTS[question], device=value.device))
    return found


def description(found: dict[str, Tensor]) -> Tensor:
    """Return the answers to all questions about faces as labels y: float32 (N, 45).

    `found` is {question: int64 (N,)}, with every question of ANSWERS. Raises ValueError for a
    question or an answer that there is not.
    """
    if found.keys() != ANSWERS.keys():
        raise ValueError(f"The description of a face answers {', '.join(ANSWERS)}, but these "
                         f"answers are about {', '.join(map(str, found)) or 'nothing'}.")
    return torch.cat([_one_hot(question, found[question], len(names))
                      for question, names in ANSWERS.items()], 1)


def _one_hot(question: str, y: Tensor, count: int) -> Tensor:
    if y.dtype != torch.int64 or not ((y >= 0) & (y < count)).all():
        raise ValueError(f"The answers to {question} must be int64 from 0 to {count - 1}, but they "
                         f"are {y.dtype} from {y.min().item()} to {y.max().item()}.")
    return F.one_hot(y, count).float()


@dataclass(frozen=True, eq=False)
class Described:
    """Real faces, each with its description as label: what a `DescribedGame` is played with."""

    faces: data.Faces
    y: Tensor  # float32 (N, 45)

    name = property(lambda self: self.faces.name)
    size = property(lambda self: self.faces.size)
    channels = property(lambda self: self.faces.channels)
    device = property(lambda self: self.faces.device)
    class_names = tuple(f"{question}: {name}" for question, names in ANSWERS.items()
                        for name in names)

    def __len__(self) -> int:
        return len(self.faces)

    def batch(self, n: int, generator: torch.Generator | None = None, with_labels: bool = False):
        """Draw n faces at random: float32 (n, C, H, W); with their labels (x, y) if wanted."""
        checks.whole_number("the batch size n", n)
        where = self.device if generator is None else generator.device
        index = torch.randint(len(self), (n,), generator=generator, device=where).to(self.device)
        x = self.faces.scaled(index)
        return (x, self.y[index]) if with_labels else x


def described(faces: data.Faces) -> Described:
    """Return the faces with their descriptions. Raises TypeError if they are not drawn faces."""
    if not isinstance(faces, data.Faces):
        raise TypeError('faces must be drawn ones, as data.load("faces") returns them: only of '
                        f"those it is known what they show. This is {type(faces).__name__}.")
    return Described(faces, description(answers(faces)))


class DescribedGame(training.Game):
    """The game with descriptions as labels: where none are given, those of the first faces."""

    def labels(self, n: int) -> Tensor:
        """Return n descriptions, of the first real faces in turn: float32 (n, 45)."""
        return self.samples.y[torch.arange(n, device=self.device) % len(self.samples)]


@torch.no_grad()
def agreement(classifier, x: Tensor, found: dict[str, Tensor]) -> dict[str, float]:
    """Return how often the classifier sees in pictures x (N, C, H, W) what was asked for.

    `found` is {question: int64 (N,)}, the answers asked for. Returns {question: share in [0, 1]}.
    """
    x = metrics.fitted(classifier, x)
    return {question: (metrics.probabilities(classifier, x, question).argmax(1) == y)
            .float().mean().item() for question, y in found.items()}
