"""Questionnaires, answers and scores (a later issue fills this room)."""
