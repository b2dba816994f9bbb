"""Groups built from checked arguments; what does not exist is refused with an AlgebraError that names the value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symc.algebra import cycles
from symc.algebra import groups as g
from symc.algebra.construct.checked import check_invertible, checked_size, distinct, matrix, short
from symc.algebra.cycles import POINTS
from symc.algebra.errors import AlgebraError
from symc.algebra.graphs import graph_automorphisms, read_graph
from symc.algebra.groups import Group, Number, Permutations, Product
from symc.algebra.groups.matrices import Rows
from symc.algebra.reps import Trivial
from symc.algebra.sizes import Size

DEGREE = 1000  # the largest O(n), SO(n), ...
GENERATORS = 100  # of `generated`


def symmetric(n: Size) -> Group:
    """S(n), n >= 0."""
    return g.Symmetric(checked_size("S", n, 0, POINTS))


def alternating(n: Size) -> Group:
    """A(n), n >= 0."""
    return g.Alternating(checked_size("A", n, 0, POINTS))


def cyclic(n: Size) -> Group:
    """C(n), n >= 1."""
    return g.Cyclic(checked_size("C", n, 1, POINTS))


def dihedral(n: Size) -> Group:
    """D(n), n >= 1, of order 2n."""
    return g.Dihedral(checked_size("D", n, 1, POINTS))


def orthogonal(n: Size) -> Group:
    """O(n), n >= 1."""
    return g.Orthogonal(checked_size("O", n, 1, DEGREE))


def special_orthogonal(n: Size) -> Group:
    """SO(n), n >= 1."""
    return g.SpecialOrthogonal(checked_size("SO", n, 1, DEGREE))


def indefinite(p: Size, q: Size, r: Size = 0, *, special: bool = False) -> Group:
    """O(p, q), SO(p, q), and O(p, q, r) with a radical of dimension r."""
    shown = f"{'SO' if special else 'O'}({', '.join(str(size) for size in ((p, q, r) if r else (p, q)))})"
    if not all(isinstance(size, int) and not isinstance(size, bool) for size in (p, q, r)):
        raise AlgebraError(f"{shown}: the sizes of a signature are numbers", "write O(1, 3)")
    assert isinstance(p, int)
    assert isinstance(q, int)
    assert isinstance(r, int)
    if min(p, q, r) < 0 or p + q < 1:
        raise AlgebraError(f"{shown}: the sizes of a signature are not negative, and p + q is at least 1", "write O(1, 3)")
    if p + q + r > DEGREE:
        raise AlgebraError(f"{shown}: p + q + r is at most {DEGREE}")
    if special and r:
        raise AlgebraError(f"{shown}: a degenerate form has O({p}, {q}, {r}) alone", f"write O({p}, {q}, {r})")
    return g.Indefinite(p, q, r, special)


def unitary(n: Size) -> Group:
    """U(n), n >= 1."""
    return g.Unitary(checked_size("U", n, 1, DEGREE))


def special_unitary(n: Size) -> Group:
    """SU(n), n >= 1."""
    return g.SpecialUnitary(checked_size("SU", n, 1, DEGREE))


def general_linear(n: Size) -> Group:
    """GL(n), n >= 1, real."""
    return g.GeneralLinear(checked_size("GL", n, 1, DEGREE))


def special_linear(n: Size) -> Group:
    """SL(n), n >= 1, real."""
    return g.SpecialLinear(checked_size("SL", n, 1, DEGREE))


def symplectic(n: Size) -> Group:
    """Sp(n), n even: real n x n matrices."""
    n = checked_size("Sp", n, 2, DEGREE)
    if isinstance(n, int) and n % 2:
        raise AlgebraError(f"Sp({n}): symplectic matrices are of even size", f"write Sp({n - 1}) or Sp({n + 1}); the size is that of the matrices")
    return g.Symplectic(n)


def euclidean(n: Size) -> Group:
    """E(n), n >= 1: rotations, reflections and translations."""
    n = checked_size("E", n, 1, DEGREE)
    return g.Semidirect(n, g.Orthogonal(n))


def special_euclidean(n: Size) -> Group:
    """SE(n), n >= 1: rotations and translations."""
    n = checked_size("SE", n, 1, DEGREE)
    return g.Semidirect(n, g.SpecialOrthogonal(n))


def translations(n: Size) -> Group:
    """T(n), n >= 1."""
    n = checked_size("T", n, 1, DEGREE)
    return g.Semidirect(n, g.TRIVIAL_GROUP, Trivial(n))


def wreath(inner: Group, outer: Group) -> Group:
    """G wr S(n): n copies of G, and the permutations of the copies."""
    if not isinstance(outer.definition, g.Symmetric):
        raise AlgebraError(f"wreath({inner}, {outer}): the blocks are permuted by S(n)", f"write wreath({inner}, S(n))")
    if outer.definition.n == 0:
        raise AlgebraError(f"wreath({inner}, {outer}): there is no block")
    if isinstance(inner, Product):
        distinct(inner)
    return g.Wreath(inner, outer.definition.n)


def generated(count: int, algebra: int = 0) -> Group:
    """A group known only by its representations: the numbers of its discrete generators and of those of a Lie algebra."""
    if count < 0 or algebra < 0 or count + algebra == 0:
        raise AlgebraError(f"generated({count}, algebra={algebra}) has no generator", "write generated(2), or generated(1, algebra=3)")
    if count + algebra > GENERATORS:
        raise AlgebraError(f"generated({short(count)}, algebra={short(algebra)}): at most {GENERATORS} generators are allowed")
    return g.Generated(count, algebra)


def automorphisms(text: str) -> Group:
    """The automorphisms of a graph that is given as JSON, permuting its vertices in the order in which they stand there."""
    colours, edges, directed = read_graph(text)[1:]
    found = graph_automorphisms(colours, edges, directed)
    degree = len(colours)
    return Permutations(degree, found or (tuple(range(degree)),))


def permutations(generators: Sequence[str | Sequence[int]]) -> Group:
    """The group generated by permutations, each as cycles "(0 1 2)(3 4)" or as the list of images of 0, 1, ..."""
    return Permutations(*cycles.images(generators))


def matrices(generators: Sequence[Sequence[Sequence[Number]]]) -> Group:
    """The group generated by invertible square matrices of one size, each a list of rows."""
    if not generators:
        raise AlgebraError("matrices needs at least one generator", "write matrices([[0, -1], [1, 0]])")
    images = same_size([matrix(rows, f"generator {index}") for index, rows in enumerate(generators, start=1)])
    for index, image in enumerate(images, start=1):
        check_invertible(image, f"generator {index}")
    return g.Matrices(images)


def lie(generators: Sequence[Sequence[Sequence[Number]]]) -> Group:
    """The connected group generated by the exponentials of square matrices of one size, each a list of rows."""
    if not generators:
        raise AlgebraError("lie needs at least one generator", "write lie([[0, -1], [1, 0]])")
    return g.Matrices((), same_size([matrix(rows, f"generator {index}") for index, rows in enumerate(generators, start=1)]))


def same_size(images: Sequence[Rows]) -> tuple[Rows, ...]:
    """The matrices, refused where they are of several sizes."""
    for index, image in enumerate(images, start=1):
        if len(image) != len(images[0]):
            first, other = len(images[0]), len(image)
            raise AlgebraError(f"generator 1 is {first} x {first}, generator {index} is {other} x {other}: matrices of one group have one size")
    return tuple(images)


def product(factors: Sequence[Group]) -> Group:
    """The direct product; a product of one group is that group."""
    atoms = tuple(atom for factor in factors for atom in factor.atoms)
    if not atoms:
        raise AlgebraError("a product of no groups")
    return atoms[0] if len(atoms) == 1 else Product(atoms)


def name(name: str, group: Group, origin: str = "") -> Group:
    """The group under a name of its own; in a product every factor without a name is given one, `name.0`, `name.1`, ..."""
    if not isinstance(group, Product):
        return g.Named(name, group, origin)
    atoms = [atom if isinstance(atom, g.Named) else g.Named(f"{name}.{index}", atom, origin) for index, atom in enumerate(group.atoms)]
    return distinct(Product(tuple(atoms)))


FAMILIES: dict[str, Callable[[Size], Group]] = {
    "S": symmetric, "A": alternating, "C": cyclic, "D": dihedral, "U": unitary, "SU": special_unitary, "Sp": symplectic, "GL": general_linear,
    "SL": special_linear, "E": euclidean, "SE": special_euclidean, "T": translations,
}  # fmt: skip
