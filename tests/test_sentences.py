"""Sentences about drawn faces: words, vocabulary, near words, exchanges, what a caption says."""

import itertools
import random
import re
from types import SimpleNamespace

import pytest
import torch

from gan_lib import sentences
from gan_lib.data import face_drawing
from gan_lib.data.face_attributes import ATTRIBUTES, caption

PEOPLE = face_drawing.sample(600, seed=3)
CAPTIONS = face_drawing.captions(PEOPLE)
KNOWN = sentences.vocabulary(CAPTIONS)


@pytest.mark.parametrize("sentence, expected", [
    ("A calm person, with RED hair.", ["a", "calm", "person", "with", "red", "hair"]),
    ("  skin\n", ["skin"]), ("long-haired (very)!", ["long", "haired", "very"]),
    ("3 hats", ["hats"]), ("Überraschung", ["überraschung"])])
def test_tokens_are_the_words_in_small_letters(sentence, expected):
    assert sentences.tokens(sentence) == expected


@pytest.mark.parametrize("empty", ["", "   ", "...", "12"])
def test_a_sentence_without_a_word_is_refused_with_an_example(empty):
    with pytest.raises(ValueError, match='no word here. Write a sentence, such as "A smiling'):
        sentences.tokens(empty)


@pytest.mark.parametrize("nothing", [None, 3, ["red", "hair"]])
def test_what_is_no_text_is_refused(nothing):
    with pytest.raises(TypeError, match="A sentence is a text, but this is"):
        sentences.tokens(nothing)


def test_the_vocabulary_is_every_word_once_in_order():
    assert sentences.vocabulary(["b a.", "a C, c"]) == ["a", "b", "c"]
    assert len(KNOWN) == 46 and {"blond", "beanie", "up", "smiling"} <= set(KNOWN)


def test_a_bag_counts_and_leaves_out_what_is_unknown():
    counts = sentences.bag(["red", "cap", "red", "dog"], ["cap", "hat", "red"])
    assert counts.tolist() == [1, 0, 2] and counts.dtype == torch.float32


@pytest.mark.parametrize("word, near", [
    ("blonde", "blond"), ("gray", "grey"), ("smile", "smiling"), ("hat", "beanie"),
    ("happy", "smiling"), ("glases", "glasses"), ("woman", "person")])
def test_near_words_are_offered(word, near):
    assert near in sentences.unknown(["a", word], KNOWN)[word]


def test_every_near_word_is_in_the_vocabulary():
    assert set(itertools.chain(*sentences.SAME_THING.values())) <= set(KNOWN)
    assert sentences.unknown(["qqq", "red"], KNOWN) == {"qqq": []}


def test_numbers_are_places_in_the_vocabulary_filled_up_with_0():
    rows = sentences.numbers(["red hair", "a red shirt"], ["a", "hair", "red", "shirt"])
    assert rows.tolist() == [[3, 2, 0], [1, 3, 4]] and rows.dtype == torch.int64


def test_unknown_words_are_named_together_with_near_ones():
    with pytest.raises(ValueError, match=r"never had “happy” \(near: smiling\), “zebra”") as said:
        sentences.numbers(["a happy zebra with red hair"], KNOWN)
    assert "red" not in str(said.value)


def test_one_text_in_the_place_of_a_list_is_refused():
    for wrong in ("red hair", []):
        with pytest.raises(TypeError, match="sentences must be a list of texts"):
            sentences.numbers(wrong, KNOWN)


def test_every_exchange_gives_another_caption_that_could_be():
    # A word may take another's place if the sentence is then one that some face has.
    for sentence in CAPTIONS[:40]:
        found = sentences.tokens(sentence)
        for place, others in sentences.exchanges(found).items():
            assert found[place] not in others and others
            for other in others:
                changed = sentences.exchanged(sentence, place, other)
                assert len(sentences.tokens(changed)) == len(found)
                assert sentences.tokens(changed)[place] == other
                assert parsed(changed)


def parsed(sentence):
    """Return whether the drawing's own captions have this form, by another way of reading."""
    skin, hair, shirt = ("|".join(ATTRIBUTES[name]) for name in ("skin", "hair_colour", "shirt"))
    return re.fullmatch(
        rf"A (sad|calm|smiling) person with ({skin}) skin"
        rf"(, a bald head|( and|,) ((short|long|curly) )?({hair}) hair( in a (bun|bob))?)?"
        rf"(, (round|square) glasses)?(, a (cap|beanie))?(,| and) a ({shirt}) shirt"
        r"( and an open mouth)?(, looking ((up|down)( and )?)?(to the (left|right))?)?\.",
        sentence)


def test_an_exchange_knows_which_noun_a_colour_belongs_to():
    found = sentences.tokens("brown skin, brown hair and a red shirt")
    possible = sentences.exchanges(found)
    assert possible.keys() == {0, 2, 6}
    assert set(possible[0]) == set(ATTRIBUTES["skin"]) - {"brown"}
    assert set(possible[2]) == set(ATTRIBUTES["hair_colour"]) - {"brown"}
    assert set(possible[6]) == set(ATTRIBUTES["shirt"]) - {"red"}


def test_a_shortened_caption_says_nothing_new_and_stays_silent_about_nothing_else():
    lot, shorter = random.Random(0), 0
    for sentence in CAPTIONS:
        short = sentences.shortened(sentence, lot)
        before, after = sentences.tokens(sentence), sentences.tokens(short)
        assert set(after) <= set(before) and short.endswith(".")
        for word in ("glasses", "cap", "beanie", "mouth", "looking", "up", "left"):
            assert (word in after) == (word in before)
        shorter += len(after) < len(before)
    assert shorter > len(CAPTIONS) / 2
    assert sentences.shortened(CAPTIONS[0], lot, share=0.0).replace(",", "").split() \
        == CAPTIONS[0].replace(" and", "").replace(",", "").split()
    assert sentences.shortened("A sad person with tan skin and a red shirt.", lot, 1.0) \
        == "A person."


def test_what_a_caption_says_is_in_its_words():
    right, said = sentences.answers(PEOPLE), sentences.said(PEOPLE)
    silent = {"glasses": "none", "hat": "none", "mouth_open": "closed", "gaze_x": "ahead",
              "gaze_y": "ahead"}
    words = {"bald": "bald head", "closed": "", "open": "open mouth"}
    for i, sentence in enumerate(CAPTIONS):
        for question, names in sentences.ANSWERS.items():
            answer = names[right[question][i]]
            if said[question][i]:
                assert words.get(answer, answer) in sentence
            elif question in silent:
                assert answer == silent[question]
            elif question == "hair_colour":
                assert " hair" not in sentence
            else:
                assert question == "hair_style" and not re.search("short|bun|bald", sentence)


def test_the_limits_are_those_of_the_captions():
    usual = {"skin": "tan", "hair_style": "long", "hair_colour": "red", "glasses": "none",
             "hat": "none", "shirt": "blue", "smile": 0.1, "mouth_open": 0.1, "gaze_x": 0.0,
             "gaze_y": 0.0}
    for question, cuts in sentences.CUTS.items():
        for cut in cuts:
            low, high = (caption(SimpleNamespace(**{**usual, question: cut + step}))
                         for step in (-0.01, 0.01))
            assert low != high

