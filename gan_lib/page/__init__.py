"""Networks that run in a web page, without a kernel and without a network connection."""

from gan_lib.page.packing import packed
from gan_lib.page.scripts import script
from gan_lib.page.take_home import save

__all__ = ["packed", "save", "script"]
