"""What the tests of the interactive tools share."""

import ipywidgets
import torch

from gan_lib import models


def every_widget(box: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """Return the box and all that lies in it, in a fixed order."""
    return [box, *(found for child in getattr(box, "children", ())
                   for found in every_widget(child))]


def buttons(tool) -> dict[str, ipywidgets.Button]:
    """Return {description: button} of all buttons of a tool."""
    return {widget.description: widget for widget in every_widget(tool.box)
            if isinstance(widget, ipywidgets.Button)}


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
