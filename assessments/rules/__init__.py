"""Rules that know neither the framework nor the database."""
