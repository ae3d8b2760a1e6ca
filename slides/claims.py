"""The deck's claims, computed when it is built: {name: function that returns the words}."""

from __future__ import annotations

from collections.abc import Callable

CLAIMS: dict[str, Callable[[], str]] = {}
