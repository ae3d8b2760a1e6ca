"""Makes what a deck names (figures, claims, data, networks), once for each state of the sources.

What is made lies in build/slides/cache, under a name that holds a checksum of the files that it
was made from. A second build reads it; after a change of these files it is made anew.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import json
import multiprocessing
import platform
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan_lib import checkpoints, device, figures, files, page
from slides.claims import CLAIMS
from slides.figures import FIGURES, Drawing
from slides.live import LIVE

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "slides" / "cache"
LIBRARY = ("gan_lib/**/*.py", "gan_lib/trained/*", "gan_lib/data/*.gz", "slides/making.py",
           "slides/figures/**/*.py")
SOURCES = {"figure": LIBRARY, "network": LIBRARY[:2],
           "claim": (*LIBRARY, "slides/claims.py"), "data": (*LIBRARY, "slides/live/*.py")}
WIDTH = 1600  # about so many pixels wide is a picture made of pixels
PACKAGES = ("matplotlib", "numpy", "pillow", "torch")  # another version draws other pixels


class MakingError(ValueError):
    """A figure, a claim, the data of a live slide or a network that could not be made."""


@dataclass(frozen=True)
class Picture:
    """A figure: a PNG file in base64, its size in pixels, and its alt text."""

    png: str
    width: int
    height: int
    alt: str

    @property
    def shape(self) -> float:
        """How many times as wide as high it is."""
        return self.width / self.height


def picture(name: str) -> Picture:
    """Return the figure of this name."""
    return Picture(**json.loads(_kept("figure", name, lambda: _picture(FIGURES[name]()))))


def claim(name: str) -> str:
    """Return the words of the claim of this name. Raises MakingError if there is none."""
    known_claim(name)
    return _kept("claim", name, lambda: CLAIMS[name]().encode()).decode()


def known_claim(name: str) -> str:
    """Return the name of a claim. Raises MakingError if there is none of this name."""
    if name not in CLAIMS:
        raise MakingError(f"there is no claim {name!r} in slides/claims.py.")
    return name


def data(name: str) -> str:
    """Return the data of a live slide as JSON: "null" if it needs none."""
    make = LIVE[name].data
    return _kept("data", name, lambda: _json(make())).decode() if make else "null"


def network(name: str) -> str:
    """Return a trained network, packed for the page, as JSON."""
    return _kept("network", name, lambda: _json(page.packed(checkpoints.load(name)))).decode()


MAKERS = {"figure": picture, "claim": claim, "data": data, "network": network}


def make_all(things: list[tuple[str, str]], processes: int) -> None:
    """Make what is not kept yet of `things`, (kind, name), in several processes.

    What fails here fails again, with its line, when it is asked for.
    """
    jobs: dict[str, list[tuple[str, str]]] = {}
    for kind, name in dict.fromkeys(things):
        if not _place(kind, name).exists():
            jobs.setdefault(_job(kind, name), []).append((kind, name))
    if len(jobs) < 4 or processes < 2:
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_make_quietly, jobs.values()))


def _job(kind: str, name: str) -> str:
    """Return a name for all that one process makes, since it shares what was computed for it."""
    stills = {live.still: f"live {key}" for key, live in LIVE.items()}
    if kind == "figure":
        return stills.get(name) or FIGURES[name].__module__
    if kind == "data":
        return f"live {name}"
    # The claims tell of the games that are drawn there.
    return "slides.figures.game" if kind == "claim" else f"network {name}"


def _make_quietly(things: list[tuple[str, str]]) -> None:
    with suppress(MakingError):
        for kind, name in things:
            MAKERS[kind](name)


def _kept(kind: str, name: str, make: Callable[[], bytes]) -> bytes:
    """Return what `make` made from the sources as they are now; call it if it did not yet.

    Raises MakingError if it fails.
    """
    path = _place(kind, name)
    if not path.exists():
        start = time.perf_counter()
        try:
            # The same numbers each time: whatever was made before, and on how many threads.
            with device.threads(1), torch.random.fork_rng(devices=[]):
                torch.manual_seed(0)
                made = make()
        except Exception as error:
            raise MakingError(f"the {kind} {name!r} was not made. "
                              f"{type(error).__name__}: {error}") from error
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob(f"{kind}-{name}-{'?' * 16}"):
            old.unlink()
        files.write_whole(path, made)
        print(f"{kind} {name}: {time.perf_counter() - start:.1f} s, {len(made) / 1000:.0f} kB",
              flush=True)
    return path.read_bytes()


def _place(kind: str, name: str) -> Path:
    return CACHE / f"{kind}-{name}-{_checksum(SOURCES[kind])}"


@functools.cache
def _checksum(patterns: tuple[str, ...]) -> str:
    """Return a checksum of the files that fit `patterns` and of the packages' versions."""
    versions = [platform.python_version(), *map(metadata.version, PACKAGES)]
    checksum = hashlib.sha256(json.dumps(versions).encode())
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        if path.is_file():
            checksum.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return checksum.hexdigest()[:16]


def _json(value) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _picture(drawing: Drawing) -> bytes:
    """Return a drawing as JSON, as `Picture` holds it."""
    if not drawing.alt.strip():
        raise ValueError("a figure needs an alt text: one sentence that says what it shows.")
    if isinstance(drawing.picture, np.ndarray):
        # Every pixel as a square, so that the browser does not blur them on a large screen.
        times = max(1, round(WIDTH / drawing.picture.shape[1]))
        png = figures.png_of_array(drawing.picture.repeat(times, 0).repeat(times, 1), level=9)
    else:
        png = figures.sharp_png(drawing.picture)
    width, height = Image.open(io.BytesIO(png)).size
    return _json({"png": base64.b64encode(png).decode(), "width": width, "height": height,
                  "alt": drawing.alt})
