"""The live slides without a network, in the browser: what they answer, and that it is right."""

import base64

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch.nn import functional as F

from gan_lib import data, figures, losses
from gan_lib.failures import TURNS, TwoNumberGame, average
from gan_lib.judging import confusion
from gan_lib.widgets.three_numbers import ThreeNumberGAN
from live_tools import live_page
from slides.figures import FIGURES
from slides.live import LIVE, simple

NAMES = ("cards", "bce", "three_numbers", "up_convolution", "saddle")
TRUTH = ["real", "fake", "fake", "real", "fake", "real"] + ["fake"] * 6
BUTTONS = {"Step D": ThreeNumberGAN.step_D, "Step G": ThreeNumberGAN.step_G,
           "Both ×10": lambda gan: gan.play(10)}


def some_cards() -> dict:
    """Return two rounds of cards with 4 x 4 pixels; D is sure of most."""
    pixels = np.random.default_rng(0).integers(0, 256, (12, 4, 4), dtype=np.uint8)
    return {"size": 4, "cards": 6, "pixels": base64.b64encode(pixels.tobytes()).decode(),
            "truth": TRUTH, "D": [0.9, 0.2, 0.5, 0.4, 0.1, 0.8] + [0.3] * 6,
            "score": {"cards": 100, "hits": 0.716, "falseAlarms": 0.25}}


DATA = {"cards": some_cards, "bce": lambda: None, "three_numbers": simple.three_numbers,
        "up_convolution": lambda: None, "saddle": lambda: None}


@pytest.fixture
def slide(browser, request):
    """The live slide that the test's parameter names."""
    name = request.param
    with live_page(browser, name, DATA[name]()) as shown:
        yield shown


def of(name):
    return pytest.mark.parametrize("slide", [name], indirect=True)


# --- all of them --------------------------------------------------------------------------------

@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [1280, 390])
def test_it_takes_the_place_of_the_still_and_fits(browser, name, width):
    with live_page(browser, name, DATA[name](), viewport={"width": width, "height": 720}) as slide:
        assert slide.tab.locator("#place img").count() == 0
        assert all(slide.alts())
        box = slide.tab.locator("#place").bounding_box()
        assert slide.tab.evaluate("() => document.documentElement.scrollWidth") <= width
        assert width < 1000 or box["height"] <= 500


@pytest.mark.parametrize("slide", NAMES, indirect=True)
def test_everything_is_reached_by_the_tabulator_and_has_a_name(slide):
    controls = slide.tab.locator("button, input").all()
    assert controls
    reached = set()
    for _ in controls:
        slide.tab.keyboard.press("Tab")
        reached.add(slide.tab.evaluate("""() => {
            const control = document.activeElement;
            return control.ariaLabel ?? control.closest("label")?.textContent
                ?? control.textContent;
        }"""))
    assert "" not in reached
    names = slide.tab.locator("button, input:not([type=radio])").count()  # radios share a stop
    assert len(reached) >= names


@pytest.mark.parametrize("slide", NAMES, indirect=True)
def test_axe_finds_nothing(slide):
    found = Axe().run(slide.tab, context="#place")
    assert found.response["passes"]
    assert [problem["id"] for problem in found.response["violations"]] == []


def test_the_colours_are_the_course_s(browser):
    with live_page(browser, "bce") as slide:
        colours = slide.call("() => COLOURS")
    assert [colours[name] for name in ("real", "fake", "D", "G", "other", "neutral")] == [
        figures.REAL, figures.FAKE, figures.NETWORK_D, figures.NETWORK_G, figures.OTHER,
        figures.NEUTRAL]


# --- be D ---------------------------------------------------------------------------------------

def score(said: list[str], truth: list[str]) -> tuple[int, int]:
    """Return (hits, false alarms): fakes called fake, and real cards called fake."""
    labels = torch.tensor([float(word == "real") for word in truth])
    table = confusion(torch.tensor([float(word == "real") for word in said]), labels)
    return table[1, 1].item(), table[0, 1].item()


@of("cards")
def test_cards_by_mouse_and_keyboard(slide):
    assert "it was" not in slide.text() and "D:" not in slide.text()
    covered = slide.pixels(1)
    slide.press("Real")
    slide.press("Fake")
    for key in "frf":
        slide.tab.keyboard.press(key)
    assert "Card 6 of 6" in slide.text() and "it was" not in slide.text()
    slide.tab.get_by_role("button", name="Fake").focus()
    slide.tab.keyboard.press("Enter")

    hits, false_alarms = score(["real", "fake", "fake", "real", "fake", "fake"], TRUTH[:6])
    assert (hits, false_alarms) == (3, 1)
    assert "You: 3 of 3 fakes caught (hits), 1 of 3 real digits called fake" in slide.text()
    says = ["real", "fake", "real", "fake", "fake", "real"]  # of D, at 0.5: real
    hits, false_alarms = score(says, TRUTH[:6])
    assert f"D: {hits} of 3 fakes caught (hits), {false_alarms} of 3 real" in slide.text()
    assert "100 cards that it never saw: 72 % hits, 25 % false alarms" in slide.text()
    assert slide.pixels(1) != covered
    assert [alt.rsplit(" ", 1)[1] for alt in slide.alts()] == TRUTH[:6]
    assert slide.tab.get_by_role("button", name="Real").is_disabled()


@of("cards")
def test_new_cards_are_covered_and_other_ones(slide):
    first = slide.pixels(3)
    slide.tab.get_by_role("button", name="Real").focus()
    for key in "rrrrrr":
        slide.tab.keyboard.press(key)
    slide.press("New cards")
    assert "it was" not in slide.text() and "Card 1 of 6" in slide.text()
    assert slide.pixels(3) != first
    slide.press("Fake", times=6)
    assert "You: 6 of 6 fakes caught (hits), 0 of 0 real" in slide.text()


def test_the_cards_answer_to_a_finger(browser):
    with live_page(browser, "cards", some_cards(), has_touch=True,
                   viewport={"width": 390, "height": 844}) as slide:
        slide.tab.get_by_role("button", name="Fake").tap()
        assert "you: fake" in slide.text()


def test_real_cards_are_held_out_digits_and_fakes_are_not(one_thread):
    cards = simple.cards()
    x = np.frombuffer(base64.b64decode(cards["pixels"]), np.uint8).reshape(-1, 1, 32, 32)
    learned, held_out = data.load("digits", size=32).split(0.8)

    def among(images):
        known = {image.numpy().tobytes() for image in images.cpu()}
        return [card.tobytes() in known for card in x]

    assert among(held_out.images) == [word == "real" for word in cards["truth"]]
    assert not any(among(learned.images))
    assert len(x) == len(cards["D"]) == simple.CARDS * simple.ROUNDS
    assert set(cards["truth"][:simple.CARDS]) == {"real", "fake"}


def test_D_is_better_than_chance_on_cards_that_it_never_saw(one_thread):
    found = simple.cards()["score"]
    assert found["hits"] > 0.6 and found["falseAlarms"] < 0.4


# --- BCE ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("y", [1, 0])
def test_bce_is_the_library_s(browser, y):
    with live_page(browser, "bce") as slide:
        p = torch.linspace(0.01, 0.99, 25, dtype=torch.float64)
        found = slide.call("(all, label) => all.map((p) => bceLoss(p, label))", p.tolist(),
                           "real" if y else "fake")
        torch.testing.assert_close(torch.tensor(found, dtype=torch.float64),
                                   losses.bce_from_probability(p, y), rtol=1e-9, atol=0)


@of("bce")
def test_bce_by_keyboard_and_mouse(slide):
    assert slide.alts() == [FIGURES["live_bce"]().alt]
    first = slide.pixels()
    slide.tab.get_by_role("slider").focus()
    slide.tab.keyboard.press("ArrowLeft")
    assert "−log 0.69 = 0.37" in slide.text() and "−log 0.31 = 1.17" in slide.text()
    assert "At p = 0.69 the loss is 0.37" in slide.alts()[0]
    assert slide.pixels() != first
    assert slide.tab.get_by_role("slider").get_attribute("aria-valuetext") == "0.69"

    box = slide.tab.locator("canvas").bounding_box()
    left = box["x"] + box["width"] * (90 + 690 * 0.25) / 800  # p = 0.25 on the axis
    slide.tab.mouse.move(left + 30, box["y"] + 100)
    slide.tab.mouse.down()
    slide.tab.mouse.move(left, box["y"] + 150, steps=4)
    assert "At p = 0.25" in slide.alts()[0]
    slide.tab.mouse.up()
    slide.tab.mouse.move(left + 200, box["y"] + 150)
    assert "At p = 0.25" in slide.alts()[0]


# --- three numbers ------------------------------------------------------------------------------

@of("three_numbers")
def test_three_numbers_plays_python_s_game(slide):
    gan = ThreeNumberGAN()
    for _ in range(3):
        gan.step_D()
        gan.step_G()
    gan.play(20)
    found = slide.call("""(data, turns) => {
        const game = new ThreeNumbersGame(data);
        for (let turn = 0; turn < turns; turn++) { game.stepD(); game.stepG(); }
        return [game.theta, game.a, game.b, game.lossD(), game.lossG()];
    }""", simple.three_numbers(), 23)
    wanted = [*gan.numbers().values(), gan.loss_D().item(), gan.loss_G().item()]
    assert found == pytest.approx(wanted, abs=1e-5)


@of("three_numbers")
def test_the_buttons_move_one_player_and_the_other_is_frozen(slide):
    gan = ThreeNumberGAN()
    for name in ("Step D", "Step G", "Both ×10", "Step D"):
        before = gan.numbers()
        slide.press(name)
        BUTTONS[name](gan)
        theta, a, b = (f"{value:.2f}".replace("-", "−") for value in gan.numbers().values())
        assert f"θ = {theta}, a = {a}, b = {b}" in slide.alts()[0]
        assert (f"loss of D {gan.loss_D().item():.2f}, loss of G {gan.loss_G().item():.2f}"
                in slide.text())
        moved_D = np.hypot(gan.a.item() - before["a"], gan.b.item() - before["b"])
        moved_G = abs(gan.theta.item() - before["theta"])
        told = [f"{moved:.3f}" if moved else "0 exactly" for moved in (moved_D, moved_G)]
        assert slide.alts()[1] == (f"Last move: {name}. |ΔD| is {told[0]}, |ΔG| is {told[1]}.")
    assert "|ΔG| is 0 exactly" in slide.alts()[1]


@of("three_numbers")
def test_the_sliders_follow_and_are_followed(slide):
    start = slide.pixels()
    slide.slide_to("D: a", 2)
    assert "a = 2.00" in slide.alts()[0] and "|ΔG| is 0 exactly" in slide.alts()[1]
    slide.slide_to("D: b", -2.5)
    slide.slide_to("G: θ", 1.5)
    assert "|ΔD| is 0 exactly, |ΔG| is 2.500" in slide.alts()[1]
    gan = ThreeNumberGAN()
    for name, value in (("theta", 1.5), ("a", 2.0), ("b", -2.5)):
        gan.set(name, value)
    gan.step_D()
    slide.press("Step D")
    assert float(slide.tab.get_by_role("slider", name="D: a").input_value()) == pytest.approx(
        gan.a.item(), abs=0.0051)
    slide.press("Reset")
    assert "θ = −1.00, a = 0.00, b = 0.00" in slide.alts()[0]
    assert slide.pixels() == start


# --- up-convolution -----------------------------------------------------------------------------

@pytest.mark.parametrize("stride", [1, 2])
def test_the_sum_of_the_stamps_is_the_transposed_convolution(browser, stride):
    torch.manual_seed(stride)
    x, kernel = torch.randint(-9, 10, (2, 2)).float(), torch.randint(-9, 10, (3, 3)).float()
    with live_page(browser, "up_convolution") as slide:
        found = slide.call("(x, kernel, stride) => upConvolutionSum(x, kernel, stride)",
                           x.tolist(), kernel.tolist(), stride)
    wanted = F.conv_transpose2d(x[None, None], kernel[None, None], stride=stride)[0, 0]
    assert torch.equal(torch.tensor(found).float(), wanted)


@of("up_convolution")
def test_stamps_come_one_after_the_other_and_numbers_change(slide):
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    kernel = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])

    def rows(stamps, stride):
        kept = torch.arange(4).view(2, 2) < stamps
        output = F.conv_transpose2d((x * kept)[None, None], kernel[None, None], stride=stride)
        return ", ".join(" ".join(f"{value:g}" for value in line) for line in output[0, 0])

    assert rows(1, 2) in slide.alts()[1] and rows(1, 2) in FIGURES["live_up_convolution"]().alt
    slide.press("Next stamp")
    assert rows(2, 2) in slide.alts()[1]
    assert "Stamp 2 of 4, 2 times the kernel, begins in row 1, column 3" in slide.alts()[0]
    slide.press("Next stamp", times=2)
    assert rows(4, 2) in slide.alts()[1]

    before = slide.pixels(1)
    slide.tab.get_by_role("spinbutton", name="kernel, row 1, column 3").fill("-5")
    slide.tab.get_by_role("spinbutton", name="input, row 2, column 1").fill("7")
    kernel[0, 2], x[1, 0] = -5, 7
    assert rows(4, 2) in slide.alts()[1] and slide.pixels(1) != before
    slide.tab.get_by_role("radio", name="1").check()
    assert rows(4, 1) in slide.alts()[1]
    slide.tab.get_by_role("spinbutton", name="kernel, row 1, column 1").fill("10")  # above 9
    slide.tab.get_by_role("spinbutton", name="kernel, row 1, column 2").fill("")
    assert rows(4, 1) in slide.alts()[1]
    slide.press("Next stamp")  # after the last one, an empty output
    assert slide.alts()[0] == "No stamp yet." and rows(0, 1) in slide.alts()[1]


# --- the saddle ---------------------------------------------------------------------------------

@of("saddle")
@pytest.mark.parametrize("turns", TURNS)
@pytest.mark.parametrize("penalty", [0.0, 0.35])
def test_the_path_is_python_s(slide, turns, penalty):
    path = TwoNumberGame(0.24, turns, penalty).path(50)
    found = slide.call("(...all) => saddlePath(...all)", turns, 0.24, penalty, 50)
    np.testing.assert_allclose(found, path, rtol=1e-9, atol=1e-12)
    mean = slide.call("(path) => saddleMean(path)", found)
    np.testing.assert_allclose(mean, average(path), rtol=1e-9, atol=1e-12)


@of("saddle")
def test_step_reset_and_settings(slide):
    start = slide.pixels()
    slide.press("Step", times=3)
    d, g = TwoNumberGame(0.2, "simultaneous").path(3)[-1]
    assert f"d = {d:.2f}, g = {g:.2f}" in slide.alts()[0]
    assert f"{np.hypot(d, g):.2f} after 3 steps" in slide.alts()[1]
    slide.tab.get_by_role("radio", name="simultaneous").focus()
    slide.tab.keyboard.press("ArrowRight")
    slide.slide_to("penalty", 0.5)
    slide.slide_to("step length", 0.4)
    d, g = TwoNumberGame(0.4, "alternating", 0.5).path(3)[-1]
    assert f"d = {d:.2f}, g = {g:.2f}".replace("-", "−") in slide.alts()[0]
    assert "3 alternating steps of length 0.40 with penalty 0.50" in slide.alts()[0]
    slide.slide_to("penalty", 0)
    slide.press("Reset")
    slide.slide_to("step length", 0.2)
    assert slide.pixels() == start


STEP_NOW = "() => Number(document.querySelector('#place').innerText.match(/step (\\d+)/)[1])"


def hold_time(slide):
    """Return the page's clock: from now on its time passes only when the test lets it."""
    slide.tab.clock.install(time=0)
    slide.tab.clock.pause_at(1000)
    return slide.tab.clock


@of("saddle")
def test_play_goes_on_until_pause_and_never_begins_by_itself(slide):
    clock = hold_time(slide)
    clock.run_for(1000)
    assert slide.tab.evaluate(STEP_NOW) == 0
    slide.tab.get_by_role("button", name="Play").focus()
    slide.tab.keyboard.press("Enter")
    clock.run_for(1000)
    stopped = slide.tab.evaluate(STEP_NOW)
    assert 55 < stopped < 65  # one step in each frame
    slide.press("Pause")
    clock.run_for(1000)
    assert slide.tab.evaluate(STEP_NOW) == stopped
    slide.press("Play")
    slide.tab.locator("#place").evaluate("place => { place.style.visibility = 'hidden'; }")
    clock.run_for(1000)
    assert "Play" in slide.tab.locator("#place").text_content()


def test_less_motion_means_few_steps(browser):
    with live_page(browser, "saddle", reduced_motion="reduce") as slide:
        clock = hold_time(slide)
        slide.press("Play")
        clock.run_for(3000)
        assert 4 <= slide.tab.evaluate(STEP_NOW) <= 6


@pytest.mark.parametrize("name", NAMES)
def test_every_still_has_a_picture_and_says_its_numbers(name):
    drawing = FIGURES[LIVE[name].still]()
    png = figures.array_of_png(figures.png_of_figure(drawing.picture))
    assert len(np.unique(png)) > 20
    assert any(sign.isdigit() for sign in drawing.alt)
