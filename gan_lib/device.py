"""The device and the seed that a lesson runs with."""

from __future__ import annotations

import os
from contextlib import contextmanager

import torch

from gan_lib import checks


def best() -> torch.device:
    """Return the device to compute on: the first CUDA GPU where there is one, else the CPU."""
    return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")


def start(seed: int = 0) -> None:
    """Make the notebook ready: choose the device, fix the seed, warm up, say what to expect.

    On a GPU, new tensors and networks are made there without being asked. On the CPU, half of the
    processors compute: with all of them, small networks are slower as soon as anything else
    runs. `seed` is a whole number of at least 0.
    """
    torch.manual_seed(checks.whole_number("seed", seed, low=0))
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // 2))
    device = best()
    if device.type == "cuda":
        torch.set_default_device(device)
    warm_up(device)
    print(describe(device))


def describe(device: torch.device) -> str:
    """Return one line: the device's name and what it means for the lesson."""
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
        return f"GPU: {name}. Training cells will get further in the same time."
    return "CPU: all is well. Every notebook runs from top to bottom in under 3 minutes."


def warm_up(device: torch.device) -> None:
    """Do one tiny optimiser step, so that no later cell waits for torch's late imports (2 s)."""
    layer = torch.nn.Linear(1, 1, device=device)
    layer(torch.zeros(1, 1, device=device)).sum().backward()
    torch.optim.Adam(layer.parameters()).step()


@contextmanager
def one_thread():
    """Compute on one CPU thread inside the `with`: much faster for a single picture."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
