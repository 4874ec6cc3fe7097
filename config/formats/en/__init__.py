"""English of Canada: dates, hours and numbers."""
