"""What other rooms and the public site may know of the register: published facts, never drafts."""

from registry.public.facts import SystemFacts, system_facts

__all__ = ["SystemFacts", "system_facts"]
