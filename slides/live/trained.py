"""What Python hands to the live slides in which networks run or learn."""

from __future__ import annotations

import base64
import functools

import torch
from torch import Tensor

from gan_lib import checkpoints, data, latent, metrics, models, page, training
from gan_lib.arena import LIMIT, NEAR

SLIDERS = 5
STOPS, STEPS = 5, 24      # of a walk: stops, and frames between two
SIZES = (8, 16, 32, 64)
DRAWS, SEARCH_STEPS = 64, 80
BATCH, SHOWN = 64, 300    # of the game in the plane: samples in a step, fakes that are shown
GAMES, GAME_STEPS = 3, 1500
FAR, COUNTED = 3, 200     # ends of a slider along a direction, and z on which it is counted
# The attributes that have a slider: (question to the classifier, the answers that count).
WANTED = {"glasses": ("glasses", (1, 2)), "smile": ("smile", (2,)), "hat": ("hat", (1, 2)),
          "bald": ("hair_style", (0,)), "dark skin": ("skin", (3, 4, 5))}


def game() -> dict:
    """Return two untrained networks, the ring's points, and the settings of the game.

    `z` is the noise of the fakes that are shown.
    """
    D, G = point_networks(2)
    ring = data.load("ring")
    return {"D": page.packed(D, half=False), "G": page.packed(G, half=False),
            "real": numbers(ring.scaled()[:2000]), "centres": numbers(ring.centres),
            "z": numbers(latent.draw(SHOWN, G.z_dim, 1)), "limit": LIMIT, "near": NEAR,
            "share": 0.02, "batch": BATCH, "side": 32, "measured": measured()}


def point_networks(seed: int) -> tuple[models.PointDiscriminator, models.PointGenerator]:
    """Return an untrained D and G with two hidden layers of 32."""
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        torch.manual_seed(seed)
        return models.PointDiscriminator(width=32), models.PointGenerator(z_dim=8, width=32)


@functools.cache
def measured() -> dict:
    """Play three games with the slide's settings; return the modes hit and the shares near one."""
    ring, modes, shares = data.load("ring"), [], []
    for seed in range(GAMES):
        played = training.Game(*point_networks(seed), ring, batch_size=BATCH, seed=seed)
        played.play(GAME_STEPS, progress=False)
        fakes = latent.look(played.G, latent.draw(SHOWN, played.G.z_dim, 1)).detach()
        modes.append(metrics.modes_hit(fakes, ring.centres, NEAR))
        nearest = torch.cdist(fakes, ring.centres.to(fakes.device)).min(1).values
        shares.append(round((nearest <= NEAR).float().mean().item(), 2))
    return {"steps": GAME_STEPS, "modes": modes, "shares": shares}


def scrub_digits() -> dict:
    """Return the z with which the sliders begin, and how many of its numbers have one."""
    return {"z": numbers(latent.draw(1, checkpoints.load("digits").z_dim, 18))[0],
            "count": SLIDERS}


@functools.cache
def scrub_faces() -> dict:
    """Return a z, five directions in noise that change an attribute, and what they change.

    "counts": of other z, the share with each attribute at both ends of each direction.
    """
    G = checkpoints.load("faces64")
    z, others = latent.draw(1500, G.z_dim, 7), latent.draw(COUNTED, G.z_dim, 8)
    found = {name: latent.attribute_direction(z, has) for name, has in attributes(G, z).items()}
    counts = [[[round(has.float().mean().item(), 2)
                for has in attributes(G, others + end * direction).values()]
               for end in (-FAR, FAR)] for direction in found.values()]
    return {"z": numbers(latent.draw(8, G.z_dim, 1))[1], "names": list(found),
            "directions": numbers(torch.stack(list(found.values()))), "counted": COUNTED,
            "counts": counts}


@torch.no_grad()
def attributes(G, z: Tensor) -> dict[str, Tensor]:
    """Return in which fakes of z the classifier sees each attribute: {name: bool (N,)}.

    It looks at 32 pixels: larger fakes are pooled.
    """
    classifier, seen = checkpoints.load("faces_classifier"), {name: [] for name in WANTED}
    for part in z.split(250):
        answers = classifier(metrics.fitted(classifier, latent.look(G, part)))
        for name, (question, counting) in WANTED.items():
            wanted = torch.tensor(counting, device=part.device)
            seen[name].append(torch.isin(answers[question].argmax(1), wanted))
    return {name: torch.cat(parts) for name, parts in seen.items()}


def walk() -> dict:
    """Return the stops of four walks through the noise."""
    z = latent.draw(4 * STOPS, checkpoints.load("faces64").z_dim, 5)
    return {"walks": numbers(z.unflatten(0, (4, STOPS))), "steps": STEPS}


def growing() -> dict:
    """Return the stops of one walk, and the sizes in which each of its faces is shown."""
    z = latent.draw(STOPS, checkpoints.load("faces64").z_dim, 9)
    return {"stops": numbers(z), "steps": STEPS, "sizes": SIZES}


def corners() -> dict:
    """Return the noise of the four corners."""
    return {"corners": numbers(latent.draw(4, checkpoints.load("faces64").z_dim, 1))}


def occluder() -> dict:
    """Return real faces that G never learned from, as uint8 in base64, the box, the first z."""
    pixels = hidden_faces().permute(0, 2, 3, 1).contiguous()
    return {"pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
            "box": {"left": 6, "top": 10, "width": 20, "height": 10},
            "z": numbers(latent.draw(1, checkpoints.load("faces").z_dim, 2))[0],
            "draws": DRAWS, "steps": SEARCH_STEPS}


def hidden_faces() -> Tensor:
    """Return eight faces, uint8 (8, 3, 32, 32): of other people than those that G learned from."""
    return data.load("faces", n=10, seed=3).images[2:].cpu()


def numbers(x: Tensor) -> list:
    """Return a tensor as lists of numbers with four decimals: what a page needs."""
    return torch.round(x.detach().cpu().double(), decimals=4).tolist()
