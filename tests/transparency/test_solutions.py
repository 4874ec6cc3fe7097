"""«Qui d'autre l'utilise»: what a document and the public site tell of a shared product, and what they never tell."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock
from organizations.models import Organization
from registry.models import Publication, PublicRecord, Solution, SolutionClaim
from registry.public.solutions import FEW, ORDERS, solution_page, users_of, who_else
from registry.services.documents import digest_of, frozen_facts, kind_for, validator
from registry.services.public_records import rebuild_public_records
from registry.services.publication import publish_system, withdraw_publication
from registry.services.solutions import detach_solution, remove_claim, save_solution, use_solution
from registry.services.visibility import set_visibility
from registry.services.withholding import withhold_system
from tests.factories.publications import copies, public_organization, published_again, publisher_of
from tests.factories.registry import SystemFactory
from tests.factories.solutions import CLAIM, INTERNAL, claim_of, public_user, solution_of
from tests.transparency.conftest import page_of, words_of


@pytest.fixture
def keeper(db) -> Organization:
    return public_organization(sigle="GARDE", name_fr="Ministère gardien")


@pytest.fixture
def solution(keeper):
    found = solution_of(keeper)
    claim_of(found)
    return found


@pytest.fixture
def user(solution, keeper):
    return public_user(solution, keeper, name_fr="Réponse aux lettres")


def address(solution, query="") -> str:
    return f"/fr/solutions/{solution.uuid}/{query}"


# --- The document ---------------------------------------------------------------------------------------------------
def test_a_document_tells_the_public_facts_and_marks_the_claims(solution, user):
    document = user.publications.get().document
    assert document["details"]["solution"] == str(solution.uuid)
    (claim,) = document["details"]["solution_facts"]["supplier_claims"]
    assert document["details"]["solution_facts"] == {
        "name": {"fr": "Assistant de rédaction"},
        "description": {"fr": "Propose un brouillon de réponse."},
        "supplier_claims": [claim],
    }
    assert claim == {
        "id": str(solution.claims.get().uuid),
        "claim": {"fr": CLAIM["claim_fr"]},
        "source": CLAIM["source"],
        "stated_on": "2026-03-15",
    }
    assert PublicRecord.objects.get().solution == solution.uuid


def test_english_only_where_the_body_publishes_it(solution):
    bilingual = public_organization(publishes_in_english=True)
    told = public_user(solution, bilingual).publications.get().document["details"]["solution_facts"]
    assert told["name"] == {"fr": "Assistant de rédaction", "en": "Writing assistant"}


def test_supplier_and_trade_name_only_where_the_body_made_them_public(solution, user, keeper, visitor):
    def told() -> dict[str, object]:
        return user.publications.first().document["details"]["solution_facts"]

    assert not any(word in json.dumps(told(), ensure_ascii=False) for word in INTERNAL)
    by = publisher_of(keeper)
    set_visibility(system=user, field="supplier", visibility="public", reason="Contrat déjà public.", by=by)
    publish_system(system=user, by=by, change_note="Le fournisseur est public.")
    assert {key for key in told() if key in {"trade_name", "supplier", "supplier_country", "website_url"}} == {
        "trade_name", "supplier", "supplier_country", "website_url",
    }  # fmt: skip
    assert "Plume d'or" in page_of(visitor, f"/fr/systemes/{user.reference}/")
    page = page_of(visitor, address(solution))
    assert not any(word in page for word in INTERNAL), "what one body made public of its system is not said for all"


def test_the_digest_moves_with_what_is_public_and_with_nothing_else(solution, user, keeper):
    def digest() -> str:
        fresh = type(user).objects.select_related("organization", "solution").get(pk=user.pk)
        return digest_of(frozen_facts(fresh, kind_for(fresh)))

    by, first = publisher_of(keeper), digest()
    assert digest() == first
    save_solution(solution=solution, answers={"trade_name": "Autre marque", "supplier": "Autre"}, version=1, by=by)
    assert digest() == first, "an internal field"
    claim = claim_of(solution, by, source="Page 9")
    second = digest()
    remove_claim(claim=claim, by=by)
    assert second != first and digest() == first
    save_solution(solution=solution, answers={"description_fr": "Autrement dit."}, version=2, by=by)
    assert digest() not in {first, second}


def test_documents_of_before_stay_valid_and_are_read(solution, user, visitor):
    record = user.public_record
    document = dict(record.publication.document)
    document["details"] = {"departs_from_principle_4": False, "solution": str(solution.uuid)}
    validator("publication.v2").validate(document)
    old = Publication.objects.get(pk=record.publication_id)
    old.pk, old.number, old.document, old.change_note_fr = None, 2, document, "Une note."
    old.uuid = solution.uuid
    old.save(force_insert=True)
    PublicRecord.objects.filter(pk=record.pk).update(publication=old)
    assert "Un produit" in page_of(visitor, address(solution)) or "A product" in page_of(visitor, address(solution))
    assert page_of(visitor, f"/fr/systemes/{user.reference}/")
    del document["details"]["solution"]
    validator("publication.v2").validate(document)


# --- The page of a system -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["", "fiche-complete/", "v/1/", "v/1/fiche-complete/"])
def test_a_sheet_says_who_else_uses_it_and_whose_words_the_claims_are(solution, user, visitor, path):
    body = public_organization(sigle="AUTRE", name_fr="Ville voisine")
    other = public_user(solution, body, name_fr="Courriels de la Ville")
    page = page_of(visitor, f"/en/systemes/{user.reference}/{path}")
    words = words_of(page)
    assert "Who else uses it?" in words and "Courriels de la Ville" in words and "Ville voisine" in words
    assert f"/en/systemes/{other.reference}/" in page and f"/en/solutions/{solution.uuid}/" in page
    before, _quote, after = page.partition(CLAIM["claim_fr"])
    assert "According to the supplier" in before and "No public body vouches for them." in before
    assert CLAIM["source"] in after and "March 15, 2026" in words
    assert not any(word in page for word in INTERNAL)


def test_nobody_else_is_said_and_no_solution_is_not_filled_in(user, sheet, visitor):
    assert "No other public sheet names this solution." in page_of(visitor, f"/en/systemes/{user.reference}/")
    assert "Who else uses it?" not in page_of(visitor, f"/en/systemes/{sheet.reference}/")
    full = words_of(page_of(visitor, f"/en/systemes/{sheet.reference}/fiche-complete/"))
    assert "Who else uses it? Shared solution solution Not filled in" in full


def test_other_bodies_come_first_and_the_list_is_bounded(solution, user, keeper, visitor):
    for number in range(FEW):
        public_user(solution, keeper, name_fr=f"A {number}")
    public_user(solution, public_organization(sigle="LOIN"), name_fr="Z du bout de la liste")
    found = who_else(str(solution.uuid), reference=user.reference, body_slug="garde")
    assert [card.body_slug for card in found.cards] == ["loin"] + ["garde"] * (FEW - 1)
    assert found.has_more and found.total.count == FEW + 2
    assert f"See the {FEW + 2} systems that use it" in page_of(visitor, f"/en/systemes/{user.reference}/")


# --- The page of the solution ---------------------------------------------------------------------------------------
def test_its_page_lists_every_user_by_name_or_by_date(solution, user, visitor):
    late = public_user(solution, public_organization(sigle="LATE"), name_fr="Zèle")
    PublicRecord.objects.filter(system=late).update(updated_at=clock.now() + timedelta(hours=1))
    page = page_of(visitor, address(solution).replace("/fr/", "/en/"))
    words = words_of(page)
    assert "2 public systems use it" in words and "Propose un brouillon" in words and CLAIM["claim_fr"] in words
    assert "No public body vouches for them." in words and not any(word in page for word in INTERNAL)
    order = re.findall(r"/en/systemes/(QC-[A-Z]+-\d+)/", page.partition("vg-cards")[2])
    assert list(dict.fromkeys(order)) == [user.reference, late.reference]
    recent = page_of(visitor, address(solution, "?sort=recent")).partition("vg-cards")[2]
    assert recent.index(late.reference) < recent.index(user.reference)
    assert page_of(visitor, address(solution, "?sort=id&page=rien&autre=1"))


def test_its_description_is_that_of_the_latest_publication_that_names_it(solution, user, keeper, visitor):
    other = public_user(solution, public_organization(sigle="AUTRE"), name_fr="Courriels")
    save_solution(solution=solution, answers={"description_fr": "Mieux dite."}, version=1, by=publisher_of(keeper))
    assert "Mieux dite." not in page_of(visitor, address(solution)), "nothing goes public but by a publication"
    published_again(other, note="La solution est mieux décrite.")
    page = page_of(visitor, address(solution))
    assert "Mieux dite." in page and "Courriels" in page.partition("vg-cards")[0]
    assert "Mieux dite." not in page_of(visitor, f"/fr/systemes/{user.reference}/"), "each sheet keeps its version"


def test_pages_of_the_list(solution, user, visitor):
    copies(user, 25)
    assert 'rel="next"' in page_of(visitor, address(solution)).replace("'", '"')
    second = page_of(visitor, address(solution, "?page=2"))
    assert second.count("vg-card__meta") == 6


@pytest.mark.parametrize("count", [2, 200])
def test_as_many_questions_for_2_users_as_for_200(solution, user, visitor, count):
    copies(user, count - 1)
    counts = []
    sheet = f"systemes/{user.reference}/"
    for path in (sheet, f"{sheet}fiche-complete/", f"solutions/{solution.uuid}/"):
        with CaptureQueriesContext(connection) as queries:
            page_of(visitor, f"/fr/{path}")
        counts.append(len(queries))
    assert counts == [12, 12, 9]


def test_the_index_answers_in_the_order_of_the_page(solution, user):
    copies(user, 300)
    others = PublicRecord.objects.order_by("-pk").values("pk")[:280]
    PublicRecord.objects.filter(pk__in=others).update(solution=None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_publicrecord; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    for order in ORDERS.values():
        plan = users_of(str(solution.uuid)).order_by(*order)[:20].explain()
        assert "publicrecord_solution" in plan and "Sort" not in plan


# --- What never leaks -----------------------------------------------------------------------------------------------
def test_a_solution_that_no_sheet_names_has_no_page(solution, visitor, sheet):
    answer = visitor.get(address(solution))
    assert answer.status_code == 404 and "Assistant de rédaction" not in answer.content.decode()
    nobody = "00000000-0000-4000-8000-000000000000"
    unknown = visitor.get(f"/fr/solutions/{nobody}/").content.decode()
    assert unknown.replace(nobody, str(solution.uuid)) == answer.content.decode(), "known to staff or to nobody"


@pytest.mark.parametrize("kind", ["withdrawn", "withheld", "line", "detached"])
def test_what_leaves_the_public_site_leaves_its_pages(solution, user, visitor, kind):
    other = public_user(solution, public_organization(sigle="PART"), name_fr="Celle qui part")
    by = publisher_of(other.organization)
    if kind == "withdrawn":
        withdraw_publication(system=other, reason="Une erreur.", by=by)
    elif kind == "withheld":
        withhold_system(system=other, ground="investigation", by=by)
    elif kind == "line":
        other.refresh_from_db()
        published_again(other, personal_information="unsure")
    else:
        detach_solution(system=other, seen=solution, by=by)
        published_again(type(other).objects.select_related("organization").get(pk=other.pk))
    assert PublicRecord.objects.get(system=other).solution is None
    for path in (address(solution), f"/fr/systemes/{user.reference}/"):
        page = page_of(visitor, path)
        assert "Celle qui part" not in page and other.reference not in page, path
    by = publisher_of(user.organization)
    withdraw_publication(system=user, reason="Une erreur.", by=by)
    assert visitor.get(address(solution)).status_code == 404
    assert "Assistant de rédaction" not in page_of(visitor, f"/fr/systemes/{user.reference}/")


def test_a_draft_and_a_declared_system_are_in_no_public_list(solution, user, visitor, keeper):
    for fields in ({"draft": True, "name_fr": "Brouillon secret"}, {"name_fr": "Déclaré, non publié"}):
        system = SystemFactory(organization=keeper, **fields)
        use_solution(system=system, solution=solution, seen=None, by=publisher_of(keeper))
    page = page_of(visitor, address(solution))
    assert "Brouillon secret" not in page and "non publié" not in page
    assert solution_page(str(solution.uuid)).total.count == 1


HOSTILE = "<script>alert(1)</script>'\"{{ 7|add:7 }}"


def test_hostile_texts_are_shown_as_they_are_and_run_nowhere(keeper, visitor, as_user):
    names = {"name_fr": HOSTILE, "name_en": HOSTILE, "description_fr": HOSTILE, "trade_name": HOSTILE}
    solution = solution_of(keeper, **names, supplier=HOSTILE)
    claim = claim_of(solution, claim_fr=HOSTILE, source=HOSTILE)
    system = public_user(solution, keeper)
    staff = as_user(publisher_of(keeper))
    pages = [visitor.get(path) for path in (address(solution), f"/fr/systemes/{system.reference}/fiche-complete/")]
    room = "/fr/espace/solutions/"
    for path in ("", f"{solution.uuid}/", f"{solution.uuid}/modifier/", f"{solution.uuid}/affirmations/{claim.uuid}/"):
        pages.append(staff.get(room + path))
    for path in ("solution/", "", "questions/model/", "historique/"):
        pages.append(staff.get(f"/fr/espace/systemes/{system.uuid}/{path}"))
    for answer in pages:
        text = answer.content.decode()
        assert answer.status_code == 200 and "<script>alert" not in text and "&lt;script&gt;" in text


def test_nothing_runs_in_a_spreadsheet(keeper, visitor):
    solution = solution_of(keeper, name_fr="=cmd()")
    claim_of(solution, claim_fr="=cmd()", source="@cmd()")
    system = public_user(solution, keeper)
    for path in (f"/fr/systemes/{system.reference}/v/1.csv", "/fr/recherche/systemes.csv"):
        rows = csv.reader(io.StringIO(visitor.get(path).content.decode("utf-8-sig")))
        cells = [cell for row in rows for cell in row]
        assert any("cmd()" in cell for cell in cells) and not any(cell.startswith(("=", "@")) for cell in cells)


# --- Open data, API, differences ------------------------------------------------------------------------------------
def test_tables_json_and_dictionary_tell_the_solution(solution, user, visitor):
    rows = list(csv.DictReader(io.StringIO(visitor.get("/fr/recherche/systemes.csv").content.decode("utf-8-sig"))))
    assert rows[0]["solution"] == str(solution.uuid) and rows[0]["solution_name_fr"] == "Assistant de rédaction"
    assert rows[0]["solution_supplier_claims_count"] == "1"
    table = list(csv.reader(io.StringIO(visitor.get(f"/fr/systemes/{user.reference}/v/1.csv").content.decode())))
    told = {(row[1], row[3]): row[6] for row in table}
    assert told["supplier_claims", "source"] == CLAIM["source"]
    assert told["solution_facts", "name"] == "Assistant de rédaction"
    answer = visitor.get(f"/api/v1/publications/{user.reference}/").json()
    assert answer["document"]["details"]["solution"] == str(solution.uuid)
    fields = visitor.get("/fr/donnees/dictionnaire.json").json()["fields"]
    known = {(field["part"], field["field"]): field["visibility"] for field in fields}
    assert known["supplier_claims", "claim"] == "public" and known["solution_facts", "trade_name"] == "internal"


def test_differences_tell_another_solution_and_its_claims(solution, user, keeper, visitor):
    by = publisher_of(keeper)
    remove_claim(claim=solution.claims.get(), by=by)
    save_solution(solution=solution, answers={"name_fr": "Aide à l'écriture"}, version=1, by=by)
    published_again(user, note="La solution est renommée.")
    page = words_of(page_of(visitor, f"/en/systemes/{user.reference}/differences/?de=1&a=2"))
    assert "Assistant de rédaction" in page and "Aide à l'écriture" in page and CLAIM["claim_fr"] in page


def test_it_is_all_rebuilt_from_publications(solution, user):
    PublicRecord.objects.update(solution=None)
    rebuild_public_records()
    assert PublicRecord.objects.get().solution == solution.uuid


def test_public_pages_may_not_read_the_tables_of_staff(user, solution):
    for model in (Solution, SolutionClaim):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {settings.PUBLIC_DATABASE_ROLE}")
            model.objects.exists()
