"""Habits from Python, PyTorch, e3nn and einops: how to say the same here.

`HABITS` is for names that parse but mean nothing (`x.shape`, `nn.Linear`): the elaborator looks an unknown name up in it. The functions
find habits that show as errors of syntax.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from symc.diagnostics import Diagnostic, Label, Source, Span
from symc.grammar.scan import Token

_SHAPE = "a type is the shape: write it where the value is made, `h: X*64 = ...`; sizes have names, as in `group P = S(n)`"
_LAYOUT = "the layout follows from the type: ask for the one you want, `h: A*B = rearrange(x)`, or `flat(x)`"
_LINEAR = "write types, not sizes: `linear(x)` is every equivariant map to the type asked for, `linear[X*64](x)` says which"
_CONV = "a convolution is `linear` on a grid: `rep g = grid(C(4), h, w)`, then `linear[support=5, pad=2](x)`"
_POINTWISE = "operations have lower case names and are applied: `relu(x)`, `gelu(x)`, `silu(x)`, `tanh(x)`, `sigmoid(x)`"
_NORM = "write `layernorm(x)`, `batchnorm(x)` or `rmsnorm(x)`"
_PRODUCT = "write `linear(x)` for learned weights, `dot[c](x, y)` to contract, `outer(x, y)` or `bilinear(x, y)` for products"
_STACK = "write `concat(x, y)`, or give `linear(x, y)` both"
_PYTHON = "data, devices and losses stay in Python, around the compiled module"
_LOGIC = "tests compare sizes at compile time: `if c == 2:`; nest one `if` in another"
_SLICES = "`x.0` takes a summand, `x.w` an entry of a record, `h[e.src]` rows by a relation, `sum[X](x)` reduces"
_E3NN = 'write the type: `irreps(R, "16x0e + 8x1o")` with `group R = O(3)`'

HABITS: dict[str, str] = {
    **dict.fromkeys(("shape", "size", "ndim", "dim", "numel", "len"), _SHAPE),
    **dict.fromkeys(("reshape", "view", "permute", "transpose", "unsqueeze", "squeeze", "swapaxes", "expand", "flatten", "T", "mT"), _LAYOUT),
    **dict.fromkeys(("Linear", "LazyLinear", "Embedding", "nn", "Sequential", "ModuleList", "MLP", "Parameter", "dense", "fc", "Dense"), _LINEAR),
    "mlp": "an MLP is linear maps with functions between them: `linear[T](relu(linear[X*64](x)))`",
    "swish": "write `silu(x)`",
    "selu": "write `elu(x)`, or another function: `relu(x)`, `gelu(x)`, `silu(x)`, `tanh(x)`",
    **dict.fromkeys(("Conv1d", "Conv2d", "Conv3d", "conv", "conv2d"), _CONV),
    **dict.fromkeys(("ReLU", "GELU", "SiLU", "Tanh", "Sigmoid", "F"), _POINTWISE),
    **dict.fromkeys(("LayerNorm", "BatchNorm", "BatchNorm1d", "BatchNorm2d", "RMSNorm", "layer_norm", "batch_norm"), _NORM),
    **dict.fromkeys(("matmul", "mm", "bmm", "einsum", "tensordot", "inner"), _PRODUCT),
    **dict.fromkeys(("cat", "stack", "hstack", "vstack"), _STACK),
    **dict.fromkeys(("torch", "numpy", "np", "jax", "self", "item", "detach", "cuda", "cpu", "device", "backward", "loss", "optim"), _PYTHON),
    **dict.fromkeys(("Irreps", "Irrep", "o3", "e3nn"), _E3NN),
    **dict.fromkeys(("TensorProduct", "FullyConnectedTensorProduct", "tensor_product"), "write `bilinear(x, y)`: every equivariant bilinear map"),
    **dict.fromkeys(("scatter", "scatter_sum", "scatter_add", "index_add", "aggregate", "propagate"), "write `sum[e.dst](m)` with `e: edges(X)`"),
    **dict.fromkeys(("index_select", "gather", "take"), "write `h[e.src]` with `e: edges(X)`"),
    **dict.fromkeys(("MultiheadAttention", "scaled_dot_product_attention"), "write `attention[X, heads=8](q, k, v)`"),
    "Dropout": "write `dropout[0.1](x)`",
    "src_index": "write `e.src`",
    "edge_index": "an input `e: edges(X)` is a `(2, E)` tensor; its rows are `e.src` and `e.dst`",
    "True": "write `true`",
    "False": "write `false`",
    "None": "leave the argument out",
    "range": "a range is written `0..3`, both ends included; a loop is `repeat depth:`",
    "print": "`symc show FILE` prints what each line became",
}

_WORDS = {
    "for": ("there are no loops over data", "`repeat depth:` repeats a block; `sum[X](x)`, `mean[X](x)`, `max[X](x)` run over a set"),
    "while": ("there are no loops over data", "`repeat depth:` repeats a block; control that depends on data stays in Python"),
    "def": ("functions are models", "write `model Name[c = 64](x: X*c) -> X*c:`"),
    "class": ("modules are models", "write `model Name[c = 64](x: X*c) -> X*c:`"),
    "lambda": ("there are no anonymous functions", "a named layer is `let f = linear[X*64]`, a larger one a `model`"),
    "from": ("imports name a file", 'write `import "file.sym"` or `import "file.sym" as b`'),
    "elif": ("there is no `elif`", "write `else:` and an `if` in its block"),
    "with": ("there are no contexts", _PYTHON),
    "assert": ("types are checked by the compiler", _SHAPE),
    "yield": ("a model returns once", "write `return a, b` as the last statement"),
    "and": ("there are no logical operators", _LOGIC),
    "or": ("there are no logical operators", _LOGIC),
    "not": ("there are no logical operators", _LOGIC),
    "pass": ("a block is never empty", "a model that does nothing is `return x`"),
    "print": ("there is nothing to print while compiling", HABITS["print"]),
    **dict.fromkeys(("break", "continue", "try", "raise", "del", "global", "async", "await"), ("there is no such statement", _PYTHON)),
}

_FOREIGN = {
    "'": ("strings stand in double quotes", 'write `"16x0e + 8x1o"`'),
    '"': ("this string has no end on its line", 'end it with `"`'),
    ";": ("statements stand on lines of their own", "begin a new line"),
    "{": ("there are no braces", "blocks are made by indentation, records are `(w: A, b: B)`"),
    "}": ("there are no braces", "blocks are made by indentation, records are `(w: A, b: B)`"),
    "@": ("there is no matrix product", _PRODUCT),
    "%": ("there is no remainder", "sizes are made with `+ - * / ^`"),
    "!": ("there are no logical operators", _LOGIC),
    "&": ("there are no logical operators", _LOGIC),
    "|": ("there are no logical operators", _LOGIC),
    "\\": ("a line goes on by itself", "it does inside brackets and after a binary operator, `,` or `=`"),
    "**": ("a power is written `^`", "write `x^2`"),
    "//": ("a quotient is written `/`, a comment begins with `#`", "write `/`: sizes divide exactly or are refused"),
    ":=": ("a statement binds with `=`", "write `h = ...` on a line of its own"),
    "−": ("this is not the minus of the keyboard", "write `-`"),
    "∗": ("this is not the star of the keyboard", "write `*`"),
    "·": ("a product is written `*`", "write `*`"),
    "∘": ("layers are applied, not composed", "write `f(g(x))`"),
    "‘": ("strings stand in double quotes", 'write `"..."`'),
    "’": ("strings stand in double quotes", 'write `"..."`'),
    "“": ("strings stand in plain double quotes", 'write `"..."`'),
    "”": ("strings stand in plain double quotes", 'write `"..."`'),
}

_IRREPS = re.compile(r"[0-9]+x[0-9]+[eo]")
_QUOTED = re.compile(r"'([^'\n\"]*)'")
_LABEL = re.compile(r"[0-9]+[eo]")


def foreign(source: Source, tokens: Sequence[Token]) -> Diagnostic | None:
    """The first token that can stand nowhere."""
    for token in tokens:
        if token.text in _FOREIGN:
            if token.text == '"' and source.text.startswith('"""', token.start - 2):
                return _habit(source, "there are no docstrings", token, token, "write comments: `# ...`")
            what, instead = _FOREIGN[token.text]
            if token.text == "'" and (quoted := _QUOTED.match(source.text, token.start)):
                instead = f'write `"{quoted[1]}"`'
            return _habit(source, what, token, token, instead)
        if token.kind == "other":
            label = Label(token.span(source), "this character has no meaning here")
            return Diagnostic("E0101", f"unexpected `{token.text}`", label)
    return None


def habit(source: Source, line: Sequence[Token], at: int) -> Diagnostic | None:
    """What habit explains a syntax error at the token `line[at]` of a logical line, if one does; `at` may be the line's length."""
    first = line[0]
    here = line[at] if at < len(line) else line[-1]
    before = line[at - 1] if at else None
    after = line[at + 1] if at + 1 < len(line) else None
    named = len(line) > 1 and line[1].text in ("=", ",", ":")
    for token in (before, here) if named else (first, before, here):
        if token is not None and token.text in _WORDS and token.kind == "word":
            what, instead = _WORDS[token.text]
            return _habit(source, what, token, token, instead)
    if here.text == '""' and after is not None and after.text.startswith('"') and after.start == here.end:
        return _habit(source, "there are no docstrings", here, after, "write comments: `# ...`")
    found = _number(source, line, at) or _assignment(source, line, at) or _subscript(source, line, at)
    if found or before is None:
        return found
    if first.text == "import" and before is first:
        return _habit(source, "imports name a file", here, here, 'write `import "file.sym"`; Python modules have no place here')
    if here.kind == "string" and before.kind == "word" and before.end == here.start:
        return _habit(source, "strings are plain", before, here, "write the text itself; nothing is filled in")
    if here.text == "if":
        return _habit(source, "there are no conditional expressions", here, here, "write an `if` block with one statement in each branch")
    if here.text == "in" or before.text == "in":
        return _habit(source, "there is no `in`", here, here, _PYTHON)
    if here.text == ">" and (before.text == "-" or (before.text == "=" and before.end == here.start)):
        return _habit(source, "an arrow is written `->`", before, here, "write `->`")
    if first.text == "if" and here.text == "=":
        return _habit(source, "`=` binds", here, here, "write `==` to compare")
    if here.text in ("==", "!=", "<", ">", "<=", ">=") and after is not None:
        return _habit(source, "only the test of an `if` compares", here, here, "a statement binds with `=`" if here.text == "==" else _LOGIC)
    return None


def _number(source: Source, line: Sequence[Token], at: int) -> Diagnostic | None:
    """`32x0e`, `1o`, `2x`, `.5`, `1.`."""
    here = line[min(at, len(line) - 1)]
    before, after = (line[at - 1] if at else None), (line[at + 1] if at + 1 < len(line) else None)
    if here.text == "." and after is not None and after.kind == "number":
        return _habit(source, "a float has digits on both sides of the dot", here, after, f"write `0.{after.text}`")
    if before is None:
        return None
    if before.text == "." and at > 1 and line[at - 2].kind == "number":
        return _habit(source, "a float has digits on both sides of the dot", line[at - 2], before, f"write `{line[at - 2].text}.0`")
    if before.kind != "number" or here.kind != "word" or before.end != here.start:
        return None
    both = before.text + here.text
    if _IRREPS.fullmatch(both):
        return _habit(source, "irreps are named in a string, of a group", before, here, f'write `irreps(R, "{both}")` with `group R = O(3)`')
    if _LABEL.fullmatch(both):
        return _habit(source, "labels of irreps are strings", before, here, f'write `irrep(R, "{both}")` with `group R = O(3)`')
    if here.text.startswith("_"):
        return _habit(source, "numbers have no separators", before, here, f"write `{both.replace('_', '')}`")
    return _habit(source, "a product is written `*`", before, here, f"write `{before.text}*{here.text}`")


def _assignment(source: Source, line: Sequence[Token], at: int) -> Diagnostic | None:
    """`x += y`, `h == ...`, `self.w = ...`, `h[0] = ...`, `a, b: T = ...`."""
    first, here, before = line[0], line[min(at, len(line) - 1)], line[at - 1] if at else None
    texts = [token.text for token in line]
    if before is None or first.kind != "word":
        return None
    after = line[at + 1] if at + 1 < len(line) else None
    if at == 1 and here.text in ("+", "-", "*", "/") and after is not None and after.text == "=" and after.start == here.end:
        return _habit(source, "there is no assignment in place", here, after, f"write `{first.text} = {first.text} {here.text} ...`")
    if here.text == "==" and at == 1:
        return _habit(source, "a statement binds with `=`", here, here, f"write `{first.text} = ...`")
    if at == 1 and here.text in (".", "[") and "=" in texts:
        name = line[at + 1].text if here.text == "." and at + 1 < len(line) else first.text
        instead = f"make a new value: `{name} = ...`; weights belong to `linear` and are never assigned"
        return _habit(source, "only whole names are bound", first, here, instead)
    if here.text == ":" and texts[1:2] == [","] and "=" in texts[at:]:
        return _habit(source, "several names take no annotation", here, here, "ask the operation: `q, k = linear[(q: T, k: T)](x)`")
    return None


def _subscript(source: Source, line: Sequence[Token], at: int) -> Diagnostic | None:
    """`x[:, 0]`, `x[1:3]`, `x[...]`."""
    here = line[min(at, len(line) - 1)]
    depth = 0
    for token in reversed(line[:at]):
        depth += (token.text in ")]") - (token.text in "([")
        if depth < 0:
            if token.text == "[" and here.text in (":", "..", "."):
                return _habit(source, "there are no slices", here, here, _SLICES)
            return None
    return None


def _habit(source: Source, what: str, first: Token, last: Token, instead: str) -> Diagnostic:
    return Diagnostic("E0105", what, Label(Span(source, first.start, last.end)), helps=(instead,))
