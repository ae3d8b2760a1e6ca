"""Real interrupts at random moments, in this process's loop and in real kernels.

A hundred in the loop and four double presses here; `make test-interrupts` tries 2,000 and 24.
"""

import json
import os
import random
import subprocess
import sys
import threading

import pytest
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

from tools.notebook_files import ROOT

INTERRUPTS = int(os.environ.get("INTERRUPTS", 100))
DOUBLE_PRESSES = int(os.environ.get("DOUBLE_PRESSES", 4))

GAME = """
import torch
from gan_lib import data, device, models, training
from gan_lib.widgets import live
device.start()
digits = data.load("digits")
"""
PLAY = """
history = None
game = training.Game(models.ConvDiscriminator(width=8), models.ConvGenerator(8, width=8), digits)
print("begins", flush=True)
history = game.play(seconds=60, watch=live.Live())
print("goes on")
"""
LOOK = """
assert history is game.history and len(history) == game.steps > 0
assert torch.is_grad_enabled()
assert all(weight.requires_grad for network in (game.D, game.G) for weight in network.parameters())
game.play(steps=1, progress=False)
"""


def interrupted(kind: str) -> dict[str, int]:
    """Return how often the loop of notebook 04 ended how."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
                   "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "interrupted_loop.py"), str(INTERRUPTS), kind],
        cwd=ROOT / "notebooks", env=environment, check=True, text=True, capture_output=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(os.name == "nt", reason="the signals of this test are not those of Windows")
def test_the_students_own_loop_ends_quietly_whatever_the_moment():
    assert interrupted("bar") == {"quietly": INTERRUPTS}


@pytest.mark.skipif(os.name == "nt", reason="the signals of this test are not those of Windows")
def test_a_loop_without_a_bar_leaves_nothing_frozen_and_no_gradient_off():
    # What torch itself does in several lines can be cut in two: an Adam that was just making its
    # first state stops with KeyError at the next step. The cell makes it anew.
    allowed = {"an interrupt", "the next turn: KeyError('exp_avg')",
               "the next turn: KeyError('exp_avg_sq')"}
    assert set(interrupted("plain")) <= allowed


# --- real kernels -------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def kernel():
    manager = KernelManager(kernel_name="python3",
                            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    manager.start_kernel(cwd=str(ROOT / "notebooks"), extra_arguments=["--log-level=ERROR"])
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    assert run((manager, client), GAME)[1] is None
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def run(kernel, code: str, presses=()) -> tuple[str, dict | None]:
    """Run a cell; press ■ at each of `presses`, in seconds after it has printed "begins".

    Returns what it printed, and the message of its error if it ended with one.
    """
    manager, client = kernel
    sent, printed, error, timers = client.execute(code), "", None, []
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") != sent:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            printed += content["text"]
            if "begins" in printed and not timers:
                timers = [threading.Timer(moment, manager.interrupt_kernel) for moment in presses]
                for timer in timers:
                    timer.start()
        elif kind == "error":
            error = content
        elif kind == "status" and content["execution_state"] == "idle":
            for timer in timers:
                timer.join()
            return printed, error


def expect_quiet(kernel, code: str, presses) -> str:
    printed, error = run(kernel, code, presses)
    assert error is None, f"{error['ename']}: {error['evalue']} after presses at {presses}"
    assert "Stopped after step" in printed and "goes on" in printed, printed
    return printed


@pytest.mark.parametrize("number", range(DOUBLE_PRESSES))
def test_a_game_that_is_stopped_by_many_presses_ends_quietly_and_keeps_its_history(kernel, number):
    moments = random.Random(number)
    first = 0.3 + 1.5 * moments.random()
    gaps = [0.15 * moments.random() for _ in range(1 + number % 3)]
    expect_quiet(kernel, PLAY, [first, *(first + sum(gaps[:n + 1]) for n in range(len(gaps)))])
    assert run(kernel, LOOK) == ("", None)


def test_a_loop_of_its_own_is_stopped_and_the_cell_and_the_next_one_go_on(kernel):
    loop = ("from gan_lib import progress\nprint('begins', flush=True)\n"
            "import time\nfor step in progress.bar(seconds=60):\n    time.sleep(0.001)\n"
            "time.sleep(0.5)\nprint('goes on')")
    printed = expect_quiet(kernel, loop, [0.5, 0.55, 0.6, 0.7])
    assert printed.count("Stopped") == 1
    assert run(kernel, "print(step > 0)") == ("True\n", None)
    printed, error = run(kernel, "import time\nprint('begins', flush=True)\ntime.sleep(60)", [0.2])
    assert error["ename"] == "KeyboardInterrupt"  # no loop: as always
