"""The progress bar of a game, and the stop button that ends it between two steps."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager

from IPython.display import display
from tqdm.auto import tqdm


class Progress:
    """A progress bar over steps or seconds, and the moments to look at the game."""

    def __init__(self, steps: int | None, seconds: float | None, shown: bool):
        self._by_steps = steps is not None
        self._bar = tqdm(total=steps if self._by_steps else round(seconds), disable=not shown,
                         unit="step" if self._by_steps else "s", delay=1e-9,
                         bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt} {unit}, "
                                    "{remaining} left {postfix}")
        # With a delay tqdm shows no widget; shown here, its text can be renewed at the end.
        self._widget = getattr(self._bar, "container", None)
        self._handle = self._widget and display(self._widget, display_id=True)
        self._bar.displayed = True
        self._start = time.perf_counter()
        self._next_look = self._start + 1
        self._steps = 0

    def seconds(self) -> float:
        return time.perf_counter() - self._start

    def update(self, step: int, look) -> None:
        """Count one step; about once a second, redraw the bar and call `look()`."""
        self._steps += 1
        start = time.perf_counter()
        if start < self._next_look:
            return
        self._show(step)
        look()
        end = time.perf_counter()
        self._next_look = end + max(1.0, 9 * (end - start))  # playing gets most of the time

    def _show(self, step: int | None = None) -> None:
        done = self._steps if self._by_steps else min(int(self.seconds()), self._bar.total)
        self._bar.update(done - self._bar.n)
        if step is not None:
            self._bar.set_postfix_str(f"step {step}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._show()
        self._bar.close()
        if self._handle:
            self._handle.update(self._widget)  # an export would say "0 %" for ever


@contextmanager
def stop_button():
    """Turn an interrupt into an event, so that no step is left half done."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
