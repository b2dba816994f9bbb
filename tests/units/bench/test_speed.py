"""The benchmark of compiled modules: its cases build, and what it compares does the same work. Times are not looked at."""

from __future__ import annotations

import pytest
import torch
from speed import examples, finite, irreps, nets, permutations
from speed.case import Absent, Case, Inputs, Peer, tensors
from torch import Tensor, nn

SMALL = [  # every kind of case, small enough to compare all maps
    finite.regular("D4", "D(4)", 8, 2, batch=3),
    finite.regular("icosahedral", finite.A5, 60, 1, batch=2),
    finite.isotypic(1, batch=3),
    finite.tensors("S_5", 1, 2, 1, batch=3),
    irreps.linear(2, 3),
    irreps.gate(2, 3),
    permutations.layer(1, 1, 5, channels=2, batch=3),
    permutations.layer(2, 2, 4, channels=2, batch=3),
    permutations.layer(2, 1, 4, channels=2, batch=3),
    permutations.layer(3, 3, 3, channels=1, batch=3),
    nets.net("O(3)", 2),
    *examples.cases(),
]
PAIRS = [pytest.param(case, peer, id=f"{case.name}, {peer.name}") for case in SMALL for peer in case.peers]


@pytest.mark.parametrize(("case", "peer"), PAIRS)
def test_a_peer_does_the_same_work(case: Case, peer: Peer) -> None:
    ours = case.make().double()
    for weight in ours.parameters():
        nn.init.normal_(weight)
    try:
        theirs = peer.make(ours).double().train()
    except Absent as error:
        pytest.skip(str(error))
    inputs = tuple(x.double() for x in case.inputs())
    entered = peer.enter(inputs)
    y, z = flat(ours, inputs), peer.leave(theirs(*entered).detach()).flatten()
    assert y.shape == z.shape
    match peer.agreement:
        case "values":
            torch.testing.assert_close(z, y, rtol=1e-10, atol=1e-10 * float(y.abs().max()))
        case "maps" | "dimensions":
            a, b = reached(ours, inputs), reached(theirs, entered)
            ranks = [int(torch.linalg.matrix_rank(m, rtol=1e-5)) for m in (a, b, torch.cat([a, b], 1))]
            assert ranks[0] == ranks[1]
            assert peer.agreement == "dimensions" or ranks[2] == ranks[0]


def flat(module: nn.Module, inputs: Inputs) -> Tensor:
    return torch.cat([y.detach().flatten() for y in tensors(module(*inputs))])


def reached(module: nn.Module, inputs: Inputs) -> Tensor:
    """(outputs, weights): what each weight alone, at one, makes of the inputs."""
    columns = []
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    with torch.no_grad():
        for weight in weights:
            weight.zero_()
        for weight in weights:
            for at in range(weight.numel()):
                weight.view(-1)[at] = 1
                columns.append(flat(module, inputs))
                weight.view(-1)[at] = 0
    return torch.stack(columns, 1)
