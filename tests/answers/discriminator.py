"""Answers to the exercises of the notebook discriminator."""

FEED = "def random_feed(real, fake):\n    x = torch.cat([real, fake])\n"
LABELS = "    y = torch.cat([torch.ones(len(real)), torch.zeros(len(fake))])\n"
ORDER = "    order = torch.randperm(len(x))\n"
BOTH = "    return x[order], y[order]"

TABLE = ("def confusion(probability, y, threshold=0.5):\n"
         "    says_real = probability >= threshold\n    is_real = y == 1\n")
COUNTS = (TABLE + "    a, b = (is_real & says_real).sum(), (is_real & ~says_real).sum()\n"
          "    c, d = (~is_real & says_real).sum(), (~is_real & ~says_real).sum()\n")

BEST = "def best_discriminator(p_data, p_g):\n"

RIGHT = {
    "random_feed": {
        "the solution": FEED + LABELS + ORDER + BOTH,
        "a stack of new labels": (
            FEED + "    y = torch.zeros(len(x))\n    y[:len(real)] = 1\n" + ORDER + BOTH),
        "a list of labels": (
            FEED + "    y = torch.tensor([1.0] * len(real) + [0.0] * len(fake))\n" + ORDER + BOTH),
        "labels from a comparison": (
            FEED + "    order = torch.randperm(len(x))\n"
            "    return x[order], (order < len(real)).float()"),
        "pairs that are shuffled": (
            "import random\ndef random_feed(real, fake):\n"
            "    cards = [(x, 1.0) for x in real] + [(x, 0.0) for x in fake]\n"
            "    random.shuffle(cards)\n"
            "    return (torch.stack([x for x, _ in cards]),\n"
            "            torch.tensor([label for _, label in cards]))"),
        "numpy's permutation": (
            "import numpy as np\n" + FEED + LABELS +
            "    order = torch.from_numpy(np.random.permutation(len(x)))\n" + BOTH),
        "random numbers sorted": (
            FEED + LABELS + "    order = torch.rand(len(x)).argsort()\n" + BOTH),
        "fakes first": (
            "def random_feed(real, fake):\n    x = torch.vstack((fake, real))\n"
            "    y = torch.hstack((torch.zeros(fake.shape[0]), torch.ones(real.size(0))))\n" +
            ORDER + BOTH),
        "index_select and new_ones": (
            FEED + "    y = torch.cat([x.new_ones(len(real)), x.new_zeros(len(fake))])\n" + ORDER +
            "    return x.index_select(0, order), y.index_select(0, order)"),
        "a list in place of a tuple, type hints and other names": (
            "def random_feed(a: torch.Tensor, b: torch.Tensor) -> list:\n"
            "    'Shuffle.'\n    n, m = a.shape[0], b.shape[0]\n    perm = torch.randperm(n + m)\n"
            "    labels = torch.cat((torch.ones(n), torch.zeros(m)), dim=0)\n"
            "    return [torch.cat((a, b), dim=0)[perm], labels[perm]]"),
        "card by card": (
            "def random_feed(real, fake):\n    cards, labels = [], []\n"
            "    for i in torch.randperm(len(real) + len(fake)).tolist():\n"
            "        if i < len(real):\n            cards.append(real[i])\n"
            "            labels.append(1.0)\n"
            "        else:\n            cards.append(fake[i - len(real)])\n"
            "            labels.append(0.0)\n"
            "    return torch.stack(cards), torch.FloatTensor(labels)"),
        "full, and a default added": (
            "def random_feed(real, fake, dim=0):\n    x = torch.cat([real, fake], dim)\n"
            "    y = torch.cat([torch.full((len(real),), 1.0), torch.full((len(fake),), 0.0)])\n" +
            ORDER + BOTH),
        "a lambda": (
            "take = lambda x, y, order: (x[order], y[order])\n"
            "random_feed = lambda real, fake: take(torch.cat([real, fake]), "
            "torch.cat([torch.ones(len(real)), torch.zeros(len(fake))]), "
            "torch.randperm(len(real) + len(fake)))"),
        "torch.utils.data": (
            "from torch.utils.data import DataLoader, TensorDataset\n" + FEED + LABELS +
            "    return tuple(next(iter(DataLoader(TensorDataset(x, y), len(x), shuffle=True))))"),
        "labels like one pixel of each card": FEED + (
            "    y = torch.cat([torch.ones_like(real[:, 0, 0, 0]), "
            "torch.zeros_like(fake[:, 0, 0, 0])])\n") + ORDER + BOTH,
    },
    "confusion": {
        "the solution": COUNTS + "    return torch.tensor([[a, b], [c, d]])",
        "stacked": COUNTS + "    return torch.stack([torch.stack([a, b]), torch.stack([c, d])])",
        "plain numbers": (
            COUNTS + "    return torch.tensor([[a.item(), b.item()], [c.item(), d.item()]])"),
        "a loop": (
            "def confusion(probability, y, threshold=0.5):\n"
            "    table = [[0, 0], [0, 0]]\n"
            "    for p, label in zip(probability.tolist(), y.tolist()):\n"
            "        table[0 if label == 1 else 1][0 if p >= threshold else 1] += 1\n"
            "    return torch.tensor(table)"),
        "filled in": (
            TABLE + "    counts = torch.zeros(2, 2, dtype=torch.long)\n"
            "    counts[0, 0] = (is_real & says_real).sum()\n"
            "    counts[0, 1] = is_real.sum() - counts[0, 0]\n"
            "    counts[1, 0] = says_real.sum() - counts[0, 0]\n"
            "    counts[1, 1] = len(y) - counts.sum()\n    return counts"),
        "bincount": (
            "def confusion(probability, y, threshold=0.5):\n"
            "    place = 2 * (y != 1).long() + (probability < threshold).long()\n"
            "    return torch.bincount(place, minlength=4).reshape(2, 2)"),
        "a product of matrices": (
            "def confusion(p, y, t=0.5):\n    says = torch.stack([p >= t, p < t], 1).long()\n"
            "    true = torch.stack([y == 1, y == 0]).long()\n    return true @ says"),
        "einsum": (
            "def confusion(p, y, t=0.5):\n    says = torch.stack([p >= t, p < t]).long()\n"
            "    true = torch.stack([y == 1, y == 0]).long()\n"
            "    return torch.einsum('in,jn->ij', true, says)"),
        "logical_and and count_nonzero": (
            TABLE + "    both = torch.logical_and\n    return torch.tensor([\n"
            "        [torch.count_nonzero(both(t, s)) for s in (says_real, ~says_real)]\n"
            "        for t in (is_real, ~is_real)])"),
        "python's sum, int": (
            TABLE + "    def n(mask):\n        return int(sum(mask))\n"
            "    return torch.tensor([[n(is_real & says_real), n(is_real & ~says_real)],\n"
            "                         [n(~is_real & says_real), n(~is_real & ~says_real)]])"),
        "choosing, then len": (
            TABLE + "    r, f = says_real[is_real], says_real[~is_real]\n"
            "    return torch.tensor([[r.sum(), len(r) - r.sum()], [f.sum(), len(f) - f.sum()]])"),
        "a lambda": (
            "confusion = lambda p, y, threshold=0.5: torch.tensor("
            "[[((y == a) & ((p >= threshold) == s)).sum() for s in (True, False)] "
            "for a in (1, 0)])"),
        "floats, then long": (
            TABLE + "    r, s = is_real.float(), says_real.float()\n"
            "    return torch.tensor([[(r * s).sum(), (r * (1 - s)).sum()],\n"
            "                         [((1 - r) * s).sum(), ((1 - r) * (1 - s)).sum()]]).long()"),
        "type hints and a decorator": (
            "def loud(f):\n    def inner(*args, **more):\n        return f(*args, **more)\n"
            "    return inner\n@loud\n" + COUNTS.replace(
                "(probability, y, threshold=0.5)",
                "(probability: torch.Tensor, y: torch.Tensor, threshold: float = 0.5)") +
            "    return torch.tensor([[a, b], [c, d]], dtype=torch.int64)"),
        "int32": COUNTS + "    return torch.tensor([[a, b], [c, d]], dtype=torch.int32)",
    },
    "best_discriminator": {
        "the solution": BEST + "    return p_data / (p_data + p_g)",
        "a lambda": "best_discriminator = lambda a, b: a / (a + b)",
        "one minus the share of fakes": BEST + "    return 1 - p_g / (p_data + p_g)",
        "in two lines": BEST + "    both = p_data + p_g\n    return p_data / both",
        "torch's functions": BEST + "    return torch.div(p_data, torch.add(p_data, p_g))",
        "the share by powers": BEST + "    return p_data * (p_data + p_g) ** -1",
        "stacked and summed": BEST + "    return p_data / torch.stack([p_data, p_g]).sum(0)",
        "a tiny number against 0 / 0": BEST + "    return p_data / (p_data + p_g + 1e-12)",
        "another parameter, and a default": (
            "def best_discriminator(real, fake, total=None):\n"
            "    total = real + fake if total is None else total\n    return real / total"),
        "type hints": (
            "def best_discriminator(p_data: torch.Tensor, p_g: torch.Tensor) -> torch.Tensor:\n"
            "    '''Return D*(x).'''\n    return p_data.div(p_data + p_g)"),
        "place by place": (
            BEST + "    out = torch.empty_like(p_data)\n    flat = out.view(-1)\n"
            "    for i, (a, b) in enumerate(zip(p_data.flatten(), p_g.flatten())):\n"
            "        flat[i] = a / (a + b)\n    return out"),
        "where": (
            BEST + "    both = p_data + p_g\n"
            "    return torch.where(both > 0, p_data / both, torch.zeros_like(both))"),
        "by logarithms": BEST + "    return torch.sigmoid(p_data.log() - p_g.log())",
        "a copy in place": (
            BEST + "    share = p_data.clone()\n    share /= p_data + p_g\n    return share"),
        "a callable": (
            "class Best:\n    def __call__(self, p_data, p_g):\n"
            "        return p_data / (p_data + p_g)\nbest_discriminator = Best()"),
    },
}

WRONG = {
    "random_feed": {
        "not shuffled": (FEED + LABELS + "    return x, y", "random order"),
        "labels not shuffled": (FEED + LABELS + ORDER + "    return x[order], y",
                                "the labels are not"),
        "cards not shuffled": (FEED + LABELS + ORDER + "    return x, y[order]", "one order"),
        "two orders": (FEED + LABELS + ORDER + "    other = torch.randperm(len(x))\n"
                       "    return x[order], y[other]", "one order for both"),
        "swapped labels": (FEED + LABELS + ORDER + "    return x[order], 1 - y[order]",
                           "wrong way round"),
        "whole numbers": (FEED + LABELS + ORDER + "    return x[order], y[order].long()",
                          "floats"),
        "truth values": (FEED + LABELS + ORDER + "    return x[order], y[order] == 1", "floats"),
        "a column of labels": (FEED + LABELS + ORDER + "    return x[order], y[order, None]",
                               "one label for each card"),
        "a seed": (FEED + LABELS + "    torch.manual_seed(1)\n" + ORDER + BOTH, "set no seed"),
        "a generator with a seed": (
            FEED + LABELS + "    order = torch.randperm(len(x), "
            "generator=torch.Generator().manual_seed(0))\n" + BOTH, "set no seed"),
        "a seed that moves on": (
            "import random\n" + FEED + LABELS + "    torch.manual_seed(random.randrange(10**9))\n" +
            ORDER + BOTH, "leave torch.manual_seed out"),
        "places with repetition": (
            FEED + LABELS + "    order = torch.randint(len(x), (len(x),))\n" + BOTH,
            "torch.randint does not"),
        "only x": (FEED + ORDER + "    return x[order]", "2 things: x, y"),
        "only x, in a list": (FEED + ORDER + "    return [x[order]]", "It gave 1"),
        "y first": (FEED + LABELS + ORDER + "    return y[order], x[order]", "labels first"),
        "dots left in y": (FEED + "    y = ...\n" + ORDER + "    return x[order], y", "dots"),
        "print for return": (FEED + LABELS + ORDER + "    print(x[order], y[order])",
                             "gave nothing back"),
        "an axis too far": (FEED + "    return real[5]", "stopped"),
        "labels of as many as real": (
            FEED + "    y = torch.cat([torch.ones(len(real)), torch.zeros(len(real))])\n" + ORDER +
            BOTH, "stopped"),
        "lengths swapped": (
            FEED + "    y = torch.cat([torch.ones(len(fake)), torch.zeros(len(real))])\n" + ORDER +
            BOTH, "3 labels should be 1"),
        "half and half": (
            FEED + "    y = (torch.arange(len(x)) < len(x) // 2).float()\n" + ORDER + BOTH,
            "label"),
        "always 32 of each": (
            FEED + "    y = torch.cat([torch.ones(32), torch.zeros(32)])\n" + ORDER + BOTH,
            "3 labels should be 1"),
        "smoothed labels": (FEED + LABELS.replace("ones(len(real))", "ones(len(real)) * 0.9") +
                            ORDER + BOTH, "1 or 0"),
        "labels of -1": (FEED + "    y = torch.cat([torch.ones(len(real)), "
                         "-torch.ones(len(fake))])\n" + ORDER + BOTH, "1 or 0"),
        "flat cards": (FEED + LABELS + ORDER + "    return x[order].flatten(), y[order]",
                       "in the shape"),
        "each kind shuffled alone": (
            "def random_feed(real, fake):\n"
            "    x = torch.cat([real[torch.randperm(len(real))], "
            "fake[torch.randperm(len(fake))]])\n" + LABELS + "    return x, y",
            "equally likely"),
        "turned round": (FEED + LABELS + "    return x.flip(0), y.flip(0)", "same order each time"),
        "moved on by a random step": (
            FEED + LABELS + "    k = int(torch.randint(len(x), ()))\n"
            "    return x.roll(k, 0), y.roll(k, 0)", "equally likely"),
        "the two piles in a random order": (
            FEED + LABELS + "    if torch.rand(()) < 0.5:\n        return x.flip(0), y.flip(0)\n"
            "    return x, y", "equally likely"),
        "the kinds in turn": (
            FEED + LABELS + "    order = torch.arange(len(x)).view(-1)\n"
            "    order = torch.cat([order[::2], order[1::2]])\n" + BOTH, "same order each time"),
        "half of the cards": (FEED + LABELS + "    order = torch.randperm(len(x))[:len(x) // 2]\n" +
                              BOTH, "in the shape"),
        "the pixels are shuffled": (
            FEED + LABELS + ORDER + "    x = x[:, torch.randperm(x.shape[1])]\n" + BOTH,
            "holds others"),
        "scaled cards": (FEED + LABELS + ORDER + "    return x[order] / 2, y[order]",
                         "holds others"),
        "lists": (FEED + LABELS + ORDER + "    return x[order].tolist(), y[order].tolist()",
                  "two tensors"),
        "numpy": (FEED + LABELS + ORDER + "    return x[order].numpy(), y[order].numpy()",
                  "two tensors"),
        "in place": ("def random_feed(real, fake):\n    real += 0.5\n    fake += 0.5\n"
                     "    x = torch.cat([real, fake])\n" + LABELS + ORDER + BOTH, "has changed"),
        "a name that is not there": (FEED + LABELS + "    return x[order], y[order]", "stopped"),
        "cat without a list": ("def random_feed(real, fake):\n    x = torch.cat(real, fake)\n" +
                               LABELS + ORDER + BOTH, "stopped"),
        "fake cards first, ones first": (
            "def random_feed(real, fake):\n    x = torch.cat([fake, real])\n" + LABELS + ORDER +
            BOTH, "the zeros come first"),
        "x asks for a gradient": (FEED + LABELS + ORDER +
                                  "    return x[order].clone().requires_grad_(), y[order]",
                                  "leave out requires_grad"),
        "in inference mode": ("@torch.inference_mode()\n" + FEED + LABELS + ORDER + BOTH,
                              "inference_mode"),
        "one label too many": (FEED + ORDER +
                               "    return x[order], (order <= len(real)).float()",
                               "len(real) ones"),
        "rolled": (FEED + LABELS + "    shift = int(torch.randint(len(x), ()))\n"
                   "    return x.roll(shift, 0), y.roll(shift, 0)", "equally likely"),
    },
    "confusion": {
        "transposed": (COUNTS + "    return torch.tensor([[a, c], [b, d]])", "changed places"),
        "fake first": (COUNTS + "    return torch.tensor([[d, c], [b, a]])", "Real comes first"),
        "rows swapped": (COUNTS + "    return torch.tensor([[c, d], [a, b]])", "truly real"),
        "columns swapped": (COUNTS + "    return torch.tensor([[b, a], [d, c]])", "said real"),
        "as scikit-learn has it": (COUNTS + "    return torch.tensor([[d, b], [c, a]])",
                                   "fake comes first"),
        "shares": (COUNTS + "    return torch.tensor([[a, b], [c, d]]) / len(y)",
                   "shares. Give counts"),
        "shares of a row": (
            COUNTS + "    return torch.tensor([[a / (a + b), b / (a + b)], "
            "[c / (c + d), d / (c + d)]])", "shares of a row"),
        "threshold ignored": (COUNTS.replace(">= threshold", ">= 0.5") +
                              "    return torch.tensor([[a, b], [c, d]])", "Use `threshold`"),
        "strictly above": (COUNTS.replace(">=", ">") + "    return torch.tensor([[a, b], [c, d]])",
                           "at least"),
        "below": (COUNTS.replace(">=", "<=") + "    return torch.tensor([[a, b], [c, d]])",
                  "should be"),
        "real is 0": (COUNTS.replace("y == 1", "y == 0") +
                      "    return torch.tensor([[a, b], [c, d]])", "should be"),
        "one row": (COUNTS + "    return torch.tensor([a, b, c, d])", "Two rows of two"),
        "a list": (COUNTS + "    return [[int(a), int(b)], [int(c), int(d)]]", "a tensor"),
        "numpy": ("import numpy as np\n" + COUNTS +
                  "    return np.array([[int(a), int(b)], [int(c), int(d)]])", "a tensor"),
        "floats": (COUNTS + "    return torch.tensor([[a, b], [c, d]]).float()", "int64"),
        "only right answers": (COUNTS + "    return torch.tensor([[a, 0], [0, d]])", "should be"),
        "accuracy": (COUNTS + "    return (a + d) / len(y)", "should be"),
        "the number of right answers": (COUNTS + "    return a + d", "all four"),
        "mean for sum": (COUNTS.replace(".sum()", ".float().mean()") +
                         "    return torch.tensor([[a, b], [c, d]])", "shares. Give counts"),
        "wrongs on the diagonal": (COUNTS + "    return torch.tensor([[b, a], [c, d]])",
                                   "should be"),
        "or for and": (COUNTS.replace("&", "|") + "    return torch.tensor([[a, b], [c, d]])",
                       "should be"),
        "`and`": (COUNTS.replace("&", "and") + "    return torch.tensor([[a, b], [c, d]])",
                  "stopped"),
        "1 - a truth value": (
            COUNTS.replace("~says_real", "(1 - says_real)") +
            "    return torch.tensor([[a, b], [c, d]])", "stopped"),
        "dots": (TABLE + "    return ...", "gave nothing back"),
        "print": (COUNTS + "    print(a, b, c, d)", "gave nothing back"),
        "a constant": ("def confusion(probability, y, threshold=0.5):\n"
                       "    return torch.tensor([[4, 1], [2, 3]])", "one example"),
        "another default": (COUNTS.replace("threshold=0.5", "threshold=0.6") +
                            "    return torch.tensor([[a, b], [c, d]])", "should be"),
        "no default": (COUNTS.replace("threshold=0.5", "threshold") +
                       "    return torch.tensor([[a, b], [c, d]])", "without"),
        "probabilities rounded in place": (
            "def confusion(probability, y, threshold=0.5):\n    probability -= threshold\n"
            "    s, r = probability >= 0, y == 1\n"
            "    return torch.tensor([[(r & s).sum(), (r & ~s).sum()], "
            "[(~r & s).sum(), (~r & ~s).sum()]])", "changed its argument"),
        "as if there were ten cards": (
            COUNTS + "    return torch.tensor([[a, 5 - a], [c, 5 - c]])", "should be"),
        "rounded": (COUNTS.replace("probability >= threshold", "probability.round() == 1") +
                    "    return torch.tensor([[a, b], [c, d]])", "should be"),
        "nested too deep": (COUNTS + "    return torch.tensor([[[a, b], [c, d]]])", "should be"),
        "masks in place of counts": (
            TABLE + "    return torch.stack([is_real & says_real, is_real & ~says_real])",
            "should be"),
        "three numbers": (COUNTS + "    return torch.tensor([[a, b], [c]])", "stopped"),
    },
    "best_discriminator": {
        "the share of fakes": (BEST + "    return p_g / (p_data + p_g)", "probability of fake"),
        "the ratio": (BEST + "    return p_data / p_g", "the ratio of the two"),
        "the other ratio": (BEST + "    return p_g / p_data", "divide p_data by"),
        "no brackets": (BEST + "    return p_data / p_data + p_g", "brackets"),
        "brackets elsewhere": (BEST + "    return p_data + p_g / (p_data + p_g)", "brackets"),
        "which is larger": (BEST + "    return (p_data > p_g).float()", "should give"),
        "a sigmoid": (BEST + "    return torch.sigmoid(p_data - p_g)", "No sigmoid"),
        "a sigmoid too many": (BEST + "    return torch.sigmoid(p_data / (p_data + p_g))",
                               "No sigmoid"),
        "the sum over all": (BEST + "    return p_data / (p_data + p_g).sum()", "at each x alone"),
        "the mean": (BEST + "    return (p_data / (p_data + p_g)).mean()", "not their mean"),
        "the difference": (BEST + "    return p_data / (p_data - p_g)", "not by the difference"),
        "the product": (BEST + "    return p_data / (p_data * p_g)", "not by the product"),
        "the mean of the densities": (BEST + "    return (p_data + p_g) / 2", "divide p_data"),
        "half": (BEST + "    return 0.5 * p_data / (p_data + p_g)", "half of it"),
        "1/2": (BEST + "    return torch.full_like(p_data, 0.5)", "only where"),
        "plain 1/2": (BEST + "    return 0.5", "a tensor"),
        "the example": (BEST + "    return torch.tensor([0.0, 0.25, 0.5, 1.0])", "one example"),
        "the logarithm": (BEST + "    return torch.log(p_data / (p_data + p_g))", "logarithm"),
        "rounded": (BEST + "    return (p_data / (p_data + p_g)).round()", "should give"),
        "whole numbers": (BEST + "    return p_data // (p_data + p_g)", "should give"),
        "a list": (BEST + "    return [a / (a + b) for a, b in zip(p_data, p_g)]", "a tensor"),
        "numpy": (BEST + "    return (p_data / (p_data + p_g)).numpy()", "a tensor"),
        "a number": (BEST + "    return (p_data / (p_data + p_g))[0].item()", "a tensor"),
        "float32 for all": (BEST + "    return (p_data / (p_data + p_g)).float()", "float64"),
        "in place": (BEST + "    p_data /= p_data + p_g\n    return p_data",
                     "changed its argument"),
        "in place below": (BEST + "    p_g += p_data\n    return p_data / p_g",
                           "changed its argument"),
        "dots": (BEST + "    ...", "gave nothing back"),
        "print": (BEST + "    print(p_data / (p_data + p_g))", "gave nothing back"),
        "too large a number against 0 / 0": (BEST + "    return p_data / (p_data + p_g + 0.01)",
                                             "should give"),
        "softmax": (BEST + "    return torch.softmax(torch.stack([p_data, p_g]), 0)[0]",
                    "no softmax"),
        "four places only": (
            BEST + "    return torch.stack([p_data[i] / (p_data[i] + p_g[i]) for i in range(4)])",
            "stopped"),
        "the first axis only": (
            BEST + "    return torch.stack([a.sum() / (a + b).sum() for a, b in "
            "zip(p_data, p_g)])", "stopped"),
        "swapped arguments": ("def best_discriminator(p_g, p_data):\n"
                              "    return p_data / (p_data + p_g)", "probability of fake"),
        "one argument": ("def best_discriminator(p):\n    return p / (p + 1)", "arguments"),
        "another name": (BEST + "    return p_real / (p_real + p_g)", "stopped"),
        "a test with if": (BEST + "    if p_data + p_g == 0:\n        return 0\n"
                           "    return p_data / (p_data + p_g)", "stopped"),
        "upside down": (BEST + "    return (p_data + p_g) / p_data", "upside down"),
        "a parameter": (BEST + "    return torch.nn.Parameter(p_data / (p_data + p_g))",
                        "leave out requires_grad"),
    },
}
