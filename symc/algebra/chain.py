def stabilizer_chain(*a): raise NotImplementedError
