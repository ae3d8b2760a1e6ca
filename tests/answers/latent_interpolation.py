"""Answers to the exercises of the notebook latent_interpolation."""


def lerp(line: str) -> str:
    return f"def lerp(a, b, t):\n    return {line}"


def slerp(*lines: str) -> str:
    """Return the stub with `lines` in place of the dots."""
    given = ("cosine = torch.nn.functional.cosine_similarity(a, b, dim=-1).unsqueeze(-1)"
             ".clamp(-1, 1)", "angle = torch.arccos(cosine)")
    return "\n    ".join(["def slerp(a, b, t):", *given, *lines])


def direction(*lines: str) -> str:
    return "\n    ".join(["def attribute_direction(z, has):", *lines])


MIX = "mix = (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle)"
WHERE = "return torch.where(angle < 1e-4, lerp(a, b, t), mix)"
DIFFERENCE = "d = z[has].mean(0) - z[~has].mean(0)"

RIGHT = {
    "lerp": {
        "the library's line": lerp("(1 - t) * a + t * b"),
        "the other order": lerp("b * t + a * (1 - t)"),
        "a and a step": lerp("a + t * (b - a)"),
        "b and a step back": lerp("b - (1 - t) * (b - a)"),
        "multiplied out": lerp("a - a * t + b * t"),
        "torch.lerp": lerp("torch.lerp(a, b, t)"),
        "torch.lerp as a method": lerp("a.lerp(b, torch.as_tensor(t).to(a.dtype))"),
        "methods": lerp("a.mul(1 - t).add(b.mul(t))"),
        "torch's functions": lerp("torch.add(torch.mul(a, 1 - t), torch.mul(b, t))"),
        "other names": "def lerp(start, end, share):\n    return start + share * (end - start)",
        "type hints and a default": "def lerp(a: torch.Tensor, b: torch.Tensor, t: float = 0.5) "
                                    "-> torch.Tensor:\n    return (1.0 - t) * a + t * b",
        "in steps, on a copy": """
def lerp(a, b, t):
    '''Mix.'''
    step = (b - a).clone()
    step = step * t
    result = a + step
    return result""",
        "a lambda": "lerp = lambda a, b, t: a * (1 - t) + b * t",
        "a lambda of other names": "lerp = lambda x, y, s: x + s * (y - x)",
        "a decorated function": """
def counted(function):
    def inner(*args):
        inner.calls += 1
        return function(*args)
    inner.calls = 0
    return inner

@counted
def lerp(a, b, t):
    return (1 - t) * a + t * b""",
        "a callable object": """
class Lerp:
    def __call__(self, a, b, t):
        return (1 - t) * a + t * b

lerp = Lerp()""",
        "a sum of two": lerp("sum([(1 - t) * a, t * b])"),
        "einsum": lerp("torch.einsum('...i,...i->...i', (1 - t) * torch.ones_like(a), a) + t * b"),
        "the ends apart": """
def lerp(a, b, t):
    if not torch.is_tensor(t) and t == 0:
        return a.clone()
    if not torch.is_tensor(t) and t == 1:
        return b.clone()
    return (1 - t) * a + t * b""",
        "an operator": "import operator\ndef lerp(a, b, t):\n    return operator.add("
                       "operator.mul(1 - t, a), operator.mul(t, b))",
    },
    "slerp": {
        "the library's lines": slerp(MIX, WHERE),
        "in one line": slerp(
            "return torch.where(angle < 1e-4, lerp(a, b, t), (torch.sin((1 - t) * angle) * a "
            "+ torch.sin(t * angle) * b) / torch.sin(angle))"),
        "the condition the other way round": slerp(
            MIX, "return torch.where(angle >= 1e-4, mix, lerp(a, b, t))"),
        "each part divided": slerp(
            "s = torch.sin(angle)",
            "mix = torch.sin((1 - t) * angle) / s * a + torch.sin(t * angle) / s * b", WHERE),
        "methods": slerp(
            "mix = (((1 - t) * angle).sin() * a + (t * angle).sin() * b).div(angle.sin())", WHERE),
        "other names": """
def slerp(start, end, share):
    cos = torch.nn.functional.cosine_similarity(start, end, dim=-1).unsqueeze(-1).clamp(-1, 1)
    w = torch.acos(cos)
    wa, wb = torch.sin((1 - share) * w), torch.sin(share * w)
    turned = (wa * start + wb * end) / torch.sin(w)
    return torch.where(w < 1e-4, (1 - share) * start + share * end, turned)""",
        "the angle kept above 0": slerp(
            "angle = angle.clamp(min=1e-3)", MIX, "return mix"),
        "the shares chosen": slerp(
            "small = angle < 1e-4",
            "wa = torch.where(small, torch.ones_like(angle) * (1 - t), "
            "torch.sin((1 - t) * angle) / torch.sin(angle))",
            "wb = torch.where(small, torch.ones_like(angle) * t, "
            "torch.sin(t * angle) / torch.sin(angle))",
            "return wa * a + wb * b"),
        "t made a tensor": slerp("t = torch.as_tensor(t)", MIX, WHERE),
        "its own mix changed": slerp(
            MIX, "small = (angle < 1e-4).squeeze(-1)",
            "mix[small] = lerp(a, b, t)[small]", "return mix"),
        "where it is not a number": slerp(
            MIX, "return torch.where(torch.isnan(mix), lerp(a, b, t), mix)"),
        "torch.lerp": slerp(
            MIX, "straight = torch.lerp(a, b, torch.as_tensor(t, dtype=a.dtype))",
            "return torch.where(angle < 1e-4, straight, mix)"),
        "with a mask": slerp(
            MIX, "use = (angle < 1e-4).float()",
            "return use * lerp(a, b, t) + (1 - use) * mix.nan_to_num()"),
        "its own cosine": """
def slerp(a, b, t):
    dot = (a * b).sum(-1, keepdim=True)
    cosine = dot / (a.norm(dim=-1, keepdim=True) * b.norm(dim=-1, keepdim=True))
    angle = torch.arccos(cosine.clamp(-1, 1))
    mix = (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle)
    return torch.where(angle < 1e-4, lerp(a, b, t), mix)""",
        "an if, and where": slerp(
            "if (angle < 1e-4).all():", "    return lerp(a, b, t)", MIX, WHERE),
        "a helper inside": slerp(
            "def weight(s):", "    return torch.sin(s * angle) / torch.sin(angle)",
            "return torch.where(angle < 1e-4, lerp(a, b, t), weight(1 - t) * a + weight(t) * b)"),
        "type hints": "from torch import Tensor\n" + slerp(MIX, WHERE).replace(
            "(a, b, t)", "(a: Tensor, b: Tensor, t: float = 0.5) -> Tensor", 1),
        "a decorated function": "def told(f):\n    return lambda *args: f(*args)\n\n@told\n"
                                + slerp(MIX, WHERE),
        "another small number": slerp(MIX, "return torch.where(angle < 1e-5, lerp(a, b, t), mix)"),
        "asked by the sine": slerp(
            MIX, "return torch.where(torch.sin(angle) == 0, lerp(a, b, t), mix)"),
        "a lambda": """
def angle_of(a, b):
    return torch.nn.functional.cosine_similarity(a, b, dim=-1).unsqueeze(-1).clamp(-1, 1).acos()

slerp = lambda a, b, t: torch.where(
    angle_of(a, b) < 1e-4, lerp(a, b, t),
    (torch.sin((1 - t) * angle_of(a, b)) * a + torch.sin(t * angle_of(a, b)) * b)
    / torch.sin(angle_of(a, b)))""",
    },
    "attribute_direction": {
        "the library's lines": direction(DIFFERENCE, "return d / d.norm()"),
        "in one line": direction("return torch.nn.functional.normalize(z[has].mean(0) - "
                                 "z[~has].mean(0), dim=0)"),
        "with dim": direction(
            "difference = torch.mean(z[has], dim=0) - torch.mean(z[~has], dim=0)",
            "return difference / torch.linalg.norm(difference)"),
        "the root of the squares": direction(DIFFERENCE, "return d / (d ** 2).sum().sqrt()"),
        "math.sqrt": "import math\n" + direction(DIFFERENCE,
                                                 "return d / math.sqrt((d * d).sum().item())"),
        "power one half": direction(DIFFERENCE, "return d / torch.sum(d ** 2) ** 0.5"),
        "compared with True and False": direction(
            "d = z[has == True].mean(0) - z[has == False].mean(0)", "return d / d.norm()"),
        "logical_not": direction("d = z[has].mean(dim=0) - z[torch.logical_not(has)].mean(dim=0)",
                                 "return d / torch.linalg.vector_norm(d)"),
        "sums over sizes": direction(
            "n = has.sum()", "d = z[has].sum(0) / n - z[~has].sum(0) / (len(has) - n)",
            "return d / d.norm()"),
        "as numbers": direction(
            "h = has.float().unsqueeze(1)",
            "d = (z * h).sum(0) / h.sum() - (z * (1 - h)).sum(0) / (1 - h).sum()",
            "return d / d.norm()"),
        "a matrix product": direction(
            "h = has.to(z.dtype)", "d = h @ z / h.sum() - (1 - h) @ z / (1 - h).sum()",
            "return d / d.norm()"),
        "from the mean of all": direction("d = z[has].mean(0) - z.mean(0)",
                                          "return d / d.norm()"),
        "a loop": direction(
            "having, lacking = [], []", "for vector, yes in zip(z, has):",
            "    (having if yes else lacking).append(vector)",
            "d = torch.stack(having).mean(0) - torch.stack(lacking).mean(0)",
            "return d / d.norm()"),
        "number by number": direction(
            "d = torch.tensor([(column[has].mean() - column[~has].mean()).item() "
            "for column in z.T])", "return d / d.norm()"),
        "places": direction(
            "yes, no = has.nonzero().squeeze(1), (~has).nonzero().squeeze(1)",
            "d = z.index_select(0, yes).mean(0) - z.index_select(0, no).mean(0)",
            "return d / d.norm()"),
        "with NumPy": "import numpy as np\n" + direction(
            "x, h = z.cpu().numpy(), has.cpu().numpy()",
            "d = x[h].mean(axis=0) - x[~h].mean(axis=0)",
            "return torch.from_numpy(d / np.linalg.norm(d)).to(z)"),
        "keepdim, squeezed": direction(
            "d = z[has].mean(0, keepdim=True) - z[~has].mean(0, keepdim=True)",
            "return (d / d.norm(dim=1, keepdim=True)).squeeze(0)"),
        "other names and hints": """
def attribute_direction(noise: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    with_it, without = noise[mask], noise[~mask]
    way = with_it.mean(0) - without.mean(0)
    length = way.norm()
    return way / length""",
        "einsum": direction("d = z[has].mean(0) - z[~has].mean(0)",
                            "return d / torch.einsum('i,i->', d, d).sqrt()"),
        "a lambda": "attribute_direction = lambda z, has: torch.nn.functional.normalize("
                    "z[has].mean(0) - z[~has].mean(0), dim=0)",
        "without gradients": "@torch.no_grad()\n" + direction(DIFFERENCE, "return d / d.norm()"),
        "in place, on its own tensor": direction(DIFFERENCE, "d /= d.norm()", "return d"),
    },
}

WRONG = {
    "lerp": {
        "the wrong way round": (lerp("t * a + (1 - t) * b"), "wrong way round"),
        "all of a": (lerp("a + t * b"), "All of a is still in it"),
        "all of b": (lerp("(1 - t) * a + b"), "All of b is in it"),
        "the step turned": (lerp("a + t * (a - b)"), "it is b - a"),
        "only the step": (lerp("t * (b - a)"), "add a"),
        "from b": (lerp("b + t * (b - a)"), "begins at a, not at b"),
        "a minus": (lerp("(1 - t) * a - t * b"), "added, not subtracted"),
        "a product": (lerp("(1 - t) * a * t * b"), "added, not multiplied"),
        "no b": (lerp("(1 - t) * a"), "The part of b is missing"),
        "no brackets": (lerp("1 - t * a + t * b"), "Brackets are missing"),
        "t - 1": (lerp("(t - 1) * a + t * b"), "not t - 1"),
        "the middle": (lerp("(a + b) / 2"), "Use t"),
        "halved": (lerp("((1 - t) * a + t * b) / 2"), "do not divide"),
        "the spherical way": (
            "from gan_lib import latent\ndef lerp(a, b, t):\n    return latent.slerp(a, b, t)",
            "spherical mix"),
        "a sum": (lerp("((1 - t) * a + t * b).sum(-1)"), "no sum"),
        "a mean": (lerp("((1 - t) * a + t * b).mean()"), "This is one number, a mean"),
        "1 long": (lerp("torch.nn.functional.normalize((1 - t) * a + t * b, dim=-1)"),
                   "Leave it as it is"),
        "no return": ("def lerp(a, b, t):\n    (1 - t) * a + t * b", "gave nothing back"),
        "print": ("def lerp(a, b, t):\n    print((1 - t) * a + t * b)", "gave nothing back"),
        "a constant": (lerp("torch.tensor([0.75, 0.5])"), "should give"),
        "a list": (lerp("[(1 - t) * x + t * y for x, y in zip(a, b)]"), "should give a tensor"),
        "a list of numbers": (lerp("((1 - t) * a + t * b).tolist()"), "should give a tensor"),
        "NumPy": (lerp("((1 - t) * a + t * b).detach().numpy()"), "should give a tensor"),
        "changed in place": ("def lerp(a, b, t):\n    a *= 1 - t\n    a += t * b\n    return a",
                             "changed its argument number 1"),
        "changed in place, quietly": (
            "def lerp(a, b, t):\n    a.data.mul_(1 - t).add_(t * b)\n    return a.clone()",
            "changed its argument number 1"),
        "only a plain t": (lerp("(1 - float(t)) * a + float(t) * b"), "stopped"),
        "an if on t": ("def lerp(a, b, t):\n    if t < 0.5:\n        return a\n    return b",
                       "should give"),
        "t cut to whole numbers": (lerp("(1 - int(t)) * a + int(t) * b"), "should give"),
        "a t of its own": ("def lerp(a, b, t):\n    t = torch.linspace(0, 1, 8).unsqueeze(1)\n"
                           "    return (1 - t) * a + t * b", "should give"),
        "detached": (lerp("((1 - t) * a + t * b).detach()"), "no gradient flows"),
        "a letter wrong": (lerp("(1 - t) * a + T * b"), "the name `T` is not known"),
        "two arguments": ("def lerp(a, b):\n    return (a + b) / 2", "takes 2 arguments"),
        "b seen as a number": (lerp("(1 - t) * a + t * b.item()"), "stopped"),
        "only the first number": (lerp("(1 - t) * a[0] + t * b[0]"), "should give"),
        "float64": (lerp("((1 - t) * a + t * b).double()"), "float32"),
        "squared shares": (lerp("(1 - t) ** 2 * a + t ** 2 * b"), "should give"),
        "roots as shares": (lerp("(1 - t) ** 0.5 * a + t ** 0.5 * b"), "should give"),
        "an axis too many": (lerp("((1 - t) * a + t * b).unsqueeze(0)"), "should give"),
        "random": (lerp("(1 - torch.rand(1)) * a + torch.rand(1) * b"), "should give"),
    },
    "slerp": {
        "the straight mix": (slerp("return lerp(a, b, t)"), "This is the straight mix"),
        "the wrong way round": (slerp(MIX.replace("1 - t", "s").replace("sin(t", "sin((1 - t)")
                                      .replace("(s)", "t"), WHERE), "wrong way round"),
        "cosines": (slerp(MIX.replace("torch.sin((1", "torch.cos((1").replace(
            "torch.sin(t", "torch.cos(t"), WHERE), "Take torch.sin"),
        "not divided": (slerp(MIX.partition(" / ")[0], WHERE), "Divide by torch.sin(angle)"),
        "not divided, no where": (slerp(MIX.partition(" / ")[0], "return mix"),
                                  "Divide by torch.sin(angle)"),
        "divided by the angle": (slerp(MIX.replace("/ torch.sin(angle)", "/ angle"), WHERE),
                                 "the sine of the angle"),
        "divided by the cosine": (slerp(MIX.replace("/ torch.sin(angle)", "/ cosine"), WHERE),
                                  "The divisor is torch.sin(angle)"),
        "degrees": (slerp("angle = torch.rad2deg(angle)", MIX, WHERE), "radians"),
        "the cosine taken for the angle": (slerp("angle = cosine", MIX,
                                                 "return mix"), "not its cosine"),
        "straight where the angle is small": (
            slerp(MIX, "return torch.where(angle < 0.1, lerp(a, b, t), mix)"), "4 degrees"),
        "the cosine asked": (slerp(MIX, "return torch.where(cosine < 1e-4, lerp(a, b, t), mix)"),
                             "should give"),
        "one cosine for all": (slerp(
            "angle = torch.arccos((a * b).sum() / (a.norm() * b.norm()))", MIX, WHERE),
            "should give"),
        "cosine and sine": (slerp(MIX.replace("torch.sin((1", "torch.cos((1"), WHERE),
                            "should give"),
        "no t in the sines": (slerp(MIX.replace("(1 - t) * angle", "angle").replace(
            "t * angle", "angle"), WHERE), "should give"),
        "no brackets": (slerp("mix = torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b "
                              "/ torch.sin(angle)", WHERE), "Only the part of b is divided"),
        "a minus": (slerp(MIX.replace("a + torch", "a - torch"), WHERE), "added, not subtracted"),
        "the sine of t": (slerp("t = torch.as_tensor(t)", MIX.replace(
            "sin((1 - t) * angle)", "sin(1 - t) * angle").replace(
            "sin(t * angle)", "sin(t) * angle"), WHERE), "that of the product"),
        "no where": (slerp(MIX, "return mix"), "divides 0 by 0"),
        "where turned": (slerp(MIX, "return torch.where(angle < 1e-4, mix, lerp(a, b, t))"),
                         "wrong way round"),
        "a where it is 0": (slerp(MIX, "return torch.where(angle < 1e-4, a, mix)"), "not a"),
        "0 where it is 0": (slerp(MIX, "return mix.nan_to_num()"), "not 0"),
        "an if": (slerp("if angle < 1e-4:", "    return lerp(a, b, t)", MIX, "return mix"),
                  "torch.where chooses"),
        "an if for any": (slerp("if (angle < 1e-4).any():", "    return lerp(a, b, t)", MIX,
                                "return mix"), "should give"),
        "an if for all": (slerp("if (angle < 1e-4).all():", "    return lerp(a, b, t)", MIX,
                                "return mix"), "should give"),
        "a small number below": (slerp(MIX.replace("/ torch.sin(angle)",
                                                   "/ (torch.sin(angle) + 1e-8)"), "return mix"),
                                 "not 0"),
        "1 long": (slerp(MIX, "return torch.where(angle < 1e-4, lerp(a, b, t), "
                              "mix / mix.norm(dim=-1, keepdim=True))"), "Leave it as it is"),
        "the ends 1 long": (slerp("a = a / a.norm(dim=-1, keepdim=True)",
                                  "b = b / b.norm(dim=-1, keepdim=True)", MIX,
                                  "return mix"), "should give"),
        "the straight mix, as long as a": (
            slerp("mix = lerp(a, b, t)", "mix = mix / mix.norm(dim=-1, keepdim=True) "
                  "* a.norm(dim=-1, keepdim=True)", WHERE), "made as long as a"),
        "no return": (slerp(MIX), "gave nothing back"),
        "only the formula's name": (slerp("mix = ...", "return mix"), "gave nothing back"),
        "dots in where": (slerp("mix = ...", WHERE), "stopped"),
        "a constant": (slerp("return torch.tensor([0.8660, 0.5])"), "should give"),
        "the axis lost": (slerp("angle = angle.squeeze(-1)", MIX, WHERE), "should give"),
        "the angle of all": (slerp("angle = angle.mean()", MIX, WHERE), "should give"),
        "math": ("import math\n" + slerp(
            "angle = angle.item()", "if angle < 1e-4:", "    return lerp(a, b, t)",
            "return (math.sin((1 - t) * angle) * a + math.sin(t * angle) * b) / math.sin(angle)"),
            "stopped"),
        "sin without torch": (slerp(MIX.replace("torch.sin", "sin"), WHERE), "is not known"),
        "torch.sine": (slerp(MIX.replace("torch.sin(angle)", "torch.sine(angle)"), WHERE),
                       "has no `sine`"),
        "the angle's half": (slerp("angle = angle / 2", MIX, WHERE), "should give"),
        "a limit that is too large": (slerp(
            MIX, "return torch.where(angle < 1, lerp(a, b, t), mix)"), "should give"),
        "only the turned part of a": (slerp(
            "mix = torch.sin((1 - t) * angle) * a / torch.sin(angle)", WHERE), "part of b is"),
        "NumPy": (slerp(MIX, "return torch.where(angle < 1e-4, lerp(a, b, t), mix)"
                             ".detach().numpy()"), "should give a tensor"),
        "detached": (slerp(MIX, WHERE + ".detach()"), "no gradient flows"),
        "changed in place": (slerp("a.data /= 1", "b.data *= 1.001", MIX, WHERE), "should give"),
        "two results": (slerp(MIX, "return mix, angle"), "should give a tensor"),
        "the sum": (slerp(MIX, WHERE + ".sum(-1)"), "should give"),
    },
    "attribute_direction": {
        "the first thousand": (direction("z, has = z[:1000], has[:1000]", DIFFERENCE,
                                         "return d / d.norm()"), "with 2000 vectors"),
        "numbers as places": (direction("has = has.long()", DIFFERENCE, "return d / d.norm()"),
                              "should give"),
        "each vector 1 long": (direction("z = z / z.norm(dim=1, keepdim=True)", DIFFERENCE,
                                         "return d / d.norm()"), "should give"),
        "pairs": (direction("d = (z[has] - z[~has]).mean(0)", "return d / d.norm()"), "stopped"),
        "not 1 long": (direction("return z[has].mean(0) - z[~has].mean(0)"),
                       "divide it by its length"),
        "the wrong way": (direction("d = z[~has].mean(0) - z[has].mean(0)", "return d / d.norm()"),
                          "wrong way"),
        "the wrong way, not 1 long": (direction("return z[~has].mean(0) - z[has].mean(0)"),
                                      "its length is not 1 yet"),
        "only those that have it": (direction("d = z[has].mean(0)", "return d / d.norm()"),
                                    "Take away the mean"),
        "only those that lack it": (direction("d = z[~has].mean(0)", "return d / d.norm()"),
                                    "mean of those that lack it"),
        "added": (direction("d = z[has].mean(0) + z[~has].mean(0)", "return d / d.norm()"),
                  "subtracted, not added"),
        "sums": (direction("d = z[has].sum(0) - z[~has].sum(0)", "return d / d.norm()"),
                 "not the sum"),
        "sums over all": (direction("d = (z[has].sum(0) - z[~has].sum(0)) / len(z)",
                                    "return d / d.norm()"), "not the sum"),
        "the mean of each vector": (direction("d = z[has].mean(1) - z[~has].mean(1)",
                                              "return d / d.norm()"), ".mean(0), not .mean(1)"),
        "one mean": (direction("d = z[has].mean() - z[~has].mean()", "return d / d.norm()"),
                     "the mean of all"),
        "medians": (direction("d = z[has].median(0).values - z[~has].median(0).values",
                              "return d / d.norm()"), "Take means"),
        "the squared length": (direction(DIFFERENCE, "return d / (d ** 2).sum()"),
                               "a root is missing"),
        "the sum of absolutes": (direction(DIFFERENCE, "return d / d.abs().sum()"),
                                 "root of the sum of the squares"),
        "the sum for the length": (direction(DIFFERENCE, "return d / d.sum()"),
                                   "divided by the sum"),
        "the largest": (direction(DIFFERENCE, "return d / d.max()"), "the largest number"),
        "the mean square": (direction(DIFFERENCE, "return d / (d ** 2).mean().sqrt()"),
                            "not of their mean"),
        "len": (direction(DIFFERENCE, "return d / len(d)"), "divided by z_dim"),
        "multiplied": (direction(DIFFERENCE, "return d * d.norm()"), "do not multiply"),
        "the length itself": (direction(DIFFERENCE, "return d.norm()"), "This is the length"),
        "signs": (direction(DIFFERENCE, "return d.sign()"), "become 1 or -1"),
        "the means 1 long": (direction(
            "yes, no = z[has].mean(0), z[~has].mean(0)",
            "return yes / yes.norm() - no / no.norm()"), "The means were made 1 long"),
        "an axis too many": (direction(
            "d = z[has].mean(0, keepdim=True) - z[~has].mean(0, keepdim=True)",
            "return d / d.norm()"), "an axis too many"),
        "not for ~": (direction("d = z[has].mean(0) - z[not has].mean(0)",
                                "return d / d.norm()"), "stopped"),
        "a minus for ~": (direction("d = z[has].mean(0) - z[-has].mean(0)",
                                    "return d / d.norm()"), "stopped"),
        "1 - has": (direction("d = z[has].mean(0) - z[1 - has].mean(0)", "return d / d.norm()"),
                    "stopped"),
        "has as places": (direction(
            "d = z[has.long()].mean(0) - z[1 - has.long()].mean(0)", "return d / d.norm()"),
            "should give"),
        "the first and the rest": (direction(
            "n = has.sum()", "d = z[:n].mean(0) - z[n:].mean(0)", "return d / d.norm()"),
            "should give"),
        "the first of each": (direction("d = z[has][0] - z[~has][0]", "return d / d.norm()"),
                              "should give"),
        "no return": (direction(DIFFERENCE, "d / d.norm()"), "gave nothing back"),
        "a constant": (direction("return torch.tensor([0.7071, 0.7071])"), "should give"),
        "a list": (direction(DIFFERENCE, "return (d / d.norm()).tolist()"),
                   "should give a tensor"),
        "NumPy": (direction(DIFFERENCE, "return (d / d.norm()).numpy()"), "should give a tensor"),
        "NumPy's float64": ("import numpy as np\n" + direction(
            "x = z.double().numpy()", "d = x[has.numpy()].mean(0) - x[~has.numpy()].mean(0)",
            "return torch.tensor(d / np.linalg.norm(d))"), "float32"),
        "changed in place": (direction("z -= z.mean(0)", DIFFERENCE, "return d / d.norm()"),
                             "changed its argument number 1"),
        "has changed in place": (direction("yes = z[has].mean(0)", "no = z[has.logical_not_()]"
                                           ".mean(0)", "d = yes - no", "return d / d.norm()"),
                                 "changed its argument number 2"),
        "norm without brackets": (direction(DIFFERENCE, "return d / d.norm"), "stopped"),
        "normalise along the wrong axis": (direction(
            DIFFERENCE, "return torch.nn.functional.normalize(d)"), "stopped"),
        "each vector 1 long first": (direction(
            "z = z / z.norm(dim=1, keepdim=True)", DIFFERENCE, "return d / d.norm()"),
            "should give"),
        "the deviation": (direction("d = z[has].std(0) - z[~has].std(0)", "return d / d.norm()"),
                          "should give"),
        "moved to the middle": (direction(DIFFERENCE, "d = d - d.mean()", "return d / d.norm()"),
                                "should give"),
        "only the largest number": (direction(
            DIFFERENCE, "return torch.eye(len(d))[d.abs().argmax()]"), "should give"),
        "the name of another cell": (direction("d = z[seen].mean(0) - z[~seen].mean(0)",
                                               "return d / d.norm()"), "is not known"),
    },
}
