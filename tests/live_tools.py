"""A page with one live slide in it, for the tests of live slides."""

import json
from contextlib import ExitStack, contextmanager
from unittest import mock

import numpy as np
import torch

from gan_lib import checkpoints, latent, page
from slides import build
from slides.live import LIVE, trained

STYLE = "body { margin: 0 } #place { max-width: 1150px; margin: 0 auto }"


class LivePage:
    """A page of the browser that shows a live slide. `errors` are what its script threw."""

    def __init__(self, tab, name: str, data, networks: tuple[str, ...] = ()):
        self.tab, self.errors = tab, []
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        looks = (page.scripts.HERE / "parts.css").read_text(encoding="utf-8")
        script = page.script("networks.js", build.LIVE_FOLDER / f"{name}.js")
        packed = json.dumps({name: page.packed(checkpoints.load(name)) for name in networks})
        tab.set_content(
            "<!DOCTYPE html><meta name='viewport' content='width=device-width'>"
            f"<style>{STYLE}{looks}</style><div id='place'><img alt='still'></div>"
            f"<script type='module'>{script}\n"
            "globalThis.call = (text, argument) => eval(text)(argument);\n"
            f"const networks = {packed};\n"
            "for (const name in networks) networks[name] = network(networks[name]);\n"
            f"{name}(document.querySelector('#place'), {json.dumps(data)}, networks);"
            "</script>")
        tab.wait_for_function("() => document.querySelector('#place canvas')")

    def call(self, function: str, *arguments):
        """Call a JavaScript function of the page with these arguments; return its result."""
        return self.tab.evaluate("([text, all]) => globalThis.call(text, all)",
                                 [f"(all) => ({function})(...all)", list(arguments)])

    def alts(self) -> list[str]:
        """Return what is said of each picture."""
        return [picture.get_attribute("aria-label") for picture in
                self.tab.get_by_role("img").all()]

    def text(self) -> str:
        return self.tab.locator("#place").inner_text()

    def press(self, button: str, times: int = 1) -> None:
        for _ in range(times):
            self.tab.get_by_role("button", name=button).click()

    def slide_to(self, name: str, value: float) -> None:
        """Move a slider as a screen reader does: to a value, with its event."""
        self.tab.get_by_role("slider", name=name).fill(str(value))

    def pixels(self, number: int = 0) -> str:
        """Return canvas `number` as text: equal pictures give equal texts."""
        return self.tab.locator("canvas").nth(number).evaluate("canvas => canvas.toDataURL()")


@contextmanager
def live_page(browser, name: str, data=None, networks: tuple[str, ...] = (), **options):
    """Show a live slide; at the end, no error may have come. `options` are a new page's."""
    tab = browser.new_page(**{"viewport": {"width": 1280, "height": 720}, **options})
    try:
        shown = LivePage(tab, name, data, networks)
        yield shown
        assert shown.errors == []
    finally:
        tab.close()


FRAME = 5  # of pictures in the slides, in pixels
LOOK = """([canvas, size, side, x, y]) => {
    const pixels = document.querySelectorAll("canvas")[canvas].getContext("2d")
        .getImageData(2 * x, 2 * y, 2 * side, 2 * side).data, step = 2 * side / size, found = [];
    for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) {
        const middle = (Math.floor((row + 0.5) * step) * 2 * side
                        + Math.floor((column + 0.5) * step)) * 4;
        found.push(...pixels.slice(middle, middle + 3));
    }
    return found;
}"""


@contextmanager
def shown_slides(browser):
    """Give a function that shows a live slide as the deck does; each is closed at the end.

    Only what the game's slide says of five measured games, which take their time, is made up.
    """
    measured = {"steps": 2000, "modes": [8, 7, 8], "shares": [0.8, 0.9, 0.85]}
    with mock.patch.object(trained, "measured", lambda: measured), ExitStack() as opened:
        yield lambda name, **options: opened.enter_context(live_page(
            browser, name, LIVE[name].data(), LIVE[name].networks, **options))


def seen(slide: LivePage, canvas: int, size: int, side: int, x: float = FRAME, y: float = FRAME):
    """Return the picture that a canvas shows, `side` wide at (x, y): uint8 (size, size, 3)."""
    found = slide.tab.evaluate(LOOK, [canvas, size, side, x, y])
    return np.array(found).reshape(size, size, 3)


def difference(found: np.ndarray, x: torch.Tensor) -> np.ndarray:
    """Return how many grey levels lie between pixels and a picture x (1, C, H, W)."""
    return np.abs(found - (x.expand(-1, 3, -1, -1)[0].permute(1, 2, 0).numpy() + 1) * 127.5)


def fakes(name: str, z) -> torch.Tensor:
    """Return what a trained generator makes of z, as numbers or a tensor: (N, C, H, W)."""
    G = checkpoints.load(name)
    return latent.look(G, torch.as_tensor(z).view(-1, G.z_dim)).detach()
