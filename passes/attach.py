"""The solve pass: every `Linear` gets the basis of its maps, and of its biases, every `Bilinear` that of its maps."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from math import prod

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Diagrams, Kron, Nested, OrbitList, Split
from symc.algebra.sizes import SizeError
from symc.diagnostics import Diagnostic, DiagnosticError, Label
from symc.ir.graph import Graph, Node
from symc.ir.infer import products, remaining
from symc.ir.ops import Bilinear, Binary, EquivariantOp, Linear, Scan
from symc.ir.parameters import own_weights
from symc.ir.types import Type
from symc.passes.cost import DENSE_ENTRIES
from symc.passes.no_map import judge
from symc.passes.solve import SolveError, invariants, memory_limit, solve, unit_scales
from symc.passes.solve.limits import check_bytes

FLOAT = 4  # bytes of a weight in the default dtype
MOST_DIAGRAMS = 5_000  # of a bilinear map between two summands and a third
DOUBLE = 8  # bytes of an entry of a basis
ANY = 3  # what a parameter without a value counts as, where only the question whether there are maps is asked

Equivariant = Graph[EquivariantOp]


def attach(
    graph: Equivariant,
    *,
    limit_bytes: int | None = None,
    report: Callable[[Diagnostic], object] | None = None,
    symbolic: Collection[str] = (),
) -> Equivariant:
    """Sets `basis` and `bias_basis` of every linear and bilinear map, each distinct one solved once.

    Raises DiagnosticError with everything that is wrong: no map but zero between two types, a space that cannot be solved, weights that need more
    than `limit_bytes` (by default the environment's SYMC_MEMORY_LIMIT, else 4 GiB). Warnings go to `report`: parts of a target that nothing reaches.
    Parameters named in `symbolic` have no value: their maps are asked for, and left unset.
    """
    errors: list[Diagnostic] = []
    nodes, spent = [], 0
    added = _added(graph)
    for node in graph.nodes:
        try:
            if isinstance(node.op, Linear | Bilinear):
                quiet = report is None or all(value.id in added for value in node.outputs)
                with graph.named():
                    node, needed = _solved(node, node.op, limit_bytes, spent, frozenset(symbolic), None if quiet else report)
                spent += needed
            elif isinstance(node.op, Scan):
                body = replace(node.op.body, names=graph.names)
                node = replace(node, op=replace(node.op, body=attach(body, limit_bytes=limit_bytes, report=report, symbolic=symbolic)))
        except SolveError as error:
            primary = Label(node.span, "this map") if node.span is not None else None
            errors.append(Diagnostic(error.code, error.message, primary, notes=error.notes, helps=error.helps))
        except DiagnosticError as error:
            errors += error.diagnostics
        nodes.append(node)
    if errors:
        raise DiagnosticError(list(dict.fromkeys(errors)))
    return replace(graph, nodes=tuple(nodes))


def _added(graph: Equivariant) -> set[int]:
    """What is an operand of a sum: parts that one map does not reach may be reached by the other operand."""
    return {value.id for node in graph.nodes if isinstance(node.op, Binary) and node.op.kind in ("add", "sub") for value in node.inputs}


def _solved(
    node: Node[EquivariantOp],
    op: Linear | Bilinear,
    limit_bytes: int | None,
    spent: int,
    symbolic: frozenset[str],
    report: Callable[[Diagnostic], object] | None,
) -> tuple[Node[EquivariantOp], int]:
    """The node with its bases, and the bytes of its weights."""
    inputs, outputs = ([value.type for value in values if isinstance(value.type, Type)] for values in (node.inputs, node.outputs))
    unknown = symbolic & frozenset().union(*(item.free for item in (*inputs, *outputs)))
    known = dict.fromkeys(unknown, ANY)
    from_ = [rest.rep for rest in remaining(op, inputs)] if isinstance(op, Linear) else products(op, inputs)
    sources, targets = tuple(rep.at(known) for rep in from_), tuple(rest.at(known).rep for rest in remaining(op, outputs, out=True))
    basis = solve(sources, targets, limit_bytes=limit_bytes)
    bias = invariants(targets, limit_bytes=limit_bytes) if isinstance(op, Linear) and op.bias else None
    linear = basis.linear if isinstance(basis, Affine) else basis
    refused, warnings = judge(linear, bias, node.span, bilinear=isinstance(op, Bilinear))
    if refused is not None:
        raise DiagnosticError(refused)
    if report is not None:
        for warning in warnings:
            report(warning)
    if unknown:
        return node, 0
    _check_lowerable(linear, bias)
    needed = weight_bytes(op, linear, bias)
    check_bytes(spent + needed, memory_limit(limit_bytes), "the weights of this map" + (" and those before it" if spent else ""))
    if isinstance(op, Bilinear):
        _check_diagrams(linear)
        return replace(node, op=replace(op, basis=linear, scales=unit_scales(linear) if op.given is not None else ())), needed
    return replace(node, op=replace(op, basis=basis, bias_basis=bias)), needed


def _check_lowerable(*bases: Split | None) -> None:
    """Raises SolveError where a space of maps can be solved, but no module is made of it yet."""
    for basis in bases:
        if basis is None:
            continue
        for factor in (factor for entry in basis.entries for factor in entry.basis.factors):
            match factor.basis:
                case OrbitList() as listed:
                    entries = prod(listed.target_dims + listed.source_dims)
                    raise SolveError("E0501", f"a map of {entries:,} entries is too large for a module", helps=("take a lower tensor power",))
                case Nested(_, n) as nested if nested.free:
                    names = ", ".join(sorted(nested.free))
                case Diagrams(_, n) as diagrams if not diagrams.plain and sz.free_names(n):
                    names = ", ".join(sorted(sz.free_names(n)))
                case _:
                    continue
            note = "the maps are known for every size, and a module is made of them at one: of partition and Brauer diagrams alone at all"
            title = f"a module for {factor.basis.group} needs a number for {names}"
            raise SolveError("E0401", title, notes=(note,), helps=(f"give {names} a number",))


def _check_diagrams(basis: Split) -> None:
    """Raises SolveError where a bilinear map would take too many operations: its diagrams are done one by one."""
    for entry in basis.entries:
        count = prod(factor.basis.dim for factor in entry.basis.factors if isinstance(factor.basis, Diagrams) and factor.basis.plain)
        if count > MOST_DIAGRAMS:
            helps = ("take lower tensor powers", "or keep an axis apart: `bilinear[each=X](x, y)`")
            raise SolveError("E0502", f"a bilinear map of {count:,} diagrams is too large for a module, {MOST_DIAGRAMS:,} are the most", helps=helps)


def weight_bytes(op: Linear | Bilinear, *bases: Split | None) -> int:
    """What the weights take, or the dense weights made of them where these are larger. 0 while a size is free."""
    try:
        of = _product_bytes if isinstance(op, Bilinear) else _bytes
        return prod(own_weights(op)) * sum(of(entry.basis) for basis in bases if basis is not None for entry in basis.entries)
    except SizeError:
        return 0


def _bytes(kron: Kron) -> int:
    """The weights of one pair; expanded over the legs of what has no structure, they and the basis tensor of determinants can be larger."""
    channels, legs, tensors = kron.source_channels * kron.target_channels, 1, 0
    for factor in kron.factors:
        determinants = isinstance(factor.basis, Diagrams) and not factor.basis.plain
        if determinants or not isinstance(factor.basis, Diagrams):
            own = (*(kron.source[i] for i in factor.source_legs), *(kron.target[i] for i in factor.target_legs))
            size = prod(sz.number(leg.dim) for leg in own)
            legs, tensors = legs * size, tensors + determinants * DOUBLE * factor.basis.dim * size
    return FLOAT * channels * max(kron.diagram_dim, legs) + tensors


def _product_bytes(kron: Kron) -> int:
    """As `_bytes`, for a bilinear map: bases are tensors of their own, only large ones are written out in the weights."""
    channels, legs, tensors = kron.source_channels * kron.target_channels, 1, 0
    for factor in kron.factors:
        own = (*(kron.source[i] for i in factor.source_legs), *(kron.target[i] for i in factor.target_legs))
        if not isinstance(factor.basis, Diagrams) or not factor.basis.plain:
            size = prod(sz.number(leg.dim) for leg in own)
            large = factor.basis.dim * size > DENSE_ENTRIES
            legs, tensors = legs * (size if large else 1), tensors + (0 if large else DOUBLE * factor.basis.dim * size)
    return FLOAT * channels * max(kron.diagram_dim, legs) + tensors
