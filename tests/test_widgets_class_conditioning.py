"""The tools of the notebook class_conditioning, driven without a browser."""

import numpy as np
import pytest
import torch

from gan_lib import conditioning, figures, latent
from gan_lib.widgets.asked_face import NAMES, AskedFace
from gan_lib.widgets.class_slider import ClassSlider
from gan_lib.widgets.handwriting import Handwriting
from widget_tools import buttons, judge_of_digits, judge_of_faces, of_digits, of_faces, undisturbed


@pytest.fixture
def G():
    return of_digits().eval()


def pixels(x, scale):
    """Return one picture (C, H, W) in [-1, 1] as the screen shows it, each pixel enlarged."""
    grey = ((x.detach().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return grey.expand(3, -1, -1).permute(1, 2, 0).numpy().repeat(scale, 0).repeat(scale, 1)


def one_hot(k):
    return torch.eye(10)[[k]]


# --- from one class to another ------------------------------------------------------------------

@pytest.mark.parametrize("t, y", [(0.0, one_hot(2)), (1.0, one_hot(7)),
                                  (0.25, 0.75 * one_hot(2) + 0.25 * one_hot(7))])
def test_the_large_picture_is_the_fake_of_the_mixed_label(G, t, y):
    tool = ClassSlider(G, first=2, second=7, seed=4)
    tool.way.value = t
    tool.refresh()
    fake = G(latent.draw(1, 8, 4), y)[0]
    shown = tool.array()[36:36 + 256, 4:4 + 256]        # under its name, inside its frame
    assert np.abs(shown.astype(int) - pixels(fake, 16)).max() <= 1


def test_the_small_pictures_go_from_the_first_class_to_the_second(G):
    tool = ClassSlider(G, first=2, second=7, seed=4)
    tool.refresh()
    strip = tool.array()[-84:]
    for place, y in ((0, one_hot(2)), (8, one_hot(7)), (4, (one_hot(2) + one_hot(7)) / 2)):
        fake = pixels(G(latent.draw(1, 8, 4), y)[0], 5)
        shown = strip[:80, 88 * place + 4:88 * place + 84]
        assert np.abs(shown.astype(int) - fake).max() <= 1


def test_the_controls_change_the_picture_and_the_button_the_noise(G):
    tool = ClassSlider(G, judge_of_digits())
    tool.refresh()
    seen = [tool.array()]
    for action in (lambda: setattr(tool.first, "value", 0),
                   lambda: setattr(tool.second, "value", 1),
                   lambda: setattr(tool.way, "value", 0.9), buttons(tool)["New z"].click):
        action()
        seen.append(tool.array())
        assert (seen[-1] != seen[-2]).any() and undisturbed(tool)
    assert tool.seed == 1 and torch.allclose(tool.y, 0.1 * one_hot(0) + 0.9 * one_hot(1))


def test_the_alt_text_says_where_the_slider_is_and_what_the_judge_sees(G):
    judge = judge_of_digits()
    tool = ClassSlider(G, judge, first=2, second=7, seed=4)
    tool.way.value = 0.25
    probability = judge(G(tool.z, tool.y))["digit"].softmax(1)[0]
    seen = f"the judge sees the digit {probability.argmax()} ({probability.max():.0%})"
    assert "25% of the way from the class 2 to the class 7" in tool.alt() and seen in tool.alt()
    assert tool.caption().lower().startswith(seen)
    assert "judge" not in ClassSlider(G).alt() and ClassSlider(G).caption() == ""


def test_the_page_s_network_draws_the_same_from_its_plan(G):
    """Noise and label are one vector there: it starts at `rest` and goes along one direction."""
    tool = ClassSlider(G, first=2, second=7, seed=4)
    plan = tool.plan()
    for t in (0.0, 0.3, 1.0):
        inside = torch.tensor(plan["rest"]) + t * torch.tensor(plan["directions"][0])
        torch.testing.assert_close(G.layers(inside[None]), tool.fakes(tool.label(t)))
    for number, small in enumerate(plan["pictures"][1:]):
        torch.testing.assert_close(G.layers(torch.tensor([small["z"]])),
                                   tool.fakes(tool.label(number / 8)))


def test_the_page_draws_where_the_kernel_draws(G):
    tool = ClassSlider(G)
    tool.refresh()
    picture, plan = tool.array(), tool.plan()["pictures"]
    for place in plan:
        frame = picture[place["top"] - 1, place["left"]], picture[place["top"], place["left"] - 1]
        for pixel in frame:
            assert "#{:02X}{:02X}{:02X}".format(*pixel) == figures.FAKE


# --- a number in handwriting --------------------------------------------------------------------

def test_each_digit_of_the_number_is_the_fake_of_its_class(G):
    tool = Handwriting(G, "207", seed=3)
    tool.refresh()
    z = latent.draw(16, 8, 3)[:3]
    expected = figures.tile(G(z, torch.tensor([2, 0, 7])), columns=3, scale=16, gap=2,
                            frame=figures.FAKE)
    assert np.abs(tool.array().astype(int) - expected).max() <= 1
    assert tool.alt() == ("The number 207 as 3 fakes, noise of its own for each digit (seed 3).")


def test_with_one_hand_equal_digits_look_the_same(G):
    tool = Handwriting(G, "33")
    first, second = tool.fakes()
    assert not torch.allclose(first, second)
    tool.one_hand.value = True
    first, second = tool.fakes()
    torch.testing.assert_close(first, second)
    assert "the same noise for all" in tool.alt()


@pytest.mark.parametrize("wrong, says", [
    ("12a4", "A number is written with the digits 0 to 9 alone, but this one holds a."),
    ("<b>", "but this one holds &lt; &gt; b."), ("", "Type from 1 to 16 digits"),
    ("1" * 17, "but these are 17.")])
def test_what_cannot_be_written_is_said_and_the_last_number_stays(G, wrong, says):
    tool = Handwriting(G, "2026")
    tool.refresh()
    before = tool.array()
    tool.text.value = wrong
    assert says in tool.message.value and "Error" not in tool.message.value
    assert (tool.array() == before).all() and "2026" in tool.alt()
    tool.text.value = "41"
    assert tool.message.value == "" and "41" in tool.alt()
    assert tool.array().shape != before.shape


def test_written_again_the_number_stays_and_the_pictures_change(G):
    tool = Handwriting(G, "2026")
    tool.refresh()
    before = tool.array()
    buttons(tool)["Write again"].click()
    assert tool.array().shape == before.shape and (tool.array() != before).any()
    assert "2026" in tool.alt()


@pytest.mark.parametrize("text", ["7", "2026", "0170 123 4567", "1" * 16])
def test_a_number_of_any_length_fits_the_window(G, text):
    tool = Handwriting(G, text)
    tool.refresh()
    assert 250 <= tool.array().shape[1] <= 1488


# --- faces to order -----------------------------------------------------------------------------

@pytest.fixture
def face():
    return AskedFace(of_faces(), judge_of_faces(), seed=5)


def test_the_face_is_the_fake_of_the_description_that_the_buttons_say(face):
    face.buttons["hat"].value = "beanie"
    face.buttons["gaze_x"].value = "left"
    y, start = torch.zeros(1, 45), 0
    for question, names in conditioning.ANSWERS.items():
        y[0, start + names.index(face.buttons[question].value)] = 1
        start += len(names)
    fake = face.G.eval()(latent.draw(1, 8, 5), y)[0]
    shown = face.array()[36:36 + 256, -260:-4]
    grey = ((fake.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0)
    assert np.abs(shown.astype(int) - grey.numpy().repeat(16, 0).repeat(16, 1)).max() <= 1


def test_beside_the_face_stands_the_one_before_the_last_press(face):
    face.refresh()
    for question, answer in (("hat", "cap"), ("smile", "happy"), ("skin", "dark")):
        now = face.array()[36:-4, -260:-4]
        face.buttons[question].value = answer
        shown = face.array()
        assert (shown[36:-4, 4:260] == now).all() and (shown[36:-4, -260:-4] != now).any()
        face.refresh()                                  # nothing new: nothing moves
        assert (face.array() == shown).all() and undisturbed(face)


def test_every_question_has_buttons_with_its_answers(face):
    assert face.buttons.keys() == conditioning.ANSWERS.keys() == NAMES.keys()
    for question, names in conditioning.ANSWERS.items():
        assert tuple(face.buttons[question].options) == names
        assert face.buttons[question].value in names


def test_new_noise_keeps_the_answers_and_another_person_keeps_the_noise(face):
    face.refresh()
    asked, z, before = face.found, face.z, face.array()
    buttons(face)["New z"].click()
    assert face.found == asked and not torch.equal(face.z, z)
    assert (face.array() != before).any()
    z = face.z
    buttons(face)["Another person"].click()
    assert face.found != asked and torch.equal(face.z, z) and undisturbed(face)


def test_the_judge_s_verdict_names_what_is_not_as_asked(face):
    judge = face.classifier
    for layer in judge.answers.values():                # a judge that sees what its bias says
        layer.weight.data.zero_()
        layer.bias.data.zero_()
    for question, found in face.found.items():
        judge.answers[question].bias.data[found.item()] = 1
    assert face.caption() == "The judge sees all 12 answers as asked."
    face.ask(hat="cap", smile="happy")
    assert "Before it was hat none, smile calm. The judge sees" in face.alt()
    assert face.caption() == ("The judge sees 10 of 12 answers as asked, but hat none, "
                              "smile calm.")
    assert "hat cap" in face.alt() and "but hat none, smile calm" in face.alt()


@pytest.mark.parametrize("wrong, says", [({"hat": "helmet"}, "hat must be one of 'none', 'cap'"),
                                         ({"nose": "long"}, "the question about a face must be")])
def test_an_unknown_answer_is_refused_and_no_button_is_pressed(face, wrong, says):
    before = face.found
    with pytest.raises(ValueError, match=says):
        face.ask(smile="happy", **wrong)
    assert face.found == before
