"""The public site: another audience, other rules. Reads publications and nothing else."""
