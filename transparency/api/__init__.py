"""The public API: what the public site shows, for programs, under the same database role."""
