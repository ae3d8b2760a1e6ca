"""A generator that forgot two skin tones: how it was trained, and the same with five seeds."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from gan_lib import bias, checkpoints, conditioning, data, detecting, metrics
from gan_lib.recipes.generators import GeneratorRecipe

SEEDS, ASKED, RESTORED = 5, 1000, 24  # runs; fakes behind each share; faces to be restored


@dataclass(frozen=True)
class ThinnedRecipe(GeneratorRecipe):
    """How the generator called `start` learnt on from faces of which some `tones` were thinned."""

    start: str = "faces"
    tones: tuple[str, ...] = ("brown", "dark")
    one_in: int = 50
    ahead: int = bias.AHEAD

    def make(self, seed: int = 0):
        """Train with five seeds, with even and with thinned data; return the first thinned G."""
        runs = {number: self.pupils(number) for number in range(seed, seed + SEEDS)}
        scores = {number: self.measured(pair) for number, pair in runs.items()}
        G = runs[seed]["thin"]
        even = self.real(seed)
        arguments = {**self.generator, **self.shared(even)}
        return G, {"data": f"{even!r}; of {' and '.join(self.tones)} skin, 1 of {self.one_in} "
                           "stays",
                   "start": self.start, "ahead": self.ahead, "game": self.game,
                   "discriminator": self.discriminator, "arguments": arguments,
                   "after": self.after, "scored_by": self.classifier,
                   "scores": scores[seed],
                   "five_seeds": [{"seed": number, **found} for number, found in scores.items()]}

    def has_tone(self, skin: torch.Tensor) -> torch.Tensor:
        """Return of which answers to "skin", int64 (N,), the tone is one of those: bool (N,)."""
        tones = [conditioning.ANSWERS["skin"].index(tone) for tone in self.tones]
        return torch.isin(skin, torch.tensor(tones, device=skin.device))

    def pupils(self, seed: int) -> dict:
        """Return {"even": G, "thin": G}, that learnt on from all faces and from those that stay."""
        even = self.real(10)
        has_tone = self.has_tone(even.attributes["skin"])
        thin = even.take(bias.thinned(has_tone.long(), 1, self.one_in))
        G = checkpoints.load(self.start)
        return {name: bias.learn_on(G, faces, self.steps, self.ahead, seed)
                for name, faces in (("even", even), ("thin", thin))}

    def measured(self, pair: dict) -> dict[str, float]:
        """Return of both generators the tones' share of the fakes, and how they are restored."""
        held = data.load(self.data, self.size, n=400, seed=20)
        skin = held.attributes["skin"]
        chosen = self.has_tone(skin).nonzero().squeeze(1)[:RESTORED]
        x, judge, found = held.scaled(chosen), checkpoints.load(self.classifier), {}
        for name, G in pair.items():
            seen = metrics.probabilities(judge, detecting.fakes_of(G, ASKED, seed=11), "skin")
            back = bias.restored(G, bias.coarse(x))
            tones = metrics.probabilities(judge, back, "skin").argmax(1)
            found |= {f"share_{name}": self.has_tone(seen.argmax(1)).float().mean().item(),
                      f"right_{name}": (tones == skin[chosen]).float().mean().item(),
                      f"brighter_{name}": bias.brighter(back, x).mean().item()}
        return {key: round(value, 4) for key, value in found.items()}


RECIPES = {
    "faces_few_dark": ThinnedRecipe(
        "faces", 32, "faces_classifier", "skin", steps=bias.TURNS, samples=6000,
        generator={"z_dim": 32}, discriminator={}, game=bias.GAME,
        after="Learnt on, as for the debate on Menon et al., 2020 (PULSE)."),
}
