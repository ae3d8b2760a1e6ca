"""The deck's figures, made by `gan_lib` when the deck is built: {name: function}."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A picture, uint8 (H, W, 3) or a matplotlib Figure, and a sentence about what it shows."""

    picture: np.ndarray | Figure
    alt: str


FIGURES: dict[str, Callable[[], Drawing]] = {}
