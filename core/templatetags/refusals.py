"""What the page of a refusal gives back: the texts a person typed, the sending to try again, the page to open again."""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from core.services import settled
from core.services.opened_by import OPENED_BY

register = template.Library()

# Names of fields whose content no page ever shows again.
SECRET = re.compile(r"passw|passphrase|secret|credential|^(recovery_)?code$|^otp|_key$|token", re.IGNORECASE)
# What a form sends by itself: codes of choices, digests, numbers, dates, addresses. A text has a capital, a space …
CODES = re.compile(r"[a-z0-9_:.,/?=&%-]*")
UUID = re.compile(r"[0-9a-fA-F-]{32,36}")
MOST_CHARACTERS = 100_000
CSRF = "csrfmiddlewaretoken"


@register.inclusion_tag("components/typed_texts.html", takes_context=True)
def typed_texts(context: Context) -> dict[str, Any]:
    """The texts that were sent with a refused request, to be copied: nobody types the same thing twice (rule 7)."""
    texts, room = [], MOST_CHARACTERS
    request = context.get("request")
    labels = _labels(request)
    for text, name in _typed(request).items():
        if room > 0:
            rows = min(12, 2 + text.count("\n") + len(text) // 60)
            texts.append({"text": text[:room], "rows": rows, "label": _label(labels, name)})
        room -= len(text)
    return {"texts": texts, "is_cut": room < 0}


@register.inclusion_tag("components/carried_answers.html", takes_context=True)
def carried_answers(context: Context, *shown_apart: Iterable[Any]) -> dict[str, Any]:
    """On the conflict page: what was sent and is not in dispute goes along, for a form is read whole. The button that
    was pressed does not: the conflict is settled first, by saving.
    """
    shown = {CSRF, OPENED_BY, "version", "action", "unsettled"}
    shown |= {one.field for group in shown_apart for one in group}
    sent = context["request"].POST
    return {"answers": [(name, value) for name in sent if name not in shown for value in sent.getlist(name)]}


@register.inclusion_tag("components/send_again.html", takes_context=True)
def send_again(context: Context) -> dict[str, Any]:
    """A form that sends everything once more, with a token of today. Only for a sending known to come from our pages.

    A file cannot be carried, and a password is not: there the person opens the page again.
    """
    request = context["request"]
    answers = [(name, value) for name in request.POST if name != CSRF for value in request.POST.getlist(name)]
    is_possible = bool(answers) and not request.FILES and not any(_is_secret(request, name) for name, _value in answers)
    return {
        "answers": answers if is_possible else [],
        "address": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
        "page": page_again(context),
    }


@register.simple_tag(takes_context=True)
def page_again(context: Context) -> str:
    """The address of the page whose form was refused: where the person comes from, for some forms have no page."""
    request: HttpRequest = context["request"]
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if came_from and is_ours else request.get_full_path()


@register.simple_tag(takes_context=True)
def page_above(context: Context) -> str:
    """The nearest address above this one where a page is: most acts stand under the page that holds their button."""
    path: str = context["request"].path_info
    while path.count("/") > 1:
        path = path.rstrip("/").rpartition("/")[0] + "/"
        with suppress(Resolver404):
            resolve(path)
            return path
    return "/"


def _typed(request: HttpRequest | None) -> dict[str, str]:
    """Each text once, with its field, in the order of the form. Never a secret, a token, a code nor a file."""
    if request is None or request.method != "POST":
        return {}
    found: dict[str, str] = {}
    sent = settled(request.POST)
    for name in sent:
        if name != CSRF and not _is_secret(request, name):
            for text in map(str.strip, sent.getlist(name)):
                if not CODES.fullmatch(text) and not UUID.fullmatch(text):
                    found.setdefault(text, name)
    return found


def _labels(request: HttpRequest | None) -> dict[str, str]:
    """Field → its question, from the rooms that know them: the form itself is not on this page."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return {}
    found: dict[str, str] = {}
    for path in settings.FIELD_LABELS:
        found |= import_string(path)(match.view_name, match.kwargs)
    return found


def _label(labels: dict[str, str], name: str) -> str:
    """Of the field itself, of its column in any row, of what it is a part of."""
    first, *_rest, last = name.split(".") if "." in name else (name, name)
    return labels.get(name) or labels.get(f"{first}.*.{last}") or labels.get(first, "")


def _is_secret(request: HttpRequest, name: str) -> bool:
    """By its name, or because its view said so (`sensitive_post_parameters`)."""
    marked = getattr(request, "sensitive_post_parameters", ())
    return bool(marked == "__ALL__" or name in marked or (SECRET.search(name) and name != "request_key"))
