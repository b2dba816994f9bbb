import symc

signs = symc.linear("vector(G) -> vector(G)", groups={"G": "matrices([[-1, 0], [0, 1]])"})
swap = symc.linear("vector(G) -> vector(G)", groups={"G": "matrices([[0, 1], [1, 0]])"})
swap.load_state_dict(signs.state_dict())
