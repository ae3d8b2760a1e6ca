"""Drawings: strokes, files, folders of a class, and what is none."""

import io

import numpy as np
import pytest
from PIL import Image

from gan_lib import data, drawings

LINE = [(0.1, 0.5), (0.9, 0.5)]


def ink(picture):
    return picture < 128


def png(size=(30, 20), colour="red", form="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, format=form)
    return file.getvalue()


def draw_many(folder, count):
    for i in range(count):
        drawings.keep(drawings.picture([[(0.2, 0.2), (0.8, 0.1 + 0.8 * i / count)]]), folder)


# --- strokes ------------------------------------------------------------------------------------

def test_a_stroke_is_black_on_white_where_the_pen_was():
    drawn = drawings.picture([LINE])
    assert drawn.shape == (64, 64) and drawn.dtype == np.uint8
    assert ink(drawn)[32, 8:56].all() and not ink(drawn)[:24].any() and not ink(drawn)[40:].any()
    assert (drawings.picture([]) == 255).all()
    dot = ink(drawings.picture([[(0.5, 0.25)]]))
    rows, columns = dot.nonzero()
    assert 16 <= dot.sum() <= 40 and abs(rows.mean() - 15.5) < 1 and abs(columns.mean() - 31.5) < 1


@pytest.mark.parametrize("points", [
    None, [], "ab", {}, [1], [(0.1,)], [(0.1, 0.2, 0.3)], [(0.1, 1.01)], [(-0.1, 0)],
    [(float("nan"), 0)], [(float("inf"), 0)], [("0.1", 0)], [(True, 0)], [(0, 0)] * 2001])
def test_what_is_no_stroke_is_refused(points):
    with pytest.raises((TypeError, ValueError), match=r"stroke|place in the drawing"):
        drawings.stroke(points)


# --- files --------------------------------------------------------------------------------------

def test_what_is_kept_comes_back_as_a_data_set(tmp_path):
    folder = tmp_path / "mine"
    draw_many(folder, 20)
    assert drawings.count(folder) == 20 and len({path.name for path in folder.iterdir()}) == 20
    assert all(path.stat().st_size < 1000 for path in folder.iterdir())
    found = drawings.load(folder, 16)
    assert (len(found), found.size, found.channels) == (20, 16, 1)
    assert found.images.float().mean() > 180 and found.images.min() < 60  # ink on paper


def test_a_class_puts_its_folders_into_one(tmp_path):
    for person in ("ada", "bo", "chen"):
        draw_many(tmp_path / "class" / person, 8)
    found = drawings.load(tmp_path / "class", 16)
    assert len(found) == 24 and found.class_names == ("ada", "bo", "chen")
    together = tmp_path / "one"  # or all files in one folder: no two have the same name
    together.mkdir()
    for path in (tmp_path / "class").rglob("*.png"):
        path.rename(together / path.name)
    assert len(drawings.load(together, 16)) == 24


def test_files_are_taken_in_as_small_squares(tmp_path):
    colour = drawings.take_in(png((300, 200)), tmp_path)
    grey = io.BytesIO()
    Image.new("L", (70, 90), 40).save(grey, format="JPEG")
    dark = drawings.take_in(grey.getvalue(), tmp_path)
    with Image.open(colour) as one, Image.open(dark) as other:
        assert (one.size, one.mode, other.size, other.mode) == ((64, 64), "RGB", (64, 64), "L")


@pytest.mark.parametrize("content", [b"", b"hello", png()[:60],
                                     b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_file_that_is_no_picture_gets_a_sentence(tmp_path, content):
    with pytest.raises(ValueError, match="not a picture that can be read"):
        drawings.take_in(content, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(drawings, "LARGEST_FILE", 50)
    with pytest.raises(ValueError, match="Make it smaller first"):
        drawings.take_in(png(), tmp_path)


def test_a_small_file_of_enormously_many_pixels_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    for size in ((30, 20), (300, 200)):  # Pillow warns of the first and refuses the second
        with pytest.raises(ValueError, match="too many pixels"):
            drawings.take_in(png(size), tmp_path)


def test_where_nothing_can_be_written_there_is_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError):
        drawings.keep(drawings.picture([LINE]), tmp_path / "taken")


# --- folders that do not do ---------------------------------------------------------------------

def no_folder(folder):
    folder.rmdir()


def one_drawing(folder):
    draw_many(folder, 1)


def texts(folder):
    for i in range(30):
        (folder / f"{i}.txt").write_text("no picture")


def broken(folder):
    for i in range(30):
        (folder / f"{i}.png").write_bytes(png()[:50])


def few_and_broken(folder):
    draw_many(folder, 19)
    broken(folder)


@pytest.mark.parametrize("fill, says", [
    (no_folder, "There is no folder .* yet"), (lambda folder: None, "it is empty"),
    (one_drawing, "holds 1 picture, and a GAN needs at least 20"),
    (texts, "no picture that can be read"), (broken, "no picture that can be read"),
    (few_and_broken, "holds 19 pictures")])
def test_a_folder_that_does_not_do_gets_a_sentence_and_another_set(tmp_path, fill, says, capsys):
    folder = tmp_path / "mine"
    folder.mkdir()
    fill(folder)
    with pytest.raises(ValueError, match=says):
        drawings.load(folder, 16)
    example = data.load("digits", n=30, device="cpu")
    capsys.readouterr()
    assert drawings.load(folder, 16, instead=example) is example
    assert "Until then, the notebook goes on" in capsys.readouterr().out


def test_one_broken_file_among_many_is_named_and_left_out(tmp_path, capsys):
    draw_many(tmp_path, 20)
    (tmp_path / "torn.png").write_bytes(png()[:50])
    assert len(drawings.load(tmp_path, 16)) == 20
    assert "torn.png" in capsys.readouterr().out


@pytest.mark.parametrize("size", [7, 257, "16", 16.0])
def test_a_wrong_size_is_an_error_also_with_an_example(tmp_path, size):
    with pytest.raises((TypeError, ValueError), match="size"):
        drawings.load(tmp_path, size, instead=data.load("digits", n=30, device="cpu"))
