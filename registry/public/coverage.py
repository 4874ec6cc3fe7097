"""Coverage of the register: where each public body stands, told from what is public and from nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core import clock
from core.text import Localized, localized
from organizations.public import PublicBodyPage, public_bodies
from organizations.workflow import Kind, Role
from registry.models import PublicCoverage, PublicRecord
from registry.public.search.facets import RegisterCounts, register_counts
from registry.public.site import count_by_body
from registry.rules.coverage import Coverage as Coverage
from registry.rules.coverage import is_to_renew, state_of
from registry.workflow import Phase, PublicationKind

LABELS: Mapping[Coverage, Promise] = {
    Coverage.PUBLISHED: gettext_lazy("Has published"),
    Coverage.IN_PROGRESS: gettext_lazy("In progress"),
    Coverage.NONE: gettext_lazy("No AI"),
    Coverage.SILENT: gettext_lazy("Silent"),
}
EXPLANATIONS: Mapping[Coverage, Promise] = {
    Coverage.PUBLISHED: gettext_lazy("At least one of its systems is on this site."),
    Coverage.IN_PROGRESS: gettext_lazy("It has declared a system; none is on this site yet."),
    Coverage.NONE: gettext_lazy(
        "It attests that it uses no AI system and no automated decision system. An attestation is worth one year."
    ),
    Coverage.SILENT: gettext_lazy("It has told nothing here. That does not mean that it uses no AI."),
}
# The register does not expect them to declare: they have no state while they are silent.
NOT_EXPECTED = frozenset({Kind.COMPANY, Kind.CLUSTER, Kind.FOREIGN})


# Slug of a body and kind of its public version → systems.
Kinds = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class NoAI:
    """What the body attested: on which day, by which function, in what words."""

    on: date
    code: str
    note: Localized
    is_to_renew: bool

    @property
    def function(self) -> str:
        return str(Role(self.code).label) if self.code in Role.values else self.code


@dataclass(frozen=True)
class BodyCoverage:
    """One body. `state` is empty for a closed body that published nothing, and for a company that is silent.

    Of the `systems` shown, `lines` have their sheet to come and `withheld` are not disclosed; None: not counted.
    """

    body: PublicBodyPage
    state: Coverage | None
    systems: int
    lines: int | None
    withheld: int | None
    no_ai: NoAI | None

    @property
    def label(self) -> str:
        return str(LABELS[self.state]) if self.state else ""

    @property
    def explanation(self) -> str:
        return str(EXPLANATIONS[self.state]) if self.state else ""

    @property
    def is_to_renew(self) -> bool:
        return self.state == Coverage.NONE and self.no_ai is not None and self.no_ai.is_to_renew


@dataclass(frozen=True)
class StateFigure:
    """How many bodies are in one state."""

    state: Coverage
    label: str
    explanation: str
    bodies: int


@dataclass(frozen=True)
class CoverageFigures:
    """`total`: the bodies that have a state. `to_renew`: attestations older than a year."""

    states: tuple[StateFigure, ...]
    total: int
    to_renew: int

    @property
    def published(self) -> int:
        return next(one.bodies for one in self.states if one.state == Coverage.PUBLISHED)


def coverage() -> list[BodyCoverage]:
    """Every public body, in the order of names: six queries at most, however many bodies."""
    return _covered(public_bodies(), count_by_body(register_counts()), kinds=_kinds())


def coverage_in_brief(counts: RegisterCounts, bodies: Sequence[PublicBodyPage]) -> list[BodyCoverage]:
    """The same from counts and bodies that were read already, without counting lines: one query, seldom two."""
    return _covered(bodies, count_by_body(counts))


def coverage_of(body: PublicBodyPage, systems: int) -> BodyCoverage:
    """One body, whose number of systems is known already, without counting lines: one query, seldom two."""
    return _covered([body], {body.facts.slug: systems}, only=[body.key])[0]


def counted(rows: Sequence[BodyCoverage]) -> list[BodyCoverage]:
    """Bodies of the demonstration are never counted with real ones."""
    return [row for row in rows if not row.body.is_demonstration] or list(rows)


def coverage_figures(rows: Sequence[BodyCoverage]) -> CoverageFigures:
    held = [row for row in counted(rows) if row.state]
    states = tuple(
        StateFigure(state, str(LABELS[state]), str(EXPLANATIONS[state]), sum(row.state == state for row in held))
        for state in Coverage
    )
    return CoverageFigures(states, len(held), sum(row.is_to_renew for row in held))


def _covered(
    bodies: Sequence[PublicBodyPage],
    systems: Mapping[str, int],
    *,
    kinds: Kinds | None = None,
    only: list[int] | None = None,
) -> list[BodyCoverage]:
    today = clock.civil_date(clock.now())
    told = {row.organization_id: row for row in _rows(only)}
    attested = [body for body in bodies if body.key in told and told[body.key].attested_on]
    used = _shows_use([slug for body in attested if _shown(body, systems) for slug in body.slugs])
    return [_one(body, told.get(body.key), _shown(body, systems), kinds, used, today) for body in bodies]


def _shown(body: PublicBodyPage, systems: Mapping[str, int]) -> int:
    return sum(systems.get(slug, 0) for slug in body.slugs)


def _one(
    body: PublicBodyPage,
    row: PublicCoverage | None,
    shown: int,
    kinds: Kinds | None,
    used: set[str],
    today: date,
) -> BodyCoverage:
    no_ai = None
    if row and row.attested_on and not body.closed_on:
        no_ai = NoAI(row.attested_on, row.function, localized(row, "note"), is_to_renew(row.attested_on, today))
    state = state_of(
        systems=shown,
        is_attested=no_ai is not None,
        shows_use=not used.isdisjoint(body.slugs),
        has_declared=bool(row and row.has_declared),
    )
    return BodyCoverage(
        body=body,
        state=state if _has_state(body, state) else None,
        systems=shown,
        lines=_of_kind(PublicationKind.LINE, body, kinds),
        withheld=_of_kind(PublicationKind.WITHHELD, body, kinds),
        no_ai=no_ai if state == Coverage.NONE else None,
    )


def _has_state(body: PublicBodyPage, state: Coverage) -> bool:
    if body.closed_on:
        return state == Coverage.PUBLISHED
    return state != Coverage.SILENT or body.facts.kind not in NOT_EXPECTED


def _of_kind(kind: PublicationKind, body: PublicBodyPage, kinds: Kinds | None) -> int | None:
    return None if kinds is None else sum(kinds.get((slug, kind), 0) for slug in body.slugs)


def _rows(only: list[int] | None) -> Iterable[PublicCoverage]:
    rows = PublicCoverage.objects.only(*PublicCoverage.public_columns).order_by("pk")
    return rows if only is None else rows.filter(organization_id__in=only)


def _kinds() -> Kinds:
    """Of the systems that are not whole sheets."""
    rows: Any = PublicRecord.objects.filter(kind__in=[PublicationKind.LINE, PublicationKind.WITHHELD])
    found = rows.order_by().values_list("body_slug", "kind").annotate(count=Count("pk"))
    return {(slug, kind): count for slug, kind, count in found}


def _shows_use(slugs: list[str]) -> set[str]:
    """Of these, the slugs under which the public reads a system that is not retired."""
    if not slugs:
        return set()
    return set(shown_in_use().filter(body_slug__in=slugs).order_by().values_list("body_slug", flat=True).distinct())


def shown_in_use() -> QuerySet[PublicRecord]:
    """Systems that the public reads and that are not retired: what contradicts «aucune IA» before a visitor."""
    told = PublicRecord.objects.filter(kind__in=[PublicationKind.SHEET, PublicationKind.LINE])
    return told.exclude(phase__in=["", Phase.RETIRED])
