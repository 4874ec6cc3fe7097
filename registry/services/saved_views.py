"""Keeping a filtered list under a name: one's own, seen by nobody else."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from core.text import clean_line
from organizations.models import User
from registry.models import SavedView
from registry.rules.list_address import LONGEST_ADDRESS, normalized

MOST_VIEWS = 30
LONGEST_NAME = 80


@transaction.atomic
def save_view(*, name: str, query: str, by: User) -> SavedView:
    """Keep the list that this address shows. What the list does not know is left out of it."""
    User.objects.select_for_update().get(pk=by.pk)  # two tabs: the count and the name are judged one at a time
    if by.saved_views.count() >= MOST_VIEWS:
        raise NotPossibleNow(_("You keep %(most)d lists already: delete one first.") % {"most": MOST_VIEWS})
    kept = normalized(query)
    if not kept:
        raise InvalidInput(_("Filter or sort the list first: the whole list needs no name."))
    if len(kept) > LONGEST_ADDRESS:
        raise InvalidInput(_("This list has too many filters to be kept: take some off."))
    view = SavedView(user=by, name=_free_name(name, by), query=kept, created_at=clock.now())
    view.save(force_insert=True)
    record(by=by, verb="save_view", thing=view)
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: User) -> SavedView:
    view = _own(view, by)
    wanted = _free_name(name, by, but=view)
    if wanted != view.name:
        view.name = wanted
        view.save(update_fields=["name"])
        record(by=by, verb="rename_view", thing=view)
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    """The list goes from the person's views; no system is touched."""
    view = _own(view, by)
    record(by=by, verb="delete_view", thing=view)
    view.delete()


def _own(view: SavedView, by: User) -> SavedView:
    User.objects.select_for_update().get(pk=by.pk)
    found = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if found is None:
        raise NotPossibleNow(_("This list was deleted meanwhile: nothing is left to change."))
    if found.user_id != by.pk:
        raise NotAllowed(_("A kept list belongs to one person: keep your own."))
    return found


def _free_name(name: str, by: User, but: SavedView | None = None) -> str:
    wanted = clean_line(name)
    if not wanted:
        raise InvalidInput(_("Give this list a name."), field="name")
    if len(wanted) > LONGEST_NAME:
        raise InvalidInput(_("Give a name of %(most)d characters at most.") % {"most": LONGEST_NAME}, field="name")
    others = by.saved_views.filter(name=wanted)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise InvalidInput(_("You keep a list under this name already: choose another name."), field="name")
    return wanted
