"""Invariant graph networks of order two and three, on graphs that message passing cannot tell apart.

    python examples/ign.py [--iterations 160]

A network of order k keeps numbers for every k-tuple of nodes, and separates at most what the k-dimensional Weisfeiler-Leman test does, with enough
layers all of it (Maron et al. 2019; Geerts 2020). For k = 2 that is colour refinement (1-WL), the limit of message passing too. Two experiments:

- Pairs of graphs that colour refinement cannot tell apart: all those of networkx's atlas, which holds every graph of up to seven nodes, some well
  known ones, and two copies of a real network beside two copies with one edge crossed between them. Do networks with random weights tell them apart?
- How many triangles are there among ten characters of Les Misérables? Trained on 100 pieces of that network, tested on 500 others, as they stand and
  in ten other orders of the nodes; beside them a plain multilayer perceptron on the adjacency matrix, and one trained on 100 renumbered copies of
  each piece for about as long.

Prints both tables and the certificate, and writes a picture.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

import networkx as nx
import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

import symc

HERE = Path(__file__).parent
TOLD_APART = 1e-12  # rounding is below, what random weights see above
NODES = 10  # of a piece in the second experiment


def matrix(*graphs: nx.Graph) -> Tensor:
    """Graphs of n nodes as (batch, n, n): 1 for an edge, -1 for none, 0 on the diagonal."""
    return torch.tensor(np.array([2 * nx.to_numpy_array(g, weight=None) - 1 + np.eye(len(g)) for g in graphs]))


# --- graphs that colour refinement cannot tell apart -------------------------------------------------------------------------------------------


def colours(graph: nx.Graph) -> frozenset[tuple[int, int]]:
    """Colour refinement (1-WL): each colour that nodes end with, and how many have it. Hashes of integers are the same in every run."""
    colour = dict.fromkeys(graph, 0)
    for _ in graph:
        colour = {v: hash((colour[v], *sorted(colour[u] for u in graph[v]))) for v in graph}
    return frozenset(Counter(colour.values()).items())


def atlas_pairs() -> list[tuple[nx.Graph, nx.Graph]]:
    """Every pair of graphs of up to seven nodes that are not isomorphic (the atlas holds each once) and get the same colours."""
    classes = defaultdict(list)
    for graph in nx.graph_atlas_g():
        classes[colours(graph)].append(graph)
    return [pair for graphs in classes.values() for pair in combinations(graphs, 2)]


def crossed(graph: nx.Graph) -> tuple[nx.Graph, nx.Graph]:
    """Two copies of a graph; and the same with an edge that lies in a triangle crossed between them: u-v, u'-v' become u-v', u'-v.

    Each node has the neighbours it had, up to the copy they are in, so that colour refinement sees no difference: one is connected, one is not.
    """
    twice = nx.disjoint_union(graph, graph)
    n = len(graph)
    u, v = next((u, v) for u, v in nx.convert_node_labels_to_integers(graph).edges if set(twice[u]) & set(twice[v]))
    other = twice.copy()
    other.remove_edges_from([(u, v), (u + n, v + n)])
    other.add_edges_from([(u, v + n), (u + n, v)])
    return twice, other


def cayley(*steps: tuple[int, int]) -> nx.Graph:
    """The nodes of Z4 x Z4, joined where they differ by one of the steps."""
    nodes = list(product(range(4), repeat=2))
    return nx.Graph((((a, b), ((a + x) % 4, (b + y) % 4)) for a, b in nodes for x, y in steps))


def known_pairs() -> dict[str, tuple[nx.Graph, nx.Graph]]:
    bicyclopentyl = nx.disjoint_union(nx.cycle_graph(5), nx.cycle_graph(5))
    bicyclopentyl.add_edge(0, 5)
    decalin = nx.cycle_graph(10)
    decalin.add_edge(0, 5)
    lines = [(step, 0) for step in (1, 2, 3)] + [(0, step) for step in (1, 2, 3)]
    return {
        "two triangles, hexagon": (nx.disjoint_union(nx.cycle_graph(3), nx.cycle_graph(3)), nx.cycle_graph(6)),
        "cube, Wagner graph": (nx.cubical_graph(), nx.circulant_graph(8, [1, 4])),
        "Petersen graph, pentagonal prism": (nx.petersen_graph(), nx.circular_ladder_graph(5)),
        "decalin, bicyclopentyl": (decalin, bicyclopentyl),
        "Frucht graph, truncated tetrahedron": (nx.frucht_graph(), nx.truncated_tetrahedron_graph()),
        "dodecahedron, Desargues graph": (nx.dodecahedral_graph(), nx.desargues_graph()),
        "circulants C41(1, 2), C41(1, 3)": (nx.circulant_graph(41, [1, 2]), nx.circulant_graph(41, [1, 3])),
        "Florentine families twice, crossed": crossed(nx.florentine_families_graph()),
        "karate club twice, crossed": crossed(nx.karate_club_graph()),
        "rook's graph, Shrikhande graph": (cayley(*lines), cayley((0, 1), (0, 3), (1, 0), (3, 0), (1, 1), (3, 3))),
    }


@torch.no_grad()
def difference(net: nn.Module, pair: tuple[nx.Graph, nx.Graph]) -> float:
    """How far apart a network puts two graphs, relative to its output."""
    first, second = net(matrix(*pair)).tolist()
    return abs(first - second) / max(abs(first), abs(second))


# --- counting triangles --------------------------------------------------------------------------------------------------------------------------


def pieces(graph: nx.Graph, count: int) -> list[nx.Graph]:
    """Connected pieces of NODES nodes, grown node by node, in random orders; no two have the same colours, so that none is in two sets."""
    random = np.random.default_rng(0)
    found: dict[frozenset[tuple[int, int]], nx.Graph] = {}
    while len(found) < count:
        nodes = [random.choice(graph.nodes)]
        while len(nodes) < NODES:
            nodes.append(random.choice(sorted({u for v in nodes for u in graph[v]}.difference(nodes))))
        piece = nx.Graph()
        piece.add_nodes_from(random.permutation(nodes))
        piece.add_edges_from(graph.subgraph(nodes).edges)
        found.setdefault(colours(piece), piece)
    return list(found.values())


@dataclass(frozen=True)
class Counted:
    """Graphs as matrices, shape (batch, n, n), and how many triangles each has, shape (batch,)."""

    graphs: Tensor
    triangles: Tensor

    @staticmethod
    def of(graphs: Sequence[nx.Graph]) -> Counted:
        return Counted(matrix(*graphs), torch.tensor([sum(nx.triangles(graph).values()) / 3 for graph in graphs]).double())

    def renumbered(self, copies: int = 1) -> Counted:
        """So many copies of each graph, the nodes of each in a random order."""
        graphs = self.graphs.repeat(copies, 1, 1)
        order = torch.rand(graphs.shape[:2]).argsort(-1)
        rows = graphs.gather(1, order[:, :, None].expand_as(graphs))
        return Counted(rows.gather(2, order[:, None, :].expand_as(graphs)), self.triangles.repeat(copies))


class Count(nn.Module):
    """A network's output is the share of triples (i, j, k) that are triangles; each triangle is six of the n^3."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, a: Tensor) -> Tensor:
        return self.net(a) * a.shape[-1] ** 3 / 6


def perceptron(weights: int) -> nn.Module:
    """The narrowest MLP of two equal hidden layers with at least so many weights."""
    n = NODES * NODES
    width = next(w for w in range(8, 1000) if n * w + w + w * w + w + w + 1 >= weights)
    layers = [nn.Linear(n, width), nn.GELU(), nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1)]
    return nn.Sequential(nn.Flatten(), *layers, nn.Flatten(0)).double()


@torch.no_grad()
def right(net: nn.Module, data: Counted) -> Tensor:
    """For each graph, whether its number of triangles, rounded, is right."""
    return (net(data.graphs) - data.triangles).abs() < 0.5


@dataclass
class Run:
    """A network in training: after so many seconds, the share of held-out graphs that it counts right; and at the end."""

    weights: int
    seconds: list[float]
    shares: list[float]
    renumbered: float  # the share that it counts right in each of ten orders of the nodes

    def time_to(self, share: float) -> str:
        return next((f"{t:.1f}" for t, s in zip(self.seconds, self.shares, strict=True) if s >= share), "never")


def train(net: nn.Module, training: Counted, held_out: Counted, iterations: int, bar: tqdm[None]) -> Run:
    """Least squares by L-BFGS on the whole training set, watched every ten iterations. Seconds are those of the processor."""
    optimizer = torch.optim.LBFGS(net.parameters(), max_iter=10, history_size=50, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        mean = (net(training.graphs) - training.triangles).square().mean()
        mean.backward()
        return mean

    run = Run(sum(p.numel() for p in net.parameters()), [], [], 0.0)
    spent = 0.0
    for _ in range(iterations // 10):
        start = time.process_time()
        optimizer.step(loss)
        spent += time.process_time() - start
        run.seconds.append(spent)
        run.shares.append(right(net, held_out).double().mean().item())
        bar.set_postfix(right=f"{run.shares[-1]:.3f}", refresh=False)
        bar.update(10)
    run.renumbered = torch.stack([right(net, held_out.renumbered()) for _ in range(10)]).all(0).double().mean().item()
    return run


def count_triangles(iterations: int) -> dict[str, Run]:
    graphs = pieces(nx.les_miserables_graph(), 600)
    training, held_out = Counted.of(graphs[:100]), Counted.of(graphs[100:])
    torch.manual_seed(0)
    third, second = (Count(symc.compile(HERE / "ign.sym", params=params).double()) for params in ({"k": 3}, {"k": 2, "c": 15}))
    weights = sum(p.numel() for p in third.parameters())
    with tqdm(total=7 * iterations, unit="iteration", mininterval=0.5) as bar:
        return {
            "symc, order 3": train(third, training, held_out, iterations, bar),
            "symc, order 2": train(second, training, held_out, iterations, bar),
            "MLP": train(perceptron(weights), training, held_out, iterations, bar),
            "MLP, renumbered copies": train(perceptron(weights), training.renumbered(100), held_out, 4 * iterations, bar),
        }


# --- what is shown -------------------------------------------------------------------------------------------------------------------------------


def table_of_pairs(atlas: dict[str, list[float]], known: dict[str, list[float]]) -> str:
    """`known` has for each pair the difference in the outputs of order two and order three, `atlas` for each order those of all pairs."""
    lines = [f"{'same colours in colour refinement':<38} {'order 2':>9} {'order 3':>9}     relative difference, random weights"]
    lines += [f"{name:<38} {second:>9.0e} {third:>9.0e}" for name, (second, third) in known.items()]
    told = [f"{sum(d > TOLD_APART for d in differences)} of {len(differences)}" for differences in atlas.values()]
    return "\n".join([*lines, f"{'pairs in the atlas told apart':<38} {told[0]:>9} {told[1]:>9}"])


def table_of_runs(runs: dict[str, Run]) -> str:
    lines = [f"{'network':<24} {'weights':>8} {'seconds':>8} {'to 90 %':>8} {'counted right, %':>17} {'in each of ten orders, %':>26}"]
    for name, run in runs.items():
        shares = f"{100 * run.shares[-1]:>17.1f} {100 * run.renumbered:>26.1f}"
        lines.append(f"{name:<24} {run.weights:>8,} {run.seconds[-1]:>8.1f} {run.time_to(0.9):>8} {shares}")
    return "\n".join(lines)


def picture(atlas: dict[str, list[float]], known: dict[str, list[float]], runs: dict[str, Run], path: Path) -> None:
    """Three of the pairs, how far apart the networks put all of them, and the triangles counted over time."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    colours = {"symc, order 3": "#0b7a75", "symc, order 2": "#e08e2b", "MLP": "#d1495b", "MLP, renumbered copies": "#8d8d8d"}
    figure = plt.figure(figsize=(11, 4.4), layout="constrained")
    columns = figure.add_gridspec(1, 3, width_ratios=[1.15, 1, 1.25])
    drawings = columns[0].subgridspec(3, 2)
    pairs = known_pairs()
    for row, name in enumerate(["two triangles, hexagon", "decalin, bicyclopentyl", "dodecahedron, Desargues graph"]):
        for column, (graph, label) in enumerate(zip(pairs[name], name.split(", "), strict=True)):
            axes = figure.add_subplot(drawings[row, column])
            options = {"node_size": 16, "node_color": "#333333", "edge_color": "#888888", "width": 1.1}
            nx.draw(graph, nx.kamada_kawai_layout(graph) if nx.is_connected(graph) else nx.circular_layout(graph), axes, **options)
            axes.set_title(label, fontsize=8)
            axes.set_aspect("equal")
            axes.margins(0.12)
    axes = figure.add_subplot(columns[1])
    for i, order in enumerate(("symc, order 2", "symc, order 3")):
        for differences, shift, marker in ((atlas[order], 0.0, "o"), ([pair[i] for pair in known.values()], 0.22, "D")):
            offsets = i + shift - 0.11 + 0.07 * np.sin(np.arange(len(differences)))
            axes.semilogy(offsets, np.maximum(differences, 1e-17), marker, color=colours[order], markersize=4, alpha=0.7)
    axes.plot([], [], "ok", markersize=4, label=f"the {len(atlas['symc, order 2'])} pairs of up to 7 nodes")
    axes.plot([], [], "Dk", markersize=4, label="the pairs named in the table")
    axes.text(0.0, 4e-19, "(0 is drawn at $10^{-17}$)", fontsize=7, ha="center")
    axes.axhline(TOLD_APART, color="#333333", linewidth=0.8, linestyle=":")
    last = (1.14, max(1e-17, known["rook's graph, Shrikhande graph"][1]))
    note = {"fontsize": 7, "arrowprops": {"arrowstyle": "-", "linewidth": 0.6}}
    axes.annotate("rook's graph and Shrikhande\ngraph: beyond order 3", last, (0.35, 3e-11), **note)
    axes.set(xticks=[0, 1], xticklabels=["order 2", "order 3"], xlim=(-0.5, 1.5), ylim=(1e-19, 1))
    axes.set_title("difference between two graphs with the same\ncolours, random weights, relative to the output", fontsize=9, loc="left")
    axes.legend(fontsize=7, frameon=False, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)
    axes = figure.add_subplot(columns[2])
    for name, run in runs.items():
        shares = [0, *(100 * share for share in run.shares)]
        axes.plot([0, *run.seconds], shares, color=colours[name], label=f"{name} ({100 * run.renumbered:.1f} % in each of ten orders)")
    axes.set(ylim=(0, 101), xlim=(0, None), xlabel="seconds of training, one core")
    axes.set_title("held-out pieces of Les Misérables\nwhose triangles are counted right, %", fontsize=9, loc="left")
    axes.legend(fontsize=7.5, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.0))
    axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=150)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--iterations", type=int, default=160)
    arguments.add_argument("--picture", type=Path, default=HERE / "out" / "ign.png")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    nets = {f"symc, order {k}": symc.compile(HERE / "ign.sym", params={"k": k}).double() for k in (2, 3)}
    known = {name: [difference(net, pair) for net in nets.values()] for name, pair in known_pairs().items()}
    pairs = atlas_pairs()
    atlas = {name: [difference(net, pair) for pair in pairs] for name, net in nets.items()}
    print(table_of_pairs(atlas, known), end="\n\n", flush=True)
    runs = count_triangles(options.iterations)
    print(table_of_runs(runs))
    print(f"\n{symc.verify(nets['symc, order 3'])}")
    picture(atlas, known, runs, options.picture)
    print(f"\npicture: {options.picture}")


if __name__ == "__main__":
    main()
