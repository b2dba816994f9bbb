"""Real handwritten digits, read the same however the page is turned or mirrored.

    python examples/digits.py [--seeds 5] [--epochs 60]

Trains three networks on scikit-learn's 1797 digits, 8x8 pixels, as they stand in the data set (upright), and tests each on held-out digits upright
and in all eight poses of a square (four quarter turns, mirrored or not):

- symc: `digits.sym`, invariant under D4 by construction, verified here in float64;
- MLP: a plain multilayer perceptron with no fewer weights;
- MLP, turned copies: the same MLP, trained with a random pose of each digit in every step, which is what one does without symc.

Prints a table over the seeds and writes a picture.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn
from tqdm import tqdm

import symc

HERE = Path(__file__).parent
POSES = [(turns, mirrored) for mirrored in (False, True) for turns in range(4)]


def turn(images: Tensor, pose: tuple[int, bool]) -> Tensor:
    """Images of shape (batch, 8, 8) in one of the eight poses."""
    turns, mirrored = pose
    return torch.rot90(images.flip(-1) if mirrored else images, turns, (-2, -1))


def in_random_poses(images: Tensor) -> Tensor:
    """Each image in a pose of its own."""
    pose = torch.randint(len(POSES), (len(images),))
    every = torch.stack([turn(images, p) for p in POSES])
    return every[pose, torch.arange(len(images))]


def perceptron(weights: int) -> nn.Module:
    """The narrowest MLP of two equal hidden layers with at least so many weights."""
    width = next(w for w in range(8, 10_000) if 64 * w + w + w * w + w + 10 * w + 10 >= weights)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))


def train(net: nn.Module, images: Tensor, labels: Tensor, epochs: int, prepare: Callable[[Tensor], Tensor], bar: tqdm[None]) -> None:
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=epochs * -(-len(images) // 64))
    net.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(64):
            loss = nn.functional.cross_entropy(net(prepare(images[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
        bar.update()


@torch.no_grad()
def accuracy_by_pose(net: nn.Module, images: Tensor, labels: Tensor) -> list[float]:
    net.eval()
    return [(net(turn(images, pose)).argmax(-1) == labels).double().mean().item() for pose in POSES]


def one_seed(seed: int, epochs: int, bar: tqdm[None]) -> tuple[dict[str, list[float]], dict[str, nn.Module], Tensor]:
    """The accuracy of every network in every pose, the trained networks, and the held-out images."""
    data = load_digits()
    images = torch.tensor(data.images / 16.0, dtype=torch.float32)
    labels = torch.tensor(data.target)
    training, held_out = train_test_split(np.arange(len(labels)), test_size=0.3, random_state=seed, stratify=data.target)
    torch.manual_seed(seed)
    symmetric = symc.compile(HERE / "digits.sym")
    weights = sum(p.numel() for p in symmetric.parameters())
    nets = {"symc": symmetric, "MLP": perceptron(weights), "MLP, turned copies": perceptron(weights)}
    results = {}
    for name, net in nets.items():
        bar.set_description(f"seed {seed}, {name}", refresh=False)
        train(net, images[training], labels[training], epochs, in_random_poses if "turned" in name else lambda x: x, bar)
        results[name] = accuracy_by_pose(net, images[held_out], labels[held_out])
    return results, nets, images[held_out]


def table(results: dict[str, np.ndarray], weights: dict[str, int]) -> str:
    """Mean and standard deviation over the seeds; `results` has shape (seeds, poses) for each network."""
    lines = [f"{'network':<20} {'weights':>8} {'upright, %':>14} {'all 8 poses, %':>16} {'worst pose, %':>14}"]
    for name, array in results.items():
        (upright, every), worst = (f"{100 * a.mean():.1f} ± {100 * a.std():.1f}" for a in (array[:, 0], array.mean(1))), 100 * array.mean(0).min()
        lines.append(f"{name:<20} {weights[name]:>8,} {upright:>14} {every:>16} {worst:>14.1f}")
    return "\n".join(lines)


def picture(results: dict[str, np.ndarray], sample: Tensor, predictions: dict[str, list[int]], path: Path) -> None:
    """One digit in its eight poses, what each network reads there, and the accuracies."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    colours = {"symc": "#0b7a75", "MLP": "#d1495b", "MLP, turned copies": "#8d8d8d"}
    figure = plt.figure(figsize=(9.5, 5.2), layout="constrained")
    rows = figure.add_gridspec(2, len(POSES), height_ratios=[1, 2.2])
    for i, pose in enumerate(POSES):
        axes = figure.add_subplot(rows[0, i])
        axes.imshow(turn(sample[None], pose)[0], cmap="Greys")
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"{'mirrored' if pose[1] else ''}\n{90 * pose[0]}°", fontsize=9)
        for offset, (name, read) in zip((0.2, 0.5, 0.8), predictions.items(), strict=True):
            style = {"color": colours[name], "ha": "center", "va": "top", "fontsize": 12, "weight": "bold"}
            axes.text(offset, -0.14, str(read[i]), transform=axes.transAxes, **style)
    axes = figure.add_subplot(rows[1, :])
    for shift, (name, array) in zip((-0.27, 0, 0.27), results.items(), strict=True):
        axes.bar(np.arange(len(POSES)) + shift, 100 * array.mean(0), 0.25, yerr=100 * array.std(0), color=colours[name], label=name, capsize=2)
    axes.set(xticks=[], xlim=(-0.5, len(POSES) - 0.5), ylim=(0, 100), ylabel="accuracy on held-out digits, %")
    seeds = len(next(iter(results.values())))
    axes.set_title(f"above: one digit as each network reads it; below: mean and deviation over {seeds} seeds", fontsize=9, loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=3, frameon=False, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=150)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--epochs", type=int, default=60)
    arguments.add_argument("--picture", type=Path, default=HERE / "out" / "digits.png")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    with tqdm(total=3 * options.seeds * options.epochs, unit="epoch", mininterval=0.5) as bar:
        runs = [one_seed(seed, options.epochs, bar) for seed in range(options.seeds)]
    results = {name: np.array([run[0][name] for run in runs]) for name in runs[0][0]}
    _, nets, images = runs[0]
    print(table(results, {name: sum(p.numel() for p in net.parameters()) for name, net in nets.items()}))
    print()
    print(symc.verify(nets["symc"]))
    sample = images[2]
    with torch.no_grad():
        predictions = {name: [int(net(turn(sample[None], pose)).argmax()) for pose in POSES] for name, net in nets.items()}
    picture(results, sample, predictions, options.picture)
    print(f"\npicture: {options.picture}")


if __name__ == "__main__":
    main()
