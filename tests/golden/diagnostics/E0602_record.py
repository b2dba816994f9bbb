import torch

import symc

net = symc.linear("(x: (a: perm(P), b: 3)) -> 2", groups={"P": "S(n)"})
net({"a": torch.zeros(5), "c": torch.zeros(3)})
