"""Documents made from what the register knows, kept with their digest."""
