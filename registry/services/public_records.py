"""Which version the public sees, and what search knows of it. Everything here can be rebuilt from publications."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, Value

from core.fields import Unaccent
from core.outbox import ask
from organizations.models import PublicBody, PublicBodyName
from registry.models import AISystem, Publication, PublicRecord, WholeText
from registry.public.search.texts import LANGUAGES, search_vector, searched_texts, whole_vector
from registry.rules.indicator import followed_benefits, objectives_told
from registry.services.search_index import learn_words, tidy_search
from registry.workflow import PublicationKind

# Each publication leaves a few rows of counts: now and then a job folds them.
FOLD_EVERY = 500
MANY = 500


def refresh_public_record(publication: Publication, *, first_published_at: datetime | None = None) -> PublicRecord:
    """Show this version. A withdrawn one leaves search; its address shows the trace."""
    names = names_of_body(publication)
    values = _values(publication, names)
    record, _is_new = PublicRecord.objects.update_or_create(
        system_id=publication.system_id,
        defaults=values,
        create_defaults={**values, "first_published_at": first_published_at or publication.published_at},
    )
    _let_be_found([publication], names)
    _write_whole_texts([record], names)
    return record


def show_first_versions(publications: Sequence[Publication]) -> None:
    """Show systems of one body that were never public, all at once. What is searched only when nothing else has the
    words follows by a job.
    """
    names = names_of_body(publications[0])
    PublicRecord.objects.bulk_create(
        PublicRecord(system_id=each.system_id, first_published_at=each.published_at, **_values(each, names))
        for each in publications
    )
    _let_be_found(publications, names)
    ask("registry.tasks.index_whole_texts", systems=[each.system_id for each in publications])


@transaction.atomic
def index_whole_texts(systems: Sequence[int]) -> None:
    """Write every text of the versions that are shown of these systems. Doing it twice changes nothing."""
    shown = PublicRecord.objects.filter(system__in=systems).select_related("publication").order_by("pk")
    by_body: dict[str, list[PublicRecord]] = {}
    for record in shown.select_for_update(of=("self",)):
        by_body.setdefault(record.body_slug, []).append(record)
    for records in by_body.values():
        _write_whole_texts(records, names_of_body(records[0].publication))


def index_missing_texts() -> None:
    """Those of records made by an older version of the program."""
    missing = list(PublicRecord.objects.filter(whole__isnull=True).order_by("pk").values_list("system", flat=True))
    for start in range(0, len(missing), MANY):
        index_whole_texts(missing[start : start + MANY])


def _write_whole_texts(records: Sequence[PublicRecord], names: tuple[str, ...]) -> None:
    vectors = [
        {f"words_{language}": whole_vector(each.publication.document, language, names) for language in LANGUAGES}
        for each in records
    ]
    WholeText.objects.bulk_create(
        [WholeText(record=record, **words) for record, words in zip(records, vectors, strict=True)],
        update_conflicts=True,
        unique_fields=["record"],
        update_fields=[f"words_{language}" for language in LANGUAGES],
    )


def _let_be_found(publications: Sequence[Publication], names: tuple[str, ...]) -> None:
    """A typing mistake in one of their words is recognized. The numbers of the filters follow by themselves."""
    shown = [each for each in publications if each.kind != PublicationKind.WITHDRAWN]
    learn_words(text for each in shown for text, _weight in searched_texts(each.document, names))
    if any(each.pk % FOLD_EVERY == 0 for each in publications):
        ask("registry.tasks.fold_facet_counts")


def _values(publication: Publication, names: Iterable[str]) -> dict[str, Any]:
    document, system = publication.document, publication.document["system"]
    return {
        "publication": publication,
        "reference": publication.reference,
        "body_slug": document["body"]["slug"],
        "kind": publication.kind,
        "phase": system.get("phase", ""),
        "category": system.get("category", ""),
        "autonomy": system.get("autonomy", ""),
        "personal_information": system.get("personal_information", ""),
        "techniques": system.get("technique", []),
        "territories": system.get("territory", []),
        "life_events": system.get("life_events", []),
        "objectives": objectives_told(document),
        "followed": followed_benefits(document),
        "solution": document.get("details", {}).get("solution"),
        "sort_key": Unaccent(Value(name_of(document).lower())),
        "updated_at": publication.published_at,
        "search_fr": search_vector(document, "fr", names),
        "search_en": search_vector(document, "en", names),
    }


@transaction.atomic
def rebuild_public_records(*, of: int | None = None) -> int:
    """Every record again, from its last publication: after the catalogue changed. `of`: only those of this body and of
    the bodies whose work it carries on, whose names changed.

    Returns how many. Running it twice changes nothing.
    """
    publications = Publication.objects.all() if of is None else Publication.objects.filter(_carried_on_by(of))
    firsts = dict(publications.order_by("system_id").values_list("system_id").annotate(first=Min("published_at")))
    for system, first in firsts.items():
        AISystem.objects.select_for_update(of=("self",)).get(pk=system)  # a version published now is not undone
        refresh_public_record(Publication.objects.filter(system=system)[0], first_published_at=first)
    if of is None:
        tidy_search()
    return len(firsts)


def _carried_on_by(organization: int) -> Q:
    """Versions of this body, and those whose system is shown under a sigle that now leads to it."""
    sigles = PublicBodyName.objects.filter(body__organization=organization).values("slug")
    shown = PublicRecord.objects.filter(body_slug__in=sigles).values("system")
    return Q(organization=organization) | Q(system__in=shown)


def names_of_body(publication: Publication) -> tuple[str, ...]:
    """Names and sigles the body bears or bore, or those of the body that took over from it, as known at this moment:
    `rebuild_public_records` brings in those that come later. One query.
    """
    slug = publication.document["body"]["slug"]
    followed = PublicBodyName.objects.filter(slug=slug).values("body")
    rows = (
        PublicBody.objects.filter(Q(organization_id=publication.organization_id) | Q(pk__in=followed))
        .order_by("pk")
        .values_list("slug", "document__name", "old_names__slug", "old_names__name_fr", "old_names__name_en")
    )
    names = (name for slug, now, *old in rows for name in (slug, *now.values(), *old) if name)
    return tuple(dict.fromkeys(names))


def name_of(document: dict[str, Any]) -> str:
    """What a list is sorted by; a withheld system has no name, only its number."""
    names: dict[str, str] = document["system"].get("name", {})
    return names.get("fr") or next(iter(names.values()), "") or str(document["reference"])
