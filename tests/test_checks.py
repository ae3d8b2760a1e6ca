import numpy as np
import pytest
import torch

from gan_lib import checks


@pytest.mark.parametrize("value", [1, 5, 9, np.int64(5)])
def test_whole_number_gives_an_int(value):
    found = checks.whole_number("n", value, 1, 9)
    assert found == value and type(found) is int


@pytest.mark.parametrize("value", [1.0, "3", None, True, torch.tensor(3)])
def test_whole_number_refuses_another_type(value):
    with pytest.raises(TypeError, match="n must be a whole number, but it is"):
        checks.whole_number("n", value)


@pytest.mark.parametrize("value, high, limits", [
    (0, None, "at least 1"), (-3, None, "at least 1"), (10, 9, "from 1 to 9"), (0, 9, "from 1 to")])
def test_whole_number_refuses_what_is_out_of_range(value, high, limits):
    with pytest.raises(ValueError, match=f"n must be {limits}.*but it is {value}"):
        checks.whole_number("n", value, 1, high)


@pytest.mark.parametrize("value", [0, 0.5, 1, np.float32(0.25)])
def test_number_gives_a_float(value):
    found = checks.number("t", value, 0.0, 1.0)
    assert found == value and type(found) is float


@pytest.mark.parametrize("value", ["1", None, True, 1j, [0.5]])
def test_number_refuses_another_type(value):
    with pytest.raises(TypeError, match="t must be a number, but it is"):
        checks.number("t", value)


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf"), -float("inf")])
def test_number_refuses_what_is_out_of_range_or_not_finite(value):
    with pytest.raises(ValueError, match="t must be a finite number from 0.0 to 1.0, but it is"):
        checks.number("t", value, 0.0, 1.0)


def test_number_without_limits_still_refuses_infinity():
    assert checks.number("t", -1e300) == -1e300
    with pytest.raises(ValueError):
        checks.number("t", float("inf"))


def test_one_of_lists_the_choices():
    assert checks.one_of("up", "b", ("a", "b")) == "b"
    with pytest.raises(ValueError, match="up must be one of 'a', 'b', but it is 'c'"):
        checks.one_of("up", "c", (name for name in "ab"))


def test_shape_lets_none_stand_for_any_size_but_0():
    x = torch.zeros(3, 2)
    assert checks.shape("x", x, (None, 2)) is x
    assert checks.shape("x", x, (3, None)) is x


@pytest.mark.parametrize("came", [(3,), (3, 3), (0, 2), (3, 2, 1), ()])
def test_shape_says_what_was_expected_and_what_came(came):
    with pytest.raises(ValueError) as error:
        checks.shape("x", torch.zeros(came), (None, 2))
    assert str(error.value) == f"x must have the shape (any, 2), but it has {came}."


def test_shape_refuses_what_is_no_tensor():
    for value, kind in (([1, 2], "list"), (np.zeros(2), "ndarray")):
        with pytest.raises(TypeError, match=f"x must be a tensor, but it is {kind}"):
            checks.shape("x", value, (2,))


def test_a_generator_is_known_by_its_z_dim():
    network = torch.nn.Linear(2, 3)
    with pytest.raises(TypeError, match="G must be a generator.* but it is Linear"):
        checks.generator("G", network)
    network.z_dim = 2
    assert checks.generator("G", network) is network
