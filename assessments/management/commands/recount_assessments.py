"""`manage.py recount_assessments`: ask for the job that counts the drafts anew and compares what is frozen."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assessments.services.recounting import ask_recount


class Command(BaseCommand):
    help = "Demande le travail qui recompte les ébauches d'évaluations et compare les autres à ce qui fut figé."

    def handle(self, *args: Any, **options: Any) -> None:
        ask_recount()
        self.stdout.write(_("The recount is asked for: the job does it part by part."))
