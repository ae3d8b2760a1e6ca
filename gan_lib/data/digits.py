"""The digits that ship with the course: 1,797 scans of 8x8 px.

Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository, 1998, the part for tests; licence CC BY 4.0.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import torch

FILE = Path(__file__).with_name("digits.csv.gz")  # a row: 64 grey levels from 0 to 16, the digit
BRIGHTEST = 16


def read() -> tuple[torch.Tensor, torch.Tensor]:
    """Return the pictures, float32 (1797, 1, 8, 8) in [0, 255], and the labels, int64 (1797,)."""
    with gzip.open(FILE) as rows:
        table = torch.from_numpy(np.loadtxt(rows, delimiter=",", dtype=np.float32))
    return table[:, :64].reshape(-1, 1, 8, 8) * (255 / BRIGHTEST), table[:, 64].long()
