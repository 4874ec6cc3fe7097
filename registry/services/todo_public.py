"""A public text that no longer says what the record says. Named in TODO_SOURCES."""

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from organizations.models import User
from organizations.permissions import Permission, organizations_where
from organizations.services.todo import TodoItem
from registry import permissions
from registry.models import AISystem, PublicationRequest
from registry.models.rows import prefetch_rows
from registry.public.facts import detail_facts, system_facts
from registry.rules.delays import republish_due_on
from registry.services.documents import LINE_KEYS
from registry.services.leads import kept_by
from registry.services.todo_kept import why_me
from registry.workflow import NOT_SHOWN, PublicationKind
from review.workflow import CaseState

MOST = 50


def waiting_for(user: User) -> list[TodoItem]:
    """To who keeps the record, the oldest change first. As many queries, whatever the number of systems."""
    changed = list(_changed_since(user)[:MOST])
    prefetch_rows(changed)
    return [_item(system, user) for system in changed if not _is_told(system)]


def _changed_since(user: User) -> "QuerySet[AISystem]":
    """Written to since the public version was frozen, and nothing asked for since."""
    bodies = organizations_where(user, Permission.EDIT_SYSTEMS).values("pk")
    shown = F("public_record__publication__published_at")
    frozen_at = Coalesce(F("public_record__publication__case__submitted_at"), shown)
    history = AISystem.pgh_event_models["insert"].objects  # type: ignore[attr-defined]
    first = history.filter(pgh_obj_id=OuterRef("pk"), updated_at__gt=OuterRef("frozen_at")).order_by("updated_at")
    open_cases = (CaseState.SUBMITTED, CaseState.SENT_BACK)
    asked = PublicationRequest.objects.filter(
        system=OuterRef("pk"), case__state__in=open_cases, case__submitted_at__gt=OuterRef("frozen_at")
    )
    mine = AISystem.objects.declared().in_use().filter(kept_by(user), organization__in=bodies)
    public = mine.filter(public_record__isnull=False).exclude(public_record__kind__in=NOT_SHOWN)
    late = public.annotate(frozen_at=frozen_at).filter(~Exists(asked), updated_at__gt=F("frozen_at"))
    found = late.annotate(changed_at=Coalesce(Subquery(first.values("updated_at")[:1]), F("updated_at")))
    read = found.select_related("organization", "solution", "public_record__publication")
    return read.prefetch_related("visibilities", "solution__claims").order_by("changed_at", "pk")


def _is_told(system: AISystem) -> bool:
    """The public reads this already: of a line, its three answers; of a sheet, all that is public of the record."""
    document, facts = system.public_record.publication.document, system_facts(system).as_json()
    if system.public_record.kind != PublicationKind.SHEET:
        return all(document["system"].get(key) == facts.get(key) for key in LINE_KEYS)
    return bool(document["system"] == facts and document.get("details", {}) == detail_facts(system).as_json())


def _item(system: AISystem, user: User) -> TodoItem:
    """Who may not publish asks a colleague who may."""
    reason, page = why_me(system, user), "publish"
    if not permissions.can_publish(user, system):
        reason, page = " ".join([reason, _("Ask a colleague who may publish.")]), "system"
    return TodoItem(
        what=_("Publish again: the public text is out of date"),
        about=str(system.name),
        why_me=reason,
        due_on=republish_due_on(clock.civil_date(system.changed_at)),  # type: ignore[attr-defined]
        address=reverse(f"registry:{page}", args=[system.uuid]),
    )
