"""What leaves the register as a table or a file; one module per noun."""
