"""Rules of the register that need neither the framework nor the database."""
