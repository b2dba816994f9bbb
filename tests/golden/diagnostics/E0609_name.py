import symc

symc.verify(symc.linear("perm(P)*3 -> perm(P)", groups={"P": "S(n)"}), sizes={"m": 4})
