"""A pointer network walks round convex hulls: from a corner it points at the next one.

    python examples/pointer.py [--steps 1200]

`pointer.sym` answers with a softmax over the points of a set, for every corner asked about. Renaming points or corners renames the answers, and
moving the plane leaves them alone, which is verified here in float64. It is trained on padded sets of 4 to 16 points in a square, the masks saying
which points are real and which are corners, and tested on these sizes and larger ones. Beside it two plain MLPs see the 16 places and the corner as
one flat vector: one with no fewer weights, one of 256 hidden units.

Prints how often the corner pointed at is the right one, and how often this holds for all corners of a set; draws walks that follow the pointers.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import trange

import symc

HERE = Path(__file__).parent
SMALLEST, LARGEST = 4, 16
SIZES = (4, 8, 12, 16, 24, 32, 64)
Pointer = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]  # points, corners and which of both are real, to probabilities (batch, corner, point)


def following(x: Tensor, real: Tensor) -> Tensor:
    """Whether the hull's edge from point i leads to point j: no real point lies to its right. Shape (batch, i, j)."""
    edge = x[:, None] - x[:, :, None]
    a, b = edge[:, :, :, None], edge[:, :, None]
    left = a[..., 0] * b[..., 1] >= a[..., 1] * b[..., 0]
    pairs = real[:, :, None] & real[:, None] & ~torch.eye(x.shape[1], dtype=torch.bool)
    return (left | ~real[:, None, None]).all(-1) & pairs


def sets(batch: int, smallest: int, largest: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
    """Sets of random sizes, padded with zeros to the largest: points of shape (batch, largest, 2), and which of them are real."""
    sizes = torch.randint(smallest, largest + 1, (batch, 1), generator=generator)
    real = torch.arange(largest) < sizes
    return (2 * torch.rand(batch, largest, 2, generator=generator) - 1) * real[..., None], real


def of_symc(net: nn.Module) -> Pointer:
    def pointer(x: Tensor, corner: Tensor, real: Tensor, asked: Tensor) -> Tensor:
        result: Tensor = net(x, corner, mask={"n": real, "m": asked})
        return result

    return pointer


def of_perceptron(net: nn.Module) -> Pointer:
    def pointer(x: Tensor, corner: Tensor, real: Tensor, asked: Tensor) -> Tensor:
        unused = LARGEST - x.shape[1]
        x, real = nn.functional.pad(x, (0, 0, 0, unused)), nn.functional.pad(real, (0, unused))
        places = x.flatten(1)[:, None].expand(-1, corner.shape[1], -1)
        scores = net(torch.cat([places, corner], -1))
        return torch.softmax(scores.masked_fill(~real[:, None], -torch.inf), -1)

    return pointer


def perceptron(width: int) -> nn.Module:
    ends = 2 * LARGEST + 2, LARGEST
    return nn.Sequential(nn.Linear(ends[0], width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, ends[1]))


def weights(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())


def train(net: nn.Module, pointer: Pointer, steps: int, name: str) -> None:
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    bar = trange(steps, desc=name, mininterval=0.5)
    for _ in bar:
        x, real = sets(64, SMALLEST, LARGEST)
        answers = following(x, real)
        probabilities = pointer(x, x, real, answers.any(-1))  # every point is a query, and the mask leaves the corners
        loss = -probabilities[answers].clamp_min(1e-9).log().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)


@torch.no_grad()
def accuracy(pointer: Pointer, n: int) -> tuple[float, float]:
    """On sets of n points: the corners from which the right one is pointed at, and the sets where all corners are such, in %."""
    x, real = sets(300, n, n, torch.Generator().manual_seed(n))
    answers = following(x, real)
    corner = answers.any(-1)
    right = pointer(x, x, real, corner).argmax(-1) == answers.int().argmax(-1)
    return 100 * right[corner].double().mean().item(), 100 * (right | ~corner).all(-1).double().mean().item()


@torch.no_grad()
def walk(pointer: Pointer, x: Tensor) -> list[int]:
    """The points visited from the lowest one on, each pointed at from the one before, until one comes again."""
    path, here = [], int(x[:, 1].argmin())
    while here not in path:
        path.append(here)
        real = torch.ones(1, len(x), dtype=torch.bool)
        here = int(pointer(x[None], x[None, here : here + 1], real, real[:, :1]).argmax())
    return [*path, here]


def picture(panels: list[tuple[str, Pointer, int]], path: Path) -> None:
    """The walk of each network, over the true hull."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(panels), figsize=(3.4 * len(panels), 3.7), layout="constrained")
    for axis, (title, pointer, n) in zip(axes, panels, strict=True):
        points, real = sets(1, n, n, torch.Generator().manual_seed(n))
        x = points[0]
        answers = following(points, real)[0]
        corners = x[answers.any(-1)]
        around = (corners - corners.mean(0)).T
        axis.fill(*corners[torch.atan2(around[1], around[0]).argsort()].T, color="#dcefe9")
        axis.scatter(*x.T, s=14, color="#444444", zorder=3)
        visited = walk(pointer, x)
        for i, j in pairwise(visited):
            colour = "#0b7a75" if answers[i, j] else "#d1495b"
            axis.annotate("", x[j].tolist(), x[i].tolist(), arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 1})
        axis.set(xticks=[], yticks=[], xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), aspect="equal")
        axis.set_title(title, fontsize=11)
        axis.spines[:].set_visible(False)
    figure.supxlabel("the hull is shaded; steps along its edges are green, others red", fontsize=10)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=150)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--steps", type=int, default=1200)
    arguments.add_argument("--picture", type=Path, default=HERE / "out" / "pointer.png")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    symmetric = symc.compile(HERE / "pointer.sym")
    small = next(net for net in map(perceptron, range(8, 10_000)) if weights(net) >= weights(symmetric))
    nets = {"symc": symmetric, "MLP": small, "MLP, wide": perceptron(256)}
    pointers = {name: of_symc(net) if net is symmetric else of_perceptron(net) for name, net in nets.items()}
    for name, net in nets.items():
        train(net, pointers[name], options.steps, name)
    print(f"\nright corners, % (sets with all of them right, %); trained on {SMALLEST} to {LARGEST} points")
    print(f"{'points':>8}" + "".join(f"{name:>16}" for name in nets))
    for n in SIZES:
        cells = ["{:.1f} ({:.1f})".format(*accuracy(pointer, n)) if n <= LARGEST or name == "symc" else "" for name, pointer in pointers.items()]
        print(f"{n:>8}" + "".join(f"{cell:>16}" for cell in cells))
    print(f"{'weights':>8}" + "".join(f"{weights(net):>16,}" for net in nets.values()) + "\n")
    print(str(symc.verify(symmetric)).partition("\n")[0])
    panels = [("MLP, wide", LARGEST), ("symc", LARGEST), ("symc", SIZES[-1])]
    picture([(f"{name}: {n} points, {weights(nets[name]):,} weights", pointers[name], n) for name, n in panels], options.picture)
    print(f"\npicture: {options.picture}")


if __name__ == "__main__":
    main()
