import copy

import pytest
import torch
from torch import nn

from gan_lib import models

GENERATORS = [lambda **kw: models.FullyConnectedGenerator(8, width=8, **kw),
              lambda **kw: models.ConvGenerator(8, width=4, **kw),
              lambda **kw: models.ConvGenerator(8, width=4, up="resize", **kw),
              lambda **kw: models.ConvGenerator(8, width=4, hidden=0, **kw),
              lambda **kw: models.ConvGenerator(8, width=4, batch_norm=True, **kw)]
DISCRIMINATORS = [lambda **kw: models.FullyConnectedDiscriminator(width=8, **kw),
                  lambda **kw: models.ConvDiscriminator(width=4, **kw),
                  lambda **kw: models.ConvDiscriminator(width=4, hidden=0, **kw),
                  lambda **kw: models.ConvDiscriminator(width=4, spectral_norm=True, **kw),
                  lambda **kw: models.ConvDiscriminator(width=4, batch_norm=True, **kw)]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [16, 32, 64])
@pytest.mark.parametrize("build", GENERATORS)
def test_generators_give_pictures_in_range(build, size, channels):
    G = build(size=size, channels=channels)
    x = G(100 * torch.randn(3, 8))
    assert x.shape == (3, channels, size, size) and x.dtype == torch.float32
    assert x.abs().max() <= 1 and x.std() > 0
    assert G.z_dim == 8


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [16, 32, 64])
@pytest.mark.parametrize("build", DISCRIMINATORS)
def test_discriminators_give_one_logit_a_picture(build, size, channels):
    D = build(size=size, channels=channels).eval()
    x = torch.rand(3, channels, size, size) * 2 - 1
    logits = D(x)
    assert logits.shape == (3,) and D.sample_shape == (channels, size, size)
    torch.testing.assert_close(D.probability(x), logits.detach().sigmoid())
    assert not D.probability(x).requires_grad and logits.requires_grad
    assert D(x[:1]).shape == (1,)


def test_networks_for_points():
    assert models.PointGenerator(5)(torch.randn(7, 5)).shape == (7, 2)
    assert models.PointDiscriminator()(torch.randn(7, 2)).shape == (7,)
    assert models.PointDiscriminator().sample_shape == (2,)


@pytest.mark.parametrize("G", [models.ConvGenerator(8), models.FullyConnectedGenerator(8),
                               models.PointGenerator(8)])
@pytest.mark.parametrize("shape", [(3, 7), (8,), (0, 8), (3, 8, 1, 1)])
def test_noise_of_another_shape_is_refused(G, shape):
    with pytest.raises(ValueError, match=r"z must have the shape \(any, 8\), but it has"):
        G(torch.zeros(shape))


@pytest.mark.parametrize("D", [models.ConvDiscriminator(), models.FullyConnectedDiscriminator(),
                               models.Classifier({"digit": 10})])
@pytest.mark.parametrize("shape", [(2, 3, 16, 16), (2, 1, 32, 32), (1, 16, 16), (0, 1, 16, 16)])
def test_pictures_of_another_shape_are_refused(D, shape):
    with pytest.raises(ValueError, match=r"x must have the shape \(any, 1, 16, 16\)"):
        D(torch.zeros(shape))


IMAGE_NETWORKS = [models.FullyConnectedGenerator, models.FullyConnectedDiscriminator,
                  models.ConvGenerator, models.ConvDiscriminator,
                  lambda **kw: models.Classifier({"digit": 10}, **kw)]


@pytest.mark.parametrize("build", IMAGE_NETWORKS)
@pytest.mark.parametrize("arguments, error, says", [
    ({"size": 28}, ValueError, "size must be one of 16, 32, 64, but it is 28"),
    ({"channels": 2}, ValueError, "channels must be one of 1, 3, but it is 2"),
    ({"width": 0}, ValueError, "width must be at least 1"),
    ({"width": 1.5}, TypeError, "width must be a whole number")])
def test_sizes_channels_and_widths_that_do_not_exist_are_refused(build, arguments, error, says):
    with pytest.raises(error, match=says):
        build(**arguments)


@pytest.mark.parametrize("build", [models.ConvGenerator, models.FullyConnectedGenerator,
                                   models.PointGenerator])
def test_z_dim_must_be_a_whole_number_of_at_least_1(build):
    with pytest.raises(ValueError, match="z_dim must be at least 1, but it is 0"):
        build(0)
    with pytest.raises(TypeError, match="z_dim must be a whole number"):
        build(2.0)


def test_another_up_convolution_is_refused():
    with pytest.raises(ValueError, match="up must be one of 'transposed', 'resize'"):
        models.ConvGenerator(up="bilinear")
    with pytest.raises(ValueError, match="up must be one of"):
        models.up_convolution(2, 2, "bilinear")
    with pytest.raises(ValueError, match="outside must be at least 1"):
        models.up_convolution(2, 0)


# ---- layers

@pytest.mark.parametrize("up, kind", [("transposed", nn.ConvTranspose2d), ("resize", nn.Upsample)])
def test_up_convolutions_are_of_the_kind_asked_for(up, kind):
    layer = models.up_convolution(3, 5, up)
    assert layer(torch.zeros(2, 3, 4, 6)).shape == (2, 5, 8, 12)
    assert sum(isinstance(part, kind) for part in layer.modules()) == 1
    G = models.ConvGenerator(size=32, up=up)            # 8 -> 16 -> 32
    assert sum(isinstance(part, kind) for part in G.modules()) == 2
    others = nn.Upsample if kind is nn.ConvTranspose2d else nn.ConvTranspose2d
    assert not any(isinstance(part, others) for part in G.modules())


def test_resize_repeats_each_pixel_before_it_convolves():
    repeat, convolve = models.up_convolution(1, 1, "resize")
    x = torch.arange(4.0).reshape(1, 1, 2, 2)
    assert repeat(x)[0, 0].tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    assert convolve.kernel_size == (3, 3)


@pytest.mark.parametrize("build, hidden, norms", [
    (models.ConvGenerator, 256, {16: 1, 32: 2, 64: 3}),
    (models.ConvGenerator, 0, {16: 2, 32: 3, 64: 4}),   # one more: the maps begin at 4x4
    (models.ConvDiscriminator, 256, {16: 1, 64: 3}), (models.ConvDiscriminator, 0, {16: 1, 64: 3})])
def test_batch_norm_only_where_asked_for(build, hidden, norms):
    def count(network):
        return sum(isinstance(part, nn.BatchNorm2d) for part in network.modules())
    for size, expected in norms.items():
        assert count(build(size=size, width=4, hidden=hidden)) == 0
        assert count(build(size=size, width=4, hidden=hidden, batch_norm=True)) == expected


def test_with_hidden_neurons_the_maps_begin_at_8x8_and_without_at_4x4():
    def maps(hidden, size):
        G = models.ConvGenerator(6, size, width=4, hidden=hidden)
        return [tuple(out.shape[1:]) for name, out in models.stages(G, torch.zeros(2, 6))
                if name in ("Linear", "FeatureMaps", "ConvTranspose2d")]
    assert maps(5, 16) == [(5,), (4 * 64,), (4, 8, 8), (1, 16, 16)]
    assert maps(5, 32) == [(5,), (8 * 64,), (8, 8, 8), (4, 16, 16), (1, 32, 32)]
    assert maps(0, 16) == [(8 * 16,), (8, 4, 4), (4, 8, 8), (1, 16, 16)]


def test_hidden_neurons_of_D_stand_between_the_maps_and_the_logit():
    def widths(hidden):
        D = models.ConvDiscriminator(32, width=4, hidden=hidden)
        return [(layer.in_features, layer.out_features) for layer in D.layers
                if isinstance(layer, nn.Linear)]
    assert widths(5) == [(16 * 4 * 4, 5), (5, 1)]
    assert widths(0) == [(16 * 4 * 4, 1)]


@pytest.mark.parametrize("build", [models.ConvGenerator, models.ConvDiscriminator])
def test_hidden_must_be_a_whole_number_of_at_least_0(build):
    with pytest.raises(ValueError, match="hidden must be at least 0, but it is -1"):
        build(hidden=-1)
    for value in (2.0, True, None):
        with pytest.raises(TypeError, match=f"hidden must be a whole number, but it is {value}"):
            build(hidden=value)


# ---- the order of numbers in memory

def test_feature_maps_are_cut_from_the_vector_in_order_and_lie_channels_last():
    vector = torch.arange(2 * 3 * 4.0).reshape(2, 12)
    maps = models.FeatureMaps(width=3, side=2)(vector)
    assert torch.equal(maps, vector.reshape(2, 3, 2, 2))
    assert maps.is_contiguous(memory_format=torch.channels_last)


def test_flat_maps_put_the_channels_of_one_point_side_by_side():
    maps = torch.randn(2, 3, 4, 4)
    by_hand = torch.stack([maps[:, :, row, column] for row in range(4) for column in range(4)], 1)
    assert torch.equal(models.FlatMaps()(maps), by_hand.reshape(2, 48))


@pytest.mark.parametrize("options", [{}, {"hidden": 0}, {"batch_norm": True}])
def test_channels_last_networks_give_what_contiguous_ones_give(options):
    torch.manual_seed(0)
    for network, x in ((models.ConvGenerator(6, 32, 3, 4, **options), torch.randn(5, 6)),
                       (models.ConvDiscriminator(32, 3, 4, **options), torch.randn(5, 3, 32, 32))):
        other = copy.deepcopy(network).to(memory_format=torch.channels_last)
        strides = [[p.stride() for p in net.parameters() if p.dim() == 4]
                   for net in (network, other)]
        assert strides[0] != strides[1]                 # they do lie in another order
        torch.testing.assert_close(other(x), network(x), atol=1e-6, rtol=1e-5)


# ---- number formats

@pytest.mark.parametrize("D", [models.ConvDiscriminator(width=4), models.PointDiscriminator(8),
                               models.FullyConnectedDiscriminator(width=8)])
def test_logits_are_float32_also_where_the_layers_compute_in_bfloat16(D):
    x = torch.randn(3, *D.sample_shape)
    with torch.autocast("cpu", torch.bfloat16):
        assert D.layers(x).dtype == torch.bfloat16
        assert D(x).dtype == D.probability(x).dtype == torch.float32
    torch.testing.assert_close(D(x), D.layers(x).squeeze(1))


def test_spectral_norm_brings_the_largest_singular_value_of_each_layer_to_1():
    torch.manual_seed(0)
    D = models.ConvDiscriminator(size=16, width=4, spectral_norm=True)
    x = torch.randn(2, 1, 16, 16)
    for _ in range(60):                                 # each pass in training: one power iteration
        D(x)
    layers = [part for part in D.eval().layers if hasattr(part, "weight")]
    assert len(layers) == 4                             # two convolutions, two dense layers
    for layer in layers:
        largest = torch.linalg.svdvals(layer.weight.detach().flatten(1))[0]
        assert largest.item() == pytest.approx(1, abs=0.01)
    plain = models.ConvDiscriminator(size=16, width=4)
    assert not any(nn.utils.parametrize.is_parametrized(part) for part in plain.modules())


# ---- counting and looking

def test_parameters_counted_by_hand():
    assert models.parameters(models.PointGenerator(8, 64)) == \
        (8 * 64 + 64) + (64 * 64 + 64) + (64 * 2 + 2)
    assert models.parameters(models.FullyConnectedDiscriminator(16, 1, 128)) == \
        (256 * 256 + 256) + (256 * 128 + 128) + (128 + 1)
    assert models.parameters(models.FullyConnectedGenerator(10, 16, 3, 20)) == \
        (10 * 20 + 20) + (20 * 40 + 40) + (40 * 768 + 768)
    assert models.parameters(models.ConvDiscriminator(16, 3, 8, hidden=20)) == \
        (3 * 8 * 16 + 8) + (8 * 16 * 16 + 16) + (256 * 20 + 20) + (20 + 1)
    assert models.parameters(models.ConvDiscriminator(16, 3, 8, hidden=0)) == \
        (3 * 8 * 16 + 8) + (8 * 16 * 16 + 16) + (256 + 1)
    assert models.parameters(models.ConvGenerator(10, 16, 1, 8, hidden=20)) == \
        (10 * 20 + 20) + (20 * 512 + 512) + (8 * 16 + 1)
    assert models.parameters(models.ConvGenerator(10, 16, 1, 8, hidden=20, up="resize")) == \
        (10 * 20 + 20) + (20 * 512 + 512) + (8 * 9 + 1)
    assert models.parameters(models.ConvGenerator(10, 16, 1, 8, hidden=0)) == \
        (10 * 256 + 256) + (16 * 8 * 16 + 8) + (8 * 16 + 1)


@pytest.mark.parametrize("network, x", [
    (models.ConvGenerator(6, 32, width=4, batch_norm=True), torch.randn(2, 6)),
    (models.ConvGenerator(6, 32, width=4, up="resize"), torch.randn(2, 6)),
    (models.FullyConnectedGenerator(6, width=4), torch.randn(2, 6)),
    (models.ConvDiscriminator(32, 3, 4, spectral_norm=True), torch.randn(2, 3, 32, 32)),
    (models.FullyConnectedDiscriminator(width=4), torch.randn(2, 1, 16, 16)),
    (models.Classifier({"digit": 10}, width=4), torch.randn(2, 1, 16, 16)),
    (models.PointDiscriminator(4), torch.randn(2, 2))])
def test_the_table_shows_the_shapes_that_hooks_see(network, x):
    seen = []
    hooks = [layer.register_forward_hook(lambda _, __, out: seen.append(tuple(out.shape)))
             for layer in network.layers]
    network.layers(x)
    for hook in hooks:
        hook.remove()
    header, first, *lines, last = models.table(network, x).splitlines()
    assert header.split() == ["layer", "output", "shape", "parameters"]
    assert " x ".join(map(str, x.shape)) in first and first.split()[-1] == "0"
    assert len(lines) == len(network.layers)
    for line, shape, layer in zip(lines, seen, network.layers):
        assert line[22:42].strip() == " x ".join(map(str, shape))
        assert line[42:].strip() == f"{sum(p.numel() for p in layer.parameters()):,}"
    assert last.split()[-1] == f"{sum(p.numel() for p in network.parameters()):,}"


def test_the_table_names_each_layer():
    lines = models.table(models.ConvGenerator(6, width=4, up="resize"), torch.randn(1, 6))
    names = [line[:22].strip() for line in lines.splitlines()]
    assert names == ["layer", "input", "Linear", "LeakyReLU", "Linear", "FeatureMaps", "LeakyReLU",
                     "Upsample + Conv2d", "Tanh", "all layers"]
    D = models.ConvDiscriminator(width=4, spectral_norm=True)
    assert [name for name, _ in models.stages(D, torch.randn(1, 1, 16, 16))] == [
        "input", "Conv2d", "LeakyReLU", "Conv2d", "LeakyReLU", "FlatMaps", "Linear", "LeakyReLU",
        "Linear"]


@pytest.mark.parametrize("option", ["batch_norm", "spectral_norm"])
def test_stages_end_in_the_network_s_output_and_leave_it_as_it_was(option):
    D, x = models.ConvDiscriminator(width=4, **{option: True}), torch.randn(4, 1, 16, 16)
    before = {key: value.clone() for key, value in D.state_dict().items()}
    found = models.stages(D, x)
    assert all(torch.equal(value, before[key]) for key, value in D.state_dict().items())
    assert found[0][1] is x and found[-1][1].shape == (4, 1)
    plain = models.ConvDiscriminator(width=4)
    torch.testing.assert_close(models.stages(plain, x)[-1][1].squeeze(1), plain(x).detach())


def test_stages_say_what_is_wrong_with_x():
    with pytest.raises(ValueError, match=r"z must have the shape \(any, 6\)"):
        models.stages(models.ConvGenerator(6), torch.zeros(1, 5))


# ---- the classifier

@pytest.mark.parametrize("size, channels", [(16, 1), (32, 3), (64, 1)])
def test_classifier_answers_every_question_from_its_features(size, channels):
    network = models.Classifier({"hat": 3, "skin": 6}, size, channels, width=4).eval()
    x = torch.randn(5, channels, size, size)
    seen, answers = network.features(x), network(x)
    assert seen.shape == (5, 64) and seen.min() >= 0
    assert {name: tuple(value.shape) for name, value in answers.items()} == \
        {"hat": (5, 3), "skin": (5, 6)}
    layer = network.answers["hat"]
    torch.testing.assert_close(answers["hat"], seen @ layer.weight.T + layer.bias)


@pytest.mark.parametrize("questions, error", [({}, ValueError), ({"hat": 1}, ValueError),
                                              ({"hat": 2.0}, TypeError)])
def test_classifier_refuses_questions_without_answers(questions, error):
    with pytest.raises(error, match="questions must|number of answers to 'hat' must"):
        models.Classifier(questions)
