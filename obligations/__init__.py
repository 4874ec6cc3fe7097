"""The law as data: requirements, obligations, clocks (a later issue fills this room)."""
