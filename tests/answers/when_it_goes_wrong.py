"""Answers to the exercises of the notebook when_it_goes_wrong."""


def share(*lines: str) -> str:
    """Return a share_near with these lines."""
    return "def share_near(points, centres, radius):\n" + "\n".join(f"    {x}" for x in lines)


def step(*lines: str) -> str:
    """Return an alternating_step with these lines."""
    return "def alternating_step(d, g, rate, penalty=0.0):\n" + "\n".join(f"    {x}" for x in lines)


DECORATED = """
def loud(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper

@loud
"""
NEAREST = "near = torch.cdist(points, centres).min(1).values"
DOWN, UP = "d = d - rate * (g + penalty * d)", "g = g + rate * d"

RIGHT = {
    "share_near": {
        "as in the notebook": share(NEAREST, "return (near <= radius).float().mean().item()"),
        "sum over length": share(NEAREST, "return (near <= radius).sum().item() / len(points)"),
        "any": share("near = (torch.cdist(points, centres) <= radius).any(1)",
                     "return near.float().mean().item()"),
        "amin": share("near = torch.cdist(points, centres).amin(dim=1)",
                      "return float((near <= radius).double().mean())"),
        "a loop": share("count = 0", "for p in points:",
                        "    if (p - centres).norm(dim=1).min() <= radius:", "        count += 1",
                        "return count / len(points)"),
        "two loops": share("near = 0", "for x, y in points.tolist():",
                           "    near += any((x - a) ** 2 + (y - b) ** 2 <= radius ** 2 * 1.000001"
                           " for a, b in centres.tolist())", "return near / len(points)"),
        "broadcasting": share("d = ((points[:, None] - centres[None]) ** 2).sum(-1).sqrt()",
                              "return (d.min(dim=1)[0] <= radius).float().mean().item()"),
        "lambda": "share_near = lambda p, c, r: (torch.cdist(p, c).min(1).values <= r)"
                  ".float().mean().item()",
        "decorated": DECORATED + share(NEAREST, "return (near <= radius).float().mean().item()"),
        "type hints": "def share_near(p: torch.Tensor, c: torch.Tensor, r: float = 0.3) -> float:\n"
                      "    return (torch.cdist(p, c).min(dim=1).values <= r).float().mean().item()",
        "no gradient": share("with torch.no_grad():", f"    {NEAREST}",
                             "return (near <= radius).float().mean().item()"),
        "count_nonzero": share(NEAREST,
                               "return int(torch.count_nonzero(near <= radius)) / near.numel()"),
    },
    "alternating_step": {
        "as in the notebook": step(DOWN, UP, "return d, g"),
        "in place": step("d -= rate * (g + penalty * d)", "g += rate * d", "return d, g"),
        "new names": step("new_d = d - rate * (g + penalty * d)",
                          "return new_d, g + rate * new_d"),
        "brackets opened": step("d = d - rate * g - rate * penalty * d", UP, "return d, g"),
        "a list": step(DOWN, UP, "return [d, g]"),
        "slopes have names": step("slope_d = g + penalty * d", "d = d - rate * slope_d",
                                  "slope_g = d", "g = g + rate * slope_g", "return d, g"),
        "whole number as default": step(DOWN, UP, "return d, g").replace("0.0", "0"),
        "lambda": "alternating_step = lambda d, g, r, p=0.0: (d - r * (g + p * d), "
                  "g + r * (d - r * (g + p * d)))",
        "decorated": DECORATED + step(DOWN, UP, "return d, g"),
        "type hints": "def alternating_step(d: float, g: float, r: float, p: float = 0.0) -> "
                      "tuple:\n    d = d - r * (g + p * d)\n    return d, g + r * d",
        "if": step("slope = g", "if penalty > 0:", "    slope = slope + penalty * d",
                   "d = d - rate * slope", UP, "return d, g"),
    },
}

WRONG = {
    "share_near": {
        "less than": (share(NEAREST, "return (near < radius).float().mean().item()"),
                      "exactly at the radius"),
        "count": (share(NEAREST, "return (near <= radius).float().sum().item()"),
                  "Divide it by the number of all"),
        "count as int": (share(NEAREST, "return (near <= radius).sum().item()"),
                         "Divide it by the number of all"),
        "all pairs": (share("d = torch.cdist(points, centres)",
                            "return (d <= radius).float().mean().item()"), "share of all pairs"),
        "share of centres": (share("d = torch.cdist(points, centres).min(0).values",
                                   "return (d <= radius).float().mean().item()"),
                             "share of centres"),
        "turned": (share("d = torch.cdist(centres, points).min(1).values",
                         "return (d <= radius).float().mean().item()"), "share of centres"),
        "far": (share(NEAREST, "return (near > radius).float().mean().item()"), "that are far"),
        "farthest": (share(NEAREST.replace("min", "max"),
                           "return (near <= radius).float().mean().item()"), "farthest centre"),
        "a tensor": (share(NEAREST, "return (near <= radius).float().mean()"), ".item() makes"),
        "a bool mean": (share(NEAREST, "return (near <= radius).mean().item()"), "stopped"),
        "values forgotten": (share("near = torch.cdist(points, centres).min(1)",
                                   "return (near <= radius).float().mean().item()"), "stopped"),
        "squared": (share("d = ((points[:, None] - centres) ** 2).sum(-1).min(1).values",
                          "return (d <= radius).float().mean().item()"), "squared distances"),
        "mean distance": (share(NEAREST, "return near.mean().item()"), "mean distance"),
        "0.3 always": (share(NEAREST, "return (near <= 0.3).float().mean().item()"),
                       "uses 0.3 always"),
        "1 always": (share(NEAREST, "return (near <= 1).float().mean().item()"), "uses 1 always"),
        "per cent": (share(NEAREST, "return 100 * (near <= radius).float().mean().item()"),
                     "per cent"),
        "eight centres": (share("d = torch.stack([(points - centres[k]).norm(dim=1) for k in "
                                "range(8)], 1).min(1).values",
                                "return (d <= radius).float().mean().item()"), "stopped"),
        "divided by the centres": (share(NEAREST,
                                         "return (near <= radius).sum().item() / len(centres)"),
                                   "should give"),
        "300 points": (share(NEAREST, "return (near <= radius).sum().item() / 300"),
                       "should give"),
        "a constant": (share("return 0.75"), "should give"),
        "print": (share(NEAREST, "print((near <= radius).float().mean().item())"),
                  "gave nothing back"),
        "each coordinate": (share("d = (points[:, None] - centres).abs().amax(-1).min(1).values",
                                  "return (d <= radius).float().mean().item()"), "should give"),
        "sum of coordinates": (share("d = (points[:, None] - centres).abs().sum(-1).min(1).values",
                                     "return (d <= radius).float().mean().item()"), "should give"),
        "NumPy": (share("d = torch.cdist(points, centres).numpy().min(1)",
                        "return float((d <= radius).mean())"), "NumPy does not know gradients"),
        "changed in place": (share("points.data.sub_(centres[0])",
                                   "near = points.norm(dim=1)",
                                   "return (near <= radius).float().mean().item()"),
                             "should give"),
    },
    "alternating_step": {
        "simultaneous": (step("return d - rate * (g + penalty * d), g + rate * d"),
                         "D's old number"),
        "simultaneous, with names": (step("new_d = d - rate * (g + penalty * d)",
                                          "new_g = g + rate * d", "return new_d, new_g"),
                                     "D's old number"),
        "D up": (step("d = d + rate * (g + penalty * d)", UP, "return d, g"), "D goes down"),
        "G down": (step(DOWN, "g = g - rate * d", "return d, g"), "G goes up"),
        "roles": (step("d = d + rate * (g + penalty * d)", "g = g - rate * d", "return d, g"),
                  "roles are swapped"),
        "no penalty": (step("d = d - rate * g", UP, "return d, g"), "penalty is missing"),
        "half penalty": (step("d = d - rate * (g + penalty / 2 * d)", UP, "return d, g"),
                         "without the half"),
        "penalty with a minus": (step("d = d - rate * (g - penalty * d)", UP, "return d, g"),
                                 "sign is turned round"),
        "penalty squared": (step("d = d - rate * (g + penalty / 2 * d ** 2)", UP, "return d, g"),
                            "should give"),
        "swapped": (step(DOWN, UP, "return g, d"), "give back d first"),
        "own numbers": (step("d = d - rate * (d + penalty * d)", "g = g + rate * g",
                             "return d, g"), "The slope of d g in d is g"),
        "both pay": (step(DOWN, "g = g + rate * d - rate * penalty * g", "return d, g"),
                     "should give"),
        "no rate": (step("d = d - (g + penalty * d)", "g = g + d", "return d, g"),
                    "length is missing"),
        "rate forgotten at the penalty": (step("d = d - rate * g - penalty * d", UP,
                                               "return d, g"), "should give"),
        "G first": (step("g = g + rate * d", DOWN, "return d, g"), "should give"),
        "only d": (step(DOWN, UP, "return d"), "2 things"),
        "print": (step(DOWN, UP, "print(d, g)"), "gave nothing back"),
        "f": (step(DOWN, UP, "return d * g"), "2 things"),
        "rate 0.2": (step("d = d - 0.2 * (g + penalty * d)", "g = g + 0.2 * d", "return d, g"),
                     "should give"),
        "no default": (step(DOWN, UP, "return d, g").replace("=0.0", ""), "was called without"),
        "tensors": (step("d = torch.tensor(d) - rate * (g + penalty * d)", UP, "return d, g"),
                    ".item() makes"),
        "rounded": (step(DOWN, UP, "return round(d, 2), round(g, 2)"), "should give"),
        "other default": (step(DOWN, UP, "return d, g").replace("0.0", "0.5"), "should give"),
    },
}
