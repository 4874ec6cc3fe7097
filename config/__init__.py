"""Settings, addresses and processes of Vigie: the only package that knows every room."""
