"""Fakes of a wanted kind: what a picture shows as a label y, and whether a fake shows it.

G(z, y) and D(x, y) are told a label (Mirza & Osindero, "Conditional Generative Adversarial Nets",
2014); D by a projection (Miyato & Koyama, "cGANs with Projection Discriminator", 2018). A digit's
label is its class number. A face's label answers several questions at once: the answer to each is
a vector with a single 1, and they stand side by side. `MarkedGame` is a trick that does not do: G
alone is told, by a large number in the noise.
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

DIGITS = 10    # classes of digits
SCAN = 8       # the side of a scan of a digit in px
LONGEST = 16   # digits that can be typed: they stand side by side


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


@dataclass(frozen=True, eq=False, repr=False)
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

    def __repr__(self) -> str:
        return f"{self.faces}, each with {self.y.shape[1]} numbers that describe it"

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
    Raises ValueError for a question that the classifier does not answer, and for answers that are
    not one for each picture.
    """
    x = metrics.fitted(classifier, x)
    return {question: share_as_asked(metrics.probabilities(classifier, x, question), y)
            for question, y in found.items()}


def share_as_asked(probability: Tensor, y: Tensor) -> float:
    """Return how often the most probable class is the one asked for, in [0, 1].

    `probability` (N, classes) is a classifier's, `y` int64 (N,) what was asked for.
    """
    checks.shape("probability", probability, (None, None))
    checks.shape("y", y, (len(probability),))
    seen = probability.argmax(1)
    return (seen == y).float().mean().item()


def seen_of_asked(probability: Tensor, y: Tensor) -> Tensor:
    """Return a table: row k counts what is seen in the pictures with the label k.

    `probability` (N, classes) is a classifier's, `y` int64 (N,). Returns int64 (classes, classes).
    """
    checks.shape("y", y, (len(checks.shape("probability", probability, (None, None))),))
    classes = probability.shape[1]
    pairs = classes * y + probability.argmax(1)
    return torch.bincount(pairs, minlength=classes**2).view(classes, classes)


def purity(table: Tensor) -> float:
    """Return the share of pictures that show what most pictures with their label show.

    `table` is that of `seen_of_asked`. It is 1 where each label has one class of pictures, whatever
    class that is.
    """
    return (table.max(1).values.sum() / table.sum()).item()


def marked(z: Tensor, y: Tensor, height: float = 4.0) -> Tensor:
    """Return noise z with a mark in its first 10 numbers: `height` at place y, else 0.

    z: (N, z_dim), z_dim at least 10; y: int64 (N,), classes from 0 to 9. z itself stays as it is.
    """
    checks.whole_number("z_dim", checks.floats("z", z, (None, None)).shape[1], low=DIGITS)
    checks.shape("y", y, (len(z),))
    z = z.clone()
    z[:, :10] = height * F.one_hot(y, 10)
    return z


class MarkedGame(training.Game):
    """A game in which a mark in the noise is to decide the class of a fake. D never hears of it."""

    def noise(self, n: int) -> Tensor:
        """Return n fresh noise vectors, each marked with a class at random: float32 (n, z_dim)."""
        y = torch.randint(10, (n,), generator=self.random, device=self.device)
        return marked(super().noise(n), y)


def told_logit(neurons: Tensor, y: Tensor, head, projection) -> Tensor:
    """Return D's logit: do the neurons look real, and do they fit the label? Float (N,).

    `neurons` (N, F) are D's last ones, `y` float (N, classes) the labels; `head` turns neurons
    into one number, `projection` into one for each class. Source: Miyato & Koyama, 2018; here the
    second part is divided by the square root of F. `models.Discriminator` does the same.
    """
    looks_real = head(neurons).squeeze(1)
    fits = (projection(neurons) * y).sum(1) / neurons.shape[1] ** 0.5
    return looks_real + fits


def mixed_label(a: int, b: int, t: float) -> Tensor:
    """Return the label of a digit between the classes a (t = 0) and b (t = 1): float32 (1, 10)."""
    for name, value in (("a", a), ("b", b)):
        checks.whole_number(f"the class {name}", value, 0, DIGITS - 1)
    checks.number("t", t)
    ends = F.one_hot(torch.tensor([a, b]), 10).float()
    return (1 - t) * ends[:1] + t * ends[1:]


def typed(text: str) -> Tensor:
    """Return the classes of the digits in `text`, such as "2026": int64 (n,). Spaces are dropped.

    Raises TypeError or ValueError for what is no text, holds none, another sign, or too many.
    """
    if not isinstance(text, str):
        raise TypeError(f'Type the number as text, such as "2026", but it is {text!r}.')
    signs = "".join(text.split())
    strange = sorted(set(signs) - set("0123456789"))
    if strange:
        raise ValueError("A number is written with the digits 0 to 9 alone, but this one holds "
                         f"{' '.join(strange)}.")
    if not 1 <= len(signs) <= LONGEST:
        raise ValueError(f"Type from 1 to {LONGEST} digits, such as 2026, but these are "
                         f"{len(signs) or 'none'}.")
    return torch.tensor([int(sign) for sign in signs])


def drawn(text: str) -> Tensor:
    """Return a picture drawn in 8 lines of 8 signs, # for ink, as digits are: (1, 1, 16, 16).

    Raises ValueError for another number of lines or signs.
    """
    lines = text.split()
    if [len(line) for line in lines] != [SCAN] * SCAN:
        raise ValueError(f"Draw {SCAN} lines of {SCAN} signs, # for ink and . for "
                         f"none, but there are lines of {[len(line) for line in lines]} signs.")
    ink = torch.tensor([[sign == "#" for sign in line] for line in lines])
    scan = 2 * ink.float()[None, None] - 1
    return F.interpolate(scan, (16, 16), mode="bicubic", antialias=True).clamp(-1, 1)


def asked(found: dict[str, Tensor], **wanted: str) -> dict[str, Tensor]:
    """Return answers about faces, some of them changed for all: asked(found, hat="cap").

    `found` is {question: int64 (N,)}. Raises ValueError for a question or an answer that there is
    not; it lists those there are.
    """
    changed = dict(found)
    for question, name in wanted.items():
        names = ANSWERS[checks.one_of("the question about a face", question, ANSWERS)]
        place = names.index(checks.one_of(question, name, names))
        changed[question] = torch.full_like(found[question], place)
    return changed
