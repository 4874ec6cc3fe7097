"""Datasets, agreements and exchanges (a later issue fills this room)."""
