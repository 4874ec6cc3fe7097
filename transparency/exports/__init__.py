"""The register as files and feeds."""
