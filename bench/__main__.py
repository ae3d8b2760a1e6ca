"""Runs the parts of the bench one after the other: `make bench`, `make bench ARGS=--quick`."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from pathlib import Path

from bench.report import Figure, Report

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "build" / "bench.json"
# The quiet parts come first: long computing warms the machine.
PARTS = ("machine", "notebooks", "start", "slider", "page", "arena", "throughput", "quality",
         "conditioning", "words")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true",
                        help="fewer sizes, seeds and repetitions: under 5 minutes on two cores")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART",
                        help=f"only these parts, of {', '.join(PARTS)}; the rest stays null")
    options = parser.parse_args()
    report = Report()
    report.announce(("bench_quick",))
    report.add(Figure("bench_quick", options.quick))
    broken = []
    for name in PARTS:
        if not take(name, report, options.quick, wanted=name in options.only):
            broken.append(name)
        report.write(OUTPUT)  # whoever stops the bench keeps what was measured
    print(f"\nWritten to {OUTPUT}")
    if broken:
        sys.exit(f"These parts ended with an error, see above: {', '.join(broken)}")


def take(name: str, report: Report, quick: bool, wanted: bool) -> bool:
    """Announce the figures of one part and, if it is `wanted`, measure them.

    Returns whether the part came to its end. The other parts follow in any case. A part is
    imported no earlier: `start` measures memory, and torch must not be loaded by then.
    """
    start = time.perf_counter()
    try:
        part = importlib.import_module(f"bench.{name}")
        report.announce(part.KEYS)
        if wanted:
            print(f"\n{part.TITLE}", flush=True)
            for figure in part.measure(quick):
                report.add(figure)
            print(f"  ({name}: {time.perf_counter() - start:.0f} s)", flush=True)
    except Exception:
        traceback.print_exc()
        return False
    return True


if __name__ == "__main__":
    main()
