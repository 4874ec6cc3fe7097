"""Template tags of the circuit."""
