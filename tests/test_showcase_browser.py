"""The projects' deck in a real browser: it can be read, and no trick runs in it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

import showcase_tools as tools
from deck_page import ink, opened, picture, slides
from showcase_tools import AWAY, PAGE, RUN, built

PWNED = "() => window.pwned"
FITS = """section => {
    const slide = section.querySelector(".slide").getBoundingClientRect();
    const problems = [];
    for (const part of section.querySelectorAll(".slide > *, .shown, .shown img")) {
        const box = part.getBoundingClientRect();
        if (box.left < slide.left - 1 || box.right > slide.right + 1 || box.top < slide.top - 1
                || box.bottom > slide.bottom + 1)
            problems.push(`${part.tagName} ${part.className} lies outside`);
        if (part.matches("img") && (part.naturalWidth === 0 || box.height < 40))
            problems.push("a picture is not seen");
    }
    for (const words of section.querySelectorAll(".words")) {
        const cut = words.scrollHeight > words.clientHeight + 1;
        if (cut && words.tabIndex !== 0) problems.push("words are cut");
        if (words.scrollWidth > words.clientWidth + 1) problems.push("words are too wide");
    }
    return problems;
}"""


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    """The deck of three groups."""
    folder = tools.three_groups(tmp_path_factory.mktemp("groups"))
    built(folder, folder / "out")
    return folder / "out" / "showcase.html"


@pytest.fixture(scope="module")
def tricky(tmp_path_factory):
    """The deck of those who try to run something in it."""
    folder = tools.tricks(tmp_path_factory.mktemp("tricks"))
    built(folder, folder / "out")
    return folder / "out" / "showcase.html"


def test_every_slide_fits_and_its_pictures_are_seen(browser, deck):
    problems, seen = {}, []
    with opened(browser, deck, (1920, 1080), reduced_motion="reduce") as page:
        for name in slides(page):
            seen.append(name)
            found = page.locator("section.present").evaluate(FITS)
            if ink(picture(page, f"showcase {len(seen):02}")) < 0.002:
                found.append("the slide is blank")
            problems.update({name: found} if found else {})
        assert not problems and len(seen) == 28
        assert page.requests == [deck.as_uri()] and not page.errors


def test_a_long_cell_is_scrolled_by_the_keyboard(browser, deck):
    with opened(browser, deck, (1920, 1080)) as page:
        page.evaluate("() => Reveal.slide(9)")
        words = page.locator("section.present .words")
        page.keyboard.press("Tab")
        assert words.evaluate("one => one === document.activeElement")
        page.keyboard.press("ArrowDown")
        page.wait_for_function("() => document.querySelector('.present .words').scrollTop > 0")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => Reveal.getIndices().h === 10")


def test_the_list_leads_to_each_group_and_the_notes_are_for_the_speaker(browser, deck):
    with opened(browser, deck, reduced_motion="reduce") as page:
        page.get_by_role("link", name="Die Füchse").click()
        assert page.get_by_role("heading", name="Die Füchse").is_visible()
        page.keyboard.press("ArrowRight")
        assert not page.get_by_text("Say it slowly.").first.is_visible()
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        popup.value.locator(".speaker-controls-notes").get_by_text("Say it slowly.").wait_for()
        assert not page.errors


def test_axe_finds_nothing(browser, deck):
    problems = {}
    with opened(browser, deck, reduced_motion="reduce") as page:
        for name in slides(page):
            place = None if name == "all" else "section.present"
            violations = Axe().run(page, place, {"resultTypes": ["violations"]}).response[
                "violations"]
            found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
            problems.update({name: found} if found else {})
            if name.startswith("group-2"):  # all groups have the same kinds of slides
                break
    assert not problems


def test_on_a_phone_it_is_one_long_page(browser, deck):
    with opened(browser, deck, (390, 844), device_scale_factor=2, is_mobile=True,
                has_touch=True) as page:
        assert page.evaluate("() => Reveal.isScrollView()")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        picture(page, "showcase phone")
        assert not page.errors


# --- tricks -----------------------------------------------------------------------------------

def test_no_trick_runs_loads_leads_away_or_asks(browser, tricky):
    asked = []
    with opened(browser, tricky, reduced_motion="reduce") as page:
        page.on("dialog", lambda dialog: asked.append(dialog.message) or dialog.dismiss())
        page.context.on("page", lambda other: asked.append(other.url))
        count = 0
        for name in slides(page):
            count += 1
            present = page.locator("section.present")
            for place in present.get_by_text("click").all():
                if place.is_visible():  # those in the notes are not
                    place.click()
            page.mouse.click(640, 360)
            assert not page.evaluate(PWNED), name
            assert present.evaluate(FITS) == [], name
            assert page.evaluate("() => Reveal.getCurrentSlide().id") == name
        assert count > 70 and not page.frames[1:]
        # No refusal of the second wall either: nothing got as far as that.
        assert page.requests == [tricky.as_uri()] and not asked and not page.errors


def test_no_trick_runs_in_the_speakers_window(browser, tricky):
    with opened(browser, tricky, reduced_motion="reduce") as page:
        page.evaluate("() => Reveal.slide(2)")
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        speaker = popup.value
        speaker.locator("iframe").nth(1).wait_for()
        speaker.frames[1].wait_for_function("() => window.Reveal && Reveal.isReady()")
        for _ in range(45):
            page.keyboard.press("ArrowRight")
            speaker.wait_for_timeout(30)
        assert not speaker.evaluate("() => window.pwned || opener.pwned")
        assert all(url.startswith(tricky.as_uri()) for url in page.requests) and not page.errors


INJECTED = [f"<script>{RUN}</script>", f'<img src=x onerror="{RUN}">',
            f'<iframe srcdoc="{PAGE}"></iframe>', f'<img src="{AWAY}/p.png">',
            f'<link rel="stylesheet" href="{AWAY}/x.css">', f'<base href="{AWAY}/">',
            f'<iframe src="{AWAY}/frame"></iframe>', f"<style>@import url({AWAY}/y.css)</style>",
            f'<p style="background: url({AWAY}/z.png)">x</p>',
            f'<object data="{AWAY}/o"></object>', f'<svg onload="{RUN}"></svg>',
            f'<a id="trap" href="javascript:{RUN}">click</a>']


def test_if_a_trick_got_through_the_browser_would_refuse_it(browser, deck, tmp_path):
    page_text = deck.read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(page_text.replace('<div class="slide only-words">',
                                        '<div class="slide only-words">' + "".join(INJECTED), 1),
                      encoding="utf-8")
    failed = {}
    with opened(browser, broken) as page:
        page.context.on("requestfailed", lambda one: failed.update({one.url: one.failure}))
        page.reload()
        page.locator("#trap").click()
        page.wait_for_timeout(500)
        assert not page.evaluate(PWNED)
        refused = sum("Content Security Policy" in error for error in page.errors)
        away = {url for url in page.requests if not url.startswith("file:")}
        # Chromium names what it would have asked for; it has asked for none of it.
        assert refused >= 8 and {failed[url] for url in away} <= {"csp"}
