"""What the columns of an inventory mean: guessed, corrected by a person, remembered for the body's next file."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.services import InvalidInput, NotPossibleNow
from organizations.models import Organization, User
from registry.field_catalogue import CATALOGUE, Field
from registry.models import ColumnMapping, ImportRun
from registry.services.imports.access import body_of, check_may_import, locked_run
from registry.standards.inventory import THRESHOLD, guess_mapping
from registry.standards.words import fold
from registry.workflow import RunState

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


@transaction.atomic
def map_columns(*, run: ImportRun, columns: Columns, by: User) -> ImportRun:
    """Say what each column holds; a choice that is not what Vigie would have guessed is remembered.

    Raises `InvalidInput` when no column holds the name, or when two hold the same field.
    """
    run = locked_run(run)
    check_may_import(by, run)
    if run.state != RunState.PREPARING or "headers" not in run.mapping:
        raise NotPossibleNow(_("The columns of this file can no longer be changed: its rows were imported."))
    chosen = {header: columns.get(header, NOT_IMPORTED) for header in run.mapping["headers"]}
    _check(run, chosen)
    _remember(run, chosen)
    run.mapping = {**run.mapping, "columns": chosen, "is_confirmed": True}
    run.save(update_fields=["mapping"])
    used = sorted(field for field in chosen.values() if field)
    record(by=by, verb="map_columns", thing=run, organization=run.organization, facts={"fields": used})
    return run


def _check(run: ImportRun, chosen: Columns) -> None:
    allowed = {field.code for field in importable_fields(body_of(run))} | {EXTERNAL_ID}
    used = [field for field in chosen.values() if field]
    if not set(used) <= allowed:
        raise InvalidInput(_("Choose a field of the list for each column."))
    if len(set(used)) < len(used):
        raise InvalidInput(_("Two columns hold the same field: keep one of them."))
    if NAME not in used:
        raise InvalidInput(_("Say which column holds the name of the system: without a name nothing can come in."))


def _remembered(organization: Organization) -> dict[str, str]:
    return dict(ColumnMapping.objects.filter(organization=organization).order_by().values_list("header", "field"))


def _remember(run: ImportRun, chosen: Columns) -> None:
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
