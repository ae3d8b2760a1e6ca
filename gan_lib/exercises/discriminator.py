"""Exercises of the notebook discriminator: the feed, the table of counts, and the best D."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_lib import judging
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, NotYet, compare, normal, uniform, words

# --- random_feed -----------------------------------------------------------------------------

FEEDS = 300
# A place's share of a card is 1/7 in a fair shuffle; 300 feeds miss it by 0.11 (5.4 standard
# deviations) at one of 49 places less than once in 100,000 checks.
FAIR = 0.11
# Real and fake cards of several shapes. Each card has numbers of its own, so it can be found again.
PACKS = [("3 real cards 1, 2, 3 and 4 fake cards -1, -2, -3, -4",
          lambda: (torch.arange(1.0, 4).view(3, 1, 1, 1), -torch.arange(1.0, 5).view(4, 1, 1, 1))),
         ("5 real and 2 fake pictures of 3 x 4 x 6 numbers",
          lambda: (normal(5, 3, 4, 6, seed=1), normal(2, 3, 4, 6, seed=2))),
         ("6 real and 6 fake pictures of 1 x 8 x 8 numbers",
          lambda: (normal(6, 1, 8, 8, seed=3), normal(6, 1, 8, 8, seed=4))),
         ("one real and one fake card",
          lambda: (normal(1, 1, 2, 2, seed=5), normal(1, 1, 2, 2, seed=6)))]


def examine_random_feed(answer: Callable) -> None:
    """Feed every pack several times: all cards, each with its label, in ever new orders."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2014)
        feeds = {pack: [_one_feed(answer, pack, *make()) for _ in range(8)]
                 for pack, make in PACKS}
        _expect_labels(feeds)
        pack, make = PACKS[0]
        orders = [_one_feed(answer, pack, *make())[0] for _ in range(FEEDS)]
        _expect_new_orders(torch.stack(orders))
        if torch.initial_seed() != 2014:
            raise NotYet("the function sets a seed: what is drawn after it is no longer random. "
                         "Hint: leave torch.manual_seed out.")


def _one_feed(answer: Callable, pack: str, real: Tensor, fake: Tensor) -> tuple:
    """Return (order, y, number of real cards) of one feed; x is looked at here."""
    call, n = f"with {pack}: random_feed(real, fake)", len(real) + len(fake)
    cards = torch.cat([real, fake])
    given = real.clone(), fake.clone()
    came = answer(*given)
    compare.expect_result(call, came, ("x", "y"))
    if not all(isinstance(part, Tensor) for part in came):
        raise NotYet(f"{call} should give two tensors. It gave "
                     f"{' and '.join(words.article(part) for part in came)}.")
    if not (torch.equal(given[0], real) and torch.equal(given[1], fake)):
        raise NotYet(f"{call} has changed its arguments. Hint: make new tensors.")
    if any(part.requires_grad or part.is_inference() for part in came):
        raise NotYet(f"{call} should give plain numbers. Hint: leave out requires_grad and "
                     "torch.inference_mode: no gradient begins here.")
    x, y = (part.cpu() for part in came)
    if x.shape == (n,) and y.shape == cards.shape and x.shape != y.shape:
        raise NotYet(f"{call} gave the labels first. Hint: `return x, y`: first the cards.")
    if x.shape != cards.shape:
        raise NotYet(f"{call} should give x in the shape {tuple(cards.shape)}, but its shape is "
                     f"{tuple(x.shape)}.")
    found = (x.flatten(1).double()[:, None] - cards.flatten(1).double()[None]).abs().amax(2) < 1e-6
    if not found.any(1).all():
        raise NotYet(f"{call} should give the cards as they are, but x holds others.")
    if not found.any(0).all():
        raise NotYet(f"{call} should give each card once, but x holds one twice, and one is "
                     "missing. Hint: torch.randperm gives each place once; torch.randint does not.")
    if x.dtype != cards.dtype:
        raise NotYet(f"{call} should give x as {cards.dtype}, like the cards. It is {x.dtype}.")
    _expect_one_float_each(call, y, n)
    return found.long().argmax(1), y, len(real)


def _expect_one_float_each(call: str, y: Tensor, n: int) -> None:
    if y.shape != (n,):
        raise NotYet(f"{call} should give one label for each card: y in the shape ({n},). "
                     f"Its shape is {tuple(y.shape)}.")
    if y.dtype != torch.float32:
        raise NotYet(f"y should hold floats (torch.float32), but it holds {y.dtype}. "
                     "Hint: torch.ones and torch.zeros give floats; y.float() makes some.")


def _expect_labels(feeds: dict) -> None:
    """Raise NotYet unless y is 1 exactly where the card is a real one, in each feed."""
    every = [feed for pack in feeds.values() for feed in pack]
    if all(torch.equal(y, (order < reals).float()) for order, y, reals in every):
        return
    if all(torch.equal(y, 1 - (order < reals).float()) for order, y, reals in every):
        raise NotYet("the labels are the wrong way round. Hint: real is 1, fake is 0.")
    if all(torch.equal(y, torch.arange(len(y)).lt(reals).float()) for _, y, reals in every):
        raise NotYet("the cards are shuffled, but the labels are not. Hint: use the same order for "
                     "both: x[order], y[order].")
    if all(torch.equal(y, ((order - reals) % len(y) < reals).float()) for order, y, reals in every):
        raise NotYet("the labels belong to another order of the cards. Hint: if fake comes first "
                     "in x, the zeros come first in y.")
    for pack, its_feeds in feeds.items():
        for order, y, reals in its_feeds:
            _expect_right_labels(pack, order, y, reals)


def _expect_right_labels(pack: str, order: Tensor, y: Tensor, reals: int) -> None:
    if torch.equal(y, (order < reals).float()):
        return
    if not ((y == 0) | (y == 1)).all():
        raise NotYet(f"with {pack}: each label should be 1 or 0, but y is {words.short(y)}.")
    if y.sum() != reals:
        raise NotYet(f"with {pack}: {reals} labels should be 1, one for each real card. "
                     f"{int(y.sum())} are. Hint: there are len(real) ones and len(fake) zeros.")
    wrong = int((y != (order < reals).float()).nonzero()[0])
    kind = "real" if order[wrong] < reals else "fake"
    raise NotYet(f"with {pack}: the card at place {wrong} of x is {kind}, but its label is "
                 f"{int(y[wrong])}. Hint: use one order for both: x[order], y[order].")


def _expect_new_orders(orders: Tensor) -> None:
    """Raise NotYet unless the orders (feeds, cards) are those of a fair shuffle."""
    n = orders.shape[1]
    if (orders == torch.arange(n)).all():
        raise NotYet(f"in {len(orders)} feeds, the real cards always came first, all in their "
                     "order. Hint: put both x and y in a random order, with x[order], y[order].")
    if (orders == orders[0]).all():
        raise NotYet(f"{len(orders)} feeds came in the same order each time. Hint: draw a new "
                     "order in each call, and set no seed.")
    shares = torch.nn.functional.one_hot(orders, n).double().mean(0)  # [place, card]
    different = len(orders.unique(dim=0))
    if (shares - 1 / n).abs().max() > FAIR or different < len(orders) / 2:
        place, card = divmod(int((shares - 1 / n).abs().argmax()), n)
        raise NotYet(f"every order of the {n} cards should be equally likely. In {len(orders)} "
                     f"feeds there were {different} different orders, and card {card} came to "
                     f"place {place} in {shares[place, card]:.0%} of them, not in about "
                     f"{1 / n:.0%}. Hint: torch.randperm(len(x)) shuffles all cards together.")


RANDOM_FEED = Exercise(
    judging.random_feed,
    "Right: every card is there once, the order is new each time, and each label stays with its "
    "card.",
    further=examine_random_feed)


# --- confusion -------------------------------------------------------------------------------

def cards(reals: int, fakes: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return D(x) and y of real and fake cards in a mixed order; D is better than a coin."""
    y = torch.cat([torch.ones(reals), torch.zeros(fakes)])
    p = torch.sigmoid(normal(reals + fakes, seed=seed) + y - 0.3)
    order = uniform(reals + fakes, seed=seed + 1).argsort()
    return p[order], y[order]


def ten_cards(*threshold: float) -> tuple:
    p = torch.tensor([0.9, 0.1, 0.8, 0.7, 0.3, 0.6, 0.2, 0.9, 0.4, 0.6])
    y = torch.tensor([1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    return p, y, *threshold


def table(p: Tensor, y: Tensor, threshold: float, says=torch.ge) -> Tensor:
    """Return the right table, in another way than the library."""
    said, real = says(p, threshold), y == 1
    return torch.stack([(kind & answer).sum() for kind in (real, ~real)
                        for answer in (said, ~said)]).view(2, 2)


def counted(call: str, make: Callable) -> Case:
    """Return a case in which whole numbers of any length (int32, int64) are the same."""
    return Case(call, make, lambda arguments, came: {
        call: came.long() if getattr(came, "dtype", None) in (torch.int16, torch.int32) else came})


def changed(change: Callable) -> Callable:
    """Return `confusion` with a change to its right table."""
    return lambda p, y, threshold=0.5: change(table(p, y, threshold))


CONFUSION = Exercise(
    judging.confusion,
    "Right: the rows are the truth, the columns are what D says, and the two right answers lie "
    "on the diagonal.",
    cases=[
        counted("with D(x) = [0.9, 0.8, 0.6, 0.9, 0.2] on real and [0.1, 0.7, 0.3, 0.4, 0.6] on "
                "fake cards: confusion(probability, y)", ten_cards),
        counted("with the same cards: confusion(probability, y, 0.85)", lambda: ten_cards(0.85)),
        counted("with 7 real and 4 fake cards: confusion(probability, y, 0.3)",
                lambda: (*cards(7, 4, seed=3), 0.3)),
        counted("with D(x) = 0.5 on one real card: confusion(probability, y)",
                lambda: (torch.tensor([0.5]), torch.tensor([1.0]))),
        counted("with D(x) = 0.25 on two fake cards: confusion(probability, y, 0.25)",
                lambda: (torch.tensor([0.25, 0.25]), torch.zeros(2), 0.25)),
        counted("with D(x) = [0, 1] on a real and a fake card: confusion(probability, y, 0.0)",
                lambda: (torch.tensor([0.0, 1.0]), torch.tensor([1.0, 0.0]), 0.0)),
        counted("with D(x) = [1, 1, 0.99] on one real and two fake cards: "
                "confusion(probability, y, 1.0)",
                lambda: (torch.tensor([1.0, 1.0, 0.99]), torch.tensor([1.0, 0.0, 0.0]), 1.0)),
        counted("with 300 real and 250 fake cards: confusion(probability, y, 0.6)",
                lambda: (*cards(300, 250, seed=8), 0.6)),
        counted("with 20 real cards: confusion(probability, y)", lambda: cards(20, 0, seed=12)),
    ],
    mistakes=[
        Mistake(lambda p, y, threshold=0.5: table(p, y, threshold, torch.gt),
                "D says real where D(x) is *at least* the threshold: use >=."),
        *(Mistake(changed(change), hint) for change, hint in (
            (lambda t: t.T, "Rows and columns have changed places: a row is what is true, a column "
                            "is what D says."),
            (lambda t: t.flip(0), "The rows are the wrong way round: truly real (y = 1) first."),
            (lambda t: t.flip(1), "The columns are the wrong way round: said real comes first."),
            (lambda t: t.flip(0, 1), "Real comes first, in the rows and in the columns."),
            (lambda t: t.T.flip(0, 1), "Rows and columns have changed places, and fake comes "
                                       "first: begin with real, and a row is what is true."),
            (lambda t: t / t.sum(), "These are shares. Give counts: how many cards."),
            (lambda t: t / t.sum(1, keepdim=True),
             "These are shares of a row. Give counts: how many cards."),
            (lambda t: t.flatten(), "Two rows of two: torch.tensor([[…, …], […, …]])."),
            (lambda t: t.double().fill_diagonal_(0).long(),
             "The right answers count, too: they stand on the diagonal."),
            (lambda t: t.diag(), "These are only the right answers. Give all four counts."),
            (lambda t: t.diag().sum(), "This is one number. Give all four counts."))),
        Mistake(lambda p, y, threshold=0.5: table(p, y, 0.5),
                "This is always the table for 0.5. Use `threshold`."),
        Mistake(lambda p, y, threshold=0.5: torch.tensor([[4, 1], [2, 3]]),
                "This is the table of one example. Calculate it from `probability` and `y`."),
    ])


# --- best_discriminator ----------------------------------------------------------------------

def densities(*shape: int, seed: int, dtype=torch.float32) -> tuple[Tensor, Tensor]:
    return tuple(2.5 * uniform(*shape, seed=seed + i).to(dtype) + 0.01 for i in (0, 1))


def bell_curves() -> tuple[Tensor, Tensor]:
    """Return two curves as in the notebook: float64, with places where hardly anything comes."""
    line = torch.linspace(-8, 8, 401, dtype=torch.float64)
    return tuple(torch.distributions.Normal(middle, width).log_prob(line).exp()
                 for middle, width in ((0.5, 0.5), (-0.5, 1.5)))


DIVIDE = "divide p_data by the sum of both"
SAME = "best_discriminator(torch.ones(2), torch.ones(2))"

BEST_DISCRIMINATOR = Exercise(
    judging.best_discriminator,
    "Right: of all cards that look like x, this share is real. No D can know more.",
    cases=[
        Case("with p_data = [0, 0.1, 0.2, 0.3] and p_g = [0.5, 0.3, 0.2, 0]: "
             "best_discriminator(p_data, p_g)",
             lambda: (torch.tensor([0.0, 0.1, 0.2, 0.3]), torch.tensor([0.5, 0.3, 0.2, 0.0]))),
        Case("with single numbers in tensors, 2.0 and 0.5: best_discriminator(p_data, p_g)",
             lambda: (torch.tensor(2.0), torch.tensor(0.5))),
        Case("with densities at 3 x 5 places: best_discriminator(p_data, p_g)",
             lambda: densities(3, 5, seed=1)),
        Case("with densities at 2 x 1 x 4 places: best_discriminator(p_data, p_g)",
             lambda: densities(2, 1, 4, seed=7)),
        Case("with two bell curves at 401 places, in float64: best_discriminator(p_data, p_g)",
             bell_curves),
        Case(SAME, lambda: (torch.ones(2), torch.ones(2)), lambda arguments, came: {
            f"whether the result of {SAME} asks for a gradient":
            getattr(came, "requires_grad", False)}),
    ],
    mistakes=[
        Mistake(lambda a, b: b / (a + b),
                "This is the probability of fake. D(x) is the probability of real."),
        Mistake(lambda a, b: a / b, f"This is the ratio of the two densities: {DIVIDE}."),
        Mistake(lambda a, b: b / a, f"This is a ratio, not a share: {DIVIDE}."),
        Mistake(lambda a, b: a + b / (a + b), "Divide by the whole sum: mind the brackets."),
        Mistake(lambda a, b: a / a + b, "Divide by the whole sum: mind the brackets."),
        Mistake(lambda a, b: (a + b) / a, f"This is upside down: {DIVIDE}."),
        Mistake(lambda a, b: a / (a - b), "Divide by the sum, not by the difference."),
        Mistake(lambda a, b: (a - b) / (a + b), "Above the line stands p_data alone."),
        Mistake(lambda a, b: a / (a * b), "Divide by the sum, not by the product."),
        Mistake(lambda a, b: a / (a + b) / 2,
                "This is half of it: real and fake cards are already equally many."),
        Mistake(lambda a, b: 2 * a / (a + b), "This is twice as much: a share is at most 1."),
        Mistake(lambda a, b: a / (1 + b), "Divide by p_data + p_g."),
        Mistake(lambda a, b: (a > b).to(a.dtype), "This says only which is larger, not the share."),
        *(Mistake(function, "No sigmoid and no softmax here: the share itself is the probability.")
          for function in (lambda a, b: torch.sigmoid(a - b),
                           lambda a, b: torch.sigmoid(a / (a + b)))),
        Mistake(lambda a, b: a / (a + b).sum(),
                "Compare the two densities at each x alone, not with their sum over all x."),
        Mistake(lambda a, b: a / a.sum(), "Compare with p_g: divide by p_data + p_g, at each x."),
        Mistake(lambda a, b: a.sum() / (a.sum() + b.sum()),
                "Give one share for each x: no sum and no mean over all x."),
        Mistake(lambda a, b: a / (a + b) + torch.zeros((), requires_grad=True),
                "The densities ask for no gradient: leave out requires_grad and nn.Parameter."),
        Mistake(lambda a, b: (a / (a + b)).mean(), "Give one share for each x, not their mean."),
        Mistake(lambda a, b: torch.log(a / (a + b)), "This is its logarithm, not the share."),
        Mistake(lambda a, b: a.square() / (a.square() + b.square()), "No squares here."),
        Mistake(lambda a, b: (a + b) / 2, f"This is the mean of the two densities: {DIVIDE}."),
        Mistake(lambda a, b: a + b, f"This is only what stands below the line: {DIVIDE}."),
        Mistake(lambda a, b: torch.full_like(a, 0.5), "1/2 only where both densities are equal."),
        Mistake(lambda a, b: torch.tensor([0.0, 0.25, 0.5, 1.0]),
                "These are the numbers of one example. Calculate them from p_data and p_g."),
    ])

EXERCISES = [RANDOM_FEED, CONFUSION, BEST_DISCRIMINATOR]
