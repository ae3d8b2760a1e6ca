"""The whole game in one drawing, what it moves, and how it fails when D runs ahead."""

from __future__ import annotations

import functools

import torch

from gan_lib import data, figures, latent, metrics, models, training
from slides.figures import Drawing
from slides.figures.sketch import arrow, board, fakes, network, picture, real, words

# Learning rates of D and G, and steps of D for each step of G.
PLAYED = {"equal steps": (2e-3, 2e-3, 1), "D far ahead": (5e-3, 1e-3, 5)}
TURNS = 300


def title() -> Drawing:
    count = 8
    figure, axes = board(height=1.56)
    for number, fake in enumerate(fakes("faces64", count, seed=8)):
        picture(axes, fake, 0.04 + 1.498 * number, 0.05, 1.44, figures.FAKE)
    return Drawing(figure, f"{count} fakes of faces, 64 by 64 pixels, made by the course's "
                           "generator: nobody that they show exists.")


def two_networks() -> Drawing:
    figure, axes = board()
    words(axes, 0.7, 1.4, "z", 28)
    words(axes, 0.7, 0.95, "noise")
    arrow(axes, (1.05, 1.35), (1.55, 1.35))
    network(axes, "G", 1.65, 0.6, 1.8, 1.5, size=34)
    arrow(axes, (3.55, 1.35), (4.1, 1.35), figures.NETWORK_G)
    for kind, x, bottom, name in (
            (figures.FAKE, fakes("faces64", 3, seed=10), 0.75, "fakes"),
            (figures.REAL, real("faces", 64, 3).scaled(), 3.15, "real samples")):
        for number, one in enumerate(x):
            picture(axes, one, 4.2 + 1.25 * number, bottom, 1.2, kind)
        words(axes, 6.05, bottom + 1.45, name, 18, kind)
        arrow(axes, (8.05, bottom + 0.6), (8.75, bottom + 0.6))
    network(axes, "D", 8.85, 0.6, 1.5, 3.9, size=34)
    arrow(axes, (10.45, 2.55), (10.85, 2.55), figures.NETWORK_D)
    words(axes, 11.4, 2.55, "real\nor fake?", 18, figures.NETWORK_D, linespacing=1.3)
    words(axes, 2.55, 0.25, "wants D to err", 18, figures.NETWORK_G)
    words(axes, 9.6, 0.25, "wants to be right", 18, figures.NETWORK_D)
    return Drawing(figure, "The game in one drawing: noise z goes into the generator G, which "
                           "makes fakes (3 are shown); these and real samples (3 are shown) go "
                           "into the discriminator D, which says real or fake. G wants D to err, "
                           "D wants to be right.")


def players(lr_D: float = 2e-3, lr_G: float = 2e-3):
    """Return a new D, a new G and the optimizer of each, for points in the plane."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        D, G = models.PointDiscriminator(), models.PointGenerator()
    return D, G, [torch.optim.Adam(network.parameters(), lr, (0.0, 0.99))
                  for network, lr in ((D, lr_D), (G, lr_G))]


@functools.cache
def moved(player: str, in_step_of: str) -> float:
    """Return how far D or G moves in one half-step of D or of G, at the start of a game."""
    D, G, (optimizer_D, optimizer_G) = players()
    real_points = data.load("ring", n=128, device="cpu").points
    z = latent.draw(128, G.z_dim, device="cpu")
    network = {"D": D, "G": G}[player]
    before = training.weights(network)
    if in_step_of == "D":
        training.discriminator_step(D, G, real_points, z, optimizer_D)
    else:
        training.generator_step(D, G, z, optimizer_G)
    return training.change(before, network)


def frozen() -> Drawing:
    figure, places = figures.new(columns=2, width=12, height=5)
    told = []
    for axes, moving in zip(places, "DG"):
        sizes = {player: moved(player, moving) for player in "DG"}
        for place, (name, size) in enumerate(sizes.items()):
            colour, line = {"D": (figures.NETWORK_D, "-"), "G": (figures.NETWORK_G, "--")}[name]
            axes.bar(place, size, 0.6, facecolor="white", edgecolor=colour, linewidth=4,
                     linestyle=line)
            axes.text(place, size + 0.005, "0 exactly" if size == 0 else f"{size:.3f}", fontsize=22,
                      ha="center", va="bottom", color=colour)
        axes.set(xlim=(-0.6, 1.6), ylim=(0, 0.2), xticks=(0, 1), xticklabels=("|ΔD|", "|ΔG|"),
                 yticks=(0, 0.1, 0.2))
        axes.tick_params(axis="x", labelsize=20)
        axes.set_title(f"a step of {moving}", fontsize=20)
        still = "G" if moving == "D" else "D"
        told.append(f"a step of {moving} moves {moving} by {sizes[moving]:.3f} and {still} by "
                    f"{sizes[still]:.0f} exactly")
    return Drawing(figure, "How far the weights move in a half-step, at the start of a game on the "
                           f"ring: {'; '.join(told)}.")


def collapse() -> Drawing:
    figure, axes = board()
    ring = data.load("ring", device="cpu")
    told = []
    for left, (name, settings) in zip((0.05, 0.55), PLAYED.items()):
        points, hit = played(*settings), modes(name)
        place = figure.add_axes((left, 0.02, 0.4, 0.87))
        figures.draw_points(place, ring.points[:300], points)
        place.set(xticks=(), yticks=(), xlabel="", ylabel="")
        place.get_legend().remove()
        place.set_title(f"{name}: {hit} of 8 modes", fontsize=20)
        told.append(f"{name}: the fakes hit {hit} of 8 modes")
    words(axes, 6.0, 2.7, "● real", 20, figures.REAL)
    words(axes, 6.0, 2.2, "× fake", 20, figures.FAKE)
    return Drawing(figure, f"Two games on the ring of eight after {TURNS} turns. "
                           f"{'; '.join(told)}.")


@functools.cache
def played(lr_D: float, lr_G: float, d_steps: int) -> torch.Tensor:
    """Play TURNS turns on the ring, plain: no R1, no mean of G; return 300 fakes."""
    ring, random = data.load("ring", device="cpu"), torch.Generator().manual_seed(0)
    D, G, (optimizer_D, optimizer_G) = players(lr_D, lr_G)

    def noise(n: int = 128) -> torch.Tensor:
        return torch.randn(n, G.z_dim, generator=random)
    for _ in range(TURNS):
        for _ in range(d_steps):
            training.discriminator_step(D, G, ring.batch(128, random), noise(), optimizer_D)
        training.generator_step(D, G, noise(), optimizer_G)
    return latent.look(G, noise(300)).detach()


def modes(name: str) -> int:
    """Return how many of the ring's modes the fakes of a game of PLAYED hit."""
    return metrics.modes_hit(played(*PLAYED[name]), data.load("ring", device="cpu").centres, 0.3)


FIGURES = {make.__name__: make for make in (title, two_networks, frozen, collapse)}
