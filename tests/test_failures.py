"""What goes wrong: the share near the modes, and steps at a saddle."""

import math

import numpy as np
import pytest
import torch

from gan_lib import failures


def test_the_share_is_what_a_count_by_hand_gives():
    random = np.random.default_rng(0)
    points, centres = random.normal(size=(200, 2)), random.normal(size=(6, 2))
    near = [min(math.dist(p, c) for c in centres) <= 0.4 for p in points]
    share = failures.share_near(torch.tensor(points), torch.tensor(centres), 0.4)
    assert 0.1 < share < 0.9 and share == pytest.approx(sum(near) / 200)


def test_points_on_a_circle_hit_all_modes_and_most_are_near_none():
    from gan_lib import data, metrics
    angle = torch.linspace(0, 2 * math.pi, 1001)[:-1]
    circle, ring = 2 * torch.stack([angle.cos(), angle.sin()], 1), data.load("ring")
    assert metrics.modes_hit(circle, ring.centres, radius=0.3) == 8
    # 0.3 from a centre on a circle of radius 2: an angle of 2 asin(0.075) on either side.
    expected = 8 * 2 * 2 * math.asin(0.075) / (2 * math.pi)
    assert failures.share_near(circle, ring.centres, 0.3) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("change, says", [
    ({"points": torch.zeros(3)}, "points"), ({"points": [[0.0, 0.0]]}, "points"),
    ({"centres": torch.zeros(0, 2)}, "centres"), ({"radius": 0}, "radius")])
def test_arguments_that_do_not_fit_are_refused(change, says):
    right = {"points": torch.zeros(3, 2), "centres": torch.zeros(1, 2), "radius": 1.0}
    with pytest.raises((TypeError, ValueError), match=says):
        failures.share_near(**{**right, **change})


@pytest.mark.parametrize("turns", failures.TURNS)
def test_a_step_follows_the_gradients_of_autograd(turns):
    d, g = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (0.7, -1.3))
    rate, penalty = 0.1, 0.4
    slope_d, = torch.autograd.grad(d * g + penalty / 2 * d ** 2, d)
    new_d = (d - rate * slope_d).detach()
    slope_g, = torch.autograd.grad((new_d if turns == "alternating" else d.detach()) * g, g)
    expected = new_d.item(), (g + rate * slope_g).item()
    assert failures.TURNS[turns](0.7, -1.3, rate, penalty) == pytest.approx(expected)
