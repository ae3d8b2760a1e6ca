"""A short test, taken before and after a lesson: the same questions, two scores."""

from __future__ import annotations

import html
import textwrap

import ipywidgets
import numpy as np
from PIL import Image, ImageDraw

from gan_lib import figures, questions
from gan_lib.questions import LETTERS, OPEN
from gan_lib.widgets.tool import Tool

BOX, NAMES, RIGHT = 64, 110, 130  # pixels: a question's box; room for a row's name, its score
LINE, WRAP = 30, 80  # pixels from line to line of the still picture; letters in one line
STATES = {True: ("right", "#D5E8D4"), False: ("wrong", "#E4E4E4")}  # by the word, too


class Quiz(Tool):
    """What do you think, before and after? Six questions with three answers each.

    The test before the lesson tells nothing of right and wrong. The one after it gets the first
    as `before`, or its letters, such as "BCB-CA"; once it is finished, both scores are shown, and
    why each answer is right. `letters` are the answers so far.
    """

    def __init__(self, before: Quiz | str | None = None, asked=questions.QUESTIONS):
        self.asked = asked
        self.before = before if isinstance(before, Quiz) or before is None else (
            questions.checked(before, asked))
        # Buttons, not radio buttons: JupyterLab keeps the arrow keys for itself. Tab and the space
        # bar reach every button.
        self.choices = [ipywidgets.ToggleButtons(
            options=list(LETTERS), value=None, style={"button_width": f"{BOX}px"})
            for _ in asked]
        self.whys = [ipywidgets.HTML() for _ in asked]
        parts = []
        for number, (question, choice, why) in enumerate(zip(asked, self.choices, self.whys), 1):
            listed = "".join(f"<br>{letter}: {html.escape(answer)}"
                             for letter, answer in zip(LETTERS, question.answers))
            parts += [ipywidgets.HTML(f"<b>{number}. {html.escape(question.asks)}</b>{listed}"),
                      choice, why]
        super().__init__(parts)
        self.watch(*self.choices)

    @property
    def letters(self) -> str:
        """The letters of the answers, with "-" for an open question. Setting them answers."""
        return "".join(choice.value or OPEN for choice in self.choices)

    @letters.setter
    def letters(self, value: str) -> None:
        questions.checked(value, self.asked)
        with self.quietly():
            for choice, letter in zip(self.choices, value):
                choice.value = None if letter == OPEN else letter

    @property
    def finished(self) -> bool:
        """Whether each question has an answer."""
        return OPEN not in self.letters

    def results(self) -> dict[str, int] | None:
        """Return {"before": right answers, "after": right answers}; None until both are known.

        A question without an answer counts as not right.
        """
        earlier = self._earlier()
        if earlier is None or not self.finished:
            return None
        return {name: sum(questions.right_ones(letters, self.asked))
                for name, letters in (("before", earlier), ("after", self.letters))}

    def update(self) -> None:
        """Say why each answer is right, once that gives nothing away."""
        told = self.results() is not None
        for question, choice, why in zip(self.asked, self.choices, self.whys):
            why.value = "" if not told else (
                f"{'Right' if choice.value == question.right else 'Not right'}. "
                f"<b>{question.right}</b>: {html.escape(question.why)}")

    def picture(self) -> np.ndarray:
        """Draw a row of boxes for each test: open, answered, or, at the end, right and wrong."""
        rows = [("before", self._earlier())] * (self.before is not None) + [
            ("before" if self.before is None else "after", self.letters)]
        sheet = Image.new("RGB", (NAMES + BOX * len(self.asked) + RIGHT, BOX * len(rows)), "white")
        draw, letters = ImageDraw.Draw(sheet), figures.font(figures.TEXT)
        results = self.results()
        for row, (name, said) in enumerate(rows):
            middle = BOX * (row + 0.5)
            draw.text((0, middle), name, figures.NEUTRAL, letters, anchor="lm")
            for column, letter in enumerate(said):
                left, top = NAMES + BOX * column, BOX * row
                word, fill = letter if results is None else letter, "white"
                if results is not None:
                    right = letter == self.asked[column].right
                    word, fill = f"{letter}{'✓' if right else '✗'}", STATES[right][1]
                draw.rectangle((left + 3, top + 3, left + BOX - 4, top + BOX - 4), fill,
                               figures.NEUTRAL, 2)
                draw.text((left + BOX / 2, middle), word, figures.NEUTRAL, letters, anchor="mm")
            if results is not None:
                draw.text((sheet.width - 8, middle), f"{results[name]} of {len(self.asked)}",
                          figures.NEUTRAL, letters, anchor="rm")
        return np.asarray(sheet)

    def alt(self) -> str:
        """Say what was answered and, at the end, both scores."""
        earlier = f"before: {self._earlier()}, after" if self.before is not None else "so far"
        return (f"The short test of {len(self.asked)} questions, {earlier}: {self.letters}. "
                f"{self.caption()}")

    def still_picture(self) -> np.ndarray:
        """Write out the questions and their answers above the boxes: the controls are not there."""
        texts = [text.replace(" %", "\u00a0%") for number, question in enumerate(self.asked, 1)
                 for text in (*self._said(number, question), "")]
        lines = [line for text in texts
                 for line in textwrap.wrap(text, WRAP, subsequent_indent="    ") or [""]]
        boxes, letters = self.picture(), figures.font(figures.TEXT)
        width = max(boxes.shape[1], *(round(letters.getlength(line)) + 8 for line in lines))
        sheet = Image.new("RGB", (width, LINE * len(lines) + len(boxes)), "white")
        draw = ImageDraw.Draw(sheet)
        for row, line in enumerate(lines):
            draw.text((4, LINE * row), line, figures.NEUTRAL, letters)
        sheet.paste(Image.fromarray(boxes), (0, LINE * len(lines)))
        return np.asarray(sheet)

    def still_alt(self) -> str:
        """Read the questions and their answers, and say what was answered."""
        read = [text for number, question in enumerate(self.asked, 1)
                for text in self._said(number, question)]
        return " ".join([*read, self.alt()])

    def _said(self, number: int, question: questions.Question) -> list[str]:
        """Return the question and its three answers, one line each."""
        return [f"{number}. {question.asks}",
                *(f"{letter}: {answer}" for letter, answer in zip(LETTERS, question.answers))]

    def caption(self) -> str:
        """Say what is still to be done, or both scores."""
        results, total = self.results(), len(self.asked)
        if results is not None:
            return (f"Before: {results['before']} of {total} right. After: {results['after']} of "
                    f"{total} right.")
        answered = total - self.letters.count(OPEN)
        if answered < total:
            return f"{answered} of {total} questions have an answer. Take your best guess."
        return (f"All {total} have an answer: {self.letters}. Write these letters down. The score "
                "comes at the end of the lesson.")

    def _earlier(self) -> str | None:
        """Return the letters of the test before the lesson."""
        return self.before.letters if isinstance(self.before, Quiz) else self.before
