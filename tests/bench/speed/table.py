"""The table that run.py prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .measure import WAYS, Found, Row

LEFT = 36
WIDTH = 17


def header() -> str:
    return f"{'':<{LEFT}}" + "".join(f"{way:>{WIDTH}}" for way in WAYS) + f"{'memory':>{WIDTH}}"


def lines(row: Row) -> Iterator[str]:
    """The case; ours in ms, and over the bound; then theirs / ours for each peer, with what is wanted, marked where it is less."""
    ours, *peers = row.found
    wanted = {peer.name: peer.wanted for peer in row.case.peers}
    yield row.case.name
    yield _line("  symc, ms", [_ms(ours, way) for way in WAYS], f"{number((ours.memory or 0) / 1e6)} MB")
    yield _line(f"  over the bound, {number(row.flops / 1e6)} Mflop", [_over(ours, way, row) for way in WAYS])
    for peer in peers:
        yield _line(f"  {peer.name} / symc", *_cells(peer, ours, wanted[peer.name]))
    for name, why in row.absent.items():
        yield f"  {name}: not there ({why})"


def _ms(one: Found, way: str) -> str:
    return number(one.seconds[way] * 1e3) if way in one.seconds else _failure(one, way)


def _over(ours: Found, way: str, row: Row) -> str:
    if way not in ours.seconds:
        return ""
    bound = row.bound["fwd+bwd" if way.startswith("fwd+bwd") else "forward"]
    return f"{number(ours.seconds[way] / bound)} x {number(bound * 1e3)}"


def _cells(peer: Found, ours: Found, wanted: Mapping[str, float]) -> tuple[list[str], str]:
    cells = [_against(peer.ratios[way], wanted.get(way)) if way in peer.ratios else _failure(peer, way) for way in WAYS]
    return cells, _against(memory_ratio(peer, ours), wanted.get("memory"))


def memory_ratio(peer: Found, ours: Found) -> float | None:
    return peer.memory / ours.memory if peer.memory and ours.memory else None


def below(rows: Sequence[Row]) -> Iterator[str]:
    """What is less than wanted, a line each, the furthest first."""
    found: list[tuple[float, str]] = []
    for row in rows:
        ours, *peers = row.found
        wanted = {peer.name: peer.wanted for peer in row.case.peers}
        for peer in peers:
            for way, least in wanted[peer.name].items():
                ratio = memory_ratio(peer, ours) if way == "memory" else peer.ratios.get(way)
                if ratio is not None and ratio < least:
                    found.append((ratio / least, f"{number(ratio)} of {number(least)}  {peer.name} / symc, {way}: {row.case.name}"))
    return (text for _, text in sorted(found))


def _against(ratio: float | None, wanted: float | None) -> str:
    if ratio is None:
        return ""
    if wanted is None:
        return number(ratio)
    return f"{'' if ratio >= wanted else '! '}{number(ratio)} of {number(wanted)}"


def _failure(one: Found, way: str) -> str:
    return one.failed[way].partition(":")[0][: WIDTH - 2] if way in one.failed else ""


def number(value: float) -> str:
    """Three figures."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _line(left: str, cells: list[str], last: str = "") -> str:
    return (f"{left:<{LEFT}}" + "".join(f"{cell:>{WIDTH}}" for cell in (*cells, last))).rstrip()
