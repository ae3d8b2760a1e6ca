"""Answers to the exercises of the notebook progress_of_faces."""


def fade(*lines: str) -> str:
    return "\n    ".join(["def fade(small, large, alpha):", *lines])


def deviation(*lines: str) -> str:
    return "\n    ".join(["def minibatch_deviation(x):", *lines])


def modulate(*lines: str) -> str:
    return "\n    ".join(["def modulate(x, scale, shift):", *lines])


ENLARGED = "enlarged = F.interpolate(small, scale_factor=2)"
SPREAD = "spread = x.std(0, correction=0).mean()"
CAT = "return torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], 1)"
MEAN = "mean = x.mean((2, 3), keepdim=True)"
STD = "std = x.std((2, 3), correction=0, keepdim=True)"
NORMAL = "x = (x - mean) / (std + 1e-5)"
STYLE = "return scale[:, :, None, None] * x + shift[:, :, None, None]"

RIGHT = {
    "fade": {
        "the library's lines": fade(ENLARGED, "return (1 - alpha) * enlarged + alpha * large"),
        "in one line": fade(
            "return alpha * large + (1 - alpha) * F.interpolate(small, scale_factor=2)"),
        "nearest by name": fade(
            "big = F.interpolate(small, scale_factor=2, mode='nearest')",
            "return big + alpha * (large - big)"),
        "the size by name": fade(
            "big = F.interpolate(small, size=large.shape[2:])",
            "return (1.0 - alpha) * big + alpha * large"),
        "repeat_interleave": fade(
            "big = small.repeat_interleave(2, 2).repeat_interleave(2, 3)",
            "return big * (1 - alpha) + large * alpha"),
        "kron": fade("big = torch.kron(small, torch.ones(2, 2))",
                     "return big * (1 - alpha) + large * alpha"),
        "a layer": fade("big = torch.nn.Upsample(scale_factor=2)(small)",
                        "return big * (1 - alpha) + large * alpha"),
        "torch.lerp": fade(ENLARGED, "return torch.lerp(enlarged, large, alpha)"),
        "lerp of notebook 05": "from gan_lib import latent\n" + fade(
            ENLARGED, "return latent.lerp(enlarged, large, alpha)"),
        "views": fade(
            "n, c, h, w = small.shape",
            "big = small[:, :, :, None, :, None].expand(n, c, h, 2, w, 2)",
            "return (1 - alpha) * big.reshape(n, c, 2 * h, 2 * w) + alpha * large"),
        "other names and hints": """
def fade(old: torch.Tensor, new: torch.Tensor, share: float) -> torch.Tensor:
    old = F.interpolate(old, scale_factor=2)
    return old - share * old + share * new""",
        "a lambda": "fade = lambda small, large, alpha: ((1 - alpha) * "
                    "F.interpolate(small, scale_factor=2) + alpha * large)",
    },
    "minibatch_deviation": {
        "the library's lines": deviation(SPREAD, CAT),
        "by hand": deviation(
            "mean = x.mean(0, keepdim=True)",
            "spread = ((x - mean) ** 2).mean(0).add(1e-14).sqrt().mean()", CAT),
        "unbiased=False": deviation("spread = x.std(0, unbiased=False).mean()", CAT),
        "torch.std": deviation("spread = torch.mean(torch.std(x, dim=0, correction=0))", CAT),
        "repeat": deviation(
            SPREAD, "n, _, h, w = x.shape",
            "return torch.cat([x, spread.repeat(n, 1, h, w)], dim=1)"),
        "ones": deviation(
            SPREAD, "ones = torch.ones(x.shape[0], 1, x.shape[2], x.shape[3])",
            "return torch.cat((x, spread * ones), dim=1)"),
        "like the first map": deviation(
            SPREAD, "return torch.cat([x, torch.zeros_like(x[:, :1]) + spread], 1)"),
        "expand_as": deviation(
            SPREAD, "return torch.cat([x, spread.expand_as(x[:, :1])], 1)"),
        "padded": deviation(
            SPREAD, "y = F.pad(x, (0, 0, 0, 0, 0, 1))", "new = torch.zeros_like(y)",
            "new[:, -1] = 1", "return y + spread * new"),
        "all together": deviation(
            "spread = x.flatten(1).std(0, correction=0).mean()", CAT),
        "other names and hints": """
def minibatch_deviation(batch: torch.Tensor) -> torch.Tensor:
    n, c, h, w = batch.size()
    deviations = batch.std(dim=0, correction=0)
    number = deviations.sum() / deviations.numel()
    new_map = number.reshape(1, 1, 1, 1).expand(n, 1, h, w)
    return torch.cat([batch, new_map], dim=1)""",
        "a lambda": "minibatch_deviation = lambda x: torch.cat([x, x.std(0, correction=0).mean()"
                    ".expand(len(x), 1, *x.shape[2:])], 1)",
    },
    "modulate": {
        "the library's lines": modulate(MEAN, STD, NORMAL, STYLE),
        "in one line": modulate(
            "return (scale[:, :, None, None] * (x - x.mean((2, 3), keepdim=True)) / "
            "(x.std((2, 3), correction=0, keepdim=True) + 1e-5) + shift[:, :, None, None])"),
        "views": modulate(
            MEAN, STD, NORMAL, "n, c = scale.shape",
            "return scale.view(n, c, 1, 1) * x + shift.view(n, c, 1, 1)"),
        "unsqueeze": modulate(
            MEAN, STD, NORMAL,
            "return x * scale.unsqueeze(-1).unsqueeze(-1) + shift.unsqueeze(2).unsqueeze(3)"),
        "dots": modulate(
            MEAN, STD, NORMAL, "return x * scale[..., None, None] + shift[..., None, None]"),
        "instance_norm": modulate(
            "x = F.instance_norm(x)", STYLE),
        "group_norm": modulate("x = F.group_norm(x, x.shape[1])", STYLE),
        "the root of the variance": modulate(
            MEAN, "variance = x.var((2, 3), correction=0, keepdim=True)",
            "x = (x - mean) * torch.rsqrt(variance + 1e-6)", STYLE),
        "by hand": modulate(
            MEAN, "centred = x - mean",
            "std = (centred ** 2).mean((2, 3), keepdim=True).add(1e-8).sqrt()",
            "x = centred / std", STYLE),
        "flat maps": modulate(
            "flat = x.flatten(2)",
            "flat = flat - flat.mean(2, keepdim=True)",
            "flat = flat / (flat.std(2, correction=0, keepdim=True) + 1e-5)",
            "return (scale[:, :, None] * flat + shift[:, :, None]).view_as(x)"),
        "negative axes": modulate(
            "mean = x.mean((-2, -1), keepdim=True)",
            "std = x.std((-1, -2), unbiased=False, keepdim=True)",
            "return scale[:, :, None, None] * ((x - mean) / (std + 1e-5)) "
            "+ shift[:, :, None, None]"),
        "einsum": modulate(
            MEAN, STD, NORMAL,
            "return torch.einsum('nchw,nc->nchw', x, scale) + shift[:, :, None, None]"),
        "addcmul": modulate(
            MEAN, STD, NORMAL, "return torch.addcmul(shift[:, :, None, None], x, "
                               "scale[:, :, None, None])"),
        "other names and hints": """
def modulate(maps: torch.Tensor, s: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    mu = maps.mean(dim=[2, 3], keepdim=True)
    sigma = maps.std(dim=[2, 3], correction=0, keepdim=True) + 1e-5
    s, b = s[:, :, None, None], b[:, :, None, None]
    return s / sigma * (maps - mu) + b""",
    },
}

WRONG = {
    "fade": {
        "the wrong way round": (fade(ENLARGED, "return alpha * enlarged + (1 - alpha) * large"),
                                "wrong way round"),
        "all of small": (fade(ENLARGED, "return enlarged + alpha * large"), "All of the small"),
        "all of large": (fade(ENLARGED, "return (1 - alpha) * enlarged + large"),
                         "All of the large"),
        "minus": (fade(ENLARGED, "return (1 - alpha) * enlarged - alpha * large"), "are added"),
        "a product": (fade(ENLARGED, "return (1 - alpha) * enlarged * alpha * large"),
                      "are added"),
        "the middle": (fade(ENLARGED, "return (enlarged + large) / 2"), "for every alpha"),
        "small alone": (fade(ENLARGED, "return enlarged"), "small picture alone"),
        "large alone": (fade("return large"), "large picture alone"),
        "no large": (fade(ENLARGED, "return (1 - alpha) * enlarged"), "large picture is missing"),
        "no small": (fade("return alpha * large"), "small picture is missing"),
        "halved": (fade(ENLARGED, "return ((1 - alpha) * enlarged + alpha * large) / 2"),
                   "do not divide"),
        "bilinear": (fade("enlarged = F.interpolate(small, scale_factor=2, mode='bilinear')",
                          "return (1 - alpha) * enlarged + alpha * large"), "bilinear"),
        "four times": (fade("enlarged = small.repeat(1, 1, 2, 2)",
                            "return (1 - alpha) * enlarged + alpha * large"), "side by side"),
        "shrunk": (fade("return (1 - alpha) * small + alpha * F.avg_pool2d(large, 2)"), "shrunk"),
        "zeros between": (fade(
            "enlarged = torch.zeros_like(large)", "enlarged[:, :, ::2, ::2] = small",
            "return (1 - alpha) * enlarged + alpha * large"), "zeros between"),
        "no brackets": (fade(ENLARGED, "return 1 - alpha * enlarged + alpha * large"),
                        "Brackets are missing"),
        "alpha - 1": (fade(ENLARGED, "return (alpha - 1) * enlarged + alpha * large"),
                      "not alpha - 1"),
        "a switch": (fade(ENLARGED, "return large if alpha > 0.5 else enlarged"), "switches"),
        "a mean": (fade(ENLARGED, "return ((1 - alpha) * enlarged + alpha * large).mean()"),
                   "one number"),
        "channels": (fade(ENLARGED,
                          "return torch.cat([(1 - alpha) * enlarged, alpha * large], 1)"),
                     "as channels"),
        "not enlarged": (fade("return (1 - alpha) * small + alpha * large"), "stopped"),
        "nothing": (fade("..."), "gave nothing back"),
    },
    "minibatch_deviation": {
        "N - 1": (deviation("spread = x.std(0).mean()", CAT), "correction=0"),
        "of all numbers": (deviation("spread = x.std(correction=0)", CAT), "over the batch"),
        "of all numbers, N - 1": (deviation("spread = x.std()", CAT), "over the batch"),
        "each sample": (deviation("spread = x.std((1, 2, 3), correction=0).mean()", CAT),
                        "each sample by itself"),
        "over the maps": (deviation("spread = x.std(1, correction=0).mean()", CAT),
                          "not over the maps"),
        "over the places": (deviation("spread = x.std((2, 3), correction=0).mean()", CAT),
                            "not over the places"),
        "the variance": (deviation("spread = x.var(0, correction=0).mean()", CAT),
                         "root is missing"),
        "the root last": (deviation("spread = x.var(0, correction=0).mean().sqrt()", CAT),
                          "first the root"),
        "the sum": (deviation("spread = x.std(0, correction=0).sum()", CAT), "not the sum"),
        "the largest": (deviation("spread = x.std(0, correction=0).max()", CAT),
                        "not the largest"),
        "the median": (deviation("spread = x.std(0, correction=0).median()", CAT),
                       "not the median"),
        "one a place": (deviation("spread = x.std(0, correction=0).mean(0)", CAT),
                        "each place"),
        "the mean of x": (deviation("spread = x.mean()", CAT), "This is the mean of x"),
        "mean distance": (deviation("spread = (x - x.mean(0)).abs().mean()", CAT),
                          "mean distance"),
        "no mean taken away": (deviation("spread = x.square().mean(0).sqrt().mean()", CAT),
                               "taken away first"),
        "the range": (deviation("spread = (x.amax(0) - x.amin(0)).mean()", CAT), "the range"),
        "the map alone": (deviation(SPREAD, "return spread.expand(len(x), 1, *x.shape[2:])"),
                          "new map alone"),
        "the number alone": (deviation("return x.std(0, correction=0).mean()"),
                             "This is the number"),
        "the deviations": (deviation("return x.std(0, correction=0)"), "Take their mean"),
        "before": (deviation(
            SPREAD, "return torch.cat([spread.expand(len(x), 1, *x.shape[2:]), x], 1)"),
            "not before"),
        "as many maps": (deviation(
            "return torch.cat([x, x.std(0, correction=0).expand_as(x)], 1)"), "as many maps"),
        "the number in all maps": (deviation(
            SPREAD, "return torch.cat([x, spread.expand_as(x)], 1)"), "One new map"),
        "added": (deviation(SPREAD, "return x + spread"), "added to x"),
        "no gradient": (deviation("spread = x.std(0, correction=0).mean().detach()", CAT),
                        "gradient"),
        "nothing": (deviation("..."), "gave nothing back"),
    },
    "modulate": {
        "no normalisation": (modulate(STYLE), "not brought to mean 0"),
        "the mean alone": (modulate(MEAN, "x = x - mean", STYLE), "divide by the standard"),
        "the deviation alone": (modulate(STD, "x = x / (std + 1e-5)", STYLE),
                                "not taken away first"),
        "the variance": (modulate(
            MEAN, "std = x.var((2, 3), correction=0, keepdim=True)", NORMAL, STYLE),
            "root is missing"),
        "H W - 1": (modulate(MEAN, "std = x.std((2, 3), keepdim=True)", NORMAL, STYLE),
                    "correction=0"),
        "batch norm": (modulate(
            "mean = x.mean((0, 2, 3), keepdim=True)",
            "std = x.std((0, 2, 3), correction=0, keepdim=True)", NORMAL, STYLE),
            "batch normalisation"),
        "layer norm": (modulate(
            "mean = x.mean((1, 2, 3), keepdim=True)",
            "std = x.std((1, 2, 3), correction=0, keepdim=True)", NORMAL, STYLE),
            "without the maps' axis 1"),
        "everything": (modulate("x = (x - x.mean()) / (x.std(correction=0) + 1e-5)", STYLE),
                       "by itself"),
        "over the maps": (modulate(
            "x = (x - x.mean(1, keepdim=True)) / (x.std(1, correction=0, keepdim=True) + 1e-5)",
            STYLE), "not over the maps"),
        "over the batch": (modulate(
            "x = (x - x.mean(0, keepdim=True)) / (x.std(0, correction=0, keepdim=True) + 1e-5)",
            STYLE), "not over the batch"),
        "row by row": (modulate(
            "x = (x - x.mean(3, keepdim=True)) / (x.std(3, correction=0, keepdim=True) + 1e-5)",
            STYLE), "not row by row"),
        "no style": (modulate(MEAN, STD, "return (x - mean) / (std + 1e-5)"), "Now multiply"),
        "no shift": (modulate(MEAN, STD, NORMAL, "return scale[:, :, None, None] * x"),
                     "shift is missing"),
        "no scale": (modulate(MEAN, STD, NORMAL, "return x + shift[:, :, None, None]"),
                     "scale is missing"),
        "changed places": (modulate(
            MEAN, STD, NORMAL, "return shift[:, :, None, None] * x + scale[:, :, None, None]"),
            "changed places"),
        "brackets": (modulate(
            MEAN, STD, NORMAL, "return scale[:, :, None, None] * (x + shift[:, :, None, None])"),
            "no brackets"),
        "minus": (modulate(
            MEAN, STD, NORMAL, "return scale[:, :, None, None] * x - shift[:, :, None, None]"),
            "added, not subtracted"),
        "divided": (modulate(
            MEAN, STD, NORMAL, "return x / scale[:, :, None, None] + shift[:, :, None, None]"),
            "do not divide"),
        "1 + scale": (modulate(
            MEAN, STD, NORMAL,
            "return (1 + scale[:, :, None, None]) * x + shift[:, :, None, None]"),
            "used as it is"),
        "without keepdim": (modulate(
            "mean = x.mean((2, 3))", "std = x.std((2, 3), correction=0)", NORMAL, STYLE),
            "stopped"),
        "the places averaged": (modulate(
            MEAN, STD, NORMAL, "x = scale[:, :, None, None] * x + shift[:, :, None, None]",
            "return x.mean((2, 3))"), "were averaged"),
        "nothing": (modulate("..."), "gave nothing back"),
    },
}
