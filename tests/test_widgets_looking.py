"""What holds for all tools that draw: drawing writes no state, looking at G leaves G as it is."""

import ipywidgets
import pytest
import torch

from gan_lib import data, latent, models, training
from widget_tools import LOOKING, TOOLS, every_widget, generator


def state(tool):
    """Return what a tool says of itself (not its drawing tools), and what its widgets hold."""
    own = {name: repr(value) for name, value in vars(tool).items()
           if not name.startswith("_") and name != "figure"}
    return own, [repr(widget.get_state()) for widget in every_widget(tool.box)]


@pytest.mark.parametrize("name", TOOLS)
def test_drawing_and_describing_write_no_state(name):
    tool = TOOLS[name]()
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
