"""Talking heads: how the two that ship were trained, first with L1 alone, then against D.

After `python -m gan_lib.recipes heads_l1 heads`, the comparison of five seeds goes onto the card:
`python -c "from gan_lib.recipes import heads; heads.five_seeds()"`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from gan_lib import checkpoints, conditioning, data, heads, inpainting, metrics

UNSEEN = 300        # people, never trained on, behind PSNR and L1
SHOWN = (1, 4, 8)   # pictures of each
SCORED = 2000       # fakes, and real pictures, behind the Fréchet distance


@dataclass(frozen=True)
class HeadsRecipe:
    """How a talking head was trained: steps with L1 alone, then steps of the game with D.

    With `start`, E and G begin as those of the trained head of that name.
    """

    l1_steps: int
    game_steps: int
    start: str | None = None
    people: int = 4000
    poses: int = 6
    weight: float = 0.05
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
        practice = self.practice(heads.TalkingHead(**arguments), samples, seed)
        for step in range(self.steps):
            share = min(1.0, 2 * (1 - step / self.steps))  # a slow end settles the details
            practice.set_lr(share * self.lr)
            (practice.step_l1 if step < self.l1_steps else practice.step)()
        return practice.average, {
            "data": f"{self.data}: {self.people:,} people in {self.poses} poses each, 32 px",
            "arguments": arguments, **({"start": self.start} if self.start else {}),
            "l1_steps": self.l1_steps, "game_steps": self.game_steps, "lr": self.lr,
            "weight": self.weight, "r1": self.r1,
            "after": "Zakharov et al., 2019; small, see gan_lib/heads.py",
            "scored_by": f"faces_classifier, on people of seed + 1: {UNSEEN} for PSNR, L1 and "
                         f"sharpness, {SCORED} for the distance and the agreement",
            "scores": scores(practice.average, seed)}

    def practice(self, head: heads.TalkingHead, samples: heads.People, seed: int) -> heads.Practice:
        """Return the training of `head` on `samples`, as this recipe begins it."""
        if self.start:
            known = checkpoints.load(self.start)
            head.E.load_state_dict(known.E.state_dict())
            head.G.load_state_dict(known.G.state_dict())
        return heads.Practice(head, samples, self.lr, self.weight, self.r1, self.batch_size,
                              self.decay, seed)


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
    """Let the head that learnt with L1 go on twice: with L1, or with D, for about as long."""
    samples, found = heads.people(2000, 6, seed=100 + seed), {"seed": seed}
    for name, steps in ON.items():
        torch.manual_seed(seed)
        recipe = replace(RECIPES["heads"], decay=0.98)
        practice = recipe.practice(heads.TalkingHead(), samples, seed)
        for step in range(steps):
            practice.set_lr(min(1.0, 2 * (1 - step / steps)) * recipe.lr)
            (practice.step_l1 if name == "l1" else practice.step)()
        score = scores(practice.average, seed=1000 + seed)
        found[name] = {**score["K=1"], "frechet_distance": score["frechet_distance"]}
    return found


def five_seeds() -> None:
    """Compare on five seeds, and write what came onto the card of the network that ships."""
    about, network = checkpoints.card("heads"), checkpoints.load("heads")
    runs = []
    for seed in range(5):
        runs.append(compared(seed))
        print(runs[-1], flush=True)
    about["five_seeds"] = {
        "made_by": 'python -c "from gan_lib.recipes import heads; heads.five_seeds()"',
        "how": f"from {RECIPES['heads'].start} on, with 2,000 other people: {ON['l1']} more steps "
               f"of L1, or {ON['with_D']} of the game with D", "runs": runs}
    print(checkpoints.save("heads", network, about.pop("arguments"), about))


ON = {"l1": 280, "with_D": 200}  # steps that take about as long
RECIPES = {"heads_l1": HeadsRecipe(l1_steps=3750, game_steps=0),
           # With a weight of 0.1, G took up speckles that please D.
           "heads": HeadsRecipe(l1_steps=0, game_steps=1500, start="heads_l1", weight=0.025,
                                r1=1.0)}
