"""The numbers on the slides, against other ways to find them."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gan_lib import checkpoints, data, models
from slides import claims
from slides.claims import CLAIMS

LOG_2 = math.log(2)
BY_FORMULA = {
    "surprise_right": -math.log(0.99), "surprise_half": LOG_2, "surprise_wrong": -math.log(0.01),
    "blind_loss": 2 * LOG_2, "value_of_the_game": -math.log(4), "sure_D": 1 / (1 + math.exp(4)),
    "minimax_pull": 1 / (1 + math.exp(4)), "non_saturating_pull": 1 / (1 + math.exp(-4)),
    "saddle_start": 2 ** 0.5,
    "saddle_simultaneous": 2 ** 0.5 * 1.04 ** 20,  # each step is longer by (1 + 0.2²)^(1/2)
    "theta_start": -1, "theta_target": 2,
    "noise_length": math.sqrt(2) * math.exp(math.lgamma(16.5) - math.lgamma(16)),  # 32 numbers
    "middle_length": math.exp(math.lgamma(16.5) - math.lgamma(16)),
    "different_people": 6 * 6 * 5 * 3 * 3 * 3 * 4 * 4,
}


def value(name: str) -> float:
    """Return the claim as a number, as a reader would take it."""
    return float(CLAIMS[name]().replace("\N{MINUS SIGN}", "-").replace(",", ""))


def rounding(name: str) -> float:
    """Return half of the last digit that the claim shows."""
    decimals = len(CLAIMS[name]().partition(".")[2])
    return 0.5 * 10.0 ** -decimals


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_a_short_text(name):
    assert isinstance(CLAIMS[name](), str) and 1 <= len(CLAIMS[name]()) <= 8


@pytest.mark.parametrize("name", BY_FORMULA)
def test_a_claim_is_what_a_formula_gives(name):
    assert value(name) == pytest.approx(BY_FORMULA[name], abs=1.01 * rounding(name))


@pytest.mark.parametrize("network, inside, outside", [
    ("digits", "digits_z", "digits_pixels"), ("faces64", "faces64_z", "faces64_numbers")])
def test_the_sizes_of_a_network_are_those_of_its_tensors(network, inside, outside):
    G = checkpoints.load(network).cpu()
    z = torch.randn(1, int(value(inside)))
    assert G(z).numel() == value(outside)


def test_the_weights_of_the_first_layers_are_those_that_see_a_digit():
    mlp, cnn = models.FullyConnectedDiscriminator(size=32), models.ConvDiscriminator(size=32)
    assert value("mlp_weights") == 32 * 32 == mlp.layers[1].in_features
    assert value("cnn_weights") == math.prod(cnn.layers[0].kernel_size)


def test_the_time_of_training_is_the_cards():
    assert 60 * value("faces64_minutes") == pytest.approx(
        checkpoints.card("faces64")["cpu_seconds"], abs=30)


def test_the_frozen_network_does_not_move_and_the_other_one_does():
    assert CLAIMS["moved_G_by_step_D"]() == CLAIMS["moved_D_by_step_G"]() == "0"
    # Adam's first step moves each weight that has a gradient by the learning rate.
    for name, network in (("D", models.PointDiscriminator()), ("G", models.PointGenerator())):
        most = 2e-3 * models.parameters(network) ** 0.5
        assert 0.5 * most < value(f"moved_{name}_by_step_{name}") <= 1.01 * most


def test_a_nearly_frozen_network_would_not_be_called_0():
    assert claims.exact(1e-9) != "0"


def test_the_three_numbers_go_where_a_game_in_numpy_goes():
    gan = claims.ThreeNumberGAN()
    real, z = gan.real.double().numpy(), gan.z.double().numpy()
    theta, a, b = -1.0, 0.0, 0.0
    way = []
    for _ in range(200):
        fake = theta + 0.5 * z
        push_real, push_fake = (1 / (1 + np.exp(-(a * x + b))) - y
                                for x, y in ((real, 1), (fake, 0)))
        a, b = (a - 0.3 * ((push_real * real).mean() + (push_fake * fake).mean()),
                b - 0.3 * (push_real.mean() + push_fake.mean()))
        theta -= 0.3 * ((1 / (1 + np.exp(-(a * fake + b))) - 1) * a).mean()
        way.append(theta)
    assert value("theta_top") == pytest.approx(max(way), abs=0.06)
    assert value("theta_end") == pytest.approx(way[-1], abs=0.006)


@pytest.mark.parametrize("name, penalty", [("saddle_alternating", 0.0), ("saddle_penalty", 0.5)])
def test_the_ways_around_the_saddle_are_those_of_a_matrix(name, penalty):
    move_D = np.array([[1 - 0.2 * penalty, -0.2], [0, 1]])
    move_G = np.array([[1, 0], [0.2, 1]])
    end = np.linalg.matrix_power(move_G @ move_D, 40) @ [1, 1]
    assert value(name) == pytest.approx(np.linalg.norm(end), abs=1.01 * rounding(name))


def test_batch_normalisation_alone_makes_the_batch_matter():
    assert CLAIMS["no_norm_mixed"]() == CLAIMS["no_norm_alone"]()
    assert value("norm_alone") > 2 * value("norm_mixed")
    # The mean over a batch is all that a normalised network could use to tell.
    x = torch.randn(8, 3, 4, 4)
    assert not torch.allclose(F.batch_norm(x, None, None, training=True)[:4],
                              F.batch_norm(x[:4], None, None, training=True))


def test_a_d_far_ahead_makes_g_collapse_and_balanced_steps_do_not():
    assert value("modes_D_ahead") <= 2 < 6 <= value("modes_equal") <= 8
    assert len(data.load("ring", n=8).class_names) == 8


def test_numbers_are_written_for_people():
    assert claims.number(-1.386) == "\N{MINUS SIGN}1.39"
    assert claims.number(12288, 0) == "12,288"
