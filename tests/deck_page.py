"""What the browser's tests of the deck share: an opened deck, and what is wrong with a slide."""

import io
from contextlib import contextmanager

from PIL import Image, ImageChops

from tools.browser_lab import SCREENS

# Problems of a slide, in words: what lies outside of it, what lies over something else, and what
# is too small to be seen. `section` is the slide.
PROBLEMS = """section => {
    const problems = [];
    const name = element => `${element.tagName.toLowerCase()}.${element.className}` +
        ` "${(element.innerText || element.alt || "").slice(0, 40)}"`;
    const seen = element => element.getClientRects().length > 0
        && getComputedStyle(element).visibility === "visible" && !element.closest("aside.notes");
    const all = root => [root, ...root.querySelectorAll("*")].filter(seen);
    const box = element => element.getBoundingClientRect();
    const slide = section.querySelector(".slide"), frame = box(slide);
    for (const element of all(slide)) {
        const { left, top, right, bottom, width, height } = box(element);
        if (width * height && (left < frame.left - 1 || top < frame.top - 1
                || right > frame.right + 1 || bottom > frame.bottom + 1))
            problems.push(`${name(element)} lies outside`);
        if (element.matches("img, canvas") && Math.min(width, height) < 24)
            problems.push(`${name(element)} is only ${width} x ${height}`);
    }
    const around = element => {
        const boxes = all(element).map(box).filter(one => one.width * one.height);
        const least = side => Math.min(...boxes.map(one => one[side]));
        const most = side => Math.max(...boxes.map(one => one[side]));
        return { left: least("left"), top: least("top"),
            right: most("right"), bottom: most("bottom") };
    };
    const parts = [...slide.children]
        .flatMap(part => part.matches(".pictures") ? [...part.children] : [part])
        .filter(seen).map(part => [name(part), around(part)]);
    parts.forEach(([one, a], place) => parts.slice(place + 1).forEach(([two, b]) => {
        if (a.left < b.right - 2 && b.left < a.right - 2
                && a.top < b.bottom - 2 && b.top < a.bottom - 2)
            problems.push(`${one} and ${two} lie over each other`);
    }));
    const trouble = section.querySelector(".trouble");
    if (trouble && !trouble.hidden) problems.push(trouble.textContent);
    return problems;
}"""


@contextmanager
def opened(browser, deck, size=(1280, 720), search: str = "", **options):
    """Open a deck from the disk; yield its page, which notes .requests and .errors."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    page = context.new_page()
    page.requests, page.errors = [], []
    context.on("request", lambda request: page.requests.append(request.url))
    context.on("weberror", lambda error: page.errors.append(str(error.error)))
    context.on("console", lambda message: page.errors.append(message.text)
               if message.type in ("error", "warning") else None)
    page.goto(deck.as_uri() + search)
    page.wait_for_function("() => window.Reveal && Reveal.isReady()")
    try:
        yield page
    finally:
        context.close()


def slides(page, presses: bool = True):
    """Go through the deck by the arrow key; yield each slide when all of it has appeared."""
    while True:
        left = page.evaluate("() => Reveal.getCurrentSlide().querySelectorAll("
                             "'.fragment:not(.visible)').length")
        while presses and left:
            page.keyboard.press("ArrowRight")
            now = page.evaluate("() => Reveal.getCurrentSlide().querySelectorAll("
                                "'.fragment:not(.visible)').length")
            assert now < left, "a press showed nothing"
            left = now
        name = page.evaluate("() => Reveal.getCurrentSlide().id")
        page.wait_for_function("""name => document.getElementById(name).matches(".present")
            && document.getAnimations().every(one => one.playState === "finished")""", arg=name)
        yield name
        if page.evaluate("() => Reveal.isLastSlide()"):
            return
        while page.evaluate("() => Reveal.getCurrentSlide().id") == name:
            page.keyboard.press("ArrowRight")


def picture(page, name: str | None = None) -> Image.Image:
    """Return what the screen shows. With a name, it is kept in build/screens, to be looked at."""
    png = page.screenshot()
    if name:
        SCREENS.mkdir(parents=True, exist_ok=True)
        (SCREENS / f"{name}.png").write_bytes(png)
    return Image.open(io.BytesIO(png)).convert("RGB")


def changed(before: Image.Image, after: Image.Image) -> bool:
    """Return whether two pictures differ by more than the browser's rounding of a few pixels."""
    difference = ImageChops.difference(before, after).convert("L")
    return sum(difference.histogram()[32:]) > 8


def ink(image: Image.Image) -> float:
    """Return the share of pixels that are not white."""
    return 1 - image.convert("L").point(lambda value: 255 * (value > 240)).histogram()[255] / (
        image.width * image.height)
