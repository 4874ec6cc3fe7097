"""Saving answers: leaf by leaf, at once by several people, by those who may, in few queries."""

import copy
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer, Assessment, GuestAccess
from assessments.questionnaires import check_content
from assessments.services.beginning import begin_assessment
from assessments.services.saving import save_answers
from assessments.services.submitting import withdraw_assessment
from assessments.services.versions import add_version
from assessments.workflow import AnswerOrigin
from core import clock
from core.audit import NamedJob
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Membership
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db


def stored(assessment):
    return Assessment.objects.get(pk=assessment.pk).values()


def test_an_answer_is_stored_with_who_and_how(assessment, save, editor):
    saved = save(assessment, {"name": "  Tri\u200b des demandes "})
    row = Answer.objects.get(assessment=assessment, question="name")
    assert (row.value, row.version, row.origin) == ("Tri des demandes", 2, AnswerOrigin.TYPED)
    assert (row.updated_by, row.guest) == (editor, None)
    assert saved.version == 2 and saved.changed == {"name"} and not saved.differences


def test_counts_are_those_of_the_answers(assessment, save):
    assert (assessment.done, assessment.required) == (0, 4)
    save(assessment, {"name": "Tri", "people": "few"})
    assessment.refresh_from_db()
    assert (assessment.done, assessment.required, assessment.level) == (2, 4, "")


def test_the_level_is_that_of_the_highest_residual_risk(assessment, save):
    leaves = {"applies": "yes", "before_severity": "4", "before_likelihood": "4"}
    save(assessment, {f"ratings_of_risks.access.{name}": value for name, value in leaves.items()})
    assessment.refresh_from_db()
    assert assessment.level == "critical"


def test_what_says_the_same_writes_nothing(assessment, save):
    save(assessment, {"name": "Tri", "uses": ["sorting", "deciding"]})
    again = save(assessment, {"name": " Tri ", "uses": ["deciding", "sorting"], "story": "", "records": None})
    assert again.version == 2 and not again.changed
    assert Answer.objects.filter(assessment=assessment).count() == 2


def test_an_answer_is_emptied_and_its_row_stays(assessment, save):
    save(assessment, {"name": "Tri"})
    save(assessment, {"name": ""})
    row = Answer.objects.get(assessment=assessment, question="name")
    assert row.value is None and row.version == 3
    assert stored(assessment) == {}


@pytest.mark.parametrize(
    ("leaves", "field", "words"),
    [
        ({"nobody": "x"}, "nobody", "nobody"),
        ({"name.more": "x"}, "name.more", "Nom"),
        ({"data.what": "x"}, "data.what", "Données"),
        ({"data.r0001aaaa.nothing": "x"}, "data.r0001aaaa.nothing", "Données"),
        ({"proof.files": "x"}, "proof.files", "Preuve"),
        ({"people": "thousands"}, "people", "Combien de gens"),
        ({"people": ["few"]}, "people", "Combien de gens"),
        ({"uses": "sorting"}, "uses", "Usages"),
        ({"uses": ["nothing", "sorting"]}, "uses", "Usages"),
        ({"records": True}, "records", "Nombre de dossiers"),
        ({"records": 10**400}, "records", "Nombre de dossiers"),
        ({"records": float("nan")}, "records", "Nombre de dossiers"),
        ({"records": -1}, "records", "Nombre de dossiers"),
        ({"start": "2026-02-30"}, "start", "Début"),
        ({"page": "javascript:alert(1)"}, "page", "Page"),
        ({"name": {"text": "x"}}, "name", "Nom"),
        ({"name": "x" * 81}, "name", "80"),
        ({"story": "x" * 10_000_000}, "story", "Récit"),
        ({f"data.r{row:04d}aaaa.what": "x" for row in range(1, 202)}, "data", "200"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_no_page_sends_is_refused_by_its_place_and_nothing_is_saved(assessment, save, leaves, field, words):
    with pytest.raises(InvalidInput) as refusal:
        save(assessment, {"sensitive": "yes", **leaves})
    assert refusal.value.field == field
    assert words in refusal.value.sentence
    assert stored(assessment) == {}


def test_rows_are_counted_with_those_that_are_there(assessment, save):
    save(assessment, {f"data.r{row:04d}aaaa.what": "x" for row in range(1, 200)})
    with pytest.raises(InvalidInput):
        save(assessment, {"data.r0300bbbb.what": "x", "data.r0301bbbb.what": "x"})
    taken = {f"data.r{row:04d}aaaa.what": "" for row in range(1, 151)}
    save(assessment, taken | {f"data.r{row:04d}bbbb.what": "y" for row in range(300, 400)})
    assert len(stored(assessment)["data"]) == 149


@pytest.mark.parametrize("version", [99, -1])
def test_a_version_that_never_was_is_refused(assessment, save, version):
    with pytest.raises(InvalidInput):
        save(assessment, {"name": "Tri"}, version=version)


def test_two_people_write_different_leaves_and_both_are_kept(assessment, save, colleague):
    save(assessment, {"law.choice": "permitted", "data.r0001aaaa.what": "Nom"})
    read = 2
    save(assessment, {"law.text": "Article 64", "data.r0001aaaa.count": 3}, version=read)
    late = {"law.choice": "forbidden", "law.text": "", "data.r0001aaaa.what": "Noms", "data.r0002bbbb.what": "Adresse"}
    saved = save(assessment, late, version=read, by=colleague)
    assert not saved.differences
    assert stored(assessment)["law"] == {"choice": "forbidden", "text": "Article 64"}
    assert stored(assessment)["data"] == [
        {"row": "r0001aaaa", "count": 3, "what": "Noms"},
        {"row": "r0002bbbb", "what": "Adresse"},
    ]


def test_the_same_leaf_written_twice_is_told_and_the_first_stays(assessment, save, colleague, editor):
    save(assessment, {"name": "Premier"}, version=1)
    saved = save(assessment, {"name": "Second", "story": "Écrit aussi"}, version=1, by=colleague)
    (difference,) = saved.differences
    assert (difference.field, difference.stored, difference.typed) == ("name", "Premier", "Second")
    assert (difference.by, difference.by_ref) == (str(editor), editor.actor_ref)
    assert stored(assessment) == {"name": "Premier", "story": "Écrit aussi"}


def test_a_dispute_lasts_until_somebody_chooses(assessment, save, colleague):
    save(assessment, {"name": "Premier"}, version=1)
    again = save(assessment, {"name": "Second"}, by=colleague, unsettled=["name"])
    assert [each.typed for each in again.differences] == ["Second"] and again.version == 2
    chosen = save(assessment, {"name": "Second"}, by=colleague)
    assert not chosen.differences and stored(assessment) == {"name": "Second"}


def test_what_was_only_read_is_not_written_back(assessment, save, colleague):
    save(assessment, {"name": "Ancien", "story": "Ancienne"})
    save(assessment, {"name": "Nouveau"})
    saved = save(assessment, {"name": "Ancien", "story": "Corrigée"}, version=2, by=colleague)
    assert not saved.differences
    assert stored(assessment) == {"name": "Nouveau", "story": "Corrigée"}


def test_an_emptied_answer_does_not_come_back_by_a_page_read_before(assessment, save, colleague):
    save(assessment, {"name": "Ancien"})
    save(assessment, {"name": ""})
    save(assessment, {"name": "Ancien"}, version=2, by=colleague)
    assert stored(assessment) == {}


def test_a_hidden_answer_is_kept_as_it_is(assessment, save):
    save(assessment, {"people": "many", "law.choice": "permitted", "in_charge.function": "Direction"})
    hidden = save(assessment, {"people": "few"})
    assert {question.id for question in hidden.reading.kept_aside} == {"law", "in_charge"}
    assert stored(assessment)["in_charge"] == {"function": "Direction"}
    shown = save(assessment, {"people": "many"})
    assert shown.reading.counted["law"] == {"choice": "permitted"}


def test_an_option_that_is_not_offered_any_more_is_neither_counted_nor_unticked_unseen(assessment, save):
    save(assessment, {"sensitive": "yes", "uses": ["sorting", "profiling"]})
    save(assessment, {"sensitive": "no"})
    saved = save(assessment, {"uses": ["sorting", "deciding"]})
    assert stored(assessment)["uses"] == ["sorting", "deciding", "profiling"]
    assert saved.reading.value_of("uses") == ["sorting", "deciding"]
    assert [(question.id, path) for question, path in saved.reading.parts_aside] == [("uses", "")]
    assert "tracking" not in {risk.code for risk in saved.reading.risks}
    back = save(assessment, {"sensitive": "yes"})
    assert back.reading.value_of("uses") == ["sorting", "deciding", "profiling"]


def test_a_line_that_is_not_offered_any_more_is_not_emptied_unseen(assessment, save):
    save(assessment, {"sensitive": "yes", "uses": ["profiling"], "ratings_of_risks.tracking.reason": "Suivi"})
    save(assessment, {"uses": ["sorting"]})
    saved = save(assessment, {"ratings_of_risks.tracking.reason": "", "ratings_of_risks.access.applies": "no"})
    assert stored(assessment)["ratings_of_risks"] == {"access": {"applies": "no"}, "tracking": {"reason": "Suivi"}}
    assert saved.reading.value_of("ratings_of_risks") == {"access": {"applies": "no"}}


def test_who_may_write(assessment, save, outsider, reader, authority, reviewer, operator):
    for refused in (outsider, reader, authority, operator):
        with pytest.raises(NotAllowed):
            save(assessment, {"name": "Tri"}, by=refused)
    save(assessment, {"name": "Tri"}, by=reviewer)
    assert not AuditEvent.objects.filter(verb="change_answers").exists()


def test_an_assessment_that_is_left_takes_no_answer(assessment, save, editor):
    withdraw_assessment(assessment=assessment, reason="Projet abandonné", by=editor)
    with pytest.raises(NotPossibleNow):
        save(assessment, {"name": "Tri"})


@pytest.fixture
def guest(assessment, editor):
    return GuestAccess.objects.create(
        assessment=assessment, name="Fournisseur", email="a@b.example", on_behalf_of="Société", questions=["story"],
        digest="0" * 64, ends_on=clock.civil_date(clock.now()) + timedelta(days=3), given_at=clock.now(),
        given_by=editor,
    )  # fmt: skip


def test_a_guest_answers_what_was_named_and_the_answer_is_theirs(assessment, save, guest):
    save(assessment, {"story": "De notre côté"}, by=guest)
    row = Answer.objects.get(question="story")
    assert (row.origin, row.guest, row.updated_by) == (AnswerOrigin.GUEST, guest, None)
    with pytest.raises(NotAllowed):
        save(assessment, {"story": "x", "name": "Tri"}, by=guest)


def test_only_the_leaves_that_a_guest_wrote_are_theirs(assessment, save, guest):
    guest.questions = ["data", "story"]
    mine, theirs = "data.r0001aaaa", "data.r0002aaaa"
    save(assessment, {f"{mine}.what": "Nom", f"{mine}.until": "2030-01-01"})
    save(assessment, {f"{theirs}.what": "Adresse", f"{mine}.what": "Nom de famille"}, by=guest)
    row = Answer.objects.get(question="data")
    assert row.guest_leaves == {"r0001aaaa.what": "Société", "r0002aaaa.what": "Société"}
    save(assessment, {f"{mine}.what": "Nom"})  # the body takes its cell back; the other row stays theirs
    row.refresh_from_db()
    assert row.guest_leaves == {"r0002aaaa.what": "Société"} and row.guest is None
    save(assessment, {f"{theirs}.what": ""})
    row.refresh_from_db()
    assert row.guest_leaves == {}


def test_a_conflict_names_who_wrote_that_leaf_and_not_the_last_one(assessment, save, editor, colleague, reviewer):
    """Somebody else wrote another cell of the same table after them."""
    start, row = assessment.version, "data.r0001aaaa"
    save(assessment, {f"{row}.what": "Nom"}, by=colleague)
    save(assessment, {f"{row}.until": "2030-01-01"}, by=reviewer)
    found = save(assessment, {f"{row}.what": "Adresse", f"{row}.until": "2031-01-01"}, version=start)
    by = {each.field: each.by for each in found.differences}
    assert by == {f"{row}.what": str(colleague), f"{row}.until": str(reviewer)}


def test_a_row_goes_by_its_place_on_the_page_whatever_was_removed_before_it(assessment, save, colleague):
    row = "data.r0007aaaa"
    save(assessment, {"data.r0002aaaa.what": "Nom", f"{row}.what": "Adresse"})
    found = save(assessment, {f"{row}.what": "Courriel"}, version=1, by=colleague)
    assert [each.label for each in found.differences] == ["Données – ligne 2 – Donnée"]
    with pytest.raises(InvalidInput, match="ligne 2"):
        save(assessment, {"data.r0002aaaa.what": "Nom", f"{row}.until": "hier"})


def test_a_guest_whose_invitation_ended_is_refused(assessment, save, guest):
    guest.ends_on = date(2026, 1, 1)
    with pytest.raises(NotAllowed):
        save(assessment, {"story": "x"}, by=guest)
    guest.ends_on, guest.assessment_id = date(2999, 1, 1), guest.assessment_id + 1
    with pytest.raises(NotAllowed):
        save(assessment, {"story": "x"}, by=guest)


def test_the_history_gives_back_any_version(assessment, save):
    texts = ["Un", "Deux", "", "Quatre"]
    for text in texts:
        save(assessment, {"name": text})
    events = Answer.pgh_event_models["insert"].objects.filter(question="name").order_by("pgh_id")
    assert [(one.version, one.value) for one in events] == [(2, "Un"), (3, "Deux"), (4, None), (5, "Quatre")]
    assert events.values_list("pgh_label", flat=True)[0] == "insert"


def test_history_is_never_rewritten(assessment, save):
    save(assessment, {"name": "Un"})
    rows = Answer.pgh_event_models["insert"].objects.filter(question="name")
    for write in (lambda: rows.update(value=None), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(ProgrammingError), transaction.atomic():
            write()


def test_no_event_tells_an_autosave(assessment, save):
    before = AuditEvent.objects.count()
    save(assessment, {"name": "Tri"})
    assert AuditEvent.objects.count() == before


def wide(contents, number):
    """A questionnaire of that many texts."""
    content = copy.deepcopy(contents["five_questions"])
    content["id"], (section,) = "wide", content["sections"]
    label = section["questions"][0]["label"]
    section["questions"] += [{"id": f"text_{n}", "kind": "text", "label": label} for n in range(number)]
    check_content(content)
    return content


def queries_of_a_save(assessment, leaves, by, version):
    with CaptureQueriesContext(
        connection,
    ) as found:
        saved = save_answers(assessment=assessment, leaves=leaves, version=version, by=by)
    inside = [one["sql"] for one in found if "SAVEPOINT" not in one["sql"]]
    return saved, inside


@pytest.mark.parametrize("number", [10, 1000])
def test_a_save_costs_the_same_with_ten_answers_and_with_a_thousand(contents, system, editor, number):
    add_version(content=wide(contents, number), by=NamedJob("tests"))
    begun = begin_assessment(system=system, instrument="wide", by=editor)
    save_answers(assessment=begun, leaves={f"text_{n}": "x" for n in range(number)}, version=1, by=editor)
    assessment = Assessment.objects.with_what_it_needs().get(pk=begun.pk)
    assert assessment.questionnaire
    _saved, few = queries_of_a_save(assessment, {"text_3": "y"}, editor, 2)
    assert len(few) == 4, few
    _saved, late = queries_of_a_save(assessment, {"text_3": "x", "text_4": "z"}, editor, 2)
    assert len(late) == 4, late
    saved, disputed = queries_of_a_save(assessment, {"text_3": "w"}, editor, 2)
    assert saved.differences and len(disputed) == 3, disputed


def test_a_program_s_save_is_told_without_its_texts(assessment, save, editor):
    class Token:
        actor_kind, uuid, scopes = "token", "token-of-tests", ("write_assessments",)

    editor.through = Token()
    editor.__dict__.pop("_permissions_by_body", None)
    save(assessment, {"name": "Secret", "story": "Texte"}, by=editor)
    event = AuditEvent.objects.get(verb="change_answers")
    assert event.facts == {"version": 2, "answers": ["name", "story"]}


def test_somebody_whose_function_ended_writes_nothing(assessment, save, body):
    former = person(body, "contributor")
    Membership.objects.filter(user=former).delete()
    former.__dict__.pop("_permissions_by_body", None)
    with pytest.raises(NotAllowed):
        save(assessment, {"name": "Tri"}, by=former)
