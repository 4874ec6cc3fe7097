"""What waits for a person in the register. Named in TODO_SOURCES."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from organizations.models import User
from organizations.permissions import Permission, organizations_where
from organizations.services.todo import TodoItem
from registry.models import AISystem, ErrorReport, Publication, PublicationRequest
from registry.rules.delays import answer_due_on
from registry.services.leads import kept_by
from registry.services.systems import missing_answers
from registry.services.todo_kept import waiting_for_keeper, why_me
from registry.workflow import Phase, ReportState, YesNoUnsure
from review.workflow import CaseState

# Nobody reads a longer list; the lists of the register show the rest.
MOST_OF_A_KIND = 50
# A second look that a body requires should not stop the one who asked: a target of service.
LOOK_WITHIN = timedelta(days=7)


def waiting_for(user: User) -> list[TodoItem]:
    """Requests sent back, publications I may look at, reports of visitors I may answer, doubts on personal information
    that I may lift, and the records I keep.
    """
    mine = [*_drafts(user), *waiting_for_keeper(user)]
    return [*_sent_back(user), *_second_looks(user), *_error_reports(user), *_privacy_questions(user), *mine]


def _drafts(user: User) -> list[TodoItem]:
    bodies = organizations_where(user, Permission.EDIT_SYSTEMS).values("pk")
    mine = AISystem.objects.drafts().in_use().filter(kept_by(user), organization__in=bodies)
    return [_draft_item(system, user) for system in mine.order_by("created_at", "pk")[:MOST_OF_A_KIND]]


def _draft_item(system: AISystem, user: User) -> TodoItem:
    left = len(missing_answers(system))
    about = ngettext("%(name)s – %(count)d answer missing", "%(name)s – %(count)d answers missing", left)
    return TodoItem(
        what=_("Finish declaring") if left else _("Declare: the answers are all there"),
        about=about % {"name": system.name, "count": left} if left else str(system.name),
        why_me=_("You began this declaration.") if system.created_by_id == user.pk else why_me(system, user),
        due_on=None,
        address=reverse("registry:edit", args=[system.uuid]),
    )


def _second_looks(user: User) -> list[TodoItem]:
    """Never my own request nor my own text: another person must look."""
    bodies = organizations_where(user, Permission.APPROVE_PUBLICATION).values("pk")
    waiting = PublicationRequest.objects.filter(case__state=CaseState.SUBMITTED, case__organization__in=bodies)
    found = waiting.exclude(case__submitted_by=user).exclude(case__authors=user).select_related("case__submitted_by")
    return [
        TodoItem(
            what=_("Give the second look before publishing"),
            about=request.case.label,
            why_me=_("%(person)s asks; your functions let you approve.") % {"person": request.case.submitted_by},
            due_on=clock.civil_date(request.case.submitted_at + LOOK_WITHIN),
            address=reverse("registry:second_look", args=[request.case.uuid]),
        )
        for request in found.order_by("case__submitted_at", "pk")[:MOST_OF_A_KIND]
    ]


def _sent_back(user: User) -> list[TodoItem]:
    """To who asked and to who keeps the record. Asking again, or a version published since, takes it off; so does
    leaving the body.
    """
    bodies = organizations_where(user, Permission.PUBLISH).values("pk")
    back = PublicationRequest.objects.filter(case__state=CaseState.SENT_BACK, case__organization__in=bodies)
    back = back.filter(Q(case__submitted_by=user) | Q(system__lead=user), system__put_away_at__isnull=True)
    again = PublicationRequest.objects.filter(system=OuterRef("system"), pk__gt=OuterRef("pk"))
    since = Publication.objects.filter(system=OuterRef("system"), published_at__gt=OuterRef("case__decided_at"))
    open_still = back.filter(~Exists(again), ~Exists(since))
    found = open_still.select_related("case", "system").order_by("-case__decided_at", "pk")
    return [
        TodoItem(
            what=_("Correct and submit again"),
            about=str(request.system.name),
            why_me=_("The publication that you asked for was sent back with a comment.")
            if request.case.submitted_by_id == user.pk
            else _("You keep this record, and its publication was sent back with a comment."),
            due_on=None,
            address=reverse("registry:second_look", args=[request.case.uuid]),
        )
        for request in found[:MOST_OF_A_KIND]
    ]


def _privacy_questions(user: User) -> list[TodoItem]:
    """«Je ne sais pas»: the form promises the help of who is responsible for protecting personal information."""
    bodies = organizations_where(user, Permission.ADVISE_ON_PRIVACY).values("pk")
    unsure = AISystem.objects.in_use().filter(personal_information=YesNoUnsure.UNSURE, organization__in=bodies)
    found = unsure.exclude(phase=Phase.RETIRED).select_related("lead", "created_by")
    return [
        TodoItem(
            what=_("Help answer: does it use personal information?"),
            about=str(system.name),
            why_me=_("%(person)s answered “I do not know”; your functions make you the one to ask.")
            % {"person": system.lead or system.created_by},
            due_on=None,
            address=reverse("registry:system", args=[system.uuid]) + "#section-data",
        )
        for system in found.order_by("created_at", "pk")[:MOST_OF_A_KIND]
    ]


def _error_reports(user: User) -> list[TodoItem]:
    bodies = organizations_where(user, Permission.ANSWER_CITIZENS).values("pk")
    found = ErrorReport.objects.filter(state=ReportState.RECEIVED, organization__in=bodies).select_related("system")
    return [
        TodoItem(
            what=_("Answer an error reported by a visitor"),
            about=f"{report.reference} – {report.system.name}",
            why_me=_("Your functions let you answer visitors."),
            due_on=answer_due_on(clock.civil_date(report.received_at)),
            address=reverse("registry:error_report", args=[report.uuid]),
        )
        for report in found.order_by("received_at", "pk")[:MOST_OF_A_KIND]
    ]
