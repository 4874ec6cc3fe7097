"""Pages of files, comments, deposits and invited persons, as a browser shows them: no fault, at any width."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from assessments.services.evidence import add_evidence
from assessments.services.guests import secret_of
from core.audit import Guest
from review.services import open_thread
from tests.core.test_page_scripts import AXE, ROOT, SITE, Site
from tests.factories.files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(store_of_files: Path, assessment, editor, invite, as_user) -> dict[str, str]:
    """Address → page, of the body and of the invited person; a refused form among them."""
    cache.clear()
    guest, staff, nobody = invite(), as_user(editor), Client()
    for by in (editor, guest):
        add_evidence(assessment=assessment, question="notice", content=PDF, name="a" * 140 + ".pdf", by=by)
        open_thread(
            organization=assessment.organization,
            subject_uuid=assessment.uuid,
            place="story",
            label="Récit",
            address=reverse("assessments:threads", args=[assessment.uuid, "story"]),
            text="Mot" * 90,
            by=editor if by is editor else Guest(ref=guest.actor_ref, name=str(guest)),
        )
    own, secret, system = assessment.uuid, secret_of(guest.uuid), assessment.system.uuid
    found = {
        address: staff.get(address).content.decode()
        for address in (
            reverse("assessments:files", args=[own, "notice"]),
            reverse("assessments:threads", args=[own, "story"]),
            reverse("assessments:comments", args=[own]),
            reverse("assessments:guests", args=[own]),
            reverse("assessments:invite_guest", args=[own]),
        )
    }
    for name, args in (("answers", []), ("files", ["notice"]), ("threads", ["story"])):
        address = reverse(f"guests:{name}", args=[secret, *args])
        found[address] = nobody.get(address).content.decode()
    deposit = reverse("assessments:deposit", args=[system])
    found["/refused"] = staff.post(deposit, {"instrument": "every_kind", "done_on": "hier"}).content.decode()
    found["/over"] = nobody.get(reverse("guests:answers", args=["x"])).content.decode()
    nobody.post(reverse("guests:finish", args=[secret]))
    found["/handed-in"] = nobody.get(reverse("guests:answers", args=[secret])).content.decode()
    return found


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (320, "dark")])
def test_no_page_has_a_fault_of_accessibility(browser, pages, width, theme):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=theme, base_url=SITE, reduced_motion="reduce"
    )
    Site(context).pages.update(pages)
    tab = context.new_page()
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
    for address in pages:
        tab.goto(address)
        tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, address
        tab.evaluate(axe)
        found = tab.evaluate("(options) => axe.run(document, options)", AXE)["violations"]
        assert not found, (address, [(fault["id"], [n["html"][:160] for n in fault["nodes"]]) for fault in found])
    context.close()
