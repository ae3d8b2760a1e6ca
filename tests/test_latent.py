import math

import pytest
import torch
from torch import nn

from gan_lib import latent, models


def turned(a, b, t):
    """Rotate a by the t-th part of the angle to b, in their plane, by a rotation matrix."""
    u = a / a.norm()
    v = b - (b @ u) * u
    v = v / v.norm()
    angle = t * math.atan2((b @ v).item(), (b @ u).item())
    rotation = torch.tensor([[math.cos(angle), -math.sin(angle)],
                             [math.sin(angle), math.cos(angle)]], dtype=a.dtype)
    return torch.stack([u, v], 1) @ (rotation @ torch.stack([a @ u, a @ v]))


class Linear(nn.Module):
    """A generator of 2x2 pictures that can be inverted exactly."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.z_dim = 4
        orthogonal = torch.linalg.qr(torch.randn(4, 4)).Q
        self.weight = nn.Parameter(orthogonal)

    def forward(self, z):
        return (z @ self.weight.T).reshape(-1, 1, 2, 2)

    def inverse(self, x):
        return x.flatten(1) @ self.weight


class Shell(nn.Module):
    """A generator with a module that is there twice, one that is None, and a number of its own."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        norm = nn.BatchNorm1d(4)
        self.z_dim, self.strength, self.nothing = 4, 1.0, None
        self.register_module("empty", None)
        self.layers = nn.Sequential(nn.Linear(4, 4), norm, nn.Dropout(0.5), norm)

    def forward(self, z):
        return self.strength * self.layers(z)


# ---- looking

def test_looking_is_eval_mode_and_leaves_no_trace():
    G, z = Shell(), latent.draw(6, 4)
    before = {name: value.clone() for name, value in G.state_dict().items()}
    seen = latent.look(G, z)
    assert all(module.training for module in G.modules())
    assert all(torch.equal(value, before[name]) for name, value in G.state_dict().items())
    assert torch.equal(seen, G.eval()(z)) and seen.requires_grad


def test_looking_sees_the_weights_the_statistics_and_the_settings_of_now():
    G, z = Shell(), latent.draw(6, 4)
    first = latent.look(G, z)
    G.strength = 2.0
    torch.testing.assert_close(latent.look(G, z), 2 * first)
    G(z)  # in train mode: the statistics move
    with torch.no_grad():
        G.layers[0].weight.mul_(3)
    assert torch.equal(latent.look(G, z), G.eval()(z))
    assert not torch.equal(latent.look(G, z), 2 * first)


def test_a_search_and_principal_directions_leave_a_generator_in_train_mode_as_it_is():
    torch.manual_seed(0)
    G = models.ConvGenerator(z_dim=4, size=16, width=4, batch_norm=True)
    before = {name: value.clone() for name, value in G.state_dict().items()}
    search = latent.Search(G, torch.zeros(2, 1, 16, 16), restarts=2)
    search.step(3)
    search.pictures(), search.best(), latent.principal_directions(G, 2)
    assert G.training
    assert all(torch.equal(value, before[name]) for name, value in G.state_dict().items())


# ---- drawing and mixing

def test_draw_is_standard_normal_and_hangs_only_on_the_seed():
    z = latent.draw(4000, 5, seed=3)
    assert z.shape == (4000, 5) and z.dtype == torch.float32
    assert z.mean(0).abs().max() < 0.08 and (z.std(0) - 1).abs().max() < 0.05
    torch.rand(1)
    assert torch.equal(z, latent.draw(4000, 5, seed=3))
    assert not torch.equal(z, latent.draw(4000, 5, seed=4))


@pytest.mark.parametrize("arguments, error", [
    ((0, 3), ValueError), ((3, 0), ValueError), ((2.0, 3), TypeError), ((2, 3, -1), ValueError)])
def test_draw_refuses_other_numbers(arguments, error):
    with pytest.raises(error, match="(n|z_dim|seed) must be"):
        latent.draw(*arguments)


@pytest.mark.parametrize("mix", latent.MIXES.values())
def test_mixes_begin_at_a_and_end_at_b(mix):
    a, b = latent.draw(2, 16)
    torch.testing.assert_close(mix(a, b, 0.0), a)
    torch.testing.assert_close(mix(a, b, 1.0), b)
    torch.testing.assert_close(mix(a, b, 0.3), mix(b, a, 0.7))


def test_lerp_in_closed_form():
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -2.0])
    assert latent.lerp(a, b, 0.25).tolist() == [1.5, 1.0]
    t = torch.tensor([[0.0], [0.5]])
    assert latent.lerp(a, b, t).tolist() == [[1, 2], [2, 0]]


@pytest.mark.parametrize("t", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("z_dim", [2, 3, 40])
def test_slerp_is_a_rotation_in_the_plane_of_a_and_b(z_dim, t):
    a, b = latent.draw(2, z_dim, seed=z_dim).double()
    b = b * a.norm() / b.norm()
    mix = latent.slerp(a, b, t)
    torch.testing.assert_close(mix, turned(a, b, t))
    assert mix.norm().item() == pytest.approx(a.norm().item())
    whole = math.acos(torch.nn.functional.cosine_similarity(a, b, 0).item())
    cosine = torch.nn.functional.cosine_similarity(a, mix, 0).clamp(-1, 1)
    assert math.acos(cosine.item()) == pytest.approx(t * whole, abs=1e-6)


def test_slerp_keeps_the_length_where_lerp_is_too_short():
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    assert latent.slerp(a, b, 0.5).tolist() == pytest.approx([0.5 ** 0.5] * 2)
    assert latent.lerp(a, b, 0.5).norm().item() == pytest.approx(0.5 ** 0.5)


@pytest.mark.parametrize("factor", [1.0, 1 + 1e-6, 2.0])
def test_slerp_of_the_same_direction_is_the_straight_mix(factor):
    a = latent.draw(1, 8)[0]
    torch.testing.assert_close(latent.slerp(a, factor * a, 0.3), (0.7 + 0.3 * factor) * a)


def test_slerp_mixes_many_at_once():
    a, b = latent.draw(5, 8, seed=1), latent.draw(5, 8, seed=2)
    t = torch.linspace(0, 1, 5).unsqueeze(1)
    each = torch.stack([latent.slerp(a[i], b[i], t[i]) for i in range(5)])
    torch.testing.assert_close(latent.slerp(a, b, t), each)


@pytest.mark.parametrize("mix", latent.MIXES.values())
def test_vectors_of_different_lengths_are_refused(mix):
    with pytest.raises(ValueError, match=r"same length.*the shapes are \[\(3,\), \(4,\)\]"):
        mix(torch.ones(3), torch.ones(4), 0.5)


def test_slerp_refuses_opposite_ways():
    a = latent.draw(1, 8)[0]
    with pytest.raises(ValueError, match="opposite ways"):
        latent.slerp(a, -2 * a, 0.5)


# ---- ways

@pytest.mark.parametrize("mix", latent.MIXES)
def test_path_takes_equal_steps_from_a_to_b(mix):
    a, b = latent.draw(2, 6, seed=5)
    found = latent.path(a, b, 5, mix)
    for i in range(5):
        torch.testing.assert_close(found[i], latent.MIXES[mix](a, b, i / 4))
    torch.testing.assert_close(latent.path(a, b, 2, mix), torch.stack([a, b]))


def test_grid_has_its_corners_at_the_corners_and_rows_from_top_to_bottom():
    corners = torch.tensor([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    found = latent.grid(corners, 3, "straight")
    assert found.shape == (3, 3, 4)
    for (row, column), corner in zip([(0, 0), (0, 2), (2, 0), (2, 2)], corners):
        assert torch.equal(found[row, column], corner)
    for row in range(3):                                # bilinear, point by point
        for column in range(3):
            v, u = row / 2, column / 2
            weights = [(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u]
            assert found[row, column].tolist() == pytest.approx(weights)
    spherical = latent.grid(corners, 3)
    torch.testing.assert_close(spherical.norm(dim=-1), torch.ones(3, 3))


def test_walk_is_closed_and_stops_at_every_stop():
    stops = latent.draw(3, 5, seed=2)
    found = latent.walk(stops, 4)
    assert found.shape == (12, 5)
    torch.testing.assert_close(found[::4], stops)
    torch.testing.assert_close(found[5], latent.slerp(stops[1], stops[2], 0.25))
    torch.testing.assert_close(found[11], latent.slerp(stops[2], stops[0], 0.75))
    torch.testing.assert_close(latent.walk(stops, 1), stops)


@pytest.mark.parametrize("call, says", [
    (lambda: latent.path(torch.ones(3), torch.ones(4), 5), r"b must have the shape \(3\)"),
    (lambda: latent.path(torch.ones(1, 3), torch.ones(3), 5), "a must have the shape"),
    (lambda: latent.path(torch.ones(3), torch.ones(3), 1), "n must be at least 2"),
    (lambda: latent.path(torch.ones(3), torch.ones(3), 2, "round"), "mix must be one of"),
    (lambda: latent.grid(torch.ones(3, 5), 4), r"corners must have the shape \(4, any\)"),
    (lambda: latent.walk(torch.ones(1, 5), 4), "stops must be at least 2"),
    (lambda: latent.walk(torch.ones(2, 5), 0), "frames must be at least 1")])
def test_ways_refuse_other_arguments(call, says):
    with pytest.raises(ValueError, match=says):
        call()


# ---- directions

def test_attribute_direction_finds_the_axis_that_decides():
    z = latent.draw(4000, 6)
    direction = latent.attribute_direction(z, z[:, 2] > 0.3)
    assert direction.norm().item() == pytest.approx(1)
    assert direction[2] > 0.99


def test_attribute_direction_in_closed_form():
    z = torch.tensor([[0.0, 1], [0, 3], [3, 2], [3, 10]])
    has = torch.tensor([False, False, True, True])
    assert latent.attribute_direction(z, has).tolist() == pytest.approx([0.6, 0.8])
    assert latent.attribute_direction(z, ~has).tolist() == pytest.approx([-0.6, -0.8])


@pytest.mark.parametrize("has", [torch.tensor([True, True]), torch.tensor([False, False]),
                                 torch.tensor([0, 1])])
def test_attribute_direction_needs_bools_of_both_kinds(has):
    with pytest.raises(ValueError, match="bools with some True and some False"):
        latent.attribute_direction(torch.randn(2, 3), has)
    with pytest.raises(ValueError, match="has must have the shape"):
        latent.attribute_direction(torch.randn(3, 3), has)


def test_principal_directions_are_the_singular_vectors_of_the_first_layer():
    torch.manual_seed(0)
    G = models.FullyConnectedGenerator(5, width=32)
    left = torch.linalg.qr(torch.randn(32, 5)).Q
    right = torch.linalg.qr(torch.randn(5, 5)).Q
    with torch.no_grad():
        G.layers[0].weight.copy_(left @ torch.diag(torch.tensor([9.0, 6, 3, 1, 0.5])) @ right)
    vectors = torch.linalg.svd(G.layers[0].weight.detach()).Vh
    found = latent.principal_directions(G, 3)
    assert found.shape == (3, 5)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))
    assert ((found * vectors[:3]).sum(1).abs() > 0.99).all()
    inside = found @ vectors[:3].T                      # they span the same space
    assert (inside.norm(dim=1) > 0.99).all() and torch.linalg.matrix_rank(inside) == 3


def test_principal_directions_refuse_other_numbers():
    G = models.FullyConnectedGenerator(5, width=8)
    with pytest.raises(ValueError, match="n must be from 1 to 5"):
        latent.principal_directions(G, 6)
    with pytest.raises(ValueError, match="count must be at least 6"):
        latent.principal_directions(G, 2, count=5)


# ---- finding the z of a picture

def test_search_finds_the_z_of_a_map_that_can_be_inverted():
    G, z = Linear(), latent.draw(3, 4, seed=7)
    before = G.weight.detach().clone()
    search = latent.Search(G, G(z).detach(), restarts=2, prior=0.0)
    search.step(300)
    torch.testing.assert_close(search.best(), z, atol=0.01, rtol=0)
    assert search.step() < 1e-4
    assert torch.equal(G.weight, before) and G.weight.grad is None and G.weight.requires_grad
    assert not search.best().requires_grad


def test_search_compares_only_what_is_visible():
    G, z = Linear(), latent.draw(2, 4, seed=8)
    visible = torch.tensor([[True, False], [True, True]])
    x = G(z).detach()
    spoilt = torch.where(visible, x, torch.full_like(x, 9.0))
    search, other = latent.Search(G, x, visible), latent.Search(G, spoilt, visible)
    torch.testing.assert_close(search.error(search.z), other.error(other.z))
    expected = (G(search.z) - search.x)[:, 0][:, visible].square().mean(1)
    torch.testing.assert_close(search.error(search.z), expected)
    search.step(50)
    other.step(50)
    torch.testing.assert_close(search.best(), other.best())


def test_search_pulls_z_towards_0_by_the_prior():
    G, x = Linear(), torch.full((1, 1, 2, 2), 3.0)
    search = latent.Search(G, x, restarts=1, prior=1.0)
    search.step(300)                                    # min (z - a)² / 4 + z² / 4 is at a / 2
    torch.testing.assert_close(search.best(), G.inverse(x).detach() / 2, atol=0.01, rtol=0)


def test_the_first_step_says_the_error_it_began_with():
    G, x = Linear(), torch.zeros(2, 1, 2, 2)
    search = latent.Search(G, x, restarts=3)
    expected = G(latent.draw(6, 4)).square().flatten(1).mean(1).mean().item()
    assert search.step() == pytest.approx(expected)


def test_best_takes_the_closest_of_each_picture_s_restarts():
    G, x = Linear(), latent.draw(2, 4, seed=1).reshape(2, 1, 2, 2)
    search = latent.Search(G, x, restarts=3)
    assert search.pictures().shape == (2, 3, 1, 2, 2)
    assert torch.equal(search.pictures()[1, 2], G(search.z[5:6])[0])
    for i in range(2):
        errors = [(search.pictures()[i, j] - x[i]).square().mean().item() for j in range(3)]
        closest = errors.index(min(errors))
        assert torch.equal(search.best()[i], search.z[3 * i + closest].detach())


def test_search_hangs_on_its_seed():
    G, x = Linear(), torch.zeros(1, 1, 2, 2)
    first, again, other = (latent.Search(G, x, seed=seed).z for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


@pytest.mark.parametrize("arguments, error, says", [
    ({"x": torch.zeros(1, 2, 2)}, ValueError, "x must have the shape"),
    ({"x": torch.zeros(1, 3, 2, 2)}, ValueError, r"x must have the shape \(any, 1, 2, 2\)"),
    ({"visible": torch.ones(2, 3, dtype=torch.bool)}, ValueError, "visible must have the shape"),
    ({"visible": torch.zeros(2, 2, dtype=torch.bool)}, ValueError, "visible must be a bool mask"),
    ({"visible": torch.ones(2, 2)}, ValueError, "visible must be a bool mask"),
    ({"restarts": 0}, ValueError, "restarts must be at least 1"),
    ({"lr": -1}, ValueError, "lr must be"), ({"prior": -1}, ValueError, "prior must be"),
    ({"seed": -1}, ValueError, "seed must be")])
def test_search_refuses_other_arguments(arguments, error, says):
    with pytest.raises(error, match=says):
        latent.Search(Linear(), **{"x": torch.zeros(1, 1, 2, 2), **arguments})


def test_search_takes_at_least_one_step():
    with pytest.raises(ValueError, match="steps must be at least 1"):
        latent.Search(Linear(), torch.zeros(1, 1, 2, 2)).step(0)


def test_noise_is_standard_normal():
    torch.manual_seed(0)
    z = latent.noise(500, 8)
    assert z.shape == (500, 8) and z.dtype == torch.float32
    share_below = torch.special.ndtr(z.flatten().sort().values)
    distance = (share_below - torch.linspace(0, 1, z.numel())).abs().max()
    assert distance < 1.63 / z.numel() ** 0.5  # Kolmogorov's test, level 1 %


@pytest.mark.parametrize("n, z_dim", [(0, 4), (4, 0)])
def test_noise_wants_whole_numbers_from_1(n, z_dim):
    with pytest.raises(ValueError, match="must be at least 1"):
        latent.noise(n, z_dim)
