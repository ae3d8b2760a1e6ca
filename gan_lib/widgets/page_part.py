"""The part of a tool that lives in the page: it draws there, without the kernel."""

from __future__ import annotations

import hashlib
import json

import ipywidgets
import torch
import traitlets
from torch import nn

from gan_lib import page

try:
    import anywidget
except ImportError:  # then the kernel draws everything
    anywidget = None


def key(network: nn.Module) -> str:
    """Return a name of the network that changes with its weights."""
    read = hashlib.blake2b(repr(network).encode(), digest_size=16)
    for tensor in network.state_dict().values():
        read.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return read.hexdigest()


class PagePart(anywidget.AnyWidget if anywidget else ipywidgets.DOMWidget):
    """Draws a tool's picture in the page, from its networks and the values of its controls.

    The page listens to the controls itself. What else it must know is the `plan`, which the tool
    writes; "keys" are the networks' names. A network's weights are no part of the widget's state,
    which notebooks store: the page asks for those that it lacks. While `alive`, the page draws,
    and when the hand on a control rests, it asks how things are: until then the kernel does
    nothing, for it would take time from the page.
    """

    _esm = page.script("tool_page.js")
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    picture = traitlets.Instance(ipywidgets.Image).tag(
        sync=True, **ipywidgets.widget_serialization)
    plan = traitlets.Dict().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    alive = traitlets.Bool(False).tag(sync=True)

    def __init__(self, tool, controls: list[ipywidgets.Widget], networks: list[nn.Module]):
        super().__init__(controls=controls, picture=tool.image)
        self._tool, self._networks, self._named = tool, networks, {}
        self.on_msg(self._answer)
        self.observe(lambda change: change["new"] or tool.refresh(), names="alive")

    @property
    def draws(self) -> bool:
        """Return whether the page draws what the controls change: the kernel need not."""
        return self.alive and bool(self._networks)

    def hears(self, change: dict | None) -> bool:
        """Return whether the page draws this change of a control, and will ask for the rest."""
        return self.draws and change is not None and change["owner"] in self.controls

    def follow(self) -> None:
        """Tell the page how things are now. Networks that were trained get other names."""
        keys = list(map(key, self._networks))
        self._named = dict(zip(keys, self._networks))
        self.plan = {**self._tool.plan(), "keys": keys}
        self.alt = self._tool.alt()

    def _answer(self, _, content: dict, buffers) -> None:
        self._tool.act(lambda: self._give(content["wants"]))

    def _give(self, wanted: str) -> None:
        if wanted == "plan":
            return self.follow()
        if wanted not in map(key, self._named.values()):
            self.follow()
        self.send({"key": wanted}, self._weights(wanted))

    def _weights(self, wanted: str) -> list[bytes]:
        """Return the network with this name as the page takes it; nothing where there is none."""
        try:
            return [json.dumps(page.packed(self._named[wanted])).encode()]
        except (KeyError, TypeError, ValueError):  # gone, or one that the page cannot run
            return []


def made(tool, controls: list[ipywidgets.Widget], networks: list[nn.Module]) -> PagePart | None:
    """Return the page's part of `tool`, or None where there can be none."""
    if anywidget is None or not all(hasattr(network, "layers") for network in networks):
        return None
    return PagePart(tool, controls, networks)
