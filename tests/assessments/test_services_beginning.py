"""Beginning an assessment: by whom, once, by which version, with what of another."""

import copy
from uuid import uuid4

import pytest

from assessments.models import Answer, Assessment
from assessments.services.beginning import begin_assessment
from assessments.services.versions import add_version
from assessments.workflow import AnswerOrigin
from core.audit import NamedJob
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


def begin(system, by, **given):
    return begin_assessment(system=system, instrument=given.pop("instrument", "every_kind"), by=by, **given)


@pytest.fixture
def second(body, editor):
    return SystemFactory(organization=body, created_by=editor)


def test_a_draft_is_opened_by_the_latest_version(questionnaires, contents, system, editor):
    for version in ("1.9", "1.10"):
        add_version(content={**contents["every_kind"], "version": version}, by=NamedJob("tests"))
    found = begin(system, editor)
    assert found.version_asked.version == "1.10"
    assert (found.state, found.lead, found.version, found.required) == ("draft", editor, 1, 4)
    assert AuditEvent.objects.get(verb="begin_assessment").facts == {
        "instrument": "every_kind", "version": "1.10", "copied": 0,
    }  # fmt: skip


def test_who_may_begin(questionnaires, system, outsider, reader, authority, reviewer):
    for refused in (outsider, reader, authority):
        with pytest.raises(NotAllowed):
            begin(system, refused)
    assert begin(system, reviewer).pk


def test_one_is_open_at_a_time(assessment, editor, second):
    with pytest.raises(NotPossibleNow):
        begin(assessment.system, editor)
    assert begin(second, editor).pk
    assert begin(assessment.system, editor, instrument="five_questions").pk


def test_a_form_sent_twice_begins_once(questionnaires, system, editor):
    key = uuid4()
    assert begin(system, editor, request_key=key) == begin(system, editor, request_key=key)
    assert Assessment.objects.count() == 1


def test_an_instrument_that_no_version_has(questionnaires, system, editor):
    with pytest.raises(InvalidInput) as refusal:
        begin(system, editor, instrument="horoscope")
    assert refusal.value.field == "instrument" and "every_kind" in refusal.value.sentence


def test_answers_of_another_are_taken_over_as_copied(assessment, save, second, editor):
    save(assessment, {"name": "Tri", "data.r0001aaaa.what": "Nom", "law.choice": "permitted"})
    Answer.objects.create(
        assessment=assessment, question="notice", value={"text": "Lu", "files": ["x"]}, version=1,
        updated_at=assessment.created_at, updated_by=editor,
    )  # fmt: skip
    copied = begin(second, editor, source=assessment)
    assert copied.values() == assessment.values() | {"notice": {"text": "Lu"}}
    assert set(copied.answers.values_list("origin", "origin_note", "version")) == {
        (AnswerOrigin.COPIED, "QC-MTEST-0900 – every_kind/1.0", 1)
    }
    assert (copied.previous, copied.done) == (assessment, 1)


def test_a_newer_version_takes_what_it_still_asks_leaf_by_leaf(assessment, save, second, editor, contents):
    save(assessment, {"name": "Tri des demandes", "people": "many", "uses": ["sorting"], "records": 900, "story": "x"})
    save(assessment, {"clauses.audit.state": "yes", "clauses.training.state": "no", "law.choice": "forbidden"})
    content = copy.deepcopy(contents["every_kind"])
    content["version"] = "2.0"
    by_id = {question["id"]: question for section in content["sections"] for question in section["questions"]}
    by_id["name"]["max_length"] = 5
    by_id["records"]["at_most"] = 1000
    by_id["story"]["kind"] = "text"
    by_id["clauses"]["lines"].pop()
    by_id["uses"]["options"].pop(1)
    add_version(content=content, by=NamedJob("tests"))
    copied = begin(second, editor, source=assessment)
    assert copied.values() == {
        "people": "many",
        "uses": ["sorting"],
        "records": 900,
        "clauses": {"audit": {"state": "yes"}},
        "law": {"choice": "forbidden"},
    }


def test_only_what_one_reads_and_of_the_same_kind_is_copied(assessment, second, editor, other_system, outsider):
    theirs = begin(other_system, outsider)
    with pytest.raises(NotAllowed):
        begin(second, editor, source=theirs)
    with pytest.raises(InvalidInput) as refusal:
        begin(second, editor, source=assessment, instrument="five_questions")
    assert refusal.value.field == "source"
    assert not Assessment.objects.filter(system=second).exists()


def test_the_depth_that_somebody_chose_is_taken_over(assessment, second, editor):
    Assessment.objects.filter(pk=assessment.pk).update(depth="full", depth_reason="Prudence")
    assessment.refresh_from_db()
    copied = begin(second, editor, source=assessment)
    assert (copied.depth, copied.depth_reason) == ("full", "Prudence")
