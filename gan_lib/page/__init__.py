"""Networks that run in a web page, without a kernel and without a network connection."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def script(*paths: str | Path) -> str:
    """Return several JavaScript modules as the text of one, in the given order.

    A path without a folder lies beside this file. Imports among them go, and so does `export`:
    a page from a disk cannot load one module from another. Names must differ between the files.
    """
    parts = [(HERE / path).read_text(encoding="utf-8") for path in paths]
    text = "\n".join(parts)
    text = re.sub(r"^import [^;]*;\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^export (?=(async |function|class|const|let))", "", text, flags=re.MULTILINE)
