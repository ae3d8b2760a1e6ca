"""Presenting in a real browser: keys, a tool that is alive in a slide, and what fits the screen."""

import pytest

from tools import presenting
from tools.browser_lab import HANDLE, PROMPT_PICTURES, SCREENS, drag, picture, running_lab
from tools.notebook_files import NOTEBOOKS, read

SHOWN = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap(
    (cell, number) => cell.node.classList.contains("jp-deck-mod-visible") ? [number] : [])"""
HEIGHTS = """async () => {
    const notebook = window.jupyterapp.shell.currentWidget.content, heights = {};
    for (const [number, cell] of notebook.widgets.entries()) {
        if (cell.model.getMetadata("slideshow").slide_type !== "slide") continue;
        notebook.activeCellIndex = number;
        await new Promise(done => setTimeout(done, 40));
        const boxes = notebook.widgets.map(cell => cell.node).filter(
            node => node.classList.contains("jp-deck-mod-onscreen")).map(
            node => node.getBoundingClientRect());
        heights[number] = Math.max(...boxes.map(box => box.bottom))
                          - Math.min(...boxes.map(box => box.top));
    }
    return heights;
}"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """JupyterLab as `make present` starts it."""
    home = tmp_path_factory.mktemp("home")
    presenting.write_settings(home)
    with running_lab(home, tmp_path_factory.mktemp("course"), PROMPT_PICTURES,
                     "--custom-css") as lab:
        yield lab


@pytest.fixture
def page(stage, browser):
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(60_000)
    yield page
    page.close()


def open_deck(page, stage, name: str) -> None:
    page.goto(f"{stage.address}/lab/tree/{name}?token={stage.token}&reset")
    page.locator(".jp-deck-mod-visible").first.wait_for(timeout=120_000)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.ready")


def press(page, *keys) -> list[int]:
    """Press the keys, one after the other; return the cells that are shown then."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    return page.evaluate(SHOWN)


def test_a_slider_in_a_slide_changes_the_picture(page, stage):
    path = NOTEBOOKS[0]
    cells = read(path).cells
    number = next(number for number, cell in enumerate(cells) if "BCESlider(" in cell.source)
    open_deck(page, stage, path.name)
    page.evaluate("""async last => {
        const notebook = window.jupyterapp.shell.currentWidget.content;
        notebook.activeCellIndex = last - 1;
        await window.jupyterapp.commands.execute("notebook:run-all-above");
    }""", number)
    assert press(page, "Space")[-1] == number
    page.keyboard.press("Shift+Enter")
    tool = page.locator(".jp-deck-mod-visible .gan-tool").first
    tool.locator("img").first.wait_for()
    assert page.evaluate(SHOWN)[-1] == number  # the next cell would give the surprise away
    before = picture(tool)
    drag(page, tool.locator(HANDLE).first, 120)
    assert picture(tool, other_than=before) != before
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / "present_slider.png")


def test_keys_show_one_cell_after_the_other_and_take_it_back(page, stage):
    open_deck(page, stage, NOTEBOOKS[3].name)
    kinds = [cell.metadata.slideshow.slide_type for cell in read(NOTEBOOKS[3]).cells]
    for number, key in zip(range(1, 9), 2 * ["Space", "ArrowRight", "PageDown", "ArrowDown"]):
        first = max(cell for cell in range(number + 1) if kinds[cell] == "slide")
        assert press(page, key) == list(range(first, number + 1))
    assert press(page, "ArrowLeft", "PageUp", "ArrowUp", "Shift+Space")[-1] == 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_each_slide_fits_a_screen(page, stage, path):
    open_deck(page, stage, path.name)
    tall = {int(number): height for number, height in page.evaluate(HEIGHTS).items()
            if height > 1080}
    assert tall == {}
