"""«Projets semblables»: names close to the one being declared, so that nobody declares the same thing twice; solutions
that this system probably is a use of, so that nobody describes the same product twice.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, TrigramSimilarity
from django.db.models import F, FloatField, Func, Q, Value
from django.db.models.functions import Greatest, Lower

from core.fields import Unaccent
from organizations.models import User
from registry.models import AISystem, PublicRecord, Solution
from registry.workflow import NOT_SHOWN

MOST = 5
CLOSE_ENOUGH = 0.35
# A supplier named among other words: nearly all its letters stand there in their order.
NAMED = 0.7


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


class _StandsIn(Func):
    """How much of the first text is found, as words, in the second one: from 0 to 1."""

    function = "WORD_SIMILARITY"
    output_field = FloatField()


def likely_solutions(system: AISystem, user: User) -> list[Solution]:
    """Those whose supplier or trade name the system gives, or whose name is close to its own; the closest first. One
    query; whichever body keeps them up.
    """
    said = Lower(Unaccent(Value(f"{system.supplier} {system.model_name}")))
    found: Any = (
        Solution.objects.visible_to(user)
        .exclude(pk=system.solution_id or 0)
        .filter(organization__is_demonstration=system.organization.is_demonstration)
        .annotate(
            by_supplier=_StandsIn(Lower(Unaccent(F("supplier"))), said),
            by_product=_StandsIn(Lower(Unaccent(F("trade_name"))), said),
            by_name=TrigramSimilarity("sort_key", Lower(Unaccent(Value(system.name_fr)))),  # type: ignore[arg-type]
        )
    )
    close = found.annotate(closeness=Greatest("by_product", "by_supplier", "by_name")).filter(
        Q(by_supplier__gte=NAMED) | Q(by_product__gte=NAMED) | Q(by_name__gte=CLOSE_ENOUGH)
    )
    rows = close.select_related("organization").with_users().order_by("-closeness", "sort_key", "id")
    return list(rows[:MOST])
