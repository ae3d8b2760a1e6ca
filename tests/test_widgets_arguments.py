"""Wrong arguments to the interactive tools are refused at once, with a sentence."""

import pytest
import torch

from gan_lib import data, heads, inpainting
from gan_lib.widgets.asked_face import AskedFace
from gan_lib.widgets.bce_slider import BCESlider
from gan_lib.widgets.blind_cards import BlindCards
from gan_lib.widgets.class_slider import ClassSlider
from gan_lib.widgets.drawing_pad import DrawingPad
from gan_lib.widgets.four_corners import FourCorners
from gan_lib.widgets.handwriting import Handwriting
from gan_lib.widgets.latent_sliders import LatentSliders
from gan_lib.widgets.occluder import Occluder
from gan_lib.widgets.puppet import Puppet
from gan_lib.widgets.talk_timer import TalkTimer
from gan_lib.widgets.up_convolution import UpConvolution
from gan_lib.widgets.walk import Walk
from gan_lib.widgets.z_search import ZSearch
from widget_tools import (
    judge_of_digits,
    judge_of_faces,
    of_digits,
    of_faces,
    small_generator,
)

G = small_generator()
DIGITS = data.load("digits", n=20, device="cpu")
X = torch.zeros(2, 3, 16, 16)
PEOPLE = heads.people(2, poses=2)
HIDDEN = inpainting.box(16, 4, 4, 6, 6)


@pytest.mark.parametrize(("make", "says"), [
    (lambda: BCESlider(2.0), "p must be a finite number from 0.01"),
    (lambda: LatentSliders({}), "generators must hold at least one"),
    (lambda: LatentSliders({"trained": 3}), "trained must be a generator.* it is 3"),
    (lambda: LatentSliders({"trained": G}, sliders=99), "sliders must be from 1 to 8"),
    (lambda: Walk(None), "G must be a generator.* it is None"),
    (lambda: Walk(G, stops=1), "stops must be at least 2"),
    (lambda: FourCorners("faces"), "G must be a generator.* it is 'faces'"),
    (lambda: BlindCards(DIGITS, {}), "levels must hold at least one"),
    (lambda: BlindCards(DIGITS, {"easy": G}), r"the fakes must have the shape \(6, 1, 16, 16\)"),
    (lambda: Occluder(X[0], {}), "x must have the shape"),
    (lambda: ZSearch(G, X, HIDDEN[:3]), "hidden must have the shape"),
    (lambda: ZSearch(G, X, torch.zeros(16, 16, dtype=torch.bool)), "True somewhere"),
    (lambda: ZSearch(3, X, HIDDEN), "G must be a generator"),
    (lambda: ClassSlider(G), "of digits, made with classes=10, but it has no classes"),
    (lambda: ClassSlider(of_faces()), "made with classes=10, but it has 45 classes"),
    (lambda: ClassSlider(of_digits(), first=11), "the class first must be from 0 to 9"),
    (lambda: ClassSlider(of_digits(), second="8"), "the class second must be a whole number"),
    (lambda: Handwriting(G), "of digits, made with classes=10"),
    (lambda: Handwriting(of_digits(), "12a4"), "the digits 0 to 9 alone, .* holds a"),
    (lambda: Handwriting(of_digits(), ""), "Type from 1 to 16 digits"),
    (lambda: Handwriting(of_digits(), 2026), "as text, such as"),
    (lambda: AskedFace(G, judge_of_faces()), "made with classes=45, but it has no classes"),
    (lambda: AskedFace(of_faces(), judge_of_digits()), "must be one of 'digit', .* 'skin'"),
    (lambda: AskedFace(of_faces(), None), "classifier must be a classifier of faces"),
    (lambda: AskedFace(3, judge_of_faces()), "G must be a generator"),
    (lambda: Puppet({}, PEOPLE), "networks must hold at least one"),
    (lambda: Puppet({"with D": 3}, PEOPLE), "a network must be a network.* it is 3"),
    (lambda: Puppet({"copy": max}, X), "people must be people as heads.people draws them"),
    (lambda: Puppet({"copy": max}, PEOPLE, person=2), "person must be from 0 to 1"),
    (lambda: Puppet({"copy": max}, PEOPLE, driver={}), "smile must be a tensor"),
    (lambda: DrawingPad(size=7), "size must be from 8 to 64"),
    (lambda: DrawingPad(size="16"), "size must be a whole number"),
    (lambda: TalkTimer(least=0), "least must be from 1 to 10"),
    (lambda: TalkTimer(least=9, most=8), "least must be from 1 to 8"),
    (lambda: UpConvolution(size=7), "size must be one of 3, 4"),
])
def test_wrong_arguments_are_refused(make, says):
    with pytest.raises((TypeError, ValueError), match=says):
        make()
