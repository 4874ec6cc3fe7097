"""What programs read in a page: it parses, says what the page says, and no text gets out of it."""

import json
import re

import pytest
from django.conf import settings
from django.template import Context, Template

from core.audit import NamedJob
from organizations.services.public_copy import publish_body
from registry.services.public_files import make_public_files
from registry.services.publication import withdraw_publication
from registry.services.withholding import withhold_system
from tests.factories.publications import public_organization, published, publisher_of
from tests.transparency.conftest import words_of

BLOCK = re.compile(r"<script([^>]*)>(.*?)</script>", re.DOTALL)
HOSTILE = "</script><script>alert(1)</script> <!-- <script> & \u2028 \u2029 \" ' ]]>"


def told(visitor, path):
    """The blocks of data of a page, by type; every other script is a file of ours."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    found = {}
    for attributes, content in BLOCK.findall(answer.content.decode()):
        if "application/ld+json" not in attributes:
            assert 'src="' in attributes and not content.strip(), "no script stands in the page"
            continue
        data = json.loads(content)
        kinds = data["@type"] if isinstance(data["@type"], list) else [data["@type"]]
        found[kinds[0]] = data
    return found, words_of(answer.content.decode())


def test_a_sheet_is_a_page_about_one_piece_of_software(everything, visitor):
    data, words = told(visitor, f"/fr/systemes/{everything.reference}/")
    page = data["WebPage"]
    work = page["mainEntity"]
    assert work["@type"] == "SoftwareApplication" and work["identifier"] == everything.reference
    assert work["description"] == everything.summary_fr and page["version"] == "1"
    assert page["publisher"]["@type"] == "GovernmentOrganization"
    assert page["url"] == f"{settings.PUBLIC_URL}/fr/systemes/{everything.reference}/"
    for text in (work["name"], work["description"], work["creativeWorkStatus"], page["publisher"]["name"]):
        assert " ".join(text.split()) in words
    assert everything.supplier not in json.dumps(data, ensure_ascii=False)


def test_the_trail_is_the_one_above_the_title(sheet, visitor):
    data, _words = told(visitor, f"/fr/systemes/{sheet.reference}/")
    page = visitor.get(f"/fr/systemes/{sheet.reference}/").content.decode()
    shown = re.search(r'<nav class="govuk-breadcrumbs".*?</nav>', page, re.DOTALL).group()
    items = data["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3, 4]
    for item in items[:-1]:
        assert f'href="{item["item"].removeprefix(settings.PUBLIC_URL)}"' in shown
    assert items[-1]["name"] == sheet.name_fr


def test_a_withheld_system_is_not_described_to_programs_either(everything, visitor):
    by = publisher_of(everything.organization)
    withhold_system(system=everything, ground="investigation", by=by)
    data, _words = told(visitor, f"/fr/systemes/{everything.reference}/")
    assert "mainEntity" not in data["WebPage"]
    assert everything.name_fr not in str(data) and everything.summary_fr not in str(data)


def test_of_a_withdrawn_sheet_programs_are_told_nothing(sheet, visitor):
    withdraw_publication(system=sheet, reason="Une erreur.", by=publisher_of(sheet.organization))
    data, _words = told(visitor, f"/fr/systemes/{sheet.reference}/")
    assert set(data) == {"BreadcrumbList"}


@pytest.mark.parametrize("path", ["v/1/", "fiche-complete/", "differences/"])
def test_other_pages_of_the_sheet_do_not_say_it_again(sheet, visitor, path):
    assert told(visitor, f"/fr/systemes/{sheet.reference}/{path}")[0] == {}


def test_a_body_is_a_government_organization_with_what_its_page_tells(sheet, visitor):
    data, words = told(visitor, "/fr/organismes/mpub/")
    body = data["GovernmentOrganization"]
    assert body["name"] == "Ministère des Exemples publics" and "MPUB" in body["alternateName"]
    for name in ("telephone", "email"):
        assert name not in body or body[name] in words


def test_the_register_is_a_data_set_with_each_of_its_files(sheet, visitor):
    assert told(visitor, "/fr/donnees/")[0]["Dataset"]["distribution"] == []
    made = make_public_files(by=NamedJob("test"))
    data, words = told(visitor, "/fr/donnees/")
    register = data["Dataset"]
    assert (
        register["@type"] == ["Dataset", "dcat:Dataset"]
        and "creativecommons.org/licenses/by/4.0" in register["license"]
    )
    found = {each["sha256"]: each for each in register["distribution"]}
    assert set(found) == {file.sha256 for file in made}
    for file in made:
        path = found[file.sha256]["contentUrl"].removeprefix(settings.PUBLIC_URL)
        assert path == f"/fr/donnees/fichiers/{file.name}" and file.sha256 in words
        assert found[file.sha256]["contentSize"] == str(file.size)
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)


def test_a_hostile_name_stays_a_text(visitor, db):
    body = public_organization(sigle="MAUVAIS", name_fr=f"Organisme {HOSTILE}")
    publish_body(organization=body, by=publisher_of(body))
    system = published(body, name_fr=f"Nom {HOSTILE}", summary_fr=f"Phrase {HOSTILE}")
    for path in (f"systemes/{system.reference}/", "organismes/mauvais/"):
        page = visitor.get(f"/fr/{path}").content.decode()
        assert "<script>alert" not in page and "alert(1)" in page
        data, _words = told(visitor, f"/fr/{path}")
        assert "</script><script>alert(1)</script>" in json.dumps(data, ensure_ascii=False)


def test_a_block_of_data_has_no_sign_of_markup():
    made = Template("{% data_block data %}").render(Context({"data": {"name": HOSTILE, "n": 1}}))
    inside = made.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set(inside) & set("<>&\u2028\u2029") and json.loads(inside) == {"name": HOSTILE, "n": 1}


def test_the_policy_of_the_site_has_no_exception_for_it(sheet, visitor):
    policy = visitor.get(f"/fr/systemes/{sheet.reference}/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "nonce" not in policy
