import torch

import symc

net = symc.linear("(x: perm(P)*3, y: 2) -> perm(P)", groups={"P": "S(n)"})
net(torch.randn(6, 3), torch.randn(2, 2), batch=torch.tensor([0, 0, 0, 1, 1, 2]))
