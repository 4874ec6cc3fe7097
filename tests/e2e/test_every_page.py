"""Every page of the demonstration: axe finds nothing, nothing overflows at 320 px; in both looks by `make long`.

The tree that a screen reader hears is written down for the main pages (`trees/`); `TREES=write` renews the files.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from assessments.models import Assessment
from assessments.workflow import EFVP, AssessmentState
from config.demonstration import PASSWORD
from config.demonstration.load import load_demonstration
from organizations.models import Organization
from registry.models import AISystem, ErrorReport, PublicRecord
from tests.browser import overflows, violations

pytestmark = pytest.mark.django_db(transaction=True)

# An empty address reloads the same page, in silence.
DEAD_LINKS = "[...document.querySelectorAll('main a')].filter(a => !a.getAttribute('href')).map(a => a.innerText)"
TREES = Path(__file__).with_name("trees")
OWNER, ADMINISTRATION, REVIEWER = (
    "projet@chemins.demo.example",
    "admin@chemins.demo.example",
    "rprp@chemins.demo.example",
)
DECIDER = "direction@regie-eau.demo.example"
OPERATOR, AUTHOR = "exploitation@numerique.demo.example", "methodes@statistique.demo.example"


@pytest.fixture
def demonstration() -> Iterator[dict[str, Any]]:
    load_demonstration()
    body = Organization.objects.get(sigle="MCT")
    systems = AISystem.objects.filter(organization=body)
    yield {
        "body": body.uuid,
        "published": PublicRecord.objects.get(reference="DÉMO-MCT-0001"),
        "line": PublicRecord.objects.filter(kind="line").first(),
        "declared": systems.get(reference="DÉMO-MCT-0001").uuid,
        "draft": AISystem.objects.get(organization__sigle="OST", status="draft").uuid,
        "report": ErrorReport.objects.filter(organization=body).first(),
        "efvp": Assessment.objects.get(organization=body, instrument=EFVP, state=AssessmentState.DRAFT),
        "screening": Assessment.objects.get(conclusion__to_sign=True, organization=body),
        "decided": Assessment.objects.get(instrument=EFVP, state=AssessmentState.DECIDED),
    }


def public_pages(data: dict[str, Any]) -> list[str]:
    reference, line = data["published"].reference, data["line"].reference
    return [
        reverse("transparency:home"),
        reverse("transparency:search"),
        reverse("transparency:search") + "?q=permis",
        reverse("transparency:search") + "?q=zzzz",
        reverse("transparency:bodies"),
        reverse("transparency:bodies") + "?etat=none",
        reverse("transparency:body", args=["mct"]),
        reverse("transparency:body", args=["msn"]),
        reverse("transparency:system", args=[reference]),
        reverse("transparency:system", args=[line]),
        reverse("transparency:version", args=[reference, 1]),
        reverse("transparency:report_error", args=[reference]),
        reverse("transparency:follow_report"),
        reverse("transparency:reported", args=[data["report"].code]),
        reverse("transparency:scope"),
        reverse("transparency:elsewhere"),
        reverse("transparency:full", args=[reference]),
        reverse("transparency:data"),
        reverse("transparency:strategy"),
        reverse("transparency:glossary"),
        reverse("transparency:glossary") + "?q=zzzz",
        reverse("transparency:about"),
        reverse("transparency:accessibility"),
        reverse("transparency:notices"),
        reverse("account_login"),
        reverse("account_signup"),
        reverse("account_reset_password"),
        "/fr/rien-ici/",
    ]


def owner_pages(data: dict[str, Any]) -> list[str]:
    system = data["declared"]
    return [
        reverse("organizations:todo"),
        reverse("registry:systems"),
        reverse("registry:systems") + "?autonomy=recommends&sort=-updated",
        reverse("registry:saved_views"),
        reverse("registry:common_tools_of", args=[data["body"]]),
        reverse("registry:begin"),
        reverse("registry:system", args=[system]),
        reverse("registry:edit", args=[system]),
        reverse("registry:section", args=[system, "risks"]),
        reverse("registry:visibility", args=[system]),
        reverse("registry:field_visibility", args=[system, "risks_fr"]),
        reverse("registry:publish", args=[system]),
        reverse("registry:history", args=[system]),
        reverse("registry:access", args=[system]),
        reverse("registry:error_reports"),
        reverse("registry:error_report", args=[data["report"].uuid]),
        reverse("registry:imports"),
        reverse("reports:reports"),
        reverse("reports:request", args=[system]),
        reverse("account_profile"),
        reverse("account_tokens"),
        reverse("account_change_password"),
        reverse("account_email"),
        reverse("mfa_index"),
        reverse("organizations:request_access"),
    ]


def assessment_pages(data: dict[str, Any]) -> list[str]:
    """Of the same person: one half filled in, with its comments; a screening that waits for its signature."""
    efvp, screening = data["efvp"], data["screening"]
    names = ("assessment", "everything", "submit", "depth", "history", "print", "comments", "guests")
    return [
        reverse("assessments:assessments"),
        reverse("assessments:assessments") + "?state=withdrawn",
        reverse("assessments:of_system", args=[efvp.system.uuid]),
        reverse("assessments:of_system", args=[screening.system.uuid]),
        reverse("assessments:begin", args=[screening.system.uuid]) + "?instrument=efvp",
        *(reverse("assessments:section", args=[efvp.uuid, code]) for code in ("project", "information", "risks")),
        *(reverse(f"assessments:{name}", args=[efvp.uuid]) for name in names),
        reverse("assessments:question", args=[efvp.uuid, "information_inventory"]),
        reverse("assessments:threads", args=[efvp.uuid, "purposes"]),
        reverse("assessments:entrust", args=[efvp.uuid, "information"]),
        reverse("assessments:result", args=[screening.uuid]),
    ]


def decider_pages(data: dict[str, Any]) -> list[str]:
    names = ("assessment", "print", "history")
    return [reverse(f"assessments:{name}", args=[data["decided"].uuid]) for name in names]


def author_pages(data: dict[str, Any]) -> list[str]:
    return [reverse("registry:edit", args=[data["draft"]]), reverse("registry:system", args=[data["draft"]])]


def administration_pages(data: dict[str, Any]) -> list[str]:
    body = data["body"]
    names = ("body", "edit", "rename", "members", "invite")
    coverage = [reverse("registry:coverage"), reverse("registry:no_ai", args=[body])]
    return [
        reverse("organizations:bodies"),
        *coverage,
        *(reverse(f"organizations:{name}", args=[body]) for name in names),
    ]


def operator_pages(data: dict[str, Any]) -> list[str]:
    return [reverse("organizations:failed_jobs"), reverse("organizations:new_body"), reverse("registry:imports")]


PAGES: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "": public_pages,
    OWNER: lambda data: [*owner_pages(data), *assessment_pages(data)],
    AUTHOR: author_pages,
    DECIDER: decider_pages,
    ADMINISTRATION: administration_pages,
    OPERATOR: operator_pages,
}


def sign_in(context: BrowserContext, email: str) -> Page:
    page = context.new_page()
    if email:
        page.goto("/fr/compte/connexion/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/espace/**")
    return page


LOOKS = [("fr", "light", 1280), ("en", "dark", 320)]


def test_axe_finds_nothing_anywhere(demonstration: dict[str, Any], new_context: Callable[..., BrowserContext]) -> None:
    """Each page once: one in French on a large screen, the next in English, dark, on a telephone."""
    found: list[str] = []
    for email, pages in PAGES.items():
        opened = [sign_in(_browser(new_context, look), email) for look in LOOKS]
        for number, address in enumerate(pages(demonstration)):
            found += faults_of(opened[number % 2], address, LOOKS[number % 2])
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS, ids=["fr-light-1280", "en-dark-320"])
def test_axe_finds_nothing_in_either_look(
    demonstration: dict[str, Any], new_context: Callable[..., BrowserContext], look: tuple[str, str, int]
) -> None:
    found: list[str] = []
    for email, pages in PAGES.items():
        page = sign_in(_browser(new_context, look), email)
        for address in pages(demonstration):
            found += faults_of(page, address, look)
    assert not found, "\n".join(found)


def _browser(new_context: Callable[..., BrowserContext], look: tuple[str, str, int]) -> BrowserContext:
    return new_context(color_scheme=look[1], viewport={"width": look[2], "height": 900})


def faults_of(page: Page, address: str, look: tuple[str, str, int]) -> list[str]:
    address = address.replace("/fr/", f"/{look[0]}/", 1)
    answer = page.goto(address)
    assert answer is not None and answer.status in {200, 404}, f"{address}: {answer and answer.status}"
    found = [f"{address}: {violation}" for violation in violations(page)]
    found += [f"{address}: the link «{text}» leads nowhere" for text in page.evaluate(DEAD_LINKS)]
    return [*found, f"{address}: scrolls sideways at {look[2]} px"] if overflows(page) else found


# Of a list of folded lines (risks, measures), one is read whole.
OPEN_A_LINE = """() => document.querySelectorAll(".vg-question").forEach((question) => {
  question.querySelector("details.vg-line")?.setAttribute("open", "");
})"""
MAIN_PAGES = {
    "accueil": ("", lambda data: reverse("transparency:home")),
    "recherche": ("", lambda data: reverse("transparency:search") + "?q=permis"),
    "organisme": ("", lambda data: reverse("transparency:body", args=["mct"])),
    "fiche": ("", lambda data: reverse("transparency:system", args=[data["published"].reference])),
    "signaler": ("", lambda data: reverse("transparency:report_error", args=[data["published"].reference])),
    "connexion": ("", lambda data: reverse("account_login")),
    "a-faire": (OWNER, lambda data: reverse("organizations:todo")),
    "systemes": (OWNER, lambda data: reverse("registry:systems")),
    "declaration": (AUTHOR, lambda data: reverse("registry:edit", args=[data["draft"]])),
    "evaluation-section": (OWNER, lambda data: reverse("assessments:section", args=[data["efvp"].uuid, "information"])),
    "evaluation-risques": (OWNER, lambda data: reverse("assessments:section", args=[data["efvp"].uuid, "risks"])),
    "personnes": (ADMINISTRATION, lambda data: reverse("organizations:members", args=[data["body"]])),
}


def test_what_a_screen_reader_hears_on_the_main_pages(
    demonstration: dict[str, Any], new_context: Callable[..., BrowserContext]
) -> None:
    """Names, roles and order of the content of each page, word for word."""
    pages: dict[str, Page] = {}
    different = []
    for name, (email, address) in MAIN_PAGES.items():
        page = pages.setdefault(email, sign_in(new_context(), email) if email not in pages else pages[email])
        page.goto(address(demonstration))
        page.evaluate(OPEN_A_LINE)
        heard = _without_what_changes(page.locator("main").aria_snapshot())
        if not _as_written(name, heard):
            different.append(name)
    assert not different, f"the tree of {different} changed: look at it with a screen reader in mind, then TREES=write"


FRAMES = {"cadre-public": ("", "transparency:home"), "cadre-personnel": (OWNER, "organizations:todo")}


def test_what_a_screen_reader_hears_around_every_page(
    demonstration: dict[str, Any], new_context: Callable[..., BrowserContext]
) -> None:
    """Skip link, masthead, menus and footer: the same on all the pages of a frame."""
    different = []
    for name, (email, address) in FRAMES.items():
        page = sign_in(new_context(), email)
        page.goto(reverse(address))
        parts = page.locator("body > *:not(main):not(script):not(:has(main))").all()
        heard = _without_what_changes("\n".join(filter(None, (part.aria_snapshot() for part in parts))))
        different += [] if _as_written(name, heard) else [name]
    assert not different, f"the frame {different} changed: look at it with a screen reader in mind, then TREES=write"


def _as_written(name: str, heard: str) -> bool:
    file = TREES / f"{name}.yaml"
    if os.environ.get("TREES") == "write":
        TREES.mkdir(exist_ok=True)
        file.write_text(heard, encoding="utf-8")
    return file.read_text(encoding="utf-8") == heard


def _without_what_changes(tree: str) -> str:
    """Dates, identifiers and digests differ at each run; their place does not."""
    import re

    months = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    tree = re.sub(rf"\b\d{{1,2}}(er)? ({months}) \d{{4}}", "DATE", tree)
    tree = re.sub(r"\b\d{1,2}\s?h\s?\d{2}\b", "HEURE", tree)
    tree = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", tree)
    tree = re.sub(r"\b[0-9a-f]{16,64}\b", "EMPREINTE", tree)
    return tree + "\n"
