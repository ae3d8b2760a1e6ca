"""Labels of digits and of faces, games with them, and whether a fake shows what was asked for."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from game_tools import same
from gan_lib import checkpoints, conditioning, data, models, training
from gan_lib.conditioning import ANSWERS, MarkedGame
from gan_lib.exercises.examiner import normal

pytestmark = pytest.mark.usefixtures("one_thread")
LABEL = sum(map(len, ANSWERS.values()))


@pytest.fixture(scope="module")
def faces():
    return data.load("faces", n=200, device="cpu")


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", n=60, device="cpu")


@pytest.fixture
def judge():
    """A classifier of faces that always sees the last answer to each question."""
    torch.manual_seed(0)
    made = models.Classifier({question: len(names) for question, names in ANSWERS.items()},
                             size=16, channels=3, width=4).eval()
    for layer in made.answers.values():
        layer.weight.data.zero_()
        layer.bias.data = torch.arange(float(layer.out_features))
    return made


# --- what a sample shows ------------------------------------------------------------------------

def test_answers_of_digits_are_their_labels(digits):
    assert conditioning.answers(digits) == {"digit": digits.labels}


def test_answers_of_faces_are_attributes_cut_where_the_recipe_says(faces):
    found = conditioning.answers(faces)
    assert found.keys() == ANSWERS.keys()
    assert torch.equal(found["smile"], faces.labels)
    for question, names in ANSWERS.items():
        cuts = conditioning.CUTS.get(question)
        values, answers = faces.attributes[question], found[question]
        assert answers.dtype == torch.int64
        expected = values if cuts is None else sum((values > cut).long() for cut in cuts)
        assert torch.equal(answers, expected)
        assert answers.unique().tolist() == list(range(len(names)))


def test_a_description_holds_one_1_for_each_question_where_its_answer_stands(faces):
    found = conditioning.answers(faces)
    y = conditioning.description(found)
    assert y.shape == (200, LABEL) == (200, 45) and y.dtype == torch.float32
    start = 0
    for question, names in ANSWERS.items():
        part = y[:, start:start + len(names)]
        for row, answer in zip(part.tolist(), found[question].tolist()):
            assert row == [float(place == answer) for place in range(len(names))]
        start += len(names)
    assert start == LABEL


def change(question, value):
    return lambda found: found.update({question: value(found[question])})


@pytest.mark.parametrize("spoil, says", [
    (lambda found: found.clear(), "these answers are about nothing"),
    (lambda found: found.pop("hat"), "answers skin, hair_style, .* these answers are about skin"),
    (lambda found: found.update(nose=found["hat"]), "about .*nose"),
    (change("hat", lambda y: y + 1), "The answers to hat must be int64 from 0 to 2, but .* to 3"),
    (change("smile", lambda y: y - 1), "to smile must be int64 from 0 to 2, but they are .* -1"),
    (change("tilt", lambda y: y.float()), "to tilt must be int64 from 0 to 2, .* torch.float32"),
])
def test_a_wrong_description_is_refused(faces, spoil, says):
    found = conditioning.answers(faces)
    spoil(found)
    with pytest.raises(ValueError, match=says):
        conditioning.description(found)


# --- faces with their descriptions --------------------------------------------------------------

def test_described_faces_come_with_the_descriptions_of_the_same_faces(faces):
    samples = conditioning.described(faces)
    x, y = samples.batch(50, torch.Generator().manual_seed(3), with_labels=True)
    assert len(samples) == 200 and (samples.size, samples.channels) == (32, 3)
    assert repr(samples).startswith("faces: 200 ")
    assert len(samples.class_names) == LABEL and samples.class_names[-1] == "tilt: right"
    of_all, pictures = conditioning.description(conditioning.answers(faces)), faces.scaled()
    for picture, label in zip(x, y):
        place = (pictures - picture).abs().amax((1, 2, 3)).argmin()
        assert torch.equal(pictures[place], picture) and torch.equal(of_all[place], label)
    again = samples.batch(50, torch.Generator().manual_seed(3))
    assert torch.equal(again, x)


@pytest.mark.parametrize("wrong", ["faces", None, data.load("digits", n=4, device="cpu")])
def test_what_are_no_drawn_faces_cannot_be_described(wrong):
    with pytest.raises(TypeError, match=r'drawn ones, as data.load\("faces"\) returns them'):
        conditioning.described(wrong)


@pytest.mark.parametrize("n", [0, -1, 2.5])
def test_a_batch_of_described_faces_has_at_least_one(faces, n):
    with pytest.raises((TypeError, ValueError), match="the batch size n must be"):
        conditioning.described(faces).batch(n)


# --- games --------------------------------------------------------------------------------------

def described_game(faces, steps=0):
    torch.manual_seed(0)
    told = {"size": 32, "channels": 3, "width": 4, "hidden": 8, "classes": LABEL}
    game = conditioning.DescribedGame(
        models.ConvDiscriminator(**told), models.ConvGenerator(4, **told),
        conditioning.described(faces), batch_size=8, pictures_every=2, bfloat16=False)
    if steps:
        game.play(steps=steps, progress=False)
    return game


def test_a_described_game_goes_on_from_its_state_to_the_bit(faces, tmp_path):
    game = described_game(faces, steps=3)
    checkpoints.save_game(game, tmp_path / "game.pt")
    game.play(steps=3, progress=False)
    other = checkpoints.load_game(described_game(faces), tmp_path / "game.pt")
    assert other.steps == 3
    other.play(steps=3, progress=False)
    assert same(other.state(), game.state())


def test_where_no_labels_are_given_fakes_get_those_of_the_first_faces(faces):
    game = described_game(faces)
    y = conditioning.description(conditioning.answers(faces))
    assert torch.equal(game.labels(16), y[:16])
    assert torch.equal(game.labels(203)[200:], y[:3])       # after the last face, the first
    assert torch.equal(game.fakes(), game.average(game.fixed_z, y[:16]))
    assert not torch.equal(game.fakes(), game.fakes(game.fixed_z, y[16:32]))


def test_a_game_hears_the_descriptions(faces):
    heard = []
    game = described_game(faces)
    game.D.register_forward_hook(lambda D, inputs, _: heard.append(inputs))
    game.step()
    y = conditioning.description(conditioning.answers(faces))
    pictures = faces.scaled()
    for x, label in heard[:1]:      # the real ones: with the descriptions of the very faces
        places = torch.cdist(x.flatten(1), pictures.flatten(1)).argmin(1)
        assert torch.equal(label, y[places])


@pytest.mark.parametrize("classes, says", [
    (0, "This network has no classes"), (10, r"y must have the shape \(16, 10\), .* \(16, 45\)"),
    (46, "D is told of 46 classes and G of 46, and the samples have 45. Make both .*classes=45")])
def test_networks_that_are_told_something_else_are_refused(faces, classes, says):
    told = {"size": 32, "channels": 3, "width": 4, "hidden": 8, "classes": classes}
    with pytest.raises(ValueError, match=says):
        conditioning.DescribedGame(models.ConvDiscriminator(**told),
                                   models.ConvGenerator(4, **told),
                                   conditioning.described(faces)).step()


def test_a_marked_game_marks_its_noise_with_every_class_and_keeps_it_from_D(digits):
    torch.manual_seed(0)
    game = MarkedGame(models.ConvDiscriminator(width=4), models.ConvGenerator(14, width=4), digits,
                      batch_size=8)
    z = game.noise(400)
    assert z.shape == (400, 14)
    marks = (z[:, :10] == 4).long()
    assert (marks.sum(1) == 1).all() and (z[:, :10].sum(1) == 4).all()
    assert marks.argmax(1).unique().tolist() == list(range(10))
    assert (z[:, 10:].std() - 1).abs() < 0.1
    judged = []
    game.D.register_forward_hook(lambda D, inputs, _: judged.append(inputs))
    game.play(steps=2, progress=False)
    assert len(judged) >= 6 and all(len(inputs) == 1 for inputs in judged)  # no label anywhere


# --- is it as asked? ----------------------------------------------------------------------------

def test_agreement_counts_for_each_question_what_the_judge_sees(judge):
    last = {question: len(names) - 1 for question, names in ANSWERS.items()}
    found = {question: torch.tensor([place, place, 0, place]) for question, place in last.items()}
    x = torch.zeros(4, 3, 16, 16)
    assert conditioning.agreement(judge, x, found) == dict.fromkeys(ANSWERS, 0.75)
    assert conditioning.agreement(judge, x, {"hat": found["hat"]}) == {"hat": 0.75}
    larger = torch.zeros(4, 3, 32, 32)                      # is shrunk to the judge's size
    assert conditioning.agreement(judge, larger, {"hat": found["hat"]}) == {"hat": 0.75}


@pytest.mark.parametrize("x, found, says", [
    (torch.zeros(4, 3, 16, 16), {"nose": torch.zeros(4).long()}, "question must be one of 'skin'"),
    (torch.zeros(4, 3, 16, 16), {"hat": torch.zeros(3).long()}, r"y must have the shape \(4\)"),
    (torch.zeros(4, 1, 16, 16), {"hat": torch.zeros(4).long()}, r"x must have the shape \(any, 3,"),
    (torch.full((4, 3, 16, 16), 255.0), {"hat": torch.zeros(4).long()}, r"pictures in \[-1, 1\]"),
])
def test_agreement_of_what_does_not_fit_is_refused(judge, x, found, says):
    with pytest.raises(ValueError, match=says):
        conditioning.agreement(judge, x, found)


def test_the_table_counts_what_is_seen_of_each_label_and_purity_reads_it():
    y = torch.tensor([0, 0, 0, 1, 1, 2])
    probability = torch.eye(3)[[2, 2, 0, 1, 1, 1]]
    table = conditioning.seen_of_asked(probability, y)
    assert table.tolist() == [[1, 0, 2], [0, 2, 0], [0, 1, 0]] and table.dtype == torch.int64
    assert conditioning.share_as_asked(probability, y) == pytest.approx(3 / 6)
    assert conditioning.purity(table) == pytest.approx(5 / 6)
    swapped = conditioning.seen_of_asked(torch.eye(3)[[1, 1, 1, 2, 2, 0]], y)
    assert conditioning.purity(swapped) == 1                # sorted, under other names
    assert conditioning.purity(torch.eye(4)) == 1
    assert conditioning.purity(torch.tensor([[9, 0], [7, 4]])) == pytest.approx(16 / 20)
    assert conditioning.purity(torch.ones(4, 4)) == 0.25


# --- labels ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("call, says", [
    (lambda: conditioning.marked(torch.zeros(2, 9), torch.zeros(2).long()), "z_dim must be at lea"),
    (lambda: conditioning.marked(torch.zeros(2, 12), torch.zeros(3).long()), r"the shape \(2\)"),
    (lambda: conditioning.mixed_label(3, 10, 0.5), "the class b must be from 0 to 9, .* 10"),
    (lambda: conditioning.mixed_label("3", 8, 0.5), "the class a must be a whole number"),
    (lambda: conditioning.mixed_label(3, 8, "half"), "t must be a number"),
    (lambda: conditioning.typed("12a4"), "the digits 0 to 9 alone, but this one holds a."),
    (lambda: conditioning.typed("1.5-x"), "but this one holds - . x."),
    (lambda: conditioning.typed("²3"), "but this one holds ²."),
    (lambda: conditioning.typed("٣"), "but this one holds ٣."),
    (lambda: conditioning.typed(""), "Type from 1 to 16 digits, such as 2026, but these are none"),
    (lambda: conditioning.typed("  "), "but these are none"),
    (lambda: conditioning.typed("1" * 17), "but these are 17"),
    (lambda: conditioning.typed(2026), 'as text, such as "2026", but it is 2026'),
    (lambda: conditioning.drawn("##\n##"), r"8 lines of 8 signs, .* lines of \[2, 2\] signs"),
    (lambda: conditioning.asked({}, nose="long"), "about a face must be one of 'skin'.*'nose'"),
    (lambda: conditioning.asked({}, hat="helmet"), "hat must be one of 'none', 'cap', 'beanie'"),
    (lambda: conditioning.asked({}, hat=2), "hat must be one of 'none', 'cap', 'beanie'"),
])
def test_wrong_labels_are_told_in_one_sentence(call, says):
    with pytest.raises((TypeError, ValueError), match=says) as told:
        call()
    assert "\n" not in str(told.value)


def test_a_number_is_read_digit_by_digit_and_its_spaces_are_dropped():
    assert conditioning.typed("2026").tolist() == [2, 0, 2, 6]
    assert conditioning.typed(" 030 90\t18 ").tolist() == [0, 3, 0, 9, 0, 1, 8]
    assert conditioning.typed("7").dtype == torch.int64


def test_what_is_asked_changes_for_all_and_the_rest_stays(faces):
    found = conditioning.answers(faces)
    before = {question: y.clone() for question, y in found.items()}
    changed = conditioning.asked(found, hat="beanie", smile="happy")
    assert changed["hat"].tolist() == [2] * 200 and changed["smile"].tolist() == [2] * 200
    for question in ANSWERS:
        assert torch.equal(found[question], before[question])
        assert question in ("hat", "smile") or changed[question] is found[question]


def test_the_logit_with_a_label_is_that_of_the_librarys_D(digits):
    torch.manual_seed(0)
    D = models.ConvDiscriminator(width=4, hidden=9, classes=10)
    x, y = digits.batch(5, with_labels=True)
    neurons = D.layers[:-1](x)
    found = conditioning.told_logit(neurons, nn.functional.one_hot(y, 10).float(), D.layers[-1],
                                    D.projection)
    torch.testing.assert_close(found, D(x, y))


def test_a_drawing_has_ink_where_there_are_signs():
    empty, full = conditioning.drawn("........\n" * 8), conditioning.drawn("########\n" * 8)
    assert empty.shape == (1, 1, 16, 16) and empty.max() < -0.999 and full.min() > 0.999
    corner = conditioning.drawn("###.....\n" * 3 + "........\n" * 5)
    assert corner[0, 0, 1, 1] > 0.9 and corner[0, 0, 12, 12] < -0.9


# --- own labels: the cell for at home ------------------------------------------------------------

def test_the_game_with_labels_takes_a_folder_of_photographs_by_one_line(tmp_path):
    """Subfolders are classes; a photograph may lie on its side, as its camera noted (EXIF)."""
    random = np.random.default_rng(0)
    for place, name in enumerate(("cats", "dogs")):
        (tmp_path / name).mkdir()
        for number in range(3):
            picture = Image.fromarray(random.integers(0, 255, (40, 50, 3), np.uint8))
            exif = Image.Exif()
            exif[0x0112] = 6 if number else 1
            file = io.BytesIO()
            picture.save(file, "jpeg", exif=exif)
            (tmp_path / name / f"{place}{number}.jpg").write_bytes(file.getvalue())
    mine = data.pictures(tmp_path, size=32, device="cpu")
    assert mine.class_names == ("cats", "dogs")
    told = {"size": mine.size, "channels": mine.channels, "classes": len(mine.class_names)}
    game = training.Game(models.ConvDiscriminator(width=4, **told),
                         models.ConvGenerator(4, width=4, **told), mine, batch_size=4)
    game.play(steps=2, progress=False)
    assert game.fakes(normal(3, 4), torch.tensor([0, 1, 1])).shape == (3, 3, 32, 32)


def test_one_label_more_or_less_than_the_networks_know_is_said(digits):
    told = {"size": 16, "channels": 1, "width": 4, "classes": 9}
    game = training.Game(models.ConvDiscriminator(**told), models.ConvGenerator(4, **told), digits,
                         batch_size=60)
    with pytest.raises(ValueError, match="y must hold class numbers, int64 from 0 to 8, but"):
        for _ in range(5):
            game.step()
