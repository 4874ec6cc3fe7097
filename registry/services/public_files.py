"""The whole register as files, made by a job: no page ever builds them, and no thread of the site waits on them."""

import csv
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from core import clock, files, outbox
from core.audit import Actor, record
from core.models.stored_file import Retention, StoredFile
from core.text import safe_cell
from organizations.public import public_bodies
from organizations.services.locks import Lock, hold
from registry.models import Publication, PublicFile, PublicRecord
from registry.public.open_data import tables_archive
from registry.public.open_data.files import served_name, shown_name
from registry.public.open_data.tables_archive import BOM
from registry.public.open_data.workbook import write_register
from registry.public.site import is_all_demonstration
from registry.standards import portrait
from registry.workflow import NOT_SHOWN, PublicationKind

TASK = "registry.tasks.make_public_files"
# After a publication the files wait so long at most: many publications make them once.
EVERY = timedelta(minutes=30)
CHUNK = 200
# Before the name of a copy that is not whole, or not shown.
UNSEEN = "."
ZIP, CSV = "application/zip", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ask_public_files() -> None:
    """One job for everything published in the same half-hour; of a register that has no file yet, one at once too."""
    moment = clock.now()
    if not PublicFile.objects.exists():
        outbox.ask(TASK, dedup_key=f"{TASK}:first")
    turn = int(moment.timestamp() // EVERY.total_seconds()) + 1
    due = moment + timedelta(seconds=turn * EVERY.total_seconds() - moment.timestamp())
    outbox.ask(TASK, dedup_key=f"{TASK}:{turn}", due_at=due)


@transaction.atomic
def take_back_public_files(*, by: Actor) -> None:
    """What is withdrawn or withheld stays in no file, not even for the half-hour: there is none until they are made
    again, by a job that begins at once with the copies of the web server. A making at work is not waited for, but for
    the moment when it shows what it made: whichever comes second sees what the first one did.
    """
    hold(Lock.PUBLIC_FILES_SHOWN)
    for file in PublicFile.objects.select_related("stored").order_by("name"):
        record(by=by, verb="take_back_public_file", thing=file, facts={"digest": file.sha256})
        file.delete()
        files.erase(file.stored)
    outbox.ask(TASK)


@dataclass(frozen=True)
class _Made:
    """One file that nobody sees yet. `copy`: that of the web server, under a name that it does not give."""

    name: str
    stored: StoredFile
    systems: int
    copy: Path | None


@transaction.atomic
def make_public_files(*, by: Actor) -> list[PublicFile]:
    """Write each format from the versions in force; the files they replace are erased once these are there.

    None when a system was taken from the public meanwhile: these hold it, and the job that this act asked for follows.
    """
    hold(Lock.PUBLIC_FILES)
    _erase_old_copies()
    before = _times_taken_back()
    made = _make_all(by)
    hold(Lock.PUBLIC_FILES_SHOWN)
    if _times_taken_back() == before:
        return [_show(each, by) for each in made]
    for each in made:
        _throw_away(each)
    transaction.set_rollback(True)
    return []


def _times_taken_back() -> int:
    return Publication.objects.filter(kind__in=NOT_SHOWN).count()


def _make_all(by: Actor) -> list[_Made]:
    makers: dict[str, tuple[Callable[[IO[bytes]], int], str]] = {
        "registre.json.zip": (_json, ZIP),
        "registre.csv.zip": (_csv, ZIP),
        "registre.xlsx": (_xlsx, XLSX),
        "portrait.csv": (_portrait, CSV),
    }
    return [_make(name, write, media_type, by) for name, (write, media_type) in makers.items()]


def _make(name: str, write: Callable[[IO[bytes]], int], media_type: str, by: Actor) -> _Made:
    with tempfile.TemporaryFile() as made, translation.override("fr"):
        systems = write(made)
        kept = files.store_made(made=made, name=name, retention=Retention.REGISTER, by=by, media_type=media_type)
        return _Made(name, kept, systems, _copy_for_web_server(name, kept.sha256, made))


def _show(made: _Made, by: Actor) -> PublicFile:
    """Rows only: whoever withdraws a sheet waits for this."""
    before = PublicFile.objects.select_related("stored").filter(name=made.name).first()
    values = {
        "stored": made.stored,
        "path": made.stored.content.name,
        "sha256": made.stored.sha256,
        "size": made.stored.size,
        "systems": made.systems,
        "made_at": clock.now(),
    }
    file, _is_new = PublicFile.objects.update_or_create(name=made.name, defaults=values)
    if made.copy:
        made.copy.replace(made.copy.with_name(made.copy.name.removeprefix(UNSEEN)))
    if before:
        files.erase(before.stored)
    record(by=by, verb="make_public_file", thing=file, facts={"systems": made.systems, "digest": file.sha256})
    return file


def _throw_away(made: _Made) -> None:
    """Its row goes with the transaction."""
    made.stored.content.storage.delete(str(made.stored.content.name))
    if made.copy:
        made.copy.unlink(missing_ok=True)


def _copy_for_web_server(name: str, sha256: str, made: IO[bytes]) -> Path | None:
    """Under a name with its digest, once it is shown; the copy it replaces stays until the next making: a download may
    have been sent to it.
    """
    if not settings.PUBLIC_FILES_ROUTE:
        return None
    folder = Path(settings.PUBLIC_FILES_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (UNSEEN + served_name(shown_name(name), sha256))
    made.seek(0)
    with part.open("wb") as copy:
        shutil.copyfileobj(made, copy)
    return part


def _erase_old_copies() -> None:
    """All but those of the files that there are."""
    folder = Path(settings.PUBLIC_FILES_FOLDER)
    if not settings.PUBLIC_FILES_ROUTE or not folder.is_dir():
        return
    known = {served_name(shown_name(file.name), file.sha256) for file in PublicFile.objects.order_by("name")}
    for copy in folder.iterdir():
        if copy.name not in known:
            copy.unlink(missing_ok=True)


def documents_in_force() -> Iterator[Mapping[str, Any]]:
    """Every version that the public reads now, by number, a few at a time."""
    rows = PublicRecord.objects.exclude(kind=PublicationKind.WITHDRAWN).order_by("reference")
    yield from rows.values_list("publication__document", flat=True).iterator(chunk_size=CHUNK)


def _json(into: IO[bytes]) -> int:
    """One document a line, in one file: a program reads it without holding it whole."""
    count = 0
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("registre.jsonl", "w") as file:
        for document in documents_in_force():
            count += 1
            file.write(json.dumps(document, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return count


def _csv(into: IO[bytes]) -> int:
    """A table of systems, one for each kind of rows, and the dictionary of their columns."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        return tables_archive.write_tables(archive, documents_in_force())


def _xlsx(into: IO[bytes]) -> int:
    """For whoever opens a table by a double click: systems, their rows, dictionary, licence."""
    made_on = clock.civil_date(clock.now()).isoformat()
    return write_register(into, documents_in_force(), made_on=made_on, address=settings.PUBLIC_URL)


def _portrait(into: IO[bytes]) -> int:
    """The six columns of Québec's Portrait; what is not described to the public is not in it, nor what is fictitious
    beside what is real, as no column of the Portrait would say so.
    """
    text = io.TextIOWrapper(into, encoding="utf-8", newline="")
    text.write(BOM)
    count, writer, portfolios, is_fictitious = 0, csv.writer(text), _portfolios(), is_all_demonstration()
    writer.writerow(portrait.HEADS)
    for document in documents_in_force():
        row = portrait.portrait_row(document, portfolios)
        if row and (is_fictitious or not document["is_demonstration"]):
            writer.writerow([safe_cell(cell) for cell in row])
            count += 1
    text.flush()
    text.detach()
    return count


def _portfolios() -> dict[str, str]:
    """Slug of each body, old ones too → the name of the ministry above it, or its own."""
    bodies = public_bodies()
    names = {body.facts.slug: str(body.name) for body in bodies}
    return {slug: names.get(body.parent_slug, str(body.name)) for body in bodies for slug in body.slugs}
