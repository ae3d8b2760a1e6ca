"""What stands in for G and D during one turn of the game, so that the half-steps stay simple."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def given(network: nn.Module, y: Tensor | None) -> nn.Module:
    """Return `network` with the labels y filled in, if there are any: D(x | y) in a formula."""
    return network if y is None else Given(network, y)


class Given(nn.Module):
    """A network with its labels filled in: Given(D, y)(x) is D(x, y)."""

    def __init__(self, network: nn.Module, y: Tensor):
        super().__init__()
        self.network, self.y = network, y

    def forward(self, x: Tensor) -> Tensor:
        return self.network(x, self.y)


class SameFakes(nn.Module):
    """Stands in for G during one turn: it makes its fakes once, and both half-steps judge them.

    Where no gradient is wanted (D's half-step) the fakes come without their way back to G.
    """

    def __init__(self, G: nn.Module, z: Tensor):
        super().__init__()
        self.fake = G(z)

    def forward(self, z: Tensor) -> Tensor:
        """Return the fakes. `z` is what they were made from; it is not looked at again."""
        return self.fake if torch.is_grad_enabled() else self.fake.detach()
