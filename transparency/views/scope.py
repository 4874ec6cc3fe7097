"""«Suis-je visé?»: four questions, an answer with its reason, a page to print or to send."""

import uuid
from datetime import date
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from core import clock
from core.audit import Visitor
from registry.public.scope import SCOPE, evaluate, verdict_elsewhere
from registry.services.intake import keep_scope_answer
from transparency.forms import ScopeForm
from transparency.views.page import SeeOther, public_form, public_page, show_unkept

# What a page shows is in its address, signed: nobody but its holder can read it, and no table is opened to the public.
SALT = "transparency.scope"


@public_form
def ask(request: HttpRequest) -> HttpResponse:
    """The four questions; a signed-in person's answer is kept under their name."""
    if request.method != "POST":
        return _questions(request, ScopeForm())
    form = ScopeForm(request.POST)
    if not form.is_valid():
        return _questions(request, form, status=422)
    kept = keep_scope_answer(
        answers=form.answers,
        tool=form.cleaned_data["tool"],
        by=request.user if request.user.is_authenticated else Visitor(),
        request_key=form.cleaned_data["request_key"],
    )
    told = {
        "number": kept.uuid.hex,
        "day": clock.civil_date(kept.asked_at).isoformat(),
        "tool": kept.tool,
        "answers": kept.answers,
        "result": kept.result,
        "rules": kept.rules_version,
    }
    return SeeOther(reverse("transparency:scope_answer", args=[signing.dumps(told, salt=SALT, compress=True)]))


@public_page
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The result of the day it was asked, with the reasons of the rules of today."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=SALT)
        result = evaluate(told["answers"])
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    context = {
        "number": str(uuid.UUID(told["number"])),
        "day": date.fromisoformat(told["day"]),
        "tool": told["tool"],
        "given": [(question.question, SCOPE.answers[told["answers"][question.code]]) for question in SCOPE.questions],
        "kept_verdict": SCOPE.verdicts[told["result"]],
        "result": result,
        "elsewhere": verdict_elsewhere(told["answers"]),
        "has_changed": told["result"] != result.verdict.code,
        "rules_version": told["rules"],
        # An AI tool that decides nothing by itself: perhaps one of those that a body declares together.
        "may_be_common": told["answers"]["ai"] == "yes" and told["answers"]["decides"] == "no",
    }
    return show_unkept(request, "transparency/scope_answer.html", context)


def _questions(request: HttpRequest, form: ScopeForm, *, status: int = 200) -> HttpResponse:
    examples = [(example, SCOPE.verdicts[example.verdict]) for example in SCOPE.examples]
    return show_unkept(request, "transparency/scope.html", {"form": form, "examples": examples}, status=status)
