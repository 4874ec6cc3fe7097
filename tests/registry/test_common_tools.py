"""Everyday uses of AI: one page per body, saved together, public when the body chooses to."""

import csv
import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.services import EditConflict, InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Organization
from organizations.services.public_copy import publish_body
from organizations.workflow import Role
from registry.models import CommonToolsForm, CommonToolUse, PublicCommonTools
from registry.public.common_tools import common_tools_of
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.common_tools import publish_common_tools, save_common_tools, withdraw_common_tools
from tests.factories.organizations import give, person

HOME = "/fr/espace/outils-courants/"


def save(body, by, version=0, **tools):
    return save_common_tools(organization=body, answers=tools, version=version, by=by)


def url(body) -> str:
    return f"{HOME}{body.uuid}/"


# --- The data file --------------------------------------------------------------------------------------------------
def test_each_use_says_in_two_languages_what_it_is_and_when_it_stands_apart():
    assert len(COMMON_TOOLS.tools) >= 15 and len(set(COMMON_TOOLS.codes)) == len(COMMON_TOOLS.codes)
    for tool in COMMON_TOOLS.tools:
        assert len(tool.code) <= 20
        for text in (tool.label, tool.explanation, tool.apart):
            assert set(text) == {"fr", "en"} and all(text.values())


def test_i_do_not_know_is_an_answer():
    assert "unsure" in COMMON_TOOLS.answers and "unsure" in COMMON_TOOLS.bands


# --- Services -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_changed_is_saved_and_told_without_its_words(body, editor):
    page, changed = save(body, editor, translation={"is_used": "yes", "product": " Nordique  Traduit "}, code={})
    assert (page.version, changed) == (1, 1)
    use = CommonToolUse.objects.get()
    assert (use.tool, use.product, use.users_band, use.updated_by) == ("translation", "Nordique Traduit", "", editor)
    assert AuditEvent.objects.get(verb="save_common_tools").facts == {"changed": ["translation"]}


@pytest.mark.django_db
def test_the_same_answers_write_nothing(body, editor):
    save(body, editor, code={"is_used": "no"})
    page, changed = save(body, editor, version=1, code={"is_used": "no"}, search={"is_used": ""})
    assert (page.version, changed) == (1, 0) and AuditEvent.objects.filter(verb="save_common_tools").count() == 1


@pytest.mark.django_db
def test_unknown_uses_and_questions_are_left_out_and_unknown_answers_refused(body, editor):
    save(body, editor, nonsense={"is_used": "yes"}, code={"evil": "yes", "is_used": "unsure"})
    assert list(CommonToolUse.objects.values_list("tool", "is_used")) == [("code", "unsure")]
    with pytest.raises(InvalidInput) as refused:
        save(body, editor, version=1, code={"users_band": "thousands"})
    assert refused.value.field == "users_band_code"
    with pytest.raises(InvalidInput):
        save(body, editor, version=1, code={"product": "x" * 201})


@pytest.mark.django_db
def test_two_people_see_both_answers_and_only_where_they_differ(body, editor):
    second = person(body, Role.CONTRIBUTOR)
    save(body, editor, code={"is_used": "yes", "product": "A"})
    with pytest.raises(EditConflict) as conflict:
        save(body, second, version=0, code={"is_used": "no"}, search={"is_used": ""})
    (one,) = conflict.value.differences
    assert (one.field, one.stored_value, one.typed_value, conflict.value.current_version) == (
        "is_used_code", "yes", "no", 1
    )  # fmt: skip
    save(body, second, version=1, code={"is_used": "no"})
    assert CommonToolUse.objects.get().is_used == "no"


@pytest.mark.django_db
def test_those_who_declare_save_and_those_who_publish_publish(body, editor, outsider):
    reader, contributor = person(body, Role.LEGAL_ADVISER), person(body, Role.CONTRIBUTOR)
    for nobody in (reader, outsider):
        with pytest.raises(NotAllowed):
            save(body, nobody, code={"is_used": "yes"})
    save(body, contributor, code={"is_used": "yes"})
    with pytest.raises(NotAllowed):
        publish_common_tools(organization=body, by=contributor)
    with pytest.raises(NotAllowed):
        withdraw_common_tools(organization=body, by=contributor)
    assert publish_common_tools(organization=body, by=editor).tools == ["code"]


@pytest.mark.django_db
def test_a_closed_body_declares_nothing_more(body, editor):
    Organization.objects.filter(pk=body.pk).update(closed_on=timezone.localdate())
    with pytest.raises(NotPossibleNow):
        save(body, editor, code={"is_used": "yes"})


@pytest.mark.django_db
def test_only_the_uses_answered_yes_become_public_and_only_when_published(body, editor):
    with pytest.raises(NotPossibleNow):
        publish_common_tools(organization=body, by=editor)
    save(body, editor, spelling={"is_used": "yes", "product": "Secret"}, assistant={"is_used": "yes"},
         code={"is_used": "no"}, search={"is_used": "unsure"})  # fmt: skip
    assert common_tools_of(["mtest"]) is None
    publish_common_tools(organization=body, by=editor)
    save(body, editor, version=1, code={"is_used": "yes"})
    shown = common_tools_of(["ancien", "mtest"])
    assert [tool.code for tool in shown.tools] == ["assistant", "spelling"]
    publish_common_tools(organization=body, by=editor)
    assert "code" in [tool.code for tool in common_tools_of(["mtest"]).tools]
    withdraw_common_tools(organization=body, by=editor)
    assert common_tools_of(["mtest"]) is None and CommonToolUse.objects.count() == 4
    with pytest.raises(NotPossibleNow):
        withdraw_common_tools(organization=body, by=editor)
    verbs = AuditEvent.objects.exclude(verb="save_common_tools").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["publish_common_tools", "publish_common_tools", "withdraw_common_tools"]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["is_used", "users_band", "personal_information", "has_rules"])
def test_the_database_refuses_an_unknown_answer(body, editor, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        CommonToolUse.objects.create(
            organization=body, tool="code", updated_at=timezone.now(), updated_by=editor, **{wrong: "maybe"}
        )


@pytest.mark.django_db
def test_a_use_stands_once_for_a_body(body, editor):
    values = {"organization": body, "tool": "code", "updated_at": timezone.now(), "updated_by": editor}
    CommonToolUse.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommonToolUse.objects.create(**values)


# --- Pages ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_one_body_is_not_asked_which(body, other_body, editor, as_user):
    client = as_user(editor)
    assert client.get(HOME)["Location"] == url(body)
    give(editor, other_body, Role.CONTRIBUTOR)
    page = as_user(editor).get(HOME).content.decode()
    assert url(body) in page and url(other_body) in page


@pytest.mark.django_db
def test_all_the_uses_are_on_one_page_and_saved_at_once(body, editor, as_user):
    client = as_user(editor)
    page = client.get(url(body)).content.decode()
    assert all(f'id="tool-{code}"' in page for code in COMMON_TOOLS.codes)
    sent = {"version": "0", "is_used_code": "yes", "has_rules_code": "no", "is_used_search": "unsure"}
    response = client.post(url(body), sent, follow=True)
    assert response.redirect_chain == [(url(body), 303)] and "Enregistré" in response.content.decode()
    assert response.context["done"] == 2


@pytest.mark.django_db
def test_a_stale_page_shows_both_answers_and_loses_nothing(body, editor, as_user):
    client = as_user(editor)
    save(body, editor, code={"is_used": "yes", "product": "A"})
    response = client.post(url(body), {"version": "0", "is_used_code": "no", "product_code": "B"})
    page = response.content.decode()
    assert response.status_code == 409 and 'value="is_used_code"' in page and ">\nB</textarea>" in page
    chosen = client.post(url(body), {"version": "1", "is_used_code": "no", "product_code": "A et B"})
    assert chosen.status_code == 303
    assert CommonToolUse.objects.values_list("is_used", "product").get() == ("no", "A et B")


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{"is_used_code": "maybe"}, {"product_code": "x" * 201}, {"version": "abc"}])
def test_bad_input_is_one_sentence(body, editor, as_user, sent):
    response = as_user(editor).post(url(body), {"version": "0", **sent})
    assert response.status_code == 422 and "govuk-error-summary" in response.content.decode()
    assert not CommonToolUse.objects.exists()


@pytest.mark.django_db
def test_people_elsewhere_find_no_page(body, outsider, as_user):
    client = as_user(outsider)
    assert client.get(url(body)).status_code == 404
    for act in ("publier", "retirer", "exporter"):
        assert client.post(f"{url(body)}{act}/").status_code == 404


@pytest.mark.django_db
def test_the_page_costs_the_same_however_much_is_answered(body, editor, as_user):
    client = as_user(editor)
    client.get(url(body))
    with CaptureQueriesContext(connection) as empty:
        client.get(url(body))
    save(body, editor, **{code: {"is_used": "yes"} for code in COMMON_TOOLS.codes})
    with CaptureQueriesContext(connection) as full:
        client.get(url(body))
    assert len(full) <= len(empty) + 1 <= 12  # who saved it


@pytest.mark.django_db
def test_the_file_says_every_use_in_words_and_runs_nothing(body, editor, as_user):
    save(body, editor, code={"is_used": "yes", "product": "=1+1", "users_band": "team"})
    response = as_user(editor).post(url(body) + "exporter/")
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 1 + len(COMMON_TOOLS.tools)
    (line,) = [one for one in lines if "Aide à la programmation" in one]
    assert line[2:5] == ["Oui", "'=1+1", "Une ou plusieurs équipes"]
    assert AuditEvent.objects.get(verb="export").facts["filters"] == ["common_tools"]


@pytest.mark.django_db
def test_the_public_page_of_the_body_lists_what_was_published(body, editor, client):
    publish_body(organization=body, by=editor)
    save(body, editor, translation={"is_used": "yes", "product": "Nordique"})
    address = "/fr/organismes/mtest/"
    assert "Traduction automatique" not in client.get(address).content.decode()
    publish_common_tools(organization=body, by=editor)
    page = client.get(address).content.decode()
    assert "Traduction automatique" in page and "Nordique" not in page


@pytest.mark.django_db
def test_nothing_internal_is_in_the_public_copy():
    assert set(PublicCommonTools.public_columns) == {"id", "slug", "tools", "published_on"}
    assert not hasattr(CommonToolUse, "public_columns") and not hasattr(CommonToolsForm, "public_columns")


# --- While one types ------------------------------------------------------------------------------------------------
def autosave(client, body, version=0, **answers):
    return client.post(url(body), {"autosave": "1", "version": version, **answers})


@pytest.mark.django_db
def test_answers_are_saved_as_they_are_given(body, editor, as_user):
    client = as_user(editor)
    assert 'data-autosave="' in client.get(url(body)).content.decode()
    answer = autosave(client, body, is_used_translation="yes", product_translation="Nordique")
    assert answer.status_code == 200 and answer.json()["message"].startswith("Enregistré à")
    assert answer.json()["version"] == 1 and answer.json()["progress"]["done"] == 1
    assert CommonToolUse.objects.get().product == "Nordique"


@pytest.mark.django_db
def test_what_is_valid_is_saved_and_what_is_not_is_told(body, editor, as_user):
    answer = autosave(as_user(editor), body, is_used_translation="yes", users_band_translation="__proto__")
    assert answer.status_code == 422 and "choisissez une des réponses" in answer.json()["message"]
    use = CommonToolUse.objects.get()
    assert (use.is_used, use.users_band) == ("yes", "")


@pytest.mark.django_db
def test_two_people_at_once_compare_before_anything_is_written(body, editor, as_user):
    save(body, editor, translation={"is_used": "yes"})
    answer = autosave(as_user(editor), body, is_used_translation="no")
    assert answer.status_code == 409 and CommonToolUse.objects.get().is_used == "yes"


def test_what_is_wrong_names_the_use_and_the_question(body, editor, as_user):
    first, second = COMMON_TOOLS.tools[:2]
    sent = {f"is_used_{tool.code}": "zz" for tool in (first, second)} | {f"product_{first.code}": "x" * 201}
    answer = as_user(editor).post("/en" + url(body).removeprefix("/fr"), {**sent, "version": 0})
    errors = [str(one) for found in answer.context["form"].errors.values() for one in found]
    assert len(errors) == len(set(errors)) == 3
    assert all(any(tool.label["en"] in one for one in errors) for tool in (first, second))
