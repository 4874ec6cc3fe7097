"""`manage.py sync_questionnaires`: each released questionnaire that the database has not yet is copied into it.

`make start` and `make restore` run it; on a server it follows `migrate`. It adds, and never changes what is there.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.questionnaires import NotAQuestionnaire
from assessments.services.versions import JOB, sync_questionnaires


class Command(BaseCommand):
    help = "Copie dans la base les questionnaires livrés qui n'y sont pas encore; n'en change aucun."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = sync_questionnaires(by=JOB)
        except NotAQuestionnaire as refusal:
            raise CommandError(str(refusal)) from refusal
        if added:
            self.stdout.write(_("Questionnaires added: %(names)s.") % {"names": ", ".join(map(str, added))})
        else:
            self.stdout.write(_("No new questionnaire."))
