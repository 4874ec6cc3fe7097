"""A register of any size, always the same: bodies, one person who sees them all, declared and published systems."""

from datetime import UTC, date, datetime
from functools import cache

from django.db import transaction

from core.audit import NamedJob
from organizations.models import Membership, Organization, User
from organizations.services.public_copy import publish_body
from organizations.workflow import Kind, Regime, Role
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, Publication, PublicRecord
from registry.public.search.texts import searched_texts
from registry.services.documents import digest_of, frozen_facts
from registry.services.public_records import name_of, search_vector
from registry.services.search_index import learn_words
from registry.workflow import Affected, Autonomy, Origin, Phase, PublicationKind, Status, YesNoUnsure

BODIES = 20
BATCH = 250
MOMENT = datetime(2026, 1, 15, 15, 0, tzinfo=UTC)
JOB = NamedJob("bench")
VERBS = ("Tri", "Repérage", "Résumé", "Traduction", "Prévision", "Classement", "Détection", "Appariement")
THINGS = ("permis", "demandes", "plaintes", "photos", "rapports", "appels", "inspections", "dossiers", "bourses")
PLACES = ("routes", "écoles", "forêts", "cliniques", "bibliothèques", "parcs", "ports", "archives", "laboratoires")
NEED = "Les {1} des {2} arrivaient trop lentement aux personnes qui les attendent. " * 6


@transaction.atomic
def fill_bodies() -> User:
    """A central agency over twenty bodies, and the person who looks down on all of them."""
    top = _body("CENTRE", "Agence centrale", kind=Kind.CENTRAL)
    person = User.objects.create_user("vigie@centre.example", None, name="Personne de l'agence centrale")
    Membership.objects.bulk_create(
        Membership(
            user=person, organization=top, role=role, starts_on=date(2026, 1, 1), given_at=MOMENT, given_by_ref="bench"
        )
        for role in (Role.CENTRAL_AGENCY, Role.SYSTEM_OWNER)
    )
    for number in range(BODIES):
        publish_body(organization=_body(f"ORG{number:02d}", f"Organisme d'essai {number}", parent=top), by=JOB)
    return person


def _body(sigle: str, name: str, *, kind: Kind = Kind.MINISTRY, parent: Organization | None = None) -> Organization:
    return Organization.objects.create(
        sigle=sigle,
        name_fr=name,
        kind=kind,
        parent=parent,
        regimes=[Regime.LGGRI],
        contact_phone="418 555-0100",
        contact_email=f"info@{sigle.lower()}.example",
        postal_address="1, rue des Exemples\nQuébec (Québec)  G1A 1A1",
    )


def fill_systems(first: int, last: int, person: User) -> None:
    """Systems of these numbers, each with its public sheet."""
    bodies = list(Organization.objects.filter(parent__isnull=False).order_by("pk"))
    for start in range(first, last + 1, BATCH):
        numbers = range(start, min(start + BATCH, last + 1))
        with transaction.atomic():
            _batch([_system(number, bodies[number % BODIES], person) for number in numbers], person)


def _system(number: int, body: Organization, person: User) -> AISystem:
    words = (VERBS[number % 8], THINGS[number % 9], PLACES[number // 9 % 9])
    return AISystem(
        organization=body,
        reference=f"QC-{body.sigle}-{number:05d}",
        status=Status.DECLARED,
        name_fr="{} des {} des {} {}".format(*words, number),
        summary_fr="Aide au {} des {}.".format(*words).lower(),
        need_fr=NEED.format(*words),
        unit_fr=f"Direction des {words[2]}",
        contact_email="ia@organisme.example",
        phase=list(Phase)[number % len(Phase)],
        affected=[list(Affected)[number % 6]],
        autonomy=list(Autonomy)[number % 4],
        personal_information=list(YesNoUnsure)[number % 2],
        data_description_fr=f"Les {words[1]} reçues depuis cinq ans.",
        category=_categories()[number % len(_categories())],
        benefit_fr="Une réponse deux fois plus rapide.",
        origin=list(Origin)[number % 4],
        created_at=MOMENT,
        created_by=person,
        updated_at=MOMENT,
        updated_by=person,
        declared_at=MOMENT,
        declared_by=person,
    )


def owner_of(body: Organization) -> User:
    """Somebody who declares and publishes for this body."""
    person = User.objects.create_user(f"projet@{body.sigle.lower()}.example", None, name="Responsable du système")
    Membership.objects.create(
        user=person,
        organization=body,
        role=Role.SYSTEM_OWNER,
        starts_on=date(2026, 1, 1),
        given_at=MOMENT,
        given_by_ref="bench",
    )
    return person


def draft_system(number: int, body: Organization, person: User) -> AISystem:
    """The same system before it was declared."""
    draft = _system(number, body, person)
    draft.reference, draft.status, draft.declared_at, draft.declared_by = None, Status.DRAFT, None, None
    return draft


@cache
def _categories() -> list[str]:
    return [choice.code for choice in CATALOGUE.field("category").choices]


def _batch(systems: list[AISystem], person: User) -> None:
    made = AISystem.objects.bulk_create(systems)
    publications = Publication.objects.bulk_create(_publication(system, person) for system in made)
    PublicRecord.objects.bulk_create(map(_record, publications))
    learn_words(text for publication in publications for text, _weight in searched_texts(publication.document))


def _publication(system: AISystem, person: User) -> Publication:
    document = {
        **frozen_facts(system, PublicationKind.SHEET),
        "number": 1,
        "published_on": "2026-01-15",
        "change": {"is_major": True, "note": {}},
    }
    return Publication(
        system=system,
        organization=system.organization,
        reference=document["reference"],
        number=1,
        kind=document["kind"],
        document=document,
        digest=digest_of(document),
        published_at=MOMENT,
        published_by=person,
    )


def _record(publication: Publication) -> PublicRecord:
    document = publication.document
    coded = ("phase", "category", "autonomy", "personal_information")
    return PublicRecord(
        system_id=publication.system_id,
        publication=publication,
        reference=publication.reference,
        body_slug=document["body"]["slug"],
        kind=publication.kind,
        sort_key=name_of(document).lower(),
        first_published_at=MOMENT,
        updated_at=MOMENT,
        search_fr=search_vector(document, "fr"),
        search_en=search_vector(document, "en"),
        **{name: document["system"].get(name, "") for name in coded},
    )
