"""A description becomes a picture: encoders, conditions, the game with mismatched pairs."""

import copy
import re

import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from gan_lib import checkpoints, conditioning, data, losses, models, sentences, words
from gan_lib.data import face_drawing
from gan_lib.stand_ins import SameFakes, given

FACES = data.load("faces", n=300, seed=5, device="cpu")
KNOWN = sentences.vocabulary(FACES.captions)
ROWS = sentences.numbers(FACES.captions, KNOWN)


def encoder(kind="bag", seed=0):
    torch.manual_seed(seed)
    return words.ENCODERS[kind](KNOWN)


def networks(seed=0, width=4):
    torch.manual_seed(seed)
    return (models.ConvDiscriminator(32, 3, width=width, hidden=16, classes=words.CLASSES),
            models.ConvGenerator(4, 32, 3, width=width, hidden=16, classes=words.CLASSES))


def captioned(seed=0):
    return words.captioned(FACES, encoder(seed=seed))


# --- encoders -----------------------------------------------------------------------------------

def test_the_bag_encoder_is_a_linear_layer_on_the_bag():
    made = encoder()
    for sentence in FACES.captions[:5]:
        bag = sentences.bag(sentences.tokens(sentence), KNOWN)
        expected = made.layer.weight @ bag + made.layer.bias
        torch.testing.assert_close(made(sentences.numbers([sentence], KNOWN))[0], expected)


def test_the_bag_forgets_the_order_and_the_recurrent_encoder_does_not():
    pair = ["red hair and a blue shirt", "blue hair and a red shirt"]
    for kind, same in (("bag", True), ("recurrent", False)):
        first, second = encoder(kind).read(pair)
        assert torch.equal(first, second) == same


@pytest.mark.parametrize("kind", words.ENCODERS)
def test_what_fills_a_row_up_plays_no_role(kind):
    made = encoder(kind)
    alone = made.read(FACES.captions[:1])
    beside = made.read([FACES.captions[0], max(FACES.captions, key=len)])
    torch.testing.assert_close(alone[0], beside[0])


@pytest.mark.parametrize("kind", words.ENCODERS)
def test_a_condition_holds_probabilities_question_by_question(kind):
    y = encoder(kind).read(FACES.captions[:7])
    assert y.shape == (7, 48) and (y >= 0).all()
    for part in y.split(words.COUNTS, 1):
        torch.testing.assert_close(part.sum(1), torch.ones(7))


def test_a_step_goes_down_the_sum_of_the_cross_entropies():
    made, right = encoder("recurrent"), words.answers(FACES.attributes)
    logits = made(ROWS).split(words.COUNTS, 1)
    expected = sum(F.nll_loss(part.log_softmax(1), y) for part, y in zip(logits, right.values()))
    slope, = torch.autograd.grad(expected, made.layer.weight, retain_graph=True)
    before = made.layer.weight.detach().clone()
    optimizer = torch.optim.SGD(made.parameters(), lr=0.1)
    loss = words.encoder_step(made, ROWS, right, optimizer)
    torch.testing.assert_close(loss, expected.detach())
    torch.testing.assert_close(made.layer.weight.detach(), before - 0.1 * slope)
    assert words.encoder_step(made, ROWS, right, optimizer) < loss


def test_a_taught_bag_answers_what_captions_say():
    made, right = encoder(), words.answers(FACES.attributes)
    optimizer = torch.optim.Adam(made.parameters(), 0.05)
    for _ in range(150):
        words.encoder_step(made, ROWS, right, optimizer)
    people = face_drawing.sample(400, seed=77)
    rows = sentences.numbers(face_drawing.captions(people), KNOWN)
    shares = words.right_shares(made, rows, people)
    assert shares.keys() == sentences.ANSWERS.keys() and min(shares.values()) > 0.95
    seen = words.understood(made.read(["A sad person with dark skin, curly grey hair, a cap and a "
                                       "green shirt, looking down."])[0])
    assert seen["skin"] == "dark" and seen["smile"] == "sad" and seen["shirt"] == "green"
    assert (seen["hair_style"], seen["hair_colour"], seen["hat"]) == ("curly", "grey", "cap")
    assert (seen["glasses"], seen["gaze_y"]) == ("none", "down")


# --- what is left open ----------------------------------------------------------------------------

def test_lots_decide_what_is_open_as_often_as_it_is_probable():
    y = torch.zeros(4000, 48)
    for start in [0, *torch.tensor(words.COUNTS).cumsum(0).tolist()[:-1]]:
        y[:, start] = 1  # the first answer to each question is sure …
    y[:, :6] = torch.tensor([0.5, 0.2, 0.0, 0.3, 0.0, 0.0])  # … but of the skin
    settled = words.settled(y, seed=1)
    assert set(settled.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(settled[:, 6:], y[:, 6:])
    torch.testing.assert_close(settled[:, :6].mean(0), y[0, :6], atol=0.03, rtol=0)
    assert torch.equal(settled, words.settled(y, seed=1))
    assert not torch.equal(settled, words.settled(y, seed=2))


def test_a_word_changes_only_the_lots_of_its_own_question():
    open_, sure = torch.full((50, 48), 0.0), torch.zeros(6)
    open_[:] = torch.cat([torch.full((count,), 1 / count) for count in words.COUNTS])
    sure[2] = 1
    other = open_.clone()
    other[:, :6] = sure
    a, b = words.settled(open_, 3), words.settled(other, 3)
    assert torch.equal(a[:, 6:], b[:, 6:]) and not torch.equal(a[:, :6], b[:, :6])


def test_what_a_caption_does_not_say_is_filled_in_from_the_picture():
    made = encoder()
    y, read = words.captioned(FACES, made).y, made.read(FACES.captions)
    right, said = words.answers(FACES.attributes), sentences.said(FACES.attributes)
    assert torch.equal(right["tilt"], conditioning.answers(FACES)["tilt"])
    start = 0
    for question, count in zip(words.ANSWERS, words.COUNTS):
        part = slice(start, start + count)
        for i in range(50):
            heard = question in said and bool(said[question][i])
            expected = read[i, part] if heard else F.one_hot(right[question][i], count).float()
            torch.testing.assert_close(y[i, part], expected)
        start += count
    assert start == 48 and len(words.Captioned.class_names) == 48


# --- the game -------------------------------------------------------------------------------------

def test_no_picture_keeps_its_words():
    y = torch.arange(10.0).view(5, 2)
    assert torch.equal(words.mismatched(y), y[[4, 0, 1, 2, 3]])


def test_the_loss_has_three_terms_of_which_the_wrong_ones_count_half():
    torch.manual_seed(0)
    right, wrong, fake = torch.randn(3, 9, dtype=torch.float64).unbind(0)
    p, q, r = (part.sigmoid() for part in (right, wrong, fake))
    expected = -p.log().mean() - 0.5 * (1 - q).log().mean() - 0.5 * (1 - r).log().mean()
    torch.testing.assert_close(words.matching_loss(right, wrong, fake), expected)


def test_a_step_moves_d_alone_down_the_loss_of_the_three_pairs():
    D, G = networks()
    real, y, z = FACES.scaled()[:6], captioned().y[:6], torch.randn(6, 4)
    twin, before = copy.deepcopy(D), copy.deepcopy(G.state_dict())
    optimizer = torch.optim.SGD(D.parameters(), lr=0.01)
    loss, right, fake = words.matching_step(D, given(G, y), real, y, z, optimizer, r1=0.5)
    expected = words.matching_loss(twin(real, y), twin(real, y.roll(1, 0)), twin(G(z, y), y))
    torch.testing.assert_close(loss, expected.detach())
    x = real.clone().requires_grad_(True)
    slope, = torch.autograd.grad(twin(x, y).sum(), x, create_graph=True)
    whole = expected + 0.25 * slope.square().sum((1, 2, 3)).mean()
    for moved, still, gradient in zip(D.parameters(), twin.parameters(),
                                      torch.autograd.grad(whole, twin.parameters())):
        torch.testing.assert_close(moved.detach(), (still - 0.01 * gradient).detach(),
                                   atol=1e-5, rtol=1e-4)
    assert all(torch.equal(value, before[key]) for key, value in G.state_dict().items())
    torch.testing.assert_close(right, twin(real, y).detach())
    torch.testing.assert_close(fake, twin(G(z, y), y).detach())


def test_the_game_takes_that_step_and_then_the_generator_s_own(monkeypatch):
    D, G = networks()
    game = words.MatchingGame(D, G, captioned(), batch_size=5, r1=0.0, bfloat16=False)
    calls = []
    step = words.matching_step

    def watched(D, G, real, y, z, optimizer, r1):
        calls.append((type(D), real.shape, y.shape, isinstance(G, SameFakes)))
        return step(D, G, real, y, z, optimizer, r1)
    monkeypatch.setattr(words, "matching_step", watched)
    before = copy.deepcopy(game.G.state_dict())
    history = game.play(steps=3, progress=False)
    assert calls == [(models.ConvDiscriminator, (5, 3, 32, 32), (5, 48), True)] * 3
    assert len(history) == 3
    assert any(not torch.equal(value, before[key]) for key, value in game.G.state_dict().items())


def test_a_d_that_is_shown_wrong_words_comes_to_hear_them():
    # Two kinds of pictures, which the words tell apart; no generator is in the way.
    torch.manual_seed(0)
    D, G = networks()
    y = torch.zeros(32, 48)
    y[::2, 0], y[1::2, 1] = 1, 1
    real = torch.where(torch.arange(32)[:, None, None, None] % 2 == 0, 0.5, -0.5) \
        + 0.1 * torch.randn(32, 3, 32, 32)
    optimizer = torch.optim.Adam(D.parameters(), 2e-3, (0.0, 0.99))
    for _ in range(60):
        words.matching_step(D, given(G, y), real, y, torch.randn(32, 4), optimizer)
    with torch.no_grad():
        assert (D(real, y) > D(real, y.roll(1, 0))).float().mean() > 0.95


# --- both in one network --------------------------------------------------------------------------

def small(kind="bag"):
    torch.manual_seed(0)
    return words.FaceFromWords(KNOWN, kind, z_dim=4, size=32, width=4, hidden=16).eval()


def test_noise_and_sentences_go_in_and_pictures_come_out():
    made = small()
    z, asked = torch.randn(3, 4), FACES.captions[:3]
    x = made(z, asked, seed=4)
    assert x.shape == (3, 3, 32, 32)
    y = words.settled(made.encoder.read(asked), 4)
    torch.testing.assert_close(x, made.G(z, y))
    with pytest.raises(ValueError, match="never had “dragon”"):
        made(z, ["a dragon"] * 3)
    with pytest.raises(ValueError, match="encoder must be one of 'bag', 'recurrent'"):
        words.FaceFromWords(KNOWN, "letters", z_dim=4)


@pytest.mark.parametrize("kind", words.ENCODERS)
def test_it_is_stored_with_its_vocabulary(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))
    made = small(kind)
    arguments = {"known": KNOWN, "encoder": kind, "z_dim": 4, "size": 32, "width": 4, "hidden": 16}
    checkpoints.save("net", made, arguments, folder=tmp_path)
    loaded = checkpoints.load("net", tmp_path)
    assert loaded.encoder.known == KNOWN
    torch.testing.assert_close(loaded.encoder.read(FACES.captions[:4]),
                               made.encoder.read(FACES.captions[:4]), atol=2e-3, rtol=0.01)


# --- pictures that describe themselves --------------------------------------------------------

class Oracle(models.Classifier):
    """Answers as it is told to, whatever the pictures: by the mean of the first channel."""

    def __init__(self, right, counts):
        super().__init__(counts, 32, 3, width=4)
        self.right, self.counts = right, counts

    def forward(self, x):
        places = (x[:, 0, 0, 0] * 1000).round().long()
        return {question: 20.0 * F.one_hot(self.right[question][places], count)
                for question, count in self.counts.items()}


def oracle(people):
    """Return a classifier that knows the truth about `people`, and pictures with their numbers."""
    faces = data.Faces("faces", people["hat"], ("none", "cap", "beanie"),
                       torch.zeros(len(people["hat"]), 3, 32, 32, dtype=torch.uint8), people,
                       face_drawing.landmarks(people))
    right = conditioning.answers(faces)
    counts = {question: len(names) for question, names in conditioning.ANSWERS.items()}
    x = (torch.arange(len(faces)) / 1000)[:, None, None, None].expand(-1, 3, 32, 32)
    return Oracle(right, counts).eval(), x, faces


def test_a_classifier_that_is_right_gives_the_captions_but_for_gaze():
    people = face_drawing.sample(80, seed=9)
    people["gaze_x"], people["mouth_open"] = torch.zeros(80), (people["mouth_open"] > 0.4) * 0.9
    judge, x, faces = oracle(people)
    people["gaze_y"] = torch.zeros(80)  # the classifier was not asked
    assert words.describe(judge, x) == face_drawing.captions(people)
    people["gaze_x"] = torch.full((80,), 0.9)
    judge, x, _ = oracle(people)
    assert all(re.search("looking to the right.$", said) for said in words.describe(judge, x))


def test_agreement_asks_only_what_the_caption_says():
    people = face_drawing.sample(300, seed=11)
    judge, x, faces = oracle(people)
    found = words.agreement(judge, x, faces)
    assert found.keys() == sentences.ANSWERS.keys() - {"gaze_y"}
    # From 0.35 to 0.4, captions call a mouth open and the classifier's question does not.
    assert 0.85 < found.pop("mouth_open") < 1 and set(found.values()) == {1.0}
    judge.right = {**judge.right, "glasses": torch.zeros_like(judge.right["glasses"])}
    none = words.agreement(judge, x, faces)
    assert none["glasses"] == 0  # half of the faces wear none, but no caption says so
    judge.right = {**judge.right, "skin": (judge.right["skin"] + 1) % 6}
    assert words.agreement(judge, x, faces)["skin"] == 0


def test_judges_answer_what_each_was_asked_and_the_first_comes_first():
    torch.manual_seed(0)
    first, second = (models.Classifier(questions, 32, 3, width=4).eval()
                     for questions in ({"hat": 3, "skin": 6}, {"gaze_y": 3, "hat": 3}))
    judges, x = words.Judges(first, second).eval(), torch.randn(5, 3, 32, 32)
    found = judges(x)
    assert found.keys() == judges.answers.keys() == {"hat", "skin", "gaze_y"}
    assert torch.equal(found["hat"], first(x)["hat"])
    assert torch.equal(found["gaze_y"], second(x)["gaze_y"])
    assert torch.equal(judges.features(x), first.features(x))
    assert judges.answers["hat"].out_features == 3 and judges.sample_shape == (3, 32, 32)


def test_with_a_judge_of_up_and_down_captions_and_agreement_have_them_too():
    people = face_drawing.sample(120, seed=4)
    people["gaze_x"] = torch.zeros(120)
    people["mouth_open"] = torch.where(people["mouth_open"] > 0.5, 0.9, 0.0)
    people["gaze_y"] = torch.tensor([-0.9, 0.1, 0.9]).repeat(40)
    judge, x, faces = oracle(people)
    assert not any("looking" in said for said in words.describe(judge, x))
    gaze = words.gaze(faces)
    assert torch.equal(gaze["gaze_y"], torch.tensor([0, 1, 2]).repeat(40))
    both = words.Judges(judge, Oracle(gaze, {"gaze_y": 3})).eval()
    assert words.describe(both, x) == face_drawing.captions(people)
    assert words.agreement(both, x, faces)["gaze_y"] == 1
    assert words.agreement(both, x.flip(0), faces)["gaze_y"] == 0


def test_d_hears_the_questions_that_its_logit_depends_on():
    y = words.captioned(FACES, encoder()).y
    said, start = sentences.said(FACES.attributes), dict(zip(words.ANSWERS, torch.tensor(
        [0, *words.COUNTS]).cumsum(0).tolist()))

    def hears_skin(x, y):
        """A D that knows every face's right skin, and is deaf to all else."""
        right = sentences.answers(FACES.attributes)["skin"]
        return y[torch.arange(len(y)), start["skin"] + right]
    y[:, :6] = F.one_hot(sentences.answers(FACES.attributes)["skin"], 6).float()
    found = words.heard(hears_skin, FACES, y)
    assert found.keys() == said.keys() and found.pop("skin") == 1
    assert set(found.values()) == {0.0}  # deaf: the same logit, so never a preference

    def hears_glasses(x, y):
        return y[:, start["glasses"] + 1]  # it likes round ones, whatever the face wears
    round_, square = (sentences.answers(FACES.attributes)["glasses"] == k for k in (1, 2))
    y[:, 17:20] = F.one_hot(sentences.answers(FACES.attributes)["glasses"], 3).float()
    assert start["glasses"] == 17
    share = (round_.sum() / (round_ | square).sum()).item()
    assert words.heard(hears_glasses, FACES, y)["glasses"] == pytest.approx(share)


def test_a_photograph_gets_a_description_but_cannot_be_trained_with(tmp_path):
    torch.manual_seed(0)
    for i in range(2):
        pixels = torch.randint(0, 256, (60, 40, 3), dtype=torch.uint8).numpy()
        exif = Image.Exif()
        exif[0x0112] = 6  # to be turned
        Image.fromarray(pixels).save(tmp_path / f"{i}.jpg", exif=exif)
    mine = data.pictures(tmp_path, size=32)
    judge = models.Classifier({question: len(names) for question, names in
                               conditioning.ANSWERS.items()}, 32, 3, width=4).eval()
    said = words.describe(judge, mine.scaled().cpu())
    assert len(said) == 2 and all(one.startswith("A ") and " person with " in one for one in said)
    with pytest.raises(TypeError, match="faces must be drawn ones"):
        words.captioned(mine, encoder())


def test_losses_are_the_course_s():
    assert words.matching_loss(*torch.zeros(3, 4)).item() == pytest.approx(
        losses.discriminator_loss(torch.zeros(4), torch.zeros(4)).item())


@pytest.mark.parametrize("call, says", [
    (lambda: words.captioned(data.load("digits", n=20, device="cpu"), encoder()),
     "faces must be drawn ones"),
    (lambda: words.settled(torch.zeros(3, 38)), r"y must have the shape \(any, 48\)"),
    (lambda: words.settled(torch.zeros(3, 48), -1), "seed must be at least 0"),
    (lambda: words.settled([0.5] * 48), "y must be a tensor"),
    (lambda: encoder().read("red hair"), "sentences must be a list of texts"),
    (lambda: encoder().read(["red hair", ""]), "There is no word here"),
    (lambda: encoder().read(["red hair", None]), "A sentence is a text, but this is NoneType")])
def test_wrong_arguments_are_told(call, says):
    with pytest.raises((TypeError, ValueError), match=says):
        call()
