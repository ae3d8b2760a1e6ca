"""The deck's figures, each made once for all tests, and what is drawn in them."""

import functools
import re

import numpy as np
from matplotlib.text import Text

from slides.figures import FIGURES, Drawing


@functools.cache
def made(name) -> Drawing:
    return FIGURES[name]()


def letters(figure):
    """Return all words that are seen, tick labels among them."""
    figure.canvas.draw()
    hidden = {text for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)
              for text in unseen(axis, axes.axison)}
    return [text for text in figure.findobj(Text)
            if text.get_text().strip() and text.get_visible() and text not in hidden]


def unseen(axis, is_on):
    """Return the labels of an axis that are not drawn: it is off, or they lie beyond its ends."""
    low, high = sorted(axis.get_view_interval())
    labels = [tick.label1 for tick in axis.get_major_ticks()
              if not (is_on and low <= tick.get_loc() <= high)]
    return labels if is_on else [*labels, axis.label]


def pictures(drawing):
    """Return what is drawn as pictures: (left, bottom, pixels uint8), in the order of drawing."""
    return [(image.get_extent()[0], image.get_extent()[2], np.asarray(image.get_array()))
            for axes in drawing.picture.axes for image in axes.images]


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]
