"""Every table keeps what was before, never changes, or says why it need do neither."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from core.audit import NamedJob
from core.files import store
from core.models import StoredFile
from core.models.stored_file import Retention
from organizations.models import Organization
from organizations.workflow import SecondLook
from registry.models import ColumnMapping, ImportRun, PublicationRequest
from registry.services.publication import publish_system
from registry.workflow import RunKind, RunState
from tests.sources import ROOMS

EVERY_WRITE = {"INSERT", "UPDATE", "DELETE"}
TABLES = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy and not getattr(model, "pgh_tracked_model", None)
]
# Rows that never change once they are there: a trigger refuses UPDATE and DELETE.
FROZEN = {
    "assessments.QuestionnaireVersion",
    "assessments.RiskAcceptance",
    "assessments.Submission",
    "core.AuditEvent",
    "registry.IndicatorOfYear",
    "registry.PhaseChange",
    "registry.Publication",
    "registry.PublicationRequest",
    "review.Comment",
    "review.Mention",
}
# Neither tracked nor frozen, and why nothing is lost.
WITHOUT_HISTORY = {
    "assessments.ScreeningConclusion": "frozen but for its signature, written once: triggers (tested with its service)",
    "core.CreationKey": "written once, forgotten after seven days: a key that makes a creation happen once",
    "core.Intent": "the outbox: a machine's moments; its effects have their own history and events",
    "core.StoredFile": "frozen, its content apart, which an erasure removes: two triggers (tested below)",
    "core.PublicEdition": "marks drawn at random: they say that something public changed, and nothing else",
    "organizations.PublicBody": "a copy of Organization, which is tracked",
    "organizations.PublicBodyName": "a copy of Succession, which is tracked",
    "registry.PublicCommonTools": "a copy of CommonToolUse, which is tracked; showing and withdrawing it are told",
    "review.Case_authors": "written once with its case, whose digest and event say what was submitted",
    "registry.PublicCoverage": "a copy of NoAIAttestation and of AISystem, which are tracked",
    "registry.PublicFile": "which stored file holds the register now: stored files are frozen",
    "registry.PublicRecord": "search, rebuilt from publications, which never change",
    "registry.FacetCount": "numbers of the public records, rebuilt from them",
    "registry.SearchWord": "words of the public records, rebuilt from publications",
    "registry.ForeignWord": "words of the registers from elsewhere, rebuilt from their records",
    "registry.WholeText": "words of the public records, rebuilt from publications",
    "registry.ForeignSystem": "a copy of a register that its owner keeps; each run has its file, digest and event",
    "registry.ImportRow": "kept one year with the file of its run, which never changes: a history would outlive it. "
    "What came in is in the history of the systems, who tried a row again in the ledger",
    "registry.ScopeAnswer": "written once, told to the ledger, kept five years: a history would outlive it",
    # Tables of libraries.
    "account.EmailAddress": "allauth: a person's address, which history would keep after its erasure",
    "account.EmailConfirmation": "allauth: a link that waits to be followed",
    "auth.Group": "unused: functions are memberships",
    "auth.Group_permissions": "unused: functions are memberships",
    "auth.Permission": "made by migrations",
    "contenttypes.ContentType": "made by migrations",
    "guardian.GroupObjectPermission": "unused: an exception is a SystemGrant, which is tracked",
    "guardian.UserObjectPermission": "unused: an exception is a SystemGrant, which is tracked",
    "mfa.Authenticator": "secrets; turning two-step off is told to the ledger",
    "pghistory.Context": "unused: rows of history say what, the ledger says who",
    "sessions.Session": "ends by itself",
    "socialaccount.SocialAccount": "which account of the organization's directory a person signs in with",
    "socialaccount.SocialApp": "unused: directories are given by settings",
    "socialaccount.SocialToken": "unused: tokens are not stored",
}


def refused(model) -> set[str]:
    return {str(one.operation) for one in getattr(model._meta, "triggers", []) if type(one).__name__ == "Protect"}


def kept(model) -> set[str]:
    """Which writes a trigger of pghistory copies."""
    found = [one for one in getattr(model._meta, "triggers", []) if type(one).__module__.startswith("pghistory")]
    return {str(one.operation) for one in found}


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_each_table_keeps_what_was_before_or_says_why_not(model):
    label = model._meta.label
    if label in FROZEN:
        assert "UPDATE OR DELETE" in refused(model)
        assert "never_emptied" in {trigger.name for trigger in model._meta.triggers}
    else:
        assert (kept(model) == EVERY_WRITE) != (label in WITHOUT_HISTORY), f"{label}: keep_history, or a reason here"


def test_no_reason_is_given_for_a_table_that_is_gone():
    assert set(WITHOUT_HISTORY) | FROZEN <= {model._meta.label for model in TABLES}
    assert {label.split(".")[0] for label in FROZEN} <= set(ROOMS)


@pytest.mark.django_db
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_the_triggers_are_in_the_database(model):
    """A trigger that no migration installs keeps nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [model._meta.db_table])
        installed = {name for (name,) in cursor.fetchall()}
    assert {trigger.get_pgid(model) for trigger in getattr(model._meta, "triggers", [])} <= installed


def is_refused(write) -> bool:
    with pytest.raises(ProgrammingError, match=r"Cannot (update|delete|update or delete) rows|never emptied"):
        with transaction.atomic():
            write()
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("label", [*sorted(FROZEN), "core.StoredFile"])
def test_frozen_rows_are_not_emptied_either(label):
    def empty():
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {apps.get_model(label)._meta.db_table} CASCADE")

    assert is_refused(empty)


@pytest.mark.django_db
def test_a_stored_file_is_erased_and_never_altered(body):
    stored = store(content=b"a;b", name="a.csv", retention=Retention.IMPORT, by=NamedJob("test"), organization=body)
    rows = StoredFile.objects.filter(pk=stored.pk)
    assert is_refused(lambda: rows.update(sha256="0" * 64))
    assert is_refused(lambda: rows.update(original_name="b.csv"))
    assert is_refused(rows.delete)
    assert rows.update(content="") == 1


@pytest.mark.django_db
def test_what_waits_for_its_second_look_is_frozen(system, editor):
    Organization.objects.update(second_look=SecondLook.REQUIRED)
    asked = publish_system(system=system, by=editor)
    assert isinstance(asked, PublicationRequest)
    rows = PublicationRequest.objects.filter(pk=asked.pk)
    assert is_refused(lambda: rows.update(document={}))
    assert is_refused(rows.delete)


@pytest.mark.django_db
def test_a_corrected_column_keeps_what_it_meant_before(body):
    mapping = ColumnMapping.objects.create(organization=body, header="nom", field="name_fr")
    ColumnMapping.objects.filter(pk=mapping.pk).update(field="need_fr")
    mapping.delete()
    kept_rows = ColumnMapping.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", "field")
    assert list(kept_rows) == [("insert", "name_fr"), ("update", "need_fr"), ("delete", "need_fr")]


@pytest.mark.django_db
def test_a_run_keeps_its_choices_and_not_each_count(body, editor):
    from core import clock

    run = ImportRun.objects.create(
        kind=RunKind.INVENTORY, organization=body, file_name="a.csv", started_at=clock.now(), started_by=editor,
        started_by_ref=editor.actor_ref, mapping={"columns": {"nom": "name_fr"}},
    )  # fmt: skip
    rows = ImportRun.objects.filter(pk=run.pk)
    rows.update(created_count=500)
    rows.update(mapping={"columns": {"nom": "need_fr"}})
    rows.update(state=RunState.FAILED)
    kept_rows = ImportRun.pgh_event_model.objects.order_by("pgh_id").values_list("mapping__columns__nom", "state")
    assert list(kept_rows) == [("name_fr", "preparing"), ("need_fr", "preparing"), ("need_fr", "failed")]
