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
    axes = [part for part in figure.axes if not part.axison]
    hidden = {label for part in axes for label in (*part.get_xticklabels(), *part.get_yticklabels(),
                                                   part.xaxis.label, part.yaxis.label)}
    return [text for text in figure.findobj(Text)
            if text.get_text().strip() and text.get_visible() and text not in hidden]


def pictures(drawing):
    """Return what is drawn as pictures: (left, bottom, pixels uint8), in the order of drawing."""
    return [(image.get_extent()[0], image.get_extent()[2], np.asarray(image.get_array()))
            for axes in drawing.picture.axes for image in axes.images]


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]
