"""Registers of other governments, apart from ours: their lists, one record, and the words of their concepts."""
