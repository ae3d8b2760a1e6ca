"""Presents a notebook live, cell by cell, with its tools alive: `make present`.

make present                                             notebook 01
make present NOTEBOOK=notebooks/08_class_conditioning.ipynb

JupyterLab opens with the extension jupyterlab-deck switched on, in a large font, and with settings
of its own in build/present/: what `make lab` shows stays as it was. Nothing is saved unless you
save: the outputs that are stored in the notebook stay.

`slide_types` says which cells come together on a screen; `make notebooks` writes it into the
notebooks.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from gan_lib import files
from tools.browser_lab import PROMPT_PICTURES
from tools.notebook_files import NOTEBOOKS, ROOT

FOLDER = ROOT / "build" / "present"
TEXT, CODE = 22, 18  # px of the fonts
# A presenter's remote control presses Page Down and Page Up. The extension's own keys need the
# focus on the notebook; these work unless something in a cell (an editor, a tool) has the focus.
FREE = ["body:has(.jp-Deck)" + "".join(
            f":not(:has({busy}))" for busy in (".jp-Cell :focus", "input:focus", "button:focus")),
        ".jp-Deck .jp-Notebook.jp-mod-commandMode .jp-Cell.jp-Notebook-cell:focus:not(:read-write)"]
NEXT, BEFORE = ("down", "forward"), ("up", "back")
KEYS = {"Space": NEXT, "ArrowRight": NEXT, "ArrowDown": NEXT, "PageDown": NEXT,
        "Shift Space": BEFORE, "ArrowLeft": BEFORE, "ArrowUp": BEFORE, "PageUp": BEFORE}
# A cell that was run stays on the screen; the next one would give its surprise away.
RUN = [{"command": "notebook:run-cell", "keys": [keys], "selector": selector}
       for keys in ("Shift Enter", "Ctrl Enter")
       for selector in (FREE[0], ".jp-Deck .jp-Notebook.jp-mod-editMode",
                        ".jp-Deck .jp-Notebook.jp-mod-commandMode")]
SETTINGS = {
    "@deathbeds/jupyterlab-deck/plugin": {"active": True},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false",
                                                    "checkForUpdates": False},
    "@jupyterlab/apputils-extension/themes": {"overrides": {
        "code-font-size": f"{CODE}px", "content-font-size1": f"{TEXT}px",
        "ui-font-size1": "16px"}},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    "@jupyterlab/shortcuts-extension/shortcuts": {"shortcuts": [
        {"command": "deck:go", "keys": [keys], "selector": selector,
         "args": {"direction": direction, "alternate": alternate}}
        for keys, (direction, alternate) in KEYS.items() for selector in FREE] + RUN},
}
# A picture leaves room for the code above it.
CSS = (".jp-Deck :is(.jp-RenderedHTML, .jp-RenderedImage) img "
       "{ max-height: 42vh; object-fit: contain; object-position: left; }\n")
# What fits on a screen of 1920 x 1080 px, in px; lines are a little higher than their letters.
SCREEN_HEIGHT, TEXT_LINE, CODE_LINE, PRINTED_LINE = 1000, 36, 25, 24
LETTERS_IN_A_LINE = 140
TOOL_CONTROLS = 250  # sliders and buttons stand around a tool's picture


def slide_types(cells: list) -> list[str]:
    """Return the slide type of each cell, "slide" or "fragment".

    A heading begins a slide. A cell after it comes below (a "fragment") as long as all fit on the
    screen; otherwise it begins a slide. ("subslide" is not used: jupyterlab-deck skips some.) What
    is marked by hand as "skip", "notes" or "-" (with the cell before) stays so.
    """
    types, filled = [], 0.0
    for number, cell in enumerate(cells):
        by_hand = cell.metadata.get("slideshow", {}).get("slide_type")
        if by_hand in ("skip", "notes", "-"):
            types.append(by_hand)
            filled += cell_height(cell) if by_hand == "-" else 0
            continue
        height = cell_height(cell)
        heading = cell.source if cell.cell_type == "markdown" else ""
        begins = (number == 0 or heading.startswith(("## ", "### "))
                  or filled + height > SCREEN_HEIGHT)
        kind = "slide" if begins else "fragment"
        types.append(kind)
        filled = filled + height if kind == "fragment" else height
    return types


def cell_height(cell) -> float:
    """Return the height in px that a cell takes on the screen, its answers folded."""
    if cell.cell_type == "markdown":
        lines = cell.source.partition("<details>")[0].splitlines()
        folded = cell.source.count("<details>")
        return 20 + TEXT_LINE * (folded + sum(map(_rows, lines)))
    return (20 + CODE_LINE * len(cell.source.splitlines())
            + sum(map(_output_height, cell.outputs)))


def _rows(line: str) -> float:
    if not line.strip():
        return 0.5
    return math.ceil(len(line) / LETTERS_IN_A_LINE) * (1.6 if line.startswith("#") else 1)


def _output_height(output) -> float:
    if output.output_type == "stream":
        return PRINTED_LINE * len(output.text.splitlines())
    if "image/png" not in output.get("data", {}):
        return PRINTED_LINE
    width, height = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).size
    shown = output.metadata.get("image/png", {}).get("width", width)
    tool = TOOL_CONTROLS if "gan-tool" in output.data.get("text/html", "") else 0
    return height * shown / width + tool


def write_settings(folder: Path) -> dict[str, str]:
    """Write JupyterLab's settings for presenting into `folder`; return the environment to start in.

    The option --custom-css goes with it.
    """
    texts = {f"settings/{plugin}.jupyterlab-settings": json.dumps(values, indent=2)
             for plugin, values in SETTINGS.items()}
    for name, text in {**texts, "config/custom/custom.css": CSS}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(path, text.encode())
    return {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "JUPYTER_CONFIG_DIR": str(folder / "config")}


def main() -> None:
    parser = argparse.ArgumentParser(description="Present a notebook live.")
    parser.add_argument("notebook", nargs="?", type=Path, default=NOTEBOOKS[0])
    chosen, options = parser.parse_known_args()
    if not chosen.notebook.is_file():
        there = "\n  ".join(str(path.relative_to(ROOT)) for path in NOTEBOOKS)
        sys.exit(f"There is no notebook {str(chosen.notebook)!r}. There are:\n  {there}")
    sys.exit(subprocess.call(
        [sys.executable, "-m", "jupyterlab", "--custom-css", "--ServerApp.ip=127.0.0.1",
         f"--ServerApp.root_dir={ROOT}", PROMPT_PICTURES, *options,
         str(chosen.notebook.resolve())],
        env={**os.environ, **write_settings(FOLDER)}))


if __name__ == "__main__":
    main()
