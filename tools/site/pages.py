"""A notebook, or a text beside the notebooks, as a page: HTML, and the pictures in files."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote

from PIL import Image

from tools import cells
from tools.notebook_files import read, title
from tools.prepare_notebooks import address
from tools.site.markdown import Markdown

BADGE = re.compile(r"^\[!\[Open in Colab\].*\n?", re.MULTILINE)
MINUTES = re.compile(r"\s*\([^()]*\bminutes?\b[^()]*\)$")
LONGEST = 5_000  # letters that a cell printed; the rest stands in the notebook
STILL = "gan-still"  # what the notebooks' tools write around their picture
TOOL = "A tool: in the notebook it moves. Here it stands still."
SUFFIXES = (".ipynb", ".md")  # what becomes a page


class SiteError(ValueError):
    """A page that cannot be made, in a sentence that names the file and the cell."""


@dataclass
class Page:
    """A page of the site: the name of its file without .html, and what it holds."""

    name: str
    title: str
    html: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)  # id, HTML
    files: dict[str, bytes] = field(default_factory=dict)  # name -> content


class _Maker:
    """Makes one page from a file in the notebooks' folder."""

    def __init__(self, path: Path, pages: set[str]):
        self.path, self.pages = path, pages  # pages: the files that the site has pages of
        self.page = Page(path.stem, "")
        self.markdown = Markdown(self.link, self.picture_beside)

    def finished(self, html: list[str]) -> Page:
        headings = self.markdown.headings
        self.page.html = "\n".join(html)
        self.page.sections = [(name, MINUTES.sub("", words))
                              for level, name, words in headings if level == 2]
        return self.page

    def link(self, target: str) -> str | None:
        """Return where a link leads on the site; None for a file that the site does not have."""
        if re.match(r"https?:|mailto:|#", target):
            return target
        file, mark, place = unquote(target).partition("#")
        if file in self.pages:
            return f"{Path(file).stem}.html{mark}{place}"
        return None

    def picture_beside(self, file: str) -> str:
        """Take a picture in the notebooks' folder along; return its attributes."""
        path = self.path.parent / unquote(file)
        if not path.is_file():
            raise ValueError(f"there is no picture {file}.")
        return self.picture(path.read_bytes(), path.name)

    def picture(self, content: bytes, name: str, width: int | None = None) -> str:
        """Keep a picture for the page's folder; return its attributes."""
        with Image.open(io.BytesIO(content)) as image:
            wide, high = image.size
        self.page.files[name] = content
        shown = width or wide
        return (f'src="{self.page.name}/{name}" width="{shown}" '
                f'height="{round(high * shown / wide)}" loading="lazy"')

    def code_cell(self, cell) -> list[str]:
        parts = [cells.code(cell.source)] if cell.source else []
        for output in cell.outputs:
            parts.append(self.output(output))
        return parts

    def output(self, output) -> str:
        if output.output_type == "stream":
            return cells.said(_cut(output.text))
        if output.output_type == "error":
            raise ValueError(f"its stored output is an error, {output.ename}: run it again.")
        data = output.data
        if "image/png" in data:
            return self.figure(output)
        if "text/markdown" in data:
            return self.markdown.html(data["text/markdown"])
        return cells.said(_cut(data.get("text/plain", "")))

    def figure(self, output) -> str:
        told = output.metadata.get("image/png", {})
        if not told.get("alt"):
            raise ValueError("a picture has no alt text: show it with figures.show.")
        name = f"{len(self.page.files) + 1}.png"
        attributes = self.picture(base64.b64decode(output.data["image/png"]), name,
                                  told.get("width"))
        tool = STILL in output.data.get("text/html", "")
        caption = f"<figcaption>{TOOL}</figcaption>" if tool else ""
        return f'<figure><img alt="{escape(told["alt"])}" {attributes}>{caption}</figure>'


def notebook(path: Path, pages: set[str]) -> Page:
    """Return the page of a notebook. `pages` are the files that the site has pages of."""
    nb, maker, html = read(path), _Maker(path, pages), []
    maker.page.title = title(nb)
    for number, cell in enumerate(nb.cells):
        try:
            if cell.cell_type == "markdown":
                inside = maker.markdown.html(without_badge(cell.source))
                html.append(f'<div class="text">\n{inside}</div>')
            elif cell.cell_type == "code":
                html += ['<div class="cell">', *maker.code_cell(cell), "</div>"]
        except ValueError as error:
            raise SiteError(f"{path.name}, cell {number}: {error}") from None
    return maker.finished(html)


def document(path: Path, pages: set[str]) -> Page:
    """Return the page of a Markdown file that lies beside the notebooks."""
    maker, text = _Maker(path, pages), path.read_text(encoding="utf-8")
    maker.page.title = re.search(r"^# (.*)|$", text, re.MULTILINE)[1] or path.stem
    try:
        return maker.finished([f'<div class="text">\n{maker.markdown.html(text)}</div>'])
    except ValueError as error:
        raise SiteError(f"{path.name}: {error}") from None


def without_badge(text: str) -> str:
    """Return a text without the badge for Colab, as long as the repository has no address."""
    return BADGE.sub("", text) if "/OWNER/" in address() else text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… (the rest is in the notebook)"
