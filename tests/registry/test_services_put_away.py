"""Records that leave the lists and come back; drafts that begin with the answers of another record."""

import uuid

import pytest
from django.urls import reverse

from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.workflow import Role, SecondLook
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, Benefit, BenefitMeasure
from registry.models.parts import PART_MODELS
from registry.rules.withholding import GROUNDS
from registry.services.duplicates import COPIED_PARTS, NEVER_COPIED, OF_ONE_BODY, duplicate_system
from registry.services.exceptions import grant_exception
from registry.services.lifecycle import change_phase
from registry.services.parts import add_part
from registry.services.publication import publish_system, withdraw_publication
from registry.services.put_away import bring_back_system, put_away_system
from registry.services.systems import declare_system, save_answers
from registry.services.todo import waiting_for
from registry.services.visibility import set_visibility
from registry.services.withholding import withhold_system
from tests.factories.organizations import give, person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(system, editor):
    return put_away_system(system=system, reason="Déclaré deux fois", by=editor)


# --- Putting away -----------------------------------------------------------------------------------------------------
def test_a_record_is_put_away_and_comes_back(system, editor):
    away = put_away_system(system=system, reason="Déclaré deux fois", by=editor)
    assert (away.put_away_by, away.put_away_reason) == (editor, "Déclaré deux fois")
    back = bring_back_system(system=away, by=editor)
    assert (back.put_away_at, back.put_away_by, back.put_away_reason) == (None, None, "")
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == ["put_away", "bring_back"]


def test_what_it_refuses_is_not_offered(away, body, as_user):
    client = as_user(person(body, Role.AI_LEAD))
    page = client.get(reverse("registry:system", args=[away.uuid])).content.decode()
    for name in ("publish", "withhold"):
        address = reverse(f"registry:{name}", args=[away.uuid])
        assert address not in page and client.get(address).status_code == 409
    assert client.post(reverse("registry:withhold", args=[away.uuid]), {"ground": "security"}).status_code == 409


def test_a_record_put_away_is_not_withheld(away, body):
    with pytest.raises(NotPossibleNow):
        withhold_system(system=away, ground=next(iter(GROUNDS)), note="Loi", by=person(body, Role.AI_LEAD))


@pytest.mark.parametrize("reason", ["", " \u200b", "x" * 401])
def test_it_says_why(system, editor, reason):
    with pytest.raises(InvalidInput):
        put_away_system(system=system, reason=reason, by=editor)


def test_twice_is_refused_both_ways(away, editor, system):
    with pytest.raises(NotPossibleNow):
        put_away_system(system=away, reason="Encore", by=editor)
    bring_back_system(system=away, by=editor)
    with pytest.raises(NotPossibleNow):
        bring_back_system(system=away, by=editor)


def test_who_may_not_change_it_does_not_put_it_away(system, reviewer, outsider):
    for someone in (reviewer, outsider):
        for act in (lambda s=someone: put_away_system(system=system, reason="x", by=s),
                    lambda s=someone: bring_back_system(system=system, by=s)):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()


def test_what_the_public_reads_is_withdrawn_first(system, editor, reviewer):
    publish_system(system=system, by=editor)
    with pytest.raises(NotPossibleNow):
        put_away_system(system=system, reason="x", by=editor)
    withdraw_publication(system=system, reason="Arrêté", by=reviewer)
    assert put_away_system(system=system, reason="x", by=editor).put_away_at


def test_what_waits_for_its_second_look_is_settled_first(system, editor):
    system.organization.second_look = SecondLook.REQUIRED
    system.organization.save()
    publish_system(system=system, by=editor)
    with pytest.raises(NotPossibleNow):
        put_away_system(system=system, reason="x", by=editor)


def test_every_write_refuses(away, editor, outsider):
    from datetime import timedelta

    from core import clock

    today = clock.civil_date(clock.now())
    site = {"name_fr": "Base", "place_fr": "Québec", "country": "quebec"}
    for write in (
        lambda: save_answers(system=away, answers={"unit_fr": "Ailleurs"}, version=away.version, by=editor),
        lambda: publish_system(system=away, by=editor),
        lambda: set_visibility(system=away, field="started_on", visibility="internal", reason="x", by=editor),
        lambda: change_phase(system=away, to="suspended", reason="x", by=editor),
        lambda: add_part(system=away, part="hosting", answers=site, by=editor),
        lambda: grant_exception(
            system=away, email=outsider.email, reason="x", ends_on=today + timedelta(days=3), by=editor
        ),
    ):
        with pytest.raises(NotPossibleNow):
            write()


def test_a_draft_that_was_put_away_is_not_declared_nor_waits(body, editor):
    draft = SystemFactory(organization=body, created_by=editor, lead=editor, draft=True)
    assert [item.address for item in waiting_for(editor)] == [reverse("registry:edit", args=[draft.uuid])]
    put_away_system(system=draft, reason="Abandonné", by=editor)
    assert waiting_for(editor) == []
    with pytest.raises(NotPossibleNow):
        declare_system(system=draft, by=editor)


def test_the_list_shows_it_only_when_asked(away, body, editor, as_user):
    other = SystemFactory(organization=body)
    client = as_user(editor)
    shown = {query: client.get(reverse("registry:systems") + query).content.decode() for query in ("", "?put_away=yes")}
    assert other.name_fr in shown[""] and away.name_fr not in shown[""]
    assert away.name_fr in shown["?put_away=yes"] and other.name_fr not in shown["?put_away=yes"]


def test_its_pages(system, editor, reviewer, as_user):
    client, put_away = as_user(editor), reverse("registry:put_away", args=[system.uuid])
    sheet, back = reverse("registry:system", args=[system.uuid]), reverse("registry:bring_back", args=[system.uuid])
    assert client.post(put_away, {"reason": ""}).status_code == 422
    assert client.post(put_away, {"reason": "Un double"}).status_code == 303
    page = client.get(sheet).content.decode()
    assert "Un double" in page and back in page and put_away not in page
    assert back not in as_user(reviewer).get(sheet).content.decode()
    assert client.get(reverse("registry:edit", args=[system.uuid])).status_code == 409
    assert client.post(back).status_code == 303 and client.post(back).status_code == 409


# --- Duplicating ------------------------------------------------------------------------------------------------------
def test_a_copy_has_the_answers_and_not_what_happened(whole_system, editor):
    set_visibility(system=whole_system, field="started_on", visibility="internal", reason="Secret", by=editor)
    copy = duplicate_system(system=whole_system, by=editor)
    assert (copy.status, copy.reference, copy.phase, copy.lead, copy.created_by) == (
        "draft", None, "development", editor, editor,
    )  # fmt: skip
    assert copy.name_fr == f"Copie de {whole_system.name_fr}" and copy.solution_id == whole_system.solution_id
    for field in CATALOGUE.fields:
        if field.kind == "date":
            assert getattr(copy, field.code) is None
        elif field.code not in NEVER_COPIED | {"name_fr"}:
            assert getattr(copy, field.code) == getattr(whole_system, field.code), field.code
    counts = {part: model._default_manager.filter(system=copy).count() for part, model in PART_MODELS.items()}
    assert counts == {part: int(part in COPIED_PARTS) for part in PART_MODELS}
    assert copy.visibilities.get().reason == "Secret"
    assert AuditEvent.objects.get(verb="duplicate").facts == {"of": str(whole_system.uuid)}
    assert BenefitMeasure.objects.count() == 1 and Benefit.objects.count() == 2


def test_in_another_body_who_answers_and_what_was_signed_stay_behind(whole_system, other_body, editor):
    both = give(person(other_body, Role.SYSTEM_OWNER), whole_system.organization, Role.READER)
    copy = duplicate_system(system=whole_system, by=both, organization=other_body)
    assert copy.organization == other_body and not any(getattr(copy, code) for code in OF_ONE_BODY)
    assert not copy.visibilities.exists() and copy.need_fr == whole_system.need_fr


def test_a_long_name_still_fits(body, editor):
    copy = duplicate_system(system=SystemFactory(organization=body, name_fr="é" * 200), by=editor)
    assert len(copy.name_fr) == 200


def test_sent_twice_it_is_made_once(system, editor):
    key = uuid.uuid4()
    made = {duplicate_system(system=system, by=editor, request_key=key).pk for _again in range(2)}
    assert len(made) == 1 and AISystem.objects.count() == 2


def test_who_may_not_read_or_declare_does_not_duplicate(system, reviewer, outsider):
    for someone in (reviewer, outsider):
        with pytest.raises(NotAllowed):
            duplicate_system(system=system, by=someone, organization=system.organization)
    with pytest.raises(NotAllowed):
        duplicate_system(system=system, by=outsider, organization=outsider.memberships.first().organization)


def test_a_closed_body_gets_no_draft(system, editor):
    from core import clock

    system.organization.closed_on = clock.civil_date(clock.now())
    system.organization.save()
    with pytest.raises(NotPossibleNow):
        duplicate_system(system=system, by=editor)


def test_its_page(system, editor, as_user):
    client, address = as_user(editor), reverse("registry:duplicate", args=[system.uuid])
    key = str(client.get(address).context["form"]["request_key"].value())
    answer = client.post(address, {"request_key": key})
    copy = AISystem.objects.exclude(pk=system.pk).get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("registry:edit", args=[copy.uuid]))
    assert client.post(address, {"request_key": "x"}).status_code == 422
