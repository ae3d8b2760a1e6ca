"""The interactive tools in the real JupyterLab, moved by a real mouse and keyboard.

To test another tool add a line to TOOLS.
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

# Notebook -> (text of the code cell that shows a tool, its button; None moves its first slider).
TOOLS = {
    "01_bce_refresher.ipynb": [("BCESlider()", None), ("ThreeNumbers()", None),
                               ("ThreeNumbers()", "Step D")],
    "02_generator.ipynb": [("UpConvolution(size=3", None), ("LatentSliders({", None)],
    "03_discriminator.ipynb": [("BlindCards(", "Real")],
    "04_alternating_training.ipynb": [("ArenaTool()", "Step G")],
    "05_latent_interpolation.ipynb": [('LatentSliders({"32 pixels": G', None),
                                      ("FourCorners(G", None)],
    "06_occlusion_inpainting.ipynb": [("ZSearch(", "Step"), ("Occluder(x, simple)", None)],
    "11_talking_heads.ipynb": [('Puppet({"L1 alone"', None)],
}
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

@pytest.fixture(scope="module")
def page(request, lab, browser):
    """A notebook in the browser; its cells up to the last tool that is moved here were run."""
    with opened(lab, browser, request.param, "tools") as page:
        page.run(last=max(page.cell(words) for words, _ in TOOLS[request.param]))
        yield page


def move_the_slider(page, tool) -> None:
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


@pytest.mark.parametrize(("page", "words", "button"), [
    (notebook, *tool) for notebook, tools in TOOLS.items() for tool in tools], indirect=["page"])
def test_mouse_and_keys_change_the_picture(page, words, button):
    tool = page.show(page.cell(words))
    if button is None:
        move_the_slider(page, tool)
    else:
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
    with opened(lab, browser, "sample.ipynb", "a sample") as page:
        page.run()
        move_the_slider(page, page.show(page.cell("IntSlider")))


def test_the_lab_listens_on_loopback_only_and_asks_for_the_token(lab):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{lab.address}/api/contents", timeout=10)
    assert refused.value.code == 403
