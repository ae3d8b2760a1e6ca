"""Answers to the exercises of the notebook occlusion_inpainting."""


def paste(*lines):
    return "\n".join(["def paste(x, filling, hidden):", *(f"    {line}" for line in lines)])


def visible_error(*lines, difference="(fake - x).square().mean(1)"):
    return "\n".join(["def visible_error(fake, x, hidden):", f"    difference = {difference}",
                      *(f"    {line}" for line in lines)])


def psnr(*lines, error="(filling - truth).square().mean(1)[:, hidden].mean(1)"):
    return "\n".join(["def psnr(filling, truth, hidden):", f"    error = {error}",
                      *(f"    {line}" for line in lines)])


RIGHT = {
    "paste": {
        "two fills with 0": paste(
            "return x.masked_fill(hidden, 0) + filling.masked_fill(~hidden, 0)"),
        "the visible part first": paste("return torch.where(~hidden, x, filling)"),
        "two products": paste("return x * ~hidden + filling * hidden"),
        "a float mask": paste("m = hidden.float()", "return m * filling + (1 - m) * x"),
        "a copy": paste("out = x.clone()", "out[:, :, hidden] = filling[:, :, hidden]",
                        "return out"),
        "a copy, dots in the place": paste("out = x.clone()",
                                           "out[..., hidden] = filling[..., hidden]",
                                           "return out"),
        "lerp": paste("return torch.lerp(x, filling, hidden.to(x.dtype))"),
        "masked_scatter": paste("mask = hidden.expand_as(x)",
                                "return x.masked_scatter(mask, filling[mask])"),
        "the step from x": paste("return x + (filling - x) * hidden"),
        "pixel by pixel": paste(
            "out = torch.empty_like(x)",
            "for row in range(x.shape[2]):",
            "    for column in range(x.shape[3]):",
            "        source = filling if hidden[row, column] else x",
            "        out[:, :, row, column] = source[:, :, row, column]",
            "return out"),
        "picture by picture": paste(
            "return torch.stack([torch.where(hidden, b, a) for a, b in zip(x, filling)])"),
        "torch.where as a method": paste("return filling.where(hidden, x)"),
        "other names and type hints": (
            "def paste(image: torch.Tensor, patch: torch.Tensor, mask: torch.Tensor,\n"
            "          ) -> torch.Tensor:\n"
            "    return torch.where(mask[None, None], patch, image)"),
        "a lambda": "paste = lambda x, filling, hidden: torch.where(hidden, filling, x)",
        "a decorated function": (
            "def loud(function):\n"
            "    def inner(*values, **named):\n"
            "        return function(*values, **named)\n"
            "    return inner\n\n\n"
            "@loud\n"
            "def paste(x, filling, hidden):\n"
            "    return torch.where(hidden, filling, x)"),
        "float64 inside": paste(
            "return torch.where(hidden, filling.double(), x.double()).float()"),
        "it prints as well": paste("print(x.shape, hidden.shape)",
                                   "return torch.where(hidden, filling, x)"),
    },
    "visible_error": {
        "not a number in the hole": visible_error(
            "return torch.where(hidden, float('nan'), difference).nanmean((1, 2))"),
        "all without the hole": visible_error(
            "rest = difference.sum((1, 2)) - difference[:, hidden].sum(1)",
            "return rest / (~hidden).sum()"),
        "one line": "def visible_error(fake, x, hidden):\n"
                    "    return (fake - x).square()[:, :, ~hidden].mean((1, 2))",
        "the other order": visible_error("return difference[:, ~hidden].mean(1)",
                                         difference="((x - fake) ** 2).mean(dim=1)"),
        "product and count": visible_error(
            "visible = ~hidden",
            "return (difference * visible).sum((1, 2)) / visible.sum()"),
        "a float mask": visible_error("w = 1 - hidden.float()",
                                      "return (w * difference).sum(dim=(1, 2)) / w.sum()"),
        "picture by picture": visible_error(
            "return torch.stack([one[~hidden].mean() for one in difference])"),
        "einsum": visible_error(
            "visible = (~hidden).to(x.dtype)",
            "return torch.einsum('nhw,hw->n', difference, visible) / visible.sum()"),
        "flattened": visible_error(
            "visible = ~hidden.flatten()",
            "return difference.flatten(1)[:, visible].mean(-1)"),
        "mse_loss": (
            "def visible_error(fake, x, hidden):\n"
            "    squares = torch.nn.functional.mse_loss(fake, x, reduction='none')\n"
            "    return squares[..., ~hidden].mean(-1).mean(-1)"),
        "nan for the hole": visible_error(
            "return difference.masked_fill(hidden, float('nan')).nanmean((1, 2))"),
        "masked_select": visible_error(
            "n = len(x)",
            "return difference.masked_select(~hidden).view(n, -1).mean(1)"),
        "logical_not and pow": (
            "def visible_error(fake, x, hidden):\n"
            "    keep = torch.logical_not(hidden)\n"
            "    return torch.pow(fake - x, 2).mean(1)[:, keep].mean(1)"),
        "hidden == False": visible_error("return difference[:, hidden == False].mean(1)"),
        "other names and type hints": (
            "def visible_error(a: torch.Tensor, b: torch.Tensor, mask) -> torch.Tensor:\n"
            "    return (a - b).pow(2).mean(1)[:, ~mask].mean(1)"),
        "a lambda": "visible_error = lambda fake, x, hidden: (\n"
                    "    (fake - x).square()[:, :, ~hidden].mean(2).mean(1))",
        "a loop over pixels": visible_error(
            "total, count = 0, 0",
            "for i in range(hidden.shape[0]):",
            "    for j in range(hidden.shape[1]):",
            "        if not hidden[i, j]:",
            "            total, count = total + difference[:, i, j], count + 1",
            "return total / count"),
        "norm": (
            "def visible_error(fake, x, hidden):\n"
            "    error = (fake - x)[:, :, ~hidden].flatten(1)\n"
            "    return (error * error).sum(1) / error.shape[1]"),
    },
    "psnr": {
        "twice the logarithm of 2": psnr("return 20 * math.log10(2) - 10 * torch.log10(error)"),
        "the natural logarithm": psnr("return 10 * torch.log(4 / error) / math.log(10)"),
        "20 log of a root": psnr("return 20 * torch.log10(2 / error.sqrt())"),
        "two logarithms": psnr("import math", "return 10 * (math.log10(4) - torch.log10(error))"),
        "divided by log 10": psnr("return 10 * torch.log(4 / error) / torch.tensor(10.0).log()"),
        "with the range": psnr("high, low = 1, -1",
                               "return 10 * torch.log10((high - low) ** 2 / error)"),
        "the minus outside": psnr("return -10 * torch.log10(error / 4)"),
        "a method": psnr("return (4 / error).log10() * 10"),
        "picture by picture": (
            "def psnr(filling, truth, hidden):\n"
            "    values = []\n"
            "    for a, b in zip(filling, truth):\n"
            "        mse = ((a - b) ** 2)[:, hidden].mean()\n"
            "        values.append(10 * torch.log10(4 / mse))\n"
            "    return torch.stack(values)"),
        "math and floats": (
            "import math\n\n\n"
            "def psnr(filling, truth, hidden):\n"
            "    values = []\n"
            "    for a, b in zip(filling, truth):\n"
            "        mse = ((a - b) ** 2)[:, hidden].mean().item()\n"
            "        values.append(10 * math.log10(4 / mse))\n"
            "    return torch.tensor(values)"),
        "product and count": psnr(
            "return 10 * torch.log10(2 ** 2 / error)",
            error="((filling - truth) ** 2 * hidden).sum((1, 2, 3)) / hidden.sum() "
                  "/ truth.shape[1]"),
        "all axes at once": psnr("return 10 * torch.log10(4 / error)",
                                 error="(filling - truth).square()[:, :, hidden].mean((1, 2))"),
        "mse_loss": psnr(
            "return 10 * torch.log10(4 / error)",
            error="torch.nn.functional.mse_loss(filling, truth, reduction='none')"
                  "[..., hidden].mean(dim=(1, 2))"),
        "8-bit pixels": psnr("return 10 * torch.log10(255 ** 2 / error)",
                             error="((filling - truth) * 127.5).square().mean(1)[:, hidden]"
                                   ".mean(1)"),
        "a tensor for the 4": psnr("return 10 * torch.log10(torch.tensor(2.0) ** 2 / error)"),
        "other names and type hints": (
            "def psnr(a: torch.Tensor, b: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:\n"
            "    mse = (a - b).pow(2).mean(dim=1)[:, mask].mean(dim=1)\n"
            "    return 10 * torch.log10(4 / mse)"),
        "a lambda": "psnr = lambda filling, truth, hidden: 10 * torch.log10(\n"
                    "    4 / (filling - truth).square().mean(1)[:, hidden].mean(1))",
        "with a default": (
            "def psnr(filling, truth, hidden, peak=2.0):\n"
            "    error = (filling - truth).square().mean(1)[:, hidden].mean(1)\n"
            "    return 10 * torch.log10(peak ** 2 / error)"),
    },
}

WRONG = {
    "paste": {
        "the box of the lesson": (paste(
            "out = x.clone()", "out[:, :, 10:22, 5:27] = filling[:, :, 10:22, 5:27]",
            "return out"), "x as it was"),
        "the first channel": (paste("out = x.clone()", "out[:, 0, hidden] = filling[:, 0, hidden]",
                                    "return out"), "should give"),
        "where x is 0": (paste("return torch.where(x == 0, filling, x)"), "should give"),
        "an axis too many": (paste("return torch.where(hidden.unsqueeze(1), filling, x)"),
                             "should give"),
        "without the axis of one": (paste("return torch.where(hidden, filling, x).squeeze()"),
                                    "should give"),
        "the wrong way round": (paste("return torch.where(hidden, x, filling)"),
                                "wrong way round"),
        "the whole filling": (paste("return filling"), "whole filling"),
        "x": (paste("return x"), "as it was"),
        "both in the hole": (paste("return x + filling * hidden"), "you add both"),
        "both everywhere": (paste("return x + filling"), "add both everywhere"),
        "the mean of both": (paste("return (x + filling) / 2"), "mix both everywhere"),
        "an empty hole": (paste("return x * ~hidden"), "still empty"),
        "only the hole": (paste("return filling * hidden"), "Only the hole"),
        "only its pixels": (paste("return filling[:, :, hidden]"), "only what is in the hole"),
        "in place": (paste("x[:, :, hidden] = filling[:, :, hidden]", "return x"),
                     "has changed its argument"),
        "in place, by copy": (paste("out = x", "out[..., hidden] = filling[..., hidden]",
                                    "return out"), "has changed its argument"),
        "nothing": (paste("torch.where(hidden, filling, x)"), "gave nothing back"),
        "printed": (paste("print(torch.where(hidden, filling, x))"), "gave nothing back"),
        "one filling for all": (paste("return torch.where(hidden, filling[:1], x)"),
                                "first one's filling"),
        "one channel for all": (paste("return torch.where(hidden, filling[:, :1], x)"),
                                "channel"),
        "the first picture": (paste("return torch.where(hidden, filling, x)[0]"),
                              "first picture only"),
        "transposed": (paste("return torch.where(hidden.T, filling, x)"), "shapes do not fit"),
        "a list": (paste("return [torch.where(hidden, b, a) for a, b in zip(x, filling)]"),
                   "torch.stack"),
        "NumPy": (paste("return torch.where(hidden, filling, x).numpy()"), "should give a tensor"),
        "float64": (paste("return torch.where(hidden, filling.double(), x.double())"),
                    "numbers of the kind float32"),
        "an if": (paste("if hidden:", "    return filling", "return x"),
                  "need one truth value"),
        "square pictures only": (paste("out = x.clone()", "size = x.shape[2]",
                                       "for i in range(size):", "    for j in range(size):",
                                       "        if hidden[i, j]:",
                                       "            out[:, :, i, j] = filling[:, :, i, j]",
                                       "return out"), "stopped"),
        "the example by heart": (paste(
            "return torch.tensor([[[[-0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]]])"),
            "with 2 x 3 channels"),
        "1 - mask": (paste("return x * (1 - hidden) + filling * hidden"), "stopped"),
    },
    "visible_error": {
        "the pixels of the lesson": (visible_error(
            "return (difference * ~hidden).sum((1, 2)) / 760"), "should give"),
        "divided by the hole": (visible_error(
            "return (difference * ~hidden).sum((1, 2)) / hidden.sum()"), "should give"),
        "row by row": (visible_error(
            "return torch.stack([torch.stack([row[~h].mean() for row, h in zip(d, hidden)]).mean()"
            " for d in difference])"), "should give"),
        "max": (visible_error("return difference[:, ~hidden].amax(1)"), "should give"),
        "without the axis of one": (visible_error(
            "return difference[:, ~hidden].mean(1).squeeze()"), "should give"),
        "the hole": (visible_error("return difference[:, hidden].mean(1)"),
                     "the error in the hole"),
        "the whole picture": (visible_error("return difference.mean((1, 2))"), "whole picture"),
        "sum over channels": (visible_error("return difference[:, ~hidden].mean(1)",
                                            difference="(fake - x).square().sum(1)"),
                              "add up the channels"),
        "the first channel": (visible_error("return difference[:, ~hidden].mean(1)",
                                            difference="(fake - x).square()[:, 0]"),
                              "first channel only"),
        "no mean over pixels": (visible_error("return difference[:, ~hidden]"),
                                "for each visible pixel"),
        "the stub's line": (visible_error("return difference"), "for each pixel"),
        "no mean over channels": (visible_error(
            "return difference[:, :, ~hidden].mean(2)", difference="(fake - x).square()"),
            "for each channel"),
        "sum over pixels": (visible_error("return difference[:, ~hidden].sum(1)"),
                            "add up the pixels"),
        "sums": (visible_error("return difference[:, :, ~hidden].sum((1, 2))",
                               difference="(fake - x).square()"), "You add up."),
        "divided by all pixels": (visible_error("return (difference * ~hidden).mean((1, 2))"),
                                  "divide by all pixels"),
        "one number": (visible_error("return difference[:, ~hidden].mean()"),
                       "mean over the pictures"),
        "the wrong axis": (visible_error("return difference[:, ~hidden].mean(0)"), "axis 1"),
        "the root": (visible_error("return difference[:, ~hidden].mean(1).sqrt()"), "No root"),
        "absolute values": (visible_error("return difference[:, ~hidden].mean(1)",
                                          difference="(fake - x).abs().mean(1)"),
                            "absolute value"),
        "no square": (visible_error("return difference[:, ~hidden].mean(1)",
                                    difference="(fake - x).mean(1)"), "cancel"),
        "square after the mean": (visible_error("return difference[:, ~hidden].mean(1)",
                                                difference="(fake - x).mean(1).square()"),
                                  "Square before the mean"),
        "detached": (visible_error("return difference[:, ~hidden].mean(1).detach()"),
                     "no gradient"),
        "no_grad": (visible_error("with torch.no_grad():",
                                  "    d = (fake - x).square().mean(1)",
                                  "    return d[:, ~hidden].mean(1)"), "no gradient"),
        "floats": (visible_error(
            "return torch.tensor([d[~hidden].mean().item() for d in difference])"),
            "no gradient"),
        "a list": (visible_error("return [d[~hidden].mean() for d in difference]"),
                   "torch.stack"),
        "the mask on the pictures": (visible_error("return difference[~hidden].mean(1)"),
                                     "stopped"),
        "a minus for the opposite": (visible_error("return difference[:, -hidden].mean(1)"),
                                     "stopped"),
        "not": (visible_error("return difference[:, not hidden].mean(1)"), "need one truth value"),
        "transposed": (visible_error("return difference[:, ~hidden.T].mean(1)"), "stopped"),
        "in place": ("def visible_error(fake, x, hidden):\n"
                     "    hidden.logical_not_()\n"
                     "    return (fake - x).square().mean(1)[:, hidden].mean(1)",
                     "has changed its argument"),
        "the example by heart": ("def visible_error(fake, x, hidden):\n"
                                 "    return torch.tensor([0.02, 0.01])", "no gradient"),
        "keepdim": (visible_error("return difference[:, ~hidden].mean(1, keepdim=True)"),
                    "keepdim"),
        "nothing": (visible_error("difference[:, ~hidden].mean(1)"), "gave nothing back"),
    },
    "psnr": {
        "20, and no root": (psnr("return 20 * torch.log10(2 / error)"), "squared already"),
        "a minus": (psnr("return -10 * torch.log10(4 / error)"), "no minus"),
        "the brightest pixel": (psnr("return 10 * torch.log10(truth.max() ** 2 / error)"),
                                "should give"),
        "the range of the truth": (psnr(
            "return 10 * torch.log10((truth.max() - truth.min()) ** 2 / error)"), "should give"),
        "always 3 channels": (psnr(
            "return 10 * torch.log10(4 / error)",
            error="((filling - truth).square() * hidden).sum((1, 2, 3)) / (3 * hidden.sum())"),
            "5 x 1 channels"),
        "a small number added": (psnr("return 10 * torch.log10(4 / (error + 1e-3))"),
                                 "should give"),
        "the wrong sign": (psnr("return 10 * torch.log10(error / 4)"), "sign"),
        "the error": (psnr("return error"), "into the formula"),
        "no 10": (psnr("return torch.log10(4 / error)"), "Multiply by 10"),
        "20": (psnr("return 20 * torch.log10(4 / error)"), "not 20"),
        "natural logarithm": (psnr("return 10 * torch.log(4 / error)"), "log10"),
        "base 2": (psnr("return 10 * torch.log2(4 / error)"), "log10"),
        "a range of 1": (psnr("return 10 * torch.log10(1 / error)"), "range of 2"),
        "2 for 4": (psnr("return 10 * torch.log10(2 / error)"), "Square the range"),
        "255": (psnr("return 10 * torch.log10(255 ** 2 / error)"), "255"),
        "sum over channels": (psnr("return 10 * torch.log10(4 / error)", error=(
            "(filling - truth).square().sum(1)[:, hidden].mean(1)")), "add up the channels"),
        "sum over pixels": (psnr("return 10 * torch.log10(4 / error)", error=(
            "(filling - truth).square().mean(1)[:, hidden].sum(1)")), "add up the pixels"),
        "the visible part": (psnr("return 10 * torch.log10(4 / error)", error=(
            "(filling - truth).square().mean(1)[:, ~hidden].mean(1)")), "visible part"),
        "the whole picture": (psnr("return 10 * torch.log10(4 / error)", error=(
            "(filling - truth).square().mean((1, 2, 3))")), "whole picture"),
        "mean of the errors": (psnr("return 10 * torch.log10(4 / error.mean())"),
                               "no mean over the pictures"),
        "mean at the end": (psnr("return (10 * torch.log10(4 / error)).mean()"),
                            "no mean over the pictures"),
        "square after the mean": (psnr("return 10 * torch.log10(4 / error)", error=(
            "(filling - truth).mean(1).square()[:, hidden].mean(1)")), "before the mean"),
        "logarithm before the mean": (psnr(
            "return (10 * torch.log10(4 / error)).mean(1)",
            error="(filling - truth).square().mean(1)[:, hidden]"), "errors first"),
        "no mean over pixels": (psnr("return 10 * torch.log10(4 / error)", error=(
            "(filling - truth).square().mean(1)[:, hidden]")), "for each pixel"),
        "a root": (psnr("return 10 * torch.log10(2 / error.sqrt())"), "No root"),
        "absolute values": (psnr("return 10 * torch.log10(4 / error)", error=(
            "(filling - truth).abs().mean(1)[:, hidden].mean(1)")), "absolute value"),
        "math.log10 of a tensor": (psnr("return 10 * math.log10(4 / error)"),
                                   "use torch's functions"),
        "a list": (psnr("return [10 * math.log10(4 / e) for e in error.tolist()]"),
                   "should give a tensor"),
        "NumPy": (psnr("return 10 * torch.log10(4 / error).numpy()"), "should give a tensor"),
        "the caret": (psnr("return 10 * torch.log10((2 ^ 2) / error)"), "2 ** 2"),
        "the example by heart": ("def psnr(filling, truth, hidden):\n"
                                 "    return torch.tensor([20.0, 10.0, 0.0])",
                                 "with 2 x 3 channels"),
        "nothing": (psnr("10 * torch.log10(4 / error)"), "gave nothing back"),
        "whole numbers": (psnr("return (10 * torch.log10(4 / error)).round()"), "should give"),
        "in place": ("def psnr(filling, truth, hidden):\n"
                     "    filling -= truth\n"
                     "    return 10 * torch.log10(4 / filling.square().mean(1)[:, hidden]"
                     ".mean(1))", "has changed its argument"),
    },
}
