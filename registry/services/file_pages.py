"""Pages beside the sheet of a system, in its file: those of this room, and those of higher ones (FILE_PAGES)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from organizations.models import User
from registry import permissions
from registry.models import AISystem


@dataclass(frozen=True)
class FilePage:
    """One page of a higher room about one system, for those who may open it. `code`: which page it is."""

    code: str
    label: str
    url: str


def parts_of_file(system: AISystem, user: User) -> dict[str, Any]:
    """Which pages of the file of a system this person may open: the menu of each of them shows the same."""
    return {
        "file": permissions.can_read_file(user, system),
        "grant": permissions.can_grant_exception(user, system),
        "pages": [page for path in settings.FILE_PAGES for page in _asked(path, system, user)],
    }


def _asked(path: str, system: AISystem, user: User) -> list[FilePage]:
    source: Callable[[AISystem, User], list[FilePage]] = import_string(path)
    return source(system, user)
