"""Which version the public sees, and what search knows of it. Everything here can be rebuilt from publications."""

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from core.fields import Unaccent
from registry.field_catalogue import CATALOGUE
from registry.models import Publication, PublicRecord
from registry.workflow import PublicationKind

# Weight of each text in a search: the name first, then what the system does, then the rest.
WEIGHTS = {
    "name": "A",
    "summary": "B",
    "need": "C",
    "benefit": "C",
    "unit": "C",
    "data_description": "D",
    "affected_details": "D",
}
CODED = ("category", "autonomy", "affected", "phase")


def refresh_public_record(publication: Publication) -> PublicRecord:
    """Show this version. A withdrawn one leaves search; its address shows the trace."""
    document, system = publication.document, publication.document["system"]
    values = {
        "publication": publication,
        "reference": publication.reference,
        "body_slug": document["body"]["slug"],
        "kind": publication.kind,
        "phase": system.get("phase", ""),
        "category": system.get("category", ""),
        "autonomy": system.get("autonomy", ""),
        "personal_information": system.get("personal_information", ""),
        "sort_key": Unaccent(Value(name_of(document).lower())),
        "updated_at": publication.published_at,
        "search_fr": search_vector(document, "fr"),
        "search_en": search_vector(document, "en"),
    }
    record, _is_new = PublicRecord.objects.update_or_create(
        system_id=publication.system_id,
        defaults=values,
        create_defaults={**values, "first_published_at": publication.published_at},
    )
    return record


def name_of(document: dict[str, Any]) -> str:
    names: dict[str, str] = document["system"]["name"]
    return names.get("fr") or next(iter(names.values()), "")


def search_vector(document: dict[str, Any], language: str) -> Any:
    """Words of the sheet with their weights. Both languages index all texts: a sheet in French is found in English
    pages by its French words, and by the English labels of its codes.
    """
    config = f"vigie_{language}"
    if document["kind"] == PublicationKind.WITHDRAWN:
        return SearchVector(Value(""), config=config)
    system, body = document["system"], document["body"]
    parts = [(" ".join(system.get(key, {}).values()), weight) for key, weight in WEIGHTS.items()]
    parts.append((" ".join([body["sigle"], *body["name"].values(), document["reference"]]), "B"))
    parts.append((" ".join(_labels(system, language)), "D"))
    vectors = [SearchVector(Value(text), weight=weight, config=config) for text, weight in parts if text]
    combined: Any = vectors[0]
    for vector in vectors[1:]:
        combined = combined + vector
    return combined


def _labels(system: dict[str, Any], language: str) -> list[str]:
    found = []
    for code in CODED:
        labels = dict(CATALOGUE.choices(code, language))
        value = system.get(code, [])
        found += [labels[one] for one in ([value] if isinstance(value, str) else value) if one in labels]
    return found
