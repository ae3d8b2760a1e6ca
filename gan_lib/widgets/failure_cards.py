"""Failure cards: a game went wrong. Guess the cause, see the line, mend it, and watch it heal."""

from __future__ import annotations

import html

import ipywidgets
from matplotlib.figure import Figure

from gan_lib import checks, data, failure_cards, figures
from gan_lib.failure_cards import CARDS, EVERY, TURNS, Card, Film, Played
from gan_lib.widgets.playing import PAUSE, Playing, PlayingTool
from gan_lib.widgets.tool import choice, lay_out_once, named, player, row

CAUSES = sorted(card.cause for card in CARDS.values())
MOMENT = 150   # milliseconds from moment to moment of the film
LIMIT = 2.6
MEND = "Mend the line"
OPEN = "choose a cause"


class FailureCards(PlayingTool):
    """Which line broke this game? Scrub the recorded game, guess, mend the line, and watch.

    `which` is the list of cards, `turn` the slider of the film (with a `film` button that plays
    it), `cause` the list of causes. `guess()`, `press_play()` (mends, or pauses) and
    `break_again()` are the buttons; `heal()` plays the mended game to its end, without a thread.
    """

    at_once, picture_every = 2, 0.25

    def __init__(self, title: str = next(iter(CARDS)), seed: int = 1):
        checks.one_of("the title of a card", title, CARDS)
        self.seed = checks.whole_number("seed", seed, low=0)
        self.which = choice("Card", list(CARDS), title)
        self.cause = choice("Cause", [(OPEN, ""), *((cause, cause) for cause in CAUSES)], "")
        self.play = self.button(MEND, self.press_play)
        self.again = self.button("Break it again", self.break_again)
        self.film, self.turn = player("Moment", TURNS // EVERY, MOMENT)
        self.code = ipywidgets.HTML()
        buttons = [self.button("Guess", self.guess), self.play, self.again]
        super().__init__([self.which, row(self.cause, *buttons), row(self.turn, named(self.film))])
        self.box.children += (self.code,)  # under the picture: the symptom comes first
        self.playing = Playing(self)
        self.listen()
        self._prepare()
        self.open()
        self.which.observe(lambda change: self.act(self.open), names="value")
        self.watch(self.turn)

    # --- what a student does ------------------------------------------------------------------

    @property
    def card(self) -> Card:
        """The card that is open."""
        return CARDS[self.which.value]

    @property
    def recorded(self) -> Film:
        """The film of the card that is open."""
        return failure_cards.recorded(self.card.title)

    def open(self) -> None:
        """Show the card that is chosen, at the end of its film; nothing is guessed yet."""
        self.pause()
        self.found, self.told, self.mended = False, "", True
        self.game: Played | None = None
        with self.quietly():
            self.turn.value = TURNS // EVERY
            self.cause.value = ""
            self._show_code()

    def guess(self) -> None:
        """Say whether the cause that is chosen is the right one."""
        self.pause()
        self.found = self.cause.value == self.card.cause
        if self.found:
            self.told = f"Right. {self.card.why}"
        else:
            self.told = f"Not yet. {self.card.hint}" if self.cause.value else "Choose a cause."
        self._show_code()
        self.refresh()

    def start(self) -> None:
        """Play the game with the mended line, in a thread."""
        self._begin(mended=True)

    def break_again(self) -> None:
        """Play the broken game with another seed: is it the line, or was it chance?"""
        self._begin(mended=False)

    def heal(self, mended: bool = True) -> None:
        """Play the game, `mended` or broken, to its end at once."""
        self._new_game(mended)
        while self.game.steps < TURNS and self.played(lambda: self.turns(EVERY)):
            pass
        self.refresh()

    # --- what plays ---------------------------------------------------------------------------

    def turns(self, count: int) -> None:
        """Play so many turns of the game that is played now."""
        self.game.step(min(count, TURNS - self.game.steps))
        if self.game.steps >= TURNS:
            self.playing.pause()

    def state(self) -> None:
        """Nothing is kept: these games are short."""

    def load_state(self, state: None) -> None:
        """Go back to the start."""
        self._new_game(self.mended)

    def ended(self, why: str) -> None:
        """The game has ended: say why, if it was not the button."""
        super().ended(why)
        self.play.description = MEND

    # --- what is seen -------------------------------------------------------------------------

    def caption(self) -> str:
        """Say what the last guess was worth."""
        return self.told

    def moment(self) -> str:
        """Return what stands over the film."""
        film, at = self.recorded, self.turn.value
        modes, share = failure_cards.quality(film.fakes[at])
        real, fake = film.judged[at].tolist()
        return (f"broken, turn {at * EVERY}: {modes} of 8 hit, {share:.0%} near\n"
                f"D(x) = {real:.2f}, D(G(z)) = {fake:.2f}")

    def now(self) -> str:
        """Return what stands over the game that is played, "" if there is none."""
        if self.game is None:
            return ""
        modes, share = failure_cards.quality(self.game.fakes())
        real, fake = self.game.judged()
        name = "mended" if self.mended else f"broken again, seed {self.seed}"
        return (f"{name}, turn {self.game.steps}: {modes} of 8 hit, {share:.0%} near\n"
                f"D(x) = {real:.2f}, D(G(z)) = {fake:.2f}")

    def alt(self) -> str:
        """Say in one sentence what is seen on the card."""
        d, g = self.recorded.losses[max(0, self.turn.value * EVERY - 1)].tolist()
        told = (f"The card “{self.card.title}”: {self.moment()}, loss of D {d:.2f}, of G {g:.2f}"
                + (f"; beside it {self.now()}" if self.game else "")).replace("\n", "; ")
        return told + "."

    def picture(self) -> Figure:
        """Return the film's points and losses, and the points of the game that is played."""
        film, at = self.recorded, self.turn.value
        self._film_fake.set_offsets(film.fakes[at])
        self._left.title.set_text(self.moment())
        for curve, values in zip(self._curves, film.losses.T):
            curve.set_data(range(1, len(values) + 1), figures.smooth(values.tolist()))
        self._mark.set_xdata([at * EVERY] * 2)
        self._right.set_visible(self.game is not None)
        if self.game is not None:
            self._game_fake.set_offsets(self.game.fakes().cpu())
            self._right.title.set_text(self.now())
        return self.figure

    # --- inside -------------------------------------------------------------------------------

    def _begin(self, mended: bool) -> None:
        if not self.found:
            self.told = "First guess the cause: then you see the line."
            return self.refresh()
        self.pause()
        self._new_game(mended)
        self.told = ""
        self._show_code()
        self.play.description, self._before = PAUSE, self.weights()
        self.playing.start()

    def _new_game(self, mended: bool) -> None:
        self.seed += not mended
        self.mended, self.game = mended, self.card.play(self.seed, mended)
        self.playing.keep()

    def _show_code(self) -> None:
        """Show the code that was run; once the cause is found, the line and what it should be."""
        lines = [html.escape(line) for line in self.card.text(False).splitlines()]
        if self.found:
            wrong, right = self.card.line, self.card.text(True).splitlines()[self.card.line]
            lines[wrong] = f"<b>{lines[wrong]}   # ✗ wrong</b>"
            lines.insert(wrong + 1, f"<b>{html.escape(right)}   # ✓ right</b>")
        self.code.value = ("<pre style='font-size: 15px; line-height: 20px; margin: 4px 0 4px "
                           f"150px'>{chr(10).join(lines)}</pre>")

    def _prepare(self) -> None:
        self.figure, (self._left, middle, self._right) = figures.new(columns=3, width=14,
                                                                     height=4.8)
        real = data.load("ring").scaled()[:failure_cards.SHOWN].cpu()
        film = self.recorded
        for axes in (self._left, self._right):
            figures.draw_points(axes, real, film.fakes[0], limit=LIMIT)
            axes.set(xlabel="", ylabel="", title="two\nlines")
        self._film_fake, self._game_fake = (axes.collections[-1]
                                            for axes in (self._left, self._right))
        self._curves = [middle.plot([], [], color=colour, linestyle=line, label=name)[0]
                        for name, colour, line in (("loss of D", figures.NETWORK_D, "-"),
                                                   ("loss of G", figures.NETWORK_G, "--"))]
        self._mark = middle.axvline(0, color=figures.NEUTRAL, linewidth=1.5)
        middle.set(xlabel="turn", ylabel="loss", xlim=(0, TURNS), ylim=(0, 5),
                   title="the broken game")
        middle.legend(loc="upper right")
        lay_out_once(self.figure)
