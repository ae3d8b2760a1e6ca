"""Cards without a colour: is the picture real or fake?"""

from __future__ import annotations

import html
import statistics
import time
from collections.abc import Callable

import ipywidgets
import numpy as np
import torch
from torch import nn

from gan_lib import checks, detecting, figures, latent
from gan_lib.widgets.tool import Tool, card, row

GUESSES = ("real", "fake")
SHOWN = {"hits": "{:.0%}", "false alarms": "{:.0%}", "d′": "{:.2f}", "seconds a card": "{:.1f}"}


class BlindCards(Tool):
    """Can you tell real from fake? Two buttons, one card at a time, level by level.

    `samples` (from `data.load`) gives the real cards; `levels` names one generator a level, from
    easy to hard. A coin decides for each card; if all of a level, with two cards or more, would
    be of one kind, it is tossed again. `x` (N, C, H, W) are all cards, `y` (N,) is 1.0 for real
    and 0.0 for fake, and `guesses` is what was said so far. `seconds` are the times from answer
    to answer, by the `clock`: nobody knows when you began to look at the first card. After the
    last card, `results()` are shown: yours, and those of a discriminator `D` if there is one.
    """

    def __init__(self, samples, levels: dict[str, nn.Module], cards: int = 6, seed: int = 0,
                 D: nn.Module | None = None, clock: Callable[[], float] = time.monotonic):
        self.cards = checks.whole_number("cards", cards)
        self.generators = list(checks.generators("levels", levels).values())
        self.levels = list(levels)
        self.samples = checks.kind("samples", samples, "real samples, as data.load returns them",
                                   "batch", "device")
        self.D = D if D is None else checks.kind("D", D, "a discriminator", "probability")
        self.clock = checks.kind("clock", clock, "a function, such as time.monotonic", "__call__")
        self.table = ipywidgets.HTML()
        super().__init__([*self.controls(), self.table], beside=True)
        self.deal(seed)

    def controls(self) -> list[ipywidgets.Widget]:
        """Return what stands above the table: a row of buttons."""
        return [row(self.button("Real", lambda: self.guess("real")),
                    self.button("Fake", lambda: self.guess("fake")),
                    self.button("New cards", lambda: self.deal(self.seed + 1)))]

    @torch.no_grad()
    def deal(self, seed: int) -> None:
        """Draw new cards for every level and forget all guesses."""
        self.seed = checks.whole_number("seed", seed, low=0)
        parts = [self._level(G, 100 * seed + number) for number, G in enumerate(self.generators)]
        self.x = torch.cat([x for x, _ in parts])
        self.y = torch.cat([y for _, y in parts])
        self.guesses: list[str] = []
        self.seconds: list[float] = []
        self.answers_of(self.D)  # a D that does not fit is refused now, not after the last card
        self._tell()

    def guess(self, said: str) -> None:
        """Answer the card that is shown: "real" or "fake". Raises ValueError for other words."""
        checks.one_of("a guess", said, GUESSES)
        if self.finished:
            return self.say("All cards are played. Press “New cards” for others.")
        now = self.clock()
        if self.guesses:
            self.seconds.append(now - self._answered)
        self._answered = now
        self.guesses.append(said)
        self._tell()

    @property
    def finished(self) -> bool:
        """Whether every card was answered."""
        return len(self.guesses) == len(self.x)

    def truth(self, number: int) -> str:
        """Return what card `number` is: "real" or "fake"."""
        return "real" if self.y[number] == 1 else "fake"

    def right(self, guesses: list[str]) -> dict[str, tuple[int, int]]:
        """Return {level: (right guesses, guesses)} of any judge of these cards, from the first."""
        found = {}
        for number, level in enumerate(self.levels):
            places = range(number * self.cards, (number + 1) * self.cards)
            said = [(place, guesses[place]) for place in places if place < len(guesses)]
            found[level] = sum(word == self.truth(place) for place, word in said), len(said)
        return found

    def counts(self) -> list[list[int]]:
        """Return how often what was said: rows real, fake in truth; columns real, fake as said."""
        played = [(self.truth(number), said) for number, said in enumerate(self.guesses)]
        return [[played.count((truth, said)) for said in GUESSES] for truth in GUESSES]

    def answers_of(self, D: nn.Module | None) -> dict[str, list[str]]:
        """Return {"D": what D says of each card}, empty if there is no D."""
        if D is None:
            return {}
        return {"D": [GUESSES[fake] for fake in detecting.says_fake(D, self.x).int().tolist()]}

    def results(self, D: nn.Module | None = None) -> dict[str, dict]:
        """Return {judge: results} of you and of D (by default the tool's own) on these cards.

        Results are shares "hits" and "false alarms", "d′", what was "right" in each level (see
        `right`), and of you the median of "seconds a card". Empty until all cards are played, and
        where all are of one kind.
        """
        if not self.finished or self.y.min() == self.y.max():
            return {}
        found, D = {}, self.D if D is None else D
        for judge, said in {"you": self.guesses, **self.answers_of(D)}.items():
            answers = torch.tensor([word == "fake" for word in said]), self.y.cpu() == 0
            hits, false_alarms = detecting.hits_and_false_alarms(*answers)
            found[judge] = {"hits": hits, "false alarms": false_alarms,
                            "d′": detecting.d_prime(*answers), "right": self.right(said)}
        return {**found, "you": {**found["you"], "seconds a card": statistics.median(self.seconds)}}

    def picture(self) -> np.ndarray:
        """Return the open card, and the last answered one beside it in its true colour."""
        cards, next_one, last = [], len(self.guesses), len(self.guesses) - 1
        if not self.finished:
            cards.append(card(self.x[next_one:next_one + 1], f"card {next_one + 1}",
                              figures.NEUTRAL))
        if self.guesses:
            truth = self.truth(last)
            cards.append(card(self.x[last:last + 1], f"card {last + 1} was {truth}",
                              figures.REAL if truth == "real" else figures.FAKE))
        return np.hstack(cards)

    def alt(self) -> str:
        """Say which card is open and what is known; never what the open card is."""
        return f"{self.caption()} The cards are those of seed {self.seed}."

    def caption(self) -> str:
        """Say how the last guess was, which card is open, and how many guesses were right."""
        number, said = len(self.guesses), ""
        if self.guesses:
            truth = self.truth(number - 1)
            said = f"{'Right' if self.guesses[-1] == truth else 'Wrong'}: that card was {truth}. "
        if self.finished:
            return f"{said}All {len(self.x)} cards are played; {self._score()}."
        return (f"{said}Card {number + 1} of {len(self.x)}, level {number // self.cards + 1} of "
                f"{len(self.levels)}: real or fake? {self._score()}.")

    def _level(self, G: nn.Module, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the cards of one level and their labels: a coin for each card."""
        random = torch.Generator("cpu").manual_seed(seed)
        y = torch.randint(2, (self.cards,), generator=random, device="cpu").float()
        while self.cards > 1 and y.min() == y.max():
            y = torch.randint(2, (self.cards,), generator=random, device="cpu").float()
        fake = latent.look(G, latent.draw(self.cards, G.z_dim, seed))
        real = self.samples.batch(self.cards, generator=random).to(fake.device)
        y = y.to(fake.device)
        checks.shape("the fakes", fake, tuple(real.shape))
        return torch.where((y == 1).view(-1, 1, 1, 1), real, fake), y

    def _tell(self) -> None:
        (real_real, real_fake), (fake_real, fake_fake) = self.counts()
        said = [["", "you said real", "you said fake"], ["truly real", real_real, real_fake],
                ["truly fake", fake_real, fake_fake]]
        results = self.results()
        self.table.value = table(said) + (table(lines(results)) if results else "")
        self.refresh()

    def _score(self) -> str:
        (real_real, _), (_, fake_fake) = self.counts()
        return f"{real_real + fake_fake} right of {len(self.guesses)}"


def lines(results: dict[str, dict]) -> list[list[str]]:
    """Return the results of judges as a table: a column for each judge, a row for each number."""
    judges = list(results.values())
    numbers = [[name, *(form.format(judge[name]) if name in judge else "–" for judge in judges)]
               for name, form in SHOWN.items()]
    levels = [[f"right, {level}", *("{} of {}".format(*judge["right"][level]) for judge in judges)]
              for level in judges[0]["right"]]
    sums = [map(sum, zip(*judge["right"].values())) for judge in judges]
    return [["", *results], *numbers, *levels,
            ["right of all", *("{} of {}".format(*total) for total in sums)]]


def table(cells: list[list]) -> str:
    """Return rows of cells as a table in HTML; the first row and the first column are names."""
    body = ""
    for number, line in enumerate(cells):
        kinds = ["td" if number and place else "th" for place in range(len(line))]
        body += "<tr>" + "".join(f"<{kind}>{html.escape(str(cell))}</{kind}>"
                                 for kind, cell in zip(kinds, line)) + "</tr>"
    return f"<table>{body}</table>"
