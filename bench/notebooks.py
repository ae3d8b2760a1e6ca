"""How long the notebooks took in the last `make test`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bench.report import Figure
from tools.notebook_files import NOTEBOOKS, TIMES_FILE

TITLE = "The notebooks, in the last `make test`"
NAMES = {f"notebook_{path.name[:2]}_s": path.name for path in NOTEBOOKS}
KEYS = (*NAMES, "notebooks_total_s")


def measure(quick: bool, times_file: Path = TIMES_FILE) -> Iterator[Figure]:
    """Yield the figures of KEYS: nbval's run, as a student runs the cells before solving."""
    stored = json.loads(times_file.read_text()) if times_file.is_file() else {}
    seconds = {key: stored.get(name, {}).get("unsolved", {}).get("seconds")
               for key, name in NAMES.items()}
    for key, value in seconds.items():
        yield Figure(key, value, unit="s", note="" if value is not None else _missing(times_file))
    whole = None not in seconds.values()
    yield Figure("notebooks_total_s", round(sum(seconds.values()), 1) if whole else None,
                 unit="s", note="" if whole else _missing(times_file))


def _missing(times_file: Path) -> str:
    return f"not in {times_file.name}: run `make test` first"
