"""gan_lib: the small library behind the course on generative adversarial networks.

`import gan_lib` is quick: each module below is imported when it is first used.
"""

import importlib
import io
import sys

__version__ = "0.1.0"
__all__ = ["arena", "augmenting", "bias", "checkpoints", "choices", "conditioning", "data",
           "detecting", "device", "drawings", "exercises", "failure_cards", "failures", "figures",
           "growing", "heads", "inpainting", "judging", "latent", "league", "lesson_codes",
           "live_game", "losses", "metrics", "models", "page", "plane", "project", "questions",
           "recipes", "recorded_runs", "recording", "recording_files", "room", "sentences",
           "styles", "training", "up_convolution", "variety", "wasserstein", "widgets", "words"]

# Where the output cannot hold "✓" or "Δ" (a pipe on Windows, say), "?" is better than an error.
for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, io.TextIOWrapper) and _stream.errors in ("strict", "surrogateescape"):
        _stream.reconfigure(errors="replace")


def __getattr__(name: str):
    if name in __all__:
        return importlib.import_module(f"gan_lib.{name}")
    raise AttributeError(f"gan_lib has no module {name!r}; it has {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
