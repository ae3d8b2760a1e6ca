"""The deck's live slides: what each needs. Its JavaScript lies beside this file, NAME.js."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from slides.live import simple, trained


@dataclass(frozen=True)
class Live:
    """A live slide: `export function NAME(place, data, networks)` in NAME.js.

    The page shows the figure `still` in `place`, an element. The function is called when the slide
    is seen, and puts its controls and its picture there instead. `networks` are the names of the
    shipped networks that it gets, `data` returns what it gets besides: anything JSON can hold.
    """

    networks: tuple[str, ...]
    data: Callable[[], dict] | None
    still: str


LIVE: dict[str, Live] = {
    "cards": Live((), simple.cards, "live_cards"),
    "bce": Live((), None, "live_bce"),
    "three_numbers": Live((), simple.three_numbers, "live_three_numbers"),
    "up_convolution": Live((), None, "live_up_convolution"),
    "saddle": Live((), None, "live_saddle"),
    "game": Live((), trained.game, "live_game"),
    "scrub_digits": Live(("digits",), trained.scrub_digits, "live_scrub_digits"),
    "scrub_faces": Live(("faces64",), trained.scrub_faces, "live_scrub_faces"),
    "walk": Live(("faces64",), trained.walk, "live_walk"),
    "corners": Live(("faces64",), trained.corners, "live_corners"),
    "occluder": Live(("faces",), trained.occluder, "live_occluder"),
    "growing": Live(("faces64",), trained.growing, "live_growing"),
}
