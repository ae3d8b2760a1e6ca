"""What cells of a notebook look like in a page: code in its colours, and what it printed."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

STYLE = Path(__file__).with_name("cells.css")
TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # colours, for a terminal


def code(source: str) -> str:
    """Return lines of Python as HTML; cells.css has the colours."""
    inside = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{inside.rstrip()}</code></pre>'


def fenced(source: str, language: str) -> str:
    """Return lines of code that stand in a text as HTML; only Python has colours."""
    if language.strip().lower() in ("python", "py", "python3"):
        return code(source.rstrip())
    return f'<pre class="code"><code>{escape(source.rstrip(), quote=False)}</code></pre>'


def said(text: str) -> str:
    """Return what a cell printed as HTML."""
    words = TERMINAL.sub("", text).rstrip()
    return f'<pre class="said">{escape(words, quote=False)}</pre>' if words else ""
