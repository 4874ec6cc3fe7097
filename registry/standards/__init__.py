"""One pure module per foreign format: bytes in, plain records out; no framework, no database, no network."""
