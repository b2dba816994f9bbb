import symc

symc.linear("(perm(P)*perm(Q)) -> 2", groups={"P": "S(n)", "Q": "S(m)"})
