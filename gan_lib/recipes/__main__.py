"""python -m gan_lib.recipes NAME [NAME ...], or all"""

import sys

from gan_lib.recipes import RECIPES, make

for wanted in RECIPES if sys.argv[1:] == ["all"] else sys.argv[1:] or [""]:
    make(wanted)
