"""What the tests of the lecture's text share: its slides, read without the deck's own reader."""

import re
from dataclasses import dataclass

import yaml

from tools.notebook_files import ROOT

DECK = ROOT / "slides" / "lecture.md"
FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^#{2,} (?:\d+\. )?(.+?)(?: \([^()]*minutes[^()]*\))?$", flags=re.MULTILINE)


@dataclass
class Slide:
    """One slide: its title, what can be seen (Markdown), its notes, and what its fences name."""

    id: str
    title: str
    seen: str
    notes: dict
    figures: list[str]
    live: list[str]

    @property
    def opens(self) -> list[tuple[str, str]]:
        """The places to open, such as ("04", "Freeze G, move D")."""
        places = self.notes["open"]
        places = [places] if isinstance(places, str) else places
        return [tuple(place.removeprefix("notebook:").split("#", 1)) for place in places]


def slides() -> list[Slide]:
    """Return the slides of the lecture in their order."""
    parts = re.split(r"^# ", DECK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert parts[0] == ""
    return [_slide(part) for part in parts[1:]]


def _slide(part: str) -> Slide:
    heading, _, body = part.partition("\n")
    title, own = re.fullmatch(r"(.+) \{#([\w-]+)(?: \.part)?\}", heading).groups()
    fences = FENCE.findall(body)
    notes, = [yaml.safe_load(text) for kind, _, text in fences if kind == "notes"]
    seen = FENCE.sub(lambda fence: "" if fence[1] == "notes" else fence[3], body)
    return Slide(own, title, seen, notes,
                 [name for kind, names, _ in fences if kind == "figure" for name in names.split()],
                 [names for kind, names, _ in fences if kind == "live"])


def plain(markdown: str) -> str:
    """Return the words that an audience sees: no marks, no addresses."""
    words = re.sub(r"\]\([^)]*\)", "]", markdown)
    return re.sub(r"[*\[\]]", "", words)
