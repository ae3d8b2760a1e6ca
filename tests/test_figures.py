import base64
import io

import matplotlib
import nbformat
import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from nbconvert import HTMLExporter
from PIL import Image

from gan_lib import data, figures, models, training
from gan_lib.widgets import live
from gan_lib.widgets.live import Live


@pytest.fixture(scope="module", autouse=True)
def shell():
    """Have a shell, so that what is displayed can be caught."""
    InteractiveShell.instance()
    yield
    InteractiveShell.clear_instance()


@pytest.fixture
def game():
    torch.manual_seed(0)
    return training.Game(models.PointDiscriminator(8), models.PointGenerator(2, 8),
                         data.load("ring", n=50, device="cpu"), batch_size=8)


def picture_game():
    torch.manual_seed(0)
    return training.Game(models.ConvDiscriminator(width=4), models.ConvGenerator(4, width=4),
                         data.load("digits", n=20, device="cpu"), batch_size=4)


def shown(call):
    """Return (data, metadata) of the only thing that the call displays."""
    with capture_output() as captured:
        call()
    output, = captured.outputs
    return output.data, output.metadata


def pixels_of(bundle):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))))


# ---- pictures as arrays

def test_tile_equals_a_sheet_made_by_hand():
    x = torch.tensor([-1.0, 0.0, 1.0]).reshape(3, 1, 1, 1)
    sheet = figures.tile(x, columns=2, scale=2, gap=1, frame="#0072B2")
    b, k, g, w = (0, 0x72, 0xB2), (0, 0, 0), (128, 128, 128), (255, 255, 255)
    assert sheet.dtype == np.uint8 and sheet.tolist() == [[list(c) for c in row] for row in [
        [b, b, b, b, b, b, b, b],
        [b, k, k, b, b, g, g, b],
        [b, k, k, b, b, g, g, b],
        [b, b, b, b, b, b, b, b],
        [b, b, b, b, w, w, w, w],
        [b, w, w, b, w, w, w, w],
        [b, w, w, b, w, w, w, w],
        [b, b, b, b, w, w, w, w]]]


@pytest.mark.parametrize("size", [8, 16, 28, 32, 64])
def test_without_a_scale_a_picture_is_wide_enough_for_a_projector(size):
    width = figures.tile(torch.zeros(1, 1, size, size), gap=0).shape[1]
    assert width % size == 0 and 64 <= 96 <= width <= 128


def test_each_row_has_a_frame_and_a_name_of_its_own():
    x = torch.zeros(5, 1, 16, 16)
    plain = figures.tile(x, columns=2, frame=[figures.REAL, figures.FAKE, figures.NEUTRAL])
    named = figures.tile(x, columns=2, frame=[figures.REAL, figures.FAKE, figures.NEUTRAL],
                         rows=["real", "fake,\nfiltered", "a longer name"])
    height = len(plain) // 3
    for row, colour in enumerate((figures.REAL, figures.FAKE, figures.NEUTRAL)):
        expected = [round(255 * part) for part in to_rgb(colour)]
        for line in (row * height, (row + 1) * height - 1):
            assert plain[line, 0].tolist() == expected
    assert plain[-1, -1].tolist() == [255] * 3          # no picture, no frame
    strip, rest = np.hsplit(named, [named.shape[1] - plain.shape[1]])
    assert np.array_equal(rest, plain)
    for number in range(3):
        ink = np.argwhere(strip[number * height:(number + 1) * height].min(axis=2) < 128)
        top, bottom = ink[:, 0].min(), ink[:, 0].max()
        assert bottom - top >= 13 and abs((top + bottom) / 2 - height / 2) < 6


def test_tile_keeps_colours_orientation_and_bytes():
    x = torch.arange(2 * 3 * 2 * 4, dtype=torch.uint8).reshape(2, 3, 2, 4)
    sheet = figures.tile(x, columns=8, scale=1, gap=0)
    assert sheet.shape == (2, 8, 3)                     # no more columns than pictures
    for n in range(2):
        assert np.array_equal(sheet[:, 4 * n:4 * n + 4], x[n].permute(1, 2, 0).numpy())
    assert figures.tile(x, gap=3)[0, 0].tolist() == [255, 255, 255]


def test_tile_equals_the_data_s_own_rounding_and_cuts_at_the_ends():
    x = torch.linspace(-1.5, 1.5, 301).reshape(1, 1, 7, 43)
    sheet = figures.tile(x, scale=1, gap=0)
    assert np.array_equal(sheet[:, :, 0], data.to_uint8(x)[0, 0].numpy())
    x = torch.full((1, 1, 1, 1), 0.5, requires_grad=True)
    assert figures.tile(x, scale=1, gap=0).tolist() == [[[191] * 3]]


@pytest.mark.parametrize("call, error, says", [
    (lambda: figures.tile(torch.zeros(0, 1, 4, 4)), ValueError, "x must have the shape"),
    (lambda: figures.tile(torch.zeros(1, 4, 4)), ValueError, "x must have the shape"),
    (lambda: figures.tile(torch.zeros(1, 2, 4, 4)), ValueError, "channels of x must be one of 1"),
    (lambda: figures.tile(torch.full((1, 1, 4, 4), np.nan)), ValueError, "x must hold finite"),
    (lambda: figures.tile(torch.zeros(1, 1, 4, 4), columns=0), ValueError, "columns must be"),
    (lambda: figures.tile(torch.zeros(1, 1, 4, 4), scale=1.5), TypeError, "scale must be"),
    (lambda: figures.tile(torch.zeros(1, 1, 4, 4), gap=-1), ValueError, "gap must be"),
    (lambda: figures.tile(torch.zeros(1, 1, 4, 4), frame="reddish"), ValueError, "reddish"),
    (lambda: figures.tile(torch.zeros(9, 1, 4, 4), frame=["#0072B2"]), ValueError,
     "length of frame, one for each row, must be one of 2"),
    (lambda: figures.tile(torch.zeros(9, 1, 4, 4), rows=["a"]), ValueError,
     "length of rows, one for each row, must be one of 2"),
    (lambda: figures.tile([[0]]), TypeError, "x must be a tensor"),
    (lambda: figures.png_of_array(np.zeros((4, 4))), TypeError, "array must be a NumPy array of u"),
    (lambda: figures.png_of_array(np.zeros((4, 4, 2), np.uint8)), ValueError, "array must have"),
    (lambda: figures.png_of_array([[0]]), TypeError, "array must be"),
    (lambda: figures.new(columns=0), ValueError, "columns must be")])
def test_other_arguments_are_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("shape", [(5, 7, 3), (5, 7)])
def test_a_png_brings_back_the_array(shape):
    array = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    expected = array if len(shape) == 3 else np.stack([array] * 3, 2)
    assert np.array_equal(figures.array_of_png(figures.png_of_array(array)), expected)


# ---- figures

def contrast_on_white(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_the_two_colours_are_okabe_and_ito_s_and_can_be_seen_on_white():
    assert (figures.REAL, figures.FAKE) == ("#0072B2", "#D55E00")
    for colour in (figures.REAL, figures.FAKE, figures.OTHER, figures.NEUTRAL):
        assert contrast_on_white(colour) >= 3           # WCAG 2: marks in a figure


def test_new_gives_axes_in_the_style_and_leaves_matplotlib_as_it_was():
    before = dict(matplotlib.rcParams)
    figure, axes = figures.new(columns=2, rows=3, width=4, height=2)
    assert isinstance(figure, Figure) and axes.shape == (3, 2)
    assert figure.get_size_inches().tolist() == [4, 2]
    assert not axes[0, 0].spines["top"].get_visible()
    assert dict(matplotlib.rcParams) == before
    picture = figures.array_of_png(figures.png_of_figure(figure))
    assert picture.shape == (192, 384, 3)


def test_losses_and_judgement_are_told_apart_by_colour_and_line():
    history = training.History([1.0] * 30, [2.0] * 30, [0.7] * 30, [0.2] * 30)
    _, (left, right) = figures.new(columns=2)
    figures.draw_losses(left, history)
    figures.draw_judgement(right, history)
    for axes, levels, colours in (
            (left, (1.0, 2.0), (figures.NETWORK_D, figures.NETWORK_G)),
            (right, (0.7, 0.2), (figures.REAL, figures.FAKE))):
        first, second = axes.lines[:2]
        assert (first.get_color(), second.get_color()) == colours
        assert first.get_linestyle() != second.get_linestyle()
        assert (first.get_ydata()[-1], second.get_ydata()[-1]) == pytest.approx(levels)
        assert axes.get_xlabel() == "step" and axes.get_ylabel() and axes.get_legend()
    assert left.get_ylim() == (0, 4) and right.get_ylim() == (0, 1.4)
    assert left.lines[2].get_ydata()[0] == pytest.approx(2 * np.log(2))


def test_points_and_images_in_axes():
    _, (left, right) = figures.new(columns=2)
    real, fake = torch.randn(5, 2), torch.randn(6, 2, requires_grad=True)
    figures.draw_points(left, real, fake, limit=3)
    for drawn, points in zip(left.collections, (real, fake)):
        assert np.allclose(drawn.get_offsets(), points.detach())
    assert left.get_xlim() == left.get_ylim() == (-3, 3)
    x = torch.rand(3, 1, 4, 4)
    assert left.get_xlabel() and left.get_ylabel()
    figures.draw_images(right, x, "fakes", columns=2, frame=figures.FAKE, rows=["a", "b"])
    sheet = figures.tile(x, 2, frame=figures.FAKE)
    assert np.array_equal(right.images[0].get_array(), sheet)
    assert right.get_title() == "fakes"
    assert [label.get_text() for label in right.get_yticklabels()] == ["a", "b"]
    assert right.get_yticks().tolist() == [len(sheet) / 4, len(sheet) * 3 / 4]


@pytest.mark.parametrize("values", [[], [3.0], list(range(100))])
def test_smooth_is_the_mean_of_at_most_the_last_25(values):
    expected = [np.mean(values[max(0, i - 24):i + 1]) for i in range(len(values))]
    assert figures.smooth(values) == pytest.approx(expected)


# ---- showing, with alt text

def test_whatever_is_shown_carries_its_alt_text():
    figure, axes = figures.new()
    axes.plot([1, 2])
    x = torch.rand(3, 1, 4, 4)
    sheet = figures.tile(x, columns=2)
    history = training.History([1.0], [2.0], [0.7], [0.2])
    for call in (lambda: figures.show(figure, "Two."), lambda: figures.show_array(sheet, "Two."),
                 lambda: figures.show_images(x, "Two.", columns=2),
                 lambda: figures.show_history(history, "Two.")):
        bundle, metadata = shown(call)
        assert bundle["text/plain"] == "Two." and metadata["image/png"]["alt"] == "Two."
        shape, width = pixels_of(bundle).shape, metadata["image/png"]["width"]
        assert f'width="{width}"' in bundle["text/html"] and shape[1] in (width, 2 * width)
    assert np.array_equal(pixels_of(shown(lambda: figures.show_images(x, "a", 2))[0]), sheet)


def test_a_history_is_put_into_words():
    bundle, _ = shown(lambda: figures.show_history(training.History([1.0, 2], [3.0, 3], [0.75] * 2,
                                                                    [0.25] * 2)))
    assert "Loss of D 1.50, loss of G 3.00" in bundle["text/plain"]
    assert "real samples 0.75 and fakes 0.25" in bundle["text/plain"]
    assert shown(lambda: figures.show_history(training.History()))[0]["text/plain"] == \
        "No step was played yet."


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_picture_without_alt_text_is_refused(alt):
    with pytest.raises(ValueError, match="alt must say in one sentence"):
        figures.show_array(np.zeros((2, 2, 3), np.uint8), alt)


def html_of(bundle, metadata):
    output = nbformat.v4.new_output("display_data", data=bundle, metadata=metadata)
    cell = nbformat.v4.new_code_cell("show()", outputs=[output])
    return HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0]


def test_exported_html_keeps_the_alt_text():
    alt = 'Two "grey" fakes, D(x) < 0.5.'
    bundle, metadata = shown(lambda: figures.show_images(torch.rand(2, 1, 4, 4), alt))
    soup = BeautifulSoup(html_of(bundle, metadata), "html.parser")
    picture, = soup.find_all("img")
    assert picture["alt"] == alt
    assert picture["src"] == "data:image/png;base64," + bundle["image/png"]
    bundle.pop("text/html")                             # without it, the alt text would be lost
    assert "No description has been provided" in html_of(bundle, metadata)


# ---- live

@pytest.mark.parametrize("make", [None, picture_game])
def test_live_draws_the_game_after_each_call(game, make):
    game = make() if make else game
    live, seen = Live(), []
    for step in (1, 2):
        game.step()
        bundle, metadata = shown(lambda: live(game))
        assert bundle["text/plain"].startswith(f"After {step} step")
        assert metadata["image/png"]["alt"] == bundle["text/plain"]
        seen.append(pixels_of(bundle))
    assert seen[0].shape[1] > 500 and not np.array_equal(*seen)
    assert len(game.history) == 2


def test_live_publishes_first_a_new_display_and_then_updates(game, monkeypatch):
    calls = []

    class Handle:
        display_id = "one"

        def update(self, bundle, **arguments):
            calls.append(("update", bundle, arguments))

    def display(*bundles, **arguments):
        calls.append(("display", *bundles, arguments))
        return Handle()

    monkeypatch.setattr(live, "display", display)
    game.play(steps=2, watch=(seen := Live()), progress=False)
    seen(game)
    assert [call[0] for call in calls] == ["display", "update"]
    for _, bundle, arguments in calls:
        assert bundle["image/png"] and arguments["raw"]
        assert arguments["metadata"]["image/png"]["alt"] == bundle["text/plain"]


@pytest.mark.parametrize("make", [None, picture_game])
def test_live_redraws_in_one_figure_and_leaves_nothing_of_the_last_picture(
        game, make, monkeypatch):
    figures_made, new = [], figures.new
    monkeypatch.setattr(figures, "new", lambda **size: figures_made.append(size) or new(**size))
    game = make() if make else game
    live = Live()
    for _ in range(3):
        game.step()
        again, _ = shown(lambda: live(game))
    assert len(figures_made) == 1                       # memory stays
    other = Live()
    for _ in range(4):        # matplotlib's layout settles slowly, to a fraction of a pixel
        again, _ = shown(lambda: live(game))
        fresh, _ = shown(lambda: other(game))
    apart = pixels_of(again).astype(int) - pixels_of(fresh)
    assert (abs(apart).max(axis=2) > 64).mean() < 0.001


def test_live_changes_nothing_in_the_game(game):
    other = training.Game(game.D, game.G, game.samples)
    before = {key: value.clone() for key, value in other.average.state_dict().items()}
    random = other.random.get_state()
    shown(lambda: Live()(other))
    assert torch.equal(other.random.get_state(), random)
    assert all(torch.equal(value, before[key]) for key, value in other.average.state_dict().items())
