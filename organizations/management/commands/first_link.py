"""`manage.py first_link`: how the first account of a new site begins."""

from typing import Any

from django.core.management.base import BaseCommand

from organizations.services.first_steps import is_operated
from organizations.services.links import first_address


class Command(BaseCommand):
    help = "Affiche le lien qui ouvre le premier compte et le premier organisme (24 heures)."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_operated():
            self.stdout.write("Connectez-vous avec le compte qui exploite déjà la plateforme.")
            return
        self.stdout.write("Ouvrez ce lien pour créer le premier compte et le premier organisme (bon 24 heures) :")
        self.stdout.write(f"  {first_address()}")
