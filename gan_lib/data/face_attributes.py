"""What a drawn face can be: its attributes, their colours and measures, and its caption."""

from __future__ import annotations

from types import SimpleNamespace

ATTRIBUTES: dict[str, tuple[str, ...] | tuple[float, float]] = {
    "skin": ("pale", "light", "tan", "bronze", "brown", "dark"),
    "hair_style": ("bald", "short", "bob", "long", "bun", "curly"),
    "hair_colour": ("black", "brown", "red", "blond", "grey"),
    "eye_colour": ("brown", "blue", "green"),
    "glasses": ("none", "round", "square"),
    "hat": ("none", "cap", "beanie"),
    "shirt": ("red", "yellow", "green", "blue"),
    "background": ("blue", "green", "purple", "grey"),
    "smile": (-0.6, 1.0),       # from sad to happy
    "mouth_open": (0.0, 1.0),
    "gaze_x": (-1.0, 1.0),      # from left to right
    "gaze_y": (-1.0, 1.0),      # from up to down
    "turn": (-1.0, 1.0),        # the head, from left to right
    "nod": (-1.0, 1.0),         # the head, from up to down
    "tilt": (-20.0, 20.0),      # the head, in degrees, clockwise
    "brow": (0.0, 1.0),         # from relaxed to raised
    "head_width": (0.94, 1.06),
    "head_height": (0.94, 1.06),
}
HALF_NONE = ("glasses", "hat")  # half of the people wear none
MOSTLY_MIDDLE = ("turn", "nod", "tilt", "head_width", "head_height")

COLOURS = {  # red, green, blue; one per class of the attribute
    "skin": [(255, 224, 202), (246, 199, 160), (222, 166, 116), (190, 130, 86), (154, 101, 70),
             (122, 80, 60)],
    "mouth": [(122, 24, 42), (116, 24, 40), (104, 20, 36), (88, 14, 30), (66, 8, 22), (46, 4, 14)],
    "hair_colour": [(26, 23, 32), (92, 46, 16), (208, 82, 26), (248, 206, 72), (164, 168, 180)],
    "brows": [(26, 23, 32), (66, 32, 12), (150, 54, 18), (170, 112, 36), (112, 114, 128)],
    "eye_colour": [(146, 82, 26), (44, 122, 226), (38, 152, 84)],
    "hat": [(0, 0, 0), (18, 146, 160), (158, 66, 150)],
    "hat_edge": [(0, 0, 0), (8, 88, 108), (206, 130, 200)],
    "shirt": [(216, 70, 66), (246, 190, 60), (54, 152, 98), (60, 106, 200)],
    "background": [(200, 226, 247), (208, 238, 208), (224, 204, 246), (228, 230, 230)],
}
HAIR = {  # one number per hair style, in the order of ATTRIBUTES
    "hairline": (0.0, -7.2, -6.6, -7.2, -8.0, -7.4),    # its height on the forehead
    "slope": (0.0, 0.16, 0.0, -0.14, 0.0, 0.0),         # a parting at one side
    "sides": (0.0, 0.6, 9.0, 16.0, 1.0, 1.5),           # how far down it covers the temples
    "opening": (9.0, 8.9, 8.2, 8.2, 8.9, 8.8),          # half the width of the open face
    "back_width": (0.0, 0.0, 11.6, 11.8, 0.0, 0.0),     # the hair behind the head
    "back_end": (0.0, 0.0, 9.5, 18.0, 0.0, 0.0),
}


def is_class(name: str) -> bool:
    """Tell whether the attribute has classes (True) or a range of numbers (False)."""
    return isinstance(ATTRIBUTES[name][0], str)


def caption(p: SimpleNamespace) -> str:
    """Say in one sentence what is seen of one person, given as class names and numbers."""
    mood = "smiling" if p.smile > 0.35 else "sad" if p.smile < -0.15 else "calm"
    seen = [f"{p.skin} skin", _hair_words(p)]
    seen += [f"{p.glasses} glasses"] if p.glasses != "none" else []
    seen += [f"a {p.hat}"] if p.hat != "none" else []
    seen += [f"a {p.shirt} shirt"]
    seen += ["an open mouth"] if p.mouth_open > 0.35 else []
    seen = [words for words in seen if words]
    sentence = f"A {mood} person with {', '.join(seen[:-1])} and {seen[-1]}"
    looks = ["up" if p.gaze_y < 0 else "down"] if abs(p.gaze_y) > 0.5 else []
    looks += [f"to the {'left' if p.gaze_x < 0 else 'right'}"] if abs(p.gaze_x) > 0.5 else []
    return sentence + (f", looking {' and '.join(looks)}." if looks else ".")


def _hair_words(p: SimpleNamespace) -> str:
    if p.hair_style == "bald":
        return "a bald head" if p.hat == "none" else ""
    if p.hat != "none" and p.hair_style in ("short", "bun"):
        return f"{p.hair_colour} hair"
    if p.hair_style in ("bob", "bun"):
        return f"{p.hair_colour} hair in a {p.hair_style}"
    return f"{p.hair_style} {p.hair_colour} hair"
