"""Commands over all the rooms."""
