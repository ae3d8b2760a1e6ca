"""Finds a browser: for the tests, the bench and the deck's PDF."""

from __future__ import annotations

import shutil


def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)
