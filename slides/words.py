"""Words of a slide as HTML: Markdown with formulas, computed claims and links to notebooks.

`$z$` becomes MathML; `{{digits_real}}` becomes the claim of that name (slides/claims.py);
`[Try it](notebook:04#Freeze D, move G)` names the notebook and its section.
"""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt

from slides.formulas import mathml

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
MATH = re.compile(r"\$([^\s$](?:[^$\n]*[^\s$\\])?)\$")
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)  # of notebooks: slides have none
CLAIM = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
# An address with spaces is none in Markdown, unless it stands in < >.
NOTEBOOK_LINK = re.compile(r"\]\((notebook:[^)\n]*)\)")
HEADING = re.compile(r"#{2,}\s+(?:(\d+)\.\s+)?(.+?)(?:\s+\([^()]*minutes?\b[^()]*\))?\s*")


class Words:
    """Turns Markdown into HTML.

    `claim` gives the words of a claim by its name, or raises ValueError. What is broken goes to
    `report(line, sentence)`; an empty string stands in its place.
    """

    def __init__(self, claim: Callable[[str], str], report: Callable[[int, str], None]):
        self.claim, self.report, self.line = claim, report, 1
        self.markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        ruler = self.markdown.inline.ruler
        ruler.before("escape", "math", rule("$", MATH, "math"))
        ruler.before("escape", "claim", rule("{", CLAIM, "claim"))
        self.markdown.core.ruler.before("inline", "notebooks", _notebook_addresses)
        for name in ("math", "claim", "link_open"):
            self.markdown.renderer.rules[name] = getattr(self, f"_{name}")

    def parse(self, text: str) -> list:
        """Return the tokens of `text`; each inline token knows its line."""
        tokens = self.markdown.parse(text)
        for token in tokens:
            line = token.map[0] if token.map else 0
            for child in token.children or ():
                child.meta["line"] = line
                line += child.type in ("softbreak", "hardbreak")
        return tokens

    def html(self, tokens: list, line: int = 1) -> str:
        """Return the tokens as HTML. `line` is the number of the text's first line."""
        self.line = line
        return self.markdown.renderer.render(tokens, self.markdown.options, {})

    def block(self, text: str, line: int) -> str:
        """Return a text of paragraphs and lists, which begins in line `line`, as HTML."""
        return self.html(self.parse(text), line)

    def inline(self, text: str, line: int) -> str:
        """Return one sentence or title, without a paragraph around it, as HTML."""
        return self.html(self.parse(text)[1:-1], line).strip()

    def _math(self, tokens, place, options, env) -> str:
        try:
            return mathml(tokens[place].content)
        except ValueError as error:
            return self._broken(tokens[place], str(error))

    def _claim(self, tokens, place, options, env) -> str:
        try:
            return html.escape(self.claim(tokens[place].content))
        except ValueError as error:
            return self._broken(tokens[place], str(error))

    def _link_open(self, tokens, place, options, env) -> str:
        token = tokens[place]
        address = token.attrs["href"]
        if address.startswith("notebook:"):
            return self._notebook(tokens, place, unquote(address.removeprefix("notebook:")))
        if not address.startswith("https://"):
            return self._broken(token, f"a link goes to https://... or to notebook:04#Section, "
                                f"but this one goes to {address!r}.")
        return f'<a href="{html.escape(address)}" target="_blank" rel="noopener noreferrer">'

    def _notebook(self, tokens, place: int, address: str) -> str:
        """Name the notebook after the words of the link. There is nothing to follow offline."""
        close = next(token for token in tokens[place:] if token.type == "link_close")
        close.type = "html_inline"
        try:
            close.content = (' <span class="notebook">('
                             f"{html.escape(place_in_notebook(address))})</span>")
        except ValueError as error:
            return self._broken(tokens[place], str(error))
        return ""

    def _broken(self, token, sentence: str) -> str:
        self.report(self.line + token.meta.get("line", 0), sentence)
        return ""


def place_in_notebook(address: str) -> str:
    """Return "notebook 04, section 3: Freeze D, move G" for "04#Freeze D, move G".

    Raises ValueError if there is no such notebook or no such section.
    """
    number, _, name = address.partition("#")
    if number not in sections():
        raise ValueError(f"there is no notebook {number!r}; there are {', '.join(sections())}.")
    if not name:
        return f"notebook {number}"
    if name not in sections()[number]:
        raise ValueError(f"notebook {number} has no section {name!r}; it has "
                         f"{'; '.join(sections()[number])}.")
    section = sections()[number][name]
    return f"notebook {number}, {f'section {section}: ' if section else ''}{name}"


@functools.cache
def sections() -> dict[str, dict[str, str]]:
    """Return {"04": {"Freeze D, move G": "3", ...}, ...}: each section's name and number."""
    found = {}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = [line for cell in cells if cell["cell_type"] == "markdown"
                 for line in "".join(cell["source"]).split("\n")]
        headings = filter(None, map(HEADING.fullmatch, lines))
        found[path.name[:2]] = {heading[2]: heading[1] or "" for heading in headings}
    return found


def rule(first: str, pattern: re.Pattern, name: str):
    """Return a rule of markdown-it: what fits `pattern` becomes a token `name`."""
    def found_here(state, silent: bool) -> bool:
        found = state.src[state.pos] == first and pattern.match(state.src, state.pos)
        if not found:
            return False
        if not silent:
            state.push(name, "", 0).content = found[1]
        state.pos = found.end()
        return True
    return found_here


def _notebook_addresses(state) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.content = NOTEBOOK_LINK.sub(r"](<\1>)", token.content)
