"""The class league as a table: who wins at home, and who wins away?"""

from __future__ import annotations

import html
from pathlib import Path

import ipywidgets
import torch
from matplotlib.figure import Figure

from gan_lib import checks, figures, league
from gan_lib.widgets.tool import Tool, choice, row

REAL_PICTURES = 500       # that every D judges
CELL, NARROW = 1.5, 0.75  # inches; narrow, under names that stand upright, if there are many Gs
MANY = 6
ORDERS = ("Name", "Home", "Away")  # of the rows


class League(Tool):
    """Does a D that finds its own G's fakes find those of others? A table of all pairs.

    `folder` holds the files that `league.enter` wrote, `samples` gives the real pictures.
    `read()` is the button; `table` is what it found, None while there is no D or no G, and
    `left_out` the sentences on files that could not be read.
    """

    def __init__(self, folder: str | Path, samples):
        self.folder = Path(folder)
        self.samples = checks.kind("samples", samples, "real pictures, as data.load returns them",
                                   "batch", "channels", "size")
        self.words = ipywidgets.HTML()
        self.order = choice("Order by", list(ORDERS), ORDERS[0])
        super().__init__([row(self.button("Read again", self.read), self.order), self.words])
        self.watch(self.order)
        self.read()

    def rows(self) -> list[str]:
        """Return the names of the Ds in the order that is chosen: the best one first."""
        share = {"Name": lambda name: 0.0, "Home": self.table.home,
                 "Away": self.table.away}[self.order.value]
        return sorted(self.table.D, key=lambda name: -1 * (share(name) or 0.0))

    def read(self) -> None:
        """Read the folder, and let every D judge every G."""
        self.table, self.told = None, ""
        random = torch.Generator(self.samples.device).manual_seed(0)
        real = self.samples.batch(REAL_PICTURES, random)
        try:
            pairs, self.left_out = league.read(self.folder, self.samples.channels,
                                               self.samples.size)
            self.table = league.table(pairs, real)
        except FileNotFoundError as problem:
            self.left_out, self.told = [], str(problem)
        except ValueError as problem:
            self.told = str(problem)
        self.refresh()

    def update(self) -> None:
        """Write what was left out, and every cell as a table that a screen reader walks through."""
        self.words.value = "<br>".join(map(html.escape, self.left_out)) + self._in_html()

    def _in_html(self) -> str:
        if self.table is None:
            return ""
        t = self.table
        heads = "".join(f'<th scope="col">G of {html.escape(G)}</th>' for G in t.G)
        lines = [f'<tr><th scope="row">D of {html.escape(D)}</th>' + "".join(
            f"<td>{share:.0%}{' (home)' * (D == G)}</td>"
            for G, share in zip(t.G, t.hits[t.D.index(D)].tolist())) + "</tr>"
            for D in self.rows()]
        return ("<details><summary>Every cell, to be read aloud</summary><table><caption>Share of "
                f"the fakes that are found</caption><tr><td></td>{heads}</tr>{''.join(lines)}"
                "</table></details>")

    def caption(self) -> str:
        """Say why there is no table."""
        return self.told

    def alt(self) -> str:
        """Say in one sentence each D's share of hits at home and away."""
        if self.table is None:
            return f"No table yet: {self.told}"
        told = []
        for name in self.rows():
            alarms = self.table.false_alarms[self.table.D.index(name)]
            found = {where: share for where, share in (("at home", self.table.home(name)),
                                                       ("away", self.table.away(name)))
                     if share is not None}
            said = " and ".join(f"{share:.0%} of the fakes {where}"
                                for where, share in found.items())
            told.append(f"the D of {name} finds {said}, with {alarms:.0%} false alarms")
        left = f"; files left out: {len(self.left_out)}" if self.left_out else ""
        return f"The league, by {self.order.value.lower()}: {'; '.join(told)}{left}."

    def picture(self) -> Figure:
        """Return the table: a row for each D, a column for each G, and what it is on average."""
        if self.table is None:
            figure, axes = figures.new(width=8, height=1)
            axes.axis("off")
            axes.text(0, 0.5, "no table yet", va="center")
            return figure
        t = self.table
        ends = ["home", "away", "false\nalarms"]
        many = len(t.G) > MANY  # the page shrinks what is wider, letters and all
        figure, axes = figures.new(
            width=3.2 + (NARROW if many else CELL) * (len(t.G) + len(ends)),
            height=(2.8 if many else 1.6) + 0.6 * len(t.D))
        names = self.rows()
        places = [t.D.index(name) for name in names]
        axes.imshow(t.hits[places].numpy(), cmap="Greys", vmin=0, vmax=3, aspect="auto")
        for i, (D, place) in enumerate(zip(names, places)):
            for j, G in enumerate(t.G):
                own = D == G
                axes.text(j, i, f"{t.hits[place, j]:.0%}" + "\nhome" * own, ha="center",
                          va="center", fontweight="bold" if own else "normal")
            for j, share in enumerate((t.home(D), t.away(D), t.false_alarms[place].item())):
                axes.text(len(t.G) + j, i, "–" if share is None else f"{share:.0%}", ha="center",
                          va="center")
        axes.set_xlim(-0.5, len(t.G) + len(ends) - 0.5)
        axes.set_xticks(range(len(t.G) + len(ends)), [*(f"G of\n{_short(G)}" for G in t.G), *ends],
                        rotation=90 if many else 0)
        axes.set_yticks(range(len(names)), [f"D of {_short(D)}" for D in names])
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        return figure


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"
