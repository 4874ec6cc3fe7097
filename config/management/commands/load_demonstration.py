"""`manage.py load_demonstration`: fill an empty embedded database with the fictional bodies."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration.load import is_loaded, load_demonstration
from organizations.models import Organization


class Command(BaseCommand):
    help = "Load the demonstration (embedded mode only); does nothing when it is there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("La démonstration ne se charge que dans le mode embarqué (make start).")
        if is_loaded():
            self.stdout.write("La démonstration est déjà chargée.")
            return
        if Organization.objects.exists():
            raise CommandError("Cette base contient déjà des organismes : la démonstration ne se mêle pas aux vrais.")
        loaded = load_demonstration()
        self.stdout.write(
            "Démonstration chargée : {organizations} organismes, {people} personnes, {systems} systèmes.".format(
                **loaded
            )
        )
