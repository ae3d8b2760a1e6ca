"""You against D: five minutes of looking at fakes, then new cards, and both rounds beside D's."""

from __future__ import annotations

import ipywidgets
import numpy as np
from torch import Tensor, nn

from gan_lib import checks, figures, judging, latent
from gan_lib.widgets.blind_cards import GUESSES, BlindCards
from gan_lib.widgets.tool import FRAME, TITLE, card, card_scale, row

STRONGER = 10  # the trace is drawn ten times as strong
BOX = 4  # the box is a quarter as wide as the picture
FIRST_SEED = 10**6  # of the fakes to look at: far from the seeds of the cards


class AgainstD(BlindCards):
    """Does looking at fakes help? First look, with the trace pointed out, then judge again.

    `before` is the `BlindCards` tool of the first round; levels and real cards are its own, and
    its pictures are grey. At the end the results of both rounds are shown, beside those of the
    discriminator `D` on the same cards. `looking` says whether the fakes are still shown one by
    one, `number` which of them. The countdown of `minutes` begins with the first "Next fake"; it
    ends nothing by itself.
    """

    def __init__(self, before: BlindCards, D: nn.Module, minutes: int = 5, seed: int | None = None):
        self.before = checks.kind("before", before, "the BlindCards tool of the first round",
                                  "levels", "generators", "results")
        self.minutes = checks.whole_number("minutes", minutes, high=60)
        self.looking, self.number, self._began = True, 0, None
        super().__init__(before.samples, dict(zip(before.levels, before.generators)), before.cards,
                         before.seed + 1000 if seed is None else seed,
                         checks.kind("D", D, "a discriminator", "probability"), before.clock)

    def controls(self) -> list[ipywidgets.Widget]:
        """Return two rows of buttons, of which one is to be seen, and the bar of the countdown."""
        self._answer, = super().controls()
        self._look = row(self.button("Next fake", self.next_fake),
                         self.button("Judge again", self.judge_again))
        self.left = ipywidgets.HTML()
        return [self._look, self._answer, self.left]

    def next_fake(self) -> None:
        """Show the next fake, of the next stage. The first call begins the countdown."""
        if not self.looking:
            return self.say("You are judging now. Run the cell again to look at fakes again.")
        if self._began is None:
            self._began = self.clock()
        self.number += 1
        self._tell()

    def judge_again(self) -> None:
        """End the looking; the first new card is open."""
        self.looking = False
        self._tell()

    def guess(self, said: str) -> None:
        """Answer the card that is shown, once the looking has ended."""
        if self.looking:
            checks.one_of("a guess", said, GUESSES)
            return self.say("First look at fakes. Press “Judge again” when you have seen enough.")
        super().guess(said)

    def seconds_left(self) -> float:
        """Return how many seconds of the countdown are left."""
        passed = 0.0 if self._began is None else self.clock() - self._began
        return max(0.0, 60 * self.minutes - passed)

    def results(self, D: nn.Module | None = None) -> dict[str, dict]:
        """Return {judge and round: results} of you and of D, before and after (see BlindCards)."""
        now = super().results(D)
        if not now:
            return {}
        rounds = {"before": self.before.results(self.D if D is None else D), "after": now}
        return {f"{judge}, {name}": found for name, judges in rounds.items()
                for judge, found in judges.items()}

    def fake(self) -> Tensor:
        """Return the fake that is to be looked at: (1, 1, H, H)."""
        turn, level = divmod(self.number, len(self.levels))
        G = self.generators[level]
        return latent.look(G, latent.draw(1, G.z_dim, FIRST_SEED + turn)).float()

    def loudest(self) -> list[int]:
        """Return the row and the column from which the box on that fake begins."""
        x = self.fake()
        return judging.loudest(x, x.shape[-1] // BOX)[0].tolist()

    def update(self) -> None:
        """Show the buttons of this part, and the countdown while it runs."""
        for part, seen in ((self._look, self.looking), (self._answer, not self.looking)):
            part.layout.display = "" if seen else "none"
        self.table.layout.display = "none" if self.looking else ""
        self.left.value = self._bar() if self.looking else ""

    def picture(self) -> np.ndarray:
        """Return the fake and its trace, each with a box where the trace is largest; or cards."""
        if not self.looking:
            return super().picture()
        x = self.fake()
        side, scale = x.shape[-1] // BOX, card_scale(x.shape[-1])
        views = [card(x, f"a fake: {self._level_name()}", figures.FAKE),
                 card(STRONGER * judging.trace(x), f"its trace, {STRONGER} times", figures.FAKE)]
        return np.hstack([boxed(view, *self.loudest(), side, scale) for view in views])

    def alt(self) -> str:
        """Say what is looked at, or which card is open."""
        if not self.looking:
            return super().alt()
        top, left = self.loudest()
        return (f"Fake {self.number + 1}, {self._level_name()}, and its trace, {STRONGER} times as "
                f"strong; a box from row {top} and column {left} on marks where it is largest.")

    def caption(self) -> str:
        """Say what to do, and how much time is left."""
        if not self.looking:
            first = "" if self.before.finished else "The first round has no result yet. "
            return super().caption() + (f" {first}".rstrip() if self.finished else "")
        if self._began is None:
            return (f"{self.minutes} minutes to look at fakes: they begin when you press "
                    "“Next fake”.")
        left = round(self.seconds_left())
        if left == 0:
            return "Time is over: press “Judge again”."
        return (f"Fake {self.number + 1}. {left // 60}:{left % 60:02d} left. The box is where the "
                "trace is largest. Seen enough? “Judge again”.")

    def _level_name(self) -> str:
        return self.levels[self.number % len(self.levels)]

    def _bar(self) -> str:
        """Return a bar that gets shorter by itself: the page moves it, and nothing waits here."""
        if self._began is None:
            return ""
        whole, passed = 60 * self.minutes, 60 * self.minutes - self.seconds_left()
        return ("<style>@keyframes gan-left { from { width: 100% } to { width: 0 } }</style>"
                f'<div style="height: 12px; width: 0; background: {figures.NEUTRAL}; '
                f'animation: gan-left {whole}s linear -{passed:.1f}s"></div>')


def boxed(view: np.ndarray, top: int, left: int, side: int, scale: int) -> np.ndarray:
    """Return a `card` with a box of `side` x `side` of its picture's pixels, in the fakes' colour.

    `scale` is how many pixels of the screen are one of the picture's.
    """
    colour = np.array([int(figures.FAKE[place:place + 2], 16) for place in (1, 3, 5)], np.uint8)
    top, left = TITLE + FRAME + top * scale, FRAME + left * scale
    inside = np.zeros(view.shape[:2], bool)
    inside[top:top + side * scale, left:left + side * scale] = True
    inside[top + FRAME:top + side * scale - FRAME, left + FRAME:left + side * scale - FRAME] = False
    return np.where(inside[..., None], colour, view)
