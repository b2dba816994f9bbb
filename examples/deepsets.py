"""A network on sets, trained on small sets and run on large ones.

    python examples/deepsets.py [--steps 3000]

The task: from n points of a plane, drawn from a normal distribution that nobody tells, say the correlation of their two coordinates. Trained on sets
of 10 to 40 points, the same module then runs at n = 3 and n = 10 000. Beside it stands the textbook answer, the correlation of the sample.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

import symc

HERE = Path(__file__).parent


def sets(batch: int, n: int) -> tuple[Tensor, Tensor]:
    """Points of shape (batch, n, 2) with unit variances, and the correlations of shape (batch,), uniform in (-0.95, 0.95)."""
    correlation = 1.9 * torch.rand(batch) - 0.95
    first, noise = torch.randn(2, batch, n)
    second = correlation[:, None] * first + (1 - correlation**2).sqrt()[:, None] * noise
    return torch.stack([first, second], -1), correlation


def sample_correlation(points: Tensor) -> Tensor:
    centred = points - points.mean(1, keepdim=True)
    x, y = centred.unbind(-1)
    return (x * y).sum(1) / (x.square().sum(1) * y.square().sum(1)).sqrt()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--steps", type=int, default=3000)
    options = arguments.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    net = symc.compile(HERE / "deepsets.sym")
    print(net)
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=options.steps)
    with tqdm(range(options.steps), unit="step", mininterval=0.5) as bar:
        for step in bar:
            points, correlation = sets(128, int(torch.randint(10, 41, ())))
            loss = (net(points) - correlation).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            if step % 100 == 0:
                bar.set_postfix(error=f"{loss.item() ** 0.5:.3f}", refresh=False)
    print(f"\n{'points in a set':>16} {'network':>10} {'sample correlation':>20}     root mean square error")
    with torch.no_grad():
        for n in (3, 10, 30, 100, 1000, 10_000):
            points, correlation = sets(max(20, 20_000 // n), n)
            errors = [(guess - correlation).square().mean().sqrt().item() for guess in (net(points), sample_correlation(points))]
            print(f"{n:>16,} {errors[0]:>10.3f} {errors[1]:>20.3f}{'' if 10 <= n <= 40 else '     never trained at this size'}")
    print(f"\n{symc.verify(net)}")


if __name__ == "__main__":
    main()
