"""Up-convolution by hand against PyTorch's transposed convolution."""

import pytest
import torch
from torch.nn import functional as F

from gan_lib import up_convolution


@pytest.mark.parametrize(("height", "width", "k", "stride"), [
    (2, 2, 3, 2), (3, 5, 4, 2), (1, 4, 2, 3), (4, 2, 5, 1)])
def test_up_convolve_is_pytorchs_transposed_convolution(height, width, k, stride):
    random = torch.Generator().manual_seed(0)
    x = torch.randn(height, width, generator=random, dtype=torch.float64)
    kernel = torch.randn(k, k, generator=random, dtype=torch.float64)
    expected = F.conv_transpose2d(x[None, None], kernel[None, None], stride=stride)[0, 0]
    torch.testing.assert_close(up_convolution.up_convolve(x, kernel, stride), expected)


def test_up_convolve_has_a_gradient_and_leaves_its_inputs_as_they_are():
    x, kernel = torch.ones(2, 3, requires_grad=True), torch.full((2, 2), 3.0, requires_grad=True)
    up_convolution.up_convolve(x, kernel, 2).sum().backward()
    assert torch.equal(x, torch.ones(2, 3)) and torch.equal(kernel, torch.full((2, 2), 3.0))
    assert torch.equal(x.grad, torch.full((2, 3), 12.0))  # each pixel multiplies all of the kernel
    assert torch.equal(kernel.grad, torch.full((2, 2), 6.0))  # each number multiplies all pixels


@pytest.mark.parametrize(("k", "stride"), [(3, 2), (4, 2), (3, 3), (5, 3), (6, 3), (2, 1)])
def test_inner_cells_are_covered_equally_often_where_the_stride_divides_the_kernel(k, stride):
    count = up_convolution.up_convolve(torch.ones(6, 6), torch.ones(k, k), stride)
    inner = count[k - 1:1 - k, k - 1:1 - k]
    assert (len(inner.unique()) == 1) == (k % stride == 0)


def test_output_size_is_the_size_of_pytorchs_output():
    for n in (1, 4, 5):
        for kernel in (2, 3, 4, 5):
            for stride in (1, 2, 3):
                for padding in (0, 1, 2):
                    if kernel <= 2 * padding and n == 1:
                        continue  # nothing is left: see below
                    layer = torch.nn.ConvTranspose2d(1, 1, kernel, stride, padding)
                    expected = layer(torch.zeros(1, 1, n, n)).shape[-1]
                    assert up_convolution.output_size(n, kernel, stride, padding) == expected


@pytest.mark.parametrize(("call", "says"), [
    (lambda: up_convolution.up_convolve(torch.zeros(4), torch.zeros(2, 2), 2),
     "x must have the shape"),
    (lambda: up_convolution.up_convolve(torch.zeros(2, 2), torch.zeros(2, 3), 2),
     "kernel must have"),
    (lambda: up_convolution.up_convolve(torch.zeros(2, 2), torch.zeros(2, 2), 0),
     "stride must be"),
    (lambda: up_convolution.output_size(4, 4, 2, -1), "padding must be at least 0"),
    (lambda: up_convolution.output_size(4, 4, 0, 1), "stride must be at least 1"),
    (lambda: up_convolution.output_size(1, 4, 2, 2), "padding 2 cuts everything off")])
def test_arguments_that_do_not_fit_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
