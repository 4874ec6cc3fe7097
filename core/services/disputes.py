"""Two people write to one thing: what each had read, what each typed, what is stored; what stands, what is chosen."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.http import QueryDict

from core.models import Versioned
from core.services.refusals import EditConflict

Answers = Mapping[str, Any]
Saved = TypeVar("Saved", bound=Versioned)


@dataclass(frozen=True)
class Signature:
    """Who wrote an answer, and when. `ref`: the person in the ledger, to know whether it is who reads."""

    by: str = ""
    at: datetime | None = None
    ref: str = ""


def save_undisputed(save: Callable[[Answers], Saved], answers: Answers, *, locked: "models.QuerySet[Any]") -> Saved:
    """What nobody else wrote is saved at once; then what two people wrote is told (`EditConflict`), and that alone.

    `save`: one service. `locked`: the thing that every write of these answers locks first, held from the one attempt
    to the other, so that the dispute told is whole.
    """
    with transaction.atomic():
        list(locked.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
        try:
            return save(answers)
        except EditConflict as found:
            conflict, disputed = found, {one.field for one in found.differences}
        saved = save({name: value for name, value in answers.items() if name not in disputed})
        conflict.current_version, conflict.is_rest_saved = saved.version, True
    raise conflict


def contested(
    thing: Versioned, typed: Answers, version: int, *, unsettled: Collection[str] = ()
) -> tuple[dict[str, Any], list[str]]:
    """What was typed and not only read; and what of it somebody else changed since `version`.

    `typed` differs from what is stored. `unsettled`: in dispute since an earlier save of the same page.
    """
    if version == thing.version and not unsettled:
        return dict(typed), []
    read = _as_it_was(thing, version)
    changed = {n: value for n, value in typed.items() if n in unsettled or read is None or value != getattr(read, n)}
    both = [n for n in changed if n in unsettled or read is None or getattr(read, n) != getattr(thing, n)]
    return changed, both


def signatures(
    thing: Versioned, names: Collection[str], *, by: str = "updated_by", at: str = "updated_at"
) -> dict[str, Signature]:
    """Who wrote what stands in each of these fields of a thing that names who writes it: whoever saved the thing last
    may have written its other fields only, whatever was read.
    """
    rows = _history(thing).order_by("-pgh_id").values(f"{by}_id", at, *names)
    wrote: dict[str, Mapping[str, Any]] = {}
    first = {f"{by}_id": getattr(thing, f"{by}_id"), at: getattr(thing, at)}
    for after, before in pairwise(rows.iterator(chunk_size=100)):
        wrote = {name: after for name in names if before[name] != after[name]} | wrote
        first = before
        if len(wrote) == len(names):
            break
    chosen = {name: wrote.get(name, first) for name in names}
    people = get_user_model()._default_manager.in_bulk({row[f"{by}_id"] for row in chosen.values()} - {None})
    return {name: _signed(people.get(row[f"{by}_id"]), row[at]) for name, row in chosen.items()}


def _signed(person: Any, at: datetime | None) -> Signature:
    return Signature(str(person), at, person.actor_ref) if person else Signature("", at)


def _history(thing: Versioned) -> Any:
    return type(thing).pgh_event_models["insert"].objects.filter(pgh_obj_id=thing.pk)  # type: ignore[attr-defined]


def _as_it_was(thing: Versioned, version: int) -> Any:
    """The row of the history that held this version; none when the form is older than the history."""
    return _history(thing).filter(version=version).order_by("-pgh_id").first()


def settled(sent: QueryDict) -> QueryDict:
    """What the page of a conflict sends, as the form it stands for would have sent it: for each answer in dispute, the
    one text that was chosen. Nothing chosen: the text that was changed by hand, otherwise one's own.
    """
    found = sent.copy()
    for name in sent.getlist("settle"):
        texts = {which: found.pop(f"{which}-{name}", [""])[-1] for which in ("mine", "theirs", "third")}
        chosen = found.pop(f"settle-{name}", [""])[-1]
        if chosen not in texts:
            chosen = "third" if texts["third"] not in {"", texts["mine"]} else "mine"
        found.setlist(name, [texts[chosen]])
    found.pop("settle", None)
    return found
