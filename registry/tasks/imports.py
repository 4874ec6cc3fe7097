"""Imports that take longer than a page may."""

from core.outbox import outbox_task
from registry.services.imports import (
    continue_entering as enter_part_of_inventory,
)
from registry.services.imports import (
    continue_inventory_import,
    continue_register_import,
    give_up_entering,
    give_up_run,
    give_up_undoing,
)
from registry.services.imports import (
    continue_undoing as undo_part_of_inventory,
)
from registry.services.imports import (
    plan_inventory as plan_part_of_inventory,
)
from registry.services.imports import (
    read_inventory as read_file_of_inventory,
)


def _give_up(*, run_key: int, **_part: object) -> None:
    give_up_run(run_key=run_key)


@outbox_task(on_giving_up=_give_up)
def continue_register(*, run_key: int, start: int) -> None:
    continue_register_import(run_key=run_key, start=start)


@outbox_task(on_giving_up=_give_up)
def read_inventory(*, run_key: int) -> None:
    read_file_of_inventory(run_key=run_key)


@outbox_task(on_giving_up=_give_up)
def plan_inventory(*, run_key: int, token: str, after: int) -> None:
    plan_part_of_inventory(run_key=run_key, token=token, after=after)


@outbox_task(on_giving_up=_give_up)
def continue_inventory(*, run_key: int) -> None:
    continue_inventory_import(run_key=run_key)


def _give_up_undoing(*, run_key: int, after: int, token: str) -> None:
    give_up_undoing(run_key=run_key, token=token)


@outbox_task(on_giving_up=_give_up_undoing)
def continue_undoing(*, run_key: int, after: int, token: str) -> None:
    undo_part_of_inventory(run_key=run_key, after=after, token=token)


def _give_up_entering(*, run_key: int, after: int, token: str) -> None:
    give_up_entering(run_key=run_key, token=token)


@outbox_task(on_giving_up=_give_up_entering)
def continue_entering(*, run_key: int, after: int, token: str) -> None:
    enter_part_of_inventory(run_key=run_key, after=after, token=token)
