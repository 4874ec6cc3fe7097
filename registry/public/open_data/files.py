"""The files of the whole register: which there are, how old, and their bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from registry.models import PublicFile
from registry.public.site import is_all_demonstration

# In the order of the page: what each is, and its format as people name it.
KINDS: Mapping[str, tuple[Promise, str, str]] = {
    "registre.csv.zip": (
        gettext_lazy("The whole register as tables, with their dictionary"),
        "CSV (ZIP)",
        "application/zip",
    ),
    "registre.xlsx": (
        gettext_lazy("The whole register, a sheet a table"),
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "registre.json.zip": (gettext_lazy("The whole register, a document a line"), "JSON (ZIP)", "application/zip"),
    "portrait.csv": (gettext_lazy("In the columns of Québec's Portrait of AI uses"), "CSV", "text/csv; charset=utf-8"),
}
# Its columns are those of the data set of the government: none says that data are fictitious, so its name does.
WITHOUT_MARK = "portrait.csv"


@dataclass(frozen=True)
class WholeRegister:
    """One file as the job last made it."""

    name: str
    label: str
    kind: str
    media_type: str
    path: str
    sha256: str
    size: int
    systems: int
    made_at: datetime

    @property
    def shown_name(self) -> str:
        """What the file is called on the computer of who takes it."""
        return shown_name(self.name)

    @property
    def served_at(self) -> str:
        """Where the web server itself gives it, without a thread of the site; empty when it does not."""
        copy = served_name(self.shown_name, self.sha256)
        route = settings.PUBLIC_FILES_ROUTE
        return f"{route}/{copy}" if route and (Path(settings.PUBLIC_FILES_FOLDER) / copy).is_file() else ""

    def open(self) -> IO[bytes]:
        opened: IO[bytes] = default_storage.open(self.path, "rb")
        return opened


def shown_name(name: str) -> str:
    """A file of fictitious data that has no column to say so says it by its name."""
    return f"demonstration-{name}" if name == WITHOUT_MARK and is_all_demonstration() else name


def served_name(name: str, sha256: str) -> str:
    """A name that changes with the content: a download that began is not mixed with the next file."""
    return f"{sha256[:16]}-{name}"


def public_files() -> list[WholeRegister]:
    """Those that were made, in the order of the page. One query."""
    rows = {row.name: row for row in PublicFile.objects.only(*PublicFile.public_columns)}
    return [_file(rows[name]) for name in KINDS if name in rows]


def find_public_file(name: str) -> WholeRegister | None:
    row = PublicFile.objects.only(*PublicFile.public_columns).filter(name=name).first() if name in KINDS else None
    return _file(row) if row else None


def _file(row: PublicFile) -> WholeRegister:
    label, kind, media_type = KINDS[row.name]
    return WholeRegister(
        row.name, str(label), kind, media_type, row.path, row.sha256, row.size, row.systems, row.made_at
    )
