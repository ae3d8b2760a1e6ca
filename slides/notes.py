"""Reads the notes of a slide, a block of YAML, for the speaker's window."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml

from slides.words import Words, place_in_notebook

NEEDED = {"minutes": (int, float), "path": bool, "say": str}
OPTIONAL = {"ask": str, "answer": str, "open": (str, list), "short": str}
HEADINGS = {"say": "Say", "ask": "Ask", "answer": "Answer", "short": "If time is short"}


@dataclass
class Notes:
    """Minutes, whether the slide is on the path of one hour, and what to say, ask, ... as HTML."""

    minutes: float = 0
    path: bool = False
    words: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # "notebook 04, section 3: Freeze D, move G"


def read(text: str, line: int, words: Words, report: Callable[[int, str], None]) -> Notes:
    """Return the notes in `text`, whose first line has the number `line`.

    What is wrong goes to `report(line, sentence)`; the notes are then incomplete.
    """
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report(line + (mark.line if mark else 0), "the notes are no YAML: "
               f"{getattr(error, 'problem', error)}. Words with a colon in them stand after '|'.")
        return Notes()
    if not isinstance(given, dict):
        report(line, "the notes are lines such as 'minutes: 2', 'path: true', 'say: ...'.")
        return Notes()
    problems = list(_problems(given))
    for key, sentence in problems:
        report(_line_of(key, text, line), sentence)
    if problems:
        return Notes()
    return Notes(given["minutes"], given["path"],
                 [words.block(_headed(heading, given[key]), _first_line(key, text, line))
                  for key, heading in HEADINGS.items() if key in given],
                 list(_places(given.get("open", []), _line_of("open", text, line), report)))


def _headed(heading: str, words: str) -> str:
    is_list = words.lstrip().startswith(("- ", "* ", "1. "))
    return f"**{heading}:**" + ("\n\n" if is_list else " ") + words


def _problems(given: dict):
    """Yield (key, sentence) for each key that is missing, unknown or of the wrong kind."""
    for key in NEEDED.keys() - given.keys():
        yield key, f"the notes lack '{key}:'."
    for key, value in given.items():
        kind = {**NEEDED, **OPTIONAL}.get(key)
        if kind is None:
            yield key, f"notes have no '{key}:', but {', '.join([*NEEDED, *OPTIONAL])}."
        elif not isinstance(value, kind) or key == "minutes" and not _minutes(value):
            yield key, f"'{key}:' is {_expected(key)}, but here it is {value!r}."
    if ("ask" in given) != ("answer" in given):
        yield "ask", "'ask:' and 'answer:' come together."


def _minutes(value) -> bool:
    return not isinstance(value, bool) and 0 < value <= 30


def _expected(key: str) -> str:
    return {"minutes": "a number above 0, at most 30", "path": "true or false",
            "open": "notebook:04#Section, or a list of them"}.get(key, "a text")


def _places(given: str | list, line: int, report: Callable[[int, str], None]):
    for place in [given] if isinstance(given, str) else given:
        try:
            if not str(place).startswith("notebook:"):
                raise ValueError(f"'open:' is notebook:04#Section, but here it is {place!r}.")
            yield place_in_notebook(place.removeprefix("notebook:"))
        except ValueError as error:
            report(line, str(error))


def _first_line(key: str, text: str, line: int) -> int:
    """Return the line in which the words of `key` begin: after a '|' or '>', the next one."""
    return _line_of(key, text, line) + bool(re.search(rf"^{key}:\s*[|>]", text, re.MULTILINE))


def _line_of(key, text: str, line: int) -> int:
    """Return the line in which `key:` stands, or the first one."""
    for number, words in enumerate(text.splitlines()):
        if words.startswith(f"{key}:"):
            return line + number
    return line
