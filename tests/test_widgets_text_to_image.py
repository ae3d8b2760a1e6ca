"""The tool of the notebook text_to_image, driven without a browser."""

import html

import ipywidgets
import numpy as np
import pytest
import torch

from gan_lib import conditioning, data, latent, models, sentences, words
from gan_lib.widgets.describe import KEEP, Describe
from widget_tools import buttons, every_widget, undisturbed

KNOWN = sentences.vocabulary(data.load("faces", n=300, device="cpu").captions)
SENTENCE = "A smiling person with tan skin, long red hair and a blue shirt."


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    made = words.FaceFromWords(KNOWN, z_dim=8, size=32, width=4, hidden=16)
    for parameter in made.G.parameters():  # untrained, it would draw nothing but grey
        parameter.data *= 2
    made.encoder.layer.weight.data *= 30
    return made.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def classifier():
    torch.manual_seed(0)
    counts = {question: len(names) for question, names in conditioning.ANSWERS.items()}
    return models.Classifier(counts, 32, 3, width=4).eval().requires_grad_(False)


@pytest.fixture
def tool(network, classifier):
    made = Describe(network, classifier, SENTENCE, pictures=3)
    made.show()
    return made


def faces(picture, row_height=232, top=0):
    """Cut a row of pictures out of the tool's, at their own resolution: int (3, 32, 32, 3)."""
    return np.stack([picture[top + 4:top + 228, left + 4:left + 228][::7, ::7]
                     for left in range(0, 3 * row_height, row_height)]).astype(int)


def pixels(x):
    return np.round((x.permute(0, 2, 3, 1).numpy() + 1) * 127.5).astype(int)


def expected(network, sentence, seed=0):
    y = words.settled(network.encoder.read([sentence] * 3), seed)
    return network.G(latent.draw(3, 8, seed), y)


def test_what_is_seen_is_said_to_readers_of_the_screen_as_long_as_the_tool_lives(tool):
    before = tool.spoken.value
    assert f'aria-label="{html.escape(tool.alt())}"' in before
    tool.sentence.value = "A sad person with red hair."
    assert tool.spoken.value != before
    assert f'aria-label="{html.escape(tool.alt())}"' in tool.spoken.value
    assert html.escape(tool.seen[0][0]) in tool.spoken.value


def test_the_faces_are_those_of_the_sentence(tool, network, classifier):
    x = expected(network, SENTENCE)
    assert np.abs(faces(tool.array()) - pixels(x)).max() <= 1
    assert tool.message.value == html.escape(f"Asked: {SENTENCE}")
    assert tool.seen == [words.describe(classifier, x)]
    assert all(seen in tool.alt() for seen in tool.seen[0]) and SENTENCE in tool.alt()


def test_what_is_seen_stands_under_each_face(tool):
    below = tool.array()[232:]
    assert below.shape[0] > 50
    assert all((below[:, left:left + 232] < 128).any() for left in (0, 232, 464))


def test_another_sentence_draws_other_faces(tool, network):
    other = "a sad person, dark skin, a cap, a green shirt"
    tool.sentence.value = other
    assert np.abs(faces(tool.array()) - pixels(expected(network, other))).max() <= 1
    assert undisturbed(tool) and other in tool.alt()


@pytest.mark.parametrize("wrong, says", [
    ("A happy person with red hair", "“happy” (near: smiling)"),
    ("blonde hair and a hat", "“hat” (near: cap, beanie)"),
    ("", "There is no word here"), (" ... ", "There is no word here"),
    ("<b>x</b>", "“b”, “x”")])
def test_what_cannot_be_read_is_said_and_the_faces_stay(tool, wrong, says):
    before = tool.array()
    tool.sentence.value = wrong
    assert says in html.unescape(tool.message.value)
    assert (tool.array() == before).all() and tool.asked == [SENTENCE]
    tool.sentence.value = "red hair"
    assert tool.problem == "" and tool.asked == ["red hair"]


def test_a_word_is_exchanged_and_the_noise_stays(tool, network):
    assert tool.word.options == (KEEP, "2: smiling", "5: tan", "7: long", "8: red", "12: blue")
    tool.word.value = "8: red"
    assert tool.other.options == ("black", "brown", "blond", "grey")
    tool.other.value = "blond"
    swapped = SENTENCE.replace("red", "blond")
    assert tool.asked == [SENTENCE, swapped]
    picture, first = tool.array(), expected(network, SENTENCE)
    second = expected(network, swapped)
    height = 32 + 232
    for row, x in enumerate([first, second]):
        assert np.abs(faces(picture, top=row * height + 32) - pixels(x)).max() <= 1
    difference = (first - second).abs().mean(1).numpy()
    dark = 255 - faces(picture, top=2 * height + 32)[..., 0]
    assert np.abs(dark - 255 * np.clip(difference, 0, 1)).max() <= 1
    share = (difference > 0.1).mean()
    assert f"changes {share:.0%} of the pixels" in tool.alt() and share > 0
    tool.word.value = KEEP
    assert tool.asked == [SENTENCE] and undisturbed(tool)


def test_a_new_sentence_forgets_the_exchange(tool):
    tool.word.value = "5: tan"
    tool.sentence.value = "A calm person with round glasses."
    assert tool.word.value == KEEP and tool.word.options == (KEEP, "2: calm", "5: round")
    assert tool.asked == ["A calm person with round glasses."]


def test_new_noise_draws_others_of_the_same_sentence(tool, network):
    buttons(tool)["New noise"].click()
    assert np.abs(faces(tool.array()) - pixels(expected(network, SENTENCE, 1))).max() <= 1
    assert tool.alt().startswith("Noise 1:") and undisturbed(tool)


def test_the_sentence_can_be_typed_in_the_page(tool):
    text, = [w for w in every_widget(tool.box) if isinstance(w, ipywidgets.Text)]
    text._handle_msg({"content": {"data": {"method": "update", "state": {"value": "grey hair"},
                                           "buffer_paths": []}}, "buffers": []})
    assert tool.asked == ["grey hair"]


@pytest.mark.parametrize("make, says", [
    (lambda n, c: Describe(3, c), "network must be a words.FaceFromWords"),
    (lambda n, c: Describe(n, n), "classifier must be a classifier"),
    (lambda n, c: Describe(n, c, "purple rain"), "never had “purple”"),
    (lambda n, c: Describe(n, c, ""), "There is no word here"),
    (lambda n, c: Describe(n, c, pictures=0), "pictures must be from 1 to 5")])
def test_wrong_arguments_are_refused(network, classifier, make, says):
    with pytest.raises((TypeError, ValueError), match=says):
        make(network, classifier)
