"""How good the fakes are after so many seconds of computing, against the textbook loop.

Every training is a process of its own with one thread, as many at a time as there are cores. Its
clock is CPU time, and stops while the fakes are scored: a busy machine changes it little.

Both recipes train on four fifths of the digits. The rest is held out, to see whether fakes lie
nearer to the pictures that D was shown than to others: whether G copies.
"""

from __future__ import annotations

import copy
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import torch

from bench import course, textbook
from bench.report import Figure, median
from gan_lib import checkpoints, data, latent, metrics

GPU = torch.device("cuda", 0)
TITLE = "Quality: Fréchet distance and other scores against computing time"
SECONDS = (5, 10, 20, 60, 120)  # of CPU time, on one thread
FACE_SECONDS = (30, 60, 120)
SEEDS, QUICK_SEEDS = 5, 2
EQUAL_IMAGES = (12_800, 38_400)  # at 32 px and batch 64: after so many pictures both are compared
FACE_BATCH = 32
FAKES = 2000
CLASSIFIERS = {("digits", 16): "digits16_classifier", ("digits", 32): "digits_classifier",
               ("faces", 32): "faces_classifier"}
QUESTIONS = {"digits": "digit", "faces": "hair_style"}
SCORES = {"fd": "frechet_distance", "precision": "precision", "recall": "recall",
          "confident": "confident_share", "smallest_class_share": "smallest_class_share"}
RECIPES = ("course", "textbook")
MOUTH = ("smile", "mouth_open")


def key(prefix: str, score: str, mark: str, recipe: str, which: str) -> str:
    """Return the name of a figure: the course's own stand without "course"."""
    return f"{prefix}_{score}{mark}{'_textbook' * (recipe == 'textbook')}_{which}"


DIGIT_KEYS = tuple(key("digits16", score, f"_{second}s", recipe, "median")
                   for recipe in RECIPES for second in SECONDS for score in SCORES)
WORST_KEYS = ("digits16_fd_5s_worst", "digits16_fd_20s_worst", "digits16_precision_20s_worst",
              "digits16_smallest_class_share_worst")
FACE_KEYS = (*(f"faces32_fd_{second}s_median" for second in FACE_SECONDS),
             "faces32_precision_120s_median", "faces32_recall_120s_median",
             "faces32_attribute_factor_120s_worst", "faces32_mouth_factor_120s_worst")
HISTOGRAM_KEYS = tuple(key("digits16", f"class_{digit}_share", "_20s", recipe, "median")
                       for recipe in RECIPES for digit in range(10))
COPY_KEYS = ("digits16_copy_share_median", "digits16_copy_share_expected",
             "digits16_copy_distance_ratio_median")
EQUAL_KEYS = (*(key("equal_images_32px", score, f"_{images}", recipe, "median")
                for recipe in RECIPES for images in EQUAL_IMAGES for score in SCORES),
              "equal_images_32px_fd_ratio")
GPU_KEY = "faces32_gpu_s_to_cpu_120s_quality"
KEYS = ("digits16_fd_floor", "faces32_fd_floor", "digits16_seeds", *DIGIT_KEYS, *HISTOGRAM_KEYS,
        *WORST_KEYS, *COPY_KEYS, *FACE_KEYS, *EQUAL_KEYS, GPU_KEY)


@dataclass(frozen=True)
class Run:
    """One training: what on, by which recipe, and when to score (CPU seconds, or pictures)."""

    data: str
    size: int
    recipe: str
    seed: int
    marks: tuple[float, ...]
    by_images: bool = False
    batch_size: int = 64

    @property
    def classifier(self) -> str:
        return CLASSIFIERS[self.data, self.size]


# --- One training, in a process of its own ------------------------------------------------------

def train(run: Run) -> list[dict]:
    """Train and return the scores at each mark of the run."""
    torch.set_num_threads(1)
    samples = data.load(run.data, size=run.size, device="cpu")
    shown, held_out = samples.split(0.8) if run.data == "digits" else (samples, None)
    play = play_course if run.recipe == "course" else play_textbook
    return [scores(run, G, samples, shown, held_out) for G in play(run, shown)]


def play_course(run: Run, shown: data.Images) -> Iterator[torch.nn.Module]:
    """Play the course's game; yield its averaged G at each mark."""
    game = course.game(shown, run.batch_size, run.seed)
    for _ in marks(run, game.step, time.process_time):
        game.read()
        yield game.average


def play_textbook(run: Run, shown: data.Images) -> Iterator[torch.nn.Module]:
    """Play the textbook loop; yield its G, in the mode for use, at each mark."""
    # At 32 px as in throughput.py; at 16 px half as wide, which is better after 20 seconds.
    z_dim, width = (64, 32) if run.size == 16 else (100, 64)
    with textbook.TextbookGame(shown, z_dim, width, run.batch_size, seed=run.seed) as book:
        for _ in marks(run, book.step, book.cpu_seconds):
            yield copy.deepcopy(book.G).eval()


def marks(run: Run, step: Callable[[], None], clock: Callable[[], float]) -> Iterator[None]:
    """Take steps, and yield at each mark; what the caller does then costs no time."""
    done, start = 0.0, clock()
    for mark in run.marks:
        while done < mark:
            step()
            done = done + run.batch_size if run.by_images else clock() - start
        yield
        if not run.by_images:
            start = clock() - done


@torch.no_grad()
def scores(run: Run, G, samples: data.Images, shown: data.Images,
           held_out: data.Images | None) -> dict:
    """Return all scores of G: metrics.scores, each answer's share, and the distances of copies."""
    classifier = checkpoints.load(run.classifier).cpu()
    z = latent.draw(FAKES, G.z_dim, seed=1, device="cpu")
    fakes = torch.cat([G(part) for part in z.split(250)]).float()
    real = samples.scaled()[:FAKES]
    found = metrics.scores(classifier, real, fakes, QUESTIONS[run.data])
    shares = {question: metrics.class_shares(classifier, fakes, question)
              for question in classifier.answers}
    found["histogram"] = shares[QUESTIONS[run.data]].tolist()
    found["factors"] = {question: factor(metrics.class_shares(classifier, real, question), share)
                        for question, share in shares.items()}
    if held_out is not None:
        found["copies"] = copies(fakes, shown.scaled(), held_out.scaled())
    return found


def factor(real: torch.Tensor, fake: torch.Tensor) -> float:
    """Return by which factor the shares of fakes differ from the real ones, at the worst answer."""
    ratio = fake.clamp(min=1e-3) / real
    return torch.maximum(ratio, 1 / ratio).max().item()


def copies(x: torch.Tensor, shown: torch.Tensor, held_out: torch.Tensor) -> dict[str, float]:
    """Return how near x lies to the pictures that D was shown, beside those held out from it.

    "share": of x, how many have a shown picture as their nearest. Without copying it is the share
    of shown pictures among all; for copies it is 1. "ratio": the median distance to the nearest
    shown picture, in units of that of the held-out pictures. For copies it is 0.
    """
    _, to_shown = metrics.nearest(x, shown)
    _, to_held_out = metrics.nearest(x, held_out)
    _, between_real = metrics.nearest(held_out, shown)
    return {"share": (to_shown < to_held_out).float().mean().item(),
            "ratio": (to_shown.median() / between_real.median()).item()}


# --- All trainings ------------------------------------------------------------------------------

def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS. `quick`: two seeds of the digits, up to 20 seconds."""
    yield floor("digits16_fd_floor", "digits", 16)
    yield floor("faces32_fd_floor", "faces", 32)
    seeds = range(QUICK_SEEDS if quick else SEEDS)
    seconds = SECONDS[:3] if quick else SECONDS
    runs = [Run("digits", 16, recipe, seed, seconds) for recipe in RECIPES for seed in seeds]
    if not quick:
        runs += [Run("faces", 32, "course", seed, FACE_SECONDS, batch_size=FACE_BATCH)
                 for seed in seeds]
        runs += [Run("digits", 32, recipe, seed, EQUAL_IMAGES, by_images=True)
                 for recipe in RECIPES for seed in seeds]
    found = train_all(runs)
    measured = {figure.key: figure for figure in (
        Figure("digits16_seeds", len(seeds)), *digit_figures(found, seconds, len(seeds)),
        *copy_figures(at(found, "digits", 16, "course", SECONDS[-1])), *face_figures(found),
        *equal_figures(found), *gpu_figures(found))}
    for name in KEYS[2:]:
        yield measured.get(name, Figure(name, None, note="left out by --quick"))


def gpu_figures(found) -> Iterator[Figure]:
    """Yield how long the faces take on a GPU to be as good as after 120 CPU-seconds."""
    results = at(found, "faces", 32, "course", FACE_SECONDS[-1])
    if not torch.cuda.is_available():
        yield Figure(GPU_KEY, None, note="no GPU: not measured")
    elif results:
        target = statistics.median(result["frechet_distance"] for result in results)
        seconds = [seconds_to_reach(target, GPU, seed) for seed in range(SEEDS)]
        if None in seconds:
            yield Figure(GPU_KEY, None, unit="s", at_most=10,
                         note=f"not reached in time by {seconds.count(None)} of {SEEDS} seeds")
        else:
            yield median(GPU_KEY, seconds, unit="s", at_most=10)


def seconds_to_reach(target: float, device: torch.device, seed: int, steps: int = 100,
                     limit: float = 120.0) -> float | None:
    """Return the seconds of training on `device` until faces have the Fréchet distance `target`.

    It is looked at every `steps` steps, outside the clock; None if `limit` seconds do not do.
    """
    samples = data.load("faces", size=32, device=device)
    classifier = checkpoints.load("faces_classifier").to(device)
    wanted = metrics.features(classifier, samples.scaled()[:FAKES])
    game = course.game(samples, FACE_BATCH, seed)
    z, seconds = latent.draw(FAKES, game.G.z_dim, seed=1, device=device), 0.0
    while seconds < limit:
        start = time.perf_counter()
        game.play(steps=steps, progress=False)  # ends with reading the losses: the GPU is done
        seconds += time.perf_counter() - start
        fakes = torch.cat([game.fakes(part) for part in z.split(250)])
        if metrics.frechet_distance(wanted, metrics.features(classifier, fakes)) <= target:
            return seconds
    return None


def train_all(runs: list[Run]) -> dict[Run, list[dict]]:
    """Train all runs, as many at a time as there are cores; the longest first, A B A B."""
    runs = sorted(runs, key=lambda run: (-run.marks[-1], run.seed, run.recipe))
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return dict(zip(runs, pool.map(train, runs)))


def floor(name: str, kind: str, size: int) -> Figure:
    """Return the distance between two halves of the real pictures, mixed at random."""
    first, second = data.load(kind, size=size, device="cpu").split(0.5)
    classifier = checkpoints.load(CLASSIFIERS[kind, size]).cpu()
    distance = metrics.frechet_distance(metrics.features(classifier, first.scaled()),
                                        metrics.features(classifier, second.scaled()))
    return Figure(name, distance, note=f"two halves of the real ones, {len(first)} each")


def at(found: dict[Run, list[dict]], kind: str, size: int, recipe: str, mark: float) -> list[dict]:
    """Return the scores of all seeds at one mark."""
    return [results[run.marks.index(mark)] for run, results in found.items()
            if (run.data, run.size, run.recipe) == (kind, size, recipe) and mark in run.marks]


def digit_figures(found, seconds: tuple[float, ...], seeds: int) -> Iterator[Figure]:
    """Yield the medians of both recipes, their class histograms, and the course's worst seeds."""
    note = f"{seeds} seeds"
    for recipe in RECIPES:
        for second in seconds:
            results = at(found, "digits", 16, recipe, second)
            for short, score in SCORES.items():
                yield median(key("digits16", short, f"_{second}s", recipe, "median"),
                             [result[score] for result in results], note=note)
        histograms = [result["histogram"] for result in at(found, "digits", 16, recipe, 20)]
        for digit, shares in enumerate(zip(*histograms)):
            yield median(key("digits16", f"class_{digit}_share", "_20s", recipe, "median"), shares,
                         note="0.1: as often as it should")
    first, last = at(found, "digits", 16, "course", 5), at(found, "digits", 16, "course", 20)
    yield worst(WORST_KEYS[0], max, first, "frechet_distance", at_most=10, note=note)
    yield worst(WORST_KEYS[1], max, last, "frechet_distance", at_most=4, note=note)
    yield worst(WORST_KEYS[2], min, last, "precision", at_least=0.5, note=note)
    yield worst(WORST_KEYS[3], min, last, "smallest_class_share", at_least=0.03, note=note)


def worst(name: str, choose: Callable, results: list[dict], score: str, **more) -> Figure:
    return Figure(name, choose(result[score] for result in results), **more)


def copy_figures(results: list[dict]) -> Iterator[Figure]:
    """Yield whether the fakes of the longest training are copies of what D was shown."""
    if not results:
        return
    yield median(COPY_KEYS[0], [result["copies"]["share"] for result in results],
                 note="of fakes: the nearest digit is one that D was shown; 1: copies")
    shown, held_out = data.load("digits", size=16, device="cpu").split(0.8)
    yield Figure(COPY_KEYS[1], len(shown) / (len(shown) + len(held_out)), note="without copying")
    yield median(COPY_KEYS[2], [result["copies"]["ratio"] for result in results],
                 note="fakes to shown digits / held-out digits to shown ones; 0: copies")


def face_figures(found) -> Iterator[Figure]:
    """Yield the distances of faces, and how well every attribute's histogram fits."""
    if not at(found, "faces", 32, "course", FACE_SECONDS[-1]):
        return
    for second in FACE_SECONDS:
        results = at(found, "faces", 32, "course", second)
        yield median(f"faces32_fd_{second}s_median",
                     [result["frechet_distance"] for result in results],
                     at_most=100 if second == 120 else None)
    for short in ("precision", "recall"):
        yield median(f"faces32_{short}_120s_median", [result[short] for result in results])
    for name, questions in (("attribute", results[0]["factors"]), ("mouth", MOUTH)):
        factors = {question: max(result["factors"][question] for result in results)
                   for question in questions}
        hardest = max(factors, key=factors.get)
        yield Figure(f"faces32_{name}_factor_120s_worst", factors[hardest], at_most=2,
                     note=f"of all seeds; {hardest}")


def equal_figures(found) -> Iterator[Figure]:
    """Yield the scores of both recipes after the same number of pictures at 32 px."""
    if not at(found, "digits", 32, "course", EQUAL_IMAGES[-1]):
        return
    distances = {}
    for recipe in RECIPES:
        for images in EQUAL_IMAGES:
            results = at(found, "digits", 32, recipe, images)
            for short, score in SCORES.items():
                yield median(key("equal_images_32px", short, f"_{images}", recipe, "median"),
                             [result[score] for result in results])
            distances[recipe] = statistics.median(result["frechet_distance"]
                                                  for result in results)
    yield Figure("equal_images_32px_fd_ratio", distances["course"] / distances["textbook"],
                 at_most=1, note=f"course / textbook after {EQUAL_IMAGES[-1]:,} pictures each")

