"""Public bodies, people, and who may do what: one knot, one room."""
