"""What the public reads of a system that the law keeps from it, and of one that is no longer in use."""

import pytest

from registry.models import PublicRecord
from registry.public.search.facets import register_counts
from registry.public.search.query import SystemSearch
from registry.public.site import find_systems, register_figures
from registry.rules.withholding import GROUNDS
from registry.services.withholding import withhold_system
from tests.factories.publications import published, published_again, publisher_of
from tests.transparency.conftest import page_of


@pytest.fixture
def withheld(everything):
    """A system whose whole sheet was public, then withheld."""
    withhold_system(system=everything, ground="investigation", by=publisher_of(everything.organization))
    return everything


def test_its_page_says_why_and_nothing_of_what_it_said(withheld, visitor):
    page = page_of(visitor, f"/fr/systemes/{withheld.reference}/")
    ground = GROUNDS["investigation"]
    assert ground.label["fr"] in page and ground.explanation["fr"] in page and ground.article["fr"] in page
    assert withheld.reference in page and "418 555-0100" in page
    for text in (withheld.name_fr, withheld.summary_fr, withheld.need_fr):
        assert text not in page


def test_no_program_reads_the_notes_of_its_earlier_versions(everything, visitor):
    """They may tell what the law keeps from the public; its digest and date stay."""
    published_again(everything, note="Un outil secret a été suspendu.", need_fr="Autre chose.")
    withhold_system(system=everything, ground="investigation", by=publisher_of(everything.organization))
    told = visitor.get(f"/api/v1/publications/{everything.reference}/versions/").json()["results"]
    assert [row["number"] for row in told] == [3, 2, 1] and all(row["digest"] for row in told)
    assert [bool(row["change_note"]) for row in told] == [True, False, False]
    assert "secret" not in page_of(visitor, f"/fr/systemes/{everything.reference}/")


@pytest.mark.parametrize("path", ["systemes/{}/", "donnees/corrections/", "flux.atom", "systemes/{}/flux.atom"])
def test_its_ground_is_told_in_the_language_of_the_reader(withheld, visitor, path):
    told = {
        language: visitor.get(f"/{language}/{path.format(withheld.reference)}").content.decode()
        for language in ("fr", "en")
    }
    label = GROUNDS["investigation"].label
    assert label["en"] in told["en"] and label["fr"] not in told["en"]
    assert label["fr"] in told["fr"] and label["en"] not in told["fr"]


def test_programs_read_its_ground_in_their_language_with_a_mark_of_its_own(withheld, visitor):
    address = f"/api/v1/publications/{withheld.reference}/"
    read = {language: visitor.get(address, headers={"Accept-Language": language}) for language in ("fr", "en")}
    label = GROUNDS["investigation"].label
    assert {language: answer.json()["change_note"] for language, answer in read.items()} == dict(label)
    assert read["fr"]["ETag"] != read["en"]["ETag"]


def test_the_note_of_a_body_stays_in_its_own_words(everything, visitor):
    published_again(everything, note="Mesure de sécurité", need_fr="Autre chose.")
    page = page_of(visitor, f"/en/systemes/{everything.reference}/")
    assert '<span lang="fr">Mesure de sécurité</span>' in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("v/1/", 410), ("v/1.json", 410), ("v/2/", 200), ("v/2.json", 200), ("signaler/", 404), ("differences/", 302),
     ("fiche-complete/", 302), ("v/1/fiche-complete/", 302)],
)  # fmt: skip
def test_its_earlier_versions_are_not_read(withheld, visitor, path, status):
    answer = visitor.get(f"/fr/systemes/{withheld.reference}/{path}")
    assert answer.status_code == status
    assert withheld.need_fr not in answer.content.decode()


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_the_file_of_an_earlier_version_says_so_and_where_to_read(withheld, visitor, kind):
    for language, told in (("fr", withheld.reference), ("en", "is no longer public. What is said of it today: http")):
        answer = visitor.get(f"/{language}/systemes/{withheld.reference}/v/1.{kind}")
        assert answer.status_code == 410 and answer.headers["Content-Type"].startswith("text/plain")
        text = answer.content.decode()
        assert told in text and text.endswith(f"/{language}/systemes/{withheld.reference}/\n")
        assert withheld.need_fr not in text


def test_it_is_counted_and_listed_without_a_name(withheld, visitor):
    assert (register_figures(register_counts()).systems, register_figures(register_counts()).withheld) == (1, 1)
    for path in (
        "recherche/",
        "recherche/?kind=withheld",
        "",
        "organismes/mpub/",
        f"recherche/?q={withheld.reference}",
    ):
        page = page_of(visitor, f"/en/{path}")
        assert "Not disclosed – Investigation or the fight against crime" in page, path
        assert withheld.name_fr not in page and "Sheet to come" not in page, path
    assert not find_systems(SystemSearch(text="demandes permis urgence")).paginator.count


def test_lifting_it_shows_the_sheet_again(withheld, visitor):
    published_again(withheld, note="Le motif n'existe plus.")
    assert withheld.need_fr in page_of(visitor, f"/fr/systemes/{withheld.reference}/")
    page = page_of(visitor, f"/en/systemes/{withheld.reference}/differences/?de=2&a=3")
    assert "Not disclosed" in page and "Full sheet" in page


def test_a_retired_system_stays(public_body, visitor):
    system = published(public_body, name_fr="Ancien outil")
    published_again(system, note="Hors service.", phase="retired", ended_on="2026-10-01")
    assert PublicRecord.objects.get(system=system).phase == "retired"
    assert "It is no longer in use." in page_of(visitor, f"/en/systemes/{system.reference}/")
    assert "Ancien outil" in page_of(visitor, "/en/recherche/?phase=retired")
    assert register_figures(register_counts()).systems == 1
