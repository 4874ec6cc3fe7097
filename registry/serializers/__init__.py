"""Shapes in which pages and files read the register: nothing here writes."""
