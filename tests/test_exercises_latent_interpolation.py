"""The exercises of notebook 05: right answers, the stubs, and typical mistakes with their hints."""


import pytest

from exercise_tools import verdict

LERP = "from gan_lib.latent import lerp\n"
SLERP = LERP + """
def slerp(a, b, t):
    cosine = torch.nn.functional.cosine_similarity(a, b, dim=-1).unsqueeze(-1).clamp(-1, 1)
    angle = {angle}
    mix = {mix}
    return {result}
"""
RIGHT = {"angle": "torch.arccos(cosine)",
         "mix": "(torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle)",
         "result": "torch.where(angle < 1e-4, lerp(a, b, t), mix)"}
DIRECTION = """
def attribute_direction(z, has):
    difference = {difference}
    return {result}
"""

WRONG = [
    ("lerp", "def lerp(a, b, t):\n    return t * a + (1 - t) * b", "wrong way round"),
    ("lerp", "def lerp(a, b, t):\n    return a + t * b", "All of a is still in it"),
    ("lerp", "def lerp(a, b, t):\n    return a + t * (a - b)", "it is b - a"),
    ("lerp", "def lerp(a, b, t):\n    return (a + b) / 2", "Use t"),
    ("lerp", "from gan_lib import latent\ndef lerp(a, b, t):\n    return latent.slerp(a, b, t) * "
             "torch.tensor([1.0, 1.0])", "spherical mix"),
    ("lerp", "def lerp(a, b, t):\n    (1 - t) * a + t * b", "gave nothing back"),
    ("lerp", "def lerp(a, b, t):\n    return ((1 - t) * a + t * b).sum(-1)", "should give"),
    ("slerp", LERP + "def slerp(a, b, t):\n    return lerp(a, b, t)", "straight mix"),
    ("slerp", SLERP.format(**{**RIGHT, "angle": "cosine"}), "arccos"),
    ("slerp", SLERP.format(**{**RIGHT, "angle": "torch.rad2deg(torch.arccos(cosine))"}), "radians"),
    ("slerp", SLERP.format(**{**RIGHT, "mix": "(torch.sin(t * angle) * a + torch.sin((1 - t) * "
                              "angle) * b) / torch.sin(angle)"}), "wrong way round"),
    ("slerp", SLERP.format(**{**RIGHT, "mix": "lerp(a, b, t) / lerp(a, b, t).norm(dim=-1, "
                              "keepdim=True)"}), "third of the angle"),
    ("slerp", SLERP.format(**{**RIGHT, "mix": "(torch.cos((1 - t) * angle) * a + torch.cos(t * "
                              "angle) * b) / torch.sin(angle)"}), "mix with torch.cos"),
    ("slerp", SLERP.format(**{**RIGHT, "mix": "torch.sin((1 - t) * angle) * a + torch.sin(t * "
                              "angle) * b"}), "Divide by sin(angle)"),
    ("slerp", SLERP.format(**{**RIGHT, "result": "mix / mix.norm(dim=-1, keepdim=True)"}),
     "as long as a and b"),
    ("slerp", SLERP.format(**{**RIGHT, "result": "mix"}), "straight mix"),
    ("attribute_direction", DIRECTION.format(difference="z[has].mean(0) - z[~has].mean(0)",
                                             result="difference"), "divide it by its length"),
    ("attribute_direction", DIRECTION.format(difference="z[~has].mean(0) - z[has].mean(0)",
                                             result="difference / difference.norm()"), "wrong way"),
    ("attribute_direction", DIRECTION.format(difference="z[has].mean(0)",
                                             result="difference / difference.norm()"), "Take away"),
    ("attribute_direction", DIRECTION.format(difference="z[has].sum(0) - z[~has].sum(0)",
                                             result="difference / difference.norm()"),
     "not the sum"),
    ("attribute_direction", DIRECTION.format(difference="z[has].mean(1) - z[~has].mean(1)",
                                             result="difference / difference.norm()"), ".mean(0)"),
]


@pytest.mark.parametrize(("name", "source", "hint"), WRONG)
def test_a_typical_mistake_gets_its_hint(name, source, hint):
    said = verdict(source, name)
    assert said.startswith("Not yet") and hint in said, said


def test_the_frame_of_the_wrong_slerps_is_right_itself():
    assert verdict(SLERP.format(**RIGHT), "slerp").startswith("✓")
