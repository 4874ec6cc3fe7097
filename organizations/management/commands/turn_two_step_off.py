"""`manage.py turn_two_step_off EMAIL`: for a person who lost what the second step asks for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.models.actor import NamedJob
from organizations.models import User
from organizations.services.accounts import turn_two_step_off


class Command(BaseCommand):
    help = "Retire la validation en deux étapes d'un compte. Vérifiez d'abord qui le demande."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip()
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Aucun compte n'a l'adresse {email}.")
        removed = turn_two_step_off(user=user, by=NamedJob("turn_two_step_off"))
        self.stdout.write(f"Fait : {removed} moyen(s) de validation retiré(s) du compte {email}.")
