"""The arena as a tool, without a browser: every control, and what the page is told."""

import html
import time

import numpy as np
import pytest
import torch

from gan_lib import arena, training
from gan_lib.arena import Settings
from gan_lib.training import LossNotFinite
from gan_lib.widgets.arena import NAMES, ArenaTool
from gan_lib.widgets.arena_view import PARTS, arrows
from gan_lib.widgets.playing import PAUSE, PLAY
from widget_tools import buttons, undisturbed


@pytest.fixture
def tool():
    return ArenaTool(Settings(width=8, layers=1, z_dim=2))


def weights(tool) -> torch.Tensor:
    return torch.cat(tool.weights())


# --- playing ------------------------------------------------------------------------------------

def until(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def playing(tool):
    buttons(tool)[PLAY].click()
    yield tool
    tool.pause()


def test_it_plays_by_itself_until_pause(playing):
    until(lambda: playing.game.steps > 20)
    assert playing.plays and playing.play.description == PAUSE
    playing.play.click()
    turn = playing.game.steps
    assert not playing.plays and playing.play.description == PLAY
    assert playing.moved_D > 0 and playing.moved_G > 0 and undisturbed(playing)
    time.sleep(0.2)
    assert playing.game.steps == turn


def test_settings_change_while_it_plays_and_it_plays_on(playing):
    until(lambda: playing.game.steps > 4)
    playing.controls["lr_G"].value = 1e-4
    playing.controls["points"].value = "spiral"
    assert playing.game.optimizer_G.param_groups[0]["lr"] == 1e-4
    before = playing.game.steps
    assert playing.plays and playing.game.samples.name == "spiral"
    until(lambda: playing.game.steps > before)


def test_played_in_a_thread_it_is_the_same_game(tool):
    tool.start()
    until(lambda: tool.game.steps > 30)
    tool.pause()
    other = ArenaTool(tool.arena.settings)
    other.arena.step(tool.game.steps)
    assert torch.equal(weights(tool), weights(other))


@pytest.mark.parametrize("name", ["Step both", "Step D", "Slow G", "Reset", "New seed"])
def test_each_button_works_while_it_plays(playing, name):
    until(lambda: playing.game.steps > 4)
    buttons(playing)[name].click()
    assert playing.plays == (name in ("Reset", "New seed"))
    if not playing.plays:
        turn = playing.game.steps
        time.sleep(0.1)
        assert playing.game.steps == turn


def test_a_refusal_stays_to_be_read_while_it_plays(playing):
    playing.code.value = "12"
    turn = playing.game.steps
    until(lambda: playing.game.steps > turn + 40)
    assert "A lesson code has 11 signs" in playing.message.value and playing.plays


def test_nobody_looks_and_the_play_ends(playing, monkeypatch):
    monkeypatch.setattr("gan_lib.widgets.playing.SILENCE", 0.3)
    until(lambda: not playing.plays and playing.message.value)
    assert "nobody has looked" in playing.message.value and playing.play.description == PLAY


def test_the_page_goes_away_and_the_play_ends(playing):
    playing.listener._handle_custom_msg({"wants": "nothing"}, [])
    assert not playing.plays


def test_an_error_in_the_thread_is_shown(tool, monkeypatch):
    def breaks(turns):
        raise RuntimeError("no memory is left")
    monkeypatch.setattr(tool.arena, "step", breaks)
    tool.start()
    until(lambda: not tool.plays and tool.message.value)
    assert "RuntimeError: no memory is left" in tool.message.value


@pytest.mark.parametrize("name, moves", [
    ("Step D", (True, False)), ("Step G", (False, True)), ("Step both", (True, True))])
def test_each_step_moves_its_network_and_leaves_the_frozen_one(tool, name, moves):
    buttons(tool)[name].click()
    assert (tool.moved_D > 0, tool.moved_G > 0) == moves
    assert f"|ΔG| = {tool.moved_G:.3f}" in tool.alt()


@pytest.mark.parametrize(("name", "still", "moves"), [("Step D", "G", "D"), ("Step G", "D", "G")])
def test_the_shown_length_is_that_of_the_weights_way(tool, name, still, moves):
    before = {player: [weight.clone() for weight in getattr(tool.game, player).parameters()]
              for player in "DG"}
    buttons(tool)[name].click()
    assert all(map(torch.equal, before[still], getattr(tool.game, still).parameters()))
    way = sum((now - then).square().sum() for now, then in zip(
        getattr(tool.game, moves).parameters(), before[moves])).sqrt().item()
    assert getattr(tool, f"moved_{moves}") == pytest.approx(way, rel=1e-4) and way > 0
    assert getattr(tool, f"moved_{still}") == 0.0


@pytest.mark.parametrize("name", ["Step D", "Step G", "Step both"])
def test_an_error_in_a_half_step_is_shown(tool, name, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the weights are <gone>")

    monkeypatch.setattr(training, "discriminator_step", broken)
    monkeypatch.setattr(training, "generator_step", broken)
    buttons(tool)[name].click()
    assert "RuntimeError: the weights are &lt;gone&gt;" in tool.message.value


def test_reset_brings_the_first_picture_back_and_leaves_torch_s_random_numbers_alone(tool):
    tool.show()
    picture = tool.array()
    tool.tick(0.05)
    assert (tool.array() != picture).any()
    torch.manual_seed(5)
    tool.reset()
    assert torch.rand(1) == torch.rand(1, generator=torch.Generator().manual_seed(5))
    assert (tool.array() == picture).all()


def test_parts_of_a_half_step_are_said_one_after_the_other(tool):
    said = []
    for _ in range(7):
        buttons(tool)["Slow G"].click()
        said.append(tool.message.value.partition(":")[0])
    assert said == ["draw z", "G", "D", "loss", "gradient", "update", "draw z"]
    buttons(tool)["Slow D"].click()
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
    tool.playing.keep()
    good, turn = weights(tool), tool.arena.game.steps

    def breaks(turns):
        with torch.no_grad():
            for weight in tool.arena.game.D.parameters():
                weight.fill_(torch.nan)
        raise LossNotFinite("At step 7, loss_D became nan.")
    monkeypatch.setattr(tool.arena, "step", breaks)
    tool.start()
    until(lambda: not tool.plays and tool.message.value)
    assert torch.equal(weights(tool), good)
    assert f"loss_D became nan. The game went back to turn {turn}." in tool.message.value
    monkeypatch.undo()
    tool.step()
    assert tool.game.steps == turn + 1 and torch.isfinite(weights(tool)).all()


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
    assert words in html.unescape(tool.message.value)
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


def test_a_stroke_of_the_page_becomes_real_points_and_the_next_adds_to_it(tool):
    stroke = [[x / 10, 0.5] for x in range(-10, 10)]
    tool.listener._handle_custom_msg({"stroke": stroke}, [])
    first = tool.game.samples.scaled()
    assert tool.arena.settings.points == "drawn" and len(first) == 6 * 20
    assert (first[:, 1] - 0.5).abs().max() < 0.4 and first[:, 0].max() > 0.7
    tool.listener._handle_custom_msg({"stroke": [[0, -2]]}, [])
    assert torch.equal(tool.game.samples.scaled()[:120], first)
    assert len(tool.game.samples) == 126
    buttons(tool)["Clear"].click()
    tool.listener._handle_custom_msg({"stroke": [[1, 1]]}, [])
    assert len(tool.game.samples) == 6


@pytest.mark.parametrize("stroke, says", [
    ([], "A stroke"), ("line", "A stroke"), ([[1, 2], [3]], "A stroke"), (None, "A stroke"),
    ([[float("nan"), 0]], "NaN"), ([[0, 0]] * 900, "at most 5,000")])
def test_a_stroke_that_is_none_is_refused_with_a_sentence(tool, stroke, says):
    tool.step()
    tool.listener._handle_custom_msg({"stroke": stroke}, [])
    assert says in tool.message.value and tool.arena.settings.points == "ring"
    assert tool.game.steps == 1


def test_typed_points_are_played_with(tool):
    tool.typed.value = "0 0, (1 −0.5); 2 1"
    assert tool.game.samples.scaled().tolist() == [[0, 0], [1, -0.5], [2, 1]]
    assert tool.controls["points"].value == "drawn" and undisturbed(tool)


@pytest.mark.parametrize("words, says", [
    ("1 2 3, 0 0", "“1 2 3” is no point"), ("a b", "“a b” is no point"), ("0 0", "at least two"),
    ("0 0, 9 9", "outside the picture"), ("nan 0, 0 0", "is no point")])
def test_a_slip_in_typed_points_is_said_and_stays_to_be_mended(tool, words, says):
    tool.step()
    tool.typed.value = words
    assert says in tool.message.value and tool.typed.value == words
    assert tool.arena.settings.points == "ring" and tool.game.steps == 1


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
    monkeypatch.setattr(tool.listener, "send", lambda content, buffers: sent.append(
        (content, [np.frombuffer(buffer, np.float32) for buffer in buffers])))
    return sent


def test_the_page_gets_one_picture_for_each_that_it_asks_for(tool, page):
    tool.show()
    tool.tick(0.01)
    assert page == []  # there is no page yet
    tool.listener._handle_custom_msg({"wants": "picture"}, [])
    assert len(page) == 1
    tool.tick(0.01)
    assert len(page) == 1  # the page has not seen the first one yet
    tool.listener._handle_custom_msg({"wants": "seen"}, [])
    for _ in range(3):
        tool.tick(0.01)
    assert len(page) == 2


def test_what_is_sent_is_how_the_game_stands(tool, page):
    tool.tick(0.05)
    tool.listener._handle_custom_msg({"wants": "picture"}, [])
    content, (real, fake, field, warp, pushes, loss_D, loss_G) = page[-1]
    played = tool.arena
    assert np.array_equal(real, played.real().numpy().ravel())
    assert np.allclose(fake, played.fakes().numpy().ravel())
    assert np.allclose(field, played.field().numpy().ravel())
    assert np.allclose(warp, played.warp().numpy().ravel())
    assert np.allclose(pushes, arrows(played.pushes()).numpy().ravel())
    assert len(loss_D) == len(loss_G) == min(played.game.steps, 300)
    assert content == {"lines": tool.lines(), "alt": tool.alt(), "part": "", "parts": PARTS,
                       "player": "D", "frozen": "", "drawing": False}


def test_in_slow_motion_the_page_learns_which_network_is_frozen(tool, page):
    tool.listener._handle_custom_msg({"wants": "picture"}, [])
    for name, frozen in (("Slow D", "G"), ("Slow G", "D")):
        for part in PARTS:
            tool.listener._handle_custom_msg({"wants": "seen"}, [])
            buttons(tool)[name].click()
            said = page[-1][0]
            assert (said["part"], said["frozen"]) == (part, frozen)
            assert f"{part}, {frozen} is frozen" in said["alt"]
    tool.step()
    tool.listener._handle_custom_msg({"wants": "seen"}, [])
    assert page[-1][0]["part"] == page[-1][0]["frozen"] == ""


def test_arrows_point_where_the_push_points_and_are_never_long():
    pushes = torch.tensor([[3.0, 4.0], [0.03, -0.04], [0.0, 0.0]])
    seen = arrows(pushes)
    assert torch.allclose(seen[0] / seen[0].norm(), torch.tensor([0.6, 0.8]))
    assert torch.allclose(seen[1], 0.35 * pushes[1], rtol=1e-2)
    assert seen[0].norm() <= 0.35 and (seen[2] == 0).all()


@pytest.mark.parametrize("name, place", [("D's field", 2), ("G's grid", 3), ("Pushes", 4)])
def test_what_is_switched_off_is_not_sent(tool, page, name, place):
    tool.shown[name].value = False
    tool.listener._handle_custom_msg({"wants": "picture"}, [])
    assert [len(part) > 0 for part in page[-1][1][:5]] == [i != place for i in range(5)]


def test_the_tool_s_mathematics_is_the_game_s():
    tool = ArenaTool(Settings(noise="normal"))
    reached = training.Game(*(getattr(ArenaTool().game, name) for name in "DG"),
                            tool.game.samples, batch_size=arena.BATCH, decay=0,
                            r1_every=arena.R1_EVERY)
    for _ in range(3):
        tool.step()
        reached.step()
    assert torch.equal(weights(tool), torch.cat(
        [training.weights(network) for network in (reached.D, reached.G)]))
