"""The deck's figures: made, readable from the last row, in the course's colours, the same twice."""

import re

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Text

import slides.figures
from figure_tools import letters, made
from gan_lib import figures
from slides.figures import FIGURES, Drawing, judges, noise, sketch

NAMES = """board_noise board_upconvolution board_picture board_discriminator mlp_or_cnn random_feed
balancing_act freeze_G freeze_D gradients maximin best_D beginning_digits_fc beginning_digits_conv
beginning_faces_fc beginning_faces_conv progress faces_hard faces_sheet occlusion interpolation
class_from_noise text_to_image from_words talking_heads driven_heads growing_explained title
two_networks frozen collapse""".split()
TRAINED = ("board_discriminator", "balancing_act", "freeze_D", "best_D", "class_from_noise")


def test_every_figure_of_the_deck_is_there():
    assert set(NAMES) <= FIGURES.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_fills_the_slide_and_says_in_words_with_numbers_what_it_shows(name):
    drawing = made(name)
    assert isinstance(drawing, Drawing) and isinstance(drawing.picture, Figure)
    assert drawing.picture.get_size_inches() == pytest.approx((12, 1.56 if name == "title" else 5))
    assert drawing.alt.endswith(".") and len(drawing.alt) > 60
    assert re.search(r"\d", drawing.alt) and "nan" not in drawing.alt.lower()


@pytest.mark.parametrize("name", NAMES)
def test_letters_are_large_and_lie_inside_of_the_figure(name):
    figure = made(name).picture
    found = letters(figure)
    assert found or name in ("faces_sheet", "title")
    whole = figure.bbox.padded(2)
    for text in found:
        assert text.get_fontsize() >= 14, text.get_text()
        box = text.get_window_extent()
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1, text.get_text()
        assert whole.y0 <= box.y0 and box.y1 <= whole.y1, text.get_text()


def grey(colour):
    return np.ptp(to_rgb(colour)) < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_colours_have_one_meaning(name):
    figure = made(name).picture
    meanings = {colour.lower() for colour in (figures.REAL, figures.FAKE, figures.NETWORK_D,
                                              figures.NETWORK_G)}
    for part in (*figure.findobj(Line2D), *figure.findobj(Text)):
        assert to_hex(part.get_color()) in meanings or grey(part.get_color())
    for arrow in figure.findobj(FancyArrowPatch):
        assert to_hex(arrow.get_edgecolor()) in meanings or grey(arrow.get_edgecolor())
    boxes = [part for axes in figure.axes for part in axes.patches
             if isinstance(part, FancyBboxPatch)]
    for box in boxes:                       # a network or a thing: never real, never fake
        colour = to_hex(box.get_edgecolor())
        assert grey(colour) or colour in (figures.NETWORK_D.lower(), figures.NETWORK_G.lower())
        if not grey(colour):
            assert box.get_linestyle() == ("-" if colour == figures.NETWORK_D.lower() else "--")
    for text in figure.findobj(Text):
        if text.get_text() in ("D", "G"):
            assert to_hex(text.get_color()) == getattr(
                figures, f"NETWORK_{text.get_text()}").lower()
        if text.get_text().strip() in ("real", "fake", "● real", "× fake"):
            if to_hex(text.get_color()) in meanings:
                assert to_hex(text.get_color()) == getattr(
                    figures, text.get_text().strip()[-4:].upper()).lower()


@pytest.mark.parametrize("name", TRAINED)
def test_a_figure_is_the_same_each_time_whatever_was_made_before(name):
    first = figures.sharp_png(made(name).picture)
    for part in (judges.judge, judges.cards, sketch.shipped, sketch.real):
        part.cache_clear()
    torch.manual_seed(123)
    assert figures.sharp_png(FIGURES[name]().picture) == first


def test_making_a_figure_leaves_the_random_numbers_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    FIGURES["board_noise"]()
    assert torch.equal(torch.rand(3), expected)


def test_two_figures_of_one_name_are_refused(monkeypatch):
    monkeypatch.setitem(noise.FIGURES, "progress", lambda: None)
    with pytest.raises(ValueError, match="Two figures bear the name 'progress'"):
        slides.figures._find()
