"""Jobs of the register, asked for through the outbox by their dotted name; one module per noun."""

from registry.tasks.citizens import tell_error_report, tell_visitor

__all__ = ["tell_error_report", "tell_visitor"]
