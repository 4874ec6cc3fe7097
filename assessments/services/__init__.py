"""Every write of the assessments."""
