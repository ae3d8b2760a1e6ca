"""The extension of JupyterLab's server that sends a slider's pictures without a wait."""

import asyncio
import json
import logging
import re
import socket
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from tornado import httpserver, netutil, web, websocket

from gan_lib.widgets import lab_server
from tools.browser_lab import PROMPT_PICTURES, running_lab
from tools.notebook_files import ROOT


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    monkeypatch.setattr(lab_server.os, "environ", dict(lab_server.os.environ))


def server(**settings):
    return SimpleNamespace(web_app=SimpleNamespace(settings=settings),
                           log=logging.getLogger("server"))


class Connection:
    """Stands in for a connection of a kernel."""

    log = logging.getLogger("server")

    def __init__(self, websocket_handler):
        self.websocket_handler = websocket_handler

    def connect(self):
        return "connected"


def prompt_connection(handler):
    given = server(kernel_websocket_connection_class=Connection)
    lab_server._load_jupyter_server_extension(given)
    made = given.web_app.settings["kernel_websocket_connection_class"](handler)
    assert isinstance(made, Connection)
    return made


def test_kernels_send_no_echo_unless_the_user_wants_it(monkeypatch):
    for wanted, found in (({}, "0"), ({"JUPYTER_WIDGETS_ECHO": "1"}, "1")):
        monkeypatch.setattr(lab_server.os, "environ", wanted)
        lab_server._load_jupyter_server_extension(
            server(kernel_websocket_connection_class=Connection))
        assert wanted["JUPYTER_WIDGETS_ECHO"] == found


def in_a_thread(coroutine) -> None:
    """Run a coroutine to its end. The tests' browser occupies the main thread's event loop."""
    with ThreadPoolExecutor() as thread:
        thread.submit(asyncio.run, coroutine).result()


def test_the_socket_of_a_websocket_sends_at_once():
    found = []

    class Handler(websocket.WebSocketHandler):
        def open(self):
            option = socket.IPPROTO_TCP, socket.TCP_NODELAY
            own = self.ws_connection.stream.socket
            found.append(own.getsockopt(*option))
            found.append(prompt_connection(self).connect())
            found.append(own.getsockopt(*option))

    async def meet():
        listening = netutil.bind_sockets(0, "127.0.0.1")
        running = httpserver.HTTPServer(web.Application([("/", Handler)]))
        running.add_sockets(listening)
        port = listening[0].getsockname()[1]
        client = await websocket.websocket_connect(f"ws://127.0.0.1:{port}/")
        client.close()
        running.stop()
        await running.close_all_connections()

    in_a_thread(meet())
    before, connected, after = found
    assert before == 0 and after != 0 and connected == "connected"


def test_a_websocket_without_the_option_connects_all_the_same(caplog):
    assert prompt_connection(SimpleNamespace()).connect() == "connected"
    warning, = caplog.messages
    assert "their pictures come later" in warning and "set_nodelay" in warning


@pytest.mark.parametrize("settings", [
    {}, {"kernel_websocket_connection_class": None}, {"kernel_websocket_connection_class": int}])
def test_a_server_that_has_changed_is_left_as_it_is_with_one_warning(settings, caplog):
    changed = server(**settings)
    lab_server._load_jupyter_server_extension(changed)
    assert changed.web_app.settings == settings
    warning, = caplog.messages
    assert "their pictures come later" in warning


def test_the_extension_loads_no_heavy_package():
    script = "import sys; from gan_lib.widgets import lab_server; print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, text=True,
                         capture_output=True)
    assert ran.stdout.strip() == "False"


def test_make_lab_starts_the_server_with_the_extension():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    option, = re.findall(r"^PROMPT_PICTURES := (.*)$", makefile, re.MULTILINE)
    assert option == PROMPT_PICTURES
    assert "$(PROMPT_PICTURES)" in makefile.partition("\nlab:")[2].partition("\n\n")[0]


def test_a_real_server_loads_it_and_a_kernel_s_connection_sends_at_once(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "course"
    home.mkdir()
    with running_lab(home, folder, PROMPT_PICTURES) as lab:
        asked = urllib.request.Request(f"{lab.address}/api/kernels", data=b"{}", method="POST",
                                       headers={"Authorization": f"token {lab.token}"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            kernel = json.load(answer)["id"]
        address = f"{lab.address}/api/kernels/{kernel}/channels?token={lab.token}"
        in_a_thread(speaks(address.replace("http", "ws", 1)))
    log = (home / "log").read_text()
    assert "gan_lib.widgets.lab_server | extension was successfully loaded" in log
    assert "their pictures come later" not in log


async def speaks(address: str) -> None:
    """Wait for the first message of a kernel."""
    client = await websocket.websocket_connect(address)
    assert await asyncio.wait_for(client.read_message(), timeout=60)
    client.close()
