"""Questionnaires in the database: copied once, never changed, one beside the other."""

import copy
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

import assessments.services.versions as versions
from assessments.models import QuestionnaireVersion
from assessments.questionnaires import NotAQuestionnaire, digest_of, shipped_names
from assessments.services.versions import JOB, add_version, latest_version, sync_questionnaires
from core.audit import NamedJob
from core.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(contents, monkeypatch):
    """Two files of ours in place of those that are shipped; `pinned` what was released of them."""
    files = {f"{name}/1.0": copy.deepcopy(contents[name]) for name in ("every_kind", "five_questions")}
    pinned: dict[str, str] = {}
    monkeypatch.setattr(versions, "released_files", lambda: files)
    monkeypatch.setattr(versions, "shipped_names", lambda: list(files))
    monkeypatch.setattr(versions, "released_digests", lambda: pinned)
    return files, pinned


def say() -> str:
    out = StringIO()
    call_command("sync_questionnaires", stdout=out)
    return out.getvalue().strip()


def names():
    return sorted(map(str, QuestionnaireVersion.objects.all()))


def test_the_command_says_in_one_line_what_it_added(shipped):
    told = say()
    assert "\n" not in told and "every_kind/1.0, five_questions/1.0" in told
    assert names() == ["every_kind/1.0", "five_questions/1.0"]
    again = say()
    assert "every_kind" not in again and again
    assert AuditEvent.objects.filter(verb="release_questionnaire").count() == 2


def test_the_shipped_ones_are_copied_whole():
    added = sync_questionnaires(by=JOB)
    assert sorted(map(str, added)) == sorted(shipped_names())
    for row in QuestionnaireVersion.objects.all():
        assert digest_of(row.content) == row.digest
    assert sync_questionnaires(by=JOB) == []


def test_versions_stand_side_by_side_and_the_latest_is_taken(shipped, contents):
    files, _pinned = shipped
    sync_questionnaires(by=JOB)
    files["five_questions/1.10"] = {**contents["five_questions"], "version": "1.10"}
    files["five_questions/1.9"] = {**contents["five_questions"], "version": "1.9"}
    assert sorted(map(str, sync_questionnaires(by=JOB))) == ["five_questions/1.10", "five_questions/1.9"]
    assert latest_version("five_questions").version == "1.10"
    assert len(names()) == 4


def test_a_file_that_is_not_its_row_is_refused_by_its_name_and_nothing_is_added(shipped, contents):
    files, _pinned = shipped
    sync_questionnaires(by=JOB)
    files["every_kind/1.0"]["licence"] = "MIT"
    files["every_kind/2.0"] = {**contents["every_kind"], "version": "2.0"}
    with pytest.raises(NotAQuestionnaire) as refusal:
        sync_questionnaires(by=JOB)
    assert refusal.value.place == "every_kind/1.0"
    with pytest.raises(CommandError, match=r"every_kind/1\.0"):
        say()
    assert names() == ["every_kind/1.0", "five_questions/1.0"]
    assert digest_of(QuestionnaireVersion.objects.get(instrument="every_kind").content) == digest_of(
        contents["every_kind"]
    )


def test_when_nothing_is_new_no_file_is_read(shipped, monkeypatch, django_assert_num_queries):
    files, pinned = shipped
    sync_questionnaires(by=JOB)
    pinned |= {name: digest_of(content) for name, content in files.items()}

    def read():
        raise AssertionError("a file was read")

    monkeypatch.setattr(versions, "released_files", read)
    with django_assert_num_queries(3):  # with the savepoint of the test
        assert sync_questionnaires(by=JOB) == []


def test_a_wrong_content_is_never_copied(contents):
    content = copy.deepcopy(contents["five_questions"])
    content["sections"][0]["questions"][0]["prefill"] = [{"from": "system", "field": "colour"}]
    with pytest.raises(NotAQuestionnaire):
        add_version(content=content, by=NamedJob("tests"))
    assert not names()


def test_rows_are_neither_altered_nor_deleted_by_sql(questionnaires):
    table = QuestionnaireVersion._meta.db_table
    for statement in (
        "UPDATE {} SET content = '{{}}'", "UPDATE {} SET version = '9'", "DELETE FROM {}", "TRUNCATE {} CASCADE",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))
    assert len(names()) == len(questionnaires)


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_copy_each_once(shipped):
    failures, barrier = [], threading.Barrier(2)

    def sync() -> None:
        try:
            barrier.wait()
            sync_questionnaires(by=JOB)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sync) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert names() == ["every_kind/1.0", "five_questions/1.0"]
    assert AuditEvent.objects.filter(verb="release_questionnaire").count() == 2
