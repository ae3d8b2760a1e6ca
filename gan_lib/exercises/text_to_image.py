"""Exercises of the notebook text_to_image: a bag of words, wrong words, the loss of such a D."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_lib import losses, sentences, words
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal, uniform

# --- bag ---------------------------------------------------------------------------------------

KNOWN = ["a", "bald", "blue", "brown", "cap", "hair", "red", "shirt", "skin", "with"]
SENTENCES = ["brown skin brown hair and a red shirt", "red hair", "a cap a cap a cap", "skin",
             "the hairy redhead", "with a red cap red hair and red skin"]


def bag_case(sentence: str, known: list[str]) -> Case:
    """Return the case of a sentence, given as its words."""
    short = known if len(known) < 5 else f"the {len(known)} words {known[0]}, …, {known[-1]}"
    return Case(f"with known = {short}: bag({sentence.split()}, known)",
                lambda: (sentence.split(), list(known)))


def counts(found: list[str], known: list[str]) -> Tensor:
    return sentences.bag(found, known)


def in_order(found: list[str], known: list[str]) -> Tensor:
    """Return the place of each word of the sentence in the vocabulary."""
    return torch.tensor([float(known.index(word)) for word in found if word in known])


BAG = Exercise(
    sentences.bag,
    "Right: one number for each known word, how often it occurs; the order of the sentence is "
    "gone.",
    cases=[bag_case("red hair and a red shirt", ["hair", "red", "skin"]),
           *(bag_case(sentence, KNOWN) for sentence in SENTENCES),
           bag_case("red skin red", ["skin", "red"]),
           bag_case("of nothing known", KNOWN)],
    mistakes=[
        Mistake(lambda f, k: (counts(f, k) > 0).float(),
                "This says only whether a word occurs. Count how often: found.count(word)."),
        Mistake(lambda f, k: torch.tensor([word in f for word in k]),
                "This says only whether a word occurs. Count how often: found.count(word)."),
        Mistake(lambda f, k: torch.tensor([float(k.count(word)) for word in f]),
                "It is the wrong way round: one number for each word of `known`, not for each "
                "word of the sentence."),
        Mistake(in_order, "These are the places of the words. Count each known word instead."),
        Mistake(lambda f, k: counts(f, k) / len(f),
                "These are shares. The plain count is asked for: do not divide."),
        Mistake(lambda f, k: counts(f, k) / counts(f, k).sum(),
                "These are shares. The plain count is asked for: do not divide."),
        Mistake(lambda f, k: counts(f, k).sum(),
                "You add up all words. Give one number for each of them."),
        Mistake(lambda f, k: counts(f, sorted(k)),
                "The order of the numbers is that of `known`: do not sort it."),
        Mistake(lambda f, k: counts(f, k).flip(0),
                "The numbers stand in the order of `known`, the first word first."),
        Mistake(lambda f, k: counts(f, k).unsqueeze(0),
                "One bag is one row of numbers, (V,), without a further axis."),
        Mistake(lambda f, k: torch.tensor([float(" ".join(f).count(word)) for word in k]),
                "You count letters in a text: “red” is found in “redhead”, too. Count whole "
                "words: found is a list."),
        Mistake(lambda f, k: torch.tensor([float(word not in f) for word in k]),
                "It is the wrong way round: 0 for a word that does not occur."),
        Mistake(lambda f, k: counts(f, k) + 1, "You count one too many."),
        Mistake(lambda f, k: torch.zeros(len(k)),
                "Every count is still 0. Write found.count(word) for each known word."),
        Mistake(lambda f, k: torch.ones(len(k)),
                "Every number is 1. Write found.count(word) for each known word."),
    ])

# --- mismatched --------------------------------------------------------------------------------


def square() -> tuple[Tensor]:
    return (torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]),)


ROLL = "y.roll(1, 0) moves every row one place down, and the last one to the top."
MISMATCHED = Exercise(
    words.mismatched,
    "Right: every picture has words, but those of another one.",
    cases=[
        Case("with y = [1, 0], [0, 1], [0.5, 0.5]: mismatched(y)", square),
        *(Case(f"with {n} random conditions of {c} numbers: mismatched(y)",
               lambda n=n, c=c: (uniform(n, c, seed=n),))
          for n, c in [(4, 7), (64, 38), (2, 3), (5, 5), (7, 1), (3, 3)]),
        Case("with conditions that ask for a gradient: mismatched(y)",
             lambda: (uniform(6, 4, seed=3).requires_grad_(True),)),
    ],
    mistakes=[
        Mistake(lambda y: y.clone(), f"Every picture still has its own words. {ROLL}"),
        Mistake(lambda y: y.flip(0),
                "You turn the batch upside down: in the middle of an odd number of rows, one "
                f"picture keeps its own words. {ROLL}"),
        Mistake(lambda y: y.flip(1),
                "You turn each row round: the words themselves change. Whole rows shall move, "
                f"along axis 0. {ROLL}"),
        Mistake(lambda y: y.roll(1, 1),
                f"You move the numbers inside each row. Whole rows shall move, along axis 0. "
                f"{ROLL}"),
        Mistake(lambda y: y.roll(1),
                "Without an axis, roll moves single numbers through the whole table: rows are "
                f"mixed. {ROLL}"),
        Mistake(lambda y: y.roll(-1, 0),
                "This is the other direction. Here the first picture gets the words of the last "
                f"one. {ROLL}"),
        Mistake(lambda y: y.roll(2, 0), f"You move by two. {ROLL}"),
        Mistake(lambda y: 1 - y,
                "You change the words into their opposite. They shall stay right words, of "
                f"another picture. {ROLL}"),
        Mistake(lambda y: -y,
                "You change the sign of the words. They shall stay right words, of another "
                f"picture. {ROLL}"),
        Mistake(lambda y: torch.zeros_like(y),
                f"There are no words left. Each picture shall get those of another one. {ROLL}"),
        Mistake(lambda y: y.mean(0, keepdim=True).expand_as(y),
                f"Everyone gets the mean of all words. Each shall get those of one other. {ROLL}"),
        Mistake(lambda y: y[-1:].expand_as(y),
                f"Everyone gets the words of the last one, which keeps its own. {ROLL}"),
        Mistake(lambda y: y[:1].expand_as(y),
                f"Everyone gets the words of the first one, which keeps its own. {ROLL}"),
        Mistake(lambda y: y[:-1], f"The batch is shorter now. All rows are needed. {ROLL}"),
        Mistake(lambda y: torch.cat([torch.zeros_like(y[:1]), y[:-1]]),
                f"The first row is empty. It gets what stood in the last one. {ROLL}"),
        Mistake(lambda y: y.T, f"You swap rows and columns. Rows shall change places. {ROLL}"),
        Mistake(lambda y: y.sort(0).values,
                f"You sort each column, and mix the words of several pictures. {ROLL}"),
    ])

# --- matching_loss -----------------------------------------------------------------------------


def three_logits(n: int, seed: int, ask: bool = False) -> tuple[Tensor, ...]:
    """Return the logits of the three kinds of pairs."""
    return tuple((2 * normal(n, seed=seed + part)).requires_grad_(ask) for part in range(3))


def terms(right: float = 1.0, wrong: float = 0.5, fake: float = 0.5, labels=(1, 0, 0)):
    """Return a loss with other weights of its terms, or other labels."""
    def loss(r, w, f):
        return sum(weight * losses.bce(logits, label) for weight, logits, label in
                   zip((right, wrong, fake), (r, w, f), labels) if weight)
    return loss


HALF = "The two wrong kinds count half each, or D would see twice as much wrong as right: / 2."
MATCHING_LOSS = Exercise(
    words.matching_loss,
    "Right: D says “real” only for a real picture with the right words; both other kinds share "
    "the label 0.",
    cases=[
        Case("with one logit of each kind, 2, 1 and -1: matching_loss(right, wrong, fake)",
             lambda: (torch.tensor([2.0]), torch.tensor([1.0]), torch.tensor([-1.0]))),
        *(Case(f"with {n} random logits of each kind: matching_loss(right, wrong, fake)",
               lambda n=n, seed=seed: three_logits(n, seed))
          for n, seed in [(5, 10), (1, 20), (64, 30), (3, 40)]),
        Case("with logits that ask for a gradient: matching_loss(right, wrong, fake)",
             lambda: three_logits(4, 50, ask=True)),
        Case("with logits of 200, of which the sigmoid is exactly 1: matching_loss(right, wrong, "
             "fake)", lambda: (torch.tensor([-200.0, 3.0]), torch.tensor([200.0, 1.0]),
                               torch.tensor([200.0, -2.0]))),
        Case("with a D that says 0 to all: matching_loss(right, wrong, fake)",
             lambda: (torch.zeros(3), torch.zeros(3), torch.zeros(3))),
    ],
    mistakes=[
        Mistake(terms(1, 1, 1), HALF),
        Mistake(terms(0.5, 0.5, 0.5),
                "Only the two wrong kinds are halved: right + (wrong + fake) / 2. Mind the "
                "brackets."),
        Mistake(terms(1 / 3, 1 / 3, 1 / 3),
                "This is the mean of three. The right pairs weigh as much as both others "
                "together."),
        Mistake(terms(1, 1, 0.5), "Only `fake` is halved: put wrong + fake into brackets."),
        Mistake(terms(1, 0.5, 1), "Only `wrong` is halved: put wrong + fake into brackets."),
        Mistake(terms(1, 0, 1),
                "Real pictures with wrong words are missing: D must learn to say 0 for them, too."),
        Mistake(terms(1, 0, 0.5),
                "Real pictures with wrong words are missing: D must learn to say 0 for them, too."),
        Mistake(terms(1, 1, 0), "The fakes are missing: D must say 0 for them, too."),
        Mistake(terms(1, 0.5, 0), "The fakes are missing: D must say 0 for them, too."),
        Mistake(terms(0, 0.5, 0.5), "The right pairs are missing: D must say 1 for them."),
        Mistake(terms(labels=(1, 1, 0)),
                "You give real pictures with wrong words the label 1. Then D never listens to "
                "words: their label is 0."),
        Mistake(terms(labels=(1, 0, 1)), "The label of fakes is 0: this is D's loss, not G's."),
        Mistake(terms(labels=(0, 1, 1)), "The labels are the wrong way round: right pairs are 1."),
        Mistake(terms(labels=(1, 0.5, 0)),
                "Real pictures with wrong words are wrong, not half right: their label is 0."),
        Mistake(terms(1, -0.5, -0.5),
                "All three terms are added: D wants each of them to be small."),
        Mistake(terms(-1, -0.5, -0.5), "The sign is wrong: D wants this number to be small."),
        Mistake(terms(0.5, 1, 1), "The wrong term is halved: / 2 belongs to wrong + fake."),
        Mistake(terms(2, 1, 1), "This is twice the loss: halve it."),
        Mistake(lambda r, w, f: losses.bce(r, 1) + losses.bce(torch.cat([w, f]), 0) * 2,
                HALF),
        Mistake(lambda r, w, f: losses.bce(r, 1) + losses.bce((w + f) / 2, 0),
                "You mix the logits of two pictures. Take the loss of each kind, then the mean."),
    ])

EXERCISES = [BAG, MISMATCHED, MATCHING_LOSS]
