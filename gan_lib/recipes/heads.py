"""Talking heads: how the two that ship were trained, for about as long.

After `python -m gan_lib.recipes heads heads_l1`, the comparison of five seeds goes onto the card:
`python -c "from gan_lib.recipes import heads; heads.five_seeds()"`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch

from gan_lib import checkpoints, conditioning, data, heads, inpainting, metrics

UNSEEN = 300        # people, never trained on, behind PSNR and L1
SHOWN = (1, 4, 8)   # pictures of each
SCORED = 2000       # fakes, and real pictures, behind the Fréchet distance


@dataclass(frozen=True)
class HeadsRecipe:
    """How a talking head was trained: steps with L1 alone, then steps of the game with D."""

    l1_steps: int
    game_steps: int
    people: int = 4000
    poses: int = 6
    weight: float = 0.05  # 0.1 left speckles
    lr: float = 2e-3
    r1: float = 2.0
    width: int = 32
    batch_size: int = 64
    decay: float = 0.998

    data = "faces"
    steps = property(lambda self: self.l1_steps + self.game_steps)

    def make(self, seed: int = 0) -> tuple[heads.TalkingHead, dict]:
        """Train E, G and, if there is a game, D; return them and their card."""
        torch.manual_seed(seed)
        samples = heads.people(self.people, self.poses, seed=seed)
        arguments = {"width": self.width, "judged": self.game_steps > 0}
        practice = heads.Practice(heads.TalkingHead(**arguments), samples, self.lr, self.weight,
                                  self.r1, self.batch_size, self.decay, seed)
        for step in range(self.steps):
            share = min(1.0, 2 * (1 - step / self.steps))  # a slow end settles the details
            practice.set_lr(share * self.lr)
            (practice.step_l1 if step < self.l1_steps else practice.step)()
            if step % 1000 == 999:
                print(step + 1, scores(practice.average, seed), flush=True)
        return practice.average, {
            "data": f"{self.data}: {self.people:,} people in {self.poses} poses each, 32 px",
            "arguments": arguments, "l1_steps": self.l1_steps, "game_steps": self.game_steps,
            "lr": self.lr, "weight": self.weight, "r1": self.r1,
            "after": "Zakharov et al., 2019; small, see gan_lib/heads.py",
            "scored_by": f"faces_classifier, on people of seed + 1: {UNSEEN} for PSNR, L1 and "
                         f"sharpness, {SCORED} for the distance and the agreement",
            "scores": scores(practice.average, seed)}


@torch.no_grad()
def scores(head: heads.TalkingHead, seed: int) -> dict:
    """Return how well `head` draws people it never saw, and what copying the source would give."""
    samples = heads.people(UNSEEN, max(SHOWN) + 1, seed=seed + 1)
    x = data.to_float(samples.images)
    truth, y = x[:, -1], samples.y[:, -1]
    everything = torch.ones(x.shape[-2:], dtype=torch.bool, device=x.device)
    ways = {"copy": x[:, 0], **{f"K={k}": head(x[:, :k], y) for k in SHOWN}}
    found = {name: {
        "psnr": round(inpainting.psnr(fake, truth, everything).mean().item(), 2),
        "l1": round((fake - truth).abs().mean().item(), 4),
        "sharpness": round((heads.sharpness(fake) / heads.sharpness(truth)).mean().item(), 3)}
        for name, fake in ways.items()}
    return {**found, **judged(head, seed)}


def judged(head: heads.TalkingHead, seed: int) -> dict:
    """Return the Fréchet distance and its floor, and how often fakes show what they should."""
    classifier = checkpoints.load("faces_classifier")
    samples = heads.people(SCORED, 2, seed=seed + 2)
    x = data.to_float(samples.images)
    fakes = torch.cat([head(source, y) for source, y in zip(
        x[:, :1].split(256), samples.y[:, 1].split(256))])
    others = data.to_float(heads.people(SCORED, 1, seed=seed + 3).images[:, 0])
    real, fake, same = (metrics.features(classifier, part) for part in (others, fakes, x[:, 1]))
    asked = conditioning.answers(samples.faces(1))
    return {"frechet_distance": round(metrics.frechet_distance(real, fake), 1),
            "frechet_distance_of_two_real_halves": round(metrics.frechet_distance(real, same), 1),
            "agreement": {question: round(share, 3) for question, share in
                          conditioning.agreement(classifier, fakes, asked).items()}}


def compared(seed: int) -> dict:
    """Train small heads with L1, then go on twice: L1 alone, or with D, for about as long."""
    torch.manual_seed(seed)
    samples = heads.people(1000, 6, seed=100 + seed)
    practice = heads.Practice(heads.TalkingHead(width=16), samples, weight=0.1,
                              batch_size=32, decay=0.97, seed=seed)
    for _ in range(500):
        practice.step_l1()
    with_D = copy.deepcopy(practice)
    for _ in range(400):
        practice.step_l1()
    for _ in range(200):
        with_D.step()
    found = {"seed": seed}
    for name, trained in (("l1", practice), ("with_D", with_D)):
        score = scores(trained.average, seed=1000 + seed)
        found[name] = {**score["K=1"], "frechet_distance": score["frechet_distance"]}
    return found


def five_seeds() -> None:
    """Compare on five seeds, and write what came onto the card of the network that ships."""
    about, network = checkpoints.card("heads"), checkpoints.load("heads")
    runs = [compared(seed) for seed in range(5)]
    about["five_seeds"] = {
        "made_by": 'python -c "from gan_lib.recipes import heads; heads.five_seeds()"',
        "how": "width 16, 1,000 people, batches of 32: 500 steps of L1, then 400 more, or 200 of "
               "the game with D", "runs": runs}
    print(checkpoints.save("heads", network, about.pop("arguments"), about))


SMALL = {"people": 1000, "width": 16, "batch_size": 32, "decay": 0.98}
RECIPES = {"heads": HeadsRecipe(l1_steps=550, game_steps=200, weight=0.1, **SMALL),
           "heads_l1": HeadsRecipe(l1_steps=980, game_steps=0, **SMALL)}
