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
    ("up_convolve", "y[i * stride, j * stride] += x[i, j] * kernel", "stopped with"),
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


def test_a_check_of_noise_does_not_move_the_random_numbers_of_the_notebook():
    torch.manual_seed(3)
    expected = torch.randn(4)
    torch.manual_seed(3)
    generator.examine_noise(generator.noise)
    assert torch.equal(torch.randn(4), expected)


def test_noise_is_standard_normal():
    torch.manual_seed(0)
    z = generator.noise(500, 8)
    assert z.shape == (500, 8) and z.dtype == torch.float32
    share_below = torch.special.ndtr(z.flatten().sort().values)
    distance = (share_below - torch.linspace(0, 1, z.numel())).abs().max()
    assert distance < 1.63 / z.numel() ** 0.5  # Kolmogorov's test, level 1 %


@pytest.mark.parametrize(("call", "says"), [
    (lambda: generator.noise(0, 4), "n must be at least 1"),
    (lambda: generator.noise(4, 0), "z_dim must be at least 1")])
def test_arguments_that_do_not_fit_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
