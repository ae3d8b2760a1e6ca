"""The exercises of notebook 02: right answers, the stubs, and typical mistakes with their hints."""


import pytest
import torch

from exercise_tools import in_notebooks, verdict
from gan_lib.exercises import generator

ARGUMENTS = {"noise": "n, z_dim", "output_size": "n, kernel, stride, padding"}
STAMP = "y[i * stride:i * stride + k, j * stride:j * stride + k] += x[i, j] * kernel"

# What stands behind `return`; for up_convolve the line in the inner loop.
WRONG = [
    ("noise", "torch.randn(z_dim, n)", "One row is one noise vector"),
    ("noise", "torch.randn(n)", "has z_dim numbers"),
    ("noise", "torch.randn(n * z_dim)", "not one long row"),
    ("noise", "torch.rand(n, z_dim)", "between 0 and 1"),
    ("noise", "2 * torch.rand(n, z_dim) - 1", "uniform"),
    ("noise", "(2 * torch.rand(n, z_dim) - 1) * 3 ** 0.5", "not normal"),
    ("noise", "torch.zeros(n, z_dim)", "All numbers are the same"),
    ("noise", "torch.randn(n, z_dim, generator=torch.Generator().manual_seed(0))", "do not set a "
     "seed"),
    ("noise", "torch.randint(2, (n, z_dim))", "Not yet"),
    ("noise", "n * z_dim", "should give"),
    ("noise", "None", "gave nothing back"),
    ("up_convolve", "pass", "Nothing was stamped"),
    ("up_convolve", STAMP.replace("+=", "="), "+= and not ="),
    ("up_convolve", STAMP.replace("x[i, j] * ", ""), "Multiply the kernel by the pixel"),
    ("up_convolve", STAMP.replace("kernel", "kernel.T"), "changed places"),
    ("up_convolve", STAMP.replace("kernel", "kernel.flip(0, 1)"), "Do not turn"),
    ("up_convolve", "y[i:i + k, j:j + k] += x[i, j] * kernel", "1 cell apart"),
    ("up_convolve", "y[i:i + k, j:j + k] = x[i, j] * kernel", "1 cell apart"),
    ("up_convolve", "y[:k, :k] += x[i, j] * kernel", "top left corner"),
    ("up_convolve", "y[:k, j * stride:j * stride + k] += x[i, j] * kernel", "Row i of x begins"),
    ("up_convolve", "y[i * stride, j * stride] += x[i, j] * kernel", "stopped"),
    ("output_size", "n * stride - 2 * padding + kernel", "n - 1 steps"),
    ("output_size", "(n - 1) * stride - padding + kernel", "both borders"),
    ("output_size", "(n - 1) * stride + kernel", "padding is missing"),
    ("output_size", "(n - 1) * stride + 2 * padding + kernel", "does not add any"),
    ("output_size", "(n - 1) * stride - 2 * padding", "kernel is missing"),
    ("output_size", "(n - 1) * stride", "kernel is missing"),
    ("output_size", "n * stride", "only if the kernel and the padding fit"),
    ("output_size", "(n + 2 * padding - kernel) // stride + 1", "usual convolution"),
    ("output_size", "14", "should give 8"),
    ("output_size", "None", "gave nothing back"),
]

# Other ways that are right as well.
ALSO_RIGHT = [
    ("noise", "torch.empty(n, z_dim).normal_()"),
    ("noise", "torch.stack([torch.normal(torch.zeros(z_dim)) for _ in range(n)])"),
    ("up_convolve", "y[i * stride:][:k, j * stride:][:, :k] += kernel * x[i][j]"),
    ("output_size", "n * stride - stride + kernel - padding - padding"),
    ("output_size", "len(F.conv_transpose2d(torch.ones(1, 1, n, n), torch.ones(1, 1, kernel, "
                    "kernel), stride=stride, padding=padding)[0, 0])"),
]


def function(name: str, line: str) -> str:
    """Return the source of an answer with this line."""
    if name == "up_convolve":
        _, stub, _ = in_notebooks()[name]
        return stub.replace("...", line)
    return f"def {name}({ARGUMENTS[name]}):\n    return {line}"


@pytest.mark.parametrize(("name", "line", "hint"), WRONG)
def test_a_typical_mistake_gets_its_hint(name, line, hint):
    said = verdict(function(name, line), name)
    assert said.startswith("Not yet:")
    assert hint in said


@pytest.mark.parametrize(("name", "line"), ALSO_RIGHT)
def test_another_right_way_is_accepted(name, line):
    assert verdict(function(name, line), name).startswith("✓")


@pytest.mark.parametrize(("height", "width", "k", "stride"), [
    (2, 2, 3, 2), (3, 5, 4, 2), (1, 4, 2, 3), (4, 2, 5, 1)])
def test_up_convolve_is_pytorchs_transposed_convolution(height, width, k, stride):
    random = torch.Generator().manual_seed(0)
    x = torch.randn(height, width, generator=random, dtype=torch.float64)
    kernel = torch.randn(k, k, generator=random, dtype=torch.float64)
    expected = torch.nn.functional.conv_transpose2d(x[None, None], kernel[None, None],
                                                    stride=stride)[0, 0]
    torch.testing.assert_close(generator.up_convolve(x, kernel, stride), expected)


def test_output_size_is_the_size_of_pytorchs_output():
    for n in (1, 4, 5):
        for kernel in (2, 3, 4, 5):
            for stride in (1, 2, 3):
                for padding in (0, 1, 2):
                    if kernel <= 2 * padding and n == 1:
                        continue  # nothing is left: see below
                    layer = torch.nn.ConvTranspose2d(1, 1, kernel, stride, padding)
                    expected = layer(torch.zeros(1, 1, n, n)).shape[-1]
                    assert generator.output_size(n, kernel, stride, padding) == expected


@pytest.mark.parametrize(("call", "says"), [
    (lambda: generator.up_convolve(torch.zeros(4), torch.zeros(2, 2), 2), "x must have the shape"),
    (lambda: generator.up_convolve(torch.zeros(2, 2), torch.zeros(2, 3), 2), "kernel must have"),
    (lambda: generator.up_convolve(torch.zeros(2, 2), torch.zeros(2, 2), 0), "stride must be"),
    (lambda: generator.output_size(4, 4, 2, -1), "padding must be at least 0"),
    (lambda: generator.output_size(4, 4, 0, 1), "stride must be at least 1"),
    (lambda: generator.output_size(1, 4, 2, 2), "padding 2 cuts everything off")])
def test_arguments_that_do_not_fit_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
