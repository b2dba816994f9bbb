"""Every diagnostic code: what it means in general. The record at hand says what it means here.

E01 text and syntax, E02 names and files, E03 types and equivariance, E04 solving, E05 limits, E06 call time, E09 not supported yet and internal; W warnings.
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
    "E0202": Code("a file cannot be written", "The result could not be put in place, or a file not be removed; what stood there before is untouched."),
    "E0210": Code(
        "unknown name",
        "A name is declared in the file, imported, a parameter, bound by an earlier statement of the model, or a word of the language. Free sizes such "
        "as the n of `S(n)` first appear as arguments of a group; what is bound inside `repeat` is forgotten after it.",
    ),
    "E0211": Code("declared twice", "Within a file, a list of parameters or the inputs of a model, every name is declared once."),
    "E0212": Code(
        "a name that is taken",
        "Tensors, sizes, groups, reps, models and layers share one set of names, and what stands before a bracket must not be a word of the language.",
    ),
    "E0213": Code(
        "a reserved name",
        "Variables, layers and models become names in the state_dict of an `nn.Module`, inputs become arguments of its `forward`; so names that Python "
        "or `nn.Module` keep for themselves cannot be taken.",
    ),
    "E0214": Code("the wrong kind of thing", "A group, a representation, a size, a layer or a tensor stands where another of these is expected."),
    "E0215": Code("the wrong arguments", "Something is given too many, too few, unknown or repeated arguments."),
    "E0216": Code("a value that does not fit", "A parameter or option is given a value outside its kind or range."),
    "E0217": Code("cyclic import", "Files import each other in a circle, so none of them can be read first."),
    "E0218": Code(
        "names of an import clash",
        "Without `as`, the names of an imported file stand beside those of the file that imports it, and none may be declared in both.",
    ),
    "E0219": Code("no such model", "The file declares no model, none of the name asked for, or its text could not be read."),
    "E0220": Code("`return` is missing or misplaced", "A model ends with one `return`, outside of `repeat`; with `if`, in both branches or after them."),
    "E0221": Code("declared in terms of itself", "A group or rep is needed to say what it is itself."),
    "E0222": Code("a model applies itself", "Models are inlined where they are applied, so none can contain itself."),
    "E0223": Code(
        "not a size",
        "Sizes, exponents and counts are worked out at compile time: whole numbers that divide exactly, at least 1 for an axis, or polynomials in free sizes.",
    ),
    "E0224": Code("not a layer", "`let` gives a name to a layer, an operation or model with its square brackets; values are bound without it."),
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
        "a normalisation that does not commute",
        "Copies of a representation are divided by the root mean square of their coordinates, so every element must act by an orthogonal matrix. Trivial "
        "channels are centred and shifted too, so the axes beside them must be permuted.",
    ),
    "E0308": Code(
        "dropout of coordinates that mix",
        "Dropping single coordinates commutes (in law) only where elements carry coordinates to coordinates. Other representations are dropped in "
        "whole copies.",
    ),
    "E0309": Code(
        "an operation that hangs on the origin",
        "Points have no origin. A difference of points is a vector, a point moved by a vector is a point, and so is a mean of points; a sum, a multiple, "
        "a norm or a function of the coordinates would change with the place of the origin.",
    ),
    "E0310": Code(
        "nothing says what `linear` maps to",
        "`linear` is every equivariant map to the type asked for. The type is written in square brackets, or comes from what surrounds it: the annotation, "
        "the declared result, the other operand of `+`, or the parameter of a model.",
    ),
    "E0311": Code("types do not match", "A value has another type than its annotation, the declared result or the parameter of a model asks for."),
    "E0312": Code(
        "operands do not match",
        "The operands of `+ - * /` meet by type: the axes of the smaller occur in the larger, in order, and an axis `1` stretches.",
    ),
    "E0313": Code("more than one way to match", "Equal axes could be matched in more than one way, and the results would differ."),
    "E0314": Code("no such axis", "An operation runs along an axis that the type does not have."),
    "E0315": Code("not a permuted axis", "Pooling, softmax and `each` run along axes whose coordinates the group permutes, or leaves alone."),
    "E0316": Code("a type changes in `repeat`", "The body of a `repeat` is read again with its own results, so what it rebinds keeps its type."),
    "E0317": Code("nothing to normalise over", "`layernorm` and `rmsnorm` run over channels, trivial axes, and over the representations these carry."),
    "E0318": Code("no such part", "`x.w` takes an entry of a record, `x.1` a summand of an axis that is a sum; a tensor has no other parts."),
    "E0319": Code("nothing to `concat` along", "The operands of `concat` have equally many axes and differ in one; if in none, one of them is trivial."),
    "E0320": Code("a shared layer at two types", "A layer named by `let` has one set of weights, so it maps between the same types wherever it is applied."),
    "E0321": Code("the number of values differs", "As many names stand before `=`, or values after `return`, as the record has entries."),
    "E0322": Code("a size that no input has", "Free sizes are read off the inputs when a module is called, so each occurs in the type of an input."),
    "E0323": Code("no such group or representation", "A constructor is given something for which no group or representation exists."),
    "E0324": Code("division by zero", "A tensor is divided by a number that is 0 already at compile time: every entry would be infinite or no number."),
    "E0325": Code(
        "noise that does not keep its law",
        "`random` is equivariant in law where every element takes independent standard normal numbers to such numbers again: where it acts by an "
        "orthogonal matrix.",
    ),
    "E0326": Code(
        "weights that do not fit their map",
        "Weights that a model computes for a `bilinear` have some of the permuted axes of its `each`; their other axes are trivial and, flat and "
        "row-major, are an index of every trivial axis of `each`, then the weights of one map.",
    ),
    "E0327": Code(
        "an axis that stands where it cannot",
        "`onehot(k)` is the representation k of an input that is stored as integers from 0 to k - 1, and `axis(t)` is carried along like a batch axis. "
        "Both are axes of their own, part of no sum, bracket or construction, and what a model computes is not stored as an index.",
    ),
    "E0330": Code(
        "trivial parts along two axes",
        "`gate` sends trivial parts through silu and multiplies the other copies by gates, one for each. The gates are one tensor, so in at most one "
        "axis trivial parts may stand beside others.",
    ),
    "E0331": Code(
        "nothing makes the gates",
        "With one argument the maps inside `gate` make one gate for each nontrivial copy, next to what they map to; with two the second argument has "
        "them: as `norm` of the first, without its trivial parts.",
    ),
    "E0340": Code(
        "real and complex numbers",
        "A linear map goes between real or between complex types: over which numbers it is linear is said, by `complex` and `real`, not guessed. "
        "Functions with cases or an order, such as `relu` and `max`, have no meaning for complex numbers.",
    ),
    "E0360": Code(
        "a dot product that does not stay",
        "A sum of products x_i y_i is left alone where every element acts on y by the dual of what it does to x: for equal representations where it acts "
        "by an orthogonal matrix. Along the axes of both that are not summed over, the coordinates are permuted.",
    ),
    "E0361": Code(
        "scores that do not stay",
        "The scores of attention are dot products of queries and keys. Every element must leave them alone: beside their sets, queries and keys are moved by "
        "orthogonal matrices, or the keys by the dual of what moves the queries. The values may be moved by anything.",
    ),
    "E0362": Code("channels that heads do not split", "`heads=h` splits the first axis of channels of queries, keys and values into h equal parts."),
    "E0363": Code(
        "weights that are no invariants",
        "A weighted mean sums weight times value and divides by the sum of the weights. The weights are invariant: every element permutes them and "
        "does nothing else to them. The values may be moved by anything.",
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
        "The matrices generate a group that no change of coordinates makes orthogonal, or closed under transposition. Such maps are found from the "
        "constraints written out, and that is done for small representations only.",
    ),
    "E0405": Code("a group or representation out of reach", "The elements of the group, or a matrix of the representation, cannot be computed."),
    "E0406": Code(
        "no equivariant map but zero",
        "`linear` is every equivariant map between two types, and between these there is none, as from a vector to a number that does not turn with it. "
        "The result would be zero, or a constant, whatever the weights.",
    ),
    "E0407": Code(
        "no affine map to points",
        "A map to points is a weighted mean of points, with weights that sum to 1, and vectors added to it: so a point of the same space must be among its "
        "inputs. Where there is none, the place of the result would hang on where the origin of the coordinates is.",
    ),
    "E0490": Code(
        "a solution contradicts its count",
        "Every space of maps is solved, and its dimension counted in another way. Here the two differ: one of them is wrong, and no answer is given.",
    ),
    # E05: limits
    "E0501": Code(
        "more memory than allowed",
        "The weights, or what is needed to find them, would take more memory than the limit. Nothing was allocated. The limit is 4 GiB, or what "
        "SYMC_MEMORY_LIMIT says, e.g. 8G. SYMC_CACHE_LIMIT, for what is kept on disk, is written in the same way.",
    ),
    "E0502": Code("too many diagrams", "The space of maps has a closed form with one weight per diagram, and more diagrams than any network needs."),
    "E0520": Code("a size too large", "Sizes and numbers are at most 2^53, powers of free sizes at most the sixteenth."),
    "E0521": Code("too many axes", "A tensor has at most 32 axes."),
    "E0522": Code("a program too long", "`repeat` and models inside models are unrolled, to at most 20 000 steps; a program has at most 200 files."),
    "E0523": Code("models nested too deeply", "Models inside models are inlined, at most 16 deep."),
    "E0524": Code(
        "too many summands",
        "Multiplied out, a type has at most 500 summands, and a map goes between at most 10 000 pairs of them. A hundred copies of v are one summand, "
        "`100*v`.",
    ),
    # E06: call time
    "E0601": Code(
        "inputs missing or not known",
        "A module takes the inputs of its model: by position in the order declared, by name, or all of them in one dict. Entries of a record inside "
        "another come as a dict.",
    ),
    "E0602": Code("not a tensor", "Every input is a dense torch.Tensor, or a dict of them where the type is a record."),
    "E0603": Code(
        "a dtype that does not fit",
        "Inputs are real floating point, of the dtype of the module's weights (under autocast, of any); those with an axis `onehot(k)` are int64. "
        "Nothing is converted silently: integers elsewhere would be counts, and a mixture of precisions is as good as its worst.",
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
    "E0609": Code("sizes that verify cannot use", "Free sizes are given by name, as positive integers, such that every size of the model is a whole number."),
    "E0610": Code("an index out of range", "Integers that stand for a one-hot axis `onehot(k)` are at least 0 and less than k."),
    "E0611": Code(
        "a mask that does not fit",
        "A mask is a boolean tensor of shape (*batch, n), true where an element is real: `mask=m` where the model has one free size, "
        '`mask={"n": m1, "m": m2}` where it has several; along those not named nothing is padded.',
    ),
    "E0612": Code(
        "padding that cannot be told",
        "An axis is padded element by element: its size is a free size, or made of such and of numbers by products of representations and sums of "
        "them. Of an axis of another size, such as the 2n of S(2n), no mask of n elements says which coordinates are real.",
    ),
    "E0613": Code(
        "a batch index that does not fit",
        "With `batch=index` the samples' rows stand in one tensor, in any order, and an int64 tensor says to which sample each row belongs, counted "
        "from 0. That is so for inputs whose first axis is the set; all others have one batch axis. A sample may have no rows.",
    ),
    "E0614": Code(
        "statistics of one value",
        "In training `batchnorm` centres a channel by its mean over the batch and over all that is permuted. Of a single value nothing would be left.",
    ),
    # E09: not supported yet
    "E0901": Code("not supported yet", "Part of the language that has no meaning so far."),
    "E0990": Code("internal error", "Something in symc went wrong that no text should lead to. With SYMC_DEBUG=1 it is said where."),
    # W: warnings
    "W0201": Code("two groups look like one", "Two groups are declared alike under two names. Named groups act independently, each on its own axes."),
    "W0202": Code(
        "an input without effect",
        "No output of the model depends on this input, whatever the weights. A name that begins with `_` says that this is meant.",
    ),
    "W0203": Code(
        "a value without effect",
        "What is bound here is used by nothing that the model returns, so it is left out together with its weights. A name that begins with `_` says "
        "that this is meant.",
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
