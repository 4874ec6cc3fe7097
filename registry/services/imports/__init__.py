"""Data coming in: registers from elsewhere and a body's own inventory, row by row, never by halves."""
