"""The arguments of every command."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

import symc
from symc.cli import commands
from symc.cli.outcome import UsageError
from symc.diagnostics import did_you_mean


class Parser(argparse.ArgumentParser):
    """Says what is wrong with arguments by an exception, so that it can be told as JSON too, and what was probably meant."""

    def error(self, message: str) -> NoReturn:
        wrong = re.match(r"argument COMMAND: invalid choice: '(.*?)'", message, re.S)
        if wrong:
            message = f"there is no command `{wrong[1]}`: {', '.join(commands.NAMES)}"
        near = did_you_mean(wrong[1], commands.NAMES) if wrong else ()
        raise UsageError("\n".join([self.format_usage().rstrip(), f"symc: {message}", *near]))


def parser() -> argparse.ArgumentParser:
    """The whole command line; each command's namespace has `run`, a function from the namespace to an Outcome. Wrong usage is a UsageError."""
    main = Parser(prog="symc", description="A compiler from symmetry to fast PyTorch.", allow_abbrev=False)
    main.add_argument("--version", action="version", version=f"symc {symc.__version__}")
    subparsers = main.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: commands.Command, help: str) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=help, description=help, allow_abbrev=False)
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true", help="print one JSON object on standard output and nothing else there")
        return sub

    def of_model(sub: argparse.ArgumentParser, values: str) -> None:
        sub.add_argument("--model", metavar="M", help="which model (default: the last)")
        sub.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], type=_assignment, help=values)

    def of_lowering(sub: argparse.ArgumentParser) -> None:
        help = "how linear maps are lowered: whatever costs least (default), as one dense matrix, or by structure, where they can be"
        sub.add_argument("--lowering", choices=("auto", "dense", "structured"), default="auto", help=help)

    def of_file(name: str, run: commands.Command, help: str) -> argparse.ArgumentParser:
        sub = command(name, run, help)
        sub.add_argument("file", metavar="FILE", help="a .sym file")
        of_model(sub, "give a model parameter a value")
        return sub

    of_file("check", commands.check, "check every model: types, symmetry, legality; prints symmetries and signatures")
    sub = of_file("show", commands.show, "print the intermediate representation")
    sub.add_argument("--after", metavar="PASS", default="elaborate", help="elaborate (default), prune, solve, lower or simplify")
    of_lowering(sub)
    sub = of_file("compile", commands.compile_, "compile a model to a PyTorch module")
    sub.add_argument("-o", "--output", metavar="OUT", help="OUT.py is a file of plain PyTorch, OUT.pt2 an exported program; neither needs symc")
    of_lowering(sub)
    sub = of_file("verify", commands.verify, "compile a model and measure its equivariance in float64")
    sub.add_argument("--seed", type=_seed, default=0, help="of the random inputs and group elements (default: 0)")
    of_lowering(sub)

    sub = command("solve", commands.solve, "all equivariant linear maps between two representations")
    sub.add_argument("signature", metavar="SIGNATURE", help="for example 'perm(P)*vector(R) -> vector(R)'")
    sub.add_argument("-f", "--file", metavar="DECLS.sym", help="a file whose groups and reps the signature may use")
    sub.add_argument("-g", "--group", metavar="NAME=GROUP", action="append", default=[], type=_assignment, help="a group, for example 'P=S(5)'")

    sub = command("explain", commands.explain, "a model layer by layer; or what an operation or a code means; or `conventions`")
    sub.add_argument("topic", metavar="TOPIC", help="a .sym file, an operation such as gate, a code such as E0301, or `conventions`")
    of_model(sub, "give a model parameter, or a free size, a value")
    of_lowering(sub)

    sub = command("draw", commands.draw, "draw a model: its graph with types, and how the entries of each linear map share weights")
    sub.add_argument("file", metavar="FILE", help="a .sym file")
    sub.add_argument("-o", "--output", metavar="OUT.svg", required=True, help="where to")
    of_model(sub, "give a model parameter a value, or a free size one at which maps are drawn")

    sub = command("cache", commands.cache, "show how many solved bases are kept on disk, and where; or remove them")
    sub.add_argument("action", metavar="clear", nargs="?", help="remove all entries")
    sub.epilog = "SYMC_CACHE names the folder, or turns the cache off: `off`. SYMC_CACHE_LIMIT, for instance 2G, says how large it may be."

    command("calibrate", commands.calibrate, "measure how fast this machine is, for the estimates by which maps are lowered")

    sub = command("fmt", commands.fmt, "format files in place")
    sub.add_argument("files", metavar="FILE", nargs="+", help="a .sym file, or - alone to format standard input to standard output")
    sub.add_argument("--check", action="store_true", help="change nothing; exit status 1 if a file would change")
    return main


def _assignment(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"\s*(\w+)\s*=\s*(.+)", text, re.S)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return match[1], match[2].strip()


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at most 18 digits")
    return int(text)
