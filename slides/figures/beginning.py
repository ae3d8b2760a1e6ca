"""How it began, and how it went on: fakes of networks as of 2014, 2015 and of this course."""

from __future__ import annotations

from gan_lib import checkpoints, figures, models
from slides.figures import Drawing
from slides.figures.sketch import arrow, board, fakes, nearest, picture, real, shipped, words

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


PROGRESS = {  # title: a generator of the race in notebook 09
    "2014\nfully connected": "race_2014", "2015\nDCGAN": "race_2015", "2017\ngrowing": "race_2017",
    "2018\nstyles": "race_2018", "this course's\nrecipe": "race_course"}


def progress() -> Drawing:
    figure, axes = board()
    told, width, side = [], 2.4, 0.72
    for number, (title, name) in enumerate(PROGRESS.items()):
        left, about = 0.1 + width * number, checkpoints.card(name)
        found = sorted(run["frechet_distance"] for run in about["runs"])
        median, seconds = found[len(found) // 2], about["cpu_seconds"] / len(found)
        for place, fake in enumerate(fakes(name, 9, seed=5)):
            row, across = divmod(place, 3)
            picture(axes, fake, left + 0.74 * across, 3.3 - 0.74 * row, side, figures.FAKE)
        middle = left + 1.1
        words(axes, middle, 4.5, title, 18, linespacing=1.3)
        words(axes, middle, 1.42, f"distance {median:,.0f}", 18, weight="bold")
        words(axes, middle, 1.06, f"({found[0]:,.0f} to {found[-1]:,.0f})", 16)
        words(axes, middle, 0.7, f"{about['steps']:,} turns", 16)
        told.append(f"{' '.join(title.split())}: {median:.0f} ({found[0]:.0f} to "
                    f"{found[-1]:.0f}) after {about['steps']:,} turns and about {seconds:.0f} "
                    "CPU-seconds")
    floor = about["scores"]["frechet_distance_of_two_real_halves"]
    words(axes, 6.0, 0.16, f"Fréchet distance, median of {len(found)} seeds: smaller is better; "
                           f"one half of the real faces against the other: {floor:.0f}", 15)
    return Drawing(figure, "Nine fakes each of five kinds of generators of faces, trained for the "
                           "same time on one processor, not selected, and the median Fréchet "
                           f"distance of {len(found)} seeds: {'; '.join(told)}. "
                           f"Floor: {floor:.0f}.")


FIGURES = {make.__name__: make for make in (
    beginning_digits_fc, beginning_digits_conv, beginning_faces_fc, beginning_faces_conv,
    progress)}
