"""Comments beside the questions, read and written by a program."""

import uuid

import pytest
from django.urls import reverse

from assessments.services.commenting import begin_thread
from core.audit import Guest
from core.models import AuditEvent
from core.models.audit import ActorKind
from organizations.workflow import Scope
from review.models import Comment, CommentThread, Mention
from review.services import add_comment
from tests.assessments.api import at
from tests.assessments.test_views_counts import asked
from tests.registry.api import Program, refused, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def path(assessment) -> str:
    return at("threads", assessment.uuid)


def begun(program: Program, path: str, text: str = "Est-ce le nom?", question: str = "name", **more) -> dict:
    answer = program.post(path, {"question": question, "text": text, **more})
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def place(name: str, assessment, thread) -> str:
    return at(name, assessment.uuid, thread["uuid"])


# --- Written --------------------------------------------------------------------------------------------------------
def test_a_thread_is_begun_beside_a_question_and_its_people_are_called(program, assessment, path, colleague):
    told = begun(program, path, mentions=[str(colleague.uuid)])
    thread = CommentThread.objects.get()
    assert (told["uuid"], told["question"], told["state"]) == (str(thread.uuid), "name", "open")
    assert (told["resolved_at"], told["resolved_by"]) == (None, "")
    (comment,) = told["comments"]
    assert (comment["number"], comment["text"], comment["is_by_guest"]) == (1, "Est-ce le nom?", False)
    assert comment["mentions"] == [str(colleague)] and comment["by"] == str(Comment.objects.get().written_by)
    assert (thread.subject_uuid, thread.organization) == (assessment.uuid, assessment.organization)
    assert thread.address == reverse("assessments:threads", args=[assessment.uuid, "name"])
    assert Mention.objects.get().person == colleague
    event = AuditEvent.objects.get(verb="open_thread")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))


def test_a_comment_is_added_and_sent_again_with_its_key_is_written_once(program, assessment, path):
    thread = begun(program, path)
    where = place("comments", assessment, thread)
    for _each in range(2):
        answer = program.post(where, {"text": "Oui."}, Idempotency_Key="c")
        assert answer.status_code == 201 and [one["number"] for one in answer.json()["comments"]] == [1, 2]
    assert Comment.objects.count() == 2 and version_of(answer) == f'"{answer.json()["version"]}"'


def test_a_thread_is_resolved_and_reopened(program, assessment, path, editor):
    thread = begun(program, path)
    first = version_of(program.get(place("thread", assessment, thread)))
    resolved = program.act(place("resolve", assessment, thread), {"text": "Réglé."}, If_Match=first)
    told = resolved.json()
    assert (told["state"], told["resolved_by"], len(told["comments"])) == ("resolved", str(editor), 2)
    assert version_of(resolved) != first
    refused(program.post(place("comments", assessment, thread), {"text": "Encore."}), 409, "not-now")
    refused(program.act(place("resolve", assessment, thread)), 409, "not-now")
    assert program.act(place("reopen", assessment, thread)).json()["state"] == "open"
    refused(program.act(place("reopen", assessment, thread)), 409, "not-now")


def test_a_thread_is_not_resolved_over_a_comment_that_was_not_read(program, assessment, path, colleague):
    thread = begun(program, path)
    where = place("resolve", assessment, thread)
    read = f'"{thread["version"]}"'
    add_comment(thread=CommentThread.objects.get(), text="Non!", by=colleague)
    refused(program.act(where, If_Match=read), 412, "stale")
    refused(program.post(where), 428, "condition-needed")
    assert program.get(place("thread", assessment, thread)).json()["state"] == "open"


def test_the_version_of_a_thread_never_comes_back(program, assessment, path):
    thread = begun(program, path)
    first = read = version_of(program.get(place("thread", assessment, thread)))
    versions = [int(read.strip('"'))]
    for name in ("resolve", "reopen", "comments", "resolve", "reopen"):
        sent = {"text": "Encore."} if name == "comments" else {}
        read = version_of(program.act(place(name, assessment, thread), sent, If_Match=read))
        versions.append(int(read.strip('"')))
    assert versions == sorted(set(versions)), versions
    (listed,) = program.get(path).json()["results"]
    assert listed["version"] == versions[-1]
    told = refused(program.act(place("resolve", assessment, thread), If_Match=first), 412, "stale")
    assert told["current"] == read and program.get(path).json()["results"][0]["state"] == "open"


# --- Refused --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "Où?"}, "question"),
        ({"question": "nobody", "text": "Où?"}, "question"),
        ({"question": "name"}, "text"),
        ({"question": "name", "text": " \u200b"}, "text"),
        ({"question": "name", "text": "x" * 4001}, "text"),
        ({"question": "name", "text": "Où?", "mentions": ["x"]}, "mentions.0"),
        ({"question": "name", "text": "Où?", "mentions": [str(uuid.UUID(int=1))]}, "mentions"),
        ({"question": "name", "text": "Où?", "mentions": [str(uuid.UUID(int=1))] * 21}, "mentions"),
        ({"question": "name", "text": "Où?", "by": "x"}, "by"),
    ],
)
def test_what_cannot_be_kept_is_told_by_its_field(program, path, sent, field):
    assert refused(program.post(path, sent), 422, "invalid")["errors"][0]["field"] == field
    assert not CommentThread.objects.exists()


def test_nobody_from_elsewhere_is_called(program, path, outsider, reader):
    for someone in (outsider, reader):
        sent = {"question": "name", "text": "Où?", "mentions": [str(someone.uuid)]}
        assert refused(program.post(path, sent), 422, "invalid")["errors"][0]["field"] == "mentions"


def test_the_thread_of_another_assessment_is_not_found(program, assessment, path, system, editor):
    elsewhere = CommentThread.objects.create(
        organization=assessment.organization,
        subject_uuid=uuid.uuid4(),
        place="name",
        label="Nom",
        address="/fr/",
        created_at=assessment.created_at,
        created_by=editor,
    )
    there = {"uuid": elsewhere.uuid}
    refused(program.get(place("thread", assessment, there)), 404, "not-found")
    refused(program.post(place("comments", assessment, there), {"text": "Où?"}), 404, "not-found")
    for name in ("resolve", "reopen"):
        refused(program.act(place(name, assessment, there)), 404, "not-found")


def test_who_may_not_see_it_says_nothing_and_a_reader_of_it_may(program, assessment, path, outsider, authority, editor):
    thread = begun(program, path)
    stranger = Program(outsider)
    for name in ("comments", "resolve", "reopen"):
        refused(stranger.act(place(name, assessment, thread), {"text": "Où?"}), 404, "not-found")
    refused(stranger.get(path), 404, "not-found")
    refused(stranger.post(path, {"question": "name", "text": "Où?"}), 404, "not-found")
    # Whoever decides writes no answer, and says what they think of them.
    assert Program(authority).post(place("comments", assessment, thread), {"text": "Vu."}).status_code == 201
    narrow = Program(editor, Scope.READ_ASSESSMENTS)
    refused(narrow.post(path, {"question": "name", "text": "Où?"}), 403, "narrow-token")
    refused(narrow.act(place("resolve", assessment, thread)), 403, "narrow-token")
    refused(Program(editor, Scope.WRITE_ASSESSMENTS).get(path), 403, "narrow-token")


# --- Read -----------------------------------------------------------------------------------------------------------
def test_threads_are_listed_by_question_and_by_state(program, assessment, path):
    first, second = begun(program, path), begun(program, path, question="story")
    program.act(place("resolve", assessment, first))

    def found(query: str = "") -> list[str]:
        return [one["uuid"] for one in program.get(f"{path}?{query}").json()["results"]]

    assert found() == [first["uuid"], second["uuid"]]
    assert found("state=open") == found("question=story") == [second["uuid"]]
    assert found("state=resolved&question=name") == [first["uuid"]]
    assert found("page_size=1&page=2") == [second["uuid"]]
    for query, parameter in (("state=closed", "state"), ("question=nobody", "question")):
        assert refused(program.get(f"{path}?{query}"), 400, "invalid-query")["parameter"] == parameter


def test_what_an_invited_person_says_is_marked_as_theirs(program, assessment, path, invite):
    guest = invite()
    by = Guest(ref=guest.actor_ref, name=str(guest))
    question = assessment.questionnaire.question("story")
    begin_thread(assessment=assessment, question=question, text="Que dire?", by=by)
    (told,) = program.get(path).json()["results"]
    assert told["comments"][0]["is_by_guest"] and told["comments"][0]["by"] == str(guest)


def test_reading_costs_the_same_with_few_and_many_comments(program, assessment, path, colleague):
    thread = begun(program, path, mentions=[str(colleague.uuid)])
    paths = [f"{path}?page_size=100", place("thread", assessment, thread)]

    def costs() -> list[int]:
        return [len(asked(lambda where=where: program.get(where))) for where in paths]

    costs()
    few = costs()
    for number in range(20):
        begun(program, path, mentions=[str(colleague.uuid)])
        program.post(place("comments", assessment, thread), {"text": f"Le {number}."})
    assert costs() == few and max(few) <= 12, few
