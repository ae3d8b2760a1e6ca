"""Exercises of the notebook alternating_training: G's loss, and the two half-steps."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from gan_lib import losses, models, training
from gan_lib.exercises import Exercise, NotYet, expect

RATE = 0.1   # of plain gradient descent
STALE = 5.0  # the gradient that an earlier step has left


class Scene:
    """D(x) = sigmoid(2 x - 1), G(z) = 3 z + 1, two real samples, two noise vectors.

    The optimizer holds the weights of both: whoever is not frozen will move.
    """

    def __init__(self, mover: str):
        with torch.device("cpu"):
            self.D = models.Discriminator((1,), _linear(2.0, -1.0))
            self.G = models.Generator(1, _linear(3.0, 1.0))
            self.real, self.z = torch.tensor([[0.5], [1.5]]), torch.tensor([[-1.0], [0.2]])
            for parameter in getattr(self, mover).parameters():
                parameter.grad = torch.full_like(parameter, STALE)
        both = [*self.D.parameters(), *self.G.parameters()]
        self.optimizer = torch.optim.SGD(both, RATE)

    def play(self, name: str, answer, *arguments):
        """Call `answer`; where autograd stops it, say why."""
        try:
            return answer(*arguments)
        except RuntimeError as error:
            if "does not require grad" not in str(error):
                raise
            where = ("D(real) and D(fake) must not be under torch.no_grad(), and take logits: "
                     "D.probability has no gradient." if name == "discriminator_step" else
                     "The gradient must flow back through D into G: no torch.no_grad() and no "
                     "detach() round G(z), and no D.probability.")
            raise NotYet(f"{name} has a loss without a gradient. Hint: {where}") from error


def _linear(weight: float, bias: float) -> nn.Sequential:
    layer = nn.Linear(1, 1)
    nn.init.constant_(layer.weight, weight)
    nn.init.constant_(layer.bias, bias)
    return nn.Sequential(layer)


def examine_non_saturating_loss(answer) -> None:
    """Compare with the closed form: the mean of log(1 + exp(-s))."""
    logits = torch.tensor([0.0, 2.0, -1.0], device="cpu")
    each = torch.tensor([math.log(1 + math.exp(-s)) for s in (0.0, 2.0, -1.0)], device="cpu")
    hints = [
        (losses.minimax_loss(logits), "This is the minimax loss. The non-saturating one is the "
                                      "BCE against the label 1, without a minus."),
        (losses.bce(logits, 0), "This is D's half: label 0. G wants the answer \"real\": label 1."),
        (-each.mean(), "One minus too many: G goes down the BCE against the label 1."),
        (losses.bce(torch.sigmoid(logits), 1), "There is one sigmoid too many: bce takes logits."),
        (each, "Give one number, the mean."),
    ]
    expect("non_saturating_loss(torch.tensor([0.0, 2.0, -1.0]))", answer(logits), each.mean(),
           hints)


def examine_discriminator_step(answer) -> None:
    """Play one step of D with known weights: who moved, how far, and what was given back."""
    scene = Scene(mover="D")
    before_G = training.weights(scene.G)
    came = scene.play("discriminator_step", answer, scene.D, scene.G, scene.real, scene.z,
                      scene.optimizer)
    _expect_parts("discriminator_step(D, G, real, z, optimizer)", came,
                  ("loss", "real logits", "fake logits"))
    _expect_still("D's", "G", scene.G, before_G,
                  "Make the fakes inside `with frozen(G), torch.no_grad():`")
    _expect_weights("discriminator_step", "D", scene.D, *_moves_of_D(scene))
    real_logits, fake_logits = (2 * x.flatten() - 1 for x in (scene.real, 3 * scene.z + 1))
    _expect_logits("real", came[1], real_logits, fake_logits)
    _expect_logits("fake", came[2], fake_logits, real_logits)
    expect("The loss that discriminator_step gives back", came[0],
           losses.discriminator_loss(real_logits, fake_logits))


def examine_generator_step(answer) -> None:
    """Play one step of G with known weights: who moved, how far, and what was given back."""
    scene = Scene(mover="G")
    before_D = training.weights(scene.D)
    came = scene.play("generator_step", answer, scene.D, scene.G, scene.z, scene.optimizer)
    _expect_parts("generator_step(D, G, z, optimizer)", came, ("loss", "fake logits"))
    _expect_still("G's", "D", scene.D, before_D, "Do it all inside `with frozen(D):`")
    _expect_weights("generator_step", "G", scene.G, *_moves_of_G(scene))
    fake_logits = 2 * (3 * scene.z + 1).flatten() - 1
    expect("The fake logits that generator_step gives back", came[1], fake_logits,
           [(torch.sigmoid(fake_logits), "These are probabilities. Give back the logits.")])
    expect("The loss that generator_step gives back", came[0],
           losses.non_saturating_loss(fake_logits))
    _expect_loss_function(answer)


def _expect_loss_function(answer) -> None:
    scene = Scene(mover="G")
    scene.play("generator_step", answer, scene.D, scene.G, scene.z, scene.optimizer,
               losses.minimax_loss)
    moves = _moves_of_G(scene)
    hints = [(moves[0], "Use `loss_function(fake_logits)`, not always the same loss.")]
    _expect_weights("generator_step(..., losses.minimax_loss)", "G", scene.G,
                    _moved((3.0, 1.0), _slope_of_G(scene, 0, -1)), hints)


def _moves_of_D(scene: Scene) -> tuple[Tensor, list[tuple[Tensor, str]]]:
    """Return where D must be after the step, and where typical mistakes lead, with hints."""
    def slope(x: Tensor, label: float) -> Tensor:  # mean of (p - y) x and of p - y
        gap = torch.sigmoid(2 * x - 1) - label
        return torch.stack([(gap * x).mean(), gap.mean()])

    start, fake = (2.0, -1.0), 3 * scene.z + 1
    real_half, fake_half = slope(scene.real, 1), slope(fake, 0)
    right = real_half + fake_half
    return _moved(start, right), [
        *_slips(start, right),
        (_moved(start, slope(scene.real, 0) + slope(fake, 1)),
         "The labels are swapped: losses.discriminator_loss(real_logits, fake_logits), "
         "real first."),
        (_moved(start, real_half), "Only the real half of the loss is there."),
        (_moved(start, fake_half), "Only the fake half of the loss is there."),
        (_moved(start, right / 2), "The loss is the sum of both halves, not their mean."),
        (_moved(start, -right), "D has gone up. It goes down the BCE: no minus."),
    ]


def _moves_of_G(scene: Scene) -> tuple[Tensor, list[tuple[Tensor, str]]]:
    """Return where G must be after the step, and where typical mistakes lead, with hints."""
    start, right = (3.0, 1.0), _slope_of_G(scene, 1)
    return _moved(start, right), [
        *_slips(start, right),
        (_moved(start, _slope_of_G(scene, 0)),
         "You used the label 0, so G helps D. G wants the answer \"real\": label 1."),
        (_moved(start, _slope_of_G(scene, 0, -1)),
         "This is the minimax loss. Use `loss_function`, which is the non-saturating one here."),
        (_moved(start, -right), "G has gone up. It goes down its loss: no minus."),
    ]


def _slope_of_G(scene: Scene, label: float, sign: float = 1) -> Tensor:
    # The chain rule: (p - y) for the logit, times D's slope 2, times z or 1.
    gap = 2 * sign * (torch.sigmoid(2 * (3 * scene.z + 1) - 1) - label)
    return torch.stack([(gap * scene.z).mean(), gap.mean()])


def _moved(start: tuple[float, float], slope: Tensor) -> Tensor:
    return torch.tensor(start, device="cpu") - RATE * slope


def _slips(start: tuple[float, float], slope: Tensor) -> list[tuple[Tensor, str]]:
    """Return the mistakes that both half-steps share."""
    zero = torch.zeros(2, device="cpu")
    return [
        (_moved(start, slope + STALE), "The gradients of an earlier step were still there: call "
                                       "optimizer.zero_grad() before loss.backward()."),
        (_moved(start, zero + STALE), "Only old gradients were used: call optimizer.zero_grad(), "
                                      "then loss.backward(), then optimizer.step()."),
        (_moved(start, zero), "It has not moved. In this order: optimizer.zero_grad(), "
                              "loss.backward(), optimizer.step()."),
    ]


def _expect_parts(call: str, came, names: tuple[str, ...]) -> None:
    if came is None:
        expect(call, came, names)
    if not isinstance(came, (tuple, list)) or len(came) != len(names):
        raise NotYet(f"{call} should give back {len(names)} things: {', '.join(names)}. "
                     f"It gave {len(came) if isinstance(came, (tuple, list)) else 'one'}.")


def _expect_still(whose: str, name: str, network, before: Tensor, hint: str) -> None:
    moved = training.change(before, network)
    if moved:
        raise NotYet(f"In {whose} half-step, {name} has moved: |Δ{name}| should be exactly 0, but "
                     f"it is {moved:.3f}. {name} was not frozen. Hint: {hint}")
    if any(parameter.grad is not None for parameter in network.parameters()):
        raise NotYet(f"In {whose} half-step, gradients were computed for {name}. A frozen network "
                     f"needs none. Hint: {hint}")
    if not all(parameter.requires_grad for parameter in network.parameters()):
        raise NotYet(f"After {whose} half-step, {name} is still frozen: it can never learn again. "
                     f"Hint: `with frozen({name}):` thaws it at the end.")


def _expect_weights(call: str, name: str, network, right: Tensor, hints) -> None:
    expect(f"training.weights({name}) after {call}", training.weights(network), right, hints)


def _expect_logits(kind: str, came, right: Tensor, other: Tensor) -> None:
    expect(f"The {kind} logits that discriminator_step gives back", came, right, [
        (other, "Real and fake are swapped: the order is loss, real logits, fake logits."),
        (torch.sigmoid(right), "These are probabilities. Give back the logits."),
    ])


EXERCISES = [
    Exercise(training.discriminator_step, examine_discriminator_step,
             "Right: D has moved down its loss, and |ΔG| is exactly 0."),
    Exercise(losses.non_saturating_loss, examine_non_saturating_loss,
             "Right: small when D takes the fakes for real."),
    Exercise(training.generator_step, examine_generator_step,
             "Right: G has moved down its loss, through D, and |ΔD| is exactly 0."),
]
