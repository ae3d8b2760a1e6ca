"""Answers to the exercises of the notebook bce_refresher."""


def _p(result: str, before: str = "") -> str:
    """Return the source of a bce_from_probability that returns `result`."""
    return f"def bce_from_probability(p, y):\n    {before}\n    return {result}"


def _s(result: str, before: str = "") -> str:
    """Return the source of a bce that returns `result`."""
    return f"def bce(logits, y):\n    {before}\n    return {result}"


def _g(result: str, before: str = "") -> str:
    """Return the source of a bce_gradient that returns `result`."""
    return f"def bce_gradient(logits, y):\n    {before}\n    return {result}"


RIGHT = {
    "bce_from_probability": {
        "the formula": _p("-(y * torch.log(p) + (1 - y) * torch.log(1 - p))"),
        "two minus signs": _p("-y * torch.log(p) - (1 - y) * torch.log(1 - p)"),
        "methods": _p("-(y * p.log() + (1 - y) * (1 - p).log())"),
        "log1p": _p("-(y * torch.log(p) + (1 - y) * torch.log1p(-p))"),
        "where": _p("torch.where(torch.as_tensor(y) == 1, -torch.log(p), -torch.log(1 - p))"),
        "the probability of the truth": _p("-torch.log(y * p + (1 - y) * (1 - p))"),
        "distance to the wrong label": _p("-torch.log(torch.abs(p - (1 - y)))"),
        "surprise of the library": _p("losses.surprise(torch.abs(1 - y - p))"),
        "torch's function": _p('F.binary_cross_entropy(p, y, reduction="none")',
                               "y = y * torch.ones_like(p)"),
        "lerp": _p("-torch.log(torch.lerp(1 - p, p, torch.as_tensor(y, dtype=p.dtype)))"),
        "xlogy": _p("-torch.special.xlogy(y, p) - torch.special.xlogy(1 - y, 1 - p)"),
        "a loop": _p("torch.stack(losses).reshape(p.shape)", """\
y = y * torch.ones_like(p)
    losses = []
    for a, b in zip(p.flatten(), y.flatten()):
        losses.append(-torch.log(a) if b == 1 else -torch.log(1 - a))"""),
        "with a small number inside": _p(
            "-(y * torch.log(p + 1e-9) + (1 - y) * torch.log(1 - p + 1e-9))"),
        "clamped": _p("-(y * torch.log(q) + (1 - y) * torch.log(1 - q))",
                      "q = p.clamp(1e-7, 1 - 1e-7)"),
        "type hints, other names, a default": """
def bce_from_probability(prob: torch.Tensor, label: torch.Tensor = 1.0) -> torch.Tensor:
    '''The surprise.'''
    first_half = label * torch.log(prob)
    second_half = (1 - label) * torch.log(1 - prob)
    return -first_half - second_half
""",
        "a lambda": "bce_from_probability = lambda p, y: -(y * p.log() + (1 - y) * (1 - p).log())",
        "decorated": """
def loud(function):
    def inside(*arguments):
        return function(*arguments)
    return inside

@loud
def bce_from_probability(p, y):
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))
""",
        "a helper": """
def surprise(p):
    return -torch.log(p)

def bce_from_probability(p, y):
    return y * surprise(p) + (1 - y) * surprise(1 - p)
""",
        "it prints as well": _p("-(y * torch.log(p) + (1 - y) * torch.log(1 - p))",
                                "print('p is', p)"),
    },
    "bce": {
        "the formula": _s("(F.softplus(logits) - y * logits).mean()"),
        "torch.mean": _s("torch.mean(F.softplus(logits) - y * logits)"),
        "torch's function": _s("F.binary_cross_entropy_with_logits(logits, y)",
                               "y = y * torch.ones_like(logits)"),
        "torch's loss": _s("torch.nn.BCEWithLogitsLoss()(logits, y + 0 * logits)"),
        "logsigmoid": _s("-(y * F.logsigmoid(logits) + (1 - y) * F.logsigmoid(-logits)).mean()"),
        "two softplus": _s("(y * F.softplus(-logits) + (1 - y) * F.softplus(logits)).mean()"),
        "softplus of the sign": _s("F.softplus((1 - 2 * y) * logits).mean()"),
        "logaddexp": _s("(torch.logaddexp(logits, torch.zeros_like(logits)) - y * logits).mean()"),
        "max and log1p": _s("(torch.relu(logits) - y * logits + torch.log1p(torch.exp("
                            "-torch.abs(logits)))).mean()"),
        "two means": _s("F.softplus(logits).mean() - (y * logits).mean()"),
        "sum by number": _s("(F.softplus(logits) - y * logits).sum() / logits.numel()"),
        "a loop": _s("total / logits.numel()", """\
y = y * torch.ones_like(logits)
    total = 0
    for s, label in zip(logits.flatten(), y.flatten()):
        total = total + F.softplus(s) - label * s"""),
        "where": _s("torch.where(torch.as_tensor(y) == 1, F.softplus(-logits), "
                    "F.softplus(logits)).mean()"),
        "torch's softplus as a layer": _s("(torch.nn.Softplus()(logits) - y * logits).mean()"),
        "float64 inside": _s("(F.softplus(s) - y * s).mean().float()", "s = logits.double()"),
        "type hints, other names": """
def bce(s: torch.Tensor, label) -> torch.Tensor:
    each: torch.Tensor = F.softplus(s) - label * s
    return each.mean()
""",
        "a lambda": "bce = lambda logits, y: (F.softplus(logits) - y * logits).mean()",
        "decorated": """
def counted(function):
    def inside(*args, **kwargs):
        inside.calls += 1
        return function(*args, **kwargs)
    inside.calls = 0
    return inside

@counted
def bce(logits, y):
    return (F.softplus(logits) - y * logits).mean()
""",
        "a callable": """
class Loss:
    def __call__(self, logits, y):
        return (F.softplus(logits) - y * logits).mean()

bce = Loss()
""",
    },
    "bce_gradient": {
        "the formula": _g("torch.sigmoid(logits) - y"),
        "a method": _g("logits.sigmoid() - y"),
        "in two lines": _g("p - y", "p = torch.sigmoid(logits)"),
        "the sigmoid by hand": _g("1 / (1 + torch.exp(-logits)) - y"),
        "the other sigmoid by hand": _g("torch.exp(logits) / (1 + torch.exp(logits)) - y"),
        "tanh": _g("0.5 * (1 + torch.tanh(logits / 2)) - y"),
        "the chain rule": _g("((p - y) / (p * (1 - p)) * (p * (1 - p))).float()",
                             "p = torch.sigmoid(logits.double())"),
        "torch.sub": _g("torch.sub(torch.sigmoid(logits), y)"),
        "expit": _g("torch.special.expit(logits) - y"),
        "by label": _g("(1 - y) * p - y * (1 - p)", "p = torch.sigmoid(logits)"),
        "where": _g("torch.where(torch.as_tensor(y) == 1, p - 1, p)", "p = torch.sigmoid(logits)"),
        "autograd": _g("torch.autograd.grad(loss, s)[0]", """\
s = logits.detach().clone().requires_grad_()
    loss = (F.softplus(s) - y * s).sum()"""),
        "a loop": _g("torch.stack(each).reshape(logits.shape)", """\
y = y * torch.ones_like(logits)
    each = [torch.sigmoid(s) - label for s, label in zip(logits.flatten(), y.flatten())]"""),
        "type hints, other names": """
def bce_gradient(s: torch.Tensor, label: torch.Tensor | float = 1) -> torch.Tensor:
    said = torch.sigmoid(s)
    true = label
    return said - true
""",
        "a lambda": "bce_gradient = lambda logits, y: torch.sigmoid(logits) - y",
        "decorated": """
def twice(function):
    def inside(*args):
        function(*args)
        return function(*args)
    return inside

@twice
def bce_gradient(logits, y):
    return torch.sigmoid(logits) - y
""",
        "autograd of the mean, times their number": _g(
            "torch.autograd.grad(losses.bce(s, y) * s.numel(), s)[0]",
            "s = logits.detach().clone().requires_grad_()"),
    },
}

WRONG = {
    "bce_from_probability": {
        "no minus": (_p("y * torch.log(p) + (1 - y) * torch.log(1 - p)"), "minus sign in front"),
        "the half of label 1": (_p("-y * torch.log(p)"), "only one half"),
        "the half of label 0": (_p("-(1 - y) * torch.log(1 - p)"), "only one half"),
        "swapped labels": (_p("-((1 - y) * torch.log(p) + y * torch.log(1 - p))"), "swapped"),
        "minus in front of one half": (_p("-y * torch.log(p) + (1 - y) * torch.log(1 - p)"),
                                       "brackets round the sum"),
        "the mean": (_p("-(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()"),
                     "one loss for each number"),
        "the sum": (_p("-(y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum()"), "add them up"),
        "torch's mean": (_p("F.binary_cross_entropy(p, y)"), "one loss for each number"),
        "log10": (_p("-(y * torch.log10(p) + (1 - y) * torch.log10(1 - p))"), "natural"),
        "log2": (_p("-(y * torch.log2(p) + (1 - y) * torch.log2(1 - p))"), "natural"),
        "distance": (_p("torch.abs(y - p)"), "distance"),
        "squared error": (_p("(y - p) ** 2"), "squared error"),
        "1 - log(p)": (_p("-(y * torch.log(p) + (1 - y) * (1 - torch.log(p)))"), "not 1 - log(p)"),
        "without y": (_p("-torch.log(p)"), "label must matter"),
        "both halves": (_p("-torch.log(p) - torch.log(1 - p)"), "switches one half off"),
        "without logs": (_p("-(y * p + (1 - y) * (1 - p))"), "logs are missing"),
        "for logits": (_p("F.softplus(p) - y * p"), "no sigmoid"),
        "entropy": (_p("-(p * torch.log(p) + (1 - p) * torch.log(1 - p))"), "not p"),
        "a constant": (_p("-torch.log(torch.tensor([0.9, 0.8, 0.4]))"), "should give"),
        "a rounded constant": (_p("torch.tensor([0.1054, 0.2231, 0.9163])"), "do not round"),
        "labels of the example": (
            _p("-(y * torch.log(p) + (1 - y) * torch.log(1 - p))",
               "y = torch.tensor([1.0, 0.0, 0.0])"), "shapes do not fit"),
        "numbers only": (_p("-math.log(p) if y == 1 else -math.log(1 - p)"), "stopped"),
        "if of a tensor": (_p("-torch.log(p) if y == 1 else -torch.log(1 - p)"), "stopped"),
        "a list": (_p("[-math.log(a) if b == 1 else -math.log(1 - a) for a, b in zip(p, y)]"),
                   "torch.stack"),
        "labels must be tensors": (_p("-(y.float() * torch.log(p) + (1 - y) * torch.log(1 - p))"),
                                   "plain number"),
        "size of the labels": (
            _p("-(y * torch.log(p) + (1 - y) * torch.log(1 - p))", "n = y.size(0)"),
            "plain number"),
        "one axis only": (
            _p("torch.stack([-(y[i] * torch.log(p[i]) + (1 - y[i]) * torch.log(1 - p[i])) "
               "for i in range(len(p))])"), "stopped"),
        "three numbers only": (
            _p("torch.stack([-(y[i] * p[i].log() + (1 - y[i]) * (1 - p[i]).log()) "
               "for i in range(3)])"), "stopped"),
        "in place": (_p("-(y * p.log_() + (1 - y) * q.log_())", "q = 1 - p"),
                     "changed its argument"),
        "rounded": (_p("torch.round(-(y * torch.log(p) + (1 - y) * torch.log(1 - p)), "
                       "decimals=2)"), "should give"),
        "no gradient": (_p("-(y * q.log() + (1 - y) * (1 - q).log())", "q = p.detach()"),
                        "no gradient flows"),
        "float64": (_p("-(y * q.log() + (1 - y) * (1 - q).log())", "q = p.double()"),
                    "x.float()"),
        "print": (_p("print(-(y * torch.log(p) + (1 - y) * torch.log(1 - p)))"),
                  "gave nothing back"),
        "nothing": (_p(""), "gave nothing back"),
        "torch.ln": (_p("-(y * torch.ln(p) + (1 - y) * torch.ln(1 - p))"), "no `ln`"),
        "log alone": (_p("-(y * log(p) + (1 - y) * log(1 - p))"), "`log` is not known"),
        "a missing star": (_p("-(y * torch.log(p) + (1 - y)(1 - p))"), "stopped"),
        "all zeros": (_p("torch.zeros_like(p)"), "All losses are 0"),
    },
    "bce": {
        "each": (_s("F.softplus(logits) - y * logits"), "one loss for each"),
        "the sum": (_s("(F.softplus(logits) - y * logits).sum()"), "sum"),
        "divided by 3": (_s("(F.softplus(logits) - y * logits).sum() / 3"), "number of logits"),
        "len": (_s("(F.softplus(logits) - y * logits).sum() / len(logits)"), "first axis only"),
        "first axis": (_s("(F.softplus(logits) - y * logits).mean(0)"), "first axis only"),
        "mean of one half": (_s("F.softplus(logits) - (y * logits).mean()"), "brackets"),
        "sign": (_s("(y * logits - F.softplus(logits)).mean()"), "sign is turned round"),
        "sign in the middle": (_s("(F.softplus(logits) + y * logits).mean()"),
                               "wrong in the middle"),
        "no label": (_s("F.softplus(logits).mean()"), "label does not matter"),
        "no logits": (_s("(F.softplus(logits) - y).mean()"), "not y"),
        "swapped labels": (_s("(F.softplus(logits) - (1 - y) * logits).mean()"), "swapped"),
        "a sigmoid too many": (
            _s("F.binary_cross_entropy_with_logits(torch.sigmoid(logits), y + 0 * logits)"),
            "one sigmoid too many"),
        "log of a logit": (
            _s("-(y * torch.log(logits) + (1 - y) * torch.log(1 - logits)).mean()"),
            "log of a logit"),
        "through p": (_s("-(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()",
                         "p = torch.sigmoid(logits)"), "exactly 1 in float32"),
        "through the library's p": (
            _s("losses.bce_from_probability(torch.sigmoid(logits), y).mean()"),
            "exactly 1 in float32"),
        "torch's function of p": (
            _s("F.binary_cross_entropy(torch.sigmoid(logits), y + 0 * logits)"), "cut p off"),
        "clamped p": (
            _s("losses.bce_from_probability(torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7), y)"
               ".mean()"), "cut p off"),
        "a small number in the log": (
            _s("-(y * torch.log(p + 1e-8) + (1 - y) * torch.log(1 - p + 1e-8)).mean()",
               "p = torch.sigmoid(logits)"), "cut p off"),
        "log(1 + exp)": (_s("(torch.log(1 + torch.exp(logits)) - y * logits).mean()"),
                         "too large for float32"),
        "log1p(exp)": (_s("(torch.log1p(torch.exp(logits)) - y * logits).mean()"),
                       "too large for float32"),
        "relu": (_s("(torch.relu(logits) - y * logits).mean()"), "relu is not softplus"),
        "squared error": (_s("((torch.sigmoid(logits) - y) ** 2).mean()"), "squared error"),
        "the gradient": (_s("(torch.sigmoid(logits) - y).mean()"), "the gradient"),
        "the first half": (_s("(y * F.softplus(-logits)).mean()"), "should give"),
        "torch's function, labels as tensors only": (
            _s("F.binary_cross_entropy_with_logits(logits, y)"), "stopped"),
        "labels as tensors only": (_s("(F.softplus(logits) - y.float() * logits).mean()"),
                                   "plain number"),
        "one axis only": (_s("sum(F.softplus(s) - t * s for s, t in zip(logits, y)) / len(y)"),
                          "stopped"),
        "a float": (_s("(F.softplus(logits) - y * logits).mean().item()"), "a tensor"),
        "NumPy": (_s("np.mean(np.log1p(np.exp(s)) - np.asarray(y) * s)",
                     "import numpy as np; s = logits.detach().numpy()"), "a tensor"),
        "no gradient": (_s("(F.softplus(s) - y * s).mean()", "s = logits.detach()"),
                        "no gradient flows"),
        "a new tensor": (_s("torch.tensor((F.softplus(logits) - y * logits).mean().item())"),
                         "no gradient flows"),
        "with an axis": (_s("(F.softplus(logits) - y * logits).mean().reshape(1)"),
                         "should give"),
        "a constant": (_s("torch.tensor(0.3778)"), "should give"),
        "in place": (_s("(F.softplus(logits) - logits.mul_(y)).mean()"), "changed its argument"),
        "cut off": (_s("(F.softplus(s) - y * s).mean()", "s = logits.clamp(-30, 30)"),
                    "should give"),
        "print": (_s("print((F.softplus(logits) - y * logits).mean())"), "gave nothing back"),
        "torch.softplus": (_s("(torch.softplus(logits) - y * logits).mean()"), "no `softplus`"),
        "a sum that asks for a gradient": (
            _s("(total + F.softplus(logits) - y * logits).mean()",
               "total = torch.tensor(0.0, requires_grad=True)"), "Leave out requires_grad"),
        "the threshold of softplus": (
            _s("(F.softplus(logits, threshold=1) - y * logits).mean()"), "should give"),
    },
    "bce_gradient": {
        "y - p": (_g("y - torch.sigmoid(logits)"), "y - p"),
        "no sigmoid": (_g("logits - y"), "probabilities first"),
        "no label": (_g("torch.sigmoid(logits)"), "Subtract the label"),
        "p + y": (_g("torch.sigmoid(logits) + y"), "not p + y"),
        "label 1": (_g("torch.sigmoid(logits) - 1"), "label 1 only"),
        "swapped labels": (_g("torch.sigmoid(logits) - (1 - y)"), "swapped"),
        "the mean": (_g("(torch.sigmoid(logits) - y).mean()"), "mean comes later"),
        "the sum": (_g("(torch.sigmoid(logits) - y).sum()"), "Do not add them up"),
        "of the mean": (_g("(torch.sigmoid(logits) - y) / logits.numel()"), "do not divide"),
        "divided by len": (_g("(torch.sigmoid(logits) - y) / len(logits)"), "not divide"),
        "absolute": (_g("(torch.sigmoid(logits) - y).abs()"), "sign matters"),
        "squared": (_g("(torch.sigmoid(logits) - y) ** 2"), "not its square"),
        "times two": (_g("2 * (torch.sigmoid(logits) - y)"), "without the 2"),
        "slope of the sigmoid": (_g("torch.sigmoid(logits) * (1 - torch.sigmoid(logits))"),
                                 "slope of the sigmoid"),
        "of the squared error": (_g("(p - y) * p * (1 - p)", "p = torch.sigmoid(logits)"),
                                 "cancelled"),
        "with respect to p": (
            _g("(1 - y) / (1 - torch.sigmoid(logits)) - y / torch.sigmoid(logits)"),
            "with respect to p"),
        "sigmoid of the difference": (_g("torch.sigmoid(logits - y)"), "after the sigmoid"),
        "softmax": (_g("torch.softmax(logits, 0) - y"), "softmax"),
        "tanh": (_g("torch.tanh(logits) - y"), "tanh"),
        "rounded": (_g("(logits > 0).float() - y"), "Do not round"),
        "the losses": (_g("F.softplus(logits) - y * logits"), "These are the losses"),
        "two sigmoids": (_g("torch.sigmoid(torch.sigmoid(logits)) - y"), "one sigmoid too many"),
        "autograd of the mean": (_g("torch.autograd.grad(losses.bce(s, y), s)[0]",
                                    "s = logits.detach().requires_grad_()"), "do not divide"),
        "autograd, and the argument asks": (
            _g("torch.autograd.grad(losses.bce(logits, y) * logits.numel(), logits)[0]",
               "logits.requires_grad_()"), "changed its argument"),
        "labels as tensors only": (_g("torch.sigmoid(logits) - y.float()"), "plain number"),
        "labels of the example": (_g("torch.sigmoid(logits) - torch.tensor([1.0, 1.0, 0.0])"),
                                  "shapes do not fit"),
        "math": (_g("1 / (1 + math.exp(-logits)) - y"), "stopped"),
        "a list": (_g("[1 / (1 + math.exp(-s)) - t for s, t in zip(logits, y)]"), "torch.stack"),
        "a list of floats": (_g("(torch.sigmoid(logits) - y).tolist()"), "torch.stack"),
        "NumPy": (_g("1 / (1 + np.exp(-logits.numpy())) - np.asarray(y)",
                     "import numpy as np"), "a tensor"),
        "NumPy inside": (_g("torch.as_tensor(1 / (1 + np.exp(-logits.numpy()))) - y",
                            "import numpy as np"), "NumPy does not know gradients"),
        "in place": (_g("logits.sigmoid_().sub_(y)"), "changed its argument"),
        "a constant": (_g("torch.sigmoid(torch.tensor([0.0, -2.0, -1.0])) * "
                          "torch.tensor([-1.0, -1.0, 1.0])"), "should give"),
        "a rounded constant": (_g("torch.tensor([-0.5, -0.1192, 0.2689])"), "do not round"),
        "p missing": (_g("p - y"), "`p` is not known"),
        "print": (_g("print(torch.sigmoid(logits) - y)"), "gave nothing back"),
        "autograd with create_graph": (
            _g("torch.autograd.grad((F.softplus(s) - y * s).sum(), s, create_graph=True)[0]",
               "s = logits.detach().clone().requires_grad_()"), "create_graph"),
        "a parameter": (_g("p - y", "p = torch.nn.Parameter(torch.sigmoid(logits).detach())"),
                        "Leave out requires_grad"),
        "autograd times len": (
            _g("torch.autograd.grad(losses.bce(s, y) * len(s), s)[0]",
               "s = logits.detach().clone().requires_grad_()"), "shape (2, 3)"),
    },
}
