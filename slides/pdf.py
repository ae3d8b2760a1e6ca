"""Prints the deck: one page a slide, by a Chromium, Chrome or Edge that is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from gan_lib import files
from tools.browsers import find_browser

# Where browsers are that no command names.
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
          "/Applications/Chromium.app/Contents/MacOS/Chromium",
          "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
          r"C:\Program Files\Google\Chrome\Application\chrome.exe",
          r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe")
BY_HAND = ("No PDF: no Chromium, Chrome or Edge was found. Open {page}?print-pdf in any of them "
           "and print it into a file, without margins and with background graphics.")
SECONDS = 300  # after which a browser that prints nothing is given up
DATE = re.compile(rb"(/(?:Creation|Mod)Date \(D:)(\d{14})")


class PrintingError(RuntimeError):
    """A browser that was found did not print the deck."""


def find_printer() -> str | None:
    """Return the path of a browser that can print, or None."""
    return find_browser() or next(filter(os.path.exists, PLACES), None)


def write(page: Path, pdf: Path, browser: str) -> None:
    """Print the deck at `page` into `pdf`. Raises PrintingError with what the browser said."""
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "deck.pdf"
        command = [browser, "--headless", "--disable-gpu", "--no-first-run",
                   "--no-pdf-header-footer",
                   f"--user-data-dir={folder}/profile", "--virtual-time-budget=20000",
                   f"--print-to-pdf={printed}", f"{page.resolve().as_uri()}?print-pdf"]
        if sys.platform == "linux" and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
        try:
            said = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS).stderr
        except subprocess.TimeoutExpired:
            raise PrintingError(f"{browser} printed nothing within {SECONDS} s.") from None
        if not printed.exists():
            raise PrintingError(f"{browser} printed nothing. It said:\n{said[-2000:]}")
        # The same deck gives the same bytes, whenever it is printed.
        files.write_whole(pdf, DATE.sub(rb"\g<1>20000101000000", printed.read_bytes()))
