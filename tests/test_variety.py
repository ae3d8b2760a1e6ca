"""The collapse meter: what it reads on pictures whose answer is known."""

import pytest
import torch

from gan_lib import checkpoints, data, variety


def test_pictures_apart_are_measured_as_by_hand():
    x = torch.zeros(3, 1, 2, 2)
    x[1] = 1.0      # 1 from the first
    x[2, 0, 0, 0] = 2.0  # its mean square from the first is 4 / 4
    by_hand = [1.0, 1.0, ((1 + 3) / 4) ** 0.5]
    assert variety.apart(x) == pytest.approx(sum(by_hand) / 3)


def test_copies_are_0_apart_and_one_picture_is_refused():
    assert variety.apart(torch.ones(5, 1, 4, 4)) == 0
    with pytest.raises(ValueError, match="at least 2 pictures"):
        variety.apart(torch.ones(1, 1, 4, 4))


def test_the_meter_counts_the_digits_that_are_there():
    digits = data.load("digits", device="cpu")
    meter = variety.Meter(checkpoints.load("digits16_classifier").cpu(), digits.scaled()[:300])
    assert (meter.real.classes, meter.real.of) == (10, 10)
    few = digits.scaled()[(digits.labels == 3) | (digits.labels == 7)]
    read = meter.read(few)
    assert read.classes == 2 and read.apart < meter.real.apart
    one = meter.read(few[:1].expand(20, -1, -1, -1))
    assert (one.classes, one.apart) == (1, 0)


def test_a_class_that_one_picture_in_a_hundred_shows_does_not_count():
    digits = data.load("digits", device="cpu")
    meter = variety.Meter(checkpoints.load("digits16_classifier").cpu(), digits.scaled()[:300])
    zeros, ones = (digits.scaled()[digits.labels == label][:100] for label in (0, 1))
    assert meter.read(torch.cat([zeros[:99], ones[:1]])).classes == 1
    assert meter.read(torch.cat([zeros[:90], ones[:10]])).classes == 2


def test_pictures_of_another_size_are_fitted():
    digits = data.load("digits", size=32, device="cpu")
    meter = variety.Meter(checkpoints.load("digits16_classifier").cpu(), digits.scaled()[:300])
    assert meter.real.classes == 10
