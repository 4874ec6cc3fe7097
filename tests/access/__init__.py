"""Who reaches what: the golden table, the world it is true in, how each address is asked for."""
