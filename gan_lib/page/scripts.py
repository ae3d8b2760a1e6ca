"""JavaScript modules as one text: a page that is opened from a disk cannot load its modules."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import [^;]* from "(?P<path>[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=async |function|class|const|let)", re.MULTILINE)


def script(*paths: str | Path) -> str:
    """Return JavaScript modules, and all that they import, as the text of one module.

    A relative path begins at this folder. Every file comes once, after those that it imports; its
    imports and the word `export` go, so names must differ between the files.
    """
    parts: dict[Path, str] = {}
    for path in paths:
        _add((HERE / path).resolve(), parts)
    return "\n".join(parts.values())


def checksum(text: str) -> str:
    """Return how a page's Content-Security-Policy names a script or a style that may be used."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _add(path: Path, parts: dict[Path, str]) -> None:
    if path in parts:
        return
    text = path.read_text(encoding="utf-8")
    for found in IMPORT.finditer(text):
        _add((path.parent / found["path"]).resolve(), parts)
    parts[path] = EXPORT.sub("", IMPORT.sub("", text))
