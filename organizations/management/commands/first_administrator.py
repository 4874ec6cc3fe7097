"""`manage.py first_administrator EMAIL`: the same link for a server, good for one address only."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from organizations.services.first_steps import is_operated
from organizations.services.links import first_address


class Command(BaseCommand):
    help = "Affiche le lien qui ouvre le premier compte, pour cette adresse seulement (24 heures)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--language", choices=["fr", "en"], default="fr")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"« {email} » n'est pas une adresse de courriel.") from None
        if is_operated():
            raise CommandError("Quelqu'un exploite déjà la plateforme : demandez-lui une invitation.")
        self.stdout.write(f"Remettez ce lien à {email} (bon 24 heures) :")
        self.stdout.write(f"  {first_address(email, options['language'])}")
