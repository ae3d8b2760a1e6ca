"""The tools of notebook 02, driven without a browser."""

import numpy as np
import pytest
import torch

from gan_lib import latent, models
from gan_lib.widgets.latent_sliders import LatentSliders
from gan_lib.widgets.up_convolution import PRESETS, UpConvolution
from widget_tools import buttons


def generator(z_dim=8, **options):
    torch.manual_seed(z_dim)
    return models.ConvGenerator(z_dim=z_dim, **{"size": 16, "width": 4, **options})


class Broken(torch.nn.Module):
    """A generator that refuses every z that begins with more than 2."""

    def __init__(self):
        super().__init__()
        self.G, self.z_dim = generator(), 8

    def forward(self, z):
        if z[0, 0] > 2:
            raise RuntimeError("the weights are <gone>")
        return self.G(z)


def drawings(tool, monkeypatch):
    """Return a list that grows by one at each drawing of the tool."""
    seen, picture = [], tool.picture
    monkeypatch.setattr(tool, "picture", lambda: seen.append(1) or picture())
    return seen


# --- latent sliders ---------------------------------------------------------------------------

def test_the_sliders_are_the_first_numbers_of_z():
    z = latent.draw(1, 8, 4)
    tool = LatentSliders({"G": generator()}, z=z, sliders=3)
    assert [control.description for control in tool.sliders] == ["z[0]", "z[1]", "z[2]"]
    torch.testing.assert_close(tool.z, z[0])
    tool.sliders[1].value = -2.5
    expected = z[0].clone()
    expected[1] = -2.5
    torch.testing.assert_close(tool.z, expected)


def test_numbers_beyond_the_sliders_are_cut_to_their_ends():
    tool = LatentSliders({"G": generator()}, z=torch.full((8,), -7.0), sliders=2)
    assert tool.z.tolist() == [-3, -3, -7, -7, -7, -7, -7, -7]


def test_directions_are_walked_along_from_z():
    z, directions = latent.draw(1, 8, 1)[0], torch.nn.functional.normalize(latent.draw(2, 8, 2))
    tool = LatentSliders({"G": generator()}, z=z, names=["hat", "smile"], directions=directions)
    assert [(control.description, control.value) for control in tool.sliders] \
        == [("Hat", 0), ("Smile", 0)]
    torch.testing.assert_close(tool.z, z)
    tool.sliders[0].value, tool.sliders[1].value = 1.5, -2
    expected = [z[i] + 1.5 * directions[0, i] - 2 * directions[1, i] for i in range(8)]
    torch.testing.assert_close(tool.z, torch.stack(expected))


def test_of_many_directions_the_first_ones_are_taken():
    tool = LatentSliders({"G": generator()}, sliders=2, directions=torch.eye(8))
    assert [control.description for control in tool.sliders] == ["Direction 1", "Direction 2"]


def test_each_picture_is_the_fake_of_its_generator_at_z():
    networks = {"one": generator(), "two": generator(channels=3), "short": generator(z_dim=5)}
    tool = LatentSliders(networks, sliders=5)
    tool.sliders[0].value = 1.25
    shown = tool.array()
    assert shown.shape[1] == 3 * 264
    for place, G in enumerate(networks.values()):
        with torch.no_grad():
            x = G(tool.z[None, :G.z_dim])[0].expand(3, -1, -1)
        pixels = ((x + 1) * 127.5).round().numpy().astype(int).transpose(1, 2, 0)
        square = shown[-260:-4, place * 264 + 4:place * 264 + 260]
        assert np.abs(square - pixels.repeat(16, 0).repeat(16, 1)).max() <= 1


def test_every_slider_changes_the_picture():
    tool = LatentSliders({"G": generator()}, sliders=6)
    for control in tool.sliders:
        before = bytes(tool.image.value)
        control.value = 2.75
        assert bytes(tool.image.value) != before
    assert tool.message.value == ""


def test_new_z_draws_another_vector_and_one_picture(monkeypatch):
    tool = LatentSliders({"G": generator()}, sliders=6)
    before, seen = tool.z, drawings(tool, monkeypatch)
    buttons(tool)["New z"].click()
    assert len(seen) == 1 and (tool.z != before).all()
    assert [round(control.value, 4) for control in tool.sliders] \
        == [round(value, 4) for value in tool.z[:6].tolist()]
    tool.sliders[0].value = 0.5
    assert len(seen) == 2


def test_new_z_brings_the_steps_along_directions_back_to_0():
    tool = LatentSliders({"G": generator()}, directions=torch.eye(8)[:2])
    tool.sliders[0].value = 2
    tool.new_z()
    assert [control.value for control in tool.sliders] == [0, 0]
    torch.testing.assert_close(tool.z, latent.draw(1, 8, 1)[0])


def test_the_still_picture_says_where_the_sliders_stand():
    tool = LatentSliders({"G": generator()}, sliders=2)
    tool.sliders[0].value, tool.sliders[1].value = 1.5, -2
    bright = tool.array()[36:-4, 4:-4, 0].mean() / 255
    assert tool.alt() == ("One fake of each generator, at z[0] = 1.50, z[1] = -2.00, |z| = "
                          f"{tool.z.norm():.2f}; brightness: G {bright:.1%}.")


def test_looking_leaves_a_batch_norm_as_it_was():
    G = generator(batch_norm=True).train()
    before = {name: value.clone() for name, value in G.state_dict().items()}
    LatentSliders({"G": G}).sliders[0].value = 1
    assert G.training
    assert all(torch.equal(value, before[name]) for name, value in G.state_dict().items())


def test_an_error_of_a_generator_is_shown_and_goes_away():
    tool = LatentSliders({"G": Broken()}, z=torch.zeros(8))
    before = bytes(tool.image.value)
    tool.sliders[0].value = 2.5
    assert "RuntimeError: the weights are &lt;gone&gt;" in tool.message.value
    assert bytes(tool.image.value) == before
    tool.sliders[0].value = 1
    assert tool.message.value == "" and bytes(tool.image.value) != before


@pytest.mark.parametrize(("options", "says"), [
    ({"sliders": 9}, "sliders must be from 1 to 8, but it is 9"),
    ({"sliders": 0}, "sliders must be"),
    ({"z": torch.zeros(5)}, "z must have the shape"),
    ({"names": ["a"]}, "one name for each of the 6 sliders, but it holds 1"),
    ({"directions": torch.ones(2, 3)}, "directions must have the shape")])
def test_sizes_that_do_not_fit_are_refused(options, says):
    with pytest.raises(ValueError, match=says):
        LatentSliders({"G": generator()}, **options)


def test_no_generator_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        LatentSliders({})


# --- up-convolution ---------------------------------------------------------------------------

def by_hand(tool, stamps=4):
    """Return the output, stamp by stamp, in numpy."""
    x, kernel = tool.x.numpy(), tool.kernel.numpy()
    k, s, p = len(kernel), tool.stride.value, tool.padding.value
    y = np.zeros((s + k, s + k))
    for n in range(stamps):
        i, j = divmod(n, 2)
        y[i * s:i * s + k, j * s:j * s + k] += x[i, j] * kernel
    return y[p:len(y) - p, p:len(y) - p]


@pytest.mark.parametrize("size", [3, 4])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
def test_the_output_is_that_of_stamping_and_of_pytorch(size, stride, padding):
    tool = UpConvolution(size, stride, padding)
    for n, control in enumerate(tool.numbers):
        control.value = (7 * n) % 10 - 4
    expected = torch.nn.functional.conv_transpose2d(
        tool.x[None, None], tool.kernel[None, None], stride=stride, padding=padding)[0, 0]
    assert torch.equal(tool.output(), expected)
    np.testing.assert_array_equal(tool.output(), by_hand(tool))
    assert tool.message.value == ""
    for stamps in range(5):
        tool.stamps.value = stamps
        np.testing.assert_array_equal(tool.output(), by_hand(tool, stamps))


def test_the_alt_text_holds_the_numbers_of_the_output():
    tool = UpConvolution(size=3, stride=3)
    assert tool.alt() == ("Input rows 1 2, 3 4; kernel rows 1 1 1, 1 1 1, 1 1 1; 4 of 4 copies "
                          "of the 3 x 3 kernel, stamped with stride 3, padding 0: output 6 x 6, "
                          "rows 1 1 1 2 2 2, 1 1 1 2 2 2, 1 1 1 2 2 2, "
                          "3 3 3 4 4 4, 3 3 3 4 4 4, 3 3 3 4 4 4.")


@pytest.mark.parametrize(("control", "value"), [
    ("stride", 3), ("padding", 1), ("stamps", 2), ("size", 3)])
def test_every_control_changes_the_picture(control, value):
    tool = UpConvolution()
    tool.show()
    before = tool.array()
    getattr(tool, control).value = value
    assert (tool.array() != before).any() and tool.message.value == ""


@pytest.mark.parametrize("size", [3, 4])
def test_every_number_of_input_and_kernel_changes_the_picture(size):
    tool = UpConvolution(size)
    tool.show()
    assert len(tool.kernel_box.children) == len(tool.kernel_box.children[0].children) == size
    for control in [*tool.inputs, *(n for row in tool.kernel_box.children for n in row.children)]:
        before = tool.array()
        control.value = 8
        assert (tool.array() != before).any()


@pytest.mark.parametrize("size", [3, 4])
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_fills_the_kernel_and_draws_once(size, name, monkeypatch):
    tool = UpConvolution(size)
    seen = drawings(tool, monkeypatch)
    buttons(tool)[name].click()
    row = PRESETS[name][size]
    assert tool.kernel.tolist() == [[a * b for b in row] for a in row]
    assert len(seen) == 1
    tool.numbers[0].value = 5
    assert tool.kernel[0, 0] == 5 and len(seen) == 2


def test_the_tent_of_4_x_4_mixes_neighbours_linearly():
    tool = UpConvolution(size=4, stride=2, padding=1)
    tool.preset("Tent")
    mixed = torch.nn.functional.interpolate(tool.x[None, None], scale_factor=2, mode="bilinear")
    torch.testing.assert_close(tool.output()[1:3, 1:3] / 16, mixed[0, 0, 1:3, 1:3])


def test_a_padding_that_leaves_nothing_is_explained_under_the_picture():
    tool = UpConvolution(size=3, stride=1)
    tool.padding.value = 2
    assert "ValueError: padding 2 cuts 4 cells" in tool.message.value
    tool.stride.value = 3
    assert tool.message.value == "" and tool.output().shape == (2, 2)


def test_what_there_is_not_is_refused():
    with pytest.raises(ValueError, match="size must be one of 3, 4, but it is 5"):
        UpConvolution(size=5)
    with pytest.raises(ValueError, match="stride must be from 1 to 3"):
        UpConvolution(stride=4)
    with pytest.raises(ValueError, match="the preset must be one of"):
        UpConvolution().preset("gauss")
