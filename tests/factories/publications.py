"""What the public sees: bodies, systems published by the services, records of other governments."""

import uuid
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.utils import timezone

from core.fields import Unaccent
from organizations.models import Organization, User
from organizations.services.public_copy import publish_body
from organizations.workflow import Role
from registry.models import AISystem, ForeignSystem, Publication, PublicRecord
from registry.services.publication import publish_system
from registry.services.search_index import learn_foreign_words
from tests.factories.organizations import OrganizationFactory, person
from tests.factories.registry import SystemFactory


def public_organization(**fields: Any) -> Organization:
    """A body with its public copy."""
    organization: Organization = OrganizationFactory(**fields)
    publish_body(organization=organization, by=person())
    return organization


def publisher_of(organization: Organization) -> User:
    """Somebody who publishes and withdraws there."""
    known = User.objects.filter(memberships__organization=organization, memberships__role=Role.AI_LEAD)
    return known.order_by("pk").first() or person(organization, Role.AI_LEAD)


def published(organization: Organization | None = None, **fields: Any) -> AISystem:
    """A system whose version 1 is public: a full sheet, or a line when one of the six answers is left out."""
    organization = organization or public_organization()
    by = publisher_of(organization)
    system: AISystem = SystemFactory(organization=organization, created_by=by, **fields)
    version = publish_system(system=system, by=by)
    assert isinstance(version, Publication)
    return system


def published_again(system: AISystem, *, note: str = "Le besoin est mieux décrit.", **fields: Any) -> Publication:
    """Its next version, with these answers changed."""
    for name, value in fields.items():
        setattr(system, name, value)
    system.save()
    version = publish_system(system=system, by=publisher_of(system.organization), change_note=note)
    assert isinstance(version, Publication)
    return version


def copies(system: AISystem, count: int) -> None:
    """As many public systems more, all alike but for their numbers: for lists that must not slow down."""
    record = system.public_record
    publication = record.publication
    first = AISystem.objects.count()
    names = [f"QC-{system.organization.sigle}-{first + number:05d}" for number in range(count)]
    systems = AISystem.objects.bulk_create([_copy(system, reference=name) for name in names])
    versions = Publication.objects.bulk_create(
        [_copy(publication, reference=each.reference, system=each) for each in systems]
    )
    PublicRecord.objects.bulk_create(
        [_copy(record, reference=each.reference, system=each.system, publication=each) for each in versions]
    )


def _copy(row: Any, **changes: Any) -> Any:
    generated = {"id", "sort_key"} if isinstance(row, AISystem) else {"id"}
    names = {field.name for field in row._meta.concrete_fields} - generated
    values = {name: getattr(row, name) for name in names}
    if "uuid" in values:
        values["uuid"] = uuid.uuid4()
    return type(row)(**(values | changes))


def foreign(source_id: str = "2526-EXEMPLE-001", *, source: str = "ca", **document: Any) -> ForeignSystem:
    """One record of a register from elsewhere, in both languages unless `names` and `texts` say otherwise."""
    names = document.pop("names", {"fr": "Aide à la traduction", "en": "Translation help"})
    texts = document.pop("texts", {"description": {"fr": "Traduit des lettres.", "en": "Translates letters."}})
    told = [*names.values(), *(text for said in texts.values() for text in said.values())]
    words = " ".join(told)
    whole = {
        "register": source,
        "source_id": source_id,
        "names": names,
        "organization": {"fr": "Ministère fédéral d'essai", "en": "Federal Test Department"},
        "texts": texts,
        "codes": {"phase": "in_service", "origin": "supplier", "personal_information": "unknown"},
        "status_year": 2025,
        "vendor": "Exemple inc.",
        "licence": "OGL-Canada-2.0",
        "languages": list(names),
        "details": {},
    } | document
    learn_foreign_words(told)
    return ForeignSystem.objects.create(
        register=source,
        source_id=source_id,
        document=whole,
        digest="0" * 64,
        phase=whole["codes"].get("phase", ""),
        first_seen_on=date(2026, 11, 1),
        last_seen_on=date(2026, 11, 20),
        updated_at=timezone.now(),
        sort_key=Unaccent(Value(next(iter(names.values())).lower())),
        search_fr=SearchVector(Value(words), config="vigie_fr"),
        search_en=SearchVector(Value(words), config="vigie_en"),
        search_nl=SearchVector(Value(words), config="vigie_nl"),
    )
