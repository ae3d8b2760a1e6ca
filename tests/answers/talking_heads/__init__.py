"""Right and wrong answers to the exercises of the notebook talking_heads."""

from answers.talking_heads import heads, people

RIGHT = {**heads.RIGHT, **people.RIGHT}
WRONG = {**heads.WRONG, **people.WRONG}
