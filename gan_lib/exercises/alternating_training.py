"""Exercises of the notebook alternating_training: G's loss, and the two half-steps."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan_lib import losses, models, training
from gan_lib.exercises import Exercise
from gan_lib.exercises.examiner import Case, Mistake, normal
from gan_lib.training import frozen

# --- non_saturating_loss ---------------------------------------------------------------------

def logits(*shape: int, seed: int) -> Tensor:
    """Return random logits that ask for a gradient."""
    return (3 * normal(*shape, seed=seed)).requires_grad_()


NON_SATURATING_LOSS = Exercise(
    losses.non_saturating_loss,
    "Right: small when D takes the fakes for real.",
    cases=[
        Case("non_saturating_loss(torch.tensor([0.0, 2.0, -1.0]))",
             lambda: (torch.tensor([0.0, 2.0, -1.0]),)),
        Case("with 40 logits: non_saturating_loss(fake_logits)", lambda: (logits(40, seed=1),)),
        Case("with one logit: non_saturating_loss(fake_logits)", lambda: (logits(1, seed=2),)),
        Case("where D is sure: non_saturating_loss(torch.tensor([-200.0, 200.0]))",
             lambda: (torch.tensor([-200.0, 200.0], requires_grad=True),)),
    ],
    mistakes=[
        Mistake(losses.minimax_loss, "This is the minimax loss. The non-saturating one is the "
                                     "BCE against the label 1, without a minus."),
        Mistake(lambda s: losses.bce(s, 0),
                "This is D's half: label 0. G wants the answer \"real\": label 1."),
        Mistake(lambda s: -losses.bce(s, 1),
                "One minus too many: G goes down the BCE against the label 1."),
        Mistake(lambda s: losses.bce(torch.sigmoid(s), 1),
                "There is one sigmoid too many: bce takes logits."),
        Mistake(lambda s: nn.functional.softplus(-s), "Give one number, the mean."),
        Mistake(lambda s: nn.functional.softplus(-s).sum(), "This is the sum. Take the mean."),
        Mistake(lambda s: losses.bce(s.mean(), 1), "First the BCE of each logit, then the mean: "
                                                   "losses.bce does both."),
        Mistake(lambda s: torch.log(torch.sigmoid(s)).mean(), "BCE is the surprise, -log: there is "
                "a minus. losses.bce works for every logit."),
        Mistake(lambda s: -s.mean(), "These are the logits without a BCE: "
                                     "losses.bce(fake_logits, 1)."),
        Mistake(lambda s: -torch.sigmoid(s).mean(), "This is the mean probability with a minus. "
                                                    "BCE is the surprise: losses.bce."),
        Mistake(lambda s: losses.bce(s, 0.5), "The label 0.5 is neither real nor fake. G wants "
                                              "the answer \"real\": label 1."),
        Mistake(lambda s: -torch.log(torch.sigmoid(s)).mean(),
                "Where D is sure, sigmoid(s) rounds to 0, and its log has no end: take "
                "losses.bce, which works with the logits."),
    ])


# --- the two half-steps ----------------------------------------------------------------------

STALE = 5.0  # the gradient that an earlier step has left


def scene(n: int, size: int, seed: int) -> tuple:
    """Return (D, G, real, z, optimizer): small networks, n samples and fakes of `size` numbers.

    The optimizer holds the weights of both, so whoever is not frozen will move.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        D = models.Discriminator((size,), nn.Sequential(
            nn.Linear(size, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1)))
        G = models.Generator(2, nn.Sequential(nn.Linear(2, size)))
    for network in (D, G):
        for parameter in network.parameters():
            parameter.grad = torch.full_like(parameter, STALE)
    optimizer = torch.optim.SGD([*D.parameters(), *G.parameters()], lr=1.0)
    return D, G, normal(n, size, seed=seed + 1), normal(n, 2, seed=seed + 2), optimizer


SCENES = [("3 real samples and 3 fakes", (3, 2, 0)),
          ("one real sample and one fake", (1, 3, 5)),
          ("40 real samples and 40 fakes", (40, 1, 9))]


def arguments_D(*numbers: int) -> tuple:
    """Return what discriminator_step gets; G has no gradient from before."""
    D, G, real, z, optimizer = scene(*numbers)
    G.zero_grad()
    return D, G, real, z, optimizer


def arguments_G(*numbers: int, loss: Callable | None = None) -> tuple:
    """Return what generator_step gets; D has no gradient from before."""
    D, G, _, z, optimizer = scene(*numbers)
    D.zero_grad()
    return (D, G, z, optimizer) if loss is None else (D, G, z, optimizer, loss)


def look_D(numbers: tuple) -> Callable:
    """Return what is looked at after D's half-step."""
    def look(arguments: tuple, came) -> dict:
        D, G = arguments[:2]
        start = scene(*numbers)[1]
        return {**_still("D's half-step", "G", G, start), "D's weights": training.weights(D),
                **_parts(came, ("the loss", "the real logits", "the fake logits")),
                **_free("D's half-step", "D", D)}
    return look


def look_G(numbers: tuple) -> Callable:
    """Return what is looked at after G's half-step."""
    def look(arguments: tuple, came) -> dict:
        D, G = arguments[:2]
        start = scene(*numbers)[0]
        return {**_still("G's half-step", "D", D, start), "G's weights": training.weights(G),
                **_parts(came, ("the loss", "the fake logits")),
                **_free("G's half-step", "G", G)}
    return look


def _still(when: str, name: str, network: nn.Module, start: nn.Module) -> dict:
    weights = list(network.parameters())
    return {f"in {when}, |Δ{name}|": training.change(training.weights(start), network),
            f"in {when}, the number of {name}'s weights and biases that got a gradient":
                sum(weight.grad is not None and bool(weight.grad.any()) for weight in weights),
            **_free(when, name, network)}


def _free(when: str, name: str, network: nn.Module) -> dict:
    return {f"after {when}, whether {name} can learn again":
            all(weight.requires_grad for weight in network.parameters()),
            f"after {when}, whether {name} is in training mode": network.training}


def _parts(came, names: tuple[str, ...]) -> dict:
    return {f"{name} that came back": part.detach() if isinstance(part, Tensor) else part
            for name, part in zip(names, came, strict=True)}


def free_discriminator_step(D, G, real, z, optimizer):
    """Play D's half-step without freezing G: what many write first."""
    real_logits, fake_logits = D(real), D(G(z))
    loss = losses.discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach(), real_logits.detach(), fake_logits.detach()


def discriminator_mistake(loss_function=losses.discriminator_loss, order: str = "zbs",
                          give=lambda loss, real, fake: (loss, real, fake),
                          judge=lambda D, x: D(x), thaw: bool = True) -> Callable:
    """Return discriminator_step with another loss, order of z(ero), b(ackward), s(tep), result."""
    def step(D, G, real, z, optimizer):
        with frozen(G), torch.no_grad():
            fake = G(z)
        G.requires_grad_(thaw)
        real_logits, fake_logits = judge(D, real), judge(D, fake)
        loss = loss_function(real_logits, fake_logits)
        _in_order(order, loss, optimizer)
        return give(loss.detach(), real_logits.detach(), fake_logits.detach())
    return step


def generator_mistake(usual_loss=losses.non_saturating_loss, order: str = "zbs", choose=True,
                      freeze=lambda D, G: frozen(D), give=lambda loss, fake: (loss, fake),
                      judge=lambda D, G, z: D(G(z)), thaw: bool = True) -> Callable:
    """Return generator_step with another loss, order of z(ero), b(ackward), s(tep), result."""
    def step(D, G, z, optimizer, loss_function=usual_loss):
        with freeze(D, G):
            fake_logits = judge(D, G, z)
            loss = (loss_function if choose else usual_loss)(fake_logits)
            _in_order(order, loss, optimizer)
        D.requires_grad_(thaw)
        return give(loss.detach(), fake_logits.detach())
    return step


def _in_order(order: str, loss: Tensor, optimizer) -> None:
    steps = {"z": optimizer.zero_grad, "b": loss.backward, "s": optimizer.step}
    for letter in order:
        steps[letter]()


ORDERS = [
    ("zbss", "It has made two steps: call optimizer.step() once."),
    ("bs", "The gradients of an earlier step were still there: call optimizer.zero_grad() before "
           "loss.backward()."),
    ("s", "Only old gradients were used: call optimizer.zero_grad(), then loss.backward(), then "
          "optimizer.step()."),
    ("", "It has not moved. In this order: optimizer.zero_grad(), loss.backward(), "
         "optimizer.step()."),
]

DISCRIMINATOR_STEP = Exercise(
    training.discriminator_step,
    "Right: D has moved down its loss, and |ΔG| is exactly 0.",
    cases=[Case(f"with {words}: discriminator_step(D, G, real, z, optimizer)",
                lambda numbers=numbers: arguments_D(*numbers), look_D(numbers),
                parts=("the loss", "the real logits", "the fake logits"))
           for words, numbers in SCENES],
    mistakes=[
        Mistake(free_discriminator_step, "G was not frozen. Make the fakes inside "
                                         "`with frozen(G), torch.no_grad():`"),
        *(Mistake(discriminator_mistake(order=order), hint) for order, hint in ORDERS),
        Mistake(discriminator_mistake(lambda real, fake: losses.discriminator_loss(fake, real)),
                "The labels are swapped: losses.discriminator_loss(real_logits, fake_logits), "
                "real first."),
        Mistake(discriminator_mistake(lambda real, fake: losses.bce(real, 1)),
                "Only the real half of the loss is there."),
        Mistake(discriminator_mistake(lambda real, fake: losses.bce(fake, 0)),
                "Only the fake half of the loss is there."),
        Mistake(discriminator_mistake(lambda real, fake: losses.discriminator_loss(real, fake) / 2),
                "The loss is the sum of both halves, not their mean."),
        Mistake(discriminator_mistake(lambda real, fake: -losses.discriminator_loss(real, fake)),
                "D has gone up. It goes down the BCE: no minus."),
        Mistake(discriminator_mistake(lambda real, fake: losses.bce(real, 1) - losses.bce(fake, 0)),
                "The two halves are added, not subtracted."),
        Mistake(discriminator_mistake(give=lambda loss, real, fake: (loss, fake, real)),
                "Real and fake are swapped: the order is loss, real logits, fake logits."),
        Mistake(discriminator_mistake(give=lambda loss, real, fake: (
            loss, real.sigmoid(), fake.sigmoid())),
                "These are probabilities. Give back the logits."),
        Mistake(discriminator_mistake(judge=lambda D, x: torch.sigmoid(D(x))),
                "There is one sigmoid too many: the loss takes logits, D(real) and D(fake)."),
        Mistake(discriminator_mistake(judge=lambda D, x: D.probability(x)),
                "D(real) and D(fake) must not be under torch.no_grad(), and the loss takes logits: "
                "D.probability has no gradient."),
        Mistake(discriminator_mistake(thaw=False), "G is still frozen: it can never learn again. "
                                                   "`with frozen(G):` thaws it at the end."),
    ])

GENERATOR_STEP = Exercise(
    training.generator_step,
    "Right: G has moved down its loss, through D, and |ΔD| is exactly 0.",
    cases=[*(Case(f"with {words}: generator_step(D, G, z, optimizer)",
                  lambda numbers=numbers: arguments_G(*numbers), look_G(numbers),
                  parts=("the loss", "the fake logits"))
             for words, numbers in SCENES),
           Case("with another loss_function: generator_step(D, G, z, optimizer, loss_function)",
                lambda: arguments_G(*SCENES[0][1], loss=lambda s: s.square().mean()),
                look_G(SCENES[0][1]), parts=("the loss", "the fake logits"))],
    mistakes=[
        Mistake(generator_mistake(freeze=lambda D, G: torch.enable_grad()),
                "D was not frozen. Do it all inside `with frozen(D):`"),
        Mistake(generator_mistake(freeze=lambda D, G: frozen(G)),
                "You froze G, and D has moved. Here D is frozen: `with frozen(D):`"),
        *(Mistake(generator_mistake(order=order), hint) for order, hint in ORDERS),
        Mistake(generator_mistake(choose=False),
                "Use `loss_function(fake_logits)`, not always the same loss."),
        Mistake(generator_mistake(lambda s: losses.bce(s, 0), choose=False),
                "You used the label 0, so G helps D. G wants the answer \"real\": label 1."),
        Mistake(generator_mistake(losses.minimax_loss, choose=False),
                "This is the minimax loss. Use `loss_function`."),
        Mistake(generator_mistake(losses.minimax_loss),
                "Without a fifth argument, `loss_function` is the non-saturating loss. Keep the "
                "`def` line as it was."),
        Mistake(lambda D, G, z, optimizer, loss_function=losses.non_saturating_loss:
                generator_mistake()(D, G, z, optimizer, lambda s: -loss_function(s)),
                "G has gone up. It goes down its loss: no minus."),
        Mistake(generator_mistake(give=lambda loss, fake: (loss, fake.sigmoid())),
                "These are probabilities. Give back the logits."),
        Mistake(generator_mistake(give=lambda loss, fake: (fake, loss)),
                "Loss and logits are swapped: the loss comes first."),
        Mistake(generator_mistake(judge=lambda D, G, z: torch.sigmoid(D(G(z)))),
                "There is one sigmoid too many: the loss takes logits, D(G(z))."),
        Mistake(generator_mistake(judge=lambda D, G, z: D(G(z).detach())),
                "The gradient must flow back through D into G: no torch.no_grad(), no detach() "
                "round G(z), and no D.probability."),
        Mistake(generator_mistake(thaw=False), "D is still frozen: it can never learn again. "
                                               "`with frozen(D):` thaws it at the end."),
    ])

EXERCISES = [DISCRIMINATOR_STEP, NON_SATURATING_LOSS, GENERATOR_STEP]
