"""`manage.py demonstration_accounts`: who one may sign in as, and what to try."""

from typing import Any

from django.core.management.base import BaseCommand

from config.demonstration import PASSWORD
from config.demonstration.load import is_loaded, shown_accounts


class Command(BaseCommand):
    help = "Print the accounts of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_loaded():
            return
        self.stdout.write(f"Comptes de la démonstration (mot de passe : {PASSWORD})")
        for email, name, what in shown_accounts():
            self.stdout.write(f"  {email}\n      {name.removesuffix(' (démonstration)')} – {what}")
