"""Shapes of what the public API answers, and of the page that explains it."""
