"""Few pictures: changes that D sees and G learns through, and how far G copies.

With few real pictures D learns them by heart, and G is told to copy them. Differentiable
augmentation lets D see every picture, real or fake, only after a random change. It has to be a
function that gradients pass, for G learns through D. Source: Zhao, Liu, Lin, Zhu and Han,
"Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS 2020. Of their changes of
colour, brightness is here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_lib import checks

# --- three changes, each picture with numbers of its own ----------------------------------------


def brightness(x: Tensor, amount: Tensor) -> Tensor:
    """Return pictures x (N, C, H, W), to each of which its own number of `amount` (N,) is added."""
    return x + amount[:, None, None, None]


def shift(x: Tensor, right: Tensor, down: Tensor) -> Tensor:
    """Return pictures x (N, C, H, W), each moved by its own whole number of pixels; 0 comes in.

    `right` and `down` are int64 (N,); below 0 they mean left and up.
    """
    n, channels, height, width = x.shape
    rows = torch.arange(height, device=x.device) - down[:, None]  # where each row comes from
    columns = torch.arange(width, device=x.device) - right[:, None]
    inside = (((rows >= 0) & (rows < height))[:, None, :, None]
              & ((columns >= 0) & (columns < width))[:, None, None, :])
    picture = torch.arange(n, device=x.device)[:, None, None, None]
    channel = torch.arange(channels, device=x.device)[None, :, None, None]
    moved = x[picture, channel, rows.clamp(0, height - 1)[:, None, :, None],
              columns.clamp(0, width - 1)[:, None, None, :]]
    return moved * inside


def cutout(x: Tensor, left: Tensor, top: Tensor, side: int) -> Tensor:
    """Return pictures x (N, C, H, W), in each of which a square of `side` pixels is 0.

    `left` and `top` are int64 (N,): the first column and the first row of each square. What of a
    square lies outside of its picture hides nothing.
    """
    columns = torch.arange(x.shape[3], device=x.device) - left[:, None]
    rows = torch.arange(x.shape[2], device=x.device) - top[:, None]
    across = (columns >= 0) & (columns < side)
    along = (rows >= 0) & (rows < side)
    hidden = along[:, None, :, None] & across[:, None, None, :]
    return x * ~hidden


# --- the same, at random ------------------------------------------------------------------------


def random_brightness(x: Tensor) -> Tensor:
    """Make each picture darker or brighter, by up to a quarter of the way from black to white."""
    return brightness(x, torch.rand(len(x), device=x.device) - 0.5)


def random_shift(x: Tensor) -> Tensor:
    """Move each picture by up to an eighth of its side."""
    most = x.shape[-1] // 8
    right, down = torch.randint(-most, most + 1, (2, len(x)), device=x.device)
    return shift(x, right, down)


def random_cutout(x: Tensor) -> Tensor:
    """Hide a square in each picture, half as wide as the picture, with its middle anywhere."""
    side = x.shape[-1] // 2
    left, top = torch.randint(-(side // 2), x.shape[-1] - side // 2, (2, len(x)), device=x.device)
    return cutout(x, left, top, side)


AUGMENTATIONS = {"brightness": random_brightness, "shift": random_shift, "cutout": random_cutout}


class Augmented(nn.Module):
    """A discriminator that sees every picture, real or fake, after random changes.

    `D` judges pictures. `changes` are functions from pictures to changed ones, done one after the
    other; gradients must pass them. It plays in `training.Game` in the place of D. Raises TypeError
    or ValueError for another D, and for what is no function.
    """

    def __init__(self, D: nn.Module, changes=(random_shift, random_cutout)):
        checks.kind("D", D, "a discriminator, a network with a sample_shape", "sample_shape")
        if len(D.sample_shape) != 3:
            raise ValueError("D must judge pictures, (C, H, W), but it judges samples of the shape "
                             f"{tuple(D.sample_shape)}.")
        for change in checks.kind("changes", changes, "a list of functions", "__iter__"):
            checks.kind("each of changes", change, "a function of pictures", "__call__")
        super().__init__()
        self.changes = list(changes)
        self.network, self.sample_shape = D, D.sample_shape
        self.classes = getattr(D, "classes", 0)

    def augment(self, x: Tensor) -> Tensor:
        """Return x (N, C, H, W) after new random changes."""
        for change in self.changes:
            x = change(x)
        return x

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return one logit for each picture, as D gives it for the changed one: (N,)."""
        x = self.augment(x)
        return self.network(x) if y is None else self.network(x, y)

    @torch.no_grad()
    def probability(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return D(x) of the pictures as they are, without changes: (N,)."""
        return self.network.probability(x) if y is None else self.network.probability(x, y)


# --- does G copy? -------------------------------------------------------------------------------


def neighbours(x: Tensor) -> Tensor:
    """Return pictures x (N, C, H, W) and the same moved by one pixel, all ways: (9 N, C, H, W).

    A distance of pixels is blind to a moved copy; among these it is found.
    """
    wider = nn.functional.pad(x, (1, 1, 1, 1), mode="replicate")
    height, width = x.shape[2:]
    return torch.cat([wider[:, :, down:down + height, right:right + width]
                      for down in range(3) for right in range(3)])


def share_nearer(fakes: Tensor, strangers: Tensor) -> float:
    """Return in which share of all pairs the fake is nearer to the training pictures.

    `fakes` (N,) and `strangers` (M,) hold each one's distance from its nearest training picture;
    strangers are real pictures that were held out. Near 0.5: fakes are about as new as strangers;
    near 1: they are nearer, as copies are.
    """
    return (fakes[:, None] < strangers).float().mean().item()
