"""Sliders for pose, gaze and mouth, and a recorded driver: the fake face follows."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from gan_lib import checks, data, figures, heads, inpainting
from gan_lib.data import face_drawing
from gan_lib.widgets.tool import Tool, card, choice, named, player, row, slider, whole_slider

MILLISECONDS = 100  # one frame of the driver
PICTURES = (1, 4, 8)


class Puppet(Tool):
    """Does the face follow? Eight sliders, or a recorded driver, move a person's head.

    `networks` maps a caption to each network(pictures, y), as `heads.TalkingHead` is one. `people`
    are drawn people in more poses than one: their first pictures are what the networks read. The
    truth beside the fakes is the same person, drawn in that pose. `driver` maps each name of
    heads.EXPRESSION to float32 (frames,): `heads.driver()` if None.
    """

    def __init__(self, networks: dict, people: heads.People, person: int = 0,
                 driver: dict[str, Tensor] | None = None):
        for network in checks.kind("networks", networks, "a dict such as {'with D': head}",
                                   "items").values():
            checks.kind("a network", network, "a network(pictures, y)", "__call__")
        if not networks:
            raise ValueError("networks must hold at least one, such as {'with D': head}.")
        checks.kind("people", people, "people as heads.people draws them", "images", "person")
        self.networks, self.people = dict(networks), people
        self.driver = heads.driver() if driver is None else driver
        self.who = whole_slider("Person", 0, len(people) - 1, person)
        most = people.images.shape[1]
        self.reads = choice("Pictures read", [k for k in PICTURES if k <= most], 1)
        self.sliders = {name: slider(name.replace("_", " ").capitalize(), low, high, 0.0,
                                     step=(high - low) / 100)
                        for name, low, high in zip(heads.EXPRESSION, heads.LOWS, heads.HIGHS)}
        frames = len(heads.in_pose(people.person(0), self.driver)["smile"])
        self.play, self.frame = player("Driver", frames - 1, MILLISECONDS)
        self.fakes, self.truth, self.psnr = [], None, {}
        super().__init__([self.who, self.reads, *self.sliders.values(), self.frame,
                          row(self.button("Look ahead", self.rest), named(self.play))],
                         beside=True)
        self.watch(self.who, self.reads, *self.sliders.values())
        self.frame.observe(self._follow, names="value")
        self.refresh()

    @property
    def expression(self) -> dict[str, Tensor]:
        """Return where the sliders stand: {name of EXPRESSION: float32 (1,)}."""
        return {name: torch.tensor([control.value], device="cpu")
                for name, control in self.sliders.items()}

    @property
    def pictures(self) -> Tensor:
        """Return what the networks read: the person's first K pictures, (1, K, 3, H, W)."""
        return data.to_float(self.people.images[self.who.value, :self.reads.value])[None]

    def place(self, expression: dict) -> None:
        """Set the sliders: {name of EXPRESSION: a number}; those left out stay."""
        for name, value in expression.items():
            low, high = face_drawing.ATTRIBUTES[checks.one_of("a name", name, heads.EXPRESSION)]
            checks.number(name, value, low - 1e-4, high + 1e-4)
        with self.quietly():
            for name, value in expression.items():
                self.sliders[name].value = value

    def rest(self) -> None:
        """Look straight ahead, with a closed mouth."""
        self.place(dict.fromkeys(heads.EXPRESSION, 0.0))

    def _follow(self, change: dict) -> None:
        self.act(lambda: self.place({name: values[change["new"]].item()
                                     for name, values in self.driver.items()}))

    @torch.no_grad()
    def update(self) -> None:
        """Draw the fakes and the truth, and say how close they are."""
        attributes = heads.in_pose(self.people.person(self.who.value), self.expression)
        size, where = self.people.images.shape[-1], self.people.images.device
        truth = data.to_float(face_drawing.draw(attributes, size)).to(where)
        y = heads.pose(attributes).to(where)
        fakes = [network(self.pictures, y) for network in self.networks.values()]
        source = self.pictures[:, 0]
        everything = torch.ones(size, size, dtype=torch.bool, device=where)
        self.psnr = {name: inpainting.psnr(x, truth, everything).item()
                     for name, x in zip(["copy", *self.networks], [source, *fakes])}
        self.fakes, self.truth = fakes, truth

    def picture(self) -> np.ndarray:
        """Return the first picture read and the truth; below, the fakes."""
        cards = [card(self.pictures[:, 0], f"read: 1 of {self.reads.value}", figures.REAL),
                 card(self.truth, "truth", figures.REAL),
                 *[card(x, name, figures.FAKE) for name, x in zip(self.networks, self.fakes)]]
        cards += [np.full_like(cards[0], 255)] * (len(cards) % 2)
        return np.vstack([np.hstack(cards[i:i + 2]) for i in range(0, len(cards), 2)])

    def alt(self) -> str:
        """Say who is shown in which pose, and how close the fakes are to the truth."""
        places = ", ".join(f"{control.description} {control.value:.2f}"
                           for control in self.sliders.values())
        return (f"Person {self.who.value}: picture 1 of {self.reads.value} that E read, the truth, "
                f"and a fake of each network, at {places}. {self.caption()}")

    def caption(self) -> str:
        """Say how close the fakes are to the truth, and how close a copy would be."""
        said = ", ".join(f"{name} {value:.1f}" for name, value in self.psnr.items()
                         if math.isfinite(value) or name != "copy")
        return f"PSNR in dB: {said}."
