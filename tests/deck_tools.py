"""A small deck with everything in it, for the tests of its builder and of its page."""

import numpy as np

from gan_lib import figures
from slides import build, making
from slides.figures import Drawing
from slides.live import Live

DECK = """\
# Small deck {#start}

Words, {{share}} of them true.

```notes
minutes: 1
path: true
say: Hello.
```

# One by one

- The generator $G(z)$
- The discriminator
  - a classifier
- [Try it](notebook:04#Freeze D, move G), or [read on](https://example.org/paper).

```notes
minutes: 2.5
path: false
say: |
  Slowly, with $D(x)$ and {{share}}.

  - a point
ask: Who wins?
answer: "Nobody: it is *a game*."
open:
  - notebook:04#Freeze D, move G
  - notebook:01
short: Skip it.
```

# Drawn in three steps

- Before the drawing

```figure wide squares lines
Three pictures, the last is a *line*.
```

- After the drawing

```notes
minutes: 1
path: true
say: Draw.
```

# A slide to touch {#touch}

```live counting
Press, or move.
```

```notes
minutes: 1
path: false
say: Press.
```

# The end {.part}

```notes
minutes: 1
path: true
say: Thanks.
```
"""

COUNTING = """\
export function counting(place, data, networks) {
  const button = document.createElement("button");
  button.textContent = "Count";
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: 10, value: data.first, ariaLabel: "number" });
  const shown = document.createElement("output");
  const show = text => { shown.textContent = text; };
  let count = 0;
  button.addEventListener("click", () => {
    count += 1;
    if (count === 3) throw new Error("three is too much");
    show(`${count} of ${data.words}`);
  });
  slider.addEventListener("input", () => show(`at ${slider.value}`));
  place.append(button, slider, shown);
  show(`networks: ${Object.keys(networks)}`);
}
"""


def wide() -> Drawing:
    figure, axes = figures.new(width=11, height=3)
    axes.plot([0, 1], [0, 1], color=figures.NEUTRAL)
    return Drawing(figure, "A line from 0 to 1.")


def squares() -> Drawing:
    pixels = np.zeros((40, 120, 3), np.uint8)
    pixels[::2] = 200
    return Drawing(pixels, "Stripes of <black> & grey.")


def install(monkeypatch, folder) -> None:
    """Give the builder the small deck's figures, claims, live slides, and a cache in `folder`."""
    (folder / "live").mkdir(parents=True)
    (folder / "live" / "counting.js").write_text(COUNTING)
    monkeypatch.setattr(build, "LIVE_FOLDER", folder / "live")
    monkeypatch.setattr(making, "CACHE", folder / "cache")
    monkeypatch.setattr(making, "FIGURES", {"wide": wide, "squares": squares, "lines": wide})
    monkeypatch.setattr(making, "CLAIMS", {"share": lambda: "1/2 & more"})
    monkeypatch.setattr(making, "LIVE", {"counting": Live(
        (), lambda: {"first": 4, "words": "</script><b>many</b>"}, "squares")})


def write(folder, text: str = DECK):
    """Write the Markdown of a deck into `folder`; return its path."""
    path = folder / "small.md"
    path.write_text(text, encoding="utf-8")
    return path
