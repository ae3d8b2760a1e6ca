"""What the tests of the exercises share."""

import contextlib
import importlib
import io
import math

import torch

from gan_lib import exercises as library
from gan_lib import losses, training
from gan_lib.latent import lerp
from tools.notebook_files import NOTEBOOKS, exercises, read

# What the notebooks have imported or written where an exercise stands.
KNOWN = {"torch": torch, "F": torch.nn.functional, "math": math, "losses": losses, "lerp": lerp,
         "frozen": training.frozen, "minimax_loss": losses.minimax_loss,
         "non_saturating_loss": losses.non_saturating_loss}


def verdict(source: str, name: str) -> str:
    """Run a student's `source`, check `name`, which it defines, and return what is said."""
    space = dict(KNOWN)
    exec(source, space)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        library.check(space[name])
    return said.getvalue()


def bank(kind: str) -> dict[tuple[str, str], object]:
    """Return {(exercise, name of the answer): answer} of all notebooks; kind: RIGHT or WRONG."""
    return {(exercise, name): answer
            for notebook in library.NOTEBOOKS
            for exercise, answers in getattr(
                importlib.import_module(f"answers.{notebook}"), kind).items()
            for name, answer in answers.items()}


def in_notebooks() -> dict[str, tuple[str, str, str]]:
    """Return {exercise: (notebook, stub, folded solution)} of all notebooks, in their order."""
    found = {}
    for path in NOTEBOOKS:
        nb = read(path)
        for exercise in exercises(nb):
            stub = nb.cells[exercise.stub].source
            name = stub.partition("def ")[2].partition("(")[0]
            found[name] = (path.stem[3:], stub, exercise.source)
    return found
