"""Exercises of the notebook talking_heads: hits, false alarms, right alarms, a thinned set."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_lib import bias, detecting
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, uniform

# --- hits_and_false_alarms -----------------------------------------------------------------------


def judged(n: int, seed: int, share: float = 0.4) -> tuple[Tensor, Tensor]:
    """Return what was said of n pictures and what is true; at least one of each kind is there."""
    is_fake = uniform(n, seed=seed) < share
    is_fake[0], is_fake[1] = True, False
    says_fake = uniform(n, seed=seed + 1) < 0.3 + 0.4 * is_fake
    return says_fake, is_fake


def ten_pictures() -> tuple[Tensor, Tensor]:
    """Return ten pictures: 3 of 4 fakes are found, 2 of 6 real ones are called fake."""
    says_fake = torch.tensor([True, True, False, True, False, True, False, True, False, False])
    is_fake = torch.tensor([True, True, True, True] + [False] * 6)
    order = torch.tensor([7, 0, 4, 2, 9, 1, 5, 3, 8, 6])
    return says_fake[order], is_fake[order]


def shares(says_fake: Tensor, is_fake: Tensor) -> dict[str, float]:
    """Return all that can be divided in a table of counts, under short names."""
    said, fake = says_fake, is_fake
    both, wrong, n = (said & fake).sum().item(), (said & ~fake).sum().item(), len(said)
    fakes, real = fake.sum().item(), (~fake).sum().item()
    return {"hits": both / fakes, "false": wrong / real, "both": both, "wrong": wrong,
            "of all hits": both / n, "of all false": wrong / n, "missed": 1 - both / fakes,
            "calm": 1 - wrong / real, "precision": both / max(1, both + wrong),
            "alarms": (both + wrong) / n, "right": (said == fake).float().mean().item(),
            "wrong of alarms": wrong / max(1, both + wrong)}


def told(*names: str, times: float = 1.0) -> Callable:
    """Return an answer that gives these shares."""
    return lambda says_fake, is_fake: tuple(
        times * shares(says_fake, is_fake)[name] for name in names)


HITS_AND_FALSE_ALARMS = Exercise(
    detecting.hits_and_false_alarms,
    "Right: the hits are a share of the fakes, the false alarms a share of the real pictures.",
    cases=[
        Case("with ten pictures, 3 of 4 fakes found and 2 of 6 real ones called fake: "
             "hits_and_false_alarms(says_fake, is_fake)", ten_pictures,
             parts=("hits", "false alarms")),
        *(Case(f"with {n} pictures: hits_and_false_alarms(says_fake, is_fake)",
               lambda n=n, share=share: judged(n, n, share), parts=("hits", "false alarms"))
          for n, share in [(30, 0.3), (101, 0.7), (7, 0.5), (1000, 0.1)]),
        Case("with one fake and one real picture, both called fake: "
             "hits_and_false_alarms(says_fake, is_fake)",
             lambda: (torch.tensor([True, True]), torch.tensor([True, False])),
             parts=("hits", "false alarms")),
        Case("with 5 pictures of which none was called fake: "
             "hits_and_false_alarms(says_fake, is_fake)",
             lambda: (torch.zeros(5, dtype=torch.bool), torch.arange(5) < 2),
             parts=("hits", "false alarms")),
    ],
    mistakes=[
        Mistake(told("false", "hits"), "Hits and false alarms are swapped: the hits come first."),
        Mistake(told("of all hits", "of all false"),
                "These are shares of all pictures. Hits are a share of the fakes, false alarms a "
                "share of the real ones: says_fake[is_fake] picks the fakes."),
        Mistake(told("both", "wrong"),
                "These are counts. Divide by the number of fakes, and of real pictures."),
        Mistake(told("missed", "calm"),
                "These are the shares that were called real. Count what was called fake."),
        Mistake(told("missed", "false"), "The first is the share of fakes that were missed. Hits "
                                         "are the fakes that were called fake."),
        Mistake(told("hits", "calm"), "The second is the share of real pictures that were called "
                                      "real. A false alarm is a real picture called fake."),
        Mistake(told("precision", "false"),
                "The first is the share of alarms that are right. Divide by the number of fakes, "
                "not by the number of alarms."),
        Mistake(told("hits", "wrong of alarms"),
                "The second is the share of alarms that are false. Divide by the number of real "
                "pictures, not by the number of alarms."),
        Mistake(told("precision", "wrong of alarms"),
                "These are shares of all alarms. Divide by the number of fakes, and of real "
                "pictures."),
        Mistake(told("hits", "alarms"), "The second counts fakes, too: ~is_fake picks the real "
                                        "ones."),
        Mistake(told("hits", "missed"),
                "The second is the share of fakes that were missed. A false alarm is a real "
                "picture called fake."),
        Mistake(told("hits", "false", times=100),
                "These are in per cent. Give shares from 0 to 1."),
        Mistake(told("right", "false"), "The first is the share of right answers about all "
                                        "pictures. Hits look at the fakes alone."),
    ])

# --- right_alarms --------------------------------------------------------------------------------

SHARES = [(0.9, 0.1, 0.01), (0.5, 0.5, 0.5), (0.51, 0.49, 0.5), (1.0, 0.2, 0.1), (0.8, 0.0, 0.3),
          (0.7, 0.4, 1.0), (0.0, 0.3, 0.2), (1, 1, 0.25), (0.31, 0.46, 0.02), (0.6, 0.2, 0.0)]


def alarms(change: Callable) -> Callable:
    """Return an answer made from the shares of all pictures that are right and wrong alarms."""
    return lambda h, a, f: change(h * f, a * (1 - f), h, a, f)


RIGHT_ALARMS = Exercise(
    detecting.right_alarms,
    "Right: of all pictures, hits * fakes are right alarms and false_alarms * (1 - fakes) wrong "
    "ones.",
    cases=[Case(f"right_alarms({h}, {a}, {f})", lambda h=h, a=a, f=f: (h, a, f))
           for h, a, f in SHARES],
    mistakes=[
        Mistake(alarms(lambda r, w, h, a, f: h / (h + a)),
                "This forgets how many pictures are fakes: weigh the hits with `fakes`, the false "
                "alarms with `1 - fakes`."),
        Mistake(alarms(lambda r, w, h, a, f: r / (r + a)),
                "Only real pictures give a false alarm: false_alarms * (1 - fakes)."),
        Mistake(alarms(lambda r, w, h, a, f: h / (h + w)),
                "Only the fakes can be hit: hits * fakes."),
        Mistake(alarms(lambda r, w, h, a, f: h * f / (h * f + a * f)
                       if h * f + a * f else 0.0),
                "False alarms come from the real pictures: weigh them with 1 - fakes."),
        Mistake(alarms(lambda r, w, h, a, f: w / (r + w)),
                "This is the share of alarms that are wrong."),
        Mistake(alarms(lambda r, w, h, a, f: r),
                "This is the share of all pictures that are right alarms. Divide by all alarms."),
        Mistake(alarms(lambda r, w, h, a, f: r + w),
                "This is the share of pictures with an alarm. How many of these are right?"),
        Mistake(alarms(lambda r, w, h, a, f: h * 1.0),
                "This is the share of fakes that are found. How many of the alarms are right?"),
        Mistake(alarms(lambda r, w, h, a, f: 1.0 - a),
                "This is the share of real pictures without an alarm."),
        Mistake(alarms(lambda r, w, h, a, f: r / w if w else float("inf")),
                "This is right alarms for each wrong one. Divide by all alarms: right + wrong."),
        Mistake(alarms(lambda r, w, h, a, f: r / f if f else h * 1.0),
                "This is the share of fakes that are found. How many of the alarms are right?"),
        Mistake(alarms(lambda r, w, h, a, f: 100 * r / (r + w)),
                "This is in per cent. Give a share from 0 to 1."),
        Mistake(alarms(lambda r, w, h, a, f: r + (1 - a) * (1 - f)),
                "This is the share of all answers that are right, also those without an alarm."),
        Mistake(alarms(lambda r, w, h, a, f: h * (1 - f) / (h * (1 - f) + a * f)
                       if h * (1 - f) + a * f else 0.0),
                "The weights are swapped: fakes can be hit, real pictures give false alarms."),
    ])

# --- thinned -------------------------------------------------------------------------------------


def of_classes(n: int, classes: int, seed: int) -> Tensor:
    """Return n class numbers, each class at least once."""
    labels = (uniform(n, seed=seed) * classes).long()
    labels[:classes] = torch.arange(classes)
    return labels


def kept(labels: Tensor, kind: int, one_in: int, start: int = 0) -> Tensor:
    """Return the right answer in another way: a mask over the places."""
    number = (labels == kind).long().cumsum(0) - 1
    return ((labels != kind) | ((number - start) % one_in == 0)).nonzero().squeeze(1)


def changed(change: Callable) -> Callable:
    """Return an answer that changes the places of the right one."""
    return lambda labels, kind, one_in: change(labels, kind, one_in, kept(labels, kind, one_in))


THINNED = Exercise(
    bias.thinned,
    "Right: all others stay, and of this kind the first of each group.",
    cases=[
        Case("with labels = [1, 0, 1, 1, 2, 1, 1]: thinned(labels, 1, 2)",
             lambda: (torch.tensor([1, 0, 1, 1, 2, 1, 1]), 1, 2)),
        *(Case(f"with {n} labels of {classes} classes: thinned(labels, {kind}, {one_in})",
               lambda n=n, classes=classes, kind=kind, one_in=one_in:
               (of_classes(n, classes, n), kind, one_in))
          for n, classes, kind, one_in in [(60, 3, 0, 5), (200, 6, 5, 10), (41, 2, 1, 3),
                                           (30, 4, 2, 1), (25, 3, 1, 50)]),
        Case("with labels = [4, 4, 4]: thinned(labels, 4, 2)",
             lambda: (torch.tensor([4, 4, 4]), 4, 2)),
    ],
    mistakes=[
        Mistake(changed(lambda y, k, m, places: places[y[places] != k]),
                "None of this kind is left. One of each `one_in` stays."),
        Mistake(changed(lambda y, k, m, places: places[y[places] == k]),
                "The others are missing: only this kind gets thinned."),
        Mistake(lambda y, k, m: torch.arange(0, len(y), m),
                "This thins all kinds. Only `kind` gets fewer."),
        Mistake(lambda y, k, m: kept(y, k, m, start=m - 1),
                "The first of each group stays, not the last: [::one_in] begins with the first."),
        Mistake(changed(lambda y, k, m, places: torch.cat([places[y[places] != k],
                                                           places[y[places] == k]])),
                "The places must be in their order: .sort().values puts them so."),
        Mistake(changed(lambda y, k, m, places: y[places]),
                "These are the labels. Give the places at which they stand."),
        Mistake(lambda y, k, m: torch.cat([(y == k).nonzero().squeeze(1),
                                           (y != k).nonzero().squeeze(1)[::m]]).sort().values,
                "The others were thinned, and this kind stayed whole."),
        Mistake(lambda y, k, m: torch.cat([(y != k).nonzero().squeeze(1),
                                           (y == k).nonzero().squeeze(1)[:m]]).sort().values,
                "This keeps the first `one_in` of the kind. Keep one of each `one_in`: "
                "[::one_in]."),
        Mistake(lambda y, k, m: torch.cat([(y != k).nonzero().squeeze(1),
                                           (y == k).nonzero().squeeze(1)[:1]]).sort().values,
                "Only one of this kind is left. Keep one of each `one_in`: [::one_in]."),
        Mistake(lambda y, k, m: torch.arange(len(y)), "Nothing was thinned."),
        Mistake(changed(lambda y, k, m, places: torch.zeros(len(y), dtype=torch.bool)
                        .index_fill(0, places, True)),
                "This is a mask. Give the places where it is True: .nonzero().squeeze(1)."),
        Mistake(changed(lambda y, k, m, places: places[:, None]),
                "This is a column of places. .squeeze(1) makes a plain row."),
        Mistake(lambda y, k, m: ((y != k) | (torch.arange(len(y)) % m == 0)).nonzero().squeeze(1),
                "This asks the place in the whole set. Count within the kind."),
    ])

EXERCISES = [HITS_AND_FALSE_ALARMS, RIGHT_ALARMS, THINNED]
