"""Writes the course as a folder of web pages, for any web server, or to be opened from the disk.

make site                                  build/site/index.html, and all that it leads to
python -m tools.site.build --without-deck  leaves the lecture out, which takes longest

The notebooks stand as they were stored; nothing is executed but the shipped generators, each once,
for the still picture of its take-home page. No page asks the network for anything.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

import jinja2

from gan_lib import checkpoints, device, page
from slides import build as slides_build
from slides.reading import DeckError
from tools import cells, write_times
from tools.notebook_files import NOTEBOOKS, ROOT
from tools.prepare_notebooks import address
from tools.site import pages
from tools.site.pages import Page, SiteError

HERE = Path(__file__).resolve().parent
FOLDER = ROOT / "build" / "site"
STYLE, FIRST, DECK = "site.css", "index.html", "lecture.html"
AT_WORK = NOTEBOOKS[0].parent / "course_at_work.png"
# The generators that ship and need nothing but noise, largest pictures last.
AT_HOME = {"digits": "Handwritten digits, 32 × 32 pixels", "faces": "Drawn faces, 32 × 32 pixels",
           "faces64": "Drawn faces, 64 × 64 pixels"}


def write(out: Path, notebooks: list[Path] = NOTEBOOKS, deck: bool = True,
          at_home: dict[str, str] = AT_HOME) -> Path:
    """Write the site into the folder `out`, in place of an older one. Returns its first page.

    Raises SiteError, or DeckError, with what is wrong; then the older site is still there.
    """
    if out.exists() and any(out.iterdir()) and not (out / STYLE).is_file():
        raise SiteError(f"{out} holds other things than a site: name an empty folder.")
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _fill(part, notebooks, deck, at_home)
        shutil.rmtree(out, ignore_errors=True)
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return out / FIRST


def _fill(folder: Path, notebooks: list[Path], deck: bool, at_home: dict[str, str]) -> None:
    texts = sorted(notebooks[0].parent.glob("*.md"))
    known = {path.name for path in (*notebooks, *texts)}
    made = [pages.notebook(path, known) for path in notebooks]
    documents = [pages.document(path, known) for path in texts]
    if deck:
        slides_build.build(slides_build.LECTURE, folder, os.cpu_count() or 1)
    for name, title in at_home.items():
        take_home(name, title, folder / "take-home")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True,
                                     undefined=jinja2.StrictUndefined, trim_blocks=True,
                                     lstrip_blocks=True)
    neighbours = zip([None, *made], made, [*made[1:], None])
    for before, one, after in [*neighbours, *((None, one, None) for one in documents)]:
        _put(folder, one, environment.get_template("page.html").render(
            page=one, before=before, after=after))
    shutil.copy(AT_WORK, folder)
    (folder / STYLE).write_text(cells.STYLE.read_text(encoding="utf-8")
                                + (HERE / STYLE).read_text(encoding="utf-8"), encoding="utf-8")
    repository = address() if "/OWNER/" not in address() else ""
    (folder / FIRST).write_text(environment.get_template(FIRST).render(
        notebooks=[_row(path, one) for path, one in zip(notebooks, made)], documents=documents,
        deck=DECK if deck else "", at_home=at_home, repository=repository), encoding="utf-8")


def _put(folder: Path, one: Page, html: str) -> None:
    (folder / f"{one.name}.html").write_text(html, encoding="utf-8")
    for name, content in one.files.items():
        file = folder / one.name / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)


def _row(path: Path, one: Page) -> dict:
    """Return what the front page says of a notebook; what happens stands in the README's table."""
    words = write_times.rows(write_times.README.read_text(encoding="utf-8")).get(path.name)
    return {"page": one, "minutes": write_times.minutes(path), "words": words[2] if words else ""}


def take_home(name: str, title: str, folder: Path) -> None:
    """Write the page of a generator that ships, with sliders."""
    folder.mkdir(exist_ok=True)
    card = checkpoints.card(name)
    about = {"title": title, "made_by": "the course", "data": card["data"].partition(",")[0],
             "steps": card["steps"], "seconds": card["cpu_seconds"]}
    with device.threads(1):  # sums in the same order each time
        page.save(folder / f"{name}.html", checkpoints.load(name), about)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.site.build", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FOLDER, help="a folder")
    parser.add_argument("--without-deck", action="store_true", help="leave the lecture out")
    chosen = parser.parse_args()
    start = time.perf_counter()
    try:
        first = write(chosen.out, deck=not chosen.without_deck)
    except (SiteError, DeckError) as error:
        sys.exit(str(error))
    files = [path for path in first.parent.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{first}: {len(files)} files, {size:.1f} MB, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
