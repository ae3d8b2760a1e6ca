"""The site in a real browser, opened from the disk: on a large screen, on a phone, by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.browser_lab import SCREENS
from tools.notebook_files import NOTEBOOKS
from tools.site import build

PAGES = [build.FIRST, *(f"{path.stem}.html" for path in NOTEBOOKS)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The real site, without the lecture, which has its own tests."""
    return build.write(tmp_path_factory.mktemp("site") / "site", deck=False).parent


@pytest.fixture(scope="module")
def tab(browser):
    """A tab that notes what the pages ask for."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.requests = []
    context.on("request", lambda request: page.requests.append(request.url))
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_nothing_is_too_wide_and_nothing_is_asked_for(tab, site, name):
    tab.set_viewport_size({"width": 1920, "height": 1080})
    tab.requests.clear()
    tab.goto((site / name).as_uri())
    SCREENS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SCREENS / f"site {name[:2]}.png")
    tab.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    # Contrast takes axe long, and all notebooks have the same colours.
    rules = {} if name in PAGES[:2] else {"color-contrast": {"enabled": False}}
    found = Axe().run(tab, options={"resultTypes": ["violations"], "rules": rules}).response[
        "violations"]
    assert not {one["id"]: one["nodes"][0]["html"][:120] for one in found}
    for width in (1920, 1000, 320):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width
    tab.screenshot(path=SCREENS / f"site {name[:2]} phone.png")
    assert all(url.startswith((site.as_uri(), "data:")) for url in tab.requests)


def test_every_picture_is_seen_when_the_page_is_scrolled(tab, site):
    tab.set_viewport_size({"width": 1200, "height": 800})
    tab.goto((site / PAGES[1]).as_uri())
    for image in tab.locator("img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("one => one.decode()")
        assert image.evaluate("one => one.naturalWidth") > 100
        assert image.bounding_box()["height"] > 50


def test_by_keyboard_to_the_content_to_a_solution_and_to_the_next_notebook(tab, site):
    tab.set_viewport_size({"width": 1200, "height": 800})
    tab.goto((site / PAGES[1]).as_uri())
    tab.keyboard.press("Tab")
    skip = tab.get_by_role("link", name="Skip to the content")
    assert skip.bounding_box()["x"] >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("() => document.activeElement.id") == "content"
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("() => document.activeElement.tagName") == "SUMMARY":
            break
    assert not tab.evaluate("() => document.activeElement.parentElement.open")
    tab.keyboard.press("Enter")
    assert tab.evaluate("() => document.activeElement.parentElement.open")
    tab.get_by_role("navigation", name="The course, again").get_by_role(
        "link", name="02 · The generator").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/02_generator.html")


def test_a_take_home_page_of_the_site_runs(tab, site):
    tab.goto((site / build.FIRST).as_uri())
    tab.get_by_role("link", name="Handwritten digits").click()
    tab.get_by_label("z[0]", exact=True).wait_for()
    assert tab.get_by_role("heading", name=build.AT_HOME["digits"]).is_visible()
