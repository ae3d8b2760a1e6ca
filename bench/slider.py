"""How soon a latent slider answers: in the kernel, and on the screen of a real JupyterLab.

The course's own tool is compared with what most notebooks do: `ipywidgets.interact` around
matplotlib's `plt.show()`, with the same generator, the same sliders and a picture that is no
larger: once with pictures from the kernel, once drawn by the page. All three stand in one notebook
and take turns.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat

from bench.report import Figure, median
from tools.browser_lab import (
    HANDLE,
    LIVE,
    PICTURE,
    PROMPT_PICTURES,
    find_browser,
    opened,
    running_browser,
    running_lab,
)
from tools.notebook_files import run, stream
from tools.prepare_notebooks import METADATA, setup_source

TITLE = "A latent slider's answer"
SCREEN_KEYS = (
    "slider_screen_ms_median", "slider_screen_ms_pyplot_median", "slider_screen_latency_ratio",
    "slider_pictures_per_s", "slider_pictures_per_s_pyplot", "slider_pictures_ratio",
    "slider_page_ms_median", "slider_page_pictures_per_s",
    "slider_screen_ms_without_nodelay_median", "slider_pictures_per_s_without_nodelay")
KEYS = ("slider_ms_median", "slider_ms_pyplot_median", *SCREEN_KEYS)

DRAG_SECONDS = 3
MOVES_PER_SECOND = 90  # more than the screen shows frames

# The kernel draws, as where the page cannot.
TOOL = """
from gan_lib import checkpoints, latent
from gan_lib.widgets import page_part
from gan_lib.widgets.latent_sliders import LatentSliders
G = checkpoints.load("faces")
z = latent.draw(1, G.z_dim, 1)
z[:, :6] = 0
anywidget, page_part.anywidget = page_part.anywidget, None
tool = LatentSliders({"faces": G}, z=z)
page_part.anywidget = anywidget
tool.show()
"""

PAGE = """
page_tool = LatentSliders({"faces": G}, z=z)
page_tool.show()
"""

PYPLOT = """
import ipywidgets
import matplotlib.pyplot as plt
import torch

def draw(**values):
    moved = z.clone()
    moved[0, :6] = torch.tensor(list(values.values()))
    with torch.no_grad():
        x = G(moved)[0].permute(1, 2, 0) * 0.5 + 0.5
    plt.figure(figsize=(2.64, 2.92))
    plt.imshow(x.cpu().clamp(0, 1))
    plt.title("faces")
    plt.axis("off")
    plt.show()

controls = {f"z{i}": ipywidgets.FloatSlider(value=0, min=-3, max=3, step=0.01)
            for i in range(6)}
ipywidgets.interact(draw, **controls)
"""

# Setting `value` calls the observers at once: it returns when the PNG was handed to the browser.
IN_KERNEL = """
import json, time

def answer_ms(control, value):
    start = time.perf_counter()
    control.value = value
    return 1000 * (time.perf_counter() - start)

moves = [(i % 50 + 1) / 20 for i in range(COUNT)]
found = [(answer_ms(tool.sliders[0], value), answer_ms(controls["z0"], value))
         for value in moves]
print(json.dumps(found[5:]))
"""

# Looks after every frame of the page: when was another picture painted?
WATCH = """selector => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", {willReadFrequently: true});
    const seen = {keys: [], moves: [], pictures: []};
    let source = null, pixels = null;

    function read(image) {
        const live = image instanceof HTMLCanvasElement;
        [canvas.width, canvas.height] = live ? [image.width, image.height]
                                             : [image.naturalWidth, image.naturalHeight];
        context.drawImage(image, 0, 0);
        return new Uint32Array(
            context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    }
    function look() {
        const painted = performance.now();
        const image = [...document.querySelectorAll(selector)].at(-1);
        const live = image instanceof HTMLCanvasElement;
        if (live || image?.complete && image.naturalWidth && image.src !== source) {
            source = image.src;
            const before = pixels;
            pixels = read(image);
            if (before && pixels.some((value, i) => value !== before[i])) {
                seen.pictures.push(painted);
            }
        }
        if (window.seen === seen) next();
    }
    // A timer runs after the frame has been painted.
    function next() { requestAnimationFrame(() => setTimeout(look)); }
    if (!window.seen) {
        document.addEventListener("keydown", e => window.seen.keys.push(e.timeStamp), true);
        document.addEventListener("mousemove", e => window.seen.moves.push(e.timeStamp), true);
    }
    window.seen = seen;
    look();
}"""

# Moves the mouse, which is pressed already, to the right, to the left and back: 260 pixels in all.
# Each pixel is a position, and there should be more of them than the screen shows. The page makes
# the moves itself: Playwright waits until the page has answered each, so that a slow page would be
# asked less often.
DRAG = """([x, y, seconds, rate]) => new Promise(resolve => {
    const start = performance.now();
    const timer = setInterval(() => {
        const passed = (performance.now() - start) / 1000;
        const quarter = passed / seconds * 4;
        const place = quarter < 1 ? quarter : quarter < 3 ? 2 - quarter : quarter - 4;
        document.elementFromPoint(x, y).dispatchEvent(new MouseEvent("mousemove", {
            clientX: x + 65 * place, clientY: y, buttons: 1,
            bubbles: true, cancelable: true}));
        if (passed >= seconds) {
            clearInterval(timer);
            resolve(passed);
        }
    }, 1000 / rate);
})"""


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS."""
    tool, pyplot = in_kernel(105 if quick else 305)
    yield median("slider_ms_median", tool, unit="ms", note="z in, PNG out, in the kernel")
    yield median("slider_ms_pyplot_median", pyplot, unit="ms", note="interact and plt.show")
    path = find_browser()
    if path is None:
        for key in SCREEN_KEYS:
            yield Figure(key, None, note="no Chromium or Chrome is installed")
        return
    yield from on_screen(path, rounds=2 if quick else 8)


def notebook(*cells: str) -> nbformat.NotebookNode:
    """Return a notebook of the set-up cell and `cells`."""
    sources = [setup_source(), *cells]
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source.strip()) for source in sources],
        metadata=nbformat.from_dict(METADATA))


def in_kernel(count: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each answer of the course's tool, and of interact with pyplot."""
    nb = notebook(TOOL, PYPLOT, IN_KERNEL.replace("COUNT", str(count)))
    with tempfile.TemporaryDirectory() as folder:
        run(nb, Path(folder), widgets=True)
    tool, pyplot = zip(*json.loads(stream(nb.cells[-1].outputs, "stdout")))
    return list(tool), list(pyplot)


# --- on the screen ----------------------------------------------------------------------------

def on_screen(path: str, rounds: int) -> Iterator[Figure]:
    """Yield the figures of SCREEN_KEYS, measured in the browser at `path`."""
    with running_browser(path) as browser:
        tool, pyplot, page = in_lab(browser, rounds, "as make lab starts it", PROMPT_PICTURES)
        yield from compared(tool, pyplot)
        yield median("slider_page_ms_median", page.waits, unit="ms", at_most=16,
                     note="drawn by the page")
        yield median("slider_page_pictures_per_s", page.rates, unit="1/s", at_least=38,
                     note=f"at {min(page.moves):.0f} or more mouse moves a second")
        plain, *_ = in_lab(browser, rounds, "without TCP_NODELAY")
    yield median("slider_screen_ms_without_nodelay_median", plain.waits, unit="ms",
                 note="the course's tool in a plain `jupyter lab`")
    yield median("slider_pictures_per_s_without_nodelay", plain.rates, unit="1/s")


def compared(tool: OnScreen, pyplot: OnScreen) -> Iterator[Figure]:
    """Yield the figures of the course's tool beside those of interact with pyplot."""
    yield median("slider_screen_ms_median", tool.waits, unit="ms",
                 note="from the key to the painted picture")
    yield median("slider_screen_ms_pyplot_median", pyplot.waits, unit="ms")
    yield Figure("slider_screen_latency_ratio",
                 statistics.median(tool.waits) / statistics.median(pyplot.waits), at_most=0.65)
    for key, one in (("slider_pictures_per_s", tool), ("slider_pictures_per_s_pyplot", pyplot)):
        yield median(key, one.rates, unit="1/s",
                     note=f"at {min(one.moves):.0f} or more mouse moves a second")
    yield Figure("slider_pictures_ratio",
                 statistics.median(tool.rates) / statistics.median(pyplot.rates), at_least=1.8)


class OnScreen:
    """One slider and its picture in an open notebook, and what was measured of them."""

    def __init__(self, page, cell: int, picture: str):
        place = f".jp-Cell[data-windowed-list-index='{cell}'] "
        self.page = page
        self.handle = page.locator(f"{place} :is({HANDLE})").first
        self.picture = ", ".join(place + one for one in picture.split(", "))
        self.waits, self.rates, self.moves = [], [], []  # ms, pictures a second, moves a second

    def measure(self, keys: int) -> None:
        """Press `keys` keys one by one, then drag the slider with the mouse."""
        self.page.locator(self.picture).last.scroll_into_view_if_needed()
        self.handle.scroll_into_view_if_needed()
        self.page.evaluate(WATCH, self.picture)
        self.page.wait_for_timeout(500)
        self.handle.focus()
        for i in range(keys):
            self._press("ArrowRight" if i % 2 else "ArrowLeft")
        self._drag()

    def _press(self, key: str) -> None:
        before = len(self._seen()["pictures"])
        self.page.keyboard.press(key)
        deadline = time.monotonic() + 10
        while len((seen := self._seen())["pictures"]) == before:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{key} on the slider brought no new picture within 10 s.")
            self.page.wait_for_timeout(250)  # asking more often would slow the page down
        self.waits.append(seen["pictures"][before] - seen["keys"][-1])

    def _drag(self) -> None:
        box = self.handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        before = self._seen()
        seconds = self.page.evaluate(DRAG, [x, y, DRAG_SECONDS, MOVES_PER_SECOND])
        after = self._seen()
        self.page.mouse.up()
        self.page.wait_for_timeout(1000)  # the last pictures may still be on their way
        for name, rates in (("pictures", self.rates), ("moves", self.moves)):
            rates.append((len(after[name]) - len(before[name])) / seconds)

    def _seen(self) -> dict:
        return self.page.evaluate("() => window.seen")


def in_lab(browser, rounds: int, words: str, *options: str) -> tuple[OnScreen, ...]:
    """Return the course's tool, interact with pyplot, and the course's tool drawn by the page.

    They are measured in turns in one JupyterLab.
    """
    with ExitStack() as stack:
        home, folder = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in "ab")
        lab = stack.enter_context(running_lab(home, folder, *options))
        nbformat.write(notebook(TOOL, PYPLOT, PAGE), folder / "bench.ipynb")
        page = stack.enter_context(opened(lab, browser, "bench.ipynb", words))
        page.run()
        page.show(3).locator(LIVE).wait_for()
        all_three = tuple(OnScreen(page.page, cell, picture) for cell, picture in (
            (1, PICTURE), (2, ".jp-RenderedImage img"), (3, LIVE)))
        for _ in range(rounds):
            for one in all_three:
                one.measure(keys=10)
        return all_three
