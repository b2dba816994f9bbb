import torch

import symc

net = symc.linear("perm(P)*3 -> perm(P)", groups={"P": "S(2*n)"})
net(torch.randn(4, 6, 3), mask=torch.ones(4, 3, dtype=torch.bool))
