"""Six questions on fakes and people, asked before and after the lesson; the score is computed.

The same test before and after shows what a lesson changed: so was an AI curriculum tested by Zhang,
Lee and Moore, "An Effectiveness Study of Teacher-Led AI Literacy Curriculum in K-12 Classrooms",
2024 (89 pupils with the lessons, 69 without).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LETTERS = "ABC"
OPEN = "-"  # stands for a question that has no answer yet


@dataclass(frozen=True)
class Question:
    """A question, three answers, the letter of the right one, and why it is right."""

    asks: str
    answers: tuple[str, str, str]
    right: str
    why: str


QUESTIONS = (
    Question(
        "A GAN shows a new face. Where does it come from?",
        ("It is a photo of somebody that was found on the internet.",
         "A network turned random numbers into a picture.",
         "It is put together from parts of stored photos."),
        "B",
        "G turns noise into pixels. It was trained with many pictures, but it holds no photos to "
        "cut from, and nobody has to look like the new face."),
    Question(
        "A fake video of a classmate is meant as a joke. What decides whether it may be made?",
        ("Whether all who see it find it funny, also the classmate.", "Whether it looks real.",
         "Whether the classmate said yes to just this."),
        "C",
        "A face belongs to a person. A yes counts only if it was free, if the person knew what "
        "would be made and who would see it; and it can be taken back."),
    Question(
        "A hurtful fake of somebody you know is sent to you. What is a good first step?",
        ("Pass it on with a warning, so that all others know at once that it is only a fake.",
         "Do not pass it on; ask the person what helps, and tell an adult whom you both trust.",
         "Delete it and say nothing."),
        "B",
        "Each copy does harm again, also a copy with a warning. And who deletes it in silence "
        "leaves the person alone with it."),
    Question(
        "In a study, people had learnt for five minutes what gives fake faces away. How many of "
        "the fakes did they find?",
        ("About 5 of 10.", "About 7 of 10.", "About 9 of 10."),
        "A",
        "51 %, and without the five minutes 31 % (people of usual skill; Gray et al., 2025). "
        "Looking closely helps, but nobody should trust the eye alone."),
    Question(
        "1 of 100 pictures is a fake. A detector finds 90 % of the fakes, and calls 10 % of the "
        "real pictures fake. It calls a picture fake. Is it one?",
        ("Almost surely: 90 %.", "It is a coin: 50 %.", "Probably not: about 8 %."),
        "C",
        "Of 1,000 pictures 10 are fakes, and 9 of them raise an alarm. Of the 990 real ones, 99 "
        "do so, too. So 9 of 108 alarms are right."),
    Question(
        "A detector finds nearly all fakes of the generator that it was trained on. What does "
        "that say about other generators?",
        ("Little: it must be tested on their fakes.", "It finds nearly all of theirs, too.",
         "It finds more of theirs, if they are newer."),
        "A",
        "It has learnt the traces of one generator. Others may leave other traces; nobody "
        "knows before it is measured."),
)


def checked(letters: str, questions: Sequence[Question] = QUESTIONS) -> str:
    """Return the letters of the answers, such as "BCB-CA". Raises ValueError for others."""
    if (not isinstance(letters, str) or len(letters) != len(questions)
            or set(letters) - set(LETTERS + OPEN)):
        raise ValueError(f"The answers to {len(questions)} questions are as many letters of "
                         f"{', '.join(LETTERS)}, or {OPEN} for none, but they are {letters!r}.")
    return letters


def right_ones(letters: str, questions: Sequence[Question] = QUESTIONS) -> list[bool]:
    """Return of each answer whether it is right; `letters` are such as "BCB-CA"."""
    return [said == question.right
            for said, question in zip(checked(letters, questions), questions)]
