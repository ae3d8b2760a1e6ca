"""Exercises of the notebook discriminator."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import NotYet, expect

FEEDS = 8  # a right answer leaves 3 + 4 cards in their order once in 5,040 feeds


def examine_random_feed(answer: Callable) -> None:
    """Check the feed on three real cards 1, 2, 3 and four fake cards -1, -2, -3, -4."""
    real, fake = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([[-1.0], [-2.0], [-3.0], [-4.0]])
    feeds = [_one_feed(answer, real, fake) for _ in range(FEEDS)]
    unshuffled = torch.cat([real, fake]).cpu()
    if all(torch.equal(x, unshuffled) for x, _ in feeds):
        raise NotYet(f"in {FEEDS} feeds, the real cards always came first and in their order. "
                     "Hint: put both x and y in a random order, with x[order] and y[order].")
    if all(torch.equal(x, feeds[0][0]) for x, _ in feeds):
        raise NotYet(f"{FEEDS} feeds came in the same order each time. "
                     "Hint: draw a new order in each call, and set no seed.")


def _one_feed(answer: Callable, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    given = "with the real cards 1, 2, 3 and the fake cards -1, -2, -3, -4: random_feed(real, fake)"
    came = answer(real, fake)
    if not (isinstance(came, tuple) and len(came) == 2
            and all(isinstance(part, Tensor) for part in came)):
        raise NotYet("random_feed(real, fake) should give two tensors, x and y, but it gave "
                     f"{type(came).__name__}. Put your code in place of the dots.")
    x, y = came[0].cpu(), came[1].cpu()
    everything = torch.cat([real, fake]).cpu()
    if x.shape != everything.shape or not torch.equal(x.sort(0).values, everything.sort(0).values):
        raise NotYet(f"{given} should give each of the 7 cards exactly once, in the shape (7, 1), "
                     f"but x holds {x.flatten().tolist()} in the shape {tuple(x.shape)}. "
                     "Hint: torch.randperm gives each place once, torch.randint does not.")
    right = (x[:, 0] > 0).float()
    sorted_labels = torch.cat([torch.ones(len(real)), torch.zeros(len(fake))]).cpu()
    expect(f"{given}, and then came x = {x.flatten().tolist()}: y", y, right.to(y.device), hints=[
        (1 - right, "Your labels are the wrong way round: real is 1, fake is 0."),
        (sorted_labels, "The cards are shuffled, but the labels are not. Use the same order "
         "for both: x[order], y[order]."),
        (right.unsqueeze(1), "One label for each card: y has the shape (7,).")])
    if y.shape == right.shape and torch.is_floating_point(y):
        return x, y
    raise NotYet(f"y should hold floats, but it holds {y.dtype}. "
                 "Hint: torch.ones and torch.zeros give floats.")


def examine_confusion(answer: Callable) -> None:
    """Check the counts on ten cards, at the usual threshold, at another one, and on the edge."""
    probability = torch.tensor([0.9, 0.1, 0.8, 0.7, 0.3, 0.6, 0.2, 0.9, 0.4, 0.1])
    y = torch.tensor([1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    given = ("with D(x) = [0.9, 0.8, 0.6, 0.9, 0.2] on real and [0.1, 0.7, 0.3, 0.4, 0.1] on fake "
             "cards: confusion(probability, y)")
    right = torch.tensor([[4, 1], [1, 4]])
    expect(given, answer(probability, y), right, hints=[
        (right.flip(0), "Your rows or your columns are the wrong way round: real comes first."),
        (right / 10, "These are shares. Give counts: how many cards."),
        (right / 5, "These are shares of a row. Give counts: how many cards.")])
    given = "confusion(probability, y, 0.85)"
    right = torch.tensor([[2, 3], [0, 5]])
    expect(given, answer(probability, y, 0.85), right, hints=[
        (torch.tensor([[4, 1], [1, 4]]), "This is the table for 0.5. Use `threshold`."),
        (right.T, "Rows and columns have changed places: a row is what is true, a column is what "
         "D says."),
        (right.flip(0, 1), "Real comes first, in the rows and in the columns.")])
    given = "with D(x) = 0.5 on one real card: confusion(probability, y, 0.5)"
    expect(given, answer(torch.tensor([0.5]), torch.tensor([1.0]), 0.5),
           torch.tensor([[1, 0], [0, 0]]), hints=[
        (torch.tensor([[0, 1], [0, 0]]), "D says real where D(x) is *at least* the threshold: "
         "use >=.")])


def examine_best_discriminator(answer: Callable) -> None:
    """Check the formula where only fakes come, where both do, and where only real samples do."""
    p_data, p_g = torch.tensor([0.0, 0.1, 0.2, 0.3]), torch.tensor([0.5, 0.3, 0.2, 0.0])
    right = torch.tensor([0.0, 0.25, 0.5, 1.0])
    given = "with p_data = [0, 0.1, 0.2, 0.3] and p_g = [0.5, 0.3, 0.2, 0]"
    expect(f"{given}: best_discriminator(p_data, p_g)", answer(p_data, p_g), right, hints=[
        (1 - right, "This is the probability of fake. D(x) is the probability of real."),
        (p_data / p_g, "This is the ratio of the two densities. A probability is a share: divide "
         "by the sum of both."),
        (p_data + p_g / (p_data + p_g), "Divide by the whole sum: mind the brackets."),
        (p_data / p_data + p_g, "Divide by the whole sum: mind the brackets."),
        ((p_data > p_g).float(), "This says only which is larger. D gives a probability."),
        (torch.sigmoid(p_data - p_g), "No sigmoid here: the share itself is the probability."),
        (p_data / (p_data + p_g).sum(), "Compare the two densities at each x alone, not with "
         "their sum over all x.")])


EXERCISES = [
    Exercise(random_feed,
             "Right: every card is there once, the order is new each time, and each label "
             "stays with its card.",
             further=examine_random_feed),
    Exercise(confusion,
             "Right: the rows are the truth, the columns are what D says, and the two right "
             "answers lie on the diagonal.",
             further=examine_confusion),
    Exercise(best_discriminator,
             "Right: of all cards that look like x, this share is real. No D can know more.",
             further=examine_best_discriminator),
]
