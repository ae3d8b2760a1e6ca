"""Answers to the exercises of the notebook your_project."""


def cut(*lines: str) -> str:
    """Return a cutout with these lines."""
    return "def cutout(x, left, top, side):\n" + "\n".join(f"    {x}" for x in lines)


def nearer(*lines: str) -> str:
    """Return a share_nearer with these lines."""
    return "def share_nearer(fakes, strangers):\n" + "\n".join(f"    {x}" for x in lines)


GIVEN = ("columns = torch.arange(x.shape[3], device=x.device) - left[:, None]",
         "rows = torch.arange(x.shape[2], device=x.device) - top[:, None]")
ACROSS = "across = (columns >= 0) & (columns < side)"
ALONG = "along = (rows >= 0) & (rows < side)"
HIDDEN = "hidden = along[:, None, :, None] & across[:, None, None, :]"
DECORATED = """
def loud(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper

@loud
"""
LOOP = ("for i in range(len(x)):",
        "    t, l = max(0, int(top[i])), max(0, int(left[i]))",
        "    b, r = max(0, int(top[i]) + side), max(0, int(left[i]) + side)")
PAIRS = "pairs = fakes[:, None] < strangers"

RIGHT = {
    "cutout": {
        "as in the notebook": cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x * ~hidden"),
        "where": cut(*GIVEN, ACROSS, ALONG, HIDDEN,
                     "return torch.where(hidden, torch.zeros_like(x), x)"),
        "masked_fill": cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x.masked_fill(hidden, 0)"),
        "float mask": cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x * (1 - hidden.float())"),
        "unsqueezed": cut(*GIVEN, ACROSS, ALONG,
                          "hidden = along.unsqueeze(2) & across.unsqueeze(1)",
                          "return x * ~hidden.unsqueeze(1)"),
        "product of masks": cut(*GIVEN, ACROSS, ALONG,
                                "hidden = along.float()[:, :, None] * across.float()[:, None]",
                                "return x * (1 - hidden[:, None])"),
        "a loop and a mask": cut("keep = torch.ones_like(x)", *LOOP,
                                 "    keep[i, :, t:b, l:r] = 0", "return x * keep"),
        "a loop on a copy": cut("result = x.clone()", *LOOP, "    result[i, :, t:b, l:r] = 0",
                                "return result"),
        "outside": cut(*GIVEN, "away = (columns < 0) | (columns >= side)",
                       "beyond = (rows < 0) | (rows >= side)",
                       "return x * (beyond[:, None, :, None] | away[:, None, None, :])"),
        "decorated": DECORATED + cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x * ~hidden"),
        "stacked": cut(*LOOP[:0], "done = []", "for i, picture in enumerate(x):",
                       "    row = torch.arange(x.shape[2])[:, None] - top[i]",
                       "    column = torch.arange(x.shape[3]) - left[i]",
                       "    inside = (row >= 0) & (row < side) & (column >= 0) & (column < side)",
                       "    done.append(picture * ~inside)", "return torch.stack(done)"),
    },
    "share_nearer": {
        "as in the notebook": nearer("return (fakes[:, None] < strangers).float().mean().item()"),
        "in two steps": nearer(PAIRS, "return pairs.float().mean().item()"),
        "sum over numel": nearer(PAIRS, "return pairs.sum().item() / pairs.numel()"),
        "the other way": nearer("return (strangers[:, None] > fakes).double().mean().item()"),
        "a loop": nearer("count = 0", "for fake in fakes:",
                         "    count += (fake < strangers).sum().item()",
                         "return count / (len(fakes) * len(strangers))"),
        "two loops": nearer("pairs = [f < s for f in fakes.tolist() for s in strangers.tolist()]",
                            "return sum(pairs) / len(pairs)"),
        "means of means": nearer("shares = [(fake < strangers).float().mean() for fake in fakes]",
                                 "return torch.stack(shares).mean().item()"),
        "lambda": "share_nearer = lambda f, s: (f.unsqueeze(1) < s.unsqueeze(0)).float().mean()"
                  ".item()",
        "decorated": DECORATED + nearer(PAIRS, "return float(pairs.float().mean())"),
        "differences": nearer("gap = strangers[None, :] - fakes[:, None]",
                              "return (gap > 0).float().mean().item()"),
        "type hints": "def share_nearer(f: torch.Tensor, s: torch.Tensor) -> float:\n"
                      "    return (f.reshape(-1, 1) < s).float().mean().item()",
    },
}

WRONG = {
    "cutout": {
        "swapped": (cut("left, top = top, left", *GIVEN, ACROSS, ALONG, HIDDEN,
                        "return x * ~hidden"), "left and top are swapped"),
        "kept": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x * hidden"), "keeps the square"),
        "black": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return torch.where(hidden, -1.0, x)"),
                  "-1, black"),
        "white": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x.masked_fill(hidden, 1.0)"),
                  "1, white"),
        "one too large": (cut(*GIVEN, "across = (columns >= 0) & (columns <= side)",
                              "along = (rows >= 0) & (rows <= side)", HIDDEN,
                              "return x * ~hidden"), "one pixel too large"),
        "one too small": (cut(*GIVEN, "across = (columns > 0) & (columns < side)",
                              "along = (rows > 0) & (rows < side)", HIDDEN, "return x * ~hidden"),
                          ">= and not >"),
        "or": (cut(*GIVEN, ACROSS, ALONG, "hidden = along[:, None, :, None] | across[:, None, "
                   "None, :]", "return x * ~hidden"), "whole rows and columns"),
        "one limit": (cut(*GIVEN, "across = columns < side", "along = rows < side", HIDDEN,
                          "return x * ~hidden"), "ask for >= 0 as well"),
        "the first square": (cut("keep = torch.ones_like(x)", "t, l = max(0, int(top[0])), max(0, "
                                 "int(left[0]))", "b, r = max(0, int(top[0]) + side), max(0, "
                                 "int(left[0]) + side)", "keep[:, :, t:b, l:r] = 0",
                                 "return x * keep"), "square of the first one"),
        "one channel": (cut("keep = torch.ones_like(x)", *LOOP, "    keep[i, 0, t:b, l:r] = 0",
                            "return x * keep"), "one channel only"),
        "minus": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x - hidden.float()"),
                  "darker by 1"),
        "nothing": (cut("return x"), "Nothing is hidden"),
        "detached": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return x.detach() * ~hidden"),
                     "no gradient flows"),
        "no_grad": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "with torch.no_grad():",
                        "    return x * ~hidden"), "no gradient flows"),
        "in place": (cut(*LOOP, "    x.data[i, :, t:b, l:r] = 0", "return x * 1"), "changed"),
        "in place, with a gradient": (cut(*LOOP, "    x[i, :, t:b, l:r] = 0", "return x"),
                                      "stopped"),
        "a negative start": (cut("keep = torch.ones_like(x)", "for i in range(len(x)):",
                                 "    keep[i, :, top[i]:top[i] + side, left[i]:left[i] + side] = 0",
                                 "return x * keep"), "partly outside"),
        "the mask": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "return ~hidden"), "should give"),
        "the mask's shape": (cut(*GIVEN, ACROSS, ALONG, "return x * ~(along & across)"), "stopped"),
        "no return": (cut(*GIVEN, ACROSS, ALONG, HIDDEN, "x * ~hidden"), "gave nothing back"),
        "the stub": (cut(*GIVEN, "..."), "gave nothing back"),
        "half as wide": (cut(*GIVEN, "across = (columns >= 0) & (columns < side // 2)",
                             "along = (rows >= 0) & (rows < side // 2)", HIDDEN,
                             "return x * ~hidden"), "should give"),
    },
    "share_nearer": {
        "turned": (nearer("return (fakes[:, None] > strangers).float().mean().item()"),
                   "stranger is nearer"),
        "or equal": (nearer("return (fakes[:, None] <= strangers).float().mean().item()"),
                     "< and not <="),
        "a number": (nearer(PAIRS, "return float(pairs.sum())"), "number of pairs"),
        "per cent": (nearer(PAIRS, "return 100 * pairs.float().mean().item()"), "per cent"),
        "median": (nearer("return (fakes < strangers.median()).float().mean().item()"),
                   "the median"),
        "mean of strangers": (nearer("return (fakes < strangers.mean()).float().mean().item()"),
                              "mean of the strangers"),
        "nearest stranger": (nearer("return (fakes < strangers.min()).float().mean().item()"),
                             "nearest stranger only"),
        "farthest stranger": (nearer("return (fakes < strangers.max()).float().mean().item()"),
                              "farthest stranger only"),
        "one by one": (nearer("return (fakes < strangers).float().mean().item()"),
                       "the first with the first"),
        "two means": (nearer("return float(fakes.mean() < strangers.mean())"),
                      "compares two means"),
        "how much nearer": (nearer("return (strangers - fakes[:, None]).mean().item()"),
                            "by how much"),
        "a ratio": (nearer("return (fakes.mean() / strangers.mean()).item()"), "how many times"),
        "half a mean": (nearer("return (fakes[:, None] < strangers).float().sum(1).mean().item()"),
                        "number of strangers, too"),
        "any": (nearer("return (fakes[:, None] < strangers).any(1).float().mean().item()"),
                "farthest stranger only"),
        "all": (nearer("return (fakes[:, None] < strangers).all(1).float().mean().item()"),
                "nearest stranger only"),
        "a tensor": (nearer("return (fakes[:, None] < strangers).float().mean()"), ".item() makes"),
        "bool mean": (nearer("return (fakes[:, None] < strangers).mean().item()"), "stopped"),
        "per fake": (nearer("return (fakes[:, None] < strangers).float().mean(1)"), "should give"),
        "print": (nearer("print((fakes[:, None] < strangers).float().mean().item())"),
                  "gave nothing back"),
        "rounded": (nearer("return round((fakes[:, None] < strangers).float().mean().item(), 1)"),
                    "should give"),
        "NumPy": (nearer("return float((fakes.numpy()[:, None] < strangers.numpy()).mean())"),
                  "gradient"),
        "a half": (nearer("return 0.5"), "should give"),
    },
}
