"""Pages of the register for staff; one module per noun."""
