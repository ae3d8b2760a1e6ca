"""The networks of the page, in Chromium and in Node, against PyTorch."""

import json
import os
import re
import shutil
import subprocess

import pytest
import torch
from torch import nn

from gan_lib import checkpoints, data, latent, models, page, styles, training
from gan_lib.page import scripts

MODULES = ("networks.js", "game.js")


class Node:
    """Calls a JavaScript function of one argument in Node."""

    def __init__(self, folder):
        self.folder = folder

    def call(self, function: str, argument):
        file = self.folder / "called.mjs"
        file.write_text(f"{page.script(*MODULES)}\nimport {{ readFileSync }} from 'fs';\n"
                        f"const found = ({function})(JSON.parse(readFileSync(0)));\n"
                        "console.log(JSON.stringify(found));\n", encoding="utf-8")
        ran = subprocess.run(["node", file], input=json.dumps(argument), capture_output=True,
                             text=True)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


class Page:
    """Calls a JavaScript function of one argument in a page of Chromium."""

    def __init__(self, tab, text: str | None = None):
        self.tab, self.errors = tab, []
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.set_content(f"<script type='module'>{text or page.script(*MODULES)}\n"
                        "globalThis.call = (text, argument) => eval(text)(argument);</script>")
        tab.wait_for_function("() => globalThis.call")

    def call(self, function: str, argument):
        found = self.tab.evaluate("([text, argument]) => globalThis.call(text, argument)",
                                  [f"({function})", argument])
        assert self.errors == []
        return found


@pytest.fixture(scope="module")
def chromium(browser):
    tab = browser.new_page()
    yield Page(tab)
    tab.close()


@pytest.fixture(params=["chromium", "node"])
def javascript(request, tmp_path):
    if request.param == "chromium":
        return request.getfixturevalue("chromium")
    if shutil.which("node") is None:
        pytest.skip("Node is not installed: Chromium runs the same")
    return Node(tmp_path)


class Layers(nn.Module):
    """A network of some layers, which takes samples of the shape `inside`."""

    def __init__(self, inside, *layers):
        super().__init__()
        self.sample_shape = inside
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


def normed(layer):
    """Return a batch norm whose numbers are not those of a new one."""
    for numbers in (layer.weight, layer.bias, layer.running_mean, layer.running_var):
        numbers.data.uniform_(0.5, 2.0)
    return layer


LAYERS = {
    "linear": lambda: Layers((5,), nn.Linear(5, 3)),
    "linear without bias": lambda: Layers((5,), nn.Linear(5, 7, bias=False)),
    "relu": lambda: Layers((5,), nn.ReLU()),
    "leaky relu": lambda: Layers((5,), nn.LeakyReLU(0.3)),
    "tanh": lambda: Layers((5,), nn.Tanh()),
    "sigmoid": lambda: Layers((5,), nn.Sigmoid()),
    "unflatten": lambda: Layers((24,), nn.Unflatten(1, (2, 3, 4))),
    "flatten": lambda: Layers((2, 3, 4), nn.Flatten()),
    "flat maps": lambda: Layers((2, 3, 4), models.FlatMaps()),
    "batch norm": lambda: Layers((3, 4, 2), normed(nn.BatchNorm2d(3))),
    "resize": lambda: Layers((3, 2, 5), nn.Upsample(scale_factor=2)),
    "resize, then 3 x 3": lambda: Layers((3, 2, 5), nn.Upsample(scale_factor=2),
                                         nn.Conv2d(3, 2, 3, padding=1)),
    "resize, then 5 x 5": lambda: Layers((3, 4, 5), nn.Upsample(scale_factor=2),
                                         nn.Conv2d(3, 2, 5, padding=1)),
    "convolution 3 x 3": lambda: Layers((2, 5, 6), nn.Conv2d(2, 7, 3, padding=1)),
    "convolution 4 x 4, stride 2": lambda: Layers((3, 8, 6), nn.Conv2d(3, 5, 4, 2, 1)),
    "convolution 3 x 3, stride 2": lambda: Layers((1, 9, 7), nn.Conv2d(1, 2, 3, 2, 1)),
    "convolution without padding": lambda: Layers((2, 5, 6), nn.Conv2d(2, 1, 2, bias=False)),
    "up-convolution 4 x 4": lambda: Layers((3, 4, 5), nn.ConvTranspose2d(3, 2, 4, 2, 1)),
    "up-convolution 3 x 3, stride 1": lambda: Layers((2, 3, 2), nn.ConvTranspose2d(2, 5, 3, 1, 1)),
    "up-convolution 2 x 2": lambda: Layers((2, 3, 2), nn.ConvTranspose2d(2, 1, 2, 2, bias=False)),
}


# The page cannot run networks that are more than layers one after the other.
IN_PAGE = [name for name in checkpoints.shipped() if checkpoints.card(name)["network"] not in
           ("GrowingGenerator", "StyleGenerator", "TalkingHead")]


def in_page(name: str):
    """Return a network that ships as the page runs it: its noise and its label are one vector."""
    network = checkpoints.load(name)
    network = network.G if checkpoints.card(name)["network"] == "FaceFromWords" else network
    classes = getattr(network, "classes", 0)
    return models.Generator(network.z_dim + classes, network.layers) if classes else network


NETWORKS = {
    **{name: lambda name=name: in_page(name) for name in IN_PAGE},
    "DCGAN": lambda: models.ConvGenerator(8, 16, 3, 4, hidden=0, batch_norm=True),
    "fully connected G": lambda: models.FullyConnectedGenerator(5, 16, 3, 8),
    "fully connected D": lambda: models.FullyConnectedDiscriminator(16, 3, 8),
    "convolutional D": lambda: models.ConvDiscriminator(32, 3, 4),
    "spectral D": lambda: models.ConvDiscriminator(16, 1, 4, spectral_norm=True),
    "point G": lambda: models.PointGenerator(8, 32),
    "point D": lambda: models.PointDiscriminator(32),
}


def samples(network, n: int = 3) -> torch.Tensor:
    inside = getattr(network, "sample_shape", None) or (network.z_dim,)
    random = torch.Generator().manual_seed(1)
    return torch.randn(n, *inside, generator=random)


def as_in_the_page(x: torch.Tensor) -> list[float]:
    """Return the numbers in the page's order: channels last."""
    return (x.movedim(1, -1) if x.dim() == 4 else x).flatten().tolist()


@torch.no_grad()
def answer(network, x: torch.Tensor) -> list[float]:
    found = network.cpu().eval()(x)
    if isinstance(found, dict):
        found = torch.cat(list(found.values()), 1)
    return as_in_the_page(found)


FORWARD = """({packed, x}) => {
    const made = network(packed);
    return {numbers: [...made.forward(new Float32Array(x))], shape: made.shape};
}"""


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(("half", "near"), [(True, 2e-3), (False, 1e-5)])
def test_each_network_answers_as_in_pytorch(javascript, name, half, near):
    torch.manual_seed(0)
    network = NETWORKS[name]()
    x = samples(network)
    found = javascript.call(FORWARD, {"packed": page.packed(network, half),
                                      "x": as_in_the_page(x)})
    right = answer(network, x)
    # Logits reach to 30: there, float32 itself has no digit left at 1e-6.
    assert found["numbers"] == pytest.approx(right, abs=near, rel=1e-6)
    assert len(right) == len(x) * torch.Size(found["shape"]).numel()


BACKWARD = """({packed, x, gradient}) => {
    const made = network(packed);
    const out = made.forward(new Float32Array(x));
    return {numbers: [...out], gradient: [...made.backward(new Float32Array(gradient))]};
}"""


@pytest.mark.parametrize("name", LAYERS)
def test_each_layer_and_its_gradient_are_as_in_pytorch(javascript, name):
    torch.manual_seed(0)
    network = LAYERS[name]().eval()
    x = samples(network).requires_grad_(True)
    out = network(x)
    gradient = torch.randn_like(out)
    right, = torch.autograd.grad(out, x, gradient)
    found = javascript.call(BACKWARD, {"packed": page.packed(network, half=False),
                                       "x": as_in_the_page(x.detach()),
                                       "gradient": as_in_the_page(gradient)})
    assert found["numbers"] == pytest.approx(answer(network, x.detach()), abs=1e-5)
    assert found["gradient"] == pytest.approx(as_in_the_page(right), abs=1e-5)


def test_a_generators_gradient_reaches_the_noise(javascript):
    torch.manual_seed(0)
    G = models.ConvGenerator(6, 32, 3, 4, up="resize")
    z = latent.draw(2, 6, 3).requires_grad_(True)
    out = G(z)
    gradient = torch.randn_like(out)
    right, = torch.autograd.grad(out, z, gradient)
    found = javascript.call(BACKWARD, {"packed": page.packed(G, half=False),
                                       "x": z.detach().flatten().tolist(),
                                       "gradient": as_in_the_page(gradient)})
    assert found["gradient"] == pytest.approx(right.flatten().tolist(), abs=1e-4)


# --- the game ---------------------------------------------------------------------------------

PLAY = """({D, G, settings, real, z, x, probe}) => {
    const game = new Game(network(D), network(G), settings), losses = [];
    const numbers = values => new Float32Array(values);
    for (let turn = 0; turn < real.length; turn++) {
        game.step(numbers(real[turn]), numbers(z[turn]));
        losses.push([game.lossD, game.lossG]);
    }
    return {losses, D: [...game.D.forward(numbers(x))], G: [...game.G.forward(numbers(probe))],
            weights: [game.D, game.G].map(player => player.weights().flatMap(part => [...part]))};
}"""


class Recorded:
    """Samples that remember their batches."""

    def __init__(self, samples):
        self.samples, self.seen = samples, []

    def __getattr__(self, name):
        return getattr(self.samples, name)

    def batch(self, n, generator=None):
        found = self.samples.batch(n, generator=generator)
        self.seen.append(found.flatten().tolist())
        return found


@pytest.mark.parametrize("settings", [
    {}, {"loss": "minimax"}, {"r1": 0.0}, {"r1": 3.0, "r1_every": 1}, {"betas": (0.9, 0.999)},
    {"lr": 5e-4, "loss": "minimax", "r1": 0.0}])
def test_twenty_steps_of_the_game_are_those_of_training(javascript, settings, monkeypatch):
    torch.manual_seed(0)
    D, G = models.PointDiscriminator(32), models.PointGenerator(8, 32)
    start = {"D": page.packed(D, half=False), "G": page.packed(G, half=False)}
    ring = Recorded(data.load("ring", device="cpu"))
    game = training.Game(D, G, ring, batch_size=64, seed=3, **settings)
    ring.seen.clear()
    noise = []
    draw = game.noise
    monkeypatch.setattr(game, "noise", lambda n: noise.append(draw(n)) or noise[-1])
    game.play(20, progress=False)
    x, probe = samples(D, 40), samples(G, 40)
    translated = {{"r1_every": "r1Every"}.get(key, key): value for key, value in settings.items()}

    found = javascript.call(PLAY, {
        **start, "settings": translated, "real": ring.seen, "x": x.flatten().tolist(),
        "z": [z.flatten().tolist() for z in noise], "probe": probe.flatten().tolist()})

    assert len(ring.seen) == len(noise) == 20
    right = list(zip(game.history.loss_D, game.history.loss_G))
    assert sum(found["losses"], []) == pytest.approx(sum(map(list, right), []), abs=1e-3)
    assert found["D"] == pytest.approx(answer(D, x), abs=1e-3)
    assert found["G"] == pytest.approx(answer(G, probe), abs=1e-3)
    for weights, network in zip(found["weights"], (D, G)):
        assert weights == pytest.approx(training.weights(network).tolist(), abs=1e-3)


def test_a_half_step_moves_one_player_only(javascript):
    moved = javascript.call("""() => {
        const random = randomNumbers(1);
        const D = pointNetwork(2, 8, 1, random), G = pointNetwork(4, 8, 2, random);
        const game = new Game(D, G), real = noise(64, random), z = noise(128, random);
        const all = player => player.weights().flatMap(part => [...part]);
        const change = (before, player) =>
            Math.max(...all(player).map((value, i) => Math.abs(value - before[i])));
        return [() => game.stepD(real, z), () => game.stepG(z)].map(half => {
            const before = [all(D), all(G)];
            half();
            return [change(before[0], D), change(before[1], G)];
        });
    }""", None)
    (D_moved, G_frozen), (D_frozen, G_moved) = moved
    assert D_moved > 1e-4 and G_moved > 1e-4
    assert G_frozen == D_frozen == 0


def test_a_new_point_network_begins_as_in_pytorch(javascript):
    start = javascript.call("""() => pointNetwork(8, 64, 2, randomNumbers(2)).weights().map(
        part => [part.length, Math.max(...part), Math.min(...part)])""", None)
    right = list(models.PointGenerator(8, 64).parameters())
    assert [row[0] for row in start] == [part.numel() for part in right]
    for (count, high, low), inside in zip(start, (8, 8, 64, 64, 64, 64)):
        bound = inside ** -0.5
        assert high <= bound and low >= -bound
        assert count < 50 or high - low > 1.8 * bound


# --- noise and numbers ------------------------------------------------------------------------

def test_noise_is_standard_normal_and_begins_anew_with_its_seed(javascript):
    first, again, other = javascript.call(
        "() => [1, 1, 2].map(seed => [...noise(20000, randomNumbers(seed))])", None)
    assert first == again != other
    z = torch.tensor(first)
    assert abs(z.mean().item()) < 0.03 and abs(z.std().item() - 1) < 0.03
    assert abs((z.abs() < 1).float().mean().item() - 0.6827) < 0.015


def test_slerp_is_that_of_latent(javascript):
    a, b = latent.draw(2, 16, 4)
    for t in (0.0, 0.3, 1.0):
        for end in (b, a):
            found = javascript.call("""([a, b, t]) =>
                [...slerp(new Float32Array(a), new Float32Array(b), t)]""",
                                    [a.tolist(), end.tolist(), t])
            assert found == pytest.approx(latent.slerp(a, end, t).tolist(), abs=1e-6)


def test_half_precision_is_read_exactly(javascript):
    every = torch.arange(2 ** 16, dtype=torch.int32).to(torch.int16).view(torch.float16).float()
    finite = every.isfinite()
    found = javascript.call(
        "() => [...fromHalf(Uint16Array.from({length: 65536}, (_, i) => i))]", None)
    read = torch.tensor([float("nan") if value is None else value for value in found])
    assert torch.equal(read[finite], every[finite])


# --- what the tests can tell ------------------------------------------------------------------

WRONG = {
    "a kernel line too low": (
        "(sample * height + top + line)", "(sample * height + top + line - 1)"),
    "the kernel is not turned": ("4 + 2 - row + down", "4 + row + down"),
    "one row twice": ("const below = Math.min(row + 1, rows - 1);", "const below = row;"),
    "a wrong slope": (": slope * numbers[i]", ": slope"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_layer_is_seen(browser, name):
    text, (right, wrong) = page.script(*MODULES), WRONG[name]
    assert right in text
    G = NETWORKS["faces64"]()
    x = samples(G)
    tab = browser.new_page()
    found = Page(tab, text.replace(right, wrong)).call(
        FORWARD, {"packed": page.packed(G), "x": as_in_the_page(x)})
    tab.close()
    assert found["numbers"] != pytest.approx(answer(G, x), abs=2e-3)


# --- packing ----------------------------------------------------------------------------------

class Doubled(models.PointGenerator):
    def forward(self, z, y=None):
        return 2 * super().forward(z, y)


@pytest.mark.parametrize(("network", "error", "words"), [
    (lambda: 3, TypeError, "network"),
    (lambda: models.PointGenerator(classes=2), ValueError, "without labels"),
    (lambda: Layers((4,), nn.Linear(4, 2), nn.GELU()), TypeError, "GELU"),
    (lambda: Layers((2, 4, 4), nn.Conv2d(2, 2, 3, groups=2)), TypeError, "Conv2d"),
    (lambda: Layers((2, 4, 4), nn.Upsample(scale_factor=3)), TypeError, "Upsample"),
    (lambda: Layers((2, 4, 4), nn.Upsample(scale_factor=2, mode="bilinear")), TypeError,
     "Upsample"),
    (Doubled, TypeError, "more than its layers"),
    (styles.StyleGenerator, TypeError, "StyleGenerator"),
])
def test_what_the_page_cannot_run_is_refused(network, error, words):
    with pytest.raises(error, match=words):
        page.packed(network())


def test_weights_without_use_are_refused():
    G = models.PointGenerator()
    with torch.no_grad():
        next(G.parameters())[0, 0] = 1e6
    with pytest.raises(ValueError, match="half precision"):
        page.packed(G)
    assert page.packed(G, half=False)
    with torch.no_grad():
        next(G.parameters())[0, 0] = float("nan")
    with pytest.raises(ValueError, match="NaN"):
        page.packed(G, half=False)


def test_packing_leaves_the_network_as_it_is():
    G = models.ConvGenerator(8, 16, 1, 4, batch_norm=True).train()
    before = {key: value.clone() for key, value in G.state_dict().items()}
    packed = page.packed(G)
    assert G.training and all(torch.equal(before[key], value)
                              for key, value in G.state_dict().items())
    assert json.loads(json.dumps(packed)) == packed


def test_a_packed_generator_is_small():
    sizes = {name: len(json.dumps(page.packed(in_page(name)))) for name in IN_PAGE}
    assert max(sizes.values()) < 3_000_000, sizes


# --- scripts ----------------------------------------------------------------------------------

def test_modules_become_one_text_without_imports_and_exports(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.js").write_text("export const one = 1;\n")
    (tmp_path / "two.js").write_text('import { one } from "./deep/one.js";\n'
                                     "export function two() { return one + one; }\n")
    (tmp_path / "three.js").write_text('import {\n  one,\n} from "./deep/one.js";\n'
                                       'import { two } from "./two.js";\n'
                                       "export class Three { value = one + two(); }\n")
    text = page.script(tmp_path / "three.js", tmp_path / "two.js")
    assert text.splitlines() == ["const one = 1;", "", "function two() { return one + one; }", "",
                                 "class Three { value = one + two(); }"]


def test_the_modules_are_readable_alone_and_need_nothing_else():
    for path in sorted(scripts.HERE.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        imported = [found["path"] for found in scripts.IMPORT.finditer(text)]
        assert all((path.parent / name).is_file() for name in imported)
        assert len(text.splitlines()) <= 300 and max(map(len, text.splitlines())) <= 100, path
        assert not re.search(r"https?://|require\(|\beval\(|innerHTML", text), path
    assert os.listdir(scripts.HERE)
