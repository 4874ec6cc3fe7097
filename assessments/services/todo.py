"""What waits for a person in the assessments. Named in TODO_SOURCES."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Assignment, GuestAccess, ScreeningConclusion
from assessments.scoring.completeness import completeness
from assessments.services.facts import reading_of
from assessments.services.todo_systems import waiting_for_keeper
from assessments.workflow import SCREENING, AssessmentState
from core.text import reader_language
from organizations.models import User
from organizations.permissions import Permission, keys_where
from organizations.services.links import in_language
from organizations.services.todo import TodoItem
from review.models import Comment
from review.workflow import CaseState

# Nobody reads a longer list; the list of assessments shows the rest.
MOST_OF_A_KIND = 50


def waiting_for(user: User) -> list[TodoItem]:
    """Sections entrusted to me, assessments sent back to me or that I may decide on, screenings to sign, invited
    persons who have finished or ask something, and what the systems that I keep wait for.
    """
    writes = keys_where(user, Permission.ASSESS)
    mine = [*_entrusted(user, writes), *_sent_back(user, writes), *_of_guests(user, writes)] if writes else []
    return [*mine, *_to_decide(user), *_to_sign(user), *waiting_for_keeper(user)]


def about(assessment: Assessment) -> str:
    return f"{assessment.questionnaire.short_title[reader_language()]} – {assessment.system.name}"


def _entrusted(user: User, bodies: list[int]) -> list[TodoItem]:
    """Until the section is whole; two queries."""
    rows = Assignment.objects.filter(
        person=user, assessment__state=AssessmentState.DRAFT, assessment__organization__in=bodies
    )
    joined = rows.select_related("assessment__system__organization", "assessment__version_asked")
    found = list(joined.defer("assessment__version_asked__content").order_by("due_on", "pk")[:MOST_OF_A_KIND])
    waiting = _incomplete({row.assessment_id: row.assessment for row in found})
    return [_section_item(row) for row in found if (row.assessment_id, row.section) in waiting]


def _incomplete(assessments: dict[int, Assessment]) -> set[tuple[int, str]]:
    """(assessment, section) where something that is asked waits for an answer."""
    values: dict[int, dict[str, object]] = {key: {} for key in assessments}
    rows = Answer.objects.filter(assessment__in=assessments).order_by("pk") if assessments else []
    for row in rows:
        if row.value is not None:
            values[row.assessment_id][row.question] = row.value
    found = set()
    for key, assessment in assessments.items():
        states = completeness(reading_of(assessment, values[key])).sections
        found |= {(key, each.section.code) for each in states if each.missing or not each.answered}
    return found


def _section_item(row: Assignment) -> TodoItem:
    section = row.assessment.questionnaire.section(row.section)
    return TodoItem(
        what=_("Fill in a section"),
        about=f"{section.title[reader_language()]} – {about(row.assessment)}",
        why_me=_("This section is entrusted to you."),
        due_on=row.due_on,
        address=reverse("assessments:section", args=[row.assessment.uuid, row.section]),
    )


def _sent_back(user: User, bodies: list[int]) -> list[TodoItem]:
    """To who submitted it and to who leads it, until it is submitted again or left."""
    rows = Assessment.objects.filter(
        Q(case__submitted_by=user) | Q(lead=user),
        state=AssessmentState.DRAFT,
        case__state=CaseState.SENT_BACK,
        organization__in=bodies,
    )
    return [
        TodoItem(
            what=_("Correct and submit again"),
            about=about(assessment),
            why_me=_("This assessment was sent back to you with a comment."),
            due_on=assessment.due_on,
            address=reverse("assessments:assessment", args=[assessment.uuid]),
        )
        for assessment in rows.with_what_it_needs().order_by("pk")[:MOST_OF_A_KIND]
    ]


def _to_decide(user: User) -> list[TodoItem]:
    """Never one's own where the body requires another person."""
    bodies = keys_where(user, Permission.DECIDE_ASSESSMENT)
    if not bodies:
        return []
    own = Q(case__submitted_by=user) | Q(case__authors=user)
    rows = Assessment.objects.filter(state=AssessmentState.SUBMITTED, organization__in=bodies)
    not_mine = rows.exclude(pk__in=rows.filter(own, case__needs_other_person=True).values("pk"))
    found = not_mine.with_what_it_needs().select_related("case__submitted_by").order_by("case__submitted_at", "pk")
    return [
        TodoItem(
            what=_("Read an assessment and decide"),
            about=about(assessment),
            why_me=_("%(person)s submitted it; your functions let you decide.")
            % {"person": assessment.case.submitted_by if assessment.case else ""},
            due_on=assessment.due_on,
            address=reverse("assessments:decide", args=[assessment.uuid]),
        )
        for assessment in found[:MOST_OF_A_KIND]
    ]


def _to_sign(user: User) -> list[TodoItem]:
    """«Non requise», for the privacy officer; a screening that another one replaced waits for nobody."""
    bodies = keys_where(user, Permission.ADVISE_ON_PRIVACY)
    if not bodies:
        return []
    rows = ScreeningConclusion.objects.filter(
        to_sign=True,
        signed_at__isnull=True,
        assessment__instrument=SCREENING,
        assessment__state=AssessmentState.DECIDED,
        system__organization__in=bodies,
        system__put_away_at__isnull=True,
    )
    found = rows.select_related("assessment", "system", "concluded_by").order_by("concluded_at", "pk")
    return [
        TodoItem(
            what=_("Sign that the privacy assessment is not required"),
            about=str(row.system.name),
            why_me=_("%(person)s concluded the screening; your functions let you sign.") % {"person": row.concluded_by},
            due_on=None,
            address=reverse("assessments:sign", args=[row.assessment.uuid]),
        )
        for row in found[:MOST_OF_A_KIND]
    ]


def _of_guests(user: User, bodies: list[int]) -> list[TodoItem]:
    """Persons whom I invited: who said they have finished, until their access is ended; what they asked last."""
    rows = GuestAccess.objects.filter(
        given_by=user,
        withdrawn_at__isnull=True,
        assessment__state=AssessmentState.DRAFT,
        assessment__organization__in=bodies,
    )
    joined = rows.select_related("assessment__system", "assessment__version_asked")
    invited = list(joined.defer("assessment__version_asked__content").order_by("pk")[:MOST_OF_A_KIND])
    return [*map(_handed_in_item, filter(lambda one: one.handed_in_at, invited)), *_asked_by(invited)]


def _handed_in_item(guest: GuestAccess) -> TodoItem:
    return TodoItem(
        what=_("Read the answers of an invited person"),
        about=f"{guest} – {about(guest.assessment)}",
        why_me=_("You invited this person, who has finished."),
        due_on=None,
        address=reverse("assessments:guests", args=[guest.assessment.uuid]),
    )


def _asked_by(invited: list[GuestAccess]) -> list[TodoItem]:
    """Open threads where one of them had the last word."""
    refs = [guest.actor_ref for guest in invited]
    if not refs:
        return []
    later = Comment.objects.filter(thread=OuterRef("thread"), number__gt=OuterRef("number"))
    rows = Comment.objects.filter(~Exists(later), guest_ref__in=refs, thread__resolved_at__isnull=True)
    return [
        TodoItem(
            what=_("Answer a comment"),
            about=comment.thread.label,
            why_me=_("You invited %(person)s, who wrote it.") % {"person": comment.guest_name},
            due_on=None,
            address=in_language(comment.thread.link, reader_language()),
        )
        for comment in rows.select_related("thread").order_by("written_at", "pk")[:MOST_OF_A_KIND]
    ]
