"""The command line: `symc check|show|solve|compile|verify|explain|draw|cache|fmt`.

Exit status 0: well; 1: a diagnostic was reported, an internal error among them; 2: wrong usage; 130: interrupted. What was asked for goes to
standard output, what there is to say about it to standard error; with `--json` one object with both goes to standard output, and nothing else.
"""

from symc.cli.main import main

__all__ = ["main"]
