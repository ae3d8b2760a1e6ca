"""A game whose settings change while it plays, and which can be played in slow motion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from gan_lib import checks, losses, training
from gan_lib import wasserstein as wasserstein_game

SECOND_BETA = 0.99  # of Adam, as in the course's recipe


class Game(training.Game):
    """The alternating game of `training`; where `wasserstein` is set, the Wasserstein game."""

    wasserstein = False

    def _move_D(self, D, G, real: Tensor, z: Tensor, r1: float) -> tuple[Tensor, Tensor, Tensor]:
        if self.wasserstein:
            return wasserstein_game.critic_step(D, G, real, z, self.optimizer_D,
                                                random=self.random)
        return super()._move_D(D, G, real, z, r1)


class LiveGame:
    """A `game` with `settings` (`choices.Chosen`) that change while it plays.

    A subclass says in `networks` with which D and G it begins, in `new_game` what they play, and
    in `SIZES` which settings make it begin anew. Its settings have `loss`, `lr_D`, `lr_G`,
    `d_steps`, `r1`, `momentum` and `seed`.
    """

    SIZES: tuple[str, ...] = ()
    game: Game

    def __init__(self, settings):
        self.settings = settings
        self.reset()

    def networks(self) -> tuple[nn.Module, nn.Module]:
        """Return an untrained D and an untrained G, of the sizes that are set."""
        raise NotImplementedError

    def new_game(self, D: nn.Module, G: nn.Module) -> Game:
        """Return a new game of these networks."""
        raise NotImplementedError

    def reset(self) -> None:
        """Begin again with the untrained networks of this seed."""
        with torch.random.fork_rng(), torch.device("cpu"):
            torch.manual_seed(self.settings.seed)
            D, G = self.networks()
        self.game = self.new_game(D, G)
        self.take(self.settings)

    def refuse(self, settings) -> None:
        """Raise ValueError if the game cannot be played with `settings`."""

    def change(self, **new) -> None:
        """Change settings while the game plays. New sizes or a new seed begin it anew.

        Raises TypeError or ValueError for a value that is no choice; everything stays as it was
        then.
        """
        settings = replace(self.settings, **new)
        self.refuse(settings)
        anew = any(getattr(settings, name) != getattr(self.settings, name) for name in self.SIZES)
        self.settings = settings
        if anew:
            self.reset()
        else:
            self.take(settings)

    def take(self, settings) -> None:
        """Give the settings, all but the sizes, to the game as it is."""
        game = self.game
        game.wasserstein = settings.loss == "Wasserstein"
        game.loss_function = (wasserstein_game.generator_loss if game.wasserstein
                              else losses.GENERATOR_LOSSES[settings.loss])
        game.r1, game.d_steps = settings.r1, settings.d_steps
        for optimizer, lr in ((game.optimizer_D, settings.lr_D), (game.optimizer_G, settings.lr_G)):
            optimizer.param_groups[0].update(lr=lr, betas=(settings.momentum, SECOND_BETA))

    def step(self, turns: int = 1) -> None:
        """Play `turns` turns: `d_steps` steps of D, then one of G. Raises LossNotFinite."""
        for _ in range(turns):
            self.game.step()
        self.game.read()

    def slowly(self, player: str) -> Iterator[tuple[str, str]]:
        """Take one half-step of "D" or of "G" in parts. Yields (part, what it gave in words)."""
        checks.one_of("player", player, ("D", "G"))
        game, other = self.game, "G" if player == "D" else "D"
        real, z, D, G = game._turn()
        yield "draw z", f"{len(z)} noise vectors of {z.shape[1]} numbers"
        yield "G", f"G makes {len(z)} fakes of them" + (", frozen" if player == "D" else "")
        logits = game.D(G.fake)
        judged = f"D(G(z)) is {logits.sigmoid().mean().item():.2f} on average"
        yield "D", judged + (", D is frozen" if player == "G" else
                             f", D(x) is {game.D(real).sigmoid().mean().item():.2f}")
        before = {name: training.weights(getattr(game, name)) for name in "DG"}
        if player == "D":
            loss, *_ = game._move_D(D, G, real, z, self.settings.r1)
        else:
            loss = game._move_G(D, G, z)
        yield "loss", f"{player}'s loss is {loss.item():.3f}"
        size = sum(weight.grad.square().sum() for weight in getattr(game, player).parameters())
        yield "gradient", f"its gradient is {size.sqrt().item():.3g} long"
        moved = {name: training.change(before[name], getattr(game, name)) for name in "DG"}
        yield "update", f"|Δ{player}| = {moved[player]:.4f}, |Δ{other}| = {moved[other]:.0f}"

    def half_step(self, player: str) -> None:
        """Take the half-step of "D" or of "G" alone. The history stays as it is."""
        checks.one_of("player", player, ("D", "G"))
        self.game.step_D() if player == "D" else self.game.step_G()
