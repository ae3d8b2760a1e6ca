"""Small games and their states, for the tests that store them."""

import copy

import torch

from gan_lib import models, training


def networks(norm=False, seed=0):
    torch.manual_seed(seed)
    return (models.ConvDiscriminator(width=4, spectral_norm=norm, batch_norm=norm),
            models.ConvGenerator(8, width=4, batch_norm=norm))


def point_game(samples, steps=0, seed=0, **arguments):
    torch.manual_seed(seed)
    game = training.Game(models.PointDiscriminator(16), models.PointGenerator(2, 16), samples,
                         **{"batch_size": 16, "seed": seed, "pictures_every": 2, **arguments})
    if steps:
        game.play(steps=steps, progress=False)
    return game


def same(a, b):
    """Compare nested states to the bit."""
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return a == b


# What a state of `point_game` after 3 steps may not hold, and what the refusal says.
def put(name, value):
    def change(state):
        state["tensors"][name] = value(state["tensors"][name]) if callable(value) else value
    return change


def number(name, place, value):
    def change(state):
        state["tensors"][name].view(-1)[place] = value
    return change


def about(**entries):
    return lambda state: state["about"].update(copy.deepcopy(entries))


WRONG = [
    (put("optimizer_D.0.exp_avg", torch.zeros(1)),
     "optimizer_D.0.exp_avg must be float32 (16, 2), but it is float32 (1)"),
    (put("optimizer_G.2.exp_avg_sq", torch.zeros(0)), "but it is float32 (0)"),
    (put("optimizer_G.2.step", torch.zeros(7)), "optimizer_G.2.step must be float32 (), but"),
    (put("optimizer_D.0.exp_avg", lambda t: t.double()), "but it is float64 (16, 2)"),
    (put("optimizer_D.0.exp_avg", lambda t: t.long()), "but it is int64 (16, 2)"),
    (put("D.layers.0.weight", lambda t: t.half()), "but it is float16 (16, 2)"),
    (put("average.layers.0.weight", lambda t: t[:, :1]), "average.layers.0.weight must be"),
    (put("G.layers.9.weight", torch.zeros(2)), "G.layers.9.weight must be absent, but it is"),
    (lambda state: state["tensors"].pop("G.layers.0.bias"), "G.layers.0.bias must be float32 (16)"),
    (lambda state: state["tensors"].pop("random"), "random must be uint8 (any), but it is absent"),
    (lambda state: state["tensors"].clear(), "but it is absent"),
    (put("fixed_z", torch.zeros(16, 3)), "fixed_z must be float32 (16, 2)"),
    (put("random", torch.zeros(16, dtype=torch.uint8)), "Its random numbers cannot go on"),
    (put("random", lambda t: torch.full_like(t, 255)), "Its random numbers cannot go on"),
    (put("random", torch.tensor(3, dtype=torch.uint8)), "random must be uint8 (any)"),
    (put("history", lambda t: t[:, :3]), "history must be float64 (any, 4)"),
    (put("history", lambda t: t[:1]), "pictures of steps that were not played"),
    (put("history", lambda t: t[0]), "history must be"),
    (number("history", 0, float("nan")), "history holds numbers that are NaN"),
    (number("history", 2, 1.5), "D(x) that are not from 0 to 1"),
    (number("history", 3, -0.5), "D(x) that are not from 0 to 1"),
    (put("pictures_at", torch.zeros(5, dtype=torch.int64)), "pictures of steps"),
    (put("pictures_at", torch.tensor(1)), "pictures_at must be int64 (any), but it is int64 ()"),
    (number("pictures_at", 0, -1), "pictures_at holds numbers that are NaN"),
    (number("pictures_at", 1, 10**9), "pictures of steps that were not played"),
    (put("pictures", lambda t: t[:, :3]), "pictures must be float32 (any, 16, 2)"),
    (number("pictures", 5, float("inf")), "pictures holds numbers that are NaN"),
    (number("D.layers.0.weight", 3, float("nan")), "D.layers.0.weight holds numbers that are NaN"),
    (number("optimizer_D.0.exp_avg_sq", 3, -1e-3), "negative where they cannot be"),
    (number("optimizer_G.0.step", 0, -3), "negative where they cannot be"),
    (number("optimizer_D.1.exp_avg", 0, float("inf")), "optimizer_D.1.exp_avg holds numbers"),
    (about(samples="moons"), "It was played on 'moons', but this game is played on 'ring'"),
    (about(samples=None), "It was played on None"),
    (about(settings=[]), "It is not the state of a game"),
    (about(settings="lr"), "It is not the state of a game"),
    (about(lr=-5), "It is not the state of a game"),
    (lambda state: state["about"].pop("device"), "It is not the state of a game"),
    (lambda state: state.update(about=None), "It is not the state of a game"),
    (lambda state: state.update(about=[1]), "It is not the state of a game"),
]
