"""A hundred digits, with and without augmentation: what it changes, with three seeds each."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from gan_lib import augmenting, checkpoints, data, latent, metrics, models, training
from gan_lib.recipes.generators import GeneratorRecipe

AFTER = "Zhao et al., 2020: {} of their changes, see augmenting.py."
SEEDS, JUDGED = 3, 1000  # games; fakes, and held-out digits, behind the scores


@dataclass(frozen=True)
class FewPicturesRecipe(GeneratorRecipe):
    """How a generator was trained on `few` pictures. D sees them after changes of these `kinds`."""

    few: int = 100
    kinds: tuple[str, ...] = ()

    def make(self, seed: int = 0) -> tuple[models.Generator, dict]:
        """Train with three seeds; return the first G, and the scores of all."""
        games = {number: self.play(number) for number in range(seed, seed + SEEDS)}
        runs = [{"seed": number, **self.judged(game, number)} for number, game in games.items()]
        train, _ = self.pictures(seed)
        return games[seed].average, {
            "seed": seed, "data": f"{train!r}", "steps": self.steps, "kinds": list(self.kinds),
            "discriminator": self.discriminator, "game": self.game, "after": self.after,
            "arguments": {**self.generator, **self.shared(train)}, "runs": runs,
            "scored_by": f"{self.classifier}, which looks at {self.judge_size()} px",
            "scores": {key: value for key, value in runs[0].items() if key != "seed"}}

    def pictures(self, seed: int = 0) -> tuple[data.Images, data.Images]:
        """Return the few pictures of this seed, and all the others: they are held out."""
        every = data.load(self.data, self.size)
        order = data.shuffled(len(every), seed).to(every.device)
        return every.take(order[:self.few]), every.take(order[self.few:])

    def play(self, seed: int) -> training.Game:
        """Play the game of this seed to its end."""
        train, _ = self.pictures(seed)
        torch.manual_seed(seed)
        D = models.ConvDiscriminator(**self.discriminator, **self.shared(train))
        G = models.ConvGenerator(**self.generator, **self.shared(train))
        changes = [augmenting.AUGMENTATIONS[kind] for kind in self.kinds]
        game = self.new_game(augmenting.Augmented(D, changes), G, train, seed)
        game.play(steps=self.steps, progress=False)
        return game

    def judged(self, game: training.Game, seed: int) -> dict[str, float]:
        """Return the scores of a game that is over, against the digits that were held out."""
        train, rest = self.pictures(seed)
        held_out = rest.scaled()[:JUDGED]
        fakes = game.fakes(latent.draw(JUDGED, game.G.z_dim, seed=1, device=train.device))
        found = metrics.scores(checkpoints.load(self.classifier), held_out, fakes, self.question)
        known = augmenting.neighbours(train.scaled())
        distance = [metrics.nearest(x, known)[1] for x in (fakes, held_out)]
        judged = {"D_train": train.scaled(), "D_held_out": held_out, "D_fake": fakes}
        seen = {name: game.D.probability(x).mean().item() for name, x in judged.items()}
        print(seed, found, flush=True)
        return {key: round(value, 4) for key, value in {
            **found, "share_nearer": augmenting.share_nearer(*distance), **seen}.items()}


def _on_digits(kinds: tuple[str, ...], after: str) -> FewPicturesRecipe:
    return FewPicturesRecipe(
        "digits", 16, "digits16_classifier", "digit", steps=2_000, kinds=kinds, after=after,
        generator={"z_dim": 16, "width": 16}, discriminator={"width": 16}, game={})


RECIPES = {
    "few_plain": _on_digits((), "The course's own recipe, on 100 digits."),
    "few_shifted": _on_digits(("shift",), AFTER.format("one")),
    "few_augmented": _on_digits(("shift", "cutout"), AFTER.format("two")),
}
