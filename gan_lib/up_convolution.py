"""Up-convolution by hand: stamp the kernel, move by the stride, add, cut off the padding.

A transposed convolution in slow motion; `models.up_convolution` makes the layers that learn.
Sources: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016; on
kernels that the stride does not divide: Odena et al., "Deconvolution and Checkerboard
Artifacts", 2016.
"""

from __future__ import annotations

from torch import Tensor

from gan_lib import checks


def up_convolve(x: Tensor, kernel: Tensor, stride: int) -> Tensor:
    """Up-convolve one picture x (H, W): each pixel stamps a copy of the kernel (k, k).

    Returns ((H - 1) stride + k, (W - 1) stride + k), of x's type: a transposed convolution
    without padding. With x and kernel all ones, it counts how many copies cover each cell: of
    the inner cells all the same number only if the stride divides k. Raises ValueError for other
    shapes and a stride below 1.
    """
    checks.shape("x", x, (None, None))
    checks.shape("kernel", kernel, (len(kernel), len(kernel)))
    checks.whole_number("stride", stride)
    (height, width), k = x.shape, len(kernel)
    y = x.new_zeros((height - 1) * stride + k, (width - 1) * stride + k)
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j * stride
            y[top:top + k, left:left + k] += x[i, j] * kernel
    return y


def output_size(n: int, kernel: int, stride: int, padding: int) -> int:
    """Return the side of what an up-convolution makes of a picture with n x n pixels.

    `kernel` is the kernel's side; `padding` cells are cut off at each border. Raises ValueError
    if nothing is left.
    """
    for name, value, low in (("n", n, 1), ("kernel", kernel, 1), ("stride", stride, 1),
                             ("padding", padding, 0)):
        checks.whole_number(name, value, low)
    if 2 * padding >= (n - 1) * stride + kernel:
        raise ValueError(f"padding {padding} cuts everything off. Choose a smaller one.")
    return (n - 1) * stride - 2 * padding + kernel
