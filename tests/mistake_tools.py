"""Carries out a wrong call, written as data, and says who noticed the mistake.

`made(words)` takes a call as a short expression, such as "losses.bce(logits.tolist(), 1)", with
the names of `names()`. Two statements are parted by ";".
"""

import contextlib
import dis
import io
import math
import warnings
from pathlib import Path

import numpy as np
import torch

import gan_lib
from gan_lib import (
    checkpoints,
    data,
    device,
    figures,
    inpainting,
    latent,
    losses,
    metrics,
    models,
    training,
)
from gan_lib.widgets import live

LIBRARY = str(Path(gan_lib.__file__).parent)
TOLD, DOOR, BARE, INSIDE, SILENT = ("told", "Python's own", "bare torch error",
                                    "Python error inside", "silent")
DIGITS = data.load("digits", n=64, device="cpu")
RING = data.load("ring", n=64, device="cpu")
SMALL = {"width": 4, "hidden": 8}


def names() -> dict:
    """Return what a wrong call may use: small networks, optimizers, samples, masks, a game."""
    torch.manual_seed(0)
    G, D = models.ConvGenerator(z_dim=8, **SMALL), models.ConvDiscriminator(**SMALL)
    g, d = models.PointGenerator(4, width=8), models.PointDiscriminator(width=8)
    own = {
        "G": G, "D": D, "g": g, "d": d, "digits": DIGITS, "ring": RING,
        "classifier": models.Classifier({"digit": 10}, width=4).eval(),
        "encoder": inpainting.ContextEncoder(channels=1, width=4),
        "opt_G": torch.optim.Adam(G.parameters()), "opt_D": torch.optim.Adam(D.parameters()),
        "x": DIGITS.scaled()[:12], "x8": DIGITS.images[:12], "known": DIGITS.scaled()[12:40],
        "x255": DIGITS.images[:12].float(), "z": latent.draw(12, 8, device="cpu"),
        "points": RING.points, "logits": torch.linspace(-3, 3, 12), "p": torch.rand(12),
        "hidden": inpainting.box(16, 4, 4, 6, 6), "seen": torch.rand(20, 6),
        "nan": float("nan"), "inf": math.inf, "torch": torch, "np": np,
        "game": lambda: training.Game(d, g, RING, batch_size=8)}
    return {**own, **{module.__name__.split(".")[-1]: module for module in (
        checkpoints, data, device, figures, inpainting, latent, live, losses, metrics, models,
        training)}}


def made(call: str, more: dict | None = None) -> tuple[str, str]:
    """Carry out the call. Returns (who noticed the mistake, what was said)."""
    said, scope = io.StringIO(), {**names(), **(more or {})}
    try:
        with contextlib.redirect_stdout(said), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            exec(call, scope)
    except Exception as error:
        return noticed_by(error), f"{type(error).__name__}: {error}"
    finally:
        torch.set_default_device(None)
    if warned:
        return TOLD, str(warned[-1].message)
    return SILENT, said.getvalue()


def noticed_by(error: Exception) -> str:
    """Say who raised the error: a `raise` of ours, Python at the call itself, torch or Python."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append((trace.tb_frame.f_code, trace.tb_lasti))
        trace = trace.tb_next
    ours = [place for place in frames if place[0].co_filename.startswith(LIBRARY)]
    code, instruction = frames[-1]
    if code.co_filename.startswith(LIBRARY):
        op = next(op for op in dis.get_instructions(code) if op.offset == instruction)
        if op.opname == "RAISE_VARARGS":
            return TOLD
    elif not ours and (code.co_filename == "<string>" or isinstance(error, TypeError)):
        return DOOR
    in_torch = "torch" in code.co_filename.split("/") or type(error) in (
        RuntimeError, NotImplementedError, AssertionError)
    return BARE if in_torch and not isinstance(error, AttributeError) else INSIDE
