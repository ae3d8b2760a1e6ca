"""What the browser's tests and the bench share: a real JupyterLab in a headless browser.

JupyterLab works on a copy of the notebooks, and with empty settings, so that nobody's files or
settings change. Screenshots go to build/screens/.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

from tools.browsers import find_browser
from tools.notebook_files import ROOT

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-quic"]
SCREENS = ROOT / "build" / "screens"
HANDLE = ".noUi-handle, .ui-slider-handle"  # ipywidgets 8, ipywidgets 7
# The kernel's picture; the last one is the page's own, where it draws itself.
LIVE = "canvas.gan-tool-live"
PICTURE = f"img.gan-tool-picture, .gan-tool-picture img, {LIVE}"
PIXELS = """image => {
    if (image instanceof HTMLCanvasElement) return image.toDataURL();
    if (!image.complete || image.naturalWidth === 0) return null;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL();
}"""
# As in the Makefile: see gan_lib/widgets/lab_server.py.
PROMPT_PICTURES = "--ServerApp.jpserver_extensions=gan_lib.widgets.lab_server=True"


# --- JupyterLab -------------------------------------------------------------------------------

def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """A running JupyterLab: its address, its token, and the folder that it shows."""

    def __init__(self, folder, process, port: int, token: str):
        self.folder, self.process, self.token = folder, process, token
        self.address = f"http://127.0.0.1:{port}"

    def answers(self) -> bool:
        request = urllib.request.Request(f"{self.address}/api/status",
                                         headers={"Authorization": f"token {self.token}"})
        try:
            with urllib.request.urlopen(request, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def running_lab(home: Path, folder: Path, *options: str):
    """Start JupyterLab on a free loopback port; yield it, showing a copy of the notebooks.

    `home` and `folder` are empty folders: its home with settings of its own, and what it shows.
    `options` are further options of the command. Raises RuntimeError with the end of the log.
    """
    shutil.copytree(ROOT / "notebooks", folder, dirs_exist_ok=True)
    port, token = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
               f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
               "--LabApp.expose_app_in_browser=True", *options]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with open(home / "log", "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=_environment(home))
    try:
        lab = Lab(folder, process, port, token)
        deadline = time.monotonic() + 120
        while not lab.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("JupyterLab did not start. Its last words:\n"
                                   + (home / "log").read_text()[-3000:])
            time.sleep(0.2)
        yield lab
    finally:
        process.terminate()
        process.wait(timeout=60)


def _environment(home: Path) -> dict[str, str]:
    """Return the environment of a JupyterLab that keeps all its files below `home`."""
    # The question about news would lie over the notebook, and over a slider by chance.
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    own = {"HOME": home, "IPYTHONDIR": home / "ipython", "PYTHONPATH": ROOT,
           "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data",
           "JUPYTER_RUNTIME_DIR": home / "runtime",
           "JUPYTERLAB_SETTINGS_DIR": home / "settings",
           "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces"}
    return {**os.environ, **{name: str(value) for name, value in own.items()}}


def write_notebook(path: Path, *cells: str) -> None:
    """Write a notebook of a title and these code cells, numbered from 1."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Sample"),
                                         *map(nbformat.v4.new_code_cell, cells)])
    nb.metadata = nbformat.from_dict({"kernelspec": {"name": "python3", "display_name": "Python 3",
                                                     "language": "python"}})
    nbformat.write(nb, path)


# --- the browser ------------------------------------------------------------------------------

@contextmanager
def running_browser(path: str | None = None):
    """Start the browser at `path`, or the one that is installed, without a window; yield it."""
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or find_browser(), headless=True,
                                             args=CHROMIUM)
        yield browser
        browser.close()


class Notebook:
    """A notebook that is open in the browser."""

    def __init__(self, page, cells: list):
        self.page, self.cells = page, cells

    def cell(self, words: str) -> int:
        """Return the number of the code cell that holds `words`."""
        return next(number for number, cell in enumerate(self.cells)
                    if cell.cell_type == "code" and words in cell.source)

    def run(self, last: int | None = None) -> None:
        """Run all cells, or those up to and including the cell number `last`."""
        errors = self.page.evaluate("""async last => {
            const panel = window.jupyterapp.shell.currentWidget;
            await panel.context.ready;
            await panel.sessionContext.ready;
            const notebook = panel.content;
            notebook.deselectAll();
            notebook.activeCellIndex = last ?? notebook.widgets.length - 1;
            await window.jupyterapp.commands.execute("notebook:run-all-above");
            await window.jupyterapp.commands.execute("notebook:run-cell");
            return notebook.widgets.filter(cell => cell.model.type === "code").flatMap(
                cell => cell.model.sharedModel.outputs).filter(
                output => output.output_type === "error").map(
                output => output.ename + ": " + output.evalue);
        }""", last)
        if errors:
            raise RuntimeError(f"The notebook ended with: {errors}")

    def start(self, number: int) -> None:
        """Run one cell, and do not wait for its end."""
        self.page.evaluate("""number => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.deselectAll();
            notebook.activeCellIndex = number;
            window.jupyterapp.commands.execute("notebook:run-cell");
        }""", number)

    def runs(self, number: int) -> bool:
        """Return whether one cell waits or runs."""
        return self.page.evaluate("""number => "*" ===
            window.jupyterapp.shell.currentWidget.content.widgets[number].prompt""", number)

    def said(self, number: int) -> str:
        """Run one cell, and return what it prints."""
        self.start(number)
        while self.runs(number):
            self.page.wait_for_timeout(50)
        return self.page.evaluate("""number => {
            const cell = window.jupyterapp.shell.currentWidget.content.widgets[number];
            return cell.model.sharedModel.outputs.map(
                output => output.text ?? output.evalue ?? "").flat().join("");
        }""", number)

    def show(self, number: int):
        """Scroll to a cell; return the tool in its output."""
        self.page.evaluate("""number =>
            window.jupyterapp.shell.currentWidget.content.scrollToItem(number, "start")""", number)
        tool = self.page.locator(
            f".jp-Cell[data-windowed-list-index='{number}'] .gan-tool").first
        tool.locator(PICTURE).last.wait_for(timeout=60_000)
        return tool


@contextmanager
def opened(lab, browser, name: str, words: str):
    """Open a notebook of the lab's folder; yield it; take a screenshot named after `words`."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(60_000)
    try:
        page.goto(f"{lab.address}/lab/tree/{name}?token={lab.token}&reset")
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content?.widgets",
                               timeout=120_000)
        yield Notebook(page, nbformat.read(lab.folder / name, as_version=4).cells)
    finally:
        SCREENS.mkdir(parents=True, exist_ok=True)
        label = re.sub(r"\W+", "_", f"{name.removesuffix('.ipynb')} {words}")
        page.screenshot(path=SCREENS / f"{label[:80]}.png")
        page.close()


def picture(tool, other_than: str | None = None) -> str:
    """Return the tool's picture as the text of a PNG, as soon as it differs from `other_than`."""
    deadline = time.monotonic() + 60
    while (shown := tool.locator(PICTURE).last.evaluate(PIXELS)) in (None, other_than):
        if time.monotonic() > deadline:
            raise TimeoutError("The picture did not change within a minute.")
        time.sleep(0.05)
    return shown


def drag(page, handle, to_the_right: int) -> None:
    """Move a slider's handle with the mouse, in small steps as a hand does."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + to_the_right, y, steps=10)
    page.mouse.up()
