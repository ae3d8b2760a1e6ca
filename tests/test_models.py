import pytest
import torch
from torch import nn

from gan_lib import models

GENERATORS = [lambda **kw: models.FullyConnectedGenerator(8, width=8, **kw),
              lambda **kw: models.ConvGenerator(8, width=4, **kw),
              lambda **kw: models.ConvGenerator(8, width=4, up="resize", **kw),
              lambda **kw: models.ConvGenerator(8, width=4, batch_norm=True, **kw)]
DISCRIMINATORS = [lambda **kw: models.FullyConnectedDiscriminator(width=8, **kw),
                  lambda **kw: models.ConvDiscriminator(width=4, **kw),
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
    G = models.ConvGenerator(size=32, up=up)
    assert sum(isinstance(part, kind) for part in G.modules()) == 3
    others = nn.Upsample if kind is nn.ConvTranspose2d else nn.ConvTranspose2d
    assert not any(isinstance(part, others) for part in G.modules())


def test_resize_repeats_each_pixel_before_it_convolves():
    repeat, convolve = models.up_convolution(1, 1, "resize")
    x = torch.arange(4.0).reshape(1, 1, 2, 2)
    assert repeat(x)[0, 0].tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    assert convolve.kernel_size == (3, 3)


@pytest.mark.parametrize("build, norms", [
    (models.ConvGenerator, {16: 2, 32: 3, 64: 4}), (models.ConvDiscriminator, {16: 1, 64: 3})])
def test_batch_norm_only_where_asked_for(build, norms):
    def count(network):
        return sum(isinstance(part, nn.BatchNorm2d) for part in network.modules())
    for size, expected in norms.items():
        assert count(build(size=size, width=4)) == 0
        assert count(build(size=size, width=4, batch_norm=True)) == expected


def test_spectral_norm_brings_the_largest_singular_value_of_each_layer_to_1():
    torch.manual_seed(0)
    D = models.ConvDiscriminator(size=16, width=4, spectral_norm=True)
    x = torch.randn(2, 1, 16, 16)
    for _ in range(60):                                 # each pass in training: one power iteration
        D(x)
    layers = [part for part in D.eval().layers if hasattr(part, "weight")]
    assert len(layers) == 3
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
    assert models.parameters(models.ConvDiscriminator(16, 3, 8)) == \
        (3 * 8 * 16 + 8) + (8 * 16 * 16 + 16) + (16 * 16 + 1)
    assert models.parameters(models.ConvGenerator(10, 16, 1, 8)) == \
        (10 * 256 + 256) + (16 * 8 * 16 + 8) + (8 * 16 + 1)
    assert models.parameters(models.ConvGenerator(10, 16, 1, 8, up="resize")) == \
        (10 * 256 + 256) + (16 * 8 * 9 + 8) + (8 * 9 + 1)


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
    assert names == ["layer", "input", "Linear", "Unflatten", "LeakyReLU", "Upsample + Conv2d",
                     "LeakyReLU", "Upsample + Conv2d", "Tanh", "all layers"]
    D = models.ConvDiscriminator(width=4, spectral_norm=True)
    assert models.stages(D, torch.randn(1, 1, 16, 16))[1][0] == "Conv2d"


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
