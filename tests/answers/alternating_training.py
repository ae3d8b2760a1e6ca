"""Answers to the exercises of the notebook alternating_training."""

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
PARTS_D = {"block": "frozen(G), torch.no_grad()", "fake": "G(z)", "judged": "D(real), D(fake)",
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
PARTS_G = {"block": "frozen(D)", "judged": "D(G(z))", "loss": "loss_function(fake_logits)",
           "zero": "optimizer.zero_grad()", "backward": "loss.backward()",
           "step": "optimizer.step()", "result": "loss.detach(), fake_logits.detach()"}
THROUGH = "torch.enable_grad()"  # a block that changes nothing


def step_D(**changes: str) -> str:
    """Return a right discriminator_step with some of its parts changed."""
    return STEP_D.format(**{**PARTS_D, **changes})


def step_G(**changes: str) -> str:
    """Return a right generator_step with some of its parts changed."""
    return STEP_G.format(**{**PARTS_G, **changes})


def loss(expression: str, first: str = "") -> str:
    """Return a non_saturating_loss that gives `expression` of the fake logits s."""
    return f"def non_saturating_loss(s):\n    {first or 'pass'}\n    return {expression}"


DECORATED = """
def loud(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper

"""

RIGHT = {
    "discriminator_step": {
        "as in the notebook": step_D(),
        "detached fakes": step_D(block=THROUGH, fake="G(z).detach()"),
        "one batch, cut in two": step_D(judged="D(torch.cat([real, fake])).chunk(2)"),
        "D's own zero_grad": step_D(zero="D.zero_grad()"),
        "nothing detached": step_D(result="loss, real_logits, fake_logits"),
        "a list": step_D(result="[loss.detach(), real_logits.detach(), fake_logits.detach()]"),
        "two losses": step_D(loss="losses.bce(real_logits, 1) + losses.bce(fake_logits, 0)"),
        "PyTorch's loss": step_D(
            loss="F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))"
                 " + F.binary_cross_entropy_with_logits(fake_logits, "
                 "torch.zeros_like(fake_logits))"),
        "two calls of backward": step_D(
            loss="losses.bce(real_logits, 1)",
            backward="more = losses.bce(fake_logits, 0); loss.backward(); more.backward()",
            result="(loss + more).detach(), real_logits.detach(), fake_logits.detach()"),
        "frozen by hand": step_D(block=THROUGH, fake="G.requires_grad_(False)(z)",
                                 step="optimizer.step(); G.requires_grad_(True)"),
        "closure": """
def discriminator_step(D, G, real, z, optimizer):
    with frozen(G), torch.no_grad():
        fake = G(z)
    kept = []
    def closure():
        optimizer.zero_grad()
        real_logits, fake_logits = D(real), D(fake)
        loss = losses.discriminator_loss(real_logits, fake_logits)
        loss.backward()
        kept.extend([loss.detach(), real_logits.detach(), fake_logits.detach()])
        return loss
    optimizer.step(closure)
    return tuple(kept)
""",
        "gradients by hand": step_D(zero="pass", backward="for w, g in zip(D.parameters(), "
                                    "torch.autograd.grad(loss, list(D.parameters()))): w.grad = g"),
        "other names": step_D().replace("real_logits", "r").replace("optimizer", "opt"),
    },
    "non_saturating_loss": {
        "bce": loss("losses.bce(s, 1)"),
        "softplus": loss("F.softplus(-s).mean()"),
        "logsigmoid": loss("-F.logsigmoid(s).mean()"),
        "PyTorch's": loss("F.binary_cross_entropy_with_logits(s, torch.ones_like(s))"),
        "labels": loss("losses.bce(s, y)", "y = torch.ones(s.shape)"),
        "a float as label": loss("losses.bce(s, 1.0)"),
        "one logit after the other": loss("sum(losses.bce(one, 1) for one in s) / len(s)"),
        "G's and D's labels turned round": loss("losses.bce(-s, 0)"),
        "sum by number": loss("F.softplus(-s).sum() / s.numel()"),
        "logaddexp": loss("torch.logaddexp(torch.zeros_like(s), -s).mean()"),
        "lambda": "non_saturating_loss = lambda s: losses.bce(s, 1)",
        "decorated": DECORATED + "@loud\n" + loss("losses.bce(s, 1)"),
        "type hints": "def non_saturating_loss(fake_logits: torch.Tensor) -> torch.Tensor:\n"
                      "    return losses.bce(fake_logits, 1)",
        "it prints as well": loss("losses.bce(s, 1)", "print(s.shape)"),
    },
    "generator_step": {
        "as in the notebook": step_G(),
        "G's own zero_grad": step_G(zero="G.zero_grad()"),
        "nothing detached": step_G(result="loss, fake_logits"),
        "a list": step_G(result="[loss.detach(), fake_logits.detach()]"),
        "a name for the fakes": step_G(judged="D(fake := G(z))"),
        "frozen by hand": step_G(block=THROUGH, judged="D.requires_grad_(False)(G(z))",
                                 step="optimizer.step(); D.requires_grad_(True)"),
        "only D's judgement frozen": """
def generator_step(D, G, z, optimizer, loss_function=None):
    fake = G(z)
    with frozen(D):
        fake_logits = D(fake)
    loss = (loss_function or non_saturating_loss)(fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.data, fake_logits.data
""",
        "zero at the beginning": step_G(judged="D(G(z)) + 0 * bool(optimizer.zero_grad())",
                                        zero="pass"),
        "zero at the end as well": step_G(step="optimizer.step(); optimizer.zero_grad()"),
        "other names": step_G().replace("fake_logits", "s").replace("optimizer", "opt"),
        "clone": step_G(result="loss.detach().clone(), fake_logits.detach().clone()"),
    },
}

MOVED = "It has not moved"
SHARED = {  # mistakes that both half-steps share: what is changed, and words of the verdict
    "no zero_grad": ({"zero": "pass"}, "before loss.backward()"),
    "no backward": ({"backward": "pass"}, MOVED),
    "no step": ({"step": "pass"}, MOVED),
    "nothing but step": ({"zero": "pass", "backward": "pass"}, "Only old gradients"),
    "only zero_grad": ({"backward": "pass", "step": "pass"}, MOVED),
    "zero after backward": ({"zero": "loss.backward()", "backward": "optimizer.zero_grad()"},
                            "In this order"),
    "step before backward": ({"backward": "optimizer.step()", "step": "loss.backward()"},
                             "should be"),
    "two steps": ({"step": "optimizer.step(); optimizer.step()"}, "made two steps"),
    "nothing back": ({"result": "None"}, "gave nothing back"),
    "only the loss": ({"result": "loss.detach()"}, "things"),
    "the loss as a float": ({"result": "loss.item(), *rest"}, "`rest` is not known"),
    "an unknown name": ({"loss": "bce(logits, 1)"}, "is not known here"),
    "called without brackets": ({"zero": "optimizer.zero_grad"}, "before loss.backward()"),
    "backward on a float": ({"backward": "loss.item().backward()"}, "stopped"),
}

WRONG = {
    "discriminator_step": {
        **{name: (step_D(**changes), words) for name, (changes, words) in SHARED.items()},
        "G not frozen": (step_D(block=THROUGH), "G was not frozen"),
        "the shown number of samples": (step_D(judged="D(real[:8]), D(fake[:8])"), "should be"),
        "D in another mode": (step_D(judged="D.eval()(real), D(fake)"), "in training mode"),
        "a sigmoid too many": (step_D(judged="D(real).sigmoid(), D(fake).sigmoid()"),
                               "one sigmoid too many"),
        "swapped labels": (step_D(loss="losses.discriminator_loss(fake_logits, real_logits)"),
                           "labels are swapped"),
        "real half": (step_D(loss="losses.bce(real_logits, 1)"), "Only the real half"),
        "fake half": (step_D(loss="losses.bce(fake_logits, 0)"), "Only the fake half"),
        "minus": (step_D(loss="-losses.discriminator_loss(real_logits, fake_logits)"), "no minus"),
        "mean of halves": (step_D(
            loss="(losses.bce(real_logits, 1) + losses.bce(fake_logits, 0)) / 2"),
            "not their mean"),
        "probabilities judged": (step_D(judged="D.probability(real), D.probability(fake)"),
                                 "takes logits"),
        "D under no_grad": (step_D(judged="torch.no_grad()(lambda: (D(real), D(fake)))()"),
                            "must not be under torch.no_grad()"),
        "left frozen": (step_D(fake="G(z); G.requires_grad_(False)", block="torch.no_grad()"),
                        "still frozen"),
        "swapped results": (step_D(result="loss.detach(), fake_logits.detach(), "
                                          "real_logits.detach()"), "order is loss, real"),
        "probabilities back": (step_D(result="loss.detach(), real_logits.sigmoid().detach(), "
                                             "fake_logits.sigmoid().detach()"),
                               "Give back the logits"),
        "the fakes judged twice": (step_D(judged="D(fake), D(fake)"), "should be"),
        "G's loss": (step_D(loss="losses.bce(fake_logits, 1)"), "should be"),
    },
    "non_saturating_loss": {
        "minimax": (loss("-losses.bce(s, 0)"), "minimax loss"),
        "the library's minimax": (loss("minimax_loss(s)"), "minimax loss"),
        "label 0": (loss("losses.bce(s, 0)"), "label 0"),
        "minus": (loss("-losses.bce(s, 1)"), "One minus too many"),
        "a sigmoid too many": (loss("losses.bce(s.sigmoid(), 1)"), "one sigmoid too many"),
        "mean before the loss": (loss("losses.bce(s.mean(), 1)"), "First the BCE of each logit"),
        "no minus": (loss("torch.log(torch.sigmoid(s)).mean()"), "there is a minus"),
        "the first only": (loss("losses.bce(s[0], 1)"), "should give"),
        "float64": (loss("losses.bce(s.double(), 1)"), "float32"),
        "no mean": (loss("F.softplus(-s)"), "one number, the mean"),
        "sum": (loss("F.softplus(-s).sum()"), "Take the mean"),
        "no bce": (loss("-s.mean()"), "without a BCE"),
        "mean probability": (loss("-s.sigmoid().mean()"), "mean probability with a minus"),
        "label one half": (loss("losses.bce(s, 0.5)"), "neither real nor fake"),
        "log of sigmoid": (loss("-torch.log(torch.sigmoid(s)).mean()"), "rounds to 0"),
        "clamped": (loss("-torch.log(torch.sigmoid(s).clamp(1e-4)).mean()"), "should give"),
        "the shown number": (loss("torch.tensor(0.7111)"), "should give"),
        "a float": (loss("losses.bce(s, 1).item()"), "should give a tensor"),
        "detached": (loss("losses.bce(s, 1).detach()"), "no gradient flows"),
        "no_grad": (loss("torch.no_grad()(losses.bce)(s, 1)"), "no gradient flows"),
        "a list": (loss("[losses.bce(s, 1)]"), "should give a tensor"),
        "print": ("def non_saturating_loss(s):\n    print(losses.bce(s, 1))", "gave nothing back"),
        "length of the shown example": (loss("losses.bce(s, torch.ones(3))"), "stopped"),
        "labels of another length": (loss("F.softplus(-s).sum() / 3"), "should give"),
        "math": (loss("math.log(1 + math.exp(-s))"), "stopped"),
        "in place": (loss("losses.bce(s, 1)", "s.data.mul_(1).add_(1).sub_(1); s.data[...] = 0"),
                     "should give"),
    },
    "generator_step": {
        **{name: (step_G(**changes), words) for name, (changes, words) in SHARED.items()},
        "D not frozen": (step_G(block=THROUGH), "D was not frozen"),
        "G frozen": (step_G(block="frozen(G)"), "You froze G"),
        "a sigmoid too many": (step_G(judged="D(G(z)).sigmoid()"), "one sigmoid too many"),
        "left in another mode": (step_G(judged="D.eval()(G(z))"), "in training mode"),
        "the first logits back": (step_G(result="loss.detach(), fake_logits.detach()[:8]"),
                                  "should be"),
        "D judges the noise": (step_G(judged="D(z)"), "stopped"),
        "new noise": (step_G(judged="D(G(torch.randn_like(z)))"), "should be"),
        "no_grad": (step_G(block="frozen(D), torch.no_grad()"), "no torch.no_grad()"),
        "detached fakes": (step_G(judged="D(G(z).detach())"), "no detach()"),
        "probabilities judged": (step_G(judged="D.probability(G(z))"), "no D.probability"),
        "label 0": (step_G(loss="losses.bce(fake_logits, 0)"), "You used the label 0"),
        "minimax always": (step_G(loss="minimax_loss(fake_logits)"), "This is the minimax loss"),
        "minimax by default": (step_G().replace("=non_saturating_loss", "=minimax_loss"),
                               "Keep the `def` line"),
        "no default": (step_G().replace("=non_saturating_loss", ""), "was called without"),
        "no loss_function": (step_G().replace(", loss_function=non_saturating_loss", ""),
                             "stopped"),
        "minus": (step_G(loss="-loss_function(fake_logits)"), "no minus"),
        "always the same loss": (step_G(loss="losses.bce(fake_logits, 1)"),
                                 "not always the same loss"),
        "left frozen": (step_G(block=THROUGH, judged="D.requires_grad_(False)(G(z))"),
                        "still frozen"),
        "probabilities back": (step_G(result="loss.detach(), fake_logits.sigmoid().detach()"),
                               "Give back the logits"),
        "swapped results": (step_G(result="fake_logits.detach(), loss.detach()"), "comes first"),
    },
}
