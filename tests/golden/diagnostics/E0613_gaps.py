import torch

import symc

net = symc.linear("perm(P)*3 -> perm(P)", groups={"P": "S(n)"})
net(torch.randn(4, 3), batch=torch.tensor([0, 0, 7_000_000_000, 7_000_000_000]))
