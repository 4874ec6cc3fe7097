"""The register: AI systems, what of them is public, what comes in from files and from registers elsewhere."""
