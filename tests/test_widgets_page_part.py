"""The part of a tool that lives in the page, as far as the kernel is concerned."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from gan_lib import figures, models, page
from gan_lib.widgets import page_part
from gan_lib.widgets.four_corners import FourCorners
from gan_lib.widgets.latent_sliders import LatentSliders
from tools.notebook_files import ROOT
from widget_tools import TOOLS, BreaksAfter, buttons, every_widget, faces, generator, occluder

LIVING = {"LatentSliders": lambda G: LatentSliders({"G": G}), "FourCorners": FourCorners}
every_living = pytest.mark.parametrize("name", LIVING)


class Browser:
    """Stands in for the page: it says what the page would say, and keeps what the kernel sends."""

    def __init__(self, part, monkeypatch):
        self.part, self.sent = part, []
        monkeypatch.setattr(part, "send", lambda content, buffers=None: self.sent.append(
            (content, buffers)))

    def arrive(self):
        self.part.set_state({"alive": True})

    def asks(self, wanted):
        self.part._handle_custom_msg({"wants": wanted}, [])
        return self.sent[-1] if self.sent else None


@pytest.fixture
def living(request, monkeypatch):
    """Return a function: tool -> the page that draws it."""
    def come(tool):
        tool.show()
        browser = Browser(tool.page_part, monkeypatch)
        browser.arrive()
        return browser
    return come


def controls(tool):
    return tool.sliders if isinstance(tool, LatentSliders) else [tool.right, tool.down]


# --- drawing ------------------------------------------------------------------------------------

@every_living
def test_while_the_page_draws_no_picture_is_sent_and_the_array_is_right(name, living):
    tool, still = LIVING[name](generator()), LIVING[name](generator())
    still.show()
    page_ = living(tool)
    before, alt = bytes(tool.image.value), tool.alt()
    for one in (tool, still):
        controls(one)[0].value = 0.75
    assert bytes(tool.image.value) == before != bytes(still.image.value)
    assert (tool.array() == still.array()).all()
    assert tool.page_part.alt == alt  # the kernel keeps still until the page asks
    page_.asks("plan")
    assert tool.page_part.alt == tool.alt() != alt


@every_living
def test_when_the_page_has_gone_the_kernel_draws_at_once_and_again(name, living):
    tool = LIVING[name](generator())
    living(tool)
    controls(tool)[0].value = 0.75
    tool.page_part.set_state({"alive": False})
    for value in (0.75, 0.25):
        controls(tool)[0].value = value
        assert (figures.array_of_png(bytes(tool.image.value)) == tool.picture()).all()


@every_living
def test_a_still_picture_that_is_shown_later_is_the_newest(name, living, capsys):
    tool = LIVING[name](generator())
    living(tool)
    controls(tool)[0].value = 0.75
    tool.show()
    assert (figures.array_of_png(bytes(tool.image.value)) == tool.picture()).all()


def test_the_kernel_goes_on_drawing_what_the_page_only_holds(living):
    tool = occluder()
    living(tool)
    before = bytes(tool.image.value)
    tool.left.value = 7
    assert bytes(tool.image.value) != before and "7 from the left" in tool.page_part.alt


def test_the_page_finds_the_fakes_where_the_kernel_draws_them():
    G = {"one": generator(), "two": generator(channels=3)}
    for tool in (LatentSliders(G), FourCorners(generator())):
        picture, fakes = tool.picture(), tool.plan()["pictures"]
        assert len(fakes) == (2 if isinstance(tool, LatentSliders) else 5)
        for fake in fakes:
            left, top, size = fake["left"], fake["top"], 16 * fake["scale"]
            frame = [picture[top - 1, left], picture[top, left - 1],
                     picture[top + size, left], picture[top, left + size]]
            assert {to_hex(pixel / 255).upper() for pixel in frame} == {figures.FAKE}
            inside = picture[top:top + size, left:left + size]
            small = inside[::fake["scale"], ::fake["scale"]]
            enlarged = small.repeat(fake["scale"], 0).repeat(fake["scale"], 1)
            assert (inside == enlarged).all()


def test_the_plan_of_the_sliders_is_their_z(living):
    tool = LatentSliders({"G": generator()}, sliders=3,
                         directions=torch.nn.functional.normalize(torch.ones(3, 8)))
    page_ = living(tool)
    buttons(tool)["New z"].click()
    tool.sliders[1].value = 1.5
    page_.asks("plan")
    plan, values = tool.page_part.plan, [control.value for control in tool.sliders]
    z = np.array(plan["rest"]) + np.array(values) @ np.array(plan["directions"])
    np.testing.assert_allclose(z, tool.z, atol=1e-6)


def test_new_corners_go_to_the_page(living):
    tool = FourCorners(generator())
    living(tool)
    buttons(tool)["New corners"].click()
    assert tool.page_part.plan["corners"] == tool.corners.tolist()
    assert [fake["z"] for fake in tool.page_part.plan["pictures"][1:]] == tool.corners.tolist()


# --- weights ------------------------------------------------------------------------------------

@every_living
def test_no_widget_of_a_tool_keeps_weights(name, living):
    G = models.ConvGenerator(z_dim=8, size=16, width=32)
    tool = LIVING[name](G)
    page_ = living(tool)
    _, (weights,) = page_.asks(page_part.key(G))
    assert len(weights) > 500_000
    for widget in every_widget(tool.box):
        for trait, value in widget.get_state().items():
            assert len(str(value)) < 5_000 or trait in ("value", "_esm"), trait
    assert len(tool.page_part.get_state()["_esm"]) < 40_000


def test_the_page_gets_the_network_that_it_asks_for(living):
    G, other = generator(), generator(channels=3)
    page_ = living(LatentSliders({"G": G, "other": other}))
    for network in (G, other):
        said, (weights,) = page_.asks(page_part.key(network))
        assert said == {"key": page_part.key(network)}
        assert json.loads(weights) == page.packed(network)


def test_a_key_changes_with_the_weights_the_averages_and_the_layers():
    G, seen = generator(), set()
    for change in (lambda: None, lambda: G.layers[0].weight.add_(1e-3),
                   lambda: next(iter(G.buffers())).add_(1e-3),
                   lambda: G.layers.append(torch.nn.Tanh())):
        with torch.no_grad():
            change()
        assert page_part.key(G) == page_part.key(G) not in seen
        seen.add(page_part.key(G))
    assert page_part.key(generator()) in seen  # the same weights, the same key
    page_part.key(G.half())


def test_a_trained_network_gets_another_key_and_the_old_one_is_gone(living):
    G = generator()
    tool = LatentSliders({"G": G})
    page_, old = living(tool), page_part.key(G)
    assert tool.page_part.plan["keys"] == [old]
    with torch.no_grad():
        G.layers[0].weight.add_(0.1)
    assert page_.asks(old) == ({"key": old}, [])
    assert tool.page_part.plan["keys"] == [page_part.key(G)] != [old]
    with torch.no_grad():
        G.layers[0].weight.add_(0.1)
    tool.sliders[0].value = 0.5
    page_.asks("plan")
    assert tool.page_part.plan["keys"] == [page_part.key(G)]


def test_a_network_that_the_page_cannot_run_is_answered_with_nothing(living):
    G = generator()
    G.layers.append(torch.nn.Dropout(0.0))
    page_ = living(LatentSliders({"G": G}))
    assert page_.asks(page_part.key(G)) == ({"key": page_part.key(G)}, [])


def test_a_page_that_knows_no_plan_gets_one(monkeypatch):
    tool = LatentSliders({"G": generator()})
    Browser(tool.page_part, monkeypatch).asks("plan")
    assert tool.page_part.plan["keys"] and tool.page_part.alt == tool.alt()


def test_an_error_while_the_kernel_answers_is_shown(living):
    tool = LatentSliders({"G": generator()})
    page_ = living(tool)
    tool.generators.clear()
    tool.plan = lambda: {}[1]
    page_.part._handle_custom_msg({"wants": "plan"}, [])
    assert "KeyError" in tool.message.value


# --- where there is no part ---------------------------------------------------------------------

@pytest.mark.parametrize("name", TOOLS)
def test_without_anywidget_every_tool_is_as_before(name, monkeypatch):
    monkeypatch.setattr(page_part, "anywidget", None)
    tool = TOOLS[name]()
    tool.show()
    assert tool.page_part is None
    assert not any("anywidget" in str(widget.keys) for widget in every_widget(tool.box))


def test_the_tools_need_no_anywidget():
    script = ("import sys; sys.modules['anywidget'] = None\n"
              "from gan_lib.widgets.occluder import Occluder; import torch\n"
              "tool = Occluder(torch.zeros(1, 1, 32, 32), {}); tool.left.value = 3\n"
              "print(tool.page_part, tool.array().shape)")
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.strip() == "None (296, 264, 3)", ran.stderr


def test_what_is_no_more_than_a_function_has_no_part():
    assert LatentSliders({"G": BreaksAfter(generator(), times=9)}).page_part is None


def test_an_occluder_holds_its_box_and_other_tools_have_no_part():
    assert occluder().page_part.controls[2].description == "Width"
    assert occluder().plan()["hold"]["cells"] == faces().shape[-1]
    assert {name for name, make in TOOLS.items() if make().page_part} \
        == {"ClassSlider", "FourCorners", "LatentSliders", "Occluder"}
