"""What the systems that a person keeps wait for: a screening to ask again, an assessment to review."""

from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, DepositedAssessment, QuestionnaireVersion, ScreeningConclusion
from assessments.models.questionnaire import questionnaire_of
from assessments.services.screening import changed_facts
from assessments.workflow import NEXT_REVIEW, SCREENING, AssessmentState
from core import clock
from core.text import reader_language
from organizations.models import Organization, User
from organizations.permissions import Permission, keys_where
from organizations.services.todo import TodoItem
from registry.models import AISystem
from registry.services.leads import kept_by
from registry.workflow import Phase

MOST_SYSTEMS = 50
# A review takes weeks: it is announced two months before its day.
ANNOUNCED = timedelta(days=60)


def waiting_for_keeper(user: User) -> list[TodoItem]:
    """Four queries at most, whatever the number of systems."""
    bodies = keys_where(user, Permission.ASSESS)
    if not bodies:
        return []
    kept = AISystem.objects.in_use().filter(kept_by(user), organization__in=bodies).exclude(phase=Phase.RETIRED)
    keys = kept.values("pk")
    until = clock.civil_date(clock.now()) + ANNOUNCED
    return [*_screenings(keys), *_decided(keys, until), *_deposited(keys, until)]


def _screenings(kept: "QuerySet[Any, Any]") -> list[TodoItem]:
    """Those whose record tells another story since; while one is being asked, nobody is told. Only those are looked
    into whose record, solution or body was written since.
    """
    since = OuterRef("concluded_at")
    bodies = Organization.pgh_event_models["insert"].objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=OuterRef("system__organization"), pgh_created_at__gt=since
    )
    asked = Assessment.objects.open().filter(system=OuterRef("system"), instrument=SCREENING)
    rows = ScreeningConclusion.objects.filter(
        ~Exists(asked),
        Q(system__updated_at__gt=F("concluded_at"))
        | Q(system__solution__updated_at__gt=F("concluded_at"))
        | Exists(bodies),
        system__in=kept,
        assessment__state=AssessmentState.DECIDED,
        assessment__instrument=SCREENING,
    )
    written = rows.select_related("system__organization").order_by("pk").iterator(chunk_size=MOST_SYSTEMS)
    found = islice((row for row in written if changed_facts(row, row.system)), MOST_SYSTEMS)
    return [
        TodoItem(
            what=_("Ask the screening again"),
            about=str(row.system.name),
            why_me=_("You keep this record, and it has changed since the screening."),
            due_on=None,
            address=reverse("assessments:of_system", args=[row.system.uuid]),
        )
        for row in found
    ]


def _decided(kept: "QuerySet[Any, Any]", until: date) -> list[TodoItem]:
    """By the day that the assessment itself gave; a new one that is begun says that somebody saw to it."""
    begun = Assessment.objects.open().filter(
        system=OuterRef("assessment__system"), instrument=OuterRef("assessment__instrument")
    )
    rows = Answer.objects.annotate(review_on=KeyTextTransform("date", "value")).filter(
        ~Exists(begun),
        question=NEXT_REVIEW,
        review_on__lte=until.isoformat(),
        assessment__system__in=kept,
        assessment__state=AssessmentState.DECIDED,
    )
    joined = rows.select_related("assessment__system", "assessment__version_asked")
    found = joined.defer("assessment__version_asked__content").order_by("review_on", "pk")[:MOST_SYSTEMS]
    return [
        _review_item(
            row.assessment.questionnaire.short_title[reader_language()],
            row.assessment.system,
            date.fromisoformat(row.review_on),
        )
        for row in found
    ]


def _deposited(kept: "QuerySet[Any, Any]", until: date) -> list[TodoItem]:
    """Of one made outside Vigie, unless a later one, of either kind, took its place."""
    same = {"system": OuterRef("system"), "instrument": OuterRef("instrument")}
    states = [AssessmentState.DRAFT, AssessmentState.SUBMITTED, AssessmentState.DECIDED]
    here = Assessment.objects.filter(state__in=states, created_at__gt=OuterRef("deposited_at"), **same)
    later = DepositedAssessment.objects.in_force().filter(done_on__gt=OuterRef("done_on"), **same)
    rows = DepositedAssessment.objects.in_force().filter(
        ~Exists(here), ~Exists(later), system__in=kept, next_review_on__lte=until
    )
    found = list(rows.select_related("system").order_by("next_review_on", "pk")[:MOST_SYSTEMS])
    titles = _titles({row.instrument for row in found})
    return [
        _review_item(titles.get(row.instrument, row.instrument), row.system, row.next_review_on)
        for row in found
        if row.next_review_on
    ]


def _titles(instruments: set[str]) -> dict[str, str]:
    """As the latest version of each says it."""
    rows = QuestionnaireVersion.objects.filter(instrument__in=instruments).defer("content").order_by("pk")
    latest = {row.instrument: row for row in rows} if instruments else {}
    language = reader_language()
    return {name: questionnaire_of(row.pk, row.digest).short_title[language] for name, row in latest.items()}


def _review_item(title: str, system: AISystem, day: date) -> TodoItem:
    return TodoItem(
        what=_("Review an assessment"),
        about=f"{title} – {system.name}",
        why_me=_("You keep this record, and its assessment says when it is reviewed."),
        due_on=day,
        address=reverse("assessments:of_system", args=[system.uuid]),
    )
