"""What an answer links to: which record a text names, who may name it, and what is refused when it names none."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer, Assessment
from assessments.questionnaires import check_content
from assessments.scoring.leaves import flat_of, leaves_of, whole_of
from assessments.scoring.links import Link, Named, links_of, named_in, taken_over
from assessments.scoring.values import WrongValue, clean_flat
from assessments.services.beginning import begin_assessment
from assessments.services.linked import MOST_OFFERED, offered_records, records_of
from assessments.services.prefill import accept_offers
from assessments.services.rows import remove_row
from assessments.services.submitting import withdraw_assessment
from assessments.services.versions import add_version
from core.audit import NamedJob
from core.services import InvalidInput
from registry.models import PublicRecord
from registry.workflow import PublicationKind
from tests.assessments.api import at, fill, stored
from tests.factories.publications import public_organization, published
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, refused

pytestmark = pytest.mark.django_db
PAGE = "0b0e9a3e-4f3e-4c3b-9d55-3a6f0d8f2c11"
HOSTILE = (
    "",
    "QC-MTEST-09001",
    "XQC-MTEST-0900",
    "QC-MTEST-0900é",
    "QC-MTEST-٠٩٠٠",
    "%QC-MTEST-____%",
    "<script>alert(1)</script>",
    "QC-" * 100,
    f"{PAGE}0",
    f"a{PAGE}",
    "0b0e9a3e4f3e4c3b9d553a6f0d8f2c11",
    "javascript:alert(1)",
    "=1+1",
)


def named(kind, text, organization, reader=None):
    found = records_of([Link("r0001aaaa", kind, text)], organization, reader)
    return found.get((kind, text))


# --- Which record a text names ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "number", "instrument"),
    [
        ("QC-MTEST-0900", "QC-MTEST-0900", ""),
        ("QC-MTEST-0900 – Suite de QC-MTEST-0901", "QC-MTEST-0900", "suite"),
        ("voir qc-mtest-0900.", "QC-MTEST-0900", ""),
        ("DÉMO-MNS-0001", "DÉMO-MNS-0001", ""),
        ("demo-mns-0001 efvp", "DÉMO-MNS-0001", "efvp"),
        ("QC-MTEST-12345\u00a0– EFVP – ÉFVP, Tri", "QC-MTEST-12345", "efvp"),
        ("QC-MTEST-0900, every_kind", "QC-MTEST-0900", "every_kind"),
    ],
)
def test_a_number_is_read_wherever_it_stands(text, number, instrument):
    assert named_in(text) == Named(None, number, instrument)


def test_the_address_of_a_page_is_read_with_its_number_if_any():
    address = f"https://vigie.example/fr/espace/systemes/{PAGE.upper()}/evaluations/"
    assert (str(named_in(address).uuid), named_in(address).number) == (PAGE, "")
    assert named_in(f"QC-MTEST-0900 ({PAGE})").number == "QC-MTEST-0900"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
@pytest.mark.parametrize("kind", ["system", "assessment"])
def test_what_only_looks_like_a_record_names_none(assessment, kind, text):
    assert named(kind, text, assessment.organization) is None


def test_a_system_is_named_by_its_number_and_by_its_page(system, body, editor):
    for text in (f"{system.reference} – Un nom d'avant", f"/fr/espace/systemes/{system.uuid}/"):
        found = named("system", text, body, editor)
        assert found.title.text == f"{system.reference} – {system.name_fr}"
        assert str(system.uuid) in found.address
    draft = SystemFactory(organization=body, draft=True)
    assert named("system", str(draft.uuid), body, editor).title.text == draft.name_fr
    assert named("assessment", str(system.uuid), body, editor) is None


def test_an_assessment_is_named_by_its_page_and_the_latest_by_its_number(assessment, system, body, editor):
    text = f"{system.reference} every_kind"
    found = named("assessment", text, body, editor)
    assert str(assessment.uuid) in found.address
    assert found.title.text == f"{text} – Toutes les sortes, {system.name_fr}"
    withdraw_assessment(assessment=assessment, reason="Abandonnée.", by=editor)
    assert named("assessment", text, body) is None  # left: by its page alone
    assert str(assessment.uuid) in named("assessment", str(assessment.uuid), body).address
    later = begin_assessment(system=system, instrument="every_kind", by=editor)
    assert str(later.uuid) in named("assessment", text, body).address
    assert named("assessment", system.reference, body) is None
    assert named("assessment", f"{system.reference} efvp", body) is None


def test_what_another_body_has_is_not_named(questionnaires, body, other_body, other_system, outsider):
    hidden = begin_assessment(system=other_system, instrument="every_kind", by=outsider)
    for kind, text in (
        ("system", other_system.reference),
        ("system", str(other_system.uuid)),
        ("assessment", str(hidden.uuid)),
        ("assessment", f"{other_system.reference} every_kind"),
    ):
        assert named(kind, text, body) is None, text
        assert named(kind, text, body, outsider) is None, text
        assert named(kind, text, other_body, outsider) is not None, text


def test_what_the_reader_may_not_see_is_not_named(assessment, body, system, outsider, reader):
    draft = SystemFactory(organization=body, draft=True)
    assert named("system", str(draft.uuid), body, reader) is None
    assert named("system", system.reference, body, reader) is not None  # declared: they read it
    assert named("system", system.reference, body, outsider) is None
    assert named("assessment", str(assessment.uuid), body, reader) is None


def test_a_published_system_of_another_body_is_named_by_what_is_public_of_it(body, editor):
    theirs = published(public_organization(sigle="VOISIN"), name_fr="Nom public")
    theirs.name_fr = "Nom en travail"
    theirs.save()
    found = named("system", f"{theirs.reference} – Nom", body, editor)
    assert found.title.text == f"{theirs.reference} – Nom public"
    assert found.address.endswith(f"/systemes/{theirs.reference}/")
    assert named("system", str(theirs.uuid), body, editor) is None
    PublicRecord.objects.filter(system=theirs).update(kind=PublicationKind.WITHDRAWN)
    assert named("system", theirs.reference, body, editor) is None


def test_the_number_of_queries_does_not_grow_with_the_rows(assessment, body, editor, system, other_system):
    theirs = published(public_organization(sigle="VOISIN"))

    def queries(number):
        links = [Link(f"r{each:04d}aaaa", "system", f"QC-MTEST-{each:04d}") for each in range(number)]
        links += [
            Link(f"r{each:04d}bbbb", "assessment", f"{system.reference} every_kind {each}") for each in range(number)
        ]
        links += [Link("r9000aaaa", "system", theirs.reference), Link("r9001aaaa", "agreement", "2026-14")]
        with CaptureQueriesContext(connection) as asked:
            assert records_of(links, body, editor)
        return len(asked)

    queries(1)
    assert queries(1) == queries(60) == 3
    nothing = [Link("r0001aaaa", "agreement", system.reference), Link("r0002aaaa", "system", "")]
    with CaptureQueriesContext(connection) as asked:
        assert records_of([*nothing, Link("r0003aaaa", "system", "sans numéro")], body, editor) == {}
    assert len(asked) == 0


# --- What is offered --------------------------------------------------------------------------------------------------
def offers(assessment, reader):
    return offered_records([assessment.questionnaire.question("links")], assessment.organization, reader)


def test_what_is_offered_names_what_the_body_has_the_last_changed_first(assessment, system, body, editor, other_system):
    SystemFactory(organization=body, draft=True)
    newer = SystemFactory(organization=body, name_fr="Le dernier")
    found = offers(assessment, editor)
    assert set(found) == {"system", "assessment"}
    assert found["system"] == (f"{newer.reference} – Le dernier", f"{system.reference} – {system.name_fr}")
    assert found["assessment"] == (f"{system.reference} every_kind – Toutes les sortes, {system.name_fr}",)
    for kind, texts in found.items():
        assert all(named(kind, text, body, editor) for text in texts)


def test_what_is_offered_is_what_the_person_may_see_and_a_hundred_at_most(assessment, body, editor, reader, outsider):
    assert offers(assessment, outsider) == {"assessment": (), "system": ()}
    assert offers(assessment, reader)["assessment"] == ()
    SystemFactory.create_batch(MOST_OFFERED + 3, organization=body)
    with CaptureQueriesContext(connection) as asked:
        assert len(offers(assessment, editor)["system"]) == MOST_OFFERED
    assert len(asked) == 2


def test_nothing_is_offered_for_what_vigie_does_not_keep(assessment, editor):
    with CaptureQueriesContext(connection) as asked:
        assert offered_records([assessment.questionnaire.question("agreements")], assessment.organization, editor) == {}
    assert len(asked) == 0


# --- Saving -----------------------------------------------------------------------------------------------------------
def test_a_text_that_names_no_record_is_refused_at_its_field(assessment, save, other_system):
    for kind in ("system", "assessment"):
        for text in ("Le système des permis", other_system.reference, str(other_system.uuid)):
            with pytest.raises(InvalidInput) as refusal:
                save(assessment, {"name": "Tri", "links.r0001aaaa.kind": kind, "links.r0001aaaa.reference": text})
            assert refusal.value.field == "links.r0001aaaa.reference"
            assert "Liens" in refusal.value.sentence and "QC-MTEST-0001" in refusal.value.sentence
    assert stored(assessment) == {}


def test_each_row_that_names_none_is_told_at_once(assessment, save, system):
    rows = {f"links.r{number:04d}aaaa.kind": "system" for number in range(1, 31)}
    rows |= {f"links.r{number:04d}aaaa.reference": f"QC-MTEST-{number:04d}" for number in range(1, 30)}
    with CaptureQueriesContext(connection) as asked, pytest.raises(InvalidInput) as refusal:
        save(assessment, {**rows, "links.r0030aaaa.reference": system.reference})
    assert len({each.field for each in refusal.value.every}) == 29
    assert len(asked) <= 10


def test_what_says_too_little_to_be_looked_up_is_kept(assessment, save):
    said = {"r0001aaaa.kind": "system", "r0002aaaa.reference": "Sans sorte", "r0003aaaa.kind": "agreement",
            "r0003aaaa.reference": "QC-MTEST-9999"}  # fmt: skip
    save(assessment, {f"links.{path}": value for path, value in said.items()})
    assert flat_of(assessment.questionnaire.question("links"), stored(assessment)["links"]) == said


def test_a_kind_under_which_the_reference_names_nothing_is_refused(assessment, save, system):
    row = {"links.r0001aaaa.kind": "agreement", "links.r0001aaaa.reference": "2026-14"}
    save(assessment, row)
    with pytest.raises(InvalidInput) as refusal:
        save(assessment, {"links.r0001aaaa.kind": "system"})
    assert refusal.value.field == "links.r0001aaaa.kind"
    save(assessment, {"links.r0001aaaa.kind": "system", "links.r0001aaaa.reference": system.reference})
    with pytest.raises(InvalidInput):
        save(assessment, {"links.r0001aaaa.kind": "assessment"})
    save(assessment, {"links.r0001aaaa.kind": "agreement"})
    assert stored(assessment)["links"] == [{"row": "r0001aaaa", "kind": "agreement", "reference": system.reference}]


def test_a_guest_is_not_told_which_numbers_exist_and_what_they_wrote_keeps_nobody_from_saving(
    assessment, save, invite, system
):
    save(assessment, {"people": "many"})
    guest = invite(questions=["links"])
    row = {"links.r0001aaaa.kind": "system", "links.r0001aaaa.reference": "QC-MTEST-7777"}
    with CaptureQueriesContext(connection) as asked:
        save(assessment, row, by=guest)
    assert not any(
        "registry_aisystem" in one["sql"] and "reference" in one["sql"].partition("WHERE")[2] for one in asked
    )
    save(assessment, {"links.r0002aaaa.kind": "system", "links.r0002aaaa.reference": system.reference})
    assert len(stored(assessment)["links"]) == 2
    remove_row(assessment=assessment, name="links.r0001aaaa", version=4, by=assessment.created_by)
    assert [row["row"] for row in stored(assessment)["links"]] == ["r0002aaaa"]


def test_a_save_costs_more_only_where_a_record_is_linked(assessment, save, system):
    def queries(leaves):
        with CaptureQueriesContext(connection) as asked:
            save(assessment, leaves)
        return len(asked)

    plain = queries({"story": "Un récit."})
    assert queries({"links.r0001aaaa.kind": "system", "agreements.r0001aaaa.reference": "2026-14"}) == plain
    assert queries({"links.r0001aaaa.reference": system.reference}) == plain + 1
    assert queries({"story": "Un autre récit.", "links.r0001aaaa.reference": system.reference}) == plain


# --- A question of one kind -------------------------------------------------------------------------------------------
def test_a_row_of_one_kind_has_no_leaf_for_it(every_kind):
    alone, several = every_kind.question("agreements"), every_kind.question("links")
    rows = {"r0001aaaa.": ""}
    assert [leaf.name for leaf in leaves_of(every_kind, alone, rows)] == ["reference"]
    assert [leaf.name for leaf in leaves_of(every_kind, several, rows)] == ["kind", "reference"]
    with pytest.raises(WrongValue):
        clean_flat(every_kind, alone, {"r0001aaaa.kind": "agreement"})


def test_a_row_of_before_reads_without_the_kind_that_it_said(every_kind):
    question = every_kind.question("agreements")
    before = [{"row": "r0001aaaa", "kind": "agreement", "reference": "2026-14"}]
    flat = flat_of(question, before)
    assert flat == {"r0001aaaa.reference": "2026-14"}
    assert [link.kind for link in links_of(question, flat)] == ["agreement"]
    assert whole_of(question, flat) == [{"row": "r0001aaaa", "reference": "2026-14"}]


def test_rows_go_from_a_question_of_one_kind_to_one_of_several_and_back(every_kind):
    alone, several = every_kind.question("agreements"), every_kind.question("links")
    one = {"r0001aaaa.reference": "2026-14"}
    both = {**one, "r0001aaaa.kind": "agreement", "r0002aaaa.kind": "system", "r0002aaaa.reference": "QC-MTEST-0900"}
    assert taken_over(alone, several, one) == {**one, "r0001aaaa.kind": "agreement"}
    assert taken_over(several, alone, both) == one
    assert taken_over(several, several, both) == both


def test_a_newer_version_that_links_to_several_kinds_takes_the_rows_over(
    contents, questionnaires, system, editor, assessment, save
):
    save(assessment, {"people": "many", "agreements.r0001aaaa.reference": "2026-14"})
    content = copy.deepcopy(contents["every_kind"])
    content["version"] = "1.1"
    (question,) = (
        each for section in content["sections"] for each in section["questions"] if each["id"] == "agreements"
    )
    question["links"] = ["agreement", "dataset"]
    assert check_content(content) and add_version(content=content, by=NamedJob("tests"))
    withdraw_assessment(assessment=assessment, reason="Une version plus récente.", by=editor)
    copied = begin_assessment(system=system, instrument="every_kind", by=editor, source=assessment)
    assert stored(copied)["agreements"] == [{"row": "r0001aaaa", "kind": "agreement", "reference": "2026-14"}]


def test_what_another_assessment_answered_is_taken_as_it_is(contents, questionnaires, assessment, system, editor):
    """It was looked up where it was written: what it named may be gone, or be of another body."""
    rows = [{"row": "r0001aaaa", "kind": "system", "reference": "QC-MTEST-7777"}]
    told = {"version": 1, "updated_at": assessment.updated_at, "updated_by": editor}
    Answer.objects.create(assessment=assessment, question="links", value=rows, **told)
    Assessment.objects.filter(pk=assessment.pk).update(state="decided")
    content = copy.deepcopy(contents["every_kind"])
    content["id"] = "second_kind"
    (question,) = (each for section in content["sections"] for each in section["questions"] if each["id"] == "links")
    question["prefill"] = [{"from": "assessment", "instrument": "every_kind", "question": "links"}]
    del content["outcomes"]
    assert add_version(content=content, by=NamedJob("tests"))
    other = begin_assessment(system=system, instrument="second_kind", by=editor)
    accept_offers(assessment=other, questions=["links"], by=editor)
    [row] = stored(other)["links"]
    assert (row["kind"], row["reference"]) == ("system", "QC-MTEST-7777")


# --- By a program -----------------------------------------------------------------------------------------------------
def test_a_program_is_told_each_reference_that_names_nothing_and_nothing_is_saved(editor, assessment, system):
    rows = [
        {"kind": "system", "reference": system.reference},
        {"kind": "system", "reference": "QC-MTEST-7777"},
        {"row": "r0009aaaa", "kind": "assessment", "reference": system.reference},
    ]
    told = refused(fill(Program(editor), assessment, {"story": "Juste.", "links": rows}), 422, "invalid")
    fields = {one["field"] for one in told["errors"]}
    assert fields == {"answers.links.1.reference", "answers.links.r0009aaaa.reference"}
    assert all("Liens" in one["detail"] for one in told["errors"]) and stored(assessment) == {}


def test_what_a_program_read_may_be_sent_back(editor, assessment, system):
    rows = [{"row": "r0001aaaa", "kind": "system", "reference": "QC-MTEST-7777"}]
    before = [{"row": "r0001aaaa", "kind": "agreement", "reference": "2026-14"}]
    by = {"version": 1, "updated_at": assessment.updated_at, "updated_by": editor}
    Answer.objects.create(assessment=assessment, question="links", value=rows, **by)
    Answer.objects.create(assessment=assessment, question="agreements", value=before, **by)
    program = Program(editor)
    read = program.get(at("assessment", assessment.uuid)).json()["answers"]
    assert fill(program, assessment, read).status_code == 200
    assert fill(program, assessment, {**read, "story": "Un récit."}).status_code == 200
    assert stored(assessment)["links"] == rows
    changed = [{**rows[0], "reference": "QC-MTEST-7778"}]
    refused(fill(program, assessment, {"links": changed}), 422, "invalid")


def test_a_program_may_not_say_another_kind_than_the_only_one(editor, assessment):
    sent = {"agreements": [{"kind": "system", "reference": "QC-MTEST-0900"}]}
    told = refused(fill(Program(editor), assessment, sent), 422, "invalid")
    assert [one["field"] for one in told["errors"]] == ["answers.agreements.0.kind"]
