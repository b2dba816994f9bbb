import torch

import symc

TEXT = """\
group P = S(n)
rep   X = perm(P)
model Atoms(z: X*onehot(5)) -> 2:
    return linear(z)
"""
net = symc.compile(text=TEXT)
net(torch.tensor([0, 5, 1]))
