"""The operations of random programs. A new one is a function here, and a line in OPERATIONS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from hypothesis import strategies as st
from program_types import PERMUTED, SCALED, SIGNED, TIME, Axis, Leaf, Scope, Several, Type, Unfit, dim, how, show, small, trivial

from symc.ir.pointwise import FUNCTIONS

PRODUCTS = 2000  # entries of one bilinear map, at three points a set
UNSAFE = {"exp", "log", "sqrt", "sign", "neg"}  # no number somewhere, a jump, or written otherwise
ANY = sorted(FUNCTIONS.keys() - UNSAFE)
ODD = [name for name in ANY if FUNCTIONS[name].odd]

Expression: TypeAlias = tuple[str, Type]


def linear(s: Scope) -> Expression:
    chosen = [s.operand() for _ in range(s.draw(st.integers(1, 3)))]
    target = s.reachable(chosen[0][1]) if s.chance(80) else s.type()
    options = [show(target)]
    shared = [axis for axis in target if axis.how == PERMUTED and isinstance(axis, Leaf) and all(_count(item, axis) <= 1 for _, item in chosen)]
    shared = [axis for axis in shared if _count(target, axis) == 1]
    if shared and s.chance(35):
        axes = s.draw(st.lists(st.sampled_from(shared), min_size=1, max_size=2, unique=True))
        options.append(f"each={show(tuple(axes))}")
    if s.chance(10):
        options.append("bias=false")
    return f"linear[{', '.join(options)}]({', '.join(s.one([name, name, name.partition('.')[0]]) for name, _ in chosen)})", target


def bilinear(s: Scope) -> Expression:
    (a, x), (b, y) = s.operand(), s.operand()
    target = s.reachable(x) if s.chance(60) else s.type()
    if dim(x) * dim(y) * dim(target) > PRODUCTS:
        raise Unfit
    shared = [axis for axis in target if axis.how == PERMUTED and isinstance(axis, Leaf) and all(_count(item, axis) <= 1 for item in (x, y))]
    shared = [axis for axis in shared if _count(target, axis) == 1]
    options = show(target)
    if shared and s.chance(50):
        options += f", each={show(tuple(s.draw(st.lists(st.sampled_from(shared), min_size=1, max_size=2, unique=True))))}"
    weights = f", weights=linear({s.operand()[0]})" if s.chance(30) else ""
    return f"bilinear[{options}]({a}, {b}{weights})", target


def pointwise(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) <= SIGNED)
    return f"{s.one(ANY + ODD if how(item) == PERMUTED else ODD)}({name})", item


def power(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) <= SIGNED)
    return f"{name}^{s.one([2, 3] if how(item) == PERMUTED else [1, 3])}", item


def scaled(s: Scope) -> Expression:
    name, item = s.operand()
    return s.one(["-{}", "2*{}", "{} * 0.5", "{} / 3", "-(2*{}) / 5", "(1/4) * -{}", "{} - {} / 2", "{} + {}"]).replace("{}", name), item


def shifted(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) == PERMUTED)
    return s.one(["{} + 1", "1 - {}", "0.5 + {}", "1 / (1 + {}^2)", "{} / (2 + cos({}))"]).replace("{}", name), item


def broadcast(s: Scope) -> Expression:
    """A tensor met by one that has some of its axes: where it is added the others are permuted, where it multiplies its own are."""
    name, item = s.operand(lambda item: len(item) > 0)
    operator = s.one("+-*/")
    rest = tuple(axis for axis in item if (operator in "+-" and axis.how != PERMUTED) or (axis.how == PERMUTED and s.chance(50)))
    if operator == "*" and s.chance(10):
        rest = (trivial(1),)
    source, _ = s.operand(lambda item: how(item) == PERMUTED) if how(rest) == PERMUTED else s.operand(lambda item: how(item) >= how(rest))
    other = f"linear[{show(rest)}]({source})"
    other = f"(1 + {other}^2)" if operator == "/" else other
    flipped = operator != "/" and s.chance(40)
    return (f"{other} {operator} {name}" if flipped else f"{name} {operator} {other}"), item


def residual(s: Scope) -> Expression:
    name, item = s.operand()
    inner = f"linear({s.operand()[0]}, {name})"
    inner = f"{s.one(ODD)}({inner})" if how(item) <= SIGNED and s.chance(50) else inner
    return s.one([f"{name} + {inner}", f"{inner} - {name}", f"{name} + 0.5*{inner}", f"{inner} / 2 + {name}"]), item


def outer(s: Scope) -> Expression:
    """Two sets beside each other, in the order of the annotation."""
    (a, first), (b, second) = s.operand(_one_set), s.operand(_one_set)
    if first == second:
        raise Unfit
    item = (*first, *second) if s.chance(50) else (*second, *first)
    s.order = True
    return f"{a} {s.one('+*-')} {b}", small(item)


def norm(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) < SCALED)
    kept = tuple(copies for axis in item if (copies := _copies(axis)) is not None)
    return f"norm({name}){s.one(['', '^2', '^3'])}", kept


def pooled(s: Scope) -> Expression:
    name, item = s.operand(lambda item: any(_poolable(item, axis) for axis in item))
    axis = s.one([axis for axis in item if _poolable(item, axis)])
    kind = s.one(["sum", "mean", "max"] if how(item) == PERMUTED else ["sum", "mean"])
    return f"{kind}[{axis.text}]({name})", tuple(other for other in item if other != axis)


def softmax(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) == PERMUTED and any(_poolable(item, axis) for axis in item))
    return f"softmax[{s.one([axis for axis in item if _poolable(item, axis)]).text}]({name})", item


def concat(s: Scope) -> Expression:
    name, item = s.operand(lambda item: any(isinstance(axis, Leaf) for axis in item))
    place = s.one([i for i, axis in enumerate(item) if isinstance(axis, Leaf)])
    leaf, extra = item[place], s.leaf()
    assert isinstance(leaf, Leaf)
    if leaf == extra or (leaf.trivial and extra.trivial and leaf.dim == extra.dim):  # sizes meet by value: nothing would say along which axis
        raise Unfit
    other = (*item[:place], extra, *item[place + 1 :])
    terms = ((leaf,), (extra,)) if s.chance(50) else ((extra,), (leaf,))
    written = f"linear[{show(other)}]({s.operand()[0]}, {name})"
    joined = small((*item[:place], Several(terms), *item[place + 1 :]))
    return f"concat({', '.join([name, written] if terms[0] == (leaf,) else [written, name])})", joined


def tensor_product(s: Scope) -> Expression:
    chosen = [s.operand() for _ in range(s.draw(st.integers(2, 3)))]
    return f"outer({', '.join(name for name, _ in chosen)})", small(tuple(axis for _, item in chosen for axis in item))


def dot(s: Scope) -> Expression:
    """Summed over axes that another tensor has too, or in the dual; beside them it has some that are permuted, and sometimes a set of its own."""

    def once(item: Type) -> list[Axis]:
        return [axis for axis in item if _count(item, axis) == 1]

    name, item = s.operand(once)
    over = tuple(s.draw(st.lists(st.sampled_from(once(item)), min_size=1, max_size=2, unique=True)))
    rest = tuple(axis for axis in item if axis not in over)
    kept = tuple(axis for axis in rest if axis.how == PERMUTED and s.chance(50))
    extra = tuple(leaf for leaf in [s.leaf()] if leaf.how == PERMUTED and not leaf.trivial and leaf not in item)
    paired = tuple(Leaf(f"dual({axis.text})", axis.dim, axis.how) if axis.how == SCALED else axis for axis in over)
    source, _ = s.operand(lambda found: how(found) >= how(over)) if s.chance(50) else (name, item)
    s.order = True
    small((*extra, *kept, *paired))
    return f"dot[{show(over)}]({name}, linear[{show((*extra, *kept, *paired))}]({source}))", small((*extra, *rest))


def attention(s: Scope) -> Expression:
    """Of one or two sets, with channels and sometimes vectors, heads, a bias, and values of any kind beside the keys."""
    sets = [leaf for leaf in s.leaves if leaf.how == PERMUTED]
    if not sets:
        raise Unfit
    keys, rows = s.one(sets), s.one(sets)
    heads, extra = s.one([1, 2]), s.leaf()
    channels: Type = (trivial(2 * s.one([1, 2])), *([extra] if extra.how < SCALED and extra.how != PERMUTED else []))
    name, item = s.operand()
    values: Type = (trivial(2), *(axis for axis in item if axis.how != PERMUTED)) if heads == 2 or s.chance(50) else s.type()
    if any(axis in (keys, rows) for axis in values) or trivial(heads) in channels[1:]:
        raise Unfit

    def mapped(target: Type) -> str:
        return f"linear[{show(small(target))}]({s.operand()[0]}, {name})"

    bias = f", bias={mapped(s.one([(rows, keys), (rows, keys, trivial(heads)), (trivial(heads), rows, keys)]))}" if s.chance(50) else ""
    operands = [mapped((rows, *channels)), mapped((keys, *channels)), mapped((keys, *values))]
    chosen = f"{keys.text}{f', heads={heads}' if heads > 1 else ''}"
    return f"attention[{chosen}]({', '.join(operands)}{bias})", small((rows, *values))


def weighted(s: Scope) -> Expression:
    """A mean of anything with weights that are permuted, along the same set and sometimes another or some of the same axes."""
    name, item = s.operand(lambda item: any(_poolable(item, axis) for axis in item))
    over = s.one([axis for axis in item if _poolable(item, axis)])
    kept = tuple(axis for axis in item if axis != over and axis.how == PERMUTED and s.chance(40))
    extra = tuple(leaf for leaf in [s.leaf()] if leaf.how == PERMUTED and not leaf.trivial and leaf not in item)
    weights = f"1 + linear[{show(small((*extra, *kept, over)))}]({s.operand()[0]}, {name})^2"
    s.order = True
    return f"{s.one(['sum', 'mean'])}[{over.text}]({name}, weights={weights})", small((*extra, *(axis for axis in item if axis != over)))


def flattened(s: Scope) -> Expression:
    if s.records and s.chance(50):
        name, fields = s.one(s.records.items())
        return f"flat({name})", (Several(tuple(item or (trivial(1),) for item in fields.values())),)
    name, item = s.operand()
    return f"flat({name})", item if len(item) == 1 else (Several((item or (trivial(1),),)),)


def rearranged(s: Scope) -> Expression:
    """Axes in another order, some of them merged; what was merged is taken apart, and merged again."""
    name, item = s.operand(lambda item: len(item) > 0)
    axes: list[Axis] = list(s.draw(st.permutations(item)))
    for place in reversed(range(len(axes) - 1)):
        pair = axes[place : place + 2]
        if all(isinstance(axis, Leaf) for axis in pair) and not all(axis.trivial for axis in pair) and s.chance(30):
            axes[place : place + 2] = [Several((tuple(pair),))]
    return f"rearrange[{show(tuple(axes))}]({name})", tuple(axes)


def part(s: Scope) -> Expression:
    name, item = s.operand(lambda item: sum(isinstance(axis, Several) and len(axis.parts) > 1 for axis in item) == 1)
    place = next(i for i, axis in enumerate(item) if isinstance(axis, Several) and len(axis.parts) > 1)
    axis = item[place]
    assert isinstance(axis, Several)
    index = s.draw(st.integers(0, len(axis.parts) - 1))
    return f"{name}.{index}", (*item[:place], *axis.parts[index], *item[place + 1 :])


def layernorm(s: Scope) -> Expression:
    def fits(item: Type) -> bool:
        inside = [leaf for axis in item if isinstance(axis, Several) for leaf in _leaves(axis)]
        sets = any(leaf.how == PERMUTED and not leaf.trivial for leaf in inside)
        return how(item) < SCALED and not sets and any(leaf.trivial for leaf in [*inside, *item])

    name, item = s.operand(fits)
    return f"{s.one(['layernorm', 'rmsnorm'])}({name})", item


def batchnorm(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) < SCALED)
    return f"batchnorm({name})", item


def normalize(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) < SCALED)
    return f"normalize({name})", item


def gate(s: Scope) -> Expression:
    """With gates from a map of invariants, or made by the map inside."""
    name, item = s.operand(_gateable)
    if s.chance(50) and how(item) < SCALED:
        return f"gate({name}, {s.one(['', '2*', '-'])}linear(norm({name})))", item
    inner = s.one(["linear[{}]({})", "2*linear[{}]({})", "linear[{}]({}) + {}", "{1} - linear({2})", "dropout[0.1](linear[{}]({}))"])
    return f"gate({inner.format(show(item), name, name)})", item


def dropout(s: Scope) -> Expression:
    name, item = s.operand()
    return f"dropout[{s.one(['0.1', '1/2', '0'])}]({name})", item


def learned(s: Scope) -> Expression:
    item = tuple(trivial(s.draw(st.integers(1, 3))) for _ in range(s.draw(st.integers(0, 2))))
    return s.one(["linear[{}]()", "relu(linear[{}]())", "-linear[{}]()"]).replace("{}", show(item)), item


def applied(s: Scope) -> Expression:
    """A model inside, whose argument may be a `linear` that takes its type from it."""
    name, item = s.operand()
    target = s.reachable(item)
    if s.chance(50):
        return f"Block[{show(item)}, {show(target)}]({name})", target
    return f"Block[{show(target)}]({s.one(['', '2 * '])}linear({name}))", target


def drawn(s: Scope) -> Expression:
    """Noise, where elements act by orthogonal matrices; zero anywhere."""
    name, item = s.operand()
    if how(item) == SCALED or s.chance(30):
        return s.one([f"zero[{show(item)}]()", f"{name} + zero()"]), item
    return s.one([f"random[{show(item)}]()", f"{name} - 2 * random()", f"linear[{show(item)}](random[{show(item)}](), {name})"]), item


def timed(s: Scope) -> Expression:
    """Along an axis that is carried along, and back."""
    if s.timed is None:
        raise Unfit
    name, _ = s.timed
    target = s.reachable(s.timed[1])
    inner = f"linear[{show((TIME, *target))}]({name}, {s.operand()[0]})"
    inner = f"{s.one(ODD)}({inner})" if how(target) <= SIGNED and s.chance(50) else inner
    inner = f"({inner} {s.one('+-')} linear[{show(target)}]({s.operand()[0]}))" if s.chance(40) else inner
    return f"{s.one(['sum', 'mean'])}[time]({inner})", target


def recurrent(s: Scope) -> Expression:
    """A state of any type, driven by what there is at every step."""
    if s.timed is None:
        raise Unfit
    name, given = s.timed
    first, item = s.operand()
    cell, start, steps = s.one(["Cell", "Ratio"]), s.one([first, "zero()", f"linear({first})"]), s.one([name, f"-{name}"])
    call = f"[{cell}[{show(item)}, {show(given)}], time]({start}, {steps})"
    return s.one([f"fold{call}", f"mean[time](scan{call})"]), item


def wild(s: Scope) -> Expression:
    """What may well be illegal; the type is what it is if not."""
    s.wild = True
    name, item = s.operand()
    other, axis = s.operand()[0], s.one(item) if item else trivial(1)
    rest = tuple(one for one in item if one != axis)
    return s.one(
        [
            (f"{s.one(ANY + ODD)}({name})", item),
            (f"{name}^{s.one([2, 3])}", item),
            (f"{name} {s.one('+-*/')} {s.one([other, '2', name, '(1 + norm(' + other + ')^2)'])}", item),
            (f"{s.one(['sum', 'mean', 'max'])}[{axis.text}]({name})", rest),
            (f"softmax[{axis.text}]({name})", item),
            (f"{s.one(['layernorm', 'rmsnorm', 'batchnorm', 'normalize'])}({name})", item),
            (f"gate({name}, {s.one([other, 'norm(' + name + ')', 'linear(' + other + ')'])})", item),
        ]
    )


OPERATIONS: list[tuple[Callable[[Scope], Expression], int]] = [
    (linear, 6),
    (bilinear, 3),
    (pointwise, 3),
    (power, 1),
    (scaled, 1),
    (shifted, 1),
    (broadcast, 4),
    (residual, 2),
    (outer, 1),
    (norm, 2),
    (pooled, 3),
    (softmax, 1),
    (concat, 2),
    (tensor_product, 1),
    (dot, 3),
    (attention, 2),
    (weighted, 2),
    (flattened, 1),
    (rearranged, 2),
    (part, 2),
    (normalize, 1),
    (batchnorm, 1),
    (layernorm, 2),
    (gate, 2),
    (dropout, 1),
    (learned, 1),
    (drawn, 1),
    (timed, 2),
    (recurrent, 2),
    (applied, 1),
    (wild, 1),
]
WEIGHTED = [operation for operation, weight in OPERATIONS for _ in range(weight)]


def _count(item: Type, axis: Axis) -> int:
    return sum(axis == other for other in item)


def _gateable(item: Type) -> bool:
    """Is there something to be gated, and trivial parts beside it along at most one axis?"""
    return any(map(_moved, item)) or sum(axis.how != PERMUTED for axis in item) == 1


def _moved(axis: Axis) -> bool:
    """Is every part one that the group does more to than permute?"""
    return axis.how != PERMUTED if isinstance(axis, Leaf) else all(any(map(_moved, part)) for part in axis.parts)


def _poolable(item: Type, axis: Axis) -> bool:
    return axis.how == PERMUTED and isinstance(axis, Leaf) and _count(item, axis) == 1


def _leaves(axis: Axis) -> list[Leaf]:
    return [axis] if isinstance(axis, Leaf) else [leaf for part in axis.parts for one in part for leaf in _leaves(one)]


def _one_set(item: Type) -> bool:
    return len(item) == 1 and isinstance(item[0], Leaf) and item[0].how == PERMUTED and not item[0].trivial


def _copies(axis: Axis) -> Axis | None:
    """What a norm leaves of an axis."""
    if isinstance(axis, Leaf):
        return axis if axis.how == PERMUTED else None
    kept = tuple(tuple(inner for one in part if (inner := _copies(one)) is not None) for part in axis.parts)
    return Several(tuple(part or (trivial(1),) for part in kept)) if len(kept) > 1 or kept[0] else None
