"""Labels y of networks that are told a class: G(z, y) and D(x, y)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import checks


def vectors(y: Tensor | None, classes: int, n: int) -> Tensor | None:
    """Return labels y as float (n, classes): one 1 in each row if y are class numbers (n,).

    Raises TypeError or ValueError for labels that do not fit a network of so many classes.
    """
    if not classes or y is None:
        if classes or y is not None:
            raise ValueError("This network needs labels y, but there are none." if classes else
                             "This network has no classes: call it without labels y.")
        return None
    if isinstance(y, Tensor) and y.is_floating_point():
        return checks.shape("y", y, (n, classes))
    checks.shape("y", y, (n,))
    if y.dtype != torch.int64 or not ((y >= 0) & (y < classes)).all():
        raise ValueError(f"y must hold class numbers, int64 from 0 to {classes - 1}, but it holds "
                         f"{y.dtype} from {y.min().item()} to {y.max().item()}.")
    return F.one_hot(y, classes).float()
