"""Reads the deck's Markdown. CONTRIBUTING.md ("… a slide") has its grammar.

Problems are gathered, so that a teacher mends them all at once: "lecture.md, line 12: ...".
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from slides import notes
from slides.words import Words

TITLE = re.compile(r"(.*?)(?:\s*\{([^{}]*)\})?\s*")
MARKS = re.compile(r"(?:[#.][\w-]+\s*)+")
CLASSES = ("part", "beside", "below")


class DeckError(ValueError):
    """What is wrong with a deck: one line "lecture.md, line 12: ..." for each problem."""


@dataclass
class Text:
    """Paragraphs and lists, as HTML."""

    html: str


@dataclass
class Pictures:
    """Names of figures, drawn one after the other, and their caption as HTML."""

    line: int
    names: list[str]
    steps: list[int | None]  # when each one appears: the number of the press, see `Slide.presses`
    caption: str


@dataclass
class Live:
    """The name of a live slide, and its caption as HTML."""

    line: int
    name: str
    caption: str


@dataclass
class Slide:
    """One slide: its title and notes as HTML, and its parts in their order."""

    id: str
    title: str
    line: int
    classes: list[str]
    parts: list = field(default_factory=list)
    notes: notes.Notes | None = None
    presses: int = 0  # how many presses it takes until everything has appeared


@dataclass
class Names:
    """What a deck may name: figures, live slides with their still figures, and claims."""

    figures: Collection[str]
    live: Mapping[str, str]
    claim: Callable[[str], str]


def read(text: str, file: str, names: Names, path: int | None = None,
         minutes: int | None = None) -> list[Slide]:
    """Return the slides in `text`. Raises DeckError with all that is wrong.

    `file` is the name in the messages. `minutes` is what all slides add up to, `path` what those
    on the path do; None: any.
    """
    reader = _Reader(text, names)
    slides = reader.slides
    for wanted, kind, given in (
            (minutes, "all slides", [slide.notes.minutes for slide in slides if slide.notes]),
            (path, "the slides with path: true",
             [slide.notes.minutes for slide in slides if slide.notes and slide.notes.path])):
        if wanted is not None and not reader.problems and sum(given) != wanted:
            reader.report(text.count("\n") + 1, f"the minutes of {kind} add up to {sum(given):g}, "
                          f"but they have to add up to {wanted}.")
    if reader.problems:
        raise DeckError("\n".join(f"{file}, line {line}: {sentence}"
                                  for line, sentence in sorted(set(reader.problems))))
    return slides


class _Reader:
    """Goes through the blocks of the text once; `slides` and `problems` are what it found."""

    def __init__(self, text: str, names: Names):
        self.names, self.slides, self.problems = names, [], []
        self.words = Words(names.claim, self.report)
        tokens = self.words.parse(text)
        for block in _blocks(tokens):
            self.take(block)
        if not self.slides:
            self.report(1, "there is no slide. A slide begins with a line '# Title'.")
        for slide in self.slides:
            if slide.notes is None:
                self.report(slide.line, "the slide has no notes. Write a block ```notes.")

    def report(self, line: int, sentence: str) -> None:
        """Remember a problem."""
        self.problems.append((line, sentence))

    def take(self, block: list) -> None:
        """Add one block of Markdown, such as a title, a list or a fence, to the slides."""
        first, line = block[0], block[0].map[0] + 1
        if first.type == "heading_open" and first.tag == "h1":
            self.slides.append(self.slide(block[1].content, line))
        elif not self.slides:
            self.report(line, "a slide begins with a line '# Title'; this stands before one.")
        elif first.type == "fence" and first.info.split()[:1] in (
                ["figure"], ["live"], ["notes"]):
            kind, *words = first.info.split()
            getattr(self, kind)(self.slides[-1], words, first.content, line)
        else:
            self.text(self.slides[-1], block)

    def slide(self, title: str, line: int) -> Slide:
        """Return a new slide for the line '# Title {#id .part}'."""
        name, marks = TITLE.fullmatch(title).groups()
        if marks is not None and not MARKS.fullmatch(marks):
            name, marks = title, None  # a formula, or a claim
        marks = (marks or "").split()
        ids = [mark[1:] for mark in marks if mark[0] == "#"]
        classes = [mark[1:] for mark in marks if mark[0] == "."]
        own = ids[0] if ids else re.sub(r"\W+", "-", name.lower()).strip("-")
        for unknown in set(classes) - set(CLASSES):
            self.report(line, f"a slide can be .{', .'.join(CLASSES)}, but not .{unknown}.")
        for other in self.slides:
            if other.id == own:
                self.report(line, f"the slide in line {other.line} is called {own!r}, too. Give "
                            "one of them another name: '# Title {#name}'.")
        if not name:
            self.report(line, "the slide has no title.")
        return Slide(own, self.words.inline(name, line), line, classes)

    def text(self, slide: Slide, block: list) -> None:
        for token in block:
            if token.type == "heading_open":
                token.tag = f"h{int(token.tag[1]) + 1}"  # the slide's own title is a h2
            elif token.type == "heading_close":
                token.tag = f"h{int(token.tag[1]) + 1}"
            elif token.type == "list_item_open" and token.markup == "-":
                token.attrSet("class", "fragment")
                token.attrSet("data-fragment-index", str(slide.presses))
                slide.presses += 1
        slide.parts.append(Text(self.words.html(block)))

    def figure(self, slide: Slide, names: list[str], caption: str, line: int) -> None:
        if not names:
            self.report(line, "a figure needs a name: ```figure NAME.")
        for name in names:
            self.known(name, line)
        steps = [None, *range(slide.presses, slide.presses + len(names) - 1)]
        slide.presses += max(len(names) - 1, 0)
        slide.parts.append(Pictures(line, names, steps, self.caption(caption, line)))

    def live(self, slide: Slide, names: list[str], caption: str, line: int) -> None:
        if len(names) != 1 or names[0] not in self.names.live:
            self.report(line, f"there is no live slide {' '.join(names)!r} in slides/live.")
        else:
            self.known(self.names.live[names[0]], line)
            slide.parts.append(Live(line, names[0], self.caption(caption, line)))

    def known(self, figure: str, line: int) -> None:
        if figure not in self.names.figures:
            self.report(line, f"there is no figure {figure!r} in slides/figures.")

    def caption(self, text: str, line: int) -> str:
        return self.words.inline(text, line + 1) if text.strip() else ""

    def notes(self, slide: Slide, names: list[str], text: str, line: int) -> None:
        if slide.notes is not None:
            self.report(line, "the slide has notes already.")
        slide.notes = notes.read(text, line + 1, self.words, self.report)


def _blocks(tokens: list) -> list[list]:
    """Return the tokens of each block at the top: a title, a paragraph, a list, a fence."""
    blocks, depth = [], 0
    for token in tokens:
        if depth == 0:
            blocks.append([])
        blocks[-1].append(token)
        depth += token.nesting
    return blocks


def plain(text: str) -> str:
    """Return HTML as plain words."""
    return html.unescape(re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", text))
