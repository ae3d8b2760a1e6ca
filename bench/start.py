"""How long a lesson takes to start, and how much memory a student's kernel needs.

Times are those of fresh interpreters, one after the other in turns, after one that does not
count. Memory is that of real kernels. "Private" is what no other process shares with the kernel;
"pss" (proportional set size) adds its part of what it shares: with a second notebook open, torch's
files are shared, and private memory is smaller by them.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from bench.report import Figure, median
from tools.notebook_files import NOTEBOOKS, ROOT, code_cells, read, run, stream
from tools.prepare_notebooks import setup_source

TITLE = "The start of a lesson, and the memory of its kernel"
TIMES = ("start_setup_s", "start_first_picture_s", "start_bare_torch_s")
KERNELS = ("kernel_{}_mb", "kernel_{}_mb_after_setup", "kernel_{}_mb_bare_torch",
           "kernel_{}_mb_empty")
TRAINED = ("kernel_{}_mb_after_training", "kernel_{}_mb_after_training_above_bare")
KINDS = ("private", "pss")
KEYS = (*TIMES, *(key.format(kind) for kind in KINDS for key in (*KERNELS, *TRAINED)))

SMAPS = Path("/proc/self/smaps_rollup")  # only Linux has it
PROBE = f"print(open('{SMAPS}').read())"
TRAINING = "game.play(seconds=40"  # the digits' training in notebook 04

BARE_TORCH = """
import torch
layer = torch.nn.Linear(1, 1)
layer(torch.zeros(1, 1)).sum().backward()
torch.optim.Adam(layer.parameters()).step()
"""
FIRST_PICTURE = """
import torch
from gan_lib import checkpoints, figures, latent
G = checkpoints.load("digits")
with torch.no_grad():
    png = figures.png_of_array(figures.tile(G(latent.draw(1, G.z_dim))))
"""


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS."""
    rounds = 2 if quick else 7
    yield from times(rounds)
    if SMAPS.is_file():
        yield from memory(rounds, quick)
        return
    for key in KEYS[len(TIMES):]:
        yield Figure(key, None, note=f"only Linux tells it, in {SMAPS}")


# --- times ------------------------------------------------------------------------------------

def times(rounds: int) -> Iterator[Figure]:
    """Yield the seconds from the start of a fresh interpreter to the end of each script."""
    # The set-up cell holds a %pip line, which only IPython can read.
    setup = TransformerManager().transform_cell(setup_source())
    scripts = dict(zip(TIMES, (setup, setup + FIRST_PICTURE, BARE_TORCH)))
    found = {key: [] for key in TIMES}
    for number in range(rounds + 1):
        for key, script in scripts.items():
            seconds = seconds_of(script)
            if number > 0:  # the first reads torch from the disk
                found[key].append(seconds)
    for key, seconds in found.items():
        yield median(key, seconds, unit="s")


def seconds_of(script: str) -> float:
    """Return the seconds from the start of a fresh Python to the end of `script`.

    Raises RuntimeError with the interpreter's last words if it fails.
    """
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        with subprocess.Popen(
                [sys.executable, "-c", f"{script}\nprint('done', flush=True)"], text=True,
                env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE,
                stderr=errors) as python:
            done = any(line == "done\n" for line in python.stdout)
            seconds = time.perf_counter() - start
        if not done:
            errors.seek(0)
            raise RuntimeError(f"The script did not come to its end:\n{errors.read()[-3000:]}")
    return seconds


# --- memory -----------------------------------------------------------------------------------

def memory(rounds: int, quick: bool) -> Iterator[Figure]:
    """Yield the private memory and the pss of real kernels."""
    # Memory that the bench shares with a kernel is nobody's private memory.
    note = "too small: the bench itself has loaded torch" if "torch" in sys.modules else ""
    found = {kind: {key: [] for key in KERNELS} for kind in KINDS}
    kernels = ((setup_source(), FIRST_PICTURE), (setup_source(),), (BARE_TORCH,), ())
    for _ in range(rounds):
        for key, sources in zip(KERNELS, kernels):
            for kind, megabytes in of_kernel(sources).items():
                found[kind][key].append(megabytes)
    for kind in KINDS:
        for key in KERNELS:
            yield median(key.format(kind), found[kind][key], unit="MB", note=note)
    trained = [of_kernel(training_cells(quick)) for _ in range(1 if quick else 3)]
    how = "notebook 04 as far as 10 s of its training" if quick else "all of notebook 04"
    for kind in KINDS:
        bare = statistics.median(found[kind]["kernel_{}_mb_bare_torch"])
        yield median(TRAINED[0].format(kind), [one[kind] for one in trained], unit="MB",
                     note=note or how)
        yield median(TRAINED[1].format(kind), [one[kind] - bare for one in trained], unit="MB",
                     at_most=150 if kind == "private" else None, note=note or how)


def training_cells(quick: bool) -> list[str]:
    """Return the code of notebook 04; if `quick`, up to its training, and less of that."""
    path, = (path for path in NOTEBOOKS if path.name.startswith("04"))
    sources = [cell.source for cell in code_cells(read(path))]
    places = [number for number, source in enumerate(sources) if TRAINING in source]
    if len(places) != 1:
        raise ValueError(f"{path.name} should hold {TRAINING!r} in one cell, but {len(places)} "
                         "hold it. Write into start.py how it trains now.")
    if not quick:
        return sources
    shorter = sources[places[0]].replace(TRAINING, "game.play(seconds=10")
    return [*sources[:places[0]], shorter]


def of_kernel(sources) -> dict[str, float]:
    """Run the cells `sources` in a fresh kernel; return the megabytes it then holds, by kind."""
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source.strip()) for source in (*sources, PROBE)])
    with tempfile.TemporaryDirectory() as folder:
        run(nb, Path(folder))
    return megabytes(stream(nb.cells[-1].outputs, "stdout"))


def megabytes(smaps: str) -> dict[str, float]:
    """Return {"private": MB, "pss": MB} from the text of a smaps_rollup."""
    kilobytes = {name: int(value)
                 for name, value in re.findall(r"^(\w+): +(\d+) kB", smaps, re.MULTILINE)}
    return {"private": (kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]) / 1024,
            "pss": kilobytes["Pss"] / 1024}
