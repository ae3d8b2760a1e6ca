"""The exercises of notebook 06: right answers, the stubs, and typical mistakes with their hints."""

import pytest

from exercise_tools import verdict


def paste(line):
    return f"def paste(x, filling, hidden):\n    {line}"


def error(line, first="difference = (fake - x).square().mean(1)"):
    return f"def visible_error(fake, x, hidden):\n    {first}\n    return {line}"


def psnr(line, mask="[:, hidden].mean(1)", first="(x - truth).square().mean(1)"):
    return f"def psnr(x, truth, hidden):\n    error = {first}{mask}\n    return {line}"


WRONG = [
    ("paste", paste("return torch.where(hidden, x, filling)"), "wrong way round"),
    ("paste", paste("return filling"), "whole filling"),
    ("paste", paste("return x"), "as it was"),
    ("paste", paste("return x + filling * hidden"), "you add both"),
    ("paste", paste("return x * ~hidden"), "still empty"),
    ("paste", paste("return filling[..., hidden].flatten()"), "only what is in the hole"),
    ("paste", paste("x[..., hidden] = filling[..., hidden]\n    return x"), "changed x itself"),
    ("paste", paste("torch.where(hidden, filling, x)"), "gave nothing back"),
    ("paste", paste("return torch.where(hidden, filling[:1], x)"), "two pictures in colour"),
    ("visible_error", error("difference[:, hidden].mean(1)"), "the error in the hole"),
    ("visible_error", error("difference.mean((1, 2))"), "whole picture"),
    ("visible_error", error("difference[:, ~hidden].mean(1)",
                            "difference = (fake - x).square().sum(1)"), "add up the channels"),
    ("visible_error", error("difference[:, ~hidden].mean(1)",
                            "difference = (fake - x).square()[:, 0]"), "first channel only"),
    ("visible_error", error("difference[:, ~hidden]"), "for each visible pixel"),
    ("visible_error", error("difference[:, :, ~hidden].mean(2)",
                            "difference = (fake - x).square()"), "for each channel"),
    ("visible_error", error("difference[:, :, ~hidden]", "difference = (fake - x).square()"),
     "take the means"),
    ("visible_error", error("difference[:, ~hidden].sum(1)"), "add up the pixels"),
    ("visible_error", error("difference[:, :, ~hidden].sum((1, 2))",
                            "difference = (fake - x).square()"), "You add up."),
    ("visible_error", error("(difference * ~hidden).mean((1, 2))"), "divide by all pixels"),
    ("visible_error", error("difference[:, ~hidden].mean()"), "mean over the pictures"),
    ("visible_error", error("difference[:, ~hidden].mean(1).sqrt()"), "No root"),
    ("visible_error", error("difference[:, ~hidden].mean(1)",
                            "difference = (fake - x).abs().mean(1)"), "absolute value"),
    ("visible_error", error("difference[:, ~hidden].mean(1)",
                            "difference = (fake - x).mean(1)"), "cancel"),
    ("visible_error", error("difference[:, ~hidden].mean(1).detach()"), "no gradient"),
    ("psnr", psnr("10 * torch.log10(error / 4)"), "sign"),
    ("psnr", psnr("error"), "into the formula"),
    ("psnr", psnr("torch.log10(4 / error)"), "Multiply by 10"),
    ("psnr", psnr("20 * torch.log10(4 / error)"), "not 20"),
    ("psnr", psnr("10 * torch.log(4 / error)"), "log10"),
    ("psnr", psnr("10 * torch.log2(4 / error)"), "log10"),
    ("psnr", psnr("10 * torch.log10(1 / error)"), "range of 2"),
    ("psnr", psnr("10 * torch.log10(2 / error)"), "Square the range"),
    ("psnr", psnr("10 * torch.log10(255 ** 2 / error)"), "255"),
    ("psnr", psnr("10 * torch.log10(4 / error)", first="(x - truth).square().sum(1)"),
     "add up the channels"),
    ("psnr", psnr("10 * torch.log10(4 / error)", mask="[:, ~hidden].mean(1)"), "visible part"),
    ("psnr", psnr("10 * torch.log10(4 / error)", mask=".mean((1, 2))"), "whole picture"),
    ("psnr", psnr("10 * torch.log10(4 / error.mean())"), "no mean over the pictures"),
    ("psnr", psnr("(10 * torch.log10(4 / error)).mean()"), "no mean over the pictures"),
    ("psnr", psnr("10 * torch.log10(4 / error)", first="(x - truth).mean(1).square()"),
     "before the mean"),
]


@pytest.mark.parametrize(("name", "source", "hint"), WRONG)
def test_a_typical_mistake_gets_its_hint(name, source, hint):
    said = verdict(source, name)
    assert said.startswith("Not yet") and hint in said, said


def test_other_ways_to_write_it_are_right_too():
    assert verdict(paste("return x * ~hidden + filling * hidden"), "paste").startswith("✓")
    assert verdict(error("difference[:, :, ~hidden].mean((1, 2))",
                         "difference = (x - fake) ** 2"), "visible_error").startswith("✓")
    assert verdict(psnr("20 * torch.log10(2 / error.sqrt())"), "psnr").startswith("✓")
