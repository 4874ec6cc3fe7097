"""What other rooms and the public site may know of a body: its public copy, never its sheet or its people.

Read under the database role `vigie_public`, which sees the two tables of this module and nothing else of this room.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from django.db.models import Prefetch

from core.text import Localized, pick
from organizations.models import Organization, PublicBody, PublicBodyName, Succession

# What a person may ask of a body, and the doors outside it: for the public site and for documents on paper.
from organizations.rules import by_kind as by_kind
from organizations.rules import remedies_for as remedies_for
from organizations.rules.rights import rights_for as rights_for
from organizations.workflow import Kind, Regime, SuccessionKind


@dataclass(frozen=True)
class BodyFacts:
    """The `body` section of a publication document: who answers for the system and how to reach them."""

    section: ClassVar[str] = "body"
    sigle: str
    slug: str
    name: Mapping[str, str]
    kind: str
    regimes: tuple[str, ...]
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    website: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `registry/publication.v1.schema.json` wants it: what is empty is not there."""
        told = {
            "sigle": self.sigle,
            "slug": self.slug,
            "name": dict(self.name),
            "kind": self.kind,
            "regimes": list(self.regimes),
        }
        contacts = {
            "email": self.email,
            "phone": self.phone,
            "postal_address": self.postal_address,
            "website": self.website,
        }
        return told | {key: value for key, value in contacts.items() if value}


class BelongsToBody(Protocol):
    """An AI system, as this room knows it: something a body answers for."""

    organization: Any


def body_facts(system: BelongsToBody) -> BodyFacts:
    """Named in PUBLICATION_FACTS: what this room publishes about a system."""
    return body_facts_of(answering_body(system.organization))


def answering_body(organization: Organization) -> Organization:
    """Who answers today for what this body declared: itself, or the one that took it in, and so on. No query while it
    is open.
    """
    seen = set()
    while organization.closed_on and organization.pk not in seen:
        seen.add(organization.pk)
        merged = Succession.objects.filter(predecessor=organization, kind=SuccessionKind.MERGED)
        followed = merged.select_related("successor").order_by("-effective_on", "-pk").first()
        organization = followed.successor if followed else organization
    return organization


def body_facts_of(organization: Organization) -> BodyFacts:
    return BodyFacts(
        sigle=organization.sigle,
        slug=organization.sigle.lower(),
        name=_texts(organization.name_fr, organization.name_en),
        kind=organization.kind,
        regimes=tuple(organization.regimes),
        email=organization.contact_email,
        phone=organization.contact_phone,
        postal_address=organization.postal_address,
        website=organization.website,
    )


@dataclass(frozen=True)
class OldName:
    """A name or sigle that the body, or one it took in, no longer bears."""

    slug: str
    name: Mapping[str, str]
    until: date


@dataclass(frozen=True)
class PublicBodyPage:
    """A body as its public page shows it. `slugs`: its own and the old ones, under which systems may be published;
    `key`: by which other public tables name it.
    """

    key: int
    facts: BodyFacts
    old_names: tuple[OldName, ...]
    parent_slug: str
    is_demonstration: bool
    closed_on: date | None
    no_second_look_reason: str = ""

    @property
    def name(self) -> Localized:
        return pick(dict(self.facts.name))

    @property
    def kind_label(self) -> str:
        return str(Kind(self.facts.kind).label)

    @property
    def regime_labels(self) -> tuple[str, ...]:
        return tuple(str(Regime(code).label) for code in self.facts.regimes)

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([self.facts.slug, *(old.slug for old in self.old_names)]))


@dataclass(frozen=True)
class MovedTo:
    """The sigle asked for is an old one: this is where it leads now."""

    slug: str


def public_bodies() -> list[PublicBodyPage]:
    """Every public body, in the order of names. Two queries."""
    return [_page(body) for body in _with_old_names()]


@dataclass(frozen=True)
class BodyName:
    """What a list says of a body. `slugs`: its own and the old ones, under which systems may be published."""

    slug: str
    name: Localized
    slugs: tuple[str, ...]


def body_names() -> list[BodyName]:
    """Every public body, in the order of names. One query, that reads names alone."""
    rows = PublicBody.objects.order_by("sort_key", "pk").values_list("slug", "document__name", "old_names__slug")
    names: dict[str, Mapping[str, str]] = {}
    slugs: dict[str, set[str]] = {}
    for slug, name, old in rows:
        names[slug] = name
        slugs.setdefault(slug, {slug}).update([old] if old else [])
    return [BodyName(slug, pick(dict(name)), tuple(sorted(slugs[slug]))) for slug, name in names.items()]


def public_body(slug: str) -> PublicBodyPage | MovedTo | None:
    """The body of this sigle; for an old sigle, the one to be asked for instead; nothing for an unknown one."""
    wanted = slug.lower()
    if body := _with_old_names().filter(slug=wanted).first():
        return _page(body)
    old = PublicBodyName.objects.filter(slug=wanted).select_related("body").order_by("-until", "pk").first()
    return MovedTo(old.body.slug) if old else None


def _with_old_names() -> Any:
    names = PublicBodyName.objects.order_by("-until", "pk")
    return PublicBody.objects.order_by("sort_key", "pk").prefetch_related(Prefetch("old_names", queryset=names))


def _page(body: PublicBody) -> PublicBodyPage:
    document = body.document
    return PublicBodyPage(
        key=body.organization_id,
        facts=BodyFacts(
            sigle=document["sigle"],
            slug=document["slug"],
            name=document["name"],
            kind=document["kind"],
            regimes=tuple(document["regimes"]),
            email=document.get("email", ""),
            phone=document.get("phone", ""),
            postal_address=document.get("postal_address", ""),
            website=document.get("website", ""),
        ),
        old_names=tuple(OldName(old.slug, _texts(old.name_fr, old.name_en), old.until) for old in body.old_names.all()),
        parent_slug=document["parent"],
        is_demonstration=document["is_demonstration"],
        closed_on=date.fromisoformat(document["closed_on"]) if document["closed_on"] else None,
        no_second_look_reason=document.get("no_second_look_reason", ""),
    )


def _texts(name_fr: str, name_en: str) -> dict[str, str]:
    return {language: text for language, text in (("fr", name_fr), ("en", name_en)) if text}
