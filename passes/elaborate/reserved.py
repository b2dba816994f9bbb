"""Names that may not be taken: words with a meaning before `(`, and what Python and `nn.Module` keep for themselves.

Variables, `let` layers and models become names in a state_dict, inputs become keywords of `forward`.
"""

from __future__ import annotations

import keyword

from symc.diagnostics import DiagnosticError
from symc.grammar import tree
from symc.passes.elaborate.constructors import AXISWISE, CONSTRUCTORS, FUTURE_REPS, GROUPS, REPS, Kind
from symc.passes.elaborate.report import fault, unsupported
from symc.passes.elaborate.vocabulary import FUTURE_OPERATIONS, OPERATIONS

# What a constructor takes, and an example of it.
_NEEDS: dict[Kind, tuple[str, str]] = {
    "size": ("a size", "n"),
    "group": ("a group", "G"),
    "type": ("a representation", "r"),
    "permutation": ("permutations", '"(0 1 2)"'),
    "matrix": ("matrices", "[[0, -1], [1, 0]]"),
    "matrices": ("a list of matrices", "[[[0, -1], [1, 0]]]"),
    "image": ("images", "[[0, -1], [1, 0]]"),
    "integer": ("a number", "2"),
    "rep": ("a representation", "r"),
    "label": ("a label", "1"),
    "element": ("a group or generators", "H"),
    "file": ("the name of a file", '"graph.json"'),
}

WORDS = frozenset(OPERATIONS) | FUTURE_OPERATIONS | CONSTRUCTORS

# dir(torch.nn.Module()), without the names that begin with two underscores; a test compares.
MODULE = frozenset(
    (
        "T_destination", "_apply", "_backward_hooks", "_backward_pre_hooks", "_buffers", "_call_impl", "_compiled_call_impl", "_forward_hooks",
        "_forward_hooks_always_called", "_forward_hooks_with_kwargs", "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs",
        "_get_backward_hooks", "_get_backward_pre_hooks", "_get_name", "_is_full_backward_hook", "_load_from_state_dict",
        "_load_state_dict_post_hooks", "_load_state_dict_pre_hooks", "_maybe_warn_non_full_backward_hook", "_modules", "_named_members",
        "_non_persistent_buffers_set", "_parameters", "_register_load_state_dict_pre_hook", "_register_state_dict_hook",
        "_replicate_for_data_parallel", "_save_to_state_dict", "_slow_forward", "_state_dict_hooks", "_state_dict_pre_hooks", "_version",
        "_wrapped_call_impl", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu", "cuda", "double",
        "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half",
        "ipu", "load_state_dict", "modules", "mtia", "named_buffers", "named_children", "named_modules", "named_parameters", "parameters",
        "register_backward_hook", "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
        "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook", "register_module",
        "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_", "set_extra_state",
        "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train", "training", "type", "xpu", "zero_grad",
    )
)  # fmt: skip

# What a compiled module and its torch.fx.GraphModule call their own; a test compares.
SHELL = frozenset(
    (
        "add_submodule", "code", "collate", "delete_all_unused_submodules", "delete_submodule", "fingerprint", "graph", "graph_module", "inputs",
        "lowered", "masked_module", "meta", "name", "print_readable", "program", "recompile", "reset_parameters", "shape_env", "to_folder",
    )
)  # fmt: skip
ARGUMENTS = frozenset(("self", "mask", "batch"))  # arguments every compiled module has
PYTHON = frozenset(keyword.kwlist)


def check_free_to_use(name: tree.Name, what: str, argument: bool = False) -> None:
    """Complain where a name that Python or `nn.Module` reserve would become part of a module, or the name of an argument."""
    owner = None
    if name.id in PYTHON or name.id.startswith("__"):
        owner = "Python"
    elif name.id in MODULE:
        owner = "`nn.Module`"
    elif name.id in SHELL or (argument and name.id in ARGUMENTS):
        owner = "a compiled module"
    if owner is not None:
        message = "names of variables, layers, models and inputs become names in a state_dict or of arguments"
        raise fault("E0213", f"`{name.id}` may not name {what}: {owner} has a meaning for it", name.span, message, helps=("choose another name",))


def bare(name: tree.Name) -> DiagnosticError:
    """The complaint about a word of the language that stands alone, and means something only before brackets."""
    word = name.id
    if word in FUTURE_OPERATIONS | FUTURE_REPS:
        return unsupported(f"`{word}`", name.span)
    if word in OPERATIONS:
        return fault("E0214", f"`{word}` is an operation", name.span, "it means something where it is applied", helps=(f"write `{word}(x)`",))
    kinds: tuple[Kind, ...] = (GROUPS | REPS | AXISWISE)[word].kinds
    needs = " and ".join(dict.fromkeys(_NEEDS[kind][0] for kind in kinds))
    example = ", ".join(_NEEDS[kind][1] for kind in kinds)
    where = " of a group `G`" if word in REPS else ""
    helps = (f"write `{word}({example})`{where}",)
    return fault("E0214", f"`{word}` needs {needs}", name.span, "a constructor stands before round brackets", helps=helps)


def check_not_word(name: tree.Name, what: str) -> None:
    """Complain where a name that stands before brackets already is a word of the language."""
    if name.id in WORDS:
        kind = "a constructor" if name.id in CONSTRUCTORS else "an operation"
        message = "before a bracket it would mean two things"
        raise fault("E0212", f"`{name.id}` may not name {what}: it is {kind}", name.span, message, helps=("choose another name",))


def check_declared(declaration: tree.Declaration) -> None:
    """Names of models and of families stand before brackets; models become part of a state_dict."""
    match declaration:
        case tree.ModelDecl(name=name):
            check_not_word(name, "a model")
            check_free_to_use(name, "a model")
        case tree.GroupDecl(name=name, params=params) | tree.RepDecl(name=name, params=params) if params:
            check_not_word(name, "a family")
        case _:
            pass
