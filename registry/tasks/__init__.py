"""Jobs of the register, asked for through the outbox by their dotted name; one module per noun."""
