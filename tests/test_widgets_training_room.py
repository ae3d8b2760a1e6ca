"""The training room and the time machine, without a browser: every control, both sides."""

import html
import io
import re
import time

import numpy as np
import pytest
import torch
from PIL import Image

from gan_lib import recording_files, room, training
from gan_lib.recording import RecordedRoom
from gan_lib.room import Settings
from gan_lib.training import LossNotFinite
from gan_lib.widgets import film_view
from gan_lib.widgets.playing import PAUSE, PLAY
from gan_lib.widgets.time_machine import BRANCH, STOP, TimeMachine
from gan_lib.widgets.training_room import NAMES, TrainingRoom
from widget_tools import buttons, undisturbed

SMALL = Settings(width=4, z_dim=8)


def weights(game) -> torch.Tensor:
    return torch.cat([training.weights(game.D), training.weights(game.G)])


def until(condition, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def tool(tmp_path):
    made = TrainingRoom(SMALL, folder=tmp_path / "films")
    yield made
    made.pause()


# --- the training room --------------------------------------------------------------------------

def test_it_plays_by_itself_hears_a_setting_and_pauses(tool):
    buttons(tool)[PLAY].click()
    until(lambda: tool.game.steps > 5)
    assert tool.play.description == PAUSE
    tool.controls["lr_G"].value = 1e-4
    assert tool.game.optimizer_G.param_groups[0]["lr"] == 1e-4
    before = tool.game.steps
    until(lambda: tool.game.steps > before)
    tool.play.click()
    turn = tool.game.steps
    assert tool.play.description == PLAY and undisturbed(tool)
    time.sleep(0.2)
    assert tool.game.steps == turn
    film = tool.recording()
    assert film.turns == turn and film.events[0][1:] == ("change", {"lr_G": 1e-4})
    assert torch.equal(weights(film.room(turn).game), weights(tool.game))


def test_the_page_goes_away_or_says_nothing_and_the_play_ends(tool, monkeypatch):
    tool.start()
    tool.listener._handle_custom_msg({"wants": "seen"}, [])
    assert tool.plays
    tool.listener._handle_custom_msg({"wants": "nothing"}, [])
    assert not tool.plays
    monkeypatch.setattr("gan_lib.widgets.playing.SILENCE", 0.1)
    tool.start()
    tool.playing.thread.join()
    assert "nobody has looked" in tool.message.value


@pytest.mark.parametrize("button, D, G", [("Step D", True, False), ("Step G", False, True),
                                          ("Step both", True, True)])
def test_half_steps_move_one_network_and_are_recorded(tool, button, D, G):
    buttons(tool)[button].click()
    assert (tool.moved_D > 0, tool.moved_G > 0) == (D, G)
    assert len(tool.room.events) == (not (D and G))


def test_slow_motion_says_six_parts_and_greys_the_frozen_network(tool):
    said = []
    for _ in range(6):
        buttons(tool)["Slow G"].click()
        said.append(html.unescape(tool.message.value))
    assert [words.partition(":")[0] for words in said] == ["draw z", "G", "D", "loss", "gradient",
                                                           "update"]
    assert said[-1].endswith("|ΔD| = 0") and "D is frozen" in tool.alt()
    assert tool.view.curves["D"].get_color() != tool.view.curves["G"].get_color()


def test_each_list_changes_its_setting(tool):
    for name in NAMES:
        if name == "samples":
            continue
        control = tool.controls[name]
        control.value = next(v for v in control.options if v != control.value)
        assert getattr(tool.room.settings, name) == control.value
    code = tool.code.value
    tool.reset()
    other = TrainingRoom(Settings.from_code(code))
    for one in (tool, other):
        one.step()
    assert torch.equal(weights(tool.game), weights(other.game))


@pytest.mark.parametrize("code, words", [("12", "signs, but"), ("XXXXX-XXXXX", "is wrong")])
def test_a_mistyped_code_gets_a_sentence(tool, code, words):
    tool.code.value = code
    assert words in html.unescape(tool.message.value) and tool.room.settings == SMALL


@pytest.mark.parametrize("name, file", [("my run", "my run"), ("../out", None), ("a" * 60, None)])
def test_a_recording_is_saved_under_a_plain_name_only(tool, tmp_path, name, file):
    tool.step()
    tool.file.value = name
    found = [path.name for path in tmp_path.rglob("*.safetensors")]
    if file is None:
        assert not found and "letters, digits" in tool.message.value
    else:
        assert found == [f"{file}{recording_files.SUFFIX}"] and "Saved" in tool.message.value
        assert "<h1>my run" in (tmp_path / "films" / "my run.html").read_text("utf-8")
        assert recording_files.folder(tmp_path / "films")[0][name].turns == 1


def test_a_loss_that_is_not_finite_ends_the_play_with_a_way_back(tool):
    tool.step()
    tool.playing.keep()
    good = weights(tool.game)

    def breaks(turns=1):
        next(tool.game.D.parameters()).data.fill_(float("nan"))
        raise LossNotFinite("It broke.")
    tool.room.step = breaks
    tool.start()
    tool.playing.thread.join()
    assert "It broke." in tool.message.value and "went back to turn 1" in tool.message.value
    assert torch.equal(weights(tool.game), good)


def test_the_picture_shows_a_collapse(tool, monkeypatch):
    before = tool.array()
    monkeypatch.setattr(tool.game, "fakes", lambda z=None: torch.zeros(
        16 if z is None else len(z), 1, 16, 16))
    tool.refresh()
    assert "fakes cover 1 of 10 classes" in tool.alt() and "0.00 apart" in tool.alt()
    assert not np.array_equal(before, tool.array())


# --- the time machine ---------------------------------------------------------------------------

@pytest.fixture(scope="module")
def film():
    played = RecordedRoom(SMALL)
    played.step(30)
    return played.recording()


@pytest.fixture
def machine(film):
    made = TimeMachine(film)
    yield made
    made.pause()


def test_it_opens_at_the_end_and_goes_back_to_any_moment(machine, film):
    assert machine.turn.value == machine.turn.max == 30
    end = machine.array()
    machine.turn.value = 10
    assert "turn 10 of 30" in machine.alt() and not np.array_equal(end, machine.array())
    fakes = film_view.widened(film_view.fakes(film.pictures(10)[1]))
    top = film_view.LINE * film_view.LINES + 4
    assert np.array_equal(machine.array()[top:top + len(fakes)], fakes)


def test_the_film_plays_forwards_and_backwards(machine):
    for value, turn in ((1, 10), (3, 30), (0, 0)):
        machine.film.value = value
        assert machine.turn.value == turn
    machine.backwards.value = True
    machine.film.value = 1
    assert machine.turn.value == 20


def test_a_branch_stands_beside_the_recording_on_one_slider(machine, film):
    machine.turn.value = 20
    machine.setting.value, machine.value.value = "lr_G", 5e-3
    machine.length.value = 100
    branch = machine.branch_to_the_end()
    assert branch.turns == 120 and branch.events == ((20, "change", {"lr_G": 5e-3}),)
    assert film.parted(branch.history) == 22  # G's loss is taken before its step
    assert undisturbed(machine)
    by_hand = film.branch(20, lr_G=5e-3)
    by_hand.step(100)
    assert branch.history.loss_G == by_hand.game.history.loss_G
    assert machine.turn.value == 20 and machine.turn.max == 120
    machine.turn.value = 120
    assert "turn 30 of 30" in machine.alt() and "turn 120 of 120" in machine.alt()
    assert machine.array().shape[1] == 2 * film_view.WIDTH
    machine.turn.value = 10
    left, right = np.hsplit(machine.array()[film_view.LINE * film_view.LINES + 4:], 2)
    assert np.array_equal(left[:140], right[:140])  # up to the branch, both are the same


def test_the_button_plays_the_branch_in_a_thread_and_stops_it(machine):
    machine.length.value = 1000
    machine.play.click()
    assert machine.play.description == STOP
    until(lambda: machine.room.game.steps > 32)
    machine.play.click()
    assert machine.play.description == BRANCH and not machine.plays
    assert 32 < machine.branch.turns < 1030
    machine.length.value = 100
    machine.play.click()
    machine.playing.thread.join()
    assert machine.branch.turns == 130


def test_another_recording_closes_the_branch(film):
    other = RecordedRoom(SMALL)
    other.step(11)
    machine = TimeMachine({"a": film, "b": other.recording()})
    machine.length.value = 100
    machine.branch_to_the_end()
    machine.which.value = "b"
    assert machine.branch is None and machine.turn.value == 11


def test_the_values_offered_are_those_of_the_setting_and_another_one_than_now(machine):
    for _, name in machine.setting.options:
        machine.setting.value = name
        assert tuple(machine.value.options) == room.CHOICES[name]
        assert machine.value.value != getattr(SMALL, name)


def test_what_is_no_recording_is_refused():
    with pytest.raises(TypeError, match="a recording"):
        TimeMachine(3)


def test_without_a_kernel_the_film_plays_once_and_ends_with_the_last_fakes(machine, film):
    png, pixels = machine.still_png()
    moving = Image.open(io.BytesIO(png))
    assert pixels == 1 and moving.default_image and moving.info["loop"] == 1
    frames, lasts = [], 0
    for frame in range(1, moving.n_frames):
        moving.seek(frame)
        lasts += moving.info["duration"]
        frames.append(np.asarray(moving.convert("RGB")).astype(int))
    assert 3000 < lasts <= 5000  # milliseconds: longer than five seconds would need a button
    for frame, turn in ((0, 0), (-1, 30)):
        fakes = film_view.widened(film_view.fakes(film.pictures(turn)[1])).astype(int)
        assert np.abs(frames[frame][-len(fakes):] - fakes).mean() < 4  # 64 colours
    assert re.search(r"from turn 0 to turn 30", machine.still_alt())


def test_if_the_processor_rounds_otherwise_it_says_so(machine, film):
    strange = film.history.loss_G[2]
    film.history.loss_G[2] = strange + 1e-3
    kept = dict(film.states)
    film.states.clear()
    try:
        machine.length.value = 100
        machine.branch_to_the_end()
        assert "another game from turn 3 on" in machine.message.value
    finally:
        film.history.loss_G[2] = strange
        film.states.update(kept)
