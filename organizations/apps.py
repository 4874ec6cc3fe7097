"""Start-up of `organizations`: its checks."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"

    def ready(self) -> None:
        from organizations import checks  # noqa: F401  (registers the checks)
