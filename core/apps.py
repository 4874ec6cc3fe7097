"""Start-up of `core`: deploy checks, and database rights granted anew after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks  # noqa: F401  (registers the checks)
        from core.services.database_rights import after_migrate

        post_migrate.connect(after_migrate, dispatch_uid="vigie-database-rights")
