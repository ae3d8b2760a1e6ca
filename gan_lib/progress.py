"""The progress bar of a loop, and the stop button (■), which ends it between two steps."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from IPython import get_ipython
from IPython.display import display

from gan_lib import checks

SAME_PRESS = 1.0  # seconds: who wants to stop a loop often presses more than once


def bar(steps: int | None = None, seconds: float | None = None) -> Iterator[int]:
    """Count 0, 1, 2, … for a loop that trains; whichever ends first if both are given.

        for step in progress.bar(steps=700):
        for step in progress.bar(seconds=20):

    A bar shows the time that is left. The stop button ends the loop after the current step,
    without an error, so the cell goes on with what is trained: at least one step, for a length
    above 0. Raises TypeError or ValueError for another length.
    """
    with stop_button() as stop, Progress(steps, seconds) as progress:
        while progress.goes_on():
            yield progress.steps
            progress.update()
            if stop.is_set():
                break
        if stop.is_set():
            print(f"Stopped after step {progress.steps}. Everything is kept.")


class Progress:
    """A progress bar over steps or seconds, and the moments to look at what is trained."""

    def __init__(self, steps: int | None, seconds: float | None, shown: bool = True):
        if steps is None and seconds is None:
            raise ValueError("Say how long: steps=500 or seconds=40, for example.")
        if steps is not None:
            checks.whole_number("steps", steps)
        if seconds is not None:
            checks.number("seconds", seconds, 0.0)
        self.steps, self._last, self._seconds = 0, steps, seconds
        self._start = time.perf_counter()
        self._next_look = self._start + 1
        self._shown, self._handle = shown, None
        self._show()

    def goes_on(self) -> bool:
        """Return whether a further step is due."""
        return ((self._last is None or self.steps < self._last)
                and (self._seconds is None or self._passed() < self._seconds))

    def update(self, look=None) -> None:
        """Count one step; about once a second, redraw the bar and call `look()`."""
        self.steps += 1
        start = time.perf_counter()
        if start < self._next_look:
            return
        self._show()
        if look is not None:
            look()
        end = time.perf_counter()
        self._next_look = end + max(1.0, 9 * (end - start))  # training gets most of the time

    def _passed(self) -> float:
        return time.perf_counter() - self._start

    def _show(self) -> None:
        passed = self._passed()
        done, total, unit = ((min(passed, self._seconds), self._seconds, "s")
                             if self._last is None else (self.steps, self._last, "steps"))
        share = done / total if total else 1.0
        left = f", {passed / share - passed:.0f} s left" if self.steps and share else ""
        self._draw(f"{done:.0f} of {total:.0f} {unit}{left}", share)

    def _draw(self, words: str, share: float = 1.0) -> None:
        if not self._shown:
            return
        if hasattr(get_ipython(), "kernel"):
            data = {"text/html": f'<progress value="{share:.3f}" max="1" aria-label="training">'
                                 f"</progress> {words}" if words else ""}
            if self._handle is None:
                self._handle = display(data, raw=True, display_id=True)
            else:
                self._handle.update(data, raw=True)
        elif sys.stderr.isatty():
            print(f"\r{words:40}", end="" if words else "\r", file=sys.stderr, flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._draw("")  # a stored notebook, and what is printed of it, keep no old bar


@contextmanager
def stop_button():
    """Turn an interrupt into an event, so that no step is left half done.

    Presses that follow within a second belong to the first one, also after the `with`.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    last_press = 0.0

    def press(*_):
        nonlocal last_press
        last_press = time.perf_counter()
        stop.set()

    def late_press(number, _):
        nonlocal last_press
        now = time.perf_counter()
        if now - last_press < SAME_PRESS:
            last_press = now
        else:
            signal.signal(number, before)
            signal.raise_signal(number)

    before = signal.signal(signal.SIGINT, press)
    before = late_press.before = getattr(before, "before", before)  # not that of an earlier loop
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, late_press if stop.is_set() else before)


@contextmanager
def held():
    """Hold an interrupt back until the end of the `with`: what is begun inside is finished."""
    if threading.current_thread() is not threading.main_thread():  # no interrupt comes here
        yield
        return
    presses = []
    before = signal.signal(signal.SIGINT, lambda *_: presses.append(1))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if presses:
            signal.raise_signal(signal.SIGINT)

