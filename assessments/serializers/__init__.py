"""What pages and documents show of an assessment."""
