"""A page is sent by whom it was opened: two people may use one browser, one after the other."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

OPENED_BY = "opened_by"  # in every form that guards what is typed: whose text it is


def refused_to_another(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a form that somebody else opened, who typed what it holds: nothing is saved under another name."""
    opener = request.POST.get(OPENED_BY, "")
    if not opener or not request.user.is_authenticated or opener == str(request.user.uuid):
        return None
    sentence = _(
        "This page was opened by somebody else; nothing was saved. Sign in with their account, or open the page again."
    )
    if "autosave" in request.POST:
        return JsonResponse({"message": sentence, "other_person": True}, status=403)
    return render(request, "403_other_person.html", {"sentence": sentence}, status=403)
