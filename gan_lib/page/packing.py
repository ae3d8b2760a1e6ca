"""Networks as text that a web page can read: their layers and their weights."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from gan_lib import checks


@torch.no_grad()
def packed(network: nn.Module, half: bool = True) -> dict:
    """Return a network as `network` in networks.js takes it: a dict that JSON can hold.

    `network` is a generator, a discriminator or a classifier of `models`, or another one that is
    no more than its `layers`, of the same kinds. It is taken as it is in eval mode. The weights are
    float16 with `half`, else float32, in base64. A classifier's answers become one last layer, as
    many numbers a question as "answers" says. Raises TypeError for what the page cannot run,
    ValueError for a network with labels and for weights that are not finite.
    """
    checks.kind("network", network, "a network with `layers`", "parameters", "layers")
    if getattr(network, "classes", 0):
        raise ValueError("network must be one without labels: the page cannot give it a label.")
    if not isinstance(network.layers, nn.Sequential):
        raise TypeError("network must be layers one after the other, in a Sequential: the page "
                        f"cannot run {type(network).__name__}.")
    alone = copy.deepcopy(network).eval().cpu().float()
    answers = dict(getattr(alone, "answers", {}))
    layers = [*_each(alone.layers), *([_side_by_side(answers.values())] if answers else [])]
    inside = getattr(alone, "sample_shape", None) or (alone.z_dim,)
    x = start = torch.linspace(-1, 1, 2 * torch.Size(inside).numel()).view(2, *inside)
    written, numbers = [], []
    for layer in layers:
        before, x = x, layer(x)
        kind, more, tensors = _written(layer, before, x)
        written.append({"kind": kind, **more, "counts": [tensor.numel() for tensor in tensors]})
        numbers += [tensor.flatten() for tensor in tensors]
    weights = _base64(torch.cat([torch.zeros(0), *numbers]), half)
    _refuse_more_than_layers(alone, start, x)
    said = {"answers": {name: part.out_features for name, part in answers.items()}}
    return {"inside": _shape(start), "shape": _shape(x), "layers": written, "half": half,
            **(said if answers else {}), "weights": weights}


def _each(layers: nn.Module) -> Iterator[nn.Module]:
    """Yield the single layers, those of a Sequential in a Sequential, too."""
    for layer in layers:
        yield from _each(layer) if isinstance(layer, nn.Sequential) else (layer,)


def _written(layer: nn.Module, before: Tensor, after: Tensor) -> tuple[str, dict, list[Tensor]]:
    """Return a layer's name in layers.js, what it must know, and its numbers."""
    if isinstance(layer, nn.Linear):
        sizes = {"inside": layer.in_features, "outside": layer.out_features}
        return "linear", sizes, [layer.weight, _bias(layer, after)]
    if isinstance(layer, nn.ReLU | nn.LeakyReLU):
        return "leaky relu", {"slope": getattr(layer, "negative_slope", 0.0)}, []
    if isinstance(layer, nn.Tanh | nn.Sigmoid):
        return type(layer).__name__.lower(), {}, []
    if isinstance(layer, nn.BatchNorm2d):
        return ("batch norm", {"channels": layer.num_features, "eps": layer.eps},
                [layer.weight, layer.bias, layer.running_mean, layer.running_var])
    if isinstance(layer, nn.Unflatten):
        return "unflatten", {"shape": _shape(after), "back": False}, []
    if isinstance(layer, nn.Flatten):
        # FlatMaps goes through the maps as they lie in the page: nothing is left to be moved.
        moved = torch.equal(layer(before), before.flatten(1))
        return "unflatten", {"shape": _shape(before) if moved else [1, 1, after[0].numel()],
                             "back": True}, []
    if isinstance(layer, nn.Upsample) and _doubles(layer):
        return "resize", {"shape": _shape(before)}, []
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and _plain(layer):
        up = isinstance(layer, nn.ConvTranspose2d)
        large, small = (after, before) if up else (before, after)
        kernel = {"large": _shape(large), "small": _shape(small), "kernel": layer.kernel_size[0],
                  "stride": layer.stride[0], "padding": layer.padding[0]}
        # Both have the small maps' channels first and the large ones' second.
        return ("up-convolution" if up else "convolution", kernel,
                [layer.weight.permute(0, 2, 3, 1), _bias(layer, after)])
    raise TypeError(f"The page cannot run this layer: {layer}. It can run linear layers, ReLU, "
                    "leaky ReLU, tanh, sigmoid, batch norm, nearest-neighbour upsampling by 2, and "
                    "convolutions and transposed convolutions with square kernels.")


def _bias(layer: nn.Module, after: Tensor) -> Tensor:
    return torch.zeros(after.shape[1]) if layer.bias is None else layer.bias


def _doubles(layer: nn.Upsample) -> bool:
    return layer.mode == "nearest" and layer.scale_factor in (2, (2, 2))


def _plain(layer: nn.Conv2d | nn.ConvTranspose2d) -> bool:
    square = all(len(set(sizes)) == 1 for sizes in (layer.kernel_size, layer.stride, layer.padding))
    no_more = not any(getattr(layer, "output_padding", ()))
    zeros = layer.padding_mode == "zeros"
    return square and no_more and zeros and layer.groups == 1 and set(layer.dilation) == {1}


def _side_by_side(answers) -> nn.Linear:
    """Return one layer that gives the numbers of all `answers` one after the other."""
    weights = torch.cat([layer.weight for layer in answers])
    one = nn.Linear(weights.shape[1], weights.shape[0])
    one.weight.copy_(weights)
    one.bias.copy_(torch.cat([layer.bias for layer in answers]))
    return one


def _refuse_more_than_layers(network: nn.Module, start: Tensor, found: Tensor) -> None:
    right = network(start)
    if isinstance(right, dict):
        right = torch.cat(list(right.values()), 1)
    if right.numel() != found.numel() or not torch.allclose(right.flatten(), found.flatten(),
                                                            atol=1e-4):
        raise TypeError(f"The page can only run what is no more than its layers, but "
                        f"{type(network).__name__} gives other numbers than its layers do.")


def _shape(x: Tensor) -> list[int]:
    """Return the shape of one sample as in the page: channels last."""
    first, *others = x.shape[1:]
    return [*others, first]


def _base64(numbers: Tensor, half: bool) -> str:
    numbers = numbers.half() if half else numbers
    if not numbers.isfinite().all():
        raise ValueError("network holds weights that are NaN, infinite or, for half precision, too "
                         "large (above 65504): such a network is of no use.")
    return base64.b64encode(numbers.numpy().astype("<f2" if half else "<f4").tobytes()).decode()
