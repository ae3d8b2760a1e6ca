"""The exercises of notebook 01: right answers, the stubs, and typical mistakes with their hints."""


import pytest

from exercise_tools import verdict

WRONG = [
    ("bce", "(torch.log(1 + torch.exp(logits)) - y * logits).mean()", "too large for float32"),
    ("bce_from_probability", "y * torch.log(p) + (1 - y) * torch.log(1 - p)", "minus sign"),
    ("bce_from_probability", "-y * torch.log(p)", "only one half"),
    ("bce_from_probability", "-(1 - y) * torch.log(1 - p)", "only one half"),
    ("bce_from_probability", "-((1 - y) * torch.log(p) + y * torch.log(1 - p))", "swapped"),
    ("bce_from_probability", "F.binary_cross_entropy(p, y)", "one loss for each"),
    ("bce_from_probability", "-(y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum()", "add them"),
    ("bce_from_probability", "-(y * torch.log10(p) + (1 - y) * torch.log10(1 - p))", "natural"),
    ("bce_from_probability", "-(y * torch.log2(p) + (1 - y) * torch.log2(1 - p))", "natural"),
    ("bce_from_probability", "torch.abs(y - p)", "distance"),
    ("bce_from_probability", "(y - p) ** 2", "squared error"),
    ("bce_from_probability", "-(y * math.log(p))", "stopped"),
    ("bce_from_probability", "None", "gave nothing back"),
    ("bce", "F.softplus(logits) - y * logits", "one loss for each"),
    ("bce", "(F.softplus(logits) - y * logits).sum()", "sum"),
    ("bce", "(y * logits - F.softplus(logits)).mean()", "sign is turned round"),
    ("bce", "(F.softplus(logits) + y * logits).mean()", "wrong in the middle"),
    ("bce", "F.softplus(logits).mean()", "label does not matter"),
    ("bce", "(F.softplus(logits) - (1 - y) * logits).mean()", "swapped"),
    ("bce", "F.binary_cross_entropy_with_logits(torch.sigmoid(logits), y)", "one sigmoid too many"),
    ("bce", "-(y * torch.log(logits) + (1 - y) * torch.log(1 - logits)).mean()", "log of a logit"),
    ("bce", "losses.bce_from_probability(torch.sigmoid(logits), y).mean()", "exactly 1 in float32"),
    ("bce", "F.binary_cross_entropy(torch.sigmoid(logits), y + 0 * logits)", "cut p off"),
    ("bce", "losses.bce_from_probability(torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7), y).mean()",
     "cut p off"),
    ("bce", "-(y * torch.log(torch.sigmoid(logits) + 1e-8)"
            " + (1 - y) * torch.log(1 - torch.sigmoid(logits) + 1e-8)).mean()", "cut p off"),
    ("bce_gradient", "y - torch.sigmoid(logits)", "y - p"),
    ("bce_gradient", "logits - y", "probabilities first"),
    ("bce_gradient", "torch.sigmoid(logits)", "Subtract the label"),
    ("bce_gradient", "(torch.sigmoid(logits) - y).mean()", "mean comes later"),
    ("bce_gradient", "(torch.sigmoid(logits) - y).sum()", "Do not add them up"),
    ("bce_gradient", "(torch.sigmoid(logits) - y).abs()", "sign matters"),
    ("bce_gradient", "torch.sigmoid(logits) * (1 - torch.sigmoid(logits))", "slope of the sigmoid"),
    ("bce_gradient", "(1 - y) / (1 - torch.sigmoid(logits)) - y / torch.sigmoid(logits)",
     "with respect to p"),
]

# Other ways that are right as well.
ALSO_RIGHT = [
    ("bce_from_probability", "torch.where(torch.as_tensor(y) == 1, -torch.log(p), "
                             "-torch.log(1 - p))"),
    ("bce", "F.binary_cross_entropy_with_logits(logits, y + 0 * logits)"),
    ("bce", "-(y * F.logsigmoid(logits) + (1 - y) * F.logsigmoid(-logits)).mean()"),
    ("bce_gradient", "1 / (1 + torch.exp(-logits)) - y"),
]


def function(name: str, result: str) -> str:
    """Return the source of an answer that returns `result`."""
    first = "p" if name == "bce_from_probability" else "logits"
    return f"def {name}({first}, y):\n    return {result}"


@pytest.mark.parametrize(("name", "result", "hint"), WRONG)
def test_a_typical_mistake_gets_its_hint(name, result, hint):
    said = verdict(function(name, result), name)
    assert said.startswith("Not yet:")
    assert hint in said


@pytest.mark.parametrize(("name", "result"), ALSO_RIGHT)
def test_another_right_way_is_accepted(name, result):
    assert verdict(function(name, result), name).startswith("✓")
