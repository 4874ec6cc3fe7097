"""«Projets semblables»: names close to the one being declared, so that nobody declares the same thing twice."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, TrigramSimilarity
from django.db.models import F, Value
from django.db.models.functions import Lower

from core.fields import Unaccent
from organizations.models import User
from registry.models import AISystem, PublicRecord
from registry.workflow import NOT_SHOWN

MOST = 5
CLOSE_ENOUGH = 0.35


@dataclass(frozen=True)
class Similar:
    """One system with a close name; `uuid` when the person may open its file, else only its public page."""

    name: str
    body: str
    reference: str
    uuid: str = ""


def similar_systems(system: AISystem, user: User) -> list[Similar]:
    """In the same body what this person may see; elsewhere in the administration what is public. Two queries."""
    name = Lower(Unaccent(Value(system.name_fr)))
    ours = (
        AISystem.objects.visible_to(user)
        .in_use()
        .filter(organization_id=system.organization_id)
        .exclude(pk=system.pk)
        .annotate(closeness=TrigramSimilarity("sort_key", name))  # type: ignore[arg-type]
        .filter(closeness__gte=CLOSE_ENOUGH)
        .order_by("-closeness", "id")
        .values_list("name_fr", "reference", "uuid")[:MOST]
    )
    found = [Similar(each, system.organization.sigle, number or "", str(uuid)) for each, number, uuid in ours]
    return (found + _elsewhere(system))[:MOST]


def _elsewhere(system: AISystem) -> list[Similar]:
    """Every word of the name stands in the name of a published sheet of another body: the search index answers."""
    shown = (
        PublicRecord.objects.filter(search_fr=SearchQuery(system.name_fr, config="vigie_fr"))
        .exclude(kind__in=NOT_SHOWN)
        .exclude(system__organization_id=system.organization_id)
        .annotate(title=F("publication__document__system__name__fr"))
        .order_by("sort_key", "id")
        .values_list("title", "body_slug", "reference")[:MOST]
    )
    return [Similar(str(title or number), slug.upper(), number) for title, slug, number in shown]
