"""The interactive tools in the real JupyterLab, moved by a real mouse and keyboard.

To test another tool add a line to TOOLS or to BUTTONS. JupyterLab works on a copy of the
notebooks, and with empty settings, so that nobody's files or settings change. Screenshots go to
build/screens/.
"""

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

import nbformat
import pytest
from notebook_tools import ROOT

# (notebook, text of the code cell that shows the tool). The cells up to it are run, then the
# tool's first slider is moved.
TOOLS = [
    ("01_bce_refresher.ipynb", "BCESlider()"),
    ("01_bce_refresher.ipynb", "ThreeNumbers()"),
    ("02_generator.ipynb", "UpConvolution(size=3"),
    ("02_generator.ipynb", "LatentSliders({"),
    ("05_latent_interpolation.ipynb", 'LatentSliders({"faces": G, "digits"'),
    ("05_latent_interpolation.ipynb", "FourCorners(G"),
    ("06_occlusion_inpainting.ipynb", "Occluder(x, simple)"),
]
# (notebook, text of the code cell, a button of the tool).
BUTTONS = [
    ("01_bce_refresher.ipynb", "ThreeNumbers()", "step D"),
    ("03_discriminator.ipynb", "BlindCards(", "real"),
    ("04_alternating_training.ipynb", "HalfSteps()", "step G"),
    ("06_occlusion_inpainting.ipynb", "ZSearch(", "Step"),
]

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-quic"]
SCREENS = ROOT / "build" / "screens"
HANDLE = ".noUi-handle, .ui-slider-handle"  # ipywidgets 8, ipywidgets 7
PICTURE = "img.gan-tool-picture, .gan-tool-picture img"
PIXELS = """image => {
    if (!image.complete || image.naturalWidth === 0) return null;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL();
}"""
SAMPLE = """
import ipywidgets
from io import BytesIO
from PIL import Image
slider = ipywidgets.IntSlider(value=100, max=255)
picture = ipywidgets.Image(format="png")
picture.add_class("gan-tool-picture")
def draw(change=None):
    file = BytesIO()
    Image.new("L", (64, 64), slider.value).save(file, "png")
    picture.value = file.getvalue()
slider.observe(draw, "value")
draw()
box = ipywidgets.VBox([slider, picture])
box.add_class("gan-tool")
box
"""


# --- JupyterLab and the browser ---------------------------------------------------------------

def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


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


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab on a free loopback port, with a home folder and settings of its own."""
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "notebooks", folder, dirs_exist_ok=True)
    port, token = free_port(), secrets.token_hex(16)
    own = {"HOME": home, "IPYTHONDIR": home / "ipython", "PYTHONPATH": ROOT,
           "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data",
           "JUPYTER_RUNTIME_DIR": home / "runtime",
           "JUPYTERLAB_SETTINGS_DIR": home / "settings",
           "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces"}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
               f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
               "--LabApp.expose_app_in_browser=True"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    # The question about news would lie over the notebook, and over a slider by chance.
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    with open(home / "log", "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log,
                                   env={**os.environ, **{name: str(own[name]) for name in own}})
    try:
        running = Lab(folder, process, port, token)
        deadline = time.monotonic() + 120
        while not running.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail("JupyterLab did not start:\n" + (home / "log").read_text()[-3000:])
            time.sleep(0.2)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; without one the test is skipped, or fails where one is required."""
    path = find_browser()
    if path is None:
        reason = "no Chromium or Chrome is installed"
        if os.environ.get("GAN_COURSE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM)
        yield running
        running.close()


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
        assert errors == []

    def show(self, number: int):
        """Scroll to a cell; return the tool in its output."""
        self.page.evaluate("""number =>
            window.jupyterapp.shell.currentWidget.content.scrollToItem(number, "start")""", number)
        tool = self.page.locator(
            f".jp-Cell[data-windowed-list-index='{number}'] .gan-tool").first
        tool.locator(PICTURE).first.wait_for(timeout=60_000)
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
    while (shown := tool.locator(PICTURE).first.evaluate(PIXELS)) in (None, other_than):
        assert time.monotonic() < deadline, "the picture did not change within a minute"
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


# --- tests ------------------------------------------------------------------------------------

def move_the_slider(lab, browser, notebook: str, words: str) -> None:
    with opened(lab, browser, notebook, words) as page:
        number = page.cell(words)
        page.run(last=number)
        tool = page.show(number)
        handle = tool.locator(HANDLE).first

        first = picture(tool)
        drag(page.page, handle, to_the_right=60)
        picture(tool, other_than=first)

        # The last pictures of the drag may still be on their way.
        page.page.wait_for_timeout(1000)
        dragged = picture(tool)
        handle.focus()
        for _ in range(5):
            page.page.keyboard.press("ArrowLeft")
        picture(tool, other_than=dragged)


@pytest.mark.parametrize(("notebook", "words"), TOOLS)
def test_mouse_and_keys_move_the_slider_and_the_picture_changes(lab, browser, notebook, words):
    move_the_slider(lab, browser, notebook, words)


@pytest.mark.parametrize(("notebook", "words", "button"), BUTTONS)
def test_a_button_changes_the_picture(lab, browser, notebook, words, button):
    with opened(lab, browser, notebook, f"{words} {button}") as page:
        number = page.cell(words)
        page.run(last=number)
        tool = page.show(number)
        first = picture(tool)
        tool.get_by_role("button", name=button, exact=True).click()
        picture(tool, other_than=first)


def test_a_sample_tool_answers_to_mouse_and_keys(browser, lab):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Sample"),
                                         nbformat.v4.new_code_cell(SAMPLE)])
    nb.metadata = nbformat.from_dict({"kernelspec": {"name": "python3", "display_name": "Python 3",
                                                     "language": "python"}})
    nbformat.write(nb, lab.folder / "sample.ipynb")
    move_the_slider(lab, browser, "sample.ipynb", words="ipywidgets.IntSlider")


def test_the_lab_listens_on_loopback_only_and_asks_for_the_token(lab):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{lab.address}/api/contents", timeout=10)
    assert refused.value.code == 403
