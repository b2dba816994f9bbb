"""Run by torch as one of two processes: every model of the matrix in DistributedDataParallel and in fully_shard.

A step on half of the batch each must move the weights as one on the whole batch does in one process. Prints a JSON object by model.
Arguments: the file to meet at, the rank, a file of state dicts from another process.
"""

from __future__ import annotations

import json
import os
import sys

import torch
import torch.distributed as dist
from plain_models import NAMES, Case, case_of
from torch import Tensor, nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor
from torch.nn.parallel import DistributedDataParallel

RATE = 1.0


def step(module: nn.Module, case: Case, inputs: list[Tensor]) -> None:
    """One of gradient descent, in eval mode: dropout and the statistics of a batch are no function of samples."""
    optimizer = torch.optim.SGD(module.parameters(), RATE)
    case.loss(module, inputs).backward()
    optimizer.step()


def weights(module: nn.Module) -> list[Tensor]:
    return [value.full_tensor() if isinstance(value, DTensor) else value.detach() for value in module.parameters()]


def distance(one: list[Tensor], other: list[Tensor]) -> float:
    return max((float((a - b).abs().max()) for a, b in zip(one, other, strict=True)), default=0.0)


def row(case: Case, rank: int, saved: dict[str, Tensor]) -> dict[str, float]:
    inputs = case.inputs(4)
    half = [x[2 * rank : 2 * rank + 2] for x in inputs]
    alone, replicated, sharded, loaded = (case.own() for _ in range(4))
    step(alone, case, list(inputs))
    step(DistributedDataParallel(replicated), case, half)
    fully_shard(sharded)
    step(sharded, case, half)
    loaded.reset_parameters(torch.Generator().manual_seed(1))
    loaded.load_state_dict(saved)
    names = float(list(loaded.state_dict()) == list(saved))
    before = distance(weights(alone), weights(case.net))
    found = {"ddp": weights(replicated), "fsdp": weights(sharded)}
    return {
        "moved": before,
        "names": names,
        "state": distance(weights(loaded), weights(case.net)),
        **{way: distance(value, weights(alone)) for way, value in found.items()},
    }


def main(meeting: str, rank: int, states: str) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=2)
    saved = torch.load(states, weights_only=True)
    rows = {name: row(case_of(name), rank, saved[name]) for name in NAMES}
    dist.barrier()
    dist.destroy_process_group()
    print(json.dumps(rows), flush=True)
    os._exit(0)  # threads of gloo that outlive the group end the interpreter with an abort, now and then


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
