import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gan_lib import losses

LOGITS = torch.linspace(-8, 8, 33, dtype=torch.float64)


def gradient(loss, logits):
    logits = logits.clone().requires_grad_(True)
    return torch.autograd.grad(loss(logits), logits)[0]


# ---- binary cross entropy

def test_surprise_in_closed_form():
    p = torch.tensor([1.0, 0.5, math.exp(-3), 0.0])
    assert losses.surprise(p).tolist() == pytest.approx([0, math.log(2), 3, math.inf])
    assert losses.surprise(0.25).item() == pytest.approx(2 * math.log(2))


@pytest.mark.parametrize("y", [0, 0.0, 0.3, 1.0, 1])
def test_bce_from_probability_equals_torch(y):
    p = torch.tensor([0.01, 0.3, 0.5, 0.99], dtype=torch.float64)
    expected = F.binary_cross_entropy(p, torch.full_like(p, y), reduction="none")
    torch.testing.assert_close(losses.bce_from_probability(p, y), expected)


def test_bce_from_probability_at_the_ends():
    p = torch.tensor([0.0, 1.0, 0.0, 1.0])
    y = torch.tensor([0.0, 1.0, 1.0, 0.0])
    assert losses.bce_from_probability(p, y).tolist() == [0, 0, math.inf, math.inf]


@pytest.mark.parametrize("shape", [(33,), (33, 1), (3, 11)])
def test_bce_equals_torch_with_a_label_for_each_logit(shape):
    logits, y = LOGITS.reshape(shape), torch.linspace(0, 1, 33, dtype=torch.float64).reshape(shape)
    expected = F.binary_cross_entropy_with_logits(logits, y)
    torch.testing.assert_close(losses.bce(logits, y), expected)
    torch.testing.assert_close(losses.bce_from_probability(logits.sigmoid(), y).mean(), expected)


@pytest.mark.parametrize("y", [0, 0.4, 1])
def test_the_gradient_of_bce_is_probability_minus_label(y):
    found = gradient(lambda logits: losses.bce(logits, y), LOGITS)
    torch.testing.assert_close(found, (LOGITS.sigmoid() - y) / len(LOGITS))


def test_bce_is_finite_where_the_sigmoid_is_0_or_1():
    logits = torch.tensor([-1000.0, 1000.0])
    assert losses.bce(logits, torch.tensor([1.0, 0.0])).item() == 1000
    assert losses.bce(logits, torch.tensor([0.0, 1.0])).item() == 0
    assert gradient(lambda x: losses.bce(x, 1), logits).tolist() == [-0.5, 0]


# ---- the game

def test_discriminator_loss_of_a_blind_D_is_2_log_2():
    assert losses.discriminator_loss(torch.zeros(4), torch.zeros(7)).item() == \
        pytest.approx(2 * math.log(2))


@pytest.mark.parametrize("smooth", [0.0, 0.1, 0.5])
def test_discriminator_loss_equals_torch_and_smooths_only_the_real_label(smooth):
    real, fake = LOGITS[:20], LOGITS[5:]
    expected = (F.binary_cross_entropy_with_logits(real, torch.full_like(real, 1 - smooth))
                + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake)))
    torch.testing.assert_close(losses.discriminator_loss(real, fake, smooth), expected)


def test_generator_losses_equal_torch():
    nothing, everything = torch.zeros_like(LOGITS), torch.ones_like(LOGITS)
    torch.testing.assert_close(losses.minimax_loss(LOGITS),
                               -F.binary_cross_entropy_with_logits(LOGITS, nothing))
    torch.testing.assert_close(losses.non_saturating_loss(LOGITS),
                               F.binary_cross_entropy_with_logits(LOGITS, everything))


def test_the_minimax_gradient_vanishes_where_D_is_sure_and_the_other_does_not():
    p = LOGITS.sigmoid()
    minimax = gradient(losses.minimax_loss, LOGITS) * len(LOGITS)
    non_saturating = gradient(losses.non_saturating_loss, LOGITS) * len(LOGITS)
    torch.testing.assert_close(minimax, -p)
    torch.testing.assert_close(non_saturating, p - 1)
    assert minimax[0].abs() < 1e-3 < 0.999 < non_saturating[0].abs()


def test_every_loss_is_finite_at_huge_logits():
    huge = torch.tensor([-1000.0, 1000.0])
    for loss in losses.GENERATOR_LOSSES.values():
        assert loss(huge).isfinite() and gradient(loss, huge).isfinite().all()
    assert losses.discriminator_loss(huge, huge).item() == 1000


def test_the_losses_by_name():
    assert losses.GENERATOR_LOSSES == {"minimax": losses.minimax_loss,
                                       "non-saturating": losses.non_saturating_loss}


# ---- R1

def test_r1_of_a_linear_D_is_the_squared_length_of_its_weights():
    D = torch.nn.Linear(6, 1)
    penalty = losses.r1_penalty(lambda x: D(x.flatten(1)).squeeze(1), torch.randn(5, 1, 2, 3))
    torch.testing.assert_close(penalty, D.weight.square().sum())
    found, = torch.autograd.grad(penalty, D.weight)
    torch.testing.assert_close(found, 2 * D.weight.detach())


def test_r1_of_a_quadratic_D():
    x = torch.randn(9, 4)
    penalty = losses.r1_penalty(lambda x: x.square().sum(1), x)
    torch.testing.assert_close(penalty, 4 * x.square().sum(1).mean())


def test_r1_equals_finite_differences():
    torch.manual_seed(0)
    D = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)).double()
    x, step = torch.randn(4, 3, dtype=torch.float64), 1e-5
    total = 0.0
    for axis in torch.eye(3, dtype=torch.float64) * step:
        total = total + ((D(x + axis) - D(x - axis)) / (2 * step)).square().mean()
    torch.testing.assert_close(losses.r1_penalty(D, x), total, atol=1e-8, rtol=1e-6)


def test_r1_leaves_the_real_samples_as_they_are():
    x = torch.randn(2, 3)
    losses.r1_penalty(lambda x: x.square().sum(1), x).item()
    assert not x.requires_grad and x.grad is None


# ---- errors

@pytest.mark.parametrize("p", [[-0.01, 0.5], [0.5, 1.01], [0.5, math.nan]])
def test_a_probability_out_of_range_is_refused(p):
    with pytest.raises(ValueError, match="p must hold probabilities from 0 to 1.*losses.bce"):
        losses.surprise(torch.tensor(p))
    with pytest.raises(ValueError, match="p must hold probabilities"):
        losses.bce_from_probability(torch.tensor(p), 1)


@pytest.mark.parametrize("y", [-0.1, 1.1, 2, math.nan])
def test_a_label_out_of_range_is_refused(y):
    says = r"y, from 0 \(fake\) to 1 \(real\), must be a finite number from 0.0 to 1.0, but"
    for loss in (losses.bce, losses.bce_from_probability):
        with pytest.raises(ValueError, match=f"{says} it is {y}"):
            loss(LOGITS.sigmoid(), y)


@pytest.mark.parametrize("y", [-0.1, 1.1, math.nan])
def test_labels_in_a_tensor_out_of_range_are_refused(y):
    for labels in (torch.tensor(y), torch.cat([torch.zeros(32), torch.tensor([y])])):
        with pytest.raises(ValueError, match=r"y must hold labels from 0 \(fake\) to 1 \(real\)"):
            losses.bce(LOGITS, labels)


@pytest.mark.parametrize("y", ["1", None, [1.0] * 33, True])
def test_a_label_that_is_neither_a_number_nor_a_tensor_is_refused(y):
    with pytest.raises(TypeError, match=r"y, from 0 \(fake\) to 1 \(real\), must be a number"):
        losses.bce(LOGITS, y)


@pytest.mark.parametrize("y", [0, 0.3, 1])
def test_a_label_may_be_a_number_a_tensor_of_one_or_one_for_each_logit(y):
    expected = F.binary_cross_entropy_with_logits(LOGITS, torch.full_like(LOGITS, y))
    for label in (y, np.float32(y), torch.tensor(y), torch.full((33,), y)):
        torch.testing.assert_close(losses.bce(LOGITS, label), expected)
        torch.testing.assert_close(losses.bce_from_probability(LOGITS.sigmoid(), label).mean(),
                                   expected)


def test_a_plain_label_keeps_the_number_format_of_the_logits():
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        assert losses.bce(LOGITS.to(dtype), 1).dtype == dtype


@pytest.mark.parametrize("shape", [(32,), (33, 1), (1,)])
def test_labels_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"y must be one number or have the shape \(33,\)"):
        losses.bce(LOGITS, torch.ones(shape))


def test_what_is_no_tensor_of_floats_is_refused():
    with pytest.raises(TypeError, match="logits must be a tensor, but it is list"):
        losses.bce([0.0], 1)
    with pytest.raises(TypeError, match="logits must hold floats, but it holds torch.int64"):
        losses.bce(torch.tensor([1, 2]), 1)
    with pytest.raises(TypeError, match="real must be a tensor"):
        losses.r1_penalty(lambda x: x, 3.0)


@pytest.mark.parametrize("loss", [lambda x: losses.bce(x, 1), losses.minimax_loss, losses.surprise,
                                  losses.non_saturating_loss,
                                  lambda x: losses.r1_penalty(torch.sum, x),
                                  lambda x: losses.discriminator_loss(torch.zeros(1), x),
                                  lambda x: losses.discriminator_loss(x, torch.zeros(1))])
def test_empty_tensors_are_refused(loss):
    with pytest.raises(ValueError, match=r"must have the shape \(any\), but it has \(0,\)"):
        loss(torch.zeros(0))


@pytest.mark.parametrize("smooth", [-0.1, 0.6, math.nan])
def test_smoothing_out_of_range_is_refused(smooth):
    with pytest.raises(ValueError, match="smooth must be a finite number from 0.0 to 0.5"):
        losses.discriminator_loss(LOGITS, LOGITS, smooth)


def test_the_gradient_is_that_of_pytorchs_own_loss():
    logits = torch.linspace(-20, 20, 41, requires_grad=True)
    for y in (0.0, 0.3, 1.0):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            logits, torch.full_like(logits, y), reduction="sum")
        expected, = torch.autograd.grad(loss, logits)
        assert torch.allclose(losses.bce_gradient(logits, y), expected, atol=1e-6)


def test_the_gradient_refuses_labels_that_do_not_fit():
    with pytest.raises(ValueError, match=r"y must be one number or have the shape \(3,\)"):
        losses.bce_gradient(torch.zeros(3), torch.zeros(2))
