"""Noise vectors: drawing, mixing and walking them, and finding the z of an image."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from gan_lib import checks
from gan_lib.device import chosen


def draw(n: int, z_dim: int, seed: int = 0, device=None) -> Tensor:
    """Return n standard normal noise vectors: float32 (n, z_dim). Same seed, same vectors.

    They are drawn on the CPU and moved to `device` (torch's default device if None), so that a
    seed means the same picture on every machine.
    """
    checks.counts(n=n, z_dim=z_dim)
    random = torch.Generator("cpu").manual_seed(checks.whole_number("seed", seed, low=0))
    return torch.randn(n, z_dim, generator=random, device="cpu").to(
        chosen(device or torch.empty(0).device))


def noise(n: int, z_dim: int) -> Tensor:
    """Return n noise vectors of standard normal numbers: float32 (n, z_dim), new at each call."""
    checks.counts(n=n, z_dim=z_dim)
    return torch.randn(n, z_dim)


def look(G, z: Tensor) -> Tensor:
    """Return what G makes of z (N, z_dim), in eval mode: looking leaves G and its mode as they are.

    In train mode a batch norm would move its statistics, and one picture would depend on the
    others. z may lie on another device.
    """
    return _onlooker(G)(z.to(_device(G)))


def lerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """Return the straight mix (1 - t) a + t b. a, b: (..., z_dim); t a number or (..., 1)."""
    _fit(a, b, t)
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """Return the spherical mix of a and b: it turns from a to b and keeps the length.

    a, b: (..., z_dim), not 0; t a number or (..., 1). Where a and b point the same way, the
    straight mix is taken. Raises ValueError where they point in opposite ways. Source: White,
    "Sampling Generative Networks", 2016.
    """
    _fit(a, b, t)
    lengths = torch.stack([length for end in (a, b) for length in end.norm(dim=-1).aminmax()])
    if not (lengths.min() > 0 and lengths.isfinite().all()):
        raise ValueError("a and b must be finite and not 0: a turn needs two directions.")
    cosine = torch.nn.functional.cosine_similarity(a, b, dim=-1).unsqueeze(-1).clamp(-1, 1)
    if (cosine < -0.99999).any():
        raise ValueError("a and b point in opposite ways: every turn from a to b is as short as "
                         "any other. Take another b, or the straight mix (lerp).")
    angle = torch.arccos(cosine)
    mix = (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle)
    return torch.where(angle < 1e-4, lerp(a, b, t), mix)


MIXES = {"straight": lerp, "spherical": slerp}


def path(a: Tensor, b: Tensor, n: int, mix: str = "spherical") -> Tensor:
    """Return n noise vectors on the way from a to b (z_dim,), ends included: (n, z_dim)."""
    checks.floats("b", b, (len(checks.floats("a", a, (None,))),), a)
    checks.whole_number("n", n, low=2)
    checks.one_of("mix", mix, MIXES)
    t = torch.linspace(0, 1, n, device=a.device).unsqueeze(1)
    return MIXES[mix](a.expand(n, -1), b.expand(n, -1), t)


def grid(corners: Tensor, n: int, mix: str = "spherical") -> Tensor:
    """Return an n x n grid of noise vectors between four corners.

    corners: (4, z_dim): top left, top right, bottom left, bottom right. Returns
    (n, n, z_dim), rows from top to bottom.
    """
    checks.floats("corners", corners, (4, None))
    left = path(corners[0], corners[2], n, mix)
    right = path(corners[1], corners[3], n, mix)
    return torch.stack([path(a, b, n, mix) for a, b in zip(left, right)])


def walk(stops: Tensor, frames: int, mix: str = "spherical") -> Tensor:
    """Return a closed walk over `stops` (S, z_dim), S >= 2, with `frames` steps between two.

    Returns (S * frames, z_dim); after the last one comes the first again.
    """
    checks.whole_number("stops", len(checks.floats("stops", stops, (None, None))), low=2)
    checks.whole_number("frames", frames)
    ways = [path(a, b, frames + 1, mix)[:-1] for a, b in zip(stops, stops.roll(-1, 0))]
    return torch.cat(ways)


def attribute_direction(z: Tensor, has: Tensor) -> Tensor:
    """Return the unit direction from noise whose pictures lack an attribute to noise that has it.

    z: (N, z_dim); has: bool (N,), some True and some False. The difference of the two means:
    raises ValueError where it is 0.
    """
    checks.floats("z", z, (None, None))
    checks.shape("has", has, (len(z),))
    if has.dtype != torch.bool or has.all() or not has.any():
        raise ValueError("has must be a tensor of bools with some True and some False.")
    difference = z[has].mean(0) - z[~has].mean(0)
    if not difference.norm() > 0:  # NaN fails, too
        raise ValueError("z must differ between those that have the attribute and those that lack "
                         "it, but both have the same mean, or hold NaN.")
    return difference / difference.norm()


@torch.no_grad()
def principal_directions(G, n: int, count: int = 500, seed: int = 0) -> Tensor:
    """Return the n unit directions in noise along which G's first layer varies most.

    PCA of the first layer's outputs over `count` noise vectors; each principal axis is brought
    back to noise by least squares. Returns (n, z_dim). Source: Härkönen et al., "GANSpace", 2020.
    """
    checks.whole_number("n", n, 1, checks.generator("G", G).z_dim)
    checks.whole_number("count", count, low=G.z_dim + 1)
    z = draw(count, G.z_dim, seed, _device(G))
    outputs = _onlooker(G).layers[0](z)
    outputs = outputs - outputs.mean(0)
    axes = torch.linalg.svd(outputs, full_matrices=False).Vh[:n]
    directions = torch.linalg.lstsq(outputs @ axes.T, z - z.mean(0)).solution
    return directions / directions.norm(dim=1, keepdim=True)


class Search:
    """Looks for noise whose fakes agree with pictures x where `visible` is True, by gradient.

    x: (N, C, H, W) in [-1, 1]; visible: bool (H, W), or None for everywhere. Each picture gets
    `restarts` starts of its own; `best()` hands back the closest. `prior` >= 0 pulls z towards
    0; a weak pull does not stop a long z. Source: Yeh et al., "Semantic Image Inpainting with Deep
    Generative Models", 2017 (there, a term from D stands in the place of the pull).
    """

    def __init__(self, G, x: Tensor, visible: Tensor | None = None, restarts: int = 4,
                 lr: float = 0.2, prior: float = 0.002, seed: int = 0):
        self.restarts = checks.whole_number("restarts", restarts)
        checks.number("lr", lr, 1e-8, 10.0)
        self.prior = checks.number("prior", prior, 0.0)
        z = draw(1, checks.generator("G", G).z_dim, seed, _device(G))
        with torch.no_grad():
            fake = look(G, z)
        checks.samples("x", x, (None, *fake.shape[1:]), fake)
        self.G, self.x = G, x.repeat_interleave(restarts, 0)
        if visible is None:
            visible = torch.ones(x.shape[2:], dtype=torch.bool)
        self.visible = checks.mask("visible", visible, x)
        self.z = draw(len(self.x), G.z_dim, seed, x.device).requires_grad_(True)
        self.optimizer = torch.optim.Adam([self.z], lr=lr)

    def error(self, z: Tensor) -> Tensor:
        """Return the mean squared difference in the visible part, one for each start."""
        difference = (look(self.G, z) - self.x).square().mean(1)
        return difference[:, self.visible].mean(1)

    def step(self, steps: int = 1) -> float:
        """Take gradient steps on z; G does not change. Returns the mean error before the last."""
        for _ in range(checks.whole_number("steps", steps)):
            error = self.error(self.z)
            loss = (error + self.prior * self.z.square().mean(1)).sum()
            self.z.grad, = torch.autograd.grad(loss, self.z)
            self.optimizer.step()
        return error.mean().item()

    @torch.no_grad()
    def pictures(self) -> Tensor:
        """Return what G makes of each start now: (N, restarts, C, H, W)."""
        return look(self.G, self.z).unflatten(0, (-1, self.restarts))

    @torch.no_grad()
    def best(self) -> Tensor:
        """Return, for each picture, the z whose fake agrees best: (N, z_dim)."""
        error = self.error(self.z).unflatten(0, (-1, self.restarts))
        z = self.z.unflatten(0, (-1, self.restarts))
        return z[torch.arange(len(z), device=z.device), error.argmin(1)].detach()


def _fit(a: Tensor, b: Tensor, t: Tensor | float) -> None:
    if not isinstance(t, Tensor):
        checks.number("t", t)
    for name, value in (("a", a), ("b", b), ("t", t if isinstance(t, Tensor) else a)):
        checks.floats(name, value, None, a)
    shapes = [tuple(value.shape) for value in (a, b, t) if isinstance(value, Tensor)]
    try:
        torch.broadcast_shapes(*shapes)
        fits = a.dim() > 0 and a.shape[-1] == b.shape[-1]
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError("a and b must be noise vectors of the same length, and a t that is not a "
                         f"number must have the shape (..., 1); but the shapes are {shapes}.")


def _onlooker(network: nn.Module) -> nn.Module:
    """Return `network` in eval mode: other modules round the very same weights and statistics.

    A whole copy would stay behind while a game goes on, and switching `network` itself to eval
    mode and back would disturb a game that another thread plays.
    """
    onlooker = copy.copy(network)
    onlooker.training = False
    onlooker._modules = {name: child if child is None else _onlooker(child)
                         for name, child in network._modules.items()}
    return onlooker


def _device(network) -> torch.device:
    return next(network.parameters()).device
