"""Jobs of the register, asked for through the outbox by their dotted name; one module per noun."""

from registry.tasks.bodies import follow_body
from registry.tasks.citizens import forget_old_words, tell_error_report, tell_visitor
from registry.tasks.public_files import make_public_files

__all__ = ["follow_body", "forget_old_words", "make_public_files", "tell_error_report", "tell_visitor"]
