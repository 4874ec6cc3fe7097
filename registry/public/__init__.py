"""What other rooms and the public site may know of the register: published facts, never drafts."""

from registry.public.facts import detail_facts, system_facts

__all__ = ["detail_facts", "system_facts"]
