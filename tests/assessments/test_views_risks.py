"""The pages of risks and of tables as people fill them in: order of the fields, measures offered, what is folded."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from assessments.services.words import RULE_WORDS
from assessments.workflow import AssessmentState
from organizations.models import User
from tests.assessments.exported import EVERYTHING, answer, begun, read

pytestmark = pytest.mark.django_db
AXES = ("severity", "likelihood")
LINKED = "risks.leak.measures"
LONG = "Le nom, l'adresse, le numéro de téléphone et le numéro de dossier de chaque personne qui fait une demande"


@pytest.fixture
def client(editor: User, as_user: Callable[[User], Client]) -> Client:
    return as_user(editor)


def at(name: str, assessment: Assessment, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[assessment.uuid, *more])


def shown(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def of_question(page: str, code: str) -> str:
    return page.split(f'id="q-{code}"')[1].split('class="vg-question"')[0].split("</form>")[0]


def offered(page: str, risk: str) -> list[str]:
    return re.findall(rf'name="risks\.{risk}\.measures" type="checkbox" value="([^"]+)"', page)


# --- Risks ----------------------------------------------------------------------------------------------------------
def test_each_moment_names_its_severity_and_its_likelihood(system, editor, client):
    """In its own group, whose name is heard before «Gravité»; then the reason, then the measures."""
    page = of_question(shown(client, at("question", begun(system, editor, EVERYTHING), "risks")), "risks")
    risk = page.split("Communication non autorisée</legend>")[1].split('class="vg-line"')[0]
    order = ["risks.leak.applies"]
    order += [f"risks.leak.{moment}_{axis}" for moment in ("before", "now", "residual") for axis in AXES]
    order += ["risks.leak.reason", LINKED]
    assert list(dict.fromkeys(re.findall(r' name="(risks\.leak\.[a-z_]+)"', risk))) == order
    moments = risk.split('<fieldset class="govuk-fieldset vg-moment">')[1:]
    named = [re.findall(r">\s*([^<>]+?)\s*</(?:legend|label)>", moment)[:3] for moment in moments]
    assert named == [[title, "Gravité", "Vraisemblance"] for title in ("Avant mesures", "Maintenant", "Résiduel")]


def test_what_follows_a_no_is_folded_and_kept(system, editor, client):
    risks = {**EVERYTHING["risks"], "bias": {"applies": "no", "reason": "Une raison d'avant.", "now_severity": "2"}}
    assessment = begun(system, editor, {**EVERYTHING, "risks": risks})
    page = of_question(shown(client, at("question", assessment, "risks")), "risks")
    assert page.count('<details class="vg-risk__rest">') == 1
    folded = page.split('<details class="vg-risk__rest">')[1].split("</details>")[0]
    assert "Une raison d'avant." in folded and "risks.bias.before_severity" in folded
    sent = {"version": assessment.version, "risks.bias.applies": "no", "risks.bias.reason": "Une raison d'avant."}
    client.post(at("question", assessment, "risks"), sent | {"shown": "risks", "action": "stay"})
    assert read(assessment).values()["risks"]["bias"]["now_severity"] == "2"


def test_what_is_to_be_mended_is_not_folded(system, editor, client):
    assessment = begun(system, editor, EVERYTHING)
    sent = {"version": assessment.version, "shown": "risks", "risks.bias.reason": "x" * 6000}
    page = client.post(at("question", assessment, "risks"), sent)
    assert page.status_code == 422 and '<details class="vg-risk__rest" open>' in page.content.decode()


def test_the_measures_offered_are_those_that_are_kept_and_those_that_are_linked(system, editor, client):
    """One of the catalogue that is in place, one of its own; the linked one stays when it is set aside."""
    assessment = begun(system, editor, EVERYTHING)
    [own] = [row["row"] for row in assessment.values()["measures"] if row.get("label")]
    page = shown(client, at("section", assessment, "protections"))
    assert offered(page, "leak") == ["encryption", own] == offered(page, "loss")
    assert "Copies hors ligne" in page.split('id="q-risks"')[1]
    aside = [{"row": "encryption", "state": "set_aside"}]
    page = shown(client, at("section", answer(assessment, {"measures": aside}, editor), "protections"))
    assert offered(page, "leak") == ["encryption", own] and offered(page, "loss") == [own]


def test_without_any_measure_the_page_leads_to_their_question(system, editor, client):
    assessment = begun(system, editor)
    section, alone = (
        shown(client, at(page, assessment, code)) for page, code in (("section", "protections"), ("question", "risks"))
    )
    assert offered(section, "leak") == offered(alone, "leak") == []
    assert of_question(section, "risks").count('href="#q-measures"') == 3
    assert of_question(alone, "risks").count(f'href="{at("question", assessment, "measures")}"') == 3


def test_what_an_older_page_offered_is_still_taken(system, editor, client):
    """Every measure of the catalogue, and a row of a measure of its own; also when a fault shows the page again."""
    assessment = begun(system, editor, {"risks": {"leak": {"applies": "yes"}}})
    sent = {"version": assessment.version, "shown": "risks", "boxes": LINKED, LINKED: ["tests_of_bias", "r0001abcd"]}
    page = client.post(at("question", assessment, "risks"), sent | {"risks.leak.reason": "x" * 6000})
    assert offered(page.content.decode(), "leak") == ["tests_of_bias", "r0001abcd"]
    assert read(assessment).values()["risks"]["leak"]["measures"] == ["tests_of_bias", "r0001abcd"]


def test_a_critical_risk_is_not_said_to_be_only_high():
    told = [str(RULE_WORDS[rule]) for rule in ("dated_measure_missing", "review_too_far")]
    assert all("high" not in words or "high or critical" in words for words in told)


# --- Tables ---------------------------------------------------------------------------------------------------------
def test_columns_that_a_row_need_not_have_are_said_optional(system, editor, client):
    page = of_question(shown(client, at("question", begun(system, editor), "elements")), "elements")
    labels = re.findall(r"<(?:label|legend)[^>]*>\s*(.*?)\s*</(?:label|legend)>", page, re.DOTALL)
    named = {label.partition(" <span")[0]: "(facultatif)" in label for label in labels}
    assert {name: named[name] for name in ("Renseignement", "Conservé jusqu'au", "Nombre")} == {
        "Renseignement": False,
        "Conservé jusqu'au": True,
        "Nombre": True,
    }


def test_a_long_text_of_one_line_has_room(system, editor, client):
    assessment = begun(system, editor, {"elements": [{"element": LONG}, {"element": "Nom"}]})
    first, second = (row["row"] for row in assessment.values()["elements"])
    page = shown(client, at("question", assessment, "elements"))
    assert re.search(rf'<textarea name="elements\.{first}\.element"[^>]*rows="2"[^>]*>\s*{LONG}</textarea>', page)
    assert re.search(rf'<input type="text" name="elements\.{second}\.element"', page)
    sent = {f"elements.{first}.element": f"{LONG}\r\npour le transport", "version": assessment.version}
    client.post(at("question", assessment, "elements"), sent | {"shown": "elements"})
    assert read(assessment).values()["elements"][0]["element"] == f"{LONG} pour le transport"


# --- Read once closed -----------------------------------------------------------------------------------------------
@pytest.fixture
def decided(system, editor) -> Assessment:
    assessment = begun(system, editor, EVERYTHING)
    Assessment.objects.filter(pk=assessment.pk).update(state=AssessmentState.WITHDRAWN, withdrawn_reason="Remplacée.")
    return read(assessment)


def test_the_sections_of_a_closed_assessment_lead_to_what_was_answered(decided, client):
    """Each title to its section of the page to print, whose contents have the same anchors."""
    page, printed = shown(client, at("assessment", decided)), shown(client, at("print", decided))
    codes = re.findall(rf'href="{at("print", decided)}#s-([a-z_]+)"', page)
    assert codes == [section.code for section in decided.questionnaire.sections] == contents_of(printed)
    assert all(f'id="s-{code}"' in printed for code in codes)
    assert at("section", decided, codes[0]) not in page


def contents_of(printed: str) -> list[str]:
    return re.findall(r'href="#s-([a-z_]+)"', printed.split('id="contents"')[1].split("</nav>")[0])


def test_the_old_address_of_a_section_leads_there_too(decided, client):
    answered = client.get(at("section", decided, "risks"))
    assert answered.status_code == 409
    assert f'href="{at("print", decided)}#s-risks"' in answered.content.decode()


def test_who_writes_goes_to_the_page_of_the_section(system, editor, client):
    assessment = begun(system, editor, EVERYTHING)
    assert f'href="{at("section", assessment, "protections")}"' in shown(client, at("assessment", assessment))
