"""Which machine was measured, and whether it was quiet: all other figures hang on it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator

from bench.report import Figure
from tools.notebook_files import ROOT

TITLE = "The machine"
KEYS = ("machine_processor", "machine_cores", "machine_instructions", "bfloat16_instructions",
        "machine_system", "machine_python", "machine_torch", "machine_gpu", "machine_threads",
        "machine_load")
# Each under the names that torch and Linux give it; those of ARM come last.
INSTRUCTIONS = {"avx2": {"avx2"}, "avx512": {"avx512_f", "avx512f"},
                "avx512_bf16": {"avx512_bf16"}, "amx_bf16": {"amx_bf16"},
                "neon": {"neon", "asimd"}, "sve": {"sve"}, "bf16": {"bf16"}}
QUIET = 0.5  # processes that want to compute, on average over the last minute


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS."""
    load = load_average()
    torch_says = facts_in_a_process_of_their_own()
    yield Figure("machine_processor", torch_says["processor"])
    yield Figure("machine_cores", os.cpu_count())
    yield Figure("machine_instructions", torch_says["instructions"])
    yield Figure("bfloat16_instructions", torch_says["bfloat16"],
                 note="of the device that the lesson computes on")
    yield Figure("machine_system", platform.platform(terse=True))
    yield Figure("machine_python", platform.python_version())
    yield Figure("machine_torch", torch_says["torch"])
    yield Figure("machine_gpu", torch_says["gpu"],
                 note="" if torch_says["gpu"] else "torch finds no CUDA GPU")
    yield Figure("machine_threads", torch_says["threads"], note="of a lesson")
    yield load


def load_average() -> Figure:
    """Return the load of the last minute; the note warns if the machine is not quiet."""
    if not hasattr(os, "getloadavg"):
        return Figure("machine_load", None, note="this system does not tell its load")
    load = os.getloadavg()[0]
    warning = f"NOT QUIET (above {QUIET}): times below may be too long" if load > QUIET else ""
    return Figure("machine_load", load, note=warning)


def facts_in_a_process_of_their_own() -> dict:
    """Return what torch knows. This process stays without torch.

    Memory that two processes share is nobody's private memory: if the bench had loaded torch, a
    kernel would seem to need less.
    """
    script = "import json; from bench import machine; print(json.dumps(machine.torch_facts()))"
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": paths},
                         check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(ran.stdout)


def torch_facts() -> dict:
    """Return the processor, its instructions, torch's version, the GPU and the threads."""
    import torch

    from gan_lib import device

    found = device.processor_instructions()
    best = device.best()
    return {
        "processor": device.processor_name(),
        "instructions": " ".join(name for name, names in INSTRUCTIONS.items() if names & found)
                        or "unknown",
        "bfloat16": device.has_bfloat16(best),
        "torch": torch.__version__,
        "gpu": torch.cuda.get_device_name(best) if best.type == "cuda" else None,
        "threads": device.lesson_threads(),
    }
