"""The names of a file: what it declares and imports, each declaration read when it is first needed, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from symc.algebra import construct
from symc.algebra import sizes as sz
from symc.algebra.groups import Group, Named
from symc.algebra.reps import Rep, Trivial
from symc.algebra.sizes import Size
from symc.diagnostics import DiagnosticError, Label, Span
from symc.grammar import tree
from symc.passes.elaborate import types
from symc.passes.elaborate.constructors import FREE_SIZES_IN
from symc.passes.elaborate.imports import Library
from symc.passes.elaborate.meanings import Family, GroupKey, Meaning, Missing, Module, Template
from symc.passes.elaborate.report import UNSUPPORTED, Poisoned, Reports, explained, fault, unsupported
from symc.passes.elaborate.reserved import check_declared
from symc.passes.elaborate.space import Axes


@dataclass(frozen=True, slots=True)
class Contents:
    """A file with what it imports. `declared` has the first declaration of each name, `failed` the names whose text could not be read."""

    file: tree.File
    origin: str
    declared: Mapping[str, tree.Declaration]
    free: Mapping[str, Span]
    modules: Mapping[str, FileScope]  # under an alias
    plain: tuple[FileScope, ...]  # without
    failed: frozenset[str]


class FileScope:
    """A file's names, with `groups` and `sizes` standing for some of its own when it is used from another file."""

    def __init__(self, contents: Contents, groups: Mapping[GroupKey, Group] | None = None, sizes: Mapping[str, Size] | None = None):
        self.contents = contents
        self._groups = dict(groups or {})
        self._sizes = dict(sizes or {})
        self._read: dict[str, Meaning | DiagnosticError] = {}
        self._reading: list[str] = []
        self._rebound: dict[object, FileScope] = {}

    @property
    def origin(self) -> str:
        return self.contents.origin

    def find(self, name: str) -> Meaning | None:
        meaning = self.exported(name)
        if meaning is None and name in self.contents.modules:
            return Module(self.contents.modules[name].rebound(self._groups, self._sizes))
        for other in self.contents.plain if meaning is None else ():
            meaning = meaning if meaning is not None else other.rebound(self._groups, self._sizes).exported(name)
        return meaning

    def exported(self, name: str) -> Meaning | None:
        if name in self.contents.failed and name not in self.contents.declared:
            raise Poisoned
        if name in self.contents.declared:
            return self._declared(name, self.contents.declared[name])
        return self._sizes.get(name, sz.free(name)) if name in self.contents.free else None

    def exports(self) -> Iterable[str]:
        return (*self.contents.declared, *self.contents.free)

    def known(self) -> Iterable[str]:
        return (*self.exports(), *self.contents.modules, *(name for other in self.contents.plain for name in other.exports()))

    def span_of(self, name: str) -> Span | None:
        declaration = self.contents.declared.get(name)
        if declaration is not None and not isinstance(declaration, tree.Import):
            return declaration.name.span
        return self.contents.free.get(name) or next((span for other in self.contents.plain if (span := other.span_of(name))), None)

    def rebound(self, groups: Mapping[GroupKey, Group], sizes: Mapping[str, Size]) -> FileScope:
        """The same file with other groups for its own and other sizes for its free ones; one scope for each change, itself where there is none."""
        changed = dict(groups), {a: b for a, b in sizes.items() if b != sz.free(a)}
        if not any(changed):
            return self
        key = (tuple(changed[0].items()), tuple(changed[1].items()))
        if key not in self._rebound:
            mapped = {own: _mapped(to, changed[0]) for own, to in self._groups.items()}
            own_sizes = {name: _resized(size, changed[1]) for name, size in self._sizes.items()}
            self._rebound[key] = FileScope(self.contents, {**changed[0], **mapped}, {**changed[1], **own_sizes})
        return self._rebound[key]

    @contextmanager
    def reading(self, name: str, at: Span) -> Iterator[None]:
        if name in self._reading:
            chain = " -> ".join((*self._reading[self._reading.index(name) :], name))
            raise fault("E0221", f"`{name}` is declared in terms of itself", at, chain)
        self._reading.append(name)
        try:
            yield
        finally:
            self._reading.pop()

    def check(self, reports: Reports, everything: bool) -> None:
        """Read every group and rep; what has no meaning yet is complained about here only when `everything` is asked for."""
        for name, declaration in self.contents.declared.items():
            try:
                if isinstance(declaration, tree.GroupDecl | tree.RepDecl):
                    self.exported(name)
                elif everything and isinstance(declaration, tree.WeightsDecl | tree.ExternDecl):
                    raise unsupported("`weights`" if isinstance(declaration, tree.WeightsDecl) else "`extern`", declaration.span)
            except DiagnosticError as error:
                reports.add(found for found in error.diagnostics if everything or found.code != UNSUPPORTED)
            except Poisoned:
                pass

    def rep_names(self) -> tuple[tuple[Rep, str], ...]:
        """What the file calls its representations of one axis: the first name where there are several."""
        names: dict[Rep, str] = {}
        for name in self.contents.declared:
            match self._read.get(name):
                case Axes((rep,)) if not isinstance(rep, Trivial):
                    names.setdefault(rep, name)
                case _:
                    pass
        return tuple(names.items())

    def _declared(self, name: str, declaration: tree.Declaration) -> Meaning:
        if name not in self._read:
            with self.reading(name, declaration.span):
                try:
                    self._read[name] = self._meaning(name, declaration)
                except DiagnosticError as error:
                    self._read[name] = error
        found = self._read[name]
        if isinstance(found, DiagnosticError):
            raise found
        return found

    def _meaning(self, name: str, declaration: tree.Declaration) -> Meaning:
        match declaration:
            case tree.GroupDecl(params=()):
                group = types.group(declaration.value, self)
                with explained(declaration.value.span):
                    return _mapped(construct.name(name, group, self.origin), self._groups)
            case tree.RepDecl(params=()):
                return types.space(declaration.value, self)
            case tree.GroupDecl() | tree.RepDecl():
                for param in declaration.params:
                    types.check_kind(param)
                return Family(declaration, self)
            case tree.ModelDecl():
                return Template(declaration, self)
            case tree.WeightsDecl():
                return Missing("`weights`")
            case tree.ExternDecl():
                return Missing("`extern`")
            case tree.Import():
                raise AssertionError("imports are not declared under a name")


def open_file(file: tree.File, origin: str, library: Library, reports: Reports) -> FileScope:
    """The scope of a file, its imports read; what is wrong with its names is reported."""
    declared: dict[str, tree.Declaration] = {}
    named = [item for item in file.declarations if not isinstance(item, tree.Import)]
    for declaration in named:
        name = declaration.name
        if name.id in declared:
            first = _declared_at(declared[name.id])
            reports.add(fault("E0211", f"`{name.id}` is declared twice", name.span, "declared again", secondary=(first,)).diagnostics)
            continue
        declared[name.id] = declaration
        with reports.recover():
            check_declared(declaration)
    modules: dict[str, FileScope] = {}
    plain: list[FileScope] = []
    failed = set(file.failed)
    for item in file.declarations:
        if isinstance(item, tree.Import):
            with reports.recover():
                failed |= _import(item, library, reports, declared, modules, plain)
    return FileScope(Contents(file, origin, declared, _free_sizes_of(file, declared), modules, tuple(plain), frozenset(failed)))


def _declared_at(declaration: tree.Declaration) -> Label:
    assert not isinstance(declaration, tree.Import)
    return Label(declaration.name.span, "declared here")


def _import(
    item: tree.Import, library: Library, reports: Reports, declared: Mapping[str, tree.Declaration],
    modules: dict[str, FileScope], plain: list[FileScope],
) -> set[str]:  # fmt: skip
    """Read one import into `modules` or `plain`; the result is the names that could not be read."""
    alias = item.alias
    if alias is not None and (alias.id in declared or alias.id in modules):
        secondary = (_declared_at(declared[alias.id]),) if alias.id in declared else ()
        raise fault("E0218", f"`{alias.id}` is declared twice", alias.span, "the alias of an import", secondary=secondary)
    key, file, found = library.file(item)
    reports.add(found)
    library.enter(key)
    try:
        scope = open_file(file, library.origin(key), library, reports)
    finally:
        library.leave()
    if alias is not None:
        modules[alias.id] = scope
        return set()
    before = [declared, *(other.contents.declared for other in plain)]
    clashes = {name: first for name in scope.contents.declared for names in before if (first := names.get(name)) is not None}
    plain.append(scope)
    if clashes:
        name, first = next(iter(clashes.items()))
        path = item.path.value
        notes = (f"so are {', '.join(f'`{other}`' for other in list(clashes)[1:])}",) if len(clashes) > 1 else ()
        labels = (_declared_at(first), _declared_at(scope.contents.declared[name]))
        message = "imported without `as`, its names stand beside those of this file"
        helps = (f'write `import "{path}" as b` and use `b.{name}`',)
        reports.add(fault("E0218", f"`{name}` is declared twice", item.path.span, message, secondary=labels, notes=notes, helps=helps).diagnostics)
    return set(file.failed)


def _free_sizes_of(file: tree.File, declared: Mapping[str, tree.Declaration]) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for declaration in file.declarations:
        params = {param.name.id for param in getattr(declaration, "params", ())}
        for name, span in free_sizes(declaration).items():
            if name not in params and name not in declared:
                found.setdefault(name, span)
    return found


def free_sizes(node: tree.Node) -> dict[str, Span]:
    """The names that appear as arguments of group, grid and axis constructors, and where they first do."""
    found: dict[str, Span] = {}
    for inner, _ in tree.walk(node):
        if isinstance(inner, tree.Call) and isinstance(inner.function, tree.Name) and inner.function.id in FREE_SIZES_IN:
            for name in (name for arg in inner.args for name in _size_names(arg)):
                found.setdefault(name.id, name.span)
    return found


def _size_names(expr: tree.Expr) -> Iterable[tree.Name]:
    """The names in an expression that is a size: not those inside other constructors."""
    match expr:
        case tree.Name():
            yield expr
        case tree.Paren(inner) | tree.Neg(inner):
            yield from _size_names(inner)
        case tree.Binary(_, left, right):
            yield from _size_names(left)
            yield from _size_names(right)


def _mapped(group: Group, groups: Mapping[GroupKey, Group]) -> Group:
    """The group, with the atoms that stand for others replaced."""
    return construct.product([groups.get((atom.name, atom.origin), atom) if isinstance(atom, Named) else atom for atom in group.atoms])


def _resized(size: Size, sizes: Mapping[str, Size]) -> Size:
    return size if isinstance(size, int) else sz.normal(size.subs({sz.free(name): value for name, value in sizes.items()}, simultaneous=True))
