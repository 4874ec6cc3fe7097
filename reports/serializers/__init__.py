"""Reports as programs read them and ask for them."""
