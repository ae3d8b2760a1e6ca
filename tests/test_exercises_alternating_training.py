"""The exercises of notebook 04: right answers, the stubs, and typical mistakes with their hints."""


import pytest

from exercise_tools import verdict

# Lines of the student's core version that the library's longer one has in another form.
BEFORE = ("from gan_lib.training import frozen\n"
          "from gan_lib.losses import non_saturating_loss, minimax_loss\n")

STEP_D = """
def discriminator_step(D, G, real, z, optimizer):
    with {block}:
        fake = {fake}
    real_logits, fake_logits = {judged}
    loss = {loss}
    {zero}
    {backward}
    {step}
    return {result}
"""
RIGHT_D = {"block": "frozen(G), torch.no_grad()", "fake": "G(z)", "judged": "D(real), D(fake)",
           "loss": "losses.discriminator_loss(real_logits, fake_logits)",
           "zero": "optimizer.zero_grad()", "backward": "loss.backward()",
           "step": "optimizer.step()",
           "result": "loss.detach(), real_logits.detach(), fake_logits.detach()"}
STEP_G = """
def generator_step(D, G, z, optimizer, loss_function=non_saturating_loss):
    with {block}:
        fake_logits = {judged}
        loss = {loss}
        {zero}
        {backward}
        {step}
    return {result}
"""
RIGHT_G = {"block": "frozen(D)", "judged": "D(G(z))", "loss": "loss_function(fake_logits)",
           "zero": "optimizer.zero_grad()", "backward": "loss.backward()",
           "step": "optimizer.step()", "result": "loss.detach(), fake_logits.detach()"}
THROUGH = "torch.enable_grad()"  # a block that changes nothing


def step_D(**changes):
    return BEFORE + STEP_D.format(**{**RIGHT_D, **changes})


def step_G(**changes):
    return BEFORE + STEP_G.format(**{**RIGHT_G, **changes})


WRONG = [
    ("discriminator_step", step_D(block=THROUGH), "G was not frozen"),
    ("discriminator_step", step_D(zero="pass"), "before loss.backward()"),
    ("discriminator_step", step_D(backward="pass"), "It has not moved"),
    ("discriminator_step", step_D(step="pass"), "It has not moved"),
    ("discriminator_step", step_D(zero="pass", backward="pass"), "Only old gradients"),
    ("discriminator_step", step_D(zero="loss.backward()", backward="optimizer.zero_grad()"),
     "In this order"),
    ("discriminator_step", step_D(loss="losses.discriminator_loss(fake_logits, real_logits)"),
     "labels are swapped"),
    ("discriminator_step", step_D(loss="losses.bce(real_logits, 1)"), "Only the real half"),
    ("discriminator_step", step_D(loss="losses.bce(fake_logits, 0)"), "Only the fake half"),
    ("discriminator_step", step_D(loss="-losses.discriminator_loss(real_logits, fake_logits)"),
     "no minus"),
    ("discriminator_step", step_D(loss="(losses.bce(real_logits, 1) + losses.bce(fake_logits, 0))"
                                       " / 2"), "not their mean"),
    ("discriminator_step", step_D(judged="D.probability(real), D.probability(fake)"),
     "takes logits"),
    ("discriminator_step", step_D(fake="G(z); G.requires_grad_(False)",
                                  block="torch.no_grad()"), "still frozen"),
    ("discriminator_step", step_D(result="loss.detach()"), "3 things"),
    ("discriminator_step", step_D(result="loss, fake_logits, real_logits"), "order is loss, real"),
    ("discriminator_step", step_D(result="loss, real_logits.sigmoid(), fake_logits.sigmoid()"),
     "Give back the logits"),
    ("discriminator_step", step_D(result="None"), "gave nothing back"),
    ("non_saturating_loss", "def non_saturating_loss(s):\n    return -losses.bce(s, 0)",
     "minimax loss"),
    ("non_saturating_loss", "def non_saturating_loss(s):\n    return losses.bce(s, 0)",
     "label 0"),
    ("non_saturating_loss", "def non_saturating_loss(s):\n    return -losses.bce(s, 1)",
     "One minus too many"),
    ("non_saturating_loss", "def non_saturating_loss(s):\n    return losses.bce(s.sigmoid(), 1)",
     "one sigmoid too many"),
    ("non_saturating_loss", "def non_saturating_loss(s):\n    return F.softplus(-s)",
     "one number, the mean"),
    ("generator_step", step_G(block=THROUGH), "D was not frozen"),
    ("generator_step", step_G(zero="pass"), "before loss.backward()"),
    ("generator_step", step_G(backward="pass"), "It has not moved"),
    ("generator_step", step_G(step="pass"), "It has not moved"),
    ("generator_step", step_G(block="frozen(D), torch.no_grad()"), "no torch.no_grad()"),
    ("generator_step", step_G(judged="D(G(z).detach())"), "no detach()"),
    ("generator_step", step_G(judged="D.probability(G(z))"), "no D.probability"),
    ("generator_step", step_G(loss="losses.bce(fake_logits, 0)"), "You used the label 0"),
    ("generator_step", step_G(loss="minimax_loss(fake_logits)"), "This is the minimax loss"),
    ("generator_step", step_G(loss="-loss_function(fake_logits)"), "no minus"),
    ("generator_step", step_G(loss="losses.bce(fake_logits, 1)"), "not always the same loss"),
    ("generator_step", step_G(block=THROUGH, judged="D.requires_grad_(False)(G(z))"),
     "still frozen"),
    ("generator_step", step_G(result="loss.detach()"), "2 things"),
    ("generator_step", step_G(result="loss, fake_logits.sigmoid()"), "Give back the logits"),
]


@pytest.mark.parametrize(("name", "source"), [
    ("discriminator_step", step_D()), ("generator_step", step_G()),
    ("discriminator_step", step_D(block=THROUGH, fake="G(z).detach()")),
    ("discriminator_step", step_D(judged="D(torch.cat([real, fake])).chunk(2)")),
    ("discriminator_step", step_D(zero="D.zero_grad()")),
    ("discriminator_step", step_D(result="loss, real_logits, fake_logits")),
    ("generator_step", step_G(zero="G.zero_grad()")),
])
def test_other_right_ways_are_accepted(name, source):
    assert verdict(source, name).startswith("✓")


@pytest.mark.parametrize(("name", "source", "hint"), WRONG)
def test_a_typical_mistake_gets_its_hint(name, source, hint):
    said = verdict(source, name)
    assert said.startswith("Not yet") and hint in said, said
