"""The drawing pad and the clock of a talk, driven without a browser."""

import io

import numpy as np
import pytest
from PIL import Image

from gan_lib import data, drawings, project
from gan_lib.widgets import drawing_pad, page_part
from gan_lib.widgets.drawing_pad import DrawingPad
from gan_lib.widgets.talk_timer import TalkTimer
from widget_tools import buttons, every_widget, undisturbed

CROSS = [[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]]


@pytest.fixture
def pad(tmp_path):
    tool = DrawingPad(tmp_path / "mine")
    tool.show()
    return tool


def drawn(pad):
    """Return the large picture's pixels as the networks see them: (16, 16), uint8."""
    return pad.array()[32 + 4:32 + 4 + 256:16, 4:4 + 256:16, 0]


def from_page(pad, content):
    pad.paper._handle_custom_msg(content, [])


def png(colour, size=(40, 30)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, format="PNG")
    return file.getvalue()


# --- drawing ------------------------------------------------------------------------------------

def test_a_stroke_is_seen_as_the_networks_will_see_it(pad):
    assert (drawn(pad) == 255).all()
    for points in CROSS:
        pad.stroke(points)
    expected = data.pictures([drawings.picture(CROSS)], 16, device="cpu").images[0, 0].numpy()
    assert np.array_equal(drawn(pad), expected) and expected.min() < 100
    assert pad.paper.ink["strokes"] == [[list(point) for point in points] for points in CROSS]
    assert "A drawing of 2 strokes" in pad.alt() and undisturbed(pad)


def test_undo_takes_one_stroke_back_and_clear_all(pad):
    shown = []
    for points in CROSS:
        shown.append(pad.array())
        pad.stroke(points)
    buttons(pad)["Undo"].click()
    assert np.array_equal(pad.array(), shown[1]) and len(pad.paper.ink["strokes"]) == 1
    pad.stroke(CROSS[1])
    buttons(pad)["Clear"].click()
    assert np.array_equal(pad.array(), shown[0]) and pad.strokes == []
    buttons(pad)["Undo"].click()  # nothing to take back is no error
    assert undisturbed(pad)


def test_keep_writes_a_small_png_counts_it_and_takes_a_new_sheet(pad, tmp_path):
    assert not (tmp_path / "mine").exists() and "0 drawings are kept" in pad.message.value
    pad.stroke(CROSS[0])
    expected = drawings.picture(pad.strokes)
    path = pad.keep()
    with Image.open(path) as kept:
        assert np.array_equal(np.asarray(kept), expected)
    assert path.parent == tmp_path / "mine" and pad.strokes == []
    assert "1 drawing is kept" in pad.message.value
    pad.stroke(CROSS[1])
    buttons(pad)["Keep"].click()
    assert drawings.count(tmp_path / "mine") == 2 and "2 drawings are kept" in pad.message.value
    assert list(tmp_path.glob("mine/.*")) == []


def test_the_last_ones_are_seen_below_in_blue(pad):
    for i in range(6):
        pad.stroke([(0.1, 0.1 + 0.1 * i), (0.9, 0.9)])
        pad.keep()
    blue = (pad.array() == (0, 0x72, 0xB2)).all(2)
    assert blue[:290].sum() == 0 and blue[300:].any()
    assert len(pad.kept) == 4 and "6 drawings are kept" in pad.alt()


def test_an_empty_paper_is_not_kept(pad, tmp_path):
    buttons(pad)["Keep"].click()
    assert "The paper is empty" in pad.message.value and not (tmp_path / "mine").exists()
    with pytest.raises(ValueError, match="The paper is empty"):
        pad.keep()


def test_where_nothing_can_be_written_the_drawing_stays_and_a_sentence_comes(tmp_path):
    (tmp_path / "taken").write_text("a file")
    pad = DrawingPad(tmp_path / "taken")
    pad.stroke(CROSS[0])
    buttons(pad)["Keep"].click()
    assert pad.message.value and len(pad.strokes) == 1


# --- what comes from the page -------------------------------------------------------------------

def test_the_page_sends_strokes(pad):
    from_page(pad, {"stroke": [[0.1, 0.2], [0.5, 0.6]], "number": 1})
    assert pad.strokes == [[(0.1, 0.2), (0.5, 0.6)]]
    assert pad.paper.ink["heard"] == 1 and pad.paper.ink["strokes"] == [[[0.1, 0.2], [0.5, 0.6]]]


@pytest.mark.parametrize("content", [
    {}, [], "stroke", {"stroke": [[0, 0]]}, {"stroke": None, "number": 1},
    {"stroke": [[0, 2]], "number": 1}, {"stroke": [[0, "1"]], "number": 1},
    {"stroke": [[0, float("nan")]], "number": 1}, {"stroke": [[0, 0]] * 5000, "number": 1},
    {"stroke": {"length": 1}, "number": 1}, {"stroke": [[0, 0]], "number": "1"}])
def test_what_is_no_stroke_is_refused_and_changes_nothing(pad, content):
    before = pad.array()
    from_page(pad, content)
    assert pad.strokes == [] and pad.message.value and np.array_equal(pad.array(), before)
    from_page(pad, {"stroke": [[0.5, 0.5]], "number": 2})  # it goes on
    assert len(pad.strokes) == 1 and undisturbed(pad)


def test_the_page_hears_that_a_stroke_was_refused_and_shows_it_no_longer(pad):
    from_page(pad, {"stroke": [[0, 2]], "number": 4})
    assert pad.paper.ink["heard"] == 4 and pad.paper.ink["strokes"] == []


def test_the_page_cannot_write_a_drawing_past_the_kernel(pad):
    pad.paper.set_state({"ink": {"strokes": [[[0, 0]]] * 10**4, "heard": 0, "pen": 9}})
    assert pad.strokes == [] and (drawn(pad) == 255).all()
    pad.stroke(CROSS[0])
    assert len(pad.paper.ink["strokes"]) == 1


def test_a_drawing_has_an_end(pad):
    for _ in range(drawings.MOST_STROKES):
        pad.strokes.append(CROSS[0])
    from_page(pad, {"stroke": [[0.5, 0.5]], "number": 1})
    assert len(pad.strokes) == drawings.MOST_STROKES and "at most 200" in pad.message.value


# --- files, for those who do not draw -----------------------------------------------------------

@pytest.mark.parametrize("version", [7, 8])
def test_files_are_taken_in_and_what_is_none_is_named(pad, tmp_path, version, monkeypatch):
    content = {"a.png": png("red"), "b.txt": b"hello", "c.png": png("white")}
    value = ({name: {"content": part} for name, part in content.items()} if version == 7 else
             tuple({"name": name, "content": memoryview(part)} for name, part in content.items()))
    monkeypatch.setattr(pad, "upload", type("Upload", (), {"value": value}))
    pad.act(pad.add_files)
    assert drawings.count(tmp_path / "mine") == 2
    assert "Left out: b.txt: It is not a picture" in pad.message.value


def test_without_anywidget_a_sentence_stands_in_the_paper_s_place(tmp_path, monkeypatch):
    monkeypatch.setattr(page_part, "anywidget", None)
    tool = DrawingPad(tmp_path / "mine")
    tool.show()
    words = [getattr(widget, "value", "") for widget in every_widget(tool.box)]
    assert drawing_pad.NO_PAPER in words
    tool.stroke(CROSS[0])  # by its methods, and with files, it is as before
    tool.keep()
    assert drawings.count(tmp_path / "mine") == 1 and undisturbed(tool)


def test_choosing_files_takes_them_in_at_once(pad, tmp_path):
    one = {"name": "a.png", "type": "image/png", "size": 1, "content": png("red"),
           "last_modified": __import__("datetime").datetime(2026, 1, 1)}
    if isinstance(pad.upload.value, dict):  # ipywidgets 7
        pytest.skip("its value cannot be set without a browser")
    pad.upload.value = (one,)
    assert drawings.count(tmp_path / "mine") == 1 and "1 drawing is kept" in pad.message.value


def test_too_many_files_at_a_time_are_left_out(pad, tmp_path, monkeypatch):
    monkeypatch.setattr(drawing_pad, "MOST_FILES", 2)
    value = tuple({"name": f"{i}.png", "content": png("red")} for i in range(5))
    monkeypatch.setattr(pad, "upload", type("Upload", (), {"value": value}))
    pad.act(pad.add_files)
    assert drawings.count(tmp_path / "mine") == 2 and "3 files more than 2" in pad.message.value


# --- the clock ----------------------------------------------------------------------------------

def test_the_clock_says_which_heading_is_due_and_when_time_is_over():
    timer = TalkTimer(least=7, most=10)  # a minute for each heading
    timer.show()
    for number, name in enumerate(project.HEADINGS):
        for second in (60 * number, 60 * number + 59):
            timer.seconds.value = second
            assert f"{number}:{second % 60:02d}. Now: {name}." == timer.message.value
    timer.seconds.value = 7 * 60
    assert timer.message.value == "7:00. Come to an end: 3 minutes at most."
    timer.seconds.value = 599
    assert "1 minute at most" in timer.message.value
    timer.seconds.value = 600
    assert "Time is over" in timer.message.value and timer.message.value in timer.alt()


def test_the_bar_grows_with_the_time():
    timer = TalkTimer()
    timer.show()
    grey = []
    for second in (0, 150, 300, 600, 660):
        timer.seconds.value = second
        grey.append(int((timer.array()[80, :, 0] == 0xBB).sum()))
    assert grey[0] < 5 and grey[1] < grey[2] < grey[3] == grey[4] and grey[3] > 900
