"""Files that are whole at every moment, whoever reads, writes or is killed at the same time."""

from __future__ import annotations

import errno
import os
import re
import time
import uuid
from contextlib import suppress
from pathlib import Path

NO_ROOM = "there is no room left. Delete something, or choose another disk."
FORBIDDEN = "you may not write there. Choose another folder."
REASONS = {
    errno.ENOENT: "there is no such folder. Make it first.",
    errno.ENOTDIR: "a part of this path is a file, not a folder. Choose another folder.",
    errno.EISDIR: "a folder has this name. Choose another name.",
    errno.EACCES: FORBIDDEN, errno.EPERM: FORBIDDEN, errno.EROFS: FORBIDDEN,
    errno.ENOSPC: NO_ROOM, errno.EDQUOT: NO_ROOM, errno.EFBIG: NO_ROOM}


def write_whole(path: str | Path, content: bytes) -> Path:
    """Put `content` at `path` in one move, and return the path.

    Whoever reads sees the old file or the new one, never half of one; after an error or a kill the
    old one is still there. What killed writers left in the folder goes. Raises the OSError that
    the system gave, with a sentence that says what to do.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        _sweep(path.parent)
        part = path.with_name(f".{path.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.part")
        try:
            with open(part, "xb") as file:  # a new file: its permissions are as the umask says
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        finally:
            with suppress(OSError):
                part.unlink()
    except OSError as error:
        reason = REASONS.get(error.errno, f"{error.strerror}.")
        raise type(error)(f"{path} was not written: {reason}") from None
    return path


def _sweep(folder: Path) -> None:
    """Delete what writers that run no more left behind."""
    for part in folder.glob(".*.part"):
        name = re.fullmatch(r"\..+\.(\d{1,9})-[0-9a-f]{8}\.part", part.name)
        with suppress(OSError):  # Windows refuses while the writer still has the file open
            if name and not (_runs(int(name[1])) and time.time() - part.stat().st_mtime < 3600):
                part.unlink()


def _runs(process: int) -> bool:
    if os.name == "nt":
        return False  # to ask there would end the process
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, PermissionError)  # it runs, and is somebody else's
    return True
