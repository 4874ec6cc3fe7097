"""An assessment as people read it, and the files made of that one reading."""
