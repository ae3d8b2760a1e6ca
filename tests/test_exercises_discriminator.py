"""The exercises of notebook 03: right answers, the stubs, and typical mistakes."""

import pytest
import torch
from sklearn.metrics import confusion_matrix

from exercise_tools import verdict
from gan_lib.exercises import discriminator as reference

FEED = "def random_feed(real, fake):\n    x = torch.cat([real, fake])\n"
LABELS = "    y = torch.cat([torch.ones(len(real)), torch.zeros(len(fake))])\n"
ORDER = "    order = torch.randperm(len(x))\n"
COUNT = ("def confusion(probability, y, threshold=0.5):\n    says = probability >= threshold\n"
         "    real = y == 1\n    a, b = (real & says).sum(), (real & ~says).sum()\n"
         "    c, d = (~real & says).sum(), (~real & ~says).sum()\n")
BEST = "def best_discriminator(p_data, p_g):\n    return "


@pytest.mark.parametrize("source, hint", [
    (FEED + LABELS + "    return x, y", "random order"),
    (FEED + LABELS + ORDER + "    return x[order], y", "Use the same order"),
    (FEED + LABELS + ORDER + "    return x[order], 1 - y[order]", "wrong way round"),
    (FEED + LABELS + ORDER + "    return x[order], y[order].long()", "float32"),
    (FEED + LABELS + ORDER + "    return x[order], y[order].unsqueeze(1)", "shape (7,)"),
    (FEED + LABELS + "    torch.manual_seed(1)\n" + ORDER + "    return x[order], y[order]",
     "set no seed"),
    (FEED + LABELS + "    order = torch.randint(len(x), (len(x),))\n    return x[order], y[order]",
     "torch.randint does not"),
    (FEED + "    return x", "two tensors"),
    (FEED + "    return real[5]", "IndexError"),
])
def test_wrong_feeds_get_their_hint(source, hint):
    said = verdict(source, "random_feed")
    assert said.startswith("Not yet:") and hint in said


@pytest.mark.parametrize("answer, hint", [
    ("torch.tensor([[a, c], [b, d]])", "changed places"),
    ("torch.tensor([[d, c], [b, a]])", "Real comes first"),
    ("torch.tensor([[c, d], [a, b]])", "wrong way round"),
    ("torch.tensor([[a, b], [c, d]]) / len(y)", "shares. Give counts"),
    ("torch.tensor([[a / (a + b), b / (a + b)], [c / (c + d), d / (c + d)]])", "shares of a row"),
    ("confusion_at_half(probability, y)", "Use `threshold`"),
    ("strict(probability, y, threshold)", "at least"),
])
def test_wrong_tables_get_their_hint(answer, hint):
    helpers = ("def confusion_at_half(p, y):\n    return strict(p, y, 0.49)\n"
               "def strict(p, y, t):\n    s, r = p > t, y == 1\n"
               "    return torch.tensor([[(r & s).sum(), (r & ~s).sum()], "
               "[(~r & s).sum(), (~r & ~s).sum()]])\n")
    said = verdict(helpers + COUNT + f"    return {answer}", "confusion")
    assert said.startswith("Not yet:") and hint in said


@pytest.mark.parametrize("answer, hint", [
    ("p_g / (p_data + p_g)", "probability of fake"),
    ("p_data / p_g", "divide by the sum"),
    ("p_data + p_g / (p_data + p_g)", "brackets"),
    ("p_data / p_data + p_g", "brackets"),
    ("(p_data > p_g).float()", "only which is larger"),
    ("torch.sigmoid(p_data - p_g)", "No sigmoid"),
    ("p_data / (p_data + p_g).sum()", "at each x alone"),
])
def test_wrong_best_discriminators_get_their_hint(answer, hint):
    said = verdict(BEST + answer, "best_discriminator")
    assert said.startswith("Not yet:") and hint in said


def test_a_feed_keeps_every_picture_with_its_label():
    real, fake = torch.rand(5, 1, 4, 4), -torch.rand(3, 1, 4, 4)
    x, y = reference.random_feed(real, fake)
    assert x.shape == (8, 1, 4, 4) and y.tolist().count(1.0) == 5
    assert torch.equal(x.amin((1, 2, 3)) >= 0, y == 1)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.0])
def test_the_table_is_that_of_scikit_learn(threshold):
    torch.manual_seed(0)
    probability, y = torch.rand(200), torch.randint(2, (200,)).float()
    expected = confusion_matrix(y, probability >= threshold, labels=[1, 0])
    assert reference.confusion(probability, y, threshold).tolist() == expected.tolist()


def test_no_other_answer_at_a_point_has_a_lower_loss_than_the_best_discriminator():
    p_data, p_g = torch.rand(20, 1) + 0.01, torch.rand(20, 1) + 0.01
    tried = torch.linspace(0.001, 0.999, 999)
    loss = -p_data * tried.log() - p_g * (1 - tried).log()
    by_search = tried[loss.argmin(1)]
    best = reference.best_discriminator(p_data, p_g).squeeze(1)
    assert torch.allclose(best, by_search, atol=0.001)


@pytest.mark.parametrize("call", [
    lambda: reference.random_feed(torch.ones(2, 3), torch.ones(2, 4)),
    lambda: reference.confusion(torch.ones(3), torch.ones(2)),
    lambda: reference.confusion(torch.ones(2), torch.tensor([0.5, 1.0])),
    lambda: reference.confusion(torch.ones(2), torch.ones(2), 1.5),
    lambda: reference.best_discriminator(torch.ones(3), torch.ones(2)),
    lambda: reference.best_discriminator(torch.zeros(1), torch.zeros(1)),
    lambda: reference.best_discriminator(torch.ones(1), -torch.ones(1)),
])
def test_arguments_that_do_not_fit_are_refused(call):
    with pytest.raises(ValueError):
        call()
