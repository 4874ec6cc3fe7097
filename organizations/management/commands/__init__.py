"""Commands of this room: first account, lost second step."""
