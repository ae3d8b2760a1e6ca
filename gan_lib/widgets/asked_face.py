"""Buttons that say what a face is to show, for one noise vector."""

from __future__ import annotations

import ipywidgets
import numpy as np
import torch
from torch import Tensor, nn

from gan_lib import checks, conditioning, figures, latent, metrics
from gan_lib.stand_ins import given
from gan_lib.widgets.tool import Tool, card, row

NAMES = {"skin": "Skin", "hair_style": "Hair style", "hair_colour": "Hair colour",
         "glasses": "Glasses", "hat": "Hat", "shirt": "Shirt", "background": "Background",
         "smile": "Smile", "mouth_open": "Mouth", "gaze_x": "Gaze", "turn": "Head turns",
         "tilt": "Head leans"}
START = {"skin": "tan", "hair_style": "short", "hair_colour": "brown", "glasses": "none",
         "hat": "none", "shirt": "green", "background": "grey", "smile": "calm",
         "mouth_open": "closed", "gaze_x": "ahead", "turn": "ahead", "tilt": "upright"}
WIDE, LABEL = "80px", "115px"  # a button, the name before its row
STYLE = "<style>.gan-asked .widget-toggle-button { padding: 0 2px; font-size: 18px }</style>"


class AskedFace(Tool):
    """What does one word of the label do? The noise stays, the button changes the answer.

    `G` is a generator of faces that is told a description (`conditioning.description`), and
    `classifier` answers the same questions. Beside the face stands the one before the last
    press. Raises TypeError or ValueError for other networks.
    """

    def __init__(self, G: nn.Module, classifier: nn.Module, seed: int = 0):
        self.G = of_faces(G)
        checks.kind("classifier", classifier, "a classifier of faces", "answers", "sample_shape")
        for question in conditioning.ANSWERS:
            checks.one_of("the question of a face", question, classifier.answers)
        self.classifier = classifier
        self.seed = checks.whole_number("seed", seed, low=0)
        self.person = 0
        self.buttons = {
            question: ipywidgets.ToggleButtons(options=list(names), value=START[question],
                                               style={"button_width": WIDE})
            for question, names in conditioning.ANSWERS.items()}
        # A name of the row's own: that of ToggleButtons stands above them, and takes much room.
        rows = [ipywidgets.HBox([ipywidgets.Label(NAMES[question], layout={"width": LABEL}), row])
                for question, row in self.buttons.items()]
        half = len(rows) // 2
        columns = [ipywidgets.VBox(part, layout={"margin": "0 24px 0 0"})
                   for part in (rows[:half], rows[half:])]
        super().__init__([ipywidgets.HTML(STYLE, layout={"display": "none"}), row(*columns),
                          row(self.button("New z", self.new_z),
                              self.button("Another person", self.another_person))])
        self.box.add_class("gan-asked")
        self.watch(*self.buttons.values())
        self.x = self.before = self._fake()
        self.wanted = self.wanted_before = self._wanted_now()

    @property
    def found(self) -> dict[str, Tensor]:
        """Return the answers that are asked for: {question: int64 (1,)}."""
        return {question: torch.tensor([names.index(self.buttons[question].value)])
                for question, names in conditioning.ANSWERS.items()}

    @property
    def z(self) -> Tensor:
        """Return the noise vector: float32 (1, z_dim)."""
        return latent.draw(1, self.G.z_dim, self.seed)

    def ask(self, **wanted: str) -> None:
        """Press buttons: ask(hat="cap", smile="happy"). Raises ValueError for unknown answers."""
        changed = conditioning.asked(self.found, **wanted)
        with self.quietly():
            for question in wanted:
                names = conditioning.ANSWERS[question]
                self.buttons[question].value = names[changed[question].item()]

    def new_z(self) -> None:
        """Draw another noise vector; the answers stay."""
        self.seed += 1
        self.refresh()

    def another_person(self) -> None:
        """Ask for other answers, drawn at random; the noise stays."""
        self.person += 1
        random = torch.Generator().manual_seed(self.person)
        self.ask(**{question: names[torch.randint(len(names), (1,), generator=random)]
                    for question, names in conditioning.ANSWERS.items()})

    def update(self) -> None:
        """Draw the face that is asked for, and keep the one before."""
        wanted = self._wanted_now()
        if wanted != self.wanted:
            self.before, self.x = self.x, self._fake()
            self.wanted_before, self.wanted = self.wanted, wanted

    def picture(self) -> np.ndarray:
        """Return the face before the last press and the face now."""
        return np.hstack([card(self.before, "before", figures.FAKE),
                          card(self.x, "now", figures.FAKE)])

    def caption(self) -> str:
        """Say what the judge sees otherwise than asked."""
        return f"The judge sees {self._verdict()}."

    def alt(self) -> str:
        """Say what is asked for, what was before, and what the judge sees."""
        wanted = ", ".join(f"{name} {value}" for name, value in self.wanted.items())
        before = ", ".join(f"{name} {value}" for name, value in self.wanted_before.items()
                           if value != self.wanted[name])
        return (f"Two fakes, before the last press and now. Asked for now: {wanted}. Before it "
                f"was {before or 'the same'}. The judge sees {self._verdict()}.")

    def _wanted_now(self) -> dict[str, str | int]:
        """Return all that the picture hangs on, in words."""
        answers = {NAMES[question].lower(): control.value
                   for question, control in self.buttons.items()}
        return {**answers, "noise of seed": self.seed}

    @torch.no_grad()
    def _fake(self) -> Tensor:
        y = conditioning.description(self.found).to(next(self.G.parameters()).device)
        return latent.look(given(self.G, y), self.z).float()

    def _verdict(self) -> str:
        x = metrics.fitted(self.classifier, self.x.to(next(self.classifier.parameters())))
        other = []
        for question, names in conditioning.ANSWERS.items():
            seen = names[metrics.probabilities(self.classifier, x, question).argmax().item()]
            name = NAMES[question].lower()
            if seen != self.wanted[name]:
                other.append(f"{name} {seen}")
        count = len(conditioning.ANSWERS)
        if not other:
            return f"all {count} answers as asked"
        return f"{count - len(other)} of {count} answers as asked, but {', '.join(other)}"


def of_faces(G: nn.Module) -> nn.Module:
    """Return `G` if it is a generator that is told a face's description. Else an error."""
    classes = getattr(checks.generator("G", G), "classes", 0)
    wanted = sum(map(len, conditioning.ANSWERS.values()))
    if classes != wanted:
        raise ValueError(f"G must be a generator of faces that knows what it draws, made with "
                         f"classes={wanted}, but it has {classes or 'no'} classes.")
    return G
