"""Every diagnostic code: what it means in general. The record at hand says what it means here.

E01 text and syntax, E02 names and files, E03 types and equivariance, E04 solving, E05 limits, E06 call time, E09 not supported yet; W warnings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code's general title and its explanation, as printed by `symc explain CODE`."""

    title: str
    explanation: str


CODES: dict[str, Code] = {
    # E01: text and syntax
    "E0101": Code("unexpected text", "The parser met something that cannot stand here. The label says what could."),
    "E0102": Code(
        "refused character",
        "Tabs, NUL, non-breaking spaces and other invisible characters are refused, since two files that look the same would mean different things. "
        "Indent with spaces.",
    ),
    "E0103": Code(
        "bad indentation",
        "A declaration begins in the first column. The line after a header that ends in `:` is indented further than the header, and every statement "
        "of a block begins in the same column.",
    ),
    "E0104": Code(
        "nested too deeply",
        "Brackets, blocks and operators may be nested a hundred deep. A sum of n terms is n deep. Give a part a name, with `rep` or in a statement, "
        "and use the name.",
    ),
    "E0105": Code(
        "something from another language",
        "The text uses a habit from Python, PyTorch, e3nn or einops that `.sym` says in another way; the help shows how.",
    ),
    "E0106": Code("brackets do not match", "Every `(` needs its `)` and every `[` its `]`, within one declaration and in the right order."),
    "E0107": Code(
        "a word of the language as a name",
        "`import as group rep weights extern model let return repeat if else` are words of the language and name nothing else.",
    ),
    "E0108": Code("too large", "A text has at most 250,000 characters, a number at most 18 digits."),
    "E0109": Code("not a text", "A `.sym` file is a text in UTF-8."),
    # E02: names and files
    "E0201": Code("a file cannot be read", "The file is missing, is a folder, may not be read, or is too large for a spec."),
    "E0202": Code("a file cannot be written", "The result could not be put in place; what stood there before is untouched."),
    # E03: types and equivariance
    "E0301": Code(
        "a pointwise function does not commute",
        "A function of each coordinate commutes with a matrix only where each row and column has one nonzero entry m and f(m x) = m f(x): any f with "
        "permutations, an odd f with signs, a positively homogeneous f with positive factors. A Lie algebra must act by zero, or by a diagonal "
        "matrix where f is positively homogeneous. The witness is a group element and an input for which the two sides differ.",
    ),
    "E0302": Code(
        "a product coordinate by coordinate does not commute",
        "Along an axis that both operands have, coordinate i of one meets coordinate i of the other. That commutes only with permutations of the axis. "
        "A product with an invariant is always allowed; a quotient asks the same of what it divides by.",
    ),
    "E0303": Code(
        "a value is stretched along an axis that moves",
        "Adding a number, or a value without some axis, adds the same to every coordinate of that axis. The result moves as the type says only where "
        "(1, ..., 1) is left alone by every element, as on permuted axes.",
    ),
    "E0304": Code(
        "a norm that does not stay",
        "The norm of a copy is an invariant where every element acts by an orthogonal matrix. Other matrices change lengths.",
    ),
    "E0305": Code(
        "pooling over an axis that is not permuted",
        "The sum, mean or maximum over an axis is an invariant where every element permutes the axis. A maximum also compares the coordinates of "
        "the other axes, which may then only be permuted or scaled by positive factors.",
    ),
    "E0306": Code(
        "softmax over coordinates that are not permuted",
        "Softmax takes the exponential of each coordinate, so every axis of its argument must be permuted, not only the one it sums over.",
    ),
    "E0307": Code(
        "a layer normalisation that does not commute",
        "Copies of a representation are divided by the root mean square of their norms, so every element must act by an orthogonal matrix. Trivial "
        "channels are centred and shifted too, so the axes beside them must be permuted.",
    ),
    "E0308": Code(
        "dropout of coordinates that mix",
        "Dropping single coordinates commutes (in law) only where elements carry coordinates to coordinates. Other representations are dropped in "
        "whole copies.",
    ),
    "E0309": Code(
        "a linear map stretched along an axis that moves",
        "Along an axis of `each` a linear map repeats its bias, and the inputs that lack the axis. What is repeated along an axis moves with it only "
        "where (1, ..., 1) is left alone by every element, as on permuted axes.",
    ),
    # E04: solving
    "E0401": Code(
        "the maps depend on a free size",
        "A size may stay free where the equivariant maps are the same for every size: perm(S(n)), vector of O(n) and SO(n). Elsewhere their number "
        "changes with n, and the weights with it, so n needs a number.",
    ),
    "E0402": Code(
        "the number of channels is free",
        "Every trivial copy has weights of its own, so their number must be known. Only axes that a group moves can have a free size.",
    ),
    "E0403": Code(
        "the space of maps is not clear",
        "Whether some maps commute with the group hangs on the last digits of the matrices given: a rank, or a gap between eigenvalues, is neither "
        "clearly zero nor clearly not. Give the matrices exactly (integers, or all digits), or a named group.",
    ),
    "E0404": Code(
        "a group too wild for this size",
        "The matrices generate a group that no change of coordinates makes orthogonal. Such maps are found from the constraints written out, which is "
        "done for small representations only.",
    ),
    "E0405": Code("a group or representation out of reach", "The elements of the group, or a matrix of the representation, cannot be computed."),
    "E0406": Code(
        "no equivariant map but zero",
        "`linear` is every equivariant map between two types, and between these there is none, as from a vector to a number that does not turn with it. "
        "The result would be zero, or a constant, whatever the weights.",
    ),
    "E0490": Code(
        "a solution contradicts its count",
        "Every space of maps is solved, and its dimension counted in another way. Here the two differ, so one of them is wrong, and no answer is given.",
    ),
    # E05: limits
    "E0501": Code(
        "more memory than allowed",
        "The weights, or what is needed to find them, would take more memory than the limit. Nothing was allocated. The limit is 4 GiB, or what "
        "SYMC_MEMORY_LIMIT says, e.g. 8G.",
    ),
    "E0502": Code("too many diagrams", "The space of maps has a closed form with one weight per diagram, and more diagrams than any network needs."),
    # E06: call time
    "E0601": Code(
        "inputs missing or not known",
        "A module takes the inputs of its model: by position in the order declared, by name, or all of them in one dict. Entries of a record inside "
        "another come as a dict.",
    ),
    "E0602": Code("not a tensor", "Every input is a torch.Tensor, or a dict of them where the type is a record."),
    "E0603": Code(
        "a dtype that does not fit",
        "Inputs are real floating point, of the dtype of the module's weights (under autocast, of any). Nothing is converted silently: integers "
        "would be indices or counts, and a mixture of precisions is as good as its worst.",
    ),
    "E0604": Code(
        "a shape that does not fit",
        "The last axes of an input are those of its type, in order; the axes before them are batch axes. A size that is a number must be met "
        "exactly, one that is a polynomial in free sizes must be its value at whole numbers.",
    ),
    "E0605": Code("free sizes disagree", "A free size is read off every input that shows it, and all of them must say the same."),
    "E0606": Code("batch axes disagree", "All inputs have the same batch axes, or none of them has any. Nothing is repeated silently."),
    "E0607": Code("a device that does not fit", "Inputs are on the device of the module's weights. Nothing is copied silently."),
    "E0608": Code(
        "weights of another basis",
        "A weight is coordinates in a basis of equivariant maps. A state dict says which basis that was, and it is not the one of this module, so "
        "the numbers would mean other maps.",
    ),
    "E0609": Code(
        "a module that cannot be exported",
        "torch.export could not make one program that serves every size of the batch and every free size of the model.",
    ),
    # W04: solving
    "W0401": Code(
        "a part that is always zero",
        "No equivariant map goes from the inputs of `linear` to this part of its target, and there is no bias there: it is zero whatever the weights.",
    ),
    "W0402": Code(
        "a part that is a constant",
        "No equivariant map goes from the inputs of `linear` to this part of its target: only the bias reaches it, so it is the same for every input.",
    ),
}
