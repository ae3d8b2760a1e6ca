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


def plain_code(source: str) -> str:
    """Return lines of code in another language as HTML."""
    return f'<pre class="code"><code>{escape(source.rstrip(), quote=False)}</code></pre>'


def printed(text: str) -> str:
    """Return what a cell printed as HTML."""
    shown = TERMINAL.sub("", text).rstrip()
    return f'<pre class="said">{escape(shown, quote=False)}</pre>' if shown else ""
