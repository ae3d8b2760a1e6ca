"""The arena in a real JupyterLab: turns and pictures a second, how soon it pauses and answers, and
how long the ring of eight takes.

Each picture has a text with the turn, so the page notes when which turn was to be seen.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat

from bench.report import Figure, median
from bench.slider import notebook
from tools.browser_lab import (
    LIVE,
    PROMPT_PICTURES,
    find_browser,
    opened,
    running_browser,
    running_lab,
)

TITLE = "The arena, as it plays"
KEYS = ("arena_steps_per_s", "arena_pictures_per_s", "arena_ring_seconds_worst",
        "arena_pause_ms_worst", "arena_answer_ms_median", "arena_ganlab_steps_per_s")
TOOL = """
from gan_lib.widgets.arena import ArenaTool
tool = ArenaTool()
tool.show()
"""
SECONDS, RING = 5, 30  # of playing for a rate; after which the ring is given up
DONE = re.compile(r"8 of 8 modes hit, (9\d|100)% of the fakes near one")

# Notes when each picture came, in milliseconds, with the picture's text; and each press.
WATCH = """canvas => {
    window.seen = [];
    window.pressed = [];
    new MutationObserver(() => window.seen.push(
        [performance.now(), canvas.getAttribute("aria-label")])).observe(
        canvas, {attributes: true, attributeFilter: ["aria-label"]});
    document.addEventListener("click", () => window.pressed.push(performance.now()), true);
    document.addEventListener("change", () => window.pressed.push(performance.now()), true);
}"""


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS."""
    path = find_browser()
    if path is None:
        for key in KEYS:
            yield Figure(key, None, note="no Chromium or Chrome is installed")
        return
    with ExitStack() as stack:
        browser = stack.enter_context(running_browser(path))
        home, folder = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in "ab")
        lab = stack.enter_context(running_lab(home, folder, PROMPT_PICTURES))
        nbformat.write(notebook(TOOL), folder / "arena.ipynb")
        opening = stack.enter_context(opened(lab, browser, "arena.ipynb", "arena bench"))
        opening.run()
        tool = OnScreen(opening.page, opening.show(1))
        rates = [tool.rates() for _ in range(2 if quick else 5)]
        yield median("arena_steps_per_s", [steps for steps, _ in rates], unit="1/s", at_least=300,
                     note="turns that the page shows, with field, grid and pushes")
        yield median("arena_pictures_per_s", [pictures for _, pictures in rates], unit="1/s",
                     at_least=10)
        rings = [tool.ring() for _ in range(2 if quick else 5)]
        yield Figure("arena_ring_seconds_worst", max(rings), unit="s", low=min(rings),
                     high=max(rings), at_most=10,
                     note=f"8 modes, 90 % near one, from the press on; {len(rings)} seeds")
        yield Figure("arena_pause_ms_worst", max(tool.pauses), unit="ms",
                     low=min(tool.pauses), high=max(tool.pauses),
                     note="from the press to the last picture")
        answers = [tool.answer(str(value)) for value in (0.3, 3.0) * (2 if quick else 5)]
        yield median("arena_answer_ms_median", answers, unit="ms", at_most=200,
                     note="from a new R1 to the first picture that knows it, while it plays")
    yield Figure("arena_ganlab_steps_per_s", None,
                 note="its page needs the network; it plays one turn a frame: 60 at most")


class OnScreen:
    """The arena in an open notebook, and how long its pauses took."""

    def __init__(self, page, tool):
        self.page, self.tool, self.pauses = page, tool, []
        tool.locator(LIVE).wait_for()
        tool.locator(LIVE).evaluate(WATCH)

    def press(self, name: str) -> None:
        self.tool.get_by_role("button", name=name, exact=False).first.click()

    def rates(self) -> tuple[float, float]:
        """Play from the start. Return turns and pictures a second, after the first second."""
        self.press("Reset")
        self.press("Play")
        self.page.wait_for_timeout(1000)
        start = len(self._seen())
        self.page.wait_for_timeout(1000 * SECONDS)
        seen = self._seen()[start:]
        self.pause()
        seconds = (seen[-1][0] - seen[0][0]) / 1000
        return (_turn(seen[-1]) - _turn(seen[0])) / seconds, (len(seen) - 1) / seconds

    def pause(self) -> None:
        """Pause, and note when the last picture came."""
        self.press("Pause")
        self.page.wait_for_timeout(700)
        pressed, last = self.page.evaluate("() => [window.pressed.at(-1), window.seen.at(-1)[0]]")
        self.pauses.append(max(0.0, last - pressed))

    def ring(self) -> float:
        """Play with a new seed. Return the seconds until the ring is learnt, RING at most."""
        self.press("New seed")
        self.page.wait_for_timeout(700)
        start = len(self._seen())
        self.press("Play")
        pressed = self.page.evaluate("() => window.pressed.at(-1)")
        for _ in range(5 * RING):
            self.page.wait_for_timeout(200)
            done = [at for at, words in self._seen()[start:] if DONE.search(words)]
            if done:
                break
        self.pause()
        return (done[0] - pressed) / 1000 if done else float(RING)

    def answer(self, value: str) -> float:
        """Choose another R1 while it plays. Return the ms until a picture has the new code."""
        self.press("Play")
        self.page.wait_for_timeout(500)
        before = _code(self._seen()[-1])
        self.tool.get_by_label("R1").select_option(value)
        self.page.wait_for_timeout(1000)
        pressed = self.page.evaluate("() => window.pressed.at(-1)")
        first = next(one[0] for one in self._seen() if one[0] > pressed and _code(one) != before)
        self.pause()
        return first - pressed

    def _seen(self) -> list:
        return self.page.evaluate("() => window.seen")


def _turn(seen: list) -> int:
    return int(re.search(r"turn ([\d,]+)", seen[1]).group(1).replace(",", ""))


def _code(seen: list) -> str:
    return seen[1].rpartition("Lesson code ")[2]
