"""Template tags of the assessments."""
