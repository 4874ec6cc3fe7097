"""The whole register as files: once a day, and after publications."""

from core.audit import NamedJob
from core.outbox import outbox_task
from registry.services import public_files


@outbox_task()
def make_public_files() -> None:
    public_files.make_public_files(by=NamedJob("public_files"))
