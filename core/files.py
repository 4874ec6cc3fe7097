"""Private files: taken in with their digest and their real type, given out as attachments only."""

import hashlib
import io
import uuid
import zipfile
from dataclasses import dataclass
from io import SEEK_END
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.utils.module_loading import import_string

from core import clock
from core.models import StoredFile
from core.models.actor import Actor, HasUuid
from core.models.stored_file import Retention
from core.text import clean_line

UNKNOWN = "application/octet-stream"
# Office files are zips: the folder of their main part says which.
OFFICE = {
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class UnsafeFile(Exception):
    """The scanner said no."""


def store(
    *, content: bytes, name: str, retention: Retention, by: Actor, organization: HasUuid | None, media_type: str = ""
) -> StoredFile:
    """Keep a file under a random name. `media_type` is given for files we make; else it is read from the content."""
    _scan(content)
    about = StoredFile(
        size=len(content),
        media_type=media_type or sniff(content),
        original_name=plain_name(name),
        organization_uuid=organization.uuid if organization else None,
        retention=retention,
        created_by_ref=by.actor_ref,
    )
    return _keep(ContentFile(content), about)


def store_made(*, made: IO[bytes], name: str, retention: Retention, by: Actor, media_type: str) -> StoredFile:
    """Keep a file that a job of ours wrote to the disk, by pieces: it may be larger than the memory."""
    if settings.FILE_SCANNER:
        made.seek(0)
        _scan(made.read())
    size = made.seek(0, SEEK_END)
    about = StoredFile(
        size=size,
        media_type=media_type,
        original_name=plain_name(name),
        retention=retention,
        created_by_ref=by.actor_ref,
    )
    return _keep(File(made, name=name), about)


def _scan(content: bytes) -> None:
    if settings.FILE_SCANNER and not import_string(settings.FILE_SCANNER)(content):
        raise UnsafeFile


def _keep(file: "File[bytes]", stored: StoredFile) -> StoredFile:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    stored.sha256, stored.created_at = digest.hexdigest(), clock.now()
    stored.content.save(f"{clock.now():%Y/%m}/{uuid.uuid4().hex}", file, save=False)
    stored.save(force_insert=True)
    return stored


def erase(stored: StoredFile) -> None:
    """The content goes once the transaction holds; the row and its digest stay."""
    storage, name = stored.content.storage, stored.content.name
    if not name:
        return
    StoredFile.objects.filter(pk=stored.pk).update(content="")
    transaction.on_commit(lambda: storage.delete(name))


def sniff(content: bytes) -> str:
    """The type found in the content, never in the name; a file that looks like none is text or bytes."""
    start = content[:8192]
    if start.startswith(b"PK\x03\x04"):
        return _zip_type(content)
    try:
        return str(puremagic.from_string(start, mime=True)) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN if b"\x00" in start else "text/plain"


def _zip_type(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except Exception:  # what a hostile directory raises is open-ended
        return UNKNOWN
    if "[Content_Types].xml" not in names:
        return "application/zip"
    found = (office for folder, office in OFFICE.items() if any(name.startswith(folder) for name in names))
    return next(found, "application/zip")


def plain_name(name: str) -> str:
    """The last part of a path from any system, on one line."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return clean_line(last).strip(". ")[:200] or "fichier"


def as_attachment(stored: StoredFile, *, name: str = "") -> FileResponse:
    """The file as a download. The browser may neither guess its type nor run anything in it."""
    response = FileResponse(
        stored.content.open("rb"),
        as_attachment=True,
        filename=name or stored.original_name,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def made_attachment(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """A file made for this very answer, as a download. The browser may not guess its type."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@dataclass(frozen=True)
class SweepReport:
    """What a sweep found: names of files without a row, and rows without their file."""

    orphans: list[str]
    missing: list[str]


def sweep() -> SweepReport:
    """Compare the store with the rows. Deletes nothing: an administrator looks first."""
    began = clock.now()
    present = set(_walk(""))
    rows = StoredFile.objects.exclude(content="")  # an erased one has no file any more
    known = dict(rows.order_by("pk").values_list("content", "created_at"))
    missing = (name for name, created_at in known.items() if created_at < began and name not in present)
    return SweepReport(orphans=sorted(present - known.keys()), missing=sorted(missing))


def _walk(folder: str) -> list[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return []
    prefix = f"{folder}/" if folder else ""
    return [prefix + name for name in files] + [path for sub in folders for path in _walk(prefix + sub)]
