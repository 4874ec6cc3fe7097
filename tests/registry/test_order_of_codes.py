"""A list of codes is a set: in whatever order it comes or was stored, the same codes are no change."""

import copy

import pytest

from core.services import EditConflict
from organizations.workflow import Role
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, DataUse
from registry.public.differences import compare_documents
from registry.serializers.history import timeline
from registry.services.documents import frozen_facts, kind_for
from registry.services.parts import add_part, save_part
from registry.services.public_state import public_state
from registry.services.publication import publish_system
from registry.services.systems import save_answers
from tests.factories.organizations import person
from tests.factories.publications import publisher_of
from tests.registry.test_views_sections import as_shown, section

pytestmark = pytest.mark.django_db
TURNED = ["r15", "r14"]


@pytest.fixture
def turned(system) -> AISystem:
    """Stored before lists were put in order."""
    AISystem.objects.filter(pk=system.pk).update(territory=TURNED)
    return AISystem.objects.get(pk=system.pk)


def changes_of(system) -> list[str]:
    """By the last save alone."""
    rows = list(system.pgh_event_models["insert"].objects.filter(pgh_obj_id=system.pk).order_by("-pgh_id")[:2])
    return [change.label for entry in timeline(system, rows, is_oldest=False) for change in entry.changes]


def test_codes_are_stored_once_and_in_the_order_of_the_catalogue(system, editor):
    saved = save_answers(system=system, answers={"territory": [*TURNED, "r15"]}, version=system.version, by=editor)
    assert saved.territory == ["r14", "r15"]
    row = add_part(
        system=system, part="datasets", answers={"name_fr": "Demandes", "roles": ["training", "input"]}, by=editor
    )
    assert row.roles == [
        each.code for each in CATALOGUE.part("datasets").field("roles").choices if each.code in row.roles
    ]


def test_the_same_codes_in_another_order_change_nothing(turned, editor):
    same = save_answers(system=turned, answers={"territory": ["r14", "r15"]}, version=turned.version, by=editor)
    assert same.version == turned.version
    row = add_part(
        system=turned, part="datasets", answers={"name_fr": "Demandes", "roles": ["training", "input"]}, by=editor
    )
    DataUse.objects.filter(pk=row.pk).update(roles=row.roles[::-1])
    assert save_part(row=row, part="datasets", answers={"roles": row.roles}, version=1, by=editor).version == 1


def test_another_answer_changed_on_the_web_is_the_only_one_told(turned, editor, as_user):
    client, where = as_user(editor), CATALOGUE.field("territory").section
    other = next(each for each in CATALOGUE.in_section(where) if each.kind == "long_text")
    sent = as_shown(client, turned, where, **{other.code: "Environ mille."}) | {"territory": ["r14", "r15"]}
    assert client.post(section(turned, where), sent).status_code == 303
    turned.refresh_from_db()
    assert changes_of(turned) == [other.label["fr"]]


def test_an_order_that_changed_is_no_line_of_the_history(turned):
    AISystem.objects.filter(pk=turned.pk).update(territory=["r14", "r15"])
    assert changes_of(turned) == []


def test_what_was_only_read_in_another_order_is_no_conflict(turned, body, editor):
    read = turned.version
    colleague = person(body, Role.CONTRIBUTOR)
    save_answers(system=turned, answers={"territory": ["r13"]}, version=read, by=colleague)
    both = {"territory": ["r14", "r15"], "need_fr": "Le mien"}
    kept = save_answers(system=turned, answers=both, version=read, by=editor)
    assert (kept.territory, kept.need_fr) == (["r13"], "Le mien")
    with pytest.raises(EditConflict):
        save_answers(system=turned, answers={"territory": ["r14"]}, version=read, by=editor)


def test_the_public_reads_no_difference_in_an_order(whole_system):
    latest = publish_system(system=whole_system, by=publisher_of(whole_system.organization))
    document = copy.deepcopy(latest.document)
    document["system"]["territory"] = document["system"]["territory"][::-1] * 2
    document["body"]["regimes"] = document["body"]["regimes"][::-1]
    for rows in document["details"]["parts"].values():
        for row in rows:
            row.update({key: value[::-1] for key, value in row.items() if isinstance(value, list)})
    assert compare_documents(latest.document, document) == ()


def test_a_version_published_in_another_order_says_the_same(whole_system):
    AISystem.objects.filter(pk=whole_system.pk).update(territory=["r14", "r15"])
    system = AISystem.objects.get(pk=whole_system.pk)
    publish_system(system=system, by=publisher_of(system.organization))
    AISystem.objects.filter(pk=whole_system.pk).update(territory=TURNED)
    again = AISystem.objects.get(pk=whole_system.pk)
    assert frozen_facts(again, kind_for(again))["system"]["territory"] == ["r14", "r15"]
    assert not public_state(again).has_news
