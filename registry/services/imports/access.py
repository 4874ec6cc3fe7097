"""Who may touch a run, the lock under which they do, and what every run of its kind has."""

from django.utils.translation import gettext as _

from core.models import StoredFile
from core.services import NotAllowed
from organizations.models import Organization, User
from registry import permissions
from registry.models import ImportRun
from registry.workflow import RunKind


def locked_run(run: ImportRun) -> ImportRun:
    """The run as it is now, held until the end of the transaction: of two people, the second waits."""
    return ImportRun.objects.select_for_update(of=("self",)).select_related("organization", "file").get(pk=run.pk)


def check_may_import(by: User, run: ImportRun) -> None:
    if run.kind == RunKind.REGISTER:
        allowed = permissions.can_import_register(by)
    else:
        allowed = run.organization is not None and permissions.can_import_inventory(by, run.organization)
    if not allowed:
        raise NotAllowed(_("Your functions do not let you import data here."))


def body_of(run: ImportRun) -> Organization:
    """The body whose inventory this is."""
    if run.organization is None:
        raise ValueError("A register from elsewhere belongs to no body.")
    return run.organization


def stored_file(run: ImportRun) -> StoredFile:
    if run.file is None:
        raise ValueError("The file of this run was erased.")
    return run.file
