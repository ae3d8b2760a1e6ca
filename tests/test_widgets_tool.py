import re
import threading

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from gan_lib import figures
from gan_lib.widgets import tool


class Brightness(tool.Tool):
    """A square as bright as its slider says."""

    def __init__(self):
        self.bright = tool.slider("bright", 0, 255, 10, step=1)
        super().__init__([self.bright])
        self.drawn = []
        self.watch(self.bright)

    def picture(self):
        self.drawn.append(self.bright.value)
        if self.bright.value == 13:
            raise ValueError("13 <brings> bad luck")
        return np.full((4, 4, 3), int(self.bright.value), np.uint8)

    def alt(self):
        return f"A square of brightness {self.bright.value:.0f}."


@pytest.fixture
def square():
    return Brightness()


def test_the_picture_answers_to_its_control(square):
    square.bright.value = 200
    assert square.array().shape == (4, 4, 3) and (square.array() == 200).all()
    square.bright.value = 7
    assert (square.array() == 7).all() and square.drawn == [200, 7]


def test_the_controls_the_picture_and_the_message_lie_in_one_box(square):
    assert list(square.box.children)[:3] == [square.bright, square.message, square.image]


def test_an_error_is_shown_under_the_picture_and_the_next_picture_clears_it(square):
    square.bright.value = 50
    square.bright.value = 13
    assert "ValueError: 13 &lt;brings&gt; bad luck" in square.message.value
    assert (square.array() == 50).all()                 # the last good one stays
    square.bright.value = 60
    assert square.message.value == "" and (square.array() == 60).all()


def test_a_tool_without_a_picture_says_so():
    empty = tool.Tool([])
    empty.refresh()
    assert "NotImplementedError" in empty.message.value


def test_a_picture_is_drawn_on_one_thread(square, monkeypatch):
    threads = []
    monkeypatch.setattr(square, "picture", lambda: threads.append(torch.get_num_threads())
                        or np.zeros((2, 2, 3), np.uint8))
    before = torch.get_num_threads()
    square.refresh()
    assert threads == [1] and torch.get_num_threads() == before


def test_wishes_that_come_during_a_drawing_are_merged_into_one(square):
    picture = square.picture
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        found = picture()
        begun.set()
        assert go_on.wait(20)
        return found

    square.picture = slow
    drawing = threading.Thread(target=setattr, args=(square.bright, "value", 20))
    drawing.start()
    assert begun.wait(20)
    for value in (30, 40, 50):                          # return at once: the drawing goes on
        square.bright.value = value
    go_on.set()
    drawing.join(20)
    assert square.drawn == [20, 50] and (square.array() == 50).all()


def test_two_threads_that_refresh_lose_no_final_state(square):
    square.bright.unobserve_all()
    state, wrong = [0], []
    square.picture = lambda: np.full((1, 1, 3), state[0] % 256, np.uint8)
    for round_ in range(200):
        state[0] = round_
        threads = [threading.Thread(target=square.refresh) for _ in range(2)]

        def change(number=round_):
            state[0] = number + 1
            square.refresh()
        threads.append(threading.Thread(target=change))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive()
        if square.array()[0, 0, 0] != (round_ + 1) % 256:
            wrong.append(round_)
    assert not wrong


@pytest.fixture
def shell():
    """A notebook's shell, in which outputs are displayed and not printed."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_show_gives_the_widget_and_a_still_picture_with_alt_text(square, shell):
    with capture_output() as captured:
        square.show()
    live, still = captured.outputs
    assert set(live.data) == {tool.WIDGET}
    assert live.data[tool.WIDGET]["model_id"] == square.box.model_id
    assert set(still.data) == {"image/png", "text/html", "text/plain"}
    assert still.data["text/plain"] == "A square of brightness 10."
    assert still.metadata["image/png"]["alt"] == "A square of brightness 10."
    assert (square.array() == 10).all()


def test_the_living_tool_hides_its_own_still_picture_and_no_other(square, shell):
    with capture_output() as captured:
        square.show()
    still = captured.outputs[1].data["text/html"]
    hides, = (re.findall(r"\.(\S+) { display: none }", child.value)
              for child in square.box.children if "<style>" in str(child.value))
    assert hides == [square.still] and f"gan-still {square.still}" in still
    assert Brightness().still != square.still


@pytest.mark.parametrize("last_line", ["square", "square.show()"])
def test_a_tool_on_the_last_line_of_a_cell_is_shown_once(square, shell, last_line):
    shell.user_ns["square"] = square
    with capture_output() as captured:
        shell.run_cell(last_line).raise_error()
    assert [set(output.data) for output in captured.outputs] \
        == [{tool.WIDGET}, {"image/png", "text/html", "text/plain"}]


def test_a_figure_may_be_the_picture(square, monkeypatch):
    figure, axes = figures.new(width=2, height=1)
    axes.plot([0, 1])
    monkeypatch.setattr(square, "picture", lambda: figure)
    square.refresh()
    assert square.message.value == "" and square.array().shape == (96, 192, 3)


def test_a_slider_has_its_limits_and_answers_while_it_is_dragged():
    control = tool.slider("t", -1, 2, 0.5)
    assert (control.min, control.max, control.value, control.description) == (-1, 2, 0.5, "t")
    assert control.continuous_update


def test_a_button_calls_its_action(square):
    pressed = []
    square.button("Go", lambda: pressed.append(1)).click()
    assert pressed == [1] and square.message.value == ""


def test_an_error_in_a_button_is_shown_and_not_raised(square):
    square.button("Go", lambda: [][1]).click()
    assert "IndexError" in square.message.value
