"""Typical wrong calls, as data: each is told; none is silent, none ends in a bare torch error.

A call is a short expression; `mistake_tools.names()` says what its names mean: small networks G and
D for pictures of 16 px (g, d for points), their optimizers, x in [-1, 1], x8 in 0..255, a mask.
"""

import re

import pytest

from mistake_tools import BARE, DOOR, INSIDE, SILENT, TOLD, made

SAMPLES = """
class Own:
    device = torch.device("cpu")
    def batch(self, n, generator=None):
        return {}
training.Game(D, G, Own())
"""
MISTAKES = {
    # ---- what comes into a network
    "G(8)": "z must be a tensor, but it is 8",
    "G(z.tolist())": "z must be a tensor, but it is list",
    "G(z.numpy())": "z must be a tensor, but it is ndarray",
    "G(z[0])": r"z must have the shape \(any, 8\), but it has \(8,\)",
    "G(z.int())": "z must hold floats, but it holds torch.int32",
    "G(z.double())": "z holds torch.float64, .* bring both to torch.float32",
    "G(z.to('meta'))": "z is on the device meta, and what it meets here on cpu: bring both",
    "G(latent.draw(8, 4))": r"z must have the shape \(any, 8\), but it has \(8, 4\)",
    "G(x)": r"z must have the shape \(any, 8\)",
    "g(torch.ones(5, 4).long())": "z must hold floats, but it holds torch.int64",
    "D(z)": r"x must have the shape \(any, 1, 16, 16\)",
    "D(x[0])": r"x must have the shape \(any, 1, 16, 16\), but it has \(1, 16, 16\)",
    "D(x[:0])": r"x must have the shape \(any, 1, 16, 16\), but it has \(0, 1, 16, 16\)",
    "D(x.permute(0, 2, 3, 1))": r"x must have the shape \(any, 1, 16, 16\)",
    "D(torch.zeros(4, 1, 32, 32))": r"x must have the shape \(any, 1, 16, 16\)",
    "D(x8)": "x must hold floats, but it holds torch.uint8",
    "D(x255)": r"pictures in \[-1, 1\], but it reaches from 0 to 255",
    "D.probability(x255)": r"pictures in \[-1, 1\]",
    "D(x); D.probability(x255)": r"pictures in \[-1, 1\]",
    "D(x.double())": "x holds torch.float64",
    "D(x.to('meta'))": "x is on the device meta",
    "D(digits)": "x must be a tensor, but it is Images",
    "D(digits.batch)": "x must be a tensor, but it is the function batch, not what it returns",
    "D(digits.batch(4, with_labels=True))": "x must be a tensor, but it is tuple",
    "d(points.int())": "x must hold floats",
    "classifier(x8)": "x must hold floats",
    "classifier(x255)": r"pictures in \[-1, 1\]",
    "encoder(x255, hidden)": r"pictures in \[-1, 1\]",
    "encoder(x, hidden.float())": "hidden must be a mask of bools, but it holds torch.float32",
    "encoder(x, None)": "hidden must be a tensor, but it is None",
    # ---- networks and data by name and size
    "models.ConvGenerator(size=16.0)": "size must be one of 16, 32, 64, but it is 16.0",
    "models.ConvGenerator(size=x)": "size must be one of 16, 32, 64, but it is Tensor",
    "models.ConvDiscriminator(channels=True)": "channels must be one of 1, 3, but it is True",
    "models.ConvGenerator(batch_norm='yes')": "batch_norm must be one of True, False",
    "models.ConvDiscriminator(spectral_norm='no')": "spectral_norm must be one of True, False",
    "models.ConvDiscriminator(64, 16)": "channels must be one of 1, 3, but it is 16",
    "models.parameters(models.ConvGenerator)": "the class ConvGenerator, not an object of it",
    "models.table(G, None)": "z must be a tensor",
    "data.load('Digits')": "must be one of 'digits', 'faces'.* but it is 'Digits'",
    "data.load('digits', 28)": "size for 'digits' must be one of 16, 32, but it is 28",
    "data.load('digits', device='gpu')": "There is no device 'gpu' here",
    "data.load('digits', device='xpu')": "There is no device 'xpu' here",
    "data.points([[0, 1]], device='gpu')": "There is no device 'gpu' here",
    "latent.draw(4, 8, device='GPU')": "There is no device 'GPU' here",
    "digits.to('gpu')": "There is no device 'gpu' here",
    "digits.batch('8')": "batch size n must be a whole number",
    "data.Points('mine', torch.zeros(3), ('a',), points)": "labels must have the shape",
    "data.Points('mine', torch.zeros(3), ('a',), torch.zeros(3, 4))": "points must have the shape",
    "ring.take(3)": "points must have the shape",
    "data.to_float(x)": "images must be a tensor of uint8",
    "data.to_uint8(x255)": r"pictures in \[-1, 1\]",
    "data.to_uint8(x8)": "x must hold floats",
    # ---- losses
    "losses.bce(p > 0.5, 1)": "logits must hold floats, but it holds torch.bool",
    "losses.bce_from_probability(p.round().long(), p)": "p must hold floats",
    "losses.bce_from_probability(p > 0.5, p)": "p must hold floats, but it holds torch.bool",
    "losses.bce_from_probability(p.tolist(), 1)": "p must be a tensor, but it is list",
    "losses.bce_from_probability(logits, 1)": "p must hold probabilities.* use losses.bce",
    "losses.surprise(None)": "p must be a tensor, but it is None",
    "losses.surprise('0.5')": "p must be a tensor, but it is '0.5'",
    "losses.bce(logits, 'fake')": r"y, from 0 \(fake\) to 1 \(real\), must be a number",
    "losses.discriminator_loss(logits, logits, 0.9)": "smooth must be",
    "losses.r1_penalty(D, x8)": "real must hold floats",
    "losses.r1_penalty(D.probability, x)": "D gives no gradient here: give D itself",
    "losses.r1_penalty(x, D)": "real must be a tensor, but it is ConvDiscriminator",
    # ---- half-steps
    "training.discriminator_step(D, G, x, z, opt_G)": "optimizer holds no weight of D",
    "training.generator_step(D, G, z, opt_D)": "optimizer holds no weight of G",
    "training.generator_step(G, D, z, opt_G)": "optimizer holds no weight of G",
    "training.generator_step(D, G, z, torch.optim.Adam)": "optimizer must be.* the class Adam, not",
    "training.discriminator_step(D, G, x, z, None)": "optimizer must be an optimizer",
    "D.requires_grad_(False); training.discriminator_step(D, G, x, z, opt_D)":
        r"D is frozen.*D.requires_grad_\(True\)",
    "G.requires_grad_(False); training.generator_step(D, G, z, opt_G)": "G is frozen",
    "with torch.no_grad(): training.generator_step(D, G, z, opt_G)": "Gradients are switched off",
    "with torch.no_grad(): training.discriminator_step(D, G, x, z, opt_D)": "Gradients are",
    "training.discriminator_step(models.ConvDiscriminator, G, x, z, opt_D)":
        "D must be a network, but it is the class ConvDiscriminator, not an object of it",
    "training.discriminator_step(D, models.ConvGenerator, x, z, opt_D)": "the class ConvGenerator",
    "training.discriminator_step(D, z, x, G, opt_D)": "network must be a network.* it is Tensor",
    "training.discriminator_step(D, G, x, z, opt_D, r1=-1)": "r1 must be a finite number from 0",
    "training.discriminator_step(D, G, x, z, opt_D, r1=None)": "r1 must be a number",
    "training.discriminator_step(D, G, x255, z, opt_D)": r"pictures in \[-1, 1\]",
    "training.discriminator_step(D, G, x8, z, opt_D)": "x must hold floats",
    "models.Classifier({3: 3})": "questions must hold at least one, such as .*; no dots",
    "models.Classifier({'a.b': 3})": "questions must hold at least one, such as .*; no dots",
    "training.generator_step(D, G, z, opt_G, losses.bce)": "a function of fake logits alone",
    "training.generator_step(D, G, z, opt_G, 'minimax')": "loss_function must be a function",
    "training.generator_step(D, G, z, opt_G, torch.sigmoid)": "must return one number",
    "training.generator_step(D, G, z, opt_G, lambda s: s.mean().item())": "must return one number",
    "training.weights(G.parameters())": "network must be a network, but it is generator",
    "training.change(training.weights(D), G)": "before must have the shape",
    "training.change(G, training.weights(G))": "network must be a network, but it is Tensor",
    "training.change(0, G)": "before must be a tensor, but it is 0",
    "with training.frozen(models.ConvGenerator): pass": "network must be a network.*the class",
    # ---- the game
    "training.Game(g, d, ring)": "Game needs D, .* then G",
    "training.Game(d, g, ring, lr=10)": "lr must be a finite number from 1e-08 to 0.05",
    "training.Game(d, g, ring, lr=0.5)": "lr must be a finite number from 1e-08 to 0.05",
    "training.Game(d, g, ring, 64, 10)": "lr must be",
    "training.Game(d, g, ring, r1=-1)": "r1 must be",
    "training.Game(d, g, ring, loss=losses.minimax_loss)":
        "loss must be one of 'non-saturating', 'minimax', but it is the function minimax_loss",
    "training.Game(d, g, data.load)": "samples must be a set.* the function load, not what it",
    "training.Game(d, g, ring.split())": "samples must be a set.* but it is tuple",
    "training.Game(d, g, points)": "samples must be a set.* but it is Tensor",
    "D.requires_grad_(False); training.Game(D, G, digits)": "D is frozen",
    "training.Game(models.ConvDiscriminator(32), checkpoints.load('digits'), "
    "data.load('digits', 32, device='cpu'))": "G is frozen, as loaded networks are",
    SAMPLES.format("x255[:8]"): r"the samples must hold pictures in \[-1, 1\]",
    SAMPLES.format("x8[:8]"): "the samples must hold floats, but it holds torch.uint8",
    SAMPLES.format("x[:8].numpy()"): "the samples must be a tensor, but it is ndarray",
    "game().play(1, watch=live.Live)": "watch must be.* the class Live, not an object of it",
    "game().play(1, watch='live')": "watch must be a function of the game",
    "game().play('10')": "steps must be a whole number",
    "game().noise(-1)": "n must be at least 1",
    "game().noise(2.5)": "n must be a whole number",
    # ---- latent space
    "latent.lerp(z[:3], z[:4], 0.5)": r"same length.*shapes are \[\(3, 8\), \(4, 8\)\]",
    "latent.lerp(z, z, torch.rand(12))": r"not a number must have the shape \(\.\.\., 1\)",
    "latent.lerp(0.5, z, z)": "a must be a tensor, but it is 0.5",
    "latent.slerp(z, z + 1, '0.5')": "t must be a number",
    "latent.slerp(z, z + 1, nan)": "t must be a finite number",
    "latent.slerp(torch.zeros(8), z[0], 0.5)": "a and b must be finite and not 0",
    "latent.slerp(z, -z, 0.5)": "a and b point in opposite ways",
    "latent.path(z[:1], z[1:2], 5)": r"a must have the shape \(any\), but it has \(1, 8\)",
    "latent.path(z[0], z[1], 5, 'linear')": "mix must be one of 'straight', 'spherical'",
    "latent.grid(z, 3)": r"corners must have the shape \(4, any\)",
    "latent.attribute_direction(torch.ones(12, 8), torch.arange(12) > 5)": "z must differ between",
    "latent.attribute_direction(z, p)": "has must be a tensor of bools",
    "latent.principal_directions(models.ConvGenerator, 3)": "G must be a generator.* the class",
    "latent.Search(G, x255, ~hidden)": r"x must hold pictures in \[-1, 1\]",
    "latent.Search(G, x8, ~hidden)": "x must hold floats",
    "latent.Search(G, x, hidden.float())": "visible must be a bool mask",
    "latent.Search(x, G)": "G must be a generator.* but it is Tensor",
    "latent.Search(G, x, lr=1e6)": "lr must be",
    # ---- metrics
    "metrics.features(D, x)": "classifier must be a classifier.* but it is ConvDiscriminator",
    "metrics.features(models.Classifier, x)": "the class Classifier, not an object of it",
    "metrics.features(x, classifier)": "classifier must be a classifier.* but it is Tensor",
    "metrics.features(classifier, x255)": r"x must hold pictures in \[-1, 1\]",
    "metrics.features(classifier, x8)": "x must hold floats",
    "metrics.features(classifier, digits)": "x must be a tensor, but it is Images",
    "metrics.probabilities(classifier, x, 'Digit')": "question must be one of 'digit'",
    "metrics.confidence(classifier, x255, 'digit')": r"pictures in \[-1, 1\]",
    "metrics.scores(classifier, x, x255, 'digit')": r"pictures in \[-1, 1\]",
    "metrics.frechet_distance(x, x)": r"real must have the shape \(any, any\)",
    "metrics.frechet_distance(seen, seen.int())": "fake must hold floats",
    "metrics.precision_recall(seen[:1], seen)": "real must hold at least 2 samples",
    "metrics.modes_hit(points, ring.centres, 0)": "radius must be",
    "metrics.modes_hit(ring, ring.centres, 0.3)": "points must be a tensor, but it is Points",
    "metrics.nearest(x, x255)": r"among must hold pictures in \[-1, 1\]",
    "metrics.nearest(x, digits)": "among must be a tensor, but it is Images",
    # ---- inpainting
    "inpainting.occlude(x, hidden, 255)": "value must be a finite number from -1.0 to 1.0",
    "inpainting.occlude(x.permute(0, 2, 3, 1), hidden)": "x must have its channels first",
    "inpainting.occlude(x8, hidden)": "x must hold floats",
    "inpainting.occlude(x, hidden.float())": "hidden must be a bool mask that is True somewhere",
    "inpainting.paste(x, x255, hidden)": r"filling must hold pictures in \[-1, 1\]",
    "inpainting.paste(x, hidden, x)": "filling must have the shape|filling must hold floats",
    "inpainting.mean_fill(x, hidden, digits)": "known must be a tensor, but it is Images",
    "inpainting.nearest_fill(x, hidden, x8)": "known must hold floats",
    "inpainting.search_fill(x, hidden, models.ConvGenerator)": "G must be a generator.* the class",
    "inpainting.psnr(x255, x, hidden)": r"filling must hold pictures in \[-1, 1\]",
    "inpainting.psnr(x8, x8, hidden)": "must hold floats",
    "inpainting.box(16, 4, 4, 6, 6, 'gpu')": "There is no device 'gpu' here",
    # ---- figures
    "figures.tile(x255)": r"x must hold pictures in \[-1, 1\]",
    "figures.show_images(x8.float(), 'Digits.')": r"x must hold pictures in \[-1, 1\]",
    "figures.tile(x8.int())": "x must hold floats, but it holds torch.int32",
    "figures.show_images(x, 8)": "alt must say in one sentence",
    "figures.draw_points(figures.new()[1], points.T)": r"real, the points, must have the shape",
    "figures.draw_points(figures.new()[1], points.tolist())": "the points, must be a tensor",
    "figures.smooth([1, 2, 3], 0)": "window must be at least 1, but it is 0",
    "figures.new(width=0)": "width must be",
}


@pytest.mark.parametrize(("call", "says"), MISTAKES.items())
def test_a_typical_mistake_is_told(call, says):
    who, said = made(call)
    assert who == TOLD, f"{who}: {said}"
    assert re.search(says, said), said


@pytest.mark.parametrize(("call", "who"), [
    ("G(z)", SILENT), ("G(3)", TOLD), ("losses.bce(1)", DOOR), ("figures.smooth(None)", INSIDE),
    ("a, b, c = metrics.precision_recall(seen, seen)", DOOR),
    ("G.layers[0].weight.data = torch.ones(2, 2); G(z)", BARE)])
def test_the_runner_tells_who_noticed(call, who):
    assert made(call)[0] == who


@pytest.mark.parametrize("call", [
    "D(x); D(x)", "D.bfloat16()(x.bfloat16())", "D.double()(x.double())",
    "figures.tile(3 * torch.randn(4, 1, 16, 16))",
    "digits.scaled([0, 3])", "losses.surprise(1)", "losses.surprise(torch.tensor(0.5))",
    "training.Game(d, g, ring, batch_size=8, lr=0.02).play(2, progress=False)",
    "both = torch.optim.SGD([*D.parameters(), *G.parameters()], 0.1); "
    "training.discriminator_step(D, G, x, z, both)",
    "G.requires_grad_(False); training.discriminator_step(D, G, x, z, opt_D)",
    "metrics.nearest(points, points)", "inpainting.occlude(x, hidden, -1)"])
def test_what_is_right_passes(call):
    assert made(call)[0] == SILENT
