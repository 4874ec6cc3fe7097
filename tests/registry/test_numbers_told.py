"""A number is written the same way on every page: in its section, before publishing, in a second look, in public."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from registry.field_catalogue import CATALOGUE
from registry.public.sheet.answers import answer_of
from registry.services.parts import add_part, save_part
from registry.services.publication import answer_publication_request, publish_system
from registry.services.systems import save_answers

pytestmark = pytest.mark.django_db
BENEFIT = {"name_fr": "Délai", "unit_fr": "heures", "baseline": Decimal("1000.25"), "target": Decimal("12.5")}
SPACE = "\xa0"
BEFORE, AFTER = f"1{SPACE}000,25", f"2{SPACE}000,5"


def test_one_way_to_write_a_number_from_the_section_to_the_public_page(body, system, editor, reviewer, as_user):
    type(body).objects.filter(pk=body.pk).update(second_look="required")
    client, section = as_user(editor), CATALOGUE.part("benefits").section
    row = add_part(system=system, part="benefits", answers=BENEFIT, by=editor)
    pages = [reverse("registry:section", args=[system.uuid, section]), reverse("registry:publish", args=[system.uuid])]
    for page in pages:
        text = client.get(page).content.decode()
        assert BEFORE in text and "1000,25" not in text, page
    publication = answer_publication_request(
        request=publish_system(system=system, by=editor), move="approve", comment="", by=reviewer
    )
    assert BEFORE in Client().get(f"/fr/systemes/{publication.reference}/").content.decode()
    save_part(row=row, part="benefits", answers={"baseline": Decimal("2000.5")}, version=1, by=editor)
    asked = publish_system(system=system, by=editor, change_note="Mesuré de nouveau.")
    page = as_user(reviewer).get(reverse("registry:second_look", args=[asked.case.uuid])).content.decode()
    assert AFTER in page and "2000,5" not in page and "1000,25" not in page


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [("decimal", "1234567.5", "1 234 567,5"), ("integer", 12500, "12 500"), ("year", 2025, "2025"), ("year", None, "")],
)
def test_each_kind_of_number(kind, value, told):
    fields = [*CATALOGUE.fields, *(field for part in CATALOGUE.parts for field in part.fields)]
    field = next(field for field in fields if field.kind == kind)
    assert answer_of(field, value).text.text == told.replace(" ", SPACE)


def test_a_total_of_staff_pages_is_grouped_too(system, editor, as_user):
    save_answers(system=system, answers={"contract_amount": 12500}, version=1, by=editor)
    page = as_user(editor).get(reverse("registry:system", args=[system.uuid])).content.decode()
    assert f"12{SPACE}500" in page
