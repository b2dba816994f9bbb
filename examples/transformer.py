"""A set transformer learns to sort: for every rank it points at the element that has it.

    python examples/transformer.py [--steps 1200]

`transformer.sym` sees a set of numbers between 0 and 1, each as 16 cosines, and ranks, written alike. For every rank it gives scores over the set,
whose softmax is a pointer. It is trained on sets of 4 to 12 numbers and tested on these and larger ones; renaming the elements renames what it
points at, which is verified here in float64. Beside it a plain MLP with no fewer weights is trained on sets of 12, the only size it can take.

Prints how often the element pointed at is the right one, and draws a set with its pointers.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from math import pi
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import trange

import symc

HERE = Path(__file__).parent
FEATURES, LARGEST = 16, 12
SIZES = (4, 8, 12, 16, 24)
Scores = Callable[[Tensor], Tensor]  # sets of numbers, shape (batch, n), to scores (batch, rank, element)


def cosines(u: Tensor) -> Tensor:
    return torch.cos(pi * u[..., None] * torch.arange(FEATURES))


def of_transformer(net: nn.Module) -> Scores:
    def scores(u: Tensor) -> Tensor:
        ranks = torch.linspace(0, 1, u.shape[-1]).expand(u.shape)
        result: Tensor = net(cosines(u), cosines(ranks))
        return result

    return scores


def of_perceptron(net: nn.Module) -> Scores:
    def scores(u: Tensor) -> Tensor:
        result: Tensor = net(cosines(u).flatten(1)).unflatten(-1, (LARGEST, LARGEST))
        return result

    return scores


def perceptron(weights: int) -> nn.Module:
    """The narrowest MLP of two equal hidden layers with at least so many weights."""
    ends = FEATURES * LARGEST, LARGEST * LARGEST
    width = next(w for w in range(8, 10_000) if (ends[0] + 1) * w + (w + 1) * w + (w + 1) * ends[1] >= weights)
    return nn.Sequential(nn.Linear(ends[0], width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, ends[1]))


def train(net: nn.Module, scores: Scores, steps: int, smallest: int, name: str) -> None:
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    bar = trange(steps, desc=name, mininterval=0.5)
    for _ in bar:
        u = torch.rand(64, int(torch.randint(smallest, LARGEST + 1, ())))
        loss = nn.functional.cross_entropy(scores(u).flatten(0, 1), u.argsort(-1).flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)


@torch.no_grad()
def accuracy(scores: Scores, n: int) -> float:
    """How often the element pointed at has the rank asked for, in %."""
    u = torch.rand(500, n, generator=torch.Generator().manual_seed(n))
    return 100 * (scores(u).argmax(-1) == u.argsort(-1)).double().mean().item()


def picture(scores: Scores, path: Path) -> None:
    """A set as it is given and its pointers, one row a rank."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    u = torch.rand(LARGEST, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        pointers = torch.softmax(scores(u[None])[0], -1)
    figure, (above, below) = plt.subplots(2, 1, figsize=(5.2, 6.4), height_ratios=[1, 2.6], layout="constrained", sharex=True)
    above.bar(range(LARGEST), u, color="#8d8d8d")
    above.set(ylabel="number", title="a set of 12 numbers, as given")
    below.imshow(pointers, cmap="Greens", vmin=0, vmax=1, aspect="auto")
    below.plot(u.argsort(), range(LARGEST), "o", mfc="none", mec="#d1495b", ms=13, label="where it belongs")
    below.set(xlabel="element", ylabel="rank asked for", xticks=range(LARGEST), yticks=range(LARGEST))
    below.set_title("softmax over the elements")
    below.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), frameon=False)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=150)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--steps", type=int, default=1200)
    arguments.add_argument("--picture", type=Path, default=HERE / "out" / "transformer.png")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    transformer = symc.compile(HERE / "transformer.sym")
    weights = sum(p.numel() for p in transformer.parameters())
    plain = perceptron(weights)
    pointing, fixed = of_transformer(transformer), of_perceptron(plain)
    train(transformer, pointing, options.steps, 4, "symc")
    train(plain, fixed, options.steps, LARGEST, "MLP")
    print(f"\n{'elements':>8} {'symc, %':>9} {'MLP, %':>9}    trained on {'4 to 12':>9} {'12':>6}")
    for n in SIZES:
        print(f"{n:>8} {accuracy(pointing, n):>9.1f} {f'{accuracy(fixed, n):.1f}' if n == LARGEST else '':>9}")
    print(f"weights: {weights:,} and {sum(p.numel() for p in plain.parameters()):,}\n")
    print(str(symc.verify(transformer)).partition("\n")[0])
    picture(pointing, options.picture)
    print(f"\npicture: {options.picture}")


if __name__ == "__main__":
    main()
