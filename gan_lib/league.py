"""The class league: every pair's D against every pair's G.

A detector should be tested on generators that it never met: Wang et al., "CNN-Generated Images Are
Surprisingly Easy to Spot... for Now", 2020. The files come from students: nothing in them is ever
run, they are looked at before they are read, and what is broken is named and left out.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_lib import checkpoints, checks, detecting, models

GENERATORS = ("ConvGenerator", "FullyConnectedGenerator")
DISCRIMINATORS = ("ConvDiscriminator", "FullyConnectedDiscriminator")
MOST_PAIRS, MOST_FILES = 40, 80          # of a folder
MOST_BYTES = 20 * 10**6                  # of a file
MOST_HEADER = 10**5                      # bytes: to parse lists of lists takes 100 times the memory
LARGEST = 1024                           # of a number on a card: larger networks find no room
MOST_ARGUMENTS = 12                      # on a card: no network has more
LONGEST = 300                            # signs of a sentence on a file: a card may hold anything
FAKES = 200                              # of each G, that every D judges
PAIR = r"\w[\w -]{0,39}"                 # a pair's name
SUFFIX = ".safetensors"


@dataclass
class Pair:
    """A pair's networks; one of them may be missing."""

    D: nn.Module | None = None
    G: nn.Module | None = None


@dataclass(frozen=True, repr=False)
class Table:
    """`hits` (Ds, Gs): the share of each G's fakes that each D calls fake. `false_alarms` (Ds,):
    the share of real pictures that it calls fake. `D` and `G` are the names of the rows and the
    columns.
    """

    D: list[str]
    G: list[str]
    hits: Tensor
    false_alarms: Tensor

    def home(self, name: str) -> float | None:
        """Return the share of hits of this pair's D on its own G; None if it has no G."""
        return self._mean(name, [G == name for G in self.G])

    def away(self, name: str) -> float | None:
        """Return its mean share of hits on all other Gs; None if there are none."""
        return self._mean(name, [G != name for G in self.G])

    def _mean(self, name: str, chosen: list[bool]) -> float | None:
        row = self.hits[self.D.index(name)][torch.tensor(chosen, dtype=torch.bool)]
        return row.mean().item() if len(row) else None


def enter(folder: str | Path, pair: str, D: nn.Module, D_arguments: dict, G: nn.Module,
          G_arguments: dict) -> tuple[Path, Path]:
    """Write a pair's D and G into two files of the folder, which is made if it is not there.

    The arguments are those with which the networks were made. Raises ValueError for a name that is
    no word or two and for arguments that do not fit, TypeError for other networks, OSError.
    """
    if not isinstance(pair, str) or not re.fullmatch(PAIR, pair):
        raise ValueError("A pair's name is a word or two, of letters, digits, spaces, - and _, but "
                         f"it is {str(pair)[:40]!r}.")
    for name, network, kinds in (("D", D, DISCRIMINATORS), ("G", G, GENERATORS)):
        if type(network).__name__ not in kinds:
            raise TypeError(f"{name} must be one of {', '.join(kinds)}, but it is "
                            f"{type(network).__name__}.")
    Path(folder).mkdir(parents=True, exist_ok=True)
    return (checkpoints.save(f"{pair} D", D, D_arguments, folder=folder),
            checkpoints.save(f"{pair} G", G, G_arguments, folder=folder))


def read(folder: str | Path, channels: int, size: int) -> tuple[dict[str, Pair], list[str]]:
    """Read the files of all pairs: ({pair: its networks}, a sentence on each file left out).

    All must play with pictures of `channels` x `size` x `size`. Of more files than a league can
    hold, the first ones are looked at. Raises FileNotFoundError if there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}. Put the pairs' files there.")
    pairs: dict[str, Pair] = {}
    left_out = []
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    for path in paths[:MOST_FILES]:
        try:
            pair, player = _whose(path)
            if pair not in pairs and len(pairs) == MOST_PAIRS:
                raise ValueError(f"a league has at most {MOST_PAIRS} pairs")
            network = _network(path, player, (channels, size, size))
            setattr(pairs.setdefault(pair, Pair()), player, network)
        except (ValueError, TypeError, OSError, RuntimeError) as problem:
            left_out.append(_sentence(path, problem))
    for path in paths[MOST_FILES:MOST_FILES + 1]:
        left_out.append(f"Left out: {len(paths) - MOST_FILES} files more, from "
                        f"{_readable(path.name)} on: a league has at most {MOST_FILES}.")
    return pairs, left_out


def table(pairs: dict[str, Pair], real: Tensor, n: int = FAKES, seed: int = 0) -> Table:
    """Let every D judge n fakes of every G, the same for all, and the real pictures (N, C, H, W).

    Raises ValueError if there is no D or no G.
    """
    checks.counts(n=n)
    Ds = {name: pair.D for name, pair in pairs.items() if pair.D is not None}
    Gs = {name: pair.G for name, pair in pairs.items() if pair.G is not None}
    if not Ds or not Gs:
        raise ValueError("A league needs at least one D and one G, but there are "
                         f"{len(Ds)} and {len(Gs)}.")
    fakes = [detecting.fakes_of(G, n, seed) for G in Gs.values()]

    def share(D, x):
        return detecting.says_fake(D, x).float().mean().item()
    hits = torch.tensor([[share(D, x) for x in fakes] for D in Ds.values()], device="cpu")
    alarms = torch.tensor([share(D, real) for D in Ds.values()], device="cpu")
    return Table(list(Ds), list(Gs), hits, alarms)


def _whose(path: Path) -> tuple[str, str]:
    """Return (pair, "D" or "G") of a file that may be read. Raises ValueError, OSError."""
    found = re.fullmatch(rf"({PAIR}) ([DG])", path.name.removesuffix(SUFFIX))
    if found is None:
        raise ValueError("its name must be that of a pair, then D or G")
    about = os.lstat(path)
    if not stat.S_ISREG(about.st_mode):
        raise ValueError("it must be a file, but it is a folder, a link or a device")
    if about.st_size > MOST_BYTES:
        raise ValueError(f"it has {about.st_size:,} bytes, but at most {MOST_BYTES:,} are read")
    with open(path, "rb") as file:
        header = int.from_bytes(file.read(8), "little")
    if header > MOST_HEADER:
        raise ValueError(f"its header has {header:,} bytes, but at most {MOST_HEADER:,} are read")
    return found[1], found[2]


def _network(path: Path, player: str, shape: tuple[int, int, int]) -> nn.Module:
    """Return the network of a file. Its card is looked at before anything is built."""
    name = path.name.removesuffix(SUFFIX)
    card = checkpoints.card(name, path.parent)
    kinds = {"D": DISCRIMINATORS, "G": GENERATORS}[player]
    if card.get("network") not in kinds:
        raise ValueError(f"it must hold one of {', '.join(kinds)}")
    arguments = card.get("arguments")
    if (not isinstance(arguments, dict) or len(arguments) > MOST_ARGUMENTS
            or not all(map(_small, arguments.values()))):
        raise ValueError(f"the arguments on its card must be numbers up to {LARGEST} or words")
    if arguments.get("size", 16) not in models.SIZES:
        raise ValueError("the size on its card is none that the course knows")
    network = checkpoints.load(name, path.parent)
    if getattr(network, "classes", 0):
        raise ValueError("it wants to be told a class, and nobody tells it one here")
    own = network.sample_shape if player == "D" else tuple(
        detecting.fakes_of(network, 1).shape[1:])
    if tuple(own) != shape:
        raise ValueError(f"it plays with pictures {tuple(own)}, but this league with {shape}")
    _refuse_what_is_no_number(network, player, shape)
    return network


@torch.no_grad()
def _refuse_what_is_no_number(network: nn.Module, player: str, shape: tuple) -> None:
    """Try the network: finite weights can still give NaN, which would spoil everybody's table."""
    if player == "G":
        checks.samples("what it makes", detecting.fakes_of(network, FAKES))
        return
    grey = torch.zeros(1, *shape, device=next(network.parameters()).device)
    checks.samples("what it says of a grey picture", network.probability(grey), (1,))


def _sentence(path: Path, problem: Exception) -> str:
    said = _readable(str(problem).rstrip("."))
    said = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
    return f"Left out: {_readable(path.name)}: {said}."


def _readable(text: str) -> str:
    """Return the text as a page can show it: names of files need not be valid Unicode."""
    return text.encode("utf-8", "backslashreplace").decode()


def _small(value) -> bool:
    return (isinstance(value, str) and len(value) < 40
            or isinstance(value, (bool, int)) and 0 <= value <= LARGEST)
