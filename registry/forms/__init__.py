"""What people type in the pages of the register; one module per noun."""
