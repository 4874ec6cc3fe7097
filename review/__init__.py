"""The circuit of review: what was asked, answered and decided. Knows cases, never what they are about."""
