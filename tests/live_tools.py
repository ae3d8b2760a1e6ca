"""A page with one live slide in it, for the tests of live slides."""

import json
from contextlib import contextmanager

from gan_lib import checkpoints, page
from slides import build

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
