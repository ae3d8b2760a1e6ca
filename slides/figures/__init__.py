"""The deck's figures, made by `gan_lib` when the deck is built: {name: function}.

A file beside this one holds figures of one topic, and a dict FIGURES of them; all are found here.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from matplotlib.figure import Figure

from gan_lib import device


@dataclass(frozen=True)
class Drawing:
    """A picture, uint8 (H, W, 3) or a matplotlib Figure, and a sentence that says what it shows."""

    picture: np.ndarray | Figure
    alt: str


def _alone(make: Callable[[], Drawing]) -> Callable[[], Drawing]:
    """Return `make`, but so that its numbers depend neither on other figures nor on threads."""
    @functools.wraps(make)
    def made() -> Drawing:
        with device.threads(1), torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return make()
    return made


def _find() -> dict[str, Callable[[], Drawing]]:
    found = {}
    for file in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{file.name}")
        for name, make in getattr(module, "FIGURES", {}).items():
            if name in found:
                raise ValueError(f"Two figures bear the name {name!r}: rename one of them.")
            found[name] = _alone(make)
    return found


FIGURES: dict[str, Callable[[], Drawing]] = _find()
