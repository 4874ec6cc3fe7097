"""What the database refuses of a case, whatever the code says."""

import pytest
from django.db import IntegrityError, transaction

from core import clock
from review.models import Case
from review.workflow import CaseState

pytestmark = pytest.mark.django_db


def refused(constraint: str, case: Case, **changed) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**changed)


def test_a_case_says_its_label(case):
    assert str(case) == "Tri des permis"


@pytest.mark.parametrize("state", [CaseState.APPROVED, CaseState.WITHDRAWN])
def test_a_decided_case_has_its_moment_and_its_person(case, state, reviewer):
    constraint = "case_decided_at_by"
    refused(constraint, case, state=state)
    refused(constraint, case, state=state, decided_at=clock.now())
    refused(constraint, case, state=state, decided_by=reviewer)
    refused(constraint, case, decided_at=clock.now(), decided_by=reviewer)


@pytest.mark.parametrize("state", [CaseState.APPROVED, CaseState.SENT_BACK])
def test_a_second_look_is_another_persons(case, editor, state):
    decided = {"state": state, "decided_at": clock.now(), "decided_by": editor, "comment": "Relu."}
    refused("case_second_look_is_another_person", case, **decided)


def test_its_author_may_withdraw_it_or_decide_alone_where_the_body_has_no_second_person(case, submit, editor):
    decided = {"decided_at": clock.now(), "decided_by": editor}
    alone = submit(needs_other_person=False)
    assert Case.objects.filter(pk=case.pk).update(state=CaseState.WITHDRAWN, **decided) == 1
    assert Case.objects.filter(pk=alone.pk).update(state=CaseState.APPROVED, **decided) == 1


def test_sent_back_says_why(case, reviewer):
    decided = {"state": CaseState.SENT_BACK, "decided_at": clock.now(), "decided_by": reviewer}
    refused("case_sent_back_says_why", case, **decided)
    assert Case.objects.filter(pk=case.pk).update(comment="Nommer le service.", **decided) == 1


def test_every_change_is_kept(case, reviewer):
    history = Case.pgh_event_models["insert"].objects.filter(pgh_obj_id=case.pk)
    decided = {"decided_at": clock.now(), "decided_by": reviewer}
    Case.objects.filter(pk=case.pk).update(state=CaseState.APPROVED, **decided)
    assert list(history.order_by("pgh_id").values_list("pgh_label", "state")) == [
        ("insert", "submitted"),
        ("update", "approved"),
    ]
