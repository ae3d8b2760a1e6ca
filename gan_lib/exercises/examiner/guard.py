"""Calling a student's code so that it can neither hang, nor end the notebook, nor change it."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import io
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

STACK = 32 * 2 ** 20  # bytes: a function that calls itself a thousand times must not run out


class TooLong(BaseException):
    """The time is over; no `except Exception` in a student's code catches it."""


def call(work: Callable[[], None], space: dict | None,
         seconds: float) -> tuple[str, BaseException | None]:
    """Run `work()` for at most `seconds`, and leave everything as it was.

    It runs in a thread of its own, which can be told to stop. `space` holds the student's names.
    Returns what was printed, and the error that `work` ended with: TooLong if it did not end,
    None if all went well.
    """
    printed = io.StringIO()
    with (_kept(space), _no_way_out(), contextlib.redirect_stdout(printed),
          contextlib.redirect_stderr(printed)):
        error = _in_a_thread(work, seconds)
    return printed.getvalue(), error


def _in_a_thread(work: Callable[[], None], seconds: float) -> BaseException | None:
    errors = []

    def run():
        try:
            with torch.device("cpu"):
                work()
        except BaseException as error:  # SystemExit and TooLong, too
            errors.append(error)

    usual = threading.stack_size(STACK)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    threading.stack_size(usual)
    try:
        end = time.monotonic() + seconds
        while thread.is_alive() and time.monotonic() < end:
            thread.join(0.05)  # short: on Windows a longer wait would not notice the stop button
    except KeyboardInterrupt as stopped:
        errors.append(stopped)
    if thread.is_alive():
        errors.append(TooLong())
        _stop(thread)
    return errors[0] if errors else None


def _stop(thread: threading.Thread) -> None:
    """Raise TooLong in the thread, several times if its code catches even that."""
    for _ in range(20):
        if not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident),
                                                   ctypes.py_object(TooLong))
        thread.join(0.02)


@contextlib.contextmanager
def _no_way_out() -> Iterator[None]:
    """Let exit() and input(), as they are in a notebook, raise instead of ending or waiting."""
    def leave(*_, **__):
        raise SystemExit

    def ask(*_, **__):
        raise RuntimeError("input() cannot ask anybody here.")

    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    with contextlib.ExitStack() as stack:
        stack.enter_context(_replaced(builtins, "input", ask))
        if hasattr(shell, "ask_exit"):
            stack.enter_context(_replaced(shell, "ask_exit", leave))
        yield


@contextlib.contextmanager
def _replaced(thing: Any, name: str, by: Any) -> Iterator[None]:
    usual = getattr(thing, name)
    setattr(thing, name, by)
    try:
        yield
    finally:
        setattr(thing, name, usual)


@contextlib.contextmanager
def _kept(space: dict | None) -> Iterator[None]:
    """Put back at the end: the random states, the usual dtype, the student's names and values."""
    states = torch.get_rng_state(), np.random.get_state(), random.getstate()
    on_gpu = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    dtype = torch.get_default_dtype()
    names = dict(space or {})
    put_back = []
    _remember(names, put_back, seen=set())
    try:
        yield
    finally:
        torch.set_rng_state(states[0])
        np.random.set_state(states[1])
        random.setstate(states[2])
        if on_gpu is not None:
            torch.cuda.set_rng_state_all(on_gpu)
        torch.set_default_dtype(dtype)
        for function in put_back:
            function()
        if space is not None:
            for name in space.keys() - names.keys():
                del space[name]
            space.update(names)


def _remember(value: Any, put_back: list[Callable[[], None]], seen: set[int]) -> None:
    """Append to `put_back` what brings `value`, and what it holds, back to what it is now."""
    if id(value) in seen or type(value).__name__ == "module":
        return
    seen.add(id(value))
    inside = []
    if isinstance(value, Tensor):
        put_back.append(_tensor(value))
    elif isinstance(value, np.ndarray):
        copy = value.copy()
        put_back.append(lambda: value.flags.writeable and np.copyto(value, copy))
    elif isinstance(value, nn.Module):
        inside = [*value.parameters(), *value.buffers()]
        modes = [(part, part.training) for part in value.modules()]
        put_back.append(lambda: [setattr(part, "training", mode) for part, mode in modes])
    elif isinstance(value, torch.optim.Optimizer):
        inside = [value.state, value.param_groups]
    elif isinstance(value, dict):
        copy = dict(value)
        put_back.append(lambda: value.keys() != copy.keys() and (value.clear(), value.update(copy)))
        inside = [part for name, part in value.items() if not str(name).startswith("_")]
    elif isinstance(value, list):
        copy = list(value)
        put_back.append(lambda: value.__setitem__(slice(None), copy))
        inside = value
    elif isinstance(value, tuple):
        inside = value
    elif type(value).__module__.partition(".")[0] == "gan_lib" and hasattr(value, "__dict__"):
        inside = list(vars(value).values())
    for part in inside:
        _remember(part, put_back, seen)


def _tensor(x: Tensor) -> Callable[[], None]:
    copy, asks = x.detach().clone(), x.requires_grad
    gradient = x.grad if x.is_leaf else None
    old = None if gradient is None else gradient.detach().clone()

    def put_back():
        with torch.no_grad():
            if not torch.equal(x, copy):
                x.copy_(copy)
            if x.is_leaf and (gradient is not None or x.grad is not None):
                x.grad = gradient
                if old is not None:
                    gradient.copy_(old)
        if x.is_leaf and x.requires_grad != asks:
            x.requires_grad_(asks)

    return put_back
