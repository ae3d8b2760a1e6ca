"""Markdown of people whom we need not trust, as HTML in which nothing runs.

Tags of theirs go, the words between them stay. A link leads to a web page or to a mailbox, or is
only its words. A picture is one that is in the notebook or beside it. A formula that is not
understood stands as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from markdown_it import MarkdownIt

from slides.formulas import mathml
from slides.pictures import Picture
from slides.words import DISPLAY, MATH, rule
from tools import cells

LONGEST = 10_000  # letters of one text
ADDRESS = re.compile(r"(?:https?://|mailto:)[\x21-\x7e]+")
SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[/!?A-Za-z][^>]*>?")

Find = Callable[[str, str], Picture]  # (address, alt) -> picture; ValueError if there is none


def bounded(text: str) -> str:
    """Return a text, cut where it gets too long for a slide."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … (cut here: too long)"


def image(picture: Picture) -> str:
    """Return a picture as HTML."""
    return (f'<img src="{picture.address}" width="{picture.width}" height="{picture.height}" '
            f'alt="{escape(picture.alt)}">')


class Markdown:
    """Turns a text into tokens, and tokens into HTML. `find` looks for the text's pictures."""

    def __init__(self, find: Find):
        self.find = find
        self.parser = MarkdownIt("commonmark", {"maxNesting": 20}).enable(["table",
                                                                          "strikethrough"])
        self.parser.validateLink = lambda address: True  # _link_open and _image choose
        ruler = self.parser.inline.ruler
        ruler.before("escape", "display", rule("$", DISPLAY, "display"))
        ruler.before("escape", "math", rule("$", MATH, "math"))
        for name in ("html_inline", "html_block", "link_open", "image", "math", "display", "fence",
                     "code_block"):
            self.parser.renderer.rules[name] = getattr(self, f"_{name}")

    def tokens(self, text: str) -> list:
        """Return the tokens of a text; its headings are all one size, below a slide's title."""
        tokens = self.parser.parse(bounded(text))
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                token.tag = "h3"
        return tokens

    def html(self, tokens: list) -> str:
        """Return tokens as HTML."""
        return self.parser.renderer.render(tokens, self.parser.options, {})

    def _html_block(self, tokens, place, options, env) -> str:
        words = TAG.sub(" ", SCRIPT.sub(" ", tokens[place].content)).strip()
        return f"<p>{escape(words)}</p>\n" if words else ""

    def _html_inline(self, tokens, place, options, env) -> str:
        return ""

    def _link_open(self, tokens, place, options, env) -> str:
        address = str(tokens[place].attrs["href"])
        if not ADDRESS.fullmatch(address):
            return "<a>"  # leads nowhere
        return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">'

    def _image(self, tokens, place, options, env) -> str:
        token = tokens[place]
        try:
            return image(self.find(str(token.attrs["src"]), token.content))
        except ValueError as error:
            words = f"{token.content}: {error}" if token.content else str(error)
            return f'<span class="missing">[{escape(words)}.]</span>'

    def _math(self, tokens, place, options, env) -> str:
        return formula(tokens[place].content, display=False)

    def _display(self, tokens, place, options, env) -> str:
        return formula(tokens[place].content.strip(), display=True)

    def _fence(self, tokens, place, options, env) -> str:
        return cells.fenced(tokens[place].content, tokens[place].info)

    def _code_block(self, tokens, place, options, env) -> str:
        return cells.fenced(tokens[place].content, "")


def formula(tex: str, display: bool) -> str:
    """Return a formula as MathML, or as it was typed if it is not understood."""
    try:
        return mathml(tex, display)
    except ValueError:
        return f"<code>{escape(tex)}</code>"
