"""How fast a whole inventory enters the register: declared, numbered, published, with its history and its events."""

from collections.abc import Sequence

from bench import content
from bench.content import draft_system
from bench.results import Result, elapsed_ms, number
from organizations.models import Organization, User
from registry.models import AISystem
from registry.services.entering import enter_systems
from registry.services.imports.batches import write_in_batches
from registry.services.publication import publish_system
from registry.services.systems import declare_system

TOGETHER, ONE_BY_ONE = 5000, 150
GOAL, TIMES = 300, 4


def measure() -> list[Result]:
    body = Organization.objects.filter(parent__isnull=False).order_by("pk")[0]
    person = content.owner_of(body)
    many = elapsed_ms(lambda: _together(body, _drafts(body, person, TOGETHER), person)) / 1000
    few = elapsed_ms(lambda: _one_by_one(_drafts(body, person, ONE_BY_ONE), person)) / 1000
    made = _seconds_to_make(body, person)
    fast, slow = TOGETHER / (many - made * TOGETHER), ONE_BY_ONE / (few - made * ONE_BY_ONE)
    return [
        Result(
            f"Entrée au registre de {number(TOGETHER)} systèmes (historique, événements et fiche publique), par 500",
            f"{number(fast)} lignes/s",
            f"≥ {GOAL} lignes/s et ≥ {TIMES} × un à un",
            fast >= GOAL and fast >= TIMES * slow,
            reference=f"un à un\u00a0: {number(slow)} lignes/s, soit {number(fast / slow, 1)} ×",
        )
    ]


def _seconds_to_make(body: Organization, person: User) -> float:
    """The drafts themselves are not what is measured."""
    return elapsed_ms(lambda: _drafts(body, person, 500)) / 1000 / 500


def _drafts(body: Organization, person: User, count: int) -> list[AISystem]:
    return AISystem.objects.bulk_create([draft_system(one, body, person) for one in range(count)], batch_size=500)


def _together(body: Organization, drafts: list[AISystem], person: User) -> None:
    def write(batch: Sequence[AISystem]) -> None:
        enter_systems(organization=body, systems=batch, publishes=True, by=person)

    def refuse(one: AISystem) -> None:
        raise RuntimeError(f"refused: {one}")

    write_in_batches(drafts, write=write, refuse=refuse)


def _one_by_one(drafts: list[AISystem], person: User) -> None:
    for draft in drafts:
        publish_system(system=declare_system(system=draft, by=person), by=person)
