"""The screening: five answers, what they say, who signs, when it is asked again."""

import copy

import pytest
from django.db import ProgrammingError, transaction

from assessments.models import Assessment, ScreeningConclusion
from assessments.services.beginning import begin_assessment
from assessments.services.earlier import last_conclusion
from assessments.services.screening import changed_facts, conclude_screening, sign_screening
from assessments.services.versions import add_version
from assessments.workflow import AssessmentState
from core.audit import NamedJob
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from registry.models import AISystem

pytestmark = pytest.mark.django_db
NOTHING = {"personal": "no", "new": "yes", "decides": "no", "outside": "no", "sharing": ["none"]}


@pytest.fixture
def screening(questionnaires, system, editor):
    return begin_assessment(system=system, instrument="screening", by=editor)


def results(conclusion):
    return {one["instrument"]: one["result"] for one in conclusion.results}


@pytest.fixture
def conclude(screening, save, editor):
    def concluding(change=None, **given):
        save(screening, NOTHING | (change or {}))
        return conclude_screening(assessment=screening, by=given.pop("by", editor), **given)

    return concluding


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"efvp": "not_required", "other": "not_required"}),
        ({"personal": "yes"}, {"efvp": "required", "other": "not_required"}),
        ({"personal": "unsure"}, {"efvp": "to_check", "other": "not_required"}),
        ({"decides": "unsure"}, {"efvp": "not_required", "other": "recommended"}),
    ],
)
def test_five_answers_say_what_is_required(conclude, change, expected):
    conclusion = conclude(change)
    assert results(conclusion) == expected
    assert conclusion.to_sign == (expected["efvp"] == "not_required")
    assert conclusion.answers == NOTHING | change


def test_all_five_are_answered_and_unsure_is_an_answer(screening, save, editor):
    save(screening, {"personal": "unsure", "new": "unsure", "decides": "unsure", "outside": "unsure"})
    with pytest.raises(InvalidInput) as refusal:
        conclude_screening(assessment=screening, by=editor)
    assert refusal.value.field == "sharing"
    save(screening, {"sharing": ["unsure"]})
    assert conclude_screening(assessment=screening, by=editor).pk


def test_more_can_be_added_with_a_reason(conclude):
    for added, field in (({"efvp": " "}, "reason"), ({"horoscope": "x"}, "added"), ({"efvp": "x" * 1001}, "reason")):
        with pytest.raises(InvalidInput) as refusal:
            conclude(added=added)
        assert refusal.value.field == field
    conclusion = conclude(added={"efvp": "Projet sensible"})
    assert conclusion.added == [{"instrument": "efvp", "reason": "Projet sensible"}]
    event = AuditEvent.objects.get(verb="conclude_screening")
    assert event.facts["added"] == ["efvp"] and "sensible" not in str(event.facts)


def test_it_is_concluded_once_and_takes_no_more_answers(screening, conclude, save, editor):
    conclude()
    screening.refresh_from_db()
    assert screening.state == AssessmentState.DECIDED
    with pytest.raises(NotPossibleNow):
        conclude_screening(assessment=screening, by=editor)
    with pytest.raises(NotPossibleNow):
        save(screening, {"personal": "yes"})


def test_only_a_screening_is_concluded_so(assessment, editor):
    with pytest.raises(NotPossibleNow):
        conclude_screening(assessment=assessment, by=editor)


def test_who_concludes(conclude, outsider, reader):
    for refused in (outsider, reader):
        with pytest.raises(NotAllowed):
            conclude(by=refused)


def test_the_privacy_officer_signs_that_nothing_is_required(conclude, editor, authority, outsider, reviewer):
    conclusion = conclude()
    for refused in (editor, authority, outsider):
        with pytest.raises(NotAllowed):
            sign_screening(conclusion=conclusion, note="", by=refused)
    signed = sign_screening(conclusion=conclusion, note="Vérifié au dossier", by=reviewer)
    assert (signed.signed_by, signed.signed_note) == (reviewer, "Vérifié au dossier")
    with pytest.raises(NotPossibleNow):
        sign_screening(conclusion=conclusion, note="", by=reviewer)
    assert "Vérifié" not in str(AuditEvent.objects.get(verb="sign_screening").facts)


def test_a_required_one_is_not_signed(conclude, reviewer):
    with pytest.raises(NotPossibleNow):
        sign_screening(conclusion=conclude({"personal": "yes"}), note="", by=reviewer)


def test_a_note_has_a_length(conclude, reviewer):
    with pytest.raises(InvalidInput):
        sign_screening(conclusion=conclude(), note="x" * 1001, by=reviewer)


def test_it_is_asked_again_when_a_fact_that_it_read_changes(conclude, system, reviewer):
    conclusion = conclude()
    assert set(conclusion.facts) == {"system.personal_information", "system.autonomy"}
    assert changed_facts(conclusion) == []
    AISystem.objects.filter(pk=system.pk).update(need_fr="Autre besoin")
    assert changed_facts(ScreeningConclusion.objects.get()) == []
    AISystem.objects.filter(pk=system.pk).update(autonomy="alone")
    fresh = ScreeningConclusion.objects.get()
    assert changed_facts(fresh) == ["system.autonomy"]
    with pytest.raises(NotPossibleNow):
        sign_screening(conclusion=fresh, note="", by=reviewer)


def test_facts_of_a_whole_record_are_compared_as_they_were_kept(questionnaires, whole_system, save, editor):
    screening = begin_assessment(system=whole_system, instrument="screening", by=editor)
    save(screening, NOTHING)
    conclude_screening(assessment=screening, by=editor)
    assert changed_facts(ScreeningConclusion.objects.select_related("system").get()) == []


def test_a_newer_screening_replaces_the_former(conclude, screening, system, editor, save, reviewer):
    former = conclude()
    again = begin_assessment(system=system, instrument="screening", by=editor, source=screening)
    save(again, {"personal": "yes"})
    newer = conclude_screening(assessment=again, by=editor)
    screening.refresh_from_db()
    assert screening.state == AssessmentState.SUPERSEDED
    assert last_conclusion(system) == newer
    with pytest.raises(NotPossibleNow):
        sign_screening(conclusion=former, note="", by=reviewer)


def test_its_answers_are_facts_of_what_is_being_written(questionnaires, contents, conclude, system, editor):
    content = copy.deepcopy(contents["five_questions"])
    content["version"] = "2.0"
    notes = content["sections"][0]["questions"][-1]
    notes |= {"required": True, "visible_when": {"fact": "screening.personal", "in": ["yes"]}}
    add_version(content=content, by=NamedJob("tests"))
    written = begin_assessment(system=system, instrument="five_questions", by=editor)
    assert written.required == 2
    conclude({"personal": "yes"})
    written = Assessment.objects.get(pk=written.pk)
    assert written.screened["personal"] == "yes"
    assert (written.required, written.version) == (3, 2)
    later = begin_assessment(system=system, instrument="every_kind", by=editor)
    assert later.screened["personal"] == "yes"


def test_only_the_signature_is_ever_written_after(conclude, reviewer):
    conclusion = conclude()
    rows = ScreeningConclusion.objects.filter(pk=conclusion.pk)
    for write in (
        lambda: rows.update(answers={}),
        lambda: rows.update(to_sign=False),
        lambda: rows._raw_delete(rows.db),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            write()
    sign_screening(conclusion=conclusion, note="", by=reviewer)
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows.update(signed_note="Autre")
