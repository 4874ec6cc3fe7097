"""Private files: taken in with their digest and their real type, given out as attachments only."""

import hashlib
import uuid
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils.module_loading import import_string

from core import clock
from core.models import StoredFile
from core.models.actor import Actor, HasUuid
from core.models.stored_file import Retention
from core.text import clean_line


class UnsafeFile(Exception):
    """The scanner said no."""


def store(
    *, content: bytes, name: str, retention: Retention, by: Actor, organization: HasUuid | None, media_type: str = ""
) -> StoredFile:
    """Keep a file under a random name. `media_type` is given for files we make; else it is read from the content."""
    if settings.FILE_SCANNER and not import_string(settings.FILE_SCANNER)(content):
        raise UnsafeFile
    stored = StoredFile(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=media_type or sniff(content),
        original_name=plain_name(name),
        organization_uuid=organization.uuid if organization else None,
        retention=retention,
        created_at=clock.now(),
        created_by_ref=by.actor_ref,
    )
    stored.content.save(f"{clock.now():%Y/%m}/{uuid.uuid4().hex}", ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def sniff(content: bytes) -> str:
    """The type found in the content; a file that looks like none is bytes."""
    try:
        return str(puremagic.from_string(content[:8192], mime=True)) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "text/plain" if _is_text(content[:8192]) else "application/octet-stream"


def _is_text(start: bytes) -> bool:
    return b"\x00" not in start


def plain_name(name: str) -> str:
    """The last part of a path from any system, on one line."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return clean_line(last)[:200] or "fichier"


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


@dataclass
class SweepReport:
    """What a sweep found: names of files without a row, and rows without their file."""

    orphans: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def sweep() -> SweepReport:
    """Compare the store with the rows. Deletes nothing: an administrator looks first."""
    report = SweepReport()
    known = set(StoredFile.objects.order_by("pk").values_list("content", flat=True))
    present = set(_walk(""))
    report.orphans = sorted(present - known)
    report.missing = sorted(known - present)
    return report


def _walk(folder: str) -> list[str]:
    if folder and not default_storage.exists(folder):
        return []
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    prefix = f"{folder}/" if folder else ""
    return [prefix + name for name in files] + [path for sub in folders for path in _walk(prefix + sub)]
