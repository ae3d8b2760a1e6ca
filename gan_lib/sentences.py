"""Sentences about drawn faces: their words, the words near by, and what a sentence answers."""

from __future__ import annotations

import difflib
import random
import re

import torch
from torch import Tensor, nn

from gan_lib.data.face_attributes import ATTRIBUTES

# The questions that a caption can answer. A range of numbers is cut where captions cut it.
CUTS = {"smile": (-0.15, 0.35), "mouth_open": (0.35,), "gaze_x": (-0.5, 0.5), "gaze_y": (-0.5, 0.5)}
ANSWERS = {
    **{question: ATTRIBUTES[question] for question in (
        "skin", "hair_style", "hair_colour", "glasses", "hat", "shirt")},
    "smile": ("sad", "calm", "smiling"), "mouth_open": ("closed", "open"),
    "gaze_x": ("left", "ahead", "right"), "gaze_y": ("up", "ahead", "down")}
EXAMPLE = "A smiling person with tan skin, long red hair and a blue shirt."
WORD = r"[^\W\d_]+"  # letters only
# Words that can stand in each other's place: before one of these nouns, or anywhere.
BEFORE = {"skin": [ANSWERS["skin"]], "hair": [ANSWERS["hair_colour"], ("short", "long", "curly")],
          "glasses": [("round", "square")], "shirt": [ANSWERS["shirt"]]}
ANYWHERE = [ANSWERS["smile"], ("cap", "beanie"), ("left", "right"), ("up", "down"), ("bob", "bun")]
# Words that people write for those of the captions, where the letters do not tell.
SAME_THING = {"hat": ("cap", "beanie"), "happy": ("smiling",), "man": ("person",),
              "woman": ("person",), "boy": ("person",), "girl": ("person",), "angry": ("sad",),
              "white": ("pale", "light"), "spectacles": ("glasses",), "jumper": ("shirt",)}


def tokens(sentence: str) -> list[str]:
    """Return the words of a sentence, in small letters, without commas and full stops.

    Raises TypeError for what is no text, ValueError for a text without a word.
    """
    if not isinstance(sentence, str):
        raise TypeError(f"A sentence is a text, but this is {type(sentence).__name__}.")
    found = re.findall(WORD, sentence.lower())
    if not found:
        raise ValueError(f'There is no word here. Write a sentence, such as "{EXAMPLE}"')
    return found


def vocabulary(captions: list[str]) -> list[str]:
    """Return every word of the captions once, in the order of the alphabet."""
    return sorted({word for sentence in captions for word in tokens(sentence)})


def bag(found: list[str], known: list[str]) -> Tensor:
    """Return how often each word of `known` is `found` in a sentence: float32 (V,)."""
    return torch.tensor([float(found.count(word)) for word in known])


def unknown(found: list[str], known: list[str]) -> dict[str, list[str]]:
    """Return the words that the vocabulary lacks, each with those of it that are near."""
    return {word: [*SAME_THING.get(word, ())] or difflib.get_close_matches(word, known, n=2)
            for word in found if word not in known}


def exchanges(found: list[str]) -> dict[int, list[str]]:
    """Return the places in a sentence where another word could stand, and which words."""
    possible = {}
    for place, word in enumerate(found):
        noun = next((after for after in found[place:] if after in BEFORE), None)
        for group in [*ANYWHERE, *BEFORE.get(noun, [])]:
            if word in group:
                possible[place] = [other for other in group if other != word]
    return possible


def exchanged(sentence: str, place: int, word: str) -> str:
    """Return the sentence with another word at a place (0 is the first)."""
    match = list(re.finditer(WORD, sentence))[place]
    return sentence[:match.start()] + word + sentence[match.end():]


def shortened(sentence: str, lot: random.Random, share: float = 0.3) -> str:
    """Leave out about a `share` of what a caption says of mood, skin, hair and shirt.

    Nothing else: that a caption is silent about a hat means that there is none.
    """
    start, _, rest = sentence.rstrip(".").partition(" with ")
    rest, comma, looking = rest.partition(", looking")
    parts = [part for part in re.split(", | and ", rest) if lot.random() > share
             or not re.search("skin|hair|bald|shirt", part)]
    start = start if lot.random() > share else "A person"
    return start + " with " * bool(parts) + ", ".join(parts) + comma + looking + "."


def numbers(sentences: list[str], known: list[str]) -> Tensor:
    """Return the sentences as rows of word numbers, 1, 2, ..., filled up with 0: int64 (N, L).

    Raises TypeError or ValueError for a sentence without words, or with one that is not `known`.
    """
    if isinstance(sentences, str) or not len(sentences):
        raise TypeError("sentences must be a list of texts, such as [\"A calm person.\"].")
    places = {word: place for place, word in enumerate(known, start=1)}
    rows = [tokens(sentence) for sentence in sentences]
    missing = unknown([word for row in rows for word in row], known)
    if missing:
        raise ValueError(not_known(missing))
    return nn.utils.rnn.pad_sequence(
        [torch.tensor([places[word] for word in row]) for row in rows], batch_first=True)


def not_known(missing: dict[str, list[str]]) -> str:
    """Return one sentence that names the words that are missing, and near ones."""
    parts = [f"“{word}”" + (f" (near: {', '.join(near)})" if near else "")
             for word, near in missing.items()]
    return f"The captions never had {', '.join(parts)}: the encoder has not learnt such words."


# --- What a sentence answers --------------------------------------------------------------------

def answers(attributes: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the right answers about faces with these attributes: {question: int64 (N,)}."""
    return {question: classes(attributes[question], CUTS.get(question)) for question in ANSWERS}


def classes(values: Tensor, cuts: tuple[float, ...] | None) -> Tensor:
    """Return the values as class numbers, int64 (N,): a range of numbers is cut, if there are."""
    return values if cuts is None else torch.bucketize(
        values, torch.tensor(cuts, device=values.device))


def said(attributes: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return whether a face's caption answers each question in words: {question: bool (N,)}.

    It is silent about what is as usual (no hat, a closed mouth), and about hair under a hat.
    """
    found = answers(attributes)
    style, hat = found["hair_style"], found["hat"] > 0
    everywhere, names = torch.ones_like(hat), ATTRIBUTES["hair_style"]
    under = [names.index(name) for name in ("bald", "short", "bun")]  # a hat hides the difference
    hidden = hat & torch.isin(style, torch.tensor(under, device=style.device))
    return {"skin": everywhere, "hair_style": ~hidden, "hair_colour": style != names.index("bald"),
            "glasses": found["glasses"] > 0, "hat": hat, "shirt": everywhere, "smile": everywhere,
            "mouth_open": found["mouth_open"] > 0, "gaze_x": found["gaze_x"] != 1,
            "gaze_y": found["gaze_y"] != 1}
