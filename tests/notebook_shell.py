"""Runs the cells of a notebook inside this process, in any order: in a shell of its own names.

Other orders than from top to bottom would take hours with kernels of their own. Here every cell
runs in IPython's shell, as in a kernel. ■ is pressed for the student, by a real SIGINT.
"""

from __future__ import annotations

import ast
import builtins
import re
import signal
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from gan_lib import progress
from tools.notebook_files import code_cells


@dataclass
class Result:
    """What a cell did: the error that ended it, and what it printed and showed, as text."""

    error: BaseException | None
    shown: str


class Shell:
    """A kernel's shell in this process."""

    def __init__(self):
        self._shell = InteractiveShell.instance()
        self._shell.showtraceback = lambda *args, **kwargs: None
        self._shell.showsyntaxerror = lambda *args, **kwargs: None

    def forget(self) -> None:
        """Begin again without any name, as after a restart of the kernel."""
        self._shell.reset(new_session=False)

    @property
    def names(self) -> dict:
        """Return what the cells have named."""
        return self._shell.user_ns

    def run(self, cell) -> Result:
        """Run one cell. Its random numbers are always the same, whatever ran before."""
        torch.manual_seed(0)
        with capture_output() as captured:
            result = self._shell.run_cell(cell.source, store_history=False)
        texts = {}  # of each output only what it shows last: pictures are drawn again in place
        for number, output in enumerate(captured.outputs):
            place = (output.transient or {}).get("display_id", number)
            texts[place] = output.data.get("text/plain", "")
        return Result(result.error_before_exec or result.error_in_exec,
                      "\n".join([captured.stdout, captured.stderr, *texts.values()]))


@contextmanager
def stop_pressed_at(step: int | None):
    """Press ■ in every loop with a bar (or game) at its step number `step`, if it gets so far."""
    usual = progress.Progress.update

    def update(self, look=None):
        usual(self, look)
        if self.steps == step:
            signal.raise_signal(signal.SIGINT)

    progress.Progress.update = update
    try:
        yield
    finally:
        progress.Progress.update = usual


def units(nb) -> list[list]:
    """Return the code cells; an exercise with its check behind it is one unit.

    A stub alone gives nothing back, and no cell could go on with that.
    """
    found = []
    for cell in code_cells(nb):
        if "check" in cell.metadata.get("tags", []):
            found[-1].append(cell)
        else:
            found.append([cell])
    return found


def without_times(text: str) -> str:
    """Return the text without the seconds that a cell measured."""
    return re.sub(r"\b\d+(\.\d+)? (s|ms)\b", "", text)


class Names(ast.NodeVisitor):
    """What a cell binds, and what it reads that another cell may have bound."""

    def __init__(self, source: str):
        self.bound, self.outside = set(), set()
        self._local = []  # names of the functions and comprehensions around, innermost last
        self._functions = 0  # a function reads its names later, whatever the cell has bound
        self.visit(ast.parse(TransformerManager().transform_cell(source)))  # %pip is no Python

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            (self._local[-1] if self._local else self.bound).add(node.id)
        elif not (any(node.id in names for names in self._local) or hasattr(builtins, node.id)
                  or (node.id in self.bound and not self._functions)):
            self.outside.add(node.id)

    def visit_Assign(self, node):
        self._in_order(node.value, *node.targets)

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.visit(ast.Name(node.target.id, ast.Load()))
        self._in_order(node.value, node.target)

    def visit_For(self, node):
        self._in_order(node.iter, node.target, *node.body, *node.orelse)

    def visit_Import(self, node):
        self.bound.update((name.asname or name.name).partition(".")[0] for name in node.names)

    def visit_ListComp(self, node):
        self._local.append(set())
        for part in node.generators:
            self._in_order(part.iter, part.target, *part.ifs)
        self._in_order(*([node.key, node.value] if isinstance(node, ast.DictComp)
                         else [node.elt]))
        self._local.pop()

    def visit_FunctionDef(self, node):
        if isinstance(node, ast.FunctionDef):
            self.bound.add(node.name)
        self._in_order(*node.args.defaults)
        body = node.body if isinstance(node.body, list) else [node.body]
        names = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
        names |= {part.id for line in body for part in ast.walk(line)
                  if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
        self._local.append(names)
        self._functions += 1
        self._in_order(*body)
        self._functions -= 1
        self._local.pop()

    visit_ImportFrom = visit_Import
    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp
    visit_Lambda = visit_FunctionDef

    def _in_order(self, *nodes):
        for node in nodes:
            self.visit(node)
