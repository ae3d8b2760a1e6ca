"""Exercises of the notebook class_conditioning: the judge's share, the mark, D's logit, a mix."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_lib import conditioning
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal

# --- share_as_asked ----------------------------------------------------------------------------


def three_pictures() -> tuple:
    """Return a judge's probabilities for three pictures, and what was asked: two are right."""
    probability = torch.tensor([[0.7, 0.1, 0.2], [0.3, 0.4, 0.3], [0.5, 0.1, 0.4]])
    return probability, torch.tensor([0, 1, 2])


def judged(n: int, classes: int, seed: int) -> tuple:
    """Return random probabilities of n pictures, and classes asked for at random."""
    random = torch.Generator().manual_seed(seed)
    return (normal(n, classes, seed=seed).softmax(1),
            torch.randint(classes, (n,), generator=random))


def seen(probability: Tensor, y: Tensor) -> Tensor:
    """Return for each picture whether the most probable class is the one asked for: bool (N,)."""
    return probability.argmax(1) == y


def of_asked(probability: Tensor, y: Tensor) -> Tensor:
    """Return the probability of the class asked for: (N,)."""
    return probability.gather(1, y[:, None]).squeeze(1)


SHARE_AS_ASKED = Exercise(
    conditioning.share_as_asked,
    "Right: one verdict for each picture, and the share of verdicts that are what was asked for.",
    cases=[
        Case("with three pictures that are judged to be 0, 1 and 0, asked to be 0, 1, 2: "
             "share_as_asked(probability, y)", three_pictures),
        *(Case(f"with {n} random pictures and {classes} classes: share_as_asked(probability, y)",
               lambda n=n, classes=classes: judged(n, classes, seed=n))
          for n, classes in [(50, 10), (7, 3), (1, 4), (200, 2), (10, 10), (5, 12), (64, 6)]),
        Case("where every picture is as asked: share_as_asked(probability, y)",
             lambda: (torch.eye(4), torch.arange(4))),
        Case("where none is: share_as_asked(probability, y)",
             lambda: (torch.eye(4), torch.arange(4).roll(1))),
    ],
    mistakes=[
        Mistake(lambda p, y: seen(p, y).sum().item() * 1.0,
                "This is the number of pictures as asked. Divide it by the number of all."),
        Mistake(lambda p, y: 1 - seen(p, y).float().mean().item(),
                "This is the share of pictures that are *not* as asked."),
        Mistake(lambda p, y: 100 * seen(p, y).float().mean().item(),
                "This is in per cent. Give a share from 0 to 1."),
        Mistake(lambda p, y: of_asked(p, y).mean().item(),
                "This is the mean probability of the class asked for. Count verdicts: which class "
                "is the most probable one?"),
        Mistake(lambda p, y: (of_asked(p, y) > 0.5).float().mean().item(),
                "This asks for a probability above 0.5. With many classes the largest one can be "
                "smaller: use argmax(1)."),
        Mistake(lambda p, y: p.amax(1).mean().item(),
                "This is how sure the judge is, whatever was asked for. Compare argmax(1) with y."),
        Mistake(lambda p, y: (p.argmin(1) == y).float().mean().item(),
                "This takes the *least* probable class: argmax, not argmin."),
        Mistake(lambda p, y: (p.argmax(1) == torch.arange(len(y))).float().mean().item(),
                "This compares with the picture's own number. Compare with y."),
        Mistake(lambda p, y: seen(p, y).float().mean().item() / p.shape[1],
                "This is divided by the number of classes, too. The mean over the pictures does."),
        Mistake(lambda p, y: seen(p, y).sum().item() / p.shape[1],
                "This is divided by the number of classes. Divide by the number of pictures."),
    ])

# --- marked ------------------------------------------------------------------------------------


def to_mark(n: int, z_dim: int, seed: int, *height: float, ask: bool = False) -> tuple:
    """Return n noise vectors and a class for each, and a height if there is one."""
    random = torch.Generator().manual_seed(seed)
    z = normal(n, z_dim, seed=seed).requires_grad_(ask)
    return z, torch.randint(10, (n,), generator=random), *height


def marks(height: float = 4.0, rest: float = 0.0, at_end: bool = False, added: bool = False,
          kept: float = 0.0, longer: bool = False):
    """Return a way to mark noise that differs from the right one."""
    def mark(z, y, h=None):
        high = height if h is None else h
        mine = rest + (high - rest) * F.one_hot(y, 10)
        if longer:
            return torch.cat([mine, z], 1)
        if at_end:
            return torch.cat([z[:, :-10], mine], 1)
        here = z[:, :10] + mine if added else mine + kept * z[:, :10] * (mine == 0)
        return torch.cat([here, z[:, 10:]], 1)
    return mark


MARKED = Exercise(
    conditioning.marked,
    "Right: one large number says which class, nine zeros are beside it, and the rest is noise.",
    cases=[
        Case("with 2 vectors of 12 numbers and y = [3, 0]: marked(z, y)",
             lambda: (normal(2, 12), torch.tensor([3, 0]))),
        *(Case(f"with {n} vectors of {z_dim} numbers: marked(z, y)",
               lambda n=n, z_dim=z_dim: to_mark(n, z_dim, n))
          for n, z_dim in [(5, 26), (1, 14), (16, 11), (26, 26), (3, 10)]),
        *(Case(f"with {n} vectors of {z_dim} numbers: marked(z, y, {height})",
               lambda n=n, z_dim=z_dim, height=height: to_mark(n, z_dim, n, height))
          for n, z_dim, height in [(4, 15, 8.0), (7, 26, 1.5), (2, 13, 2)]),
        Case("with noise that asks for a gradient: marked(z, y)",
             lambda: to_mark(4, 16, 40, ask=True)),
    ],
    mistakes=[
        Mistake(marks(height=1.0), "Without a `height` the mark should be 4: height=4.0."),
        Mistake(lambda z, y, height=4.0: marks()(z, y, 4.0), "This uses 4 always. Use `height`."),
        Mistake(lambda z, y, height=4.0: marks()(z, y, 1.0), "This uses 1 always. Use `height`."),
        Mistake(marks(kept=1.0), "The other nine of the first ten numbers should be 0: now they "
                                 "are still noise."),
        Mistake(marks(added=True), "The mark is added to the noise. The first ten numbers should "
                                   "hold the mark alone."),
        Mistake(marks(at_end=True), "The mark stands in the last ten numbers. It belongs into the "
                                    "first: z[:, :10]."),
        Mistake(marks(longer=True), "The mark is put before z, which gets ten numbers longer. It "
                                    "takes the place of the first ten."),
        Mistake(marks(rest=-1.0), "The other nine of the first ten numbers should be 0, not -1."),
        Mistake(lambda z, y, height=4.0: z, "z came back without a mark."),
        Mistake(lambda z, y, height=4.0: height * F.one_hot(y, 10).float(),
                "This is the mark alone. The noise belongs behind it."),
        Mistake(lambda z, y, height=4.0: torch.cat(
            [height * F.one_hot(y, 10), torch.zeros_like(z[:, 10:])], 1),
                "The noise behind the mark is gone. Change z[:, :10] only."),
        Mistake(lambda z, y, height=4.0: marks()(z, (y + 1) % 10, height),
                "The mark stands one place too far: place y, counted from 0."),
        Mistake(lambda z, y, height=4.0: torch.cat(
            [torch.cat([height * y[:, None], torch.zeros(len(z), 9)], 1), z[:, 10:]], 1),
                "The class is written as one number, `height` times y. A mark is one place for "
                "each class: F.one_hot(y, 10)."),
    ])

# --- told_logit --------------------------------------------------------------------------------


def layers(features: int, classes: int, bias: bool = True, seed: int = 0) -> tuple:
    """Return a head and a projection with weights that are always the same."""
    head, projection = nn.Linear(features, 1), nn.Linear(features, classes, bias=bias)
    for number, layer in enumerate((head, projection)):
        for place, weight in enumerate(layer.parameters()):
            weight.data = normal(*weight.shape, seed=seed + 10 * number + place)
    return head.requires_grad_(False), projection.requires_grad_(False)


def told(n: int, features: int, classes: int, mixed: bool = False, ask: bool = False) -> tuple:
    """Return n rows of neurons, their labels, and the two layers."""
    random = torch.Generator().manual_seed(n)
    y = F.one_hot(torch.randint(classes, (n,), generator=random), classes).float()
    y = normal(n, classes, seed=n + 1).softmax(1) if mixed else y
    return (normal(n, features, seed=n).requires_grad_(ask), y, *layers(features, classes, seed=n))


def logits(scale=lambda h: h.shape[1] ** 0.5, real: float = 1.0, fit: float = 1.0, total: int = 1,
           keep: bool = False):
    """Return a logit that differs from the right one."""
    def logit(h, y, head, projection):
        fits = projection(h) * y
        fits = fits.sum(1) if total == 1 else fits.mean(1) if total == 0 else fits.sum()
        looks = head(h) if keep else head(h).squeeze(1)
        return real * looks + fit * fits / scale(h)
    return logit


TOLD_LOGIT = Exercise(
    conditioning.told_logit,
    "Right: one number for \"looks real\", and one for \"fits the label\", added.",
    cases=[
        Case("with 2 pictures, 4 neurons and 3 classes: told_logit(neurons, y, head, projection)",
             lambda: told(2, 4, 3)),
        *(Case(f"with {n} pictures, {features} neurons and {classes} classes: "
               "told_logit(neurons, y, head, projection)",
               lambda n=n, features=features, classes=classes: told(n, features, classes))
          for n, features, classes in [(5, 16, 10), (1, 9, 2), (3, 25, 45), (8, 6, 8)]),
        Case("with labels between two classes: told_logit(neurons, y, head, projection)",
             lambda: told(4, 12, 5, mixed=True)),
        Case("with neurons that ask for a gradient: told_logit(neurons, y, head, projection)",
             lambda: told(6, 7, 3, ask=True)),
    ],
    mistakes=[
        Mistake(logits(fit=0.0), "This asks only whether the picture looks real. Where is the "
                                 "label?"),
        Mistake(logits(real=0.0), "This asks only whether the picture fits its label. Add "
                                  "head(neurons), the judgement \"looks real\"."),
        Mistake(logits(scale=lambda h: 1.0), "The part of the label is not divided by the square "
                                             "root of the number of neurons."),
        Mistake(logits(scale=lambda h: h.shape[1]), "The part of the label is divided by the "
                                                    "number of neurons: take its square root."),
        Mistake(logits(scale=lambda h: len(h) ** 0.5), "This takes the root of the number of "
                                                       "*pictures*. Take neurons.shape[1]."),
        Mistake(logits(fit=-1.0), "A label that fits makes the logit larger: +, not -."),
        Mistake(logits(total=0), "This is the mean over the classes. The label has one 1, and the "
                                 "sum picks that class: .sum(1)."),
        Mistake(logits(total=2), "This adds up the whole batch. Each picture has its own sum: "
                                 ".sum(1)."),
        Mistake(logits(keep=True), "head(neurons) has the shape (N, 1), and (N, 1) + (N,) makes "
                                   "(N, N). Use .squeeze(1) first."),
        Mistake(lambda h, y, head, projection: head(h).squeeze(1)
                + projection(h).sum(1) / h.shape[1] ** 0.5,
                "This adds up all classes. Multiply by y first: it picks the class of the label."),
        Mistake(lambda h, y, head, projection: head(h).squeeze(1)
                + projection(h).amax(1) / h.shape[1] ** 0.5,
                "This takes the class that fits best. Take the class of the label: multiply by y."),
        Mistake(lambda h, y, head, projection: head(h).squeeze(1)
                * (projection(h) * y).sum(1) / h.shape[1] ** 0.5,
                "The two parts are multiplied. Add them."),
        Mistake(lambda h, y, head, projection: (head(h).squeeze(1) + (projection(h) * y).sum(1))
                / h.shape[1] ** 0.5, "Only the part of the label is divided."),
        Mistake(lambda h, y, head, projection: logits()(h, y, head, projection).sigmoid(),
                "This is the probability. Give back the logit, before the sigmoid."),
        Mistake(lambda h, y, head, projection: logits()(h, y, head, projection)[:, None],
                "Each picture has one number, the shape (N,): use .squeeze(1)."),
        Mistake(lambda h, y, head, projection: (projection(h) * y) / h.shape[1] ** 0.5
                + head(h), "These are N rows. Add up the classes of each picture: .sum(1)."),
    ])

# --- mixed_label -------------------------------------------------------------------------------

MIXED_LABEL = Exercise(
    conditioning.mixed_label,
    "Right: at t = 0 the label is a, at t = 1 it is b, and between them a share of each.",
    cases=[
        *(Case(f"mixed_label({a}, {b}, {t})", lambda a=a, b=b, t=t: (a, b, t))
          for a, b, t in [(3, 8, 0.25), (0, 1, 0.0), (0, 1, 1.0), (9, 2, 0.7), (5, 5, 0.3),
                          (4, 9, 0.5), (7, 0, 1), (1, 6, -0.5)]),
    ],
    mistakes=[
        Mistake(lambda a, b, t: conditioning.mixed_label(b, a, t),
                "t = 0 should be the class a, and t = 1 the class b: they are swapped."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, b, t)[0],
                "This has the shape (10,). G takes one row for each picture: (1, 10)."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, b, float(round(t))),
                "This jumps from a to b. Between them a share of each is wanted."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, b, 0.5),
                "This is the middle always. Use t."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, b, 0.0),
                "This is the class a alone."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, b, 1.0),
                "This is the class b alone."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, a, 0.0)
                + conditioning.mixed_label(b, b, 0.0), "Both classes count in full here. Their "
                "shares are 1 - t and t."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, a, 0.0)
                + t * conditioning.mixed_label(b, b, 0.0), "The share of a is 1 - t, not 1."),
        Mistake(lambda a, b, t: t * conditioning.mixed_label(a, a, 0.0)
                + t * conditioning.mixed_label(b, b, 0.0), "The share of a is 1 - t, not t."),
        Mistake(lambda a, b, t: F.one_hot(torch.tensor([round((1 - t) * a + t * b) % 10]),
                                          10).float(),
                "This is the label of a class whose number lies between: between 3 and 8 would lie "
                "5 or 6. Mix the two labels."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, b, t).sigmoid(),
                "A label holds shares: no sigmoid is needed."),
        Mistake(lambda a, b, t: conditioning.mixed_label(a, b, t).softmax(1),
                "A label holds shares that add up to 1 already: no softmax is needed."),
    ])

EXERCISES = [SHARE_AS_ASKED, MARKED, TOLD_LOGIT, MIXED_LABEL]
