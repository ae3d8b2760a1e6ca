"""Values and Python's errors in plain words, in one short line whatever they are."""

from __future__ import annotations

import difflib
import linecache
import re
import traceback
from collections.abc import Callable
from typing import Any

from torch import Tensor

LONGEST = 160  # letters

# Where the names are that students look for in another place.
PLACES = {"ln": "torch.log", "log": "torch.log", "exp": "torch.exp", "sqrt": "torch.sqrt",
          "sigmoid": "torch.sigmoid", "Sigmoid": "torch.sigmoid", "softplus": "F.softplus",
          "binary_cross_entropy": "F.binary_cross_entropy", "mse_loss": "F.mse_loss",
          "binary_cross_entropy_with_logits": "F.binary_cross_entropy_with_logits",
          "F": "torch.nn.functional", "nn": "torch.nn", "np": "numpy, which must be imported",
          "power": "torch.pow", "random": "torch.randn or torch.rand", "normal": "torch.randn",
          "randn": "torch.randn", "rand": "torch.rand", "randperm": "torch.randperm",
          "shuffle": "torch.randperm", "concat": "torch.cat", "concatenate": "torch.cat"}

# What Python says (a pattern for "Type: message"), and what it means. {0}, {1} … are its groups.
MEANINGS = [
    (r"AttributeError: '(int|float|bool)' object has no attribute '(\w+)'",
     "a plain number ({0}) came where the code wants a tensor: numbers have no .{1}. "
     "What is written with + - * / works for both; torch.as_tensor(…) makes a tensor of a number."),
    (r"AttributeError: 'NoneType' object has no attribute '(\w+)'",
     "something is None, nothing, where the code wants its .{0}. Was a `return` forgotten?"),
    (r"AttributeError: 'ellipsis' object",
     "three dots are still there. Put your code in their place."),
    (r"AttributeError: '?(?:module '?)?(\w+(?:\.\w+)*)'?(?: object)? has no attribute '(\w+)'",
     "{0} has no `{1}`.{similar}"),
    (r"NameError: (?:free variable|name) '(\w+)' (?:is not defined|referenced before)",
     "the name `{0}` is not known here.{similar}"),
    (r"UnboundLocalError: .*'(\w+)'",
     "`{0}` is used before it has a value. It is given one later, or only inside an `if`."),
    (r"TypeError: .*takes (\d+) positional arguments? but (\d+) (?:was|were) given",
     "the function takes {0} arguments, but it is called with {1}. If it is your own function, "
     "keep its `def` line as it was."),
    (r"TypeError: .*takes from \d+ to (\d+) positional arguments but (\d+) were given",
     "the function takes at most {0} arguments, but it is called with {1}. If it is your own "
     "function, keep its `def` line as it was."),
    (r"TypeError: (\w+)\(\) missing \d+ required positional arguments?: (.+)",
     "{0} was called without {1}. If it is your function, keep its `def` line as it was."),
    (r"TypeError: .*(?:unsupported operand|can only concatenate|must be real number).*ellipsis",
     "three dots are still there. Put your code in their place."),
    (r"TypeError: .*NoneType",
     "something is None, nothing, where a value is needed. Was a `return` forgotten?"),
    (r"TypeError: '(\w+)' object is not callable",
     "a value of the kind {0} is called like a function. A * may be missing before a bracket, or "
     "a name is used twice."),
    (r"TypeError: '(\w+)' object is not subscriptable",
     "[…] was put behind a value of the kind {0}, which has no parts."),
    (r"TypeError: .*argument '\w+'.*must be Tensor, not (\w+)",
     "torch's function wants a tensor, but it got a value of the kind {0}. "
     "torch.as_tensor(…) makes a tensor of a number."),
    (r"TypeError: '(int|float|bool)' object is not iterable|TypeError: iteration over a 0-d",
     "a plain number came where the code goes through a tensor or a list, one by one."),
    (r"TypeError: expected Tensor .* but got (\w+)",
     "a tensor was expected, but a value of the kind {0} came."),
    (r"TypeError: (\w+)\(\) received an invalid combination of arguments",
     "torch.{0} cannot take values of these kinds, or in this order. torch.as_tensor(…) makes a "
     "tensor of a number."),
    (r"ZeroDivisionError:", "a number was divided by 0."),
    (r"RecursionError:", "the function calls itself without an end."),
    (r"ValueError: math domain error|ValueError: expected a positive input",
     "math.log and math.sqrt do not take this number (log needs more than 0)."),
    (r"ValueError: (?:not enough|too many) values to unpack",
     "there are not as many values as names before the `=`."),
    (r"IndexError: The shape of the mask",
     "the mask does not fit the axes that it chooses from. Print the shapes of both."),
    (r"IndexError: Dimension out of range", "an axis was asked for that the tensor does not have."),
    (r"IndexError:", "a place was asked for that is not there: a list or an axis ends before."),
    (r"KeyError: (.+)", "a dictionary has no entry {0}."),
    (r"RuntimeError: The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
     "the shapes do not fit: {0} and {1} numbers along one axis. Print the shapes of both."),
    (r"RuntimeError: mat1 and mat2 shapes cannot be multiplied \((\S+) and (\S+)\)",
     "these matrices do not fit together: {0} and {1}. The inner numbers must be equal."),
    (r"RuntimeError: .*(?:shape|size)s?.*",
     "the shapes do not fit together. Print them with x.shape. ({message})"),
    (r"RuntimeError: .*does not require grad",
     "backward() was called, but no gradient flows to that place. Was .detach(), .item() or "
     "torch.no_grad() used on the way?"),
    (r"RuntimeError: .*(?:leaf Variable|view of a leaf).*in-place",
     "an argument is changed in place. Make a new tensor (x.clone() is a copy)."),
    (r"RuntimeError: Can't call numpy\(\) on Tensor that requires grad",
     "NumPy does not know gradients. Calculate with torch's functions."),
    (r"RuntimeError: Boolean value of Tensor with more than one value",
     "`if`, `and` and `or` need one truth value, but a tensor with many came. torch.where chooses "
     "number by number; & and | are `and` and `or` for tensors."),
    (r"RuntimeError: (?:a Tensor with \d+ elements cannot be converted|only one element tensors)",
     "a tensor with several numbers cannot become one plain number."),
    (r"(?:Value|Type)Error: only (?:one element tensors|size-1 arrays|length-1 arrays|0-dim)",
     "a tensor with several numbers cannot become one plain number: use torch's functions "
     "(torch.log, torch.exp, …), not those of math."),
    (r"RuntimeError: .*(?:Expected all tensors to be on the same device)",
     "tensors of the GPU and of the processor were mixed."),
    (r"RuntimeError: .*(?:[dD]type|scalar type|result type).*",
     "the kinds of numbers do not fit together ({message})."),
    (r"NotImplementedError$", "the function is not written yet."),
    (r"SystemExit", "exit() would end the whole notebook. Use `return`."),
]


def of_error(error: BaseException, answer: Callable) -> str:
    """Say in words what `error` means, and in which line of the student's cell it arose."""
    message = " ".join(str(error).split())
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    sentence = _cut(text).rstrip(".") + "."
    return f"{_line(error, answer)}{sentence}{_meaning(text, message, error)}"


def _meaning(text: str, message: str, error: BaseException) -> str:
    for pattern, meaning in MEANINGS:
        found = re.match(pattern, text)
        if found:
            said = meaning.format(*found.groups(), message=_cut(message), similar=_similar(error))
            return f" That means: {said}"
    return ""


def _similar(error: BaseException) -> str:
    """Return a sentence with a known name that looks like the one that is not known."""
    name = str(getattr(error, "name", None)
               or next(iter(re.findall(r"'(\w+)'$", str(error))), ""))
    if isinstance(error, NameError):
        frame = list(traceback.walk_tb(error.__traceback__))[-1][0]
        close = difflib.get_close_matches(name, map(str, [*frame.f_locals, *frame.f_globals]), n=1)
    else:
        close = []
    best = PLACES.get(name) or next(iter(close), None)
    return f" Is `{best}` meant?" if best else ""


def _line(error: BaseException, answer: Callable) -> str:
    """Say which line of the student's cell the error arose in, if that can be seen."""
    space = space_of(answer)
    lines = [(frame.f_code.co_filename, number)
             for frame, number in traceback.walk_tb(error.__traceback__)
             if frame.f_globals is space]
    if not lines:
        return ""
    file, number = lines[-1]
    source = linecache.getline(file, number).strip()
    return f"Line {number} of the cell{f' ({_cut(source, 60)})' if source else ''}: "


def space_of(answer: Callable) -> dict | None:
    """Return the names that the student's cells have defined, seen from `answer`."""
    function = getattr(answer, "func", answer)  # functools.partial
    if not hasattr(function, "__globals__"):  # an object that is called like a function
        kind = type(function)
        function = getattr(kind, "forward", None) or vars(kind).get("__call__")
    return getattr(function, "__globals__", None)


def short(value: Any) -> str:
    """Return a value as one short line."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if not isinstance(value, Tensor):
        return _cut(_representation(value))
    if value.dim() == 0:
        return f"{value.item():.4g}" if value.is_floating_point() else str(value.item())
    shape = f"the shape {tuple(value.shape)}"
    if value.numel() > 12 or value.is_complex():
        mean = f"{value.double().mean():.4g}" if not value.is_complex() else "complex numbers"
        return f"a tensor of {shape} ({mean} on average)"
    rounded = [round(number, 4) for number in value.detach().flatten().tolist()]
    return f"{rounded} in {shape}"


def article(value: Any) -> str:
    """Name the kind of a value: "a list", "a float", "an int"."""
    name = {"NoneType": "nothing", "function": "function", "ndarray": "NumPy array",
            "Tensor": "tensor"}.get(type(value).__name__, type(value).__name__)
    if name == "nothing":
        return name
    return f"an {name}" if name[0].lower() in "aeio" else f"a {name}"


def _representation(value: Any) -> str:
    try:
        return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    except Exception:  # the student's own class may fail here, too
        return f"a value of the kind {type(value).__name__}"


def _cut(text: str, longest: int = LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[:longest]} …"
