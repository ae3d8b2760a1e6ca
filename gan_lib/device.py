"""The device and the seed that a lesson runs with."""

from __future__ import annotations

import os
import platform
from contextlib import contextmanager
from pathlib import Path

import torch
from IPython import get_ipython

from gan_lib import checks

CPUINFO = Path("/proc/cpuinfo")


def best() -> torch.device:
    """Return the device to compute on: the first CUDA GPU where there is one, else the CPU."""
    return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")


def chosen(device) -> torch.device:
    """Return `device`, or the best one if it is None. Raises ValueError if it is not there."""
    try:
        return torch.empty(0, device=best() if device is None else device).device
    except (RuntimeError, AssertionError, TypeError) as error:
        raise ValueError(f"There is no device {device!r} here: use None or 'cpu'.") from error


def start(seed: int = 0) -> None:
    """Make the notebook ready: choose the device, fix the seed, warm up, say what to expect.

    On a GPU, new tensors and networks are made there without being asked. On the CPU, half of the
    processors compute: with all of them, small networks are slower as soon as anything else
    runs. `seed` is a whole number of at least 0.
    """
    torch.manual_seed(checks.whole_number("seed", seed, low=0))
    torch.set_num_threads(lesson_threads())
    device = best()
    if device.type == "cuda":
        torch.set_default_device(device)
    warm_up(device)
    if get_ipython() is not None:
        get_ipython().events.register("post_run_cell", gradients_on_after_interrupt)
    print(describe(device))


def gradients_on_after_interrupt(result) -> None:
    """Switch gradients on again if an interrupt ended the cell between torch's off and on."""
    if isinstance(result.error_in_exec, KeyboardInterrupt):
        torch.set_grad_enabled(True)


def lesson_threads() -> int:
    """Return the number of CPU threads that a lesson computes with: half of the processors."""
    return max(1, (os.cpu_count() or 1) // 2)


def has_bfloat16(device: torch.device) -> bool:
    """Return whether `device` computes in bfloat16 by instructions of its own.

    Only then is bfloat16 faster than float32; elsewhere it is emulated and slower. A CUDA GPU has
    them from compute capability 8 on (Ampere); a CPU if it names avx512_bf16, amx_bf16 (x86) or
    bf16 (ARM) and torch has oneDNN, which uses them. Where nothing can be found out: False.
    """
    if device.type == "cuda":
        capability, _ = torch.cuda.get_device_capability(device)
        return capability >= 8 and torch.cuda.is_bf16_supported()
    if device.type != "cpu" or not torch.backends.mkldnn.is_available():
        return False
    return not processor_instructions().isdisjoint({"avx512_bf16", "amx_bf16", "bf16"})


def processor_instructions() -> set[str]:
    """Return the names of the CPU's instruction sets, such as "avx2"; none if they are unknown."""
    if hasattr(torch.cpu, "get_capabilities"):  # older versions of torch do not have it
        return {name for name, there in torch.cpu.get_capabilities().items() if there is True}
    if not CPUINFO.is_file():  # only Linux has it
        return set()
    lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    found = [line.partition(":")[2] for line in lines if line.startswith(("flags", "Features"))]
    return set(found[0].split()) if found else set()


def processor_name() -> str:
    """Return the processor's name as the system gives it."""
    if CPUINFO.is_file():
        for line in CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


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
def threads(n: int):
    """Compute with `n` CPU threads inside the `with`. One is much faster for a single picture."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)
