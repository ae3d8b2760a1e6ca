"""The arena as a tool, without a browser: every control, and what the page is told."""

import numpy as np
import pytest
import torch

from gan_lib import arena, training
from gan_lib.arena import Settings
from gan_lib.training import LossNotFinite
from gan_lib.widgets.arena import NAMES, ArenaTool
from widget_tools import buttons, undisturbed


@pytest.fixture
def tool():
    return ArenaTool(Settings(width=8, layers=1, z_dim=2))


def weights(tool) -> torch.Tensor:
    return torch.cat(tool.weights())


# --- playing ------------------------------------------------------------------------------------

def test_the_player_s_ticks_play_turns(tool):
    tool.play.value = 1
    first = tool.arena.game.steps
    tool.play.value = 2
    assert 0 < first < tool.arena.game.steps and tool.moved_D > 0 and tool.moved_G > 0


@pytest.mark.parametrize("name, moves", [
    ("Step D", (True, False)), ("Step G", (False, True)), ("Step both", (True, True))])
def test_each_step_moves_its_network_and_leaves_the_frozen_one(tool, name, moves):
    buttons(tool)[name].click()
    assert (tool.moved_D > 0, tool.moved_G > 0) == moves
    assert f"|ΔG| = {tool.moved_G:.3f}" in tool.alt()


def test_parts_of_a_half_step_are_said_one_after_the_other(tool):
    said = []
    for _ in range(7):
        buttons(tool)["Part of G's step"].click()
        said.append(tool.message.value.partition(":")[0])
    assert said == ["draw z", "G", "D", "loss", "gradient", "update", "draw z"]
    buttons(tool)["Part of D's step"].click()
    assert tool.message.value.startswith("draw z")


def test_reset_gives_the_same_networks_and_a_new_seed_others(tool):
    start = weights(tool)
    tool.step()
    tool.reset()
    assert torch.equal(weights(tool), start) and tool.arena.game.steps == 0
    buttons(tool)["New seed"].click()
    assert not torch.equal(weights(tool), start) and tool.arena.settings.seed == 1


def test_a_loss_that_is_not_finite_brings_the_last_good_state_back(tool, monkeypatch):
    tool.tick(0.05)
    tool._keep()
    good, turn = weights(tool), tool.arena.game.steps

    def breaks():
        with torch.no_grad():
            for weight in tool.arena.game.D.parameters():
                weight.fill_(torch.nan)
        raise LossNotFinite("At step 7, loss_D became nan.")
    monkeypatch.setattr(tool.arena, "step", breaks)
    tool.play.value = 5
    assert tool.play.value == 0
    assert torch.equal(weights(tool), good)
    assert f"loss_D became nan. The arena went back to turn {turn}." in tool.message.value


# --- settings -----------------------------------------------------------------------------------

@pytest.mark.parametrize("name", NAMES)
def test_every_list_changes_its_setting_while_the_game_plays(tool, name):
    tool.tick(0.01)
    control = tool.controls[name]
    control.value = next(value for value in control.options if value != control.value)
    assert getattr(tool.arena.settings, name) == control.value
    assert tool.code.value == tool.arena.settings.code
    tool.tick(0.01)
    assert undisturbed(tool) and torch.isfinite(weights(tool)).all()


def test_a_code_gives_every_control_its_value(tool):
    settings = Settings(points="spiral", loss="Wasserstein", lr_G=1e-4, layers=3, seed=123)
    tool.code.value = settings.code.lower()
    assert tool.arena.settings == settings and tool.arena.game.steps == 0
    assert {name: control.value for name, control in tool.controls.items()} == {
        name: getattr(settings, name) for name in NAMES}
    other = ArenaTool(code=settings.code)
    for one in (tool, other):
        one.arena.step(3)
    assert torch.equal(weights(tool), weights(other))


@pytest.mark.parametrize("code, words", [("12", "has 11 signs"), ("?" * 11, "the sign"),
                                         ("XXXXXX-XXXXX", "at least one sign is wrong")])
def test_a_mistyped_code_gets_a_sentence_and_the_game_goes_on(tool, code, words):
    tool.step()
    before, settings = weights(tool), tool.arena.settings
    tool.code.value = code
    assert words in tool.message.value
    assert tool.arena.settings == settings and torch.equal(weights(tool), before)
    tool.step()
    assert tool.arena.game.steps == 2


@pytest.mark.parametrize("wrong", [{"lr_D": 0}, {"width": 0}, {"points": "drawn"}])
def test_a_method_refuses_what_is_no_choice(tool, wrong):
    settings = tool.arena.settings
    with pytest.raises((TypeError, ValueError)):
        tool.change(**wrong)
    assert tool.arena.settings == settings


def test_own_points_are_played_with_and_have_no_code(tool):
    tool.draw([[0, 0], [1, 2], [3, 1]])
    tool.tick(0.01)
    assert tool.code.value == "" and "No lesson code" in tool.alt()
    assert undisturbed(tool) and tool.controls["points"].value == "drawn"
    tool.controls["points"].value = "ring"
    assert tool.arena.settings.points == "ring" and tool.code.value != ""


def test_who_has_drawn_nothing_is_told_so_and_the_list_goes_back(tool):
    tool.step()
    tool.controls["points"].value = "drawn"
    assert "draw at least two points" in tool.message.value
    assert tool.controls["points"].value == tool.arena.settings.points == "ring"
    assert tool.arena.game.steps == 1


# --- what the page is told ----------------------------------------------------------------------

@pytest.fixture
def page(tool, monkeypatch):
    """Return what the kernel sends to the page: (words, arrays)."""
    sent = []
    monkeypatch.setattr(tool.view, "send", lambda content, buffers: sent.append(
        (content, [np.frombuffer(buffer, np.float32) for buffer in buffers])))
    return sent


def test_the_page_gets_one_picture_for_each_that_it_asks_for(tool, page):
    tool.show()
    tool.tick(0.01)
    assert page == []  # there is no page yet
    tool.view._handle_custom_msg({"wants": "picture"}, [])
    assert len(page) == 1
    tool.tick(0.01)
    assert len(page) == 1  # the page has not seen the first one yet
    tool.view._handle_custom_msg({"wants": "seen"}, [])
    for _ in range(3):
        tool.tick(0.01)
    assert len(page) == 2


def test_what_is_sent_is_how_the_game_stands(tool, page):
    tool.tick(0.05)
    tool.view._handle_custom_msg({"wants": "picture"}, [])
    content, (real, fake, field, warp, pushes, loss_D, loss_G) = page[-1]
    played = tool.arena
    assert np.array_equal(real, played.real().numpy().ravel())
    assert np.allclose(fake, played.fakes().numpy().ravel())
    assert np.allclose(field, played.field().numpy().ravel())
    assert np.allclose(warp, played.warp().numpy().ravel())
    assert np.allclose(pushes, played.pushes().numpy().ravel())
    assert len(loss_D) == len(loss_G) == min(played.game.steps, 300)
    assert content == {"lines": tool.lines(), "alt": tool.alt()}


@pytest.mark.parametrize("name, place", [("D's field", 2), ("G's grid", 3), ("Pushes", 4)])
def test_what_is_switched_off_is_not_sent(tool, page, name, place):
    tool.shown[name].value = False
    tool.view._handle_custom_msg({"wants": "picture"}, [])
    assert [len(part) > 0 for part in page[-1][1][:5]] == [i != place for i in range(5)]


def test_the_tool_s_mathematics_is_the_game_s():
    tool = ArenaTool()
    reached = training.Game(*(getattr(ArenaTool().arena.game, name) for name in "DG"),
                            tool.arena.game.samples, batch_size=arena.BATCH, decay=0)
    for _ in range(3):
        tool.step()
        reached.step()
    assert torch.equal(weights(tool), torch.cat(
        [training.weights(network) for network in (reached.D, reached.G)]))
