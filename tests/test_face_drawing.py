"""Faces: what is sampled, what is drawn where, what is said about it, and what is refused."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from scipy.stats import chi2_contingency, chisquare

from gan_lib.data import face_drawing as faces
from gan_lib.data.face_attributes import COLOURS, is_class

PLAIN = {"skin": "tan", "hair_style": "short", "hair_colour": "black", "eye_colour": "blue",
         "glasses": "none", "hat": "none", "shirt": "blue", "background": "blue", "smile": 0.5,
         "mouth_open": 0.0, "gaze_x": 0.0, "gaze_y": 0.0, "turn": 0.0, "nod": 0.0, "tilt": 0.0,
         "brow": 0.3, "head_width": 1.0, "head_height": 1.0}
POSES = [{}, {"turn": 0.8}, {"turn": -0.8, "tilt": 15.0}, {"nod": -0.9, "head_width": 1.05},
         {"nod": 0.9, "tilt": -18.0, "head_height": 0.95}]
CLASSES = [name for name in faces.ATTRIBUTES if is_class(name)]
NUMBERS = [name for name in faces.ATTRIBUTES if not is_class(name)]


def person(**changes):
    """One person: PLAIN with some attributes changed, given in words and numbers."""
    values = PLAIN | changes
    return {name: torch.tensor([faces.ATTRIBUTES[name].index(value)]) if is_class(name)
            else torch.tensor([value], dtype=torch.float32) for name, value in values.items()}


def changed(before, after, size=64):
    """(x, y), as fractions of the picture, of all pixels that differ."""
    a, b = (faces.draw(person(**words), size).int() for words in (before, after))
    rows, columns = ((a - b).abs().amax((0, 1)) > 8).nonzero(as_tuple=True)
    return torch.stack([columns + 0.5, rows + 0.5], 1) / size


def point(words, name):
    return faces.landmarks(person(**words))[0, faces.LANDMARKS.index(name)]


def caption(**words):
    return faces.captions(person(**words))[0]


# --- sampling ---------------------------------------------------------------------------------

def test_same_seed_same_people_and_pictures():
    first, again = faces.sample(70, seed=3), faces.sample(70, seed=3)
    assert all(torch.equal(first[name], again[name]) for name in faces.ATTRIBUTES)
    assert torch.equal(faces.draw(first), faces.draw(again))
    assert not torch.equal(faces.draw(first), faces.draw(faces.sample(70, seed=4)))


def test_first_people_do_not_depend_on_n():
    few, many = faces.sample(5, seed=1), faces.sample(500, seed=1)
    assert all(torch.equal(few[name], many[name][:5]) for name in faces.ATTRIBUTES)


def test_sample_has_the_promised_types_and_ranges():
    people = faces.sample(2000, seed=5)
    assert list(people) == list(faces.ATTRIBUTES)
    for name, values in faces.ATTRIBUTES.items():
        column = people[name]
        assert column.shape == (2000,) and column.device.type == "cpu"
        if is_class(name):
            assert column.dtype == torch.int64 and set(column.tolist()) == set(range(len(values)))
        else:
            low, high = values
            assert column.dtype == torch.float32
            assert column.min() >= torch.tensor(low) and column.max() <= torch.tensor(high)
            assert column.max() - column.min() > 0.85 * (high - low)


def test_the_global_random_state_and_thread_count_stay():
    torch.manual_seed(7)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        people = faces.sample(5)
        faces.draw(people), faces.captions(people), faces.landmarks(people)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("name", CLASSES)
def test_classes_have_their_shares(name):
    n = 12000
    counts = torch.bincount(faces.sample(n, seed=11)[name]).double()
    k = len(faces.ATTRIBUTES[name])
    half_none = name in ("glasses", "hat")
    shares = torch.tensor([0.5] + [0.5 / (k - 1)] * (k - 1) if half_none else [1 / k] * k).double()
    assert chisquare(counts.numpy(), (n * shares / shares.sum()).numpy()).pvalue > 1e-4


@pytest.mark.parametrize("name", [name for name in faces.ATTRIBUTES if name != "skin"])
def test_nothing_depends_on_skin(name):
    people = faces.sample(12000, seed=12)
    column = people[name]
    if not is_class(name):
        column = torch.bucketize(column, column.quantile(torch.tensor([0.25, 0.5, 0.75])))
    k = int(column.max()) + 1
    table = torch.bincount(people["skin"] * k + column, minlength=6 * k).view(6, k)
    assert chi2_contingency(table.numpy()).pvalue > 1e-4


def test_most_heads_are_nearly_upright_and_most_people_smile():
    people = faces.sample(4000, seed=2)
    assert (people["tilt"].abs() < 12).float().mean() > 0.8
    assert (people["smile"] > 0).float().mean() > 0.65


# --- drawing ----------------------------------------------------------------------------------

@pytest.mark.parametrize("size", [16, 32, 33, 64, 256])
def test_pictures_have_the_promised_shape(size):
    pictures = faces.draw(faces.sample(3), size)
    assert pictures.shape == (3, 3, size, size) and pictures.dtype == torch.uint8


def test_a_face_does_not_depend_on_its_neighbours_in_the_batch():
    people = faces.sample(130, seed=6)
    pictures = faces.draw(people).int()
    for i in (0, 63, 64, 129):
        alone = faces.draw({name: column[i:i + 1] for name, column in people.items()}).int()
        assert (alone[0] - pictures[i]).abs().max() <= 1  # rounding in vector instructions


def test_flat_places_have_the_named_colours():
    for i, colour in enumerate(faces.ATTRIBUTES["background"]):
        corner = faces.draw(person(background=colour))[0, :, 0, 0]
        assert corner.tolist() == list(COLOURS["background"][i])
    for i, skin in enumerate(faces.ATTRIBUTES["skin"]):
        face = faces.draw(person(skin=skin, hair_style="bald"))[0]
        assert face[:, 8, 16].tolist() == list(COLOURS["skin"][i])
    for i, shirt in enumerate(faces.ATTRIBUTES["shirt"]):
        assert faces.draw(person(shirt=shirt))[0, :, 31, 5].tolist() == list(COLOURS["shirt"][i])


def test_neighbouring_tones_can_be_told_apart():
    for name in ("skin", "hair_colour", "eye_colour", "shirt", "background"):
        for a, b in itertools.combinations(torch.tensor(COLOURS[name]), 2):
            assert (a - b).abs().sum() > 35, name
    for skin, mouth in zip(torch.tensor(COLOURS["skin"]), torch.tensor(COLOURS["mouth"])):
        assert (skin - mouth).abs().sum() > 150
    tones, hairs = torch.tensor(COLOURS["skin"]), torch.tensor(COLOURS["hair_colour"])
    for skin, hair in itertools.product(tones, hairs):
        assert (skin - hair).abs().sum() > 80


@pytest.mark.parametrize("name", list(faces.ATTRIBUTES))
def test_every_value_of_an_attribute_is_seen_at_32_pixels(name):
    values = faces.ATTRIBUTES[name]
    steps = values if is_class(name) else (values[0], sum(values) / 2, values[1])
    for a, b in itertools.combinations(steps, 2):
        assert len(changed({name: a}, {name: b}, 32)) >= 6, (a, b)


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("glasses", ["none", "round", "square"])
def test_eye_colour_and_gaze_change_only_the_eyes(pose, glasses):
    pose = pose | {"glasses": glasses}
    eyes = torch.stack([point(pose, "left_eye"), point(pose, "right_eye")])
    for change in ({"eye_colour": "brown"}, {"gaze_x": 1.0}, {"gaze_x": -1.0}, {"gaze_y": 1.0}):
        pixels = changed(pose, pose | change)
        distance, nearest = torch.cdist(pixels, eyes).min(1)
        assert distance.max() < 3.6 / 32 and set(nearest.tolist()) == {0, 1}


@pytest.mark.parametrize("pose", POSES)
def test_eye_landmarks_are_the_middle_of_the_eyes(pose):
    pixels = changed(pose, pose | {"eye_colour": "brown"}, 128)
    eyes = torch.stack([point(pose, "left_eye"), point(pose, "right_eye")])
    nearest = torch.cdist(pixels, eyes).argmin(1)
    for i in range(2):
        assert (pixels[nearest == i].mean(0) - eyes[i]).norm() < 0.3 / 32


def test_gaze_moves_the_pupils_to_the_named_side():
    for name, axis in (("gaze_x", 1), ("gaze_y", 0)):
        places = []
        for value in (-1.0, 1.0):
            picture = faces.draw(person(**{name: value}), 64)[0].float()
            blue = (picture[2] - picture[0] > 100) & (picture[1] > 60)
            blue[50:] = False  # the shirt
            places.append(blue.nonzero()[:, axis].float().mean())
        assert places[1] - places[0] > 2


@pytest.mark.parametrize("pose", POSES)
def test_mouth_changes_stay_around_the_mouth(pose):
    left, right, nose = (point(pose, name) for name in ("mouth_left", "mouth_right", "nose"))
    middle = (left + right) / 2
    for change in ({"smile": -0.6}, {"smile": 1.0}, {"mouth_open": 1.0}):
        pixels = changed(pose, pose | change)
        assert (pixels - middle).norm(dim=1).max() < 6.5 / 32
        assert (pixels.mean(0) - middle).norm() < 2.5 / 32
        assert (pixels.mean(0) - middle).norm() < (pixels.mean(0) - nose).norm()


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("smile", [-0.6, 0.2, 1.0])
def test_mouth_corners_are_where_the_mouth_ends(pose, smile):
    pose = pose | {"smile": smile, "skin": "pale"}
    picture = faces.draw(person(**pose), 256)[0].float()
    mouth = (picture - torch.tensor(COLOURS["mouth"][0])[:, None, None]).abs().sum(0) < 12
    rows, columns = mouth.nonzero(as_tuple=True)
    pixels = torch.stack([columns + 0.5, rows + 0.5], 1) / 256
    left, right = point(pose, "mouth_left"), point(pose, "mouth_right")
    along = (pixels - left) @ F.normalize(right - left, dim=0)
    assert abs(along.max() - (right - left).norm()) < 1.3 / 32  # half the line's thickness more
    assert abs(along.min()) < 1.3 / 32
    for corner in (left, right):
        assert (pixels - corner).norm(dim=1).min() < 0.3 / 32


def test_mouths_and_eyes_are_big_enough_at_32_pixels():
    wide = changed({"mouth_open": 0.0, "smile": 0.0}, {"mouth_open": 1.0, "smile": 0.0}, 32) * 32
    assert wide[:, 0].max() - wide[:, 0].min() >= 7
    for smile in (-0.6, 0.0, 1.0):
        words = {"smile": smile, "mouth_open": 1.0, "skin": "pale"}
        column = faces.draw(person(**words))[0, :, 18:29, 15].int()
        skin = torch.tensor(COLOURS["skin"][0])[:, None]
        assert ((column - skin).abs().sum(0) > 120).sum() >= 4, smile
    white = (faces.draw(person(gaze_x=1.0))[0].amin(0) > 200)[:, :16]
    assert white.any(0).sum() >= 2


def test_a_smile_is_bent_up_and_a_sad_mouth_down():
    for smile, sign in ((1.0, 1), (-0.6, -1)):
        left = point({"smile": smile}, "mouth_left")
        flat = point({"smile": 0.0}, "mouth_left")
        assert sign * (flat - left)[1] > 1 / 32


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("style", faces.ATTRIBUTES["hair_style"])
@pytest.mark.parametrize("hat", ["cap", "beanie"])
def test_a_hat_changes_only_what_is_above_the_eyes(pose, style, hat):
    pose = pose | {"hair_style": style}
    pixels = changed(pose, pose | {"hat": hat})
    left, right = point(pose, "left_eye"), point(pose, "right_eye")
    across = F.normalize(right - left, dim=0)
    up = torch.stack([across[1], -across[0]])
    assert len(pixels) > 100 and ((pixels - left) @ up).min() > 4.0 / 32


@pytest.mark.parametrize("pose", POSES)
def test_glasses_and_brows_stay_around_the_eyes(pose):
    eyes = torch.stack([point(pose, "left_eye"), point(pose, "right_eye")])
    for change in ({"glasses": "round"}, {"glasses": "square"}, {"brow": 1.0}, {"brow": 0.0}):
        assert torch.cdist(changed(pose, pose | change), eyes).min(1).values.max() < 7 / 32


@pytest.mark.parametrize("glasses", ["round", "square"])
def test_glasses_leave_the_pupils_free(glasses):
    for x, y in itertools.product((-1.0, 0.0, 1.0), repeat=2):
        gaze = {"gaze_x": x, "gaze_y": y}
        eyes = torch.stack([point({}, "left_eye"), point({}, "right_eye")])
        pupils = eyes + torch.tensor([1.2 * x, 0.8 * y]) / 32
        pixels = changed(gaze, gaze | {"glasses": glasses}, 128)
        assert torch.cdist(pixels, pupils).min() > 1.0 / 32


@pytest.mark.parametrize("pose", POSES)
def test_the_chin_is_on_the_lower_edge_of_the_head(pose):
    pose = pose | {"hair_style": "bald"}
    pixels = changed(pose | {"skin": "dark"}, pose | {"skin": "tan"}, 128)
    chin, eyes = point(pose, "chin"), (point(pose, "left_eye") + point(pose, "right_eye")) / 2
    down = F.normalize(chin - eyes, dim=0)
    picture = faces.draw(person(**pose), 256)[0].float()
    skin = torch.tensor(COLOURS["skin"][2])
    for offset, is_head in ((-0.6, True), (0.6, False)):
        x, y = ((chin + down * offset / 32) * 256).long().tolist()
        assert ((picture[:, y, x] - skin).abs().sum() < 6) == is_head
    assert (pixels - chin).norm(dim=1).min() < 1 / 32


def test_turn_nod_and_tilt_move_the_face_the_named_way():
    assert point({"turn": 1.0}, "nose")[0] > point({"turn": -1.0}, "nose")[0] + 4 / 32
    assert point({"nod": 1.0}, "nose")[1] > point({"nod": -1.0}, "nose")[1] + 2 / 32
    clockwise = {"tilt": 20.0}
    assert point(clockwise, "right_eye")[1] > point(clockwise, "left_eye")[1]
    slope = point(clockwise, "right_eye") - point(clockwise, "left_eye")
    assert torch.rad2deg(torch.atan2(slope[1], slope[0])) == pytest.approx(20, abs=1e-3)


def test_a_straight_face_is_its_own_mirror_image():
    picture = faces.draw(person(hair_style="bald"), 64).int()
    assert (picture - picture.flip(3)).abs().max() <= 1


def test_landmarks_lie_in_the_picture():
    points = faces.landmarks(faces.sample(500, seed=9))
    assert points.shape == (500, 6, 2) and points.dtype == torch.float32
    assert points.min() > 0.1 and points.max() < 0.98


def test_edges_are_smooth_and_sizes_agree():
    people = faces.sample(40, seed=8)
    small, large = faces.draw(people, 32).float(), faces.draw(people, 64).float()
    assert (F.avg_pool2d(large, 2) - small).abs().mean() < 3
    black_on_grey = faces.draw(person(hair_style="bun", background="grey"), 64)[0, :, :12]
    assert len(torch.unique(black_on_grey)) > 10


# --- captions ---------------------------------------------------------------------------------

def test_a_caption_word_for_word():
    assert caption(skin="brown", hair_style="long", glasses="round", gaze_x=-0.9) == (
        "A smiling person with brown skin, long black hair, round glasses and a blue shirt, "
        "looking to the left.")
    assert caption(smile=-0.5, mouth_open=0.9, hair_style="bald", hat="cap", gaze_y=-1.0,
                   gaze_x=1.0) == (
        "A sad person with tan skin, a cap, a blue shirt and an open mouth, "
        "looking up and to the right.")
    assert caption(smile=0.0, hair_style="bun") == (
        "A calm person with tan skin, black hair in a bun and a blue shirt.")


def all_combinations():
    names = ("skin", "hair_style", "hair_colour", "glasses", "hat", "shirt", "smile", "mouth_open",
             "gaze_x", "gaze_y")
    numbers = {"smile": (-0.5, 0.0, 0.9), "mouth_open": (0.0, 1.0), "gaze_x": (-1.0, 0.0, 1.0),
               "gaze_y": (-1.0, 0.0, 1.0)}
    short = {"skin": (0, 5), "hair_colour": (0, 4), "shirt": (0, 3)}
    choices = [numbers.get(n) or short.get(n) or range(len(faces.ATTRIBUTES[n])) for n in names]
    columns = dict(zip(names, zip(*itertools.product(*choices))))
    n = len(columns["skin"])
    people = {name: value.repeat(n) for name, value in person().items()}
    return people | {name: torch.tensor(column).to(people[name].dtype)
                     for name, column in columns.items()}


def test_captions_are_correct_english_in_every_combination():
    people = all_combinations()
    lines = faces.captions(people)
    assert len(lines) == len(people["skin"]) == 23328
    glasses, hats = people["glasses"].tolist(), people["hat"].tolist()
    styles, opened = people["hair_style"].tolist(), people["mouth_open"].tolist()
    for line, glass, hat, style, mouth in zip(lines, glasses, hats, styles, opened):
        words = line.rstrip(".").replace(",", "").split(" ")
        assert line.startswith("A ") and line.endswith(".") and line.count(".") == 1
        assert "" not in words and ", ." not in line and " ," not in line and ",," not in line
        for word, following in zip(words, words[1:]):
            if word.lower() in ("a", "an"):
                assert (following[0] in "aeiou") == (word.lower() == "an"), line
        assert line.split(", looking")[0].count(" and ") == 1
        assert ("glasses" in words) == (glass > 0)
        assert ("cap" in words) == (hat == 1) and ("beanie" in words) == (hat == 2)
        assert ("bald" in words) == (style == 0 and hat == 0)
        assert ("hair" in words) == (style > 0)
        assert ("bun" in words) == (style == 4 and hat == 0)
        assert ("open" in words) == (mouth == 1)


def test_what_captions_call_the_same_under_a_hat_has_no_bun_in_the_picture():
    pixels = changed({"hair_style": "bun", "hat": "cap"}, {"hair_style": "short", "hat": "cap"})
    above = pixels[:, 1] < point({}, "left_eye")[1] - 6.8 / 32
    assert not above.any()


# --- refusals ---------------------------------------------------------------------------------

@pytest.mark.parametrize("function", [faces.draw, faces.captions, faces.landmarks])
def test_wrong_attributes_are_refused(function):
    good = faces.sample(4)
    long = torch.zeros(5)
    cases = [
        (good | {"beard": torch.zeros(4)}, ValueError, "beard"),
        ({n: v for n, v in good.items() if n not in ("hat", "turn")}, ValueError, "hat, turn"),
        (good | {"smile": long}, ValueError, "same length"),
        (good | {"smile": torch.full((4,), 1.2)}, ValueError, "smile must lie from -0.6 to 1.0"),
        (good | {"smile": torch.full((4,), float("nan"))}, ValueError, "smile"),
        (good | {"skin": torch.full((4,), 6)}, ValueError, "skin must lie from 0 to 5"),
        (good | {"skin": torch.full((4,), -1)}, ValueError, "skin"),
        (good | {"skin": torch.zeros(4)}, TypeError, "int64"),
        (good | {"tilt": torch.zeros(4, dtype=torch.int64)}, TypeError, "float32"),
        (good | {"tilt": torch.zeros(4, 1)}, ValueError, "tilt"),
        (good | {"tilt": [0.0] * 4}, TypeError, "tilt"),
        ({n: v[:0] for n, v in good.items()}, ValueError, "shape"),
        ({}, ValueError, "lacks skin"),
        (list(good.values()), TypeError, "dict"),
    ]
    for attributes, error, words in cases:
        with pytest.raises(error, match=words):
            function(attributes)


@pytest.mark.parametrize("size, error", [(0, ValueError), (15, ValueError), (257, ValueError),
                                         (-32, ValueError), (32.0, TypeError), ("32", TypeError),
                                         (True, TypeError), (None, TypeError)])
def test_wrong_sizes_are_refused(size, error):
    with pytest.raises(error, match="size"):
        faces.draw(faces.sample(1), size)


@pytest.mark.parametrize("n, seed, error", [(0, 0, ValueError), (-1, 0, ValueError),
                                            (2.0, 0, TypeError), (2, -1, ValueError),
                                            (2, 0.5, TypeError)])
def test_wrong_sample_arguments_are_refused(n, seed, error):
    with pytest.raises(error):
        faces.sample(n, seed)


def test_the_thread_count_comes_back_after_an_error(monkeypatch):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        monkeypatch.setattr(faces, "_draw_chunk", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            faces.draw(faces.sample(1))
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
