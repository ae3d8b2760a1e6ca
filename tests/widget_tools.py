"""What the tests of the interactive tools share."""

import html
import tempfile

import ipywidgets
import torch

from gan_lib import (
    conditioning,
    data,
    detecting,
    heads,
    inpainting,
    league,
    models,
    recorded_runs,
    sentences,
    styles,
    words,
)
from gan_lib.widgets.against_d import AgainstD
from gan_lib.widgets.alarms import Alarms
from gan_lib.widgets.arena import ArenaTool
from gan_lib.widgets.asked_face import AskedFace
from gan_lib.widgets.bce_slider import BCESlider
from gan_lib.widgets.blind_cards import BlindCards
from gan_lib.widgets.class_scores import ClassScores
from gan_lib.widgets.class_slider import ClassSlider
from gan_lib.widgets.describe import Describe
from gan_lib.widgets.drawing_pad import DrawingPad
from gan_lib.widgets.failure_cards import FailureCards
from gan_lib.widgets.four_corners import FourCorners
from gan_lib.widgets.growth import Growth
from gan_lib.widgets.handwriting import Handwriting
from gan_lib.widgets.latent_sliders import LatentSliders
from gan_lib.widgets.league import League
from gan_lib.widgets.occluder import Occluder
from gan_lib.widgets.puppet import Puppet
from gan_lib.widgets.quiz import Quiz
from gan_lib.widgets.saddle import Saddle
from gan_lib.widgets.style_mixer import StyleMixer
from gan_lib.widgets.talk_timer import TalkTimer
from gan_lib.widgets.three_numbers import ThreeNumbers
from gan_lib.widgets.threshold import Threshold
from gan_lib.widgets.time_machine import TimeMachine
from gan_lib.widgets.training_room import TrainingRoom
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


def of_digits():
    """Return an untrained generator of digits that is told a class, in train mode."""
    torch.manual_seed(0)
    return models.ConvGenerator(z_dim=8, size=16, width=4, batch_norm=True, classes=10)


def judge_of_digits():
    torch.manual_seed(0)
    return models.Classifier({"digit": 10}, width=4).eval()


def of_faces():
    """Return an untrained generator of faces that is told a description."""
    torch.manual_seed(0)
    return models.ConvGenerator(z_dim=8, size=16, channels=3, width=4, classes=45)


def judge_of_faces():
    torch.manual_seed(0)
    questions = {question: len(names) for question, names in conditioning.ANSWERS.items()}
    return models.Classifier(questions, channels=3, width=4).eval()


def style_generator():
    """Return a small untrained generator with styles and noise that is heard, in eval mode."""
    torch.manual_seed(0)
    G = styles.StyleGenerator(z_dim=8, width=4, w_dim=8)
    for layer in G.layers:
        torch.nn.init.constant_(layer.strength, 0.3)
    return G.eval().requires_grad_(False)


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


def describe():
    torch.manual_seed(0)
    network = words.FaceFromWords(sentences.tokens(sentences.EXAMPLE), z_dim=8, width=4)
    counts = {question: len(names) for question, names in conditioning.ANSWERS.items()}
    return Describe(network, models.Classifier(counts, 16, 3, width=4).eval())


def drawing_pad():
    tool = DrawingPad("my_drawings")
    tool.stroke([(0.2, 0.2), (0.8, 0.8)])
    tool.stroke([(0.8, 0.2), (0.2, 0.8)])
    return tool


def blind_cards(G):
    return BlindCards(data.load("digits", n=20, size=16, device="cpu"), {"G": G})


def against_d(G):
    torch.manual_seed(0)
    tool = AgainstD(blind_cards(G), models.ConvDiscriminator(size=16, width=4))
    tool.next_fake()
    return tool


def small_league():
    """Return the league of two pairs with untrained networks."""
    D_how, G_how = {"size": 16, "width": 2}, {"z_dim": 4, "size": 16, "width": 2}
    with tempfile.TemporaryDirectory() as folder:
        for seed, name in enumerate(("Ada", "Bo")):
            torch.manual_seed(seed)
            league.enter(folder, name, models.ConvDiscriminator(**D_how), D_how,
                         models.ConvGenerator(**G_how), G_how)
        return League(folder, data.load("digits", n=20, device="cpu"))


LOOKING = {
    "FourCorners": four_corners,
    "LatentSliders": sliders,
    "Walk": lambda G: Walk(G, stops=2, frames=2, pictures=2),
    "BlindCards": blind_cards,
    "AgainstD": against_d,
    "ZSearch": search,
}
TOOLS = {
    **{name: lambda make=make: make(generator()) for name, make in LOOKING.items()},
    "ArenaTool": ArenaTool,
    "AskedFace": lambda: AskedFace(of_faces(), judge_of_faces()),
    "Alarms": lambda: Alarms(detecting.right_alarms),
    "BCESlider": BCESlider,
    "ClassScores": lambda: ClassScores(before="12, 9", after="14, 15, 11"),
    "ClassSlider": lambda: ClassSlider(of_digits(), judge_of_digits()),
    "Handwriting": lambda: Handwriting(of_digits()),
    "Growth": lambda: Growth([(0.0, torch.zeros(2, 3, 32, 32)), (1.5, torch.ones(2, 3, 32, 32))]),
    "Describe": describe,
    "DrawingPad": drawing_pad,
    "FailureCards": FailureCards,
    "League": small_league,
    "Occluder": occluder,
    "Puppet": lambda: Puppet({"fake": lambda pictures, y: pictures[:, 0]},
                             heads.people(2, poses=4)),
    "Quiz": Quiz,
    "Saddle": Saddle,
    "StyleMixer": lambda: StyleMixer(style_generator()),
    "TalkTimer": TalkTimer,
    "ThreeNumbers": ThreeNumbers,
    "Threshold": lambda: Threshold(torch.tensor([0.2, 0.8]), torch.tensor([0.0, 1.0]),
                                   lambda p, y, threshold: torch.ones(2, 2)),
    "TimeMachine": lambda: TimeMachine(recorded_runs.load("collapse")),
    "TrainingRoom": TrainingRoom,
    "UpConvolution": UpConvolution,
}
