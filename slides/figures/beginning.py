"""How it began, and how it went on: fakes of networks as of 2014, 2015 and of this course."""

from __future__ import annotations

from gan_lib import checkpoints, figures, models
from slides.figures import Drawing
from slides.figures.sketch import arrow, board, box, fakes, nearest, picture, real, shipped, words

ROWS, COLUMNS = 4, 9
KINDS = {"FullyConnectedGenerator": "fully connected", "ConvGenerator": "convolutional"}
TRAINED_WITH = {"digits": None, "faces": 30_000}  # samples: what the cards of the networks say


def _with_nearest(name: str) -> Drawing:
    """Draw fakes of a shipped generator; last in each row the real sample nearest to its left."""
    about = checkpoints.card(name)
    kind, subject = KINDS[about["network"]], about["data"].partition(":")[0]
    x = fakes(name, ROWS * COLUMNS, seed=3)
    last = x[COLUMNS - 1::COLUMNS]
    samples = real(subject, x.shape[-1], TRAINED_WITH[subject])
    closest, distance = nearest(last, samples)
    figure, axes = board()
    side, step = 1.08, 1.13
    for number, fake in enumerate(x):
        row, place = divmod(number, COLUMNS)
        picture(axes, fake, 0.1 + step * place, 3.44 - step * row, side, figures.FAKE)
    for row, sample in enumerate(closest):
        picture(axes, sample, 10.75, 3.44 - step * row, side, figures.REAL)
        arrow(axes, (10.27, 3.98 - step * row), (10.7, 3.98 - step * row))
    words(axes, 0.1, 4.78, f"fakes of a {kind} G", 18, figures.FAKE, ha="left")
    words(axes, 11.9, 4.78, "nearest real sample", 18, figures.REAL, ha="right")
    apart = ", ".join(f"{one:.2f}" for one in distance)
    return Drawing(figure, f"{len(x)} fakes of a {kind} generator of {subject} with "
                           f"{models.parameters(shipped(name)):,} weights, not selected. Beside "
                           "the last of each row stands the nearest of the "
                           f"{len(samples):,} training samples; root mean squared differences: "
                           f"{apart}. The Fréchet distance of this generator is "
                           f"{about['scores']['frechet_distance']:.1f}.")


def beginning_digits_fc() -> Drawing:
    return _with_nearest("digits_2014")


def beginning_digits_conv() -> Drawing:
    return _with_nearest("digits")


def beginning_faces_fc() -> Drawing:
    return _with_nearest("faces_2014")


def beginning_faces_conv() -> Drawing:
    return _with_nearest("faces_2015")


PROGRESS = {  # title: a shipped generator, or what stands in its empty frame
    "2014\nfully connected": "faces_2014", "2015\nDCGAN": "faces_2015",
    "this course\n32 px": "faces", "this course\n64 px": "faces64"}
TO_COME = ("2016", "2017", "2018")


def progress() -> Drawing:
    figure, axes = board()
    told, width = [], 1.98
    for number, (title, name) in enumerate(PROGRESS.items()):
        left, about = 0.06 + width * number, checkpoints.card(name)
        scores, game = about["scores"], about["game"]
        for place, fake in enumerate(fakes(name, 9, seed=5)):
            row, across = divmod(place, 3)
            picture(axes, fake, left + 0.62 * across, 3.48 - 0.62 * row, 0.6, figures.FAKE)
        middle = left + 0.92
        words(axes, middle, 4.56, title, 17, linespacing=1.3)
        words(axes, middle, 1.86, f"distance {scores['frechet_distance']:,.0f}", 17,
              weight="bold")
        words(axes, middle, 1.5, f"(floor {scores['frechet_distance_of_two_real_halves']:.0f})", 15)
        words(axes, middle, 0.94, f"{about['steps']:,} steps\nof {game['batch_size']} pictures\n"
                                  f"{about['cpu_seconds'] / 60:.0f} CPU minutes", 14,
              linespacing=1.25)
        told.append(f"{' '.join(title.split())}: {scores['frechet_distance']:.0f} after "
                    f"{about['steps']:,} steps of {game['batch_size']} pictures and "
                    f"{about['cpu_seconds']} CPU-seconds, floor "
                    f"{scores['frechet_distance_of_two_real_halves']:.0f}")
    for number, year in enumerate(TO_COME):
        left = 0.06 + width * len(PROGRESS) + 1.35 * number
        box(axes, left, 2.24, 1.22, 1.84, f"{year}:\nnotebook\nto come", line=":", size=16)
    words(axes, 6.0, 0.16, "Fréchet distance: smaller is better; floor: one half of the real faces "
                           "against the other", 14)
    return Drawing(figure, "Nine fakes each of four generators of faces made on the course's "
                           "own machines, not selected, and their Fréchet distance: "
                           f"{'; '.join(told)}. "
                           f"{len(TO_COME)} empty frames: {', '.join(TO_COME)}, notebooks to come.")


FIGURES = {make.__name__: make for make in (
    beginning_digits_fc, beginning_digits_conv, beginning_faces_fc, beginning_faces_conv,
    progress)}
