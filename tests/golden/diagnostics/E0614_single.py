import torch

import symc

net = symc.compile(text="group P = S(n)\nrep X = perm(P)\nmodel M(x: X*3) -> X*3:\n    return relu(batchnorm(x))\n")
net(torch.randn(1, 1, 3))
