"""The deck in a real browser, opened from the disk: the lecture's, and a small one."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

import deck_tools
from deck_page import PROBLEMS, ink, opened, picture, slides
from slides import build, making, pdf
from tools.browser_lab import find_browser

PHONE = {"device_scale_factor": 2, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="session")
def deck(tmp_path_factory):
    """The lecture, built."""
    return build.build(build.LECTURE, tmp_path_factory.mktemp("deck"))


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small deck, built."""
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as monkeypatch:
        deck_tools.install(monkeypatch, folder)
        return build.build(deck_tools.write(folder), folder / "out")


def count(deck) -> int:
    return deck.read_text(encoding="utf-8").count("<section ")


# --- every slide of the lecture ---------------------------------------------------------------

@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)], ids=str)
def test_every_slide_shows_something_and_nothing_overflows(browser, deck, size):
    problems, seen = {}, []
    with opened(browser, deck, size) as page:
        for name in slides(page):
            seen.append(name)
            found = page.locator("section.present").evaluate(PROBLEMS)
            if ink(picture(page, f"deck {size[0]} {len(seen):02} {name}")) < 0.003:
                found.append("the slide is blank")
            problems.update({name: found} if found else {})
        assert not problems
        assert len(seen) == len(set(seen)) == count(deck)
        assert page.requests == [deck.as_uri()] and not page.errors


def test_on_a_phone_the_deck_is_scrolled_and_nothing_overflows(browser, deck):
    problems = {}
    with opened(browser, deck, (390, 844), **PHONE) as page:
        assert page.evaluate("() => Reveal.isScrollView()")
        places = page.locator(".scroll-page")
        assert places.count() == count(deck)
        for number in range(count(deck)):
            section = places.nth(number).locator("section")
            section.evaluate("""section => {
                section.closest(".scroll-page").scrollIntoView({ behavior: "instant" });
                const hidden = section.querySelectorAll(".fragment");
                for (const fragment of hidden) fragment.classList.add("visible");
            }""")
            page.wait_for_function("number => Reveal.getIndices().h === number", arg=number)
            page.wait_for_timeout(50)
            found = section.evaluate(PROBLEMS)
            if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                found.append("the page is too wide")
            name = section.get_attribute("id")
            if ink(picture(page, f"deck phone {number + 1:02} {name}")) < 0.003:
                found.append("the slide is blank")
            problems.update({name: found} if found else {})
        assert not problems and not page.errors


def test_axe_finds_nothing_on_any_slide(browser, deck):
    problems = {}
    with opened(browser, deck, reduced_motion="reduce") as page:
        first = page.evaluate("() => Reveal.getCurrentSlide().id")
        for name in slides(page):
            # What is around the slides is the same on all: it is looked at once.
            context = None if name == first else "section.present"
            violations = Axe().run(page, context).response["violations"]
            found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
            problems.update({name: found} if found else {})
    assert not problems


def test_every_live_slide_stands_still_until_a_key_moves_it(browser, deck):
    problems, moved = {}, []
    with opened(browser, deck, reduced_motion="reduce") as page:
        for name in slides(page):
            if not page.locator("section.present .live").count():
                continue
            page.wait_for_timeout(300)  # until it is drawn
            before = picture(page)
            page.wait_for_timeout(700)
            if picture(page) != before:
                problems[name] = "it moves by itself"
            page.keyboard.press("Tab")
            control = page.evaluate("() => document.activeElement.closest('section.present .live')"
                                    " && document.activeElement.tagName")
            focused = picture(page)
            page.keyboard.press("ArrowRight" if control == "INPUT" else "Enter")
            page.wait_for_timeout(1200)
            if control is None or picture(page) == focused:
                problems[name] = f"{control}: no key changes it"
            trouble = page.locator("section.present .trouble:not([hidden])")
            if trouble.count():
                problems[name] = trouble.inner_text()
            moved.append(name)
            page.keyboard.press("Escape")
            assert page.evaluate("() => document.activeElement === document.body"), name
        assert not problems and not page.errors
        assert len(moved) >= 8


# --- for the teacher --------------------------------------------------------------------------

def test_the_speaker_view_works_from_the_disk(browser, deck):
    with opened(browser, deck) as page:
        page.keyboard.press("ArrowRight")
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        speaker = popup.value
        notes = speaker.locator(".speaker-controls-notes .value")
        notes.get_by_text("Say:").first.wait_for(timeout=20_000)
        assert "min." in notes.inner_text()
        first = notes.inner_text()
        now, soon = speaker.frames[1:]
        now.wait_for_function("() => window.Reveal && Reveal.isReady()")
        soon.wait_for_function("() => window.Reveal && Reveal.isReady()")
        assert not now.locator(".page-button").count()  # live slides run on the large screen only
        speaker.locator(".timer").wait_for()
        speaker.locator(".pacing").wait_for()
        speaker.wait_for_function("""() => /[1-9]/.test(
            document.querySelector(".timer").textContent)""")
        for _ in range(3):
            speaker.keyboard.press("ArrowRight")
            speaker.wait_for_timeout(700)
        here = page.evaluate("() => [Reveal.getIndices().h, Reveal.getIndices().f ?? -1]")
        assert here > [1, -1]
        page.keyboard.press("End")
        page.keyboard.press("End")
        speaker.wait_for_function("first => document.querySelector("
                                  "'.speaker-controls-notes .value').innerText !== first",
                                  arg=first)
        assert set(page.requests) == {page.requests[0], now.url.partition("#")[0],
                                      soon.url.partition("#")[0]} \
            and all(url.startswith(deck.as_uri()) for url in page.requests)


def test_the_path_shows_its_slides_only_and_comes_and_goes_with_a_key(browser, deck):
    on_path = deck.read_text(encoding="utf-8").count('data-path="yes"')
    with opened(browser, deck) as page:
        assert page.evaluate("() => Reveal.getTotalSlides()") == count(deck)
        page.keyboard.press("ArrowRight")
        here = page.evaluate("() => Reveal.getCurrentSlide().id")
        for total in (on_path, count(deck)):
            with page.expect_navigation():
                page.keyboard.press("t")
            page.wait_for_function("() => window.Reveal && Reveal.isReady()")
            assert page.evaluate("() => Reveal.getTotalSlides()") == total
            assert page.evaluate("() => Reveal.getCurrentSlide().id") == here
        page.goto(deck.as_uri() + "?path")
        page.wait_for_function("() => window.Reveal && Reveal.isReady()")
        assert page.evaluate("() => Reveal.getTotalSlides()") == on_path
        assert not page.locator('section[data-path="no"]').count()


def test_all_slides_can_be_chosen_at_a_glance(browser, small):
    with opened(browser, small) as page:
        page.keyboard.press("o")
        page.locator("#drawn-in-three-steps").click()
        assert page.evaluate("() => Reveal.getCurrentSlide().id") == "drawn-in-three-steps"
        assert not page.evaluate("() => Reveal.isOverview()")
        assert page.locator("section:not([inert])").evaluate_all(
            "all => all.map(one => one.id)") == ["drawn-in-three-steps"]


def test_the_pdf_has_one_page_a_slide_and_its_text_can_be_selected(browser, deck, tmp_path):
    pdf.write(deck, tmp_path / "lecture.pdf", find_browser())
    printed = (tmp_path / "lecture.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == count(deck)
    assert b"/ToUnicode" in printed and b"/Font" in printed
    assert set(re.findall(rb"/MediaBox\s*\[([^]]*)\]", printed)) == {b"0 0 960 540"}


def test_printed_twice_the_pdf_is_the_same(browser, small, tmp_path):
    for name in ("first.pdf", "second.pdf"):
        pdf.write(small, tmp_path / name, find_browser())
    assert (tmp_path / "first.pdf").read_bytes() == (tmp_path / "second.pdf").read_bytes()


def test_the_address_for_printing_shows_everything_and_starts_nothing(browser, small):
    page = browser.new_page()
    page.goto(small.as_uri() + "?print-pdf")
    page.locator(".printed").wait_for()
    assert [image.is_visible() for image in page.locator("section img").all()] == [
        False, False, True, True]  # of three steps the last, and the live slide's still picture
    assert all(one.is_visible() for one in page.locator("li.fragment").all())
    assert not page.locator(".live button").count() and not page.locator("aside").first.is_visible()
    page.close()


# --- live slides, points and pictures: the small deck -----------------------------------------

def test_points_and_pictures_come_one_at_a_time(browser, small):
    with opened(browser, small) as page:
        page.keyboard.press("ArrowRight")
        points = page.locator("section.present li.fragment")
        for number in range(5):
            assert points.evaluate_all(
                "all => all.map(one => one.classList.contains('visible'))") == [
                    place < number for place in range(4)]
            page.keyboard.press("ArrowRight")
        shown = []
        for _ in range(5):
            page.wait_for_timeout(400)
            shown.append(page.locator("section.present .fragment").evaluate_all(
                "all => all.map(one => Number(getComputedStyle(one).visibility === 'visible'))"))
            page.keyboard.press("ArrowRight")
        #                point, three pictures, point
        assert shown == [[0, 1, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 0, 1, 0],
                         [1, 0, 0, 1, 1]]


@pytest.fixture
def touch(browser, small):
    """The small deck at its live slide."""
    with opened(browser, small, search="#/touch") as page:
        page.get_by_role("button", name="Count").wait_for()
        yield page


def here(page) -> str:
    return page.evaluate("() => Reveal.getCurrentSlide().id")


def test_a_live_slide_gets_its_data_as_it_was(touch):
    assert touch.get_by_role("slider").input_value() == "4"
    touch.get_by_role("button", name="Count").click()
    assert touch.locator("output").inner_text() == "1 of </script><b>many</b>"


def test_keys_of_a_control_stay_with_it(touch):
    touch.keyboard.press("Tab")
    touch.keyboard.press("Space")
    touch.keyboard.press("Enter")
    assert touch.locator("output").inner_text().startswith("2 of") and here(touch) == "touch"
    touch.keyboard.press("Tab")
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowLeft", "s", "o", "f", "t"):
        touch.keyboard.press(key)
    assert touch.locator("output").inner_text() == "at 9" and here(touch) == "touch"
    assert len(touch.context.pages) == 1 and not touch.evaluate("() => Reveal.isOverview()")
    touch.keyboard.press("Escape")
    assert touch.evaluate("() => document.activeElement === document.body")
    assert not touch.evaluate("() => Reveal.isOverview()")
    touch.keyboard.press("ArrowRight")
    assert here(touch) == "the-end"


@pytest.mark.parametrize(("role", "key", "slide"), [
    ("slider", "PageDown", "the-end"), ("slider", "PageUp", "drawn-in-three-steps"),
    ("button", "PageDown", "the-end"), ("button", "ArrowRight", "the-end"),
    ("button", "ArrowLeft", "drawn-in-three-steps")])
def test_a_remote_control_turns_the_page_wherever_the_focus_is(touch, role, key, slide):
    touch.locator(".live").get_by_role(role).focus()
    touch.keyboard.press(key)
    assert here(touch) == slide
    assert touch.evaluate("() => document.activeElement === document.body")


def test_an_error_of_a_live_slide_is_shown_in_words(touch):
    trouble = touch.get_by_role("alert")
    assert not trouble.is_visible()
    for _ in range(3):
        touch.get_by_role("button", name="Count").click()
    assert trouble.inner_text() == "This slide does not run: three is too much. The picture stays."
    assert touch.errors


@pytest.mark.parametrize("body", ['throw new Error("no picture")',
                                  'return Promise.reject(new Error("no picture"))'])
def test_a_live_slide_that_cannot_start_keeps_its_picture(
        browser, tmp_path, monkeypatch, body):
    deck_tools.install(monkeypatch, tmp_path)
    (tmp_path / "live" / "counting.js").write_text(
        f"export function counting() {{ {body}; }}\n")
    broken = build.build(deck_tools.write(tmp_path), tmp_path / "out")
    with opened(browser, broken, search="#/touch") as page:
        page.get_by_role("alert").get_by_text("does not run: no picture").wait_for()
        assert page.locator(".still").is_visible()


def test_live_slides_share_no_names_and_get_networks_that_are_decoded_when_asked_for(
        browser, tmp_path, monkeypatch):
    deck_tools.install(monkeypatch, tmp_path)
    for name, word in (("one", "first"), ("two", "second")):
        (tmp_path / "live" / f"{name}.js").write_text(f"""\
const WORD = "{word}";
export function {name}(place, data, networks) {{
  const {{ inside, shape }} = networks.digits;
  place.append(`${{WORD}} ${{inside}} ${{shape}} ${{networks.digits === networks.digits}}`);
}}
""")
        monkeypatch.setitem(making.LIVE, name, making.LIVE["counting"].__class__(
            ("digits",), None, "squares"))
    text = deck_tools.DECK.replace("```live counting", "```live one\n```\n\n```live two")
    two = build.build(deck_tools.write(tmp_path, text), tmp_path / "out")
    with opened(browser, two, search="#/touch") as page:
        page.locator(".live").nth(1).get_by_text("second").wait_for()
        said = [words.strip() for words in page.locator(".live").all_inner_texts()]
        assert said == ["first 16 32,32,1 true", "second 16 32,32,1 true"]
        assert not page.errors


def test_who_wants_less_motion_gets_none(browser, small):
    with opened(browser, small, reduced_motion="reduce") as page:
        assert page.evaluate("() => Reveal.getConfig().transition") == "none"
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert not page.evaluate("() => document.getAnimations().length")
    with opened(browser, small) as page:
        assert page.evaluate("() => Reveal.getConfig().transition") == "fade"
