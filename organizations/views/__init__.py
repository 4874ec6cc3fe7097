"""Pages of this room: one module for what one comes to do."""
