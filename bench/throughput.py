"""How many pictures a second go through the game, against the textbook loop in the same run.

All ratios come from short turns taken one after the other, so that a busy machine slows both
sides. Three games take part:
- textbook: the textbook loop in float32 (see textbook.py);
- same: the textbook's networks and its Adam, played by the course's `Game` without R1;
- course: the course's own networks and recipe (see course.py). Whether they are as good is for
  quality.py to say.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from bench import course, textbook
from bench.report import Figure, median
from gan_lib import data, training
from gan_lib.device import has_bfloat16, threads

TITLE = "Throughput: pictures a second through one step of D and one of G"
CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)
TURN = 1.0  # seconds that one turn of one game takes at least
# A textbook's sizes. At 32 px: 1.07 million parameters in G, 0.66 million in D.
Z_DIM, WIDTH = 100, 64


@dataclass(frozen=True)
class Case:
    """One comparison on the CPU."""

    size: int
    batch_size: int = 64
    all_threads: bool = False

    @property
    def suffix(self) -> str:
        batch = "" if self.batch_size == 64 else f"_b{self.batch_size}"
        return f"_{self.size}px{batch}{'_all_threads' * self.all_threads}"

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(f"throughput_{name}{self.suffix}" for name in (
            "same_ratio", "course_ratio", "textbook_images_s", "same_images_s",
            "course_images_s"))


HEADLINE = Case(32)
CASES = (HEADLINE, *(case for all_threads in (False, True) for batch_size in (64, 128)
                     for size in (16, 32, 64)
                     if (case := Case(size, batch_size, all_threads)) != HEADLINE))
SHARE_KEYS = ("conv_peak_share_32px", "conv_peak_share_textbook_32px", "conv_peak_gflop_s",
              "conv_peak_textbook_gflop_s")
GPU_KEYS = ("throughput_gpu_ratio_64px_b128", "throughput_gpu_same_ratio_64px_b128")
KEYS = (*(key for case in CASES for key in case.keys), *SHARE_KEYS, *GPU_KEYS)


def textbook_game(samples: data.Images, batch_size: int) -> textbook.TextbookGame:
    """Return the textbook loop."""
    return textbook.TextbookGame(samples, Z_DIM, WIDTH, batch_size)


def same_game(samples: data.Images, batch_size: int) -> training.Game:
    """Return the course's game with the textbook's networks, learning rate and betas."""
    D, G = textbook.networks(samples.size, samples.channels, Z_DIM, WIDTH)
    return training.Game(D, G, samples, batch_size, textbook.LR, textbook.BETAS, r1=0)


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of KEYS. `quick` measures only 32 px, batch 64, one thread."""
    for case in CASES:
        if quick and case != HEADLINE:
            yield from not_measured(case.keys, "left out by --quick")
        else:
            with threads((os.cpu_count() or 1) if case.all_threads else 1):
                yield from compare(case, rounds=7 if case == HEADLINE and not quick else 3)
    with threads(1):
        yield from peak_shares(rounds=3 if quick else 7)
    yield from compare_on_gpu()


def compare(case: Case, rounds: int) -> Iterator[Figure]:
    """Yield ratios and pictures a second of the three games in one case."""
    times = take_turns(pictures(case.size, CPU), case.batch_size, rounds)
    for name in ("same", "course"):
        key = f"throughput_{name}_ratio{case.suffix}"
        yield median(key, ratios(times, name), unit="x", at_least=goal(key))
    for name, seconds in times.items():
        yield median(f"throughput_{name}_images_s{case.suffix}",
                     [case.batch_size / second for second in seconds], unit="images/s")


def compare_on_gpu() -> Iterator[Figure]:
    """Yield the ratios at 64 px and batch 128 on the GPU, if there is one."""
    if not torch.cuda.is_available():
        yield from not_measured(GPU_KEYS, "no GPU: not measured")
        return
    times = take_turns(pictures(64, GPU), batch_size=128, rounds=7)
    for key, name in zip(GPU_KEYS, ("course", "same")):
        yield median(key, ratios(times, name), unit="x", at_least=goal(key),
                     note=torch.cuda.get_device_name(GPU))


def goal(key: str) -> float | None:
    """Return what a ratio should at least be. Without bfloat16 instructions less is possible."""
    bfloat16 = has_bfloat16(CPU)
    goals = {"throughput_same_ratio_32px": 2.0 if bfloat16 else 1.25,
             "throughput_course_ratio_32px": 4.0 if bfloat16 else 2.5,
             "throughput_gpu_ratio_64px_b128": 5.0}
    return goals.get(key, 1.0)


def not_measured(keys: tuple[str, ...], why: str) -> list[Figure]:
    return [Figure(key, None, note=why) for key in keys]


@cache
def pictures(size: int, device: torch.device) -> data.Images:
    """Return the pictures that all games of one size play with."""
    if size == 64:
        return data.load("faces", size=64, n=1000, device=device)
    return data.load("digits", size=size, device=device)


def take_turns(samples: data.Images, batch_size: int, rounds: int) -> dict[str, list[float]]:
    """Let the games play in turns; return the seconds of a step in each round: {game: [...]}."""
    with textbook_game(samples, batch_size) as book:
        players = {"textbook": turn_of_textbook(book),
                   "same": turn_of_game(same_game(samples, batch_size)),
                   "course": turn_of_game(course.game(samples, batch_size))}
        times = {name: [] for name in players}
        for _ in range(rounds):
            for name, turn in players.items():
                times[name].append(turn())
    return times


def ratios(times: dict[str, list[float]], name: str) -> list[float]:
    """Return, round by round, how many times as fast as the textbook a game was."""
    return [book / own for book, own in zip(times["textbook"], times[name])]


def turn_of_textbook(game: textbook.TextbookGame):
    def play(steps: int) -> None:
        for _ in range(steps):
            game.step()
    return timed_turn(play, game.device)


def turn_of_game(game: training.Game):
    # A turn of whole cycles has as many steps with R1 as the recipe asks for.
    return timed_turn(lambda steps: game.play(steps=steps, progress=False), game.device,
                      cycle=game.r1_every if game.r1 else 1)


def timed_turn(play, device: torch.device, cycle: int = 1, at_least: float | None = None):
    """Warm `play(steps)` up; return a function that plays a turn and returns seconds a step.

    A turn takes `at_least` so many seconds, TURN if it is None.
    """
    def seconds_a_step(steps: int) -> float:
        synchronise(device)
        start = time.perf_counter()
        play(steps)
        synchronise(device)
        return (time.perf_counter() - start) / steps

    seconds_a_step(cycle)  # the first steps allocate memory and choose algorithms
    steps = cycle * math.ceil((at_least or TURN) / seconds_a_step(cycle) / cycle)
    return lambda: seconds_a_step(steps)


def synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


# --- The share of the convolution peak ----------------------------------------------------------

# Layers of GANs, and larger ones: channels in and out, kernel, stride, side of the picture.
PEAK_LAYERS = ((64, 128, 4, 2, 16), (128, 256, 4, 2, 8), (64, 64, 3, 1, 16), (128, 128, 3, 1, 8),
               (64, 64, 3, 1, 32), (128, 128, 3, 1, 16), (256, 256, 3, 1, 16),
               (512, 512, 3, 1, 8))


def peak_shares(rounds: int) -> Iterator[Figure]:
    """Yield which share of the machine's convolution peak each game's arithmetic reaches."""
    samples = pictures(32, CPU)
    dtype = torch.bfloat16 if has_bfloat16(CPU) else torch.float32
    game = same_game(samples, 64)
    with textbook_game(samples, 64) as book:
        same = share_of_peak(game.step, turn_of_game(game), dtype)
        textbook = share_of_peak(book.step, turn_of_textbook(book), torch.float32)
        found = [(*same(), *textbook()) for _ in range(rounds)]
    share, peak, book_share, book_peak = zip(*found)
    yield median(SHARE_KEYS[0], share, at_least=0.75, note=f"same networks, {dtype}")
    yield median(SHARE_KEYS[1], book_share, note=f"{torch.float32}")
    how = "forward and backward, one thread"
    yield median(SHARE_KEYS[2], peak, unit="GFLOP/s", note=f"{dtype}, {how}")
    yield median(SHARE_KEYS[3], book_peak, unit="GFLOP/s", note=f"{torch.float32}, {how}")


def share_of_peak(step, turn, dtype: torch.dtype):
    """Return a function that measures (the share of the peak that `turn` reaches, the peak).

    The peak, in GFLOP/s, is the rate of the machine's fastest convolution, forward and backward,
    as training needs both. Matrix products would mislead: on some processors they run at half of
    that rate.
    """
    work = flops(step)
    peak_turn, peak_work = fastest_convolution(dtype)

    def measure() -> tuple[float, float]:
        peak = peak_work / peak_turn()
        return work / turn() / peak, peak / 1e9
    return measure


def fastest_convolution(dtype: torch.dtype):
    """Return the fastest of PEAK_LAYERS, in the better memory layout: (its turn, its FLOPs)."""
    candidates = []
    for layer in PEAK_LAYERS:
        for layout in (torch.contiguous_format, torch.channels_last):
            train = convolution(*layer, dtype, layout)
            work, turn = flops(train), timed_turn(repeated(train), CPU, at_least=0.3)
            candidates.append((work / turn(), turn, work))
    _, turn, work = max(candidates, key=lambda candidate: candidate[0])
    return turn, work


def convolution(inside: int, outside: int, kernel: int, stride: int, side: int,
                dtype: torch.dtype, layout: torch.memory_format):
    """Return a function that passes a batch of 64 through a convolution, there and back."""
    layer = nn.Conv2d(inside, outside, kernel, stride, padding=1)
    layer.to(dtype=dtype, memory_format=layout)
    x = torch.randn(64, inside, side, side, dtype=dtype).to(memory_format=layout)
    x.requires_grad_(True)
    back = torch.randn_like(layer(x))

    def train() -> None:
        layer.zero_grad()
        x.grad = None
        layer(x).backward(back)
    return train


def repeated(function):
    def play(times: int) -> None:
        for _ in range(times):
            function()
    return play


def flops(function) -> int:
    """Return how many floating-point operations torch counts in one call of `function`."""
    with FlopCounterMode(display=False) as counter:
        function()
    return counter.get_total_flops()
