"""Answers to the exercises of the notebook generator."""

STUB = '''def up_convolve(x, kernel, stride):
    (height, width), k = x.shape, len(kernel)
    y = x.new_zeros((height - 1) * stride + k, (width - 1) * stride + k)
    for i in range(height):
        for j in range(width):
            {}
    return y'''


def noise(line: str) -> str:
    return f"def noise(n, z_dim):\n    return {line}"


def size(line: str) -> str:
    return f"def output_size(n, kernel, stride, padding):\n    return {line}"


RIGHT = {
    "noise": {
        "the library's line": noise("torch.randn(n, z_dim)"),
        "the shape in brackets": noise("torch.randn((n, z_dim))"),
        "the shape as a list": noise("torch.randn([n, z_dim])"),
        "filled in place": noise("torch.empty(n, z_dim).normal_()"),
        "one vector after the other": noise("torch.stack([torch.randn(z_dim) for _ in range(n)])"),
        "reshaped": noise("torch.randn(n * z_dim).view(n, z_dim)"),
        "transposed": noise("torch.randn(z_dim, n).T"),
        "torch.normal": noise("torch.normal(0.0, 1.0, (n, z_dim))"),
        "torch.normal of tensors": noise("torch.normal(torch.zeros(n, z_dim), 1.0)"),
        "with NumPy": "import numpy as np\n" + noise(
            "torch.tensor(np.random.randn(n, z_dim), dtype=torch.float32)"),
        "NumPy's new generator": "import numpy as np\n" + noise(
            "torch.from_numpy(np.random.default_rng().normal(size=(n, z_dim))).float()"),
        "Python's random": "import random\n" + noise(
            "torch.tensor([[random.gauss(0, 1) for j in range(z_dim)] for i in range(n)])"),
        "a distribution": noise("torch.distributions.Normal(0.0, 1.0).sample((n, z_dim))"),
        "Box and Muller": noise("(-2 * torch.log(1 - torch.rand(n, z_dim))).sqrt() "
                                "* torch.cos(2 * torch.pi * torch.rand(n, z_dim))"),
        "through the inverse": noise("torch.special.ndtri(torch.rand(n, z_dim).clamp(1e-6))"),
        "a table that is filled": """
def noise(how_many, length):
    z = torch.zeros(how_many, length)
    for row in range(how_many):
        z[row] = torch.randn(length)
    return z""",
        "a lambda": "noise = lambda n, z_dim: torch.randn(n, z_dim)",
        "type hints and defaults": """
def noise(n: int = 1, z_dim: int = 64, *, device=None) -> torch.Tensor:
    return torch.randn(n, z_dim, device=device)""",
        "a decorated function": """
def told(function):
    def inner(*args):
        print(args)
        return function(*args)
    return inner

@told
def noise(n, z_dim):
    return torch.randn(n, z_dim)""",
        "the inverse error function": noise(
            "torch.erfinv(torch.rand(n, z_dim).clamp(1e-6, 1 - 1e-6) * 2 - 1) * 2 ** 0.5"),
    },
    "up_convolve": {
        "the library's lines": STUB.format(
            "top, left = i * stride, j * stride\n"
            "            y[top:top + k, left:left + k] += x[i, j] * kernel"),
        "in one line": STUB.format(
            "y[i * stride:i * stride + k, j * stride:j * stride + k] += x[i, j] * kernel"),
        "added at its end": STUB.format(
            "y[i*stride:i*stride+k, j*stride:j*stride+k] = "
            "y[i*stride:i*stride+k, j*stride:j*stride+k] + kernel * x[i][j]"),
        "two slices": STUB.format("y[i * stride:][:k, j * stride:][:, :k] += kernel * x[i][j]"),
        "with add_": STUB.format(
            "y[i*stride:i*stride+k, j*stride:j*stride+k].add_(kernel, alpha=x[i, j].item())"),
        "cell by cell": STUB.format("""for a in range(k):
                for b in range(k):
                    y[i * stride + a, j * stride + b] += x[i, j] * kernel[a, b]"""),
        "a sheet for each pixel": STUB.format("""sheet = torch.zeros_like(y)
            sheet[i * stride:i * stride + k, j * stride:j * stride + k] = kernel
            y = y + x[i, j] * sheet"""),
        "PyTorch's layer": """
def up_convolve(x, kernel, stride):
    return F.conv_transpose2d(x[None, None], kernel[None, None], stride=stride)[0, 0]""",
        "PyTorch's layer, with views": """
def up_convolve(image, weights, s=1):
    y = torch.conv_transpose2d(image.reshape(1, 1, *image.shape),
                               weights.unsqueeze(0).unsqueeze(0), stride=s)
    return y.squeeze(0).squeeze(0)""",
        "one number of the kernel after the other": """
def up_convolve(x, kernel, stride):
    h, w = x.shape
    k = kernel.shape[0]
    y = torch.zeros((h - 1) * stride + k, (w - 1) * stride + k)
    for a in range(k):
        for b in range(k):
            y[a:a + (h - 1) * stride + 1:stride, b:b + (w - 1) * stride + 1:stride] \\
                += x * kernel[a, b]
    return y""",
        "pulled together from the output": """
def up_convolve(x, kernel, stride):
    (h, w), k = x.shape, len(kernel)
    y = torch.zeros((h - 1) * stride + k, (w - 1) * stride + k)
    for r in range(y.shape[0]):
        for c in range(y.shape[1]):
            for i in range(h):
                for j in range(w):
                    a, b = r - i * stride, c - j * stride
                    if 0 <= a < k and 0 <= b < k:
                        y[r, c] += x[i, j] * kernel[a, b]
    return y""",
        "spread with zeros, then a usual convolution": """
def up_convolve(x, kernel, stride):
    h, w = x.shape
    spread = torch.zeros((h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[::stride, ::stride] = x
    k = len(kernel)
    return F.conv2d(spread[None, None], kernel.flip(0, 1)[None, None], padding=k - 1)[0, 0]""",
        "fold": """
def up_convolve(x, kernel, stride):
    (h, w), k = x.shape, len(kernel)
    stamps = kernel.reshape(k * k, 1) @ x.reshape(1, h * w)
    size = ((h - 1) * stride + k, (w - 1) * stride + k)
    return F.fold(stamps[None], size, kernel_size=k, stride=stride)[0, 0]""",
        "padded copies, added up": """
def up_convolve(x, kernel, stride):
    (h, w), s = x.shape, stride
    copies = [F.pad(x[i, j] * kernel, (j * s, (w - 1 - j) * s, i * s, (h - 1 - i) * s))
              for i in range(h) for j in range(w)]
    return torch.stack(copies).sum(0)""",
        "einsum": """
def up_convolve(x, kernel, stride):
    (h, w), k = x.shape, len(kernel)
    def places(n):
        table = torch.zeros((n - 1) * stride + k, n, k)
        for i in range(n):
            for a in range(k):
                table[i * stride + a, i, a] = 1
        return table
    return torch.einsum("ria,cjb,ij,ab->rc", places(h), places(w), x, kernel)""",
        "NumPy inside": """
def up_convolve(x, kernel, stride):
    import numpy as np
    x, kernel = x.numpy(), kernel.numpy()
    (h, w), k = x.shape, len(kernel)
    y = np.zeros(((h - 1) * stride + k, (w - 1) * stride + k), dtype=np.float32)
    for i in range(h):
        for j in range(w):
            y[i * stride:i * stride + k, j * stride:j * stride + k] += x[i, j] * kernel
    return torch.from_numpy(y)""",
        "lists inside, a tensor at the end": """
def up_convolve(x, kernel, stride):
    x, kernel = x.tolist(), kernel.tolist()
    k = len(kernel)
    y = [[0.0] * ((len(x[0]) - 1) * stride + k) for _ in range((len(x) - 1) * stride + k)]
    for i, row in enumerate(x):
        for j, pixel in enumerate(row):
            for a in range(k):
                for b in range(k):
                    y[i * stride + a][j * stride + b] += pixel * kernel[a][b]
    return torch.tensor(y)""",
        "a lambda": "up_convolve = lambda x, k, s: "
                    "F.conv_transpose2d(x[None, None], k[None, None], None, s)[0, 0]",
        "type hints": """
def up_convolve(x: torch.Tensor, kernel: torch.Tensor, stride: int = 2) -> torch.Tensor:
    layer = torch.nn.ConvTranspose2d(1, 1, kernel.shape, stride, bias=False)
    with torch.no_grad():
        layer.weight.copy_(kernel)
        return layer(x[None, None])[0, 0]""",
        "pixels counted in one loop": """
def up_convolve(x, kernel, stride):
    (height, width), k = x.shape, len(kernel)
    y = x.new_zeros((height - 1) * stride + k, (width - 1) * stride + k)
    for n in range(x.numel()):
        i, j = divmod(n, width)
        y[stride * i:stride * i + k, stride * j:stride * j + k] += kernel * x.flatten()[n]
    return y""",
    },
    "output_size": {
        "the library's line": size("(n - 1) * stride - 2 * padding + kernel"),
        "multiplied out": size("n * stride - stride + kernel - padding - padding"),
        "the kernel first": size("kernel + stride * (n - 1) - padding * 2"),
        "short names": "def output_size(n, k, s, p):\n    return s * (n - 1) + k - 2 * p",
        "step by step": """
def output_size(n, kernel, stride, padding):
    first_begins = 0
    last_begins = (n - 1) * stride
    last_ends = last_begins + kernel
    return last_ends - first_begins - 2 * padding""",
        "a loop": """
def output_size(n, kernel, stride, padding):
    side = kernel
    for _ in range(n - 1):
        side += stride
    return side - 2 * padding""",
        "with range": size("len(range(padding, range(0, n * stride, stride)[-1] + kernel "
                           "- padding))"),
        "cells are collected": """
def output_size(n, kernel, stride, padding):
    cells = {i * stride + a for i in range(n) for a in range(kernel)}
    return max(cells) + 1 - 2 * padding""",
        "PyTorch is asked": size(
            "F.conv_transpose2d(torch.ones(1, 1, n, n), torch.ones(1, 1, kernel, kernel), "
            "stride=stride, padding=padding).shape[-1]"),
        "a layer is asked": """
def output_size(n, kernel, stride, padding):
    layer = torch.nn.ConvTranspose2d(1, 1, kernel, stride, padding)
    return len(layer(torch.zeros(1, 1, n, n))[0, 0])""",
        "recursion": """
def output_size(n, kernel, stride, padding):
    if n == 1:
        return kernel - 2 * padding
    return stride + output_size(n - 1, kernel, stride, padding)""",
        "rounded to an int": size("int((n - 1) * stride + kernel - 2 * padding)"),
        "a lambda": "output_size = lambda n, k, s, p: (n - 1) * s - 2 * p + k",
        "type hints and defaults": """
def output_size(n: int, kernel: int = 4, stride: int = 2, padding: int = 1) -> int:
    return (n - 1) * stride + kernel - 2 * padding""",
        "with sum": size("sum([stride] * (n - 1)) + kernel - sum([padding, padding])"),
        "all covered cells": (
            "def output_size(n, kernel, stride, padding):\n    cells = set()\n"
            "    for i in range(n):\n        cells.update(range(i * stride, i * stride + kernel))\n"
            "    return max(cells) + 1 - 2 * padding"),
    },
}

PIXEL = "x[i, j] * kernel"
SQUARE = "y[i * stride:i * stride + k, j * stride:j * stride + k]"

WRONG = {
    "noise": {
        "rows and columns changed": (noise("torch.randn(z_dim, n)"), "One row is one noise vector"),
        "one number each": (noise("torch.randn(n)"), "has z_dim numbers"),
        "one vector": (noise("torch.randn(z_dim)"), "This is one vector"),
        "one long row": (noise("torch.randn(n * z_dim)"), "not one long row"),
        "an axis too many": (noise("torch.randn(n, 1, z_dim)"), "should be (2000, 8)"),
        "rand": (noise("torch.rand(n, z_dim)"), "between 0 and 1"),
        "rand_like": (noise("torch.rand_like(torch.zeros(n, z_dim))"), "between 0 and 1"),
        "uniform around 0": (noise("2 * torch.rand(n, z_dim) - 1"), "these numbers are uniform"),
        "uniform with the right spread": (noise("(2 * torch.rand(n, z_dim) - 1) * 3 ** 0.5"),
                                          "these numbers are uniform"),
        "the sum of three uniform numbers": (
            noise("2 * (torch.rand(3, n, z_dim).sum(0) - 1.5)"), "not normal"),
        "cut at 2": (noise("torch.randn(n, z_dim).clamp(-2, 2)"), "should be near 1"),
        "cut at 3": (noise("torch.randn(n, z_dim).clamp(-3, 3)"), "not normal"),
        "heavy tails": (noise("torch.distributions.Laplace(0.0, 0.5 ** 0.5).sample((n, z_dim))"),
                        "not normal"),
        "signs alone": (noise("torch.randn(n, z_dim).sign()"), "not normal"),
        "without sign": (noise("torch.randn(n, z_dim).abs()"), "0 or above"),
        "variance for standard deviation": (noise("torch.randn(n, z_dim) * 2"), "it is 2"),
        "mean 1": (noise("torch.randn(n, z_dim) + 1"), "near 0"),
        "whole numbers": (noise("torch.randint(2, (n, z_dim))"), "float32"),
        "zeros": (noise("torch.zeros(n, z_dim)"), "Draw them at random".lower()),
        "nothing drawn": (noise("torch.full((n, z_dim), 0.5)"), "all are 0.5"),
        "each row the same": (noise("torch.randn(z_dim).repeat(n, 1)"), "all rows are the same"),
        "each row the same, expanded": (noise("torch.randn(1, z_dim).expand(n, z_dim)"),
                                        "all rows are the same"),
        "one number a row": (noise("torch.randn(n, 1).expand(n, z_dim)"), "for each column"),
        "all of length 1": (noise("F.normalize(torch.randn(n, z_dim), dim=1)"), "near 1"),
        "all of one length": (noise("F.normalize(torch.randn(n, z_dim), dim=1) * z_dim ** 0.5"),
                              "Not yet"),
        "rows with mean 0": ("""
def noise(n, z_dim):
    z = torch.randn(n, z_dim)
    return (z - z.mean(1, keepdim=True)) / z.std(1, keepdim=True)""", "NaN"),
        "sorted": (noise("torch.randn(n, z_dim).sort(1).values"), "no sorting"),
        "the mean of each row taken away": ("""
def noise(n, z_dim):
    z = torch.randn(n, z_dim)
    return z - z.mean(1, keepdim=True)""", "near 1"),
        "each column with mean 0": ("""
def noise(n, z_dim):
    z = torch.randn(n, z_dim)
    return (z - z.mean(0)) / z.std(0)""", "NaN"),
        "a walk": (noise("torch.randn(n, z_dim).cumsum(0)"), "near 0"),
        "sorted by size": (noise("torch.randn(n, z_dim).sort(0).values"), "no sorting"),
        "cut by another function": (noise("torch.tanh(torch.randn(n, z_dim))"), "near 1"),
        "drawn before": ("ALL = torch.randn(5000, 64)\n" + noise("ALL[:n, :z_dim]"), "draw anew"),
        "a seed that is put back": ("""
def noise(n, z_dim):
    state = torch.get_rng_state()
    torch.manual_seed(1)
    z = torch.randn(n, z_dim)
    torch.set_rng_state(state)
    return z""", "do not set a seed"),
        "returned in the loop": ("""
def noise(n, z_dim):
    rows = []
    for _ in range(n):
        rows.append(torch.randn(z_dim))
        return torch.stack(rows)""", "should be (2000, 8)"),
        "an endless loop": ("def noise(n, z_dim):\n    while True:\n        pass", "had not ended"),
        "a seed inside": ("""
def noise(n, z_dim):
    torch.manual_seed(0)
    return torch.randn(n, z_dim)""", "do not set a seed"),
        "a generator with a seed": (
            noise("torch.randn(n, z_dim, generator=torch.Generator().manual_seed(0))"),
            "do not set a seed"),
        "drawn once, as a default": ("""
def noise(n, z_dim, kept={}):
    if (n, z_dim) not in kept:
        kept[n, z_dim] = torch.randn(n, z_dim)
    return kept[n, z_dim]""", "draw anew"),
        "fixed numbers": (noise("torch.randn(3, 8)"), "should be (2000, 8)"),
        "float64": (noise("torch.randn(n, z_dim, dtype=torch.float64)"), "float32"),
        "NumPy's kind of numbers": ("import numpy as np\n" + noise(
            "torch.from_numpy(np.random.randn(n, z_dim))"), "float32"),
        "a NumPy array": ("import numpy as np\n" + noise("np.random.randn(n, z_dim)"),
                          "NumPy array"),
        "a list": (noise("torch.randn(n, z_dim).tolist()"), "a list"),
        "a list of tensors": (noise("[torch.randn(z_dim) for _ in range(n)]"), "torch.stack"),
        "with a gradient": (noise("torch.randn(n, z_dim, requires_grad=True)"), "requires_grad"),
        "a number": (noise("n * z_dim"), "a tensor"),
        "printed": ("def noise(n, z_dim):\n    print(torch.randn(n, z_dim))", "gave nothing back"),
        "not returned": ("def noise(n, z_dim):\n    z = torch.randn(n, z_dim)",
                         "gave nothing back"),
        "a name that is not there": (noise("torch.randnormal(n, z_dim)"), "stopped"),
        "without torch": (noise("randn(n, z_dim)"), "`randn` is not known here"),
        "half of the rows, twice": (
            noise("torch.randn(n // 2 + 1, z_dim).repeat(2, 1)[:n]"), "no copies"),
        "in inference mode": ("@torch.inference_mode()\n" + noise("torch.randn(n, z_dim)"),
                              "inference_mode"),
        "a seed from the clock": (
            "def noise(n, z_dim):\n    torch.seed()\n    return torch.randn(n, z_dim)", "a seed"),
        "three uniform numbers added": (
            noise("2 * sum(torch.rand(n, z_dim) for _ in range(3)) - 3"), "not normal"),
    },
    "up_convolve": {
        "the stub": (STUB.format("..."), "Nothing was stamped"),
        "over the others": (STUB.format(f"{SQUARE} = {PIXEL}"), "+= and not ="),
        "no pixel": (STUB.format(f"{SQUARE} += kernel"), "Multiply the kernel by the pixel"),
        "no kernel": (STUB.format(f"{SQUARE} += x[i, j]"), "The pixel alone"),
        "plus for times": (STUB.format(f"{SQUARE} += x[i, j] + kernel"), "was added to the kernel"),
        "taken away": (STUB.format(f"{SQUARE} -= {PIXEL}"), "+= and not -="),
        "the kernel transposed": (STUB.format(f"{SQUARE} += x[i, j] * kernel.T"), "changed places"),
        "the kernel turned": (STUB.format(f"{SQUARE} += x[i, j] * kernel.flip(0, 1)"),
                              "Do not turn"),
        "without the stride": (STUB.format(f"y[i:i + k, j:j + k] += {PIXEL}"), "1 cell apart"),
        "without the stride, over the others": (STUB.format(f"y[i:i + k, j:j + k] = {PIXEL}"),
                                                "1 cell apart"),
        "k for the stride": (STUB.format(f"y[i*k:i*k + k, j*k:j*k + k] += {PIXEL}"),
                             "lie k cells apart"),
        "2 for the stride": (STUB.format(f"y[i*2:i*2 + k, j*2:j*2 + k] += {PIXEL}"), "Not yet"),
        "2 stride for k": (STUB.format(
            f"y[i*stride:i*stride + 2*stride, j*stride:j*stride + 2*stride] += {PIXEL}"),
            "Not yet"),
        "all in the corner": (STUB.format(f"y[:k, :k] += {PIXEL}"), "top left corner"),
        "all in the first rows": (STUB.format(f"y[:k, j * stride:j * stride + k] += {PIXEL}"),
                                  "Row i of x begins"),
        "all in the first columns": (STUB.format(f"y[i * stride:i * stride + k, :k] += {PIXEL}"),
                                     "Column j of x begins"),
        "rows and columns of y": (STUB.format(
            f"y[j * stride:j * stride + k, i * stride:i * stride + k] += {PIXEL}"),
            "i belongs to the rows"),
        "=+ for +=": (STUB.format(f"{SQUARE} =+ {PIXEL}"), "+= and not ="),
        "the larger one where they overlap": (STUB.format(
            f"{SQUARE} = torch.maximum({SQUARE}, {PIXEL})"), "should give"),
        "a sum that is thrown away": (STUB.format(f"{SQUARE}.add({PIXEL})"), "y is still 0"),
        "a copy that is stamped nowhere": (STUB.format(f"copy = {PIXEL}"), "y is still 0"),
        "without the signs": (STUB.format(f"{SQUARE} += x[i, j].abs() * kernel"), "should give"),
        "the matrix product": (STUB.format(f"{SQUARE} += x[i, j] @ kernel"), "stopped"),
        "a whole row of pixels": (STUB.format(f"{SQUARE} += x[i] * kernel"), "Not yet"),
        "the mean kernel": (STUB.format(f"{SQUARE} += {PIXEL} / k"), "should give"),
        "the stride in rows alone": (STUB.format(f"y[i*stride:i*stride + k, j:j + k] += {PIXEL}"),
                                     "should give"),
        "a square of two corners, in two brackets": (STUB.format(
            f"y[i*stride:i*stride + k][j*stride:j*stride + k] += {PIXEL}"), "stopped"),
        "the output kept from call to call": ("""
Y = torch.zeros(0, 0)
def up_convolve(x, kernel, stride):
    global Y
    (h, w), k = x.shape, len(kernel)
    if Y.shape != ((h - 1) * stride + k, (w - 1) * stride + k):
        Y = torch.zeros((h - 1) * stride + k, (w - 1) * stride + k)
    for i in range(h):
        for j in range(w):
            Y[i * stride:i * stride + k, j * stride:j * stride + k] += x[i, j] * kernel
    return Y""", "should give"),
        "the pixel is emptied": (STUB.format(
            f"{SQUARE} += {PIXEL}\n            x[i, j] = 0"), "has changed its argument"),
        "blocks side by side": ("""
def up_convolve(x, kernel, stride):
    return torch.kron(x, kernel)""", "should give"),
        "rows and columns of x": (STUB.format(f"{SQUARE} += x[j, i] * kernel"),
                                  "the pixel is x[i, j]"),
        "one cell": (STUB.format(f"y[i * stride, j * stride] += {PIXEL}"), "is one cell"),
        "the corners of the copies": (STUB.format("y[i * stride, j * stride] += x[i, j]"),
                                      "Only one cell was stamped"),
        "a square that ends at k": (STUB.format(f"y[i * stride:k, j * stride:k] += {PIXEL}"),
                                    "Not yet"),
        "a square that is too small": (STUB.format(
            f"y[i * stride:i * stride + k - 1, j * stride:j * stride + k - 1] += {PIXEL}"),
            "Not yet"),
        "returned in the inner loop": (STUB.format(f"{SQUARE} += {PIXEL}\n            return y"),
                                       "Only the first pixel"),
        "returned in the outer loop": (STUB.format(f"{SQUARE} += {PIXEL}\n        return y"),
                                       "Only the first row"),
        "the kernel is changed": (STUB.format(f"kernel *= x[i, j]\n            {SQUARE} += kernel"),
                                  "Not yet"),
        "the output is as large as the copies side by side": (STUB.replace(
            "(height - 1) * stride + k, (width - 1) * stride + k", "height * k, width * k").format(
            f"{SQUARE} += {PIXEL}"), "should give"),
        "an output of the input's size times the stride": (STUB.replace(
            "(height - 1) * stride + k, (width - 1) * stride + k",
            "height * stride, width * stride").format(f"{SQUARE} += {PIXEL}"), "Not yet"),
        "only for squares": ("""
def up_convolve(x, kernel, stride):
    n, k = len(x), len(kernel)
    y = torch.zeros((n - 1) * stride + k, (n - 1) * stride + k)
    for i in range(n):
        for j in range(n):
            y[i * stride:i * stride + k, j * stride:j * stride + k] += x[i, j] * kernel
    return y""", "Not yet"),
        "only for kernels of 2 x 2": (STUB.replace("len(kernel)", "2").format(
            f"{SQUARE} += {PIXEL}"), "stopped"),
        "nearest pixels, enlarged": ("""
def up_convolve(x, kernel, stride):
    return F.interpolate(x[None, None], scale_factor=stride)[0, 0]""", "Not yet"),
        "a usual convolution": ("""
def up_convolve(x, kernel, stride):
    return F.conv2d(x[None, None], kernel[None, None], stride=stride)[0, 0]""", "stopped"),
        "two axes too many": ("""
def up_convolve(x, kernel, stride):
    return F.conv_transpose2d(x[None, None], kernel[None, None], stride=stride)""",
            "should give"),
        "the stride is left out": ("""
def up_convolve(x, kernel, stride):
    return F.conv_transpose2d(x[None, None], kernel[None, None])[0, 0]""", "Not yet"),
        "the example alone": ("""
def up_convolve(x, kernel, stride):
    return torch.tensor([[1.0, 2, 2, 4], [3, 4, 6, 8]])""", "Not yet"),
        "a list": (STUB.replace("return y", "return y.tolist()").format(f"{SQUARE} += {PIXEL}"),
                   "a list"),
        "NumPy": (STUB.replace("return y", "return y.numpy()").format(f"{SQUARE} += {PIXEL}"),
                  "NumPy array"),
        "whole numbers": (STUB.replace("return y", "return y.long()").format(
            f"{SQUARE} += {PIXEL}"), "float32"),
        "printed": (STUB.replace("return y", "print(y)").format(f"{SQUARE} += {PIXEL}"),
                    "gave nothing back"),
        "nothing is returned": (STUB.replace("return y", "y").format(f"{SQUARE} += {PIXEL}"),
                                "gave nothing back"),
        "a name that is not there": (STUB.format(
            f"y[top:top + k, left:left + k] += {PIXEL}"), "`top` is not known here"),
        "times the whole picture": (STUB.format(f"{SQUARE} += x * kernel"), "one pixel"),
        "top for left": (STUB.format("y[i * stride:i * stride + k, i * stride:i * stride + k] "
                                     "+= x[i, j] * kernel"), "Column j"),
    },
    "output_size": {
        "n steps": (size("n * stride - 2 * padding + kernel"), "n - 1 steps"),
        "n steps, padding once": (size("n * stride - padding + kernel"), "at both borders"),
        "n steps, no padding": (size("n * stride + kernel"), "the padding is missing"),
        "padding once": (size("(n - 1) * stride - padding + kernel"), "both borders"),
        "no padding": (size("(n - 1) * stride + kernel"), "padding is missing"),
        "padding added": (size("(n - 1) * stride + 2 * padding + kernel"), "does not add any"),
        "no kernel": (size("(n - 1) * stride - 2 * padding"), "kernel is missing"),
        "steps alone": (size("(n - 1) * stride"), "kernel is missing"),
        "one cell less": (size("(n - 1) * stride - 2 * padding + kernel - 1"), "One cell is missi"),
        "one cell more": (size("(n - 1) * stride - 2 * padding + kernel + 1"), "One cell too many"),
        "kernel and stride changed": (size("(n - 1) * kernel - 2 * padding + stride"),
                                      "changed places"),
        "brackets forgotten": (size("n - 1 * stride - 2 * padding + kernel"), "Brackets"),
        "a usual convolution": (size("(n + 2 * padding - kernel) // stride + 1"),
                                "usual convolution"),
        "a usual convolution, as a float": (size("(n + 2 * padding - kernel) / stride + 1"),
                                            "whole number"),
        "times the stride": (size("n * stride"), "only if the kernel and the padding fit"),
        "times the kernel": (size("n * kernel"), "may overlap"),
        "the padding squared": (size("(n - 1) * stride - padding ** 2 + kernel"), "should give"),
        "the padding in each step": (size("(n - 1) * (stride - 2 * padding) + kernel"),
                                     "cut off once"),
        "the padding times the stride": (size("(n - 1) * stride - padding * stride + kernel"),
                                         "should give"),
        "n + 1": (size("(n + 1) * stride - 2 * padding + kernel"), "should give"),
        "never below double": (size("max((n - 1) * stride - 2 * padding + kernel, 2 * n)"),
                               "should give"),
        "stride 2 in the head": (size("(n - 1) * 2 - 2 * padding + kernel"), "should give"),
        "in two lines": (size("(n - 1) * stride\n    - 2 * padding + kernel"), "kernel is missing"),
        "of a picture": ("def output_size(x, kernel, stride, padding):\n"
                         "    return (x.shape[-1] - 1) * stride - 2 * padding + kernel", "plain"),
        "its arguments in another order": (
            "def output_size(n, stride, kernel, padding):\n"
            "    return (n - 1) * stride - 2 * padding + kernel", "changed places"),
        "doubled": (size("2 * n"), "should give"),
        "kernel 4 and padding 1 in the head": (size("(n - 1) * stride + 2"), "should give"),
        "the number of cells": (size("((n - 1) * stride - 2 * padding + kernel) ** 2"),
                                "The side is asked for"),
        "height and width": (size("2 * ((n - 1) * stride - 2 * padding + kernel,)"),
                             "whole number"),
        "a float": (size("float((n - 1) * stride - 2 * padding + kernel)"), "whole number"),
        "a tensor": (size("torch.tensor((n - 1) * stride - 2 * padding + kernel)"),
                     "whole number"),
        "the words of it": (size("f'{(n - 1) * stride - 2 * padding + kernel}'"), "whole number"),
        "the example alone": (size("14"), "Not yet"),
        "the example of the text": (size("8"), "Not yet"),
        "printed": ("def output_size(n, kernel, stride, padding):\n"
                    "    print((n - 1) * stride - 2 * padding + kernel)", "gave nothing back"),
        "not returned": ("def output_size(n, kernel, stride, padding):\n"
                         "    side = (n - 1) * stride - 2 * padding + kernel", "gave nothing back"),
        "one argument": ("def output_size(n):\n    return 2 * n", "stopped"),
        "a multiplication sign forgotten": (
            size("(n - 1)(stride) - 2 * padding + kernel"), "A * may be missing"),
        "the stub": ("def output_size(n, kernel, stride, padding):\n    ...", "gave nothing back"),
        "the padding as a power": (size("(n - 1) * stride + kernel - 2 ** padding"), "should give"),
        "=- for -=": ("def output_size(n, kernel, stride, padding):\n"
                      "    size = (n - 1) * stride + kernel\n    size =- 2 * padding\n"
                      "    return size", "should give"),
    },
}
