"""Questions that an answer brings, or takes away, while their page is open: said near the answer."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core.pages import added_sentence, progress_told, removed_sentence
from core.templatetags.field_view import anchor_of
from registry.field_catalogue import CATALOGUE, Field
from registry.forms.declaration import AnswersForm, section_fields
from registry.models import AISystem
from registry.models.rows import prefetch_rows
from registry.public.facts import answers_of
from registry.rules.attention import attention, caused_by
from registry.serializers.record import section_progress, section_states
from registry.serializers.sheets import because


def sent_fields(request: HttpRequest, system: AISystem, code: str) -> tuple[Field, ...]:
    """The questions of the page as it was shown: what was not there is not emptied, what was there is read."""
    shown = request.POST.get("shown", "").split(",")
    if "shown" not in request.POST:
        return section_fields(system, code)
    here = CATALOGUE.asked(CATALOGUE.in_section(code), in_english=system.organization.publishes_in_english)
    return tuple(field for field in here if field.code in shown)


def new_questions(form: AnswersForm, kept: AISystem, code: str) -> list[Field]:
    """Asked now, and not on the page that was sent."""
    shown = {field.code for field in form.asked}
    # The phase leaves the form once the system is declared.
    return [field for field in section_fields(kept, code) if field.code not in shown | {"phase"}]


def address_of_new(kept: AISystem, code: str, new: list[Field]) -> str:
    """The page again, at the first of the questions that came."""
    first = AnswersForm(system=kept, asked=new[:1])[new[0].code]
    query = urlencode({"new": ",".join(field.code for field in new)}, safe=",")
    return f"{reverse('registry:section', args=[kept.uuid, code])}?{query}#{anchor_of(first)}"


def came(request: HttpRequest, form: AnswersForm) -> dict[str, Any]:
    """For the page that was come back to: the first question that came, and what is said above it."""
    codes = request.GET.get("new", "").split(",")
    new = [field.code for field in form.asked if field.code in codes]
    return {"first_new": new[0], "said_of_new": added_sentence(len(new))} if new else {}


def told(form: AnswersForm, kept: AISystem, code: str) -> dict[str, Any]:
    """How far the page is after an autosave: its counters and marks, and the questions that came or went."""
    prefetch_rows([kept])
    found, shown = section_progress(kept, code), {field.code for field in form.asked}
    new, gone = new_questions(form, kept, code), shown - {field.code for field in section_fields(kept, code)}
    parts = {
        "attention": render_to_string("registry/partials/_attention.html", attention_told(kept)),
        "states": render_to_string("registry/partials/_section_states.html", states_told(kept, code)),
    }
    answer = progress_told(found.done, found.required) | {"parts": parts}
    answer["wanted"] = [field.code for field in found.missing]
    if new or gone:
        here = reverse("registry:section", args=[kept.uuid, code])
        causes = caused_by(CATALOGUE.fields, answers_of(form.system), answers_of(kept))
        near = [field.code for field in form.asked if field.code in causes]
        answer["asked"] = {
            "near": near[-1] if near else "",
            "sentence": added_sentence(len(new)) if new else removed_sentence(len(gone)),
            "link": _("Show them") if new else _("Show the page as it is now"),
            "href": address_of_new(kept, code, new) if new else here,
        }
    return answer


def attention_told(system: AISystem) -> dict[str, Any]:
    """How much is asked of this system, and because of which answers."""
    answers = answers_of(system)
    assessed = attention(answers)
    return {"attention": assessed, "because": [because(code, answers) for code in assessed.because]}


def states_told(system: AISystem, code: str) -> dict[str, Any]:
    return {"system": system, "section": code, "states": section_states(system)}
