"""A list of systems taken out of Vigie, handed in again: every answer comes back as it was."""

import uuid

import pytest

from organizations.models import Organization
from organizations.workflow import Role
from registry.exports.systems import SystemsFile
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, ImportRun
from registry.services.imports import map_columns, order_inventory_import, start_inventory_import
from tests.factories.organizations import OrganizationFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(whole_system) -> AISystem:
    """Several codes where several may stand, numbers and twins too."""
    for field in CATALOGUE.fields:
        if field.kind == "choices":
            codes = [choice.code for choice in field.choices if not choice.exclusive]
            setattr(whole_system, field.code, codes)
    for field in CATALOGUE.twins:
        setattr(whole_system, field.code, f"Answer, to «{field.label['en']}»; =1+1"[: field.max_length])
    whole_system.contract_amount = 1_250_000
    whole_system.phase = "retired"  # every answer is there, and a system in use has no end
    whole_system.need_fr = "Ligne un\nLigne deux; trois, «quatre»"
    whole_system.save()
    Organization.objects.filter(pk=whole_system.organization_id).update(publishes_in_english=True)
    return whole_system


def brought_in(content: bytes, name: str) -> ImportRun:
    elsewhere = OrganizationFactory(sigle="NEUF", publishes_in_english=True)
    author = person(elsewhere, Role.AI_LEAD)
    run = order_inventory_import(
        organization=elsewhere, content=content, file_name=name, by=author, request_key=uuid.uuid4()
    )
    run = map_columns(run=run, columns=run.mapping["columns"], by=author)
    return start_inventory_import(run=run, by=author)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_answer_comes_back(filled, kind, language):
    from django.utils import translation

    with translation.override(language):
        run = brought_in(SystemsFile(AISystem.objects.filter(pk=filled.pk)).content(kind), f"systemes.{kind}")
    columns = {code for code in run.mapping["columns"].values() if code}
    fields = [*CATALOGUE.fields, *CATALOGUE.twins]
    assert columns == {field.code for field in fields} | {"external_id"}, "the other columns are Vigie's own"
    draft = AISystem.objects.get(organization__sigle="NEUF")
    assert list(run.rows.values_list("problems", flat=True)) == [[]]
    for field in fields:
        stored, back = getattr(filled, field.code), getattr(draft, field.code)
        assert back == stored, field.code
