"""Lesson codes: every game has one, and a slip of the tongue is noticed."""

import itertools
import random

import pytest

from gan_lib import lesson_codes
from gan_lib.arena import CHOICES, Settings
from gan_lib.lesson_codes import SIGNS


def anything(seed: int) -> dict:
    chosen = random.Random(seed)
    return {name: chosen.choice(possible) for name, possible in CHOICES.items()}


@pytest.mark.parametrize("seed", range(200))
def test_what_is_encoded_is_decoded(seed):
    settings = anything(seed)
    code = lesson_codes.encode(settings, CHOICES)
    assert len(code) <= 12
    assert lesson_codes.decode(code, CHOICES) == settings
    assert lesson_codes.decode(f" {code.lower().replace('-', ' ')} ", CHOICES) == settings


@pytest.mark.parametrize("last", [True, False])
def test_the_first_and_the_last_of_all_settings_have_a_code(last):
    settings = {name: possible[-1 if last else 0] for name, possible in CHOICES.items()}
    assert lesson_codes.decode(lesson_codes.encode(settings, CHOICES), CHOICES) == settings


def test_every_wrong_sign_and_every_swap_of_two_neighbours_is_noticed():
    signs = lesson_codes.encode(anything(1), CHOICES).replace("-", "")
    wrong = [signs[:place] + sign + signs[place + 1:]
             for place, sign in itertools.product(range(len(signs)), SIGNS)]
    wrong += [signs[:i] + signs[i + 1] + signs[i] + signs[i + 2:] for i in range(len(signs) - 1)]
    wrong = {code for code in wrong if code != signs}
    assert len(wrong) > 200
    for code in wrong:
        with pytest.raises(ValueError, match="at least one sign is wrong"):
            lesson_codes.decode(code, CHOICES)


def test_a_code_is_a_mixed_number_and_the_rest_of_its_division():
    # By hand: 2 of 3, then 1 of 30 is 2 * 30 + 1 = 61 = 3 * 20 + 1, "31". The rest of 61 / 397: 61.
    assert lesson_codes.encode({"a": "z", "b": 1}, {"a": tuple("xyz"), "b": tuple(range(30))}) \
        == "31-31"


@pytest.mark.parametrize("code, words", [
    ("", "has 11 signs, but '' has 0"), ("12345", "has 11 signs"), (None, "has 11 signs"),
    ("0" * 12, "has 11 signs"), ("BBBBBB-BBBBB", "No lesson code has the sign 'B'"),
    ("12345é-78901", "the sign 'É'"), ("XXXXXX-XXXXX", "at least one sign is wrong")])
def test_what_is_no_code_gets_a_sentence(code, words):
    with pytest.raises(ValueError, match=words):
        Settings.from_code(code)


def test_o_and_i_are_taken_for_zero_and_one():
    settings = Settings(seed=10)
    assert "0" in settings.code
    assert Settings.from_code(settings.code.replace("0", "O").replace("1", "i")) == settings
