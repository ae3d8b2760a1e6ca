"""A group's notebook as slides. Nothing in it is run, and nothing in it can run in the deck.

Cells carry `slideshow.slide_type`: a slide begins at `slide` and at `subslide`, a `fragment` comes
at a press, `notes` are for the speaker, `skip` is left out. Where no cell has any, a slide begins
at each heading with # or ##. The first cell holds `# The title` and `**Group:** the names`.
"""

from __future__ import annotations

import functools
import re
import warnings
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote

import nbformat

from slides import pictures
from slides.pictures import Picture
from slides.untrusted import TAG, Markdown, bounded, formula
from tools import cells

LARGEST = 50  # MB of a notebook
MOST_PARTS, MOST_SLIDES, MOST_PICTURES = 2000, 60, 120  # parts: cells and their outputs
LONGEST_NAME, LONGEST_ALT = 120, 1000
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
KINDS = ("slide", "subslide", "fragment", "notes", "skip")
GROUP = re.compile(r"^[^\w\n]*Group[^\w\n]*:[^\w\n]*(\w.*)$", re.MULTILINE | re.IGNORECASE)
NOT_FILLED_IN = "your names"  # what stands behind "Group:" before a group writes there
HEADING = re.compile(r"^#\s+(?:\d+\s*·\s*)?(.+)$", re.MULTILINE)
MINUTES = re.compile(r"\s*\([^()]*\bminutes?\b[^()]*\)$")
ONLY_PICTURES = {"image", "softbreak", "hardbreak"}
NOTHING_TO_READ = re.compile(r"<[\w.]+(?: object)? .*>|<Figure .*>|\w+\(children=.*",
                             re.DOTALL)  # how objects without a text introduce themselves


class NotebookError(Exception):
    """A notebook from which no slides can be made, in one sentence."""


@dataclass
class Slide:
    """One slide: its title, and (HTML or a picture, whether it comes at a press)."""

    title: str
    words: list[tuple[str, bool]] = field(default_factory=list)
    pictures: list[tuple[Picture, bool]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Group:
    """What a notebook tells: who, what, and the slides."""

    name: str
    title: str
    slides: list[Slide]


def read(path: Path, folder: Path, name: str) -> Group:
    """Return the slides of the notebook at `path`, which may show pictures inside `folder`.

    `name` stands for a group that does not name itself. Raises NotebookError with a sentence.
    """
    nb = _notebook(path)
    first = nb.cells[0].source if nb.cells and nb.cells[0].cell_type == "markdown" else ""
    title = _found(HEADING, first) or name
    group = _found(GROUP, first)
    named = group and group.lower() != NOT_FILLED_IN
    return Group(group if named else name, title, _Slides(path, folder, title).of(nb))


def _notebook(path: Path):
    """Return the notebook in the file `path`. Raises NotebookError if there is none."""
    megabytes = path.stat().st_size / 1e6
    if megabytes > LARGEST:
        raise NotebookError(f"it has {megabytes:.0f} MB, and the deck takes at most {LARGEST} MB: "
                            "clear outputs that no slide shows, and save it again.")
    problems = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about ids, which the deck does not use
            nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4,
                                capture_validation_error=problems)
    except Exception as error:  # nbformat and the files that it reads have many kinds
        raise NotebookError("it is no notebook that can be read "
                            f"({type(error).__name__}): save it again from JupyterLab.") from None
    if problems:
        reason = str(problems["ValidationError"]).partition("\n")[0][:200]
        raise NotebookError(f"it is not written as a notebook should be: {reason}.")
    return nb


def _found(pattern: re.Pattern, text: str) -> str:
    """Return what a pattern finds in the first cell, without marks and tags."""
    found = pattern.search(text)
    words = re.sub(r"[*_`]", "", TAG.sub("", found[1])) if found else ""
    return " ".join(words.split())[:LONGEST_NAME]


def kind(cell) -> str:
    """Return the cell's slide type; "" if it just goes on."""
    slideshow = cell.metadata.get("slideshow")
    named = slideshow.get("slide_type") if isinstance(slideshow, dict) else None
    return named if named in KINDS else ""


class _Slides:
    """The slides of one notebook, one cell after the other."""

    def __init__(self, path: Path, folder: Path, title: str):
        self.path, self.folder, self.title = path, folder, title
        self.slides: list[Slide] = []
        self.pictures = 0

    def of(self, nb) -> list[Slide]:
        parts = len(nb.cells) + sum(len(cell.get("outputs", ())) for cell in nb.cells)
        if parts > MOST_PARTS:
            raise NotebookError(f"it has {parts:,} cells and outputs, and the deck takes at most "
                                f"{MOST_PARTS:,}: delete what no slide shows.")
        told = any(map(kind, nb.cells))
        for number, cell in enumerate(nb.cells):
            what = kind(cell) if told else "slide" if _begins(cell) else ""
            # The first cell is the title slide, which the deck writes itself.
            if what == "skip" or cell.cell_type == "raw" or number == 0 and _begins(cell):
                continue
            if what in ("slide", "subslide") or not self.slides:
                self.slides.append(Slide(""))
            self._add(cell, what)
        shown = [slide for slide in self.slides if slide.words or slide.pictures or slide.title]
        if not shown:
            raise NotebookError("it has no cell to show: mark cells as slides.")
        if len(shown) > MOST_SLIDES:
            raise NotebookError(f"it has {len(shown)} slides, and the deck takes at most "
                                f"{MOST_SLIDES} of a group: mark cells as skip.")
        for before, slide in zip([Slide(escape(self.title)), *shown], shown):
            slide.title = slide.title or before.title
        return shown

    def _add(self, cell, what: str) -> None:
        slide, late = self.slides[-1], what == "fragment"
        if cell.cell_type == "markdown":
            parts = self._text(cell.source, cell.get("attachments", {}), slide, what)
        else:
            parts = self._code(cell)
        for part in parts:
            if isinstance(part, Picture):
                slide.pictures.append((part, late))
            elif what == "notes":
                slide.notes.append(part)
            elif part:
                slide.words.append((part, late))

    def _text(self, source: str, attachments: dict, slide: Slide, what: str) -> list:
        """Return the parts of a text; its first heading is the slide's title."""
        words = Markdown(functools.partial(self._find, attachments))
        tokens = words.tokens(source)
        new = not (slide.title or slide.words or slide.pictures) and what != "notes"
        if new and tokens and tokens[0].type == "heading_open":
            slide.title = MINUTES.sub("", words.html(tokens[1:2]))
            tokens = tokens[3:]
        parts, block = [], []
        for token in tokens:
            block.append(token)
            if token.level or token.nesting > 0:
                continue
            alone = len(block) == 3 and {one.type for one in block[1].children or ()}
            if alone and alone <= ONLY_PICTURES and what != "notes":
                parts += [self._picture_or_words(words, one) for one in block[1].children
                          if one.type == "image"]
            else:
                parts.append(words.html(block))
            block = []
        return parts

    def _picture_or_words(self, words: Markdown, token) -> Picture | str:
        try:
            return words.find(str(token.attrs["src"]), token.content)
        except ValueError:
            return f"<p>{words.html([token])}</p>"

    def _code(self, cell) -> list:
        hidden = cell.metadata.get("jupyter")
        hidden = hidden if isinstance(hidden, dict) else {}
        source = "" if hidden.get("source_hidden") is True else bounded(cell.source).strip()
        outputs = [] if hidden.get("outputs_hidden") is True else cell.outputs
        return [cells.code(source) if source else "",
                *(part for output in outputs for part in self._output(output))]

    def _output(self, output) -> list:
        if output.output_type == "stream":
            return [cells.said(bounded(output.text)) if output.name == "stdout" else ""]
        if output.output_type == "error":
            return [cells.said(bounded(f"{output.ename}: {output.evalue}"))]
        data = {name: content for name, content in output.data.items() if isinstance(content, str)}
        for name in IMAGES:
            if name in data:
                return [self._shown(data[name], _alt(output, name))]
        if "text/markdown" in data:
            return self._text(data["text/markdown"], {}, Slide("-"), "")
        if "text/latex" in data:
            return [f"<p>{formula(data['text/latex'].strip().strip('$'), display=True)}</p>"]
        text = bounded(data.get("text/plain", ""))
        if len(output.data) > 1 and NOTHING_TO_READ.fullmatch(text) or not text and output.data:
            return ["<p>[Something that only a notebook shows.]</p>"]
        return [cells.said(text)]

    def _shown(self, packed: str, alt: str) -> Picture | str:
        try:
            self._count()
            return pictures.from_base64(packed, alt)
        except ValueError as error:
            return f"<p>[{escape(str(error))}.]</p>"

    def _find(self, attachments: dict, address: str, alt: str) -> Picture:
        """Return the picture at an address in a text. Raises ValueError if it is not here."""
        self._count()
        address = unquote(address)
        alt = alt[:LONGEST_ALT] or "A picture; the group gives no words for it."
        head, _, packed = address.partition(",")
        if head.startswith("data:") and head.endswith(";base64"):
            return pictures.from_base64(packed, alt)
        if address.startswith("attachment:"):
            bundle = attachments.get(address.removeprefix("attachment:"), {})
            packed = next((bundle[name] for name in IMAGES if name in bundle), "")
            return pictures.from_base64(packed if isinstance(packed, str) else "", alt)
        if ":" in address or address.startswith(("/", "\\")):
            raise ValueError("a picture from elsewhere is left out")
        return pictures.from_file(self.path.parent / address, self.folder, alt)

    def _count(self) -> None:
        self.pictures += 1
        if self.pictures > MOST_PICTURES:
            raise NotebookError(f"it shows more than {MOST_PICTURES} pictures: mark cells as "
                                "skip.")


def _begins(cell) -> bool:
    """Return whether a cell begins with a heading of # or ##."""
    return cell.cell_type == "markdown" and bool(re.match(r"#{1,2} ", cell.source.lstrip()))


def _alt(output, name: str) -> str:
    """Return the alt text that stands with a picture in an output."""
    told = output.metadata.get(name)
    alt = told.get("alt") if isinstance(told, dict) else None
    return alt[:LONGEST_ALT] if isinstance(alt, str) and alt else "A picture that a cell drew."
