"""The parser's tables, made from sym.lark beforehand: to make them takes ten times as long as to read them.

They say of which grammar they are and which lark made them; with another the grammar is built as ever. The test of them writes them anew where
SYMC_WRITE_GOLDEN is set.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
GRAMMAR, TABLES = FOLDER / "sym.lark", FOLDER / "tables.json"


def read(layout: object) -> dict[str, Any] | None:
    """What `Lark.load` takes; None where the tables are not of this grammar, or not there. The layout is no text, and added."""
    try:
        found = json.loads(TABLES.read_text(encoding="utf-8"), object_hook=_with_numbers)
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or found.pop("made_of", None) != made_of():
        return None
    found["data"]["options"]["postlex"] = layout
    return found


def written() -> str:
    """The tables as JSON, made anew."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    from symc.grammar.parser import built

    data, memo = built().memo_serialize([TerminalDef, Rule])
    data["options"]["postlex"] = None
    return json.dumps({"made_of": made_of(), "data": data, "memo": memo}, separators=(",", ":"))


def made_of() -> str:
    """The version of lark and a digest of the grammar."""
    import lark

    return f"lark {lark.__version__}, {hashlib.sha256(GRAMMAR.read_bytes()).hexdigest()}"


def _with_numbers(read: dict[str, Any]) -> dict[str | int, Any]:
    """JSON has no keys but strings; those of the tables are numbers."""
    return {int(key) if key.isdigit() else key: value for key, value in read.items()}
