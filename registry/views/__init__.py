"""Pages of the register for the people of a body."""
