import math
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_digits, make_moons

from gan_lib import data, device
from gan_lib.data import face_drawing as faces
from gan_lib.data import point_sets

SHAPES = ["ring", "grid", "moons", "spiral", "line", "blobs"]


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", device="cpu")


@pytest.fixture(scope="module")
def drawn():
    return data.load("faces", n=60, device="cpu")


# ---- digits

@pytest.mark.parametrize("size", [16, 32])
def test_digits_are_those_of_scikit_learn_resized_as_pillow_does(size):
    samples, original = data.load("digits", size, device="cpu"), load_digits()
    assert samples.labels.tolist() == original.target.tolist()
    for i in (0, 1, 500, 1796):
        picture = Image.fromarray((original.images[i] * 255 / 16).astype(np.float32))
        expected = np.asarray(picture.resize((size, size), Image.Resampling.BICUBIC))
        difference = samples.images[i, 0].numpy() - expected.clip(0, 255)
        assert np.abs(difference).max() < 0.51           # both overshoot; only rounding is left


def test_digits_averaged_down_look_like_the_original(digits):
    small = torch.nn.functional.avg_pool2d(digits.images.float(), 2).squeeze(1) * 16 / 255
    original = torch.from_numpy(load_digits().images).float()
    assert (small - original).abs().mean() < 1                    # of 16 grey levels
    match = torch.cdist(small.flatten(1), original.flatten(1)).argmin(dim=1)
    assert (match == torch.arange(1797)).all()


def test_digits_shape_range_and_names(digits):
    assert digits.images.shape == (1797, 1, 16, 16) and digits.images.dtype == torch.uint8
    assert digits.labels.dtype == torch.int64
    assert digits.class_names == tuple("0123456789")
    assert (len(digits), digits.size, digits.channels) == (1797, 16, 1)
    assert digits.images.min() == 0 and digits.images.max() == 255


def test_n_digits_are_different_ones_and_depend_on_the_seed():
    first, same, other = (data.load("digits", n=900, seed=s, device="cpu") for s in (1, 1, 2))
    assert torch.equal(first.images, same.images) and not torch.equal(first.images, other.images)
    whole = data.load("digits", n=1797, seed=3, device="cpu")
    assert whole.labels.bincount().tolist() == np.bincount(load_digits().target).tolist()


def test_repr_is_one_plain_line(digits, drawn):
    assert repr(digits) == ("digits: 1,797 grey images of 16x16 px, 10 classes, "
                            "0.5 MB in memory, on cpu")
    assert repr(drawn) == ("faces: 60 colour images of 32x32 px, 3 classes, "
                           "0.2 MB in memory, on cpu")
    assert repr(data.load("ring", device="cpu")) == (
        "ring: 10,000 points in the plane, 8 classes, 80.0 kB in memory, on cpu")
    assert ", 1 class, " in repr(data.load("line", n=5, device="cpu"))


# ---- batches

@pytest.mark.parametrize("name", ["digits", "faces"])
def test_a_batch_of_pictures_is_float_in_the_range_of_the_networks(name, digits, drawn):
    samples = digits if name == "digits" else drawn
    x, labels = samples.batch(300, with_labels=True)
    assert x.shape == (300, samples.channels, samples.size, samples.size)
    assert x.dtype == torch.float32 and x.device == samples.device
    assert -1 <= x.min() < -0.9 and 0.9 < x.max() <= 1
    assert labels.shape == (300,) and labels.dtype == torch.int64


def test_batches_have_the_statistics_of_the_whole_set(digits):
    generator = torch.Generator().manual_seed(0)
    x, labels = digits.batch(20_000, generator, with_labels=True)
    whole = digits.scaled()
    assert torch.allclose(x.mean(dim=0), whole.mean(dim=0), atol=0.03)
    assert torch.allclose(x.std(dim=0), whole.std(dim=0), atol=0.03)
    assert torch.allclose(labels.bincount() / 20_000, digits.labels.bincount() / 1797, atol=0.01)


def test_the_labels_of_a_batch_belong_to_its_pictures(digits):
    x, labels = digits.batch(50, with_labels=True)
    index = torch.cdist(x.flatten(1), digits.scaled().flatten(1)).argmin(dim=1)
    assert torch.equal(digits.scaled(index), x)
    assert torch.equal(digits.labels[index], labels)


def test_batches_draw_with_replacement():
    samples = data.load("ring", n=3, device="cpu")
    assert samples.batch(50).unique(dim=0).shape == (3, 2)


def test_batches_follow_their_generator_and_else_the_global_one(digits):
    draws = [digits.batch(8, torch.Generator().manual_seed(5)) for _ in range(2)]
    assert torch.equal(*draws)
    draws = [(torch.manual_seed(5), digits.batch(8))[1] for _ in range(2)]
    assert torch.equal(*draws)
    before = torch.get_rng_state()
    digits.batch(8, torch.Generator().manual_seed(5))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("name", ["digits", "faces", *SHAPES])
def test_loading_leaves_the_global_generator_alone(name):
    before = torch.get_rng_state()
    data.load(name, n=20, device="cpu").split(0.5)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("name", ["digits", "faces", *SHAPES])
def test_samples_are_made_well_whatever_the_default_device_is(name):
    with torch.device("meta"):         # as "cuda" is after device.start(); meta tensors are empty
        samples = data.load(name, n=20, device="cpu")
        x = samples.batch(4, torch.Generator("cpu").manual_seed(0))
        samples.split(0.5)
    assert x.device.type == "cpu" and x.isfinite().all()
    assert torch.equal(samples.scaled(), data.load(name, n=20, device="cpu").scaled())


def test_the_default_device_is_the_best_one():
    assert data.load("line", n=5).device.type == device.best().type
    assert data.points([[0, 1]]).device.type == device.best().type


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("name", ["digits", "faces", "ring"])
def test_everything_lies_on_the_gpu(name):
    samples = data.load(name, n=50, device="cuda")
    for generator in (None, torch.Generator().manual_seed(0), torch.Generator("cuda")):
        x, labels = samples.batch(8, generator, with_labels=True)
        assert x.is_cuda and labels.is_cuda
    assert all(part.batch(4).is_cuda for part in samples.split(0.5))
    if name == "faces":
        assert samples.landmarks.is_cuda and len(samples.captions) == 50


def test_to_moves_every_tensor(drawn):
    for samples in (drawn, data.load("grid", n=5, device="cpu")):
        moved = samples.to("meta")
        tensors = [v for v in vars(moved).values() if isinstance(v, torch.Tensor)]
        tensors += list(getattr(moved, "attributes", {}).values())
        assert len(tensors) >= 3 and all(t.device.type == "meta" for t in tensors)


# ---- numbers in [-1, 1] and bytes

def test_bytes_survive_the_way_there_and_back():
    every = torch.arange(256, dtype=torch.uint8)
    x = data.to_float(every)
    assert x.dtype == torch.float32 and x[0] == -1 and x[-1] == 1
    assert torch.equal(data.to_uint8(x), every)
    assert torch.equal(data.to_uint8(x.double()), every)


def test_to_uint8_rounds_and_clamps():
    level = 1 / 127.5
    x = torch.tensor([-7.0, -1 + 0.4 * level, -1 + 0.6 * level, 0.99999, 1.5, 9.0])
    assert data.to_uint8(x).tolist() == [0, 0, 1, 255, 255, 255]


def test_conversions_refuse_what_they_cannot_convert():
    with pytest.raises(ValueError, match="NaN"):
        data.to_uint8(torch.tensor([0.0, math.nan]))
    with pytest.raises(ValueError, match=r"pictures in \[-1, 1\], but it reaches from 0 to 255"):
        data.to_uint8(torch.full((1, 1, 2, 2), 255.0) * torch.eye(2))
    with pytest.raises(TypeError, match="x must hold floats, but it holds torch.uint8"):
        data.to_uint8(torch.zeros(2, dtype=torch.uint8))
    with pytest.raises(TypeError, match="uint8 in"):
        data.to_float(torch.zeros(2))


# ---- split and own pictures

@pytest.mark.parametrize("name", ["digits", "faces", "ring"])
def test_split_puts_every_sample_into_one_part(name, digits, drawn):
    whole = {"digits": digits, "faces": drawn}.get(name) or data.load("ring", n=50, device="cpu")
    train, held_out = whole.split(0.8, seed=4)
    assert len(train) == round(0.8 * len(whole)) and type(train) is type(whole)
    rows = sorted(torch.cat([train.scaled(), held_out.scaled()]).flatten(1).tolist())
    assert rows == sorted(whole.scaled().flatten(1).tolist())
    assert train.labels.float().mean() != whole.labels[:len(train)].float().mean()
    again, other = whole.split(0.8, seed=4)[0], whole.split(0.8, seed=5)[0]
    assert torch.equal(train.scaled(), again.scaled())
    assert not torch.equal(train.scaled(), other.scaled())


def test_split_keeps_each_face_with_its_attributes(drawn):
    for part in drawn.split(0.5):
        assert torch.equal(faces.draw(part.attributes, 32), part.images)
        assert torch.equal(faces.landmarks(part.attributes), part.landmarks)
        assert part.captions == faces.captions(part.attributes)


@pytest.mark.parametrize("fraction", [0, 1, 1e-9, 1.5, -0.1, math.nan])
def test_split_refuses_fractions_that_leave_nothing(fraction, digits):
    with pytest.raises(ValueError, match="fraction"):
        digits.split(fraction)


def test_a_set_may_be_made_of_tensors():
    images = torch.randint(256, (6, 3, 8, 8), dtype=torch.uint8)
    mine = data.Images("mine", torch.zeros(6, dtype=torch.int64), ("all",), images)
    assert mine.batch(4).shape == (4, 3, 8, 8)


@pytest.mark.parametrize("images, labels, error, says", [
    (torch.zeros(2, 1, 8, 8), [0, 0], TypeError, "Floats in .* use data.to_uint8 first"),
    (torch.zeros(2, 1, 8, 9).byte(), [0, 0], ValueError, "square"),
    (torch.zeros(2, 8, 8, 3).byte(), [0, 0], ValueError, "channels first.*permute"),
    (torch.zeros(2, 4, 8, 8).byte(), [0, 0], ValueError, "1 or 3 channels"),
    (np.zeros((2, 1, 8, 8), np.uint8), [0, 0], TypeError, "images must be a tensor.* ndarray"),
    (torch.zeros(0, 1, 8, 8).byte(), [], ValueError, "images must have the shape"),
    (torch.zeros(2, 1, 8, 8).byte(), [0, 0, 0], ValueError, "labels must have the shape"),
    (torch.zeros(2, 1, 8, 8).byte(), [0.0, 0.0], TypeError, "labels must be class numbers"),
    (torch.zeros(2, 1, 8, 8).byte(), [False, True], TypeError, "labels must be class numbers"),
    (torch.zeros(2, 1, 8, 8, device="meta").byte(), [0, 1], ValueError, "one device.* meta")])
def test_images_take_what_they_document_and_nothing_else(images, labels, error, says):
    with pytest.raises(error, match=says):
        data.Images("mine", torch.tensor(labels), ("this", "that"), images)


# ---- faces

def test_faces_are_drawn_from_their_attributes(drawn):
    assert drawn.images.shape == (60, 3, 32, 32)
    assert torch.equal(drawn.images, faces.draw(faces.sample(60, 0), 32))
    assert set(drawn.attributes) == set(faces.ATTRIBUTES)
    assert drawn.landmarks.shape == (60, 6, 2)


def test_the_label_of_a_face_says_what_its_caption_says():
    samples = data.load("faces", n=300, seed=2, device="cpu")
    words = {"sad": "sad", "neutral": "calm", "happy": "smiling"}
    assert samples.labels.unique().tolist() == [0, 1, 2]
    for label, caption in zip(samples.labels.tolist(), samples.captions):
        assert f" {words[samples.class_names[label]]} person" in caption


def test_faces_come_in_two_sizes():
    assert data.load("faces", 64, n=3, device="cpu").images.shape == (3, 3, 64, 64)
    assert data.FACES == {32: 4_000, 64: 2_000}


# ---- points in the plane

@pytest.mark.parametrize("name", SHAPES)
def test_point_sets_are_finite_seeded_and_of_unit_scale(name):
    samples, same = (data.load(name, seed=1, device="cpu") for _ in range(2))
    other = data.load(name, seed=2, device="cpu")
    xy = samples.points
    assert xy.shape == (10_000, 2) and xy.dtype == torch.float32 and xy.isfinite().all()
    assert torch.equal(xy, same.points) and not torch.equal(xy, other.points)
    assert 1.5 < xy.abs().max() < 2.4
    assert samples.labels.unique().tolist() == list(range(len(samples.class_names)))
    assert torch.equal(samples.scaled(), xy) and samples.batch(7).shape == (7, 2)


def test_ring_has_eight_centres_on_a_circle():
    centres = data.load("ring", n=5, device="cpu").centres
    assert centres.shape == (8, 2)
    assert torch.allclose(centres.norm(dim=1), torch.tensor(2.0))
    angles = torch.atan2(centres[:, 1], centres[:, 0]).remainder(2 * math.pi).sort().values
    assert torch.allclose(angles.diff(), torch.tensor(math.pi / 4), atol=1e-5)


def test_grid_has_25_centres_one_apart():
    centres = data.load("grid", n=5, device="cpu").centres
    expected = [[float(x), float(y)] for x in range(-2, 3) for y in range(-2, 3)]
    assert sorted(centres.tolist()) == expected


@pytest.mark.parametrize("name, spread", [("ring", 0.05), ("grid", 0.05), ("blobs", 0.25)])
def test_labels_name_the_mode_that_the_point_lies_round(name, spread):
    samples = data.load(name, device="cpu")
    nearest = torch.cdist(samples.points, samples.centres).argmin(dim=1)
    assert torch.equal(nearest, samples.labels)
    offsets = samples.points - samples.centres[samples.labels]
    assert torch.allclose(offsets.std(dim=0), torch.tensor(spread), rtol=0.05)
    expected = 1 / len(samples.centres)
    assert torch.allclose(samples.labels.bincount() / 10_000, torch.tensor(expected), atol=0.02)


def test_moons_are_those_of_scikit_learn():
    samples = data.load("moons", device="cpu")
    xy, labels = make_moons(4_000, noise=0.0, random_state=0)
    for label in (0, 1):
        centre = [(0.0, 0.0), (1.0, 0.5)][label]        # of scikit-learn's half circle
        shift = torch.tensor([[-0.6, -0.3], [0.6, 0.3]][label])
        expected = torch.tensor(1.2 * (xy[labels == label] - centre)).float() + shift
        mine = samples.points[samples.labels == label]
        assert torch.cdist(mine, expected).amin(dim=1).max() < 5 * point_sets.SPREAD
        assert torch.cdist(expected, mine).amin(dim=1).max() < 0.2       # no part is missing


def test_line_and_spiral_follow_their_formula():
    x, y = data.load("line", device="cpu").points.T
    assert (y - x / 2).abs().max() < 0.3 and x.min() < -1.95 and x.max() > 1.95
    x, y = data.load("spiral", device="cpu").points.T
    radius, angle = torch.hypot(x, y), torch.atan2(y, x)
    along = (2 * math.pi * radius - angle) / (2 * math.pi)     # a whole number on the curve
    on_curve = (along - along.round()).abs()[radius > 0.3]     # near the middle angles are noisy
    assert on_curve.median() < 0.06
    assert radius.max() > 1.95


def test_own_points_fill_the_plane():
    drawn = data.points([[100, 40], [300, 40], [200, 90]], device="cpu")
    assert drawn.points.tolist() == [[-2, -0.5], [2, -0.5], [0, 0.5]]
    assert drawn.labels.tolist() == [0, 0, 0] and drawn.centres is None
    assert data.points([[7, 7]], device="cpu").points.tolist() == [[0, 0]]
    as_given = data.points(np.array([[0.5, 9]]), rescale=False, device="cpu")
    assert as_given.points.tolist() == [[0.5, 9]] and as_given.points.dtype == torch.float32
    parameter = torch.zeros(2, 2, requires_grad=True, dtype=torch.bfloat16)
    assert not data.points(parameter, device="cpu").points.requires_grad


@pytest.mark.parametrize("xy, error, words", [
    ([], ValueError, "empty"), (np.zeros((0, 2)), ValueError, "empty"),
    ([[0, math.nan]], ValueError, "finite"), ([[0, -math.inf]], ValueError, "finite"),
    ([[0, 1e300]], ValueError, "finite"), ([1, 2, 3], ValueError, "shape"),
    ([[1, 2, 3]], ValueError, "shape"), ([[1, 2], [3]], TypeError, "rows of two numbers"),
    ("abc", TypeError, "rows of two numbers"), (None, ValueError, "shape"),
])
def test_own_points_that_make_no_sense_are_refused(xy, error, words):
    with pytest.raises(error, match=words):
        data.points(xy)


# ---- what is refused

@pytest.mark.parametrize("arguments, words", [
    (("digit",), "'digits', 'faces', .*'ring'"), ((["digits"],), "must be one of"),
    (("digits", 20), "size for 'digits' must be one of 16, 32, but it is 20"),
    (("faces", 16), "32, 64"), (("mnist", 64), "32, 16, 28"), (("ring", 16), "leave it out"),
    (("digits", None, 0), "n for 'digits' must be at least 1"),
    (("ring", None, -3), "n for 'ring'"),
    (("faces", None, 0), "n for 'faces'"), (("mnist", None, 0), "n for 'mnist'"),
    (("digits", None, 1798), "from 1 to 1797, but it is 1798"),
    (("digits", None, None, -1), "seed"), (("digits", None, None, 2**63), "seed"),
])
def test_wrong_values_are_refused_with_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        data.load(*arguments)


@pytest.mark.parametrize("arguments, words", [
    (("digits", 16.0), "size"), (("digits", "16"), "size"), (("digits", None, 2.5), "n for"),
    (("ring", None, True), "n for"), (("ring", None, 5, "a"), "seed"),
])
def test_wrong_types_are_refused_with_a_sentence(arguments, words):
    with pytest.raises(TypeError, match=words):
        data.load(*arguments)


@pytest.mark.parametrize("n, error", [(0, ValueError), (-1, ValueError), (2.0, TypeError)])
def test_a_batch_size_that_is_not_positive_is_refused(n, error, digits):
    with pytest.raises(error, match="batch size"):
        digits.batch(n)


def test_the_embedded_sets_need_neither_torchvision_nor_scikit_learn():
    code = ("import sys; from gan_lib import data\n"
            "for name in ('digits', 'faces', 'ring'): data.load(name, n=5, device='cpu')\n"
            "print([m for m in ('torchvision', 'sklearn', 'platformdirs') if m in sys.modules])")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert run.stdout.strip() == "[]", run.stderr
