"""Forms of the assessments."""
