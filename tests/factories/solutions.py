"""Shared products: entered by one body, named by systems, public once a sheet names them."""

from datetime import date
from typing import Any

from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem, Publication, Solution, SolutionClaim
from registry.services.publication import publish_system
from registry.services.solutions import add_claim, enter_solution, use_solution
from tests.factories.organizations import person
from tests.factories.publications import public_organization, publisher_of
from tests.factories.registry import SystemFactory

NAMES = {
    "name_fr": "Assistant de rédaction",
    "name_en": "Writing assistant",
    "description_fr": "Propose un brouillon de réponse.",
    "trade_name": "Plume d'or",
    "supplier": "Maison des lettres",
    "supplier_country": "france",
    "website_url": "https://maison-des-lettres.example/plume",
}
CLAIM = {
    "claim_fr": "Neuf brouillons sur dix seraient bons.",
    "source": "Fiche du produit, page 4",
    "stated_on": date(2026, 3, 15),
}
INTERNAL = ("Plume d'or", "Maison des lettres", "maison-des-lettres.example")


def solution_of(body: Organization, by: User | None = None, **fields: Any) -> Solution:
    by = by or person(body, Role.CONTRIBUTOR)
    return enter_solution(organization=body, answers={**NAMES, **fields}, by=by)


def claim_of(solution: Solution, by: User | None = None, **fields: Any) -> SolutionClaim:
    by = by or person(solution.organization, Role.CONTRIBUTOR)
    return add_claim(solution=solution, answers={**CLAIM, **fields}, by=by)


def public_user(solution: Solution, body: Organization | None = None, **fields: Any) -> AISystem:
    """A system that names it, public as version 1: a whole sheet, unless an answer of the sheet is left out."""
    body = body or public_organization()
    by = publisher_of(body)
    system: AISystem = SystemFactory(organization=body, created_by=by, **fields)
    system = use_solution(system=system, solution=solution, seen=None, by=by)
    assert isinstance(publish_system(system=system, by=by), Publication)
    return system
