"""A lesson code: a few settings as a short word that a teacher reads aloud.

Every setting is one of a list of choices. All of them together are one whole number, written with
20 signs that neither look nor sound alike, and two signs more that give a slip of the tongue away.
"""

from __future__ import annotations

import math

SIGNS = "0123456789AFHKLMQRWX"
PRIME = 397    # of the check: one wrong sign, or two neighbours that changed places, is always seen
ALIKE = str.maketrans("OI", "01")  # what is written for what was heard


def encode(settings: dict, choices: dict[str, tuple]) -> str:
    """Return the code of `settings`, {name: one of choices[name]}: like "7F2KQ-A94M0"."""
    number = 0
    for name, possible in choices.items():
        number = number * len(possible) + possible.index(settings[name])
    signs = _written(number, _length(choices)) + _written(number % PRIME, 2)
    return f"{signs[:len(signs) // 2]}-{signs[len(signs) // 2:]}"


def decode(code: str, choices: dict[str, tuple]) -> dict:
    """Return the settings of a code. Small letters, spaces and hyphens do not matter.

    Raises ValueError with what is wrong: its length, a sign that no code has, or a slip.
    """
    signs = "".join(str(code).upper().split()).replace("-", "").translate(ALIKE)
    length = _length(choices) + 2
    if len(signs) != length:
        raise ValueError(f"A lesson code has {length} signs, but {code!r} has {len(signs)}.")
    unknown = [sign for sign in signs if sign not in SIGNS]
    if unknown:
        raise ValueError(f"No lesson code has the sign {unknown[0]!r}. The signs are {SIGNS}.")
    number, check = _read(signs[:-2]), _read(signs[-2:])
    if number % PRIME != check or number >= math.prod(map(len, choices.values())):
        raise ValueError(f"{code!r} is no lesson code: at least one sign is wrong.")
    settings = {}
    for name, possible in reversed(choices.items()):
        number, place = divmod(number, len(possible))
        settings[name] = possible[place]
    return {name: settings[name] for name in choices}


def _length(choices: dict[str, tuple]) -> int:
    """Return how many signs the largest number of these choices needs."""
    return len(_written(math.prod(map(len, choices.values())) - 1, 1))


def _written(number: int, at_least: int) -> str:
    signs = ""
    while number or len(signs) < at_least:
        number, place = divmod(number, len(SIGNS))
        signs = SIGNS[place] + signs
    return signs


def _read(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number * len(SIGNS) + SIGNS.index(sign)
    return number
