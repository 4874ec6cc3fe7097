"""What a person was filling in was removed meanwhile: what they had written is given back, to who might change it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.permissions import Permission, organizations_where
from registry import permissions
from registry.models import AISystem, Solution, SolutionClaim
from registry.models.parts import PART_MODELS
from registry.views.scope import person

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class _Removed:
    """What it was, where it stood, and where it may be written again, if anywhere."""

    title: str
    sentence: str
    back: str
    again: str = ""

    @property
    def way(self) -> str:
        return _("Go back to where it stood") if self.again else _("Go back to the list of systems")


def gives_back_typed(view: View) -> View:
    """Around a page with a form: nothing to change any more is no reason to lose what was typed (rule 7). Whoever might
    not have changed it gets «not found» as before.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            removed = _removed(request, kwargs) if request.method == "POST" else None
            if removed is None:
                raise
        if "autosave" in request.POST:
            return JsonResponse({"message": f"{removed.title}. {removed.sentence}"}, status=409)
        return render(request, "registry/removed.html", {"removed": removed}, status=409)

    return answer


def _removed(request: HttpRequest, given: Mapping[str, Any]) -> _Removed | None:
    if "claim" in given:
        return _removed_claim(request, given)
    system = AISystem.objects.visible_to(person(request)).filter(uuid=given["uuid"]).first()
    return _removed_row(request, system, given) if system else _removed_draft(request, given)


def _removed_claim(request: HttpRequest, given: Mapping[str, Any]) -> _Removed | None:
    solution = Solution.objects.visible_to(person(request)).filter(uuid=given["uuid"]).first()
    if solution is None or not permissions.can_edit_solution(person(request), solution):
        return None
    if not _was_removed(SolutionClaim, uuid=given["claim"], solution_id=solution.pk):
        return None
    back = reverse("registry:solution", args=[solution.uuid]) + "#affirmations"
    return _Removed(
        _("This claim was removed"), _meanwhile(), back, reverse("registry:add_claim", args=[solution.uuid])
    )


def _removed_row(request: HttpRequest, system: AISystem, given: Mapping[str, Any]) -> _Removed | None:
    model = PART_MODELS.get(given.get("part", ""))
    if model is None or "row" not in given or not permissions.can_edit(person(request), system):
        return None
    if not _was_removed(model, uuid=given["row"], system_id=system.pk):
        return None
    again = reverse("registry:add_part", args=[system.uuid, given["part"]])
    back = reverse("registry:system", args=[system.uuid])
    return _Removed(_("This line was removed"), _meanwhile(), back, again)


def _removed_draft(request: HttpRequest, given: Mapping[str, Any]) -> _Removed | None:
    """The import that had made it was undone: nothing else removes a record."""
    bodies = organizations_where(person(request), Permission.EDIT_SYSTEMS)
    if not _was_removed(AISystem, uuid=given["uuid"], organization_id__in=bodies.values("pk")):
        return None
    sentence = _(
        "Somebody undid the import that had made it, while you were changing it. Nothing is lost: what you had written "
        "is on this page."
    )
    return _Removed(_("This draft was removed"), sentence, reverse("registry:systems"))


def _was_removed(model: type[Model], **which: Any) -> bool:
    """As its history knows."""
    events = model.pgh_event_models["delete"]  # type: ignore[attr-defined]
    return bool(events.objects.filter(pgh_label="delete", **which).exists())


def _meanwhile() -> str:
    return _(
        "Somebody removed it while you were changing it. Nothing is lost: what you had written is on this page. Copy "
        "it if you want to add it again."
    )
