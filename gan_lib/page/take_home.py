"""A student's own generator as one web page, to be carried home and opened without a network."""

from __future__ import annotations

import base64
import copy
import html
import json
import math
from numbers import Real
from pathlib import Path
from string import Template

import torch
from torch import Tensor, nn

from gan_lib import checks, figures, files, latent, models
from gan_lib.page.packing import packed
from gan_lib.page.scripts import HERE, checksum, script

SAMPLES, CLOUD = 16, 500
LONGEST = 2000  # letters of one text in `about`
KNOWN = {"made_by": "Made by", "data": "Trained on", "trained": "Trained on (date)",
         "seconds": "Seconds of training", "steps": "Steps of training"}  # other names as they come


def save(path: str | Path, G: nn.Module, about: dict | None = None) -> Path:
    """Write G as a web page into one file, whole or not at all. Returns its path.

    The page shows G(z) under sliders, a walk and samples, and works from disk, on a phone and
    without a network. `path` ends in .html. `about` is a dict of texts to texts or numbers that
    the page shows as a table: "title" is its heading; "made_by", "data", "trained", "seconds",
    "steps", "note" or whatever else fits. Same arguments, same bytes. Raises TypeError for what
    is no generator or cannot run in a page, ValueError for labels, for weights that are not finite
    and for what `about` cannot hold, OSError where nothing can be written.
    """
    path = _page_path(path)
    about = _checked(about)
    weights = packed(checks.generator("G", G))
    shape = _sample_shape(weights["shape"])
    alone = copy.deepcopy(G).eval().cpu().float()
    # Three digits are enough for a noise vector, and short in the file.
    z = latent.draw(CLOUD if len(shape) == 1 else SAMPLES, G.z_dim, device="cpu").round(decimals=3)
    with torch.no_grad():
        x = alone(z)
    limit = _limit(x) if len(shape) == 1 else None
    png, caption = _cloud(x, limit) if limit else _sheet(x)
    data = {"packed": weights, "samples": _numbers(z[:SAMPLES]), "limit": limit}
    return files.write_whole(path, _page(about, data, png, caption, models.parameters(G)).encode())


# --- questions to the arguments -----------------------------------------------------------------

def _page_path(path: str | Path) -> Path:
    if not isinstance(path, str | Path) or Path(path).suffix.lower() != ".html":
        raise ValueError(f"path must name a file that ends in .html, such as 'my_gan.html', but "
                         f"it is {path!r}.")
    return Path(path)


def _checked(about: dict | None) -> dict[str, str]:
    """Return `about` with all values as texts."""
    if not isinstance(about, dict | None):
        raise TypeError("about must be a dict such as {'title': 'My GAN', 'made_by': 'Ada'}, but "
                        f"it is {type(about).__name__}.")
    if not all(isinstance(name, str) and name.strip() for name in about or {}):
        raise ValueError("Each name in about must be a text, such as 'made_by'.")
    return {_text("a name in about", name): _text(f"about[{name[:40]!r}]", _words(name, value))
            for name, value in (about or {}).items()}


def _words(name: str, value) -> str:
    """Return a number as text, and what else it is as it came."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return str(value) if isinstance(value, bool) else value
    if not math.isfinite(value):
        raise ValueError(f"about[{name[:40]!r}] must be a text or a finite number, but it is "
                         f"{value}.")
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def _text(name: str, value) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text or a number, but it is {type(value).__name__}: "
                        "make a text of it, for example with str(...).")
    if len(value) > LONGEST:
        raise ValueError(f"{name} must have at most {LONGEST:,} letters, but it has "
                         f"{len(value):,}: shorten it.")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(f"{name} holds half a letter (a lone surrogate), which no file can hold: "
                         "type it again.")
    return value


def _sample_shape(shape: list[int]) -> list[int]:
    if shape == [2] or len(shape) == 3 and shape[2] in (1, 3):
        return shape
    raise TypeError("G must make pictures with 1 or 3 channels, or points in the plane, but the "
                    f"shape of what it makes is {tuple(shape)} (channels last).")


# --- what is seen without the script ------------------------------------------------------------

def _limit(points: Tensor) -> float:
    """Return where the axes of a cloud of points end: a half number beyond nearly all of them."""
    return max(math.ceil(2.2 * points.abs().max().item()) / 2, 0.5)


def _cloud(points: Tensor, limit: float) -> tuple[bytes, str]:
    figure, axes = figures.new(width=5, height=5)
    figures.draw_points(axes, fake=points, limit=limit)
    return figures.png_of_figure(figure), f"{CLOUD} fakes: points that G made from noise"


def _sheet(pictures: Tensor) -> tuple[bytes, str]:
    sheet = figures.tile(pictures, columns=4, frame=figures.FAKE)
    return figures.png_of_array(sheet, level=9), f"{SAMPLES} fakes that G made from noise"


# --- the page -----------------------------------------------------------------------------------

def _page(about: dict[str, str], data: dict, png: bytes, caption: str, weights: int) -> str:
    style, code = _style(), script("take_home.js")
    shape = data["packed"]["shape"]
    made = "a point in the plane" if len(shape) == 1 else "a picture"
    alt = f"{caption}, {'' if len(shape) == 1 else 'in rows of 4, '}" \
          f"each from {data['packed']['inside'][0]} numbers."
    by = f"A generator made by {about['made_by']}" if "made_by" in about else "A generator"
    return Template((HERE / "take_home.html").read_text(encoding="utf-8")).substitute(
        policy=_policy(style, code), style=style, script=code, data=_json(data), made=made,
        title=html.escape(about.get("title") or "My GAN"), by=html.escape(by),
        rows="\n".join(_row(name, text) for name, text in _facts(about, data, weights)),
        still=base64.b64encode(png).decode(), alt=html.escape(alt), caption=caption)


def _facts(about: dict[str, str], data: dict, weights: int) -> list[tuple[str, str]]:
    told = [(KNOWN.get(name, name[:1].upper() + name[1:].replace("_", " ")), text)
            for name, text in about.items() if name != "title"]
    inside, shape = data["packed"]["inside"], data["packed"]["shape"]
    outside = ("points in the plane" if len(shape) == 1 else
               f"{shape[1]} × {shape[0]} pixels, {'grey' if shape[2] == 1 else 'in colour'}")
    return [*told, ("Numbers in z", str(inside[0])), ("What G makes", outside),
            ("Weights of G", f"{weights:,}")]


def _row(name: str, text: str) -> str:
    return f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(text)}</td></tr>'


def _style() -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8")
                     for name in ("parts.css", "take_home.css"))


def _policy(style: str, code: str) -> str:
    """Return what the browser may do: run this one script and style, and nothing else."""
    return (f"default-src 'none'; script-src {checksum(code)}; style-src {checksum(style)}; "
            "img-src data:; base-uri 'none'; form-action 'none'")


def _json(data: dict) -> str:
    """Return data as JSON that cannot end the element around it."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _numbers(z: Tensor) -> list[list[float]]:
    return [[round(value, 3) for value in row] for row in z.tolist()]
