import torch

import symc

net = symc.linear("(x: perm(P)*3, y: perm(Q)) -> 2", groups={"P": "S(n)", "Q": "S(m)"})
net(torch.randn(4, 5, 3), torch.randn(4, 2), mask={"n": torch.ones(4, 6, dtype=torch.bool)})
