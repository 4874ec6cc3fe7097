"""Every write of this room: bodies, people, the functions they hold, how they come in."""
