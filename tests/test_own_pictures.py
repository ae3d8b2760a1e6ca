"""The students' own pictures: files, arrays and data sets, seen as Pillow and torchvision do."""

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import datasets

from gan_lib import data


def halves(left, right, width=40, height=20):
    """A picture whose left half has one colour and its right half another."""
    picture = Image.new("RGB", (width, height), left)
    picture.paste(right, (width // 2, 0, width, height))
    return picture


def colours(images, x=0.25, y=0.5):
    """The colour of each picture at a place, given as fractions of its side."""
    side = images.shape[-1]
    return [tuple(image[:, int(y * side), int(x * side)].tolist()) for image in images]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


def test_a_folder_is_read_in_the_order_of_its_names_cut_and_resized(folder):
    halves("red", "blue", 60, 20).save(folder / "b.png")     # wide: the middle 20 x 20 is kept
    halves("green", "black", 20, 60).save(folder / "a.bmp")  # high
    samples = data.pictures(folder, size=16, device="cpu")
    assert samples.images.shape == (2, 3, 16, 16) and samples.images.dtype == torch.uint8
    assert colours(samples.images) == [(0, 128, 0), (255, 0, 0)]
    assert colours(samples.images, x=0.75) == [(0, 0, 0), (0, 0, 255)]
    assert samples.class_names == ("mine",) and samples.labels.tolist() == [0, 0]
    assert repr(samples).startswith("mine: 2 colour images of 16x16 px, 1 class")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_are_turned_as_the_camera_noted(folder, orientation):
    upright = halves("red", "blue", 32, 32)
    # What the camera stores when it is held so; the standard (EXIF 2.3) lists the eight ways.
    undo = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270}
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(folder / "photo.png", exif=exif)
    images = data.pictures(folder, size=16, device="cpu").images
    assert colours(images) == [(255, 0, 0)] and colours(images, x=0.75) == [(0, 0, 255)]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_what_is_transparent_becomes_white(folder, mode):
    drawing = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    drawing.paste((0, 0, 0, 255), (0, 0, 8, 16))
    if mode == "P":
        drawing = drawing.quantize(4)
        drawing.save(folder / "x.png")
    elif mode == "RGB":  # one colour that stands for "transparent"
        plain = halves("black", "lime", 16, 16)
        plain.save(folder / "x.png", transparency=(0, 255, 0))
    else:
        drawing.convert(mode).save(folder / "x.png")
    images = data.pictures(folder, size=16, channels=3, device="cpu").images
    assert colours(images) == [(0, 0, 0)] and colours(images, x=0.75) == [(255, 255, 255)]


@pytest.mark.parametrize("mode, value, expected", [
    ("L", 100, 100), ("1", 1, 255), ("I;16", 40_000, 156), ("LA", (100, 255), 100)])
def test_grey_pictures_make_a_grey_set(folder, mode, value, expected):
    Image.new(mode, (20, 20), value).save(folder / "x.png")
    samples = data.pictures(folder, size=16, device="cpu")
    assert samples.images.shape == (1, 1, 16, 16)
    assert (samples.images == expected).all()


def test_one_picture_in_colour_makes_a_set_in_colour_unless_grey_is_asked_for(folder):
    Image.new("L", (8, 8), 100).save(folder / "grey.png")
    Image.new("RGB", (8, 8), (200, 30, 60)).save(folder / "red.png")
    assert data.pictures(folder, size=8, device="cpu").channels == 3
    grey = data.pictures(folder, size=8, channels=1, device="cpu").images
    expected = np.asarray(Image.open(folder / "red.png").convert("L"))
    assert np.abs(grey[1, 0].numpy().astype(int) - expected).max() <= 1


def test_what_cannot_be_read_is_named_and_left_out(folder, capsys):
    halves("red", "blue").save(folder / "good.png")
    whole = (folder / "good.png").read_bytes()
    (folder / "half.png").write_bytes(whole[:len(whole) // 2])
    (folder / "empty.jpg").touch()
    (folder / "notes.txt").write_text("my pictures")
    (folder / ".DS_Store").write_bytes(b"\0\1")
    samples = data.pictures(folder, size=16, device="cpu")
    said = capsys.readouterr().out
    assert len(samples) == 1
    assert said.startswith("Left out 3 of 4: empty.jpg (not a picture that can be read); half.png")
    assert "notes.txt" in said and "DS_Store" not in said


def test_a_picture_too_large_for_the_memory_is_named(folder, capsys, monkeypatch):
    halves("red", "blue").save(folder / "good.png")
    halves("red", "blue", 400, 400).save(folder / "huge.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert len(data.pictures(folder, size=16, device="cpu")) == 1
    assert "huge.png (too large: make it smaller first)" in capsys.readouterr().out


def test_a_large_photograph_is_the_same_as_when_it_is_read_whole(folder):
    y, x = np.mgrid[:1200, :1600]
    photo = np.stack([x // 7 % 256, y // 5 % 256, (x + y) // 11 % 256], 2).astype(np.uint8)
    Image.fromarray(photo).save(folder / "photo.jpg", quality=95)
    read = data.pictures(folder, size=64, device="cpu").images.float()
    whole = data.pictures([np.asarray(Image.open(folder / "photo.jpg"))], 64, device="cpu").images
    assert (read - whole.float()).abs().mean() < 2


def test_a_folder_without_a_picture_is_refused_by_name(folder):
    with pytest.raises(ValueError, match="no picture that can be read in 'mine': it is empty"):
        data.pictures(folder, size=16)
    for i in range(9):
        (folder / f"{i}.txt").touch()
    with pytest.raises(ValueError, match="0.txt .*; and 4 more"):
        data.pictures(folder, size=16)
    with pytest.raises(ValueError, match="There is no folder '.*nowhere'"):
        data.pictures(folder / "nowhere", size=16)


def test_subfolders_are_the_classes_as_in_torchvision(folder):
    for kind, colour in (("cats", "red"), ("dogs", "blue")):
        (folder / kind).mkdir()
        for i in range(2):
            Image.new("RGB", (9, 9), colour).save(folder / kind / f"{i}.png")
    samples = data.pictures(folder, size=16, device="cpu")
    theirs = datasets.ImageFolder(folder)
    assert samples.class_names == tuple(theirs.classes) == ("cats", "dogs")
    assert samples.labels.tolist() == theirs.targets == [0, 0, 1, 1]
    same = data.pictures(theirs, size=16, device="cpu")
    assert torch.equal(same.images, samples.images) and torch.equal(same.labels, samples.labels)
    assert same.class_names == samples.class_names


def test_arrays_and_tensors_of_all_usual_kinds_are_one_picture_each():
    rgb = np.asarray(halves("red", "blue", 16, 16))
    kinds = [rgb, rgb / 255, (rgb / 255).astype(np.float32), Image.fromarray(rgb),
             torch.from_numpy(rgb.copy()).permute(2, 0, 1),
             torch.from_numpy(rgb.copy()).permute(2, 0, 1) / 255,
             np.dstack([rgb, np.full((16, 16), 255, np.uint8)])]
    images = data.pictures(kinds, size=16, device="cpu").images
    assert len(images) == len(kinds) and (images == images[0]).all()
    assert colours(images[:1]) == [(255, 0, 0)]
    grey = data.pictures([rgb[:, :, 0], rgb[:, :, :1], rgb[:, :, 0] > 0], size=16, device="cpu")
    assert grey.channels == 1 and (grey.images == grey.images[0]).all()


def test_names_of_files_may_be_listed(folder):
    halves("red", "blue").save(folder / "x.png")
    samples = data.pictures([folder / "x.png", str(folder / "x.png")], size=16, device="cpu")
    assert len(samples) == 2 and colours(samples.images) == [(255, 0, 0)] * 2


@pytest.mark.parametrize("bad, why", [
    (np.full((8, 8), 3.0), "not all from 0 to 1"), (np.full((8, 8), np.nan), "from 0 to 1"),
    (np.zeros((8, 8), int), "it holds int64"), (np.zeros((8, 8, 2), np.uint8), r"\(8, 8, 2\)"),
    (np.zeros((0, 8), np.uint8), "shape"), (None, "shape"), ("nowhere.png", "not a picture")])
def test_an_array_that_is_no_picture_is_named_and_the_others_are_kept(bad, why, capsys):
    good = np.zeros((8, 8), np.uint8)
    assert len(data.pictures([good, bad, good], size=16, device="cpu")) == 2
    assert capsys.readouterr().out.startswith("Left out 1 of 3: number 1 (")
    with pytest.raises(ValueError, match=why):
        data.pictures([bad], size=16)


def test_a_data_set_of_torchvision_keeps_its_labels_and_names():
    fake = datasets.FakeData(size=20, image_size=(3, 24, 32), num_classes=3)
    samples = data.pictures(fake, size=16, device="cpu")
    assert samples.images.shape == (20, 3, 16, 16)
    assert samples.labels.tolist() == [int(fake[i][1]) for i in range(20)]
    assert samples.class_names == ("class 0", "class 1", "class 2")


def test_labels_that_are_no_class_numbers_become_one_class():
    samples = data.pictures([(halves("red", "blue"), torch.ones(40)), (halves("red", "red"), None)],
                            size=16, device="cpu")
    assert samples.labels.tolist() == [0, 0] and len(samples.class_names) == 1


@pytest.mark.parametrize("arguments, error, says", [
    ({"source": 3, "size": 16}, TypeError, "source must be a folder"),
    ({"source": {"a": 1}, "size": 16}, TypeError, "source must be a folder"),
    ({"source": iter([]), "size": 16}, TypeError, "source must be a folder"),
    ({"source": [], "size": 16}, ValueError, "it is empty"),
    ({"source": [], "size": 4}, ValueError, "size must be from 8 to 256"),
    ({"source": [], "size": 16, "channels": 4}, ValueError, "channels must be one of")])
def test_another_source_size_or_number_of_channels_is_refused(arguments, error, says):
    with pytest.raises(error, match=says):
        data.pictures(**arguments)


def test_a_set_of_ones_own_is_made_on_the_cpu_whatever_the_default_device_is():
    with torch.device("meta"):
        samples = data.pictures([halves("red", "blue")], size=16, channels=1, device="cpu")
    assert samples.images.device.type == samples.labels.device.type == "cpu"
