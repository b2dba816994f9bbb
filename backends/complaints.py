"""What a module says about inputs it cannot take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sympy
import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.backends.interface import COMPLEX, Input
from symc.diagnostics import Diagnostic, DiagnosticError, Label, did_you_mean


class InputError(DiagnosticError, ValueError, TypeError):
    """A compiled module was called with something it cannot take; the diagnostic names the input, its type and what was given."""


class TracedInputError(InputError, AssertionError):
    """An InputError found while torch.compile traces: of what is raised there it lets an AssertionError alone."""


class StateError(DiagnosticError, RuntimeError):
    """A state dict cannot be loaded; a RuntimeError, as for every module."""


def other_basis(names: Sequence[str]) -> StateError:
    notes = ("the types, the group or the version of symc are not those it was saved with, so its numbers would mean other maps here",)
    return StateError(Diagnostic("E0608", f"{_listed(names)}: saved in coordinates of another basis", notes=notes))


def unreadable_fingerprint(name: str) -> StateError:
    notes = ("it says in which bases the weights are coordinates, in whole numbers that nothing may change",)
    helps = (f"to load the weights all the same, leave `{name}` out of the state dict",)
    return StateError(Diagnostic("E0608", f"`{name}` is no fingerprint of bases", notes=notes, helps=helps))


def not_a_tensor(spec: Input, value: object) -> InputError:
    convertible = isinstance(value, int | float | complex) or hasattr(value, "__array__")
    helps = (f"torch.as_tensor({spec.name}) makes one",) if convertible else ()
    return _error("E0602", f"`{spec.name}` is {_kind(value)}, not a tensor", spec, helps=helps)


def not_dense(spec: Input, x: Tensor) -> InputError:
    kind = "nested" if x.is_nested else _short(x.layout).removeprefix("_").replace("_", " ")
    helps = [] if x.is_nested else [f"{spec.name}.to_dense()"]
    return _error("E0602", f"`{spec.name}` is a {kind} tensor, it needs a dense one", spec, helps=helps)


def wrong_dtype(spec: Input, x: Tensor, dtype: torch.dtype | None) -> InputError:
    if spec.complex:
        if dtype is not None and dtype not in COMPLEX:
            helps = ["net.float(), or another precision that has them"]
            return _error("E0603", f"the type of `{spec.name}` is complex, and torch has no complex numbers of {_short(dtype)}", spec, helps=helps)
        wanted = _short(COMPLEX[dtype]) if dtype is not None else "complex64"
        helps = [f"{spec.name}.to(torch.{wanted})"]
        if not x.is_complex():
            helps.append(f"or, of real and imaginary parts along a last axis of size 2: torch.view_as_complex({spec.name})")
        return _error("E0603", f"`{spec.name}` is {_short(x.dtype)}, its type is complex: the module takes {wanted}", spec, helps=helps)
    wanted = _short(dtype) if dtype is not None else "float"
    helps = [f"{spec.name}.{'float()' if wanted in ('float32', 'float') else 'double()' if wanted == 'float64' else f'to(torch.{wanted})'}"]
    if x.is_complex():
        helps = [f"give the real and imaginary parts as channels: torch.view_as_real({spec.name})"]
    elif x.is_floating_point():
        helps.append(f"or change the module: net.to(torch.{_short(x.dtype)})")
    return _error("E0603", f"`{spec.name}` is {_short(x.dtype)}, the module computes in {wanted}", spec, helps=helps)


def not_indices(spec: Input, x: Tensor) -> InputError:
    helps = [f"{spec.name}.argmax(-1)"] if x.is_floating_point() else [f"{spec.name}.long()"]
    return _error("E0603", f"`{spec.name}` is {_short(x.dtype)}, and holds indices: int64", spec, helps=helps)


def index_out_of_range(spec: Input, classes: int, index: int) -> InputError:
    return _error("E0610", f"`{spec.name}` holds the index {index}, they go from 0 to {classes - 1}", spec)


def wrong_device(spec: Input, x: Tensor, device: torch.device) -> InputError:
    helps = [f"{spec.name}.to({str(device)!r})", f"or net.to({str(x.device)!r})"]
    return _error("E0607", f"`{spec.name}` is on {x.device}, the module is on {device}", spec, helps=helps)


def wrong_rank(spec: Input, x: Tensor) -> InputError:
    helps = ["axes before those of the type are batch axes, as many as you like, none too"]
    return _error("E0604", f"`{spec.name}` has {_axes(x.ndim)}, it needs {spec.rank} or more", spec, x, helps=helps)


def wrong_size(spec: Input, x: Tensor, axis: int, size: Size, at: Mapping[str, int] | None = None) -> InputError:
    notes = [f"that would take {_assigned(at)}"] if at and min(at.values()) < 0 else [f"here {_assigned(at)}"] if at else []
    return _error("E0604", f"`{spec.name}` has {x.shape[axis]} along the axis of size {sz.show(size)}", spec, x, notes=notes)


def no_size(inputs: Sequence[Input], size: Size, at: Mapping[str, int]) -> InputError:
    spec = next((spec for spec in inputs if any(at.keys() & sz.free_names(axis) for axis in spec.sizes)), None)
    value = sz.normal(sympy.sympify(size).subs({sz.free(name): number for name, number in at.items()}))
    return _error("E0604", f"{sz.show(size)} = {value} is no size", spec, notes=[f"here {_assigned(at)}"])


def sizes_disagree(name: str, size: int, first: Input, other: int, second: Input) -> InputError:
    if first is second:
        return _error("E0605", f"{name} = {size} on one axis of `{first.name}`, but {other} on another", first)
    return _error("E0605", f"{name} = {size} from `{first.name}`, but {other} from `{second.name}`", second, also=first)


def batches_disagree(first: Input, batch: Sequence[int], second: Input, other: Sequence[int]) -> InputError:
    def shown(sizes: Sequence[int]) -> str:
        return f"batch axes {tuple(sizes)}" if len(sizes) else "no batch axis"

    helps = ["all inputs need the same batch axes: x.expand(...) repeats one without copying"]
    return _error("E0606", f"`{first.name}` has {shown(batch)}, `{second.name}` has {shown(other)}", second, also=first, helps=helps)


def missing(names: Sequence[str], inputs: Sequence[Input], signature: str) -> InputError:
    notes = [f"the model takes {signature}"]
    span = next((spec for spec in inputs if spec.name.split(".")[0] == names[0]), None)
    return _error("E0601", f"missing {_listed(names)}", span, notes=notes)


def unknown(name: str, known: Iterable[str], signature: str) -> InputError:
    return _error("E0601", f"there is no input `{name}`", None, notes=[f"the model takes {signature}"], helps=did_you_mean(name, known))


def too_many(given: int, taken: int, signature: str) -> InputError:
    return _error("E0601", f"{given} inputs are given, the model takes {taken}", None, notes=[f"the model takes {signature}"])


def twice(name: str, signature: str) -> InputError:
    return _error("E0601", f"`{name}` is given by position and by name", None, notes=[f"the model takes {signature}"])


def not_a_record(path: str, value: object, names: Sequence[str]) -> InputError:
    held = f"has the entries {_listed(list(map(str, value))) or 'of an empty dict'}" if isinstance(value, Mapping) else f"is {_kind(value)}"
    return _error("E0602", f"`{path}` {held}, it needs a dict with {_listed(names)}", None)


def one_value(batch: Sequence[int], sizes: Mapping[str, int]) -> InputError:
    notes = [f"the batch axes are {tuple(batch)}" + "".join(f", {name} = {size}" for name, size in sorted(sizes.items()))]
    helps = ("train on more samples at a time", "or call net.eval() first, which takes the running statistics")
    return _error("E0614", "`batchnorm` in training expects more than 1 value per channel", None, notes=notes, helps=helps)


def no_mask(names: Sequence[str], known: Sequence[str]) -> InputError:
    """Of which free sizes there can be a mask, or a batch index."""
    if not known:
        return _error("E0611", "the model has no free size, so nothing can be padded", None)
    helps = [help for name in names for help in did_you_mean(name, known)]
    return _error("E0611", f"there is no free size {_listed(names)}", None, notes=[f"the model's free sizes are {_listed(known)}"], helps=helps)


def which_mask(known: Sequence[str], argument: str) -> InputError:
    code = "E0611" if argument == "mask" else "E0613"
    helps = [f"{argument}={{{', '.join(f'{chr(34)}{name}{chr(34)}: ...' for name in known)}}}"]
    return _error(code, f"the model has {len(known)} free sizes: say which one `{argument}` is of", None, helps=helps)


def bad_mask(name: str, mask: object) -> InputError:
    helps = (f"it is True where an element is real: {'mask.bool()' if isinstance(mask, Tensor) else 'torch.as_tensor(mask)'}",)
    what = f"{_short(mask.dtype)}, not bool" if isinstance(mask, Tensor) else f"{_kind(mask)}, not a boolean tensor"
    return _error("E0611", f"the mask of {name} is {what}", None, helps=helps)


def wrong_mask(name: str, mask: Tensor, batch: Sequence[int], size: int) -> InputError:
    notes = [f"the batch axes of the inputs are {tuple(batch)}, and {name} = {size}"]
    return _error("E0611", f"the mask of {name} has the shape {tuple(mask.shape)}, not {(*batch, size)}", None, notes=notes)


def mask_elsewhere(name: str, mask: Tensor, device: torch.device) -> InputError:
    return _error("E0607", f"the mask of {name} is on {mask.device}, the inputs are on {device}", None, helps=[f"mask.to({str(device)!r})"])


def mask_and_batch() -> InputError:
    helps = ("with `mask` samples are padded to one size; with `batch` their rows stand one after another",)
    return _error("E0613", "`mask` and `batch` are both given", None, helps=helps)


def bad_index(name: str, index: object) -> InputError:
    what = f"{_short(index.dtype)} of shape {tuple(index.shape)}" if isinstance(index, Tensor) else _kind(index)
    return _error("E0613", f"the batch index of {name} is {what}, not int64 of shape (total,)", None)


def sample_range(name: str, least: int, most: int, samples: int) -> InputError:
    if least < 0:
        return _error("E0613", f"the batch index of {name} has {least}: samples are counted from 0", None)
    notes = ["inputs without that axis say how many"]
    return _error("E0613", f"the batch index of {name} has {most}, but there are {samples} samples", None, notes=notes)


def mostly_empty(name: str, samples: int, rows: int) -> InputError:
    notes = [f"it has {rows} rows: nearly all of {samples} samples would be empty"]
    helps = ["count the samples without gaps: torch.unique(batch, return_inverse=True)[1]"]
    return _error("E0613", f"the batch index of {name} goes up to {samples - 1}", None, notes=notes, helps=helps)


def wrong_rows(spec: Input, x: Tensor, name: str, total: int) -> InputError:
    return _error("E0613", f"`{spec.name}` has {x.shape[0]} rows, the batch index of {name} has {total}", spec, x)


def not_flat(spec: Input, x: Tensor, wanted: int) -> InputError:
    how = "the rows of all samples stand along its first axis" if wanted == spec.rank else "it has one batch axis"
    return _error("E0613", f"`{spec.name}` has {_axes(x.ndim)}, with `batch` it needs {wanted}", spec, x, notes=[how])


def too_few(name: str, size: int, most: int) -> InputError:
    return _error("E0613", f"a sample has {most} rows, but {name} = {size} from another input", None)


def no_samples() -> InputError:
    helps = ["give a list of samples, each of them what the model takes, without batch axis"]
    return _error("E0601", "there are no samples to put together", None, helps=helps)


def not_one_sample(number: int, spec: Input, batch: Sequence[int]) -> InputError:
    return _error("E0606", f"sample {number} has batch axes {tuple(batch)}: to be put with others it has none", spec)


def cannot_pad(spec: Input, name: str, sizes: Sequence[int]) -> InputError:
    notes = [f"{name} is {', '.join(map(str, sorted(set(sizes))))}"]
    return _error("E0612", f"samples of different {name} cannot be padded", spec, notes=notes)


def _error(
    code: str,
    title: str,
    spec: Input | None,
    x: Tensor | None = None,
    *,
    also: Input | None = None,
    notes: Iterable[str] = (),
    helps: Iterable[str] = (),
) -> InputError:
    labels = [Label(item.span, f"{item.name}: {item.type}") for item in (spec, also) if item is not None and item.span is not None]
    told = [f"`{item.name}: {item.type}` has the shape {item.shape}" for item in (also, spec) if item is not None]
    given = [f"the shape given is {tuple(x.shape)}"] if x is not None else []
    diagnostic = Diagnostic(code, title, labels[0] if labels else None, tuple(labels[1:]), (*told, *given, *notes), tuple(helps))
    return InputError(diagnostic)


def _assigned(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {number}" for name, number in sizes.items())


def _short(dtype: torch.dtype | torch.layout) -> str:
    return str(dtype).removeprefix("torch.")


def _kind(value: object) -> str:
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"
    return "None" if value is None else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _axes(count: int) -> str:
    return f"{count or 'no'} {'axis' if count == 1 else 'axes'}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
