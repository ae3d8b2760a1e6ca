"""The bar of a loop and the stop button: quiet ends, nothing half done, nothing left behind."""

import signal
import threading
import time
from types import SimpleNamespace

import pytest
import torch

from gan_lib import data, models, progress, training


def press():
    signal.raise_signal(signal.SIGINT)


@pytest.fixture(autouse=True)
def handler_as_before():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def output(monkeypatch):
    """What the cell's one output shows, newest last, as if a notebook's kernel ran."""
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data)

    def display(data, raw, display_id):
        assert not shown, "one bar is one output"
        shown.append(data)
        return Handle()

    monkeypatch.setattr(progress, "display", display)
    monkeypatch.setattr(progress, "get_ipython", lambda: SimpleNamespace(kernel=None))
    return shown


# ---- the bar

def test_a_bar_counts_its_steps_from_zero(capsys):
    assert list(progress.bar(steps=4)) == [0, 1, 2, 3]
    said = capsys.readouterr()
    assert said.out == "" and said.err == ""  # in a file or a pipe a bar would be noise


def test_a_bar_ends_after_its_seconds_and_after_whichever_comes_first():
    start = time.perf_counter()
    assert len(list(progress.bar(seconds=0.05))) > 10
    assert time.perf_counter() - start >= 0.05
    assert len(list(progress.bar(steps=3, seconds=1000))) == 3
    assert list(progress.bar(steps=10**9, seconds=0)) == []


def test_a_bar_without_a_length_says_what_is_missing():
    with pytest.raises(ValueError, match="Say how long: steps=500 or seconds=40"):
        next(progress.bar())


def test_the_bar_shows_what_is_done_and_left_and_goes_at_the_end(output, monkeypatch):
    now = iter(range(10**6))
    monkeypatch.setattr(progress.time, "perf_counter", lambda: next(now) / 4)
    list(progress.bar(steps=60))
    told = [data["text/html"] for data in output]
    assert len(told) > 3 and "0 of 60 steps" in told[0]
    assert any("s left" in words for words in told[1:-1])
    assert told[-1] == ""
    assert all("text/plain" not in data for data in output)  # it would be printed in exports


def test_the_bar_of_seconds_shows_seconds(output):
    list(progress.bar(seconds=0.1))
    assert "0 of 0 s" in output[0]["text/html"] and output[-1] == {"text/html": ""}


@pytest.mark.parametrize("end", ["break", "error"])
def test_a_loop_that_is_left_early_takes_its_bar_away_and_gives_the_button_back(output, end):
    def loop():
        for step in progress.bar(steps=100):
            if step == 2 and end == "break":
                break
            if step == 2:
                raise ArithmeticError("in the body")
    if end == "break":
        loop()
    else:
        with pytest.raises(ArithmeticError, match="in the body"):
            loop()
    assert output[-1] == {"text/html": ""}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# ---- the stop button

def test_the_stop_button_ends_the_loop_after_the_current_step(capsys):
    begun, ended = [], []
    for step in progress.bar(steps=1000):
        begun.append(step)
        if step == 5:
            press()
        ended.append(step)
    assert begun == ended == [0, 1, 2, 3, 4, 5]
    assert capsys.readouterr().out == "Stopped after step 6. Everything is kept.\n"


def test_however_often_it_is_pressed_the_cell_goes_on(capsys):
    seen = []
    for step in progress.bar(steps=1000):
        seen.append(step)
        press()
        press()
    press()  # too late for the loop, but meant for it
    press()
    assert seen == [0] and capsys.readouterr().out.count("Stopped") == 1


def test_a_press_long_after_the_loop_interrupts_as_usual(monkeypatch):
    for _ in progress.bar(steps=10):
        press()
    monkeypatch.setattr(progress, "SAME_PRESS", -1)
    with pytest.raises(KeyboardInterrupt):
        press()
        time.sleep(1)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_many_stopped_loops_leave_one_handler_not_a_tower(monkeypatch):
    for _ in range(2000):
        for _ in progress.bar(steps=2):
            press()
    monkeypatch.setattr(progress, "SAME_PRESS", -1)
    with pytest.raises(KeyboardInterrupt):
        press()
        time.sleep(1)


def test_in_another_thread_a_bar_counts_too():
    seen = []
    thread = threading.Thread(target=lambda: seen.extend(progress.bar(steps=3)))
    thread.start()
    thread.join()
    assert seen == [0, 1, 2]


# ---- nothing half done

def test_what_is_held_is_finished_before_the_interrupt():
    done = []
    with pytest.raises(KeyboardInterrupt):
        with progress.held():
            press()
            done.append("all of it")
        done.append("never")
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_held_inside_of_held_waits_for_the_outer_end():
    done = []
    with pytest.raises(KeyboardInterrupt):
        with progress.held():
            with progress.held():
                press()
            done.append("between")
    assert done == ["between"]


def test_an_error_inside_comes_through():
    with pytest.raises(ArithmeticError):
        with progress.held():
            raise ArithmeticError
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_frozen_restores_when_it_is_interrupted_as_it_begins_and_as_it_ends(monkeypatch):
    G = models.ConvGenerator(8, width=8, batch_norm=True)
    usual = torch.nn.Module.requires_grad_

    def interrupted(self, wanted=True):
        usual(self, wanted)
        press()
        return self

    monkeypatch.setattr(torch.nn.Module, "requires_grad_", interrupted)
    before = {name: value.clone() for name, value in G.state_dict().items()}
    with pytest.raises(KeyboardInterrupt):
        with training.frozen(G), torch.no_grad():
            G(torch.randn(4, 8))
            press()
    assert all(parameter.requires_grad for parameter in G.parameters())
    assert torch.is_grad_enabled()
    assert all(torch.equal(value, before[name]) for name, value in G.state_dict().items())


def test_an_interrupt_in_a_game_waits_for_the_last_picture(capsys):
    game = training.Game(models.PointDiscriminator(), models.PointGenerator(),
                         data.load("ring", n=500), batch_size=16)
    drawn = []

    def watch(game):
        press()
        drawn.append(game.steps)
        press()

    history = game.play(steps=5, watch=watch, progress=False)
    press()
    assert drawn == [5] and len(history) == 5
    assert capsys.readouterr().out.startswith("Stopped after step 5.")


@pytest.mark.parametrize("length, error, says", [
    ({"steps": 7.5}, TypeError, "steps must be a whole number"),
    ({"steps": "7"}, TypeError, "steps must be a whole number"),
    ({"steps": 0}, ValueError, "steps must be at least 1"),
    ({"seconds": -1}, ValueError, "seconds must be a finite number"),
    ({"seconds": float("inf")}, ValueError, "seconds must be a finite number")])
def test_a_bar_of_another_length_is_refused(length, error, says):
    with pytest.raises(error, match=says):
        next(progress.bar(**length))
