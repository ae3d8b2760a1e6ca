"""Interrupts the loop of notebook 04 at random moments, with real signals of another process.

    python tests/interrupted_loop.py TRIES KIND

KIND is "bar" (the notebook's cell as it is) or "plain" (the same cell with `range` in place of
the bar, as a student writes it). Prints one line of JSON: how many tries ended how.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter

import torch

from notebook_shell import Shell
from tools.notebook_files import NOTEBOOKS, code_cells, read, solved

# It gets the seconds to wait, sends one interrupt, and says so.
SENDER = """
import os, signal, sys, time
for line in sys.stdin:
    time.sleep(float(line))
    os.kill(int(sys.argv[1]), signal.SIGINT)
    print("sent", flush=True)
"""
# From the first turn on an interrupt may come. What follows the loop is left out.
BEGIN = "    turn or begin()\n"
ONE_MORE_TURN = ("discriminator_step(D, G, ring.batch(128), noise(), optimizer_D)\n"
                 "generator_step(D, G, noise(), optimizer_G)")
LOOP, END = "for turn in progress.bar(steps=300):\n", "\n\nfakes = "


def the_loop(nb, kind: str):
    """Return the cell with the student's own loop, without its figure."""
    cell, = [cell for cell in code_cells(nb) if LOOP in cell.source]
    source = cell.source.partition(END)[0]
    assert source != cell.source
    loop = LOOP if kind == "bar" else "for turn in range(300):\n"
    cell.source = source.replace(LOOP, loop + BEGIN)
    return cell


def problem(shell, error) -> str | None:
    """Return what is wrong after an interrupt, or None; the next try has gradients again."""
    if error is not None and not isinstance(error, KeyboardInterrupt):
        return repr(error)
    names = shell.names
    networks = [names[name] for name in ("D", "G") if name in names]
    if not torch.is_grad_enabled():
        torch.set_grad_enabled(True)
        return "gradients stayed off"
    if not all(weight.requires_grad for network in networks for weight in network.parameters()):
        return "a network stayed frozen"
    try:
        exec(ONE_MORE_TURN, names)
    except Exception as error:
        return f"the next turn: {error!r}"
    return None


def main(tries: int, kind: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has none
    nb = solved(read(NOTEBOOKS[3]))
    loop, shell = the_loop(nb, kind), Shell()
    before = code_cells(nb)[:code_cells(nb).index(loop)]
    for cell in before:
        if error := shell.run(cell).error:
            raise error
    sender = subprocess.Popen([sys.executable, "-c", SENDER, str(os.getpid())], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    moments, ended = random.Random(0), Counter()

    def begin():
        sender.stdin.write(f"{0.001 + 0.02 * moments.random()}\n")
        sender.stdin.flush()

    shell.names["begin"] = begin
    for _ in range(tries):
        result = shell.run(loop)
        try:
            sender.stdout.readline()  # a late one comes here
        except KeyboardInterrupt:
            sender.stdout.readline()
        how = problem(shell, result.error)
        ended[how or ("an interrupt" if result.error else "quietly")] += 1
    sender.stdin.close()
    sender.wait()
    print(json.dumps(ended))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
