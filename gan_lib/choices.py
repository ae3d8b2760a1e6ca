"""Settings out of lists: what a teacher can read aloud, and a slip of the finger cannot break."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

from gan_lib import checks, lesson_codes

RATES = (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5)
GAME = {  # what can be chosen in every game whose settings change while it plays
    "loss": ("non-saturating", "minimax", "Wasserstein"),
    "lr_D": RATES, "lr_G": RATES, "d_steps": (1, 2, 3, 5, 10),
    "r1": (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), "momentum": (0.0, 0.5, 0.9, 0.99),
}
SEEDS = tuple(range(1000))


@dataclass(frozen=True)
class Chosen:
    """Settings of a game that changes while it plays; each is one of `CHOICES[its name]`.

    The defaults are those of `training.Game`. A subclass, a frozen dataclass too, adds its own and
    says what can be chosen. Raises TypeError or ValueError for a value that is no choice.
    """

    CHOICES: ClassVar[dict[str, tuple]]
    loss: str = "non-saturating"
    lr_D: float = 2e-3
    lr_G: float = 2e-3
    d_steps: int = 1          # steps of D for each step of G
    r1: float = 1.0           # the Wasserstein loss has a penalty of its own in its place
    momentum: float = 0.0     # Adam's first beta

    def __post_init__(self):
        for name, possible in self.CHOICES.items():
            value = getattr(self, name)
            if isinstance(possible[0], float):
                checks.number(name, value, possible[0], possible[-1])
                if value not in possible:
                    raise ValueError(f"{name} must be one of {', '.join(map(str, possible))}, but "
                                     f"it is {value}.")
            elif not self.beyond(name, value):
                checks.one_of(name, value, possible)

    def beyond(self, name: str, value) -> bool:
        """Return whether `value` is admitted although no list has it and no code can tell it."""
        return False

    @property
    def code(self) -> str:
        """The lesson code: who types it in plays the same game."""
        return lesson_codes.encode(asdict(self), self.CHOICES)

    @classmethod
    def from_code(cls, code: str):
        """Return the settings of a lesson code. Raises ValueError for a code with a slip."""
        return cls(**lesson_codes.decode(code, cls.CHOICES))
