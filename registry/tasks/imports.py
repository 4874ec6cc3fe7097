"""Imports that take longer than a page may."""

from core.outbox import outbox_task
from registry.services.imports import continue_register_import


@outbox_task()
def continue_register(*, run_key: int, start: int) -> None:
    continue_register_import(run_key=run_key, start=start)
