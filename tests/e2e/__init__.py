"""Journeys of people, played in the system's Chromium."""
