"""The deck's live slides: {name: Live}. Beside this file, NAME.js exports a function NAME."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Live:
    """What a live slide needs: trained networks, its data (for JSON), and its still picture."""

    networks: tuple[str, ...]  # names for checkpoints.load
    data: Callable[[], dict]
    still: str  # a name in figures.FIGURES


LIVE: dict[str, Live] = {}
