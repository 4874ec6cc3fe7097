"""The description of the API: valid, complete, in both languages; and the page made from it, under the CSP."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from core.rest.problems import KINDS
from core.rest.schema import _in_language, description
from organizations.workflow import Scope
from registry.field_catalogue import CATALOGUE
from tests.access.routes import all_routes

# What a person does, signed in.
BY_HAND = ("/decide/", "/accept-risk/", "/sign/")
OF_STAFF = ("systems", "assessments", "questionnaires", "deposits", "reports")
METHODS = {"get", "post", "patch", "put", "delete"}


def operations(told):
    return [
        (path, method, one) for path, by in told["paths"].items() for method, one in by.items() if method in METHODS
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_description_is_valid_openapi_without_a_warning(language):
    _in_language.cache_clear()
    with translation.override(language):
        told = description()
    assert told["openapi"] == "3.1.0" and not GENERATOR_STATS
    validate_schema(told)


def test_every_operation_is_described_and_named_once():
    told = description()
    codes = [one["operationId"] for _path, _method, one in operations(told)]
    assert len(codes) == len(set(codes)) == 66
    for path, _method, one in operations(told):
        assert one["summary"] and one["description"] and len(one["tags"]) == 1, path
        assert all(each.get("description") for each in one.get("parameters", []) if each["in"] != "path"), path
        problems = [found for status, found in one["responses"].items() if status >= "400"]
        assert problems and all("application/problem+json" in found["content"] for found in problems), path
        assert {"406", "429"} <= one["responses"].keys()


def test_every_address_of_the_api_is_described():
    undescribed = {"guide", "openapi", "nothing"}
    rooms = {"public_api", "registry_api", "assessments_api", "reports_api"}
    routes = [one for one in all_routes() if one.page.split(":")[0] in rooms]
    assert len(routes) - len(undescribed) + 1 == len(description()["paths"])


def test_staff_operations_need_a_token_and_public_ones_none():
    told = description()
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, _method, one in operations(told):
        is_by_token = any("token" in way for way in one.get("security", []))
        of_staff = path.startswith(tuple(f"/api/v1/{place}/" for place in OF_STAFF))
        assert is_by_token == (of_staff and not path.endswith(BY_HAND)), path


def test_the_answers_are_the_fields_of_the_catalogue_with_their_codes():
    answers = description()["components"]["schemas"]["Answers"]["properties"]
    assert list(answers) == [field.code for field in (*CATALOGUE.fields, *CATALOGUE.twins)]
    for field in CATALOGUE.fields:
        if field.kind == "choice":
            assert set(answers[field.code]["enum"]) == {"", *(choice.code for choice in field.choices)}
        if field.kind == "choices":
            assert set(answers[field.code]["items"]["enum"]) == {choice.code for choice in field.choices}


def test_rows_are_described_once_with_the_fields_of_each_part():
    told = description()
    assert [path for path in told["paths"] if "/parts/" in path] == [
        "/api/v1/systems/{uuid}/parts/{part}/",
        "/api/v1/systems/{uuid}/parts/{part}/{row}/",
    ]
    add = told["paths"]["/api/v1/systems/{uuid}/parts/{part}/"]["post"]
    (part,) = [one for one in add["parameters"] if one["name"] == "part"]
    assert part["schema"]["enum"] == [one.code for one in CATALOGUE.parts]
    answers = told["components"]["schemas"]["RowSent"]["properties"]["answers"]["description"]
    for one in CATALOGUE.parts:
        shape = add["x-rows"][one.code]
        assert shape["properties"].keys() == {field.code for field in one.columns}
        assert shape["required"] == [field.code for field in one.fields if "row" in field.mandatory_for]
        assert all(field.code in answers for field in one.columns)


@pytest.mark.django_db
def test_the_description_is_served_in_the_language_of_the_reader():
    def summary(language: str) -> str:
        answer = Client().get(reverse("public_api:openapi"), headers={"Accept-Language": language})
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()["components"]["schemas"]["Answers"]["properties"]["name_fr"]["description"]

    assert (summary("fr"), summary("en")) == (CATALOGUE.label("name_fr", "fr"), CATALOGUE.label("name_fr", "en"))


# --- The page -------------------------------------------------------------------------------------------------------
@pytest.fixture(params=["fr", "en"])
def page(request, db) -> str:
    answer = Client().get(f"/{request.param}/api/")
    assert answer.status_code == 200 and "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    return answer.content.decode()


def test_the_page_tells_every_operation_every_refusal_and_every_field(page):
    for path, _method, one in operations(description()):
        assert f'id="{one["operationId"]}"' in page and path in page
    for kind in KINDS:
        assert f'id="{kind.code}"' in page
    for field in CATALOGUE.fields:
        assert field.code in page
    for part in CATALOGUE.parts:
        assert f"{part.code} – " in page and all(field.code in page for field in part.columns)
    assert page.count("Authorization: Bearer") == 56
    assert page.count("curl") >= 66 and "If-Match: &quot;3&quot;" in page


def test_the_page_has_no_inline_script_or_style_and_each_link_inside_leads_somewhere(page):
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=", page)
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_type_of_a_problem_leads_to_the_page_in_the_language_of_the_reader(db):
    for language in ("fr", "en"):
        answer = Client().get("/api/", headers={"Accept-Language": language})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/{language}/api/")
        assert "Accept-Language" in answer.headers["Vary"]


def test_the_page_is_linked_from_every_footer(client, db):
    assert 'href="/fr/api/"' in client.get("/fr/").content.decode()


def test_the_guide_says_which_scope_each_operation_needs(db):
    page = Client().get("/en/api/").content.decode()
    with translation.override("en"):
        told = [f"Scope that the token needs: {scope.label} ({scope.value})" for scope in Scope]
    assert all(sentence in page for sentence in told)
