"""Six ways in which one line breaks the game, each with the line that mends it.

The code of a card is text: what is shown is what is run. `python -m gan_lib.failure_cards` plays
the broken games and records them; they ship, so that a lesson begins with the symptom.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import torch as safetensors
from torch import Tensor

from gan_lib import arena, checks, data, failures, files, latent, losses, metrics
from gan_lib.training import LossNotFinite

FILE = Path(__file__).parent / "recordings" / "failure_cards.safetensors"
TURNS, EVERY, SHOWN = 600, 20, 200   # of a game; between two moments; fakes that are seen
BATCH, WIDTH, NEAR = 64, 64, 0.3


@dataclass(frozen=True)
class Card:
    """A broken game. `code` holds a gap, `{}`, for the line `wrong` or the line `right`.

    `cause` is what can be guessed; `hint` is said after a wrong guess, `why` after the right one.
    """

    title: str
    cause: str
    code: str
    wrong: str
    right: str
    hint: str
    why: str

    def text(self, mended: bool) -> str:
        """Return the code of the game as it is run, broken or `mended`."""
        return self.code.strip("\n").replace("{}", self.right if mended else self.wrong)

    @property
    def line(self) -> int:
        """The number of the line that is wrong, from 0 on."""
        both = (self.text(mended).splitlines() for mended in (False, True))
        return next(i for i, (wrong, right) in enumerate(zip(*both)) if wrong != right)

    def play(self, seed: int = 0, mended: bool = False) -> Played:
        """Return the game at its start, with the networks of this seed; `step` plays it."""
        return Played(self, seed, mended)


class Played:
    """A game that is played as its card's code says. `D`, `G` and `steps` as in `training.Game`.

    `losses` are (loss of D, loss of G) of each turn, `judged` (D(x), D(G(z))) on the shown points.
    """

    def __init__(self, card: Card, seed: int, mended: bool):
        checks.whole_number("seed", seed, low=0)
        settings = arena.Settings(seed=seed % 1000)
        players = arena.Arena(settings)
        self.D, self.G, self.steps = players.game.D, players.game.G, 0
        self.losses: list[tuple[float, float]] = []
        self.ring = players.game.samples
        self._real = self.ring.scaled()[:SHOWN]
        self.shown_z = players.shown_z[:SHOWN]
        names = {"D": self.D, "G": self.G, "torch": torch, "bce": losses.bce,
                 "Adam": torch.optim.Adam,
                 "real_points": lambda: self.ring.batch(BATCH, generator=players.game.random),
                 "noise": lambda: players.game.noise(BATCH)}
        exec("def game():\n" + textwrap.indent(card.text(mended), "    "), names)
        self._turns: Iterator[tuple[Tensor, Tensor]] = names["game"]()

    def step(self, turns: int = 1) -> None:
        """Play so many turns. Raises LossNotFinite."""
        for _ in range(turns):
            both = tuple(loss.item() for loss in next(self._turns))
            if not all(map(math.isfinite, both)):
                raise LossNotFinite(f"At turn {self.steps + 1} a loss became {both}: the weights "
                                    "have grown without bound.")
            self.losses.append(both)
            self.steps += 1

    @torch.no_grad()
    def fakes(self) -> Tensor:
        """Return the fakes that are seen: float32 (SHOWN, 2)."""
        return latent.look(self.G, self.shown_z)

    def judged(self) -> tuple[float, float]:
        """Return D(x) of the real points and D(G(z)) of the fakes, on average."""
        return tuple(self.D.probability(x).mean().item() for x in (self._real, self.fakes()))


def quality(fakes: Tensor) -> tuple[int, float]:
    """Return (modes of the ring that are hit, share of the fakes near one) of fakes (N, 2)."""
    centres = data.load("ring").centres.to(fakes.device)
    return metrics.modes_hit(fakes, centres, NEAR), failures.share_near(fakes, centres, NEAR)


# --- the recorded games -------------------------------------------------------------------------

@dataclass(frozen=True, repr=False)
class Film:
    """A game that was played: `fakes` (moments, SHOWN, 2) every `EVERY` turns from turn 0 on,
    `losses` (turns, 2) of D and of G, `judged` (moments, 2): D(x) and D(G(z)). All float32.
    """

    fakes: Tensor
    losses: Tensor
    judged: Tensor


def film(played: Played, turns: int = TURNS) -> Film:
    """Play `turns` turns and return what was to be seen."""
    fakes, judged = [], []
    for turn in range(0, turns + 1, EVERY):
        fakes.append(played.fakes().cpu())
        judged.append(played.judged())
        if turn < turns:
            played.step(EVERY)
    return Film(torch.stack(fakes), torch.tensor(played.losses), torch.tensor(judged))


def record() -> Path:
    """Play the broken game of each card, and store the films in one file."""
    tensors = {f"{title}/{name}": part.half() for title, card in CARDS.items()
               for name, part in vars(film(card.play())).items()}
    return files.write_whole(FILE, safetensors.save(tensors))


@lru_cache
def recorded(title: str) -> Film:
    """Return the film of the broken game of this card. Raises ValueError for another title."""
    checks.one_of("the title of a card", title, CARDS)
    tensors = safetensors.load(FILE.read_bytes())
    return Film(*(tensors[f"{title}/{name}"].float() for name in ("fakes", "losses", "judged")))


# --- the cards ----------------------------------------------------------------------------------

HEAD = """
optimizer_D = Adam(D.parameters(), lr=2e-3, betas=(0.0, 0.99))
optimizer_G = Adam(G.parameters(), lr=2e-3, betas=(0.0, 0.99))
"""
TURN = """
while True:
    real, z = real_points(), noise()
    loss_D = bce(D(real), 1) + bce(D(G(z).detach()), 0)
    optimizer_D.zero_grad()
    loss_D.backward()
    optimizer_D.step()
    loss_G = bce(D(G(z)), 1)
    optimizer_G.zero_grad()
    loss_G.backward()
    optimizer_G.step()
    yield loss_D, loss_G
"""
STRONG = """
optimizer_D = Adam(D.parameters(), lr=2e-3, betas=(0.0, 0.99))
optimizer_G = Adam(G.parameters(), lr=2e-3, betas=(0.0, 0.99), eps=1e-2)
for turn in range(300):  # D alone
    loss_D = bce(D(real_points()), 1) + bce(D(G(noise()).detach()), 0)
    optimizer_D.zero_grad()
    loss_D.backward()
    optimizer_D.step()
"""
ONE_PASS = HEAD + """
while True:
    real, z = real_points(), noise()
    optimizer_G.zero_grad()
    fake = G(z)  # once, for both players
    for _ in range(2):
        loss_D = bce(D(real), 1) + bce(D({}), 0)
        optimizer_D.zero_grad()
        loss_D.backward(retain_graph=True)
        optimizer_D.step()
    loss_G = bce(D(fake), 1)
    loss_G.backward()
    optimizer_G.step()
    yield loss_D, loss_G
"""
TWICE = """
def judge(x):
    return {}

optimizer_D = Adam(D.parameters(), lr=2e-3, betas=(0.0, 0.99))
optimizer_G = Adam(G.parameters(), lr=2e-3, betas=(0.0, 0.99), eps=1e-2)
""" + TURN.replace("D(real)", "judge(real)").replace("D(G(z)", "judge(G(z)")

CARDS = {card.title: card for card in (
    Card("Nothing moves", "D is far too strong, and G has the minimax loss",
         STRONG + TURN.replace("bce(D(G(z)), 1)", "{}"),
         "-bce(D(G(z)), 0)", "bce(D(G(z)), 1)",
         "Look at D(x) and D(G(z)): D is sure of everything. Which loss has no slope there?",
         "D had 300 turns alone and is sure that every fake is one. There the minimax loss is "
         "flat, so G gets hardly any gradient. (eps=1e-2 keeps Adam from enlarging it.) The "
         "non-saturating loss is steep just there."),
    Card("Half the ring", "detach is missing in D's loss", ONE_PASS,
         "fake", "fake.detach()",
         "Half of the modes stay empty, and D finds the fakes easily. Who pulls G away from D?",
         "Without detach, the gradient of D's loss flows on into G and is added to G's own, twice "
         "in each turn: it tells G to help D. The two pull in opposite directions."),
    Card("Great leaps", "the learning rate is ten times too high",
         "lr = {}\n" + HEAD.lstrip("\n").replace("2e-3", "lr") + TURN.lstrip("\n"),
         "3e-2", "3e-3",
         "The losses jump up and down. What makes every step too long?",
         "Each step goes far beyond the place that the gradient points to, for both players. D's "
         "answer is out of date before G has used it."),
    Card("Too helpful", "G's weights are in D's optimizer, too",
         HEAD.replace("Adam(D.parameters()", "Adam({}") + TURN.replace(".detach()", ""),
         "[*D.parameters(), *G.parameters()]", "D.parameters()",
         "Few modes are hit, and D finds the fakes easily. Who moves in D's half-step?",
         "D's optimizer moves G as well: in D's half-step G steps so that D can tell the fakes "
         "more easily. G is not frozen there. Print |ΔG| after D's half-step: it is not 0."),
    Card("A floor under the loss", "the sigmoid is taken twice", TWICE,
         "torch.sigmoid(D(x))", "D(x)",
         "D's loss never falls below 1. What numbers does bce get, and what does it expect?",
         "D's logits go through a sigmoid, and bce takes another one: it knows only "
         "probabilities from 0.5 to 0.73. So the loss of D cannot fall below 0.31 + 0.69 = 1.0, "
         "and the gradient of the first sigmoid vanishes where D is sure. (eps=1e-2 keeps Adam "
         "from hiding that.)"),
    Card("Wandering", "both players have momentum",
         "betas = ({}, 0.99)\n" + HEAD.lstrip("\n").replace("(0.0, 0.99)", "betas")
         + TURN.lstrip("\n"),
         "0.9", "0.0",
         "The fakes move as one heap, from mode to mode. What keeps a step going after its reason "
         "has gone?",
         "With momentum a step goes partly in the direction of the steps before. The other player "
         "has moved on meanwhile, so both run after an old answer: all fakes sit in one heap that "
         "wanders (mode collapse)."),
)}


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    print(record())
