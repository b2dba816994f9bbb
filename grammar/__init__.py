"""The language: text to tree, tree to text. Knows nothing of algebra; lark is imported when the first text is parsed."""

from symc.grammar.checks import decode
from symc.grammar.fmt import format_source
from symc.grammar.habits import HABITS
from symc.grammar.parser import parse, parse_expression, parse_signature
from symc.grammar.printer import show, show_declaration

__all__ = ["HABITS", "decode", "format_source", "parse", "parse_expression", "parse_signature", "show", "show_declaration"]
