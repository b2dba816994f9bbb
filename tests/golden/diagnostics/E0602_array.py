import numpy as np
import torch

import symc

TEXT = """\
group P = S(n)
rep   X = perm(P)
model Sets(x: X*3, y: X) -> 2:
    return linear(x, y)
"""
net = symc.compile(text=TEXT)
net(torch.zeros(5, 3), np.zeros(5))
