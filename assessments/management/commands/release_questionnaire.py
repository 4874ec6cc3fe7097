"""`manage.py release_questionnaire efvp/1.0`: pin a file under its digest; from then on it never changes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.questionnaires import NotAQuestionnaire
from assessments.questionnaires.releasing import release
from assessments.services.facts import RECORD


class Command(BaseCommand):
    help = "Inscrit l'empreinte d'un questionnaire vérifié dans RELEASED.sha256; refuse d'y changer une ligne."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="instrument et version, par exemple efvp/1.0")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            is_new = release(name, record=RECORD)
        except NotAQuestionnaire as refusal:
            raise CommandError(str(refusal)) from refusal
        told = _("%(name)s is released.") if is_new else _("%(name)s was released already, as it is.")
        self.stdout.write(told % {"name": name})
