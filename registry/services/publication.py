"""Going public: asked for, looked at by a second person where the body requires it, then numbered and sealed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, check_unchanged, created_once
from core.text import clean_line
from organizations.models import Organization, User
from organizations.workflow import SecondLook
from registry import permissions
from registry.models import AISystem, Publication, PublicationRequest, Solution
from registry.services.documents import codes_as_sets, digest_of, finish_document, frozen_facts, kind_for
from registry.services.parts import check_not_put_away
from registry.services.public_files import ask_public_files, take_back_public_files
from registry.services.public_records import refresh_public_record
from registry.workflow import NOT_SHOWN, PublicationKind
from review.models import Case
from review.services import decide_case, submit_case
from review.workflow import CaseState

SUBJECT = "publication"
VERBS = {str(PublicationKind.WITHDRAWN): "withdraw", str(PublicationKind.WITHHELD): "withhold"}


@transaction.atomic
def publish_system(
    *,
    system: AISystem,
    by: User,
    change_note: str = "",
    is_major: bool = True,
    seen: str = "",
    version: int | None = None,
    wants_second_look: bool = False,
    request_key: UUID | None = None,
) -> Publication | PublicationRequest:
    """Publish the system as it stands, or submit it to a second look: where the body requires one, or where it is
    possible and the person wants one.

    Raises `NotPossibleNow` for a draft, for a request that waits already and when nothing changed; `InvalidInput`
    when a new version does not say what changed. `seen`: the digest of what the person was shown; when somebody saved
    another answer since, nothing goes public unread; `version`: the same, of the system that a program read.
    `request_key`: the same sending twice answers the same.
    """
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    is_looked_at = needs_second_look(system.organization, wants_second_look)
    made: type[Publication | PublicationRequest] = PublicationRequest if is_looked_at else Publication

    def create() -> Publication | PublicationRequest:
        _check_allowed(system, by)
        check_unchanged(system, version)
        frozen, note = _check_to_publish(system, change_note, seen)
        if is_looked_at:
            return _ask_for_second_look(system=system, frozen=frozen, is_major=is_major, note=note, by=by)
        return publish_version(system=system, frozen=frozen, is_major=is_major, note=note, by=by, case=None)

    return created_once(key=request_key, by=by, model=made, create=create)


def needs_second_look(organization: Organization, wanted: bool) -> bool:
    """Whether another person reads it first."""
    asked = {SecondLook.REQUIRED: True, SecondLook.RECOMMENDED: wanted, SecondLook.IMPOSSIBLE: False}
    return asked[SecondLook(organization.second_look)]


def _check_to_publish(system: AISystem, change_note: str, seen: str) -> tuple[dict[str, Any], str]:
    """What would be frozen and its note, when all is as it should be."""
    _check_state(system)
    check_not_put_away(system)
    note = clean_line(change_note)
    check_length(note, Publication, "change_note_fr", field="change_note")
    frozen = frozen_facts(system, kind_for(system))
    if seen and seen != digest_of(frozen):
        raise NotPossibleNow(
            _("Somebody changed this system since you opened the page. Open it again to read what would be published.")
        )
    _check_says_something_new(system, frozen, note)
    return frozen, note


def _ask_for_second_look(
    *, system: AISystem, frozen: dict[str, Any], is_major: bool, note: str, by: User
) -> PublicationRequest:
    case = submit_case(
        organization=system.organization,
        subject=SUBJECT,
        label=system.name_fr,
        address=reverse("registry:system", args=[system.uuid]),
        digest=digest_of(frozen),
        needs_other_person=True,
        authors=_writers(system),
        by=by,
    )
    return PublicationRequest.objects.create(
        case=case, system=system, document=frozen, kind=frozen["kind"], is_major=is_major, change_note_fr=note
    )


@transaction.atomic
def answer_publication_request(
    *, request: PublicationRequest, move: str, comment: str = "", by: User
) -> Publication | None:
    """The second look: `approve` publishes exactly what was submitted; `send_back` says why; `withdraw` is its
    author's.
    """
    case = request.case
    if move != "withdraw" and not permissions.can_approve_publication(by, case.organization):
        raise NotAllowed(_("Your functions in this body do not let you give the second look."))
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=request.system_id)
    if move == "approve":
        _check_not_withdrawn_since(system, case)
    case = decide_case(case=case, move=move, comment=comment, by=by)
    if case.state != CaseState.APPROVED:
        return None
    if digest_of(request.document) != case.digest:
        raise NotPossibleNow(_("What was submitted is not what is stored. Ask for the publication again."))
    return publish_version(
        system=system,
        frozen=request.document,
        is_major=request.is_major,
        note=request.change_note_fr,
        by=by,
        case=case,
    )


@transaction.atomic
def withdraw_publication(*, system: AISystem, reason: str, by: User) -> Publication:
    """Take the sheet off the public site. A new version says so and why; the earlier ones keep their digest."""
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    if not permissions.can_approve_publication(by, system.organization):
        raise NotAllowed(_("Your functions in this body do not let you withdraw a sheet."))
    latest = system.publications.first()
    if latest is None or latest.kind in NOT_SHOWN:
        raise NotPossibleNow(_("This system is not on the public site: there is nothing to withdraw."))
    note = clean_line(reason)
    if not note:
        raise InvalidInput(_("Say why the sheet is withdrawn: the public will read it."), field="reason")
    check_length(note, Publication, "change_note_fr", field="reason")
    frozen = frozen_facts(system, PublicationKind.WITHDRAWN)
    return publish_version(system=system, frozen=frozen, is_major=True, note=note, by=by, case=None)


def _writers(system: AISystem) -> list[User]:
    """Who changed an answer, or the solution it names, since what the public sheet says was frozen, or since the
    beginning: a line or a withdrawal showed nothing of it. By the moment noted under the lock, not by that of a
    transaction.
    """
    history = AISystem.pgh_event_models["insert"]  # type: ignore[attr-defined]
    rows = history.objects.filter(pgh_obj_id=system.pk).order_by("pgh_id")
    described = Solution.pgh_event_models["insert"]  # type: ignore[attr-defined]
    solution = described.objects.filter(pgh_obj_id=system.solution_id).order_by("pgh_id")
    sheet = system.publications.filter(kind=PublicationKind.SHEET).select_related("case").first()
    if sheet:
        since = sheet.case.submitted_at if sheet.case else sheet.published_at
        rows, solution = rows.filter(updated_at__gt=since), solution.filter(updated_at__gt=since)
    writers = Q(pk__in=rows.values("updated_by_id")) | Q(pk__in=solution.values("updated_by_id"))
    return list(User.objects.filter(writers).order_by("pk"))


def _check_not_withdrawn_since(system: AISystem, case: Case) -> None:
    """A sheet was taken off for a reason: what was asked before it does not bring it back."""
    since = system.publications.filter(kind__in=NOT_SHOWN, published_at__gt=case.submitted_at)
    if case.state == CaseState.SUBMITTED and since.exists():
        raise NotPossibleNow(
            _("The sheet was withdrawn after this request. Send the request back: the person may then ask again.")
        )


def _check_allowed(system: AISystem, by: User) -> None:
    if not permissions.can_publish(by, system):
        raise NotAllowed(
            _("Your functions in this body do not let you publish. Ask the person responsible for the system.")
        )


def _check_state(system: AISystem) -> None:
    if not system.is_declared:
        raise NotPossibleNow(_("Declare the system first: it then gets the number that the public site shows."))
    if system.publication_requests.filter(case__state=CaseState.SUBMITTED).exists():
        raise NotPossibleNow(_("A publication of this system waits for its second look already."))


def _check_says_something_new(system: AISystem, frozen: dict[str, Any], note: str) -> None:
    latest = system.publications.first()
    if latest is None:
        return
    if says_the_same(latest, frozen):
        raise NotPossibleNow(_("Nothing public has changed since version %(number)d.") % {"number": latest.number})
    if not note:
        raise InvalidInput(_("Say in one sentence what changed: the public will read it."), field="change_note")


def says_the_same(latest: Publication, frozen: dict[str, Any]) -> bool:
    """The public reads this already: only number, date, note and the order of codes would differ."""
    return all(codes_as_sets(latest.document.get(key)) == codes_as_sets(value) for key, value in frozen.items())


@transaction.atomic
def publish_version(
    *, system: AISystem, frozen: dict[str, Any], is_major: bool, note: str, by: User, case: Case | None = None
) -> Publication:
    """Number, seal and show one version. The caller holds the lock of the system and has checked who acts."""
    latest = system.publications.first()
    number = latest.number + 1 if latest else 1
    moment = clock.now()
    publication = seal(system, frozen, number=number, is_major=is_major, note=note, moment=moment, by=by)
    publication.case = case
    publication.save(force_insert=True)
    refresh_public_record(publication)
    if publication.kind in NOT_SHOWN and latest and latest.kind not in NOT_SHOWN:
        take_back_public_files(by=by)
    else:
        ask_public_files()
    look = "given" if case else system.organization.second_look
    record(
        by=by,
        verb=VERBS.get(publication.kind, "publish"),
        thing=publication,
        organization=system.organization,
        facts={"number": number, "kind": publication.kind, "digest": publication.digest, "second_look": look},
    )
    return publication


def seal(
    system: AISystem, frozen: dict[str, Any], *, number: int, is_major: bool, note: str, moment: datetime, by: User
) -> Publication:
    """One version with its document, checked, and its digest; not stored yet."""
    document = finish_document(frozen, number=number, is_major=is_major, note=note, day=clock.civil_date(moment))
    return Publication(
        system=system,
        organization=system.organization,
        reference=document["reference"],
        number=number,
        kind=document["kind"],
        schema=document["schema"],
        is_major=is_major,
        change_note_fr=note,
        document=document,
        digest=digest_of(document),
        published_at=moment,
        published_by=by,
    )


def waiting_request(system: AISystem) -> PublicationRequest | None:
    """The version of this system that waits for its second look, if any."""
    return system.publication_requests.select_related("case").filter(case__state=CaseState.SUBMITTED).first()
