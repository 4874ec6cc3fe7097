"""One reading of an assessment for people: words, never codes; what was frozen stays; an extract names nobody."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from django.utils.translation import override

from assessments.exports.json_document import assessment_document
from assessments.exports.table import answer_lines
from assessments.exports.told import Table, material_of, told_of, told_of_submission
from assessments.exports.told.remarks import comments_of
from assessments.models import Answer, Assessment, GuestAccess
from assessments.services.saving import save_answers
from assessments.services.submitting import submit_assessment
from core import clock
from review.services import open_thread
from tests.assessments.exported import EVERYTHING, SAID, answer, begun, read
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db
CODES = ("in_place", "not_applicable", "not_met", "residual_severity", "tests_of_bias")


def text_of(told) -> str:
    return json.dumps(asdict(told), ensure_ascii=False)


def blocks_text(told) -> str:
    return json.dumps([asdict(block) for each in told.questions for block in each.blocks], ensure_ascii=False)


def question(told, code):
    return next(each for each in told.questions if each.code == code)


@pytest.fixture
def whole(system, editor):
    return begun(system, editor, EVERYTHING)


def test_every_answer_is_told_in_words_by_parts(whole):
    told = told_of(whole)
    said = blocks_text(told)
    assert [words for words in SAID if words not in said] == []
    assert [code for code in CODES if f'"{code}"' in said] == []
    assert [part.title for part in told.parts] == ["Le projet", "La protection"]  # a part that asks nothing is left out
    assert told.missing == () and told.is_draft and told.digest == ""


def test_risks_are_a_table_at_three_moments_with_the_words_of_levels(whole):
    (table, drawn, written) = question(told_of(whole), "risks").blocks
    assert drawn.kind == "matrices"
    assert isinstance(table, Table)
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    assert [cell.partition(" ")[0] for cell in rows["Communication non autorisée"][1:]] == [
        "Critique",
        "Modéré",
        "Faible",
    ]
    assert rows["Biais discriminatoire"][1:] == ["", "", ""]
    assert written.title.text == "Communication non autorisée"


def test_a_measure_of_its_own_is_told_by_its_name_under_its_risk(system, editor):
    [row] = [one["row"] for one in begun(system, editor, EVERYTHING).values()["measures"] if one.get("label")]
    linked = {**EVERYTHING["risks"]["leak"], "measures": ["encryption", row]}
    assessment = answer(Assessment.objects.get(), {"risks": {**EVERYTHING["risks"], "leak": linked}}, editor)
    (_table, _drawn, written) = question(told_of(assessment), "risks").blocks
    assert written.pairs[-1].value.text.endswith("; Copies hors ligne")


def test_the_number_of_queries_does_not_grow_with_the_answers(system, editor, whole):
    def queries(assessment):
        read_again = read(assessment)
        with CaptureQueriesContext(connection) as asked:
            told_of(read_again)
        return len(asked)

    before = queries(begun(SystemFactory(organization=system.organization), editor))
    assert queries(whole) == before <= 8


def test_nothing_answered_lists_what_is_missing(system, editor):
    told = told_of(begun(system, editor))
    assert all(not each.blocks and not each.leaves for each in told.questions)
    assert any("Quelles sont les fins?" in line for line in told.missing)


def test_an_answer_kept_aside_is_told_apart(system, editor):
    assessment = begun(system, editor, {"scale": "wide", "wide_only": "Une raison."})
    told = told_of(answer(assessment, {"scale": "local"}, editor))
    assert [each.code for each in told.kept_aside] == ["wide_only"]
    assert "wide_only" not in {each.code for each in told.questions}


@pytest.fixture
def supplier(editor):
    """`supplier(assessment, question)`: an invited person."""

    def make(assessment, code):
        return GuestAccess.objects.create(
            assessment=assessment,
            name="Équipe du fournisseur",
            email="equipe@fournisseur.example",
            on_behalf_of="Maison des lettres",
            questions=[code],
            digest="a" * 64,
            ends_on=clock.civil_date(clock.now()) + timedelta(days=10),
            given_at=clock.now(),
            given_by=editor,
        )

    return make


def test_the_supplier_s_answer_is_said_to_be_its_own(system, editor, supplier):
    assessment = begun(system, editor)
    guest = supplier(assessment, "purpose")
    save_answers(assessment=assessment, leaves={"purpose": "Dit par lui."}, version=assessment.version, by=guest)
    given = question(told_of(read(assessment)), "purpose").answered
    assert given.by == "Équipe du fournisseur"
    assert given.origin == _("Answer of %(supplier)s") % {"supplier": "Maison des lettres"}


def test_a_cell_of_a_guest_leaves_the_rest_to_the_body(system, editor, whole, supplier):
    guest = supplier(whole, "elements")
    row = Answer.objects.get(assessment=whole, question="elements").value[1]["row"]
    leaves = {f"elements.{row}.element": "Dit par lui"}
    save_answers(assessment=whole, leaves=leaves, version=read(whole).version, by=guest)
    told = question(told_of(read(whole)), "elements")
    assert told.answered.by == str(editor) and "Maison des lettres" in told.answered.origin
    table = [line for line in answer_lines(told_of(read(whole))) if line[1] == "elements"]
    by = {line[6]: line[7] for line in table}
    assert by.pop("Dit par lui") == "Maison des lettres" and set(by.values()) == {str(editor)}
    document = assessment_document(material_of(read(whole)))["given"]["elements"]
    assert (document["by"], document["on_behalf_of"], document["origin"]) == (str(editor), "", "typed")
    assert document["guest_leaves"] == {f"{row}.element": "Maison des lettres"}


def test_parts_of_an_answer_are_said_to_be_theirs(system, editor, whole):
    row = Answer.objects.get(assessment=whole, question="elements")
    first, second = (each["row"] for each in row.value)
    cells = [f"{second}.{name}" for name in row.value[1] if name != "row"]
    Answer.objects.filter(pk=row.pk).update(
        guest_leaves=dict.fromkeys([*cells, f"{first}.kept", f"{first}.gone"], "Maison\n des lettres")
    )
    with override("fr"):
        said = question(told_of(read(whole)), "elements").answered.origin
    assert said.startswith("Réponse de Maison des lettres\N{NO-BREAK SPACE}: ligne 1 – ") and said.endswith("; ligne 2")


def test_an_extract_has_public_questions_and_no_names(whole, editor):
    told = told_of(whole, is_extract=True)
    assert {each.code for each in told.questions} == {"sensitivity", "purpose", "people", "review"}
    assert told.files == () and told.missing == ()
    assert editor.name not in text_of(told) and editor.email not in text_of(told)


def test_in_english_words_are_english_and_typed_texts_stay_french(whole):
    with override("en"):
        told = told_of(whole)
        purpose, scale = (question(told, code).blocks[0].text for code in ("purpose", "scale"))
    assert (purpose.language, scale.language, scale.text) == ("fr", "en", "The whole body")
    assert told.body.language == "fr"


def test_what_was_submitted_stays_as_it_was(whole, editor):
    submission = submit_assessment(assessment=whole, by=editor)
    before = told_of_submission(submission)
    Assessment.objects.filter(pk=whole.pk).update(state="draft")
    later = answer(read(whole), {"purpose": "Tout autre chose."}, editor)
    after = told_of_submission(submission)
    assert question(after, "purpose") == question(before, "purpose") and after.digest == submission.digest
    assert "Tout autre chose." in text_of(told_of(later)) and "Tout autre chose." not in text_of(after)


def test_from_its_submission_on_the_facts_of_that_day_count(whole, editor):
    submission = submit_assessment(assessment=whole, by=editor)
    whole.system.name_fr = "Un nom d'après"
    whole.system.save()
    told = told_of(read(whole))
    assert told.digest == submission.digest and not told.is_draft and told.name.text != "Un nom d'après"


def test_threads_stand_beside_their_question(whole, editor):
    open_thread(
        organization=whole.organization,
        subject_uuid=whole.uuid,
        place="purpose",
        label="Quelles sont les fins?",
        address="/fr/espace/",
        text="Est-ce tout?",
        by=editor,
    )
    told = told_of(whole, comments=comments_of(whole))
    assert [each.text for each in question(told, "purpose").open_comments] == ["Est-ce tout?"]
    assert "Est-ce tout?" not in text_of(told_of(whole, is_extract=True, comments=comments_of(whole)))


def test_what_no_file_may_hold_is_left_out(whole):
    Answer.objects.filter(assessment=whole, question="purpose").update(value="avant\x01milieu\u202eaprès\ufffe")
    whole.organization.name_fr = "Ministère\x07 des \u202eEssais"
    told = told_of(whole)
    assert question(told, "purpose").blocks[0].text.text == "avantmilieuaprès"
    assert told.body.text == "Ministère des Essais"
