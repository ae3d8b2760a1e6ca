"""The take-home page in Chromium: what moves it, and who can use it."""

import re

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe

from gan_lib import models, page
from home_tools import GENERATORS, NASTY, Home, generator

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def home(browser, tmp_path):
    """Return a function that saves a generator and opens its page."""
    opened = []

    def open_page(G, about=None, **options):
        opened.append(Home(browser, page.save(tmp_path / "my_gan.html", G, about), **options))
        return opened[-1]

    yield open_page
    for one in opened:
        one.close()


def points():
    torch.manual_seed(0)
    return models.PointGenerator(z_dim=3, width=16)


@torch.no_grad()
def levels(G, z):
    """Return PyTorch's picture of z as grey levels or colours: (height, width, 3)."""
    x = G.eval()(z.unsqueeze(0))[0].expand(3, -1, -1).permute(1, 2, 0)
    return ((x + 1) * 127.5).round()


# --- what moves it ------------------------------------------------------------------------------

@pytest.mark.parametrize("name", GENERATORS)
def test_a_slider_moves_the_picture_and_it_is_pytorchs(name, home):
    G = GENERATORS[name]()
    opened = home(G)
    z = opened.samples()[0]
    before = levels(G, z)
    assert (opened.pixels(*before.shape[:2]) - before).abs().max() <= 2
    z[0] = 1.5 if z[0] < 0 else -1.5
    opened.slider(0).fill(str(z[0].item()))
    after = levels(G, z)
    assert (after - before).abs().max() > 10, "the test needs a picture that moves"
    assert (opened.pixels(*after.shape[:2]) - after).abs().max() <= 2
    assert f"begins with {'−' * bool(z[0] < 0)}1.50" in opened.alt()
    assert f"mean brightness {after.mean() / 2.55:.0f} %" in opened.alt()


def test_the_other_numbers_are_folded_away_and_move_the_picture_too(home):
    G = generator(z_dim=20)
    opened = home(G)
    assert len(opened.z()) == 20 and opened.slider(5).is_visible()
    assert not opened.slider(6).is_visible()
    opened.tab.get_by_text("More numbers: z[6] to z[19]").click()
    z = opened.samples()[0]
    z[19] = 2.0
    opened.slider(19).fill("2")
    assert (opened.pixels(16, 16) - levels(G, z)).abs().max() <= 2


def test_new_z_moves_every_slider_and_the_picture(home):
    opened = home(generator())
    first, picture = opened.z(), opened.pixels(16, 16)
    opened.press("New z")
    second = opened.z()
    assert sum(a == b for a, b in zip(first, second)) <= 2  # two digits can be alike by chance
    assert not torch.equal(opened.pixels(16, 16), picture)
    opened.press("New z")
    assert opened.z() != second


def test_a_sample_that_is_pressed_is_the_one_under_the_sliders(home):
    G = generator()
    opened = home(G)
    samples = opened.tab.locator(".samples button")
    assert samples.count() == 16
    samples.nth(5).click()
    z = opened.samples()[5]
    assert opened.z() == pytest.approx(z.tolist(), abs=0.006)
    assert (opened.pixels(16, 16) - levels(G, z)).abs().max() <= 2
    opened.press("16 others")
    assert samples.count() == 16
    samples.nth(5).click()
    assert opened.z() != pytest.approx(z.tolist(), abs=0.006)


def test_the_walk_plays_and_pauses_and_never_starts_by_itself(home):
    opened = home(generator())
    start = opened.z()
    opened.tab.wait_for_timeout(300)
    assert opened.z() == start
    opened.press("▶︎ Walk")
    seen = set()
    while len(seen) < 20:
        seen.add(opened.alt())
    opened.press("⏸︎ Pause")
    place, picture = opened.z(), opened.pixels(16, 16)
    assert place != start
    opened.tab.wait_for_timeout(300)
    assert opened.z() == place and torch.equal(opened.pixels(16, 16), picture)
    opened.press("▶︎ Walk")
    opened.slider(0).fill("1")  # a hand on a slider ends the walk
    place = opened.z()
    opened.tab.wait_for_timeout(300)
    assert opened.z() == place and place[0] == 1


def test_the_walk_goes_on_from_stop_to_stop(home):
    opened = home(generator(z_dim=2))
    opened.tab.evaluate("() => { const now = performance.now.bind(performance);"
                        "        performance.now = () => 4 * now(); }")  # a walk in a hurry
    opened.press("▶︎ Walk")
    turned, z = 0, torch.tensor(opened.z())
    for _ in range(2000):
        before, z = z, torch.tensor(opened.z())
        turned += torch.cosine_similarity(before, z, 0).clamp(-1, 1).arccos().item()
        if turned > 4:
            return
    raise AssertionError(f"between two stops z turns by less than π, in all by {turned:.1f} only")


def test_who_wants_less_motion_gets_few_pictures(home):
    opened = home(generator(), reduced_motion="reduce")
    opened.tab.evaluate("""() => {
        window.seen = 0;
        new MutationObserver(() => { window.seen += 1; }).observe(
            document.querySelector("figure canvas"), {attributeFilter: ["aria-label"]});
    }""")
    opened.press("▶︎ Walk")
    opened.tab.wait_for_function("() => window.seen >= 2")
    opened.tab.wait_for_timeout(1300)
    assert opened.tab.evaluate("window.seen") <= 6


def test_points_are_a_cloud_and_the_slider_moves_the_one_in_the_ring(home):
    G = points()
    opened = home(G)
    assert opened.tab.locator(".samples").count() == 0
    z, before = opened.samples()[0], opened.pixels(96, 96)
    z[0] = 1.5
    opened.slider(0).fill("1.5")
    assert (opened.pixels(96, 96) - before).abs().max() > 100
    with torch.no_grad():
        x, y = G(z.unsqueeze(0))[0].tolist()
    said = [float(number.replace("−", "-"))
            for number in re.search(r"the point \((.*), (.*)\)", opened.alt()).groups()]
    assert said == pytest.approx([x, y], abs=0.006)
    opened.large.click(position={"x": 198, "y": 20})  # takes the fake nearest to the upper edge
    chosen = opened.z()
    assert chosen[0] != 1.5
    with torch.no_grad():
        assert G(torch.tensor([chosen]))[0, 1] > G(opened.samples())[:, 1].mean()


# --- who can use it -----------------------------------------------------------------------------

def test_it_works_on_a_phone_with_a_finger(home):
    about = {"title": "w" * 300, "made_by": "m" * 300, "n" * 300: "x" * 2000, "short": "y"}
    opened = home(generator(z_dim=128, size=64, channels=3), about, **PHONE)
    opened.tab.get_by_text("More numbers").tap()
    assert opened.tab.evaluate("document.documentElement.scrollWidth") == 390
    for target in opened.tab.locator("button, input, summary").all():
        assert target.bounding_box()["height"] >= 44
    box = opened.slider(3).bounding_box()
    opened.slider(3).tap(position={"x": 0.9 * box["width"], "y": box["height"] / 2})
    assert opened.z()[3] == pytest.approx(3.2, abs=0.4) != opened.samples()[0, 3]
    opened.tab.locator(".samples button").nth(15).tap()
    assert opened.large.bounding_box()["y"] > -1, "the large picture is in sight again"
    assert opened.z()[:3] == pytest.approx(opened.samples()[15, :3].tolist(), abs=0.006)


def test_it_works_with_the_keyboard_alone(home):
    opened = home(generator(z_dim=8))
    keyboard, start = opened.tab.keyboard, opened.z()
    words = """({ownerDocument: {activeElement: now}}) =>
        now.textContent || now.parentElement.textContent"""
    order = []
    for _ in range(10):
        keyboard.press("Tab")
        order.append(opened.tab.locator("body").evaluate(words))
        if order[-1] == "z[0]":
            keyboard.press("ArrowRight")
    assert order[0] == "New z" and "Walk" in order[1]
    assert order[2:8] == [f"z[{i}]" for i in range(6)]
    assert opened.z()[0] == pytest.approx(start[0] + 0.01)
    assert order[8] == "More numbers: z[6] to z[7]"
    opened.tab.get_by_text("More numbers").press("Enter")
    assert opened.slider(7).is_visible()
    opened.tab.locator(".samples button").nth(3).press("Enter")
    assert opened.z() == pytest.approx(opened.samples()[3].tolist(), abs=0.006)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("make", [generator, points])
def test_axe_finds_nothing(make, options, home):
    opened = home(make(), {"title": "My GAN", "made_by": "Ada", "note": ""}, bypass_csp=True,
                  **options)
    for details in opened.tab.locator("summary").all():
        details.click()
    found = Axe().run(opened.tab)
    assert found.violations_count == 0, found.generate_report()


def is_seen(opened, words: str) -> bool:
    return opened.tab.locator(words).is_visible()


def test_on_paper_stands_the_still_picture(home):
    opened = home(generator())
    assert not is_seen(opened, ".still img") and is_seen(opened, ".stage")
    opened.tab.emulate_media(media="print")
    assert is_seen(opened, ".still img") and not is_seen(opened, ".stage")
    assert opened.tab.locator(".still img").get_attribute("alt").startswith("16 fakes")


def test_without_a_script_the_still_picture_is_seen_and_a_sentence_says_why(home):
    opened = home(generator(), java_script_enabled=False)
    assert is_seen(opened, ".still img") and is_seen(opened, "noscript p")
    assert opened.tab.locator(".still img").bounding_box()["width"] > 300


def test_no_text_of_the_student_becomes_a_script(home):
    about = {name: name for name in NASTY} | {"title": NASTY[0], "made_by": NASTY[1]}
    opened = home(generator(), about)
    opened.press("New z")
    assert opened.tab.evaluate("window.broken") is None
    assert opened.tab.locator("h1").inner_text() == NASTY[0] and opened.tab.title() == NASTY[0]
    assert opened.tab.locator("td").count() == len(NASTY) + 4
