"""What holds for all tools that draw: drawing writes no state, looking at G leaves G as it is."""

import ipywidgets
import pytest
import torch

from gan_lib import data, inpainting, latent, models, training
from gan_lib.widgets.bce_slider import BCESlider
from gan_lib.widgets.blind_cards import BlindCards
from gan_lib.widgets.four_corners import FourCorners
from gan_lib.widgets.half_steps import HalfSteps
from gan_lib.widgets.latent_sliders import LatentSliders
from gan_lib.widgets.occluder import Occluder
from gan_lib.widgets.saddle import Saddle
from gan_lib.widgets.three_numbers import ThreeNumbers
from gan_lib.widgets.threshold import Threshold
from gan_lib.widgets.up_convolution import UpConvolution
from gan_lib.widgets.walk import Walk
from gan_lib.widgets.z_search import ZSearch
from widget_tools import every_widget

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
DRAWING = {
    **{name: lambda make=make: make(generator()) for name, make in LOOKING.items()},
    "BCESlider": BCESlider,
    "HalfSteps": lambda: HalfSteps(batch_size=16),
    "Occluder": occluder,
    "Saddle": Saddle,
    "ThreeNumbers": ThreeNumbers,
    "Threshold": lambda: Threshold(torch.tensor([0.2, 0.8]), torch.tensor([0.0, 1.0]),
                                   lambda p, y, threshold: torch.ones(2, 2)),
    "UpConvolution": UpConvolution,
}


def state(tool):
    """Return what a tool says of itself (not its drawing tools), and what its widgets hold."""
    own = {name: repr(value) for name, value in vars(tool).items()
           if not name.startswith("_") and name != "figure"}
    return own, [repr(widget.get_state()) for widget in every_widget(tool.box)]


@pytest.mark.parametrize("name", DRAWING)
def test_drawing_and_describing_write_no_state(name):
    tool = DRAWING[name]()
    for widget in every_widget(tool.box):
        widget.unobserve_all()  # a new value alone draws nothing
        if isinstance(widget, (ipywidgets.IntSlider, ipywidgets.FloatSlider)):
            widget.value = widget.max
    before = state(tool)
    tool.picture()
    tool.alt()
    tool.caption()
    assert state(tool) == before


@pytest.mark.parametrize("name", LOOKING)
def test_looking_leaves_the_mode_and_the_statistics_of_a_generator(name):
    G = generator()
    before = {key: value.clone() for key, value in G.state_dict().items()}
    LOOKING[name](G)
    assert all(module.training for module in G.modules())
    assert all(parameter.requires_grad for parameter in G.parameters())
    assert all(torch.equal(value, before[key]) for key, value in G.state_dict().items())


@pytest.mark.parametrize("name", LOOKING)
def test_a_generator_is_seen_in_eval_mode_whatever_mode_it_is_in(name):
    G = generator()
    with torch.no_grad():
        G(latent.draw(32, 8))  # statistics that differ from those of the next batch
    in_train_mode = LOOKING[name](G).picture()
    assert (in_train_mode == LOOKING[name](G.eval()).picture()).all()


@pytest.mark.parametrize("name", ["FourCorners", "LatentSliders"])
def test_the_picture_follows_a_game_that_goes_on(name):
    samples = data.load("digits", n=20, size=16, device="cpu")
    game = training.Game(models.ConvDiscriminator(size=16, width=4), generator(), samples,
                         batch_size=8)
    tool = LOOKING[name](game.G)
    before = tool.array()
    game.play(3, progress=False)
    tool.refresh()
    assert tool.message.value == "" and (tool.array() != before).any()
