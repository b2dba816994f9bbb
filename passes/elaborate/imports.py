"""Reading imported files: missing, unreadable, too large and cyclic ones are diagnostics."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from symc.diagnostics import Diagnostic, DiagnosticError, Label, Source, read_bytes
from symc.grammar import decode, parse, tree
from symc.passes.elaborate.report import fault

MAX_FILES = 200

Load: TypeAlias = Callable[[str, Source], Source]


def read_beside(path: str, importer: Source) -> Source:
    """The file at `path`, relative to the folder of the file that imports it. Raises DiagnosticError."""
    place = Path(importer.name).parent / path
    return decode(read_bytes(place), str(place))


class Library:
    """The files of one compilation, each read once."""

    def __init__(self, main: Source, load: Load):
        self._load = load
        self._read: dict[str, tree.File] = {}
        self._open = [identity(main)]

    def file(self, declaration: tree.Import) -> tuple[str, tree.File, list[Diagnostic]]:
        """The imported file, what tells it apart from others, and, when it is read for the first time, what is wrong with its text."""
        source = self._source(declaration)
        key = identity(source)
        if key in self._open:
            chain = " -> ".join(os.path.basename(name) for name in (*self._open[self._open.index(key) :], key))
            raise fault("E0217", "cyclic import", declaration.path.span, chain, helps=("put what both need into a third file",))
        if key in self._read:
            return key, self._read[key], []
        if len(self._read) >= MAX_FILES:
            raise fault("E0522", f"more than {MAX_FILES} imported files", declaration.path.span)
        self._read[key], found = parse(source)
        return key, self._read[key], found

    def origin(self, key: str) -> str:
        """What tells the groups of an imported file apart, the same on every machine: its path from the main file's folder."""
        return Path(os.path.relpath(key, os.path.dirname(self._open[0]))).as_posix()

    def enter(self, key: str) -> None:
        """What follows stands in the imported file."""
        self._open.append(key)

    def leave(self) -> None:
        self._open.pop()

    def _source(self, declaration: tree.Import) -> Source:
        path = declaration.path
        try:
            return self._load(path.value, path.span.source)
        except DiagnosticError as error:
            (found, *_) = error.diagnostics
            raise DiagnosticError(Diagnostic(found.code, found.title, Label(path.span, "imported here"), (), found.notes, found.helps)) from None


def identity(source: Source) -> str:
    """What tells files apart: the real path, however it is written."""
    return os.path.realpath(source.name)
