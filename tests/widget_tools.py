"""What the tests of the interactive tools share."""

import html

import ipywidgets
import torch

from gan_lib import data, detecting, inpainting, models
from gan_lib.widgets.alarms import Alarms
from gan_lib.widgets.bce_slider import BCESlider
from gan_lib.widgets.blind_cards import BlindCards
from gan_lib.widgets.four_corners import FourCorners
from gan_lib.widgets.half_steps import HalfSteps
from gan_lib.widgets.latent_sliders import LatentSliders
from gan_lib.widgets.occluder import Occluder
from gan_lib.widgets.quiz import Quiz
from gan_lib.widgets.saddle import Saddle
from gan_lib.widgets.three_numbers import ThreeNumbers
from gan_lib.widgets.threshold import Threshold
from gan_lib.widgets.up_convolution import UpConvolution
from gan_lib.widgets.walk import Walk
from gan_lib.widgets.z_search import ZSearch


def every_widget(box: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """Return the box and all that lies in it, in a fixed order."""
    return [box, *(found for child in getattr(box, "children", ())
                   for found in every_widget(child))]


def buttons(tool) -> dict[str, ipywidgets.Button]:
    """Return {description: button} of all buttons of a tool."""
    return {widget.description: widget for widget in every_widget(tool.box)
            if isinstance(widget, ipywidgets.Button)}


def undisturbed(tool) -> bool:
    """Return whether the tool says what it always says: neither an error nor news."""
    return tool.message.value == html.escape(tool.caption())


def small_generator() -> models.ConvGenerator:
    """Return a small untrained generator of colour pictures, the same each time."""
    torch.manual_seed(0)
    network = models.ConvGenerator(z_dim=8, size=16, channels=3, width=4)
    return network.eval().requires_grad_(False)


class BreaksAfter(torch.nn.Module):
    """A generator that works as often as it is told to."""

    def __init__(self, G, times: int):
        super().__init__()
        self.G, self.z_dim, self.left = G, G.z_dim, [times]

    def forward(self, z):
        self.left[0] -= 1
        if self.left[0] < 0:
            raise RuntimeError("the weights are <gone>")
        return self.G(z)


# --- one of each tool -------------------------------------------------------------------------

HIDDEN = inpainting.box(16, 4, 4, 6, 6)


def generator(channels=1):
    """Return an untrained generator with batch norm, in train mode as in a game that goes on."""
    torch.manual_seed(0)
    return models.ConvGenerator(z_dim=8, size=16, channels=channels, width=4, batch_norm=True)


def faces():
    return torch.linspace(-1, 1, 2 * 16 * 16).view(2, 1, 16, 16)


def four_corners(G):
    tool = FourCorners(G)
    tool.right.value = 0.2
    tool.new_corners()
    return tool


def sliders(G):
    tool = LatentSliders({"G": G})
    tool.sliders[0].value = 1
    tool.new_z()
    return tool


def search(G):
    tool = ZSearch(G, faces(), HIDDEN)
    tool.step()
    tool.restart()
    return tool


def occluder():
    tool = Occluder(faces(), {"white": lambda x, hidden: torch.where(hidden, 1.0, x)},
                    left=2, top=3, width=5, height=4)
    tool.method.value = "white"
    return tool


LOOKING = {
    "FourCorners": four_corners,
    "LatentSliders": sliders,
    "Walk": lambda G: Walk(G, stops=2, frames=2, pictures=2),
    "BlindCards": lambda G: BlindCards(data.load("digits", n=20, size=16, device="cpu"), {"G": G}),
    "ZSearch": search,
}
TOOLS = {
    **{name: lambda make=make: make(generator()) for name, make in LOOKING.items()},
    "Alarms": lambda: Alarms(detecting.right_alarms),
    "BCESlider": BCESlider,
    "HalfSteps": lambda: HalfSteps(batch_size=16),
    "Occluder": occluder,
    "Quiz": Quiz,
    "Saddle": Saddle,
    "ThreeNumbers": ThreeNumbers,
    "Threshold": lambda: Threshold(torch.tensor([0.2, 0.8]), torch.tensor([0.0, 1.0]),
                                   lambda p, y, threshold: torch.ones(2, 2)),
    "UpConvolution": UpConvolution,
}
