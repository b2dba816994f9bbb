"""Five masses and five positions -> their moment of inertia, a 3x3 tensor that turns with the positions.

    python examples/inertia.py [--steps 400] [--sizes 30 100 300 1000]

The task of Finzi et al. (2021, "A practical method for constructing equivariant multilayer perceptrons"): I = sum of m (|x|^2 1 - x x^T). Trains on
sets of several sizes, every network for about as long, and tests on 2000 other samples:

- symc, O(3): the first model of `inertia.sym`, which turns its answer with the positions, by construction;
- symc, O(3) x S(5): the second, to which the order of the masses is nothing either;
- MLP: a plain multilayer perceptron;
- MLP, moved copies: the same, each sample in each step turned at random and its masses reordered.

Errors are root mean squares, as a share of what is made by the best constant answer. Prints a table and the certificate, and writes a picture.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import tqdm

import symc

HERE = Path(__file__).parent
LONGER = {"symc, O(3) x S(5)": 1, "symc, O(3)": 2, "MLP": 10, "MLP, moved copies": 20}  # steps that take about as long; the MLP overfits sooner


@dataclass(frozen=True)
class Samples:
    """Masses of shape (batch, 5), positions (batch, 5, 3) and moments of inertia (batch, 3, 3)."""

    masses: Tensor
    positions: Tensor
    inertia: Tensor

    @staticmethod
    def draw(count: int) -> Samples:
        m, x = nn.functional.softplus(torch.randn(count, 5)), torch.randn(count, 5, 3)
        squares = x.square().sum(-1)[..., None, None] * torch.eye(3)
        return Samples(m, x, (m[..., None, None] * (squares - x[..., :, None] * x[..., None, :])).sum(1))

    def __getitem__(self, rows: Tensor | slice) -> Samples:
        return Samples(self.masses[rows], self.positions[rows], self.inertia[rows])

    def moved(self) -> Samples:
        """Each sample turned by a random element of O(3), its masses in a random order."""
        q, r = torch.linalg.qr(torch.randn_like(self.inertia))
        g = q * r.diagonal(dim1=-2, dim2=-1).sign()[..., None, :]  # so that g is uniform
        order = torch.rand_like(self.masses).argsort(-1)
        positions = self.positions.gather(1, order[:, :, None].expand_as(self.positions))
        return Samples(self.masses.gather(1, order), positions @ g.mT, g @ self.inertia @ g.mT)


class Perceptron(nn.Module):
    """Masses and positions side by side, two hidden layers of 100, the nine entries of the tensor."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(20, 100), nn.SiLU(), nn.Linear(100, 100), nn.SiLU(), nn.Linear(100, 9))

    def forward(self, m: Tensor, x: Tensor) -> Tensor:
        return self.layers(torch.cat([m, x.flatten(1)], 1)).unflatten(1, (3, 3))


@torch.no_grad()
def error(net: nn.Module, test: Samples) -> float:
    """Root mean square, over that of the mean tensor."""
    deviation = (test.inertia - test.inertia.mean(0)).square().mean()
    return ((net(test.masses, test.positions) - test.inertia).square().mean() / deviation).sqrt().item()


@dataclass
class Run:
    """A network in training: its error on the test set after so many seconds of the processor."""

    net: nn.Module
    seconds: list[float]
    errors: list[float]

    @property
    def weights(self) -> int:
        return sum(p.numel() for p in self.net.parameters())

    def time_to(self, goal: float) -> str:
        return next((f"{t:.1f}" for t, e in zip(self.seconds, self.errors, strict=True) if e <= goal), "never")


def train(net: nn.Module, training: Samples, test: Samples, steps: int, lr: float, prepare: Callable[[Samples], Samples], bar: tqdm[None]) -> Run:
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=lr, total_steps=steps)
    run = Run(net, [], [])
    spent = 0.0
    for step in range(1, steps + 1):
        start = time.process_time()
        batch = prepare(training[torch.randint(len(training.masses), (64,))])
        loss = (net(batch.masses, batch.positions) - batch.inertia).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        spent += time.process_time() - start
        if step % max(1, steps // 25) == 0 or step == steps:
            run.seconds.append(spent)
            run.errors.append(error(net, test))
            bar.set_postfix(error=f"{run.errors[-1]:.3f}", refresh=False)
        bar.update()
    return run


def experiment(sizes: Sequence[int], steps: int) -> dict[str, list[Run]]:
    """For every network a run at every size of the training set."""
    torch.manual_seed(0)
    test, samples = Samples.draw(2000), Samples.draw(max(sizes))
    runs: dict[str, list[Run]] = {name: [] for name in LONGER}
    with tqdm(total=sum(LONGER.values()) * steps * len(sizes), unit="step", mininterval=0.5) as bar:
        for size in sizes:
            bar.set_description(f"{size} samples", refresh=False)
            for name, done in runs.items():
                model = "Inertia" if "S(5)" in name else "Turned"
                net = Perceptron() if "MLP" in name else symc.compile(HERE / "inertia.sym", model=model)
                prepare = Samples.moved if "moved" in name else lambda batch: batch
                done.append(train(net, samples[:size], test, LONGER[name] * steps, 1e-2 if "MLP" in name else 2e-2, prepare, bar))
    return runs


def table(runs: dict[str, list[Run]], sizes: Sequence[int], goal: float) -> str:
    heads = " ".join(f"{size:>7,}" for size in sizes)
    lines = [f"{'error after training on':<23} {'weights':>8} {heads} {'seconds':>9} {f'to {goal:.2f}':>9}"]
    for name, done in runs.items():
        last = done[-1]
        errors = " ".join(f"{run.errors[-1]:>7.3f}" for run in done)
        lines.append(f"{name:<23} {last.weights:>8,} {errors} {last.seconds[-1]:>9.1f} {last.time_to(goal):>9}")
    return "\n".join(lines)


def picture(runs: dict[str, list[Run]], sizes: Sequence[int], path: Path) -> None:
    """Errors by the size of the training set; and by time, for the largest."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    colours = dict(zip(runs, ("#0b7a75", "#e08e2b", "#d1495b", "#8d8d8d"), strict=True))
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4), layout="constrained", sharey=True)
    for name, done in runs.items():
        left.loglog(sizes, [run.errors[-1] for run in done], "o-", color=colours[name], label=f"{name}: {done[0].weights:,} weights")
        right.semilogy(done[-1].seconds, done[-1].errors, color=colours[name])
    left.set(xlabel="samples to train on", xticks=sizes, xticklabels=[f"{size:,}" for size in sizes])
    left.minorticks_off()
    left.set_title("error of the moment of inertia on other samples,\nas a share of what a constant answer makes", fontsize=9, loc="left")
    left.legend(fontsize=8, frameon=False, loc="lower left", bbox_to_anchor=(0, 0.38))
    right.set(xlabel="seconds of training, one core")
    right.set_title(f"the same while training on {sizes[-1]:,} samples", fontsize=9, loc="left")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", linewidth=0.4, alpha=0.5)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=150)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--steps", type=int, default=400)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[30, 100, 300, 1000])
    arguments.add_argument("--picture", type=Path, default=HERE / "out" / "inertia.png")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    runs = experiment(options.sizes, options.steps)
    print(table(runs, options.sizes, goal=0.2))
    for name, done in runs.items():
        if "symc" in name:
            print(f"\n{symc.verify(done[-1].net)}")
    picture(runs, options.sizes, options.picture)
    print(f"\npicture: {options.picture}")


if __name__ == "__main__":
    main()
