"""Systems and assessments that an answer links to: which record a text names, what it is called today, what a page
offers.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from assessments.models import Assessment
from assessments.models.questionnaire import questionnaire_of
from assessments.questionnaires import Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import DEFAULT_LENGTHS, flat_of
from assessments.scoring.links import RECORD_KINDS, Link, Named, links_of, named_in
from assessments.scoring.values import WEB_ADDRESS
from assessments.workflow import AssessmentState
from core.text import Localized, cut_at_word, pick, reader_language
from organizations.models import Organization, User
from registry.models import AISystem, PublicRecord
from registry.public.names import name_in
from registry.workflow import NOT_SHOWN

# A list that nobody reads to its end; whoever wants another writes its number.
MOST_OFFERED = 100


@dataclass(frozen=True)
class LinkedRecord:
    """What a text names, as it is called today: «NUMBER – name». `page`, `key`: where one reads it."""

    title: Localized
    page: str
    key: str

    @property
    def address(self) -> str:
        return reverse(self.page, args=[self.key])


Found = Mapping[tuple[str, str], LinkedRecord]
"""(kind, text) → the record that it names; nothing of a text that names none."""


def links_in(reading: Reading, questions: Iterable[Question]) -> list[Link]:
    """Every row of these questions that is stored."""
    return [link for each in questions for link in links_of(each, flat_of(each, reading.answers.get(each.id)))]


def records_of(links: Iterable[Link], organization: Organization, reader: User | None = None) -> Found:
    """The records that these rows name: those that the body has, then systems that another body published, by their
    number. `reader`: only what this person may see. One query for each kind that is named, one more for publications,
    none where nothing names a record.
    """
    named: dict[tuple[str, str], Named] = {
        (link.kind, link.reference): named_in(link.reference) for link in links if link.is_of_record
    }
    systems = {key: each for key, each in named.items() if key[0] == "system"}
    found = _among(systems, _systems(systems.values(), organization, reader))
    elsewhere = {key: each for key, each in systems.items() if key not in found}
    found |= _among(elsewhere, _published(elsewhere.values(), organization))
    assessments = {key: each for key, each in named.items() if key[0] == "assessment"}
    return found | _among(assessments, _assessments(assessments.values(), organization, reader))


Known = Mapping[Any, LinkedRecord]
"""By what a text may name a record by: its uuid, its number, the number of its system with its instrument."""


def _among(named: Mapping[tuple[str, str], Named], known: Known) -> dict[tuple[str, str], LinkedRecord]:
    """The page first: whoever pasted one means it, whatever else the address holds."""
    found = {}
    for key, each in named.items():
        number: Any = each.number if key[0] == "system" else (each.number, each.instrument)
        record = known.get(each.uuid) or known.get(number)
        if record:
            found[key] = record
    return found


def _asked(named: Iterable[Named], uuid: str, reference: str) -> Q | None:
    pages = {each.uuid for each in named if each.uuid}
    numbers = {each.number for each in named if each.number}
    asked = Q(**{f"{uuid}__in": pages}) if pages else None
    if not numbers:
        return asked
    by_number = Q(**{f"{reference}__in": numbers})
    return asked | by_number if asked else by_number


def _systems(named: Collection[Named], organization: Organization, reader: User | None) -> Known:
    asked = _asked(named, "uuid", "reference")
    if asked is None:
        return {}
    seen = AISystem.objects.filter(organization=organization)
    seen = seen.visible_to(reader) if reader else seen
    found: dict[Any, LinkedRecord] = {}
    for uuid, number, french, english in seen.filter(asked).values_list("uuid", "reference", "name_fr", "name_en"):
        record = LinkedRecord(_titled(number, french, english), "registry:system", str(uuid))
        found |= {uuid: record, number: record}
    return found


def _titled(number: str | None, french: str, english: str) -> Localized:
    name = pick({"fr": french, "en": english})
    return Localized(" – ".join(filter(None, (number, name.text))), name.language)


def _published(named: Collection[Named], organization: Organization) -> Known:
    """By what the public reads of them, and nothing else."""
    numbers = {each.number for each in named if each.number}
    if not numbers:
        return {}
    shown = PublicRecord.objects.filter(reference__in=numbers).exclude(kind__in=NOT_SHOWN)
    rows = shown.exclude(system__organization=organization).annotate(names=F("publication__document__system__name"))
    found = {}
    for number, names in rows.values_list("reference", "names"):
        name = name_in({"system": {"name": names or {}}})
        title = Localized(f"{number} – {name.text}", name.language)
        found[number] = LinkedRecord(title, "transparency:system", number)
    return found


def _assessments(named: Collection[Named], organization: Organization, reader: User | None) -> Known:
    """Of one instrument and one system, the latest; one that was left is found by its page alone."""
    asked = _asked(named, "uuid", "system__reference")
    if asked is None:
        return {}
    seen = Assessment.objects.filter(organization=organization)
    seen = seen.visible_to(reader) if reader else seen
    instruments = {each.instrument for each in named if each.instrument}
    wanted = {each.uuid for each in named if each.uuid}
    asked &= Q(uuid__in=wanted) | Q(instrument__in=instruments) & ~Q(state=AssessmentState.WITHDRAWN)
    found: dict[Any, LinkedRecord] = {}
    for row in _with_names(seen.filter(asked)).order_by("pk"):
        record = LinkedRecord(_title_of(row), "assessments:assessment", str(row["uuid"]))
        found[row["uuid"]] = record
        if row["state"] != AssessmentState.WITHDRAWN:
            found[row["system__reference"], row["instrument"]] = record
    return found


def _with_names(assessments: QuerySet[Assessment]) -> Any:
    """Without the content of the questionnaire, which is kept in memory."""
    columns = ("uuid", "state", "instrument", "version_asked", "version_asked__digest")
    return assessments.values(*columns, "system__reference", "system__name_fr", "system__name_en")


def _title_of(row: Mapping[str, Any]) -> Localized:
    """«NUMBER instrument – short title, name of the system»: its first two words name it again."""
    language, number = reader_language(), row["system__reference"]
    title = questionnaire_of(row["version_asked"], row["version_asked__digest"]).short_title[language]
    name = pick({"fr": row["system__name_fr"], "en": row["system__name_en"]})
    words = [f"{number} {row['instrument']}" if number else "", f"{title}, {name.text}"]
    return Localized(" – ".join(filter(None, words)), language)


@dataclass(frozen=True)
class Way:
    """Where a reference leads. `is_outside`: an address that somebody wrote, not a page of ours."""

    address: str
    title: Localized
    is_outside: bool = False


def way_of(link: Link, records: Found) -> Way | None:
    """To the page of the record that it names, else to the web address that it is."""
    if record := records.get((link.kind, link.reference)):
        return Way(record.address, record.title)
    if WEB_ADDRESS.fullmatch(link.reference):
        return Way(link.reference, Localized(link.reference, reader_language()), is_outside=True)
    return None


# --- What a page offers -----------------------------------------------------------------------------------------------
def offered_records(
    questions: Iterable[Question], organization: Organization, reader: User
) -> dict[str, tuple[str, ...]]:
    """Kind → texts to choose from, for the kinds that these questions link to: what the body has with a number and this
    person may see, the most recently changed first. One query a kind.
    """
    kinds = {kind for question in questions for kind in question.links} & RECORD_KINDS
    offers = {"system": _offered_systems, "assessment": _offered_assessments}
    return {kind: tuple(map(_short, offers[kind](organization, reader))) for kind in sorted(kinds)}


def _short(text: str) -> str:
    """The reference takes no more; what names the record stands at its beginning."""
    return cut_at_word(text, DEFAULT_LENGTHS["text"])


def _offered_systems(organization: Organization, reader: User) -> Iterator[str]:
    seen = AISystem.objects.filter(organization=organization).visible_to(reader).declared().in_use()
    rows = seen.order_by("-updated_at", "-pk").values_list("reference", "name_fr", "name_en")[:MOST_OFFERED]
    return (_titled(*row).text for row in rows)


def _offered_assessments(organization: Organization, reader: User) -> Iterator[str]:
    """The latest of each instrument of each system: the one that its text will name."""
    seen = Assessment.objects.filter(organization=organization).visible_to(reader)
    seen = seen.filter(system__reference__isnull=False, system__put_away_at__isnull=True)
    latest = seen.exclude(state=AssessmentState.WITHDRAWN).order_by("system_id", "instrument", "-pk")
    keys = latest.distinct("system_id", "instrument").values("pk")
    rows = _with_names(Assessment.objects.filter(pk__in=keys)).order_by("-updated_at", "-pk")[:MOST_OFFERED]
    return (_title_of(row).text for row in rows)
