"""Mail, sent by a job. Once at most: a server that died in the middle leaves a failed job for a person to judge."""

from typing import Any

from django.utils.module_loading import import_string

from core.outbox import outbox_task
from organizations.exports import letter


@outbox_task(at_most_once=True)
def send_message(*, message: str, refs: dict[str, Any]) -> None:
    """`message` names a function of a room's services that reads its rows again and answers a `Message`, or nothing."""
    if ".services." not in message:
        raise ValueError("A message is made by a function of the services of a room.")
    made = import_string(message)(**refs)
    if made is not None:
        letter(made.template, made.context, to=made.to, language=made.language).send()
