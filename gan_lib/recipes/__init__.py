"""How the networks that ship with the course were trained: `python -m gan_lib.recipes NAME`.

NAME is one of the RECIPES, or `all`. The classifiers come first: they score the generators. Each
recipe writes NAME.safetensors, with its card inside, into gan_lib/trained.

A recipe has `steps` and `make(seed)`, which returns a network and its card: what it was made from
("arguments", for `checkpoints`), "data" and "scores", and what else a reader should know.
"""

from __future__ import annotations

import time

import torch

from gan_lib import checkpoints, checks, device
from gan_lib.recipes import (
    bias,
    class_lesson,
    classifiers,
    conditioned,
    few_pictures,
    generators,
    heads,
    race,
    stages,
    words,
)

RECIPES = {**classifiers.RECIPES, **generators.RECIPES, **conditioned.RECIPES,
           **class_lesson.RECIPES, **race.RECIPES, **words.RECIPES, **heads.RECIPES,
           **bias.RECIPES, **few_pictures.RECIPES, **stages.RECIPES}


def make(name: str, seed: int = 0) -> None:
    """Train the network called `name` and store it with its card in the course."""
    recipe = RECIPES[checks.one_of("name", name, RECIPES)]
    wall, cpu = time.perf_counter(), time.process_time()
    network, about = recipe.make(seed)
    about = {"made_by": f"python -m gan_lib.recipes {name}", "seed": seed, "steps": recipe.steps,
             **about, "wall_seconds": round(time.perf_counter() - wall),
             "cpu_seconds": round(time.process_time() - cpu), "machine": machine(),
             "licence": "CC BY 4.0"}
    print(checkpoints.save(name, network, about.pop("arguments"), about), about["scores"])


def machine() -> str:
    """Return what this ran on, in a few words."""
    where = device.best()
    name = torch.cuda.get_device_name(where) if where.type == "cuda" else device.processor_name()
    version = torch.__version__.split("+")[0]
    return f"{name}, threads: {torch.get_num_threads()}, torch {version}"
