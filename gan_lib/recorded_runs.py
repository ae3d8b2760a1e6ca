"""The recorded runs that ship with the course, so that a lesson never waits.

To record one again: `python -m gan_lib.recorded_runs good`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gan_lib import checks, recording_files
from gan_lib.recording import RecordedRoom, Recording

FOLDER = Path(__file__).parent / "recordings"
MOST_BYTES = 10**6
# After how many turns what is changed; the last entry is the end.
RUNS = {
    "good": {5000: {}},
    "collapse": {400: {"momentum": 0.9, "lr_G": 5e-3, "r1": 0.0}, 1000: {}},
}


def load(name: str) -> Recording:
    """Return a recorded run: "good", digits that get clear, or "collapse", digits that get lost.

    Raises ValueError for another name.
    """
    return recording_files.load(_path(name))


def record(name: str) -> Recording:
    """Play the run of this name."""
    room = RecordedRoom()
    for turn, change in RUNS[checks.one_of("the name of a run", name, RUNS)].items():
        room.step(turn - room.game.steps)
        if change:
            room.change(**change)
    return room.recording()


def _path(name: str) -> Path:
    return FOLDER / f"{checks.one_of('the name of a run', name, RUNS)}{recording_files.SUFFIX}"


if __name__ == "__main__":
    for chosen in sys.argv[1:] or RUNS:
        FOLDER.mkdir(exist_ok=True)
        print(recording_files.save(record(chosen), _path(chosen), MOST_BYTES))
