"""Answers to the exercises of the notebook class_conditioning."""


def share(*lines: str) -> str:
    """Return a share_as_asked with these lines."""
    return "def share_as_asked(probability, y):\n" + "\n".join(f"    {line}" for line in lines)


def mark(*lines: str) -> str:
    """Return a marked with these lines."""
    return "def marked(z, y, height=4.0):\n" + "\n".join(f"    {line}" for line in lines)


def logit(*lines: str) -> str:
    """Return a told_logit with these lines."""
    return ("def told_logit(neurons, y, head, projection):\n"
            + "\n".join(f"    {line}" for line in lines))


def mix(*lines: str) -> str:
    """Return a mixed_label with these lines."""
    return "def mixed_label(a, b, t):\n" + "\n".join(f"    {line}" for line in lines)


DECORATED = """
def loud(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper

@loud
"""
SEEN = "seen = probability.argmax(1)"
SHARE = share(SEEN, "return (seen == y).float().mean().item()")
MARKED = mark("z = z.clone()", "z[:, :10] = height * F.one_hot(y, 10)", "return z")
FITS = "fits = (projection(neurons) * y).sum(1) / neurons.shape[1] ** 0.5"
LOGIT = logit("looks_real = head(neurons).squeeze(1)", FITS, "return looks_real + fits")
ENDS = "ends = F.one_hot(torch.tensor([a, b]), 10).float()"
MIX = mix(ENDS, "return (1 - t) * ends[:1] + t * ends[1:]")

RIGHT = {
    "share_as_asked": {
        "as in the notebook": SHARE,
        "max": share("seen = probability.max(dim=1).indices",
                     "return (seen == y).float().mean().item()"),
        "sum over length": share(SEEN, "return (seen == y).sum().item() / len(y)"),
        "a loop": share("right = 0", "for p, wanted in zip(probability, y):",
                        "    right += int(p.argmax() == wanted)", "return right / len(y)"),
        "lists": share("pairs = zip(probability.tolist(), y.tolist())",
                       "right = [p.index(max(p)) == k for p, k in pairs]",
                       "return sum(right) / len(right)"),
        "lambda": "share_as_asked = lambda p, y: float((p.argmax(-1) == y).double().mean())",
        "decorated": DECORATED + SHARE,
        "type hints": "def share_as_asked(p: torch.Tensor, y: torch.Tensor) -> float:\n"
                      "    return torch.eq(p.argmax(dim=1), y).float().mean().item()",
        "count_nonzero": share(SEEN, "return int(torch.count_nonzero(seen == y)) / y.numel()"),
        "sorted": share("seen = probability.sort(1, descending=True).indices[:, 0]",
                        "return (seen == y).float().mean().item()"),
        "logarithm": share("seen = probability.log().argmax(1)",
                           "return (seen == y).float().mean().item()"),
    },
    "marked": {
        "as in the notebook": MARKED,
        "cat": mark("return torch.cat([height * F.one_hot(y, 10), z[:, 10:]], 1)"),
        "eye": mark("return torch.cat([height * torch.eye(10)[y], z[:, 10:]], dim=1)"),
        "zeros, then rows": mark("z = z.clone()", "z[:, :10] = 0",
                                 "z[torch.arange(len(z)), y] = height", "return z"),
        "a loop": mark("new = z.clone()", "for row, k in enumerate(y):", "    new[row, :10] = 0",
                       "    new[row, k] = height", "return new"),
        "scatter": mark("m = torch.zeros(len(z), 10).scatter(1, y[:, None], float(height))",
                        "return torch.cat((m, z[:, 10:]), 1)"),
        "comparison": mark("m = (torch.arange(10) == y[:, None]) * float(height)",
                           "return torch.hstack([m, z[:, 10:]])"),
        "lambda": "marked = lambda z, y, height=4.0: "
                  "torch.cat([F.one_hot(y, 10).float() * height, z[:, 10:]], 1)",
        "decorated": DECORATED + MARKED,
        "whole number as default": MARKED.replace("4.0", "4"),
        "type hints": "def marked(z: torch.Tensor, y: torch.Tensor, h: float = 4.0):\n"
                      "    new = z * 1\n    new[:, :10] = F.one_hot(y, 10) * h\n    return new",
    },
    "told_logit": {
        "as in the notebook": LOGIT,
        "one line": logit("return head(neurons)[:, 0] + (projection(neurons) * y).sum(1)"
                          " / neurons.shape[1] ** 0.5"),
        "sqrt": logit("looks_real = head(neurons).squeeze(1)",
                      "fits = (y * projection(neurons)).sum(dim=1)",
                      "return looks_real + fits / math.sqrt(neurons.shape[-1])"),
        "einsum": logit("fits = torch.einsum('nc,nc->n', projection(neurons), y)",
                        "return head(neurons).flatten() + fits / neurons.size(1) ** 0.5"),
        "matrix product": logit("fits = (projection(neurons)[:, None] @ y[:, :, None]).flatten()",
                                "return head(neurons).view(-1) + fits / neurons.shape[1] ** 0.5"),
        "a loop": logit("parts = []", "for row, label in zip(neurons, y):",
                        "    fit = (projection(row) * label).sum() / len(row) ** 0.5",
                        "    parts.append(head(row)[0] + fit)", "return torch.stack(parts)"),
        "keepdim": logit("fit = (projection(neurons) * y).sum(1, keepdim=True)",
                         "return (head(neurons) + fit / neurons.shape[1] ** 0.5).squeeze(1)"),
        "lambda": "told_logit = lambda h, y, head, projection: head(h).squeeze(-1) + "
                  "(projection(h) * y).sum(-1) / h.shape[1] ** 0.5",
        "decorated": DECORATED + LOGIT,
        "type hints": "def told_logit(h: torch.Tensor, y: torch.Tensor, a, b) -> torch.Tensor:\n"
                      "    return a(h).squeeze(1) + (b(h) * y / h.shape[1] ** 0.5).sum(1)",
    },
    "mixed_label": {
        "as in the notebook": MIX,
        "zeros": mix("y = torch.zeros(1, 10)", "y[0, a] += 1 - t", "y[0, b] += t", "return y"),
        "lerp": mix(ENDS, "return torch.lerp(ends[:1], ends[1:], float(t))"),
        "eye": mix("eye = torch.eye(10)", "return (1 - t) * eye[[a]] + t * eye[[b]]"),
        "matrix product": mix(ENDS, "return torch.tensor([[1.0 - t, t]]) @ ends"),
        "unsqueeze": mix("one = lambda k: F.one_hot(torch.tensor(k), 10).float()",
                         "return (one(a) + t * (one(b) - one(a))).unsqueeze(0)"),
        "a list": mix("shares = [(k == a) * (1 - t) + (k == b) * t for k in range(10)]",
                      "return torch.tensor([shares], dtype=torch.float32)"),
        "lambda": "mixed_label = lambda a, b, t: (1 - t) * F.one_hot(torch.tensor([a]), 10).float()"
                  " + t * F.one_hot(torch.tensor([b]), 10).float()",
        "decorated": DECORATED + MIX,
        "type hints": "def mixed_label(a: int, b: int, t: float) -> torch.Tensor:\n"
                      "    first, second = torch.eye(10)[[a]], torch.eye(10)[[b]]\n"
                      "    return first * (1 - t) + second * t",
    },
}

WRONG = {
    "share_as_asked": {
        "count": (share(SEEN, "return (seen == y).float().sum().item()"),
                  "Divide it by the number of all"),
        "share of misses": (share(SEEN, "return (seen != y).float().mean().item()"),
                            "*not* as asked"),
        "per cent": (share(SEEN, "return 100 * (seen == y).float().mean().item()"), "per cent"),
        "mean probability": (share("return probability[torch.arange(len(y)), y].mean().item()"),
                             "mean probability of the class asked for"),
        "above a half": (share("p = probability[torch.arange(len(y)), y]",
                               "return (p > 0.5).float().mean().item()"), "probability above 0.5"),
        "confidence": (share("return probability.max(1).values.mean().item()"),
                       "how sure the judge is"),
        "argmin": (share("return (probability.argmin(1) == y).float().mean().item()"),
                   "argmax, not argmin"),
        "own number": (share(SEEN, "right = seen == torch.arange(len(seen))",
                             "return right.float().mean().item()"), "own number"),
        "divided by the classes": (share(SEEN, "return (seen == y).sum().item() / "
                                         "probability.shape[1]"), "number of classes"),
        "divided twice": (share(SEEN, "return (seen == y).float().mean().item() / "
                                "probability.shape[1]"), "number of classes, too"),
        "a tensor": (share(SEEN, "return (seen == y).float().mean()"), ".item() makes"),
        "a bool mean": (share(SEEN, "return (seen == y).mean().item()"), "stopped"),
        "wrong axis": (share("return (probability.argmax(0) == y).float().mean().item()"),
                       "should give"),
        "argmax of all": (share("return (probability.argmax() == y).float().mean().item()"),
                          "should give"),
        "indices forgotten": (share("return (probability.max(1) == y).float().mean().item()"),
                              "stopped"),
        "values": (share("return (probability.max(1).values == y).float().mean().item()"),
                   "should give"),
        "each picture": (share(SEEN, "return seen == y"), "plain number"),
        "print": (share(SEEN, "print((seen == y).float().mean().item())"), "gave nothing back"),
        "rounded": (share(SEEN, "return round((seen == y).float().mean().item(), 1)"),
                    "should give"),
        "of 1,000": (share(SEEN, "return (seen == y).sum().item() / 1000"), "should give"),
        "a constant": (share("return 0.1"), "should give"),
    },
    "marked": {
        "in place": (mark("z[:, :10] = height * F.one_hot(y, 10)", "return z"),
                     "changed its argument number 1"),
        "one": (mark("z = z.clone()", "z[:, :10] = F.one_hot(y, 10)", "return z"),
                "1 always"),
        "4 always": (MARKED.replace("= height *", "= 4 *"), "4 always"),
        "noise stays beside it": (mark("z = z.clone()", "z[torch.arange(len(z)), y] = height",
                                       "return z"), "still noise"),
        "added": (mark("z = z.clone()", "z[:, :10] += height * F.one_hot(y, 10)", "return z"),
                  "added to the noise"),
        "at the end": (mark("z = z.clone()", "z[:, -10:] = height * F.one_hot(y, 10)", "return z"),
                       "last ten numbers"),
        "longer": (mark("return torch.cat([height * F.one_hot(y, 10), z], 1)"),
                   "ten numbers longer"),
        "minus one": (mark("m = (height + 1) * F.one_hot(y, 10) - 1",
                           "return torch.cat([m, z[:, 10:]], 1)"), "not -1"),
        "z alone": (mark("return z"), "without a mark"),
        "mark alone": (mark("return height * F.one_hot(y, 10)"), "the mark alone"),
        "noise gone": (mark("new = torch.zeros_like(z)", "new[:, :10] = height * F.one_hot(y, 10)",
                            "return new"), "behind the mark is gone"),
        "counted from 1": (mark("z = z.clone()",
                                "z[:, :10] = height * F.one_hot((y + 1) % 10, 10)", "return z"),
                           "one place too far"),
        "the number itself": (mark("z = z.clone()", "z[:, :10] = 0", "z[:, 0] = height * y",
                                   "return z"), "one place for each class"),
        "all rows": (mark("z = z.clone()", "z[:, :10] = 0", "z[:, y] = height", "return z"),
                     "should give"),
        "first row": (mark("z = z.clone()", "z[:10] = height * F.one_hot(y, 10)", "return z"),
                      "stopped"),
        "no default": (MARKED.replace("=4.0", ""), "was called without"),
        "other default": (MARKED.replace("4.0", "3.0"), "should give"),
        "1 as default": (MARKED.replace("4.0", "1.0"), "Without a `height`"),
        "classes counted": (mark("z = z.clone()", "z[:, :10] = height * F.one_hot(y)",
                                 "return z"), "stopped"),
        "print": (mark("print(height * F.one_hot(y, 10))"), "gave nothing back"),
        "without a way back": (MARKED.replace("z.clone()", "z.detach().clone()"),
                               "no gradient flows"),
        "whole numbers": (mark("new = torch.cat([height * F.one_hot(y, 10), z[:, 10:]], 1)",
                               "return new.long()"), "should give"),
    },
    "told_logit": {
        "no label": (logit("return head(neurons).squeeze(1)"), "Where is the label?"),
        "label alone": (logit(FITS, "return fits"), "Add head(neurons)"),
        "not divided": (LOGIT.replace(" / neurons.shape[1] ** 0.5", ""), "is not divided"),
        "no root": (LOGIT.replace("** 0.5", "* 1.0"), "take its square root"),
        "pictures": (LOGIT.replace("neurons.shape[1]", "len(neurons)"), "number of *pictures*"),
        "minus": (LOGIT.replace("looks_real + fits", "looks_real - fits"), "+, not -"),
        "mean over classes": (LOGIT.replace("* y).sum(1)", "* y).mean(1)"),
                              "mean over the classes"),
        "the whole batch": (LOGIT.replace("* y).sum(1)", "* y).sum()"), "whole batch"),
        "not squeezed": (LOGIT.replace(".squeeze(1)", ""), "makes (N, N)"),
        "all classes": (LOGIT.replace("(projection(neurons) * y)", "projection(neurons)"),
                        "adds up all classes"),
        "best class": (LOGIT.replace("(projection(neurons) * y).sum(1)",
                                     "projection(neurons).max(1).values"), "fits best"),
        "multiplied": (LOGIT.replace("looks_real + fits", "looks_real * fits"), "Add them"),
        "both divided": (logit("both = head(neurons).squeeze(1) + (projection(neurons) * y).sum(1)",
                               "return both / neurons.shape[1] ** 0.5"),
                         "Only the part of the label"),
        "probability": (LOGIT.replace("looks_real + fits", "torch.sigmoid(looks_real + fits)"),
                        "before the sigmoid"),
        "a column": (LOGIT.replace("looks_real + fits", "(looks_real + fits).unsqueeze(1)"),
                     "the shape (N,)"),
        "not summed": (logit("return head(neurons) + (projection(neurons) * y)"
                             " / neurons.shape[1] ** 0.5"), "Add up the classes"),
        "no gradient": (logit("with torch.no_grad():", f"    {FITS}",
                              "    return head(neurons).squeeze(1) + fits"), "no gradient flows"),
        "sum over pictures": (LOGIT.replace("* y).sum(1)", "* y).sum(0)"), "stopped"),
        "class number": (logit("k = y.argmax(1)", "fits = projection(neurons)[torch.arange(len(y)),"
                               " k] / neurons.shape[1] ** 0.5",
                               "return head(neurons).squeeze(1) + fits"), "should give"),
        "classes under the root": (LOGIT.replace("neurons.shape[1]", "y.shape[1]"),
                                   "should give"),
        "print": (logit(FITS, "print(head(neurons).squeeze(1) + fits)"), "gave nothing back"),
        "shape forgotten": (LOGIT.replace("neurons.shape[1]", "neurons.shape"), "stopped"),
    },
    "mixed_label": {
        "swapped": (MIX.replace("(1 - t) * ends[:1] + t * ends[1:]",
                                "t * ends[:1] + (1 - t) * ends[1:]"), "they are swapped"),
        "no row": (mix(ENDS, "return (1 - t) * ends[0] + t * ends[1]"), "one row for each picture"),
        "a jump": (mix(ENDS, "return ends[:1] if t < 0.51 else ends[1:]"), "jumps from a to b"),
        "middle": (mix(ENDS, "return 0.5 * ends[:1] + 0.5 * ends[1:]"), "the middle always"),
        "a alone": (mix(ENDS, "return ends[:1]"), "the class a alone"),
        "b alone": (mix(ENDS, "return ends[1:]"), "the class b alone"),
        "both in full": (mix(ENDS, "return ends[:1] + ends[1:]"), "count in full"),
        "a in full": (mix(ENDS, "return ends[:1] + t * ends[1:]"), "1 - t, not 1"),
        "t twice": (mix(ENDS, "return t * ends[:1] + t * ends[1:]"), "1 - t, not t"),
        "numbers mixed": (mix("return (1 - t) * a + t * b"), "should give a tensor"),
        "a number between": (mix("k = round((1 - t) * a + t * b) % 10",
                                 "return F.one_hot(torch.tensor([k]), 10).float()"),
                             "Mix the two labels"),
        "sigmoid": (MIX.replace("(1 - t) * ends[:1] + t * ends[1:]",
                                "torch.sigmoid((1 - t) * ends[:1] + t * ends[1:])"),
                    "no sigmoid is needed"),
        "softmax": (MIX.replace("(1 - t) * ends[:1] + t * ends[1:]",
                                "((1 - t) * ends[:1] + t * ends[1:]).softmax(1)"),
                    "no softmax is needed"),
        "both rows": (mix(ENDS, "return ends"), "should give"),
        "whole numbers": (mix("ends = F.one_hot(torch.tensor([a, b]), 10)",
                              "return ((1 - t) * ends[:1] + t * ends[1:]).long()"), "should give"),
        "a list": (mix("y = [0.0] * 10", "y[a] += 1 - t", "y[b] += t", "return [y]"),
                   "should give a tensor"),
        "last class wins": (mix("y = torch.zeros(1, 10)", "y[0, a] = 1 - t", "y[0, b] = t",
                                "return y"), "should give"),
        "double": (MIX.replace(".float()", ".double()"), "float32"),
        "classes counted": (mix("ends = F.one_hot(torch.tensor([a, b])).float()",
                                "return (1 - t) * ends[:1] + t * ends[1:]"), "should give"),
        "print": (mix(ENDS, "print((1 - t) * ends[:1] + t * ends[1:])"), "gave nothing back"),
        "plain numbers": (mix("return (1 - t) * F.one_hot(a, 10) + t * F.one_hot(b, 10)"),
                          "stopped"),
    },
}
