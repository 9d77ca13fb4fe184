"""Arrays: board, distance tables, roster, World, State, keyed draws. Numpy and the standard library only."""
