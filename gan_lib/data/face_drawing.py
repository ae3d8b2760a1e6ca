"""Faces drawn by code: attributes -> picture, caption, landmarks.

Each part is a signed distance (negative inside, positive outside, 0 on the edge), which gives
smooth edges at any size (Quilez, "2D distance functions"). Lengths are in 1/32 of the picture.
"Left" and "right" are the left and right of the picture, and positive y points down.
"""

from __future__ import annotations

from types import SimpleNamespace

import torch
from torch import Tensor

from gan_lib import checks, device
from gan_lib.data.face_attributes import (
    ATTRIBUTES,
    COLOURS,
    HAIR,
    HALF_NONE,
    MOSTLY_MIDDLE,
    caption,
    is_class,
)

LANDMARKS = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right", "chin")
CHUNK = 64                      # so many faces fit into a processor's cache
SHADOW = (0.86, 0.74, 0.70)     # warm, or pale skin would look grey
SAME_CLASS = {"mouth": "skin", "brows": "hair_colour", "hat_edge": "hat"}
CENTRE_X, CENTRE_Y = 16.0, 16.4  # the middle of the head; it tilts about this point


def sample(n: int, seed: int = 0) -> dict[str, Tensor]:
    """Draw the attributes of n people; every attribute is independent of all the others.

    Returns (n,) tensors on the CPU: int64 class numbers or float32 values, as in ATTRIBUTES. The
    first rows do not depend on n. Raises TypeError or ValueError for a wrong n or seed.
    """
    n, seed = checks.whole_number("n", n), checks.whole_number("seed", seed, low=0)
    generator = torch.Generator("cpu").manual_seed(seed)
    columns = torch.rand(n, len(ATTRIBUTES), 2, generator=generator, device="cpu").unbind(1)
    attributes = {}
    for (name, values), pair in zip(ATTRIBUTES.items(), columns):
        u = pair.mean(1) if name in MOSTLY_MIDDLE else pair[:, 0]
        if is_class(name):
            if name in HALF_NONE:
                attributes[name] = (1 + (2 * u - 1) * (len(values) - 1)).floor().clamp(0).long()
            else:
                attributes[name] = (u * len(values)).long()
        else:
            low, high = values
            u = u ** 0.7 if name == "smile" else u  # most people in a portrait smile
            attributes[name] = (low + (high - low) * u).clamp(low, high)
    return attributes


def draw(attributes: dict[str, Tensor], size: int = 32) -> Tensor:
    """Draw one picture per person.

    attributes: every name of ATTRIBUTES with a (N,) tensor, as `sample` returns them; size: 16 to
    256. Returns uint8 (N, 3, size, size). Raises TypeError or ValueError for anything else.
    """
    size = checks.whole_number("size", size, 16, 256)
    n = _check(attributes)
    pictures = torch.empty(n, 3, size, size, dtype=torch.uint8)
    # These small operations are slower on several threads.
    with device.threads(1), torch.no_grad(), torch.device("cpu"):
        for start in range(0, n, CHUNK):
            part = {name: v[start:start + CHUNK].cpu() for name, v in attributes.items()}
            pictures[start:start + CHUNK] = _draw_chunk(part, size)
    return pictures


def landmarks(attributes: dict[str, Tensor]) -> Tensor:
    """Return where the drawing has the points of LANDMARKS.

    Returns float32 (N, 6, 2): x to the right and y down, as fractions of the picture in [0, 1].
    Raises what `draw` raises for wrong attributes.
    """
    _check(attributes)
    g = _geometry({name: value.cpu() for name, value in attributes.items()})
    corner_y = g.mouth_y - 2.0 * g.smile
    points = [(g.eye_x[0], g.eye_y), (g.eye_x[1], g.eye_y), (g.nose_x, g.nose_y),
              (g.mouth_x - g.mouth_w, corner_y), (g.mouth_x + g.mouth_w, corner_y),
              (g.chin_x, g.chin_y)]
    x, y = (torch.stack(axis, 1).flatten(1) for axis in zip(*points))
    cos, sin = g.cos.flatten(1), g.sin.flatten(1)
    return torch.stack([CENTRE_X + x * cos - y * sin, CENTRE_Y + x * sin + y * cos], 2) / 32


def captions(attributes: dict[str, Tensor]) -> list[str]:
    """Say in one English sentence what is seen of each person.

    It names expression, skin, hair, glasses, hat, shirt, an open mouth and gaze, but no hair that
    a hat hides. Raises what `draw` raises for wrong attributes.
    """
    n = _check(attributes)
    columns = {name: value.tolist() for name, value in attributes.items()}
    people = ({name: ATTRIBUTES[name][column[i]] if is_class(name) else column[i]
               for name, column in columns.items()} for i in range(n))
    return [caption(SimpleNamespace(**person)) for person in people]


def _check(attributes: dict[str, Tensor]) -> int:
    if not isinstance(attributes, dict):
        raise TypeError(f"attributes must be a dict as face_drawing.sample returns, but it is "
                        f"{type(attributes).__name__}.")
    for name in attributes:
        checks.one_of("an attribute's name", name, ATTRIBUTES)
    missing = [name for name in ATTRIBUTES if name not in attributes]
    if missing:
        raise ValueError(f"attributes lacks {', '.join(missing)}. Start from "
                         "face_drawing.sample(n).")
    for name, value in attributes.items():
        _check_values(name, checks.shape(name, value, (None,)))
    lengths = {name: len(value) for name, value in attributes.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"every attribute must have the same length, but they have {lengths}.")
    return lengths["skin"]


def _check_values(name: str, value: Tensor) -> None:
    low, high = (0, len(ATTRIBUTES[name]) - 1) if is_class(name) else ATTRIBUTES[name]
    if value.dtype != (torch.int64 if is_class(name) else torch.float32):
        wanted = "int64 class numbers" if is_class(name) else "float32 values"
        raise TypeError(f"{name} must hold {wanted}, but it holds {value.dtype}.")
    low32, high32 = value.new_tensor([low, high])  # float32 ends, as the values have
    if not ((value >= low32) & (value <= high32)).all():
        raise ValueError(f"{name} must lie from {low} to {high}, but it lies from "
                         f"{value.min().item():g} to {value.max().item():g}.")


def _geometry(attributes: dict[str, Tensor]) -> SimpleNamespace:
    """Places and sizes of all parts, each (N, 1, 1), from the middle of an upright head."""
    a = SimpleNamespace(**{name: v.view(-1, 1, 1) for name, v in attributes.items()})
    yaw, angle = 0.36 * a.turn, torch.deg2rad(a.tilt)
    g = SimpleNamespace(**vars(a), cos=angle.cos(), sin=angle.sin(), width=10.0 * a.head_width)
    eye_yaws = [yaw - 0.46, yaw + 0.46]  # the eyes lie on a cylinder that turns
    g.eye_x = [g.width * eye_yaw.sin() for eye_yaw in eye_yaws]
    g.eye_scale = [eye_yaw.cos() / 0.9 for eye_yaw in eye_yaws]
    g.eye_y = -0.7 * a.head_height + 1.4 * a.nod
    g.brow_y = g.eye_y - 4.2 - 1.5 * a.brow
    g.nose_x, g.nose_y = 1.2 * g.width * yaw.sin(), 2.9 * a.head_height + 1.6 * a.nod
    g.mouth_x, g.mouth_w = 0.95 * g.width * yaw.sin(), 4.4 * yaw.cos()
    g.mouth_y = 5.5 * a.head_height + 1.0 * a.nod
    g.chin_x, g.chin_y = 1.4 * a.turn, 11.6 * a.head_height + 0.6 * a.nod
    g.hat_y = -6.9 * a.head_height + 1.2 * a.nod
    return g


def _circle(x: Tensor, y: Tensor, radius) -> Tensor:
    return (x * x + y * y).sqrt() - radius


def _ellipse(x: Tensor, y: Tensor, rx, ry) -> Tensor:
    u, v = x / rx, y / ry
    slope = ((u / rx) ** 2 + (v / ry) ** 2).sqrt() + 1e-6
    return (u * u + v * v - 1) / (2 * slope)


def _box(x: Tensor, y: Tensor, half_w, half_h, corner) -> Tensor:
    u, v = x.abs() - half_w + corner, y.abs() - half_h + corner
    outside = (u.clamp(min=0) ** 2 + v.clamp(min=0) ** 2).sqrt()
    return outside + torch.maximum(u, v).clamp(max=0) - corner


def _soft_union(a: Tensor, b: Tensor, softness: float) -> Tensor:
    share = (0.5 + 0.5 * (b - a) / softness).clamp(0, 1)
    return torch.lerp(b, a, share) - softness * share * (1 - share)


class _Canvas:
    """The pictures being painted, and the two coordinate systems: picture and head."""

    def __init__(self, g: SimpleNamespace, size: int):
        self.pixels_per_unit = size / 32
        axis = (torch.arange(size) + 0.5) / self.pixels_per_unit
        self.x, self.y = axis - CENTRE_X, axis[:, None] - CENTRE_Y
        self.head_x = self.x * g.cos + self.y * g.sin
        self.head_y = self.y * g.cos - self.x * g.sin
        self.colours = {}
        for name, table in COLOURS.items():
            number = getattr(g, SAME_CLASS.get(name, name)).flatten()
            self.colours[name] = torch.tensor(table, dtype=torch.float32)[number]
        self.rgb = self._colour("background", 1.0).repeat(1, 1, size, size)

    def _colour(self, colour, shade) -> Tensor:
        rgb = self.colours[colour] if isinstance(colour, str) else torch.tensor([colour])
        return (torch.tensor(shade) * rgb.float())[:, :, None, None]

    def paint(self, distance: Tensor, colour, shade=1.0, strength=1.0) -> None:
        """Lay a colour over all points with a distance below 0; half of it at the edge."""
        cover = (0.5 - distance * self.pixels_per_unit).clamp_(0, 1) * strength
        self.rgb.lerp_(self._colour(colour, shade), cover[:, None])


def _draw_chunk(attributes: dict[str, Tensor], size: int) -> Tensor:
    g = _geometry(attributes)
    canvas = _Canvas(g, size)
    x, y = canvas.head_x, canvas.head_y
    skull = _ellipse(x, y + 1.6 * g.head_height, g.width, 10.0 * g.head_height)
    jaw = _ellipse(x - g.chin_x, y - (g.chin_y - 8.8), 0.84 * g.width, 8.8)
    head = _soft_union(skull, jaw, 2.0)
    canvas.paint(_ellipse(canvas.x, canvas.y - 19.5, 15.5, 9.5)[None], "shirt")
    _paint_back_hair(canvas, g, x, y)
    canvas.paint(_box(canvas.x, canvas.y - 9.0, 3.7, 5.2, 3.0)[None], "skin", SHADOW)
    ears = _circle((x + 1.2 * g.turn).abs() - g.width, y - g.eye_y - 1.0, 1.9)
    canvas.paint(ears, "skin", SHADOW, _hair_table("sides", g) < 5)
    canvas.paint(head, "skin")
    _paint_front_hair(canvas, g, x, y, head)
    _paint_eyes(canvas, g, x, y)
    nose = _ellipse(x - g.nose_x, y - g.nose_y, 1.5, 1.1)
    canvas.paint(nose, "skin", SHADOW)
    _paint_mouth(canvas, g, x, y)
    _paint_hat(canvas, g, x, y, skull)
    return canvas.rgb.round_().clamp_(0, 255).to(torch.uint8)


def _hair_table(name: str, g: SimpleNamespace) -> Tensor:
    return torch.tensor(HAIR[name])[g.hair_style]


def _under_hat(distance: Tensor, g: SimpleNamespace, y: Tensor) -> Tensor:
    return torch.where(g.hat > 0, torch.maximum(distance, g.hat_y - y), distance)


def _paint_back_hair(canvas: _Canvas, g: SimpleNamespace, x: Tensor, y: Tensor) -> None:
    half_w, end = _hair_table("back_width", g), _hair_table("back_end", g)
    half_h = (end + 10) / 2
    fall = _box(x, y - (end - 10) / 2, half_w, half_h, torch.minimum(half_w, half_h) * 0.75)
    bun = _circle(x, y + 12.8 * g.head_height, 3.4)
    waves = 0.6 * torch.cos(11 * torch.atan2(x, -y - 1.5))
    curls = _circle(x, y + 1.5, 12.9 + waves)
    style = ATTRIBUTES["hair_style"].index
    hair = torch.where(g.hair_style == style("bun"), bun, fall)
    hair = torch.where(g.hair_style == style("curly"), curls, hair)
    has_back = (half_w > 0) | (g.hair_style >= style("bun"))
    canvas.paint(_under_hat(hair, g, y), "hair_colour", 0.88, has_back)


def _paint_front_hair(canvas: _Canvas, g: SimpleNamespace, x, y, head: Tensor) -> None:
    x_face = x - 1.6 * g.turn
    top = _hair_table("hairline", g) * g.head_height + g.nod - _hair_table("slope", g) * x_face
    face = _box(x_face, y - top - 14, _hair_table("opening", g), 14, 5.0)
    hair = torch.maximum(head - 0.9, -face)
    hair = torch.maximum(hair, y - _hair_table("sides", g))
    canvas.paint(_under_hat(hair, g, y), "hair_colour", 1.0, g.hair_style > 0)


def _paint_eyes(canvas: _Canvas, g: SimpleNamespace, x: Tensor, y: Tensor) -> None:
    near_left = x < (g.eye_x[0] + g.eye_x[1]) / 2
    eye_x = torch.where(near_left, g.eye_x[0], g.eye_x[1])
    u = (x - eye_x) / torch.where(near_left, g.eye_scale[0], g.eye_scale[1])
    v = y - g.eye_y
    white = _ellipse(u, v, 2.9, 2.5)
    lens = torch.where(g.glasses == 1, _circle(u, v, 3.7), _box(u, v, 3.8, 3.2, 0.8))
    canvas.paint(lens, (255, 255, 255), 1.0, 0.25 * (g.glasses > 0))
    canvas.paint(_ellipse(u, v + 0.35, 3.2, 2.8), "skin", 0.5)
    canvas.paint(white, (255, 255, 255))
    pupil_x, pupil_y = u - 1.2 * g.gaze_x, v - 0.8 * g.gaze_y
    canvas.paint(torch.maximum(_circle(pupil_x, pupil_y, 2.1), white), "eye_colour")
    canvas.paint(torch.maximum(_circle(pupil_x, pupil_y, 1.0), white), (16, 14, 20))
    brow = _box(u, y - g.brow_y - 0.09 * u * u, 2.7, 0.6, 0.55)
    canvas.paint(brow, "brows")
    _paint_frame(canvas, g, x, u, v, lens)


def _paint_frame(canvas: _Canvas, g: SimpleNamespace, x, u, v, lens: Tensor) -> None:
    between = (x - g.eye_x[0]) * (x - g.eye_x[1]) < 0
    bridge = torch.where(between, _box(u, v, 9.0, 0.5, 0.0), 9.0)
    frame = torch.minimum(lens.abs() - 0.55, torch.maximum(bridge, -lens))
    canvas.paint(frame, (36, 34, 52), 1.0, g.glasses > 0)


def _paint_mouth(canvas: _Canvas, g: SimpleNamespace, x: Tensor, y: Tensor) -> None:
    u = ((x - g.mouth_x) / g.mouth_w).clamp(-1, 1)
    curve = g.mouth_y + g.smile * (2.8 * (1 - u * u) - 2.0)
    top = curve - 1.6 * g.mouth_open * g.smile.clamp(min=0) * (1 - u * u)
    bottom = curve + 3.4 * g.mouth_open * (1 - u ** 4)
    slope = (1 + (5.6 * g.smile * u / g.mouth_w) ** 2).sqrt()
    above = torch.maximum(top - y, y - bottom) / slope
    beside = (x - g.mouth_x).abs() - g.mouth_w
    inside = torch.maximum(above, beside)
    outside = (beside.clamp(min=0) ** 2 + above.clamp(min=0) ** 2).sqrt()
    canvas.paint(outside + inside.clamp(max=0) - 1.05 + 0.4 * g.mouth_open, "mouth")
    opened = (4 * g.mouth_open).clamp(max=1)
    tongue = torch.maximum(inside, g.mouth_y + g.smile * 0.8 + 2.0 * g.mouth_open - y)
    canvas.paint(tongue + 0.2, (228, 106, 112), 1.0, opened)
    teeth = 2.3 * (1 + 2 * g.smile).clamp(0, 1) - 0.4  # a sad mouth full of teeth looks angry
    canvas.paint(torch.maximum(inside, y - top - teeth), (255, 255, 255), 1.0, opened)


def _paint_hat(canvas: _Canvas, g: SimpleNamespace, x, y, skull: Tensor) -> None:
    pompom = _circle(x, y + 12.9 * g.head_height, 2.2)
    canvas.paint(pompom, "hat_edge", 1.0, g.hat == 2)
    crown = torch.maximum(skull - 1.2, y - g.hat_y)
    canvas.paint(crown, "hat", 1.0, g.hat > 0)
    visor = _ellipse(x - 4.5 * g.turn, y - g.hat_y + 0.9, 9.0, 1.7)
    band = _box(x, y - g.hat_y + 1.1, g.width - 0.2, 1.7, 0.9)
    canvas.paint(torch.where(g.hat == 1, visor, band), "hat_edge", 1.0, g.hat > 0)
