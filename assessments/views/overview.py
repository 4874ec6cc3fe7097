"""What a system has of assessments, one assessment at a glance, where to go on, who does what."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import permissions
from assessments.forms.steps import MOST_SOURCES, BeginForm, EntrustForm, SourceSearch
from assessments.models import Assessment
from assessments.scoring.completeness import completeness
from assessments.serializers import overview as told
from assessments.serializers.comments import comment_counts
from assessments.serializers.decisions import decision_told
from assessments.serializers.facts import changes_told
from assessments.serializers.screening_page import results_told
from assessments.serializers.telling_record import record_told, told_by_system
from assessments.services.assigning import entrust_section
from assessments.services.beginning import begin_assessment, check_may_begin
from assessments.services.earlier import last_conclusion
from assessments.services.facts import reading_of
from assessments.views.scope import (
    assessment_in_scope,
    led_assessment,
    person,
    system_in_scope,
    writable_assessment,
)
from assessments.workflow import SCREENING
from core.pages import SeeOther
from core.services import InvalidInput
from organizations.models import User
from organizations.permissions import Permission, people_who_may
from registry.models import AISystem
from registry.services.file_pages import parts_of_file


@require_safe
def of_system(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The screening and what it asks for, assessments open, decided and deposited."""
    system = system_in_scope(request, uuid)
    conclusion = last_conclusion(system)
    results = results_told(conclusion) if conclusion else []
    context = {
        "system": system,
        "conclusion": conclusion,
        "results": results,
        "changed": changes_told(conclusion, system) if conclusion else [],
        "may_begin": permissions.can_begin(person(request), system),
        "may_sign": permissions.can_sign_screening(person(request), system.organization),
        "may": parts_of_file(system, person(request)),
        "begin_screening": _begin_form(request, system, SCREENING),
        **(rows := told.of_system(system, results)),
        **told_by_system(rows, person(request)),
    }
    return render(request, "assessments/of_system.html", context)


def _begin_form(
    request: HttpRequest, system: AISystem, instrument: str, data: Any = None, words: str = ""
) -> BeginForm:
    """What may be taken over: the assessments of this instrument that the person reads. Listed: this system's, then
    the latest ones, whose system has these words.
    """
    seen = Assessment.objects.visible_to(person(request)).of(instrument).exclude(state="withdrawn")
    order = (Case(When(system=system, then=0), default=1), "-updated_at")
    keys = seen.with_words(words).order_by(*order).values("pk")[:MOST_SOURCES]
    listed = Assessment.objects.filter(pk__in=keys).with_what_it_needs().order_by(*order)
    initial = {"request_key": uuid4(), "instrument": instrument}
    return BeginForm(data, initial=initial, sources=seen.with_what_it_needs(), listed=listed)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """`?instrument=`: begins it empty, or with the answers of another assessment."""
    system = system_in_scope(request, uuid)
    check_may_begin(system, person(request))
    instrument = request.POST.get("instrument") or request.GET.get("instrument", "")
    search = SourceSearch(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    data = request.POST if request.method == "POST" else None
    form = _begin_form(request, system, instrument[:40], data, words)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("instrument", "source", "request_key")}
        made = begin_assessment(system=system, by=person(request), **given)
        page = "go_on" if made.instrument == SCREENING else "assessment"
        return SeeOther(reverse(f"assessments:{page}", args=[made.uuid]))
    if not (title := told.instrument_title(instrument)):
        raise Http404
    context = {"system": system, "form": form, "search": search, "instrument": title}
    return render(request, "assessments/begin.html", context, status=422 if form.errors else 200)


@require_safe
def assessment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its sections with what is left, who has them, its depth, its level, and what may be done now."""
    found = assessment_in_scope(request, uuid)
    reading = reading_of(found)
    done = completeness(reading)
    context = {
        **_may(found, person(request)),
        "assessment": found,
        "row": told.assessment_row(found),
        "questionnaire": reading.questionnaire,
        "found": done,
        "sections": told.section_rows(found, done, comment_counts(found)),
        "problems": told.problem_rows(found, done),
        "aside": [told.question_link(found, question) for question in reading.kept_aside],
        "depth": told.depth_told(reading, found),
        **told.risks_told(reading),
        "score": told.score_told(reading),
        "is_screening": found.instrument == SCREENING,
        "facts": told.facts_told(found),
        "decision": decision_told(found),
        "record": record_told(found, person(request)),
    }
    return render(request, "assessments/assessment.html", context)


def _may(assessment: Assessment, reader: User) -> dict[str, bool]:
    may_write = permissions.can_write(reader, assessment) and assessment.is_open
    return {
        "may_write": may_write,
        "may_lead": may_write and permissions.can_lead(reader, assessment),
        "may_decide": permissions.can_decide(reader, assessment.organization),
    }


@require_safe
def go_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """To the next question that waits for an answer; none left: to the page that says so."""
    found = writable_assessment(request, uuid)
    reading = reading_of(found)
    missing = completeness(reading).missing
    if missing:
        link = told.question_link(found, missing[0])
        return SeeOther(link["url"])
    name = "result" if found.instrument == SCREENING else "submit"
    leads = permissions.can_lead(person(request), found)
    return SeeOther(reverse(f"assessments:{name if leads else 'assessment'}", args=[uuid]))


@require_http_methods(["GET", "HEAD", "POST"])
def entrust(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Who fills in this section, and until when."""
    found = led_assessment(request, uuid)
    if code not in {section.code for section in found.questionnaire.sections}:
        raise Http404
    given = found.assignments.filter(section=code).select_related("person").first()
    initial = {"person": given.person.uuid, "due_on": given.due_on} if given else {}
    people = people_who_may(Permission.ASSESS, found.organization)
    form = EntrustForm(request.POST if request.method == "POST" else None, initial=initial, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            entrust_section(assessment=found, section=code, by=person(request), **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("It is noted."))
            return SeeOther(reverse("assessments:assessment", args=[uuid]))
    context = {"assessment": found, "form": form, "section": found.questionnaire.section(code)}
    return render(request, "assessments/entrust.html", context, status=422 if form.errors else 200)
