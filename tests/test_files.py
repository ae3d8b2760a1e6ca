"""Files are whole or as they were: permissions, what kills leave, no room, folders in the way."""

import errno
import os
import subprocess
import sys
import threading
import time

import pytest

from gan_lib import files

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX")
LEFT = ".net.{}-0123abcd.part"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def ended():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_content_is_there_and_nothing_else(tmp_path):
    for content in (b"", b"first", b"second" * 100_000):
        assert files.write_whole(str(tmp_path / "net"), content) == tmp_path / "net"
        assert (tmp_path / "net").read_bytes() == content and names(tmp_path) == ["net"]


@posix
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_permissions_are_as_the_umask_says(tmp_path, umask):
    before = os.umask(umask)
    try:
        path = files.write_whole(tmp_path / "net", b"new")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


# ---- what killed writers leave

def test_what_an_ended_writer_left_goes_with_the_next_saving(tmp_path, ended):
    for name in (LEFT.format(ended), ".a.b c.safetensors." + LEFT.format(ended)[5:]):
        (tmp_path / name).write_bytes(b"half")
    others = [".hidden", ".net.part", ".net.x.part", "net.123-0123abcd.part"]
    for name in others:
        (tmp_path / name).write_bytes(b"somebody's")
    files.write_whole(tmp_path / "other", b"whole")
    assert names(tmp_path) == sorted([*others, "other"])


@posix
def test_what_a_running_writer_writes_stays_but_not_for_ever(tmp_path):
    part = tmp_path / LEFT.format(os.getppid())
    part.write_bytes(b"half")
    files.write_whole(tmp_path / "net", b"whole")
    assert part.exists()
    os.utime(part, (time.time() - 7200,) * 2)       # the number may be another process's by now
    files.write_whole(tmp_path / "net", b"whole")
    assert names(tmp_path) == ["net"]


def test_on_windows_the_system_protects_a_running_writer(tmp_path, monkeypatch):
    (tmp_path / LEFT.format(os.getpid())).write_bytes(b"half")
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("on Windows this ends the process"))
    monkeypatch.setattr(files, "os", type("windows", (), {"name": "nt", "kill": os.kill}))
    files._sweep(tmp_path)
    assert names(tmp_path) == []


@posix
def test_writers_and_readers_at_the_same_time_never_see_half(tmp_path):
    path, sizes, bad = tmp_path / "net", (10_000, 30_000, 50_000), []
    files.write_whole(path, bytes([0]) * sizes[0])

    def write(value):
        try:
            for _ in range(40):
                files.write_whole(path, bytes([value]) * sizes[value])
        except OSError as error:
            bad.append(error)
    writing = [threading.Thread(target=write, args=[value]) for value in range(3)]
    for thread in writing:
        thread.start()
    reads = 0
    while any(thread.is_alive() for thread in writing):
        content, reads = path.read_bytes(), reads + 1
        bad += [len(content)] if len(content) != sizes[content[0]] else []
    assert not bad and reads and names(tmp_path) == ["net"]


# ---- what cannot be written

def refused(path, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        files.write_whole(path, b"new" * 10_000)
    text = str(caught.value)
    assert text.startswith(f"{path} was not written: ") and text.endswith(".")
    assert "Errno" not in text and "\n" not in text


def test_a_folder_that_is_missing_or_a_file_and_a_folder_in_the_way_are_named(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "nowhere" / "net", FileNotFoundError, "no such folder. Make it first")
    refused(tmp_path / "folder", IsADirectoryError, "a folder has this name. Choose another name")
    if os.name != "nt":
        refused(tmp_path / "file" / "net", NotADirectoryError, "is a file, not a folder")
    assert names(tmp_path) == ["file", "folder"] and not names(tmp_path / "folder")
    with pytest.raises(IsADirectoryError, match="a folder has this name"):
        files.write_whole("", b"new")


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0,
                    reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path):
    (tmp_path / "net").write_bytes(b"old")
    tmp_path.chmod(0o555)
    try:
        refused(tmp_path / "net", PermissionError, "you may not write there")
    finally:
        tmp_path.chmod(0o755)
    assert (tmp_path / "net").read_bytes() == b"old"


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="no folder that refuses even root")
def test_a_folder_that_refuses_even_root_is_named():
    with pytest.raises(OSError, match="^/proc/self/net_ was not written: "):
        files.write_whole("/proc/self/net_", b"new")


@pytest.mark.parametrize("number, error, sentence", [
    (errno.ENOSPC, OSError, "no room left"), (errno.EACCES, PermissionError, "may not write"),
    (errno.EROFS, OSError, "may not write"), (errno.EIO, OSError, os.strerror(errno.EIO))])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_an_error_at_any_moment_keeps_the_old_file(tmp_path, monkeypatch, number, error, sentence,
                                                   call):
    (tmp_path / "net").write_bytes(b"old")

    def fails(*_):
        raise OSError(number, os.strerror(number))
    monkeypatch.setattr(files.os, call, fails)
    refused(tmp_path / "net", error, sentence)
    assert (tmp_path / "net").read_bytes() == b"old" and names(tmp_path) == ["net"]


def test_an_interrupt_keeps_the_old_file(tmp_path, monkeypatch):
    (tmp_path / "net").write_bytes(b"old")

    def pressed(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(files.os, "fsync", pressed)
    with pytest.raises(KeyboardInterrupt):
        files.write_whole(tmp_path / "net", b"new")
    assert (tmp_path / "net").read_bytes() == b"old" and names(tmp_path) == ["net"]


NO_ROOM = """
import resource, sys
from gan_lib import files
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    files.write_whole(sys.argv[1], b"new" * 1000)
except OSError as error:
    print(error)
"""


@posix
def test_a_file_for_which_there_is_no_room_leaves_the_old_one(tmp_path):
    (tmp_path / "net").write_bytes(b"old")
    said = subprocess.run([sys.executable, "-c", NO_ROOM, tmp_path / "net"], check=True, text=True,
                          capture_output=True).stdout
    assert said == (f"{tmp_path / 'net'} was not written: there is no room left. Delete something, "
                    "or choose another disk.\n")
    assert (tmp_path / "net").read_bytes() == b"old" and names(tmp_path) == ["net"]
