"""The arena's game without its tool: settings that change, what is seen, slow motion."""

import copy
import math

import pytest
import torch

from gan_lib import arena, data, losses, plane, training, wasserstein
from gan_lib.arena import CHOICES, Arena, Settings

SMALL = {"width": 8, "layers": 1, "z_dim": 2}
every_choice = pytest.mark.parametrize("name, value", [
    (name, value) for name, possible in CHOICES.items() if name != "seed" for value in possible])


def small(**settings) -> Arena:
    return Arena(Settings(**{**SMALL, **settings}))


def all_weights(game) -> torch.Tensor:
    return torch.cat([training.weights(game.D), training.weights(game.G)])


# --- settings -----------------------------------------------------------------------------------

@every_choice
def test_every_choice_can_be_made_at_the_start_and_midway(name, value):
    start = small(**{name: value})
    start.step(2)
    midway = small()
    midway.step(2)
    midway.change(**{name: value})
    midway.step(2)
    assert getattr(start.settings, name) == getattr(midway.settings, name) == value
    for one in (start, midway):
        assert torch.isfinite(all_weights(one.game)).all()
        assert Settings.from_code(one.settings.code) == one.settings


@pytest.mark.parametrize("wrong", [
    {"lr_D": 0.0}, {"lr_G": -1.0}, {"lr_D": math.nan}, {"lr_D": "fast"}, {"width": 0},
    {"layers": -1}, {"z_dim": 3}, {"loss": "hinge"}, {"points": "heart"}, {"seed": 1000},
    {"points": "drawn"}])
def test_what_is_no_choice_is_refused_and_the_game_goes_on(wrong):
    played = small()
    played.step(3)
    before, settings = all_weights(played.game), played.settings
    with pytest.raises((TypeError, ValueError), match="must be|at least two points"):
        played.change(**wrong)
    assert played.settings == settings and torch.equal(all_weights(played.game), before)
    played.step()
    assert played.game.steps == 4


def test_settings_reach_the_optimizers_and_the_game():
    played = small()
    played.change(lr_D=5e-3, lr_G=1e-4, momentum=0.5, r1=3.0, d_steps=5, loss="minimax")
    game = played.game
    assert game.optimizer_D.param_groups[0]["lr"] == 5e-3
    assert game.optimizer_G.param_groups[0]["lr"] == 1e-4
    assert {optimizer.param_groups[0]["betas"] for optimizer in
            (game.optimizer_D, game.optimizer_G)} == {(0.5, 0.99)}
    assert (game.r1, game.d_steps, game.loss_function) == (3.0, 5, losses.minimax_loss)


@pytest.mark.parametrize("name, value", [("layers", 3), ("width", 16), ("z_dim", 4), ("seed", 9)])
def test_a_new_size_begins_anew_and_nothing_else_does(name, value):
    played = small()
    played.step(3)
    played.change(lr_D=1e-3, points="spiral", noise="uniform", loss="Wasserstein")
    assert played.game.steps == 3
    played.change(**{name: value})
    assert played.game.steps == 0
    assert played.game.optimizer_D.param_groups[0]["lr"] == 1e-3


def test_one_code_is_one_game_on_every_screen():
    code = small(seed=77, loss="Wasserstein", noise="uniform").settings.code
    games = []
    for other_things in range(2):
        torch.manual_seed(other_things)
        played = Arena(Settings.from_code(code))
        torch.randn(other_things + 5)
        played.step(4)
        games.append(all_weights(played.game))
    assert torch.equal(*games)


def test_the_defaults_are_those_of_the_course_s_game_but_for_the_noise():
    played = Arena(Settings(noise="normal"))
    game = training.Game(copy.deepcopy(played.game.D), copy.deepcopy(played.game.G),
                         data.load("ring"), batch_size=arena.BATCH, decay=0,
                         r1_every=arena.R1_EVERY)
    played.step(5)
    for _ in range(5):
        game.step()
    assert torch.equal(all_weights(played.game), all_weights(game))


@pytest.mark.parametrize("kind", CHOICES["noise"])
def test_each_kind_of_noise_has_mean_0_and_variance_1_and_its_shape(kind):
    z = small(noise=kind).game.noise(20_000)
    assert z.mean().abs() < 0.02 and z.var().item() == pytest.approx(1, abs=0.02)
    inside = (z.abs() < 0.5).float().mean().item()  # heaps: a gap; normal 38 %; uniform 29 %
    assert inside == pytest.approx({"normal": 0.383, "uniform": 0.289, "heaps": 0}[kind], abs=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_with_the_defaults_the_ring_is_learnt_in_1000_turns(seed):
    played = Arena(Settings(seed=seed))
    for _ in range(20):
        played.step(50)
        numbers = played.numbers()
        if numbers["modes"] == 8 and numbers["near a mode"] >= 0.9:
            return
    pytest.fail(f"after 1,000 turns: {numbers}")


# --- drawn points -------------------------------------------------------------------------------

def test_drawn_points_are_learnt_and_have_no_code():
    played = small()
    played.draw(data.points([[0, 0], [1, 1], [0, 1]], name="my points"))
    played.step(2)
    assert len(played.real()) == 3 and "modes" not in played.numbers()
    with pytest.raises(ValueError, match="no lesson code"):
        _ = played.settings.code


@pytest.mark.parametrize("points", [None, [[0.0, 0.0]]])
def test_nothing_and_one_point_are_refused(points):
    played = small()
    played.drawn = points and data.points(points)
    with pytest.raises(ValueError, match="at least two points"):
        played.change(points="drawn")
    assert played.settings.points == "ring"


# --- what is seen -------------------------------------------------------------------------------

def test_pushes_point_where_the_loss_of_g_falls():
    played = small()
    played.step(20)
    x, pushes = played.fakes(), played.pushes()
    for row in (0, 7, 100):
        def loss_at(point):
            return played.game.loss_function(played.game.D(point[None])).item()
        epsilon = 1e-3
        slope = [(loss_at(x[row] + epsilon * e) - loss_at(x[row] - epsilon * e)) / (2 * epsilon)
                 for e in torch.eye(2)]
        torch.testing.assert_close(pushes[row], -torch.tensor(slope), atol=2e-3, rtol=2e-2)
    assert all(weight.requires_grad for weight in played.game.D.parameters())


def test_the_field_is_what_d_says_row_by_row_from_the_bottom():
    played = small()
    field = played.field(side=5)
    corner = played.game.D.probability(torch.tensor([[-arena.LIMIT, arena.LIMIT]]))
    assert field[-1, 0].item() == pytest.approx(corner.item(), abs=1e-6)


@pytest.mark.parametrize("z_dim", [1, 2, 8])
def test_the_warp_is_where_g_puts_the_grid(z_dim):
    played = small(z_dim=z_dim)
    z = torch.zeros(1, z_dim)
    z[0, :2] = torch.tensor([2.0, -2.0])[:z_dim]  # right, at the bottom
    with torch.no_grad():
        torch.testing.assert_close(played.warp(side=3)[0, 2], played.game.G(z)[0])


def test_the_energy_distance_is_that_of_the_formula():
    a, b = torch.tensor([[0.0, 0.0], [0.0, 2.0]]), torch.tensor([[3.0, 0.0]])
    # 2 (3 + sqrt 13) / 2 - (0 + 2 + 2 + 0) / 4 - 0
    assert plane.energy_distance(a, b) == pytest.approx(3 + math.sqrt(13) - 1)
    assert plane.energy_distance(a, a) == pytest.approx(0, abs=1e-6)


def test_numbers_say_what_d_and_g_do():
    played = small()
    with torch.no_grad():
        for parameter in played.game.D.parameters():
            parameter.zero_()
        list(played.game.D.parameters())[-1].fill_(-5.0)  # everything is a fake
    numbers = played.numbers()
    assert (numbers["hits"], numbers["false alarms"]) == (1.0, 1.0)
    assert numbers["distance"] > 20 * abs(numbers["floor"])


def test_fakes_like_the_real_points_are_as_near_as_the_floor_and_hit_all_modes(monkeypatch):
    played = small()
    like_real = data.load("ring", seed=5).scaled()[:arena.SHOWN]
    monkeypatch.setattr(played, "fakes", lambda: like_real)
    numbers = played.numbers()
    assert numbers["distance"] < 4 * numbers["floor"] < 0.1
    assert (numbers["modes"], numbers["near a mode"]) == (8, 1.0)


# --- noise, Wasserstein -------------------------------------------------------------------------

def test_both_kinds_of_noise_have_mean_0_and_variance_1():
    for kind in ("normal", "uniform"):
        z = small(noise=kind, z_dim=16).game.noise(4000)
        assert z.mean().abs() < 0.03 and (z.var() - 1).abs() < 0.03
    assert z.abs().max() <= 3**0.5


def test_the_penalty_of_a_straight_critic_is_known():
    def critic(x):
        return 3 * x[:, :1]  # its gradient is 3 long everywhere
    a, b = torch.randn(6, 2), torch.randn(6, 2)
    assert wasserstein.gradient_penalty(critic, a, b).item() == pytest.approx(4.0)
    assert wasserstein.critic_loss(critic(a), critic(b)).item() == pytest.approx(
        3 * (b[:, 0].mean() - a[:, 0].mean()).item(), abs=1e-5)


def test_the_wasserstein_step_moves_d_alone_and_down_its_loss():
    played = small(loss="Wasserstein")
    game, z = played.game, played.game.noise(64)
    real = game.samples.batch(64)
    before = training.weights(game.G)
    told = [wasserstein.critic_step(game.D, game.G, real, z, game.optimizer_D)[0].item()
            for _ in range(40)]
    assert told[-1] < told[0] and torch.equal(training.weights(game.G), before)


# --- slow motion --------------------------------------------------------------------------------

@pytest.mark.parametrize("loss", CHOICES["loss"])
@pytest.mark.parametrize("player, other", [("D", "G"), ("G", "D")])
def test_slow_motion_is_the_half_step_in_parts(player, other, loss):
    slow, fast = small(loss=loss), small(loss=loss)
    parts = dict(slow.slowly(player))
    assert list(parts) == ["draw z", "G", "D", "loss", "gradient", "update"]
    getattr(fast.game, f"step_{player}")()
    assert torch.equal(all_weights(slow.game), all_weights(fast.game))
    assert f"|Δ{other}| = 0" in parts["update"] and f"|Δ{player}| = 0.0000" not in parts["update"]
    assert "frozen" in parts[other]
