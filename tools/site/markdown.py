"""The notebooks' Markdown as HTML: formulas as MathML, links between the site's pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from markdown_it import MarkdownIt

from slides.formulas import mathml
from slides.words import DISPLAY, MATH, rule
from tools import cells

NO_SLUG = re.compile(r"[^\w]+")

# Each gets an address as it stands in a notebook. `link` returns where it leads on the site, or
# None if it leads nowhere there; `picture` returns the picture's attributes, as HTML.
Link, Image = Callable[[str], str | None], Callable[[str], str]


class Markdown:
    """Turns the texts of one page into HTML, and notes its headings.

    Raises ValueError for a formula that is not understood.
    """

    def __init__(self, link: Link, picture: Image):
        self.link, self.picture = link, picture
        self.headings: list[tuple[int, str, str]] = []  # level, id, HTML
        self.parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        ruler = self.parser.inline.ruler
        ruler.before("escape", "display", rule("$", DISPLAY, "display"))
        ruler.before("escape", "math", rule("$", MATH, "math"))
        for name in ("link_open", "image", "math", "display", "fence", "heading_open", "th_open",
                     "th_close"):
            self.parser.renderer.rules[name] = getattr(self, f"_{name}")

    def html(self, text: str) -> str:
        """Return a text as HTML."""
        return self.parser.render(text)

    def _heading_open(self, tokens, place, options, env) -> str:
        words = tokens[place + 1]
        level = int(tokens[place].tag[1])
        slug = NO_SLUG.sub("-", words.content.lower()).strip("-") or "section"
        taken = {name for _, name, _ in self.headings}
        name = next(name for number in range(len(taken) + 1)
                    if (name := f"{slug}-{number}" if number else slug) not in taken)
        shown = self.parser.renderer.renderInline(words.children, options, env)
        self.headings.append((level, name, shown))
        return f'<h{level} id="{name}">'

    def _link_open(self, tokens, place, options, env) -> str:
        address = self.link(str(tokens[place].attrs["href"]))
        return "<a>" if address is None else f'<a href="{escape(address)}">'

    def _image(self, tokens, place, options, env) -> str:
        token = tokens[place]
        if not token.content:
            raise ValueError(f"the picture {token.attrs['src']} has no alt text.")
        return f'<img alt="{escape(token.content)}" {self.picture(str(token.attrs["src"]))}>'

    def _math(self, tokens, place, options, env) -> str:
        return mathml(tokens[place].content)

    def _display(self, tokens, place, options, env) -> str:
        inside = mathml(tokens[place].content.strip(), display=True)
        # On a phone a long one is scrolled, by the keyboard, too.
        return f'<span class="formula" tabindex="0">{inside}</span>'

    def _fence(self, tokens, place, options, env) -> str:
        return cells.fenced(tokens[place].content, tokens[place].info)

    def _th_open(self, tokens, place, options, env) -> str:
        return '<th scope="col">' if tokens[place + 1].content else "<td>"  # no empty heading

    def _th_close(self, tokens, place, options, env) -> str:
        return "</th>" if tokens[place - 1].content else "</td>"
