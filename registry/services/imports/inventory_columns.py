"""What the columns of an inventory mean: guessed, corrected by a person, remembered for the body's next file."""

from collections.abc import Mapping, Sequence

from organizations.models import Organization
from registry.field_catalogue import CATALOGUE, Field
from registry.models import ColumnMapping, ImportRun
from registry.services.imports.access import body_of
from registry.standards.inventory import THRESHOLD, guess_mapping
from registry.standards.words import fold

# A column that is none of ours: by what it holds the body knows its systems itself.
EXTERNAL_ID = "external_id"
NOT_IMPORTED = ""
NAME = "name_fr"
SAMPLES = 60
_EXTERNAL_ID_TITLES = frozenset(
    {"id", "no", "n", "numero", "numero de systeme", "identifiant", "identifiant unique", "code", "reference", "uid"}
    | {"number", "identifier", "unique id", "key", "cle", "system id", "id du systeme", "id systeme", "no systeme"}
)

Columns = Mapping[str, str]


def importable_fields(organization: Organization) -> list[Field]:
    """English twins only where the body publishes in English: elsewhere nobody would ever see or correct them."""
    return [*CATALOGUE.fields, *(CATALOGUE.twins if organization.publishes_in_english else ())]


def propose_columns(
    organization: Organization, headers: Sequence[str], samples: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    """Header → field, or nothing. What a person of this body said once wins over any guess."""
    allowed = {field.code for field in importable_fields(organization)} | {EXTERNAL_ID, NOT_IMPORTED}
    remembered = _remembered(organization)
    proposed = dict.fromkeys(headers, NOT_IMPORTED)
    taken: set[str] = set()
    for header in headers:
        field = remembered.get(_title(header))
        if field in allowed and (field not in taken or field == NOT_IMPORTED):
            proposed[header] = field
            taken |= {field} - {NOT_IMPORTED}
    unknown = [header for header in headers if _title(header) not in remembered]
    for header, guessed in _guesses(unknown, samples).items():
        if guessed in allowed and guessed not in taken:
            proposed[header] = guessed
            taken |= {guessed} - {NOT_IMPORTED}
    return proposed


def _guesses(headers: Sequence[str], samples: Sequence[Mapping[str, str]]) -> dict[str, str]:
    guesses = guess_mapping(headers, samples[:SAMPLES])
    found = {header: guess.field for header, guess in guesses.items() if guess.field and guess.confidence >= THRESHOLD}
    for header in headers:
        if header not in found and fold(header) in _EXTERNAL_ID_TITLES and EXTERNAL_ID not in found.values():
            found[header] = EXTERNAL_ID
    return {header: found.get(header, NOT_IMPORTED) for header in headers}


def _remembered(organization: Organization) -> dict[str, str]:
    return dict(ColumnMapping.objects.filter(organization=organization).order_by().values_list("header", "field"))


def remember_columns(run: ImportRun, chosen: Columns) -> None:
    """Corrections, and changes of what was remembered. A guess that was right needs no memory."""
    remembered = _remembered(body_of(run))
    samples = list(run.rows.order_by("number").values_list("cells", flat=True)[:SAMPLES])
    guesses = _guesses(list(chosen), samples)
    learnt = {
        _title(header): field
        for header, field in chosen.items()
        if field != remembered.get(_title(header), guesses[header])
    }
    ColumnMapping.objects.bulk_create(
        [ColumnMapping(organization=body_of(run), header=title, field=field) for title, field in learnt.items()],
        update_conflicts=True,
        unique_fields=["organization", "header"],
        update_fields=["field"],
    )


def _title(header: str) -> str:
    """Capitals, accents and punctuation change from one edition to the next; the column is the same."""
    return (fold(header) or header)[:300]
