"""The language: text to tree, tree to text. Knows nothing of algebra.

lark is imported when the first text is parsed.
"""

from symc.grammar.parser import parse, parse_expression, parse_signature

__all__ = ["parse", "parse_expression", "parse_signature"]
