"""The rules of `registry.rules.attention` as conditions of the database; a test compares both on every answer."""

from django.db.models import Q

from registry.rules.attention import DECIDES

_DECIDES = Q(autonomy__in=sorted(DECIDES))
_RIGHTS = Q(affects_rights="yes")
# Something sensitive: neither no answer nor «none» alone.
_SENSITIVE = ~Q(sensitive_information__contained_by=["none"])
_HIGH = (_RIGHTS & _DECIDES) | Q(solely_automated="yes") | (_RIGHTS & _SENSITIVE)
_RAISED = Q(affects_rights__in=["yes", "unsure"]) | Q(personal_information__in=["yes", "unsure"]) | _DECIDES

BY_LEVEL = {"low": ~_HIGH & ~_RAISED, "moderate": ~_HIGH & _RAISED, "high": _HIGH}
DEPARTS_FROM_PRINCIPLE_4 = Q(autonomy="alone", affects_rights="yes")
