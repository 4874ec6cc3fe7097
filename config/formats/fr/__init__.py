"""French of Québec: dates, hours and numbers."""
