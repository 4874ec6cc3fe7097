"""Products that several bodies use: entered once, kept up by the body that entered them, named by systems."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, created_once
from core.text import reader_language
from organizations.models import Organization, User
from registry import permissions
from registry.field_catalogue import CATALOGUE, Part
from registry.models import AISystem, Solution, SolutionClaim
from registry.services.answers import Answers, clean_answer, merged
from registry.services.days import check_days
from registry.services.leads import successor_of
from registry.services.parts import check_not_put_away
from registry.services.systems import check_open

SOLUTION, CLAIM = CATALOGUE.shared_part("solution_facts"), CATALOGUE.shared_part("supplier_claims")
MOST_CLAIMS = 50


@transaction.atomic
def enter_solution(
    *,
    organization: Organization,
    answers: Answers,
    by: User,
    system: AISystem | None = None,
    request_key: UUID | None = None,
) -> Solution:
    """Describe a product that no body has described yet; `system`: the one that uses it, which names it at once.

    Raises `InvalidInput` for a missing name, and when this body already keeps one of the same names.
    """
    if not permissions.can_enter_solution(by, organization):
        raise NotAllowed(_("Your functions in this body do not let you enter a solution."))
    body = Organization.objects.select_for_update().get(pk=organization.pk)
    check_open(body)

    def create() -> Solution:
        moment = clock.now()
        solution = Solution(organization=body, **_stamps(by), created_at=moment, created_by=by)
        _write(solution, _cleaned(SOLUTION, answers))
        _check_whole(SOLUTION, solution, answers)
        _check_is_another(solution)
        solution.save(force_insert=True)
        record(by=by, verb="enter_solution", thing=solution, organization=body)
        if system is not None:
            use_solution(system=system, solution=solution, seen=system.solution, by=by)
        return solution

    return created_once(key=request_key, by=by, model=Solution, create=create)


@transaction.atomic
def save_solution(*, solution: Solution, answers: Answers, version: int, by: User) -> Solution:
    """Correct the description. What somebody else changed since `version` is shown beside it (`EditConflict`)."""
    found = _locked(solution, by)
    typed = merged(found, _changed(SOLUTION, answers, found), version, field=SOLUTION.field)
    if not typed:
        return found
    _write(found, typed)
    _check_whole(SOLUTION, found, typed)
    _check_is_another(found)
    found.version += 1
    _touch(found, by)
    record(by=by, verb="save_solution", thing=found, organization=found.organization, facts={"changed": sorted(typed)})
    return found


@transaction.atomic
def add_claim(*, solution: Solution, answers: Answers, by: User, request_key: UUID | None = None) -> SolutionClaim:
    """Note what the supplier claims, with its source and its day: without them nobody can check it."""
    found = _locked(solution, by)

    def create() -> SolutionClaim:
        if found.claims.count() >= MOST_CLAIMS:
            raise NotPossibleNow(
                _("This solution has %(most)d claims already: remove one first.") % {"most": MOST_CLAIMS}
            )
        claim = SolutionClaim(solution=found, noted_at=clock.now(), noted_by=by)
        _write(claim, _cleaned(CLAIM, answers))
        _check_whole(CLAIM, claim, answers)
        claim.save(force_insert=True)
        _touch(found, by)
        record(by=by, verb="add_claim", thing=claim, organization=found.organization, facts=_of(found))
        return claim

    return created_once(key=request_key, by=by, model=SolutionClaim, create=create)


@transaction.atomic
def save_claim(*, claim: SolutionClaim, answers: Answers, version: int, by: User) -> SolutionClaim:
    """Correct one claim. What somebody else changed since `version` is shown beside it (`EditConflict`)."""
    solution = _locked(claim.solution, by)
    found: SolutionClaim | None = solution.claims.select_for_update(of=("self",)).filter(pk=claim.pk).first()
    if found is None:
        raise NotPossibleNow(_("Somebody removed this claim meanwhile. Your text is still in the form: note it again."))
    typed = _changed(CLAIM, answers, found)
    typed = merged(found, typed, version, field=CLAIM.field, signed=("noted_by", "noted_at"))
    if not typed:
        return found
    _write(found, typed)
    _check_whole(CLAIM, found, typed)
    found.version += 1
    found.noted_at, found.noted_by = clock.now(), by
    found.save()
    _touch(solution, by)
    record(by=by, verb="save_claim", thing=found, organization=solution.organization, facts=_of(solution))
    return found


@transaction.atomic
def remove_claim(*, claim: SolutionClaim, by: User) -> None:
    """Take a claim away; history keeps what it said. Sheets published before still tell it."""
    solution = _locked(claim.solution, by)
    found = solution.claims.filter(pk=claim.pk).first()
    if found is None:
        return
    record(by=by, verb="remove_claim", thing=found, organization=solution.organization, facts=_of(solution))
    found.delete()
    _touch(solution, by)


@transaction.atomic
def take_over_solution(*, solution: Solution, by: User) -> Solution:
    """The body that carries on the work of a closed one keeps up what that one had entered."""
    found = Solution.objects.select_for_update(of=("self",)).select_related("organization").get(pk=solution.pk)
    successor = successor_of(found.organization)
    if successor is None:
        raise NotPossibleNow(_("Only the solution of a body that was merged is taken over, by the body it became."))
    if not permissions.can_enter_solution(by, successor):
        raise NotAllowed(_("Your functions in this body do not let you enter a solution."))
    former, found.organization = found.organization, successor
    _touch(found, by)
    record(by=by, verb="take_over_solution", thing=found, organization=successor, facts={"from": str(former.uuid)})
    return found


@transaction.atomic
def use_solution(*, system: AISystem, solution: Solution, seen: Solution | None, by: User) -> AISystem:
    """The system is a use of this product, whichever body keeps it up. `seen`: the one that the person read on the
    page, if any; when somebody named another since, nothing is written.
    """
    found = _locked_system(system, by)
    if solution.organization.is_demonstration != found.organization.is_demonstration:
        raise NotPossibleNow(_("The demonstration and the bodies themselves do not share their solutions."))
    if found.solution_id == solution.pk:
        return found
    _check_seen(found, seen)
    return _name(found, solution, verb="use_solution", facts={"solution": str(solution.uuid)}, by=by)


@transaction.atomic
def detach_solution(*, system: AISystem, seen: Solution, by: User) -> AISystem:
    """The system names no shared product any more. The public reads it with its next version."""
    found = _locked_system(system, by)
    if found.solution_id is None:
        return found
    _check_seen(found, seen)
    return _name(found, None, verb="detach_solution", facts={"solution": str(seen.uuid)}, by=by)


def _name(system: AISystem, solution: Solution | None, *, verb: str, facts: dict[str, str], by: User) -> AISystem:
    """Written to the system: who gives its second look must be somebody else."""
    system.solution = solution
    system.version += 1
    system.updated_at, system.updated_by = clock.now(), by
    system.save(update_fields=["solution", "version", "updated_at", "updated_by"])
    record(by=by, verb=verb, thing=system, organization=system.organization, facts=facts)
    return system


def _check_seen(system: AISystem, seen: Solution | None) -> None:
    if system.solution_id != (seen.pk if seen else None):
        raise NotPossibleNow(
            _("Somebody named another solution for this system meanwhile. Open its page again to see which.")
        )


def _locked(solution: Solution, by: User) -> Solution:
    """Looked at under the lock: the body that keeps it up may have changed."""
    found = Solution.objects.select_for_update(of=("self",)).select_related("organization").get(pk=solution.pk)
    if not permissions.can_edit_solution(by, found):
        raise NotAllowed(
            _("Another body keeps this solution up: you may name it in your systems, and ask that body to correct it.")
        )
    return found


def _locked_system(system: AISystem, by: User) -> AISystem:
    if not permissions.can_edit(by, system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    found = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    check_not_put_away(found)
    return found


def _cleaned(shape: Part, answers: Answers) -> dict[str, Any]:
    known = {field.code: field for field in shape.columns}
    return {code: clean_answer(known[code], value) for code, value in answers.items() if code in known}


def _changed(shape: Part, answers: Answers, stored: Solution | SolutionClaim) -> dict[str, Any]:
    sent = _cleaned(shape, answers)
    return {code: value for code, value in sent.items() if not shape.field(code).is_same(value, getattr(stored, code))}


def _write(row: Solution | SolutionClaim, typed: Mapping[str, Any]) -> None:
    for code, value in typed.items():
        setattr(row, code, value)


def _check_whole(shape: Part, row: Solution | SolutionClaim, typed: Answers) -> None:
    for field in shape.fields:
        if "row" in field.mandatory_for and getattr(row, field.code) in (None, ""):
            label = field.label[reader_language()]
            raise InvalidInput(_("%(label)s: this answer is missing.") % {"label": label}, field=field.code)
    days = {field.code: field for field in shape.fields if field.kind == "date"}
    check_days(days, {code: getattr(row, code) for code in days}, typed.keys())


def _check_is_another(solution: Solution) -> None:
    """Two with the same names in one body would share its systems between them."""
    same = Solution.objects.filter(
        organization=solution.organization,
        name_fr__iexact=solution.name_fr,
        trade_name__iexact=solution.trade_name,
        supplier__iexact=solution.supplier,
    )
    if same.exclude(pk=solution.pk).exists():
        raise InvalidInput(
            _("Your body entered a solution with these names already: use that one, or tell them apart."),
            field="name_fr",
        )


def _stamps(by: User) -> dict[str, Any]:
    return {"updated_at": clock.now(), "updated_by": by}


def _touch(solution: Solution, by: User) -> None:
    """Also when a claim changed: the documents of its systems tell both. The version counts the description alone, so
    that a claim noted meanwhile is no conflict with it.
    """
    solution.updated_at, solution.updated_by = clock.now(), by
    solution.save()


def _of(solution: Solution) -> dict[str, str]:
    return {"solution": str(solution.uuid)}
