"""Kill a process while it saves, again and again: python tests/killed_saves.py KIND TRIES FOLDER.

KIND is "network" or "game". Prints one line of JSON: how many kills fell into a write, how many
left a file that cannot be loaded, or one in which card and weights are of two savings, and which
files there are after one more saving.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import torch

from gan_lib import checkpoints, data, models, training

ARGUMENTS = {"z_dim": 4, "width": 16}


def network_of(value):
    G = models.FullyConnectedGenerator(**ARGUMENTS)
    with torch.no_grad():
        for parameter in G.parameters():
            parameter.fill_(value)
    return G


def game():
    return training.Game(models.PointDiscriminator(32), models.PointGenerator(2, 32),
                         data.load("ring", n=100, device="cpu"), batch_size=4)


class Networks:
    """Saves networks whose weights all are the number on their card."""

    def __init__(self, folder):
        self.folder = folder
        self.networks = [network_of(value) for value in (1.0, 2.0)]

    def save(self, turn):
        value = turn % 2
        checkpoints.save("net", self.networks[value], ARGUMENTS, {"value": value + 1}, self.folder)

    def fits(self):
        found = checkpoints.load("net", self.folder)
        values = torch.cat([parameter.flatten() for parameter in found.parameters()])
        return (values == checkpoints.card("net", self.folder)["value"]).all().item()


class Games:
    """Saves games whose weights all are the number of steps they played."""

    def __init__(self, folder):
        self.path = folder / "game"
        self.games = [game(), game()]
        for steps, one in enumerate(self.games, start=1):
            one.play(steps=steps, progress=False)
            with torch.no_grad():
                for network in (one.D, one.G, one.average):
                    for parameter in network.parameters():
                        parameter.fill_(steps)
        self.empty = game()

    def save(self, turn):
        checkpoints.save_game(self.games[turn % 2], self.path)

    def fits(self):
        found = checkpoints.load_game(self.empty, self.path)
        return all((value == found.steps).all().item() for network in (found.D, found.G)
                   for value in network.parameters())


def save_until_killed(saver):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sync, turn = os.fsync, 0
    # A slow disk: where files lie in memory, few kills would fall into a write.
    os.fsync = lambda file: (sync(file), time.sleep(0.01))
    while True:
        saver.save(turn := turn + 1)


def main(kind, tries, folder):
    folder = Path(folder)
    saver = {"network": Networks, "game": Games}[kind](folder)
    saver.save(0)
    whole = {path.name for path in folder.iterdir()}
    found = Counter(tries=0, fell_into_a_write=0, not_loaded=0, mixed=0)
    chance = random.Random(0)
    for _ in range(tries):
        child = os.fork()
        if child == 0:
            save_until_killed(saver)
        time.sleep(chance.uniform(0.005, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found["tries"] += 1
        found["fell_into_a_write"] += {path.name for path in folder.iterdir()} != whole
        try:
            found["mixed"] += not saver.fits()
        except (OSError, ValueError, RuntimeError):
            found["not_loaded"] += 1
        saver.save(0)
    print(json.dumps({**found, "left": sorted({p.name for p in folder.iterdir()} - whole)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
