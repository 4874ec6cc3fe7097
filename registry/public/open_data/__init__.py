"""The register as files: documents of a search, their lines and tables, the dictionary that explains every column."""
