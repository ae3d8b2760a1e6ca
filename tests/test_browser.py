"""The interactive tools in the real JupyterLab, moved by a real mouse and keyboard.

To test another tool add a line to TOOLS or to BUTTONS.
"""

import urllib.error
import urllib.request

import nbformat
import pytest

from tools.browser_lab import (
    HANDLE,
    drag,
    opened,
    picture,
    running_lab,
    write_notebook,
)

# (notebook, text of the code cell that shows the tool). The cells up to it are run, then the
# tool's first slider is moved.
TOOLS = [
    ("01_bce_refresher.ipynb", "BCESlider()"),
    ("01_bce_refresher.ipynb", "ThreeNumbers()"),
    ("02_generator.ipynb", "UpConvolution(size=3"),
    ("02_generator.ipynb", "LatentSliders({"),
    ("05_latent_interpolation.ipynb", 'LatentSliders({"32 pixels": G'),
    ("05_latent_interpolation.ipynb", "FourCorners(G"),
    ("06_occlusion_inpainting.ipynb", "Occluder(x, simple)"),
    ("11_talking_heads.ipynb", 'Puppet({"L1 alone"'),
]
# (notebook, text of the code cell, a button of the tool).
BUTTONS = [
    ("01_bce_refresher.ipynb", "ThreeNumbers()", "Step D"),
    ("03_discriminator.ipynb", "BlindCards(", "Real"),
    ("04_alternating_training.ipynb", "HalfSteps()", "Step G"),
    ("06_occlusion_inpainting.ipynb", "ZSearch(", "Step"),
]
SAMPLE = """
import ipywidgets
from io import BytesIO
from PIL import Image
slider = ipywidgets.IntSlider(value=100, max=255)
picture = ipywidgets.Image(format="png")
picture.add_class("gan-tool-picture")
def draw(change=None):
    file = BytesIO()
    Image.new("L", (64, 64), slider.value).save(file, "png")
    picture.value = file.getvalue()
slider.observe(draw, "value")
draw()
box = ipywidgets.VBox([slider, picture])
box.add_class("gan-tool")
box
"""


# What is seen of each code cell: living tools, pictures, words of its outputs.
SEEN = """() => {
    const seen = element => element.getClientRects().length > 0;
    return [...document.querySelectorAll(".jp-CodeCell .jp-Cell-outputArea")].map(area => ({
        tools: [...area.querySelectorAll(".gan-tool")].filter(seen).length,
        pictures: [...area.querySelectorAll("img")].filter(seen).map(image => image.alt),
        words: area.innerText.trim(),
    }));
}"""


# --- tests ------------------------------------------------------------------------------------

def move_the_slider(lab, browser, notebook: str, words: str) -> None:
    with opened(lab, browser, notebook, words) as page:
        number = page.cell(words)
        page.run(last=number)
        tool = page.show(number)
        handle = tool.locator(HANDLE).first

        first = picture(tool)
        drag(page.page, handle, to_the_right=100)
        picture(tool, other_than=first)

        # The last pictures of the drag may still be on their way.
        page.page.wait_for_timeout(1000)
        dragged = picture(tool)
        handle.focus()
        for _ in range(5):
            page.page.keyboard.press("ArrowLeft")
        picture(tool, other_than=dragged)


@pytest.mark.parametrize(("notebook", "words"), TOOLS)
def test_mouse_and_keys_move_the_slider_and_the_picture_changes(lab, browser, notebook, words):
    move_the_slider(lab, browser, notebook, words)


@pytest.mark.parametrize(("notebook", "words", "button"), BUTTONS)
def test_a_button_changes_the_picture(lab, browser, notebook, words, button):
    with opened(lab, browser, notebook, f"{words} {button}") as page:
        number = page.cell(words)
        page.run(last=number)
        tool = page.show(number)
        first = picture(tool)
        tool.get_by_role("button", name=button, exact=True).click()
        picture(tool, other_than=first)


def test_a_saved_notebook_shows_the_tools_still_pictures_when_it_is_opened_again(
        browser, tmp_path):
    """In a JupyterLab without any setting of the course: with another kernel; after the server's
    end and without a kernel; and when the file comes from someone else (it is not trusted)."""
    home, course = tmp_path / "home", tmp_path / "course"
    home.mkdir()
    course.mkdir()
    write_notebook(course / "saved.ipynb", "from gan_lib.widgets.bce_slider import BCESlider",
                   "BCESlider(0.25)", "BCESlider(0.5).show()\nprint('the end')")
    with running_lab(home, course) as lab:
        with opened(lab, browser, "saved.ipynb", "1 alive") as page:
            page.run()
            page.page.locator(".gan-tool").nth(1).wait_for()
            alive = page.page.evaluate(SEEN)
            page.page.evaluate("""async () => {
                await window.jupyterapp.commands.execute("docmanager:save");
                await window.jupyterapp.shell.currentWidget.sessionContext.shutdown();
            }""")
        opened_again = [seen_again(lab, browser, "2 another kernel")]
    with running_lab(home, course, "--KernelSpecManager.allowed_kernelspecs=none") as lab:
        opened_again.append(seen_again(lab, browser, "3 no kernel"))
        nb = nbformat.read(course / "saved.ipynb", as_version=4)
        nb.cells[0].source = "# Not what was signed"
        nbformat.write(nb, course / "saved.ipynb")
        opened_again.append(seen_again(lab, browser, "4 not trusted, no kernel"))

    assert [(cell["tools"], len(cell["pictures"])) for cell in alive] == [(0, 0), (1, 1), (1, 1)]
    for _, first, second in opened_again:
        assert [cell["tools"] for cell in (first, second)] == [0, 0]
        assert [picture[:13] for cell in (first, second) for picture in cell["pictures"]] \
            == ["At p = 0.25: ", "At p = 0.50: "]
        assert (first["words"], second["words"]) == ("", "the end")


def seen_again(lab, browser, words: str) -> list[dict]:
    """Open the saved notebook and return what is seen of its cells."""
    with opened(lab, browser, "saved.ipynb", words) as page:
        page.page.wait_for_function("() => document.querySelectorAll('.gan-still').length === 2")
        if "no kernel" in words:
            page.page.locator(".jp-Dialog-button.jp-mod-reject").click()
        page.page.wait_for_timeout(4000)  # an error comes when all widgets were asked for
        return page.page.evaluate(SEEN)


def test_a_sample_tool_answers_to_mouse_and_keys(browser, lab):
    write_notebook(lab.folder / "sample.ipynb", SAMPLE)
    move_the_slider(lab, browser, "sample.ipynb", words="ipywidgets.IntSlider")


def test_the_lab_listens_on_loopback_only_and_asks_for_the_token(lab):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{lab.address}/api/contents", timeout=10)
    assert refused.value.code == 403
