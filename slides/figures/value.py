"""What the game is played for: slopes of the losses, the best D, and the maximin of the value."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from gan_lib import failures, figures, judging, losses, models, training
from slides.figures import Drawing

LINE = torch.linspace(-8, 8, 3201, dtype=torch.float64)
GAMES = {"minimax": "--", "non-saturating": "-"}


def gradients() -> Drawing:
    logits = torch.linspace(-8, 8, 161, dtype=torch.float64, requires_grad=True)
    figure, (left, right) = figures.new(columns=2, width=12, height=5)
    told, sure = [], 40  # the 40th logit is -4: D is sure that this is a fake
    for name, line in GAMES.items():
        loss = torch.stack([losses.GENERATOR_LOSSES[name](logit) for logit in logits])
        slope, = torch.autograd.grad(loss.sum(), logits)
        at = logits.detach()
        left.plot(at, loss.detach(), color=figures.NETWORK_G, linestyle=line, label=name)
        right.plot(at, slope, color=figures.NETWORK_G, linestyle=line, label=name)
        right.plot(at[sure], slope[sure], "o", color=figures.NETWORK_G, markersize=11)
        right.annotate(f"{slope[sure]:.2f}".replace("-", "−"), (at[sure], slope[sure]), (-10, -24),
                       textcoords="offset points", fontsize=18, ha="right",
                       color=figures.NETWORK_G)
        told.append(f"the {name} loss has the slope {slope[sure]:.2f}")
    p = torch.sigmoid(logits[sure]).item()
    for axes, name in ((left, "loss of G"), (right, "slope of the loss of G")):
        axes.axvline(-4, color=figures.NEUTRAL, lw=1.5, linestyle=":")
        axes.set(xlabel="logit of a fake", xticks=(-8, -4, 0, 4, 8))
        axes.set_title(name, fontsize=18)
    left.set(ylim=(-8.5, 9.5), yticks=(-8, -4, 0, 4, 8))
    right.set(ylim=(-1.2, 0.3), yticks=(-1, -0.5, 0))
    right.text(-3.8, 0.2, f"D is sure:\nD(G(z)) = {p:.2f}", fontsize=16, va="center",
               color=figures.NETWORK_D)
    left.legend(fontsize=16, loc="upper right")
    return Drawing(figure, "The two losses of G against the logit of a fake, and their slopes. "
                           f"At logit -4, where D(G(z)) = {p:.2f}, {' and '.join(told)}: "
                           "G learns nearly nothing from the first.")


def bell(middle: float, spread: float = 0.5) -> Tensor:
    """Return the density of a bell curve at each place of LINE."""
    return torch.distributions.Normal(middle, spread).log_prob(LINE).exp()


def value(says: Tensor, p_data: Tensor, p_g: Tensor) -> float:
    """Return V = E log D(x) + E log(1 - D(G(z))) of a D that says `says` at each place of LINE."""
    says = says.double().clamp(1e-12, 1 - 1e-12)
    return torch.trapezoid(p_data * says.log() + p_g * (1 - says).log(), LINE).item()


def maximin() -> Drawing:
    figure, (left, right) = figures.new(columns=2, width=12, height=5)
    told = f"{_value_of_the_best_D(left)} {_saddle(right)}"
    return Drawing(figure, told)


def _value_of_the_best_D(axes) -> str:
    """Draw V for each place of the fakes: of the best D (thick), and of four frozen D (thin)."""
    shifts = torch.linspace(-2.5, 2.5, 101).tolist()
    real = bell(0.0)
    best = [value(judging.best_discriminator(real, bell(shift)), real, bell(shift))
            for shift in shifts]
    for number, frozen in enumerate((-1.5, -0.6, 0.6, 1.5)):
        D = judging.best_discriminator(real, bell(frozen))
        axes.plot(shifts, [value(D, real, bell(shift)) for shift in shifts], lw=1.2,
                  color=figures.NETWORK_D, label="" if number else "a frozen D")
    axes.plot(shifts, best, color=figures.NETWORK_D, lw=4, label="the best D for each G")
    lowest = min(zip(best, shifts))
    axes.plot(lowest[1], lowest[0], "*", markersize=22, color=figures.NEUTRAL, zorder=5)
    axes.annotate(f"−log 4 = {lowest[0]:.3f}".replace("-", "−"), (lowest[1], lowest[0]), (0, -34),
                  textcoords="offset points", ha="center", fontsize=18, color=figures.NEUTRAL,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 2}, zorder=4)
    axes.set(xlabel="where G puts its fakes (real: 0)", ylabel="value V", ylim=(-3, 1.1),
             xlim=(-2.5, 2.5), yticks=(-3, -2, -1, 0))
    axes.set_title("D lifts V, G lowers the best D's V", fontsize=17)
    axes.legend(fontsize=16, loc="upper center", ncol=2, columnspacing=1)
    return ("Left: the value V that the best D reaches, for each place of the fakes. It is lowest, "
            f"{lowest[0]:.3f} = -log 4, where the fakes lie on the real samples, at "
            f"{abs(lowest[1]):.1f}; a frozen D never lies above it.")


def _saddle(axes) -> str:
    """Draw the saddle f(d, g) = d g and the paths of two games on it."""
    side = torch.linspace(-2, 2, 81)
    levels = axes.contourf(side, side, side[:, None] * side, levels=torch.arange(-4, 4.5, 0.5),
                           cmap="Greys", alpha=0.55)
    axes.figure.colorbar(levels, ax=axes, ticks=(-4, 0, 4), label="f = d · g")
    told, games = [], (("plain", 0.0, ":", "s"), ("with R1", 0.5, "-", "o"))
    for name, penalty, line, marker in games:
        path = failures.TwoNumberGame(0.2, penalty=penalty).path(60)
        axes.plot(*zip(*path), linestyle=line, color="black", lw=2, marker=marker, markersize=3.5,
                  label=name)
        told.append(f"{name}, it ends {math.hypot(*path[-1]):.2f} from it")
    axes.plot(0, 0, "*", markersize=22, color=figures.NEUTRAL, zorder=5)
    axes.set(xlabel="d (D lowers f)", ylabel="g (G lifts f)", aspect="equal", xlim=(-2, 2),
             ylim=(-2, 2), xticks=(-2, 0, 2), yticks=(-2, 0, 2))
    axes.set_title("two numbers, one saddle", fontsize=17)
    axes.legend(fontsize=16, loc="upper left", frameon=True, edgecolor="w", borderaxespad=0.2)
    return ("Right: the saddle f = d g and two games of 60 turns that start "
            f"{math.hypot(1, 1):.2f} from its middle: {'; '.join(told)}.")


def best_D() -> Drawing:
    shares = ((0.5, 0.5), (-0.5, 1.5))  # middle and spread of real samples and of fakes
    p_data, p_g = (bell(*share) for share in shares)
    best, trained = judging.best_discriminator(p_data, p_g), _trained(*shares)
    figure, places = figures.new(columns=3, width=12, height=5)
    _densities(places[0], p_data, p_g, "real and fake")
    places[1].plot(LINE, trained, color=figures.NETWORK_D, label="D, trained")
    places[1].plot(LINE, best, color=figures.NEUTRAL, linestyle="--", label="D*, the best")
    _densities(places[2], p_data, p_data, "fakes like real")
    places[2].plot(LINE, judging.best_discriminator(p_data, p_data), color=figures.NEUTRAL,
                   linestyle="--", label="D* = ½")
    places[1].set_title("D* = p real / (p real + p fake)", fontsize=16)
    for axes in places:
        axes.set(xlabel="x", xlim=(-4, 4), ylim=(0, 1.45), yticks=(0, 0.5, 1),
                 yticklabels=("0", "½", "1"))
        axes.legend(fontsize=15, loc="upper left", borderaxespad=0)
    common = p_data + p_g > 0.02
    gap = (trained - best)[common].abs().max().item()
    values = {name: value(says, p_data, p_g) for name, says in (("D", trained), ("D*", best))}
    places[1].text(-3.8, 0.92, f"V of D: {values['D']:.3f}\nV of D*: {values['D*']:.3f}".replace(
        "-", "−"), fontsize=15, color=figures.NEUTRAL)
    end = value(torch.full_like(LINE, 0.5), p_data, p_data)
    places[2].text(0, 0.92, "V = −log 4 = " + f"{end:.3f}".replace("-", "−"), fontsize=15,
                   ha="center", color=figures.NEUTRAL)
    return Drawing(figure, "Left: the densities of real samples and of fakes. Middle: the best D, "
                           "D* = p_data / (p_data + p_g), and a trained D, which differs from it "
                           f"by at most {gap:.2f} where samples are common; V is {values['D']:.3f} "
                           f"for D and {values['D*']:.3f} for D*. Right: where fakes are like real "
                           f"samples, D* is 1/2 everywhere and V = -log 4 = {end:.3f}.")


def _densities(axes, p_data: Tensor, p_g: Tensor, title: str) -> None:
    axes.plot(LINE, p_data, color=figures.REAL, label="real")
    axes.plot(LINE, p_g, color=figures.FAKE, linestyle="--", label="fake")
    axes.set_title(title, fontsize=16)


def _trained(of_real: tuple[float, float], of_fake: tuple[float, float]) -> Tensor:
    """Train a small D on numbers from two bell curves; return D(x) at each place of LINE."""
    G = models.Generator(1, nn.Sequential(nn.Linear(1, 1)))
    nn.init.constant_(G.layers[0].weight, of_fake[1])
    nn.init.constant_(G.layers[0].bias, of_fake[0])
    D = models.Discriminator((1,), nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 32),
                                                 nn.ReLU(), nn.Linear(32, 1)))
    optimizer = torch.optim.Adam(D.parameters(), lr=5e-3)
    for _ in range(500):
        real = of_real[0] + of_real[1] * torch.randn(512, 1)
        training.discriminator_step(D, G, real, torch.randn(512, 1), optimizer)
    return D.probability(LINE.float().unsqueeze(1)).double()


FIGURES = {make.__name__: make for make in (gradients, maximin, best_D)}
