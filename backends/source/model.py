"""A model as one file of plain PyTorch."""

from __future__ import annotations

import builtins
import inspect
import keyword
import os
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from torch import fx

from symc.algebra.groups import Named
from symc.backends import batchnorm
from symc.backends.complaints import InputError
from symc.backends.interface import show_shape
from symc.backends.shell import Net
from symc.backends.source import helpers
from symc.backends.source.comments import parameter_comments, source_text, spec
from symc.backends.source.forward import Forward
from symc.backends.source.names import Names
from symc.backends.source.recorded import Recorder
from symc.backends.source.state import Store
from symc.backends.source.statements import statements
from symc.backends.source.text import INDENT, WIDTH, Call, lines, listed
from symc.backends.together import together
from symc.diagnostics import Diagnostic, DiagnosticError
from symc.diagnostics.files import write_atomically
from symc.ir.types import leaves

NOTE = """\
Plain PyTorch, written by symc: it needs torch alone. State dicts of the compiled model load here and those of this one
there, and both compute the same numbers to the last bit. Inputs have exactly one batch axis, in front; no masks.
"""

ABOUT = '''\
"""A seed of `generator` draws the weights that the compiled model draws.

Weights are coordinates in bases of equivariant maps, (maps, channels out, channels in), and flat where several
kinds of maps share a name.
"""'''


def source(net: Net) -> str:
    """A compiled model as the text of one Python file that needs torch alone.

    Its class, called as the model, has the same state dict and the same rule of initialisation, and in eager mode gives the same numbers to the last
    bit, gradients too. It takes tensors with exactly one batch axis in front, free sizes of any value, and no masks. Raises DiagnosticError (E0901)
    where an operation has no name outside, InputError for what is not compiled by symc.
    """
    if not isinstance(net, Net):
        raise InputError(Diagnostic("E0602", f"{type(net).__name__} is not a model compiled by symc", notes=("only those are written",)))
    try:
        return _File(net).text()
    except NotImplementedError as error:
        helps = ("write an exported program: `-o out.pt2`",)
        raise DiagnosticError(Diagnostic("E0901", f"writing `{net.name}` as source is not supported yet: {error}", helps=helps)) from None


def class_name(net: Net) -> str:
    """That of the model, with a `_` where it would hide something that the file needs."""
    return net.name + "_" * (keyword.iskeyword(net.name) or net.name in {*dir(builtins), *dir(helpers), "BatchNorm"})


def save_py(net: Net, path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Write the file, which then holds the whole of it or is as it was. What shape each input has is returned. Raises DiagnosticError."""
    text = source(net)
    write_atomically(path, lambda temporary: _write(temporary, text))
    return tuple(f"{spec.name}: {show_shape(spec.sizes, 'batch')}" for spec in net.inputs)


def _write(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


class _File:
    """The parts of a file, each as lines."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.store = Store(net._state, parameter_comments(net.program))
        graph = Recorder(net.lowered, net._state).run()
        found = statements(graph, self.store.reach, self.store.module)
        inputs = [node for node in graph.nodes if node.op == "placeholder"]
        self.functions = _functions(graph)
        names = Names(found, {node: node.name for node in inputs})
        self.forward = Forward(net._interface, inputs, found, names, helpers.attend in self.functions)

    def text(self) -> str:
        """The whole file."""
        model = [*self.model()]
        code = [*model, "", "", *"\n\n\n".join(self.helpers("\n".join(model))).splitlines(), "", "", *self.data()]
        return "\n".join([*self.head(), "", *_imports("\n".join(code)), "", "", *code, ""])

    def head(self) -> Iterator[str]:
        program = self.net.program
        symmetry = " * ".join(f"{group} = {group.definition}" if isinstance(group, Named) else str(group) for group in program.groups)
        yield f'"""{program.name}: {"equivariant under " + symmetry if symmetry else "a model without symmetry"}.'
        yield ""
        yield from self.signature()
        yield ""
        yield from NOTE.rstrip().splitlines()
        yield '"""'
        text = source_text(self.net)
        if text is not None:
            yield ""
            yield f"# {'The text it comes from' if text.name.startswith('<') else text.name}:"
            yield "#"
            yield from spec(text)

    def signature(self) -> Iterator[str]:
        rows = [(f"{one.name}: {one.type}", show_shape(one.sizes, "batch") + " int64" * (one.classes is not None)) for one in self.net.inputs]
        with self.net.program.named():
            for path, item in leaves(self.net._interface.result):
                rows.append((f"-> {'.'.join(path)}{': ' * bool(path)}{item}", show_shape(item.shape, "batch")))
        width = max(len(left) for left, _ in rows)
        for left, right in rows:
            yield from textwrap.wrap(f"{left:<{width}}  {right}", WIDTH - 4, initial_indent=INDENT, subsequent_indent=INDENT * 2)

    def model(self) -> Iterator[str]:
        drawn, forward = [*self.store.drawn()], [*self.forward.lines()]  # these tell which constants there are
        yield f"class {class_name(self.net)}(nn.Module):"
        yield from (INDENT * bool(line) + line for line in ABOUT.splitlines())
        yield ""
        yield f"{INDENT}def __init__(self, generator: torch.Generator | None = None) -> None:"
        yield f"{INDENT * 2}super().__init__()"
        yield from self.store.declared()
        yield from self.store.constant_lines()
        yield f"{INDENT * 2}self.register_load_state_dict_pre_hook(check_bases)"
        yield f"{INDENT * 2}self.reset_parameters(generator)"
        yield ""
        yield f"{INDENT}@torch.no_grad()"
        yield f"{INDENT}def reset_parameters(self, generator: torch.Generator | None = None) -> None:"
        yield f'{INDENT * 2}"""Draw all weights anew."""'
        if any("normal(" in line or "device=device" in line for line in drawn):
            yield f'{INDENT * 2}device = torch.device("cpu") if generator is None else generator.device'
        if any("normal(" in line for line in drawn):
            yield f"{INDENT * 2}normal = partial(torch.randn, dtype=torch.float64, generator=generator, device=device)"
        yield from drawn
        yield ""
        yield from forward
        yield ""
        yield f"{INDENT}def get_extra_state(self) -> Tensor:"
        yield f'{INDENT * 2}"""Which bases the weights are coordinates in: see `check_bases`."""'
        yield f'{INDENT * 2}return torch.tensor(list(json.dumps(BASES, separators=(",", ":")).encode()))'
        yield ""
        yield f"{INDENT}def set_extra_state(self, state: object) -> None:"
        yield f'{INDENT * 2}"""There is nothing to set."""'

    def helpers(self, text: str) -> Iterator[str]:
        """What the model uses."""
        for name in ("Part", "add", "parameter", "Constants", "unpacked", "check_index", "joined", "pairs", "mixed"):
            if f"{name}(" in text or (name in ("Part", "add") and "parameter(" in text) or (name == "Part" and "add(" in text):
                yield _text(getattr(helpers, name))
        if self.forward.exact:
            yield _text(helpers.twice_differentiable)
        if self.store.helpers:
            yield _text(batchnorm.BatchNorm)
        for function in self.functions:
            yield _file(function) if function is together else _text(function)
        yield _text(helpers.check_bases)

    def data(self) -> Iterator[str]:
        for one in self.store.data:
            yield from one.lines()
            yield ""
        rows = [(f'"{name}": ', _bases(*found)) for name, found in self.net.fingerprint.items()]
        yield "BASES: dict[str, Any] = {" + "}" * (not rows)
        for row in rows:
            yield from lines(row, str, INDENT, after=",")
        if rows:
            yield "}"


def _text(item: Any) -> str:
    """The source of a function or class, without what only a type checker reads."""
    return re.sub(r"  # type: ignore\S*", "", inspect.getsource(item)).rstrip()


def _file(function: Any) -> str:
    """The file that a function stands in, without what it says and imports at its head."""
    written = _text(inspect.getmodule(function)).splitlines()
    last = max(place for place, line in enumerate(written) if line.startswith(("from ", "import ")))
    return "\n".join(written[last + 1 :]).strip()


def _functions(graph: fx.Graph) -> list[Any]:
    """Functions of symc that a graph calls."""
    found: dict[Any, None] = {}
    for node in graph.nodes:
        body = getattr(node.target, "body", None)
        if isinstance(body, fx.GraphModule):
            found |= dict.fromkeys(_functions(body.graph))
        elif node.op == "call_function" and (node.target.__module__ or "").startswith("symc."):
            found[node.target] = None
    return list(found)


def _imports(text: str) -> Iterator[str]:
    yield "from __future__ import annotations"
    yield ""
    standard = [f"import {name}" for name in ("base64", "json", "math", "zlib") if f"{name}." in text]
    standard += ["from collections.abc import Iterator, Sequence"] if "Iterator[" in text else []
    standard += ["from contextlib import nullcontext"] if "nullcontext(" in text else []
    standard += ["from dataclasses import dataclass"] if "@dataclass" in text else []
    standard += ["from functools import partial"] if "partial(" in text else []
    standard += [f"from typing import {', '.join(typing)}"] if (typing := [name for name in ("Any", "TypeAlias") if name in text]) else []
    yield from standard
    yield ""
    yield "import torch"
    if "F." in text:
        yield "import torch.nn.functional as F"
    yield f"from torch import Tensor, {'fx, ' * ('fx.' in text)}nn"
    if "sdpa_kernel(" in text:
        yield "from torch.nn.attention import SDPBackend, sdpa_kernel"


def _bases(exact: str, rounded: Sequence[float]) -> Call:
    return listed([f'"{exact}"', listed([repr(number) for number in rounded])])
