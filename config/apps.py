"""`config` is an application so that commands over all rooms (demonstration, messages) have a home."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # The Celery application must exist before a task is asked for. Not in `config/__init__`: the supervisor
        # imports this package with the standard library alone.
        from config import celery  # noqa: F401
