"""A description becomes a picture: a sentence -> its words -> one condition y -> G(z, y).

Follows Reed et al., "Generative Adversarial Text to Image Synthesis", 2016: an encoder that has
learnt on pairs of picture and words first, noise and condition side by side in G, and a D that is
also shown real pictures with the words of another one. Here the encoder is small enough to be
read: it answers questions about the face, and its probabilities are the condition.

Captions never speak of the background and of the head's turn and tilt. Labels help a game so much
that these are questions, too: a picture answers them in training, a lot when a sentence is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_lib import checks, conditioning, data, losses, metrics, models, sentences
from gan_lib.data.face_attributes import ATTRIBUTES, caption
from gan_lib.sentences import numbers, said

UNSPOKEN = ("background", "turn", "tilt")
ANSWERS = {**sentences.ANSWERS, **{name: conditioning.ANSWERS[name] for name in UNSPOKEN}}
COUNTS = [len(names) for names in ANSWERS.values()]
CLASSES = sum(COUNTS)  # the length of a condition y: 48

# --- From words to a condition ------------------------------------------------------------------

def answers(attributes: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the right answers about faces with these attributes: {question: int64 (N,)}."""
    return {**sentences.answers(attributes), **{
        name: sentences.classes(attributes[name], conditioning.CUTS.get(name))
        for name in UNSPOKEN}}


class Encoder(nn.Module):
    """What both encoders share: rows of word numbers -> logits of every answer -> a condition."""

    def __init__(self, known: list[str]):
        super().__init__()
        self.known = list(known)

    def condition(self, rows: Tensor) -> Tensor:
        """Return the probability of every answer, question by question: float32 (N, 48)."""
        return torch.cat([part.softmax(1) for part in self(rows).split(COUNTS, 1)], 1)

    @torch.no_grad()
    def read(self, asked: list[str]) -> Tensor:
        """Return the condition that each of the sentences stands for: float32 (N, 48)."""
        device = next(self.parameters()).device
        return self.condition(numbers(asked, self.known).to(device))


class BagEncoder(Encoder):
    """A bag of words: logistic regression on how often each word occurs. Order is lost."""

    def __init__(self, known: list[str]):
        super().__init__(known)
        self.layer = nn.Linear(len(self.known), CLASSES)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the logits of all answers: rows int64 (N, L) -> float32 (N, 48)."""
        counts = F.one_hot(rows, len(self.known) + 1).sum(1)[:, 1:]  # 0 is no word
        return self.layer(counts.float())


class RecurrentEncoder(Encoder):
    """Reads word after word and remembers: a gated recurrent unit (Cho et al., 2014)."""

    def __init__(self, known: list[str], width: int = 64):
        super().__init__(known)
        self.vectors = nn.Embedding(len(self.known) + 1, 32, padding_idx=0)
        self.memory = nn.GRU(32, width, batch_first=True)
        self.layer = nn.Linear(width, CLASSES)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the logits of all answers: rows int64 (N, L) -> float32 (N, 48)."""
        states, _ = self.memory(self.vectors(rows))
        last = (rows > 0).sum(1) - 1
        return self.layer(states[torch.arange(len(rows), device=rows.device), last])


ENCODERS = {"bag": BagEncoder, "recurrent": RecurrentEncoder}


def encoder_step(encoder: Encoder, rows: Tensor, right: dict[str, Tensor], optimizer) -> Tensor:
    """Move the encoder one step towards the right answers (`answers`). Returns the loss."""
    parts = encoder(rows).split(COUNTS, 1)
    loss = sum(F.cross_entropy(logits, right[question])
               for question, logits in zip(ANSWERS, parts))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


def settled(y: Tensor, seed: int = 0) -> Tensor:
    """Decide by lot what the conditions y (N, 48) leave open: a single 1 for each question.

    Each answer comes with its probability. The lots of a row depend on `seed` alone. Raises
    TypeError or ValueError for what are no conditions.
    """
    checks.floats("y", y, (None, CLASSES))
    checks.whole_number("seed", seed, low=0)
    lots = torch.rand(len(y), len(COUNTS), device="cpu",
                      generator=torch.Generator("cpu").manual_seed(seed)).to(y.device)
    places = [(part.cumsum(1) < lot.unsqueeze(1)).sum(1).clamp(max=part.shape[1] - 1)
              for part, lot in zip(y.split(COUNTS, 1), lots.unbind(1))]
    return torch.cat([F.one_hot(place, count) for place, count in zip(places, COUNTS)], 1).float()


@torch.no_grad()
def right_shares(encoder: Encoder, rows: Tensor, attributes: dict[str, Tensor]) -> dict[str, float]:
    """Return how often the encoder answers right what captions say: {question: share}."""
    right, chosen = answers(attributes), chosen_answers(encoder(rows))
    return {question: (chosen[question] == right[question])[spoken].float().mean().item()
            for question, spoken in said(attributes).items()}


def chosen_answers(y: Tensor) -> dict[str, Tensor]:
    """Return the most probable answer to each question: y (N, 48) -> {question: int64 (N,)}."""
    return {question: part.argmax(1) for question, part in zip(ANSWERS, y.split(COUNTS, 1))}


def understood(y: Tensor) -> dict[str, str]:
    """Return the most probable answer of one condition y (48,) to each question, in words."""
    return {question: ANSWERS[question][place]
            for question, place in chosen_answers(y.unsqueeze(0)).items()}


# --- The game ----------------------------------------------------------------------------------

def mismatched(y: Tensor) -> Tensor:
    """Return the conditions y (N, C) moved on by one: each picture gets other words."""
    return y.roll(1, 0)


def matching_loss(right: Tensor, wrong: Tensor, fake: Tensor) -> Tensor:
    """Return the loss of a D that judges whether pictures are real *and* fit their words.

    Logits (N,) of real pictures with the right words, of real pictures with wrong words, and of
    fakes with the words that they were made for (Reed et al., 2016).
    """
    return losses.bce(right, 1) + (losses.bce(wrong, 0) + losses.bce(fake, 0)) / 2


def matching_step(D, G, real: Tensor, y: Tensor, z: Tensor, optimizer, r1: float = 0.0):
    """Freeze G and move D one step: as `training.discriminator_step`, with mismatched pairs, too.

    `G` makes its fakes of z alone: the conditions y (N, C) are filled in. Returns (loss, logits of
    real pictures with the right words, logits of the fakes).
    """
    with torch.no_grad():
        fake = G(z)
    right, wrong, judged = D(real, y), D(real, mismatched(y)), D(fake, y)
    loss = matching_loss(right, wrong, judged)
    penalty = r1 / 2 * losses.r1_penalty(lambda x: D(x, y), real) if r1 else 0.0
    optimizer.zero_grad()
    (loss + penalty).backward()
    optimizer.step()
    return loss.detach(), right.detach(), judged.detach()


@dataclass(frozen=True, eq=False)
class Captioned(conditioning.Described):
    """Real faces, each with a condition y that `encoder` makes of its caption (`captioned`)."""

    encoder: Encoder
    class_names = tuple(f"{question}: {name}" for question, names in ANSWERS.items()
                        for name in names)


def captioned(faces: data.Faces, encoder: Encoder) -> Captioned:
    """Return the faces with the conditions that the encoder makes of their captions.

    What a caption does not say is filled in from the picture. Raises TypeError for what are not
    drawn faces.
    """
    conditioning.described(faces)  # asks that
    y, right, spoken = encoder.read(faces.captions), answers(faces.attributes), \
        said(faces.attributes)
    parts = []
    for (question, names), part in zip(ANSWERS.items(), y.split(COUNTS, 1)):
        truth = F.one_hot(right[question], len(names)).float()
        heard = spoken.get(question, torch.zeros_like(faces.labels, dtype=torch.bool))
        parts.append(torch.where(heard.unsqueeze(1), part, truth))
    return Captioned(faces, torch.cat(parts, 1), encoder)


class MatchingGame(conditioning.DescribedGame):
    """The game with conditions, whose D also sees real pictures with the words of another one."""

    def _move_D(self, D, G, real: Tensor, z: Tensor, r1: float):
        with self._number_format():
            return matching_step(D.network, G, real, D.y, z, self.optimizer_D, r1)


@torch.no_grad()
def heard(D, faces: data.Faces, y: Tensor) -> dict[str, float]:
    """Return how often D prefers real faces with their words to one changed answer, by question.

    y (N, 48) are the right conditions (`captioned`); the changed answer is the next in the list.
    Of those faces whose caption answers the question. A D that is deaf to it would get one half.
    """
    x, shares, place = faces.scaled(), {}, 0
    right = D(x, y)
    for (question, spoken), count in zip(said(faces.attributes).items(), COUNTS):
        changed, part = y.clone(), slice(place, place + count)
        changed[:, part] = y[:, part].roll(1, 1)
        shares[question] = (right > D(x, changed))[spoken].float().mean().item()
        place += count
    return shares


class FaceFromWords(nn.Module):
    """An encoder and a generator in one network: noise and sentences in, pictures out."""

    def __init__(self, known: list[str], encoder: str = "bag", **generator):
        super().__init__()
        self.encoder = ENCODERS[checks.one_of("encoder", encoder, ENCODERS)](known)
        self.G = models.ConvGenerator(**generator, channels=3, classes=CLASSES)
        self.z_dim = self.G.z_dim

    def forward(self, z: Tensor, asked: list[str], seed: int = 0) -> Tensor:
        """Return a picture for each noise vector and each sentence asked for: (N, 3, size, size).

        What a sentence leaves open is decided by lot (`settled`).
        """
        return self.G(z, settled(self.encoder.read(asked), seed))


# --- Pictures that describe themselves -----------------------------------------------------------

LOOKS_UP, LOOKS_DOWN = -0.3, 0.3  # from there on, as in `conditioning.CUTS` for left and right


def gaze(faces: data.Faces) -> dict[str, Tensor]:
    """Return whether faces look up, ahead or down: {"gaze_y": int64 (N,)}, 0 to 2."""
    return {"gaze_y": sentences.classes(faces.attributes["gaze_y"], (LOOKS_UP, LOOKS_DOWN))}


class Judges(nn.Module):
    """Several classifiers as one, each for its own questions; the first one's are never replaced.

    The course's classifier was not asked whether somebody looks up or down, and captions say it.
    """

    def __init__(self, *classifiers: models.Classifier):
        super().__init__()
        self.classifiers = nn.ModuleList(classifiers)
        self.sample_shape, self.features = classifiers[0].sample_shape, classifiers[0].features
        self.answers = {question: layer for classifier in reversed(classifiers)
                        for question, layer in classifier.answers.items()}

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return the logits of every answer to every question: {question: (N, answers)}."""
        return {question: logits for classifier in reversed(self.classifiers)
                for question, logits in classifier(x).items()}


def agreement(classifier, x: Tensor, faces: data.Faces) -> dict[str, float]:
    """Return how often pictures x show what the captions of `faces` say in words, by question.

    Of those questions that the classifier answers and any caption does; where a caption is silent,
    nothing is asked.
    """
    asked, x = answers(faces.attributes), metrics.fitted(classifier, x)
    return {question: conditioning.agreement(
                classifier, x[spoken], {question: asked[question][spoken]})[question]
            for question, spoken in said(faces.attributes).items()
            if question in classifier.answers and spoken.any()}


@torch.no_grad()
def describe(classifier, x: Tensor) -> list[str]:
    """Return a caption for each picture x (N, C, H, W): what the classifier sees there.

    Where it was not asked whether a person looks up or down (`Judges`), no caption says so.
    """
    x = metrics.fitted(classifier, x)
    seen = {question: metrics.probabilities(classifier, x, question).argmax(1).tolist()
            for question in sentences.ANSWERS if question in classifier.answers}
    return [caption(SimpleNamespace(**{"gaze_y": 0.0, **{
                question: ATTRIBUTES[question][chosen[i]] if question not in sentences.CUTS
                else (chosen[i] - (question != "mouth_open")) * 1.0
                for question, chosen in seen.items()}})) for i in range(len(x))]
