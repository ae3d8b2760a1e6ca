"""Builds the deck: one HTML file that needs nothing beside it, and a PDF.

make slides                                   build/slides/lecture.html and lecture.pdf
python -m slides.build --only-html            without the PDF
python -m slides.build other.md --out folder  another deck; its minutes may add up to anything

Open the HTML file in a browser. Keys: arrows, S speaker view, T path of one hour, O overview,
F full screen, ? all keys.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

import jinja2

from gan_lib import files, page
from gan_lib.page.scripts import EXPORT, IMPORT
from slides import making, pdf, reading
from slides.reading import DeckError

HERE = Path(__file__).resolve().parent
LECTURE = HERE / "lecture.md"
LIVE_FOLDER = HERE / "live"
FOLDER = making.ROOT / "build" / "slides"
PATH_MINUTES, ALL_MINUTES = 60, 90  # what the lecture's slides add up to
PARTS = "../gan_lib/page/parts.css"  # how sliders and buttons look
WIDE = 1.7  # a picture that is wider, for its height, stands below the words, not beside them


def read(source: Path, claim=making.claim) -> list[reading.Slide]:
    """Return the slides of a deck. Raises DeckError with the lines that are wrong."""
    minutes = (PATH_MINUTES, ALL_MINUTES) if source.resolve() == LECTURE else ()
    live = {name: live.still for name, live in making.LIVE.items()
            if (LIVE_FOLDER / f"{name}.js").exists()}
    names = reading.Names(making.FIGURES, live, claim)
    return reading.read(source.read_text(encoding="utf-8"), source.name, names, *minutes)


def build(source: Path, out: Path, processes: int = 1) -> Path:
    """Write the deck in the Markdown file `source` as HTML into the folder `out`.

    Returns the path. Raises DeckError with the lines that are wrong: first what can be seen without
    computing anything, then what fails when it is made.
    """
    claims = []
    slides = read(source, claim=lambda name: claims.append(name) or making.known_claim(name))
    making.make_all([*(("claim", name) for name in claims), *things(slides)], processes)
    slides = read(source)
    for slide in slides:
        for part in slide.parts:
            make(part, source.name)
    out.mkdir(parents=True, exist_ok=True)
    return files.write_whole(out / f"{source.stem}.html", html(slides).encode())


def make(part, file: str) -> None:
    """Make what a part of a slide shows, so that it lies in the cache."""
    try:
        for kind, name in shown(part):
            making.MAKERS[kind](name)
    except making.MakingError as error:
        raise DeckError(f"{file}, line {part.line}: {error}") from error.__cause__


def things(slides: list[reading.Slide]) -> list[tuple[str, str]]:
    """Return all that the slides show, as (kind, name)."""
    return [thing for slide in slides for part in slide.parts for thing in shown(part)]


def shown(part) -> list[tuple[str, str]]:
    """Return what a part of a slide shows, as (kind, name)."""
    if isinstance(part, reading.Text):
        return []
    if isinstance(part, reading.Pictures):
        return [("figure", name) for name in part.names]
    live = making.LIVE[part.name]
    return [("figure", live.still), ("data", part.name),
            *(("network", name) for name in live.networks)]


def html(slides: list[reading.Slide]) -> str:
    """Return the whole page."""
    live, networks = (sorted({name for kind, name in things(slides) if kind == wanted})
                      for wanted in ("data", "network"))
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True,
                                     undefined=jinja2.StrictUndefined, trim_blocks=True,
                                     lstrip_blocks=True)
    environment.filters["plain"] = reading.plain
    return environment.get_template("template.html").render(
        slides=slides, timeline=timeline(slides), layout=layout, picture=making.picture,
        still=lambda name: making.picture(making.LIVE[name].still),
        styles=[reveal("dist/reveal.css"), text(PARTS), text("lecture.css")],
        scripts=[closed(reveal("dist/reveal.js")), closed(reveal("plugin/notes/notes.js"))],
        module=closed(module(live)),
        data={name: _inert(making.data(name)) for name in live},
        networks={name: _inert(making.network(name)) for name in networks}).lstrip()


def module(live: list[str]) -> str:
    """Return the deck's own JavaScript, with its live slides, as one module.

    Each live slide stands in a block of its own, so that its names are its own; what the slides
    import stands before them, once.
    """
    paths = {name: LIVE_FOLDER / f"{name}.js" for name in live}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    imported = {(paths[name].parent / found["path"]).resolve(): None
                for name, text in texts.items() for found in IMPORT.finditer(text)}
    blocks = [f"{{\n{EXPORT.sub('', IMPORT.sub('', text))}\nlive.{name} = {name};\n}}"
              for name, text in texts.items()]
    return "\n".join([page.script(*imported, HERE / "deck.js"), "const live = {};", *blocks,
                      "start(live);\n"])


def timeline(slides: list[reading.Slide]) -> list[tuple[float, float]]:
    """Return for each slide the minutes that went before it: on the path, and in all."""
    past = [(0.0, 0.0)]
    for slide in slides:
        on_path, in_all = past[-1]
        minutes = slide.notes.minutes
        past.append((on_path + minutes * slide.notes.path, in_all + minutes))
    return past


def layout(slide: reading.Slide) -> str:
    """Return where a slide's pictures stand: "beside" or "below" its words, if it has both."""
    pictures = [part for part in slide.parts if not isinstance(part, reading.Text)]
    if not pictures or len(pictures) == len(slide.parts):
        return "only-pictures" if pictures else "only-words"
    asked = [name for name in slide.classes if name in ("beside", "below")]
    if asked:
        return asked[0]
    first = pictures[0]
    name = (first.names[0] if isinstance(first, reading.Pictures)
            else making.LIVE[first.name].still)
    return "below" if making.picture(name).shape > WIDE else "beside"


def reveal(path: str) -> str:
    """Return a file of reveal.js as text; it comes inside the package sphinx-revealjs."""
    package = Path(find_spec("sphinx_revealjs").origin).parent
    file = package / "_static" / "revealjs" / path
    if not file.exists():
        raise FileNotFoundError(f"reveal.js 5 has a file {file}, but this version of "
                                "sphinx-revealjs has none: install sphinx-revealjs 3.2.1.")
    return file.read_text(encoding="utf-8")


def text(name: str) -> str:
    """Return a file of this folder as text."""
    return (HERE / name).read_text(encoding="utf-8")


def closed(script: str) -> str:
    """Return a script that cannot end the <script> around it too early."""
    return script.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def _inert(json: str) -> str:
    """Return JSON that no browser takes for HTML."""
    return json.replace("<", r"\u003c")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m slides.build", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", type=Path, default=LECTURE, help="a Markdown file")
    parser.add_argument("--out", type=Path, default=FOLDER, help="a folder")
    parser.add_argument("--only-html", action="store_true", help="no PDF")
    chosen = parser.parse_args()
    start = time.perf_counter()
    try:
        written = build(chosen.source, chosen.out, processes=os.cpu_count() or 1)
    except (DeckError, FileNotFoundError) as error:
        if error.__cause__:
            traceback.print_exception(error.__cause__)
        sys.exit(str(error))
    print(f"{written}: {written.stat().st_size / 1e6:.1f} MB, {time.perf_counter() - start:.1f} s")
    if not chosen.only_html:
        print_pdf(written)


def print_pdf(written: Path) -> None:
    """Write the PDF beside the HTML file, or say how to get one."""
    browser = pdf.find_printer()
    if browser is None:
        print(pdf.BY_HAND.format(page=written.resolve().as_uri()))
        return
    start = time.perf_counter()
    printed = written.with_suffix(".pdf")
    try:
        pdf.write(written, printed, browser)
    except pdf.PrintingError as error:
        sys.exit(f"The deck is there, its PDF is not: {error}\nOpen "
                 f"{written.resolve().as_uri()}?print-pdf in a browser and print it into a file.")
    print(f"{printed}: {printed.stat().st_size / 1e6:.1f} MB, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
