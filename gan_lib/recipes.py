"""How the networks that ship with the course were trained: `python -m gan_lib.recipes NAME`.

NAME is one of the RECIPES below, or `all`. The classifiers come first: they score the
generators. Each recipe writes NAME.safetensors, with its card inside, into gan_lib/trained.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from gan_lib import checkpoints, checks, data, device, latent, metrics, models, training

SCORED = 2000  # fakes, and real samples, behind the scores on a card

# Questions that the face classifier answers: an attribute, and where its range is cut.
FACE_QUESTIONS = {"skin": None, "hair_style": None, "hair_colour": None, "glasses": None,
                  "hat": None, "shirt": None, "background": None, "smile": (-0.15, 0.35),
                  "mouth_open": (0.4,), "gaze_x": (-0.3, 0.3), "turn": (-0.3, 0.3),
                  "tilt": (-5.0, 5.0)}


@dataclass(frozen=True)
class ClassifierRecipe:
    """How a classifier was trained, on fresh samples of `data` of `size`."""

    data: str
    size: int
    width: int
    steps: int
    samples: int | None = None  # None: all there are
    batch_size: int = 128
    lr: float = 1e-3


@dataclass(frozen=True)
class GeneratorRecipe:
    """How a generator was trained: the arguments of the networks and of the game.

    `kind` is "Conv" or "FullyConnected"; `after` is the paper it follows, and how it differs.
    """

    data: str
    size: int
    classifier: str
    question: str
    steps: int
    generator: dict
    discriminator: dict
    game: dict
    samples: int | None = None
    kind: str = "Conv"
    after: str = ""


# The game as it was played before R1 and averages of G: with the settings of Radford et al., 2015.
EARLY_GAME = {"lr": 2e-4, "betas": (0.5, 0.999), "r1": 0.0, "decay": 0.0}
AFTER_2014 = ("Goodfellow et al., 2014: a small version. Fully connected G and D; here with leaky "
              "ReLU where they had maxout, ReLU and sigmoid, without dropout, and with Adam")
AFTER_2015 = ("Radford et al., 2015 (DCGAN): a small version. Batch norm in G and D and no hidden "
              "layer; here with leaky ReLU in both and a quarter of the feature maps.")


RECIPES = {
    "digits_classifier": ClassifierRecipe("digits", 32, width=16, steps=1500),
    "digits16_classifier": ClassifierRecipe("digits", 16, width=16, steps=1500),
    "faces_classifier": ClassifierRecipe("faces", 32, width=24, steps=5000, samples=30_000),
    "digits": GeneratorRecipe(
        "digits", 32, "digits_classifier", "digit", steps=12_000,
        generator={"z_dim": 16}, discriminator={},
        game={"batch_size": 32, "decay": 0.998, "bfloat16": True}),
    "faces": GeneratorRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=20_000, samples=30_000,
        generator={"z_dim": 32}, discriminator={},
        game={"batch_size": 64, "r1": 2.0, "decay": 0.998, "bfloat16": True}),
    "faces64": GeneratorRecipe(
        "faces", 64, "faces_classifier", "hair_style", steps=30_000, samples=30_000,
        generator={"z_dim": 32, "width": 16, "up": "resize"}, discriminator={"width": 16},
        game={"batch_size": 32, "r1": 4.0, "decay": 0.998, "bfloat16": True}),
    "digits_2014": GeneratorRecipe(
        "digits", 32, "digits_classifier", "digit", steps=12_000, kind="FullyConnected",
        generator={"z_dim": 16, "width": 256}, discriminator={"width": 256},
        game={"batch_size": 32, "decay": 0.998, "bfloat16": True},
        after=f"{AFTER_2014}; R1 and the mean of G, since without them it lost four digits."),
    "faces_2014": GeneratorRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=20_000, samples=30_000,
        kind="FullyConnected", generator={"z_dim": 32, "width": 112}, discriminator={"width": 112},
        game={**EARLY_GAME, "batch_size": 64}, after=f"{AFTER_2014}."),
    "faces_2015": GeneratorRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=5_000, samples=30_000,
        generator={"z_dim": 32, "hidden": 0, "batch_norm": True},
        discriminator={"hidden": 0, "batch_norm": True},
        game={**EARLY_GAME, "batch_size": 32, "bfloat16": True}, after=AFTER_2015),
}


def answers(samples: data.Images) -> dict[str, torch.Tensor]:
    """Return the right answers to the classifier's questions: {question: int64 (N,)}."""
    if not isinstance(samples, data.Faces):
        return {"digit": samples.labels}
    found = {}
    for question, cuts in FACE_QUESTIONS.items():
        value = samples.attributes[question]
        found[question] = value if cuts is None else torch.bucketize(
            value, torch.tensor(cuts, device=value.device))
    return found


def make_classifier(recipe: ClassifierRecipe, seed: int = 0) -> tuple[models.Classifier, dict]:
    """Train a classifier; return it and its card, with the accuracy on held-out samples."""
    torch.manual_seed(seed)
    samples = data.load(recipe.data, size=recipe.size, n=recipe.samples, seed=seed)
    train, held_out = samples.split(0.9, seed)
    right = answers(train)
    arguments = {"questions": {name: int(value.max()) + 1 for name, value in right.items()},
                 "size": recipe.size, "channels": samples.channels, "width": recipe.width}
    network = models.Classifier(**arguments).to(samples.device)
    optimizer = torch.optim.Adam(network.parameters(), recipe.lr)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.lr, recipe.steps)
    for _ in range(recipe.steps):
        chosen = torch.randint(len(train), (recipe.batch_size,), device=samples.device)
        logits = network(train.scaled(chosen))
        loss = sum(F.cross_entropy(logits[name], value[chosen]) for name, value in right.items())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    accuracy = accuracies(network.eval(), held_out)
    return network, {"data": repr(samples), "arguments": arguments,
                     "scores": {"held_out_accuracy": accuracy}}


@torch.no_grad()
def accuracies(network: models.Classifier, samples: data.Images) -> dict[str, float]:
    """Return the share of right answers to each question."""
    x = samples.scaled()
    return {name: round((metrics.probabilities(network, x, name).argmax(1) == value)
                        .float().mean().item(), 4) for name, value in answers(samples).items()}


def make_generator(recipe: GeneratorRecipe, seed: int = 0) -> tuple[models.Generator, dict]:
    """Train a generator; return it and its card."""
    torch.manual_seed(seed)
    samples = data.load(recipe.data, size=recipe.size, n=recipe.samples, seed=seed)
    common = {"size": recipe.size, "channels": samples.channels}
    arguments = {**recipe.generator, **common}
    D, G = (getattr(models, recipe.kind + player) for player in ("Discriminator", "Generator"))
    game = training.Game(D(**recipe.discriminator, **common), G(**arguments), samples, seed=seed,
                         **recipe.game)
    for group in (game.optimizer_D, game.optimizer_G):  # a slow end settles the details
        group.schedule = torch.optim.lr_scheduler.LambdaLR(
            group, lambda step: min(1.0, 2 * (1 - step / recipe.steps)))
    for _ in range(recipe.steps):
        game.step()
        game.optimizer_D.schedule.step()
        game.optimizer_G.schedule.step()
        if game.steps % 1000 == 0:
            game.read()
            print(game.steps, score(recipe, game.average, samples), flush=True)
    game.read()
    about = {"seed": seed, "data": repr(samples), "steps": recipe.steps,
             "discriminator": recipe.discriminator, "game": recipe.game, "arguments": arguments,
             "scored_by": f"{recipe.classifier}, which looks at {judge_size(recipe)} px",
             "scores": score(recipe, game.average, samples)}
    if recipe.after:
        about["after"] = recipe.after
    return game.average, about


def judge_size(recipe: GeneratorRecipe) -> int:
    """Return the side of the pictures that the recipe's classifier looks at, in pixels."""
    return checkpoints.card(recipe.classifier)["arguments"]["size"]


@torch.no_grad()
def score(recipe: GeneratorRecipe, G, samples: data.Images) -> dict[str, float]:
    """Return G's scores against real samples, and the floor: one half of them against another."""
    classifier = checkpoints.load(recipe.classifier)
    real = metrics.fitted(classifier, data.to_float(samples.images[:2 * SCORED]))
    z = latent.draw(min(SCORED, len(real)), G.z_dim, seed=1, device=samples.device)
    fakes = metrics.fitted(classifier, torch.cat([G(part) for part in z.split(256)]))
    found = metrics.scores(classifier, real[:SCORED], fakes, recipe.question)
    mixed = real[data.shuffled(len(real), seed=0)]
    floor = metrics.frechet_distance(*(metrics.features(classifier, half)
                                       for half in mixed.chunk(2)))
    return {key: round(value, 4) for key, value in {
        **found, "frechet_distance_of_two_real_halves": floor}.items()}


def make(name: str, seed: int = 0) -> None:
    """Train the network called `name` and store it with its card in the course."""
    recipe = RECIPES[checks.one_of("name", name, RECIPES)]
    wall, cpu = time.perf_counter(), time.process_time()
    build = make_classifier if isinstance(recipe, ClassifierRecipe) else make_generator
    network, about = build(recipe, seed)
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


if __name__ == "__main__":
    for wanted in RECIPES if sys.argv[1:] == ["all"] else sys.argv[1:] or [""]:
        make(wanted)
