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


def test_one_of_tells_a_bool_from_a_number_and_a_float_from_an_int():
    for value, choices in ((True, (1, 3)), (1, (True, False)), (16.0, (16, 32))):
        with pytest.raises(ValueError, match=f"but it is {value}"):
            checks.one_of("size", value, choices)
    with pytest.raises(ValueError, match="but it is Tensor"):
        checks.one_of("size", torch.zeros(3), (16, 32))


def test_counts_asks_each():
    checks.counts(n=1, width=3)
    with pytest.raises(ValueError, match="width must be at least 1, but it is 0"):
        checks.counts(n=1, width=0)


def test_kind_refuses_a_class_in_the_place_of_an_object():
    network = torch.nn.Linear(2, 3)
    assert checks.kind("D", network, "a network", "parameters") is network
    for value, came in ((torch.nn.Linear, "the class Linear, not an object of it"),
                        (checks.kind, "the function kind, not what it returns"),
                        ("a" * 99, "str"), (None, "None")):
        with pytest.raises(TypeError, match=f"^D must be a network, but it is {came}.$"):
            checks.kind("D", value, "a network", "parameters")


def test_floats_asks_for_floats_on_one_device_and_equally_exact():
    x = torch.zeros(2, 3)
    assert checks.floats("x", x, (None, 3), torch.zeros(1)) is x
    checks.floats("x", x.bfloat16(), (None, 3), torch.zeros(1))      # autocast hands on such
    checks.floats("x", x.double(), (None, 3), torch.zeros(1).double())
    for value, error, says in ((x.int(), TypeError, "must hold floats, but it holds torch.int32"),
                               (x.to("meta"), ValueError, "on the device meta"),
                               (x.double(), TypeError, "holds torch.float64")):
        with pytest.raises(error, match=says):
            checks.floats("x", value, (None, 3), torch.zeros(1))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_samples_must_be_finite(value):
    with pytest.raises(ValueError, match="x must hold finite numbers"):
        checks.samples("x", torch.tensor([[0.0, value]]), (None, 2))


def test_samples_with_the_axes_of_pictures_must_lie_near_minus_1_to_1():
    noise = 4 * torch.randn(50, 1, 8, 8).clamp(-3, 3)
    assert checks.samples("x", noise) is noise
    assert checks.samples("x", 255 * torch.ones(4, 2), (None, 2)) is not None   # points may lie far
    for level in (255.0, -255.0, 16.0):                  # 16: scikit-learn's digits as they come
        with pytest.raises(ValueError, match=r"x must hold pictures in \[-1, 1\]"):
            checks.samples("x", level * torch.eye(8).expand(2, 1, 8, 8))
    with pytest.raises(ValueError, match="channels first"):
        checks.samples("x", torch.zeros(2, 8, 8, 3))


def test_a_network_looks_at_every_number_the_first_time_only():
    network = torch.nn.Linear(2, 1)
    checks.incoming(network, torch.zeros(1, 2), (None, 2))
    checks.incoming(network, torch.full((1, 2), float("nan")), (None, 2))
    with pytest.raises(TypeError):
        checks.incoming(network, torch.zeros(1, 2, dtype=torch.int64), (None, 2))


def test_a_mask_is_made_of_bools_and_somewhere_true():
    x = torch.zeros(2, 1, 3, 4)
    mask = torch.eye(3, 4) > 0
    assert torch.equal(checks.mask("hidden", mask, x), mask)
    for wrong in (mask.float(), mask & False, mask.T):
        with pytest.raises(ValueError, match="hidden must"):
            checks.mask("hidden", wrong, x)


def test_a_learner_has_weights_that_its_optimizer_may_move():
    D, other, stand_in = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1), torch.nn.Identity()
    optimizer = torch.optim.SGD(D.parameters(), 0.1)
    checks.learner("D", D, optimizer)
    checks.learner("D", stand_in, optimizer)             # it has no weights that could be asked
    D.bias.requires_grad_(False)
    checks.learner("D", D, optimizer)                    # one weight may rest
    with pytest.raises(ValueError, match="holds no weight of D"):
        checks.learner("D", other, optimizer)
    with pytest.raises(ValueError, match="D is frozen"):
        checks.learner("D", D.requires_grad_(False), optimizer)
    with torch.no_grad(), pytest.raises(ValueError, match="Gradients are switched off"):
        checks.learner("D", other, optimizer)
