"""How the tools look: letters for a projector, labels of one manner, colours of one meaning."""

import importlib
import pkgutil

import ipywidgets
import numpy as np
import pytest
import torch
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from gan_lib import figures, training, widgets
from gan_lib.widgets import saddle, threshold, tool
from widget_tools import TOOLS, every_widget

SMALLEST = 18        # pixels of the screen: the height of letters
WINDOW = 1488        # pixels: an output in JupyterLab, 1920 x 1080, with the list of files
NAMES = ("p = D(x)", "z[", "G: θ", "D: a", "D: b")  # names from mathematics keep their case
LABELLED = (ipywidgets.Button, ipywidgets.FloatSlider, ipywidgets.IntSlider, ipywidgets.Dropdown,
            ipywidgets.Checkbox)
every_tool = pytest.mark.parametrize("name", TOOLS)


def labelled(made) -> list[ipywidgets.Widget]:
    """Return the tool's controls that bear a label."""
    return [widget for widget in every_widget(made.box) if isinstance(widget, LABELLED)]


def pixels(length: str) -> int:
    """Return a length such as "150px" as a number."""
    return int(length.removesuffix("px"))


def words(figure) -> list[Text]:
    """Return all words that are to be seen in a figure."""
    figure.draw_without_rendering()
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def assert_readable(figure) -> None:
    found = words(figure)
    assert found and not [(text.get_text(), text.get_fontsize()) for text in found
                          if text.get_fontsize() * figures.DPI / 72 < SMALLEST]
    # What is raised stands in smaller letters.
    assert not [text.get_text() for text in found if "^" in text.get_text()]


def test_all_tools_are_looked_at():
    for module in pkgutil.iter_modules(widgets.__path__):
        importlib.import_module(f"gan_lib.widgets.{module.name}")
    found, classes = set(), [tool.Tool]
    while classes:
        classes += (below := classes.pop().__subclasses__())
        found |= {one.__name__ for one in below
                  if one.__module__.startswith("gan_lib.")
                  and (one.__name__ in TOOLS or not one.__subclasses__())}
    assert found == set(TOOLS)


# --- words in pictures ------------------------------------------------------------------------

@every_tool
def test_words_in_a_tool_s_picture_can_be_read_from_a_projector(name, monkeypatch):
    sizes, font = [], figures.font
    monkeypatch.setattr(figures, "font", lambda size: sizes.append(size) or font(size))
    tool.title.cache_clear()
    made = TOOLS[name]()
    picture = made.picture()
    for figure in vars(made).values():
        if isinstance(figure, Figure):
            assert_readable(figure)
    if isinstance(picture, Figure):
        assert_readable(picture)
    assert all(size >= SMALLEST for size in sizes)


@every_tool
def test_a_tool_s_picture_is_not_made_smaller_by_the_window(name):
    made = TOOLS[name]()
    made.refresh()
    assert 250 <= made.array().shape[1] <= WINDOW


HISTORY = training.History([1.3] * 30, [0.7] * 30, [0.6] * 30, [0.4] * 30)
POINTS = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
SAMPLES = torch.zeros(4, 1, 16, 16)
DRAWN = {
    "losses": lambda axes: figures.draw_losses(axes, HISTORY),
    "judgement": lambda axes: figures.draw_judgement(axes, HISTORY),
    "points": lambda axes: figures.draw_points(axes, POINTS, POINTS + 1),
    "images": lambda axes: figures.draw_images(axes, SAMPLES, "fakes", 2, rows=["a", "b"]),
    "histogram": lambda axes: threshold.draw_histogram(axes, torch.linspace(0, 1, 9),
                                                       torch.arange(9) % 2, "cards"),
    "confusion": lambda axes: threshold.draw_confusion(axes, torch.ones(2, 2), "counts"),
    "saddle": saddle.draw_saddle,
}


@pytest.mark.parametrize("name", DRAWN)
def test_words_that_the_library_draws_can_be_read_from_a_projector(name):
    figure, axes = figures.new(width=5, height=4)
    DRAWN[name](axes)
    assert_readable(figure)
    if name != "images" and name != "confusion":
        assert axes.get_xlabel() and axes.get_ylabel()


@pytest.mark.parametrize("size", [8, 16, 32, 64])
def test_the_picture_of_a_card_is_large_and_its_name_stands_above(size):
    card = tool.card(torch.zeros(1, 1, size, size), "fake", figures.FAKE)
    height, width, _ = card.shape
    assert width == tool.CARD + 8 and height == width + 32
    ink = np.argwhere(card[:32].min(axis=2) < 128)
    assert ink[:, 0].max() - ink[:, 0].min() >= 13


# --- colours ----------------------------------------------------------------------------------

MEANING = {figures.REAL.lower(): "real", figures.FAKE.lower(): "fake"}


def colours(artist) -> set[str]:
    values = [artist.get_color()] if isinstance(artist, Line2D) else [
        artist.get_facecolor(), artist.get_edgecolor()]
    return {to_hex(colour) for value in values for colour in to_rgba_array(value)}


def artists(figure):
    """Yield (artist, its label) of all lines, areas and markers outside of legends."""
    for axes in figure.axes:
        # hist gives its label to the first bar, bar to all bars together.
        of_bars = {id(bar): bars[0].get_label() if bars.get_label().startswith("_")
                   else bars.get_label() for bars in axes.containers
                   if isinstance(bars, BarContainer) for bar in bars}
        for artist in [*axes.lines, *axes.collections, *axes.patches]:
            assert isinstance(artist, (Line2D, Collection, Patch))
            yield artist, str(of_bars.get(id(artist), artist.get_label()))


def assert_two_meanings(figure) -> set[str]:
    """Blue has "real" in its label, vermillion "fake". Returns the colours that were found."""
    found = set()
    for artist, label in artists(figure):
        for colour in colours(artist) & set(MEANING):
            assert MEANING[colour] in label, f"{artist} {label!r} has the colour {colour}"
            found.add(colour)
    for axes in figure.axes:
        for image in axes.images:
            assert not {to_hex(end) for end in image.cmap([0.0, 1.0])} & set(MEANING)
    return found


@every_tool
def test_blue_is_real_and_vermillion_is_fake_in_every_tool_and_nothing_else(name):
    made = TOOLS[name]()
    picture, seen = made.picture(), set()
    for figure in [picture, *vars(made).values()]:
        if isinstance(figure, Figure):
            seen |= assert_two_meanings(figure)
    if isinstance(picture, Figure) and name not in ("Saddle", "BCESlider", "ClassScores", "League"):
        assert seen == set(MEANING)


@pytest.mark.parametrize("name", DRAWN)
def test_blue_is_real_and_vermillion_is_fake_in_what_the_library_draws(name):
    figure, axes = figures.new()
    DRAWN[name](axes)
    found = assert_two_meanings(figure)
    assert len(found) == (2 if name in ("judgement", "points", "histogram") else 0)


def test_what_belongs_to_a_network_has_the_network_s_colour():
    bars = TOOLS["ThreeNumbers"]()._bars.bars
    assert [to_hex(bar.get_facecolor()).upper() for bar in bars] \
        == [figures.NETWORK_D, figures.NETWORK_G]
    assert bars[0].get_hatch() != bars[1].get_hatch()


# --- controls ---------------------------------------------------------------------------------

@every_tool
def test_labels_begin_with_a_capital_letter_or_are_names_from_mathematics(name):
    for control in labelled(TOOLS[name]()):
        label = control.description
        assert label.startswith(NAMES) or label[0].isupper() and not label[1:2].isupper(), label
        assert not label.endswith(":") and "both" not in label and " ×" in label or \
            "×" not in label, label


@every_tool
def test_controls_of_a_kind_have_one_width_and_room_for_their_labels(name):
    letters, made = figures.font(SMALLEST), TOOLS[name]()
    for control in labelled(made):
        width, own = letters.getlength(control.description), control.layout.width
        if isinstance(control, ipywidgets.Button):
            assert width + 20 <= pixels(own) and (own == tool.BUTTON or made.dense)
        elif isinstance(control, ipywidgets.Checkbox):
            assert width + 30 <= pixels(own)
        else:
            assert own == tool.SLIDER or made.dense
            assert control.style.description_width == tool.LABEL or made.dense
            assert width + 8 <= pixels(control.style.description_width)


@every_tool
def test_the_message_stands_between_the_controls_and_the_picture(name):
    made = TOOLS[name]()
    found = every_widget(made.box)
    place = {id(widget): number for number, widget in enumerate(found)}
    assert place[id(made.message)] + 1 == place[id(made.image)]
    assert all(place[id(control)] < place[id(made.message)] for control in labelled(made))
    assert made.message.layout.min_height == "36px"


def test_a_player_has_a_name_and_comes_after_the_buttons():
    players = 0
    for make in TOOLS.values():
        found = every_widget(make().box)
        for number, widget in enumerate(found):
            if isinstance(widget, ipywidgets.Play):
                players += 1
                assert found[number - 1].value == "Play"
                assert not [one for one in found[number:] if isinstance(one, ipywidgets.Button)]
    assert players >= 2


def test_the_controls_letters_are_as_large_as_the_pictures():
    style, = (child.value for child in TOOLS["BCESlider"]().box.children
              if "<style>" in str(child.value))
    assert f"--jp-widgets-font-size: {SMALLEST}px" in style and style.count("<style>") == 1


# --- alt texts --------------------------------------------------------------------------------

def moves(made):
    """Yield after each of many changes of the tool: all its controls, all its buttons."""
    for control in every_widget(made.box):
        if isinstance(control, (ipywidgets.FloatSlider, ipywidgets.IntSlider, ipywidgets.Play)):
            for value in (control.max, control.min):
                control.value = value
                yield control.description
        elif isinstance(control, (ipywidgets.Dropdown, ipywidgets.ToggleButtons)):
            values = [value for _, value in control._options_full]
            for value in dict.fromkeys([*values[:2], *values[-2:]]):  # all would take a minute
                control.value = value
                yield value
        elif isinstance(control, ipywidgets.Checkbox):
            for value in (True, False):
                control.value = value
                yield control.description
        elif type(control) is ipywidgets.Text:
            for text in ("7", ""):
                control.value = text
                yield text
        elif isinstance(control, ipywidgets.BoundedIntText):
            control.value += 1
            yield "a number"
        elif isinstance(control, ipywidgets.Button):
            for _ in range(2):
                control.click()
                yield control.description


@every_tool
def test_two_different_pictures_have_two_alt_texts(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a walk is saved there
    made = TOOLS[name]()
    made.refresh()
    seen = {made.alt(): made.array().tobytes()}
    for move in moves(made):
        picture = made.array().tobytes()
        assert seen.setdefault(made.alt(), picture) == picture, f"after {move}: {made.alt()}"
    assert len(seen) > 1
