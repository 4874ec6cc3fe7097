"""An attestation «aucune IA» that must be renewed. Named in TODO_SOURCES."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from organizations.models import User
from organizations.permissions import Permission, organizations_where
from organizations.services.todo import TodoItem
from registry.models import NoAIAttestation
from registry.rules.coverage import ANNOUNCED, renew_on

A_YEAR = timedelta(days=365)
MOST = 50


def waiting_for(user: User) -> list[TodoItem]:
    """From a month before its year is over, to those who may attest for the body. One query."""
    today = clock.civil_date(clock.now())
    bodies = organizations_where(user, Permission.ATTEST_NO_AI).filter(closed_on__isnull=True).values("pk")
    old = NoAIAttestation.objects.filter(
        organization__in=bodies, ended_at__isnull=True, attested_on__lte=today + ANNOUNCED - A_YEAR
    )
    return [
        TodoItem(
            what=_("Renew or withdraw the attestation “No AI”"),
            about=str(one.organization.name),
            why_me=_("Your functions let you attest for this body."),
            due_on=renew_on(one.attested_on),
            address=reverse("registry:no_ai", args=[one.organization.uuid]),
        )
        for one in old.select_related("organization").order_by("attested_on", "pk")[:MOST]
    ]
