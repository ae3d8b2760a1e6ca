"""How fast the networks of the page are: from noise to a painted picture, and a game's steps."""

from __future__ import annotations

from collections.abc import Iterator

from bench.report import Figure, median
from tools.browser_lab import find_browser, running_browser

TITLE = "Networks in the page"
KEYS = ("page_generator_ms_32px", "page_generator_ms_64px", "page_game_steps_per_s")

# Reading a pixel back makes the browser paint at once.
GENERATOR = """async ({ packed, count }) => {
    const G = network(packed), random = randomNumbers(1), times = [];
    const canvas = picture({ width: 256, height: 256, alt: "" });
    document.body.append(canvas);
    for (let i = 0; i < count; i++) {
        const start = performance.now();
        const x = G.forward(noise(G.zDim, random));
        paint(canvas, x, G.shape);
        canvas.pen.getImageData(0, 0, 1, 1);
        times.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
    }
    return times;
}"""

# A second of steps at a time, in turns of 20 as between two frames of the screen.
GAME = """async seconds => {
    const random = randomNumbers(1);
    const game = new Game(pointNetwork(2, 32, 1, random), pointNetwork(2, 32, 2, random));
    const rates = [];
    for (let second = 0; second < seconds; second++) {
        const start = performance.now();
        let steps = 0, passed = 0;
        while (passed < 1000) {
            for (let i = 0; i < 20; i++) game.step(noise(128, random), noise(128, random));
            steps += 20;
            await new Promise(done => setTimeout(done));
            passed = performance.now() - start;
        }
        rates.push(1000 * steps / passed);
    }
    return rates;
}"""


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS."""
    path = find_browser()
    if path is None:
        for key in KEYS:
            yield Figure(key, None, note="no Chromium or Chrome is installed")
        return
    from gan_lib import checkpoints, page  # torch: not for those who only read KEYS
    with running_browser(path) as browser:
        tab = browser.new_page()
        script = page.script("networks.js", "parts.js", "game.js")
        tab.set_content(f"<script type='module'>{script}\n"
                        "globalThis.call = (text, argument) => eval(text)(argument);</script>")
        tab.wait_for_function("() => globalThis.call")
        for pixels, name, goal in ((32, "faces", 8), (64, "faces64", 16)):
            packed = page.packed(checkpoints.load(name))
            times = call(tab, GENERATOR, {"packed": packed, "count": 50})
            yield median(f"page_generator_ms_{pixels}px", times, unit="ms", at_most=goal,
                         note="noise to painted picture, 50 times")
        yield median("page_game_steps_per_s", call(tab, GAME, 3 if quick else 10), unit="1/s",
                     at_least=200, note="hidden layers of 32, batch 64, losses included")


def call(tab, function: str, argument):
    """Call a JavaScript function of one argument, which may use all names of the page's modules."""
    return tab.evaluate("([text, argument]) => globalThis.call(text, argument)",
                        [f"({function})", argument])
