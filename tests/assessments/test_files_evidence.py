"""Files that support an answer: joined, taken off, handed out, by whoever fills in."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from assessments.models import Answer, Assessment, Evidence, GuestAccess
from assessments.scoring.completeness import completeness
from assessments.services.beginning import begin_assessment
from assessments.services.evidence import MOST_FILES, add_evidence, hand_out_evidence, remove_evidence
from assessments.services.facts import reading_of
from assessments.services.saving import save_answers
from assessments.services.submitting import withdraw_assessment
from core import clock
from core.models import AuditEvent, StoredFile
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import User
from tests.factories.files import PDF, TEXT, hostile, sound

pytestmark = pytest.mark.django_db
HOSTILE = hostile()


@pytest.fixture(autouse=True)
def apart(store_of_files: Path) -> None:
    """Every file of these tests goes to a folder of its own."""


@pytest.fixture
def add(assessment: Assessment, editor: User) -> Callable[..., Evidence]:
    def make(**given) -> Evidence:
        return add_evidence(
            **{
                "assessment": assessment,
                "question": "notice",
                "content": PDF,
                "name": "avis.pdf",
                "by": editor,
                **given,
            }
        )

    return make


@pytest.fixture
def guest(invite) -> GuestAccess:
    return invite(questions=["notice", "name"])


def stored_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def answer(assessment: Assessment, question: str = "notice") -> Answer:
    return Answer.objects.get(assessment=assessment, question=question)


# --- Joining --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ending", sound())
def test_a_sound_file_is_joined_to_the_answer(add, assessment, editor, ending):
    made = add(content=sound()[ending], name=f"Preuve{ending}", note="Page 3")
    assert answer(assessment).value == {"files": [str(made.uuid)]}
    assert (made.file.original_name, made.note, made.added_by) == (f"Preuve{ending}", "Page 3", editor)
    assert made.file.organization_uuid == assessment.organization.uuid
    event = AuditEvent.objects.get(verb="add_evidence")
    assert event.facts["digest"] == made.file.sha256 and event.object_ref == str(made.uuid)


def test_the_text_beside_the_file_stays(add, assessment, editor, save):
    save(assessment, {"notice.text": "Voir la page 3."})
    first, second = add(), add(content=TEXT, name="b.txt")
    assert answer(assessment).value == {"text": "Voir la page 3.", "files": [str(first.uuid), str(second.uuid)]}
    remove_evidence(evidence=first, by=editor)
    assert answer(assessment).value == {"text": "Voir la page 3.", "files": [str(second.uuid)]}


def test_what_is_typed_meanwhile_is_kept(add, assessment, editor):
    """A page opened before the file came saves its text after: neither undoes the other."""
    version = assessment.version
    made = add()
    saved = save_answers(assessment=assessment, leaves={"notice.text": "Un avis."}, version=version, by=editor)
    assert not saved.differences
    assert answer(assessment).value == {"text": "Un avis.", "files": [str(made.uuid)]}


def test_files_do_not_come_by_the_door_of_the_texts(assessment, editor):
    with pytest.raises(InvalidInput):
        save_answers(
            assessment=assessment, leaves={"notice.files": [str(uuid.uuid4())]}, version=assessment.version, by=editor
        )


def test_the_history_tells_each_file(add, assessment, editor, as_user):
    made = add()
    remove_evidence(evidence=made, by=editor)
    events = Answer.pgh_event_models["insert"].objects.filter(question="notice").order_by("pgh_id")
    assert [one.value for one in events] == [{"files": [str(made.uuid)]}, None]
    page = as_user(editor).get(reverse("assessments:history", args=[assessment.uuid])).content.decode()
    assert "avis.pdf" in page


def test_a_file_is_an_answer(add, assessment, save):
    save(assessment, {"people": "many"})
    before = completeness(reading_of(assessment)).state("details").answered
    add(question="proof")
    assert completeness(reading_of(assessment)).state("details").answered == before + 1


def test_a_form_sent_twice_joins_once(add, assessment, store_of_files):
    key = uuid.uuid4()
    assert add(request_key=key) == add(request_key=key)
    assert len(answer(assessment).value["files"]) == len(stored_in(store_of_files)) == 1


@pytest.mark.parametrize("question", ["story", "people", "data", "unknown", "", "notice.files"])
def test_other_questions_take_no_file(add, question):
    with pytest.raises(InvalidInput):
        add(question=question)


def test_an_answer_has_so_many_files(add):
    for _each in range(MOST_FILES):
        add(content=TEXT, name="a.txt")
    with pytest.raises(NotPossibleNow):
        add()


def test_a_note_is_not_a_text(add):
    with pytest.raises(InvalidInput):
        add(note="x" * 301)


# --- What is not taken ------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_nothing_hostile_is_kept(assessment, editor, as_user, store_of_files):
    """By the page, as a browser sends it: one sentence each, nothing stored, nothing written, no fault."""
    client, address = as_user(editor), reverse("assessments:files", args=[assessment.uuid, "notice"])
    version = assessment.version
    for what, (name, content) in HOSTILE.items():
        form = {"file": SimpleUploadedFile(name, content), "request_key": str(uuid.uuid4())}
        page = client.post(address, form)
        assert page.status_code == 422, what
        assert page.content.decode().count("govuk-error-message") == 1, what
    assessment.refresh_from_db()
    assert assessment.version == version and not Evidence.objects.exists() and not StoredFile.objects.exists()
    assert stored_in(store_of_files) == []


@pytest.mark.slow
def test_every_refusal_is_a_sentence_in_both_languages(add):
    for language in ("fr", "en"):
        with override(language):
            for name, content in HOSTILE.values():
                with pytest.raises(InvalidInput) as refused:
                    add(name=name, content=content)
                assert refused.value.sentence.endswith(".") and "%(" not in refused.value.sentence


def test_a_file_larger_than_the_limit(add, settings, assessment, editor, as_user):
    settings.UPLOAD_LIMIT = 1000
    with pytest.raises(InvalidInput):
        add(content=b"x" * 1001, name="a.txt")
    address = reverse("assessments:files", args=[assessment.uuid, "notice"])
    form = {"file": SimpleUploadedFile("a.txt", b"x" * 5000), "request_key": str(uuid.uuid4())}
    assert as_user(editor).post(address, form).status_code == 422


def refuse(content: bytes) -> bool:
    return False


def test_the_scanner_has_its_word(add, settings, assessment, store_of_files):
    settings.FILE_SCANNER = f"{__name__}.refuse"
    with pytest.raises(InvalidInput):
        add()
    assert not Answer.objects.filter(assessment=assessment).exists() and stored_in(store_of_files) == []


# --- Taking off -------------------------------------------------------------------------------------------------------
def test_a_file_that_is_taken_off_stays(add, editor, store_of_files):
    made = add()
    remove_evidence(evidence=made, by=editor)
    made.refresh_from_db()
    assert (made.removed_by, len(stored_in(store_of_files))) == (editor, 1)
    assert AuditEvent.objects.filter(verb="remove_evidence").count() == 1
    with pytest.raises(NotPossibleNow):
        remove_evidence(evidence=made, by=editor)


def test_nothing_comes_nor_leaves_once_it_is_not_written_any_more(add, assessment, editor):
    made = add()
    withdraw_assessment(assessment=assessment, reason="Faite ailleurs", by=editor)
    for act in (add, lambda: remove_evidence(evidence=made, by=editor)):
        with pytest.raises(NotPossibleNow):
            act()


def test_whoever_may_not_write_joins_nothing(add, outsider, reader, authority, editor):
    made = add()
    for somebody in (outsider, reader, authority):
        with pytest.raises(NotAllowed):
            add(by=somebody)
        with pytest.raises(NotAllowed):
            remove_evidence(evidence=made, by=somebody)


# --- An invited person ------------------------------------------------------------------------------------------------
def test_a_guest_joins_and_takes_off_their_own_alone(add, assessment, editor, guest):
    theirs, ours = add(by=guest), add()
    assert (theirs.guest, theirs.added_by) == (guest, None)
    assert AuditEvent.objects.filter(verb="add_evidence", actor_kind="guest", actor_ref=str(guest.uuid)).count() == 1
    with pytest.raises(NotAllowed):
        remove_evidence(evidence=ours, by=guest)
    remove_evidence(evidence=theirs, by=guest)
    theirs.refresh_from_db()
    assert theirs.removed_at and theirs.removed_by is None
    remove_evidence(evidence=ours, by=editor)


def test_a_guest_joins_nothing_elsewhere(add, guest):
    with pytest.raises(NotAllowed):
        add(by=guest, question="proof")
    guest.ends_on = clock.civil_date(clock.now()) - timedelta(days=1)
    with pytest.raises(NotAllowed):
        add(by=guest)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_page_lists_adds_and_takes_off(assessment, editor, as_user: Callable[[User], Client]):
    client, address = as_user(editor), reverse("assessments:files", args=[assessment.uuid, "notice"])
    assert client.get(address).status_code == 200
    form = {"file": SimpleUploadedFile("avis.pdf", PDF), "request_key": str(uuid.uuid4()), "note": "Page 3"}
    page = client.post(address, form, follow=True)
    made = Evidence.objects.get()
    assert page.status_code == 200 and "avis.pdf" in page.content.decode() and "Page 3" in page.content.decode()
    page = client.post(reverse("assessments:remove_file", args=[assessment.uuid, made.uuid]), follow=True)
    assert page.status_code == 200
    assert reverse("assessments:evidence_file", args=[assessment.uuid, made.uuid]) not in page.content.decode()


def test_a_question_that_takes_no_file_has_no_such_page(assessment, editor, as_user):
    for code in ("story", "nothing"):
        assert as_user(editor).get(reverse("assessments:files", args=[assessment.uuid, code])).status_code == 404


def test_a_download_is_an_attachment_and_is_told(add, assessment, authority, as_user, outsider, reader):
    made = add(content=TEXT, name="a.txt")
    address = reverse("assessments:evidence_file", args=[assessment.uuid, made.uuid])
    response = as_user(authority).get(address)
    assert b"".join(response.streaming_content) == TEXT
    assert response["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
    assert "sandbox" in response["Content-Security-Policy"]
    assert AuditEvent.objects.filter(verb="download", actor_ref=authority.actor_ref).count() == 1
    for somebody in (outsider, reader):
        assert as_user(somebody).get(address).status_code == 404


def test_a_file_that_is_gone_says_so(add, assessment, editor, as_user, store_of_files):
    made = add()
    for path in stored_in(store_of_files):
        path.unlink()
    address = reverse("assessments:evidence_file", args=[assessment.uuid, made.uuid])
    assert as_user(editor).get(address).status_code == 409
    with pytest.raises(NotPossibleNow):
        hand_out_evidence(evidence=made, by=editor)


def test_whoever_only_reads_has_the_list_and_no_form(add, assessment, authority, as_user):
    add()
    page = as_user(authority).get(reverse("assessments:files", args=[assessment.uuid, "notice"]))
    assert "avis.pdf" in page.content.decode() and "multipart" not in page.content.decode()
    form = {"file": SimpleUploadedFile("avis.pdf", PDF), "request_key": str(uuid.uuid4())}
    page = as_user(authority).post(reverse("assessments:files", args=[assessment.uuid, "notice"]), form)
    assert page.status_code == 403


def test_a_file_of_another_assessment_is_not_there(add, assessment, editor, as_user, system):
    made = add()
    withdraw_assessment(assessment=assessment, reason="Refaite", by=editor)
    other = begin_assessment(system=system, instrument="every_kind", by=editor)
    assert as_user(editor).get(reverse("assessments:evidence_file", args=[other.uuid, made.uuid])).status_code == 404


def test_the_button_of_the_question_saves_first(assessment, editor, as_user):
    address = reverse("assessments:question", args=[assessment.uuid, "notice"])
    form = {"version": assessment.version, "shown": "notice", "notice.text": "Un avis.", "files": "notice"}
    response = as_user(editor).post(address, form)
    assert response["Location"] == reverse("assessments:files", args=[assessment.uuid, "notice"])
    assert answer(assessment).value == {"text": "Un avis."}


def test_the_list_costs_the_same_whatever_its_length(add, assessment, editor, as_user, django_assert_num_queries):
    client, address = as_user(editor), reverse("assessments:files", args=[assessment.uuid, "notice"])
    add(), client.get(address)
    with django_assert_num_queries(7):
        client.get(address)
    for _each in range(5):
        add(content=TEXT, name="a.txt")
    with django_assert_num_queries(7):
        client.get(address)
