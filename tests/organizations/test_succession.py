"""What becomes of a body: its old names and sigles lead to the one that bears its work."""

from datetime import date, timedelta

import pytest

from core import clock
from core.models import AuditEvent
from core.models.actor import NamedJob
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Membership, PublicBody, Succession
from organizations.public import MovedTo, public_body
from organizations.services.sheets import edit_sheet, move_organization
from organizations.services.succession import (
    close_organization,
    correct_name,
    merge_organization,
    record_former_name,
    rename_organization,
)
from organizations.workflow import Role, SuccessionKind
from tests.factories.organizations import OrganizationFactory, person

DAY = date(2026, 4, 1)


def rename(organization, by, **more):
    values = {"sigle": "NOUVEAU", "name_fr": "Nouveau ministère", "effective_on": DAY}
    return rename_organization(organization=organization, by=by, **values | more)


def merge(organization, into, by):
    return merge_organization(organization=organization, into=into, effective_on=DAY, by=by)


def test_a_new_sigle_takes_over_and_the_old_one_leads_to_it(administrator, published):
    renamed = rename(published, administrator)
    assert (renamed.sigle, renamed.version, renamed.next_number) == ("NOUVEAU", 2, published.next_number)
    assert public_body("mtest") == MovedTo("nouveau")
    page = public_body("NOUVEAU")
    assert (page.name.text, page.slugs) == ("Nouveau ministère", ("nouveau", "mtest"))
    row = Succession.objects.get()
    assert (row.former_sigle, row.former_name_fr, row.successor, row.predecessor) == (
        "MTEST",
        "Ministère des Essais",
        renamed,
        None,
    )
    assert AuditEvent.objects.get(verb="rename").facts["to"] == "NOUVEAU"


def test_a_new_name_under_the_same_sigle_keeps_each_old_name(administrator, published):
    for name in ("Ministère de l'Essai", "Ministère des Épreuves"):
        rename(published, administrator, sigle="MTEST", name_fr=name)
    rename(published, administrator)
    old = {name.name["fr"] for name in public_body("nouveau").old_names}
    assert old == {"Ministère des Essais", "Ministère de l'Essai", "Ministère des Épreuves"}


def test_a_body_may_take_its_own_sigle_back(administrator, published):
    rename(published, administrator)
    rename(published, administrator, sigle="MTEST", name_fr="Ministère des Essais")
    assert public_body("mtest").facts.sigle == "MTEST"
    assert public_body("nouveau") == MovedTo("mtest")


def test_bodies_below_point_to_the_new_sigle(administrator, operator, published):
    child = OrganizationFactory(sigle="ENFANT", parent=published)
    rename(published, administrator)
    assert PublicBody.objects.get(organization=child).document["parent"] == "nouveau"


def test_nothing_to_rename_is_said(administrator, body):
    with pytest.raises(InvalidInput):
        rename(body, administrator, sigle="mtest", name_fr="Ministère des Essais")


def test_a_body_is_not_renamed_in_advance(administrator, body):
    tomorrow = clock.civil_date(clock.now()) + timedelta(days=1)
    with pytest.raises(InvalidInput) as refusal:
        rename(body, administrator, effective_on=tomorrow)
    assert refusal.value.field == "effective_on"


@pytest.mark.parametrize("who", ["editor", "operator", "outsider"])
def test_only_its_administration_renames_a_body(request, who, body):
    with pytest.raises(NotAllowed):
        rename(body, request.getfixturevalue(who))


def test_a_spelling_is_mended_without_an_old_name(administrator, published):
    correct_name(organization=published, name_fr="Ministère des Essais publics", name_en="", by=administrator)
    page = public_body("mtest")
    assert (page.name.text, page.old_names) == ("Ministère des Essais publics", ())
    assert not Succession.objects.exists()


def test_a_closed_body_keeps_its_name(administrator, body):
    body.closed_on = DAY
    body.save()
    with pytest.raises(NotPossibleNow):
        rename(body, administrator)


def test_a_merged_body_leads_to_the_other_with_its_old_names(administrator, operator, published, other_body):
    rename(published, administrator)
    succession = merge(published, other_body, operator)
    published.refresh_from_db()
    assert (published.closed_on, published.sigle) == (DAY, "NOUVEAU")
    assert (succession.kind, succession.predecessor) == (SuccessionKind.MERGED, published)
    assert public_body("nouveau") == public_body("mtest") == MovedTo("autre")
    assert set(public_body("autre").slugs) == {"autre", "nouveau", "mtest"}


def test_whoever_administers_the_successor_administers_what_is_left(
    operator, administrator, body, other_body, outsider
):
    merge(body, other_body, operator)
    administrators = Membership.objects.filter(organization=body, role=Role.ORGANIZATION_ADMIN)
    assert {membership.user for membership in administrators} == {administrator, outsider}


def test_bodies_below_move_to_the_successor(operator, body, other_body):
    child = OrganizationFactory(sigle="ENFANT", parent=body)
    merge(body, other_body, operator)
    child.refresh_from_db()
    assert child.parent == other_body


def test_a_body_is_not_merged_into_one_below_it_nor_into_a_closed_one(operator, body, other_body):
    child = OrganizationFactory(sigle="ENFANT", parent=body)
    other_body.closed_on = DAY
    other_body.save()
    for into in (child, other_body):
        with pytest.raises(InvalidInput):
            merge(body, into, operator)


def test_merging_needs_a_word_over_both(administrator, outsider, body, other_body):
    for who in (administrator, outsider):
        with pytest.raises(NotAllowed):
            merge(body, other_body, who)


def test_two_bodies_of_one_administration_are_merged_by_the_one_above(body):
    above = person(body, Role.ORGANIZATION_ADMIN)
    one, two = (OrganizationFactory(sigle=sigle, parent=body) for sigle in ("UN", "DEUX"))
    merge(one, two, above)
    one.refresh_from_db()
    assert one.closed_on == DAY


def test_a_body_without_successor_is_closed_and_says_so(operator, published):
    close_organization(organization=published, closed_on=DAY, by=operator)
    assert public_body("mtest").closed_on == DAY
    with pytest.raises(NotPossibleNow):
        close_organization(organization=published, closed_on=DAY, by=operator)


def test_a_body_is_not_closed_over_others(operator, body):
    OrganizationFactory(sigle="ENFANT", parent=body)
    with pytest.raises(NotPossibleNow):
        close_organization(organization=body, closed_on=DAY, by=operator)


def test_its_own_administration_does_not_close_a_body(administrator, body):
    with pytest.raises(NotAllowed):
        close_organization(organization=body, closed_on=DAY, by=administrator)


@pytest.mark.parametrize("by", [NamedJob("demonstration"), None])
def test_a_name_from_before_vigie_is_recorded(administrator, body, by):
    record_former_name(
        organization=body,
        sigle="VIEUX",
        name_fr="Bureau des vieux essais",
        kind=SuccessionKind.MERGED,
        until=date(2016, 4, 1),
        by=by or administrator,
    )
    assert public_body("vieux") == MovedTo("mtest")


def test_nobody_else_records_an_old_name(editor, body):
    with pytest.raises(NotAllowed):
        record_former_name(organization=body, sigle="VIEUX", name_fr="Vieux", kind="renamed", until=DAY, by=editor)


def test_a_merged_body_never_comes_back_in_public(administrator, operator, published, other_body):
    """Saving its sheet, or renaming the body above it, would take its old sigle back from the successor."""
    above = OrganizationFactory(sigle="HAUT")
    published.parent = above
    published.save()
    head = person(above, Role.ORGANIZATION_ADMIN)
    merge(published, other_body, operator)
    with pytest.raises(NotPossibleNow):
        edit_sheet(organization=published, values={"employees": 1}, version=2, by=administrator)
    with pytest.raises(NotPossibleNow):
        move_organization(organization=published, parent=None, by=operator)
    rename(above, head)
    assert public_body("mtest") == MovedTo("autre")
