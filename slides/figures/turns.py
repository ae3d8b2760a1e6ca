"""Training turn by turn: who moves, who is frozen, and a whole short game."""

from __future__ import annotations

import copy

import torch

from gan_lib import data, figures, latent, losses, metrics, models, training
from slides.figures import Drawing
from slides.figures.judges import FAKER, digits, judge
from slides.figures.sketch import arrow, board, network, picture, shipped, words

TURNS, LR = 400, 2e-4


def balancing_act() -> Drawing:
    torch.manual_seed(0)
    ring = data.load("ring", n=2000, device="cpu")
    game = training.Game(models.PointDiscriminator(), models.PointGenerator(), ring, batch_size=128,
                         lr=4e-3)
    z, seen = game.noise(300), []
    for turn in range(TURNS + 1):
        if turn in (0, 100, TURNS):
            seen.append((turn, game.fakes(z)))
        game.step()
    game.read()
    figure, axes = board()
    _ladder(axes)
    losses_axes = figure.add_axes((0.075, 0.16, 0.36, 0.42))
    figures.draw_losses(losses_axes, game.history)
    losses_axes.set(xlabel="turn", ylim=(0, 2.6), yticks=(0, 1, 2))
    losses_axes.legend(loc="upper right", ncol=2, columnspacing=1)
    hits = []
    for number, (turn, fake) in enumerate(seen):
        place = figure.add_axes((0.48 + 0.175 * number, 0.1, 0.165, 0.42))
        figures.draw_points(place, ring.points[:300], fake)
        place.get_legend().remove()
        place.set(xticks=(), yticks=(), xlabel="", ylabel="", title=f"turn {turn}")
        hit = metrics.modes_hit(fake, ring.centres, 0.3)
        place.set_xlabel(f"{hit} of 8 modes")
        hits.append(f"after {turn} turns the fakes hit {hit} of 8 modes")
    words(axes, 7.3, 3.3, "● real", 16, figures.REAL)
    words(axes, 8.4, 3.3, "× fake", 16, figures.FAKE)
    return Drawing(figure, "D and G are trained in turn, one step each. In this real game "
                           f"{'; '.join(hits)}. {figures.history_in_words(game.history)}")


def _ladder(axes) -> None:
    """Draw the turns as steps that go up: D, G, D, G, ..."""
    for number in range(8):
        kind = "DG"[number % 2]
        left = 0.2 + 1.47 * number
        network(axes, kind, left, 3.55 + 0.35 * (number % 2), 1.15, 0.75, f"train {kind}", 16)
        if number < 7:
            arrow(axes, (left + 1.17, 4.1), (left + 1.45, 4.1))


def _half_step(kind: str) -> dict[str, float]:
    """Play one half-step on digits in which only `kind` moves; return what was measured."""
    D, G = copy.deepcopy(judge("CNN")), copy.deepcopy(shipped(FAKER))
    moving = {"D": D, "G": G}[kind].train().requires_grad_(True)
    optimizer = torch.optim.Adam(moving.parameters(), LR)
    before = {"D": training.weights(D), "G": training.weights(G)}
    real, z = digits()[0].batch(256), latent.noise(256, G.z_dim)

    def judged() -> tuple[float, float]:
        with torch.no_grad():
            fake_logits = D(G(z))
            return (losses.discriminator_loss(D(real), fake_logits).item(),
                    losses.bce(fake_logits, 1).item())
    bce, of_G = judged()
    if kind == "D":
        training.discriminator_step(D, G, real, z, optimizer)
    else:
        training.generator_step(D, G, z, optimizer)
    bce_after, of_G_after = judged()
    return {"D": training.change(before["D"], D), "G": training.change(before["G"], G),
            "bce": bce, "bce_after": bce_after, "of_G": of_G, "of_G_after": of_G_after}


def _frozen(axes, moving: str, found: dict[str, float]) -> None:
    """Draw the way from noise and real digits to the BCE, and which network moves."""
    with torch.no_grad():
        fake = shipped(FAKER)(latent.draw(1, 16, seed=4))[0]
    real = digits()[1].scaled(torch.tensor([3]))[0]
    words(axes, 0.35, 1.75, "z", 28)
    arrow(axes, (0.65, 1.75), (1.1, 1.75))
    picture(axes, fake, 3.95, 0.95, 1.55, figures.FAKE, "fake")
    picture(axes, real, 3.95, 3.2, 1.55, figures.REAL, "real")
    for kind, left, bottom, height in (("G", 1.2, 0.75, 2.0), ("D", 6.3, 0.75, 4.05)):
        network(axes, kind, left, bottom, 2.0, height, f"{kind}\n" if kind != moving else kind, 34)
        colour = figures.NETWORK_D if kind == "D" else figures.NETWORK_G
        if kind == moving:
            words(axes, left + 1.0, bottom + 0.35, "moves", 22, colour, weight="bold")
        else:
            words(axes, left + 1.0, bottom + height / 2 - 0.35, "frozen", 20, figures.NEUTRAL,
                  bbox={"facecolor": "#EEEEEE", "edgecolor": figures.NEUTRAL})
        size = "0 exactly" if found[kind] == 0 else f"{found[kind]:.3f}"
        words(axes, left + 1.0, bottom - 0.4, f"|Δ{kind}| = {size}", 20, colour)
    arrow(axes, (3.3, 1.75), (3.85, 1.75))
    arrow(axes, (5.6, 1.75), (6.2, 1.75))
    arrow(axes, (5.6, 4.0), (6.2, 4.0))
    arrow(axes, (8.4, 2.8), (8.85, 2.8))


def freeze_G() -> Drawing:
    found = _half_step("D")
    figure, axes = board()
    _frozen(axes, "D", found)
    words(axes, 8.95, 2.45, "BCE of real against 1\n+ BCE of fake against 0\n\n"
                          f"{found['bce']:.3f} → {found['bce_after']:.3f}", 17, ha="left")
    return Drawing(figure, "G is frozen, D moves one step down its binary cross entropy, from "
                           f"{found['bce']:.3f} to {found['bce_after']:.3f}. Measured: |ΔG| = "
                           f"{found['G']:.0f} exactly, |ΔD| = {found['D']:.3f}.")


def freeze_D() -> Drawing:
    found = _half_step("G")
    figure, axes = board()
    _frozen(axes, "G", found)
    words(axes, 8.95, 3.35, f"D's BCE goes up:\n{found['bce']:.3f} → {found['bce_after']:.3f}", 17,
          ha="left")
    words(axes, 8.95, 1.95, "BCE of fake against 1\ngoes down:\n"
                           f"{found['of_G']:.3f} → {found['of_G_after']:.3f}", 17,
          figures.NETWORK_G, ha="left")
    return Drawing(figure, "D is frozen, G moves one step: D's binary cross entropy rises from "
                           f"{found['bce']:.3f} to {found['bce_after']:.3f}, that of the fakes "
                           f"against the label 1 falls from {found['of_G']:.3f} to "
                           f"{found['of_G_after']:.3f}. Measured: |ΔD| = {found['D']:.0f} exactly, "
                           f"|ΔG| = {found['G']:.3f}.")


FIGURES = {make.__name__: make for make in (balancing_act, freeze_G, freeze_D)}
