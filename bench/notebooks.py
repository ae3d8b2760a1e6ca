"""How long the notebooks take, as `make times` remembers it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bench.report import Figure
from tools.notebook_files import NOTEBOOKS, TIMES_FILE

TITLE = "The notebooks, in the last `make times`"
NAMES = {f"notebook_{path.name[:2]}_s": path.name for path in NOTEBOOKS}
KEYS = (*NAMES, "notebooks_total_s")


def measure(quick: bool, times_file: Path = TIMES_FILE) -> Iterator[Figure]:
    """Yield the figures of KEYS: nbval's run, as a student runs the cells before solving."""
    stored = json.loads(times_file.read_text(encoding="utf-8"))
    seconds = {key: round(sum(stored["seconds"][name].values()), 1)
               if name in stored["seconds"] else None for key, name in NAMES.items()}
    missing = f"not in {times_file.name}: run `make times` first"
    seconds["notebooks_total_s"] = (None if None in seconds.values()
                                    else round(sum(seconds.values()), 1))
    for key, value in seconds.items():
        yield Figure(key, value, unit="s", note=missing if value is None else stored["machine"])
