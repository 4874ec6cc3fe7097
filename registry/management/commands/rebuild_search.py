"""`manage.py rebuild_search`: what search knows of each system, again from its publications.

To be run after a change of the catalogue's labels. (A body that is renamed or merged is followed by a job.)
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from registry.services.public_records import rebuild_public_records


class Command(BaseCommand):
    help = "Refait l'index de recherche public à partir des publications (noms d'organismes, libellés)."

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuild_public_records()
        done = ngettext("%(count)d system put back in the search.", "%(count)d systems put back in the search.", count)
        self.stdout.write(done % {"count": count})
