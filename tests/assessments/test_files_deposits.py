"""«Verser une évaluation existante»: what is kept, what is refused, going on with it, telling the record."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.forms.files import AGAIN
from assessments.models import Answer, Assessment, DepositedAssessment
from assessments.services.beginning import begin_assessment
from assessments.services.deposits import (
    deposit_assessment,
    known_answers,
    open_as_draft,
    withdraw_deposit,
)
from assessments.services.telling_record import said_otherwise, write_in_record
from assessments.services.versions import sync_questionnaires
from assessments.workflow import EFVP
from core import clock
from core.audit import NamedJob
from core.models import AuditEvent, StoredFile
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import User
from registry.models import AISystem
from registry.services.systems import save_answers
from tests.factories.files import PDF, TEXT, hostile, office, sound

pytestmark = pytest.mark.django_db
TODAY = clock.civil_date(clock.now())


@pytest.fixture(autouse=True)
def apart(store_of_files: Path, db: None) -> None:
    """Files in a folder of their own, and the questionnaires of this version."""
    sync_questionnaires(by=NamedJob("tests"))


@pytest.fixture
def deposit(system: AISystem, editor: User) -> Callable[..., DepositedAssessment]:
    def make(**given) -> DepositedAssessment:
        usual = {
            "system": system,
            "instrument": EFVP,
            "content": PDF,
            "name": "efvp.pdf",
            "done_on": date(2026, 3, 2),
            "approved_by_function": "Direction des permis",
            "residual_level": "moderate",
            "summary_fr": "Deux risques, deux mesures.",
            "next_review_on": TODAY + timedelta(days=200),
            "by": editor,
        }
        return deposit_assessment(**{**usual, **given})

    return make


# --- Depositing ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ending", [".pdf", ".docx", ".odt"])
def test_a_document_is_kept_with_what_it_says(deposit, system, editor, ending):
    made = deposit(content=sound()[ending], name=f"efvp{ending}")
    assert (made.system, made.deposited_by, made.residual_level) == (system, editor, "moderate")
    assert made.file.original_name == f"efvp{ending}"
    assert AuditEvent.objects.get(verb="deposit_assessment").facts["digest"] == made.file.sha256


@pytest.mark.parametrize(
    "wrong",
    [
        {"instrument": "screening"},
        {"instrument": "unknown"},
        {"content": sound()[".png"], "name": "a.png"},
        {"content": office(".xlsx"), "name": "a.xlsx"},
        {"content": TEXT, "name": "a.txt"},
        {"content": b"", "name": "a.pdf"},
        {"done_on": TODAY + timedelta(days=1)},
        {"done_on": date(1970, 1, 1)},
        {"next_review_on": date(2026, 3, 2)},
        {"next_review_on": date(2999, 1, 1)},
        {"approved_by_function": "  "},
        {"approved_by_function": "x" * 201},
        {"summary_fr": ""},
        {"summary_fr": "x" * 3001},
        {"residual_level": "awful"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(deposit, wrong, store_of_files):
    with pytest.raises(InvalidInput):
        deposit(**wrong)
    assert not DepositedAssessment.objects.exists() and not StoredFile.objects.exists()
    assert not [path for path in store_of_files.rglob("*") if path.is_file()]


def test_nothing_hostile_is_deposited(deposit):
    for name, content in hostile().values():
        with pytest.raises(InvalidInput):
            deposit(name=name, content=content)


def test_a_form_sent_twice_deposits_once(deposit):
    key = uuid.uuid4()
    assert deposit(request_key=key) == deposit(request_key=key)
    assert DepositedAssessment.objects.count() == 1


def test_those_who_may_not_write_deposit_nothing(deposit, authority, outsider, editor):
    made = deposit()
    for somebody in (authority, outsider):
        for act in (
            lambda by: deposit(by=by),
            lambda by: withdraw_deposit(deposit=made, reason="Erreur", by=by),
            lambda by: open_as_draft(deposit=made, by=by),
            lambda by: write_in_record(source=made, version=made.system.version, by=by),
        ):
            with pytest.raises(NotAllowed):
                act(somebody)


# --- Withdrawing -----------------------------------------------------------------------------------------------------
def test_a_mistake_is_withdrawn_once_with_its_reason(deposit, editor):
    made = deposit()
    for reason in ("", "x" * 401):
        with pytest.raises(InvalidInput):
            withdraw_deposit(deposit=made, reason=reason, by=editor)
    withdraw_deposit(deposit=made, reason="Mauvais fichier", by=editor)
    assert not DepositedAssessment.objects.in_force().exists()
    for act in (
        lambda: withdraw_deposit(deposit=made, reason="Encore", by=editor),
        lambda: open_as_draft(deposit=made, by=editor),
        lambda: write_in_record(source=made, version=made.system.version, by=editor),
    ):
        with pytest.raises(NotPossibleNow):
            act()


# --- Going on with it here -------------------------------------------------------------------------------------------
def test_the_draft_has_what_the_deposit_says_marked(deposit, editor):
    made, key = deposit(), uuid.uuid4()
    draft = open_as_draft(deposit=made, by=editor, request_key=key)
    assert open_as_draft(deposit=made, by=editor, request_key=key) == draft
    rows = {row.question: row for row in Answer.objects.filter(assessment=draft)}
    assert rows["public_summary"].value == "Deux risques, deux mesures."
    assert rows["next_review"].value == {"date": made.next_review_on.isoformat()}
    assert {(row.origin, row.origin_note) for row in rows.values()} == {("copied", rows["public_summary"].origin_note)}
    assert "2026" in rows["public_summary"].origin_note
    assert AuditEvent.objects.filter(verb="open_deposit_as_draft").count() == 1


def test_the_same_file_is_deposited_once(deposit, editor):
    made = deposit()
    with pytest.raises(InvalidInput) as refusal:
        deposit()
    assert refusal.value.field == "file" and DepositedAssessment.objects.count() == 1
    withdraw_deposit(deposit=made, reason="Mauvaise date", by=editor)
    assert deposit().pk != made.pk


def test_a_review_that_is_past_is_not_taken_over(deposit, editor):
    made = deposit(done_on=date(2020, 1, 1), next_review_on=date(2021, 1, 1))
    draft = open_as_draft(deposit=made, by=editor)
    assert set(known_answers(made, draft.questionnaire)) == {"public_summary"}


def test_not_while_one_is_open(deposit, system, editor):
    begin_assessment(system=system, instrument=EFVP, by=editor)
    with pytest.raises(NotPossibleNow):
        open_as_draft(deposit=deposit(), by=editor)


# --- Telling the record ----------------------------------------------------------------------------------------------
def test_the_record_is_told_in_one_press(deposit, system, editor):
    made = deposit()
    assert set(said_otherwise(made)) == {"privacy_assessment", "privacy_assessment_summary_fr"}
    write_in_record(source=made, version=made.system.version, by=editor)
    system.refresh_from_db()
    assert (system.privacy_assessment, system.privacy_assessment_summary_fr) == ("done", made.summary_fr)
    made = DepositedAssessment.objects.select_related("system").get(pk=made.pk)
    assert said_otherwise(made) == {}
    with pytest.raises(NotPossibleNow):
        write_in_record(source=made, version=system.version, by=editor)


def test_what_somebody_wrote_meanwhile_stands(deposit, system, editor):
    made = deposit()
    version = system.version
    save_answers(system=system, answers={"privacy_assessment_summary_fr": "Autre"}, version=version, by=editor)
    made = DepositedAssessment.objects.select_related("system__organization").get(pk=made.pk)
    with pytest.raises(NotPossibleNow):
        write_in_record(source=made, version=version, by=editor)
    system.refresh_from_db()
    assert system.privacy_assessment_summary_fr == "Autre"


# --- Pages -----------------------------------------------------------------------------------------------------------
def form(**given) -> dict[str, object]:
    return {
        "request_key": str(uuid.uuid4()),
        "instrument": EFVP,
        "file": SimpleUploadedFile("efvp.pdf", PDF),
        "done_on": "2026-03-02",
        "approved_by_function": "Direction",
        "residual_level": "unknown",
        "summary_fr": "Résumé <b>",
        "next_review_on": "",
        **given,
    }


def test_from_the_page_of_the_system_to_the_draft(system, editor, as_user):
    client = as_user(editor)
    of_system = reverse("assessments:of_system", args=[system.uuid])
    address = reverse("assessments:deposit", args=[system.uuid])
    assert f"{address}?instrument=efvp" in client.get(of_system).content.decode()
    assert client.get(f"{address}?instrument=efvp").status_code == 200
    page = client.post(address, form(), follow=True)
    made = DepositedAssessment.objects.get()
    assert page.status_code == 200 and "Résumé &lt;b&gt;" in page.content.decode()
    assert reverse("assessments:deposited", args=[made.uuid]) in client.get(of_system).content.decode()
    response = client.get(reverse("assessments:deposit_file", args=[made.uuid]))
    assert b"".join(response.streaming_content) == PDF
    assert AuditEvent.objects.filter(verb="download").count() == 1
    told = client.post(reverse("assessments:deposit_in_record", args=[made.uuid]), {"version": system.version})
    assert told.status_code == 303
    opened = client.post(reverse("assessments:open_deposit", args=[made.uuid]), {"request_key": str(uuid.uuid4())})
    assert opened["Location"] == reverse("assessments:assessment", args=[Assessment.objects.get().uuid])
    page = client.get(reverse("assessments:deposited", args=[made.uuid])).content.decode()
    assert reverse("assessments:open_deposit", args=[made.uuid]) not in page
    withdraw = reverse("assessments:withdraw_deposit", args=[made.uuid])
    assert client.get(withdraw).status_code == 200 and client.post(withdraw, {"reason": ""}).status_code == 422
    assert client.post(withdraw, {"reason": "Mauvais fichier"}).status_code == 303
    page = client.get(reverse("assessments:deposited", args=[made.uuid])).content.decode()
    assert "Mauvais fichier" in page and withdraw not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"done_on": "2999-01-01"},
        {"done_on": "hier"},
        {"next_review_on": "2020-01-01"},
        {"summary_fr": ""},
        {"residual_level": "awful"},
        {"file": SimpleUploadedFile("a.txt", TEXT)},
        {"file": ""},
        {"request_key": "x"},
    ],
)
def test_a_form_that_is_wrong_is_given_back(system, editor, as_user, wrong):
    page = as_user(editor).post(reverse("assessments:deposit", args=[system.uuid]), form(**wrong))
    assert page.status_code == 422 and "Direction" in page.content.decode()
    assert not DepositedAssessment.objects.exists()


@pytest.mark.parametrize("wrong", [{"done_on": "hier"}, {"done_on": "2999-01-01"}, {"summary_fr": ""}])
def test_a_form_that_comes_back_asks_for_its_file_again(system, editor, as_user, wrong):
    """Whether the form or the service refused: the field of the file comes back empty."""
    page = as_user(editor).post(reverse("assessments:deposit", args=[system.uuid]), form(**wrong))
    assert page.context["form"].errors["file"] == [str(AGAIN)]


def test_an_instrument_that_is_none_has_no_page(system, editor, as_user):
    address = reverse("assessments:deposit", args=[system.uuid])
    for name in ("", "screening", "nothing", "x" * 500):
        assert as_user(editor).get(f"{address}?instrument={name}").status_code == 404


def test_others_see_nothing_of_it(deposit, outsider, reader, authority, as_user):
    made = deposit()
    for name in ("deposited", "deposit_file", "withdraw_deposit"):
        for somebody in (outsider, reader):
            address = reverse(f"assessments:{name}", args=[made.uuid])
            assert as_user(somebody).get(address).status_code == 404
    page = as_user(authority).get(reverse("assessments:deposited", args=[made.uuid]))
    assert page.status_code == 200
    assert reverse("assessments:withdraw_deposit", args=[made.uuid]) not in page.content.decode()


def test_the_list_of_assessments_has_those_deposited_in_force(deposit, editor, outsider, as_user):
    made = deposit()
    address = reverse("assessments:deposited", args=[made.uuid])

    def listed(by, **query):
        return address in as_user(by).get(reverse("assessments:assessments"), query).content.decode()

    assert listed(editor) and listed(editor, q=made.system.name_fr.split()[0].upper())
    assert not listed(editor, q="introuvable") and not listed(outsider)
    withdraw_deposit(deposit=made, reason="Un autre document", by=editor)
    assert not listed(editor)
