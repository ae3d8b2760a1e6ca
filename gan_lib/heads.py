"""Talking heads: the pose of one face drives the picture of another.

Three networks play (Zakharov et al., "Few-Shot Adversarial Learning of Realistic Neural Talking
Head Models", 2019): an embedder E reads K pictures of a person, G draws that person in a wanted
pose, and D judges whether a picture is real and shows the right person in the right pose. There,
landmarks are pictures and the loss compares features of other networks; here, a pose is 20
numbers, the loss compares pixels (L1), and drawn faces give the truth in every pose.
"""

from __future__ import annotations

import copy
import math
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan_lib import checks, data, device, losses, models, training
from gan_lib.data import face_drawing
from gan_lib.data.face_attributes import ATTRIBUTES

# What moves in a face; all other attributes tell who it is.
EXPRESSION = ("smile", "mouth_open", "gaze_x", "gaze_y", "turn", "nod", "tilt", "brow")
POSE = len(EXPRESSION) + 2 * len(face_drawing.LANDMARKS)  # 20 numbers
LOWS, HIGHS = ([ATTRIBUTES[name][end] for name in EXPRESSION] for end in (0, 1))

def pose_vector(expression: Tensor, landmarks: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Return the pose y: the expression, each number brought to [0, 1], and the landmarks, flat.

    expression: float32 (N, E), each column in a range of its own, from low (E,) to high (E,);
    landmarks: float32 (N, L, 2), x and y as fractions of the picture. Returns float32
    (N, E + 2 L). Raises TypeError or ValueError for other shapes, and landmarks off the picture.
    """
    checks.floats("expression", expression, (None, None))
    checks.floats("landmarks", landmarks, (len(expression), None, 2), expression)
    for name, end in (("low", low), ("high", high)):
        checks.floats(name, end, tuple(expression.shape[1:]), expression)
    if not ((landmarks >= 0) & (landmarks <= 1)).all():
        raise ValueError("landmarks must lie on the picture, from 0 to 1, but they reach from "
                         f"{landmarks.min().item():.3g} to {landmarks.max().item():.3g}. Pixels "
                         "get there by dividing by the picture's side.")
    scaled = (expression - low) / (high - low)
    return torch.cat([scaled, landmarks.flatten(1)], 1)


def pose(attributes: dict[str, Tensor]) -> Tensor:
    """Return the pose of drawn people, from `face_drawing.sample`: float32 (N, 20)."""
    landmarks = face_drawing.landmarks(attributes)
    expression = torch.stack([attributes[name].cpu() for name in EXPRESSION], 1)
    low, high = torch.tensor(LOWS, device="cpu"), torch.tensor(HIGHS, device="cpu")
    return pose_vector(expression, landmarks, low, high)


def in_pose(person: dict[str, Tensor], expressions: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the attributes of one person (each (1,)) with each of N expressions (each (N,))."""
    moved = {name: checks.shape(name, expressions.get(name), (None,)) for name in EXPRESSION}
    n = len(moved["smile"])
    return {name: moved[name] if name in moved else value[:1].cpu().expand(n)
            for name, value in person.items()}


@dataclass(frozen=True, eq=False)
class People:
    """Drawn people in several poses each: P people, S pictures of each.

    images: uint8 (P, S, 3, H, W); y: their poses, float32 (P, S, 20); attributes: (P, S) each.
    """

    images: Tensor
    y: Tensor
    attributes: dict[str, Tensor]

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, n: int, k: int = 1, generator: torch.Generator | None = None) -> tuple:
        """Draw n people: k pictures of each (n, k, 3, H, W), another pose (n, 20), its truth.

        The truth is that person's picture in that pose, float32 (n, 3, H, W). Raises TypeError or
        ValueError where k leaves no picture to be the truth.
        """
        checks.whole_number("n", n)
        checks.whole_number("k", k, 1, self.images.shape[1] - 1)
        where = self.images.device if generator is None else generator.device
        who = torch.randint(len(self), (n, 1), generator=generator, device=where)
        order = torch.rand(n, self.images.shape[1], generator=generator, device=where).argsort(1)
        who, order = who.to(self.images.device), order.to(self.images.device)
        x = data.to_float(self.images[who, order[:, :k + 1]])
        return x[:, :k], self.y[who[:, 0], order[:, k]], x[:, k]

    def faces(self, pose: int) -> data.Faces:
        """Return everybody's picture in one pose (its number) as a set of drawn faces."""
        checks.whole_number("pose", pose, 0, self.images.shape[1] - 1)
        attributes = {name: value[:, pose].contiguous() for name, value in self.attributes.items()}
        nobody = torch.zeros(len(self), dtype=torch.int64)
        return data.Faces("people", nobody, ("person",), self.images[:, pose].cpu(), attributes,
                          face_drawing.landmarks(attributes)).to(self.images.device)

    def person(self, i: int) -> dict[str, Tensor]:
        """Return the attributes of person i in their first picture, each (1,)."""
        checks.whole_number("i", i, 0, len(self) - 1)
        return {name: value[i, :1] for name, value in self.attributes.items()}


def people(n: int, poses: int = 6, size: int = 32, seed: int = 0) -> People:
    """Draw n people in several poses each, on the lesson's device."""
    checks.counts(n=n, poses=poses)
    attributes = face_drawing.sample(n * poses, seed)
    for name, value in attributes.items():
        if name not in EXPRESSION:  # the person stays the same
            attributes[name] = value.view(n, poses)[:, :1].expand(n, poses).flatten()
    images, y = face_drawing.draw(attributes, size), pose(attributes)
    where = device.best()
    return People(images.unflatten(0, (n, poses)).to(where), y.unflatten(0, (n, poses)).to(where),
                  {name: value.view(n, poses) for name, value in attributes.items()})


def driver(frames: int = 96) -> dict[str, Tensor]:
    """Return a recorded driver: somebody who talks, nods, looks about and smiles in the end.

    Smooth curves that end where they begin: {name of EXPRESSION: float32 (frames,)}.
    """
    t = torch.arange(checks.whole_number("frames", frames, low=2)) / frames * 2 * math.pi
    talk = (1 - (6 * t).cos()) / 2 * (1 + t.cos()) / 2  # words, and then a pause
    return {"smile": 0.2 - 0.7 * t.cos(), "mouth_open": 0.9 * talk,
            "gaze_x": 0.9 * (2 * t).sin(), "gaze_y": 0.6 * (3 * t).cos(),
            "turn": 0.9 * t.sin(), "nod": 0.7 * (2 * t).sin(),
            "tilt": 12 * (t + 1).sin(), "brow": 0.5 - 0.5 * (2 * t).cos()}

class Embedder(nn.Module):
    """E: one picture (N, 3, size, size) -> `size_e` numbers that shall say who it is."""
    def __init__(self, size: int = 32, width: int = 32, size_e: int = 64):
        super().__init__()
        judge = models.ConvDiscriminator(size, 3, width)  # the same layers, but for the last one
        self.sample_shape = judge.sample_shape
        self.layers = nn.Sequential(*judge.layers[:-1], nn.Linear(256, size_e))

    def forward(self, x: Tensor) -> Tensor:
        """Return the embedding e of each picture: float32 (N, size_e)."""
        checks.incoming(self, x, (None, *self.sample_shape))
        return self.layers(x)


class PairDiscriminator(models.Discriminator):
    """D: is x real, the person on the source picture (channels 3 to 5), and in the pose y?"""
    def __init__(self, size: int = 32, width: int = 32):
        layers = models.ConvDiscriminator(size, 3, width).layers
        layers[0] = nn.Conv2d(6, width, 4, stride=2, padding=1)
        super().__init__((6, size, size), layers, classes=POSE)

    def judge(self, x: Tensor, source: Tensor, y: Tensor) -> Tensor:
        """Return one logit a picture x, beside a source of the person, both (N, 3, H, W): (N,)."""
        return self(torch.cat([x, source], 1), y)


class TalkingHead(nn.Module):
    """E, G and (if `judged`) D: pictures of a person and a pose -> the person in that pose."""
    def __init__(self, size: int = 32, width: int = 32, size_e: int = 64, judged: bool = True):
        super().__init__()
        self.E = Embedder(size, width, size_e)
        self.G = models.ConvGenerator(size_e, size, 3, width, classes=POSE)
        self.D = PairDiscriminator(size, width) if judged else None

    def forward(self, pictures: Tensor, y: Tensor) -> Tensor:
        """Return fakes (N, 3, H, W), from K pictures of each person (N, K, 3, H, W), y (N, 20)."""
        return self.G(mean_embedding(self.E, pictures), y)


def mean_embedding(E, pictures: Tensor) -> Tensor:
    """Return one embedding a person, the mean over their K pictures: (N, K, 3, H, W) -> (N, e).

    Raises ValueError where there is no picture of a person, or for another shape.
    """
    if isinstance(pictures, Tensor) and pictures.dim() == 5 and not pictures.shape[1]:
        raise ValueError("pictures must hold at least one picture of each person, but K is 0: "
                         "without a picture, nobody can know who to draw.")
    checks.floats("pictures", pictures, (None,) * 5)
    n, k = pictures.shape[:2]
    e = E(pictures.flatten(0, 1))
    return e.unflatten(0, (n, k)).mean(1)


def sharpness(x: Tensor) -> Tensor:
    """Return the mean difference of neighbouring pixels, one number a picture: (N,). Blur: low."""
    checks.floats("x", x, (None,) * 4)
    return (x.diff(dim=2).abs().mean((1, 2, 3)) + x.diff(dim=3).abs().mean((1, 2, 3))) / 2

def generator_loss(fake: Tensor, truth: Tensor, fake_logits: Tensor, weight: float = 0.1) -> Tensor:
    """Return what E and G descend: L1 to the truth, plus `weight` times the non-saturating loss.

    fake, truth: (N, 3, H, W); fake_logits: D's, (N,). Returns one number.
    """
    return (fake - truth).abs().mean() + weight * losses.non_saturating_loss(fake_logits)


class Judged(nn.Module):
    """D with source and pose filled in, as `training.discriminator_step` wants it: D(x)."""
    def __init__(self, D: PairDiscriminator, source: Tensor, y: Tensor):
        super().__init__()
        self.D, self.source, self.y = D, source, y

    def forward(self, x: Tensor) -> Tensor:
        return self.D.judge(x, self.source, self.y)


def wrong(fake: Tensor, truth: Tensor, other: Tensor, misfits: float = 1 / 8) -> Tensor:
    """Return what D shall call fake: fakes, and a share of real pictures that do not fit.

    Half of these `misfits` show another person (the truth of the row before), half the right one
    in another pose. Without them, D did not look at the person; with many, the fakes stayed as
    blurred as with L1 alone. Source: Reed et al., "Generative Adversarial Text to Image
    Synthesis", 2016. All (N, 3, H, W).
    """
    end = len(fake) - round(len(fake) * misfits / 2)
    start = 2 * end - len(fake)
    return torch.cat([fake[:start].detach(), truth.roll(1, 0)[start:end], other[end:]])


class FineTuned(nn.Module):
    """A copy of a head's G for one person, and e, the embedding of that person, to be trained.

    pictures (1, K, 3, H, W) are what is known of the person. The head itself stays as it is.
    """
    def __init__(self, head: TalkingHead, pictures: Tensor):
        super().__init__()
        checks.shape("pictures", pictures, (1, None, None, None, None))
        self.e = nn.Parameter(mean_embedding(head.E, pictures).detach())
        self.G = copy.deepcopy(head.G).requires_grad_(True)

    def forward(self, pictures: Tensor, y: Tensor) -> Tensor:
        """Return fakes of this person in the poses y (N, 20); `pictures` is not looked at."""
        return self.G(self.e.expand(len(y), -1), y)


class Practice:
    """Training on people: `step_l1` alone at first, then `step`, the game with D.

    Adversarial from the first step on, it diverged (D wins before G can draw a face). Each batch
    shows 1, 2 or 4 pictures of each person. `average` is the running mean of the weights.
    """
    def __init__(self, head: TalkingHead, samples: People, lr: float = 2e-3, weight: float = 0.05,
                 r1: float = 2.0, batch_size: int = 64, decay: float = 0.998, seed: int = 0):
        self.head = head.to(samples.images.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.head).requires_grad_(False).eval()
        self.samples, self.weight, self.r1 = samples, weight, r1
        self.batch_size, self.decay, self.steps = batch_size, decay, 0
        self.random = torch.Generator(samples.images.device).manual_seed(seed)
        drawing = [*head.E.parameters(), *head.G.parameters()]
        self.optimizer_l1 = torch.optim.Adam(drawing, lr, fused=True)
        self.optimizer_G = torch.optim.Adam(drawing, lr / 2, (0.0, 0.99), fused=True)
        self.optimizer_D = head.D and torch.optim.Adam(head.D.parameters(), lr / 2, (0.0, 0.99),
                                                       fused=True)
        self.bfloat16 = device.has_bfloat16(samples.images.device)

    def set_lr(self, lr: float) -> None:
        """Set the step size: `lr` for L1, half of it for the game."""
        for optimizer in filter(None, (self.optimizer_l1, self.optimizer_G, self.optimizer_D)):
            for group in optimizer.param_groups:
                group["lr"] = lr if optimizer is self.optimizer_l1 else lr / 2

    def step_l1(self) -> Tensor:
        """Move E and G one step down the L1 loss. Returns it."""
        pictures, y, x = self._batch()
        with self._number_format():
            loss = (self.head(pictures, y) - x).abs().mean()
        return self._move(self.optimizer_l1, loss)

    def step(self) -> Tensor:
        """Move D one step, then E and G. Returns their L1 distance to the truth."""
        head, (pictures, y, x) = self.head, self._batch(more=1)
        pictures, source, other = pictures[:, :-1], pictures[:, 0], pictures[:, -1]
        with self._number_format():
            fake = head(pictures, y)
            training.discriminator_step(
                Judged(head.D, source, y), nn.Identity(), x, wrong(fake, x, other),
                self.optimizer_D, r1=4 * self.r1 if self.steps % 4 == 0 else 0.0)
            with training.frozen(head.D):
                loss = generator_loss(fake, x, head.D.judge(fake, source, y), self.weight)
                self._move(self.optimizer_G, loss)
        return (fake - x).abs().mean().detach()

    def _batch(self, more: int = 0) -> tuple[Tensor, Tensor, Tensor]:
        return self.samples.batch(self.batch_size, (1, 2, 1, 4)[self.steps % 4] + more, self.random)

    def _number_format(self):
        kind = self.samples.images.device.type
        return torch.autocast(kind, torch.bfloat16) if self.bfloat16 else nullcontext()

    def _move(self, optimizer, loss: Tensor) -> Tensor:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for kept, new in zip(self.average.parameters(), self.head.parameters()):
                kept.lerp_(new, 1 - decay)
        return loss.detach()
