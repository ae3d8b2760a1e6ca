"""Puts the notebooks of all groups into one deck: one HTML file that needs nothing beside it.

make showcase FROM=projects                     build/slides/showcase.html
make showcase FROM=projects ORDER=order.txt     in the order of a list: a notebook's path a line
python -m slides.showcase projects --title "Our GANs" --out folder

Every .ipynb file in the folder and in its subfolders is one group. Nothing is executed: the deck
shows the outputs that the notebooks hold, and no script of theirs runs in it.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import jinja2

from gan_lib import files, page
from gan_lib.page.scripts import checksum
from slides import build, students
from slides.students import Group, NotebookError, Slide
from slides.untrusted import image
from tools import cells

NAME = "showcase.html"
SCRIPT, STYLE = (re.compile(rf"<{tag}>(.*?)</{tag}>", re.DOTALL) for tag in ("script", "style"))


def find(folder: Path) -> list[Path]:
    """Return all notebooks in a folder and below it, by name; numbers in names count as numbers."""
    paths = [path for path in folder.rglob("*") if path.suffix.lower() == ".ipynb"
             and path.is_file() and not any(part.startswith(".")
                                            for part in path.relative_to(folder).parts)]
    return sorted(paths, key=lambda path: _by_number(path.relative_to(folder).as_posix()))


def _by_number(name: str) -> list:
    parts = re.split(r"(\d+)", name.lower())
    return [[(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts], name]


def ordered(paths: list[Path], folder: Path, wanted: list[str]) -> tuple[list[Path], list[str]]:
    """Return the notebooks in the order of a list, and sentences about what does not fit.

    A line names a notebook by its path in the folder, with or without .ipynb, by the folder that
    it lies in, or by its name. What no line names comes at the end.
    """
    left, found, said = list(paths), [], []
    for line in wanted:
        fits = [path for path in left if line.strip("/") in _names(path.relative_to(folder))]
        if not fits:
            said.append(f"{line}: the list names it, but no notebook (or none that is left) fits.")
        found += fits
        left = [path for path in left if path not in fits]
    return found + left, said


def _names(path: Path) -> set[str]:
    return {path.as_posix(), path.with_suffix("").as_posix(), path.name, path.stem,
            path.parent.as_posix()}


def collect(folder: Path, paths: list[Path]) -> tuple[list[Group], list[str]]:
    """Return the groups, and a sentence for each notebook that is left out."""
    groups, said = [], []
    for path in paths:
        name = _seen(path.relative_to(folder).with_suffix("").as_posix())
        try:
            groups.append(students.read(path, folder, name))
        except NotebookError as error:
            said.append(f"{name}{path.suffix} is left out: {_seen(str(error))}")
        except Exception as error:  # one group's file must not take the others' deck away
            said.append(f"{name}{path.suffix} is left out: it cannot be shown "
                        f"({type(error).__name__}: {_seen(str(error)[:200])}).")
    return groups, said


def _seen(text: str) -> str:
    """Return a text of theirs with nothing in it that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def html(groups: list[Group], title: str) -> str:
    """Return the whole deck as a page."""
    style = "\n".join([build.reveal("dist/reveal.css"), build.text("lecture.css"),
                       cells.STYLE.read_text(encoding="utf-8"), build.text("showcase.css")])
    scripts = [build.closed(build.reveal(path))
               for path in ("dist/reveal.js", "plugin/notes/notes.js")]
    module = build.closed(page.script(build.HERE / "showcase.js"))
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(build.HERE), autoescape=True,
                                     undefined=jinja2.StrictUndefined, trim_blocks=True,
                                     lstrip_blocks=True)
    return environment.get_template("showcase.html").render(
        groups=groups, title=title, layout=layout, image=image, style=style, scripts=scripts,
        module=module, policy=policy([*scripts, module], style)).lstrip()


def layout(slide: Slide) -> str:
    """Return where a slide's pictures stand."""
    if not slide.pictures:
        return "only-words"
    several = " many" if len(slide.pictures) > 2 else ""
    if not slide.words:
        return f"only-pictures{several}"
    wide = slide.pictures[0][0].shape > build.WIDE
    return ("below" if wide else "beside") + several


def policy(scripts: list[str], style: str) -> str:
    """Return what the browser may do in the deck: run these scripts, draw pictures, no more.

    The speaker's window is a page that reveal.js writes; it inherits this policy.
    """
    speaker = build.reveal("plugin/notes/speaker-view.html")
    may_run = " ".join(map(checksum, [*scripts, *SCRIPT.findall(speaker)]))
    looks = " ".join(map(checksum, [style, *STYLE.findall(speaker), "display: none"]))
    return (f"default-src 'none'; script-src {may_run}; style-src 'unsafe-hashes' {looks}; "
            "img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'")


def write(folder: Path, out: Path, wanted: list[str], title: str) -> tuple[Path, int, list[str]]:
    """Write the deck; return its path, the number of groups, and what is to be said.

    Raises NotebookError if the folder holds no notebook that can be shown.
    """
    if not folder.is_dir():
        raise NotebookError(f"There is no folder {folder}. Put the groups' notebooks into one and "
                            "name it: make showcase FROM=folder")
    paths, missing = ordered(find(folder), folder, wanted)
    groups, left_out = collect(folder, paths)
    if not groups:
        raise NotebookError("\n".join([*left_out, f"No notebook to show is in {folder}: put the "
                                       "groups' .ipynb files there, saved with their outputs."]))
    out.mkdir(parents=True, exist_ok=True)
    content = html(groups, title).encode("utf-8", errors="replace")  # half a letter is no letter
    return files.write_whole(out / NAME, content), len(groups), missing + left_out


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m slides.showcase", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the groups' notebooks are")
    parser.add_argument("--order", type=Path, help="a text file: a notebook's path a line")
    parser.add_argument("--title", default="Our projects", help="of the first slide")
    parser.add_argument("--out", type=Path, default=build.FOLDER, help="a folder")
    chosen = parser.parse_args()
    try:
        wanted = lines(chosen.order) if chosen.order else []
        written, count, said = write(chosen.folder, chosen.out, wanted, chosen.title)
    except NotebookError as error:
        sys.exit(str(error))
    print(*said, sep="\n", end="\n" if said else "")
    print(f"{written}: {count} {'group' if count == 1 else 'groups'}, "
          f"{written.stat().st_size / 1e6:.1f} MB")


def lines(path: Path) -> list[str]:
    """Return the lines of a list that are not empty. Raises NotebookError if it is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotebookError(f"The list {path} cannot be read ({type(error).__name__}): write a "
                            "text file with a notebook's path in each line.") from None
    return [line.strip() for line in text.splitlines() if line.strip()]


if __name__ == "__main__":
    main()
