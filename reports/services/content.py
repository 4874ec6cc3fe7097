"""What a sheet says, frozen when it is asked for: texts and labels in the language of the document.

It is the published version when that still says what the register knows; else today's facts, marked as a draft.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock
from core.text import Localized, pick, reader_language
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem, Publication
from registry.public.codes import coded
from registry.public.sheet.answers import answer_of, key_of
from registry.public.sheet.rows import parts_in
from registry.public.sheet.sections import is_told
from registry.public.sheet.shapes import Answer, Measure
from registry.public.sheet.solution import Claim, solution_in
from registry.services.documents import digest_of, frozen_facts
from registry.workflow import PublicationKind
from reports.services.recourse import freeze_recourse

FORMAT = "system_sheet.v1"
# The title of the document says it already.
NOT_REPEATED = frozenset({"name_fr"})

Texts = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """The facts of a sheet, and the publication they come from when it is not a draft."""

    facts: Texts
    publication: Publication | None


def source_of(system: AISystem) -> Source:
    """The version shown to the public if nothing changed since, else the facts of now."""
    facts = frozen_facts(system, PublicationKind.SHEET)
    latest = system.publications.first()
    if latest and all(latest.document.get(key) == value for key, value in facts.items()):
        return Source(latest.document, latest)
    return Source(facts, None)


def freeze_sheet(*, system: AISystem, language: str, moment: datetime) -> Texts:
    """The whole content of the report, as JSON. The document is made from it alone, today or in ten years."""
    source = source_of(system)
    with override(language):
        return {
            "format": FORMAT,
            "facts": source.facts,
            "sheet": _sheet(source, language) | {"generated_at": moment.isoformat()},
        }


def _sheet(source: Source, language: str) -> Texts:
    facts, version = source.facts, source.publication
    address = _public_address(version) if version else ""
    system, body = facts["system"], facts["body"]
    name, body_name = pick(system["name"], language), pick(body["name"], language)
    return {
        "reference": facts["reference"] or _("Draft without a number"),
        "name": name.text,
        "name_lang": _other(name, language),
        "body_name": body_name.text,
        "body_lang": _other(body_name, language),
        "sigle": body["sigle"],
        "language": language,
        "phase_label": coded("phase", system["phase"]).label if system.get("phase") else "",
        "sections": [_section(section.code, section.question[language], facts) for section in CATALOGUE.sections],
        "solution": _solution(facts, language),
        "recourse": freeze_recourse(system, body, language),
        "digest": version.digest if version else digest_of(facts),
        "is_draft": version is None,
        "version_number": str(version.number) if version else "",
        "published_on": clock.civil_date(version.published_at).isoformat() if version else None,
        "demonstration": facts["is_demonstration"],
        "url": address,
        "url_shown": uri_to_iri(address),
    }


def _section(code: str, question: str, facts: Texts) -> Texts:
    """What every declaration answers, whatever else this system answered, then its rows. What a declaration leaves open
    is said to be so; the sixty questions that come later are not, or nobody would find the answers.
    """
    system = facts["system"]
    told = [field for field in CATALOGUE.in_section(code) if is_told(field, system, but=NOT_REPEATED)]
    rows = [_row(field, system) for field in told]
    return {"title": question, "rows": rows + _rows_of_parts(code, facts.get("details", {}))}


def _row(field: Field, system: Texts) -> Texts:
    answer = answer_of(field, system.get(key_of(field)))
    row: Texts = {"label": answer.label, "lang": _other(answer.text, reader_language()), "missing": answer.is_empty}
    link = {"href": f"mailto:{answer.text}"} if field.kind == "email" and answer.text else {}
    if answer.link:
        link = {"href": answer.link}
    return row | {"value": words_of(answer)} | link


def _solution(facts: Texts, language: str) -> Texts | None:
    """The shared product that these facts name, as they describe it; what its supplier claims stays apart."""
    told = solution_in(facts)
    if told is None:
        return None
    fields = CATALOGUE.shared_part("solution_facts")
    named = told.name or Localized(_("A product that several systems share"), language)
    texts = [
        (fields.field("name_fr").label[language], named),
        (fields.field("description_fr").label[language], told.description),
    ]
    rows = [{"label": label, "value": text.text, "lang": _other(text, language)} for label, text in texts if text]
    supplier = [
        {"label": answer.label, "value": words_of(answer), "lang": _other(answer.text, language)}
        for answer in told.supplier
    ]
    return {"rows": rows + supplier, "claims": [_claim(claim, language) for claim in told.claims]}


def _claim(claim: Claim, language: str) -> Texts:
    """Where the supplier says it is typed in French, the language of all that is entered."""
    return {
        "text": claim.text.text,
        "lang": _other(claim.text, language),
        "source": claim.source,
        "source_lang": None if language == "fr" else "fr",
        "stated_on": date_format(claim.stated_on, "DATE_FORMAT"),
    }


def words_of(answer: Answer) -> str:
    """A public answer on paper: labels of codes, a day as people write it, the address of a page as it stands."""
    if answer.chosen:
        return "; ".join(each.label for each in answer.chosen)
    if answer.day:
        return date_format(answer.day, "DATE_FORMAT")
    return answer.link or answer.text.text


def _rows_of_parts(section: str, details: Texts) -> list[Texts]:
    """Each data set, place, recourse or benefit as one entry: its name, then what is known of it, line by line."""
    found = []
    for part in parts_in(section, details):
        one = CATALOGUE.part(part.code).one[reader_language()]
        for row in part.rows:
            told = [(answer.label, words_of(answer)) for answer in row.answers if not answer.is_empty]
            told += [(_moment(measure), measure.value) for measure in row.measures if measure.value]
            lines = [words_of(row.title), *(_("%(label)s: %(value)s") % {"label": a, "value": b} for a, b in told)]
            text = "\n".join(filter(None, [*lines, row.note]))
            label = one[:1].upper() + one[1:]
            found.append({"label": label, "lang": None, "missing": False, "value": text})
    return found


def _moment(measure: Measure) -> str:
    name = {"baseline": _("Before the system"), "target": _("Target")}.get(measure.kind, "")
    return " ".join(filter(None, [name, measure.when]))


def _other(text: Localized, language: str) -> str | None:
    return text.language if text and text.language != language else None


def _public_address(publication: Publication) -> str:
    """Where the public reads this system, in the language of the document: for whoever holds the paper."""
    return str(settings.PUBLIC_URL) + reverse("transparency:system", args=[publication.reference])
