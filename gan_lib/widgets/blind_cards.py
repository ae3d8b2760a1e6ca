"""Cards without a colour: is the picture real or fake?"""

from __future__ import annotations

import ipywidgets
import numpy as np
import torch
from torch import nn

from gan_lib import checks, figures, latent
from gan_lib.widgets.tool import Tool, card, row

GUESSES = ("real", "fake")


class BlindCards(Tool):
    """Can you tell real from fake? Two buttons, one card at a time, level by level.

    `samples` (from `data.load`) gives the real cards; `levels` names one generator a level, from
    easy to hard. A coin decides for each card. `x` (N, C, H, W) are all cards, `y` (N,) is 1.0
    for real and 0.0 for fake, and `guesses` is what was said so far.
    """

    def __init__(self, samples, levels: dict[str, nn.Module], cards: int = 6, seed: int = 0):
        self.cards = checks.whole_number("cards", cards)
        self.generators = list(checks.generators("levels", levels).values())
        self.levels = list(levels)
        self.samples = checks.kind("samples", samples, "real samples, as data.load returns them",
                                   "batch", "device")
        self.table = ipywidgets.HTML()
        super().__init__([
            row(self.button("Real", lambda: self.guess("real")),
                self.button("Fake", lambda: self.guess("fake")),
                self.button("New cards", lambda: self.deal(self.seed + 1))),
            self.table], beside=True)
        self.deal(seed)

    @torch.no_grad()
    def deal(self, seed: int) -> None:
        """Draw new cards for every level and forget all guesses."""
        self.seed = checks.whole_number("seed", seed, low=0)
        parts = [self._level(G, 100 * seed + number) for number, G in enumerate(self.generators)]
        self.x = torch.cat([x for x, _ in parts])
        self.y = torch.cat([y for _, y in parts])
        self.guesses: list[str] = []
        self._tell()

    def guess(self, said: str) -> None:
        """Answer the card that is shown: "real" or "fake". Raises ValueError for other words."""
        checks.one_of("a guess", said, GUESSES)
        if self.finished:
            return self.say("All cards are played. Press “New cards” for others.")
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
        fake = latent.look(G, latent.draw(self.cards, G.z_dim, seed))
        real = self.samples.batch(self.cards, generator=random).to(fake.device)
        y = y.to(fake.device)
        checks.shape("the fakes", fake, tuple(real.shape))
        return torch.where((y == 1).view(-1, 1, 1, 1), real, fake), y

    def _tell(self) -> None:
        (real_real, real_fake), (fake_real, fake_fake) = self.counts()
        self.table.value = (
            "<table><tr><th></th><th>you said real</th><th>you said fake</th></tr>"
            f"<tr><th>truly real</th><td>{real_real}</td><td>{real_fake}</td></tr>"
            f"<tr><th>truly fake</th><td>{fake_real}</td><td>{fake_fake}</td></tr></table>")
        self.refresh()

    def _score(self) -> str:
        (real_real, _), (_, fake_fake) = self.counts()
        return f"{real_real + fake_fake} right of {len(self.guesses)}"
